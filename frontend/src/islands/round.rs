//! What a coordinator does on the round's page: close and reopen it, give a request back, approve, publish or discard
//! a plan. Each is a small island of its own; each asks in place before it does what others will feel.

use super::dom;
use crate::client;
use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::{Lang, names, problem::problem as failure, round as words, violation};
use domain::api::*;
use domain::id::{PlanId, RequestId, RoundId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

/// One call at a time, and its refusal in place.
#[derive(Clone, Copy)]
struct Desk {
    lang: Lang,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Desk {
    fn new(lang: Lang) -> Desk {
        Desk {
            lang,
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Sends the call; on success the page is read again, so that everything on it is the server's.
    fn send<C: Call>(self, call: C, then: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let reply = client::read::<C, IgnoredAny>(&call).await;
            self.busy.set(false);
            match reply {
                Ok(IgnoredAny) => dom::go_to(&then),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    fn answer(self) -> impl IntoView {
        let lang = self.lang;
        let said = move |problem: Problem| {
            let (title, detail) = failure(lang, &problem);
            let rules = problem
                .violations
                .iter()
                .map(|broken| violation(lang, broken, &names::nobody()).detail);
            let rules = rules.map(|rule| view! { <li>{rule}</li> }).collect_view();
            view! { <div class="note refusal">{icon(Icon::No)}<div><strong>{title}</strong> " " {detail}<ul>{rules}</ul></div></div> }
        };
        view! { <div role="alert">{move || self.problem.get().map(said)}</div> }
    }
}

/// What is asked before something that others will feel.
struct Question {
    id: String,
    open: String,
    title: String,
    says: String,
    yes: String,
}

/// A button that opens its question in place; the deed is done only by the answer.
fn asked(
    lang: Lang,
    question: Question,
    class: &'static str,
    deed: impl Fn() + Clone + Send + 'static,
) -> impl IntoView {
    let confirming = RwSignal::new(false);
    let Question {
        id,
        open,
        title,
        says,
        yes,
    } = question;
    let target = id.clone();
    let ask = move |_| {
        confirming.set(true);
        dom::focus(target.clone());
    };
    view! {
        <button type="button" class=class hidden=move || confirming.get() on:click=ask>{open}</button>
        <section class="confirm" id=id tabindex="-1" aria-label=title.clone() hidden=move || !confirming.get()>
            <strong>{title.clone()}</strong>
            <p>{says}</p>
            <div class="buttons">
                <button type="button" class="button strong" on:click=move |_| deed()>{yes}</button>
                <button type="button" class="button" on:click=move |_| confirming.set(false)>{words::no(lang)}</button>
            </div>
        </section>
    }
}

/// Close a round that collects; reopen one that is closed and has no plan.
#[island]
pub fn RoundDeeds(lang: Lang, round: RoundSummary, has_plans: bool) -> impl IntoView {
    use domain::round::RoundState;
    let desk = Desk::new(lang);
    let (id, version) = (round.id.clone(), round.version);
    let here = paths::round(&round.id);
    let deed = match round.state {
        RoundState::Open => {
            let question = Question {
                id: "close-round".into(),
                open: words::close(lang).into(),
                title: words::close_title(lang).into(),
                says: words::close_says(lang, round.drafts),
                yes: words::close_yes(lang).into(),
            };
            asked(lang, question, "button strong", move || desk.send(CloseRound { id: id.clone(), version }, here.clone())).into_any()
        }
        RoundState::Closed if !has_plans => view! {
            <button type="button" class="button" on:click=move |_| desk.send(ReopenRound { id: id.clone(), version }, here.clone())>
                {words::reopen(lang)}
            </button>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! { <div class="buttons">{deed}</div> {desk.answer()} }
}

/// What may be done to one plan.
#[island]
pub fn PlanDeeds(
    lang: Lang,
    round: RoundId,
    round_version: i64,
    plan: PlanSummary,
    approves: bool,
    publishes: bool,
) -> impl IntoView {
    let desk = Desk::new(lang);
    let (id, version, here) = (plan.id.clone(), plan.version, paths::round(&round));
    let approve = approves.then(|| {
        let (plan, then) = (id.clone(), here.clone());
        view! {
            <button type="button" class="button small" on:click=move |_| desk.send(ApprovePlan { plan: plan.clone(), version }, then.clone())>
                {words::approve(lang)}
            </button>
        }
    });
    let publish = publishes.then(|| publish(desk, &plan, round_version, here.clone()));
    let question = Question {
        id: format!("discard-{id}"),
        open: words::discard(lang).into(),
        title: words::discard_title(lang).into(),
        says: words::discard_says(lang).into(),
        yes: words::discard_yes(lang).into(),
    };
    let discard = asked(lang, question, "button small plain", move || {
        desk.send(
            DiscardPlan {
                plan: id.clone(),
                version,
            },
            here.clone(),
        )
    });
    view! { <div class="buttons">{publish} {approve} {discard}</div> {desk.answer()} }
}

fn publish(desk: Desk, plan: &PlanSummary, round_version: i64, then: String) -> impl IntoView + use<> {
    let lang = desk.lang;
    let (id, version): (PlanId, i64) = (plan.id.clone(), plan.version);
    let question = Question {
        id: format!("publish-{id}"),
        open: words::publish(lang).into(),
        title: words::publish_title(lang, plan.label.clone()),
        says: words::publish_says(lang, plan.placed, plan.unplaced),
        yes: words::publish_yes(lang).into(),
    };
    asked(lang, question, "button small strong", move || {
        desk.send(
            PublishPlan {
                plan: id.clone(),
                version,
                round_version,
            },
            then.clone(),
        )
    })
}

/// Gives a request back to its owner, with a note that says what to change. One stands in every row of a table, so its
/// field is named by the request.
#[island]
pub fn ReturnNote(lang: Lang, request: RequestId, version: i64, then: String) -> impl IntoView {
    let desk = Desk::new(lang);
    let note = RwSignal::new(String::new());
    let pressed = RwSignal::new(false);
    let missing = move || pressed.get() && note.with(|note| note.trim().is_empty());
    let id = format!("note-{request}");
    let send = move |_| {
        pressed.set(true);
        if !missing() {
            desk.send(
                ReturnRequest {
                    id: request.clone(),
                    version,
                    note: note.get_untracked(),
                },
                then.clone(),
            );
        }
    };
    view! {
        <details class="return">
            <summary>{words::give_back(lang)}</summary>
            <div class="field">
                <label for=id.clone()>{words::note(lang)}</label>
                <textarea
                    id=id.clone()
                    rows="3"
                    maxlength="400"
                    aria-invalid=move || missing().then_some("true")
                    on:input=move |event| note.set(event_target_value(&event))
                ></textarea>
                <span class="hint">{words::note_hint(lang)}</span>
                <span class="fault" role="alert">{move || if missing() { words::note_needed(lang) } else { "" }}</span>
            </div>
            <button type="button" class="button small" on:click=send>{words::give_back_yes(lang)}</button>
            {desk.answer()}
        </details>
    }
}
