//! Candidate placements: request × start × room, filtered one rule at a time.
//!
//! | rule | a placement is removed when |
//! | --- | --- |
//! | room_not_asked | rooms are named and this is not one of them |
//! | feature_missing | the room lacks a feature |
//! | seats_short | the group does not fit |
//! | equipment_elsewhere_at | a needed equipment stands at another site or is fixed in another room |
//! | equipment_short | more units are needed than work at that time |
//! | outside_windows | the lesson is not inside the joined windows |
//! | room_closed | the lesson is not inside one open span |
//! | room_blackout | the lesson meets a blackout of the room |
//! | no_instructor_teaches | fewer qualified instructors exist than are needed |
//! | instructor_unavailable | fewer of them are available throughout |
//! | instructor_day_max | for fewer of them the lesson alone is within their hours of a day |
//! | instructor_week_max | for fewer of them the lesson alone is within their hours of the week |
//! | quota_exceeded | one lesson alone exceeds the organization's cap |
//! | not_all_lessons | all or none is asked, and an empty week would not hold them all (`alone`) |
//!
//! A removed placement keeps the name of its rule, so an empty domain is its own explanation. What other lessons
//! take away is not looked at here.

use crate::instance::holds;
use crate::needs::Needs;
use crate::world::World;
use domain::instance::Instructor;
use domain::time::Span;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub start: i64,
    pub room: usize,
}

/// What is left of a request's domain, ascending by start, then room.
pub struct Candidates {
    pub places: Vec<Place>,
    /// How many placements each rule removed; the rules in the order of the table.
    pub removed: BTreeMap<usize, usize>,
}

pub const RULES: [&str; 14] = [
    "room_not_asked",
    "feature_missing",
    "seats_short",
    "equipment_elsewhere_at",
    "equipment_short",
    "outside_windows",
    "room_closed",
    "room_blackout",
    "no_instructor_teaches",
    "instructor_unavailable",
    "instructor_day_max",
    "instructor_week_max",
    "quota_exceeded",
    "not_all_lessons",
];

impl Candidates {
    pub fn of(world: &World, request: usize) -> Self {
        let mut removed = BTreeMap::new();
        let mut places = Vec::new();
        let starts: Vec<(i64, Option<usize>)> = world
            .starts
            .iter()
            .map(|s| (*s, time_rule(world, request, *s)))
            .collect();
        for room in 0..world.rooms.len() {
            if let Some(rule) = room_rule(world, request, room) {
                *removed.entry(rule).or_insert(0) += starts.len();
                continue;
            }
            for (start, time) in &starts {
                match place_rule(world, request, *start, room, *time) {
                    Some(rule) => *removed.entry(rule).or_insert(0) += 1,
                    None => places.push(Place { start: *start, room }),
                }
            }
        }
        places.sort_unstable();
        Self { places, removed }
    }

    /// Only the places, of a request whose needs are known: rooms that do not suit it are not looked at.
    pub fn places(world: &World, needs: &Needs, request: usize) -> Vec<Place> {
        let rooms = &needs.rooms[needs.rooms_of[request]].members;
        let mut places = Vec::new();
        for start in starts(world, request) {
            let span = world.span(request, start);
            let open = rooms.iter().filter(|room| open_throughout(world, **room, span));
            places.extend(open.map(|room| Place { start, room: *room }));
        }
        places
    }

    /// The rule that empties the domain: the last one that any placement reached, or that there was none to begin with.
    /// `None` while a place is left.
    pub fn emptied_by(&self, world: &World) -> Option<&'static str> {
        if !self.places.is_empty() {
            return None;
        }
        if world.starts.is_empty() {
            return Some("start_not_allowed");
        }
        let last = self.removed.keys().next_back();
        Some(last.map_or("unknown_room", |rule| RULES[*rule]))
    }
}

/// Starts that no rule about the time alone forbids, ascending.
pub fn starts(world: &World, request: usize) -> impl Iterator<Item = i64> + '_ {
    let windows = &world.requests[request].windows;
    let first = windows.first().map_or(i64::MAX, |window| window.from);
    let last = windows.last().map_or(i64::MIN, |window| window.until);
    let from = world.starts.partition_point(|start| *start < first);
    let until = world.starts.partition_point(|start| *start < last);
    let within = world.starts.get(from..until).unwrap_or_default().iter().copied();
    within.filter(move |start| time_rule(world, request, *start).is_none())
}

/// The first rule that forbids the placement by itself, by its index in `RULES`.
pub fn forbidden(world: &World, request: usize, start: i64, room: usize) -> Option<usize> {
    room_rule(world, request, room)
        .or_else(|| place_rule(world, request, start, room, time_rule(world, request, start)))
}

/// The first rule that keeps a request out of a room whatever the time.
pub fn room_rule(world: &World, request: usize, room: usize) -> Option<usize> {
    let asked = world.request(request);
    let offered = &world.instance.rooms[room];
    let elsewhere = |(equipment, _): &(usize, i64)| {
        let (site, fixed) = world.equipment[*equipment];
        site != world.rooms[room].site || fixed.is_some_and(|at| at != room)
    };
    if asked
        .rooms
        .any_of
        .as_ref()
        .is_some_and(|ids| ids.binary_search(&offered.id).is_err())
    {
        Some(0)
    } else if asked
        .rooms
        .features
        .iter()
        .any(|feature| offered.features.binary_search(feature).is_err())
    {
        Some(1)
    } else if offered.seats < asked.headcount {
        Some(2)
    } else if world.requests[request].equipment.iter().any(elsewhere) {
        Some(3)
    } else {
        None
    }
}

/// Rules that look only at the time: evaluated once for all rooms.
pub fn time_rule(world: &World, request: usize, start: i64) -> Option<usize> {
    let facts = &world.requests[request];
    let span = world.span(request, start);
    if !holds(&facts.windows, span) || span.until > world.instance.calendar.until {
        return Some(5);
    }
    if facts
        .equipment
        .iter()
        .any(|(equipment, units)| units_working(world, *equipment, span) < *units)
    {
        return Some(4);
    }
    if facts.instructors.len() < facts.instructor_count {
        return Some(8);
    }
    if available(world, request, start).count() < facts.instructor_count {
        return Some(people_rule(world, request, span));
    }
    let quota = world.instance.organizations[facts.organization].quota;
    if quota.is_some_and(|quota| world.minutes(request) > quota) {
        return Some(12);
    }
    (!facts.fits_alone).then_some(13)
}

/// The rule that leaves too few of the qualified: hours, then those of a day, then those of the week.
fn people_rule(world: &World, request: usize, span: Span) -> usize {
    let facts = &world.requests[request];
    let people = || facts.instructors.iter().map(|n| &world.instance.instructors[*n]);
    let there = people().filter(|one| holds(&one.available, span));
    let by_day = there.clone().filter(|one| within_day(one, span));
    if there.count() < facts.instructor_count {
        9
    } else if by_day.count() < facts.instructor_count {
        10
    } else {
        11
    }
}

fn place_rule(world: &World, request: usize, start: i64, room: usize, time: Option<usize>) -> Option<usize> {
    let offered = &world.instance.rooms[room];
    let span = world.span(request, start);
    let closed = (!holds(&offered.open, span)).then_some(6);
    let black = offered.blackouts.iter().any(|out| out.overlaps(span)).then_some(7);
    [time, closed, black].into_iter().flatten().min()
}

/// Whether a room is open and whole throughout a span.
pub fn open_throughout(world: &World, room: usize, span: Span) -> bool {
    let offered = &world.instance.rooms[room];
    holds(&offered.open, span) && !offered.blackouts.iter().any(|out| out.overlaps(span))
}

/// Qualified instructors who could teach a lesson that starts then, were it their only one.
pub fn available(world: &World, request: usize, start: i64) -> impl Iterator<Item = usize> + '_ {
    let span = world.span(request, start);
    let free = move |n: &usize| could_teach(world, *n, span);
    world.requests[request].instructors.iter().copied().filter(free)
}

/// Whether somebody is available throughout a lesson that is by itself within their hours of a day and of the week.
pub fn could_teach(world: &World, instructor: usize, span: Span) -> bool {
    let person = &world.instance.instructors[instructor];
    holds(&person.available, span)
        && within_day(person, span)
        && person.week_max.is_none_or(|most| span.minutes() <= most)
}

fn within_day(person: &Instructor, span: Span) -> bool {
    let days = || World::day(span.from)..=World::day(span.until - 1);
    person
        .day_max
        .is_none_or(|most| span.minutes() <= most || days().all(|day| minutes_on(day, span) <= most))
}

/// Minutes of a span that lie on a day.
pub fn minutes_on(day: i64, span: Span) -> i64 {
    let whole = domain::time::MINUTES_PER_DAY;
    (span.until.min((day + 1) * whole) - span.from.max(day * whole)).max(0)
}

/// Units that work at the worst instant of a span.
pub fn units_working(world: &World, equipment: usize, span: domain::time::Span) -> i64 {
    let kind = &world.instance.equipment[equipment];
    let met = kind.blackouts.iter().filter(|out| out.span.overlaps(span));
    let at = |instant: i64| {
        let out = kind
            .blackouts
            .iter()
            .filter(|out| out.span.from <= instant && instant < out.span.until);
        kind.units - out.map(|out| out.units).sum::<i64>()
    };
    met.map(|out| at(out.span.from.max(span.from)))
        .min()
        .unwrap_or(kind.units)
}
