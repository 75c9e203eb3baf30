//! The exact order: proves the plan's levels leximin from below, or finds a fairer plan.
//!
//! One question for each distinct level (`rungs`), answered as cheaply as it can be: by counting who can rise no
//! further; by a program over the organizations' minutes alone, with the cuts that earlier relaxations proved
//! (`bounds`); by the relaxation of the whole, whose dual is a further cut; and only then by the whole integer
//! program. If there is no answer, the level is proved; otherwise the answer is a fairer plan, and the proof goes on
//! from it.

use crate::bounds::{cuts, safe_bound};
use crate::levels::{ascending, granted, level};
use crate::near::{improve_around, offered};
use crate::program::{Ask, Kind, Program, Verdict};
use crate::rungs::{Kept, Question, Rungs, same};
use crate::search::{Search, StageProgram};
use crate::solve::relative_gap;
use domain::plan::Stage;
use highs::Sense;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds for a program over the organizations alone.
const SMALL_SECONDS: f64 = 2.0;
/// Larger programs are first searched piece by piece for a fairer plan.
const PIECES_COLUMNS_MIN: usize = 5_000;

pub fn exact_order(search: &mut Search, tier: usize, seconds: f64) {
    let began = search.run.elapsed();
    let rungs = Rungs::of(search, tier);
    let mut walk = Walk {
        rungs,
        tier,
        granted: search.model.granted.iter().map(|columns| columns[tier]).collect(),
        size: (0, 0),
        rank: 0,
    };
    let count = search.model.world.instance.organizations.len();
    // Levels of the plan that are proved.
    let mut proved: Vec<f64> = Vec::new();
    while walk.rank < count {
        let levels = plan_levels(search, tier);
        let lowest = levels[walk.rank];
        let left = seconds - (search.run.elapsed() - began);
        if !proved.iter().any(|level| same(*level, lowest)) {
            let thresholds: Vec<f64> = proved.iter().copied().chain([lowest]).collect();
            match walk.fairer(search, &levels, &thresholds, left) {
                Outcome::Proved => proved.push(lowest),
                Outcome::Found => continue,
                Outcome::Unknown => break,
            }
        }
        walk.rank = levels
            .iter()
            .filter(|level| **level < lowest || same(**level, lowest))
            .count();
        let name = format!("tier {} order", search.model.tiers[tier]);
        search.run.tell(&name, Some(walk.rank as f64), Some(count as f64));
    }
    search.proved &= walk.rank == count;
    let (value, bound) = (walk.rank as f64, count as f64);
    search.run.close(Stage {
        name: format!("tier {} order", search.model.tiers[tier]),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: search.run.elapsed() - began,
        rows: walk.size.0,
        columns: walk.size.1,
    });
}

enum Outcome {
    Proved,
    Found,
    Unknown,
}

struct Walk<'w> {
    rungs: Rungs<'w>,
    tier: usize,
    granted: Vec<usize>,
    /// Rows and columns of the largest program.
    size: (i64, i64),
    rank: usize,
}

impl Walk<'_> {
    fn fairer(&mut self, search: &mut Search, levels: &[f64], thresholds: &[f64], seconds: f64) -> Outcome {
        let began = search.run.elapsed();
        if self.refuted(search, levels, thresholds) {
            return Outcome::Proved;
        }
        let mut stage = search.stage(self.tier, Sense::Minimise);
        let own = stage.program.rows.len();
        let Question::Asked { last, most, added } =
            self.rungs.ask(&mut stage.program, &self.granted, levels, thresholds)
        else {
            return Outcome::Proved;
        };
        stage.cost.resize(stage.program.columns.len(), 0.0);
        last.iter().for_each(|column| stage.cost[*column] = 1.0);
        self.size = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
        let asked = own..stage.program.rows.len();
        if self.relaxation_refutes(search, &mut stage, asked, most, seconds) || self.refuted(search, levels, thresholds)
        {
            return Outcome::Proved;
        }
        if stage.program.columns.len() > PIECES_COLUMNS_MIN {
            let left = seconds - (search.run.elapsed() - began);
            let around = self.missing_at(search, thresholds[thresholds.len() - 1]);
            self.piece_by_piece(search, &mut stage, &added, &last, (&around, left * 0.5));
            if plan_levels(search, self.tier) != levels {
                return Outcome::Found;
            }
        }
        stage
            .program
            .at_most(most, last.iter().map(|column| (*column, 1.0)).collect());
        let left = seconds - (search.run.elapsed() - began);
        let answer = search.integer(&mut stage, None, self.tier, left);
        match answer.verdict {
            Verdict::Infeasible => Outcome::Proved,
            _ if plan_levels(search, self.tier) != levels => Outcome::Found,
            _ => Outcome::Unknown,
        }
    }

    /// Requests that lack lessons, of the organizations that stand at a level.
    fn missing_at(&self, search: &Search, lowest: f64) -> BTreeSet<usize> {
        let world = search.model.world;
        let number = search.model.tiers[self.tier];
        let now = granted(world, &search.best, number);
        let mut placed: BTreeMap<usize, i64> = BTreeMap::new();
        for lesson in &search.best {
            *placed.entry(lesson.request).or_insert(0) += 1;
        }
        let lacks = |n: &usize| {
            let (asked, organization) = (world.request(*n), world.requests[*n].organization);
            asked.tier <= number
                && placed.get(n).copied().unwrap_or(0) < asked.lessons
                && same(level(world, organization, now[organization]), lowest)
        };
        (0..world.requests.len()).filter(lacks).collect()
    }

    /// Looks for a fairer plan in neighbourhoods of this one, among the trades of some requests.
    fn piece_by_piece(
        &self,
        search: &mut Search,
        stage: &mut StageProgram,
        added: &[Kept],
        last: &[usize],
        (around, seconds): (&BTreeSet<usize>, f64),
    ) {
        let Some(mut values) = search.warm(self.tier) else {
            return;
        };
        values.resize(stage.program.columns.len(), 0.0);
        for kept in added {
            values[kept.column] = kept.value(search.model.world, values[self.granted[kept.organization]]);
        }
        let before: f64 = last.iter().map(|column| values[*column]).sum();
        if stage.program.holds(&values) {
            let values = improve_around(search, stage, values, around, seconds);
            if last.iter().map(|column| values[*column]).sum::<f64>() < before - 0.5 {
                offered(search, &values, self.tier);
            }
        }
    }

    /// Whether the cuts alone leave no fairer plan.
    fn refuted(&self, search: &Search, levels: &[f64], thresholds: &[f64]) -> bool {
        let mut program = Program::default();
        let columns: Vec<usize> = self
            .granted
            .iter()
            .map(|column| {
                let column = search.model.program.columns[*column];
                program.column(column.lower, column.upper, false)
            })
            .collect();
        for cut in &search.cuts {
            let terms = columns.iter().zip(&cut.weights).filter(|(_, weight)| 0.0 < **weight);
            program.at_most(cut.most, terms.map(|(column, weight)| (*column, *weight)).collect());
        }
        let Question::Asked { last, most, .. } = self.rungs.ask(&mut program, &columns, levels, thresholds) else {
            return true;
        };
        program.at_most(most, last.iter().map(|column| (*column, 1.0)).collect());
        let cost = vec![0.0; program.columns.len()];
        let answer = program.solve(&Ask {
            sense: Sense::Minimise,
            cost: &cost,
            kind: Kind::Integer {
                warm: None,
                nodes: i32::MAX,
                gap: 0.0,
            },
            seconds: SMALL_SECONDS.min(search.run.left()),
            threads: 1,
            seed: search.run.options.seed,
            cancelled: search.run.cancelled,
        });
        answer.verdict == Verdict::Infeasible
    }

    /// Whether even fractions of lessons leave no fairer plan; what the duals prove is kept as cuts.
    fn relaxation_refutes(
        &self,
        search: &mut Search,
        stage: &mut StageProgram,
        asked: std::ops::Range<usize>,
        most: f64,
        seconds: f64,
    ) -> bool {
        let answer = search.relaxed(stage, seconds);
        if answer.verdict != Verdict::Proved {
            return false;
        }
        let found = cuts(&stage.program, &self.granted, &answer.row_duals, |row| {
            !asked.contains(&row)
        });
        search.cuts.extend(found);
        // The count is whole.
        safe_bound(&stage.program, stage.sense, &stage.cost, &answer.row_duals) > most + 1e-6
    }
}

fn plan_levels(search: &Search, tier: usize) -> Vec<f64> {
    let world = search.model.world;
    ascending(world, &granted(world, &search.best, search.model.tiers[tier]))
}
