//! The smallest changes of a request that were verified to fit the plan.
//!
//! For each unplaced request a few variants are put beside the instance: any time, any room with the features, a
//! shorter lesson, fewer units, a smaller group, no instructor. A place found for a variant on the board counts only
//! when the referee accepts the plan with exactly that change; what the referee is given is in `hearing`.
//! All variants share one board, and each looks at a bounded number of places, so that the work of one request does
//! not grow with the week.

use crate::board::Board;
use crate::hearing::Hearing;
use crate::needs::Needs;
use crate::placement::{Candidates, Place};
use crate::world::{Lesson, World};
use domain::id::RequestId;
use domain::instance::{Request, Window};
use domain::plan::Remedy;
use domain::time::Span;
use std::collections::BTreeMap;

/// Remedies for one request.
const REMEDIES_MAX: usize = 3;
/// Places of one variant that are looked at on the board.
const PLACES_MAX: usize = 2_000;
/// Places of one variant that are shown to the referee.
const TRIES_MAX: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Room,
    Window,
    Shorter { minutes: i64 },
    Units { equipment: usize },
    Group,
    NoInstructor,
}

/// The instance with all variants beside it, and which request is a variant of which.
pub struct Widened {
    world: World,
    needs: Needs,
    /// By index of the request before.
    variants: BTreeMap<usize, Vec<(Change, usize)>>,
    /// Where each request of the instance stands among the variants.
    index: Vec<usize>,
}

impl Widened {
    pub fn of(world: &World, short: &[usize]) -> Self {
        let mut instance = world.instance.clone();
        let mut prefix = "~".to_owned();
        while instance
            .requests
            .iter()
            .any(|request| request.id.as_str().starts_with(&prefix))
        {
            prefix.push('~');
        }
        let mut named: Vec<(usize, Change, RequestId)> = Vec::new();
        let lengths = lengths(world);
        for request in short {
            let asked = world.request(*request);
            if asked.all_or_nothing && asked.lessons > 1 {
                continue;
            }
            for change in changes(world, *request, &lengths) {
                let id = RequestId::new(format!("{prefix}{}", instance.requests.len()));
                let varied = Request {
                    id: id.clone(),
                    ..widest(world, *request, change)
                };
                instance.requests.push(varied);
                named.push((*request, change, id));
            }
        }
        let widened = World::new(&instance);
        let at = |id: &RequestId| {
            let found = widened.instance.requests.binary_search_by(|r| r.id.cmp(id));
            found.expect("a request of the instance")
        };
        let index = world.instance.requests.iter().map(|request| at(&request.id)).collect();
        let mut variants: BTreeMap<usize, Vec<(Change, usize)>> = BTreeMap::new();
        for (request, change, id) in &named {
            variants.entry(*request).or_default().push((*change, at(id)));
        }
        Self {
            needs: Needs::of(&widened),
            world: widened,
            variants,
            index,
        }
    }
}

pub struct Remedies<'w> {
    world: &'w World,
    widened: &'w Widened,
    board: Board<'w>,
    hearing: Hearing<'w>,
}

impl<'w> Remedies<'w> {
    pub fn new(world: &'w World, lessons: &[Lesson], widened: &'w Widened) -> Self {
        let place = |lesson: &Lesson| Lesson {
            request: widened.index[lesson.request],
            ..lesson.clone()
        };
        let moved: Vec<Lesson> = lessons.iter().map(place).collect();
        Self {
            world,
            widened,
            board: Board::with(&widened.world, &moved),
            hearing: Hearing::of(world, lessons),
        }
    }

    /// Up to three, each confirmed by the referee.
    pub fn of(&mut self, request: usize) -> Vec<Remedy> {
        let widened = self.widened;
        let Some(variants) = widened.variants.get(&request) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (change, variant) in variants {
            if found.len() == REMEDIES_MAX {
                break;
            }
            // A variant stands in for its request, with the lessons that it has.
            self.board.of_request[*variant] = self.board.of_request[widened.index[request]].clone();
            found.extend(self.first_verified(request, *change, *variant));
        }
        found
    }

    fn first_verified(&self, request: usize, change: Change, variant: usize) -> Option<Remedy> {
        let board = &self.board;
        let mut places = Candidates::places(&self.widened.world, &self.widened.needs, variant);
        if change == Change::Window {
            let windows = &self.world.requests[request].windows;
            let away = |start: i64| windows.iter().map(|w| (start - w.from).abs()).min().unwrap_or(0);
            places.sort_by_key(|p| (away(p.start), p.start, p.room));
        }
        let fits = |p: &&Place| {
            board.has_room(variant, p.start, p.room) && board.free_team(variant, p.start, p.room).is_some()
        };
        let verified = |p: &Place| {
            let team = board.free_team(variant, p.start, p.room)?;
            self.verified(request, change, *p, team)
        };
        let looked_at = places.iter().take(PLACES_MAX);
        looked_at.filter(fits).take(TRIES_MAX).find_map(verified)
    }

    fn verified(&self, request: usize, change: Change, p: Place, team: Vec<usize>) -> Option<Remedy> {
        let world = self.world;
        let mut changed = world.request(request).clone();
        let room = world.instance.rooms[p.room].id.clone();
        let (start, seats) = (p.start, world.instance.rooms[p.room].seats);
        let remedy = match change {
            Change::Room => {
                changed.rooms.any_of.iter_mut().for_each(|list| list.push(room.clone()));
                Remedy::OtherRoom { start, room }
            }
            Change::Window => {
                changed.windows.push(Window {
                    span: Span::new(start, start + changed.minutes),
                    preference: 0,
                });
                Remedy::OtherWindow { start, room }
            }
            Change::Shorter { minutes } => {
                changed.minutes = minutes;
                Remedy::Shorter { minutes, start, room }
            }
            Change::Group => {
                changed.headcount = seats;
                Remedy::SmallerGroup {
                    headcount: seats,
                    start,
                    room,
                }
            }
            Change::NoInstructor => {
                changed.instructors = Default::default();
                Remedy::WithoutInstructor { start, room }
            }
            Change::Units { equipment } => {
                let units = self.board.units_free(equipment, world.span(request, start));
                let id = world.instance.equipment[equipment].id.clone();
                changed
                    .equipment
                    .iter_mut()
                    .filter(|need| need.id == id)
                    .for_each(|need| need.units = units);
                (0 < units).then_some(Remedy::FewerUnits {
                    equipment: id,
                    units,
                    start,
                    room,
                })?
            }
        };
        let lesson = Lesson {
            request,
            start,
            room: p.room,
            instructors: team,
            pinned: false,
        };
        self.hearing.accepts(&changed, &lesson).then_some(remedy)
    }
}

/// Lengths of lessons that occur, ascending.
fn lengths(world: &World) -> Vec<i64> {
    let mut lengths: Vec<i64> = world.instance.requests.iter().map(|r| r.minutes).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// The changes that could make a difference, in the order in which they are offered.
fn changes(world: &World, request: usize, lengths: &[i64]) -> Vec<Change> {
    let asked = world.request(request);
    let mut list = Vec::new();
    if asked.rooms.any_of.is_some() {
        list.push(Change::Room);
    }
    list.push(Change::Window);
    let shorter = lengths.iter().copied().rfind(|minutes| *minutes < asked.minutes);
    list.extend(shorter.map(|minutes| Change::Shorter { minutes }));
    list.extend(
        world.requests[request]
            .equipment
            .iter()
            .map(|(equipment, _)| Change::Units { equipment: *equipment }),
    );
    if world.instance.rooms.iter().any(|room| room.seats < asked.headcount) {
        list.push(Change::Group);
    }
    if asked.instructors.count > 0 {
        list.push(Change::NoInstructor);
    }
    list
}

/// The request with one demand lifted as far as it goes; what is really needed of it is found on the board.
fn widest(world: &World, request: usize, change: Change) -> Request {
    let mut varied = world.request(request).clone();
    varied.pinned.clear();
    varied.previous.clear();
    match change {
        Change::Room => varied.rooms.any_of = None,
        Change::Window => {
            varied.windows = vec![Window {
                span: Span::new(0, world.instance.calendar.until),
                preference: 0,
            }];
        }
        Change::Shorter { minutes } => varied.minutes = minutes,
        Change::Units { equipment } => {
            let id = &world.instance.equipment[equipment].id;
            varied
                .equipment
                .iter_mut()
                .filter(|need| need.id == *id)
                .for_each(|need| need.units = 1);
        }
        Change::Group => varied.headcount = 0,
        Change::NoInstructor => varied.instructors = Default::default(),
    }
    varied
}
