//! The foot of the form: back, save, on or submit, withdraw; and what the server answered, in place.
//!
//! No button is ever disabled: pressed too early it says what is missing. Success is said only after the reply.

use super::differences::{self, differences};
use super::{Form, Screen};
use crate::client;
use crate::islands::dom;
use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::problem::problem as failure;
use crate::text::{form as words, time as said, violation};
use domain::api::{AmendRequest, Problem, ProblemCode, SaveDraft, SubmitRequest, WithdrawRequest};
use domain::id::RequestId;
use domain::request::{RequestAction, RequestState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

/// What a press of a button sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Send {
    Save,
    Submit,
    Amend,
    Withdraw,
}

pub fn actions(form: Form) -> impl IntoView {
    let confirming = RwSignal::new(false);
    view! {
        <div class="answer" id="answer" tabindex="-1" role="alert">{move || answer(form)}</div>
        <p class="notice" id="notice" tabindex="-1" class:said=move || form.notice.with(|text| !text.is_empty()) role="status">{move || form.notice.get()}</p>
        {withdraw(form, confirming)}
        <div class="actions">
            {back(form)}
            {save(form)}
            {open_withdraw(form, confirming)}
            {hint(form)}
            {on(form)}
        </div>
    }
}

fn back(form: Form) -> impl IntoView {
    let to = move || match form.screen.get_untracked() {
        Screen::Where => Screen::When,
        Screen::When | Screen::What => Screen::What,
    };
    view! {
        <button type="button" class="button" hidden=move || form.screen.get() == Screen::What on:click=move |_| form.visit(to(), to().id().to_owned())>
            {words::back(form.lang)}
        </button>
    }
}

/// A submitted request is amended, not saved as a draft.
fn is_amended(form: Form) -> bool {
    form.state.get() == Some(RequestState::Submitted)
}

fn save(form: Form) -> impl IntoView {
    view! {
        <button type="button" class="button" id="save" hidden=move || is_amended(form) on:click=move |_| send(form, Send::Save)>
            {words::save(form.lang)}
        </button>
    }
}

fn hint(form: Form) -> impl IntoView {
    let lang = form.lang;
    let count = move || form.broken.with(Vec::len);
    let more = move || {
        if form.screen.get() == Screen::Where {
            ""
        } else {
            words::may_go_on(lang)
        }
    };
    let says = move || {
        match count() {
        0 if form.busy.get() => view! { <span>{words::saving(lang)}</span> }.into_any(),
        0 => view! { <span>{words::ready(lang)}</span> }.into_any(),
        n => view! {
            <a href="#rules" on:click=move |event| { event.prevent_default(); dom::focus("rules".into()) }>{words::still_broken(lang, n)}</a>
            <span>{more()}</span>
        }
        .into_any(),
    }
    };
    view! { <span class="hint">{says}</span> }
}

/// The one strong button: on to the next screen, or the last word.
fn on(form: Form) -> impl IntoView {
    let lang = form.lang;
    let next = move || match form.screen.get() {
        Screen::What => Some(Screen::When),
        Screen::When => Some(Screen::Where),
        Screen::Where => None,
    };
    let last = move || {
        if is_amended(form) {
            words::amend(lang)
        } else {
            words::submit(lang)
        }
    };
    let go = move |_| {
        next()
            .into_iter()
            .for_each(|screen| form.visit(screen, screen.id().to_owned()))
    };
    view! {
        <button type="button" class="button strong" hidden=move || next().is_none() on:click=go>
            {move || words::next(lang, next().map(|screen| screen.title(lang).to_owned()).unwrap_or_default())}
            {icon(Icon::Arrow)}
        </button>
        <button type="button" id="submit" class="button strong" hidden=move || next().is_some() on:click=move |_| submit(form)>
            {icon(Icon::Yes)}
            {last}
        </button>
    }
}

fn submit(form: Form) {
    let send_as = if form.state.get_untracked() == Some(RequestState::Submitted) {
        Send::Amend
    } else {
        Send::Submit
    };
    let broken = form.broken.with_untracked(Vec::len);
    form.pressed.set(true);
    form.problem.set(None);
    if broken > 0 {
        form.notice.set(format!(
            "{}。{}",
            words::not_submitted(form.lang),
            words::not_submitted_says(form.lang, broken)
        ));
        return dom::focus("rules".into());
    }
    if send_as == Send::Amend && !form.is_changed() {
        return form.notice.set(words::unchanged(form.lang).to_owned());
    }
    send(form, send_as);
}

fn send(form: Form, what: Send) {
    if form.busy.get_untracked() {
        return;
    }
    form.busy.set(true);
    form.problem.set(None);
    form.newer.set(None);
    form.notice.set(String::new());
    spawn_local(async move {
        let draft = form.draft.get_untracked();
        let reply = answer_of(form, what).await;
        form.busy.set(false);
        match reply {
            Ok(view) => {
                form.saved.set(draft);
                done(form, what, &view);
            }
            Err(problem) => {
                let is_stale = problem.code == ProblemCode::Stale;
                form.problem.set(Some(problem));
                dom::focus("answer".into());
                if is_stale {
                    differences::look(form);
                }
            }
        }
    });
}

/// What the form needs of the server's answer, a part of `RequestView`.
#[derive(Debug, Clone, Deserialize)]
struct Kept {
    id: RequestId,
    reference: String,
    version: i64,
    state: RequestState,
}

async fn answer_of(form: Form, what: Send) -> Result<Kept, Problem> {
    let (id, round) = form.view.with_value(|view| (view.id.clone(), view.round.id.clone()));
    let (draft, version) = (form.draft.get_untracked(), form.version.get_untracked());
    match what {
        Send::Save => {
            client::read(&SaveDraft {
                id,
                round,
                version,
                draft,
            })
            .await
        }
        Send::Submit => {
            client::read(&SubmitRequest {
                id,
                round,
                version,
                draft,
            })
            .await
        }
        Send::Amend => client::read(&AmendRequest { id, version, draft }).await,
        Send::Withdraw => client::read(&WithdrawRequest { id, version }).await,
    }
}

/// A saved draft stays open under the address it has from now on; everything else leads to the request's own page.
fn done(form: Form, what: Send, view: &Kept) {
    form.version.set(view.version);
    form.state.set(Some(view.state));
    match what {
        Send::Save => {
            form.notice.set(words::saved(form.lang, view.reference.clone()));
            dom::rename(&paths::request_edit(&view.id));
        }
        Send::Submit | Send::Amend | Send::Withdraw => {
            // What was not sent with a withdrawal is given up with it, so leaving asks nothing.
            form.saved.set(form.draft.get_untracked());
            dom::go_to(&paths::request(&view.id));
        }
    }
}

/// Why the server refused, and what to do.
fn answer(form: Form) -> impl IntoView {
    let lang = form.lang;
    form.problem.get().map(|problem| {
        let (title, detail) = failure(lang, &problem);
        let words_of = |broken| form.view.with_value(|view| violation(lang, broken, &view.names));
        let rows = problem
            .violations
            .iter()
            .map(words_of)
            .map(|said| view! { <li><b>{said.title}</b> " " {said.detail} " " {said.remedy}</li> });
        let rows = rows.collect_view();
        let id = form.view.with_value(|view| view.id.clone());
        let differences = differences(form);
        // To read the page anew is what nobody has to do then.
        let detail = differences.is_none().then(|| view! { <p>{detail}</p> });
        let way = match problem.code {
            ProblemCode::Stale if differences.is_some() => None,
            ProblemCode::Stale => Some((words::stale_says(lang), words::stale_open(lang), paths::request(&id))),
            ProblemCode::SignInNeeded => Some(("", words::sign_in_open(lang), paths::SIGN_IN.to_owned())),
            _ => None,
        };
        let way = way.map(|(says, link, href)| view! { <p>{says} " " <a href=href target="_blank">{link}</a></p> });
        view! {
            <div class="note refusal">
                {icon(Icon::No)}
                <div><strong>{title}</strong>{detail}<ul>{rows}</ul>{way}{differences}</div>
            </div>
        }
    })
}

/// Withdrawing is possible for what the server knows already and the state machine lets go.
fn may_withdraw(form: Form) -> bool {
    form.state
        .get()
        .is_some_and(|state| state.after(RequestAction::Withdraw).is_ok())
}

fn open_withdraw(form: Form, confirming: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button plain"
            hidden=move || !may_withdraw(form) || confirming.get()
            on:click=move |_| { confirming.set(true); dom::focus("withdraw".into()) }
        >
            {words::withdraw(form.lang)}
        </button>
    }
}

fn withdraw(form: Form, confirming: RwSignal<bool>) -> impl IntoView {
    let lang = form.lang;
    let stamp = form
        .view
        .with_value(|view| said::stamp(lang, view.round.cut_off_at_min));
    view! {
        <section class="confirm" id="withdraw" tabindex="-1" aria-label=words::withdraw_title(lang) hidden=move || !confirming.get()>
            <strong>{words::withdraw_title(lang)}</strong>
            <p>{words::withdraw_says(lang, stamp)}</p>
            <div class="buttons">
                <button type="button" class="button danger" on:click=move |_| send(form, Send::Withdraw)>{words::withdraw_yes(lang)}</button>
                <button type="button" class="button" on:click=move |_| confirming.set(false)>{words::withdraw_no(lang)}</button>
            </div>
        </section>
    }
}
