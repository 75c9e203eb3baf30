//! A relaxation that stays with HiGHS between solves, so that the next one goes on from the last vertex.
//!
//! Only bounds of columns change. What follows from a rise of the common level leaves the last vertex feasible, so
//! primal simplex goes on from it: some hundred iterations in place of a solve from scratch. That pays up to the size of
//! a town; beyond it, reaching the first vertex costs more than interior point for all. It runs in the caller's
//! thread, and is asked between two solves whether it is still wanted.

use crate::program::{Answer, Ask, Program, relaxed, solved_of};
use highs::{Col, Model, RowProblem};

/// Larger programs are better solved afresh.
pub const COLUMNS_MAX: usize = 12_000;
/// HiGHS's number for primal simplex.
const PRIMAL: i32 = 4;

pub struct Live {
    /// Gone when HiGHS failed, or where there was no time.
    model: Option<Model>,
    columns: Vec<Col>,
}

impl Live {
    pub fn of(program: &Program, ask: &Ask) -> Self {
        let mut problem = RowProblem::default();
        let columns: Vec<Col> = program
            .columns
            .iter()
            .zip(ask.cost)
            .map(|(column, cost)| problem.add_column(*cost, column.lower..=column.upper))
            .collect();
        for row in &program.rows {
            let terms = row.terms.iter().map(|(n, factor)| (columns[*n], *factor));
            problem.add_row(row.lower..=row.upper, terms);
        }
        // HiGHS takes no limit below 0; without time there is no answer.
        let wanted = 0.0 < ask.seconds;
        let model = problem
            .try_optimise(ask.sense)
            .ok()
            .filter(|_| wanted)
            .map(|mut model| {
                model.make_quiet();
                model.set_option("threads", ask.threads as i32);
                model.set_option("random_seed", ask.seed.rem_euclid(i64::from(i32::MAX)) as i32);
                // HiGHS counts all solves of a model together.
                model.set_option("time_limit", ask.seconds);
                model.set_option("solver", "simplex");
                model
            });
        Self { model, columns }
    }

    pub fn bound(&mut self, column: usize, lower: f64, upper: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.columns[column], lower..=upper);
        }
    }

    pub fn solve(&mut self) -> Answer {
        let solved = self.model.take().and_then(|model| model.try_solve().ok());
        let Some(solved) = solved else {
            return Answer::nothing();
        };
        let answer = relaxed(solved_of(&solved));
        let mut model = Model::from(solved);
        model.set_option("simplex_strategy", PRIMAL);
        self.model = Some(model);
        answer
    }
}
