//! The panel beside the grid: a chosen lesson with what can be done to it, or the price of the move that is looked at.

use super::cells::key_of;
use super::hand::{Hand, possible};
use super::{Board, calls, words};
use crate::parts::icon::{Icon, icon};
use crate::parts::mark::{self, Tone};
use crate::paths;
use crate::text::{names, time as said, violation};
use domain::api::{LessonView, MoveOption, Verdict};
use leptos::prelude::*;

pub fn panel(board: Board) -> impl IntoView {
    let chosen = move || {
        board.view.with(|view| {
            board.chosen.with(|key| {
                view.lessons
                    .iter()
                    .find(|lesson| key.as_ref() == Some(&key_of(lesson)))
                    .cloned()
            })
        })
    };
    let open = move || board.hand.with(Option::is_some) || board.chosen.with(Option::is_some);
    let content = move || match (board.hand.get(), chosen()) {
        (Some(hand), _) => in_hand(board, hand).into_any(),
        (None, Some(lesson)) => details(board, lesson).into_any(),
        (None, None) => nothing(board).into_any(),
    };
    view! { <section class="card" id="panel" tabindex="-1" class:open=open aria-label=words::details(board.lang)>{content}</section> }
}

fn nothing(board: Board) -> impl IntoView {
    view! {
        <header><h2>{words::details(board.lang)}</h2></header>
        <div class="body"><p class="quiet">{words::nothing_chosen(board.lang)}</p></div>
    }
}

fn details(board: Board, lesson: LessonView) -> impl IntoView {
    let lang = board.lang;
    let title = lesson.purpose.clone();
    let number = format!(
        "{} · {}",
        words::lesson_n(lang, lesson.lesson),
        words::tier(lang, lesson.tier)
    );
    view! {
        <header>
            <h2>{title}</h2>
            <button type="button" class="button small plain" on:click=move |_| board.chosen.set(None)>{words::close(lang)}</button>
        </header>
        <div class="body">
            <p class="quiet">{number}</p>
            {facts(board, &lesson)}
            {board.is_open().then(|| deeds(board, lesson.clone()))}
            <p class="more"><a href=paths::request(&lesson.request)>{words::open_request(lang)}</a></p>
        </div>
    }
}

fn facts(board: Board, lesson: &LessonView) -> impl IntoView + use<> {
    let lang = board.lang;
    board.view.with(|view| {
        let teachers = names::instructors(lang, &view.names, &lesson.instructors);
        let teachers = if teachers.is_empty() {
            words::no_teacher(lang).to_owned()
        } else {
            teachers
        };
        let cohorts = names::cohorts(lang, &view.names, &lesson.cohorts);
        let held = lesson.equipment.iter().map(|held| {
            let units = names::numbers(lang, &held.units);
            words::units(lang, names::equipment(&view.names, &held.id), units)
        });
        let equipment = names::list(lang, held);
        let equipment =
            (!equipment.is_empty()).then(|| view! { <dt>{words::equipment(lang)}</dt><dd>{equipment}</dd> });
        let cohorts = format!("{cohorts} · {}", words::people(lang, lesson.headcount));
        let pinned = lesson
            .pinned
            .then(|| mark::badge(Tone::Plain, Icon::Pin, words::pinned(lang)));
        view! {
            <dl class="pairs">
                <dt>{words::when(lang)}</dt><dd><b>{said::span(lang, lesson.span)}</b> " " {pinned}</dd>
                <dt>{words::room(lang)}</dt><dd>{super::room_name(view, &lesson.room)}</dd>
                <dt>{words::who(lang)}</dt><dd>{mark::who(lang, &view.names, &lesson.organization)}</dd>
                <dt>{words::cohorts(lang)}</dt><dd>{cohorts}</dd>
                <dt>{words::teachers(lang)}</dt><dd>{teachers}</dd>
                {equipment}
            </dl>
        }
    })
}

fn deeds(board: Board, lesson: LessonView) -> impl IntoView {
    let lang = board.lang;
    let pinned = lesson.pinned;
    let (moved, pin, out) = (lesson.clone(), lesson.clone(), lesson);
    view! {
        <div class="buttons">
            <button type="button" class="button strong" on:click=move |_| calls::take(board, moved.clone())>{icon(Icon::Move)}{words::move_it(lang)}</button>
            <button type="button" class="button" on:click=move |_| calls::set_pinned(board, &pin, !pinned)>
                {icon(Icon::Pin)}
                {if pinned { words::release(lang) } else { words::pin(lang) }}
            </button>
            <button type="button" class="button" on:click=move |_| calls::take_out(board, &out)>{words::take_out(lang)}</button>
        </div>
    }
}

fn in_hand(board: Board, hand: Hand) -> impl IntoView {
    let lang = board.lang;
    let title = if hand.from.is_some() {
        words::hand(lang)
    } else {
        words::hand_new(lang)
    };
    let option = {
        let options = hand.moves.options.clone();
        Memo::new(move |_| board.at.get().and_then(|at| options.get(at).cloned()))
    };
    let badge = move || {
        option.get().map(|option| match option.verdict {
            Verdict::Free => mark::badge(Tone::Done, Icon::Ring, words::free_word(lang)),
            Verdict::Soft => mark::badge(Tone::Soft, Icon::Warn, words::soft_word(lang)),
            Verdict::Refused => mark::badge(Tone::Refusal, Icon::No, words::refused_word(lang)),
        })
    };
    let refused = move || option.with(|option| option.as_ref().is_none_or(|option| option.verdict == Verdict::Refused));
    let cost = {
        let hand = hand.clone();
        move || option.get().map(|option| cost(board, &hand, &option))
    };
    view! {
        <header><h2>{title}</h2>{badge}</header>
        <div class="body">
            <p><strong>{hand.purpose.clone()}</strong></p>
            {cost}
            {list(board, &hand)}
            <label class="pin-after">
                <input type="checkbox" prop:checked=move || board.pin_after.get() on:change=move |event| board.pin_after.set(event_target_checked(&event))/>
                {words::pin_after(lang)}
            </label>
            <div class="buttons">
                <button type="button" class="button strong" hidden=refused on:click=move |_| calls::drop_here(board)>
                    {icon(Icon::Yes)}
                    {words::drop_here(lang)}
                </button>
                <button type="button" class="button" on:click=move |_| calls::cancel(board)>{words::cancel(lang)}</button>
            </div>
        </div>
    }
}

/// What the move means: from where to where, preferences, instructors, people; or the rules that refuse it.
fn cost(board: Board, hand: &Hand, option: &MoveOption) -> AnyView {
    let lang = board.lang;
    let from = match &hand.from {
        Some(lesson) => board.place(lesson.span.from, &lesson.room),
        None => words::unplaced_now(lang).to_owned(),
    };
    let way = words::from_to(lang, from, board.place(option.start, &option.room));
    if option.verdict == Verdict::Refused {
        let said = |broken| board.view.with_untracked(|view| violation(lang, broken, &view.names));
        let rows = option.violations.iter().map(said).map(|said| view! {
            <li class="refusal">{icon(Icon::No)}<strong>{said.title}</strong><span class="limit">{said.detail}</span><span>{said.remedy}</span></li>
        });
        return view! { <p>{way}</p> <ul class="rules">{rows.collect_view()}</ul> }.into_any();
    }
    let change = option.preference - option.preference_now;
    let preference = match change {
        0 => words::same(lang).to_owned(),
        more if more > 0 => format!("+ {more}"),
        less => format!("− {}", -less),
    };
    let before = hand
        .from
        .as_ref()
        .map(|lesson| lesson.instructors.clone())
        .unwrap_or_default();
    let people = if before == option.instructors {
        words::keeps(lang).to_owned()
    } else {
        words::changes_to(
            lang,
            board
                .view
                .with_untracked(|view| names::instructors(lang, &view.names, &option.instructors)),
        )
    };
    let soft: Vec<String> = option
        .violations
        .iter()
        .map(|broken| {
            board
                .view
                .with_untracked(|view| violation(lang, broken, &view.names).title)
        })
        .collect();
    let soft = (!soft.is_empty()).then(|| names::list(lang, soft));
    view! {
        <p>{way}</p>
        <dl class="cost">
            <dt>{words::cost_preference(lang)}</dt><dd><small>{soft}</small></dd><dd>{preference}</dd>
            <dt>{words::cost_teachers(lang)}</dt><dd></dd><dd>{people}</dd>
            <dt>{words::cost_people(lang)}</dt><dd></dd><dd>{words::people(lang, hand.headcount)}</dd>
        </dl>
    }
    .into_any()
}

/// The same places as a plain list: the way of a thumb, and of whoever likes lists.
fn list(board: Board, hand: &Hand) -> impl IntoView + use<> {
    let lang = board.lang;
    let options = &hand.moves.options;
    let order = board.view.with_untracked(|view| possible(view, options));
    let option = |index: usize| {
        let (value, name) = (
            index.to_string(),
            words::said(
                lang,
                board.place(options[index].start, &options[index].room),
                calls::verdict_words(board, &options[index]),
            ),
        );
        view! { <option value=value.clone() selected=move || board.at.get() == Some(index)>{name}</option> }
    };
    let none =
        view! { <option value="" selected=move || board.at.get().is_none()>{words::choose_place(lang)}</option> };
    view! {
        <div class="field">
            <label for="place">{words::place_list(lang)}</label>
            <select id="place" on:change=move |event| calls::look_at(board, event_target_value(&event).parse().ok())>
                {none}
                {order.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
