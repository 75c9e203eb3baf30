//! Contests small enough to see.

use super::*;
use crate::meter::Meter;
use crate::needs::Needs;
use crate::solve::tests::{options, run};
use crate::world::World;
use crate::world::tests::tiny;
use domain::id::FeatureId;
use domain::instance::Instance;
use domain::time::Span;

/// How the only trades stand, and the most of both organizations, with no lesson placed.
fn contest(instance: &Instance) -> (Vec<Standing>, Vec<f64>, f64) {
    let world = World::new(instance);
    let trades = Trades::of(&world, &Needs::of(&world));
    let (options, mut progress) = (options(), |_| {});
    let run = run(&world, &options, &mut progress);
    let contest = Contest::of(&run, &trades, &world.tiers(), (&[], None), 10.0);
    let standings = (0..trades.list.len()).map(|trade| contest.standing(trade)).collect();
    let last = world.tiers().len() - 1;
    (
        standings,
        (0..2).map(|n| contest.most(n, last)).collect(),
        contest.all(),
    )
}

#[test]
fn two_who_want_one_hour_of_one_teacher_contest_it() {
    let mut instance = tiny();
    instance
        .rooms
        .iter_mut()
        .for_each(|room| room.open = vec![Span::new(480, 540)]);
    assert_eq!(contest(&instance), (vec![Standing::Contested], vec![60.0, 60.0], 60.0));
}

#[test]
fn two_trades_that_meet_in_nothing_else_are_free() {
    let mut instance = tiny();
    instance
        .rooms
        .iter_mut()
        .for_each(|room| room.open = vec![Span::new(480, 540)]);
    instance.rooms[1].features = vec![FeatureId::new("welding")];
    instance.requests[1].rooms.features = vec![FeatureId::new("welding")];
    let free = Standing::Free;
    assert_eq!(contest(&instance), (vec![free, free], vec![60.0, 60.0], 120.0));
}

/// Two who want one hour; what is known of it in a run that is wanted or not, and the work that it took.
fn seen(cancelled: &dyn Fn() -> bool) -> (bool, Standing, f64, Option<f64>) {
    let mut instance = tiny();
    instance
        .rooms
        .iter_mut()
        .for_each(|room| room.open = vec![Span::new(480, 540)]);
    let world = World::new(&instance);
    let trades = Trades::of(&world, &Needs::of(&world));
    let (options, mut progress) = (options(), |_| {});
    let run = Run {
        cancelled,
        meter: Meter::counting(),
        ..run(&world, &options, &mut progress)
    };
    let contest = Contest::of(&run, &trades, &world.tiers(), (&[], None), 10.0);
    (
        contest.is_known(),
        contest.standing(0),
        contest.all(),
        run.meter.seconds(),
    )
}

#[test]
fn what_nobody_waits_for_is_contested_and_takes_no_work() {
    let (known, standing, all, work) = seen(&|| false);
    assert_eq!((known, standing, all), (true, Standing::Contested, 60.0));
    assert!(Some(0.0) < work);
    assert_eq!(seen(&|| true), (false, Standing::Contested, 120.0, Some(0.0)));
}

#[test]
fn a_look_under_way_ends_when_it_becomes_unwanted() {
    let world = World::new(&tiny());
    let trades = Trades::of(&world, &Needs::of(&world));
    let (tiers, meter) = (world.tiers(), Meter::counting());
    let look = |unwanted: &AtomicBool| {
        let look = Look {
            world: &world,
            trade: &trades.list[0],
            tiers: &tiers,
            lessons: &[],
            before: None,
            seconds: 10.0,
            seed: 1,
            meter: &meter,
            unwanted,
        };
        look.outlook().is_known
    };
    assert!(!look(&AtomicBool::new(true)));
    assert_eq!(meter.seconds(), Some(0.0));
    assert!(look(&AtomicBool::new(false)));
}
