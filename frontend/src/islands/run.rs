//! A run of the solver: start it, watch bound and plan close in on each other, stop it.
//!
//! News come as server-sent events; when none comes for a while, the run is read by an ordinary call.

mod chart;

use super::dom;
use crate::client::{self, Subscription};
use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::{
    Lang, board as words, failed, names, problem::problem as failure, time as said, violation, words as enums,
};
use domain::api::{NameBook, Problem, ReadBoard, ReadRun, RunState, RunView, StartRun, StopRun};
use domain::id::{PlanId, RoundId, RunId};
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::serde_json as json;
use leptos::task::spawn_local;
use serde::Deserialize;
use std::time::Duration;

const SECONDS_USUAL: i64 = 60;
/// What the server takes; it says so too.
const SECONDS_MAX: i64 = 600;
/// Longer than the server's heartbeat of changes.
const SILENCE: Duration = Duration::from_secs(4);

/// Whether a stage's figures are minutes placed, so that bound less value is time.
pub fn counts_minutes(stage: &str) -> bool {
    matches!(stage, "greedy" | "granted" | "repair" | "filled") || stage.ends_with("fairness")
}

pub fn has_ended(state: RunState) -> bool {
    matches!(state, RunState::Done | RunState::Stopped | RunState::Failed)
}

/// All that is needed of a board.
#[derive(Deserialize)]
struct Named {
    names: NameBook,
}

/// A run that is watched.
#[derive(Clone, Copy)]
struct Watch {
    lang: Lang,
    run: RwSignal<Option<RunView>>,
    problem: RwSignal<Option<Problem>>,
    /// What the problem speaks of.
    names: RwSignal<NameBook>,
    busy: RwSignal<bool>,
    stream: StoredValue<Option<Subscription>, LocalStorage>,
    /// Whether an event came since the last look.
    heard: StoredValue<bool>,
    looks: StoredValue<Option<IntervalHandle>>,
    /// The page to read again when a run has ended, because its plan is on it.
    then: StoredValue<Option<String>>,
}

impl Watch {
    fn new(lang: Lang, run: Option<RunView>, then: Option<String>) -> Watch {
        let watch = Watch {
            lang,
            run: RwSignal::new(run.clone()),
            problem: RwSignal::new(None),
            names: RwSignal::new(names::nobody()),
            busy: RwSignal::new(false),
            stream: StoredValue::new_local(None),
            heard: StoredValue::new(false),
            looks: StoredValue::new(None),
            then: StoredValue::new(then),
        };
        // Effects run only in the browser: a run that goes on already is followed from there.
        Effect::new(move || {
            run.clone()
                .filter(|run| !has_ended(run.state))
                .into_iter()
                .for_each(|run| watch.follow(run))
        });
        on_cleanup(move || watch.rest());
        watch
    }

    fn start(self, round: RoundId, from_plan: Option<PlanId>, seconds: i64) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let reply = client::call(&StartRun {
                id: RunId::new(client::new_id()),
                round,
                from_plan: from_plan.clone(),
                seconds,
            })
            .await;
            if let (Err(_), Some(plan)) = (&reply, from_plan) {
                self.learn_names(plan).await;
            }
            self.busy.set(false);
            match reply {
                Ok(run) => self.follow(run),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// What a refusal speaks of, as the plan's board calls it.
    async fn learn_names(self, plan: PlanId) {
        if let Ok(board) = client::read::<_, Named>(&ReadBoard { plan }).await {
            self.names.set(board.names);
        }
    }

    fn follow(self, run: RunView) {
        let (id, ended) = (run.id.clone(), has_ended(run.state));
        self.run.set(Some(run));
        if ended {
            return;
        }
        let url = paths::with_query("/api/v1/runs/events", &[("id", id.as_str())]);
        let stream = client::subscribe(&url, &["message"], move |_, text| {
            if let Ok(run) = json::from_str(&text) {
                self.heard.set_value(true);
                self.hear(run);
            }
        });
        self.stream.set_value(Some(stream));
        let look = move || {
            let heard = self.heard.get_value();
            self.heard.set_value(false);
            if !heard {
                self.look(id.clone());
            }
        };
        self.looks.set_value(set_interval_with_handle(look, SILENCE).ok());
    }

    fn look(self, id: RunId) {
        spawn_local(async move {
            if let Ok(run) = client::call(&ReadRun { id }).await {
                self.hear(run);
            }
        });
    }

    fn hear(self, run: RunView) {
        // The page may have gone on before a late answer came.
        let ended = has_ended(run.state);
        if self.run.try_set(Some(run)).is_none() && ended {
            // The stream calls this very function: it is closed when the call is over.
            set_timeout(move || self.close(), Duration::ZERO);
        }
    }

    fn close(self) {
        self.rest();
        if let Some(page) = self.then.try_update_value(Option::take).flatten() {
            dom::go_to(&page);
        }
    }

    /// Closes the stream and stops looking.
    fn rest(self) {
        self.stream.try_update_value(|stream| stream.take());
        if let Some(looks) = self.looks.try_update_value(Option::take).flatten() {
            looks.clear();
        }
    }

    fn stop(self) {
        let Some(id) = self.run.with_untracked(|run| run.as_ref().map(|run| run.id.clone())) else {
            return;
        };
        spawn_local(async move {
            match client::call(&StopRun { id }).await {
                Ok(run) => self.hear(run),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// Plans to start from, `(id, label)`, and the run that goes on or was the last.
#[island]
pub fn RunProgress(
    lang: Lang,
    round: RoundId,
    plans: Vec<(PlanId, String)>,
    run: Option<RunView>,
    may_start: bool,
) -> impl IntoView {
    let watch = Watch::new(lang, run, Some(paths::round(&round)));
    view! {
        {may_start.then(|| start_form(watch, round, plans))}
        {progress(watch)}
    }
}

/// Starts at once from a plan, its pins kept, and shows how it goes: for the board.
pub fn again(lang: Lang, round: RoundId, plan: PlanId) -> impl IntoView {
    let watch = Watch::new(lang, None, None);
    Effect::new(move || watch.start(round.clone(), Some(plan.clone()), SECONDS_USUAL));
    progress(watch)
}

fn start_form(watch: Watch, round: RoundId, plans: Vec<(PlanId, String)>) -> impl IntoView {
    let lang = watch.lang;
    let seconds = RwSignal::new(SECONDS_USUAL);
    let base = RwSignal::new(None::<PlanId>);
    let fits = move || (1..=SECONDS_MAX).contains(&seconds.get());
    let going = move || {
        watch
            .run
            .with(|run| run.as_ref().is_some_and(|run| !has_ended(run.state)))
    };
    let option = |(id, label): (PlanId, String)| view! { <option value=id.to_string()>{label}</option> };
    let start = move |_| {
        if fits() && !going() {
            watch.start(round.clone(), base.get_untracked(), seconds.get_untracked());
        }
    };
    view! {
        <div class="run-start" hidden=going>
            <div class="field">
                <label for="seconds">{words::run_seconds(lang)}</label>
                <input
                    id="seconds"
                    type="number"
                    min="1"
                    max=SECONDS_MAX.to_string()
                    value=SECONDS_USUAL.to_string()
                    aria-invalid=move || (!fits()).then_some("true")
                    aria-describedby="seconds-range"
                    on:input=move |event| seconds.set(event_target_value(&event).trim().parse().unwrap_or(0))
                />
                <span class="hint" id="seconds-range">{words::run_range(lang, SECONDS_MAX)}</span>
            </div>
            <div class="field">
                <label for="base-plan">{words::run_base(lang)}</label>
                <select id="base-plan" on:change=move |event| base.set(PlanId::try_from(event_target_value(&event)).ok())>
                    <option value="">{words::run_base_none(lang)}</option>
                    {plans.into_iter().map(option).collect_view()}
                </select>
            </div>
            <button type="button" class="button strong" id="start-run" on:click=start>{words::run_start(lang)}</button>
        </div>
    }
}

fn progress(watch: Watch) -> impl IntoView {
    let lang = watch.lang;
    let refused = move || {
        watch.problem.get().map(|problem| {
            let (title, detail) = failure(lang, &problem);
            let broken = problem.violations.iter();
            let rules = watch.names.with(|names| {
                let rules = broken.map(|broken| violation(lang, broken, names).detail);
                rules.map(|rule| view! { <li>{rule}</li> }).collect_view()
            });
            view! { <div class="note refusal">{icon(Icon::No)}<div><strong>{title}</strong> " " {detail}<ul>{rules}</ul></div></div> }
        })
    };
    view! {
        <div role="alert">{refused}</div>
        {move || watch.run.get().map(|run| shown(watch, &run))}
    }
}

fn shown(watch: Watch, run: &RunView) -> AnyView {
    let lang = watch.lang;
    let figures = chart::figures(&run.progress);
    let picture = figures.as_ref().map(|figures| chart::draw(lang, figures));
    let more = figures.as_ref().map_or_else(
        || {
            if has_ended(run.state) {
                String::new()
            } else {
                words::run_no_figures(lang).to_owned()
            }
        },
        |figures| {
            if figures.more_min() == 0 {
                words::at_most_none(lang).to_owned()
            } else {
                words::at_most_hours(lang, said::hours(figures.more_min()))
            }
        },
    );
    let last = run.progress.last();
    let stage = last.map(|point| enums::stage(lang, &point.stage));
    // How long instructors wait has no bound, so no gap either.
    let bounded = last.filter(|point| point.stage != "gaps");
    let gap = bounded.and_then(|point| point.gap).map(|gap| {
        if gap == 0.0 {
            words::stage_proved(lang).to_owned()
        } else {
            words::stage_gap(lang, format!("{:.1}", gap * 100.0))
        }
    });
    let now = last
        .map_or(0, |point| point.seconds.round() as i64)
        .min(run.seconds_max);
    let time = words::run_seconds_of(lang, now, run.seconds_max);
    let stage = [stage, gap, Some(time)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let going = !has_ended(run.state);
    let bar = going.then(|| view! {
        <progress max=run.seconds_max.to_string() value=now.to_string() aria-label=words::run_used(lang)></progress>
        <button type="button" class="button small" on:click=move |_| watch.stop()>{icon(Icon::Stop)}{words::run_stop(lang)}</button>
    });
    let open = run.plan.clone().filter(|_| !going).map(|plan| {
        let href = paths::with_query(&paths::board(&run.round), &[("plan", plan.as_str())]);
        view! { <a class="button small" href=href>{icon(Icon::Arrow)}{words::run_open_plan(lang)}</a> }
    });
    let reason = run.failure.as_deref().map(|word| failed::why(lang, word));
    view! {
        <div class="solver run">
            <div class="chart">{picture}</div>
            <div class="says">
                <strong role="status">{state_words(lang, run.state)}</strong>
                {reason.map(|reason| view! { <span class="fault">{reason}</span> })}
                <span>{more}</span>
                <span>{stage}</span>
                <div class="buttons">{bar} {open}</div>
            </div>
        </div>
    }
    .into_any()
}

fn state_words(lang: Lang, state: RunState) -> &'static str {
    match state {
        RunState::Queued => words::run_queued(lang),
        RunState::Running => words::run_running(lang),
        RunState::Done => words::run_done(lang),
        RunState::Stopped => words::run_stopped(lang),
        RunState::Failed => words::run_failed(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_minutes_make_a_bound_in_hours() {
        assert!(counts_minutes("granted") && counts_minutes("tier 1 fairness"));
        assert!(!counts_minutes("quality") && !counts_minutes("tier 1 order") && !counts_minutes("moves"));
    }
}
