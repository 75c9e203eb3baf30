//! Why a lesson has no place: each reason in a tiny week that gives it, with who holds what.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::{Plan, Reason};
use domain::time::Span;
use rstest::rstest;

fn why(plan: &Plan, id: &str) -> Vec<Reason> {
    let of = plan
        .unplaced
        .iter()
        .find(|missing| missing.request == RequestId::new(id));
    of.expect("something of it is missing").reasons.clone()
}

fn by(ids: &[&str]) -> Vec<RequestId> {
    ids.iter().map(|id| RequestId::new(*id)).collect()
}

/// Two requests of two organizations, in one hour.
fn one_hour() -> Instance {
    let mut instance = morning();
    instance.rooms[0].open = vec![hours(1)];
    instance.requests = vec![request("r1", "a"), request("r2", "b")];
    instance
}

/// The same with another room and one teacher for both.
fn one_teacher() -> Instance {
    let mut instance = one_hour();
    instance.rooms.push(Room {
        open: vec![hours(4)],
        ..room("second")
    });
    instance.instructors = vec![teacher("li")];
    instance.requests.iter_mut().for_each(|r| r.instructors.count = 1);
    instance
}

#[rstest]
#[case(Some(60), None, "instructor_day_max")]
#[case(None, Some(60), "instructor_week_max")]
fn a_lesson_beyond_everybodys_hours_is_impossible_alone(
    #[case] day_max: Option<i64>,
    #[case] week_max: Option<i64>,
    #[case] rule: &str,
) {
    let mut instance = one_teacher();
    instance.requests.truncate(1);
    instance.requests[0].minutes = 120;
    assert_eq!(lessons(&instance), 1);
    (instance.instructors[0].day_max, instance.instructors[0].week_max) = (day_max, week_max);
    let plan = solved(&instance);
    let rule = rule.to_owned();
    assert_eq!(why(&plan, "r1"), [Reason::ImpossibleAlone { rule }]);
    assert_eq!(plan.organizations[0].claim, Some(0.0), "nobody is owed half a lesson");
}

#[test]
fn whoever_fills_the_week_of_the_only_teacher_holds_the_teacher() {
    let mut instance = one_teacher();
    instance.instructors[0].week_max = Some(60);
    instance.requests[0].tier = 1;
    instance.requests[1].tier = 2;
    instance.requests[1].windows[0].span = hours(1).shifted(2 * HOUR);
    let held_by = by(&["r1"]);
    let no_instructor = Reason::NoInstructor {
        span: hours(1).shifted(2 * HOUR),
        held_by: held_by.clone(),
    };
    let lower = Reason::LowerTier { tier: 2, held_by };
    assert_eq!(why(&solved(&instance), "r2"), [lower, no_instructor.clone()]);
    instance.requests[1].tier = 1;
    instance.requests[0].pinned = vec![placed(EIGHT, "room", &["li"])];
    instance.organizations[1].history = 60;
    let share = Reason::FairShareReached {
        level: 60,
        level_min: 60,
    };
    assert_eq!(why(&solved(&instance), "r2"), [share, no_instructor]);
}

#[test]
fn whoever_keeps_the_teacher_at_another_site_holds_the_teacher() {
    let mut instance = one_teacher();
    instance.rooms[1].site = SiteId::new("plant");
    instance.requests[0].pinned = vec![placed(EIGHT, "room", &["li"])];
    instance.requests[1].rooms.any_of = Some(vec![RoomId::new("second")]);
    instance.requests[1].windows[0].span = hours(1).shifted(HOUR);
    let reasons = why(&solved(&instance), "r2");
    assert!(reasons.contains(&Reason::NoInstructor {
        span: hours(1).shifted(HOUR),
        held_by: by(&["r1"]),
    }));
}

#[test]
fn no_instructor_where_others_have_them_all() {
    let mut instance = one_teacher();
    instance.requests.iter_mut().for_each(|r| r.windows[0].span = hours(1));
    let plan = solved(&instance);
    let missing = plan.unplaced[0].request.clone();
    let other = if missing == RequestId::new("r1") { "r2" } else { "r1" };
    let none = Reason::NoInstructor {
        span: hours(1),
        held_by: by(&[other]),
    };
    assert!(plan.unplaced[0].reasons.contains(&none), "{:?}", plan.unplaced);
}

/// The room is held at 8 and 11, the class from 9 to 11: neither is called taken while it is free.
#[test]
fn a_thing_is_called_taken_only_while_it_is() {
    let mut instance = morning();
    instance.rooms.push(room("other"));
    let class = || vec![CohortId::new("class")];
    instance.requests = ["r1", "r2", "r3", "r4"].map(|id| request(id, "a")).to_vec();
    instance.requests[0].pinned = vec![placed(EIGHT, "room", &[])];
    instance.requests[1].pinned = vec![placed(EIGHT + 3 * HOUR, "room", &[])];
    instance.requests[2] = Request {
        minutes: 120,
        cohorts: class(),
        pinned: vec![placed(EIGHT + HOUR, "other", &[])],
        ..request("r3", "a")
    };
    instance.requests[3].cohorts = class();
    instance.requests[3].rooms.any_of = Some(vec![RoomId::new("room")]);
    let taken = |from: i64, by_whom: &str| Reason::RoomTaken {
        room: RoomId::new("room"),
        span: hours(1).shifted(from * HOUR),
        held_by: by(&[by_whom]),
    };
    let busy = Reason::CohortBusy {
        cohort: CohortId::new("class"),
        span: hours(2).shifted(HOUR),
        held_by: by(&["r3"]),
    };
    assert_eq!(why(&solved(&instance), "r4"), [busy, taken(0, "r1"), taken(3, "r2")]);
}

/// Two hours for one beat one hour for the other, and whoever has none is not told of a share that it has reached.
#[test]
fn a_share_is_no_reason_where_the_others_have_more() {
    let mut instance = one_hour();
    instance.rooms[0].open = vec![hours(2)];
    instance.requests[0].minutes = 120;
    let taken = Reason::RoomTaken {
        room: RoomId::new("room"),
        span: hours(2),
        held_by: by(&["r1"]),
    };
    assert_eq!(why(&solved(&instance), "r2"), [taken]);
}

#[test]
fn the_quota_is_a_reason() {
    let mut instance = morning();
    instance.organizations[0].quota = Some(60);
    instance.requests = vec![request("r1", "a"), request("r2", "a")];
    let plan = solved(&instance);
    assert_eq!(plan.unplaced[0].reasons, [Reason::Quota { quota: 60, granted: 60 }]);
}

#[test]
fn the_requests_own_days_are_a_reason() {
    let mut instance = morning();
    instance.requests = vec![Request {
        lessons: 2,
        per_day_max: Some(1),
        ..request("r1", "a")
    }];
    let used = Reason::DaysUsed {
        per_day_max: Some(1),
        days_between_min: 0,
    };
    assert_eq!(why(&solved(&instance), "r1"), [used]);
}

#[test]
fn too_few_units_are_a_reason() {
    let mut instance = one_hour();
    instance.rooms.push(room("second"));
    instance.equipment = vec![equipment("lathe", 3)];
    for request in &mut instance.requests {
        request.windows[0].span = hours(1);
        request.equipment = vec![EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units: 2,
        }];
    }
    instance.requests[0].tier = 1;
    instance.requests[1].tier = 2;
    let short = Reason::EquipmentShort {
        equipment: EquipmentId::new("lathe"),
        span: hours(1),
        needed: 2,
        free: 1,
        held_by: by(&["r1"]),
    };
    assert!(why(&solved(&instance), "r2").contains(&short));
}

/// One hour is open: two lessons together can never be, so nobody is owed half of them.
#[test]
fn all_or_nothing_that_no_week_could_hold_is_impossible_alone_and_has_no_claim() {
    let mut instance = one_hour();
    instance.requests[0].lessons = 2;
    instance.requests[0].all_or_nothing = true;
    let plan = solved(&instance);
    let rule = "not_all_lessons".to_owned();
    assert_eq!(why(&plan, "r1"), [Reason::ImpossibleAlone { rule }]);
    let claims: Vec<f64> = plan.organizations.iter().filter_map(|o| o.claim).collect();
    assert_eq!(claims, [0.0, 60.0]);
    instance.rooms[0].open = vec![hours(3)];
    assert_eq!(lessons(&instance), 3);
}

#[test]
fn how_many_of_all_or_nothing_have_a_place_is_told() {
    let mut instance = morning();
    instance.requests = vec![
        Request {
            lessons: 4,
            all_or_nothing: true,
            tier: 2,
            ..request("r1", "a")
        },
        request("r2", "b"),
    ];
    let reasons = why(&solved(&instance), "r1");
    assert!(
        reasons.contains(&Reason::AllOrNothing { fit: 3, asked: 4 }),
        "{reasons:?}"
    );
}

#[rstest]
#[case::no_start(true, false, "start_not_allowed")]
#[case::no_room(false, true, "unknown_room")]
#[case::other_room(false, false, "room_not_asked")]
fn a_week_without_starts_or_rooms_says_so(#[case] no_start: bool, #[case] no_room: bool, #[case] rule: &str) {
    let mut instance = morning();
    instance.requests = vec![request("r1", "a")];
    if no_start {
        instance.calendar.starts = Some(vec![]);
    } else if no_room {
        instance.rooms.clear();
    } else {
        instance.requests[0].rooms.any_of = Some(vec![]);
    }
    let rule = rule.to_owned();
    assert_eq!(why(&solved(&instance), "r1"), [Reason::ImpossibleAlone { rule }]);
}

#[test]
fn what_is_taken_by_a_turnaround_alone_is_told_too() {
    let mut instance = one_hour();
    instance.rooms[0].open = vec![hours(2)];
    instance.rooms[0].turnaround = 30;
    instance.requests[0].pinned = vec![placed(EIGHT + HOUR, "room", &[])];
    let taken = Reason::RoomTaken {
        room: RoomId::new("room"),
        span: Span::new(EIGHT + 30, EIGHT + 2 * HOUR),
        held_by: by(&["r1"]),
    };
    assert!(why(&solved(&instance), "r2").contains(&taken));
}
