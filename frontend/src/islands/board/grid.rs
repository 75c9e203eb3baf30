//! The grid: rooms by parts of the days, or by the periods of one day. A real table, every cell there, free ones too;
//! while a lesson is in hand the cells say whether it may go there.

mod pieces;

use super::cells::{self, Content, DayCell, PARTS, Shut, Zoom};
use super::hand::Hand;
use super::{Board, words};
use crate::parts::icon::{Icon, icon};
use crate::parts::mark;
use crate::text::{Lang, names, time as said, violation, words as enums};
use domain::api::{BoardRoom, BoardView, MoveOption};
use domain::time::{DayKind, DayPart, MINUTES_PER_DAY, MINUTES_PER_WEEK, Span};
use domain::violation::Violation;
use leptos::prelude::*;
use pieces::{block, chip, slot};

/// Zoom: the whole week, or one of its days with how full it is.
pub fn tabs(board: Board) -> impl IntoView {
    let lang = board.lang;
    let tab = move |zoom: Zoom| {
        let name = board.view.with_untracked(|view| match zoom {
            Zoom::Week => words::whole_week(lang).to_owned(),
            Zoom::Day(day) => format!(
                "{} {}",
                said::weekday(lang, day),
                said::short_date(lang, view.round.week.day(day))
            ),
        });
        let used = move || {
            board.view.with(|view| {
                let rooms: Vec<&BoardRoom> = view.rooms.iter().collect();
                cells::used_percent(view, &rooms, span_of(zoom))
            })
        };
        view! {
            <li>
                <button type="button" aria-pressed=move || (board.zoom.get() == zoom).to_string() on:click=move |_| board.zoom.set(zoom)>
                    {name}
                    <span class="unseen">{move || words::placed_percent(lang, used())}</span>
                    <svg class="load" viewBox="0 0 64 4" preserveAspectRatio="none" aria-hidden="true">
                        <rect width="64" height="4"></rect>
                        <rect class="full" height="4" width=move || (used() * 64 / 100).clamp(0, 64).to_string()></rect>
                    </svg>
                </button>
            </li>
        }
    };
    let all = [Zoom::Week].into_iter().chain((0..7).map(Zoom::Day));
    view! { <ul class="tabs" aria-label=words::zoom(lang)>{all.map(tab).collect_view()}</ul> }
}

fn span_of(zoom: Zoom) -> Span {
    match zoom {
        Zoom::Week => Span::new(0, MINUTES_PER_WEEK),
        Zoom::Day(day) => Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY),
    }
}

/// What one drawing of the grid reads.
struct Drawing<'a> {
    board: Board,
    view: &'a BoardView,
    hand: Option<&'a Hand>,
    filter: cells::Filter,
    zoom: Zoom,
}

pub fn grid(board: Board) -> impl IntoView {
    let class = move || match board.zoom.get() {
        Zoom::Week => "grid week".to_owned(),
        Zoom::Day(_) => format!("grid day p-{}", board.view.with(|view| view.periods.0.len())),
    };
    let label = move || board.view.with(|view| caption(board.lang, view, board.zoom.get()));
    let table = move || {
        board.view.with(|view| {
            board.hand.with(|hand| {
                let (filter, zoom) = (board.filter.get(), board.zoom.get());
                table(&Drawing {
                    board,
                    view,
                    hand: hand.as_ref(),
                    filter,
                    zoom,
                })
            })
        })
    };
    view! { <div class=class role="region" tabindex="0" aria-label=label>{table}</div> }
}

fn caption(lang: Lang, view: &BoardView, zoom: Zoom) -> String {
    match zoom {
        Zoom::Week => words::grid_week(lang, said::week(lang, view.round.week)),
        Zoom::Day(day) => words::grid_day(
            lang,
            format!(
                "{} {}",
                said::weekday(lang, day),
                said::date(lang, view.round.week.day(day))
            ),
        ),
    }
}

fn table(drawing: &Drawing) -> AnyView {
    let (board, view) = (drawing.board, drawing.view);
    let possible = |room: &BoardRoom| match drawing.hand {
        Some(hand) if board.only_possible.get() => hand
            .moves
            .options
            .iter()
            .any(|option| option.room == room.id && super::hand::is_possible(option)),
        Some(_) => drawing.filter.base.is_empty() || room.base.as_str() == drawing.filter.base,
        None => drawing.filter.shows(view, room),
    };
    let groups = cells::groups(view.rooms.iter().filter(|room| possible(room)));
    let empty = groups
        .is_empty()
        .then(|| view! { <p class="how">{words::no_rooms(board.lang)}</p> });
    let bodies = groups.iter().map(|group| body(drawing, group)).collect_view();
    let head = match drawing.zoom {
        Zoom::Week => week_head(board.lang, view),
        Zoom::Day(_) => day_head(board.lang, view),
    };
    view! {
        <table role="table">
            <caption class="unseen">{caption(board.lang, view, drawing.zoom)}</caption>
            <thead>{head}</thead>
            {bodies}
        </table>
        {empty}
    }
    .into_any()
}

fn week_head(lang: Lang, view: &BoardView) -> AnyView {
    let day = |day: i64| {
        let date = view.round.week.day(day);
        let special = view
            .special_days
            .iter()
            .find(|special| special.date == date)
            .map(|special| match special.kind {
                DayKind::Holiday => special.name.clone(),
                DayKind::MakeUp { teaches_as } => {
                    crate::text::form::make_up(lang, said::weekday(lang, teaches_as).to_owned())
                }
            });
        let special = special.map(|words| view! { <small class="special">{words}</small> });
        view! { <th scope="colgroup" colspan="3" class="first">{said::weekday(lang, day)} " " <small>{said::short_date(lang, date)}</small> {special}</th> }
    };
    let part = |(index, part): (usize, DayPart)| {
        view! { <th scope="col" abbr=enums::day_part(lang, part) class:first=index == 0>{part_short(lang, part)}</th> }
    };
    let parts = (0..7)
        .map(|_| PARTS.into_iter().enumerate().map(part).collect_view())
        .collect_view();
    view! {
        <tr role="row"><th scope="col">{words::rooms(lang)}</th>{(0..7).map(day).collect_view()}</tr>
        <tr role="row" class="parts"><td></td>{parts}</tr>
    }
    .into_any()
}

/// A part of the day in a column of two rem.
fn part_short(lang: Lang, part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => words::morning_short(lang),
        DayPart::Afternoon => words::afternoon_short(lang),
        DayPart::Evening => words::evening_short(lang),
    }
}

fn day_head(lang: Lang, view: &BoardView) -> AnyView {
    let periods = &view.periods.0;
    let head = |n: usize| {
        let begins = n > 0 && periods[n - 1].part != periods[n].part;
        view! { <th scope="col" class:part=begins>{enums::period(lang, &periods[n].name)}<small>{said::clock(periods[n].span.from)}</small></th> }
    };
    view! { <tr role="row"><th scope="col">{words::rooms(lang)}</th>{(0..periods.len()).map(head).collect_view()}</tr> }
        .into_any()
}

fn body(drawing: &Drawing, group: &cells::Group) -> AnyView {
    let lang = drawing.board.lang;
    let first = group.rooms[0];
    let base = names::base(&drawing.view.names, &first.base);
    let title = if first.center.is_empty() {
        base
    } else {
        format!("{base} · {}", first.center)
    };
    let used = words::used(
        lang,
        cells::used_percent(drawing.view, &group.rooms, span_of(drawing.zoom)),
    );
    let rows = group.rooms.iter().map(|room| row(drawing, room)).collect_view();
    view! { <tbody><tr class="group" role="row"><th scope="rowgroup" colspan="22">{title}<span>{used}</span></th></tr>{rows}</tbody> }.into_any()
}

fn row(drawing: &Drawing, room: &BoardRoom) -> AnyView {
    let (lang, view) = (drawing.board.lang, drawing.view);
    let never = drawing
        .hand
        .and_then(|hand| hand.moves.unsuitable.iter().find(|one| one.room == room.id));
    let why = never.map(|one| short_reason(lang, view, &one.violation));
    let class = match (drawing.hand, &why) {
        (None, _) => "",
        (Some(_), Some(_)) => "never",
        (Some(_), None) => "may",
    };
    let detail = match why {
        Some(why) => view! { <small class="why-not">{icon(Icon::No)}{why}</small> }.into_any(),
        None => {
            let bay = room.part_of.as_ref().map(|_| format!(" · {}", words::bay(lang)));
            view! { <small>{words::seats(lang, room.seats)} {bay}</small> }.into_any()
        }
    };
    let cells = match drawing.zoom {
        Zoom::Week => week_row(drawing, room),
        Zoom::Day(day) => day_row(drawing, room, day),
    };
    view! { <tr role="row" class=class><th scope="row" role="rowheader" class="room" class:bay=room.part_of.is_some()>{room.name.clone()} {detail}</th>{cells}</tr> }.into_any()
}

/// Why a room can never host the lesson, short enough to stand under its name.
fn short_reason(lang: Lang, view: &BoardView, broken: &Violation) -> String {
    match broken {
        Violation::FeatureMissing { feature, .. } => {
            crate::text::form::lacks(lang, names::feature(&view.names, feature))
        }
        Violation::SeatsShort { seats, .. } => crate::text::form::seats_only(lang, *seats),
        Violation::EquipmentElsewhereAt { equipment, .. } => {
            crate::text::form::lacks(lang, names::equipment(&view.names, equipment))
        }
        other => violation(lang, other, &view.names).title,
    }
}

fn week_row(drawing: &Drawing, room: &BoardRoom) -> AnyView {
    let cell = |day: i64, part: DayPart| {
        let lessons = cells::week_lessons(drawing.view, room, day, part);
        let option = drawing
            .hand
            .and_then(|hand| best_option(drawing, hand, room, day, part));
        let name = format!(
            "{} {}",
            said::weekday(drawing.board.lang, day),
            enums::day_part(drawing.board.lang, part)
        );
        let first = part == DayPart::Morning;
        if lessons.is_empty() && option.is_none() && !cells::week_open(drawing.view, room, day, part) {
            return view! { <td role="cell" class="closed" class:first=first>{words::closed(drawing.board.lang)}</td> }
                .into_any();
        }
        let has = !lessons.is_empty() || option.is_some();
        let free = (!has).then(|| view! { <span class="unseen">{words::free(drawing.board.lang)}</span> });
        let chips = lessons
            .into_iter()
            .map(|index| chip(drawing, &drawing.view.lessons[index]))
            .collect_view();
        let slot = option.map(|(index, option)| slot(drawing.board, index, option, "chip"));
        view! { <td role="cell" class:first=first class:has=has data-label=name>{chips}{slot}{free}</td> }.into_any()
    };
    (0..7)
        .flat_map(|day| PARTS.into_iter().map(move |part| (day, part)))
        .map(|(day, part)| cell(day, part))
        .collect_view()
        .into_any()
}

/// What a week cell shows of its options: the best of them.
fn best_option<'a>(
    drawing: &Drawing,
    hand: &'a Hand,
    room: &BoardRoom,
    day: i64,
    part: DayPart,
) -> Option<(usize, &'a MoveOption)> {
    let here = |option: &MoveOption| {
        option.room == room.id
            && cells::day_of(option.start) == day
            && cells::part_of(&drawing.view.periods, option.start) == part
    };
    hand.moves
        .options
        .iter()
        .enumerate()
        .filter(|(_, option)| here(option))
        .min_by_key(|(_, option)| (option.verdict, option.start))
}

fn day_row(drawing: &Drawing, room: &BoardRoom, day: i64) -> AnyView {
    let held = drawing.hand.map(Hand::key);
    let all = cells::day_cells(drawing.view, room, day, held.as_ref());
    all.iter()
        .map(|cell| day_cell(drawing, room, cell))
        .collect_view()
        .into_any()
}

fn day_cell(drawing: &Drawing, room: &BoardRoom, cell: &DayCell) -> AnyView {
    let lang = drawing.board.lang;
    let columns = cell.columns.to_string();
    let part = cell.begins_part;
    match &cell.content {
        Content::Lesson(index) => view! { <td role="cell" colspan=columns class:part=part>{block(drawing, &drawing.view.lessons[*index])}</td> }.into_any(),
        Content::Shut(why) => {
            let word = match why {
                Shut::NotOpen => words::not_open(lang),
                Shut::OutOfService => words::out_of_service(lang),
            };
            view! { <td role="cell" colspan=columns class="closed" class:part=part>{word}</td> }.into_any()
        }
        Content::Free(span) => {
            let option = |hand: &'_ Hand| hand.moves.options.iter().position(|option| option.room == room.id && option.start == span.from);
            let found = drawing.hand.and_then(|hand| option(hand).map(|index| (index, hand)));
            let slot = found.map(|(index, hand)| slot(drawing.board, index, &hand.moves.options[index], "slot"));
            let from = drawing.hand.and_then(|hand| hand.from.as_ref()).filter(|from| from.room == room.id && from.span.from == span.from);
            let from = from.map(|_| view! { <small class="was">{words::from_here(lang)}</small> });
            let words = format!("{} {}", words::free(lang), said::clocks(*span));
            view! { <td role="cell" colspan=columns class="free" class:part=part><span>{words}</span>{from}{slot}</td> }.into_any()
        }
    }
}

pub fn legend(lang: Lang) -> impl IntoView {
    use domain::people::OrganizationKind::*;
    let kinds = [School, Enterprise, Association, Government];
    let kind = |kind| view! { <li class=mark::kind_class(kind)><i></i>{enums::organization_kind(lang, kind)}</li> };
    view! {
        <ul class="legend under">
            {kinds.into_iter().map(kind).collect_view()}
            <li class="pinned"><i></i>{words::pinned(lang)}</li>
            <li class="free"><i></i>{words::free_word(lang)}</li>
            <li class="soft"><i></i>{words::soft_word(lang)}</li>
            <li class="refusal"><i></i>{words::refused_word(lang)}</li>
            <li class="closed"><i></i>{words::not_open(lang)}</li>
        </ul>
    }
}
