//! `/rounds/{id}`: where the round stands, its figures, its requests with plain filters, its runs and plans.
//!
//! Filters are an ordinary GET form, so the page can be linked, goes back, and works without scripts. Organization and
//! state are the call's own filters; the text is looked for here.

use crate::islands::board::steps;
use crate::islands::round::{PlanDeeds, ReturnNote, RoundDeeds};
use crate::islands::run::RunProgress;
use crate::parts::empty::empty;
use crate::parts::icon::{Icon, icon};
use crate::parts::mark::{self, Tone};
use crate::paths;
use crate::text::{Lang, names, round as words, time, violation, words as enums};
use domain::api::{LeftOut, ListRequests, PlanSummary, RequestRow, RequestsView, RoundView};
use domain::request::RequestState;
use domain::round::RoundState;
use leptos::prelude::*;
use strum::VariantArray;

/// `filter` is what the rows were asked by, `text` what the reader looks for in reference and purpose.
pub fn page(lang: Lang, view: &RoundView, asked: &RequestsView, filter: &ListRequests, text: &str) -> AnyView {
    let plans = view.may_plan.then(|| desk(lang, view));
    let left_out = (!view.left_out.is_empty()).then(|| left_out(lang, view, asked));
    view! {
        {title(lang, view)}
        <div class="stack">
            {left_out}
            {plans}
            {requests(lang, view, asked, filter, text)}
        </div>
    }
    .into_any()
}

fn title(lang: Lang, view: &RoundView) -> impl IntoView + use<> {
    let round = &view.round;
    let left = round.cut_off_at_min - view.now_at_min;
    let left = (round.state == RoundState::Open && left > 0).then(|| words::left(lang, time::length(lang, left)));
    let board = (view.may_plan && !view.plans.is_empty()).then(|| {
        view! { <a class="button strong" href=paths::board(&round.id)>{icon(Icon::Calendar)}{words::open_board(lang)}</a> }
    });
    let count = |state: RequestState| view.counts.get(&state).copied().unwrap_or(0);
    let figure = |n: String, name: &'static str| view! { <div><dt>{name}</dt><dd>{n}</dd></div> };
    let stamp = time::weekday_stamp(lang, round.cut_off_at_min);
    let may_do = view.may_plan
        && (round.state == RoundState::Open || round.state == RoundState::Closed && view.plans.is_empty());
    let deeds = may_do.then(|| view! { <RoundDeeds lang=lang round=round.clone() has_plans=!view.plans.is_empty()/> });
    view! {
        <div class="title">
            <div>
                <p class="quiet">{time::week_dates(lang, round.week)}</p>
                <h1>{time::week(lang, round.week)} " " {mark::round_badge(lang, round.state)}</h1>
            </div>
            <div class="deadline"><span>{words::cut_off(lang, stamp)}</span><strong>{left}</strong></div>
            {board}
        </div>
        <section class="card summary" aria-label=words::life(lang)>
            <div class="body">
                {steps(lang, round)}
                <dl class="figures">
                    {figure(time::hours(view.asked_min), words::asked_hours(lang))}
                    {figure(round.submitted.to_string(), words::submitted(lang))}
                    {figure(count(RequestState::Draft).to_string(), words::drafts(lang))}
                    {figure(count(RequestState::Returned).to_string(), words::returned(lang))}
                </dl>
                {deeds}
            </div>
        </section>
    }
}

/// Whose requests a run would leave out, and why.
fn left_out(lang: Lang, view: &RoundView, asked: &RequestsView) -> AnyView {
    let line = |one: &LeftOut| {
        let who = names::organization(lang, &asked.names, &one.organization);
        let why = violation(lang, &one.why, &asked.names).detail;
        view! { <li><strong>{who}</strong> " · " {words::left_out_n(lang, one.requests)} " · " {why}</li> }
    };
    view! {
        <div class="note refusal" id="left-out">
            {icon(Icon::No)}
            <div>
                <strong>{words::left_out(lang)}</strong>
                <ul>{view.left_out.iter().map(line).collect_view()}</ul>
            </div>
        </div>
    }
    .into_any()
}

/// Runs and plans: what only a coordinator sees.
fn desk(lang: Lang, view: &RoundView) -> impl IntoView + use<> {
    let labels: Vec<_> = view
        .plans
        .iter()
        .map(|plan| (plan.id.clone(), plan.label.clone()))
        .collect();
    let may_start = matches!(
        view.round.state,
        RoundState::Closed | RoundState::Planning | RoundState::Review
    );
    let latest = view.runs.last().cloned();
    let run = (may_start || latest.is_some()).then(|| {
        view! {
            <section class="card" aria-label=crate::text::board::run_title(lang)>
                <header><h2>{crate::text::board::run_title(lang)}</h2></header>
                <div class="body"><RunProgress lang=lang round=view.round.id.clone() plans=labels run=latest may_start=may_start/></div>
            </section>
        }
    });
    let rows = view.plans.iter().map(|plan| plan_row(lang, view, plan)).collect_view();
    let table = match view.plans.is_empty() {
        true => empty(Icon::Calendar, words::plans(lang), words::no_plans(lang), None),
        false => plan_table(lang, rows).into_any(),
    };
    let eyes = view
        .four_eyes
        .then(|| view! { <span class="quiet">{words::four_eyes(lang)}</span> });
    view! { {run} <section class="card" aria-label=words::plans(lang)><header><h2>{words::plans(lang)}</h2>{eyes}</header>{table}</section> }
}

fn plan_table(lang: Lang, rows: impl IntoView) -> impl IntoView {
    let head = |name: &'static str| view! { <th scope="col" class="num">{name}</th> };
    let heads = [
        words::placed(lang),
        words::unplaced(lang),
        words::granted(lang),
        words::level(lang),
        words::jain(lang),
        words::pinned(lang),
    ];
    view! {
        <div class="scroll">
            <table class="facts stacked">
                <thead><tr><th scope="col">{words::plan(lang)}</th>{heads.map(head).collect_view()}<th scope="col"><span class="unseen">{crate::text::site::actions(lang)}</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn plan_row(lang: Lang, view: &RoundView, plan: &PlanSummary) -> impl IntoView + use<> {
    let round = &view.round;
    let published = round.published_plan.as_ref() == Some(&plan.id);
    let href = paths::with_query(&paths::board(&round.id), &[("plan", plan.id.as_str())]);
    let state = if published {
        mark::badge(Tone::Published, Icon::Yes, words::published(lang))
    } else if plan.approved.is_some() {
        mark::badge(Tone::Done, Icon::Yes, words::approved(lang))
    } else {
        mark::badge(Tone::Plain, Icon::Half, enums::plan_status(lang, plan.status))
    };
    let review = round.state == RoundState::Review;
    let approves = view.four_eyes && view.approvable.contains(&plan.id);
    let publishes = review && (!view.four_eyes || plan.approved.is_some());
    let deeds = review.then(|| {
        view! { <PlanDeeds lang=lang round=round.id.clone() round_version=round.version plan=plan.clone() approves=approves publishes=publishes/> }
    });
    let made = words::made(lang, time::stamp(lang, plan.created_at_min));
    let edited = plan.edited.then(|| format!(" · {}", words::edited(lang)));
    let fact = |name: &'static str, text: String| view! { <td class="num" data-label=name>{text}</td> };
    view! {
        <tr>
            <th scope="row"><a href=href>{plan.label.clone()}</a> " " {state}<small>{made} {edited}</small></th>
            {fact(words::placed(lang), plan.placed.to_string())}
            {fact(words::unplaced(lang), plan.unplaced.to_string())}
            {fact(words::granted(lang), time::hours(plan.granted_min))}
            {fact(words::level(lang), time::hours(plan.level_min.round() as i64))}
            {fact(words::jain(lang), format!("{:.3}", plan.jain))}
            {fact(words::pinned(lang), plan.pinned.to_string())}
            <td class="all">{deeds}</td>
        </tr>
    }
}

/// Whether the row is what the reader looks for: every word occurs in the reference or the purpose.
fn matches_text(row: &RequestRow, text: &str) -> bool {
    let hay = format!("{} {}", row.reference, row.purpose).to_lowercase();
    text.to_lowercase().split_whitespace().all(|word| hay.contains(word))
}

fn requests(
    lang: Lang,
    view: &RoundView,
    asked: &RequestsView,
    filter: &ListRequests,
    text: &str,
) -> impl IntoView + use<> {
    let found: Vec<&RequestRow> = asked.requests.iter().filter(|row| matches_text(row, text)).collect();
    let shown = words::requests_shown(lang, found.len(), asked.requests.len());
    let then = paths::round(&view.round.id);
    let may_return = view.may_plan && view.round.state == RoundState::Open;
    let rows = found
        .iter()
        .map(|row| request_row(lang, asked, row, may_return, &then))
        .collect_view();
    let table = match found.is_empty() {
        true => empty(Icon::Search, words::requests(lang), words::no_requests(lang), None),
        false => request_table(lang, rows).into_any(),
    };
    view! {
        <section class="card" id="requests" aria-label=words::requests(lang)>
            <header><h2>{words::requests(lang)}</h2><span class="quiet">{shown}</span></header>
            <div class="body">{filters(lang, view, asked, filter, text)}</div>
            {table}
        </section>
    }
}

fn request_table(lang: Lang, rows: impl IntoView) -> impl IntoView {
    let head = |name: &'static str| view! { <th scope="col">{name}</th> };
    let heads = [
        words::reference(lang),
        words::purpose(lang),
        words::organization(lang),
        words::state(lang),
        words::amount(lang),
        words::people(lang),
    ];
    view! {
        <div class="scroll">
            <table class="facts stacked"><thead><tr>{heads.map(head).collect_view()}<th scope="col"><span class="unseen">{crate::text::site::actions(lang)}</span></th></tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
}

fn request_row(
    lang: Lang,
    asked: &RequestsView,
    row: &RequestRow,
    may_return: bool,
    then: &str,
) -> impl IntoView + use<> {
    let cohorts = names::cohorts(lang, &asked.names, &row.cohorts);
    let granted = row
        .granted
        .map(|granted| view! { <small>{words::granted_of(lang, granted, row.lessons)}</small> });
    let back = (may_return && row.state == RequestState::Submitted)
        .then(|| view! { <ReturnNote lang=lang request=row.id.clone() version=row.version then=then.to_owned()/> });
    view! {
        <tr>
            <th scope="row" class="tight"><a href=paths::request(&row.id)>{row.reference.clone()}</a></th>
            <td class="all">{row.purpose.clone()}<small>{cohorts}</small></td>
            <td class="half" data-label=words::organization(lang)>{mark::who(lang, &asked.names, &row.organization)}</td>
            <td class="half" data-label=words::state(lang)>{mark::request_badge(lang, row.state)}</td>
            <td class="half" data-label=words::amount(lang)>{words::lessons_of(lang, row.lessons, row.minutes)}{granted}</td>
            <td class="half" data-label=words::people(lang)>{row.headcount}</td>
            <td class="all">{back}</td>
        </tr>
    }
}

fn filters(
    lang: Lang,
    view: &RoundView,
    asked: &RequestsView,
    filter: &ListRequests,
    text: &str,
) -> impl IntoView + use<> {
    let mut organizations: Vec<_> = asked
        .names
        .organizations
        .iter()
        .map(|(id, name)| (id.clone(), names::organization_name(lang, name)))
        .collect();
    organizations.sort_by(|a, b| a.1.cmp(&b.1));
    let organization = organizations.into_iter().map(|(id, name)| {
        view! { <option value=id.to_string() selected=filter.organization.as_ref() == Some(&id)>{name}</option> }
    });
    let state = RequestState::VARIANTS.iter().map(|state| {
        let code: &'static str = state.into();
        view! { <option value=code selected=filter.state == Some(*state)>{enums::request_state(lang, *state)}</option> }
    });
    view! {
        <form class="filters" method="get" action=paths::round(&view.round.id)>
            <div class="field">
                <label for="by-organization">{words::organization(lang)}</label>
                <select id="by-organization" name="organization"><option value="">{words::all(lang)}</option>{organization.collect_view()}</select>
            </div>
            <div class="field">
                <label for="by-state">{words::state(lang)}</label>
                <select id="by-state" name="state"><option value="">{words::all(lang)}</option>{state.collect_view()}</select>
            </div>
            <div class="field">
                <label for="by-text">{words::text(lang)}</label>
                <input id="by-text" type="search" name="text" value=text.to_owned()/>
            </div>
            <button class="button">{icon(Icon::Search)}{words::filter(lang)}</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::*;

    #[test]
    fn every_word_must_occur_in_reference_or_purpose() {
        let week = domain::time::Week::of(chrono::NaiveDate::from_ymd_opt(2026, 12, 7).expect("a date"));
        let row = RequestRow {
            id: RequestId::new("r"),
            reference: "S50-0012".into(),
            round: RoundId::new("r50"),
            week,
            organization: OrganizationId::new("o"),
            state: RequestState::Submitted,
            purpose: "数控车削 CNC".into(),
            lessons: 2,
            granted: None,
            minutes: 100,
            headcount: 30,
            cohorts: vec![],
            tier: 2,
            version: 1,
            updated_at_min: 0,
        };
        assert!(matches_text(&row, "") && matches_text(&row, "s50 车削") && matches_text(&row, "cnc"));
        assert!(!matches_text(&row, "车削 焊接"));
    }
}
