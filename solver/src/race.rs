//! Several questions under way at once, and one question asked in several ways.
//!
//! How long HiGHS takes to find a solution that exists depends more on luck than on the question: three seconds or one,
//! by the seed. That there is none is shown sooner. So a free thread asks the next question as long as the first one is
//! fresh, and then the first one another way: by sums (`counts`), with another seed, another objective, or its root by
//! interior point; the first answer counts, and whoever else is at it ends. Where work is counted in place of time, each
//! question is asked once and answers are taken in order, since which one comes first is an accident.

use crate::counts::Counts;
use crate::part::Part;
use crate::program::{Answer, Ask, Kind, Program, Root, Running, Verdict};
use crate::search::{Search, StageProgram};
use highs::Sense;
use std::sync::Arc;
use std::time::Duration;

/// Ways to ask one question.
const WAYS_MAX: usize = 6;
/// After so many seconds a question is asked another way.
const FRESH: f64 = 1.0;
/// After so many, more than one thread is at it.
const LONG: f64 = 2.0;
/// Both are for programs of up to so many columns; of larger ones, answers take longer than in proportion.
const USUAL_COLUMNS: f64 = 10_000.0;
/// How long one runner is listened to before the next one.
const LISTEN: Duration = Duration::from_millis(4);
/// Shorter than that nothing is asked.
const SECONDS_MIN: f64 = 0.1;

/// A program that is asked to its end.
pub struct Asked<'q> {
    program: &'q Program,
    cost: &'q [f64],
    sense: Sense,
    /// What it takes to ask by sums.
    counts: Option<Arc<Counts>>,
}

impl<'q> Asked<'q> {
    pub fn whole(stage: &'q StageProgram, counts: Option<Arc<Counts>>) -> Self {
        Self {
            counts,
            program: &stage.program,
            cost: &stage.cost,
            sense: stage.sense,
        }
    }

    pub fn part(part: &'q Part, sense: Sense) -> Self {
        Self {
            counts: None,
            program: &part.program,
            cost: &part.cost,
            sense,
        }
    }
}

impl Asked<'_> {
    /// How the question with this number is asked for the n-th time: by sums, or all at once in the n-th way. The first
    /// one, which is the likeliest to have an answer, begins with sums; the others are refuted sooner at once.
    fn way(&self, question: usize, n: usize) -> (Option<&Arc<Counts>>, usize) {
        let sums_at = usize::from(0 < question);
        match &self.counts {
            Some(counts) if n == sums_at => (Some(counts), 0),
            Some(_) if sums_at < n => (None, n - 1),
            _ => (None, n),
        }
    }
}

pub struct Race<'q> {
    questions: Vec<Asked<'q>>,
    /// How often each was asked.
    ways: Vec<usize>,
    open: Vec<bool>,
    runners: Vec<(usize, Running)>,
    /// When each was asked first.
    since: Vec<f64>,
    began: f64,
    seconds: f64,
    /// What `FRESH` and `LONG` are multiplied by.
    size: f64,
}

impl<'q> Race<'q> {
    pub fn of(search: &Search, questions: Vec<Asked<'q>>, seconds: f64) -> Self {
        let count = questions.len();
        let columns = questions.iter().map(|asked| asked.program.columns_used()).max();
        Self {
            size: (columns.unwrap_or(0) as f64 / USUAL_COLUMNS).max(1.0).powi(2),
            questions,
            ways: vec![0; count],
            open: vec![true; count],
            runners: Vec::new(),
            since: vec![0.0; count],
            began: search.run.elapsed(),
            seconds,
        }
    }

    /// The next answer, whichever question it is to; `None` where no more is to be had in time.
    pub fn next(&mut self, search: &Search) -> Option<(usize, Answer)> {
        let in_order = search.run.meter.is_counting();
        loop {
            if !in_order {
                self.give_up_others(search);
            }
            while self.runners.len() < search.side_by_side {
                let Some(question) = self.chosen(search, in_order) else {
                    break;
                };
                self.ask(search, question);
            }
            let heard = if in_order { 1 } else { self.runners.len() };
            let answer = (0..heard.min(self.runners.len())).find_map(|runner| {
                let (question, running) = &self.runners[runner];
                let answer = running.within(self.questions[*question].program, LISTEN)?;
                Some((runner, *question, answer))
            });
            if let Some((runner, question, answer)) = answer {
                self.runners.remove(runner);
                let others = self.runners.iter().any(|(other, _)| *other == question);
                let asked_by_sums = self.questions[question].way(question, self.ways[question] - 1).0;
                match answer.verdict {
                    Verdict::Nothing if others => {}
                    // All at once may say more.
                    Verdict::Nothing if asked_by_sums.is_some() => self.ask(search, question),
                    _ => {
                        self.open[question] = false;
                        self.runners.retain(|(other, _)| *other != question);
                        return Some((question, answer));
                    }
                }
            } else if self.runners.is_empty() || search.run.is_overdue() || self.is_late(search) {
                return None;
            }
        }
    }

    /// Where the first open question has been under way for long, in one way only, whoever is at another one gives it up.
    fn give_up_others(&mut self, search: &Search) {
        let Some(first) = (0..self.open.len()).find(|question| self.open[*question]) else {
            return;
        };
        let is_hard = self.ways[first] == 1 && LONG * self.size < search.run.elapsed() - self.since[first];
        if is_hard && self.runners.len() >= search.side_by_side {
            for (question, _) in self.runners.extract_if(.., |(question, _)| *question != first) {
                self.ways[question] = 0;
            }
        }
    }

    /// What a free thread asks: the next question, or the first open one another way.
    fn chosen(&self, search: &Search, in_order: bool) -> Option<usize> {
        let now = search.run.elapsed();
        if self.seconds - (now - self.began) < SECONDS_MIN {
            return None;
        }
        let first = (0..self.open.len()).find(|question| self.open[*question])?;
        let is_stale =
            0 < self.ways[first] && FRESH * self.size < now - self.since[first] && self.ways[first] < WAYS_MAX;
        let next = self.ways.iter().position(|ways| *ways == 0);
        if in_order {
            next
        } else {
            Some(first).filter(|_| is_stale).or(next)
        }
    }

    fn ask(&mut self, search: &Search, question: usize) {
        let asked = &self.questions[question];
        let way = self.ways[question];
        self.ways[question] += 1;
        let now = search.run.elapsed();
        if way == 0 {
            self.since[question] = now;
        }
        let seconds = self.seconds - (now - self.began);
        let counted: Vec<f64>;
        let (counts, way) = asked.way(question, way);
        let cost = if counts.is_some() || way.is_multiple_of(3) {
            asked.cost
        } else {
            counted = asked.cost.iter().map(|cost| cost.round()).collect();
            &counted
        };
        let ask = Ask {
            sense: asked.sense,
            cost,
            kind: Kind::Question {
                root: if way % 3 == 2 { Root::Interior } else { Root::Simplex },
            },
            seconds,
            threads: 1,
            seed: search.run.options.seed.wrapping_add(way as i64),
            meter: &search.run.meter,
            cancelled: search.run.cancelled,
        };
        let running = match counts {
            Some(counts) => counts.start(asked.program, &ask),
            None => asked.program.start(&ask),
        };
        self.runners.extend(running.map(|running| (question, running)));
    }

    /// HiGHS may pass its own limit.
    fn is_late(&self, search: &Search) -> bool {
        let taken = search.run.elapsed() - self.began;
        !search.run.meter.is_counting() && self.seconds * 1.5 + 5.0 < taken
    }
}
