//! Work counted in place of time.
//!
//! A clock makes a search depend on the machine and on what else runs there. With a budget of nodes the search reads this
//! meter instead: every program that HiGHS solved and every step of a chain is charged by what it took, in nodes of a
//! search tree, so that the same instance, seed and budget give the same plan byte for byte. Seconds inside the search,
//! and those in the plan file, then mean so many nodes. It lacks what happens between two solves, which is little.

use crate::program::Program;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// About what two cores do; only how stages share a budget hangs on it.
const NODES_PER_SECOND: f64 = 25.0;
/// Column-iterations of simplex that make up a node.
const NODE: f64 = 1e6;
/// Simplex iterations that an iteration of interior point is worth, and simplex iterations of an average node.
const INTERIOR: f64 = 25.0;
const ITERATIONS_PER_NODE: f64 = 100.0;
/// Column-iterations of one step of a chain.
const STEP: u64 = 20_000;

/// Counts column-iterations, or nothing where time is what counts. Clones count together.
#[derive(Debug, Clone)]
pub struct Meter {
    work: Option<Arc<AtomicU64>>,
}

/// What HiGHS may take when work is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub simplex: i32,
    pub interior: i32,
    pub nodes: i32,
}

impl Meter {
    /// Time is what counts.
    pub const fn uncounted() -> Self {
        Self { work: None }
    }

    pub fn counting() -> Self {
        Self {
            work: Some(Arc::new(AtomicU64::new(0))),
        }
    }

    pub fn is_counting(&self) -> bool {
        self.work.is_some()
    }

    /// Seconds that so many nodes stand for.
    pub fn seconds_of(nodes: u64) -> f64 {
        nodes as f64 / NODES_PER_SECOND
    }

    /// Seconds that the work so far stands for; `None` where time is what counts.
    pub fn seconds(&self) -> Option<f64> {
        let work = self.work.as_ref()?.load(Ordering::Relaxed);
        Some(work as f64 / NODE / NODES_PER_SECOND)
    }

    pub fn solved(&self, columns: usize, simplex: i64, interior: i64) {
        let iterations = simplex.max(0) as f64 + INTERIOR * interior.max(0) as f64;
        self.charge((iterations * columns.max(1) as f64) as u64);
    }

    pub fn step(&self) {
        self.charge(STEP);
    }

    fn charge(&self, work: u64) {
        if let Some(sum) = &self.work {
            sum.fetch_add(work, Ordering::Relaxed);
        }
    }

    /// What a program may take in these seconds; `None` where time is what counts.
    pub fn allowance(&self, program: &Program, seconds: f64) -> Option<Allowance> {
        self.work.as_ref()?;
        let simplex = seconds * NODES_PER_SECOND * NODE / program.columns_used().max(1) as f64;
        let count = |number: f64| number.clamp(1.0, f64::from(i32::MAX)) as i32;
        Some(Allowance {
            simplex: count(simplex),
            interior: count(simplex / INTERIOR),
            nodes: count(simplex / ITERATIONS_PER_NODE),
        })
    }
}
