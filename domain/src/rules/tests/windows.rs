//! When: windows, opening hours, days.

use super::*;

#[test]
fn window_spans() {
    let rule = "windows lie in the week and are long enough";
    // Two halves that touch make one stretch.
    let halves = |draft: &mut RequestDraft, _: &mut Setting| {
        draft.windows = windows(&[on(0, Span::new(480, 530)), on(0, Span::new(530, 580)), on(2, MORNING)]);
    };
    check(rule, halves, &[]);
    check(rule, |draft, _| draft.windows.clear(), &[Violation::WindowsMissing]);
    let too_many = Violation::WindowsTooMany { max: 80, windows: 81 };
    check(
        rule,
        |draft, _| draft.windows = vec![window(on(0, MORNING)); 81],
        &[too_many],
    );
    for outside in [
        Span::new(-60, 200),
        Span::new(MINUTES_PER_WEEK - 200, MINUTES_PER_WEEK + 1),
        Span::new(700, 480),
    ] {
        let expected = Violation::WindowOutsideWeek { window: outside };
        check(rule, |draft, _| draft.windows.push(window(outside)), &[expected]);
    }
    let short = on(3, Span::new(480, 579));
    let expected = Violation::WindowTooShort {
        window: short,
        minutes: 100,
    };
    check(rule, |draft, _| draft.windows.push(window(short)), &[expected]);
}

#[test]
fn window_hours() {
    let rule = "windows meet opening hours of a suitable room";
    // Sunday is a make-up day; on Monday the window is wider than the hours.
    let wide = |draft: &mut RequestDraft, _: &mut Setting| {
        draft.windows = windows(&[on(0, Span::new(0, MINUTES_PER_DAY)), on(6, AFTERNOON)]);
    };
    check(rule, wide, &[]);
    let asks = |span: Span| move |draft: &mut RequestDraft, _: &mut Setting| draft.windows.push(window(span));
    let holiday = on(4, MORNING);
    check(
        rule,
        asks(holiday),
        &[Violation::WindowOnHoliday {
            window: holiday,
            name: "州庆日".into(),
        }],
    );
    // Saturday, the evening, and the inspection of the only room with lathes.
    for closed in [on(5, MORNING), on(0, Span::new(1140, 1240)), on(1, MORNING)] {
        check(rule, asks(closed), &[Violation::WindowClosed { window: closed }]);
    }
    let elsewhere = |draft: &mut RequestDraft, _: &mut Setting| {
        (draft.equipment, draft.headcount) = (vec![], 30);
        draft.windows.push(window(on(1, MORNING)));
    };
    check(rule, elsewhere, &[]);
    // Long enough, but every period begins before it or ends after it.
    let between = on(3, Span::new(481, 634));
    check(
        rule,
        asks(between),
        &[Violation::WindowWithoutStart {
            window: between,
            minutes: 100,
        }],
    );
    // A holiday that runs into an open day is judged by the open day.
    let over_night = Span::new(on(2, AFTERNOON).from, on(4, MORNING).until);
    check(
        rule,
        |draft, _| draft.windows = windows(&[on(0, MORNING), over_night]),
        &[],
    );
}

#[test]
fn enough_days() {
    let rule = "there are enough days for the lessons";
    let ask = |lessons: i64, per_day_max: Option<i64>, days_between_min: i64| {
        move |draft: &mut RequestDraft, _: &mut Setting| {
            (draft.lessons, draft.per_day_max, draft.days_between_min) = (lessons, per_day_max, days_between_min);
        }
    };
    let too_few = |needed: i64, days: i64| [Violation::DaysTooFew { needed, days }];
    // Monday morning, Wednesday afternoon and Sunday morning hold two lessons each.
    check(rule, ask(3, Some(1), 0), &[]);
    check(rule, ask(4, Some(1), 0), &too_few(4, 3));
    check(rule, ask(6, Some(2), 0), &[]);
    check(rule, ask(6, None, 0), &[]);
    check(rule, ask(7, None, 0), &too_few(1, 3));
    // Between Monday and Wednesday lies one day, between Wednesday and Sunday three.
    check(rule, ask(3, Some(1), 1), &[]);
    check(rule, ask(3, Some(1), 2), &too_few(3, 3));
    check(rule, ask(2, Some(1), 5), &[]);
    check(rule, ask(2, Some(1), 6), &too_few(2, 3));
}
