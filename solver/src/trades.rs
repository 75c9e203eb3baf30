//! Trades: requests that share rooms, directly or by a chain of others.
//!
//! Lessons of two trades meet only in an organization's minutes, in a cohort, a person or a movable kind of equipment.
//! So a week nearly falls apart into its trades, and what is asked of the whole is often answered trade by trade.

use crate::needs::Needs;
use crate::world::World;
use domain::instance::{Instance, Request};
use std::collections::{BTreeMap, BTreeSet};

pub struct Trades {
    /// By request.
    pub of: Vec<usize>,
    pub list: Vec<Trade>,
}

#[derive(Debug, Default)]
pub struct Trade {
    /// Ascending.
    pub requests: Vec<usize>,
    /// All that could hold a lesson, and what those exclude.
    pub rooms: BTreeSet<usize>,
}

impl Trades {
    pub fn of(world: &World, needs: &Needs) -> Self {
        let mut joined: Vec<usize> = (0..needs.rooms.len()).collect();
        let mut first_at: BTreeMap<usize, usize> = BTreeMap::new();
        for (need, wanted) in needs.rooms.iter().enumerate() {
            // Rooms that exclude each other belong to the same trade.
            for room in wanted.members.iter().flat_map(|room| &world.rooms[*room].related) {
                let other = *first_at.entry(*room).or_insert(need);
                let (a, b) = (root(&joined, need), root(&joined, other));
                joined[a.max(b)] = a.min(b);
            }
        }
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        let mut trades = Self {
            of: Vec::new(),
            list: Vec::new(),
        };
        for (request, need) in needs.rooms_of.iter().enumerate() {
            let trade = *number.entry(root(&joined, *need)).or_insert(trades.list.len());
            if trade == trades.list.len() {
                trades.list.push(Trade::default());
            }
            trades.of.push(trade);
            let one = &mut trades.list[trade];
            one.requests.push(request);
            let members = needs.rooms[*need].members.iter();
            one.rooms
                .extend(members.flat_map(|room| world.rooms[*room].related.iter().copied()));
        }
        trades
    }
}

/// The same week with some requests, ascending, the rooms that suit them, whoever could teach them, and nothing else.
/// Taking lessons away never breaks a rule, so what cannot be had in it cannot be had in the whole. Organizations keep
/// their indices; nothing is known of a previous plan.
pub fn alone(world: &World, requests: &[usize], rooms: &BTreeSet<usize>) -> World {
    let whole = &world.instance;
    let facts = || requests.iter().map(|n| &world.requests[*n]);
    let pins = || facts().flat_map(|facts| &facts.pinned);
    let kinds: BTreeSet<usize> = facts()
        .flat_map(|facts| facts.equipment.iter().map(|(kind, _)| *kind))
        .collect();
    let people: BTreeSet<usize> = facts()
        .flat_map(|facts| &facts.instructors)
        .chain(pins().flat_map(|pin| &pin.instructors))
        .copied()
        .collect();
    let named = pins().map(|pin| pin.room);
    let named = named.chain(kinds.iter().filter_map(|kind| world.equipment[*kind].1));
    let rooms: BTreeSet<usize> = named
        .flat_map(|room| world.rooms[room].related.iter())
        .chain(rooms)
        .copied()
        .collect();
    let unplanned = |request: &usize| Request {
        previous: Vec::new(),
        ..whole.requests[*request].clone()
    };
    World::new(&Instance {
        requests: requests.iter().map(unplanned).collect(),
        format: whole.format.clone(),
        calendar: whole.calendar.clone(),
        travel: whole.travel.clone(),
        organizations: whole.organizations.clone(),
        rooms: rooms.iter().map(|n| whole.rooms[*n].clone()).collect(),
        equipment: kinds.iter().map(|n| whole.equipment[*n].clone()).collect(),
        instructors: people.iter().map(|n| whole.instructors[*n].clone()).collect(),
        budget: whole.budget.clone(),
    })
}

fn root(of: &[usize], mut at: usize) -> usize {
    while of[at] != at {
        at = of[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::tiny;
    use domain::id::{FeatureId, RoomId};

    #[test]
    fn requests_are_of_one_trade_where_a_room_suits_both() {
        let mut instance = tiny();
        fn trades(instance: &Instance) -> Vec<usize> {
            let world = World::new(instance);
            Trades::of(&world, &Needs::of(&world)).of
        }
        assert_eq!(trades(&instance), [0, 0]);
        instance.rooms[1].features = vec![FeatureId::new("welding")];
        instance.requests[1].rooms.features = vec![FeatureId::new("welding")];
        assert_eq!(trades(&instance), [0, 1]);
        // A bay and its room exclude each other.
        instance.rooms[1].part_of = Some(RoomId::new("x"));
        assert_eq!(trades(&instance), [0, 0]);
    }
}
