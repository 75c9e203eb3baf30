//! The opening of a search: what needs no program of the whole week.
//!
//! Ejection chains make room in a new week, or give back what a changed one lost; and a week too large for a program is
//! bounded by its trades.

use crate::chains::{Chains, Watch};
use crate::contest::Contest;
use crate::fairness::Fair;
use crate::levels::{fairer, granted, standing};
use crate::moves::kept;
use crate::needs::Needs;
use crate::pins::breaks_pins;
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
    let caps = caps(world);
    let watch = Watch {
        stops: &|| run.stops(began, most),
        is_over: &|| run.is_over(began, most),
        gained: &|minutes| run.found("chains", minutes as f64, Some(caps)),
    };
    let mut chains = Chains::of(world, places, &lessons, run.options.seed, watch);
    chains.improve(IDLE_MAX);
    let found = chains.lessons();
    let fairer = fairer(&standing(world, &found), &standing(world, &lessons)).is_gt();
    let better = fairer || breaks_pins(world, &lessons);
    let best = if better && broken(world, &found).is_empty() {
        found
    } else {
        lessons
    };
    close_minutes(run, "chains", &best, began, None);
    run.offer(&best);
    best
}

/// Makes room once more for lessons that were put together from two plans, for a moment.
pub fn rechained(run: &Run, places: &[Vec<Place>], lessons: Vec<Lesson>) -> Vec<Lesson> {
    let began = run.elapsed();
    let watch = Watch {
        stops: &|| run.stops(began, MOMENT),
        is_over: &|| run.is_over(began, MOMENT),
        gained: &|_| {},
    };
    let mut chains = Chains::of(run.world, places, &lessons, run.options.seed, watch);
    chains.improve(1);
    chains.lessons()
}

/// Gives back what the previous plan had, moving few: as long as that is worth the moves.
pub fn restored(run: &Run, places: &[Vec<Place>], lessons: Vec<Lesson>) -> Vec<Lesson> {
    let world = run.world;
    let watch = Watch {
        stops: &|| run.stops(0.0, run.elapsed() + run.left()),
        is_over: &|| run.left() <= 0.0,
        gained: &|_| {},
    };
    let mut chains = Chains::of(world, places, &lessons, run.options.seed, watch);
    chains.restore();
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
    let bound = contest.all().min(caps(world));
    close_minutes(run, "granted", &best, began, Some(bound));
    Fair::unproved(best)
}

/// What all asked, each within its quota.
fn caps(world: &World) -> f64 {
    let cap = |n: usize| {
        let quota = world.instance.organizations[n].quota;
        world.asked(n).min(quota.unwrap_or(i64::MAX)) as f64
    };
    (0..world.instance.organizations.len()).map(cap).sum()
}

/// A stage whose value is the minutes of these lessons; without a bound of its own, what was asked is one.
pub fn close_minutes(run: &mut Run, name: &str, lessons: &[Lesson], began: f64, bound: Option<f64>) {
    let world = run.world;
    let value = granted(world, lessons, i64::MAX).iter().sum::<i64>() as f64;
    let bound = bound.unwrap_or_else(|| caps(world));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Size, generate};
    use crate::greedy;
    use crate::solve::tests::{options, run};
    use crate::solve::{Options, Progress};
    use std::cell::Cell;

    /// By a clock that goes on whenever it is read.
    #[test]
    fn chains_tell_what_they_gained_before_they_are_done() {
        let world = World::new(&generate(Size::Town, 1));
        let places = greedy::places(&world);
        let mut lines: Vec<Progress> = Vec::new();
        let mut hear = |line| lines.push(line);
        let read = Cell::new(0.0);
        let clock = || {
            read.set(read.get() + 0.01);
            read.get()
        };
        let options = Options {
            seconds: 100.0,
            ..options()
        };
        let mut run = Run {
            clock: &clock,
            ..run(&world, &options, &mut hear)
        };
        let first = greedy::plan(&world, &places);
        chained(&mut run, &places, first, 0.5);
        let done = lines.pop().expect("the stage is closed");
        assert!(1 < lines.len(), "{lines:?}");
        assert!(
            lines
                .iter()
                .all(|line| line.stage == "chains" && line.bound == done.bound)
        );
        let figures = || lines.iter().map(|line| line.incumbent.expect("minutes"));
        assert!(figures().all(|minutes| 0.0 < minutes && Some(minutes) <= done.bound));
        assert!(figures().max_by(f64::total_cmp) > figures().next(), "{lines:?}");
        assert!(lines.windows(2).all(|pair| pair[0].seconds + 0.5 <= pair[1].seconds));
    }
}
