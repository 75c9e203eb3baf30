//! The audit log as the auditor reads it: newest first, a page at a time, filtered by a plain GET form.

use crate::parts::icon::Icon;
use crate::parts::{empty, field};
use crate::paths;
use crate::text::{Lang, audit as say, time, words};
use domain::api::{AuditView, EntryView};
use domain::event::Event;
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use strum::VariantArray;

/// What the form asks for; empty takes everything. The server has already filtered by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub event: String,
    pub actor: String,
    pub subject: String,
    pub before: Option<i64>,
}

impl Wanted {
    fn is_filtered(&self) -> bool {
        [&self.event, &self.actor, &self.subject]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// The address of the page before an entry, with the same filter.
    fn address(&self, before: Option<i64>) -> String {
        let before = before.map(|seq| seq.to_string()).unwrap_or_default();
        let pairs = [
            ("event", self.event.as_str()),
            ("actor", self.actor.as_str()),
            ("subject", self.subject.as_str()),
            ("before", before.as_str()),
        ];
        paths::with_query(paths::AUDIT, &pairs)
    }
}

pub fn page(lang: Lang, view: &AuditView, wanted: &Wanted) -> AnyView {
    let content = if view.entries.is_empty() {
        let way = wanted
            .is_filtered()
            .then(|| (paths::AUDIT.to_owned(), say::clear(lang)));
        empty::empty(Icon::Search, say::none(lang), say::none_why(lang), way)
    } else {
        view! { <div class="card">{table(lang, view)}</div> }.into_any()
    };
    view! {
        <div class="title">
            <div><h1>{say::title(lang)}</h1> <p class="lead">{say::lead(lang)}</p></div>
        </div>
        {filters(lang, wanted)}
        {content}
        {turn(lang, view, wanted)}
        <p class="quiet log-end">
            {say::head(lang, view.head_seq)} " " <code class="digest">{view.head_sha256.clone()}</code> <br /> {say::head_why(lang)}
        </p>
    }
    .into_any()
}

fn filters(lang: Lang, wanted: &Wanted) -> AnyView {
    let event = |event: &Event| (event.word().to_owned(), words::event(lang, *event).to_owned());
    let events = Event::VARIANTS.iter().map(event).collect();
    view! {
        <form class="filters" method="get" action=paths::AUDIT role="search">
            {field::select("event", say::event(lang), say::any_event(lang), events, &wanted.event)}
            {field::text("actor", say::who_label(lang), &wanted.actor)}
            {field::text("subject", say::subject_label(lang), &wanted.subject)}
            {field::apply(say::filter(lang), say::clear(lang), paths::AUDIT, wanted.is_filtered())}
        </form>
    }
    .into_any()
}

fn table(lang: Lang, view: &AuditView) -> AnyView {
    let rows = view
        .entries
        .iter()
        .map(|entry| row(lang, entry, &view.people))
        .collect_view();
    view! {
        <table class="facts stacked">
            <caption class="unseen">{say::title(lang)}</caption>
            <thead>
                <tr>
                    <th scope="col" class="num">{say::number(lang)}</th>
                    <th scope="col">{say::event(lang)}</th>
                    <th scope="col">{say::who(lang)}</th>
                    <th scope="col">{say::subject(lang)}</th>
                    <th scope="col">{say::facts(lang)}</th>
                    <th scope="col" class="num">{say::at(lang)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(lang: Lang, entry: &EntryView, people: &BTreeMap<String, String>) -> AnyView {
    let person = people.get(&entry.actor).cloned();
    let role = say::role_word(lang, &entry.role);
    // The log has the id alone; the name beside it is today's.
    let who = match person {
        Some(name) => view! { {name} <small>{role} " · " {entry.actor.clone()}</small> }.into_any(),
        None => role.into_any(),
    };
    let fact = |(name, value): (&String, &String)| view! { <small>{name.clone()} ": " {value.clone()}</small> };
    view! {
        <tr>
            <td class="num half">{entry.seq}</td>
            <th scope="row" class="half">{say::event_word(lang, &entry.event)} <small>{entry.event.clone()}</small></th>
            <td class="half" data-label=say::who(lang)>{who}</td>
            <td class="half id" data-label=say::subject(lang)>{entry.subject.clone()}</td>
            <td class="half id" data-label=say::facts(lang)>{entry.facts.iter().map(fact).collect_view()}</td>
            <td class="num half" data-label=say::at(lang)>
                <time datetime=time::machine(entry.at_min)>{time::stamp(lang, entry.at_min)}</time>
            </td>
        </tr>
    }
    .into_any()
}

fn turn(lang: Lang, view: &AuditView, wanted: &Wanted) -> AnyView {
    let newest = wanted
        .before
        .map(|_| view! { <a class="button plain" href=wanted.address(None)>{say::newest(lang)}</a> });
    let older = view
        .next
        .map(|seq| view! { <a class="button" href=wanted.address(Some(seq))>{say::older(lang)}</a> });
    if newest.is_none() && older.is_none() {
        return ().into_any();
    }
    view! { <nav class="buttons log-end" aria-label=say::pages(lang)>{newest} {older}</nav> }.into_any()
}
