//! The smallest changes of a request that were verified to fit the plan.
//!
//! For each unplaced request a few variants are put beside the instance (`changes`): any time, any room with the features,
//! a shorter lesson, two shorter ones or two groups in place of one, fewer units, a smaller group, no instructor, and not
//! all or none. The places of each are tried in order of the size of the change: the nearest time, the longest lesson,
//! the most seats, the most units. What is found on the board counts only when the referee accepts the plan with exactly
//! that change; what the referee is given is in `hearing`. Where a request has some of its lessons, a change that these do
//! not keep is one of the missing lessons alone, as a request of their own. Of a request for all lessons or none, all must
//! be found a place, and the first is told.
//! All variants share one board, and each looks at a bounded number of places, so that the work of one request does
//! not grow with the week.

mod changes;

use crate::board::Board;
use crate::hearing::Hearing;
use crate::needs::Needs;
use crate::placement::{Candidates, Place};
use crate::wholes::most_placed;
use crate::world::{Lesson, World};
use changes::{Change, changes, widest};
use domain::id::RequestId;
use domain::instance::{Request, Window};
use domain::plan::{Remedy, Spot};
use domain::time::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Remedies for one request.
const REMEDIES_MAX: usize = 3;
/// Places of one variant that are looked at on the board.
const PLACES_MAX: usize = 2_000;
/// Places of one variant, or lengths, that are shown to the referee.
const TRIES_MAX: usize = 3;

/// A request of the widened instance, and what makes it differ from the one that was asked.
type Variant = (usize, Change);

/// The instance with all variants beside it, and which request is a variant of which.
pub struct Widened {
    world: World,
    needs: Needs,
    /// By index of the request before.
    variants: BTreeMap<usize, Vec<Variant>>,
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
        for request in short {
            for change in changes(world, *request) {
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
        let mut variants: BTreeMap<usize, Vec<Variant>> = BTreeMap::new();
        for (request, change, id) in &named {
            variants.entry(*request).or_default().push((at(id), *change));
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
            hearing: Hearing::of(&widened.world, &moved),
        }
    }

    /// Up to three, each confirmed by the referee.
    pub fn of(&mut self, request: usize) -> Vec<Remedy> {
        let widened = self.widened;
        let Some(variants) = widened.variants.get(&request) else {
            return Vec::new();
        };
        let own = self.board.of_request[widened.index[request]].clone();
        let mut found = Vec::new();
        for alike in variants.chunk_by(|a, b| a.1.is_shorter() && b.1.is_shorter()) {
            if found.len() == REMEDIES_MAX {
                break;
            }
            // A variant stands in for its request, with the lessons that it has.
            for variant in alike {
                self.board.of_request[variant.0].clone_from(&own);
            }
            // Where a lesson fits, a shorter one does.
            let first = alike.partition_point(|variant| 1 < alike.len() && self.fitting(request, *variant).is_none());
            let longest = &alike[first..];
            let tried = longest.iter().take(TRIES_MAX);
            found.extend(
                tried
                    .into_iter()
                    .find_map(|variant| self.verified_of(request, *variant)),
            );
        }
        found
    }

    /// How many lessons a change must find a place for.
    fn wanted(&self, request: usize, change: Change) -> usize {
        let asked = self.world.request(request);
        match change {
            Change::TwoLessons { .. } | Change::TwoGroups { .. } => 2,
            _ if asked.all_or_nothing => asked.lessons.max(1) as usize,
            _ => 1,
        }
    }

    /// The smallest change of its kind that the referee accepts.
    fn verified_of(&mut self, request: usize, variant: Variant) -> Option<Remedy> {
        if self.wanted(request, variant.1) > 1 {
            let lessons = self.fitting(request, variant)?;
            return self.verified(request, variant, lessons);
        }
        let places = self.places(request, variant);
        let fitting = places.iter().filter_map(|place| self.placed(variant.0, *place));
        fitting
            .take(TRIES_MAX)
            .find_map(|lesson| self.verified(request, variant, vec![lesson]))
    }

    /// Lessons of a variant as the board has room for them, if it has for as many as are wanted.
    fn fitting(&mut self, request: usize, variant: Variant) -> Option<Vec<Lesson>> {
        let wanted = self.wanted(request, variant.1);
        let places = self.places(request, variant);
        if wanted == 1 {
            let lesson = places.iter().find_map(|place| self.placed(variant.0, *place))?;
            return Some(vec![lesson]);
        }
        let mut lessons = most_placed(&mut self.board, variant.0, &places, wanted);
        lessons.sort();
        let enough = match variant.1 {
            Change::Fewer => !lessons.is_empty(),
            _ => lessons.len() == wanted,
        };
        enough.then_some(lessons)
    }

    fn placed(&self, variant: usize, place: Place) -> Option<Lesson> {
        if !self.board.has_room(variant, place.start, place.room) {
            return None;
        }
        Some(Lesson {
            request: variant,
            start: place.start,
            room: place.room,
            instructors: self.board.free_team(variant, place.start, place.room)?,
            pinned: false,
        })
    }

    /// Candidate places of a variant, those of the smallest change first.
    fn places(&self, request: usize, (variant, change): Variant) -> Vec<Place> {
        let (world, wide) = (self.world, &self.widened.world);
        let asked = world.request(request);
        let mut places = Candidates::places(wide, &self.widened.needs, variant);
        match change {
            Change::Window => {
                let windows = &world.requests[request].windows;
                let away = |start: i64| windows.iter().map(|w| (start - w.from).abs()).min().unwrap_or(0);
                places.sort_by_key(|p| (away(p.start), p.start, p.room));
            }
            Change::Group => {
                let seats = |p: &Place| world.instance.rooms[p.room].seats;
                places.retain(|p| 0 < seats(p) && seats(p) < asked.headcount);
                places.sort_by_key(|p| (Reverse(seats(p)), p.start, p.room));
            }
            Change::Units { equipment } => {
                let starts: BTreeSet<i64> = places.iter().map(|p| p.start).collect();
                let free = |start: &i64| (*start, self.board.units_free(equipment, wide.span(variant, *start)));
                let free: BTreeMap<i64, i64> = starts.iter().map(free).collect();
                let needs = world.requests[request].equipment.iter();
                let needed = needs
                    .filter(|(kind, _)| *kind == equipment)
                    .map(|(_, units)| *units)
                    .sum();
                places.retain(|p| (1..needed).contains(&free[&p.start]));
                places.sort_by_key(|p| (Reverse(free[&p.start]), p.start, p.room));
            }
            _ => {}
        }
        places.truncate(PLACES_MAX);
        places
    }

    /// The change told, if the referee accepts the plan with it and these lessons, at least one.
    fn verified(&self, request: usize, (variant, change): Variant, lessons: Vec<Lesson>) -> Option<Remedy> {
        let (world, wide) = (self.world, &self.widened.world);
        let subject = if change.is_apart() {
            variant
        } else {
            self.widened.index[request]
        };
        let mut changed = wide.request(subject).clone();
        let spot = |lesson: &Lesson| Spot {
            start: lesson.start,
            room: world.instance.rooms[lesson.room].id.clone(),
        };
        let places: Vec<Spot> = lessons.iter().map(spot).collect();
        let Spot { start, room } = places[0].clone();
        let remedy = match change {
            Change::Fewer => {
                changed.all_or_nothing = false;
                let lessons = places.len() as i64;
                Remedy::FewerLessons { lessons, places }
            }
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
            Change::TwoLessons { minutes } => Remedy::TwoLessons { minutes, places },
            Change::TwoGroups { headcount } => Remedy::TwoGroups { headcount, places },
            Change::Group => {
                let seats = lessons.iter().map(|lesson| world.instance.rooms[lesson.room].seats);
                let headcount = seats.min()?;
                changed.headcount = headcount;
                Remedy::SmallerGroup { headcount, start, room }
            }
            Change::NoInstructor => Remedy::WithoutInstructor { start, room },
            Change::Units { equipment } => {
                let free = |lesson: &Lesson| self.board.units_free(equipment, wide.span(variant, lesson.start));
                let units = lessons.iter().map(free).min()?;
                let id = world.instance.equipment[equipment].id.clone();
                let needs = changed.equipment.iter_mut().filter(|need| need.id == id);
                needs.for_each(|need| need.units = units);
                Remedy::FewerUnits {
                    equipment: id,
                    units,
                    start,
                    room,
                }
            }
        };
        let of_subject = |lesson: Lesson| Lesson {
            request: subject,
            ..lesson
        };
        let lessons: Vec<Lesson> = lessons.into_iter().map(of_subject).collect();
        self.hearing.accepts_all(&changed, &lessons).then_some(remedy)
    }
}
