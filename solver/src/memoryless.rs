//! What a fair week without memory would have given: the claim that the ledger compares with what was granted.
//!
//! The shares of `claims` repay what is owed from earlier weeks. Were the ledger to count with them, a debt would stand
//! in the claim and be paid again; so it counts with the shares that everybody would have had with no history at all,
//! `due ← β · due + claim − granted`. They are filled tier by tier like the others, from the week's rules alone: what
//! the search has fixed by then has no part in them.

use crate::claims::Water;
use crate::program::Program;
use crate::search::Search;
use domain::plan::Stage;

/// Part of what is left after fairness for the shares without histories, before quality.
const MEMORYLESS_PART: f64 = 0.7;
/// And so much of the whole budget at least, on top of it where nothing is left: without these shares nobody would be owed
/// anything for this week.
const MEMORYLESS_MIN_PART: f64 = 0.1;

/// The shares of a week in which nobody has a history, in the program as it was before anything was fixed.
pub fn shares(search: &mut Search, base: Program) -> Vec<f64> {
    let (began, left) = (search.run.elapsed(), search.run.left());
    let seconds = match (search.run.cancelled)() {
        true => 0.0,
        false => (left * MEMORYLESS_PART).max((began + left) * MEMORYLESS_MIN_PART),
    };
    let fixed = std::mem::replace(&mut search.model.program, base);
    search.look_at_trades(search.model.tiers.len() - 1, seconds * 0.5);
    let claims = claims_within(search, seconds - (search.run.elapsed() - began));
    search.model.program = fixed;
    let known = claims.is_some();
    let claims = claims.unwrap_or_default();
    let value = claims.iter().sum();
    search.run.close(Stage {
        name: "memoryless claims".into(),
        value,
        bound: value,
        gap: if known { 0.0 } else { 1.0 },
        seconds: search.run.elapsed() - began,
        rows: 0,
        columns: 0,
    });
    claims
}

/// Minutes by organization in all tiers; `None` where they were not known in time.
fn claims_within(search: &Search, seconds: f64) -> Option<Vec<f64>> {
    let began = search.run.elapsed();
    let late = || (search.run.cancelled)() || search.run.elapsed() - began >= seconds;
    let tiers = search.model.tiers.len();
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for tier in 0..tiers {
        let members = search.model.granted.len();
        let mut water = Water::with(search, tier, search.run.options.threads, vec![0.0; members]).within(seconds);
        for (before, minutes) in kept.iter().enumerate() {
            let columns: Vec<usize> = search.model.granted.iter().map(|columns| columns[before]).collect();
            water.keep(&columns, minutes);
        }
        let filled = water.filled(&late);
        kept.push(filled.complete.then_some(filled.minutes)?);
    }
    kept.pop()
}
