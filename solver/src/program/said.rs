//! What HiGHS is told, and what it says.

use super::{Program, Root};
use crate::interrupt::solved_until;
use crate::meter::Allowance;
use highs::{HighsModelStatus, RowProblem, Sense, SolvedModel};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Bounds are taken from the duals with rounding errors and all (`bounds`), so interior point may stop early.
const IPM_TOLERANCE: f64 = 1e-6;
/// Cuts that a search tree keeps in store: HiGHS's ten thousand cost it half of its time at the root and prove no more.
const CUTS_KEPT: i32 = 100;
/// What is counted is whole: less than a unit is proved by half of one.
const HALF: f64 = 0.45;
/// HiGHS's number for a feasible point.
const FEASIBLE: i64 = 2;

pub(super) struct Settings {
    pub integer: bool,
    pub solver: &'static str,
    /// What solves relaxations in a search tree.
    pub root: &'static str,
    pub gap: f64,
    pub warm: Option<Vec<f64>>,
    pub nodes: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            integer: false,
            solver: "choose",
            root: "choose",
            gap: 1e-6,
            warm: None,
            nodes: i32::MAX,
        }
    }
}

impl Settings {
    pub fn question(root: Root) -> Self {
        Self {
            integer: true,
            root: match root {
                Root::Simplex => "choose",
                Root::Interior => "ipx",
            },
            gap: HALF,
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    Seconds(f64),
    Work(Allowance),
}

/// What HiGHS said.
pub(crate) struct Solved {
    pub simplex: i64,
    pub interior: i64,
    pub status: HighsModelStatus,
    pub feasible: bool,
    pub values: Vec<f64>,
    pub row_duals: Vec<f64>,
    pub value: f64,
    pub bound: f64,
}

/// What solves in a thread of its own.
pub(crate) struct Hand {
    pub(super) sense: Sense,
    pub(super) threads: u32,
    pub(super) limit: Limit,
    pub(super) seed: i32,
    pub(super) unwanted: Arc<AtomicBool>,
}

impl Hand {
    pub(super) fn solved(&self, problem: RowProblem, settings: &Settings) -> Option<Solved> {
        let limits = (self.threads, self.limit, self.seed);
        solved(problem, self.sense, settings, limits, &self.unwanted)
    }

    /// To the end, as a question.
    pub fn asked(&self, program: &Program, cost: &[f64], root: Root) -> Option<Solved> {
        self.solved(program.problem(cost, true), &Settings::question(root))
    }
}

fn solved(
    problem: RowProblem,
    sense: Sense,
    settings: &Settings,
    limits: (u32, Limit, i32),
    unwanted: &AtomicBool,
) -> Option<Solved> {
    let (threads, limit, seed) = limits;
    let mut model = problem.try_optimise(sense).ok()?;
    model.make_quiet();
    model.set_option("threads", threads as i32);
    model.set_option("random_seed", seed);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_abs_gap", settings.gap);
    let mut nodes = settings.nodes;
    match limit {
        Limit::Seconds(seconds) => model.set_option("time_limit", seconds),
        // What limits a relaxation would only spoil those inside a search tree.
        Limit::Work(allowance) if settings.integer => nodes = nodes.min(allowance.nodes),
        Limit::Work(allowance) => {
            model.set_option("simplex_iteration_limit", allowance.simplex);
            model.set_option("ipm_iteration_limit", allowance.interior);
        }
    }
    model.set_option("mip_max_nodes", nodes);
    model.set_option("mip_pool_soft_limit", CUTS_KEPT);
    model.set_option("solver", settings.solver);
    model.set_option("mip_lp_solver", settings.root);
    if settings.solver == "ipm" {
        model.set_option("run_crossover", "off");
        model.set_option("ipm_optimality_tolerance", IPM_TOLERANCE);
    }
    if settings.warm.is_some() {
        // A start that HiGHS does not take only costs the head start.
        let _taken = model
            .try_set_solution(settings.warm.as_deref(), None, None, None)
            .is_ok();
    }
    solved_until(model, unwanted, |solved| solved_of(&solved))
}

pub(crate) fn solved_of(solved: &SolvedModel) -> Solved {
    let solution = solved.get_solution();
    let count = |name| solved.int_info_value(name).unwrap_or(0);
    Solved {
        simplex: count(c"simplex_iteration_count"),
        interior: count(c"ipm_iteration_count"),
        status: solved.status(),
        // Read as a number: where HiGHS failed, it is none that the binding knows, and it would panic.
        feasible: solved.int_info_value(c"primal_solution_status") == Ok(FEASIBLE),
        values: solution.columns().to_vec(),
        row_duals: solution.dual_rows().to_vec(),
        value: solved.objective_value(),
        bound: solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NAN),
    }
}
