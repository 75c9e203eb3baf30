//! The smallest changes of a request that were verified to fit the plan.
//!
//! For each unplaced request a few variants are put beside the instance: any time, any room with the features, a
//! shorter lesson, fewer units, a smaller group, no instructor. A place found for a variant on the board counts only
//! when the referee accepts the plan with exactly that change. The referee is given the request, and every other
//! one that could meet the lesson: on the same or a neighbouring day, of the same organization, or with one of its
//! instructors; no rule of the contract binds it to anything else.

use crate::board::Board;
use crate::placement::{Candidates, Place};
use crate::plan::assignments;
use crate::world::{Lesson, World};
use domain::id::RequestId;
use domain::instance::{Instance, Request, Window};
use domain::plan::Remedy;
use domain::time::{MINUTES_PER_DAY, Span};
use domain::timetable::conflicts;
use std::collections::{BTreeMap, BTreeSet};

/// Remedies for one request.
const REMEDIES_MAX: usize = 3;
/// Requests that get remedies; beyond it the reasons must do.
const REQUESTS_MAX: usize = 400;
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

pub struct Remedies<'w> {
    world: &'w World,
    lessons: Vec<Lesson>,
    /// The instance with all variants beside it, and which request is a variant of which.
    widened: World,
    variants: BTreeMap<usize, Vec<(Change, RequestId)>>,
}

impl<'w> Remedies<'w> {
    pub fn new(world: &'w World, lessons: &[Lesson], short: &[usize]) -> Self {
        let mut instance = world.instance.clone();
        let mut prefix = "~".to_owned();
        while instance
            .requests
            .iter()
            .any(|request| request.id.as_str().starts_with(&prefix))
        {
            prefix.push('~');
        }
        let mut variants: BTreeMap<usize, Vec<(Change, RequestId)>> = BTreeMap::new();
        for request in short.iter().take(REQUESTS_MAX) {
            let asked = world.request(*request);
            if asked.all_or_nothing && asked.lessons > 1 {
                continue;
            }
            for change in changes(world, *request) {
                let id = RequestId::new(format!("{prefix}{}", instance.requests.len()));
                let varied = Request {
                    id: id.clone(),
                    ..widest(world, *request, change)
                };
                instance.requests.push(varied);
                variants.entry(*request).or_default().push((change, id));
            }
        }
        Self {
            world,
            lessons: lessons.to_vec(),
            widened: World::new(&instance),
            variants,
        }
    }

    /// Up to three, each confirmed by the referee.
    pub fn of(&mut self, request: usize) -> Vec<Remedy> {
        let index = |world: &World, id: &RequestId| {
            world
                .instance
                .requests
                .binary_search_by(|r| r.id.cmp(id))
                .expect("a request of the instance")
        };
        let place = |lesson: &Lesson| Lesson {
            request: index(&self.widened, &self.world.request(lesson.request).id),
            ..lesson.clone()
        };
        let Some(variants) = self.variants.get(&request) else {
            return Vec::new();
        };
        let moved: Vec<Lesson> = self.lessons.iter().map(place).collect();
        let mut board = Board::with(&self.widened, &moved);
        let mut found = Vec::new();
        for (change, id) in variants {
            if found.len() == REMEDIES_MAX {
                break;
            }
            let variant = index(&self.widened, id);
            board.of_request[variant] = board.of_request[index(&self.widened, &self.world.request(request).id)].clone();
            found.extend(self.first_verified(&board, request, *change, variant));
        }
        found
    }

    fn first_verified(&self, board: &Board, request: usize, change: Change, variant: usize) -> Option<Remedy> {
        let mut places = Candidates::of(&self.widened, variant).places;
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
            self.verified(board, request, change, *p, team)
        };
        places.iter().filter(fits).take(TRIES_MAX).find_map(verified)
    }

    fn verified(&self, board: &Board, request: usize, change: Change, p: Place, team: Vec<usize>) -> Option<Remedy> {
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
                let units = board.units_free(equipment, world.span(request, start));
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
        self.accepted(changed, lesson).then_some(remedy)
    }

    /// The referee on the changed request and everything that could meet the lesson.
    fn accepted(&self, changed: Request, lesson: Lesson) -> bool {
        let world = self.world;
        let organization = world.requests[lesson.request].organization;
        let near = |other: &&Lesson| {
            (other.start - lesson.start).abs() <= 2 * MINUTES_PER_DAY
                || world.requests[other.request].organization == organization
                || other.instructors.iter().any(|n| lesson.instructors.contains(n))
        };
        let mut wanted: BTreeSet<usize> = self.lessons.iter().filter(near).map(|other| other.request).collect();
        wanted.insert(lesson.request);
        let without_people = changed.instructors.count == 0;
        let request = |n: &usize| {
            if *n == lesson.request {
                changed.clone()
            } else {
                world.request(*n).clone()
            }
        };
        let instance = Instance {
            requests: wanted.iter().map(request).collect(),
            ..world.instance.clone()
        };
        let small = World::new(&instance);
        let index: BTreeMap<usize, usize> = wanted.iter().enumerate().map(|(small, n)| (*n, small)).collect();
        let mut lessons = Vec::new();
        for other in self
            .lessons
            .iter()
            .filter(|other| wanted.contains(&other.request))
            .chain([&lesson])
        {
            let mut other = Lesson {
                request: index[&other.request],
                ..other.clone()
            };
            if without_people && other.request == index[&lesson.request] {
                other.instructors.clear();
            }
            lessons.push(other);
        }
        conflicts(&instance, &assignments(&small, &lessons)).is_empty()
    }
}

/// The changes that could make a difference, in the order in which they are offered.
fn changes(world: &World, request: usize) -> Vec<Change> {
    let asked = world.request(request);
    let mut list = Vec::new();
    if asked.rooms.any_of.is_some() {
        list.push(Change::Room);
    }
    list.push(Change::Window);
    let shorter = world
        .instance
        .requests
        .iter()
        .map(|r| r.minutes)
        .filter(|minutes| *minutes < asked.minutes)
        .max();
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
