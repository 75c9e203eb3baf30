//! A linear program with integer columns as plain data, and the one place that talks to HiGHS.
//!
//! Data first, because every stage adds rows and columns of its own to the same base and throws them away again.
//! HiGHS is called directly, since good_lp hides the bound, the duals and the options. Every option that matters is
//! set, every status is read. It runs in a thread of its own, so that a solve can be left alone: when it is cancelled,
//! or so late that it must have lost itself, or when the binding panics, there is no answer, and the plan so far
//! stands. What is left alone is told to end. It lacks warm bases: see `live`.

mod said;

use crate::meter::Meter;
use highs::{HighsModelStatus, RowProblem, Sense};
pub(crate) use said::{Hand, Solved, solved_of};
use said::{Limit, Settings};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How often a running solve is asked whether it is still wanted.
const POLL: Duration = Duration::from_millis(50);
/// A solve that takes so many times its budget, and these seconds on top, is left alone.
const LATE: (f64, f64) = (1.5, 5.0);

/// How long an answer is waited for, by counting, since nothing here reads a clock.
pub(crate) struct Patience {
    /// Waits of `POLL` that are left.
    polls: f64,
}

impl Patience {
    /// For what has so many seconds.
    pub fn with(seconds: f64) -> Self {
        Self {
            polls: (seconds * LATE.0 + LATE.1) / POLL.as_secs_f64(),
        }
    }

    /// What comes, unless its sender is gone, or it comes so late that it must have lost itself, or is not wanted.
    pub fn wait<T>(&mut self, answer: &Receiver<T>, unwanted: &dyn Fn() -> bool) -> Option<T> {
        loop {
            match answer.recv_timeout(POLL) {
                Ok(answer) => return Some(answer),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.polls -= 1.0,
            }
            if self.polls < 0.0 || unwanted() {
                return None;
            }
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Program {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub lower: f64,
    pub upper: f64,
    pub integer: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub lower: f64,
    pub upper: f64,
    pub terms: Vec<(usize, f64)>,
    /// What its dual is a price of, for whoever built it (`Model::limits`).
    pub limit: Option<usize>,
}

/// What is asked of a program.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    pub sense: Sense,
    /// By column.
    pub cost: &'a [f64],
    pub kind: Kind<'a>,
    pub seconds: f64,
    pub threads: u32,
    pub seed: i64,
    pub meter: &'a Meter,
    pub cancelled: &'a dyn Fn() -> bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// Without integrality, by interior point; duals are given, of every row that matters.
    Relaxed,
    /// The same by simplex: only the duals of one vertex.
    Vertex,
    /// From a known solution, if there is one; stops after so many nodes of the search tree.
    Integer { warm: Option<&'a [f64]>, nodes: i32 },
    /// To the end, which is reached within half a unit of the objective; the root by simplex or by interior point,
    /// which is now faster, now far slower.
    Question { root: Root },
}

#[derive(Debug, Clone, Copy)]
pub enum Root {
    Simplex,
    Interior,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Proved,
    /// A solution, not known to be the best; of a relaxation, no more than that the time was out.
    Stopped,
    Infeasible,
    /// Out of time without a solution, or HiGHS failed.
    Nothing,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub verdict: Verdict,
    pub values: Vec<f64>,
    pub value: f64,
    /// No solution is better than this.
    pub bound: f64,
    pub row_duals: Vec<f64>,
}

impl Program {
    pub fn column(&mut self, lower: f64, upper: f64, integer: bool) -> usize {
        self.columns.push(Column { lower, upper, integer });
        self.columns.len() - 1
    }

    pub fn row(&mut self, lower: f64, upper: f64, terms: Vec<(usize, f64)>) -> usize {
        self.rows.push(Row {
            lower,
            upper,
            terms,
            limit: None,
        });
        self.rows.len() - 1
    }

    pub fn at_most(&mut self, upper: f64, terms: Vec<(usize, f64)>) -> usize {
        self.row(f64::NEG_INFINITY, upper, terms)
    }

    pub fn at_least(&mut self, lower: f64, terms: Vec<(usize, f64)>) -> usize {
        self.row(lower, f64::INFINITY, terms)
    }

    pub fn equal(&mut self, value: f64, terms: Vec<(usize, f64)>) -> usize {
        self.row(value, value, terms)
    }

    /// Columns that are not held at 0.
    pub fn columns_used(&self) -> usize {
        self.columns.iter().filter(|column| 0.0 < column.upper).count()
    }

    /// Whether values keep every bound and row within rounding.
    pub fn holds(&self, values: &[f64]) -> bool {
        let near = |value: f64, lower: f64, upper: f64| {
            let slack = 1e-6 * (1.0 + value.abs());
            lower - slack <= value && value <= upper + slack
        };
        let row_value = |row: &Row| row.terms.iter().map(|(n, factor)| values[*n] * factor).sum::<f64>();
        self.columns
            .iter()
            .zip(values)
            .all(|(column, value)| near(*value, column.lower, column.upper))
            && self.rows.iter().all(|row| near(row_value(row), row.lower, row.upper))
    }

    pub fn solve(&self, ask: &Ask) -> Answer {
        if (ask.cancelled)() {
            return Answer::nothing();
        }
        let Some(running) = self.start(ask) else {
            return Answer::nothing();
        };
        let answer = running.answer(self, ask.cancelled).unwrap_or_else(Answer::nothing);
        // Where interior point loses its way, simplex answers.
        if answer.verdict == Verdict::Nothing && matches!(ask.kind, Kind::Relaxed) && !(ask.cancelled)() {
            let again = self.begin(ask, Settings::default()).answer(self, ask.cancelled);
            return again.unwrap_or_else(Answer::nothing);
        }
        answer
    }

    /// Begins to solve, in a thread of its own; `None` without time.
    pub fn start(&self, ask: &Ask) -> Option<Running> {
        if ask.seconds <= 0.0 {
            return None;
        }
        let settings = match ask.kind {
            // Interior point without crossover: its solution lies inside the optimal face, so every row that
            // matters has a dual.
            Kind::Relaxed => Settings {
                solver: "ipm",
                ..Settings::default()
            },
            Kind::Vertex => Settings::default(),
            Kind::Question { root } => Settings::question(root),
            Kind::Integer { warm, nodes } => Settings {
                integer: true,
                warm: warm.filter(|values| self.holds(values)).map(<[f64]>::to_vec),
                nodes,
                ..Settings::default()
            },
        };
        Some(self.begin(ask, settings))
    }

    /// As HiGHS takes it.
    fn problem(&self, cost: &[f64], integer: bool) -> RowProblem {
        let mut problem = RowProblem::default();
        let columns: Vec<highs::Col> = self
            .columns
            .iter()
            .zip(cost)
            .map(|(c, cost)| problem.add_column_with_integrality(*cost, c.lower..=c.upper, integer && c.integer))
            .collect();
        for row in &self.rows {
            problem.add_row(
                row.lower..=row.upper,
                row.terms.iter().map(|(n, factor)| (columns[*n], *factor)),
            );
        }
        problem
    }

    fn begin(&self, ask: &Ask, settings: Settings) -> Running {
        let problem = self.problem(ask.cost, settings.integer);
        let integer = settings.integer;
        self.begin_with(ask, integer, move |hand| hand.solved(problem, &settings))
    }

    /// Begins work of several solves, each within the limits asked for.
    pub(crate) fn begin_with(
        &self,
        ask: &Ask,
        integer: bool,
        work: impl FnOnce(&Hand) -> Option<Solved> + Send + 'static,
    ) -> Running {
        let allowance = ask.meter.allowance(self, ask.seconds);
        let unwanted = Arc::new(AtomicBool::new(false));
        let hand = Hand {
            sense: ask.sense,
            threads: ask.threads,
            limit: allowance.map_or(Limit::Seconds(ask.seconds), Limit::Work),
            seed: ask.seed.rem_euclid(i64::from(i32::MAX)) as i32,
            unwanted: Arc::clone(&unwanted),
        };
        let (sender, answer) = channel();
        std::thread::spawn(move || {
            // Nobody listens any more when the solve was left alone.
            let _unheard = sender.send(work(&hand));
        });
        Running {
            answer,
            unwanted,
            seconds: if allowance.is_some() {
                f64::INFINITY
            } else {
                ask.seconds
            },
            integer,
            meter: ask.meter.clone(),
        }
    }
}

impl Answer {
    pub fn nothing() -> Self {
        Self {
            verdict: Verdict::Nothing,
            values: Vec::new(),
            value: f64::NAN,
            bound: f64::NAN,
            row_duals: Vec::new(),
        }
    }
}

/// A solve under way. It ends when nobody holds it any more.
pub struct Running {
    answer: Receiver<Option<Solved>>,
    unwanted: Arc<AtomicBool>,
    /// Without end where work is counted.
    seconds: f64,
    integer: bool,
    meter: Meter,
}

impl Running {
    /// Waits as long as the answer is wanted and not hopelessly late.
    pub fn answer(self, program: &Program, cancelled: &dyn Fn() -> bool) -> Option<Answer> {
        let solved = Patience::with(self.seconds).wait(&self.answer, cancelled)?;
        Some(self.heard(program, solved))
    }

    /// The answer, if it comes so soon; asked again after that, it is nothing.
    pub fn within(&self, program: &Program, wait: Duration) -> Option<Answer> {
        match self.answer.recv_timeout(wait) {
            Ok(solved) => Some(self.heard(program, solved)),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Answer::nothing()),
        }
    }

    fn heard(&self, program: &Program, solved: Option<Solved>) -> Answer {
        let Some(solved) = solved else {
            return Answer::nothing();
        };
        self.meter
            .solved(program.columns_used(), solved.simplex, solved.interior);
        if self.integer {
            integer(program, solved)
        } else {
            relaxed(solved)
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::Relaxed);
    }
}

pub(crate) fn relaxed(solved: Solved) -> Answer {
    let verdict = match solved.status {
        HighsModelStatus::Optimal => Verdict::Proved,
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Verdict::Infeasible,
        HighsModelStatus::ReachedTimeLimit | HighsModelStatus::ReachedIterationLimit => Verdict::Stopped,
        _ => Verdict::Nothing,
    };
    Answer {
        verdict,
        values: solved.values,
        value: solved.value,
        bound: solved.value,
        row_duals: solved.row_duals,
    }
}

fn integer(program: &Program, solved: Solved) -> Answer {
    let verdict = match solved.status {
        HighsModelStatus::Optimal => Verdict::Proved,
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Verdict::Infeasible,
        HighsModelStatus::ReachedTimeLimit | HighsModelStatus::ReachedSolutionLimit if solved.feasible => {
            Verdict::Stopped
        }
        _ => Verdict::Nothing,
    };
    let mut values = solved.values;
    for (value, column) in values
        .iter_mut()
        .zip(&program.columns)
        .filter(|(_, column)| column.integer)
    {
        *value = value.round().clamp(column.lower, column.upper);
    }
    let bound = if verdict == Verdict::Proved {
        solved.value
    } else {
        solved.bound
    };
    Answer {
        verdict,
        values,
        value: solved.value,
        bound,
        row_duals: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
