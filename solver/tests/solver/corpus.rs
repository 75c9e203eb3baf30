//! The hand-written instances of `tests/instances`, with their answers.

use crate::week::solved;
use domain::plan::{Plan, Reason};

fn text(name: &str) -> String {
    let path = format!("{}/../tests/instances/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn plan(name: &str) -> Plan {
    solved(&solver::parse(&text(name)).expect("the instance is sound"))
}

fn granted(plan: &Plan) -> Vec<(&str, i64)> {
    plan.organizations.iter().map(|o| (o.id.as_str(), o.granted)).collect()
}

#[test]
fn four_hours_for_two() {
    assert_eq!(
        granted(&plan("four-hours-for-two")),
        [("erzhong", 120), ("yizhong", 120)]
    );
}

/// 8:00 whole hall until 9:00, empty until 9:30, so the bays have lessons at 10:00 only; without the hall two each.
#[test]
fn bays_and_turnaround() {
    assert_eq!(
        granted(&plan("bays-and-turnaround")),
        [("erzhong", 60), ("sanzhong", 60), ("yizhong", 60)]
    );
}

/// Two lessons at one site and the way to the other take too long for a third; one each is fairest.
#[test]
fn one_teacher_two_sites() {
    assert_eq!(
        granted(&plan("one-teacher-two-sites")),
        [("erzhong", 60), ("yizhong", 120)]
    );
}

#[test]
fn tiers_quota_history() {
    assert_eq!(
        granted(&plan("tiers-quota-history")),
        [("erzhong", 240), ("sanzhong", 120), ("yizhong", 120)]
    );
}

#[test]
fn pins_previous_equipment() {
    let plan = plan("pins-previous-equipment");
    assert_eq!(granted(&plan), [("erzhong", 120), ("yizhong", 180)]);
    let fixed = plan.assignments.iter().find(|a| a.pinned).unwrap();
    assert_eq!((fixed.start, fixed.room.as_str()), (600, "lab"));
}

#[test]
fn impossible_requests() {
    let plan = plan("impossible-requests");
    assert_eq!(granted(&plan), [("erzhong", 0), ("yizhong", 60)]);
    let rule = |id: &str| {
        let unplaced = plan.unplaced.iter().find(|u| u.request.as_str() == id).unwrap();
        match &unplaced.reasons[0] {
            Reason::ImpossibleAlone { rule } => rule.clone(),
            other => format!("{other:?}"),
        }
    };
    assert_eq!(rule("too-many"), "seats_short");
    assert_eq!(rule("too-long"), "outside_windows");
    assert_eq!(rule("nobody-teaches"), "no_instructor_teaches");
    assert_eq!(rule("nowhere"), "feature_missing");
    assert_eq!(rule("two-of-three"), "not_all_lessons");
}

#[test]
fn contradictions() {
    let problems = solver::parse(&text("contradictions")).unwrap_err();
    let found: Vec<String> = problems.iter().map(|p| format!("{} {}", p.path, p.code)).collect();
    let expected = [
        "/calendar/monday not_a_monday",
        "/equipment/0/room room_at_another_site",
        "/equipment/1/room unknown_id",
        "/instructors/0/day_max negative",
        "/instructors/0/organizations/0 unknown_id",
        "/organizations/0/weight not_positive",
        "/organizations/1/id duplicate_id",
        "/requests/0/equipment/0/id unknown_id",
        "/requests/0/instructors/any_of/0 unknown_id",
        "/requests/0/lessons not_positive",
        "/requests/0/minutes not_positive",
        "/requests/0/organization unknown_id",
        "/requests/0/pinned more_pins_than_lessons",
        "/requests/0/pinned/0/instructors/0 unknown_id",
        "/requests/0/rooms/any_of/0 unknown_id",
        "/rooms/0/part_of part_of_itself",
        "/rooms/0/seats negative",
        "/rooms/1/open/0 span_backwards",
        "/rooms/1/part_of part_of_itself",
    ];
    assert_eq!(found, expected);
}
