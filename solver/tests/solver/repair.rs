//! A week that was planned and has lost something: few lessons move, and how few is said truly.

use crate::week::*;
use domain::id::RoomId;
use domain::instance::{Instance, Request, Room};
use domain::plan::{Assignment, MOVE_MINUTES, Plan, Stage, Status};
use domain::time::Span;
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

/// Four hours, of which one member has three by hand: nothing has changed since, so nothing moves, and it is said that a
/// plan from scratch would be fairer.
#[test]
fn a_small_week_that_was_edited_by_hand_stays_as_it_was_edited() {
    let mut instance = morning();
    instance.requests = ["a", "b"].map(|of| request(&format!("r-{of}"), of)).to_vec();
    instance.requests.iter_mut().for_each(|r| r.lessons = 4);
    for (n, start) in (0..4).map(|n| (n, EIGHT + n * HOUR)) {
        instance.requests[usize::from(n == 3)]
            .previous
            .push(placed(start, "room", &[]));
    }
    let plan = solved_with(&instance, &options(600.0, Method::Optimal)).unwrap();
    assert_eq!(
        timetable(&plan),
        ["r-a 480 room", "r-a 540 room", "r-a 600 room", "r-b 660 room"]
    );
    assert_eq!(plan.status, Status::Feasible);
    let beside = stage(&plan, "repair fairness");
    assert_eq!((beside.value, beside.bound), (180.0, 240.0));
    let claims: Vec<f64> = plan.organizations.iter().filter_map(|o| o.claim).collect();
    assert_eq!(claims, [120.0, 120.0]);
}

/// Ten times as much is asked by one member: the week was still planned before.
#[test]
fn a_planned_week_is_not_turned_over_by_whoever_asks_for_more() {
    let instance = generate(Size::Small, 2);
    let plan = planned(&instance, Method::Greedy);
    let mut padded = remembered(instance, &plan);
    let asked = |instance: &Instance| instance.requests.iter().map(|request| request.lessons).sum::<i64>();
    let loud = padded.organizations[0].id.clone();
    let own = padded
        .requests
        .iter_mut()
        .filter(|request| request.organization == loud);
    own.for_each(|request| request.lessons *= 20);
    assert!(2 * (plan.assignments.len() as i64) < asked(&padded));
    let again = planned(&padded, Method::Optimal);
    assert!(spots(&plan).is_subset(&spots(&again)));
}

/// Its room is lost, and the only other one that is large enough is held by lessons that could go to a smaller one.
#[test]
fn lessons_move_only_for_what_is_worth_it() {
    let week = |parts: i64| {
        let mut instance = morning();
        let minutes = HOUR / parts;
        instance.calendar.start_step = minutes;
        instance.rooms = [("hall", 40), ("large", 40), ("small", 20)]
            .map(|(id, seats)| Room {
                seats,
                open: vec![hours(1)],
                ..room(id)
            })
            .to_vec();
        instance.requests = vec![request("lost", "a")];
        instance.requests[0].previous = vec![placed(EIGHT, "hall", &[])];
        for n in 0..parts {
            instance.requests.push(Request {
                minutes,
                headcount: 10,
                previous: vec![placed(EIGHT + n * minutes, "large", &[])],
                ..request(&format!("small-{n}"), "b")
            });
        }
        let hall = instance.rooms.iter_mut().find(|room| room.id == RoomId::new("hall"));
        hall.unwrap().blackouts.push(Span::new(0, DAY));
        solved_with(&instance, &options(600.0, Method::Optimal)).unwrap()
    };
    let moved = |plan: &Plan| stage(plan, "moves").value as i64 - 1;
    const { assert!(MOVE_MINUTES <= HOUR && HOUR < 3 * MOVE_MINUTES) };
    let plan = week(1);
    assert_eq!((plan.assignments.len(), moved(&plan)), (2, 1));
    let plan = week(3);
    assert_eq!((plan.assignments.len(), moved(&plan)), (3, 0));
}
