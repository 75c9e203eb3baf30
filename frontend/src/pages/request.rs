//! One request: where it stands, its story with times, what was granted, and for every missing lesson the reasons and
//! the verified changes.

use crate::islands::request_actions::RequestActions;
use crate::parts::icon::{Icon, icon};
use crate::parts::{mark, week};
use crate::paths;
use crate::text::{Lang, names, reason, requests as say, time, violation};
use domain::api::{Missing, NameBook, RequestView, SittingView, StoryStep};
use domain::instance::Window;
use domain::request::{RequestAction, RequestDraft, RequestState};
use domain::violation::Violation;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &RequestView) -> AnyView {
    let purpose = if view.draft.purpose.is_empty() {
        say::no_purpose(lang).to_owned()
    } else {
        view.draft.purpose.clone()
    };
    view! {
        <div class="title">
            <div>
                <p class="over crumbs">
                    <a href=paths::REQUESTS>{icon(Icon::Back)} {say::back(lang)}</a> <span>{view.reference.clone()}</span>
                </p>
                <h1>{purpose}</h1>
                <p class="under">
                    {mark::request_badge(lang, view.state)} {mark::who(lang, &view.names, &view.organization)}
                    <span>{time::week(lang, view.round.week)} " · " {time::week_dates(lang, view.round.week)}</span>
                </p>
            </div>
            {deadline(lang, view)}
        </div>
        <div class="columns">
            <div class="stack">
                {view.left_out.as_ref().map(|why| left_out(lang, why))}
                {actions(lang, view)} {granted(lang, &view.granted, &view.names)}
                {view.missing.as_ref().map(|missing| missing_card(lang, missing, &view.names))}
                {asked(lang, &view.draft, &view.names)}
            </div>
            <aside class="side">{story(lang, &view.story)}</aside>
        </div>
    }
    .into_any()
}

/// While anything can still be changed, until when.
fn deadline(lang: Lang, view: &RequestView) -> AnyView {
    let open = matches!(
        view.state,
        RequestState::Draft | RequestState::Submitted | RequestState::Returned
    );
    if !open {
        return ().into_any();
    }
    let left = view.round.cut_off_at_min - view.now_at_min;
    let words = if left > 0 {
        say::left(lang, &time::length(lang, left))
    } else {
        say::passed(lang).to_owned()
    };
    let when = time::weekday_stamp(lang, view.round.cut_off_at_min);
    view! { <div class="deadline"><span>{say::cut_off(lang)} " " {when}</span> <strong>{icon(Icon::Clock)} {words}</strong></div> }
        .into_any()
}

fn actions(lang: Lang, view: &RequestView) -> AnyView {
    let may = |action: RequestAction| view.actions.contains(&action);
    let edit = (may(RequestAction::Amend) || may(RequestAction::Submit)).then(|| {
        let words = if view.state == RequestState::Draft {
            say::continue_draft(lang)
        } else {
            say::edit(lang)
        };
        view! { <a class="button strong" href=paths::request_edit(&view.id)>{icon(Icon::Edit)} {words}</a> }
    });
    let (withdraw, give_back) = (may(RequestAction::Withdraw), may(RequestAction::Return));
    let island = (withdraw || give_back).then(|| {
        view! { <RequestActions lang=lang id=view.id.clone() version=view.version withdraw=withdraw give_back=give_back /> }
    });
    if edit.is_none() && island.is_none() {
        return ().into_any();
    }
    view! { <div class="buttons no-print">{edit} {island}</div> }.into_any()
}

/// Why it would not be planned as things stand.
fn left_out(lang: Lang, why: &Violation) -> AnyView {
    let words = violation(lang, why, &names::nobody());
    view! {
        <div class="note refusal" id="left-out">
            {icon(Icon::No)} <div><strong>{say::left_out(lang)} {words.title}</strong> <p>{words.detail}</p> <p>{say::left_out_until(lang)}</p></div>
        </div>
    }
    .into_any()
}

fn granted(lang: Lang, granted: &[SittingView], names: &NameBook) -> AnyView {
    if granted.is_empty() {
        return ().into_any();
    }
    let item = |sitting: &SittingView| {
        let date = time::date(lang, sitting.week.day(sitting.span.from.div_euclid(1440)));
        let when = format!("{date} {}", time::span(lang, sitting.span));
        view! { <li class="stack-1"><p class="at">{icon(Icon::Yes)} " " {when}</p> {week::sitting(lang, sitting, names)}</li> }
    };
    view! {
        <section class="card" aria-labelledby="granted">
            <header><h2 id="granted">{say::granted(lang)}</h2> <span class="quiet">{say::lessons_asked(lang, granted.len() as i64)}</span></header>
            <ul class="cards body">{granted.iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn missing_card(lang: Lang, missing: &Missing, names: &NameBook) -> AnyView {
    let why = |text: String| view! { <li class="refusal">{icon(Icon::No)} <span>{text}</span></li> };
    let fits = |text: String| view! { <li class="free">{icon(Icon::Arrow)} <span>{text}</span></li> };
    let reasons = missing
        .reasons
        .iter()
        .map(|one| why(reason::reason(lang, one, names)))
        .collect_view();
    let remedies = if missing.would_fit.is_empty() {
        view! { <p class="quiet">{say::no_remedy(lang)}</p> }.into_any()
    } else {
        let items = missing
            .would_fit
            .iter()
            .map(|one| fits(reason::remedy(lang, one, names)))
            .collect_view();
        view! { <ul class="lines">{items}</ul> <p class="hint">{say::would_fit_hint(lang)}</p> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="missing">
            <header>
                <h2 id="missing">{say::missing(lang, missing.lessons)}</h2>
                {mark::badge(mark::Tone::Unplaced, Icon::No, say::lessons_asked(lang, missing.lessons))}
            </header>
            <div class="body stack">
                <div class="stack-1"><h3>{say::why(lang)}</h3> <ul class="lines">{reasons}</ul></div>
                <div class="stack-1"><h3>{say::would_fit(lang)}</h3> {remedies}</div>
            </div>
        </section>
    }
    .into_any()
}

fn story(lang: Lang, story: &[StoryStep]) -> AnyView {
    let step = |step: &StoryStep| {
        let note = (!step.note.is_empty()).then(|| view! { <q class="pre">{step.note.clone()}</q> });
        let when = time::weekday_stamp(lang, step.at_min);
        view! {
            <li>
                <i></i>
                <div>
                    {mark::request_badge(lang, step.state)}
                    <small><time datetime=time::machine(step.at_min)>{when}</time> " · " {step.by.clone()}</small>
                    {note}
                </div>
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="story">
            <header><h2 id="story">{say::story(lang)}</h2></header>
            <ol class="story body">{story.iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}

/// What was asked, as a list of terms; terms without a value are left out.
fn asked(lang: Lang, draft: &RequestDraft, names: &NameBook) -> AnyView {
    let pair =
        |(term, value): (&'static str, String)| (!value.is_empty()).then(|| view! { <dt>{term}</dt><dd>{value}</dd> });
    let pairs = asked_pairs(lang, draft, names)
        .into_iter()
        .filter_map(pair)
        .collect_view();
    view! {
        <section class="card" aria-labelledby="asked">
            <header><h2 id="asked">{say::what(lang)}</h2></header>
            <div class="body"><dl class="pairs">{pairs}</dl></div>
        </section>
    }
    .into_any()
}

fn asked_pairs(lang: Lang, draft: &RequestDraft, names: &NameBook) -> Vec<(&'static str, String)> {
    let window = |window: &Window| {
        let best = if window.preference > 0 {
            format!(" ({})", say::preferred(lang))
        } else {
            String::new()
        };
        format!("{}{best}", time::span(lang, window.span))
    };
    let rooms = names::list(lang, draft.rooms.iter().map(|id| names::room(names, id)));
    let rooms = if rooms.is_empty() {
        say::any_room(lang).to_owned()
    } else {
        rooms
    };
    let units = draft
        .equipment
        .iter()
        .map(|need| say::units(lang, &names::equipment(names, &need.id), need.units));
    let wanted = names::instructors(lang, names, &draft.wanted_instructors);
    let instructors = match (draft.instructors, wanted.is_empty()) {
        (0, _) => say::own_teacher(lang).to_owned(),
        (n, true) => say::instructors_n(lang, n),
        (n, false) => format!("{} · {wanted}", say::instructors_n(lang, n)),
    };
    let skills = draft
        .skills
        .iter()
        .map(|(skill, level)| format!("{} {level}+", names::skill(names, skill)));
    let per_day = draft.per_day_max.map(|n| say::per_day(lang, n));
    let between = (draft.days_between_min > 0).then(|| say::between(lang, draft.days_between_min));
    let all = draft.all_or_nothing.then(|| say::all_or_nothing(lang).to_owned());
    vec![
        (
            say::lessons(lang),
            format!("{} × {}", draft.lessons, say::length_each(lang, draft.minutes)),
        ),
        (
            say::cohorts(lang),
            format!(
                "{} · {}",
                names::cohorts(lang, names, &draft.cohorts),
                say::people(lang, draft.headcount)
            ),
        ),
        (say::tier(lang), draft.tier.to_string()),
        (say::windows(lang), names::list(lang, draft.windows.iter().map(window))),
        (say::rooms(lang), rooms),
        (say::features(lang), names::features(lang, names, &draft.features)),
        (say::equipment(lang), names::list(lang, units)),
        (say::instructors(lang), instructors),
        (say::skills(lang), names::list(lang, skills)),
        (
            say::limits(lang),
            names::list(lang, per_day.into_iter().chain(between).chain(all)),
        ),
    ]
}
