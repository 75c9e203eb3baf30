//! What holds over several lessons: of a cohort, a request, an organization.

use crate::week::*;
use domain::id::{CohortId, InstructorId, OrganizationId, RequestId, RoomId};
use domain::instance::{Instance, Placed};
use domain::violation::Violation::*;

fn r1() -> RequestId {
    RequestId::new("r1")
}

#[test]
fn a_cohort_is_in_one_place_at_a_time() {
    // r1/1 c1 c2  08:00 ├──────────┤ 10:00
    // r2/1 c2            09:50 ├──────────┤ 11:50, or just after at 10:00
    // r3/1 c3     08:00 ├──────────┤ 10:00
    let cohorts = |week: &mut Instance| {
        for (request, list) in [("r1", ["c1", "c2"]), ("r2", ["c2", "c2"]), ("r3", ["c3", "c4"])] {
            week.request_mut(request).cohorts = list.map(CohortId::new).into();
        }
    };
    let lessons = |start| {
        [
            lesson("r1/1", 480, "lab"),
            lesson("r2/1", start, "hall"),
            lesson("r3/1", 480, "press"),
        ]
    };
    check(cohorts, &lessons(600), &[]);
    let clash = CohortClash {
        at: at("r1/1"),
        other: at("r2/1"),
        cohort: CohortId::new("c2"),
    };
    check(cohorts, &lessons(590), &[clash]);
}

#[test]
fn at_most_per_day_max_lessons_of_a_request_begin_on_a_day() {
    let one = |week: &mut Instance| week.request_mut("r1").per_day_max = Some(1);
    let lessons = |second| [lesson("r1/1", on(2, 8, 0), "lab"), lesson("r1/2", second, "lab")];
    check(one, &lessons(on(3, 8, 0)), &[]);
    check(
        one,
        &lessons(on(2, 10, 0)),
        &[PerDayMax {
            request: r1(),
            day: 2,
            lessons: 2,
            per_day_max: 1,
        }],
    );
}

#[test]
fn lessons_on_different_days_are_more_than_days_between_min_days_apart() {
    let apart = |days| move |week: &mut Instance| week.request_mut("r1").days_between_min = days;
    let lessons = |day| {
        [
            lesson("r1/1", on(1, 8, 0), "lab"),
            lesson("r1/2", on(day, 14, 0), "lab"),
        ]
    };
    // Two lessons on one day are the business of per_day_max.
    for (days, good) in [(0, 2), (1, 3), (1, 1), (3, 5)] {
        check(apart(days), &lessons(good), &[]);
    }
    let near = |days_between_min| DaysBetween {
        at: at("r1/1"),
        other: at("r1/2"),
        days_between_min,
    };
    for (days, bad) in [(1, 2), (2, 3), (3, 4)] {
        check(apart(days), &lessons(bad), &[near(days)]);
    }
    let numbered_backwards = [lesson("r1/2", on(1, 8, 0), "lab"), lesson("r1/1", on(2, 8, 0), "lab")];
    let found = DaysBetween {
        at: at("r1/2"),
        other: at("r1/1"),
        days_between_min: 1,
    };
    check(apart(1), &numbered_backwards, &[found]);
}

#[test]
fn minutes_granted_to_an_organization_are_at_most_its_quota() {
    let quota = |minutes| move |week: &mut Instance| week.organizations[0].quota = Some(minutes);
    let lessons = [
        lesson("r1/1", 480, "lab"),
        lesson("r2/1", 480, "hall"),
        lesson("r3/1", 480, "press"),
    ];
    check(quota(240), &lessons, &[]);
    let above = QuotaExceeded {
        organization: OrganizationId::new("yizhong"),
        minutes: 240,
        quota: 239,
    };
    check(quota(239), &lessons, &[above]);
}

#[test]
fn a_pinned_placement_keeps_its_start_room_and_instructors() {
    let pinned = |week: &mut Instance| {
        let request = week.request_mut("r1");
        request.instructors.count = 2;
        let instructors = vec![InstructorId::new("zhang"), InstructorId::new("li")];
        request.pinned = vec![Placed {
            start: 480,
            room: RoomId::new("lab"),
            instructors,
        }];
    };
    let kept = lesson("r1/2", 480, "lab").by(&["li", "zhang"]);
    check(pinned, &[lesson("r1/1", 600, "lab").by(&["li", "zhang"]), kept], &[]);
    let moved = [PinnedMoved {
        request: r1(),
        start: 480,
        room: RoomId::new("lab"),
    }];
    check(pinned, &[lesson("r1/1", 490, "lab").by(&["li", "zhang"])], &moved);
    check(pinned, &[lesson("r1/1", 480, "hall").by(&["li", "zhang"])], &moved);
    check(pinned, &[lesson("r2/1", 480, "lab")], &moved);
    check(pinned, &[], &moved);
    let other_instructor = |week: &mut Instance| {
        pinned(week);
        week.instructors.push(instructor("wang"));
    };
    check(
        other_instructor,
        &[lesson("r1/1", 480, "lab").by(&["li", "wang"])],
        &moved,
    );
}

#[test]
fn each_of_two_equal_pins_has_a_lesson_of_its_own() {
    let pinned = |week: &mut Instance| {
        let pin = Placed {
            start: 480,
            room: RoomId::new("lab"),
            instructors: vec![],
        };
        week.request_mut("r1").pinned = vec![pin.clone(), pin];
    };
    let moved = PinnedMoved {
        request: r1(),
        start: 480,
        room: RoomId::new("lab"),
    };
    check(pinned, &[lesson("r1/1", 480, "lab")], &[moved]);
}

#[test]
fn a_request_for_all_or_nothing_has_all_lessons_or_none() {
    let all = |week: &mut Instance| week.request_mut("r1").all_or_nothing = true;
    let lessons = [
        lesson("r1/1", 480, "lab"),
        lesson("r1/2", 600, "lab"),
        lesson("r1/3", 720, "lab"),
    ];
    check(all, &lessons, &[]);
    check(all, &[lesson("r2/1", 480, "lab")], &[]);
    check(
        all,
        &lessons[..2],
        &[NotAllLessons {
            request: r1(),
            lessons: 2,
            asked: 3,
        }],
    );
}
