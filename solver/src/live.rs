//! A relaxation that stays with HiGHS between solves, so that the next one goes on from the last vertex.
//!
//! Only bounds and costs of columns change. What follows from a rise of the common level, or from another objective,
//! leaves the last vertex feasible, so primal simplex goes on from it: some hundred iterations in place of a solve from
//! scratch. The first vertex of a small program is reached by simplex, of a large one by interior point and crossover.
//! Thirty rises of 20,000 columns take four seconds in place of twenty-four. HiGHS keeps its model in a thread of its
//! own, as with whole programs (`program`): a solve that is cancelled, hopelessly late, or in which the binding panics
//! has no answer, and neither has any after it.

use crate::interrupt::solved_until;
use crate::meter::Meter;
use crate::program::{Answer, Ask, Patience, Program, Solved, Verdict, relaxed, solved_of};
use highs::{Col, Model, RowProblem, Sense};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Of larger programs interior point reaches the first vertex sooner than simplex.
pub const SIMPLEX_COLUMNS_MAX: usize = 12_000;
/// HiGHS's numbers for dual and primal simplex.
const DUAL: i32 = 1;
const PRIMAL: i32 = 4;

pub struct Live {
    /// Gone when HiGHS failed or was left alone, or where there was no time.
    keeper: Option<Keeper>,
    /// HiGHS's columns, by column of the program; none where it is held at 0 for good.
    columns: Vec<Option<Col>>,
    /// Whether the last solve left a vertex to go on from.
    has_vertex: bool,
    /// For all solves together.
    patience: Patience,
    meter: Meter,
}

/// The thread that has the model. It ends with what it is at when nobody holds it any more.
struct Keeper {
    orders: Sender<Order>,
    answers: Receiver<Solved>,
    unwanted: Arc<AtomicBool>,
}

enum Order {
    Bound(Col, f64, f64),
    Cost(Col, f64),
    /// From now on by dual simplex.
    Dual,
    /// By which of HiGHS's solvers.
    Solve(&'static str),
}

struct Settings {
    sense: Sense,
    threads: u32,
    seed: i32,
    limit: Limit,
}

enum Limit {
    /// For all solves together.
    Seconds(f64),
    /// For each.
    Iterations(i32),
}

impl Live {
    /// Columns that are held at 0 are left out, unless they are named as changing.
    pub fn of(program: &Program, ask: &Ask, changing: &[usize]) -> Self {
        let mut stays: Vec<bool> = program
            .columns
            .iter()
            .map(|column| 0.0 < column.upper || column.lower < 0.0)
            .collect();
        changing.iter().for_each(|column| stays[*column] = true);
        let mut problem = RowProblem::default();
        let mut columns: Vec<Option<Col>> = Vec::new();
        for ((column, cost), stays) in program.columns.iter().zip(ask.cost).zip(stays) {
            columns.push(stays.then(|| problem.add_column(*cost, column.lower..=column.upper)));
        }
        for row in &program.rows {
            let terms = row.terms.iter().filter_map(|(n, factor)| Some((columns[*n]?, *factor)));
            problem.add_row(row.lower..=row.upper, terms.collect::<Vec<_>>());
        }
        let allowance = ask.meter.allowance(program, ask.seconds);
        let limit = allowance.map(|allowance| Limit::Iterations(allowance.simplex));
        let settings = Settings {
            sense: ask.sense,
            threads: ask.threads,
            seed: ask.seed.rem_euclid(i64::from(i32::MAX)) as i32,
            limit: limit.unwrap_or(Limit::Seconds(ask.seconds)),
        };
        let seconds = if allowance.is_some() {
            f64::INFINITY
        } else {
            ask.seconds
        };
        Self {
            // HiGHS takes no limit below 0; without time there is no answer.
            keeper: (0.0 < ask.seconds).then(|| Keeper::of(problem, settings)),
            columns,
            has_vertex: false,
            patience: Patience::with(seconds),
            meter: ask.meter.clone(),
        }
    }

    /// For changes that leave the last vertex infeasible. Without presolve, which leaves no vertex where it finds that
    /// there is no solution.
    pub fn dual(self) -> Self {
        self.order(Order::Dual);
        self
    }

    /// The column must have been named, or free to be more than 0.
    pub fn bound(&mut self, column: usize, lower: f64, upper: f64) {
        if let Some(column) = self.columns[column] {
            self.order(Order::Bound(column, lower, upper));
        }
    }

    pub fn cost(&mut self, column: usize, cost: f64) {
        if let Some(column) = self.columns[column] {
            self.order(Order::Cost(column, cost));
        }
    }

    /// Until it is unwanted, which is asked in the caller's thread; then there is no answer.
    pub fn solve(&mut self, unwanted: &dyn Fn() -> bool) -> Answer {
        let used = self.columns.iter().flatten().count();
        let afresh = !self.has_vertex && SIMPLEX_COLUMNS_MAX < used;
        let Some(keeper) = self.keeper.take().filter(|_| !unwanted()) else {
            return Answer::nothing();
        };
        keeper.order(Order::Solve(if afresh { "ipx" } else { "simplex" }));
        let Some(said) = self.patience.wait(&keeper.answers, unwanted) else {
            return Answer::nothing();
        };
        self.keeper = Some(keeper);
        self.meter.solved(used, said.simplex, said.interior);
        let mut answer = relaxed(said);
        self.has_vertex = answer.verdict == Verdict::Proved;
        let mut values = std::mem::take(&mut answer.values).into_iter();
        let whole = |column: &Option<Col>| column.and_then(|_| values.next()).unwrap_or(0.0);
        answer.values = self.columns.iter().map(whole).collect();
        answer
    }

    fn order(&self, order: Order) {
        if let Some(keeper) = &self.keeper {
            keeper.order(order);
        }
    }
}

impl Keeper {
    fn of(problem: RowProblem, settings: Settings) -> Self {
        let (orders, todo) = channel();
        let (answer, answers) = channel();
        let unwanted = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&unwanted);
        std::thread::spawn(move || kept(problem, &settings, &todo, &answer, &ends));
        Self {
            orders,
            answers,
            unwanted,
        }
    }

    fn order(&self, order: Order) {
        // A thread that has ended is noticed by whoever waits for an answer.
        let _unheard = self.orders.send(order);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::Relaxed);
    }
}

/// Keeps a model and does with it what is ordered, until there are no more orders or HiGHS fails.
fn kept(
    problem: RowProblem,
    settings: &Settings,
    orders: &Receiver<Order>,
    answers: &Sender<Solved>,
    unwanted: &AtomicBool,
) -> Option<()> {
    let mut model = problem.try_optimise(settings.sense).ok()?;
    let mut strategy = PRIMAL;
    model.make_quiet();
    model.set_option("threads", settings.threads as i32);
    model.set_option("random_seed", settings.seed);
    match settings.limit {
        Limit::Seconds(seconds) => model.set_option("time_limit", seconds),
        Limit::Iterations(simplex) => model.set_option("simplex_iteration_limit", simplex),
    }
    for order in orders {
        match order {
            Order::Bound(column, lower, upper) => model.change_column_bounds(column, lower..=upper),
            Order::Cost(column, cost) => model.change_column_cost(column, cost),
            Order::Dual => {
                model.set_option("presolve", "off");
                strategy = DUAL;
            }
            Order::Solve(solver) => {
                model.set_option("solver", solver);
                let (said, again) = solved_until(model, unwanted, |solved| (solved_of(&solved), Model::from(solved)))?;
                model = again;
                model.set_option("simplex_strategy", strategy);
                answers.send(said).ok()?;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
