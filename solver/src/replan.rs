//! A week that was planned before and has changed a little: repaired, not planned anew.
//!
//! What still fits stays where it is; the baseline has already filled up around it. Then only the
//! trades in which lessons are missing are searched, with a price on every move: `MOVE_MINUTES`, the one number of the
//! trade between moves and fairness. The shares themselves are not computed again, so fairness is not proved here. What
//! everybody has then stays, and of the plans with that, one with the fewest moves is looked for and bounded (`moves`).

use crate::fairness::{fair_stage, fix_minutes};
use crate::levels::granted;
use crate::moves::{Proof, fewest};
use crate::near::{improve_around, offered};
use crate::quality::{KEPT_WHOLE, keep};
use crate::search::Search;
use crate::solve::relative_gap;
use crate::world::World;
use domain::plan::Stage;
use highs::Sense;
use std::collections::{BTreeMap, BTreeSet};

/// A lesson is moved only where that brings an organization near its share more than so many minutes.
const MOVE_MINUTES: f64 = 120.0;
/// What a minute near the share is worth in the fair plan.
const NEAR_SHARE: f64 = 10.0 / 60.0;
/// What a minute of an earlier tier is worth on top.
const EARLIER_TIER: f64 = 2.0;
/// Part of what is left for giving back what was lost.
const RECOVER_PART: f64 = 0.25;
/// Part of the lessons asked that must have been planned before.
const PLANNED_MIN: f64 = 0.5;

/// Whether the week was planned before.
pub fn mostly_planned(world: &World) -> bool {
    let asked: i64 = world.instance.requests.iter().map(|request| request.lessons).sum();
    let before: usize = world.requests.iter().map(|facts| facts.previous.len()).sum();
    before as f64 >= PLANNED_MIN * asked as f64
}

pub fn replan(search: &mut Search) {
    let last = search.model.tiers.len() - 1;
    // All tiers at once, since a repair of one alone would turn the later ones over; nobody loses in an earlier one.
    (0..last).for_each(|tier| fix_minutes(search, tier));
    let proof = Proof::begun(search);
    recover(search, last);
    fix_minutes(search, last);
    fewest(search, proof);
    search.proved = false;
}

/// Gives back minutes that were lost, where that is worth the moves.
fn recover(search: &mut Search, last: usize) {
    let began = search.run.elapsed();
    let missing = missing(search);
    let mut size = (0, 0);
    if !missing.is_empty() {
        let caps = search.caps(last);
        let stage = search.stage(last, Sense::Maximise);
        let (mut stage, mut warm) = fair_stage(search, stage, last, &caps);
        for column in search.model.granted.iter().flat_map(|columns| &columns[..last]) {
            stage.cost[*column] = EARLIER_TIER;
        }
        keep(search, &mut stage, &mut warm, MOVE_MINUTES * NEAR_SHARE / KEPT_WHOLE);
        size = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
        let seconds = RECOVER_PART * search.run.left();
        if let Some(warm) = warm {
            let values = improve_around(search, &mut stage, warm, &missing, seconds);
            offered(search, &values, last);
        }
    }
    let minutes: i64 = granted(search.model.world, &search.best, i64::MAX).iter().sum();
    let (value, bound) = (minutes as f64, search.caps(last).iter().sum());
    search.run.close(Stage {
        name: "repair".into(),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: search.run.elapsed() - began,
        rows: size.0,
        columns: size.1,
    });
}

/// Requests with fewer lessons than in the previous plan.
fn missing(search: &Search) -> BTreeSet<usize> {
    let world = search.model.world;
    let mut placed: BTreeMap<usize, usize> = BTreeMap::new();
    search
        .best
        .iter()
        .for_each(|lesson| *placed.entry(lesson.request).or_insert(0) += 1);
    (0..world.requests.len())
        .filter(|n| !search.model.of_request[*n].is_empty())
        .filter(|n| placed.get(n).copied().unwrap_or(0) < world.requests[*n].previous.len())
        .collect()
}
