//! A linear program with integer columns as plain data, and the one place that talks to HiGHS.
//!
//! Data first, because every stage adds rows and columns of its own to the same base and throws them away again.
//! HiGHS is called directly, since good_lp hides the bound, the duals and the options. Every option that matters is
//! set, every status is read; a panic of the binding counts as no answer. It lacks warm bases: interior point is
//! faster here (design note, stage S1).

use highs::{HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense, SolvedModel};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
}

/// What is asked of a program.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    pub sense: Sense,
    /// By column.
    pub cost: &'a [f64],
    pub kind: Kind<'a>,
    pub seconds: f64,
    pub threads: u32,
    pub seed: i64,
}

#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// Without integrality; duals are given.
    Relaxed,
    /// From a known solution, if there is one.
    Integer { warm: Option<&'a [f64]> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Proved,
    /// A solution, not known to be the best.
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
        self.rows.push(Row { lower, upper, terms });
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

    pub fn entries(&self) -> usize {
        self.rows.iter().map(|row| row.terms.len()).sum()
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
        let nothing = Answer {
            verdict: Verdict::Nothing,
            values: Vec::new(),
            value: f64::NAN,
            bound: f64::NAN,
            row_duals: Vec::new(),
        };
        if ask.seconds <= 0.0 {
            return nothing;
        }
        let run = || match ask.kind {
            Kind::Relaxed => self.relaxed(ask),
            Kind::Integer { warm } => self.integer(ask, warm),
        };
        catch_unwind(AssertUnwindSafe(run)).ok().flatten().unwrap_or(nothing)
    }

    /// Interior point without crossover: its solution lies inside the optimal face, so every row that matters has a
    /// dual. Where it does not converge, simplex answers.
    fn relaxed(&self, ask: &Ask) -> Option<Answer> {
        let interior = |model: &mut Model| {
            model.set_option("solver", "ipm");
            model.set_option("run_crossover", "off");
        };
        let solved = self.run(ask, false, interior)?;
        let solved = match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::Infeasible | HighsModelStatus::ReachedTimeLimit => solved,
            _ => self.run(ask, false, |model| model.set_option("solver", "choose"))?,
        };
        let verdict = match solved.status() {
            HighsModelStatus::Optimal => Verdict::Proved,
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Verdict::Infeasible,
            _ => Verdict::Nothing,
        };
        let solution = solved.get_solution();
        let value = solved.objective_value();
        let (values, row_duals) = (solution.columns().to_vec(), solution.dual_rows().to_vec());
        Some(Answer {
            verdict,
            values,
            value,
            bound: value,
            row_duals,
        })
    }

    fn integer(&self, ask: &Ask, warm: Option<&[f64]>) -> Option<Answer> {
        let start = |model: &mut Model| {
            if let Some(values) = warm.filter(|values| self.holds(values)) {
                // A start that HiGHS does not take only costs the head start.
                let _taken = model.try_set_solution(Some(values), None, None, None).is_ok();
            }
        };
        let solved = self.run(ask, true, start)?;
        let has_solution = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        let verdict = match solved.status() {
            HighsModelStatus::Optimal => Verdict::Proved,
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Verdict::Infeasible,
            HighsModelStatus::ReachedTimeLimit | HighsModelStatus::ReachedSolutionLimit if has_solution => {
                Verdict::Stopped
            }
            _ => Verdict::Nothing,
        };
        let mut values = solved.get_solution().columns().to_vec();
        for (value, column) in values
            .iter_mut()
            .zip(&self.columns)
            .filter(|(_, column)| column.integer)
        {
            *value = value.round().clamp(column.lower, column.upper);
        }
        let value = solved.objective_value();
        let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NAN);
        let bound = if verdict == Verdict::Proved { value } else { bound };
        Some(Answer {
            verdict,
            values,
            value,
            bound,
            row_duals: Vec::new(),
        })
    }

    fn run(&self, ask: &Ask, integer: bool, prepare: impl Fn(&mut Model)) -> Option<SolvedModel> {
        let mut problem = RowProblem::default();
        let columns: Vec<highs::Col> = self
            .columns
            .iter()
            .zip(ask.cost)
            .map(|(c, cost)| problem.add_column_with_integrality(*cost, c.lower..=c.upper, integer && c.integer))
            .collect();
        for row in &self.rows {
            problem.add_row(
                row.lower..=row.upper,
                row.terms.iter().map(|(n, factor)| (columns[*n], *factor)),
            );
        }
        let mut model = problem.try_optimise(ask.sense).ok()?;
        model.make_quiet();
        model.set_option("threads", ask.threads as i32);
        model.set_option("random_seed", ask.seed.rem_euclid(i64::from(i32::MAX)) as i32);
        model.set_option("time_limit", ask.seconds);
        model.set_option("mip_rel_gap", 0.0);
        model.set_option("mip_abs_gap", 1e-6);
        prepare(&mut model);
        model.try_solve().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask<'a>(cost: &'a [f64], kind: Kind<'a>) -> Ask<'a> {
        Ask {
            sense: Sense::Maximise,
            cost,
            kind,
            seconds: 60.0,
            threads: 1,
            seed: 1,
        }
    }

    #[test]
    fn a_relaxation_has_duals_and_an_integer_program_a_bound() {
        let mut program = Program::default();
        let columns: Vec<usize> = (0..2).map(|_| program.column(0.0, 1.0, true)).collect();
        program.at_most(3.0, columns.iter().map(|n| (*n, 2.0)).collect());
        let relaxed = program.solve(&ask(&[1.0, 1.0], Kind::Relaxed));
        assert_eq!(relaxed.verdict, Verdict::Proved);
        assert!((relaxed.value - 1.5).abs() < 1e-6 && relaxed.row_duals[0].abs() > 0.4);
        let integer = program.solve(&ask(
            &[1.0, 1.0],
            Kind::Integer {
                warm: Some(&[1.0, 0.0]),
            },
        ));
        assert_eq!(
            (integer.verdict, integer.value, integer.bound),
            (Verdict::Proved, 1.0, 1.0)
        );
    }

    #[test]
    fn an_impossible_program_and_an_empty_budget_say_so() {
        let mut program = Program::default();
        let column = program.column(0.0, 1.0, true);
        program.at_least(2.0, vec![(column, 1.0)]);
        assert_eq!(
            program.solve(&ask(&[1.0], Kind::Integer { warm: None })).verdict,
            Verdict::Infeasible
        );
        let hurried = Ask {
            seconds: 0.0,
            ..ask(&[1.0], Kind::Relaxed)
        };
        assert_eq!(program.solve(&hurried).verdict, Verdict::Nothing);
    }
}
