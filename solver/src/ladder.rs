//! The exact order: proves the plan's levels leximin from below, or finds a fairer plan.
//!
//! One question for each distinct level (`rungs`), answered as cheaply as it can be: by counting who can rise no
//! further; by a program over the organizations' minutes alone, with the cuts that the claims proved (`bounds`); and by
//! the integer program of the trades that are still contested (`contest`), for as many levels at one time as there are
//! threads (`race`), each asked as if those below it were proved, the lowest by sums first (`counts`). If there is no
//! answer, the level is proved; otherwise the answer is a fairer plan, if it goes with the rest of the week, which may
//! give way to it as long as it loses nothing (`regained`), and the proof goes on from it, without asking again what lies
//! below. Where it does not, what stands in its way is let in: ways between sites, then trades (`linked`), after which
//! fractions of lessons refute most of what is left (`relaxed`).
//! Tried and dropped: cuts from the relaxation for whatever the organizations' program proposes (Benders), since nearly
//! every sum of lessons that it proposes is possible in fractions, and refused only by whole lessons; and the whole week
//! at once, whose relaxation alone takes longer than ten questions of the contested trades.

mod linked;
mod pieces;
mod relaxed;

use crate::contest::{Contest, Standing};
use crate::counts::Counts;
use crate::levels::{ascending, granted};
use crate::program::{Answer, Ask, Kind, Program, Row, Verdict};
use crate::race::{self, Race};
use crate::rungs::{Kept, Question, Rungs, same};
use crate::search::{Search, StageProgram};
use crate::solve::relative_gap;
use crate::travel;
use domain::plan::Stage;
use highs::Sense;
use std::collections::BTreeSet;

/// Seconds for a program over the organizations alone.
const SMALL_SECONDS: f64 = 2.0;
/// Larger programs are asked without the ways that nobody breaks yet.
const WAYS_COLUMNS_MAX: usize = 12_000;
/// Levels that are asked together, as many at one time as there are threads.
const QUESTIONS_MAX: usize = 6;
/// What all minutes together count for beside one organization at a level.
const MINUTES_PART: f64 = 0.4;
/// Part of what is left of a tier's time for the questions at hand.
const ASKED_PART: f64 = 0.7;
/// Proved to the end.
const WHOLE: Kind = Kind::Integer {
    warm: None,
    nodes: i32::MAX,
};

pub fn exact_order(search: &mut Search, tier: usize, seconds: f64) {
    let began = search.run.elapsed();
    let mut walk = Walk::of(search, tier);
    let count = search.model.world.instance.organizations.len();
    let name = format!("tier {} order", search.model.tiers[tier]);
    let mut rank = 0;
    loop {
        let levels = plan_levels(search, tier);
        if search.contest.as_ref().is_some_and(Contest::is_opened) {
            walk.refute_relaxed(search, &levels, seconds - (search.run.elapsed() - began));
        }
        let open = walk.open(search, &levels);
        rank = walk.rank(&levels).max(rank);
        search.run.tell(&name, Some(rank as f64), Some(count as f64));
        let left = seconds - (search.run.elapsed() - began);
        if open.is_empty() || left <= 0.0 || !walk.answered(search, open, &levels, left) {
            break;
        }
    }
    let levels = plan_levels(search, tier);
    let rank = walk.rank(&levels);
    search.proved &= rank == count;
    let (value, bound) = (rank as f64, count as f64);
    search.run.close(Stage {
        name,
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: search.run.elapsed() - began,
        rows: walk.size.0,
        columns: walk.size.1,
    });
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Proved,
    Found,
    /// There is an answer, but it does not go with the rest of the week; trades that were left out would lose lessons.
    Linked(BTreeSet<usize>),
    /// What stood in the way is asked with the rest from now on: ways between sites, or trades that were left out.
    Again,
    Unknown,
}

struct Walk<'w> {
    rungs: Rungs<'w>,
    tier: usize,
    granted: Vec<usize>,
    /// Rows and columns of the largest program.
    size: (i64, i64),
    /// Distinct levels of the plan that are proved, ascending.
    proved: Vec<f64>,
    /// What no plan can have less of: levels, the last of which is proved as soon as all below it are, and how many
    /// stand at or below each.
    known: Vec<Vec<(f64, usize)>>,
    /// What is open although the relaxation was asked, with the trades that are let in.
    unrefuted: Vec<Vec<(f64, usize)>>,
    /// Rows of all ways between sites that take too long, once they are asked with a question.
    ways: Option<Vec<Row>>,
}

/// A level that the cuts alone do not prove, asked for as if those below it were.
struct Open {
    /// The level and all below it.
    thresholds: Vec<f64>,
    asked: Asked,
    /// Levels above it that the cuts prove as soon as it is.
    then: Vec<f64>,
}

impl<'w> Walk<'w> {
    fn of(search: &Search<'_, 'w>, tier: usize) -> Self {
        Self {
            rungs: Rungs::of(search, tier),
            tier,
            granted: search.model.granted.iter().map(|columns| columns[tier]).collect(),
            size: (0, 0),
            proved: Vec::new(),
            known: Vec::new(),
            unrefuted: Vec::new(),
            ways: None,
        }
    }

    /// Levels of the plan that are proved, each organization counted.
    fn rank(&self, levels: &[f64]) -> usize {
        let highest = self.proved.last().copied().unwrap_or(f64::NEG_INFINITY);
        let proved = |level: &&f64| **level < highest || same(**level, highest);
        levels.iter().filter(proved).count()
    }

    /// Notes what the cuts prove, and gives the next open levels.
    fn open(&mut self, search: &Search, levels: &[f64]) -> Vec<Open> {
        let mut distinct = levels.to_vec();
        distinct.dedup_by(|a, b| same(*a, *b));
        let mut open: Vec<Open> = Vec::new();
        let mut thresholds = self.proved.clone();
        for level in distinct {
            if self.proved.iter().any(|proved| same(*proved, level)) {
                continue;
            }
            thresholds.push(level);
            let mut asked = None;
            if !self.is_known(&standing_at(levels, &thresholds)) && !self.refuted(search, levels, &thresholds) {
                if QUESTIONS_MAX <= open.len() {
                    break;
                }
                let mut stage = search.contested(self.tier, Sense::Minimise, Standing::Settled);
                // The lowest one is the likeliest to have an answer, which should not break a way. The others, and large
                // ones, are refuted sooner without these rows.
                if open.is_empty() && stage.program.columns_used() <= WAYS_COLUMNS_MAX {
                    let ways = self.ways.get_or_insert_with(|| travel::all(&search.model));
                    stage.program.rows.extend(ways.iter().cloned());
                }
                asked = self.asked(stage, levels, &thresholds);
            }
            match (asked, open.last_mut()) {
                (Some(asked), _) => open.push(Open {
                    thresholds: thresholds.clone(),
                    asked,
                    then: Vec::new(),
                }),
                (None, Some(before)) => before.then.push(level),
                (None, None) => self.proved.push(level),
            }
        }
        open
    }

    /// Whether what was proved before says so: of the same levels with no fewer at any.
    fn is_known(&self, asked: &[(f64, usize)]) -> bool {
        let covers = |(known, asked): (&(f64, usize), &(f64, usize))| same(known.0, asked.0) && asked.1 <= known.1;
        self.known
            .iter()
            .any(|known| known.len() == asked.len() && known.iter().zip(asked).all(covers))
    }

    /// Answers the open levels; whether it is worth going on, with what was proved or with a fairer plan.
    fn answered(&mut self, search: &mut Search, open: Vec<Open>, levels: &[f64], seconds: f64) -> bool {
        let began = search.run.elapsed();
        let mut open = open;
        for one in &mut open {
            let program = &one.asked.stage.program;
            self.size = (program.rows.len() as i64, program.columns.len() as i64);
            one.asked.hold_to_fewer();
        }
        let counts = Counts::of(search, &open[0].asked.stage, self.tier);
        let questions = open
            .iter()
            .map(|one| race::Asked::whole(&one.asked.stage, counts.clone()));
        let mut race = Race::of(
            search,
            questions.collect(),
            (seconds * ASKED_PART).min(search.run.left()),
        );
        let mut outcomes: Vec<Option<Outcome>> = open.iter().map(|_| None).collect();
        // Until the lowest one that is not proved has its answer.
        while outcomes.iter().find(|outcome| **outcome != Some(Outcome::Proved)) == Some(&None) {
            let Some((question, answer)) = race.next(search) else {
                break;
            };
            let outcome = self.outcome(search, &answer, levels);
            match outcome {
                // Every answer is fairer, whether the levels below it were proved or not.
                Outcome::Found => return true,
                // It stays so when a plan is found that first differs above it.
                Outcome::Proved => self.known.push(standing_at(levels, &open[question].thresholds)),
                Outcome::Again | Outcome::Linked(_) | Outcome::Unknown => {}
            }
            outcomes[question] = Some(outcome);
        }
        drop(race);
        let mut let_in = false;
        for (n, (one, outcome)) in open.into_iter().zip(outcomes).enumerate() {
            let left = seconds - (search.run.elapsed() - began);
            let outcome = match outcome {
                // What was let in for a lower level may stand in the way of this one, too.
                Some(Outcome::Linked(_)) if let_in => return true,
                Some(Outcome::Linked(losers)) => {
                    let_in = true;
                    self.linked(search, levels, (&one.thresholds, losers), left)
                }
                Some(known) => known,
                // Asked once more, now that levels below it are proved.
                None if 0 < n => return true,
                None => Outcome::Unknown,
            };
            match outcome {
                Outcome::Proved => self
                    .proved
                    .extend(one.thresholds.last().copied().into_iter().chain(one.then)),
                Outcome::Found | Outcome::Again => return true,
                Outcome::Linked(_) | Outcome::Unknown => {
                    let left = seconds - (search.run.elapsed() - began);
                    let whole = search.stage(self.tier, Sense::Minimise);
                    if let Some(asked) = self.asked(whole, levels, &one.thresholds) {
                        let level = one.thresholds[one.thresholds.len() - 1];
                        self.piece_by_piece(search, asked, level, left * 0.5);
                    }
                    return plan_levels(search, self.tier) != levels;
                }
            }
        }
        true
    }

    /// What an answer of the trades means.
    fn outcome(&self, search: &mut Search, answer: &Answer, levels: &[f64]) -> Outcome {
        match answer.verdict {
            Verdict::Infeasible => return Outcome::Proved,
            Verdict::Proved | Verdict::Stopped => {}
            Verdict::Nothing => return Outcome::Unknown,
        }
        let (lessons, losers) = search.completed(&answer.values, Standing::Settled, self.tier);
        search.offer(lessons, self.tier);
        if plan_levels(search, self.tier) != levels {
            return Outcome::Found;
        }
        if travel::add_all_of_broken(&mut search.model, &answer.values).is_empty() {
            Outcome::Linked(losers)
        } else {
            Outcome::Again
        }
    }

    /// A stage that asks for as few as can be at the last level; `None` where no plan can be fairer.
    fn asked(&self, stage: StageProgram, levels: &[f64], thresholds: &[f64]) -> Option<Asked> {
        let mut stage = stage;
        let question = self.rungs.ask(&mut stage.program, &self.granted, levels, thresholds);
        let Question::Asked { last, most, added } = question else {
            return None;
        };
        stage.cost.resize(stage.program.columns.len(), 0.0);
        last.iter().for_each(|column| stage.cost[*column] = 1.0);
        // Among the answers, one with many minutes: it is less often followed by another one.
        let minutes: f64 = self
            .granted
            .iter()
            .map(|column| stage.program.columns[*column].upper)
            .sum();
        self.granted
            .iter()
            .for_each(|column| stage.cost[*column] = -MINUTES_PART / minutes.max(1.0));
        Some(Asked {
            stage,
            last,
            most,
            added,
        })
    }

    /// The best lessons as values of the whole stage.
    fn values(&self, search: &Search, asked: &Asked) -> Option<Vec<f64>> {
        let mut values = search.warm(self.tier)?;
        values.resize(asked.stage.program.columns.len(), 0.0);
        for kept in &asked.added {
            values[kept.column] = kept.value(search.model.world, values[self.granted[kept.organization]]);
        }
        Some(values)
    }

    /// Whether the cuts alone leave no fairer plan; then it is known from now on.
    fn refuted(&mut self, search: &Search, levels: &[f64], thresholds: &[f64]) -> bool {
        let refuted = self.cut_off(search, levels, thresholds);
        if refuted {
            self.known.push(standing_at(levels, thresholds));
        }
        refuted
    }

    fn cut_off(&self, search: &Search, levels: &[f64], thresholds: &[f64]) -> bool {
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
            kind: WHOLE,
            seconds: SMALL_SECONDS.min(search.run.left()),
            threads: 1,
            seed: search.run.options.seed,
            meter: &search.run.meter,
            cancelled: &|| search.run.is_overdue(),
        });
        answer.verdict == Verdict::Infeasible
    }
}

/// The question whether a plan can be fairer, put to a stage.
struct Asked {
    stage: StageProgram,
    /// Columns that are 1 for who may stand at or below the last level, and how many may in a fairer plan.
    last: Vec<usize>,
    most: f64,
    added: Vec<Kept>,
}

impl Asked {
    /// Only fairer plans are solutions.
    fn hold_to_fewer(&mut self) {
        let last = self.last.iter().map(|column| (*column, 1.0)).collect();
        self.stage.program.at_most(self.most, last);
    }
}

/// How many of a plan's levels are at or below each of these.
fn standing_at(levels: &[f64], thresholds: &[f64]) -> Vec<(f64, usize)> {
    let count = |v: &f64| levels.iter().filter(|level| **level < *v || same(**level, *v)).count();
    thresholds.iter().map(|v| (*v, count(v))).collect()
}

fn plan_levels(search: &Search, tier: usize) -> Vec<f64> {
    let world = search.model.world;
    ascending(world, &granted(world, &search.best, search.model.tiers[tier]))
}
