//! One test for each hard rule: a tiny week in which the rule costs a lesson, and the same week without it.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::time::Span;
use rstest::rstest;
use std::collections::BTreeMap;

/// Two requests of organization a.
fn two() -> Instance {
    let mut instance = morning();
    instance.requests = vec![request("r1", "a"), request("r2", "a")];
    instance
}

/// Two requests that need a teacher, in two rooms.
fn two_taught(teachers: &[&str]) -> Instance {
    let mut instance = two();
    instance.rooms.push(room("other"));
    instance.instructors = teachers.iter().map(|id| teacher(id)).collect();
    instance.requests.iter_mut().for_each(|r| r.instructors.count = 1);
    instance
}

fn open(instance: &mut Instance, hours_open: i64) {
    instance
        .rooms
        .iter_mut()
        .for_each(|room| room.open = vec![hours(hours_open)]);
}

#[rstest]
#[case(1, 1)]
#[case(2, 2)]
fn room_clash(#[case] hours_open: i64, #[case] expected: usize) {
    let mut instance = two();
    open(&mut instance, hours_open);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(Some("hall"), 1)]
#[case(None, 2)]
fn a_room_and_its_bays_exclude_each_other(#[case] part_of: Option<&str>, #[case] expected: usize) {
    let mut instance = two();
    let bay = Room {
        part_of: part_of.map(RoomId::new),
        ..room("bay")
    };
    instance.rooms = vec![room("hall"), bay];
    open(&mut instance, 1);
    instance.requests[0].rooms.any_of = Some(vec![RoomId::new("hall")]);
    instance.requests[1].rooms.any_of = Some(vec![RoomId::new("bay")]);
    assert_eq!(lessons(&instance), expected);
}

#[test]
fn two_bays_of_one_room_do_not_exclude_each_other() {
    let mut instance = two();
    let bay = |id: &str| Room {
        part_of: Some(RoomId::new("hall")),
        seats: 30,
        ..room(id)
    };
    instance.rooms = vec![
        Room {
            seats: 10,
            ..room("hall")
        },
        bay("bay1"),
        bay("bay2"),
    ];
    open(&mut instance, 1);
    assert_eq!(lessons(&instance), 2);
}

#[rstest]
#[case(30, 1)]
#[case(0, 2)]
fn turnaround_keeps_the_room_empty(#[case] turnaround: i64, #[case] expected: usize) {
    let mut instance = two();
    open(&mut instance, 2);
    instance.rooms[0].turnaround = turnaround;
    assert_eq!(lessons(&instance), expected);
}

#[test]
fn turnaround_may_run_past_closing() {
    let mut instance = two();
    open(&mut instance, 1);
    instance.rooms[0].turnaround = 30;
    assert_eq!(lessons(&instance), 1);
}

#[rstest]
#[case(vec![EIGHT], 1)]
#[case(vec![EIGHT, EIGHT + 90], 2)]
fn start_not_allowed(#[case] starts: Vec<i64>, #[case] expected: usize) {
    let mut instance = two();
    instance.calendar.starts = Some(starts);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(vec![hours(1)], 1)]
#[case(vec![Span::new(480, 510), Span::new(520, 570)], 0)]
#[case(vec![Span::new(480, 510), Span::new(510, 540), Span::new(540, 600)], 2)]
fn outside_windows(#[case] windows: Vec<Span>, #[case] expected: usize) {
    let mut instance = two();
    for request in &mut instance.requests {
        request.windows = windows
            .iter()
            .map(|span| Window {
                span: *span,
                preference: 0,
            })
            .collect();
    }
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(vec![Span::new(480, 510), Span::new(510, 600)], 1)]
#[case(vec![Span::new(480, 600)], 2)]
fn room_closed(#[case] open: Vec<Span>, #[case] expected: usize) {
    let mut instance = two();
    instance.calendar.start_step = 30;
    instance.rooms[0].open = open;
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(vec![Span::new(530, 550)], 0)]
#[case(vec![Span::new(540, 550)], 1)]
#[case(vec![], 2)]
fn room_blackout(#[case] blackouts: Vec<Span>, #[case] expected: usize) {
    let mut instance = two();
    open(&mut instance, 2);
    instance.rooms[0].blackouts = blackouts;
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(Some(vec![RoomId::new("room")]), 1)]
#[case(None, 2)]
fn room_not_asked(#[case] any_of: Option<Vec<RoomId>>, #[case] expected: usize) {
    let mut instance = two();
    instance.rooms.push(room("other"));
    open(&mut instance, 1);
    instance
        .requests
        .iter_mut()
        .for_each(|r| r.rooms.any_of = any_of.clone());
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case("cnc", 1)]
#[case("welding", 0)]
fn feature_missing(#[case] feature: &str, #[case] expected: usize) {
    let mut instance = two();
    open(&mut instance, 1);
    instance.rooms[0].features = vec![FeatureId::new("cnc")];
    instance
        .requests
        .iter_mut()
        .for_each(|r| r.rooms.features = vec![FeatureId::new(feature)]);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(41, 1)]
#[case(40, 2)]
fn seats_short(#[case] headcount: i64, #[case] expected: usize) {
    let mut instance = two();
    instance.requests[0].headcount = headcount;
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case("plant", None, 0)]
#[case("base", Some("other"), 0)]
#[case("base", Some("room"), 2)]
#[case("base", None, 2)]
fn equipment_elsewhere(#[case] site: &str, #[case] fixed: Option<&str>, #[case] expected: usize) {
    let mut instance = two();
    instance.rooms.push(room("other"));
    instance.rooms.push(Room {
        site: SiteId::new("plant"),
        ..room("far")
    });
    let fixed = fixed.map(RoomId::new);
    instance.equipment = vec![Equipment {
        site: SiteId::new(site),
        room: fixed,
        ..equipment("lathe", 2)
    }];
    for request in &mut instance.requests {
        request.rooms.any_of = Some(vec![RoomId::new("room")]);
        request.equipment = vec![EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units: 1,
        }];
    }
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(3, 0, 1)]
#[case(4, 1, 1)]
#[case(4, 0, 2)]
fn equipment_short(#[case] units: i64, #[case] out: i64, #[case] expected: usize) {
    let mut instance = two();
    instance.rooms.push(room("other"));
    open(&mut instance, 1);
    let blackouts = vec![UnitsOut {
        span: Span::new(500, 501),
        units: out,
    }];
    instance.equipment = vec![Equipment {
        blackouts,
        ..equipment("lathe", units)
    }];
    for request in &mut instance.requests {
        request.equipment = vec![EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units: 2,
        }];
    }
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(3, 0)]
#[case(2, 1)]
fn instructor_count(#[case] count: i64, #[case] expected: usize) {
    let mut instance = two_taught(&["li", "wang"]);
    open(&mut instance, 1);
    instance.requests.iter_mut().for_each(|r| r.instructors.count = count);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(Some(vec![InstructorId::new("li")]), 1)]
#[case(None, 2)]
fn instructor_not_asked_and_clash(#[case] any_of: Option<Vec<InstructorId>>, #[case] expected: usize) {
    let mut instance = two_taught(&["li", "wang"]);
    open(&mut instance, 1);
    instance
        .requests
        .iter_mut()
        .for_each(|r| r.instructors.any_of = any_of.clone());
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(4, 0)]
#[case(3, 2)]
fn skill_short(#[case] level: i64, #[case] expected: usize) {
    let mut instance = two_taught(&["li"]);
    instance.instructors[0].skills = BTreeMap::from([(SkillId::new("cnc"), 3)]);
    instance
        .requests
        .iter_mut()
        .for_each(|r| r.instructors.skills = BTreeMap::from([(SkillId::new("cnc"), level)]));
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case("b", 0)]
#[case("a", 2)]
fn instructor_not_serving(#[case] served: &str, #[case] expected: usize) {
    let mut instance = two_taught(&["li"]);
    instance.instructors[0].organizations = Some(vec![OrganizationId::new(served)]);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(vec![Span::new(480, 539)], 0)]
#[case(vec![Span::new(480, 510), Span::new(510, 540)], 1)]
fn instructor_unavailable(#[case] available: Vec<Span>, #[case] expected: usize) {
    let mut instance = two_taught(&["li"]);
    instance.instructors[0].available = available;
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(90, 1)]
#[case(60, 2)]
fn travel_too_short(#[case] minutes: i64, #[case] expected: usize) {
    let mut instance = two_taught(&["li"]);
    instance.rooms[1].site = SiteId::new("plant");
    open(&mut instance, 3);
    instance.travel.pairs = vec![(SiteId::new("plant"), SiteId::new("base"), minutes)];
    instance.requests[0].rooms.any_of = Some(vec![RoomId::new("room")]);
    instance.requests[1].rooms.any_of = Some(vec![RoomId::new("other")]);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(Some(119), None, 1)]
#[case(None, Some(119), 1)]
#[case(Some(120), Some(120), 2)]
fn instructor_day_max_and_week_max(
    #[case] day_max: Option<i64>,
    #[case] week_max: Option<i64>,
    #[case] expected: usize,
) {
    let mut instance = two_taught(&["li"]);
    (instance.instructors[0].day_max, instance.instructors[0].week_max) = (day_max, week_max);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case("c1", 1)]
#[case("c2", 2)]
fn cohort_clash(#[case] second: &str, #[case] expected: usize) {
    let mut instance = two();
    instance.rooms.push(room("other"));
    open(&mut instance, 1);
    instance.requests[0].cohorts = vec![CohortId::new("c1")];
    instance.requests[1].cohorts = vec![CohortId::new(second)];
    assert_eq!(lessons(&instance), expected);
}

/// One request of three lessons, open Monday to Wednesday.
fn three_days() -> Instance {
    let mut instance = morning();
    instance.rooms[0].open = (0..3).map(|day| hours(4).shifted(day * DAY)).collect();
    instance.requests = vec![Request {
        lessons: 3,
        ..request("r1", "a")
    }];
    instance
}

#[rstest]
#[case(Some(0), 0)]
#[case(Some(1), 3)]
#[case(None, 3)]
fn per_day_max_limits_a_day(#[case] per_day_max: Option<i64>, #[case] expected: usize) {
    let mut instance = three_days();
    instance.requests[0].per_day_max = per_day_max;
    assert_eq!(lessons(&instance), expected);
    instance.rooms[0].open.truncate(1);
    assert_eq!(lessons(&instance), expected.min(per_day_max.unwrap_or(3) as usize));
}

#[rstest]
#[case(1, Some(1), 2)]
#[case(2, Some(1), 1)]
#[case(2, Some(2), 2)]
#[case(2, None, 3)]
fn days_between(#[case] days_between_min: i64, #[case] per_day_max: Option<i64>, #[case] expected: usize) {
    let mut instance = three_days();
    instance.requests[0].days_between_min = days_between_min;
    instance.requests[0].per_day_max = per_day_max;
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(119, 1)]
#[case(120, 2)]
fn quota_exceeded(#[case] quota: i64, #[case] expected: usize) {
    let mut instance = two();
    instance.organizations[0].quota = Some(quota);
    assert_eq!(lessons(&instance), expected);
}

#[rstest]
#[case(true, 0)]
#[case(false, 2)]
fn all_or_nothing_takes_all(#[case] all_or_nothing: bool, #[case] expected: usize) {
    let mut instance = three_days();
    instance.rooms[0].open = vec![hours(2)];
    instance.requests[0].all_or_nothing = all_or_nothing;
    assert_eq!(lessons(&instance), expected);
}

#[test]
fn pinned_moved() {
    let mut instance = two_taught(&["li", "wang"]);
    open(&mut instance, 2);
    instance.requests[0].pinned = vec![placed(540, "other", &["wang"])];
    let plan = solved(&instance);
    assert_eq!(plan.assignments.len(), 2);
    assert_eq!(timetable(&plan)[0], "r1 540 other wang");
    assert!(plan.assignments[0].pinned && !plan.assignments[1].pinned);
}
