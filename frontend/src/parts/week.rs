//! A week as days by periods. The table is for desks and print; the agenda beside it says the same on a phone.
//!
//! A lesson takes the rows of the periods it touches by `rowspan`; where two would share a cell, the later one is
//! listed in the same cell, so that nothing is ever hidden.

use super::icon::{Icon, icon};
use super::mark;
use crate::text::{Lang, names, site, time, timetable as say, words};
use domain::api::{NameBook, SittingView};
use domain::time::{DayKind, MINUTES_PER_DAY, Period, PeriodTable, Span, SpecialDay, Week};
use leptos::prelude::*;
use std::ops::Range;

/// The frame of a week: which rows, which columns, which day is today.
pub struct WeekFrame<'a> {
    pub lang: Lang,
    pub week: Week,
    /// 0 is Monday; `None` when the week is not the present one.
    pub today: Option<i64>,
    pub periods: &'a PeriodTable,
    pub special_days: &'a [SpecialDay],
}

/// One cell: what is in it and how many periods it covers. Cells of one day are in order and cover the day.
pub struct Cell {
    pub rows: usize,
    pub class: &'static str,
    pub content: AnyView,
}

/// One line of the phone's list.
pub struct Line {
    pub span: Span,
    pub content: AnyView,
}

/// The periods of each part of a day, as ranges of rows. No cell crosses a part: between them lies a row of its own.
pub fn parts(periods: &PeriodTable) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (n, period) in periods.0.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if periods.0[part.start].part == period.part => part.end = n + 1,
            _ => parts.push(n..n + 1),
        }
    }
    parts
}

/// The rows that a span touches on its day; one that lies in a break is shown with the next period.
fn touched(periods: &PeriodTable, day: i64, span: Span) -> Option<Range<usize>> {
    let on_day = span.shifted(-day * MINUTES_PER_DAY);
    let meets = |period: &Period| period.span.overlaps(on_day);
    let next = periods.0.iter().position(|period| period.span.from >= on_day.from);
    match (periods.0.iter().position(meets), periods.0.iter().rposition(meets)) {
        (Some(first), Some(last)) => Some(first..last + 1),
        _ => next.or(periods.0.len().checked_sub(1)).map(|n| n..n + 1),
    }
}

/// The table: `columns[day]` are the cells of that day, top to bottom, as many rows as there are
/// periods, and none crosses from one part of the day into the next.
pub fn table(frame: &WeekFrame<'_>, class: &'static str, caption: String, columns: Vec<Vec<Cell>>) -> AnyView {
    let count = frame.periods.0.len();
    let narrow: Vec<bool> = columns
        .iter()
        .map(|cells| cells.iter().all(|cell| cell.class.is_empty()))
        .collect();
    let mut by_row: Vec<Vec<AnyView>> = (0..count).map(|_| Vec::new()).collect();
    for (day, cells) in columns.into_iter().enumerate() {
        let today = frame.today == Some(day as i64);
        let mut row = 0;
        for cell in cells {
            let class = if today && cell.class.is_empty() {
                "today"
            } else {
                cell.class
            };
            let rows = (cell.rows > 1).then_some(cell.rows);
            if let Some(views) = by_row.get_mut(row) {
                views.push(view! { <td class=class rowspan=rows>{cell.content}</td> }.into_any());
            }
            row += cell.rows;
        }
    }
    let rows = by_row
        .into_iter()
        .enumerate()
        .map(|(n, cells)| row(frame, n, cells))
        .collect_view();
    let heads = (0..7)
        .map(|day| head(frame, day, narrow[day as usize] && day > 4))
        .collect_view();
    view! {
        <table class=class>
            <caption class="unseen">{caption}</caption>
            <thead><tr><th class="hours"><span class="unseen">{say::period(frame.lang)}</span></th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn head(frame: &WeekFrame<'_>, day: i64, narrow: bool) -> AnyView {
    let lang = frame.lang;
    let today = frame.today == Some(day);
    let class = match (today, narrow) {
        (true, _) => "today",
        (false, true) => "narrow",
        (false, false) => "",
    };
    let current = today.then_some("date");
    let date = time::short_date(lang, frame.week.day(day));
    let today = today.then(|| format!(" {}", say::today(lang)));
    let special = special(frame, day).map(|words| view! { <span class="special">{words}</span> });
    view! { <th scope="col" class=class aria-current=current>{time::weekday(lang, day)} <small>{date} {today}</small> {special}</th> }
        .into_any()
}

/// `元旦`, `调休，按周五上课`.
pub fn special(frame: &WeekFrame<'_>, day: i64) -> Option<String> {
    let date = frame.week.day(day);
    let special = frame.special_days.iter().find(|special| special.date == date)?;
    Some(match special.kind {
        DayKind::Holiday => special.name.clone(),
        DayKind::MakeUp { teaches_as } => say::teaches_as(frame.lang, time::weekday(frame.lang, teaches_as)),
    })
}

fn row(frame: &WeekFrame<'_>, n: usize, cells: Vec<AnyView>) -> AnyView {
    let period = &frame.periods.0[n];
    let before = n
        .checked_sub(1)
        .map(|n| &frame.periods.0[n])
        .filter(|before| before.part != period.part);
    let pause = before.map(|before| {
        let clocks = time::clocks(Span::new(before.span.until, period.span.from));
        view! { <tr class="break"><th colspan="8" scope="colgroup">{say::pause(frame.lang)} {clocks}</th></tr> }
    });
    let (name, clocks) = (words::period(frame.lang, &period.name), time::clocks(period.span));
    view! { {pause} <tr><th scope="row">{name} <small>{clocks}</small></th>{cells}</tr> }.into_any()
}

/// The phone's list: only days with something to say.
pub fn agenda(frame: &WeekFrame<'_>, days: Vec<Vec<Line>>) -> AnyView {
    let sections = days.into_iter().enumerate().filter(|(_, lines)| !lines.is_empty()).map(|(day, lines)| {
        let day = day as i64;
        let class = if frame.today == Some(day) { "today" } else { "" };
        let items = lines.into_iter().map(|line| {
            let until = format!("– {}", time::clock(line.span.until));
            view! { <li><div class="at">{time::clock(line.span.from)} <small>{until}</small></div> {line.content}</li> }
        });
        let date = time::short_date(frame.lang, frame.week.day(day));
        let special = special(frame, day);
        view! {
            <section class=class>
                <h2>{time::weekday(frame.lang, day)} <small>{date} {special.map(|words| format!(" · {words}"))}</small></h2>
                <ul>{items.collect_view()}</ul>
            </section>
        }
    });
    view! { <div class="agenda">{sections.collect_view()}</div> }.into_any()
}

/// The published lessons of a week, as table and as agenda.
pub fn sittings(frame: &WeekFrame<'_>, caption: String, all: &[SittingView], names: &NameBook) -> AnyView {
    let of_day = |day: i64| {
        let mut today: Vec<&SittingView> = all
            .iter()
            .filter(|s| s.span.from.div_euclid(MINUTES_PER_DAY) == day)
            .collect();
        today.sort_by_key(|sitting| sitting.span);
        today
    };
    let columns = (0..7)
        .map(|day| cells_of_day(frame, day, &of_day(day), names))
        .collect();
    let lines = |day: i64| -> Vec<Line> {
        of_day(day)
            .into_iter()
            .map(|s| Line {
                span: s.span,
                content: sitting(frame.lang, s, names),
            })
            .collect()
    };
    let agenda = agenda(frame, (0..7).map(lines).collect());
    view! { {table(frame, "times", caption, columns)} {agenda} }.into_any()
}

/// Lessons that share a period share one cell, which covers the rows of all of them.
fn cells_of_day(frame: &WeekFrame<'_>, day: i64, today: &[&SittingView], names: &NameBook) -> Vec<Cell> {
    let in_part = |part: Range<usize>| {
        let mut blocks: Vec<(Range<usize>, Vec<&SittingView>)> = Vec::new();
        for sitting in today {
            let Some(rows) = touched(frame.periods, day, sitting.span) else {
                continue;
            };
            let rows = rows.start.max(part.start)..rows.end.min(part.end);
            match blocks.last_mut() {
                _ if rows.is_empty() => {}
                Some((last, group)) if rows.start < last.end => {
                    last.end = rows.end.max(last.end);
                    group.push(sitting);
                }
                _ => blocks.push((rows, vec![sitting])),
            }
        }
        filled(frame.lang, part, blocks, names)
    };
    parts(frame.periods).into_iter().flat_map(in_part).collect()
}

/// The blocks of one part of a day with blank cells between them.
fn filled(
    lang: Lang,
    part: Range<usize>,
    blocks: Vec<(Range<usize>, Vec<&SittingView>)>,
    names: &NameBook,
) -> Vec<Cell> {
    let blank = || Cell {
        rows: 1,
        class: "",
        content: ().into_any(),
    };
    let mut cells = Vec::new();
    let mut row = part.start;
    for (rows, group) in blocks {
        cells.extend((row..rows.start).map(|_| blank()));
        let views = group.into_iter().map(|s| sitting(lang, s, names)).collect_view();
        let content = view! { <div class="sittings">{views}</div> }.into_any();
        cells.push(Cell {
            rows: rows.len(),
            class: "has",
            content,
        });
        row = rows.end;
    }
    cells.extend((row..part.end).map(|_| blank()));
    cells
}

/// One published lesson: what, where, who. Whose it is shows in ground and seal.
pub fn sitting(lang: Lang, sitting: &SittingView, names: &NameBook) -> AnyView {
    let class = format!("sitting {}", mark::organization_class(names, &sitting.organization));
    let purpose = sitting
        .purpose
        .clone()
        .unwrap_or_else(|| say::taken_by_other(lang).to_owned());
    let clocks = time::clocks(sitting.span);
    let cohorts = names::cohorts(lang, names, &sitting.cohorts);
    let base = Some(names::base(names, &sitting.base));
    let teachers = Some(names::instructors(lang, names, &sitting.instructors)).filter(|who| !who.is_empty());
    let place = base
        .into_iter()
        .chain(teachers)
        .collect::<Vec<_>>()
        .join(site::sep(lang));
    let bring = names::list(
        lang,
        sitting.equipment.iter().map(|held| {
            let units = names::numbers(lang, &held.units);
            say::units(lang, &names::equipment(names, &held.id), &units)
        }),
    );
    let line = |text: String| (!text.is_empty()).then(|| view! { <p>{text}</p> });
    view! {
        <article class=class>
            <strong class="what">{purpose}</strong>
            <p class="spot">{icon(Icon::Place)} {names::room(names, &sitting.room)}</p>
            <p>{mark::seal(lang, names, &sitting.organization)} " " {cohorts}</p>
            {line(place)} {line(bring)}
            <p class="clocks">{clocks}</p>
        </article>
    }
    .into_any()
}
