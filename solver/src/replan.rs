//! A week that was planned before and has changed a little: repaired, not planned anew.
//!
//! What still fits stays where it is; the baseline has already filled up around it. Then only the
//! trades in which lessons are missing are searched, with a price on every move: `domain::plan::MOVE_MINUTES`, the one
//! number of the trade between moves and fairness. A lesson that is not left wholly as it was (start, room, people) costs
//! so many minutes, whoever gains them; nobody has less than before in any tier, and of two that gain alike the lower level
//! does. Tiers are given back one after another. What everybody has then stays, and of the plans with that, one with the
//! fewest moves is looked for and bounded (`moves`).
//! The shares are not needed for this. Where the week is small they are computed all the same, beside the repair
//! (`fairness`), so that a plan says whether one from scratch would be fairer.

use crate::fairness::{Fair, exact, fix_minutes};
use crate::gaps;
use crate::levels::{fairer, granted, level, standing};
use crate::moves::{Proof, fewest, keep_whole};
use crate::near::{improve_around, offered};
use crate::quality::quality_of_moved;
use crate::search::{Search, StageProgram};
use crate::solve::relative_gap;
use crate::world::World;
use domain::plan::{MOVE_MINUTES, Stage};
use highs::Sense;
use std::collections::{BTreeMap, BTreeSet};

/// What a minute of the lowest level is worth on top of one of the highest: enough to choose between equals.
const LOWEST: f64 = 1e-3;
/// Part of what is left for giving back what was lost.
const RECOVER_PART: f64 = 0.25;
/// Part of what is left for the waiting of instructors.
const GAPS_PART: f64 = 0.3;
/// Of weeks with no more columns, the shares are computed as well.
const SHARES_COLUMNS_MAX: usize = 5_000;
/// Part of the lessons which the week can hold that must have been planned before.
const PLANNED_MIN: f64 = 0.5;

/// Whether the week was planned before, given how many lessons first fit places in it. What is asked beyond that does not
/// count, so that nobody turns the week over by asking for more.
pub fn mostly_planned(world: &World, placed: usize) -> bool {
    let before: usize = world.requests.iter().map(|facts| facts.previous.len()).sum();
    0 < before && before as f64 >= PLANNED_MIN * placed as f64
}

/// A week that was planned before, mended. Where it is small enough, what a plan from scratch would give is found out
/// as well: where that is no fairer, the levels are proved, and otherwise it is said how far off the repair is.
pub fn repaired(search: &mut Search) -> Fair {
    let small = search.model.program.columns.len() <= SHARES_COLUMNS_MAX;
    let base = search.model.program.clone();
    let told = search.run.stages.len();
    replan(search);
    quality_of_moved(search);
    let seconds = search.run.left() * GAPS_PART;
    gaps::fewer(search, seconds);
    let lessons = search.best.clone();
    let mut fair = Fair::unproved(lessons);
    if small {
        let bounded = |stage: &&Stage| !["repair", "gaps"].contains(&stage.name.as_str());
        let mut ours = search.run.stages[told..].iter().filter(bounded);
        let proved = ours.all(|stage| stage.gap == 0.0);
        search.model.program = base;
        search.proved = true;
        let told = search.run.stages.len();
        fair.shares = exact(search);
        let world = search.model.world;
        let as_fair = fairer(&standing(world, &fair.lessons), &standing(world, &search.best)).is_ge();
        fair.proved = proved && search.proved && as_fair;
        if !as_fair {
            // What was found of another plan would be taken for this one's.
            search.run.stages.truncate(told);
            if !fair.shares.claims.is_empty() {
                close_repaired(search, &fair);
            }
        }
    }
    fair
}

/// How much of the shares a repair gives.
fn close_repaired(search: &mut Search, fair: &Fair) {
    let minutes = granted(search.model.world, &fair.lessons, i64::MAX);
    let met = |(granted, claim): (&i64, &f64)| claim.min(*granted as f64);
    let value: f64 = minutes.iter().zip(&fair.shares.claims).map(met).sum();
    let bound: f64 = fair.shares.claims.iter().sum();
    search.run.close(Stage {
        name: "repair fairness".into(),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: 0.0,
        rows: 0,
        columns: 0,
    });
}

fn replan(search: &mut Search) {
    let last = search.model.tiers.len() - 1;
    // Nobody loses in any tier, so that the repair of one does not turn the later ones over.
    (0..=last).for_each(|tier| fix_minutes(search, tier));
    let proof = Proof::begun(search);
    recover(search, last);
    fewest(search, proof);
}

/// Gives back minutes that were lost, where that is worth the moves.
fn recover(search: &mut Search, last: usize) {
    let began = search.run.elapsed();
    let mut size = (0, 0);
    for tier in 0..=last {
        let missing = missing(search, tier);
        if !missing.is_empty() {
            size = recover_tier(search, tier, &missing);
            (0..=last).for_each(|tier| fix_minutes(search, tier));
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

/// The same for the minutes of one tier, beside everything that stands; gives rows and columns.
fn recover_tier(search: &mut Search, tier: usize, missing: &BTreeSet<usize>) -> (i64, i64) {
    let last = search.model.tiers.len() - 1;
    let mut stage = search.stage(last, Sense::Maximise);
    let mut warm = search.warm(last);
    weigh_minutes(search, &mut stage, tier);
    keep_whole(search, &mut stage, &mut warm, MOVE_MINUTES as f64);
    let size = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let seconds = RECOVER_PART * search.run.left() / (1 + last - tier) as f64;
    if let Some(warm) = warm {
        let values = improve_around(search, &mut stage, warm, missing, seconds);
        offered(search, &values, last);
    }
    size
}

/// One for a minute of the tiers up to this one, with what decides between equals.
fn weigh_minutes(search: &Search, stage: &mut StageProgram, tier: usize) {
    let world = search.model.world;
    let now = granted(world, &search.best, search.model.tiers[tier]);
    let mut order: Vec<usize> = (0..now.len()).collect();
    order.sort_by(|a, b| level(world, *b, now[*b]).total_cmp(&level(world, *a, now[*a])));
    for (rank, organization) in order.iter().enumerate() {
        let lower = LOWEST * rank as f64 / order.len() as f64;
        stage.cost[search.model.granted[*organization][tier]] = 1.0 + lower;
    }
}

/// Requests of a tier with fewer lessons than in the previous plan.
fn missing(search: &Search, tier: usize) -> BTreeSet<usize> {
    let world = search.model.world;
    let mut placed: BTreeMap<usize, usize> = BTreeMap::new();
    search
        .best
        .iter()
        .for_each(|lesson| *placed.entry(lesson.request).or_insert(0) += 1);
    (0..world.requests.len())
        .filter(|n| world.request(*n).tier == search.model.tiers[tier] && !search.model.of_request[*n].is_empty())
        .filter(|n| placed.get(n).copied().unwrap_or(0) < world.requests[*n].previous.len())
        .collect()
}
