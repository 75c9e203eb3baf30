//! The walk of one solve: problems, greedy, model stages, names, explanations, referee.
//!
//! Whatever happens inside, what comes out has passed the referee: a stage that fails, or whose lessons do not pass,
//! is dropped and the best plan before it stands. The budget is a limit for the search, which leaves the explanations
//! their part of it; work that is counted does not count them.

use crate::components::fairest;
use crate::fairness::Fair;
use crate::filled::filled;
use crate::instance::{Problem, problems};
use crate::meter::Meter;
use crate::placement::Place;
use crate::plan::{Record, assemble, assignments};
use crate::replan::mostly_planned;
pub use crate::run::Run;
use crate::run::{Keeps, News};
use crate::scarce::scarce;
use crate::world::{Lesson, World};
use crate::{alone, explain, greedy, levels};
use domain::instance::Instance;
use domain::plan::{Plan, Solver, Stage, Status};
use domain::timetable::conflicts;
use domain::violation::Violation;
use serde::{Deserialize, Serialize};

/// How many times as long as the baseline the explanations take, at most; and what is kept for them at most, in seconds
/// and of the budget.
const EXPLAINED_PER_BASELINE: f64 = 20.0;
const EXPLAINED_SECONDS: f64 = 0.5;
const EXPLAINED_PART: f64 = 0.2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Optimal,
    /// The baseline only.
    Greedy,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// For the whole search; 0 gives the checked greedy plan.
    pub seconds: f64,
    /// In place of the seconds, work in nodes of a search tree (`meter`): the same plan on every machine.
    pub nodes: Option<u64>,
    /// The same number for every solve of one process: HiGHS keeps one pool of threads.
    pub threads: u32,
    pub seed: i64,
    pub method: Method,
    /// Whether the plan says why lessons are missing; a baseline that is only compared with need not.
    pub explain: bool,
}

impl Options {
    /// What the instance file asks for.
    pub fn of(instance: &Instance) -> Self {
        let budget = &instance.budget;
        let threads = budget.threads.clamp(1, 64) as u32;
        Self {
            seconds: budget.seconds.max(0) as f64,
            nodes: budget.nodes.map(|nodes| nodes.max(0) as u64),
            threads,
            seed: budget.seed,
            method: Method::Optimal,
            explain: true,
        }
    }

    /// Who solves so, as a plan names it, and for how long.
    pub(crate) fn solver(&self, seconds: f64) -> Solver {
        let (name, version) = match self.method {
            Method::Optimal => ("HiGHS", "1.16.0"),
            Method::Greedy => ("greedy", env!("CARGO_PKG_VERSION")),
        };
        Solver {
            name: name.to_owned(),
            version: version.to_owned(),
            seed: self.seed,
            threads: i64::from(self.threads),
            seconds,
        }
    }
}

/// One line of news during a solve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub stage: String,
    pub incumbent: Option<f64>,
    pub bound: Option<f64>,
    /// Relative; `None` while there is no bound.
    pub gap: Option<f64>,
    /// Since the solve began.
    pub seconds: f64,
}

/// Why there is no plan at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Failure {
    #[error("the instance contradicts itself in {} places", problems.len())]
    Contradiction { problems: Vec<Problem> },
    /// The pins force something that no plan can hold, such as all lessons of a request that has no place for all.
    #[error("no plan was found that holds the pins")]
    PinsCannotHold { violations: Vec<Violation> },
}

/// `|bound − value| / max(|bound|, |value|)`, at most 1; 0 when they agree within rounding.
pub fn relative_gap(value: f64, bound: f64) -> f64 {
    let apart = (bound - value).abs();
    if apart <= 1e-6 * (1.0 + bound.abs()) {
        0.0
    } else {
        (apart / bound.abs().max(value.abs())).min(1.0)
    }
}

/// Solves an instance. The plan has passed the referee; `clock` gives seconds from any origin.
pub fn solve(
    instance: &Instance,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
    clock: &dyn Fn() -> f64,
    cancelled: &dyn Fn() -> bool,
) -> Result<Plan, Failure> {
    solve_keeping(instance, options, (progress, &|_| {}), clock, cancelled)
}

/// The same; plans on the way are offered to whoever keeps one for the case that there is no end to this. The first one
/// is the baseline, within a second or so at the size of a city.
pub fn solve_keeping(
    instance: &Instance,
    options: &Options,
    (progress, keeps): (&mut dyn FnMut(Progress), Keeps),
    clock: &dyn Fn() -> f64,
    cancelled: &dyn Fn() -> bool,
) -> Result<Plan, Failure> {
    let problems = problems(instance);
    if !problems.is_empty() {
        return Err(Failure::Contradiction { problems });
    }
    let mut world = World::new(instance);
    let began = clock();
    let meter = options.nodes.map_or_else(Meter::uncounted, |_| Meter::counting());
    alone::look(&mut world, options, &meter, cancelled);
    let mut run = Run {
        world: &world,
        options,
        clock,
        cancelled,
        news: News::to(progress, keeps),
        began,
        meter,
        kept: 0.0,
        stages: Vec::new(),
    };
    let places = greedy::places(&world);
    let baseline = baseline(&mut run, &places);
    run.kept = explaining(&run);
    run.offer(&baseline);
    let found = match options.method {
        Method::Optimal if run.left() > 0.0 => fairest(&mut run, &places, baseline),
        _ => Fair::unproved(baseline),
    };
    let Fair {
        lessons,
        proved,
        shares,
    } = found;
    let lessons = filled(&mut run, &places, lessons);
    let status = if proved { Status::Optimal } else { Status::Feasible };
    let violations = broken(&world, &lessons);
    if !violations.is_empty() {
        return Err(Failure::PinsCannotHold { violations });
    }
    let seconds = run.elapsed();
    let stages = std::mem::take(&mut run.stages);
    let record = Record {
        status,
        stages,
        solver: options.solver(seconds),
        unplaced: match options.explain {
            true => explain::unplaced(&world, &lessons, cancelled),
            false => explain::counted(&world, &lessons),
        },
        scarce: match options.explain {
            true => scarce(&world, &lessons, options.threads, cancelled),
            false => Vec::new(),
        },
        shares,
    };
    Ok(assemble(&world, &lessons, record))
}

/// Seconds that the search leaves to the explanations, once the baseline has told how large the week is.
fn explaining(run: &Run) -> f64 {
    if !run.options.explain || run.meter.is_counting() {
        return 0.0;
    }
    let most = EXPLAINED_SECONDS.min(EXPLAINED_PART * run.options.seconds);
    most.min(EXPLAINED_PER_BASELINE * run.elapsed())
}

/// What the referee says of some lessons.
pub fn broken(world: &World, lessons: &[Lesson]) -> Vec<Violation> {
    conflicts(&world.instance, &assignments(world, lessons))
}

/// The greedy plan; where a previous plan is given, the one that starts from it, if it is not less fair or if most of
/// the week was planned before.
fn baseline(run: &mut Run, places: &[Vec<Place>]) -> Vec<Lesson> {
    let world = run.world;
    let fresh = greedy::plan(world, places);
    let placed = fresh.len();
    let previous: Vec<Lesson> = world.requests.iter().flat_map(|facts| facts.previous.clone()).collect();
    let lessons = if previous.is_empty() || run.options.method == Method::Greedy {
        fresh
    } else {
        let kept = greedy::plan_from(world, places, &previous);
        let order = levels::fairer(&levels::standing(world, &kept), &levels::standing(world, &fresh));
        // A week that was mostly planned before is not turned over for a level that the search may mend.
        if (order.is_ge() || mostly_planned(world, placed)) && broken(world, &kept).is_empty() {
            kept
        } else {
            fresh
        }
    };
    let seconds = run.elapsed();
    let minutes = lessons.iter().map(|lesson| world.minutes(lesson.request)).sum::<i64>() as f64;
    let asked = (0..world.instance.organizations.len())
        .map(|n| world.asked(n))
        .sum::<i64>() as f64;
    let gap = relative_gap(minutes, asked);
    run.close(Stage {
        name: "greedy".into(),
        value: minutes,
        bound: asked,
        gap,
        seconds,
        rows: 0,
        columns: 0,
    });
    lessons
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Ten seconds in one thread.
    pub fn options() -> Options {
        Options {
            seconds: 10.0,
            nodes: None,
            threads: 1,
            seed: 1,
            method: Method::Optimal,
            explain: false,
        }
    }

    /// A run by a clock that stands still, which nobody cancels.
    pub fn run<'r>(world: &'r World, options: &'r Options, progress: &'r mut dyn FnMut(Progress)) -> Run<'r> {
        Run {
            world,
            options,
            clock: &|| 0.0,
            cancelled: &|| false,
            news: News::to(progress, &|_| {}),
            began: 0.0,
            meter: Meter::uncounted(),
            kept: 0.0,
            stages: Vec::new(),
        }
    }
}
