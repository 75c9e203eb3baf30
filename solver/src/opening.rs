//! The opening of a search: what needs no program of the whole week.
//!
//! Ejection chains make room in a new week, or give back what a changed one lost; and a week too large for a program is
//! bounded by its trades.

use crate::chains::Chains;
use crate::contest::Contest;
use crate::fairness::Fair;
use crate::levels::{fairer, granted, standing};
use crate::moves::kept;
use crate::needs::Needs;
use crate::placement::Place;
use crate::solve::{Run, broken, relative_gap};
use crate::trades::Trades;
use crate::world::{Lesson, World};
use domain::plan::{MOVE_MINUTES, Stage};

/// Seconds that the chains may take beyond the budget: what was fixed tier by tier is filled up in that.
const MOMENT: f64 = 0.3;
/// Rounds of wandering in a row that bring nothing before the chains end.
const IDLE_MAX: usize = 24;

/// Makes room by ejection chains, for a part of what is left, and at least for a moment even where nothing is.
pub fn chained(run: &mut Run, places: &[Vec<Place>], lessons: Vec<Lesson>, part: f64) -> Vec<Lesson> {
    let (began, most) = (run.elapsed(), (run.left() * part).max(MOMENT));
    let world = run.world;
    let mut chains = Chains::of(world, places, &lessons, run.options.seed);
    chains.improve(IDLE_MAX, &|| run.stops(began, most));
    let found = chains.lessons();
    let better = fairer(&standing(world, &found), &standing(world, &lessons)).is_gt();
    let best = if better && broken(world, &found).is_empty() {
        found
    } else {
        lessons
    };
    close_minutes(run, "chains", &best, began, None);
    best
}

/// Makes room once more for lessons that were put together from two plans, for a moment.
pub fn rechained(run: &Run, places: &[Vec<Place>], lessons: Vec<Lesson>) -> Vec<Lesson> {
    let began = run.elapsed();
    let mut chains = Chains::of(run.world, places, &lessons, run.options.seed);
    chains.improve(1, &|| run.stops(began, MOMENT));
    chains.lessons()
}

/// Gives back what the previous plan had, moving few: as long as that is worth the moves.
pub fn restored(run: &Run, places: &[Vec<Place>], lessons: Vec<Lesson>) -> Vec<Lesson> {
    let world = run.world;
    let mut chains = Chains::of(world, places, &lessons, run.options.seed);
    chains.restore(&|| run.stops(0.0, run.elapsed() + run.left()));
    let found = chains.lessons();
    let minutes = |lessons: &[Lesson]| granted(world, lessons, i64::MAX).iter().sum::<i64>();
    let stay = |lessons: &[Lesson]| kept(world, lessons).len() as i64;
    let price = MOVE_MINUTES * (stay(&lessons) - stay(&found));
    if price <= minutes(&found) - minutes(&lessons) && broken(world, &found).is_empty() {
        found
    } else {
        lessons
    }
}

/// A week whose program would not be read in time: its trades, looked at one by one, bound it.
pub fn bounded_alone(run: &mut Run, best: Vec<Lesson>) -> Fair {
    let began = run.elapsed();
    let world = run.world;
    let trades = Trades::of(world, &Needs::of(world));
    let contest = Contest::of(run, &trades, &world.tiers(), (&best, None), run.left());
    let caps: f64 = (0..world.instance.organizations.len()).map(|n| cap(world, n)).sum();
    close_minutes(run, "granted", &best, began, Some(contest.all().min(caps)));
    Fair {
        lessons: best,
        proved: false,
        claims: Vec::new(),
        memoryless: Vec::new(),
    }
}

/// What an organization asked, within its quota.
fn cap(world: &World, organization: usize) -> f64 {
    let quota = world.instance.organizations[organization].quota;
    world.asked(organization).min(quota.unwrap_or(i64::MAX)) as f64
}

/// A stage whose value is the minutes of these lessons; without a bound of its own, what was asked is one.
fn close_minutes(run: &mut Run, name: &str, lessons: &[Lesson], began: f64, bound: Option<f64>) {
    let world = run.world;
    let value = granted(world, lessons, i64::MAX).iter().sum::<i64>() as f64;
    let bound = bound.unwrap_or_else(|| (0..world.instance.organizations.len()).map(|n| cap(world, n)).sum());
    run.close(Stage {
        name: name.to_owned(),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: run.elapsed() - began,
        rows: 0,
        columns: 0,
    });
}
