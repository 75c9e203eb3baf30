//! Wandering: some lessons go to other free places, so that the missing ones find another week than before.

use super::{Chains, EFFORTS};

/// Lessons that wander before the missing ones try again.
const WANDERERS: usize = 12;

impl Chains<'_, '_> {
    /// Some lessons go to other free places, wherever that leads. False where nothing is missing.
    pub(super) fn wander(&mut self) -> bool {
        let world = self.board.world;
        let mut missing: Vec<usize> = Vec::new();
        for tier in world.tiers() {
            missing.extend((0..self.own.len()).flat_map(|n| self.missing(n, tier)));
        }
        if missing.is_empty() {
            return false;
        }
        for _ in 0..WANDERERS {
            let near = missing[self.dice.below(missing.len())];
            let place = self.places[near][self.dice.below(self.places[near].len())];
            let mut held_by: Vec<usize> = self.board.room_holders(near, place.start, place.room).collect();
            held_by.retain(|handle| {
                self.board.lessons[*handle]
                    .as_ref()
                    .is_some_and(|lesson| !lesson.pinned)
            });
            if held_by.is_empty() {
                continue;
            }
            let handle = held_by[self.dice.below(held_by.len())];
            self.begin(EFFORTS[0]);
            let request = self.eject(handle);
            let first = self.dice.below(self.places[request].len());
            let order = (first..self.places[request].len()).chain(0..first);
            let found = order.into_iter().find_map(|n| {
                let place = self.places[request][n];
                self.board.try_place(request, place.start, place.room)
            });
            if found.is_none() {
                self.undo(0);
            }
        }
        true
    }
}
