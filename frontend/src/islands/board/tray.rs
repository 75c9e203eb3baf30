//! What has no place, with reasons and verified remedies; and the level of every member.

use super::{Board, calls, words};
use crate::parts::icon::{Icon, icon};
use crate::parts::mark;
use crate::paths;
use crate::text::{Lang, certificate, names, reason, time as said};
use domain::api::{BoardView, LevelView, UnplacedView};
use domain::plan::Remedy;
use leptos::prelude::*;

pub fn unplaced(board: Board) -> impl IntoView {
    let lang = board.lang;
    let counts = move || {
        board.view.with(|view| {
            words::unplaced_counts(
                lang,
                view.unplaced.iter().map(|one| one.lessons).sum(),
                view.unplaced.len(),
            )
        })
    };
    let list = move || {
        let all = board.view.with(|view| view.unplaced.clone());
        match all.is_empty() {
            true => view! { <p class="body quiet">{icon(Icon::Yes)} " " {words::unplaced_none(lang)}</p> }.into_any(),
            false => {
                view! { <ol class="tray">{all.into_iter().map(|one| item(board, one)).collect_view()}</ol> }.into_any()
            }
        }
    };
    view! { <section class="card" id="unplaced" aria-label=words::unplaced(lang)><header><h2>{words::unplaced(lang)}</h2><span class="quiet">{counts}</span></header>{list}</section> }
}

fn item(board: Board, one: UnplacedView) -> impl IntoView {
    let lang = board.lang;
    let (seal, cohorts, reasons) = board.view.with(|view| {
        let reasons: Vec<String> = one
            .reasons
            .iter()
            .map(|why| reason::reason(lang, why, &view.names))
            .collect();
        (
            mark::seal(lang, &view.names, &one.organization),
            names::cohorts(lang, &view.names, &one.cohorts),
            reasons,
        )
    });
    let why = |text: String| view! { <p class="why">{icon(Icon::No)}<span>{text}</span></p> };
    let meta = [cohorts, words::people(lang, one.headcount)];
    let meta = meta
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let remedies = one
        .would_fit
        .iter()
        .map(|change| remedy(board, &one, change))
        .collect_view();
    let href = paths::request(&one.request);
    let (purpose, lessons) = (one.purpose.clone(), words::lessons(lang, one.lessons));
    let place = board.is_open().then(|| view! {
        <button type="button" class="button small" on:click=move |_| calls::take_unplaced(board, one.clone())>{icon(Icon::Move)}{words::place_it(lang)}</button>
    });
    view! {
        <li>
            <div class="head">{seal}<a href=href><strong>{purpose}</strong></a><span class="quiet">{lessons}</span></div>
            <p class="quiet">{meta}</p>
            {reasons.into_iter().map(why).collect_view()}
            {remedies}
            <div class="buttons">{place}</div>
        </li>
    }
}

/// A change that was verified to fit. Another time or room is the coordinator's to do; the rest is the requester's.
fn remedy(board: Board, one: &UnplacedView, change: &Remedy) -> AnyView {
    let text = board.view.with(|view| reason::remedy(board.lang, change, &view.names));
    match change {
        Remedy::OtherWindow { start, room } | Remedy::OtherRoom { start, room } if board.is_open() => {
            let (request, start, room) = (one.request.clone(), *start, room.clone());
            view! { <button type="button" class="link" on:click=move |_| calls::place_at(board, request.clone(), start, room.clone())>{text}</button> }.into_any()
        }
        _ => view! { <p>{text}</p> }.into_any(),
    }
}

/// What one more would grant, the largest gain first; nothing where none is known.
pub fn scarce(board: Board) -> impl IntoView {
    let lang = board.lang;
    move || {
        let lines = board.view.with(|view| {
            let said = |scarce| reason::scarce(lang, scarce, &view.names);
            view.scarce.iter().map(said).collect::<Vec<_>>()
        });
        let rows = lines
            .iter()
            .map(|line| view! { <li><p>{line.clone()}</p></li> })
            .collect_view();
        (!lines.is_empty()).then(|| {
            view! {
                <section class="card" aria-label=words::scarce(lang)>
                    <header><h2>{words::scarce(lang)}</h2></header>
                    <ol class="tray">{rows}</ol><div class="body"><p class="hint">{words::scarce_hint(lang)}</p></div>
                </section>
            }
        })
    }
}

pub fn levels(board: Board) -> impl IntoView {
    let lang = board.lang;
    let rows = move || {
        board.view.with(|view| {
            let highest = view.organizations.iter().map(|line| line.level).fold(1.0, f64::max);
            let mut lines: Vec<&LevelView> = view.organizations.iter().collect();
            lines.sort_by(|a, b| a.level.total_cmp(&b.level));
            lines
                .into_iter()
                .map(|line| level_row(board, line, highest))
                .collect_view()
        })
    };
    let jain = move || {
        board
            .view
            .with(|view| words::jain(lang, format!("{:.3}", view.fairness.jain)))
    };
    view! {
        <section class="card standing" aria-label=words::levels(lang)>
            <header><h2>{words::levels(lang)}</h2><span class="quiet">{jain}</span></header>
            <div class="body">
                <table>
                    <thead><tr><th scope="col">{words::organization(lang)}</th><th scope="col" class="num">{words::asked(lang)}</th><th scope="col" class="num">{words::granted(lang)}</th><th scope="col">{words::level(lang)}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="hint">{words::levels_hint(lang)}</p>
                {move || board.view.with(|view| stops(board.lang, view))}
            </div>
        </section>
    }
}

/// Why no level is higher, folded; nothing where no shares were computed, or everybody has all.
fn stops(lang: Lang, view: &BoardView) -> impl IntoView + use<> {
    let line = |stop| view! { <li>{certificate::stop(lang, stop, &view.names)}</li> };
    let lines = view.certificate.iter().map(line).collect_view();
    (!view.certificate.is_empty()).then(|| {
        view! {
            <details><summary>{words::stops(lang)}</summary><ul class="stages">{lines}</ul><p class="hint">{words::stops_hint(lang)}</p></details>
        }
    })
}

fn level_row(board: Board, line: &LevelView, highest: f64) -> impl IntoView + use<> {
    let width = format!("{:.1}", (line.level / highest * 60.0).clamp(0.0, 60.0));
    let (seal, name) = board.view.with_untracked(|view| {
        (
            mark::seal(board.lang, &view.names, &line.organization),
            names::organization(board.lang, &view.names, &line.organization),
        )
    });
    view! {
        <tr>
            <th scope="row">{seal}<span class="unseen">{name}</span></th>
            <td class="num">{said::hours(line.asked_min)}</td>
            <td class="num">{said::hours(line.granted_min)}</td>
            <td>
                <span class="bar-of">
                    <svg class="load" viewBox="0 0 60 4" preserveAspectRatio="none" aria-hidden="true"><rect width="60" height="4"></rect><rect class="full" height="4" width=width></rect></svg>
                    {said::hours(line.level.round() as i64)}
                </span>
            </td>
        </tr>
    }
}
