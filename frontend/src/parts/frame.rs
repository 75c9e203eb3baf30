//! The frame of every page: bar with navigation and language switch, phone menu, foot.

use super::icon::{Icon, icon};
use super::told::hidden;
use crate::document::{Frame, Section};
use crate::pages::people::place;
use crate::paths;
use crate::text::{Lang, people as say, site, words};
use domain::api::{MembershipView, SessionView};
use domain::people::Role;
use leptos::prelude::*;

type Entry = (Section, &'static str, &'static str);

/// What a role finds in the bar; visitors see what is public.
fn entries(lang: Lang, role: Option<Role>) -> Vec<Entry> {
    let rounds = (Section::Rounds, paths::ROUNDS, site::board(lang));
    let requests = (Section::Requests, paths::REQUESTS, site::requests(lang));
    let people = (Section::People, paths::PEOPLE, site::people(lang));
    let public = [
        (Section::Timetable, paths::TIMETABLE, site::timetable(lang)),
        (Section::Catalog, paths::CATALOG, site::catalog(lang)),
        (Section::Instructors, paths::INSTRUCTORS, site::instructors(lang)),
        (Section::Fairness, paths::FAIRNESS, site::fairness(lang)),
    ];
    let own = match role {
        Some(Role::Coordinator) => vec![
            rounds,
            requests,
            (Section::Notices, paths::NOTICES, site::notices(lang)),
        ],
        Some(Role::Requester) => vec![requests],
        Some(Role::OrganizationAdmin) => vec![requests, people],
        Some(Role::Auditor) => vec![(Section::Audit, paths::AUDIT, site::audit(lang))],
        Some(Role::SystemAdmin) => vec![
            (Section::Organizations, paths::ORGANIZATIONS, site::organizations(lang)),
            people,
        ],
        Some(Role::Instructor) | None => Vec::new(),
    };
    own.into_iter().chain(public).collect()
}

pub fn bar(frame: &Frame) -> impl IntoView + use<> {
    let lang = frame.lang;
    let here = if frame.section == Section::Board {
        Section::Rounds
    } else {
        frame.section
    };
    // Behind a bar nothing in the navigation would open.
    let entries = match frame.viewer.as_ref() {
        Some(viewer) if viewer.bar.is_some() => Vec::new(),
        viewer => entries(lang, viewer.map(|viewer| viewer.role)),
    };
    view! {
        <header class="bar">
            <a class="brand" href=paths::HOME>
                <svg class="mark" viewBox="0 0 28 28" aria-hidden="true">
                    <path class="mark-1" d="M2 2h16v16H2z"></path>
                    <path class="mark-2" d="M11 11h14v14H11z"></path>
                    <path class="mark-3" d="M12 12h6v6h-6z"></path>
                </svg>
                <b>{site::product(lang)}</b>
                <small>{frame.alliance.clone()}</small>
            </a>
            <nav class="wide-nav" aria-label=site::main_nav(lang)>{links(&entries, here)}</nav>
            <div class="self">
                {act_for(frame)}
                {viewer(frame)}
                <a
                    class="language"
                    href=paths::lang(lang.other(), &frame.path)
                    lang=lang.other().tag()
                    hreflang=lang.other().tag()
                >
                    {site::switch_language_short(lang)} <span class="unseen">{site::switch_language(lang)}</span>
                </a>
                <details class="phone-menu">
                    <summary aria-label=site::menu(lang)>{icon(Icon::Menu)}</summary>
                    <nav aria-label=site::main_nav(lang)>{links(&entries, here)} {act_for(frame)} {phone_viewer(frame)}</nav>
                </details>
            </div>
        </header>
    }
}

fn links(entries: &[Entry], here: Section) -> impl IntoView + use<> {
    let item = |(section, path, name): &Entry| {
        let current = (*section == here).then_some("page");
        view! { <li><a href=*path aria-current=current>{*name}</a></li> }
    };
    view! { <ul>{entries.iter().map(item).collect_view()}</ul> }
}

fn viewer(frame: &Frame) -> impl IntoView + use<> {
    let lang = frame.lang;
    match &frame.viewer {
        Some(viewer) => view! {
            <a class="name" href=paths::ACCOUNT>{words::role(lang, viewer.role)} {site::sep(lang)} {viewer.name.clone()}</a>
            <form class="sign-out" method="post" action=paths::SIGN_OUT>
                <button class="button plain small">{site::sign_out(lang)}</button>
            </form>
        }
        .into_any(),
        None if frame.path.starts_with(paths::SIGN_IN) => ().into_any(),
        None => view! { <a class="button small" href=paths::SIGN_IN>{site::sign_in(lang)}</a> }.into_any(),
    }
}

/// For which of several memberships the person acts; whoever has one is not asked.
fn act_for(frame: &Frame) -> AnyView {
    let lang = frame.lang;
    let switches = |viewer: &&SessionView| viewer.memberships.len() > 1 && viewer.bar.is_none();
    let Some(viewer) = frame.viewer.as_ref().filter(switches) else {
        return ().into_any();
    };
    let now = viewer.organization.as_ref().map(|member| &member.id);
    let option = |seat: &MembershipView| {
        let value = seat.organization.as_ref().map(ToString::to_string).unwrap_or_default();
        let selected = seat.organization.as_ref() == now;
        view! { <option value=value selected=selected>{place(lang, seat)}</option> }
    };
    view! {
        <form class="act-for" method="post" action=paths::ACT_FOR>
            {hidden("key", &frame.key)}
            <select name="organization" aria-label=say::act_for(lang)>{viewer.memberships.iter().map(option).collect_view()}</select>
            <button class="button plain small">{say::switch(lang)}</button>
        </form>
    }
    .into_any()
}

/// The same in the phone menu, where the bar has no room for a name.
fn phone_viewer(frame: &Frame) -> impl IntoView + use<> {
    let lang = frame.lang;
    frame.viewer.as_ref().map(|viewer| {
        view! {
            <form class="phone-self" method="post" action=paths::SIGN_OUT>
                <a href=paths::ACCOUNT>{words::role(lang, viewer.role)} {site::sep(lang)} {viewer.name.clone()}</a>
                <button class="button small">{site::sign_out(lang)}</button>
            </form>
        }
    })
}

pub fn foot(frame: &Frame) -> impl IntoView + use<> {
    let lang = frame.lang;
    view! {
        <footer class="foot">
            <span>{site::product(lang)} {site::sep(lang)} {frame.alliance.clone()}</span>
            <span>{site::foot_promise(lang)}</span>
            <span>{site::foot_open(lang)}</span>
        </footer>
    }
}
