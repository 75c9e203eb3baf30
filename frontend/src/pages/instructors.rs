//! The pool as a menu 菜单式选聘: filter by trade, skill and level; each card leads to the instructor's week.

use crate::parts::icon::{Icon, icon};
use crate::parts::{empty, field, mark};
use crate::paths;
use crate::text::{Lang, catalog as say, names, time, words};
use domain::api::{CatalogView, InstructorView, NameBook};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What the form asks for; empty takes everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub skill: String,
    pub industry: String,
    pub level: String,
    pub q: String,
}

impl Wanted {
    fn takes(&self, who: &InstructorView) -> bool {
        let least = self.level.parse().unwrap_or(1);
        let skilled = who
            .skills
            .iter()
            .any(|(skill, level)| (self.skill.is_empty() || skill.as_str() == self.skill) && *level >= least);
        let asks_skill = !self.skill.is_empty() || !self.level.is_empty();
        (!asks_skill || skilled)
            && (self.industry.is_empty() || who.industry == self.industry)
            && (self.q.trim().is_empty() || who.name.contains(self.q.trim()))
    }
}

pub fn page(lang: Lang, view: &CatalogView, wanted: &Wanted) -> AnyView {
    let found: Vec<&InstructorView> = view.instructors.iter().filter(|who| wanted.takes(who)).collect();
    let content = if found.is_empty() {
        let clear = Some((paths::INSTRUCTORS.to_owned(), say::clear(lang)));
        empty::empty(Icon::Search, say::no_instructor(lang), say::nothing_why(lang), clear)
    } else {
        let cards = found.iter().map(|who| card(lang, &view.names, who)).collect_view();
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    view! {
        <div class="title">
            <div>
                <p class="over">{say::people(lang, found.len())}</p>
                <h1>{say::instructors(lang)}</h1>
                <p class="lead">{say::instructors_lead(lang)}</p>
            </div>
        </div>
        {filters(lang, view, wanted)}
        {content}
    }
    .into_any()
}

fn filters(lang: Lang, view: &CatalogView, wanted: &Wanted) -> AnyView {
    let skills = view
        .skills
        .iter()
        .map(|named| (named.id.clone(), field::word(lang, named)))
        .collect();
    let trades: BTreeSet<&String> = view.instructors.iter().map(|who| &who.industry).collect();
    let trades = trades.into_iter().map(|trade| (trade.clone(), trade.clone())).collect();
    let levels = (2..=5).map(|n: i64| (n.to_string(), say::level(lang, n))).collect();
    view! {
        <form class="filters" method="get" action=paths::INSTRUCTORS role="search">
            {field::select("industry", say::industry(lang), say::any_industry(lang), trades, &wanted.industry)}
            {field::select("skill", say::skill(lang), say::any_skill(lang), skills, &wanted.skill)}
            {field::select("level", say::level_from(lang), "1", levels, &wanted.level)}
            {field::text("q", say::word(lang), &wanted.q)}
            {field::apply(say::filter(lang), say::clear(lang), paths::INSTRUCTORS, *wanted != Wanted::default())}
        </form>
    }
    .into_any()
}

fn card(lang: Lang, names: &NameBook, who: &InstructorView) -> AnyView {
    let load = who.week_max_min.map_or_else(
        || say::week_free(lang).to_owned(),
        |max| say::week_max(lang, &time::hours(max)),
    );
    let serves = if who.serves_everyone {
        mark::badge(mark::Tone::Done, Icon::Yes, say::serves_all(lang))
    } else {
        mark::badge(mark::Tone::Waiting, Icon::Half, say::serves_some(lang))
    };
    view! {
        <li class="card person">
            <header>
                <h2><a href=paths::instructor(&who.id)>{who.name.clone()}</a></h2>
                <span class="quiet">{words::instructor_kind(lang, who.kind)} " · " {who.industry.clone()}</span>
            </header>
            <div class="body stack-1">
                <p>{mark::who(lang, names, &who.organization)}</p>
                {skills(lang, names, who)}
                <p class="quiet">{icon(Icon::Clock)} " " {time::weekly(lang, &who.available)}</p>
                <p class="quiet">{load} " · " {say::until(lang, &who.agreement_until)} " " {serves}</p>
            </div>
        </li>
    }
    .into_any()
}

/// Each skill with its level as five marks; the number is in the accessible text.
pub fn skills(lang: Lang, names: &NameBook, who: &InstructorView) -> AnyView {
    let item = |(skill, level): (&domain::id::SkillId, &i64)| {
        let (name, level) = (names::skill(names, skill), *level);
        let marks = (1..=5)
            .map(|n| view! { <i class=if n <= level { "on" } else { "" }></i> })
            .collect_view();
        let label = say::level_of_five(lang, &name, level);
        view! { <li><span>{name}</span> <span class="levels" role="img" aria-label=label>{marks}</span></li> }
    };
    view! { <ul class="skills">{who.skills.iter().map(item).collect_view()}</ul> }.into_any()
}
