//! Whether tier or fair share stands behind a refusal.
//!
//! Who would have to make room is found by taking everybody else away: where every place is still blocked by lessons of
//! higher tiers alone, they are the reason; where it takes those of members that have no more as well, the fair share is.
//! What the request's own organization holds in its tier stays, since it gains nothing by making room for itself.

use super::{Standing, ids};
use crate::board::Board;
use crate::levels::level;
use crate::world::{Lesson, World};
use domain::plan::Reason;
use std::collections::BTreeSet;

/// A second board, empty between two questions.
pub struct Stands<'w> {
    few: Board<'w>,
}

impl<'w> Stands<'w> {
    pub fn of(world: &'w World) -> Self {
        Self { few: Board::new(world) }
    }

    /// The reason, if there is one.
    pub fn reason(&mut self, board: &Board<'w>, request: usize, all: &[Standing]) -> Option<Reason> {
        let world = board.world;
        let tier = world.request(request).tier;
        let organization = world.requests[request].organization;
        let level_of = |organization: usize| level(world, organization, board.granted[organization]);
        let own_level = level_of(organization);
        let tier_of = |lesson: &Lesson| world.request(lesson.request).tier;
        let of = |lesson: &Lesson| world.requests[lesson.request].organization;
        let own = |lesson: &Lesson| of(lesson) == organization && tier_of(lesson) == tier;
        let higher = |lesson: &Lesson| tier_of(lesson) < tier;
        let poorer = |lesson: &Lesson| {
            of(lesson) != organization && tier_of(lesson) <= tier && level_of(of(lesson)) <= own_level
        };
        let in_the_way: BTreeSet<usize> = all
            .iter()
            .flat_map(|(_, obstacles)| obstacles.iter().flat_map(|obstacle| obstacle.held_by()))
            .copied()
            .collect();
        let lessons = || in_the_way.iter().flat_map(|handle| &board.lessons[*handle]);
        let others = |stays: &dyn Fn(&Lesson) -> bool| -> Vec<Lesson> {
            lessons()
                .filter(|lesson| !own(lesson) && stays(lesson))
                .cloned()
                .collect()
        };
        let mut stay: Vec<Lesson> = board
            .lessons
            .iter()
            .flatten()
            .filter(|lesson| own(lesson))
            .cloned()
            .collect();
        if self.blocks(request, all, &stay) {
            return None;
        }
        stay.extend(others(&higher));
        if self.blocks(request, all, &stay) {
            let held_by: BTreeSet<usize> = lessons()
                .filter(|lesson| higher(lesson))
                .map(|one| one.request)
                .collect();
            return Some(Reason::LowerTier {
                tier,
                held_by: ids(world, &held_by),
            });
        }
        stay.extend(others(&|lesson| poorer(lesson) && !higher(lesson)));
        let lowest = lessons()
            .filter(|lesson| poorer(lesson))
            .map(|lesson| level_of(of(lesson)));
        let lowest = lowest.fold(own_level, f64::min);
        self.blocks(request, all, &stay).then_some(Reason::FairShareReached {
            level: own_level.floor() as i64,
            level_min: lowest.floor() as i64,
        })
    }

    /// Whether these lessons alone leave a request none of its places.
    fn blocks(&mut self, request: usize, all: &[Standing], stay: &[Lesson]) -> bool {
        let handles: Vec<usize> = stay.iter().map(|lesson| self.few.place(lesson.clone())).collect();
        let few = &self.few;
        let blocked = all.iter().all(|(place, _)| !few.fits(request, place.start, place.room));
        handles.into_iter().rev().for_each(|handle| {
            self.few.remove(handle);
        });
        blocked
    }
}
