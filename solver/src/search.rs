//! The state of a search: the model, the best lessons so far, and how a stage is solved.
//!
//! Every stage solves a copy of the base program with rows and columns of its own. Values become lessons, lessons go
//! before the referee, and only what passes and is not less fair replaces the best. Travel rows that turn out to be
//! broken are added to the base, and the stage is solved again.

use crate::bounds::Cut;
use crate::compress::Compressed;
use crate::contest::{Contest, Standing};
use crate::greedy::{beside, plan_from, plan_of};
use crate::levels::{fairer, granted, standing};
use crate::live::SIMPLEX_COLUMNS_MAX;
use crate::model::Model;
use crate::opening::rechained;
use crate::pins::breaks_pins;
use crate::placement::Place;
use crate::program::{Answer, Ask, Kind, Program, Row, Verdict};
use crate::regained::regained;
use crate::solve::{Run, broken};
use crate::trades::Trades;
use crate::world::Lesson;
use crate::{solution, travel};
use highs::Sense;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub struct Search<'s, 'r> {
    pub run: &'s mut Run<'r>,
    pub model: Model<'r>,
    pub compressed: &'s Compressed,
    pub trades: &'s Trades,
    /// Candidate places of each request on the starts that matter, for filling up.
    pub places: &'s [Vec<Place>],
    pub best: Vec<Lesson>,
    /// Whether every stage so far is proved.
    pub proved: bool,
    /// What is known of the minutes of the organizations in the tier at hand.
    pub cuts: Vec<Cut>,
    /// What is still to be decided in it.
    pub contest: Option<Contest>,
    /// Small programs that may be solved at once.
    pub side_by_side: usize,
    /// Neighbourhoods searched so far, so that the next search goes on with others.
    pub turn: usize,
}

/// A base program with what a stage adds, and its objective.
pub struct StageProgram {
    pub program: Program,
    pub cost: Vec<f64>,
    pub sense: Sense,
}

impl StageProgram {
    pub fn column(&mut self, lower: f64, upper: f64, cost: f64) -> usize {
        self.cost.push(cost);
        self.program.column(lower, upper, false)
    }

    /// What values are worth; more is better whatever the sense.
    pub fn worth(&self, values: &[f64]) -> f64 {
        let sum: f64 = values.iter().zip(&self.cost).map(|(value, cost)| value * cost).sum();
        if matches!(self.sense, Sense::Maximise) {
            sum
        } else {
            -sum
        }
    }
}

impl<'r> Search<'_, 'r> {
    /// The base on the starts that matter, without the lessons of later tiers: they count for nothing yet. Who has
    /// pins keeps all its columns.
    pub fn stage(&self, tier: usize, sense: Sense) -> StageProgram {
        let mut stage = self.whole_stage(sense);
        for (column, p) in self.model.placements.iter().enumerate() {
            if self.is_later(p.request, tier) || self.compressed.leaves_out(p.request, p.start) {
                stage.program.columns[column].upper = 0.0;
            }
        }
        self.model.close_groups(&mut stage.program);
        stage
    }

    /// The same with the lessons of trades that are still to be decided; in every other trade, those that stand no
    /// worse than `decided`, each organization has one column for the minutes that it could have. What holds for
    /// every solution of this holds for every plan.
    pub fn contested(&self, tier: usize, sense: Sense, decided: Standing) -> StageProgram {
        let Some(contest) = &self.contest else {
            return self.stage(tier, sense);
        };
        let mut stage = self.whole_stage(sense);
        for (column, p) in self.model.placements.iter().enumerate() {
            let column = &mut stage.program.columns[column];
            if contest.standing(self.trades.of[p.request]) <= decided {
                (column.lower, column.upper) = (0.0, 0.0);
            } else if self.is_later(p.request, tier) || self.compressed.leaves_out(p.request, p.start) {
                column.upper = 0.0;
            }
        }
        for (organization, rows) in self.model.granted_rows.iter().enumerate() {
            let mut before = None;
            for (tier, row) in rows.iter().enumerate().take(tier + 1) {
                let most = contest.most_where(decided, organization, tier);
                let given = stage.column(0.0, most, 0.0);
                stage.program.rows[*row].terms.push((given, 1.0));
                if let Some(before) = before.replace(given) {
                    stage.program.rows[*row].terms.push((before, -1.0));
                    stage.program.at_least(0.0, vec![(given, 1.0), (before, -1.0)]);
                }
            }
        }
        self.model.close_groups(&mut stage.program);
        stage
    }

    /// Lessons that a solution of `contested` stands for, with the best ones of the decided trades, which look for other
    /// places where a cohort or a person is in both. Also the decided trades that lose a lesson by it after all.
    pub fn completed(&self, values: &[f64], decided: Standing, tier: usize) -> (Vec<Lesson>, BTreeSet<usize>) {
        let is_decided = |lesson: &&Lesson| {
            let standing = self
                .contest
                .as_ref()
                .map(|contest| contest.standing(self.trades.of[lesson.request]));
            standing.is_some_and(|standing| standing <= decided)
        };
        let found = solution::lessons(&self.model, values);
        let rest: Vec<Lesson> = self.best.iter().filter(is_decided).cloned().collect();
        let wanted = [found.clone(), rest.clone()].concat();
        let kept = beside(self.model.world, &found, &rest);
        let losers = self.fewer_in(&kept, &wanted);
        if let Some(lessons) = regained(self, &kept, &wanted, &losers, tier) {
            return (lessons, BTreeSet::new());
        }
        let filled = plan_of(self.model.world, self.places, &found, &rest);
        let lessons = rechained(self.run, self.places, filled.clone());
        let losers = [&lessons, &filled].map(|lessons| self.fewer_in(lessons, &rest));
        let losers = losers.into_iter().find(|losers| !losers.is_empty()).unwrap_or_default();
        (lessons, losers)
    }

    /// Trades in which there are fewer lessons than before, of those that had any.
    fn fewer_in(&self, lessons: &[Lesson], before: &[Lesson]) -> BTreeSet<usize> {
        let count = |lessons: &[Lesson]| {
            let mut counts = vec![0_usize; self.trades.list.len()];
            lessons
                .iter()
                .for_each(|lesson| counts[self.trades.of[lesson.request]] += 1);
            counts
        };
        let pairs = count(lessons).into_iter().zip(count(before)).enumerate();
        pairs
            .filter(|(_, (now, before))| now < before)
            .map(|(trade, _)| trade)
            .collect()
    }

    /// The base with every tier and every start.
    pub fn whole_stage(&self, sense: Sense) -> StageProgram {
        let program = self.model.program.clone();
        let cost = vec![0.0; program.columns.len()];
        StageProgram { program, cost, sense }
    }

    /// The stage without what minutes come to; it prefers more lessons.
    pub fn week(&self, tier: usize) -> StageProgram {
        let mut week = self.stage(tier, Sense::Minimise);
        let minutes: BTreeSet<usize> = self.model.granted.iter().flatten().copied().collect();
        let has_none = |row: &Row| !row.terms.iter().any(|(column, _)| minutes.contains(column));
        week.program.rows.retain(has_none);
        week.program.rows.extend(travel::all(&self.model));
        week.cost[..self.model.placements.len()].fill(-1.0);
        week
    }

    /// Requests of later tiers count for nothing yet, except those with pins.
    pub fn is_later(&self, request: usize, tier: usize) -> bool {
        let world = self.model.world;
        self.model.tiers[tier] < world.request(request).tier && world.requests[request].pinned.is_empty()
    }

    pub fn relaxed(&mut self, stage: &mut StageProgram, seconds: f64) -> Answer {
        let began = self.run.elapsed();
        let kind = if stage.program.columns_used() > SIMPLEX_COLUMNS_MAX {
            Kind::Relaxed
        } else {
            Kind::Vertex
        };
        loop {
            let left = (seconds - (self.run.elapsed() - began)).min(self.run.left());
            let answer = self.solve(stage, kind, left);
            if answer.verdict != Verdict::Proved {
                return answer;
            }
            let rows = travel::add_broken(&mut self.model, &answer.values);
            if !self.extended(stage, &rows) {
                return answer;
            }
        }
    }

    /// The answer of the stage. Whatever lessons it found have been offered.
    pub fn integer(&mut self, stage: &mut StageProgram, warm: Option<Vec<f64>>, tier: usize, seconds: f64) -> Answer {
        let began = self.run.elapsed();
        loop {
            let left = (seconds - (self.run.elapsed() - began)).min(self.run.left());
            let answer = self.solve(
                stage,
                Kind::Integer {
                    warm: warm.as_deref(),
                    nodes: i32::MAX,
                },
                left,
            );
            if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
                return answer;
            }
            if !self.cut(stage, &answer.values) {
                let lessons = solution::lessons(&self.model, &answer.values);
                self.offer(lessons, tier);
                return answer;
            }
            let lessons = solution::lessons(&self.model, &answer.values);
            self.offer(plan_from(self.model.world, self.places, &lessons), tier);
        }
    }

    /// What HiGHS says of a stage.
    pub fn solve(&self, stage: &StageProgram, kind: Kind, seconds: f64) -> Answer {
        let options = self.run.options;
        let (sense, threads, seed) = (stage.sense, options.threads, options.seed);
        stage.program.solve(&Ask {
            sense,
            cost: &stage.cost,
            kind,
            seconds,
            threads,
            seed,
            meter: &self.run.meter,
            cancelled: &|| self.run.is_overdue(),
        })
    }

    /// Where whole lessons break a way between two sites, adds that person's rows to base and stage. True if there was
    /// one.
    pub fn cut(&mut self, stage: &mut StageProgram, values: &[f64]) -> bool {
        let rows = travel::add_all_of_broken(&mut self.model, values);
        self.extended(stage, &rows)
    }

    /// Puts new rows of the base to a stage; true if there are any.
    fn extended(&self, stage: &mut StageProgram, rows: &[usize]) -> bool {
        let new = rows.iter().map(|row| self.model.program.rows[*row].clone());
        stage.program.rows.extend(new);
        !rows.is_empty()
    }

    /// Takes lessons that are sound and fairer in the tiers up to this one, after filling up with the rest. While the best
    /// lessons are not sound themselves, any that are sound are fairer.
    pub fn offer(&mut self, lessons: Vec<Lesson>, tier: usize) -> bool {
        let world = self.model.world;
        let counted = |lessons: &[Lesson]| {
            let mut levels = standing(world, lessons);
            levels.truncate(tier + 1);
            levels
        };
        let is_fairer = |lessons: &[Lesson]| {
            let order = fairer(&counted(lessons), &counted(&self.best));
            order == Ordering::Greater || breaks_pins(world, &self.best)
        };
        if !is_fairer(&lessons) {
            return false;
        }
        let full = plan_from(world, self.places, &lessons);
        let keeps = is_fairer(&full);
        let better = [full, lessons]
            .into_iter()
            .zip([keeps, true])
            .find(|(plan, keeps)| *keeps && broken(world, plan).is_empty());
        let taken = better.is_some();
        self.best = better.map_or_else(|| std::mem::take(&mut self.best), |(plan, _)| plan);
        taken
    }

    /// Takes lessons that stand equal in fairness, for a stage after fairness.
    pub fn settle(&mut self, lessons: Vec<Lesson>) -> bool {
        let world = self.model.world;
        let order = fairer(&standing(world, &lessons), &standing(world, &self.best));
        let taken = (order.is_ge() || breaks_pins(world, &self.best)) && broken(world, &lessons).is_empty();
        if taken {
            self.best = lessons;
        }
        taken
    }

    /// The best lessons of tiers up to this one as values of the base, if they have columns.
    pub fn warm(&self, tier: usize) -> Option<Vec<f64>> {
        let counts = |lesson: &&Lesson| !self.is_later(lesson.request, tier);
        let lessons: Vec<Lesson> = self.best.iter().filter(counts).cloned().collect();
        solution::values(&self.model, &lessons)
    }

    /// Most minutes that each organization could have in tiers up to this one: what it asked and can be placed at
    /// all, within its quota.
    pub fn caps(&self, tier: usize) -> Vec<f64> {
        let cap = |columns: &Vec<usize>| self.model.program.columns[columns[tier]].upper;
        self.model.granted.iter().map(cap).collect()
    }

    /// Whether everybody has all that they could have, so that nothing is left to decide.
    pub fn everybody_full(&self, tier: usize) -> bool {
        let now = granted(self.model.world, &self.best, self.model.tiers[tier]);
        self.caps(tier)
            .iter()
            .zip(now)
            .all(|(cap, now)| *cap <= now as f64 + 1e-6)
    }

    /// Finds out what is contested, and lowers everybody's cap to what can be had in the trades.
    pub fn look_at_trades(&mut self, tier: usize, seconds: f64) {
        let tiers = &self.model.tiers[..=tier];
        let known = (self.best.as_slice(), self.contest.as_ref());
        let contest = Contest::of(self.run, self.trades, tiers, known, seconds);
        for (organization, columns) in self.model.granted.iter().enumerate() {
            for (tier, column) in columns.iter().enumerate().take(tier + 1) {
                let column = &mut self.model.program.columns[*column];
                column.upper = column.upper.min(contest.most(organization, tier));
            }
        }
        self.contest = Some(contest);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::greedy;
    use crate::solve::tests::{options, run};
    use crate::world::World;
    use domain::instance::Instance;

    /// What is found with the search of a week that has no lessons yet.
    pub fn searched<T>(instance: &Instance, find: impl FnOnce(&mut Search) -> T) -> T {
        let world = World::new(instance);
        let model = Model::new(&world);
        let (compressed, trades) = (Compressed::of(&world, &model.needs), Trades::of(&world, &model.needs));
        let places = greedy::places(&world);
        let (options, mut progress) = (options(), |_| {});
        let mut run = run(&world, &options, &mut progress);
        find(&mut Search {
            run: &mut run,
            model,
            compressed: &compressed,
            trades: &trades,
            places: &places,
            best: Vec::new(),
            proved: true,
            cuts: Vec::new(),
            contest: None,
            side_by_side: 1,
            turn: 0,
        })
    }
}
