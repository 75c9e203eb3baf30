//! Travel, added lazily: rows for instructors who are asked to two sites in too short a time.
//!
//! For one instructor, sites A ≠ B, a lesson at A that ends at e and one at B that starts at f with
//! 0 ≤ f − e < travel(A,B): all lessons at A that hold minute e − 1 and all lessons at B that hold minute f exclude
//! each other pairwise, so `Σ z ≤ 1` over both sets is valid, and stronger than the pair. The same rows cut
//! fractional values off. Instructors who travel are classes of one (`pools`).

use crate::model::{Model, Take};
use domain::time::Span;
use std::collections::BTreeSet;

/// Values below this do not look for a partner.
const SEEN: f64 = 0.05;

/// Adds every broken row to the base and gives the new rows' indices.
pub fn add_broken(model: &mut Model, values: &[f64]) -> Vec<usize> {
    let mut of_class: Vec<Vec<Take>> = vec![Vec::new(); model.pools.classes.len()];
    for take in model.people.takes() {
        of_class[take.of].push(take);
    }
    let site = |take: &Take| model.people.list[take.group].site();
    let wanders = |takes: &&Vec<Take>| takes.iter().any(|take| site(take) != site(&takes[0]));
    let found: Vec<Vec<(usize, f64)>> = of_class
        .iter()
        .filter(wanders)
        .flat_map(|takes| broken(model, takes, values))
        .collect();
    found
        .into_iter()
        .map(|terms| model.program.at_most(1.0, terms))
        .collect()
}

fn broken(model: &Model, takes: &[Take], values: &[f64]) -> Vec<Vec<(usize, f64)>> {
    let place = |take: &Take| -> (Span, usize) {
        let group = &model.people.list[take.group];
        (group.span(), group.site())
    };
    let seen: Vec<(Span, usize)> = takes
        .iter()
        .filter(|take| values[take.column] > SEEN)
        .map(place)
        .collect();
    let mut keys = BTreeSet::new();
    for (a, from) in &seen {
        for (b, to) in &seen {
            let gap = b.from - a.until;
            if from != to && 0 <= gap && gap < model.world.travel[*from][*to] {
                keys.insert((a.until - 1, *from, b.from, *to));
            }
        }
    }
    let mut rows = Vec::new();
    for (end, from, start, to) in keys {
        let holds = |take: &&Take| {
            let (span, site) = place(take);
            let held = |minute: i64| span.from <= minute && minute < span.until;
            (site == from && held(end)) || (site == to && held(start))
        };
        let terms: Vec<(usize, f64)> = takes.iter().filter(holds).map(|take| (take.column, 1.0)).collect();
        if terms.iter().map(|(column, _)| values[*column]).sum::<f64>() > 1.0 + 1e-4 {
            rows.push(terms);
        }
    }
    rows
}
