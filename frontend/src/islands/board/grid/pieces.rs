//! What lies in the cells: a lesson as a chip of the week or a block of the day, and a place for the lesson in hand.

use super::Drawing;
use crate::islands::board::hand::Hand;
use crate::islands::board::{Board, calls, cells, room_name, words};
use crate::parts::icon::{Icon, icon};
use crate::parts::mark;
use crate::text::{names, time as said};
use domain::api::{LessonView, MoveOption, Verdict};
use leptos::prelude::*;

/// Classes of a lesson: whose it is, pinned, in hand, not looked for.
fn lesson_class(drawing: &Drawing, lesson: &LessonView, block: &str) -> String {
    let held = drawing
        .hand
        .and_then(Hand::key)
        .is_some_and(|key| key == cells::key_of(lesson));
    let mut class = format!(
        "{block} {}",
        mark::organization_class(&drawing.view.names, &lesson.organization)
    );
    for (word, holds) in [
        ("pinned", lesson.pinned),
        ("from", held),
        ("dim", !drawing.filter.takes(lesson)),
    ] {
        if holds {
            class = format!("{class} {word}");
        }
    }
    class
}

/// `市职业高级中学，周二 08:00–09:40，新能源汽车 A，已锁定`: what a small piece does not show.
fn lesson_label(drawing: &Drawing, lesson: &LessonView) -> String {
    let (lang, view) = (drawing.board.lang, drawing.view);
    let pinned = if lesson.pinned { words::pinned(lang) } else { "" };
    let organization = names::organization(lang, &view.names, &lesson.organization);
    let parts = [
        organization,
        said::span(lang, lesson.span),
        room_name(view, &lesson.room),
        pinned.to_owned(),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(lang.pick("，", ", "))
}

pub(super) fn chip(drawing: &Drawing, lesson: &LessonView) -> AnyView {
    let board = drawing.board;
    let seal = drawing
        .view
        .names
        .organizations
        .get(&lesson.organization)
        .map_or_else(|| lesson.organization.to_string(), |name| name.seal.clone());
    let more = format!("{} {}", said::clocks(lesson.span), lesson.purpose);
    // What is seen comes first in what is said, or a voice could not name the button.
    let label = format!("{seal} {more} {}", lesson_label(drawing, lesson));
    let chosen = {
        let key = cells::key_of(lesson);
        move || board.chosen.with(|now| now.as_ref() == Some(&key)).then_some("true")
    };
    let (class, lesson) = (lesson_class(drawing, lesson, "chip"), lesson.clone());
    view! {
        <button type="button" class=class title=label.clone() aria-label=label aria-current=chosen on:click=move |_| calls::choose(board, &lesson)>
            <span lang="zh-CN">{seal}</span>
            <span class="phone more">{more}</span>
        </button>
    }
    .into_any()
}

/// A place that the lesson in hand may go to, or why not.
pub(super) fn slot(board: Board, index: usize, option: &MoveOption, block: &'static str) -> AnyView {
    let lang = board.lang;
    let (shape, state, word) = match option.verdict {
        Verdict::Free => (Icon::Ring, "free", words::free_word(lang)),
        Verdict::Soft => (Icon::Warn, "soft", words::free_word(lang)),
        Verdict::Refused => (Icon::No, "refusal", words::refused_word(lang)),
    };
    // A chip of the week has room for the shape alone; its words are in the label.
    let word = (block == "slot").then_some(word);
    let words_of = calls::verdict_words(board, option);
    let place = board.place(option.start, &option.room);
    let label = words::said(lang, words::drop_label(lang, place), words_of);
    let chosen = move || board.at.get() == Some(index);
    let class = format!("{block} {state}");
    let drop = move |_| {
        calls::look_at(board, Some(index));
        calls::drop_here(board);
    };
    view! {
        <button
            type="button"
            class=class
            class:chosen=chosen
            title=label.clone()
            aria-label=label
            aria-disabled=(option.verdict == Verdict::Refused).then_some("true")
            on:mouseenter=move |_| calls::look_at(board, Some(index))
            on:focus=move |_| calls::look_at(board, Some(index))
            on:click=drop
        >
            <b>{icon(shape)}{word}</b>
            <span class="when">{said::clock(option.start)}</span>
        </button>
    }
    .into_any()
}

pub(super) fn block(drawing: &Drawing, lesson: &LessonView) -> AnyView {
    let (board, lang, view) = (drawing.board, drawing.board.lang, drawing.view);
    let label = lesson_label(drawing, lesson);
    let class = lesson_class(drawing, lesson, "lesson");
    let cohorts = names::cohorts(lang, &view.names, &lesson.cohorts);
    let teachers = names::instructors(lang, &view.names, &lesson.instructors);
    let meta = format!("{teachers} {}", words::people(lang, lesson.headcount));
    let pin = lesson.pinned.then(|| icon(Icon::Pin));
    let chosen = {
        let key = cells::key_of(lesson);
        move || board.chosen.with(|now| now.as_ref() == Some(&key)).then_some("true")
    };
    let seal = mark::seal(lang, &view.names, &lesson.organization);
    let lesson = lesson.clone();
    let (when, purpose) = (said::clocks(lesson.span), lesson.purpose.clone());
    view! {
        <button type="button" class=class title=label aria-current=chosen on:click=move |_| calls::choose(board, &lesson)>
            <span class="when">{when}</span>
            <b>{purpose}</b>
            <span>{seal} " " {cohorts}</span>
            <span class="meta">{meta}</span>
            {pin}
        </button>
    }
    .into_any()
}
