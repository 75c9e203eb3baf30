//! Pinned lessons of requests that want all of their lessons or none.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::time::Span;
use solver::{Failure, Method};

/// ```text
///      8      9      10
/// x    r1     .      .       r1 may end at 9 or 10, r2 only at 9, and r3 wants 10
/// y    r2
/// ```
/// First fit gives r1 the hour at 9, so r2 has none, and then r3 its hour, with higher levels than the only plan has.
fn two_halves() -> Instance {
    let mut instance = morning();
    let room = |id: &str, open: i64| Room {
        open: vec![hours(open)],
        ..room(id)
    };
    instance.organizations.push(member("c"));
    instance.rooms = vec![room("x", 3), room("y", 1)];
    let half = |id: &str, organization: &str, at: &str| Request {
        lessons: 2,
        all_or_nothing: true,
        pinned: vec![placed(EIGHT, at, &[])],
        ..request(id, organization)
    };
    instance.requests = vec![half("r1", "a", "x"), half("r2", "b", "y"), request("r3", "c")];
    instance.requests[0].rooms.any_of = Some(vec![RoomId::new("x")]);
    instance.requests[1].windows[0].span = hours(2);
    instance.requests[2].windows[0].span = Span::new(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR);
    instance
}

#[test]
fn a_plan_that_holds_the_pins_is_found_although_its_levels_are_lower() {
    let plan = solved(&two_halves());
    assert_eq!(timetable(&plan), ["r1 480 x", "r1 600 x", "r2 480 y", "r2 540 x"]);
}

#[test]
fn where_pins_oblige_to_more_than_there_is_there_is_no_plan() {
    let mut instance = two_halves();
    instance.requests[0].windows[0].span = hours(2);
    let failure = solved_with(&instance, &options(600.0, Method::Optimal)).unwrap_err();
    assert!(matches!(failure, Failure::PinsCannotHold { .. }), "{failure:?}");
}
