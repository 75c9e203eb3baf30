//! What plain forms post: decoded like a call, run by the same use case, answered by the page. They work without scripts.

use super::asked::{Path, Query};
use super::{Visit, at_one_moment, sheet, show, show_to, sign_on, sign_on_label};
use crate::account;
use crate::app::App;
use crate::changes;
use crate::door::redirect;
use crate::edge::plain;
use crate::http;
use crate::invitations;
use crate::notices;
use crate::problem::Problem;
use crate::sign_on::{self as identities, Good};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Response, Uri};
use domain::api::*;
use domain::id::WriteKey;
use frontend::pages::account::Outcome;
use frontend::text::{account as say, join as join_words};
use frontend::{Section, pages, paths};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What the address says has just been done.
#[derive(Deserialize, Default)]
pub struct DoneBefore {
    #[serde(default)]
    pub(super) done: String,
}

pub async fn account(State(app): State<App>, Query(before): Query<DoneBefore>, parts: Parts) -> Response<Body> {
    let app = at_one_moment(app).await;
    let outcome = match before.done.as_str() {
        "ended" => Outcome::Ended,
        "password" => Outcome::PasswordChanged,
        "factor" => Outcome::FactorEnded,
        "phone" => Outcome::PhoneSaved,
        "linked" => Outcome::Linked,
        "unlinked" => Outcome::Unlinked,
        _ => to_link(&app, &parts).await,
    };
    shown(app, parts, outcome).await
}

/// An identity that was proved on the way here, to be linked.
async fn to_link(app: &App, parts: &Parts) -> Outcome {
    if !sign_on::holds_ticket(app, &parts.headers) {
        return Outcome::Nothing;
    }
    let caller = http::whoever(app, &parts.headers, http::lang_of(&parts.headers)).await;
    let actor = caller.ok().and_then(|caller| caller.actor);
    let held = actor.and_then(|actor| sign_on::held(app, &parts.headers, Good::ToLink(&actor.person)));
    match held {
        Some((ticket, text)) => Outcome::ToLink {
            name: ticket.name,
            subject: ticket.subject,
            ticket: text,
        },
        None => Outcome::Nothing,
    }
}

pub(super) async fn shown(app: App, mut parts: Parts, outcome: Outcome) -> Response<Body> {
    // The page is the account's, whatever was posted to: the language switch comes back to it.
    parts.uri = Uri::from_static(paths::ACCOUNT);
    let status = match &outcome {
        Outcome::Refused(code, _) => Problem::new(*code).status(),
        _ => axum::http::StatusCode::OK,
    };
    let app = at_one_moment(app).await;
    let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await;
    let mut reply = show_to(caller, app, parts, Section::Account, async move |visit: Visit| {
        let (app, caller) = visit.each();
        let view = account::read(app, caller, ReadAccount {}).await?;
        let key = crate::clock::new_id();
        sheet(say::title(visit.lang), move || {
            pages::account::page(visit.lang, &view, &outcome, &key)
        })
    })
    .await;
    if reply.status().is_success() {
        *reply.status_mut() = status;
    }
    reply
}

/// A form's fields as a call, and the key that its page was drawn with.
pub(super) async fn posted<C: DeserializeOwned>(request: Request) -> Result<(C, Option<WriteKey>), Problem> {
    let body = http::body(request).await?;
    let mut pairs: Vec<(String, String)> = plain::form(&body)?;
    // The choice of no organization is the alliance itself.
    pairs.retain(|(name, value)| name != "organization" || !value.is_empty());
    let (key, fields) = keyed(pairs);
    let body = serde_urlencoded::to_string(&fields).map_err(|error| Problem::malformed(error.to_string()))?;
    Ok((plain::form(body.as_bytes())?, key))
}

/// The key apart from the fields of the call; a login is what password keepers ask for.
pub(super) fn keyed(pairs: Vec<(String, String)>) -> (Option<WriteKey>, Vec<(String, String)>) {
    let is_own = |(name, _): &(String, String)| matches!(name.as_str(), "key" | "login");
    let (own, fields): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_own);
    let key = own.into_iter().find(|(name, _)| name == "key");
    (key.and_then(|(_, text)| WriteKey::try_from(text).ok()), fields)
}

pub(super) fn key(given: Option<WriteKey>) -> Result<WriteKey, Problem> {
    given.ok_or_else(|| Problem::new(ProblemCode::KeyNeeded))
}

/// The page again with what was wrong, or on to where the form leads.
pub(super) async fn answered(app: App, parts: Parts, done: Result<&str, Problem>) -> Response<Body> {
    match done {
        Ok(done) => redirect(&paths::with_query(paths::ACCOUNT, &[("done", done)]), None),
        Err(problem) if problem.code == ProblemCode::SignInNeeded => super::error(&app, &parts, problem).await,
        Err(problem) => shown(app, parts, Outcome::Refused(problem.code, problem.violations)).await,
    }
}

pub async fn end_session(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::EndSession)?;
        let (call, given) = posted::<EndSession>(Request::from_parts(parts.clone(), body)).await?;
        changes::once(&app, &caller, key(given)?, call, &account::end_session).await?;
        Ok("ended")
    };
    let done = done.await;
    answered(app, parts, done).await
}

pub async fn change_password(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::ChangePassword)?;
        let (call, given) = posted::<ChangePassword>(Request::from_parts(parts.clone(), body)).await?;
        let (prepare, use_case) = (&account::new_hash, &account::change_password);
        changes::after(&app, &caller, key(given)?, call, prepare, use_case).await?;
        Ok("password")
    };
    let done = done.await;
    answered(app, parts, done).await
}

pub async fn end_second_factor(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::EndSecondFactor)?;
        let (call, given) = posted::<EndSecondFactor>(Request::from_parts(parts.clone(), body)).await?;
        let (prepare, use_case) = (&account::known, &account::end_second_factor);
        changes::after(&app, &caller, key(given)?, call, prepare, use_case).await?;
        Ok("factor")
    };
    let done = done.await;
    answered(app, parts, done).await
}

pub async fn link_identity(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::LinkIdentity)?;
        let (call, given) = posted::<LinkIdentity>(Request::from_parts(parts.clone(), body)).await?;
        let (prepare, use_case) = (&identities::proved, &identities::link);
        changes::after(&app, &caller, key(given)?, call, prepare, use_case).await?;
        Ok("linked")
    };
    let done = done.await;
    answered(app, parts, done).await
}

pub async fn unlink_identity(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::UnlinkIdentity)?;
        let (call, given) = posted::<UnlinkIdentity>(Request::from_parts(parts.clone(), body)).await?;
        let (prepare, use_case) = (&identities::known, &identities::unlink);
        changes::after(&app, &caller, key(given)?, call, prepare, use_case).await?;
        Ok("unlinked")
    };
    let done = done.await;
    answered(app, parts, done).await
}

pub async fn start_second_factor(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let started = async {
        let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::StartSecondFactor)?;
        let (call, _) = posted::<StartSecondFactor>(Request::from_parts(parts.clone(), body)).await?;
        account::start_second_factor(app.clone(), caller, call).await
    };
    match started.await {
        Ok(secret) => shown(app, parts, Outcome::Secret(secret)).await,
        Err(problem) => answered(app, parts, Err(problem)).await,
    }
}

pub async fn confirm_second_factor(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let confirmed = async {
        let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::ConfirmSecondFactor)?;
        let (call, _) = posted::<ConfirmSecondFactor>(Request::from_parts(parts.clone(), body)).await?;
        account::confirm_second_factor(app.clone(), caller, call).await
    };
    match confirmed.await {
        Ok(codes) => shown(app, parts, Outcome::Codes(codes)).await,
        Err(problem) => answered(app, parts, Err(problem)).await,
    }
}

/// What an invitation opens; one that is used, old or made up opens nothing.
pub async fn join(State(app): State<App>, Path(token): Path, parts: Parts) -> Response<Body> {
    invited(app, parts, token, String::new(), String::new(), None).await
}

/// The form once more, with what was wrong; the password is not repeated.
pub async fn join_again(
    app: App,
    parts: Parts,
    token: String,
    login: String,
    name: String,
    problem: Problem,
) -> Response<Body> {
    invited(app, parts, token, login, name, Some(problem)).await
}

async fn invited(
    app: App,
    parts: Parts,
    token: String,
    login: String,
    name: String,
    refused: Option<Problem>,
) -> Response<Body> {
    let status = refused.as_ref().map(Problem::status);
    let proved = sign_on::held(&app, &parts.headers, Good::ToJoin(&token));
    let mut reply = show(app, parts, Section::Outside, async move |visit: Visit| {
        let (_, invitation) = invitations::open(&visit.app, &token).await?;
        let invited = pages::join::Invited {
            path: paths::join(&token),
            role: invitation.role,
            profile: visit.app.config.password_profile,
            login,
            name,
            signed_in: visit.viewer().await.map(|viewer| (viewer.name, crate::clock::new_id())),
            token: token.clone(),
            sign_on: sign_on_label(&visit.app, visit.lang),
            proved: proved.map(|(ticket, text)| (ticket.name, text)),
            refused: refused.map(|problem| (problem.code, problem.violations)),
        };
        sheet(join_words::title(visit.lang), move || {
            pages::join::page(visit.lang, &invited)
        })
    })
    .await;
    if let Some(status) = status.filter(|_| reply.status().is_success()) {
        *reply.status_mut() = status;
    }
    reply
}

/// A dead notice that is to be tried anew; whatever is wrong is a page of its own.
pub async fn send_notice_again(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::SendNoticeAgain)?;
        let (call, given) = posted::<SendNoticeAgain>(Request::from_parts(parts.clone(), body)).await?;
        changes::once(&app, &caller, key(given)?, call, &notices::send_again).await
    };
    match done.await {
        Ok(_) => redirect(&paths::with_query(paths::NOTICES, &[("done", "sent")]), None),
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}
