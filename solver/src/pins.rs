//! Pins that oblige: of a request that wants all of its lessons or none, one that is pinned wants all the others, too.
//!
//! First fit may find no place for them where there is one, and what it leaves then is no plan. Before anything is made
//! fair, HiGHS is asked for any plan at all. It lacks: any plan but the first that comes.

use crate::program::Verdict;
use crate::search::Search;
use crate::world::{Lesson, World};
use highs::Sense;

/// Part of what is left for the first plan that holds the pins.
const PART: f64 = 0.5;

/// Whether pins oblige to lessons that are missing among these; nothing else keeps lessons of a search from being a plan.
pub fn breaks_pins(world: &World, lessons: &[Lesson]) -> bool {
    let obliges = |n: &usize| world.request(*n).all_or_nothing && !world.requests[*n].pinned.is_empty();
    let placed = |n: usize| lessons.iter().filter(|lesson| lesson.request == n).count() as i64;
    (0..world.requests.len())
        .filter(obliges)
        .any(|n| placed(n) < world.request(n).lessons)
}

/// Looks for a plan where the best lessons are none. False where it is proved that there is none.
pub fn hold_pins(search: &mut Search) -> bool {
    if !breaks_pins(search.model.world, &search.best) {
        return true;
    }
    let last = search.model.tiers.len() - 1;
    // Whatever holds the rows is as good as anything else.
    let mut stage = search.stage(last, Sense::Maximise);
    let seconds = PART * search.run.left();
    search.integer(&mut stage, None, last, seconds).verdict != Verdict::Infeasible
}
