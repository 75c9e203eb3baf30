//! The free and busy week of one room, equipment or instructor: free, taken, closed and past look different and say why.

use super::icon::{Icon, icon};
use super::mark;
use super::week::{Cell, Line, WeekFrame, agenda, parts, table};
use crate::text::{Lang, timetable as say};
use domain::api::{ThingKind, ThingWeekView};
use domain::id::OrganizationId;
use domain::time::{MINUTES_PER_DAY, Span, common};
use leptos::prelude::*;
use std::ops::Range;

/// What one period of one day is.
#[derive(Debug, Clone, PartialEq)]
enum State {
    Past,
    Closed(String),
    /// By whom, as far as the reader may know, and how many units are left.
    Taken {
        by: Option<OrganizationId>,
        left: i64,
    },
    Free,
}

/// Table for desks, agenda for phones.
pub fn thing_week(lang: Lang, view: &ThingWeekView) -> AnyView {
    let frame = WeekFrame {
        lang,
        week: view.week,
        today: view.today,
        periods: &view.periods,
        special_days: &view.special_days,
    };
    let columns = (0..7).map(|day| cells(lang, view, day)).collect();
    let lines = (0..7).map(|day| lines(lang, view, day)).collect();
    let caption = say::free_and_busy(lang, &view.name);
    view! { {table(&frame, "times thing", caption, columns)} {agenda(&frame, lines)} }.into_any()
}

fn units(view: &ThingWeekView) -> i64 {
    view.detail
        .equipment
        .as_ref()
        .filter(|_| view.kind == ThingKind::Equipment)
        .map_or(1, |equipment| equipment.units)
}

fn state(lang: Lang, view: &ThingWeekView, day: i64, span: Span) -> State {
    if view.today.is_some_and(|today| day < today) {
        return State::Past;
    }
    if let Some(closed) = view.closed.iter().find(|closed| closed.span.overlaps(span)) {
        return State::Closed(closed.reason.clone());
    }
    if common(&view.open, &[span]) != [span] {
        let words = if view.kind == ThingKind::Instructor {
            say::not_available(lang)
        } else {
            say::not_open(lang)
        };
        return State::Closed(words.to_owned());
    }
    let holders: Vec<_> = view.busy.iter().filter(|busy| busy.span.overlaps(span)).collect();
    let Some(first) = holders.first() else {
        return State::Free;
    };
    let held: i64 = holders.iter().map(|busy| busy.units.max(1)).sum();
    let by = first
        .organization
        .clone()
        .filter(|_| holders.iter().all(|busy| busy.organization == first.organization));
    State::Taken {
        by,
        left: (units(view) - held).max(0),
    }
}

/// Neighbouring periods of one part in one state become one run.
fn runs(lang: Lang, view: &ThingWeekView, day: i64) -> Vec<(Range<usize>, State)> {
    let in_part = |part: Range<usize>| {
        let mut runs: Vec<(Range<usize>, State)> = Vec::new();
        for n in part {
            let span = view.periods.0[n].span.shifted(day * MINUTES_PER_DAY);
            let now = state(lang, view, day, span);
            match runs.last_mut() {
                Some((rows, before)) if *before == now && now != State::Free => rows.end = n + 1,
                _ => runs.push((n..n + 1, now)),
            }
        }
        runs
    };
    parts(&view.periods).into_iter().flat_map(in_part).collect()
}

fn cells(lang: Lang, view: &ThingWeekView, day: i64) -> Vec<Cell> {
    let cell = |(rows, state): (Range<usize>, State)| Cell {
        rows: rows.len(),
        class: class(&state),
        content: words(lang, view, &state),
    };
    runs(lang, view, day).into_iter().map(cell).collect()
}

/// Free periods join on the phone, where a line is a stretch of time and not a period.
fn lines(lang: Lang, view: &ThingWeekView, day: i64) -> Vec<Line> {
    let mut joined: Vec<(Range<usize>, State)> = Vec::new();
    for (rows, state) in runs(lang, view, day) {
        match joined.last_mut() {
            Some((last, before)) if *before == state => last.end = rows.end,
            _ => joined.push((rows, state)),
        }
    }
    let line = |(rows, state): (Range<usize>, State)| {
        let span = Span::new(
            view.periods.0[rows.start].span.from,
            view.periods.0[rows.end - 1].span.until,
        );
        let class = format!("mark-line {}", class(&state));
        Line {
            span,
            content: view! { <div class=class>{words(lang, view, &state)}</div> }.into_any(),
        }
    };
    joined.into_iter().map(line).collect()
}

const fn class(state: &State) -> &'static str {
    match state {
        State::Past => "past",
        State::Closed(_) => "closed",
        State::Taken { left: 0, .. } => "taken",
        State::Taken { .. } | State::Free => "free",
    }
}

fn words(lang: Lang, view: &ThingWeekView, state: &State) -> AnyView {
    match state {
        State::Past => say::past(lang).into_any(),
        State::Closed(reason) => reason.clone().into_any(),
        State::Taken { by, left } => {
            let who = by.as_ref().map(|by| view! { {mark::seal(lang, &view.names, by)} " " });
            let word = if *left > 0 {
                say::units_left(lang, *left)
            } else {
                say::taken(lang).to_owned()
            };
            view! { {who} {word} }.into_any()
        }
        State::Free => view! { {icon(Icon::Ring)} " " {say::free(lang)} }.into_any(),
    }
}
