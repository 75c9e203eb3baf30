//! My requests, or everybody's for a coordinator: one table, filtered by a plain GET form.

use crate::parts::icon::{Icon, icon};
use crate::parts::{empty, field, mark, told};
use crate::paths;
use crate::text::{Lang, imports, names, requests as say, time, words};
use domain::api::{NameBook, RequestRow, RequestsView};
use domain::request::RequestState;
use leptos::prelude::*;
use serde::Deserialize;
use strum::VariantArray;

/// What the form asks for; empty takes everything. The server has already filtered by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub round: String,
    pub state: String,
}

/// What stands beside the list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// The reader's organization may ask, and so may import.
    pub may_import: bool,
    /// A spreadsheet has just been imported.
    pub imported: bool,
}

pub fn page(lang: Lang, view: &RequestsView, wanted: &Wanted, beside: Beside) -> AnyView {
    let filtered = *wanted != Wanted::default();
    let content = match (view.requests.is_empty(), filtered) {
        (true, false) => empty::empty(
            Icon::Edit,
            say::none(lang),
            say::none_why(lang),
            Some((paths::REQUEST_NEW.into(), say::new(lang))),
        ),
        (true, true) => empty::empty(
            Icon::Search,
            say::no_match(lang),
            say::no_match_why(lang),
            Some((paths::REQUESTS.into(), say::clear(lang))),
        ),
        (false, _) => view! { <div class="card">{table(lang, &view.requests, &view.names)}</div> }.into_any(),
    };
    view! {
        <div class="title">
            <div><p class="over">{say::count(lang, view.requests.len())}</p> <h1>{say::title(lang)}</h1></div>
            <div class="buttons">
                {beside.may_import.then(|| view! { <a class="button" href=paths::IMPORT>{imports::link(lang)}</a> })}
                <a class="button strong" href=paths::REQUEST_NEW>{icon(Icon::Edit)} {say::new(lang)}</a>
            </div>
        </div>
        {beside.imported.then(|| told::done(imports::done(lang)))}
        {filters(lang, view, wanted, paths::REQUESTS)}
        {content}
    }
    .into_any()
}

fn filters(lang: Lang, view: &RequestsView, wanted: &Wanted, path: &'static str) -> AnyView {
    let round = |round: &domain::api::RoundSummary| (round.id.to_string(), time::week(lang, round.week));
    let rounds = view.rounds.iter().map(round).collect();
    view! {
        <form class="filters" method="get" action=path role="search">
            {field::select("round", say::round(lang), say::any_round(lang), rounds, &wanted.round)}
            {field::select("state", say::state(lang), say::any_state(lang), states(lang), &wanted.state)}
            {field::apply(say::filter(lang), say::clear(lang), path, *wanted != Wanted::default())}
        </form>
    }
    .into_any()
}

/// Every state by its code, for a filter.
pub fn states(lang: Lang) -> Vec<(String, String)> {
    let state = |state: &RequestState| {
        (
            <&str>::from(*state).to_owned(),
            words::request_state(lang, *state).to_owned(),
        )
    };
    RequestState::VARIANTS.iter().map(state).collect()
}

/// The table of requests; also part of a round's page.
pub fn table(lang: Lang, rows: &[RequestRow], names: &NameBook) -> AnyView {
    let rows = rows.iter().map(|row| table_row(lang, row, names)).collect_view();
    view! {
        <table class="facts stacked">
            <caption class="unseen">{say::title(lang)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say::purpose(lang)}</th>
                    <th scope="col">{say::organization(lang)}</th>
                    <th scope="col">{say::state(lang)}</th>
                    <th scope="col">{say::round(lang)}</th>
                    <th scope="col" class="num">{say::lessons(lang)}</th>
                    <th scope="col">{say::cohorts(lang)}</th>
                    <th scope="col" class="num">{say::headcount(lang)}</th>
                    <th scope="col" class="num">{say::updated(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn table_row(lang: Lang, row: &RequestRow, names: &NameBook) -> AnyView {
    let purpose = if row.purpose.is_empty() {
        say::no_purpose(lang).to_owned()
    } else {
        row.purpose.clone()
    };
    let lessons = match row.granted {
        Some(granted) => say::lessons_of(lang, granted, row.lessons),
        None => row.lessons.to_string(),
    };
    let link = if row.state == RequestState::Draft {
        paths::request_edit(&row.id)
    } else {
        paths::request(&row.id)
    };
    view! {
        <tr>
            <th scope="row"><a href=link>{purpose}</a> <small>{row.reference.clone()}</small></th>
            <td class="half">{mark::who(lang, names, &row.organization)}</td>
            <td class="half">{mark::request_badge(lang, row.state)}</td>
            <td class="half tight" data-label=say::round(lang)>{time::week(lang, row.week)}</td>
            <td class="num half" data-label=say::lessons(lang)>{lessons} <small>{say::length_each(lang, row.minutes)}</small></td>
            <td class="half" data-label=say::cohorts(lang)>{names::cohorts(lang, names, &row.cohorts)}</td>
            <td class="num half" data-label=say::headcount(lang)>{row.headcount}</td>
            <td class="num all" data-label=say::updated(lang)>{time::stamp(lang, row.updated_at_min)}</td>
        </tr>
    }
    .into_any()
}
