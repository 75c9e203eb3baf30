//! The instructors of a lesson: who may teach it, and what one person can do.

use crate::week::*;
use domain::id::{InstructorId, OrganizationId, SkillId};
use domain::instance::Instance;
use domain::plan::Assignment;
use domain::time::Span;
use domain::violation::Violation::{self, *};
use rstest::rstest;
use std::collections::BTreeMap;

fn zhang() -> InstructorId {
    InstructorId::new("zhang")
}

/// Every request needs so many instructors.
fn each_needs(count: i64) -> impl Fn(&mut Instance) {
    move |week| {
        week.requests
            .iter_mut()
            .for_each(|request| request.instructors.count = count)
    }
}

/// Every request needs one instructor, and something else is changed.
fn and(change: impl Fn(&mut Instance)) -> impl Fn(&mut Instance) {
    move |week| {
        each_needs(1)(week);
        change(week);
    }
}

fn by_zhang(name: &str, start: i64, room: &str) -> Assignment {
    lesson(name, start, room).by(&["zhang"])
}

#[test]
fn a_lesson_is_taught_by_people_of_the_pool() {
    check(each_needs(1), &[by_zhang("r1/1", 480, "lab")], &[]);
    // Nobody knows Wang, so no other rule speaks of them.
    let unknown = |name| UnknownInstructor {
        at: at(name),
        instructor: InstructorId::new("wang"),
    };
    let twice = [
        lesson("r1/1", 480, "lab").by(&["wang"]),
        lesson("r2/1", 480, "hall").by(&["wang"]),
    ];
    check(each_needs(1), &twice, &[unknown("r1/1"), unknown("r2/1")]);
}

#[rstest]
#[case::nobody(&[], 0)]
#[case::too_few(&["zhang"], 1)]
#[case::one_twice(&["zhang", "zhang"], 1)]
#[case::two_and_one_twice(&["zhang", "li", "li"], 3)]
fn a_lesson_has_exactly_as_many_instructors_as_needed(#[case] instructors: &[&str], #[case] count: i64) {
    check(each_needs(2), &[lesson("r1/1", 480, "lab").by(&["zhang", "li"])], &[]);
    let wrong = InstructorCount {
        at: at("r1/1"),
        count,
        needed: 2,
    };
    check(each_needs(2), &[lesson("r1/1", 480, "lab").by(instructors)], &[wrong]);
}

#[test]
fn a_lesson_is_taught_by_those_asked_for() {
    let only = |id: &'static str| {
        and(move |week| week.request_mut("r1").instructors.any_of = Some(vec![InstructorId::new(id)]))
    };
    check(only("zhang"), &[by_zhang("r1/1", 480, "lab")], &[]);
    check(
        only("li"),
        &[by_zhang("r1/1", 480, "lab")],
        &[InstructorNotAsked {
            at: at("r1/1"),
            instructor: zhang(),
        }],
    );
}

#[test]
fn each_instructor_has_each_skill_at_its_level_or_above() {
    let skills = |list: &[(&str, i64)]| -> BTreeMap<SkillId, i64> {
        list.iter()
            .map(|(skill, level)| (SkillId::new(*skill), *level))
            .collect()
    };
    let has = |list: &'static [(&'static str, i64)]| {
        and(move |week| {
            week.request_mut("r1").instructors.skills = skills(&[("cnc", 2), ("weld", 1)]);
            week.instructor_mut("zhang").skills = skills(list);
        })
    };
    check(has(&[("cnc", 3), ("weld", 1)]), &[by_zhang("r1/1", 480, "lab")], &[]);
    let short = |skill, level, needed| {
        let (at, skill) = (at("r1/1"), SkillId::new(skill));
        SkillShort {
            at,
            instructor: zhang(),
            skill,
            level,
            needed,
        }
    };
    check(
        has(&[("cnc", 1)]),
        &[by_zhang("r1/1", 480, "lab")],
        &[short("cnc", 1, 2), short("weld", 0, 1)],
    );
}

#[test]
fn an_instructor_teaches_for_the_organizations_served() {
    let serves = |list: &'static [&'static str]| {
        and(move |week| {
            let organizations = list.iter().copied().map(OrganizationId::new).collect();
            week.instructor_mut("zhang").organizations = Some(organizations);
        })
    };
    check(serves(&["erzhong", "yizhong"]), &[by_zhang("r1/1", 480, "lab")], &[]);
    let beyond = InstructorNotServing {
        at: at("r1/1"),
        instructor: zhang(),
    };
    check(
        serves(&["erzhong"]),
        &[by_zhang("r1/1", 480, "lab")],
        std::slice::from_ref(&beyond),
    );
    check(serves(&[]), &[by_zhang("r1/1", 480, "lab")], &[beyond]);
}

#[test]
fn an_instructor_is_available_throughout_and_touching_spans_join() {
    // available  08:00 ├────┤ 09:00 ├──────┤ 11:00
    let mornings = and(|week| week.instructor_mut("zhang").available = vec![Span::new(540, 660), Span::new(480, 540)]);
    check(&mornings, &[by_zhang("r1/1", 510, "lab")], &[]);
    let absent = |from| {
        let span = Span::new(from, from + 120);
        InstructorUnavailable {
            at: at("r1/1"),
            instructor: zhang(),
            span,
        }
    };
    check(&mornings, &[by_zhang("r1/1", 470, "lab")], &[absent(470)]);
    check(&mornings, &[by_zhang("r1/1", 550, "lab")], &[absent(550)]);
}

#[test]
fn an_instructor_teaches_one_lesson_at_a_time() {
    // r1/1  08:00 ├──────────┤ 10:00
    // r2/1         09:50 ├──────────┤ 11:50, or just after at 10:00
    check(
        each_needs(1),
        &[by_zhang("r1/1", 480, "lab"), by_zhang("r2/1", 600, "hall")],
        &[],
    );
    let clash = InstructorClash {
        at: at("r1/1"),
        other: at("r2/1"),
        instructor: zhang(),
    };
    check(
        each_needs(1),
        &[by_zhang("r1/1", 480, "lab"), by_zhang("r2/1", 590, "hall")],
        &[clash],
    );
}

#[test]
fn between_sites_there_is_time_to_travel() {
    // lab (base)     08:00 ├──────────┤ 10:00
    // press (plant)          10:40 ├──────────┤      45 minutes are needed
    let short = |minutes, needed| {
        let (at, other) = (at("r1/1"), at("r2/1"));
        TravelTooShort {
            at,
            other,
            instructor: zhang(),
            minutes,
            needed,
        }
    };
    let lessons = |gap: i64| [by_zhang("r1/1", 480, "lab"), by_zhang("r2/1", 600 + gap, "press")];
    check(each_needs(1), &lessons(50), &[]);
    check(each_needs(1), &lessons(40), &[short(40, 45)]);
    // A pair that is not listed takes the default, in both directions the same.
    check(and(|week| week.travel.pairs.clear()), &lessons(30), &[]);
    check(and(|week| week.travel.pairs.clear()), &lessons(20), &[short(20, 30)]);
    let back = [by_zhang("r1/1", 480, "press"), by_zhang("r2/1", 640, "lab")];
    check(each_needs(1), &back, &[short(40, 45)]);
}

#[test]
fn travel_overnight_takes_its_time_too() {
    // lab    22:00 ├──────────┤ 00:00
    // press                    Tuesday 00:30 ├──────────┤
    let lessons = [
        by_zhang("r1/1", monday(22, 0), "lab"),
        by_zhang("r2/1", on(1, 0, 30), "press"),
    ];
    let short = TravelTooShort {
        at: at("r1/1"),
        other: at("r2/1"),
        instructor: zhang(),
        minutes: 30,
        needed: 45,
    };
    check(each_needs(1), &lessons, &[short]);
}

fn above_day(day: i64, minutes: i64, day_max: i64) -> Violation {
    InstructorDayMax {
        instructor: zhang(),
        day,
        minutes,
        day_max,
    }
}

#[test]
fn an_instructor_teaches_at_most_day_max_minutes_within_a_day() {
    let at_most = |day_max| and(move |week| week.instructor_mut("zhang").day_max = Some(day_max));
    let lessons = [
        by_zhang("r1/1", on(1, 8, 0), "lab"),
        by_zhang("r2/1", on(1, 14, 0), "lab"),
    ];
    check(at_most(240), &lessons, &[]);
    check(at_most(239), &lessons, &[above_day(1, 240, 239)]);
}

#[test]
fn a_lesson_over_midnight_counts_in_both_days() {
    // Monday 23:00 ├──────┊──────┤ Tuesday 01:00
    let at_most = |day_max| and(move |week| week.instructor_mut("zhang").day_max = Some(day_max));
    let night = [by_zhang("r1/1", monday(23, 0), "lab")];
    check(at_most(60), &night, &[]);
    check(at_most(59), &night, &[above_day(0, 60, 59), above_day(1, 60, 59)]);
}

#[test]
fn an_instructor_teaches_at_most_week_max_minutes() {
    let at_most = |week_max| and(move |week| week.instructor_mut("zhang").week_max = Some(week_max));
    let lessons = [
        by_zhang("r1/1", on(0, 8, 0), "lab"),
        by_zhang("r2/1", on(6, 8, 0), "lab"),
    ];
    check(at_most(240), &lessons, &[]);
    check(
        at_most(230),
        &lessons,
        &[InstructorWeekMax {
            instructor: zhang(),
            minutes: 240,
            week_max: 230,
        }],
    );
}
