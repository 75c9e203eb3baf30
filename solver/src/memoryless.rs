//! What a fair week without memory would have given: the claim that the ledger compares with what was granted.
//!
//! The shares of `claims` repay what is owed from earlier weeks. Were the ledger to count with them, a debt would stand
//! in the claim and be paid again; so it counts with the shares that everybody would have had with no history at all,
//! `due ← β · due + claim − granted`. They are filled tier by tier like the others, from the week's rules alone: what
//! the search has fixed by then has no part in them.

use crate::claims::Water;
use crate::search::Search;

/// Minutes by organization in all tiers; `None` where they were not known in time.
pub fn claims(search: &Search, seconds: f64) -> Option<Vec<f64>> {
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
