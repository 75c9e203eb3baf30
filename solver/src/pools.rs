//! Interchangeable things: rooms that no need can tell apart form a pool, instructors a class.
//!
//! A pool's lessons are intervals, and as many rooms as the busiest minute needs are enough, so counting is exact.
//! The same holds for a class only while nobody in it travels or has a limit; everybody else is a class of one.
//! What is named by a pin is a pool or class of one, because the pin must find its name again.

use crate::needs::{Need, Needs};
use crate::world::{RoomFacts, World};
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
    pub fn of(world: &World, needs: &Needs) -> Self {
        let pins = || world.requests.iter().flat_map(|facts| &facts.pinned);
        let pinned_rooms: BTreeSet<usize> = pins().map(|pin| pin.room).collect();
        let pinned_people: BTreeSet<usize> = pins().flat_map(|pin| pin.instructors.iter().copied()).collect();
        let (rooms, of_room) = grouped(room_looks(world, needs), |n| {
            world.rooms[n].related.len() > 1 || pinned_rooms.contains(&n)
        });
        let wanderers = wanderers(world, needs);
        let (classes, of_instructor) = grouped(person_looks(world, needs), |n| {
            let person = &world.instance.instructors[n];
            let limited = person.day_max.is_some() || person.week_max.is_some();
            limited || wanderers.contains(&n) || pinned_people.contains(&n)
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
fn grouped<K: Ord>(looks: Vec<K>, alone: impl Fn(usize) -> bool) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut first: BTreeMap<K, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of = Vec::with_capacity(looks.len());
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

/// A room as the requests see it: site, turnaround, hours, and which needs it meets, each with what it is worth to them.
type RoomLook<'w> = (usize, i64, &'w [Span], &'w [Span], Vec<(usize, i64)>);

fn room_looks<'w>(world: &'w World, needs: &Needs) -> Vec<RoomLook<'w>> {
    let look = |(n, room): (usize, &RoomFacts)| -> RoomLook<'w> {
        let offered = &world.instance.rooms[n];
        (
            room.site,
            room.turnaround,
            &offered.open,
            &offered.blackouts,
            Vec::new(),
        )
    };
    let mut looks: Vec<RoomLook> = world.rooms.iter().enumerate().map(look).collect();
    for (need, room, worth) in met(&needs.rooms) {
        looks[room].4.push((need, worth));
    }
    looks
}

/// An instructor as the requests see them: hours, and which needs they meet, each with what they are worth to them.
type PersonLook<'w> = (&'w [Span], Vec<(usize, i64)>);

fn person_looks<'w>(world: &'w World, needs: &Needs) -> Vec<PersonLook<'w>> {
    let people = world.instance.instructors.iter();
    let mut looks: Vec<PersonLook> = people.map(|person| (person.available.as_slice(), Vec::new())).collect();
    for (need, person, worth) in met(&needs.people) {
        looks[person].1.push((need, worth));
    }
    looks
}

/// Each need with each of its members and what the member is worth.
fn met(needs: &[Need]) -> impl Iterator<Item = (usize, usize, i64)> + '_ {
    let of = |(n, need): (usize, &Need)| {
        let worth: Vec<_> = need.members.iter().zip(&need.worth).map(|(m, w)| (n, *m, *w)).collect();
        worth
    };
    needs.iter().enumerate().flat_map(of)
}

/// Instructors who may be asked to sites that lie apart.
fn wanderers(world: &World, needs: &Needs) -> BTreeSet<usize> {
    let mut sites: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); world.instance.instructors.len()];
    let pairs: BTreeSet<(usize, usize)> = needs
        .rooms_of
        .iter()
        .copied()
        .zip(needs.people_of.iter().copied())
        .collect();
    for (rooms, people) in pairs {
        let rooms = needs.rooms[rooms].members.iter();
        let own: BTreeSet<usize> = rooms.map(|room| world.rooms[*room].site).collect();
        needs.people[people]
            .members
            .iter()
            .for_each(|person| sites[*person].extend(&own));
    }
    let apart = |sites: &BTreeSet<usize>| sites.iter().any(|a| sites.iter().any(|b| world.travel[*a][*b] > 0));
    sites
        .iter()
        .enumerate()
        .filter(|(_, sites)| apart(sites))
        .map(|(n, _)| n)
        .collect()
}
