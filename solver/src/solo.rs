//! What each organization could have if it were alone: a cap that no plan passes.
//!
//! Taking other lessons away never breaks a rule, pins apart, which stay. So the most that one organization's own
//! lessons can reach, by a small integer program of its own, bounds what it is granted in any plan. Many
//! organizations are held by nothing but themselves (a group that no room seats, two lessons of one class at the
//! only hour); with these caps they are known to be full, and need no program of their own later.

use crate::part::{Index, Part};
use crate::program::{Running, Verdict};
use crate::search::{Search, StageProgram};
use highs::Sense;
use std::collections::BTreeSet;

/// Limits of one organization's program.
const SECONDS_MAX: f64 = 1.0;
const NODES_MAX: i32 = 500;

/// Lowers the caps of a tier.
pub fn lower_caps(search: &mut Search, tier: usize, seconds: f64) {
    let began = search.run.elapsed();
    let mut stage = search.stage(tier, Sense::Maximise);
    let index = Index::of(&stage.program);
    let model = &search.model;
    for columns in &model.granted {
        stage.cost[columns[tier]] = 1.0;
    }
    let mut values: Vec<f64> = stage.program.columns.iter().map(|column| column.lower).collect();
    // Alone, an organization may stand wherever it likes in the tiers before.
    model.kept.iter().for_each(|(_, kept)| values[kept.column] = 1.0);
    let own = own_columns(search);
    let everyone: Vec<usize> = (0..own.len()).filter(|n| !own[*n].is_empty()).collect();
    for some in everyone.chunks(search.run.options.threads.max(1) as usize) {
        let left = (seconds - (search.run.elapsed() - began)).min(search.run.left());
        let mut under_way: Vec<(usize, Part, Running)> = Vec::new();
        for organization in some {
            let part = Part::of(&stage, &index, &values, own[*organization].clone());
            let running = start(search, &stage, &part, left.min(SECONDS_MAX));
            under_way.extend(running.map(|running| (*organization, part, running)));
        }
        for (organization, part, running) in under_way {
            let Some(answer) = running.answer(&part.program, search.run.cancelled) else {
                continue;
            };
            if matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) && answer.bound.is_finite() {
                let column = &mut search.model.program.columns[search.model.granted[organization][tier]];
                column.upper = column.upper.min((answer.bound + 1e-4).floor());
            }
        }
    }
}

fn start(search: &Search, stage: &StageProgram, part: &Part, seconds: f64) -> Option<Running> {
    part.started(search, stage, seconds, NODES_MAX)
}

/// By organization: its placements, all that they take, its days and wholes, its minutes. Ascending.
fn own_columns(search: &Search) -> Vec<Vec<usize>> {
    let model = &search.model;
    let of = |request: usize| model.world.requests[request].organization;
    let mut own: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); model.granted.len()];
    for (column, p) in model.placements.iter().enumerate() {
        let own = &mut own[of(p.request)];
        own.insert(column);
        for groups in [&model.rooms, &model.people] {
            let group = groups.of_column[column].map(|group| &groups.list[group]);
            own.extend(
                group
                    .into_iter()
                    .flat_map(|group| group.offers.iter().filter_map(|(_, column)| *column)),
            );
        }
    }
    for (request, column) in model
        .days
        .iter()
        .map(|((request, _), column)| (request, column))
        .chain(&model.wholes)
    {
        own[of(*request)].insert(*column);
    }
    for (own, granted) in own.iter_mut().zip(&model.granted) {
        if !own.is_empty() {
            own.extend(granted);
        }
    }
    own.into_iter().map(|own| own.into_iter().collect()).collect()
}
