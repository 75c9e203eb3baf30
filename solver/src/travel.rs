//! Travel, added lazily: rows for instructors who are asked to two sites in too short a time.
//!
//! For one instructor, sites A ≠ B, a lesson at A that ends at e and one at B that starts at f with
//! 0 ≤ f − e < travel(A,B): all lessons at A that hold minute e − 1 and all lessons at B that hold minute f exclude
//! each other pairwise, so `Σ z ≤ 1` over both sets is valid, and stronger than the pair. The same rows cut
//! fractional values off. Instructors who travel are classes of one (`pools`).

use crate::certificate::{Limit, Thing};
use crate::model::{Model, Take};
use crate::program::Row;
use crate::world::World;
use domain::time::Span;
use std::collections::BTreeSet;

/// Values below this do not look for a partner.
const SEEN: f64 = 0.05;

/// Adds every broken row to the base and gives the new rows' indices.
pub fn add_broken(model: &mut Model, values: &[f64]) -> Vec<usize> {
    let found = wanderers(model)
        .iter()
        .map(|takes| (takes[0].of, broken(model, takes, values)))
        .collect();
    added(model, found)
}

/// The same for an answer in whole lessons, and with a broken row all other rows of that person: answers to a question
/// break one after another, and each of them costs as much as the question.
pub fn add_all_of_broken(model: &mut Model, values: &[f64]) -> Vec<usize> {
    let broken = |takes: &&Vec<Take>| !broken(model, takes, values).is_empty();
    let found = wanderers(model)
        .iter()
        .filter(broken)
        .map(|takes| (takes[0].of, rows(model, takes, |_| true)))
        .collect();
    added(model, found)
}

/// All rows of all people.
pub fn all(model: &Model) -> Vec<Row> {
    let found = wanderers(model);
    let found = found.iter().flat_map(|takes| rows(model, takes, |_| true));
    found.map(row).collect()
}

/// Each with its class.
fn added(model: &mut Model, found: Vec<(usize, Vec<Vec<usize>>)>) -> Vec<usize> {
    let known = model.program.rows.len();
    for (class, rows) in found {
        let first = model.program.rows.len();
        model.program.rows.extend(rows.into_iter().map(row));
        model.mark_from(first, Limit::always(Thing::Way(class)));
    }
    (known..model.program.rows.len()).collect()
}

fn row(columns: Vec<usize>) -> Row {
    Row {
        lower: f64::NEG_INFINITY,
        upper: 1.0,
        terms: columns.into_iter().map(|n| (n, 1.0)).collect(),
        limit: None,
    }
}

/// What is taken from each class that could be taken to two sites.
fn wanderers(model: &Model) -> Vec<Vec<Take>> {
    let mut of_class: Vec<Vec<Take>> = vec![Vec::new(); model.pools.classes.len()];
    for take in model.people.takes() {
        of_class[take.of].push(take);
    }
    of_class.retain(|takes| {
        takes
            .iter()
            .any(|take| place(model, take).1 != place(model, &takes[0]).1)
    });
    of_class
}

fn place(model: &Model, take: &Take) -> (Span, usize) {
    let group = &model.people.list[take.group];
    (group.span(), group.site())
}

fn broken(model: &Model, takes: &[Take], values: &[f64]) -> Vec<Vec<usize>> {
    let sum = |columns: &Vec<usize>| columns.iter().map(|column| values[*column]).sum::<f64>();
    let mut rows = rows(model, takes, |take| values[take.column] > SEEN);
    rows.retain(|columns| sum(columns) > 1.0 + 1e-4);
    rows
}

/// Columns of every row of one person, as far as lessons that count meet.
fn rows(model: &Model, takes: &[Take], counts: impl Fn(&Take) -> bool) -> Vec<Vec<usize>> {
    let seen: Vec<(Span, usize)> = takes
        .iter()
        .filter(|take| counts(take))
        .map(|take| place(model, take))
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
    let rows: BTreeSet<Vec<usize>> = keys
        .into_iter()
        .map(|(end, from, start, to)| {
            let holds = |take: &&Take| {
                let (span, site) = place(model, take);
                let held = |minute: i64| span.from <= minute && minute < span.until;
                (site == from && held(end)) || (site == to && held(start))
            };
            takes.iter().filter(holds).map(|take| take.column).collect()
        })
        .collect();
    rows.into_iter().collect()
}

/// Days of which rows speak.
pub fn days_of(model: &Model, rows: &[Row]) -> BTreeSet<i64> {
    let terms = rows.iter().flat_map(|row| &row.terms);
    let named: BTreeSet<usize> = terms.map(|(column, _)| *column).collect();
    let of_rows = model.people.takes().filter(|take| named.contains(&take.column));
    of_rows.map(|take| World::day(place(model, &take).0.from)).collect()
}

/// Requests that have a lesson on one of these days.
pub fn on_days(model: &Model, values: &[f64], days: &BTreeSet<i64>) -> BTreeSet<usize> {
    let placements = model.placements.iter().zip(values);
    let there = placements.filter(|(p, value)| 0.5 < **value && days.contains(&World::day(p.start)));
    there.map(|(p, _)| p.request).collect()
}
