//! What the rules look up: the week's world by id, and the lessons in order of start.
//!
//! Built once for each judgement, so that a rule is a sentence and not a search. Times saturate: a minute near the
//! ends of `i64` is wrong, and is found to be so by the rules, but never overflows.

use super::spans::Spans;
use crate::id::*;
use crate::instance::{Calendar, Equipment, Instance, Instructor, Member, Request, Room};
use crate::plan::Assignment;
use crate::time::Span;
use crate::violation::At;
use std::collections::{BTreeMap, BTreeSet};

/// The instance by id.
pub struct World<'w> {
    pub calendar: &'w Calendar,
    pub organizations: &'w [Member],
    pub rooms: BTreeMap<&'w RoomId, Place<'w>>,
    pub equipment: BTreeMap<&'w EquipmentId, &'w Equipment>,
    pub instructors: BTreeMap<&'w InstructorId, Teacher<'w>>,
    pub requests: BTreeMap<&'w RequestId, Asked<'w>>,
    starts: Option<BTreeSet<i64>>,
    travel_default: i64,
    /// Minutes by site and site, in both directions.
    travel: BTreeMap<(&'w SiteId, &'w SiteId), i64>,
}

pub struct Place<'w> {
    pub room: &'w Room,
    pub open: Spans,
    pub blackouts: Spans,
    pub features: BTreeSet<&'w FeatureId>,
}

pub struct Teacher<'w> {
    pub instructor: &'w Instructor,
    pub available: Spans,
    /// Whom the agreement serves; `None` is everyone.
    pub serves: Option<BTreeSet<&'w OrganizationId>>,
}

pub struct Asked<'w> {
    pub request: &'w Request,
    pub windows: Spans,
    pub rooms: Option<BTreeSet<&'w RoomId>>,
    pub instructors: Option<BTreeSet<&'w InstructorId>>,
    pub cohorts: BTreeSet<&'w CohortId>,
    /// Units by equipment; one that is asked for twice adds up.
    pub units: BTreeMap<&'w EquipmentId, i64>,
}

/// A timetable before the referee.
pub struct Court<'w> {
    pub world: &'w World<'w>,
    /// Lessons of known requests, ascending by start.
    pub lessons: Vec<Lesson<'w>>,
    /// Requests that nobody made, but that have assignments.
    pub strangers: BTreeSet<&'w RequestId>,
}

/// An assignment together with what its ids stand for.
pub struct Lesson<'w> {
    pub assignment: &'w Assignment,
    pub asked: &'w Asked<'w>,
    /// Unknown rooms are one rule's business and no other's.
    pub place: Option<&'w Place<'w>>,
    /// Empty when the request's length is not positive.
    pub span: Span,
    /// The span and the turnaround of the lesson's own room.
    pub hold: Span,
    pub instructors: BTreeSet<&'w InstructorId>,
    pub units: BTreeMap<&'w EquipmentId, Held>,
}

/// Units of one equipment that a lesson holds.
#[derive(Default)]
pub struct Held {
    /// How many numbers are written, repetitions included.
    pub written: usize,
    pub numbers: BTreeSet<i64>,
}

impl<'w> World<'w> {
    pub fn of(instance: &'w Instance) -> Self {
        let calendar = &instance.calendar;
        // Of contradicting entries the longest counts, so that their order does not matter.
        let mut travel = BTreeMap::new();
        for (a, b, minutes) in &instance.travel.pairs {
            for key in [(a, b), (b, a)] {
                travel
                    .entry(key)
                    .and_modify(|longest: &mut i64| *longest = (*longest).max(*minutes))
                    .or_insert(*minutes);
            }
        }
        // Backwards, because the last one stays in a map and the first twin is the one to count.
        Self {
            calendar,
            organizations: &instance.organizations,
            rooms: instance
                .rooms
                .iter()
                .rev()
                .map(|room| (&room.id, Place::of(room)))
                .collect(),
            equipment: instance
                .equipment
                .iter()
                .rev()
                .map(|equipment| (&equipment.id, equipment))
                .collect(),
            instructors: instance
                .instructors
                .iter()
                .rev()
                .map(|one| (&one.id, Teacher::of(one)))
                .collect(),
            requests: instance
                .requests
                .iter()
                .rev()
                .map(|request| (&request.id, Asked::of(request)))
                .collect(),
            starts: calendar.starts.as_ref().map(|starts| starts.iter().copied().collect()),
            travel_default: instance.travel.default,
            travel,
        }
    }

    pub fn allows_start(&self, minute: i64) -> bool {
        match &self.starts {
            Some(starts) => starts.contains(&minute),
            None => self.calendar.start_step > 0 && self.calendar.allows_start(minute),
        }
    }

    /// Minutes from site to site; the same site is 0.
    pub fn travel(&self, a: &'w SiteId, b: &'w SiteId) -> i64 {
        if a == b {
            0
        } else {
            self.travel.get(&(a, b)).copied().unwrap_or(self.travel_default)
        }
    }

    /// The rooms that a room is part of, the nearest first. A circle is walked once.
    pub fn above(&self, room: &'w Room) -> Vec<&'w RoomId> {
        let mut above = Vec::new();
        let mut seen = BTreeSet::from([&room.id]);
        let mut part_of = room.part_of.as_ref();
        while let Some(whole) = part_of.filter(|whole| seen.insert(whole)) {
            above.push(whole);
            part_of = self.rooms.get(whole).and_then(|place| place.room.part_of.as_ref());
        }
        above
    }
}

impl<'w> Place<'w> {
    fn of(room: &'w Room) -> Self {
        Self {
            room,
            open: Spans::apart(&room.open),
            blackouts: Spans::apart(&room.blackouts),
            features: room.features.iter().collect(),
        }
    }
}

impl<'w> Teacher<'w> {
    fn of(instructor: &'w Instructor) -> Self {
        Self {
            instructor,
            available: Spans::union(instructor.available.iter().copied()),
            serves: instructor.organizations.as_ref().map(|list| list.iter().collect()),
        }
    }
}

impl<'w> Asked<'w> {
    fn of(request: &'w Request) -> Self {
        let mut units: BTreeMap<&EquipmentId, i64> = BTreeMap::new();
        for need in &request.equipment {
            let sum = units.entry(&need.id).or_default();
            *sum = sum.saturating_add(need.units);
        }
        Self {
            request,
            windows: Spans::union(request.windows.iter().map(|window| window.span)),
            rooms: request.rooms.any_of.as_ref().map(|list| list.iter().collect()),
            instructors: request.instructors.any_of.as_ref().map(|list| list.iter().collect()),
            cohorts: request.cohorts.iter().collect(),
            units,
        }
    }
}

impl<'w> Court<'w> {
    pub fn of(world: &'w World<'w>, assignments: &'w [Assignment]) -> Self {
        let known = |assignment: &&Assignment| world.requests.contains_key(&assignment.request);
        let (known, unknown): (Vec<_>, Vec<_>) = assignments.iter().partition(known);
        let mut lessons: Vec<Lesson> = known.into_iter().filter_map(|one| Lesson::of(world, one)).collect();
        lessons.sort_by(|a, b| a.order().cmp(&b.order()));
        Self {
            world,
            lessons,
            strangers: unknown.into_iter().map(|one| &one.request).collect(),
        }
    }

    /// The lessons under each of their keys, ascending by start.
    pub fn by<'c, K: Ord, I: IntoIterator<Item = K>>(
        &'c self,
        keys: impl Fn(&'c Lesson<'w>) -> I,
    ) -> BTreeMap<K, Vec<&'c Lesson<'w>>> {
        let mut groups: BTreeMap<K, Vec<&Lesson>> = BTreeMap::new();
        for lesson in &self.lessons {
            for key in keys(lesson) {
                groups.entry(key).or_default().push(lesson);
            }
        }
        groups
    }
}

impl<'w> Lesson<'w> {
    fn of(world: &'w World<'w>, assignment: &'w Assignment) -> Option<Self> {
        let asked = world.requests.get(&assignment.request)?;
        let place = world.rooms.get(&assignment.room);
        let until = assignment.start.saturating_add(asked.request.minutes.max(0));
        let turnaround = place.map_or(0, |place| place.room.turnaround.max(0));
        let mut units: BTreeMap<&EquipmentId, Held> = BTreeMap::new();
        for list in &assignment.equipment {
            let held = units.entry(&list.id).or_default();
            held.written += list.units.len();
            held.numbers.extend(&list.units);
        }
        Some(Self {
            assignment,
            asked,
            place,
            span: Span::new(assignment.start, until),
            hold: Span::new(assignment.start, until.saturating_add(turnaround)),
            instructors: assignment.instructors.iter().collect(),
            units,
        })
    }

    pub fn at(&self) -> At {
        At {
            request: self.assignment.request.clone(),
            lesson: self.assignment.lesson,
        }
    }

    /// All that an answer shows of a lesson and all that it depends on, so that lessons with equal order are exchangeable.
    fn order(&self) -> (Span, &RequestId, i64, &RoomId) {
        (
            self.span,
            &self.assignment.request,
            self.assignment.lesson,
            &self.assignment.room,
        )
    }
}

/// Each lesson together with the one before it that ends last; the lessons are ascending by start.
///
/// If any lesson overlaps an earlier one, it overlaps that one, so every lesson of a clash stands in a pair.
pub fn successions<'c, 'w>(lessons: &[&'c Lesson<'w>]) -> Vec<(&'c Lesson<'w>, &'c Lesson<'w>)> {
    let mut pairs = Vec::new();
    let mut last: Option<&Lesson> = None;
    for lesson in lessons.iter().copied().filter(|lesson| !lesson.span.is_empty()) {
        pairs.extend(last.map(|last| (last, lesson)));
        last = last
            .filter(|last| lesson.span.until <= last.span.until)
            .or(Some(lesson));
    }
    pairs
}

/// The successions in which the later lesson begins before the earlier one has ended.
pub fn overlaps<'c, 'w>(lessons: &[&'c Lesson<'w>]) -> Vec<(&'c Lesson<'w>, &'c Lesson<'w>)> {
    let mut pairs = successions(lessons);
    pairs.retain(|(earlier, later)| earlier.span.overlaps(later.span));
    pairs
}

/// An exact sum as an answer shows it.
pub fn saturated(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}
