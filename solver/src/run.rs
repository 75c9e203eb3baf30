//! A solve under way: what its stages share, which are the clock, the way out, and the news.

use crate::explain::counted;
use crate::fairness::Shares;
use crate::meter::Meter;
use crate::plan::{Record, assemble};
use crate::solve::{Options, Progress, broken, relative_gap};
use crate::world::{Lesson, World};
use domain::plan::{Plan, Stage, Status};
use std::cell::{Cell, RefCell};

/// Seconds that lie between two lines of what a stage found.
const QUIET: f64 = 0.5;
/// Seconds after the end of the budget for which an answer is still waited for.
const OVERDUE: f64 = 2.0;

/// Is offered plans, each of which may be made or not; there is none to be made where the referee refuses it.
pub type Keeps<'k> = &'k dyn Fn(&dyn Fn() -> Option<Plan>);

/// Who hears how it goes, and when the last line was told; who keeps plans, and the lessons of the last one.
pub struct News<'r> {
    hears: RefCell<&'r mut dyn FnMut(Progress)>,
    told: Cell<f64>,
    keeps: Keeps<'r>,
    offered: Vec<Lesson>,
}

impl<'r> News<'r> {
    pub fn to(hears: &'r mut dyn FnMut(Progress), keeps: Keeps<'r>) -> Self {
        Self {
            hears: RefCell::new(hears),
            told: Cell::new(f64::NEG_INFINITY),
            keeps,
            offered: Vec::new(),
        }
    }
}

pub struct Run<'r> {
    pub world: &'r World,
    pub options: &'r Options,
    pub clock: &'r dyn Fn() -> f64,
    pub cancelled: &'r dyn Fn() -> bool,
    pub news: News<'r>,
    /// The clock's reading at the start.
    pub began: f64,
    pub meter: Meter,
    /// Seconds of the budget that are not the search's: those of the explanations.
    pub kept: f64,
    pub stages: Vec<Stage>,
}

impl Run<'_> {
    pub fn elapsed(&self) -> f64 {
        self.meter.seconds().unwrap_or_else(|| (self.clock)() - self.began)
    }

    /// Whether somebody who began then, and may take so long, is to stop; asked at every step, which is work.
    pub fn stops(&self, began: f64, most: f64) -> bool {
        self.meter.step();
        self.is_over(began, most)
    }

    /// The same within a step.
    pub fn is_over(&self, began: f64, most: f64) -> bool {
        (self.cancelled)() || most <= self.elapsed() - began
    }

    pub fn left(&self) -> f64 {
        if (self.cancelled)() {
            0.0
        } else {
            let budget = self.options.nodes.map_or(self.options.seconds, Meter::seconds_of);
            budget - self.kept - self.elapsed()
        }
    }

    /// Whether nobody waits for an answer any more: the solve is cancelled, or its budget was over so long ago that
    /// HiGHS, which may pass its own limit, must have lost itself. The host of this solve has no more patience.
    pub fn is_overdue(&self) -> bool {
        (self.cancelled)() || (!self.meter.is_counting() && self.left() < -OVERDUE)
    }

    /// Tells what a stage found while it goes on; one line of many, since another one follows soon.
    pub fn found(&self, stage: &str, incumbent: f64, bound: Option<f64>) {
        if QUIET <= self.elapsed() - self.news.told.get() {
            self.tell(stage, Some(incumbent), bound);
        }
    }

    pub fn tell(&self, stage: &str, incumbent: Option<f64>, bound: Option<f64>) {
        let gap = incumbent.zip(bound).map(|(value, bound)| relative_gap(value, bound));
        let seconds = self.elapsed();
        self.news.told.set(seconds);
        (self.news.hears.borrow_mut())(Progress {
            stage: stage.to_owned(),
            incumbent,
            bound,
            gap,
            seconds,
        });
    }

    /// Offers lessons as a plan that is worth keeping, should this solve come to no end.
    pub fn offer(&mut self, lessons: &[Lesson]) {
        if self.news.offered != lessons {
            (self.news.keeps)(&|| {
                broken(self.world, lessons)
                    .is_empty()
                    .then(|| self.plan_so_far(lessons))
            });
            self.news.offered = lessons.to_vec();
        }
    }

    /// Why lessons are missing is only counted in it.
    fn plan_so_far(&self, lessons: &[Lesson]) -> Plan {
        let record = Record {
            status: Status::Feasible,
            stages: self.stages.clone(),
            solver: self.options.solver(self.elapsed()),
            unplaced: counted(self.world, lessons),
            scarce: Vec::new(),
            shares: Shares::default(),
        };
        assemble(self.world, lessons, record)
    }

    pub fn close(&mut self, stage: Stage) {
        // A stage that the budget cut off before its first bound has none to state, and JSON knows no infinity.
        let stage = match (stage.value.is_finite(), stage.bound.is_finite()) {
            (true, true) => stage,
            (true, false) => Stage {
                bound: stage.value,
                gap: 1.0,
                ..stage
            },
            (false, _) => Stage {
                value: 0.0,
                bound: 0.0,
                gap: 1.0,
                ..stage
            },
        };
        self.tell(&stage.name, Some(stage.value), Some(stage.bound));
        self.stages.push(stage);
    }
}
