//! Claims: the leximin of the LP relaxation, by water-filling. No integer plan stands fairer, so it is the certificate.
//!
//! Raise the common level t of all organizations that are still rising: max t with `G_o − w_o·t ≥ −h_o`. Those whose
//! row has a dual at the (interior) optimum can rise no further; their level is fixed at t, and the rest rises on.
//! Ogryczak, Pióro, Tomaszewski, "Telecommunications network design and max-min optimization problem", 2005.

use crate::bounds::{cuts, safe_bound};
use crate::levels::SAME;
use crate::program::{Answer, Program, Verdict};
use crate::search::{Search, StageProgram};
use crate::world::World;
use domain::plan::Stage;
use highs::Sense;

/// A row with a smaller dual does not block. The duals of the climbing rows, weighted, add up to 1.
const DUAL_MIN: f64 = 1e-4;

/// Steps of the guess.
const STEPS: usize = 8;

pub struct Claims {
    /// Minutes by organization in tiers up to this one; a bound on the sorted levels when `complete`.
    pub minutes: Vec<f64>,
    pub complete: bool,
}

pub fn water_filling(search: &mut Search, tier: usize, seconds: f64) -> Claims {
    let began = search.run.elapsed();
    let members = &search.model.world.instance.organizations;
    let stage = search.stage(tier, Sense::Maximise);
    let mut water = Water {
        stage,
        level: 0,
        caps: search.caps(tier),
        minutes: vec![0.0; members.len()],
        full: Vec::new(),
    };
    water.level = water.stage.column(0.0, f64::INFINITY, 1.0);
    let (rows, columns) = (
        water.stage.program.rows.len() as i64,
        water.stage.program.columns.len() as i64,
    );
    let mut rising: Vec<usize> = (0..members.len()).collect();
    water.guess(search, tier, seconds * 0.4);
    while !rising.is_empty() {
        let left = seconds - (search.run.elapsed() - began);
        let Some(settled) = water.rise(search, tier, &rising, left) else {
            break;
        };
        rising.retain(|organization| !settled.contains(organization));
    }
    let complete = rising.is_empty();
    search.proved &= complete;
    let minutes = water.minutes;
    let levels = minutes
        .iter()
        .zip(members)
        .map(|(minutes, member)| (member.history as f64 + minutes) / member.weight);
    let lowest = levels.fold(f64::INFINITY, f64::min);
    let name = format!("tier {} claims", search.model.tiers[tier]);
    let gap = if complete {
        0.0
    } else {
        rising.len() as f64 / members.len() as f64
    };
    let seconds = search.run.elapsed() - began;
    search.run.close(Stage {
        name,
        value: lowest,
        bound: lowest,
        gap,
        seconds,
        rows,
        columns,
    });
    Claims { minutes, complete }
}

struct Water {
    stage: StageProgram,
    /// The column of t.
    level: usize,
    /// Most minutes that each organization could have.
    caps: Vec<f64>,
    minutes: Vec<f64>,
    /// Organizations that are probably content with their cap.
    full: Vec<usize>,
}

impl Water {
    /// One concave program in place of many rises: halving the worth of a minute from step to step of the level
    /// comes close to leximin, and shows who will be full.
    fn guess(&mut self, search: &mut Search, tier: usize, seconds: f64) {
        let world = search.model.world;
        let members = &world.instance.organizations;
        let least = |n: usize| level_of(world, n, 0.0);
        let caps = || (0..members.len()).map(|n| level_of(world, n, self.caps[n]));
        let low = (0..members.len()).map(least).fold(f64::INFINITY, f64::min);
        let step = ((caps().fold(0.0, f64::max) - low) / STEPS as f64).max(1e-3);
        let mut stage = search.stage(tier, Sense::Maximise);
        for (n, member) in members.iter().enumerate() {
            let mut terms = vec![(search.model.granted[n][tier], -1.0)];
            for k in 0..STEPS {
                let from = (low + step * k as f64).max(least(n));
                let until = low + step * (k + 1) as f64;
                if from < until {
                    let most = (until - from) * member.weight + 1e-6;
                    terms.push((stage.column(0.0, most, 0.5_f64.powi(k as i32)), 1.0));
                }
            }
            stage.program.equal(0.0, terms);
        }
        let answer = search.relaxed(&mut stage, seconds);
        if answer.verdict == Verdict::Proved {
            let short = |n: &usize| self.caps[*n] - answer.values[search.model.granted[*n][tier]];
            let full = |n: &usize| short(n) <= 1e-3 * (1.0 + self.caps[*n]);
            self.full = (0..members.len()).filter(full).collect();
        }
    }

    /// One rise of the common level; gives who is settled by it, or `None` when time is out.
    ///
    /// Those who are probably full are first taken to be content: they get their cap,
    /// and only the others rise. If the level passes every such cap, they are content indeed, since whoever is
    /// fairer would have to give them at least as much; otherwise those with a cap above the level rise too.
    fn rise(&mut self, search: &mut Search, tier: usize, rising: &[usize], seconds: f64) -> Option<Vec<usize>> {
        let world = search.model.world;
        let began = search.run.elapsed();
        let mut content: Vec<usize> = rising.iter().copied().filter(|n| self.full.contains(n)).collect();
        loop {
            let left = seconds - (search.run.elapsed() - began);
            let climbing: Vec<usize> = rising.iter().copied().filter(|n| !content.contains(n)).collect();
            let (answer, rows, loose) = self.solved(search, tier, &climbing, &content, left);
            if answer.verdict == Verdict::Infeasible && !content.is_empty() {
                content.clear();
                continue;
            }
            if answer.verdict != Verdict::Proved {
                return None;
            }
            let reached = if climbing.is_empty() {
                f64::INFINITY
            } else {
                answer.values[self.level]
            };
            let passed = |n: &usize| level_of(world, *n, self.caps[*n]) <= reached + SAME * (1.0 + reached.abs());
            if !content.iter().all(passed) {
                content.retain(passed);
                // Without the demands of those who did not pass, is the level still the highest? The duals know.
                if !self.is_highest(&loose, &answer, reached) {
                    continue;
                }
            }
            for organization in rising {
                self.minutes[*organization] = answer.values[search.model.granted[*organization][tier]].max(0.0);
            }
            return Some(self.settle(search, tier, &answer, rows, &climbing, content));
        }
    }

    fn is_highest(&self, loose: &Program, answer: &Answer, reached: f64) -> bool {
        if !reached.is_finite() {
            return false;
        }
        let mut loose = loose.clone();
        loose.columns[self.level].upper = 2.0 * reached.abs() + 1.0;
        let bound = safe_bound(&loose, Sense::Maximise, &self.stage.cost, &answer.row_duals);
        bound <= reached + 1e-5 * (1.0 + reached.abs())
    }

    /// The program with a row for each climbing organization; the index of the first such row.
    fn solved(
        &mut self,
        search: &mut Search,
        tier: usize,
        climbing: &[usize],
        content: &[usize],
        seconds: f64,
    ) -> (Answer, usize, Program) {
        let members = &search.model.world.instance.organizations;
        let base = self.stage.program.clone();
        // Without anybody climbing the level would be unbounded.
        self.stage.program.columns[self.level].upper = if climbing.is_empty() { 0.0 } else { f64::INFINITY };
        for organization in content {
            let column = &mut self.stage.program.columns[search.model.granted[*organization][tier]];
            column.lower = column.lower.max(self.caps[*organization] - 1e-6);
        }
        let first = self.stage.program.rows.len();
        for organization in climbing {
            let granted = search.model.granted[*organization][tier];
            let terms = vec![(granted, 1.0), (self.level, -members[*organization].weight)];
            self.stage
                .program
                .at_least(-(members[*organization].history as f64), terms);
        }
        let answer = search.relaxed(&mut self.stage, seconds);
        if answer.verdict == Verdict::Proved {
            let columns: Vec<usize> = search.model.granted.iter().map(|columns| columns[tier]).collect();
            let own = |row: usize| row < first || first + climbing.len() <= row;
            search
                .cuts
                .extend(cuts(&self.stage.program, &columns, &answer.row_duals, own));
        }
        let loose = Program {
            columns: base.columns.clone(),
            rows: self.stage.program.rows.clone(),
        };
        // Travel rows that were added stay; the rows of the rise go.
        let cuts = self.stage.program.rows.split_off(first + climbing.len());
        self.stage.program = base;
        self.stage.program.rows.extend(cuts);
        (answer, first, loose)
    }

    /// Fixes the content at their caps and the blocked at the level reached.
    fn settle(
        &mut self,
        search: &Search,
        tier: usize,
        answer: &Answer,
        first: usize,
        climbing: &[usize],
        content: Vec<usize>,
    ) -> Vec<usize> {
        let members = &search.model.world.instance.organizations;
        let reached = answer.values[self.level];
        let dual = |n: usize| answer.row_duals[first + n].abs() * members[climbing[n]].weight;
        let highest = (0..climbing.len()).map(dual).fold(0.0, f64::max);
        let blocked = (0..climbing.len())
            .filter(|n| dual(*n) >= highest.min(DUAL_MIN))
            .map(|n| climbing[n]);
        let claims: Vec<(usize, f64)> = blocked
            .map(|n| (n, (reached * members[n].weight - members[n].history as f64).max(0.0)))
            .chain(content.into_iter().map(|n| (n, self.caps[n])))
            .collect();
        for (organization, claim) in &claims {
            self.minutes[*organization] = *claim;
            let column = &mut self.stage.program.columns[search.model.granted[*organization][tier]];
            column.lower = column.lower.max(claim - 1e-6 * (1.0 + claim));
        }
        claims.into_iter().map(|(organization, _)| organization).collect()
    }
}

fn level_of(world: &World, organization: usize, minutes: f64) -> f64 {
    let member = &world.instance.organizations[organization];
    (member.history as f64 + minutes) / member.weight
}
