//! Rules about when: windows, opening hours, days.

use super::*;
use crate::instance::day_of;
use crate::time::{self, DayKind, MINUTES_PER_DAY, MINUTES_PER_WEEK, Span};

/// Windows as a lesson sees them: touching ones joined.
fn stretches(draft: &RequestDraft) -> Vec<Span> {
    time::joined(draft.windows.iter().map(|window| window.span))
}

/// Minutes of a stretch; whoever writes `[-2⁶³, 2⁶³)` gets the longest there is.
fn length(stretch: Span) -> i64 {
    stretch.until.saturating_sub(stretch.from)
}

pub fn spans(draft: &RequestDraft, _: &Setting, broken: &mut Vec<Violation>) {
    if draft.windows.is_empty() {
        return broken.push(Violation::WindowsMissing);
    }
    let windows = draft.windows.len() as i64;
    if windows > WINDOWS_MAX {
        broken.push(Violation::WindowsTooMany {
            max: WINDOWS_MAX,
            windows,
        });
    }
    let week = Span::new(0, MINUTES_PER_WEEK);
    for window in draft.windows.iter().map(|window| window.span) {
        if window.is_empty() || !week.contains(window) {
            broken.push(Violation::WindowOutsideWeek { window });
        }
    }
    for window in stretches(draft)
        .into_iter()
        .filter(|stretch| length(*stretch) < draft.minutes)
    {
        broken.push(Violation::WindowTooShort {
            window,
            minutes: draft.minutes,
        });
    }
}

pub fn open(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    let suitable = places::suitable(draft, setting);
    // Without a suitable room another rule speaks; opening hours are then those of any room.
    let any: Vec<_> = setting.world.rooms.iter().collect();
    let rooms = if suitable.is_empty() { any } else { suitable };
    let hours: Vec<Vec<Span>> = rooms
        .iter()
        .map(|room| time::without(&room.open, &room.blackouts))
        .collect();
    let week = Span::new(0, MINUTES_PER_WEEK);
    for window in stretches(draft)
        .into_iter()
        .filter(|s| length(*s) >= draft.minutes && week.contains(*s))
    {
        let usable = hours
            .iter()
            .flat_map(|open| time::common(open, &[window]))
            .collect::<Vec<_>>();
        let long_enough: Vec<_> = usable
            .into_iter()
            .filter(|span| span.minutes() >= draft.minutes)
            .collect();
        if let Some(name) = holiday(setting, window) {
            broken.push(Violation::WindowOnHoliday { window, name });
        } else if long_enough.is_empty() {
            broken.push(Violation::WindowClosed { window });
        } else if !long_enough
            .iter()
            .any(|span| starts_in(draft, setting, *span).next().is_some())
        {
            broken.push(Violation::WindowWithoutStart {
                window,
                minutes: draft.minutes,
            });
        }
    }
}

/// The holiday that covers every day of the window, when one does.
fn holiday(setting: &Setting, window: Span) -> Option<String> {
    let mut days = day_of(window.from)..=day_of(window.until - 1);
    let named = |day: i64| {
        let date = setting.week.day(day);
        setting
            .special_days
            .iter()
            .find(|s| s.date == date && s.kind == DayKind::Holiday)
            .map(|s| s.name.clone())
    };
    let first = named(*days.start())?;
    days.all(|day| named(day).is_some()).then_some(first)
}

fn starts_in<'a>(draft: &'a RequestDraft, setting: &'a Setting, span: Span) -> impl Iterator<Item = i64> + 'a {
    let fits = move |start: &i64| span.contains(Span::new(*start, start.saturating_add(draft.minutes)));
    setting.world.calendar.all_starts().into_iter().filter(fits)
}

/// Not fewer days than the lessons need under the limits a day and between days.
pub fn days(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    if draft.windows.is_empty() || !(1..=LESSONS_MAX).contains(&draft.lessons) || draft.minutes < MINUTES_MIN {
        return;
    }
    let per_day = draft.per_day_max.unwrap_or(LESSONS_MAX).clamp(1, LESSONS_MAX);
    let stretches = stretches(draft);
    let room_for: Vec<i64> = (0..7)
        .map(|day| lessons_on(draft, setting, &stretches, day).min(per_day))
        .collect();
    if most_lessons(&room_for, draft.days_between_min.clamp(0, 6) as usize) < draft.lessons {
        let needed = (draft.lessons + per_day - 1) / per_day;
        let days = room_for.iter().filter(|lessons| **lessons > 0).count() as i64;
        broken.push(Violation::DaysTooFew { needed, days });
    }
}

/// How many lessons fit one after another into the windows of a day: earliest end first is optimal for equal lengths.
fn lessons_on(draft: &RequestDraft, setting: &Setting, stretches: &[Span], day: i64) -> i64 {
    let whole = Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY);
    let mut free_from = whole.from;
    let mut lessons = 0;
    for span in time::common(stretches, &[whole]) {
        for start in starts_in(draft, setting, span) {
            if start >= free_from {
                lessons += 1;
                free_from = start + draft.minutes;
            }
        }
    }
    lessons
}

/// The most lessons over a choice of days with at least `between` days free between two of them.
fn most_lessons(room_for: &[i64], between: usize) -> i64 {
    let mut best = vec![0; room_for.len() + 1];
    for day in 0..room_for.len() {
        let before = best[day.saturating_sub(between)];
        best[day + 1] = best[day].max(before + room_for[day]);
    }
    best[room_for.len()]
}
