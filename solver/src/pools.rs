//! Interchangeable things: rooms that no request can tell apart form a pool, instructors a class.
//!
//! A pool's lessons are intervals, and as many rooms as the busiest minute needs are enough, so counting is exact.
//! The same holds for a class only while nobody in it travels or has a limit; everybody else is a class of one.
//! What is named by a pin is a pool or class of one, because the pin must find its name again.

use crate::placement::Candidates;
use crate::world::World;
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

pub struct Pools {
    /// Members, ascending; pools in order of their first member.
    pub rooms: Vec<Vec<usize>>,
    pub of_room: Vec<usize>,
    pub classes: Vec<Vec<usize>>,
    pub of_instructor: Vec<usize>,
}

impl Pools {
    pub fn of(world: &World, candidates: &[Candidates]) -> Self {
        let pinned = || world.requests.iter().flat_map(|facts| &facts.pinned);
        let (rooms, of_room) = grouped(world.rooms.len(), room_looks(world, candidates), |n| {
            world.rooms[n].related.len() > 1 || pinned().any(|pin| pin.room == n)
        });
        let wanderers = wanderers(world, candidates);
        let (classes, of_instructor) = grouped(world.instance.instructors.len(), person_looks(world), |n| {
            let person = &world.instance.instructors[n];
            let limited = person.day_max.is_some() || person.week_max.is_some();
            limited || wanderers.contains(&n) || pinned().any(|pin| pin.instructors.contains(&n))
        });
        Self {
            rooms,
            of_room,
            classes,
            of_instructor,
        }
    }
}

/// Groups of equal look; whoever stands alone by rule is a group of one.
fn grouped<K: Ord>(count: usize, looks: Vec<K>, alone: impl Fn(usize) -> bool) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut first: BTreeMap<K, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of = Vec::with_capacity(count);
    for (n, look) in looks.into_iter().enumerate() {
        let group = if alone(n) {
            groups.len()
        } else {
            *first.entry(look).or_insert(groups.len())
        };
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(n);
        of.push(group);
    }
    (groups, of)
}

/// A room as the requests see it: site, turnaround, and each possible start with what it is worth.
type RoomLook = (usize, i64, Vec<(usize, i64, i64)>);

fn room_looks(world: &World, candidates: &[Candidates]) -> Vec<RoomLook> {
    let mut looks: Vec<RoomLook> = world
        .rooms
        .iter()
        .map(|room| (room.site, room.turnaround, Vec::new()))
        .collect();
    for (request, domain) in candidates.iter().enumerate() {
        for place in &domain.places {
            looks[place.room]
                .2
                .push((request, place.start, world.preference(request, place.start, place.room)));
        }
    }
    looks
}

/// An instructor as the requests see them: hours, and which requests, each with what they are worth to it.
type PersonLook = (Vec<Span>, Vec<(usize, i64)>);

fn person_looks(world: &World) -> Vec<PersonLook> {
    let mut looks: Vec<PersonLook> = world
        .instance
        .instructors
        .iter()
        .map(|person| (person.available.clone(), Vec::new()))
        .collect();
    for (request, facts) in world.requests.iter().enumerate() {
        for person in &facts.instructors {
            looks[*person]
                .1
                .push((request, world.teacher_preference(request, *person)));
        }
    }
    looks
}

/// Instructors who may be asked to sites that lie apart.
fn wanderers(world: &World, candidates: &[Candidates]) -> BTreeSet<usize> {
    let mut sites: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); world.instance.instructors.len()];
    for (facts, domain) in world.requests.iter().zip(candidates) {
        let own: BTreeSet<usize> = domain.places.iter().map(|place| world.rooms[place.room].site).collect();
        facts.instructors.iter().for_each(|person| sites[*person].extend(&own));
    }
    let apart = |sites: &BTreeSet<usize>| sites.iter().any(|a| sites.iter().any(|b| world.travel[*a][*b] > 0));
    sites
        .iter()
        .enumerate()
        .filter(|(_, sites)| apart(sites))
        .map(|(n, _)| n)
        .collect()
}
