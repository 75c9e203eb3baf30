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
//! | quota_exceeded | one lesson alone exceeds the organization's cap |
//!
//! A removed placement keeps the name of its rule, so an empty domain is its own explanation. What other lessons
//! take away is not looked at here.

use crate::instance::holds;
use crate::needs::Needs;
use crate::world::World;
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

pub const RULES: [&str; 11] = [
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
    "quota_exceeded",
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

    /// The rule that empties the domain: the last one that any placement reached. `None` while a place is left.
    pub fn emptied_by(&self) -> Option<&'static str> {
        if !self.places.is_empty() {
            return None;
        }
        Some(
            self.removed
                .keys()
                .next_back()
                .map_or("room_not_asked", |rule| RULES[*rule]),
        )
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
        return Some(9);
    }
    let quota = world.instance.organizations[facts.organization].quota;
    quota.is_some_and(|quota| world.minutes(request) > quota).then_some(10)
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

/// Qualified instructors who are available throughout a lesson that starts then.
pub fn available(world: &World, request: usize, start: i64) -> impl Iterator<Item = usize> + '_ {
    let span = world.span(request, start);
    let free = move |n: &usize| holds(&world.instance.instructors[*n].available, span);
    world.requests[request].instructors.iter().copied().filter(free)
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
