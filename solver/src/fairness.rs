//! Fairness, tier by tier: claims, the fair integer plan, the exact order, each fixed by bounds before the next.
//!
//! The fair integer plan maximises Σ φ_o(G_o) with φ_o concave and piecewise linear: a minute is worth 100 up to 0.8
//! of the claim, 40 up to 0.9, 15 up to the claim and 1 beyond. Among the lesson-sized plans it finds one close to
//! the claims quickly; which of them is leximin is `ladder`'s business. Rows keep the lower half of the levels from
//! getting worse (`ladder::shortfalls`), so that what it finds is also fairer in the order that counts.

use crate::claims::{Claims, water_filling};
use crate::ladder::{exact_order, shortfalls};
use crate::levels::{SAME, ascending, granted};
use crate::model::Model;
use crate::near::improve_near;
use crate::placement::{Candidates, Place};
use crate::program::{Column, Verdict};
use crate::quality;
use crate::search::{Search, StageProgram};
use crate::solve::{Run, relative_gap};
use crate::world::Lesson;
use domain::plan::Stage;
use highs::Sense;

/// More candidate placements than this are left to the baseline: the program would not be read in time.
const PLACEMENTS_MAX: usize = 400_000;
const ENTRIES_MAX: usize = 8_000_000;
/// Larger programs are improved piece by piece from the start.
const WHOLE_COLUMNS_MAX: usize = 40_000;
/// Part of a claim and what a minute within it is worth.
const SLOPES: [(f64, f64); 3] = [(0.8, 100.0), (0.1, 40.0), (0.1, 15.0)];

/// The fairest lessons found, and whether every stage is proved.
pub fn improved<'r>(run: &mut Run<'r>, places: &[Vec<Place>], baseline: Vec<Lesson>) -> (Vec<Lesson>, bool) {
    let world = run.world;
    let candidates: Vec<Candidates> = (0..world.requests.len()).map(|n| Candidates::of(world, n)).collect();
    if candidates.iter().map(|domain| domain.places.len()).sum::<usize>() > PLACEMENTS_MAX {
        return (baseline, false);
    }
    let model = Model::new(world, &candidates);
    if model.program.entries() > ENTRIES_MAX {
        return (baseline, false);
    }
    let mut search = Search {
        run,
        model,
        places,
        best: baseline,
        proved: true,
    };
    for tier in 0..search.model.tiers.len() {
        let seconds = share(&search, tier);
        one_tier(&mut search, tier, seconds);
        fix(&mut search, tier);
    }
    quality::granted(&mut search);
    quality::quality(&mut search);
    (search.best, search.proved)
}

/// Seconds for a tier: by what it asks beside the tiers after it; the quality stage keeps a part of the budget.
fn share(search: &Search, tier: usize) -> f64 {
    let tiers = &search.model.tiers;
    let world = search.model.world;
    let asked = |tier: i64| {
        let own = (0..world.requests.len()).filter(|n| world.request(*n).tier == tier);
        own.map(|n| world.minutes(n) * world.request(n).lessons).sum::<i64>() as f64
    };
    let all: f64 = tiers.iter().map(|tier| asked(*tier)).sum();
    let weight = |tier: &i64| asked(*tier) + 0.1 * all;
    let rest: f64 = tiers[tier..].iter().map(weight).sum();
    search.run.left() * 0.85 * weight(&tiers[tier]) / rest
}

fn one_tier(search: &mut Search, tier: usize, seconds: f64) {
    let number = search.model.tiers[tier];
    if search.everybody_full(tier) {
        let value: f64 = search.caps(tier).iter().sum();
        let name = format!("tier {number} fairness");
        search.run.close(Stage {
            name,
            value,
            bound: value,
            gap: 0.0,
            seconds: 0.0,
            rows: 0,
            columns: 0,
        });
        return;
    }
    let began = search.run.elapsed();
    let claims = water_filling(search, tier, seconds * 0.4);
    let left = seconds - (search.run.elapsed() - began);
    let finished = fair_plan(search, tier, &claims, left * 0.9);
    let left = seconds - (search.run.elapsed() - began);
    // Where even the sum could not be proved there is little hope for the order.
    exact_order(search, tier, if finished { left } else { left.min(0.1 * seconds) });
}

/// What everybody has in this tier stays the least that they have.
fn fix(search: &mut Search, tier: usize) {
    let minutes = granted(search.model.world, &search.best, search.model.tiers[tier]);
    for (columns, minutes) in search.model.granted.iter().zip(minutes) {
        let column = &mut search.model.program.columns[columns[tier]];
        column.lower = column.lower.max(minutes as f64);
    }
}

/// True when the fair plan is proved to be the best of its kind.
fn fair_plan(search: &mut Search, tier: usize, claims: &Claims, seconds: f64) -> bool {
    let began = search.run.elapsed();
    let (mut stage, warm) = fair_stage(search, tier, claims);
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let whole = stage.program.columns.len() <= WHOLE_COLUMNS_MAX;
    let verdict = if whole {
        search.integer(&mut stage, warm, tier, seconds * 0.6).verdict
    } else {
        Verdict::Nothing
    };
    if verdict != Verdict::Proved {
        let left = seconds - (search.run.elapsed() - began);
        improve_near(search, tier, left, |search| fair_stage(search, tier, claims));
    }
    let minutes = granted(search.model.world, &search.best, search.model.tiers[tier]);
    let value: f64 = minutes
        .iter()
        .zip(&claims.minutes)
        .map(|(granted, claim)| claim.min(*granted as f64))
        .sum();
    let bound: f64 = claims.minutes.iter().sum();
    let name = format!("tier {} fairness", search.model.tiers[tier]);
    let gap = if claims.complete {
        relative_gap(value, bound)
    } else {
        1.0
    };
    let seconds = search.run.elapsed() - began;
    search.run.close(Stage {
        name,
        value,
        bound,
        gap,
        seconds,
        rows,
        columns,
    });
    verdict == Verdict::Proved
}

/// The program of the fair plan, with rows from the best lessons, and these as its values.
fn fair_stage(search: &Search, tier: usize, claims: &Claims) -> (StageProgram, Option<Vec<f64>>) {
    let mut stage = search.stage(tier, Sense::Maximise);
    let mut warm = search.warm();
    for (organization, claim) in claims.minutes.iter().enumerate() {
        let granted = search.model.granted[organization][tier];
        let mut rest = warm.as_ref().map_or(0.0, |values| values[granted]);
        let parts = SLOPES.map(|(part, slope)| (part * claim, slope / 60.0));
        let mut terms = vec![(granted, -1.0)];
        for (upper, slope) in parts.into_iter().chain([(f64::INFINITY, 1.0 / 60.0)]) {
            terms.push((stage.column(0.0, upper, slope), 1.0));
            let piece = rest.min(upper);
            rest -= piece;
            warm.iter_mut().for_each(|values| values.push(piece));
        }
        stage.program.equal(0.0, terms);
    }
    no_worse_below(search, tier, &mut stage, &mut warm);
    (stage, warm)
}

/// `D(u) ≤ D_best(u)` for the lower half of the distinct levels u of the best plan.
fn no_worse_below(search: &Search, tier: usize, stage: &mut StageProgram, warm: &mut Option<Vec<f64>>) {
    let world = search.model.world;
    let levels = ascending(world, &granted(world, &search.best, search.model.tiers[tier]));
    let mut distinct = levels.clone();
    distinct.dedup_by(|a, b| (*a - *b).abs() <= SAME * (1.0 + b.abs()));
    for u in distinct.iter().take(distinct.len().div_ceil(2)) {
        let sum = shortfalls(search, tier, stage, *u, 0.0);
        let most: f64 = levels.iter().map(|level| (u - level).max(0.0)).sum();
        stage.program.at_most(most + SAME * (1.0 + most), sum);
        for (member, columns) in world.instance.organizations.iter().zip(&search.model.granted) {
            let level = |values: &[f64]| (member.history as f64 + values[columns[tier]]) / member.weight;
            warm.iter_mut()
                .for_each(|values| values.push((u - level(values)).max(0.0)));
        }
    }
}

/// A column that cannot change.
pub fn fixed(column: &mut Column, value: f64) {
    (column.lower, column.upper) = (value, value);
}
