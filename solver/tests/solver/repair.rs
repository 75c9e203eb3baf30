//! A week that was planned and has lost something: few lessons move, and how few is said truly.

use crate::week::remembered;
use domain::instance::Instance;
use domain::plan::{Assignment, Plan, Stage};
use solver::{Method, Options, Size, check, generate, solve};
use std::collections::BTreeSet;

fn planned(instance: &Instance, method: Method) -> Plan {
    let options = Options {
        nodes: Some(10_000),
        explain: false,
        method,
        ..Options::of(instance)
    };
    let plan = solve(instance, &options, &mut |_| {}, &|| 0.0, &|| false).unwrap();
    assert!(check(instance, &plan).is_clean());
    plan
}

fn spots(plan: &Plan) -> BTreeSet<String> {
    let spot = |a: &Assignment| format!("{} {} {} {:?}", a.request, a.start, a.room, a.instructors);
    plan.assignments.iter().map(spot).collect()
}

fn stage<'p>(plan: &'p Plan, name: &str) -> &'p Stage {
    plan.stages.iter().find(|stage| stage.name == name).unwrap()
}

/// A planned town, and the same after its last room without a pin has closed.
fn town_without_a_room(seed: u64) -> (Plan, Instance, usize) {
    let instance = generate(Size::Town, seed);
    let plan = planned(&instance, Method::Greedy);
    let mut changed = remembered(instance, &plan);
    let pinned = |id| {
        changed
            .requests
            .iter()
            .any(|r| r.pinned.iter().any(|pin| pin.room == id))
    };
    let lost = changed.rooms.iter().rposition(|room| !pinned(room.id.clone())).unwrap();
    changed.rooms[lost].open.clear();
    let room = &changed.rooms[lost].id;
    let displaced = plan.assignments.iter().filter(|a| a.room == *room).count();
    assert!(0 < displaced, "the room was of use");
    (plan, changed, displaced)
}

#[test]
fn a_planned_town_in_which_nothing_has_changed_stays_as_it_is() {
    let instance = generate(Size::Town, 1);
    let plan = planned(&instance, Method::Greedy);
    let again = planned(&remembered(instance, &plan), Method::Optimal);
    assert!(spots(&plan).is_subset(&spots(&again)));
    assert_eq!((stage(&again, "moves").value, stage(&again, "moves").bound), (0.0, 0.0));
}

#[test]
fn what_moves_is_counted_and_no_fewer_can_be_shown() {
    for seed in [1, 2] {
        let (plan, changed, displaced) = town_without_a_room(seed);
        let again = planned(&changed, Method::Optimal);
        let moves = stage(&again, "moves");
        let gone = spots(&plan).difference(&spots(&again)).count();
        assert_eq!(moves.value, gone as f64, "town {seed}");
        assert!(
            displaced as f64 <= moves.bound && moves.bound <= moves.value,
            "town {seed}: {moves:?}"
        );
        assert!(moves.value <= 1.2 * moves.bound, "town {seed}: {moves:?}");
        let minutes = |plan: &Plan| plan.organizations.iter().map(|o| o.granted).sum::<i64>();
        let longest = changed.requests.iter().map(|request| request.minutes).max().unwrap();
        assert!(
            minutes(&plan) - longest * displaced as i64 <= minutes(&again),
            "town {seed}"
        );
    }
}

#[test]
fn a_repair_is_the_same_byte_for_byte_in_any_order_of_lists() {
    let (_, changed, _) = town_without_a_room(2);
    let mut turned = changed.clone();
    turned.requests.reverse();
    turned.rooms.rotate_left(3);
    let bytes = |plan: &Plan| serde_json::to_string(plan).unwrap();
    let (plan, again) = (planned(&changed, Method::Optimal), planned(&turned, Method::Optimal));
    assert_eq!(bytes(&plan), bytes(&again));
}
