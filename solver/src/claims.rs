//! Claims: the leximin of the LP relaxation, by water-filling. No integer plan stands fairer, so it is the certificate.
//!
//! Raise the common level t of all organizations that are still rising: max t with `G_o − w_o·t ≥ −h_o`. Those whose
//! row has a dual at the (interior) optimum can rise no further; their level is fixed at t, and the rest rises on.
//! Ogryczak, Pióro, Tomaszewski, "Telecommunications network design and max-min optimization problem", 2005.
//! The filling needs nothing of the search but the program, so it runs beside it where there is a second thread.

use crate::bounds::{Cut, cuts, safe_bound};
use crate::levels::SAME;
use crate::program::{Answer, Ask, Kind, Program, Verdict};
use crate::search::{Search, StageProgram};
use crate::world::World;
use highs::Sense;

/// A row with a smaller dual does not block. The duals of the climbing rows, weighted, add up to 1.
const DUAL_MIN: f64 = 1e-4;
/// Steps of the guess.
const STEPS: usize = 8;

pub struct Claims {
    /// Minutes by organization in tiers up to this one; a bound on the sorted levels when `complete`.
    pub minutes: Vec<f64>,
    pub complete: bool,
    /// Organizations whose claim is known.
    pub settled: usize,
    pub cuts: Vec<Cut>,
    /// Rows and columns.
    pub size: (i64, i64),
}

impl Claims {
    /// Nothing but what could be had at most.
    pub fn unknown(caps: &[f64]) -> Self {
        Self {
            minutes: caps.to_vec(),
            complete: false,
            settled: 0,
            cuts: Vec::new(),
            size: (0, 0),
        }
    }
}

pub struct Water<'w> {
    world: &'w World,
    stage: StageProgram,
    /// The column of t.
    level: usize,
    /// Columns of the minutes.
    granted: Vec<usize>,
    /// Most minutes that each organization could have.
    caps: Vec<f64>,
    minutes: Vec<f64>,
    /// Organizations that are probably content with their cap.
    full: Vec<usize>,
    cuts: Vec<Cut>,
    /// For one solve.
    seconds: f64,
    threads: u32,
    seed: i64,
}

impl<'w> Water<'w> {
    pub fn of(search: &Search<'_, 'w>, tier: usize, threads: u32) -> Self {
        let mut stage = search.stage(tier, Sense::Maximise);
        let level = stage.column(0.0, f64::INFINITY, 1.0);
        let caps = search.caps(tier);
        Self {
            world: search.model.world,
            stage,
            level,
            granted: search.model.granted.iter().map(|columns| columns[tier]).collect(),
            minutes: caps.clone(),
            caps,
            full: Vec::new(),
            cuts: Vec::new(),
            seconds: search.run.left(),
            threads,
            seed: search.run.options.seed,
        }
    }

    /// Fills until all are settled or the answer is no longer wanted.
    pub fn filled(mut self, cancelled: &dyn Fn() -> bool) -> Claims {
        let mut rising: Vec<usize> = (0..self.caps.len()).collect();
        if !cancelled() {
            self.guess(cancelled);
        }
        while !rising.is_empty() && !cancelled() {
            let Some(settled) = self.rise(&rising, cancelled) else {
                break;
            };
            rising.retain(|organization| !settled.contains(organization));
        }
        Claims {
            complete: rising.is_empty(),
            settled: self.minutes.len() - rising.len(),
            minutes: self.minutes,
            cuts: self.cuts,
            size: (
                self.stage.program.rows.len() as i64,
                self.stage.program.columns.len() as i64,
            ),
        }
    }

    fn solve(&self, program: &Program, cost: &[f64], cancelled: &dyn Fn() -> bool) -> Answer {
        program.solve(&Ask {
            sense: Sense::Maximise,
            cost,
            kind: Kind::Relaxed,
            seconds: self.seconds,
            threads: self.threads,
            seed: self.seed,
            cancelled,
        })
    }

    /// One concave program in place of many rises: halving the worth of a minute from step to step of the level
    /// comes close to leximin, and shows who will be full.
    fn guess(&mut self, cancelled: &dyn Fn() -> bool) {
        let members = &self.world.instance.organizations;
        let least = |n: usize| level_of(self.world, n, 0.0);
        let caps = (0..members.len()).map(|n| level_of(self.world, n, self.caps[n]));
        let low = (0..members.len()).map(least).fold(f64::INFINITY, f64::min);
        let step = ((caps.fold(0.0, f64::max) - low) / STEPS as f64).max(1e-3);
        let mut program = self.stage.program.clone();
        program.columns[self.level].upper = 0.0;
        let mut cost = vec![0.0; program.columns.len()];
        for (n, member) in members.iter().enumerate() {
            let mut terms = vec![(self.granted[n], -1.0)];
            for k in 0..STEPS {
                let from = (low + step * k as f64).max(least(n));
                let until = low + step * (k + 1) as f64;
                if from < until {
                    let most = (until - from) * member.weight + 1e-6;
                    terms.push((program.column(0.0, most, false), 1.0));
                    cost.push(0.5_f64.powi(k as i32));
                }
            }
            program.equal(0.0, terms);
        }
        let answer = self.solve(&program, &cost, cancelled);
        if answer.verdict == Verdict::Proved {
            self.minutes = self
                .granted
                .iter()
                .map(|column| answer.values[*column].max(0.0))
                .collect();
            let full = |n: &usize| self.caps[*n] - self.minutes[*n] <= 1e-3 * (1.0 + self.caps[*n]);
            self.full = (0..members.len()).filter(full).collect();
        }
    }

    /// One rise of the common level; gives who is settled by it, or `None` without an answer.
    ///
    /// Those who are probably full are first taken to be content: they get their cap, and only the others rise. If
    /// the level passes every such cap, they are content indeed, since whoever is fairer would have to give them at
    /// least as much; otherwise those with a cap above the level rise too, unless the duals show that they would not
    /// change it.
    fn rise(&mut self, rising: &[usize], cancelled: &dyn Fn() -> bool) -> Option<Vec<usize>> {
        let mut content: Vec<usize> = rising.iter().copied().filter(|n| self.full.contains(n)).collect();
        loop {
            let climbing: Vec<usize> = rising.iter().copied().filter(|n| !content.contains(n)).collect();
            let climb = self.climb(&climbing, &content, cancelled);
            if climb.answer.verdict == Verdict::Infeasible && !content.is_empty() {
                content.clear();
                continue;
            }
            if climb.answer.verdict != Verdict::Proved {
                return None;
            }
            let passed = |n: &usize| {
                climbing.is_empty()
                    || level_of(self.world, *n, self.caps[*n]) <= climb.reached + SAME * (1.0 + climb.reached.abs())
            };
            if !content.iter().all(passed) {
                content.retain(passed);
                if !self.is_highest(&climb) {
                    continue;
                }
            }
            for organization in rising {
                self.minutes[*organization] = climb.answer.values[self.granted[*organization]].max(0.0);
            }
            return Some(self.settle(&climb, &climbing, content));
        }
    }

    /// Solves with a row for each climbing organization and the caps of the content.
    fn climb(&mut self, climbing: &[usize], content: &[usize], cancelled: &dyn Fn() -> bool) -> Climb {
        let members = &self.world.instance.organizations;
        let mut program = self.stage.program.clone();
        // Without anybody climbing the level would be unbounded.
        program.columns[self.level].upper = if climbing.is_empty() { 0.0 } else { f64::INFINITY };
        let first = program.rows.len();
        for organization in climbing {
            let member = &members[*organization];
            let terms = vec![(self.granted[*organization], 1.0), (self.level, -member.weight)];
            program.at_least(-(member.history as f64), terms);
        }
        let loose = program.clone();
        for organization in content {
            let column = &mut program.columns[self.granted[*organization]];
            column.lower = column.lower.max(self.caps[*organization] - 1e-6);
        }
        let answer = self.solve(&program, &self.stage.cost, cancelled);
        let mut reached = 0.0;
        if answer.verdict == Verdict::Proved {
            reached = answer.values[self.level];
            let found = cuts(&loose, &self.granted, &answer.row_duals, |row| row < first);
            self.cuts.extend(found);
        }
        Climb {
            answer,
            loose,
            first,
            reached,
        }
    }

    /// Whether the level is the highest even without the demands of the content.
    fn is_highest(&self, climb: &Climb) -> bool {
        let mut loose = climb.loose.clone();
        loose.columns[self.level].upper = 2.0 * climb.reached.abs() + 1.0;
        let bound = safe_bound(&loose, Sense::Maximise, &self.stage.cost, &climb.answer.row_duals);
        bound <= climb.reached + 1e-5 * (1.0 + climb.reached.abs())
    }

    /// Fixes the content at their caps and the blocked at the level reached.
    fn settle(&mut self, climb: &Climb, climbing: &[usize], content: Vec<usize>) -> Vec<usize> {
        let members = &self.world.instance.organizations;
        let dual = |n: usize| climb.answer.row_duals[climb.first + n].abs() * members[climbing[n]].weight;
        let highest = (0..climbing.len()).map(dual).fold(0.0, f64::max);
        let blocked = (0..climbing.len())
            .filter(|n| dual(*n) >= highest.min(DUAL_MIN))
            .map(|n| climbing[n]);
        let share = |n: usize| (climb.reached * members[n].weight - members[n].history as f64).max(0.0);
        let claims: Vec<(usize, f64)> = blocked
            .map(|n| (n, share(n)))
            .chain(content.into_iter().map(|n| (n, self.caps[n])))
            .collect();
        for (organization, claim) in &claims {
            self.minutes[*organization] = *claim;
            let column = &mut self.stage.program.columns[self.granted[*organization]];
            column.lower = column.lower.max(claim - 1e-6 * (1.0 + claim));
        }
        claims.into_iter().map(|(organization, _)| organization).collect()
    }
}

/// One solve of a rise.
struct Climb {
    answer: Answer,
    /// The program without the demands of the content.
    loose: Program,
    /// The row of the first climbing organization.
    first: usize,
    reached: f64,
}

fn level_of(world: &World, organization: usize, minutes: f64) -> f64 {
    let member = &world.instance.organizations[organization];
    (member.history as f64 + minutes) / member.weight
}
