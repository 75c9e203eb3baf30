//! One lesson and its time: who asked, which number, which minute.

use crate::week::*;
use domain::id::RequestId;
use domain::instance::{Instance, Window};
use domain::time::Span;
use domain::violation::Violation::*;

#[test]
fn an_empty_timetable_may_stand() {
    check(unchanged, &[], &[]);
    check(|week| week.requests.clear(), &[], &[]);
}

#[test]
fn a_lesson_belongs_to_a_request_of_the_week() {
    check(unchanged, &[lesson("r1/1", monday(8, 0), "lab")], &[]);
    let nobody = UnknownRequest {
        request: RequestId::new("nobody"),
    };
    check(
        unchanged,
        &[lesson("nobody/1", 0, "lab"), lesson("nobody/2", 0, "lab")],
        &[nobody],
    );
}

#[test]
fn lessons_have_different_numbers_from_one_to_the_number_asked_for() {
    let [first, second] = [monday(8, 0), monday(10, 0)];
    check(
        unchanged,
        &[lesson("r1/1", first, "lab"), lesson("r1/3", second, "lab")],
        &[],
    );
    let wrong = |name| LessonNumber {
        at: at(name),
        lessons: 3,
    };
    check(
        unchanged,
        &[lesson("r1/2", first, "lab"), lesson("r1/2", second, "lab")],
        &[wrong("r1/2")],
    );
    check(
        unchanged,
        &[lesson("r1/0", first, "lab"), lesson("r1/4", second, "lab")],
        &[wrong("r1/0"), wrong("r1/4")],
    );
    check(unchanged, &[lesson("r1/-1", first, "lab")], &[wrong("r1/-1")]);
}

#[test]
fn a_lesson_starts_at_a_multiple_of_the_step() {
    check(unchanged, &[lesson("r1/1", 480, "lab")], &[]);
    check(
        unchanged,
        &[lesson("r1/1", 485, "lab")],
        &[StartNotAllowed {
            at: at("r1/1"),
            start: 485,
        }],
    );
    let no_step = |week: &mut Instance| week.calendar.start_step = 0;
    check(
        no_step,
        &[lesson("r1/1", 480, "lab")],
        &[StartNotAllowed {
            at: at("r1/1"),
            start: 480,
        }],
    );
}

#[test]
fn a_lesson_starts_at_a_minute_of_the_period_table() {
    let table = |week: &mut Instance| week.calendar.starts = Some(vec![535, 480]);
    check(table, &[lesson("r1/1", 535, "lab")], &[]);
    check(
        table,
        &[lesson("r1/1", 490, "lab")],
        &[StartNotAllowed {
            at: at("r1/1"),
            start: 490,
        }],
    );
}

#[test]
fn a_lesson_ends_within_the_horizon() {
    // until 10:00   ···├─ r1/1 ─┤
    //               ···   ├─ r1/1 ─┤ too late
    let short = |week: &mut Instance| week.calendar.until = monday(10, 0);
    check(short, &[lesson("r1/1", monday(8, 0), "lab")], &[]);
    let late = StartNotAllowed {
        at: at("r1/1"),
        start: monday(8, 10),
    };
    check(short, &[lesson("r1/1", monday(8, 10), "lab")], &[late]);
}

#[test]
fn a_lesson_lies_in_the_union_of_its_windows() {
    // windows  08:00 ├──┤ 09:00 ├──────┤ 11:00   12:00 ├──┤ 13:00
    let windows = |week: &mut Instance| {
        let spans = [Span::new(540, 660), Span::new(480, 540), Span::new(720, 780)];
        week.request_mut("r1").windows = spans.map(|span| Window { span, preference: 1 }).into();
    };
    check(windows, &[lesson("r1/1", 480, "lab"), lesson("r2/1", 700, "lab")], &[]);
    let outside = |span| OutsideWindows { at: at("r1/1"), span };
    check(windows, &[lesson("r1/1", 550, "lab")], &[outside(Span::new(550, 670))]);
    check(windows, &[lesson("r1/1", 720, "lab")], &[outside(Span::new(720, 840))]);
    let none = |week: &mut Instance| week.request_mut("r1").windows.clear();
    check(none, &[lesson("r1/1", 480, "lab")], &[outside(Span::new(480, 600))]);
}
