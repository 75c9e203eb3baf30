//! Travel, added lazily: rows for instructors who are asked to two sites in too short a time.
//!
//! For one instructor, sites A ≠ B, a lesson at A that ends at e and one at B that starts at f with
//! 0 ≤ f − e < travel(A,B): all lessons at A that hold minute e − 1 and all lessons at B that hold minute f exclude
//! each other pairwise, so `Σ z ≤ 1` over both sets is valid, and stronger than the pair. The same rows cut
//! fractional values off. Instructors who travel are classes of one (`pools`).

use crate::model::{Model, Team};
use std::collections::BTreeSet;

/// Values below this do not look for a partner.
const SEEN: f64 = 0.05;

/// Adds every broken row to the base and gives the new rows' indices.
pub fn add_broken(model: &mut Model, values: &[f64]) -> Vec<usize> {
    let mut of_class: Vec<Vec<Team>> = vec![Vec::new(); model.pools.classes.len()];
    for team in &model.teams {
        of_class[team.class].push(*team);
    }
    let mut rows = Vec::new();
    for teams in of_class
        .iter()
        .filter(|teams| teams.iter().any(|team| team.site != teams[0].site))
    {
        for terms in broken(model, teams, values) {
            rows.push(model.program.at_most(1.0, terms));
        }
    }
    rows
}

fn broken(model: &Model, teams: &[Team], values: &[f64]) -> Vec<Vec<(usize, f64)>> {
    let span = |team: &Team| model.world.span(team.request, team.start);
    let seen: Vec<&Team> = teams.iter().filter(|team| values[team.column] > SEEN).collect();
    let mut keys = BTreeSet::new();
    for a in &seen {
        for b in &seen {
            let gap = span(b).from - span(a).until;
            if a.site != b.site && 0 <= gap && gap < model.world.travel[a.site][b.site] {
                keys.insert((span(a).until - 1, a.site, span(b).from, b.site));
            }
        }
    }
    let mut rows = Vec::new();
    for (end, from, start, to) in keys {
        let holds = |team: &&Team, minute: i64, site: usize| {
            let span = span(team);
            team.site == site && span.from <= minute && minute < span.until
        };
        let clique = teams
            .iter()
            .filter(|team| holds(team, end, from) || holds(team, start, to));
        let terms: Vec<(usize, f64)> = clique.map(|team| (team.column, 1.0)).collect();
        if terms.iter().map(|(column, _)| values[*column]).sum::<f64>() > 1.0 + 1e-4 {
            rows.push(terms);
        }
    }
    rows
}
