//! Home by role: what waits for me, the round that is open, my next lessons. A visitor is shown what is public.

use crate::parts::icon::{Icon, icon};
use crate::parts::{empty, mark, week};
use crate::paths;
use crate::text::{Lang, home as say, site, time, words};
use domain::api::{HomeView, RoundSummary, Task};
use domain::round::RoundState;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &HomeView) -> AnyView {
    let session = &view.session;
    let organization = session
        .organization
        .as_ref()
        .map(|own| mark::who(lang, &view.names, &own.id));
    let round = view
        .round
        .as_ref()
        .map(|round| round_card(lang, round, view.now_at_min));
    view! {
        <div class="title">
            <div>
                <p class="over">{words::role(lang, session.role)} {organization}</p>
                <h1>{say::greeting(lang, &session.name)}</h1>
            </div>
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-labelledby="waiting">
                    <header><h2 id="waiting">{say::waiting(lang)}</h2></header>
                    {tasks(lang, view)}
                </section>
                {next(lang, view)}
            </div>
            <aside class="side">{round}</aside>
        </div>
    }
    .into_any()
}

fn tasks(lang: Lang, view: &HomeView) -> AnyView {
    if view.tasks.is_empty() {
        return empty::empty(Icon::Yes, say::nothing(lang), say::nothing_why(lang), None);
    }
    let item = |(n, task): (usize, &Task)| {
        let Waiting {
            path,
            deed,
            about,
            why,
            badge,
        } = waiting(lang, task);
        let class = if n == 0 { "button strong" } else { "button" };
        view! {
            <li>
                <div class="what"><strong>{about}</strong> <span class="quiet">{why} " " {badge}</span></div>
                <a class=class href=path>{deed} {icon(Icon::Arrow)}</a>
            </li>
        }
    };
    view! { <ul class="tasks">{view.tasks.iter().enumerate().map(item).collect_view()}</ul> }.into_any()
}

/// A task in words: where it leads, what to do, with what, why.
struct Waiting {
    path: String,
    deed: &'static str,
    about: String,
    why: String,
    badge: Option<AnyView>,
}

fn waiting(lang: Lang, task: &Task) -> Waiting {
    let named = |purpose: &str| {
        if purpose.is_empty() {
            say::draft_without_purpose(lang).to_owned()
        } else {
            purpose.to_owned()
        }
    };
    let of = |path: String, deed: &'static str, about: String, why: String| Waiting {
        path,
        deed,
        about,
        why,
        badge: None,
    };
    match task {
        Task::FinishDraft {
            request,
            purpose,
            cut_off_at_min,
        } => {
            let when = time::weekday_stamp(lang, *cut_off_at_min);
            of(
                paths::request_edit(request),
                say::finish(lang),
                named(purpose),
                say::finish_why(lang, &when),
            )
        }
        Task::AnswerReturn { request, purpose, note } => of(
            paths::request_edit(request),
            say::answer(lang),
            named(purpose),
            note.clone(),
        ),
        Task::AskForTime {
            round: _,
            week,
            cut_off_at_min,
        } => {
            let (name, when) = (time::week(lang, *week), time::weekday_stamp(lang, *cut_off_at_min));
            let about = format!("{name} · {}", time::week_dates(lang, *week));
            of(
                paths::REQUEST_NEW.into(),
                say::ask(lang),
                about,
                say::ask_why(lang, &name, &when),
            )
        }
        Task::ReadResult {
            request,
            purpose,
            state,
        } => {
            let plain = of(paths::request(request), say::read(lang), named(purpose), String::new());
            Waiting {
                badge: Some(mark::request_badge(lang, *state)),
                ..plain
            }
        }
        Task::CloseRound { round, week, submitted } => {
            let why = say::submitted(lang, *submitted);
            of(paths::round(round), say::close(lang), time::week(lang, *week), why)
        }
        Task::RunSolver { round, week, submitted } => {
            let why = say::submitted(lang, *submitted);
            of(paths::round(round), say::solve(lang), time::week(lang, *week), why)
        }
        Task::ReviewPlan {
            round,
            week,
            plan: _,
            unplaced,
        } => {
            let name = time::week(lang, *week);
            of(
                paths::board(round),
                say::review(lang),
                name.clone(),
                say::review_why(lang, &name, *unplaced),
            )
        }
        Task::ApprovePlan { round, week, plan: _ } => {
            let name = time::week(lang, *week);
            of(
                paths::board(round),
                say::approve(lang),
                name.clone(),
                say::approve_why(lang, &name),
            )
        }
    }
}

fn next(lang: Lang, view: &HomeView) -> AnyView {
    let content = if view.next.is_empty() {
        empty::empty(
            Icon::Calendar,
            say::no_next(lang),
            say::no_next_why(lang),
            Some((paths::TIMETABLE.into(), site::timetable(lang))),
        )
    } else {
        let card = |next: &domain::api::SittingView| {
            let date = time::date(lang, next.week.day(next.span.from.div_euclid(1440)));
            let when = format!("{date} {}", time::span(lang, next.span));
            view! { <li class="stack-1"><p class="at">{icon(Icon::Clock)} " " {when}</p> {week::sitting(lang, next, &view.names)}</li> }
        };
        view! { <ul class="cards body">{view.next.iter().map(card).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="next">
            <header><h2 id="next">{say::next(lang)}</h2></header>
            {content}
        </section>
    }
    .into_any()
}

fn round_card(lang: Lang, round: &RoundSummary, now_at_min: i64) -> AnyView {
    let left = round.cut_off_at_min - now_at_min;
    let deadline = if round.state == RoundState::Open && left > 0 {
        view! { <div class="deadline start"><span>{say::until_cut_off(lang)}</span> <strong>{icon(Icon::Clock)} {time::length(lang, left)}</strong></div> }
            .into_any()
    } else {
        ().into_any()
    };
    let when = time::weekday_stamp(lang, round.cut_off_at_min);
    view! {
        <section class="card" aria-labelledby="round">
            <header><h2 id="round">{time::week(lang, round.week)}</h2> {mark::round_badge(lang, round.state)}</header>
            <div class="body stack">
                {deadline}
                <dl class="pairs">
                    <dt>{site::dates(lang)}</dt><dd>{time::week_dates(lang, round.week)}</dd>
                    <dt>{say::cut_off(lang)}</dt><dd>{when}</dd>
                    <dt>{site::requests(lang)}</dt><dd>{say::submitted(lang, round.submitted)}</dd>
                </dl>
            </div>
        </section>
    }
    .into_any()
}

/// What a visitor finds: the product in two sentences and the public pages.
pub fn welcome(lang: Lang, alliance: &str) -> AnyView {
    let door = |path: &'static str, shape: Icon, name: &'static str, why: &'static str| {
        view! {
            <li class="card door">
                <a href=path><strong>{icon(shape)} " " {name}</strong> <span class="quiet">{why}</span></a>
            </li>
        }
    };
    view! {
        <div class="welcome">
            <p class="over">{alliance.to_owned()}</p>
            <h1>{say::welcome(lang)}</h1>
            <p class="lead">{say::welcome_lead(lang)}</p>
            <div class="buttons">
                <a class="button strong" href=paths::TIMETABLE>{say::see_timetable(lang)}</a>
                <a class="button" href=paths::SIGN_IN>{site::sign_in(lang)}</a>
            </div>
        </div>
        <ul class="cards doors">
            {door(paths::TIMETABLE, Icon::Calendar, site::timetable(lang), say::timetable_why(lang))}
            {door(paths::CATALOG, Icon::Place, site::catalog(lang), say::catalog_why(lang))}
            {door(paths::INSTRUCTORS, Icon::Person, site::instructors(lang), say::instructors_why(lang))}
            {door(paths::FAIRNESS, Icon::Half, site::fairness(lang), say::fairness_why(lang))}
        </ul>
    }
    .into_any()
}
