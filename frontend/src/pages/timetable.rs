//! The published timetable of a week, by room, organization, instructor or cohort; prints as a poster.

use crate::parts::icon::{Icon, icon};
use crate::parts::week::{WeekFrame, sittings};
use crate::parts::{empty, field, mark, weeks};
use crate::paths;
use crate::text::{Lang, names, site, time, timetable as say};
use domain::api::{TimetableBy, TimetableView};
use domain::id::OrganizationId;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &TimetableView) -> AnyView {
    let by: &str = view.by.into();
    let id = view.id.clone().unwrap_or_default();
    view! {
        <div class="title">
            <div>
                <p class="over">
                    <span>{time::week(lang, view.week)} " · " {time::week_dates(lang, view.week)}</span> {published(lang, view)}
                </p>
                <h1>{if view.title.is_empty() { say::title(lang).to_owned() } else { named(lang, view, &id, &view.title) }}</h1>
                {under(lang, view)}
            </div>
            <div class="buttons">{weeks::turn(lang, paths::TIMETABLE, &[("by", by), ("id", &id)], view.week)}</div>
        </div>
        {chooser(lang, view)}
        {content(lang, view)}
        {poster(lang, view)}
    }
    .into_any()
}

/// Organizations have a name in each language; everything else is called as the alliance calls it.
fn named(lang: Lang, view: &TimetableView, id: &str, name: &str) -> String {
    let organization = (view.by == TimetableBy::Organization)
        .then(|| OrganizationId::try_from(id.to_owned()).ok())
        .flatten()
        .filter(|id| view.names.organizations.contains_key(id));
    organization.map_or_else(|| name.to_owned(), |id| names::organization(lang, &view.names, &id))
}

fn published(lang: Lang, view: &TimetableView) -> AnyView {
    let Some(at) = view.published_at_min else {
        return ().into_any();
    };
    let words = format!(
        "{}{}{}",
        time::stamp(lang, at),
        lang.pick("，", ", "),
        say::version(lang, view.published_version)
    );
    view! { {mark::badge(mark::Tone::Published, Icon::Yes, say::published(lang))} <span>{words}</span> }.into_any()
}

fn under(lang: Lang, view: &TimetableView) -> AnyView {
    if view.sittings.is_empty() {
        return ().into_any();
    }
    let minutes: i64 = view.sittings.iter().map(|sitting| sitting.span.minutes()).sum();
    let words = say::count(lang, view.sittings.len() as i64, &time::hours(minutes));
    view! { <p class="under">{words} <span class="quiet no-print wide-only">" · " {icon(Icon::Print)} " " {say::print_hint(lang)}</span></p> }.into_any()
}

/// Whose timetable: kinds as links, which one as a plain form.
fn chooser(lang: Lang, view: &TimetableView) -> AnyView {
    let kinds = [
        (TimetableBy::Room, say::by_room(lang)),
        (TimetableBy::Organization, say::by_organization(lang)),
        (TimetableBy::Cohort, say::by_cohort(lang)),
        (TimetableBy::Instructor, say::by_instructor(lang)),
    ];
    let week = time::week_key(view.week);
    let tab = |(by, words): (TimetableBy, &'static str)| {
        let path = paths::with_query(paths::TIMETABLE, &[("by", by.into()), ("week", &week)]);
        let current = (by == view.by).then_some("page");
        view! { <li><a href=path aria-current=current>{words}</a></li> }
    };
    let choices: Vec<(String, String)> = view
        .choices
        .iter()
        .map(|choice| (choice.id.clone(), named(lang, view, &choice.id, &choice.name)))
        .collect();
    let chosen = view.id.clone().unwrap_or_default();
    let by: &str = view.by.into();
    let form = (!choices.is_empty()).then(|| {
        view! {
            <form class="buttons" method="get" action=paths::TIMETABLE>
                <input type="hidden" name="by" value=by />
                <input type="hidden" name="week" value=week.clone() />
                {field::select("id", say::which(lang), "", choices, &chosen)}
                <button class="button">{say::choose(lang)}</button>
            </form>
        }
    });
    view! { <div class="filters ends"><ul class="tabs" aria-label=say::by(lang)>{kinds.into_iter().map(tab).collect_view()}</ul> {form}</div> }
        .into_any()
}

fn content(lang: Lang, view: &TimetableView) -> AnyView {
    if view.published_at_min.is_none() {
        return empty::empty(
            Icon::Clock,
            say::not_published(lang),
            say::not_published_why(lang),
            None,
        );
    }
    if view.sittings.is_empty() {
        return empty::empty(Icon::Calendar, say::nothing(lang), say::nothing_why(lang), None);
    }
    let frame = WeekFrame {
        lang,
        week: view.week,
        today: view.today,
        periods: &view.periods,
        special_days: &view.special_days,
    };
    sittings(&frame, view.title.clone(), &view.sittings, &view.names)
}

/// The foot of the printed poster.
fn poster(lang: Lang, view: &TimetableView) -> AnyView {
    let version = say::version(lang, view.published_version);
    view! { <div class="poster"><p>{say::poster_rule(lang)}</p> <p>{site::product(lang)} " · " {version}</p></div> }
        .into_any()
}
