//! Second screen: the week as a grid of periods × days. A click marks a period possible, the star marks it preferred;
//! arrows, space and P do the same, with one stop of the tab key for the whole grid.

use super::marks::{Cell, DAYS, Mark, Marks, is_open, off_grid, span_of, step, windows_after};
use super::rules_list::faults;
use super::{Form, places};
use crate::islands::dom;
use crate::parts::icon::{Icon, icon};
use crate::text::{Lang, form as words, time as said, words as enums};
use domain::instance::Window;
use domain::time::{DayKind, Period, PeriodTable, Span, SpecialDay};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// What the cells of the grid read; one of each for the whole grid.
#[derive(Clone, Copy)]
struct Grid {
    form: Form,
    periods: StoredValue<PeriodTable>,
    marks: Memo<Marks>,
    /// Opening hours of the rooms that would do.
    hours: Memo<Vec<Vec<Span>>>,
    /// Windows at fault.
    faulty: Memo<Vec<Span>>,
    /// The cell that the tab key stops at.
    stop: RwSignal<Cell>,
}

impl Grid {
    fn of(form: Form) -> Grid {
        let periods = StoredValue::new(form.view.with_value(|view| view.periods.clone()));
        let places = Memo::new(move |_| form.draft.with(|draft| (draft.rooms.clone(), places::needs(draft))));
        let hours = move |_: Option<&Vec<Vec<Span>>>| {
            places.with(|(rooms, needs)| form.view.with_value(|view| places::hours(rooms, needs, view)))
        };
        Grid {
            form,
            periods,
            marks: Memo::new(move |_| {
                form.draft
                    .with(|draft| periods.with_value(|periods| Marks::of(periods, &draft.windows)))
            }),
            hours: Memo::new(hours),
            faulty: Memo::new(move |_| {
                form.broken
                    .with(|broken| broken.iter().filter_map(|v| v.window()).collect())
            }),
            stop: RwSignal::new(Cell { day: 0, row: 0 }),
        }
    }

    fn mark(self, cell: Cell) -> Mark {
        self.marks.with(|marks| marks.at(cell))
    }
    fn change(self, change: impl FnOnce(&mut Marks)) {
        self.form.edit(|draft| {
            draft.windows = self
                .periods
                .with_value(|periods| windows_after(periods, &draft.windows, change))
        });
    }
    fn span(self, cell: Cell) -> Span {
        self.periods.with_value(|periods| span_of(periods, cell))
    }
    fn is_wrong(self, cell: Cell) -> bool {
        let span = self.span(cell);
        self.mark(cell) != Mark::No
            && self
                .faulty
                .with(|faulty| faulty.iter().any(|window| window.overlaps(span)))
    }
}

/// The address of a cell within the page.
pub fn cell_id(cell: Cell) -> String {
    format!("c-{}-{}", cell.day, cell.row)
}

/// The first cell of a window, where a remedy leads.
pub fn first_cell(periods: &PeriodTable, window: Span) -> Option<Cell> {
    let all = (0..DAYS).flat_map(|day| (0..periods.0.len()).map(move |row| Cell { day, row }));
    all.into_iter().find(|cell| span_of(periods, *cell).overlaps(window))
}

pub fn screen(form: Form) -> impl IntoView {
    let grid = Grid::of(form);
    let lang = form.lang;
    let counted = move || {
        grid.marks.with(|marks| {
            words::marked(
                lang,
                marks.count(|m| m != Mark::No),
                marks.count(|m| m == Mark::Preferred),
            )
        })
    };
    view! {
        <p class="how" id="h-windows">
            {words::how_1(lang)} <strong>{words::possible(lang)}</strong> {words::how_2(lang)} {icon(Icon::Star)} {words::how_3(lang)}
            <strong>{words::preferred(lang)}</strong> {words::how_4(lang)}
        </p>
        <fieldset class="windows" id="f-windows" tabindex="-1" aria-describedby="h-windows e-windows">
            <legend class="unseen">{words::windows(lang)}</legend>
            {table(grid)}
        </fieldset>
        {faults(form, "windows")}
        {move || strays(form)}
        <ul class="legend keys">
            <li class="w-best"><i></i>{words::key_preferred(lang)}</li>
            <li class="w-can"><i></i>{words::key_possible(lang)}</li>
            <li class="closed"><i></i>{words::key_closed(lang)}</li>
            <li class="tally"><span role="status">{counted}</span></li>
        </ul>
    }
}

fn table(grid: Grid) -> impl IntoView {
    let lang = grid.form.lang;
    let (week, special) = grid
        .form
        .view
        .with_value(|view| (view.round.week, view.setting.special_days.clone()));
    let head = |day: usize| {
        let date = week.day(day as i64);
        let special = special
            .iter()
            .find(|special| special.date == date)
            .map(|special| special_words(lang, special));
        let name = said::weekday(lang, day as i64);
        let whole = words::whole_day(lang, name.to_owned());
        view! {
            <th scope="col">
                <button type="button" class="whole" title=whole.clone() on:click=move |_| flip_day(grid, day)>
                    {name}<small>{said::short_date(lang, date)}</small><small class="special">{special}</small>
                    <span class="unseen">{whole.clone()}</span>
                </button>
            </th>
        }
    };
    let periods = grid.periods.get_value().0;
    let first_of_part = |row: usize| row == 0 || periods[row - 1].part != periods[row].part;
    let rows = periods.iter().enumerate().map(|(row, period)| {
        let part = first_of_part(row).then(|| view! { <tr class="part"><th colspan="8" scope="rowgroup">{enums::day_part(lang, period.part)}</th></tr> });
        view! { {part} {period_row(grid, row, period)} }
    });
    view! {
        <table on:keydown=move |event| key(grid, &event)>
            <caption class="unseen">{words::windows(lang)}</caption>
            <colgroup><col/><col span="7"/></colgroup>
            <thead><tr><th scope="col"><span class="unseen">{words::period(lang)}</span></th>{(0..DAYS).map(head).collect_view()}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

fn special_words(lang: Lang, special: &SpecialDay) -> String {
    match special.kind {
        DayKind::Holiday => special.name.clone(),
        DayKind::MakeUp { teaches_as } => words::make_up(lang, said::weekday(lang, teaches_as).to_owned()),
    }
}

fn period_row(grid: Grid, row: usize, period: &Period) -> impl IntoView + use<> {
    let lang = grid.form.lang;
    view! {
        <tr>
            <th scope="row">
                <span class="wide-only">{enums::period(lang, &period.name)}</span>
                <span class="phone" aria-hidden="true">{period.name.clone()}</span>
                <small>{said::clock(period.span.from)}</small>
            </th>
            {(0..DAYS).map(|day| one_cell(grid, Cell { day, row })).collect_view()}
        </tr>
    }
}

/// `周二 第 1 节 08:00`.
fn cell_name(grid: Grid, cell: Cell) -> String {
    let lang = grid.form.lang;
    let (name, from) = grid
        .periods
        .with_value(|periods| (periods.0[cell.row].name.clone(), periods.0[cell.row].span.from));
    format!(
        "{} {} {}",
        said::weekday(lang, cell.day as i64),
        enums::period(lang, &name),
        said::clock(from)
    )
}

/// The name of the holiday that a day is.
fn holiday(grid: Grid, day: usize) -> Option<String> {
    grid.form.view.with_value(|view| {
        let date = view.round.week.day(day as i64);
        let special = view
            .setting
            .special_days
            .iter()
            .find(|special| special.date == date && special.kind == DayKind::Holiday);
        special.map(|special| special.name.clone())
    })
}

fn one_cell(grid: Grid, cell: Cell) -> impl IntoView {
    let lang = grid.form.lang;
    let span = grid.span(cell);
    let mark = move || grid.mark(cell);
    let open = move || grid.hours.with(|hours| is_open(hours, span));
    let wrong = move || grid.is_wrong(cell);
    let holiday = StoredValue::new(holiday(grid, cell.day));
    let word = move || match (mark(), open()) {
        (Mark::Preferred, _) => words::preferred(lang).to_owned(),
        (Mark::Possible, _) => words::possible(lang).to_owned(),
        (Mark::No, false) => holiday.get_value().unwrap_or_else(|| words::closed(lang).to_owned()),
        (Mark::No, true) => String::new(),
    };
    let name = cell_name(grid, cell);
    let label = {
        let name = name.clone();
        move || {
            let state = Some(word())
                .filter(|word| !word.is_empty())
                .unwrap_or_else(|| words::not_marked(lang).to_owned());
            let fault = if wrong() { words::wrong_cell(lang) } else { "" };
            format!("{name} {state} {fault}").trim_end().to_owned()
        }
    };
    view! {
        <td class:can=move || mark() != Mark::No class:best=move || mark() == Mark::Preferred class:off=move || !open() class:wrong=wrong>
            <button
                type="button"
                class="can-cell"
                id=cell_id(cell)
                aria-label=label
                aria-pressed=move || (mark() != Mark::No).to_string()
                tabindex=move || if grid.stop.get() == cell { "0" } else { "-1" }
                on:click=move |_| { grid.stop.set(cell); grid.change(|marks| marks.set(cell, marks.at(cell).toggled())) }
            >
                {word}
            </button>
            <button
                type="button"
                class="best-cell"
                tabindex="-1"
                aria-label=words::mark_preferred(lang, name)
                aria-pressed=move || (mark() == Mark::Preferred).to_string()
                on:click=move |_| { grid.stop.set(cell); grid.change(|marks| marks.set(cell, marks.at(cell).starred())) }
            >
                {icon(Icon::Star)}
            </button>
        </td>
    }
}

/// Marks every open period of a day, or clears the day when all of them are marked.
fn flip_day(grid: Grid, day: usize) {
    let rows = grid.periods.with_value(|periods| periods.0.len());
    let open = |cell: &Cell| grid.hours.with_untracked(|hours| is_open(hours, grid.span(*cell)));
    let cells: Vec<Cell> = (0..rows).map(|row| Cell { day, row }).filter(open).collect();
    grid.change(|marks| {
        let all = cells.iter().all(|cell| marks.at(*cell) != Mark::No);
        for cell in cells {
            let mark = if all {
                Mark::No
            } else if marks.at(cell) == Mark::No {
                Mark::Possible
            } else {
                marks.at(cell)
            };
            marks.set(cell, mark);
        }
    });
}

fn key(grid: Grid, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let (at, rows) = (
        grid.stop.get_untracked(),
        grid.periods.with_value(|periods| periods.0.len()),
    );
    if event.key().eq_ignore_ascii_case("p") {
        event.prevent_default();
        grid.change(|marks| marks.set(at, marks.at(at).starred()));
    } else if let Some(to) = step(at, &event.key(), rows) {
        event.prevent_default();
        grid.stop.set(to);
        dom::focus_now(&cell_id(to));
    }
}

/// Windows that were made elsewhere and lie off the periods: named, and removable.
fn strays(form: Form) -> impl IntoView {
    let lang = form.lang;
    let all: Vec<Window> = form
        .draft
        .with(|draft| form.view.with_value(|view| off_grid(&view.periods, &draft.windows)));
    let row = move |window: Window| {
        let name = said::span(lang, window.span);
        view! {
            <li>
                {name}
                <button type="button" class="button small" on:click=move |_| form.edit(|draft| draft.windows.retain(|other| *other != window))>
                    {words::remove(lang)}
                </button>
            </li>
        }
    };
    (!all.is_empty()).then(|| view! { <div class="how"><b>{words::other_windows(lang)}</b><ul class="strays">{all.into_iter().map(row).collect_view()}</ul></div> })
}
