//! Contests small enough to see.

use super::*;
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
