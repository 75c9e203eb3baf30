//! The head of the board: where the round stands, what the plan is worth, and what publishing would do.

use super::{Board, calls, words};
use crate::islands::{dom, run};
use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::{Lang, time as said, words as enums};
use domain::api::{BoardView, RoundSummary};
use domain::plan::{Stage, Status};
use domain::round::RoundState;
use leptos::prelude::*;

pub fn head(board: Board) -> impl IntoView {
    let lang = board.lang;
    let again = RwSignal::new(false);
    let (round, plan) = board
        .view
        .with_untracked(|view| (view.round.clone(), view.plan.id.clone()));
    let id = round.id.clone();
    view! {
        <section class="card round" aria-label=words::title(lang, said::week(lang, round.week))>
            <div class="where">
                <div>
                    <h1>{words::title(lang, said::week(lang, round.week))}</h1>
                    <p class="quiet">{said::week_dates(lang, round.week)} " · " {move || board.view.with(|view| about_plan(lang, view))}</p>
                </div>
                {steps(lang, &round)}
                <p><a href=paths::round(&round.id)>{icon(Icon::Back)} " " {words::back_to_round(lang)}</a></p>
            </div>
            <div class="worth">
                {move || board.view.with(|view| worth(lang, view))}
                <div class="buttons">
                    <button type="button" class="button small" hidden=move || !board.is_open() on:click=move |_| again.set(true)>{words::run_again(lang)}</button>
                </div>
                {move || again.get().then(|| run::again(lang, id.clone(), plan.clone()))}
            </div>
            {publishing(board)}
        </section>
    }
}

/// The life of a round, one step each for the reader.
pub fn steps(lang: Lang, round: &RoundSummary) -> impl IntoView + use<> {
    use crate::text::round as say;
    let now = match round.state {
        RoundState::Open => 0,
        RoundState::Closed => 1,
        RoundState::Planning => 2,
        RoundState::Review => 3,
        RoundState::Published | RoundState::Running => 4,
        RoundState::Settled => 5,
    };
    let names = [
        say::step_open(lang),
        say::step_closed(lang),
        say::step_planning(lang),
        say::step_review(lang),
        say::step_published(lang),
    ];
    let step = |(index, name): (usize, &'static str)| {
        let shape = if index < now {
            icon(Icon::Yes).into_any()
        } else {
            (index + 1).into_any()
        };
        view! { <li class:done=index < now aria-current=(index == now).then_some("step")><i>{shape}</i>{name}</li> }
    };
    view! { <ol class="steps" aria-label=say::life(lang)>{names.into_iter().enumerate().map(step).collect_view()}</ol> }
}

fn about_plan(lang: Lang, view: &BoardView) -> String {
    let edited = if view.plan.edited {
        format!(" · {}", words::edited(lang))
    } else {
        String::new()
    };
    format!("{}{edited}", view.plan.label)
}

/// What the plan is worth, in words; the stages stand behind a fold.
fn worth(lang: Lang, view: &BoardView) -> impl IntoView + use<> {
    let strong = match view.plan.status {
        Status::Optimal => words::proved(lang).to_owned(),
        Status::Feasible => gap_words(lang, &view.stages),
    };
    let shape = if view.plan.status == Status::Optimal {
        Icon::Yes
    } else {
        Icon::Half
    };
    let placed = words::plan_placed(lang, view.plan.placed);
    let hours = words::plan_hours(lang, said::hours(view.plan.granted_min));
    let rows = view.stages.iter().map(|stage| stage_row(lang, stage)).collect_view();
    view! {
        <div class="says">
            <strong>{icon(shape)} " " {strong}</strong>
            <span>{placed} " · " {hours} " · " {words::jain(lang, format!("{:.3}", view.fairness.jain))}</span>
            <details><summary>{words::stages(lang)}</summary><ul class="stages">{rows}</ul></details>
        </div>
    }
}

/// The gap of the last stage that counts minutes, as hours that no plan could exceed.
pub fn gap_words(lang: Lang, stages: &[Stage]) -> String {
    let counted = stages.iter().rev().find(|stage| run::counts_minutes(&stage.name));
    let more = counted.map_or(0, |stage| (stage.bound - stage.value).max(0.0).round() as i64);
    if more == 0 {
        words::at_most_none(lang).to_owned()
    } else {
        words::at_most_hours(lang, said::hours(more))
    }
}

fn stage_row(lang: Lang, stage: &Stage) -> impl IntoView + use<> {
    let proved = stage.gap == 0.0;
    let (value, bound) = (format!("{:.0}", stage.value), format!("{:.0}", stage.bound));
    let state = match (stage.name.as_str(), proved) {
        // It is only as short as it was found: nobody knows how short it could be.
        ("gaps", _) => words::waits(lang, said::hours(stage.value.round() as i64)),
        // Of lessons that change, the number says more than a part.
        ("moves", true) => words::moves_fewest(lang, value),
        ("moves", false) => words::moves_at_least(lang, value, bound),
        (_, true) => words::stage_proved(lang).to_owned(),
        (_, false) => words::stage_gap(lang, format!("{:.1}", stage.gap * 100.0)),
    };
    view! { <li>{icon(if proved { Icon::Yes } else { Icon::Half })} " " {enums::stage(lang, &stage.name)} " · " {state}</li> }
}

fn publishing(board: Board) -> impl IntoView {
    let confirming = RwSignal::new(false);
    view! {
        <div class="publish">
            {move || board.view.with(|view| consequences(board.lang, view))}
            <div class="buttons">{move || publish_buttons(board, confirming)}</div>
            {move || confirming.get().then(|| confirm(board, confirming))}
        </div>
    }
}

fn consequences(lang: Lang, view: &BoardView) -> impl IntoView + use<> {
    let unplaced: i64 = view.unplaced.iter().map(|one| one.lessons).sum();
    let lines = [
        (view.names.organizations.len() as i64, words::consequence_members(lang)),
        (view.plan.placed, words::consequence_lessons(lang)),
        (view.plan.pinned, words::consequence_pinned(lang)),
        (unplaced, words::consequence_unplaced(lang)),
    ];
    let line = |(n, words): (i64, &'static str)| view! { <li><b>{n}</b> " " {words}</li> };
    view! { <p class="quiet">{words::after_publishing(lang)}</p> <ul>{lines.into_iter().map(line).collect_view()}</ul> }
}

fn publish_buttons(board: Board, confirming: RwSignal<bool>) -> AnyView {
    let lang = board.lang;
    let (may_publish, may_approve, why, week) = board
        .view
        .with(|view| (view.may_publish, view.may_approve, why_not(lang, view), view.round.week));
    let approve = may_approve.then(|| {
        view! { <button type="button" class="button" on:click=move |_| calls::approve(board)>{icon(Icon::Yes)}{words::approve(lang)}</button> }
    });
    let ask = move |_| {
        confirming.set(true);
        dom::focus("publish".into());
    };
    let publish = may_publish.then(|| {
        let word = words::publish_week(lang, said::week(lang, week));
        view! { <button type="button" class="button strong" on:click=ask>{icon(Icon::Yes)}{word}</button> }
    });
    let why = (!may_publish).then(|| view! { <span class="hint">{why}</span> });
    view! { {approve} {publish} {why} }.into_any()
}

/// Why the plan cannot be published now.
fn why_not(lang: Lang, view: &BoardView) -> &'static str {
    if view.round.state.is_public() {
        words::is_published(lang)
    } else if view.round.state != RoundState::Review {
        words::not_in_review(lang)
    } else if view.four_eyes && view.plan.approved.is_none() {
        words::approve_other(lang)
    } else {
        words::may_not_publish(lang)
    }
}

fn confirm(board: Board, confirming: RwSignal<bool>) -> AnyView {
    let lang = board.lang;
    let title = board
        .view
        .with_untracked(|view| words::publish_title(lang, said::week(lang, view.round.week)));
    view! {
        <section class="confirm" id="publish" tabindex="-1" aria-label=title.clone()>
            <strong>{title.clone()}</strong>
            <p>{words::publish_says(lang)}</p>
            <div class="buttons">
                <button type="button" class="button strong" on:click=move |_| calls::publish(board)>{words::publish_yes(lang)}</button>
                <button type="button" class="button" on:click=move |_| confirming.set(false)>{words::publish_no(lang)}</button>
            </div>
        </section>
    }
    .into_any()
}
