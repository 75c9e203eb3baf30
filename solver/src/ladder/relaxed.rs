//! Levels that even fractions of lessons cannot pass, once trades have been let in.
//!
//! Then the relaxation alone refutes nearly all levels, and a program of its own for each takes its first vertex from
//! scratch: one to four seconds at town, in place of a hundredth. Here the open levels are put to one relaxation that
//! stays with HiGHS (`live`): all rows of a question have one column that loosens them, held at 0 while it is asked.
//! Before trades are let in, hardly any level is refuted so, and it is not asked.

use super::{Walk, standing_at};
use crate::contest::Standing;
use crate::live::{Live, SIMPLEX_COLUMNS_MAX};
use crate::program::{Ask, Kind, Program, Verdict};
use crate::rungs::{Question, same};
use crate::search::Search;
use highs::Sense;

/// One level's question among the others.
struct Put {
    thresholds: Vec<f64>,
    /// What loosens its rows.
    loose: usize,
}

impl Walk<'_> {
    /// Notes which of the open levels, each with all below it, the relaxation refutes.
    pub(super) fn refute_relaxed(&mut self, search: &Search, levels: &[f64], seconds: f64) {
        let open = self.unanswered(search, levels);
        if open.is_empty() {
            return;
        }
        let stage = search.contested(self.tier, Sense::Minimise, Standing::Settled);
        let used = stage.program.columns_used();
        if SIMPLEX_COLUMNS_MAX < used {
            return;
        }
        let mut program = stage.program;
        // Questions may double what HiGHS holds.
        let most = program.columns.len() + used;
        let mut questions: Vec<Put> = Vec::new();
        for thresholds in open {
            if program.columns.len() < most {
                questions.extend(self.put(&mut program, levels, thresholds));
            }
        }
        let ask = Ask {
            sense: Sense::Minimise,
            cost: &vec![0.0; program.columns.len()],
            kind: Kind::Vertex,
            seconds,
            threads: search.run.options.threads,
            seed: search.run.options.seed,
            meter: &search.run.meter,
            cancelled: search.run.cancelled,
        };
        let mut live = Live::of(&program, &ask, &[]).dual();
        for question in questions {
            live.bound(question.loose, 0.0, 0.0);
            let answer = live.solve(&|| search.run.is_overdue());
            live.bound(question.loose, 0.0, f64::INFINITY);
            match answer.verdict {
                Verdict::Infeasible => self.known.push(standing_at(levels, &question.thresholds)),
                Verdict::Proved => self.unrefuted.push(standing_at(levels, &question.thresholds)),
                Verdict::Stopped | Verdict::Nothing => break,
            }
        }
    }

    /// Levels, each with all below it, of which nothing says yet that they are proved as soon as those below are.
    fn unanswered(&mut self, search: &Search, levels: &[f64]) -> Vec<Vec<f64>> {
        let mut distinct = levels.to_vec();
        distinct.dedup_by(|a, b| same(*a, *b));
        let mut open = Vec::new();
        for count in 1..=distinct.len() {
            let thresholds = &distinct[..count];
            let asked = standing_at(levels, thresholds);
            let is_open = !self.proved.iter().any(|proved| same(*proved, distinct[count - 1]))
                && !self.is_known(&asked)
                && !self.unrefuted.contains(&asked)
                && !self.refuted(search, levels, thresholds);
            if is_open {
                open.push(thresholds.to_vec());
            }
        }
        open
    }

    /// Adds a question to the program, its rows loose.
    fn put(&self, program: &mut Program, levels: &[f64], thresholds: Vec<f64>) -> Option<Put> {
        let before = program.rows.len();
        let question = self.rungs.ask(program, &self.granted, levels, &thresholds);
        let Question::Asked { last, most, .. } = question else {
            return None;
        };
        program.at_most(most, last.iter().map(|column| (*column, 1.0)).collect());
        let loose = program.column(0.0, f64::INFINITY, false);
        for row in &mut program.rows[before..] {
            let side = if row.lower.is_finite() { 1.0 } else { -1.0 };
            row.terms.push((loose, side));
        }
        Some(Put { thresholds, loose })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::Compressed;
    use crate::greedy::places;
    use crate::ladder::plan_levels;
    use crate::model::Model;
    use crate::needs::Needs;
    use crate::solve::tests::{options, run};
    use crate::trades::Trades;
    use crate::world::tests::tiny;
    use crate::world::{Lesson, World};
    use domain::time::Span;

    /// Whether the lowest level is refuted of a plan in which only the first of two organizations has its hour, in a week
    /// in which everything is open for so many minutes.
    fn refuted(open: i64) -> bool {
        let mut instance = tiny();
        let hours = || vec![Span::new(480, 480 + open)];
        instance.rooms.iter_mut().for_each(|room| room.open = hours());
        let world = World::new(&instance);
        let needs = Needs::of(&world);
        let (compressed, trades) = (Compressed::of(&world, &needs), Trades::of(&world, &needs));
        let (options, mut progress) = (options(), |_| {});
        let mut run = run(&world, &options, &mut progress);
        let only = Lesson {
            request: 0,
            start: 480,
            room: 0,
            instructors: vec![0],
            pinned: false,
        };
        let search = Search {
            run: &mut run,
            model: Model::new(&world),
            compressed: &compressed,
            trades: &trades,
            places: &places(&world),
            best: vec![only],
            proved: true,
            cuts: Vec::new(),
            contest: None,
            side_by_side: 1,
            turn: 0,
        };
        let mut walk = Walk::of(&search, 0);
        let levels = plan_levels(&search, 0);
        walk.refute_relaxed(&search, &levels, 10.0);
        walk.is_known(&[(0.0, 1)])
    }

    #[test]
    fn of_one_hour_nobody_can_give_both_a_part() {
        assert!(refuted(60));
    }

    #[test]
    fn two_hours_leave_a_fairer_plan() {
        assert!(!refuted(120));
    }
}
