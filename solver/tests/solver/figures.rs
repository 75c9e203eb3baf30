//! The figures and explanations of a plan.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::{Reason, Remedy};
use solver::{check, compare};

#[test]
fn an_impossible_request_is_reported_and_the_rest_is_planned() {
    let mut instance = morning();
    instance.requests = vec![
        request("r1", "a"),
        Request {
            headcount: 500,
            ..request("r2", "b")
        },
    ];
    let plan = solved(&instance);
    assert_eq!(timetable(&plan), ["r1 480 room"]);
    assert_eq!(plan.unplaced.len(), 1);
    assert_eq!(
        plan.unplaced[0].reasons,
        [Reason::ImpossibleAlone {
            rule: "seats_short".into()
        }]
    );
    assert_eq!(
        plan.unplaced[0].would_fit,
        [Remedy::SmallerGroup {
            headcount: 40,
            start: 540,
            room: RoomId::new("room")
        }]
    );
}

#[test]
fn a_displaced_request_learns_who_holds_the_room_and_when_it_could_go() {
    let mut instance = morning();
    instance.requests = vec![
        request("r1", "a"),
        Request {
            tier: 2,
            ..request("r2", "b")
        },
    ];
    instance.requests.iter_mut().for_each(|r| r.windows[0].span = hours(1));
    let plan = solved(&instance);
    let held_by = vec![RequestId::new("r1")];
    let taken = Reason::RoomTaken {
        room: RoomId::new("room"),
        span: hours(1),
        held_by: held_by.clone(),
    };
    assert_eq!(
        plan.unplaced[0].reasons,
        [Reason::LowerTier { tier: 2, held_by }, taken]
    );
    assert_eq!(
        plan.unplaced[0].would_fit[0],
        Remedy::OtherWindow {
            start: 540,
            room: RoomId::new("room")
        }
    );
}

#[test]
fn the_fair_share_is_a_reason() {
    let mut instance = morning();
    open_hours(&mut instance, 2);
    instance.requests = vec![
        Request {
            lessons: 2,
            ..request("r1", "a")
        },
        Request {
            lessons: 2,
            ..request("r2", "b")
        },
    ];
    let plan = solved(&instance);
    for unplaced in &plan.unplaced {
        assert_eq!(
            unplaced.reasons[0],
            Reason::FairShareReached {
                level: 60,
                level_min: 60
            }
        );
    }
}

fn open_hours(instance: &mut Instance, n: i64) {
    instance.rooms[0].open = vec![hours(n)];
}

#[test]
fn units_are_numbered_around_outages() {
    let mut instance = morning();
    instance.rooms.push(room("other"));
    instance.equipment = vec![equipment("lathe", 3)];
    instance.equipment[0].blackouts = vec![UnitsOut {
        span: hours(1),
        units: 1,
    }];
    let need = |units| {
        vec![EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units,
        }]
    };
    instance.requests = vec![request("r1", "a"), request("r2", "b")];
    instance.requests.iter_mut().for_each(|r| {
        r.windows[0].span = hours(1);
        r.equipment = need(1);
    });
    let units: Vec<i64> = solved(&instance)
        .assignments
        .iter()
        .flat_map(|a| a.equipment[0].units.clone())
        .collect();
    assert_eq!(units, [2, 3]);
}

#[test]
fn the_check_finds_a_wrong_figure_and_a_broken_rule() {
    let mut instance = morning();
    instance.requests = vec![request("r1", "a"), request("r2", "b")];
    let mut plan = solved(&instance);
    plan.organizations[0].granted += 1;
    plan.assignments[1].start = plan.assignments[0].start;
    let report = check(&instance, &plan);
    assert_eq!(
        report.wrong.iter().map(|w| w.path.as_str()).collect::<Vec<_>>(),
        ["/organizations/0"]
    );
    assert_eq!(
        report.violations.iter().map(|v| v.code()).collect::<Vec<_>>(),
        ["room_clash"]
    );
}

#[test]
fn two_plans_are_compared_by_organization_request_and_move() {
    let mut instance = morning();
    instance.requests = vec![request("r1", "a"), request("r2", "b")];
    let before = solved(&instance);
    let mut after = before.clone();
    after.assignments[0].start = 600;
    after.assignments.pop();
    after.organizations[1].granted = 0;
    let comparison = compare(&instance, &before, &after);
    assert_eq!(comparison.minutes, (120, 60));
    assert_eq!(comparison.moves.len(), 2);
    assert_eq!(comparison.requests[1].lessons, (1, 0));
    assert_eq!(comparison.unchanged, 0);
}
