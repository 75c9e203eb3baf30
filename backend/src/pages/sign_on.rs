//! The way to the identity provider and back, in a browser. What somebody takes along lies sealed in a cookie, so the server
//! remembers nothing of those who set out, and whoever brings another's answer is not believed.

use super::asked::Query;
use super::{sheet, show};
use crate::app::App;
use crate::door::{address_of, own_path, redirect};
use crate::edge::plain;
use crate::http;
use crate::invitations;
use crate::problem::Problem;
use crate::sign_on::{self, Good, JOURNEY_MS, Purpose, TICKET_MS, Ticket};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, Uri, header};
use domain::api::ProblemCode;
use frontend::text::sign_in as say;
use frontend::{Section, pages, paths};
use serde::Deserialize;

const JOURNEY: &str = "gongxun-journey";
const TICKET: &str = "gongxun-ticket";

/// What somebody sets out for: to link, to join by an invitation, else to come in.
#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    back: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    join: String,
}

pub async fn set_out(State(app): State<App>, Query(wanted): Query<Wanted>, parts: Parts) -> Response<Body> {
    let set_out = async {
        let purpose = purpose(&app, &wanted, &parts.headers).await?;
        sign_on::set_out(&app, purpose).await
    };
    match set_out.await {
        Ok((address, kept)) => with_cookie(redirect(&address, None), &cookie(&app, JOURNEY, &kept, JOURNEY_MS)),
        Err(problem) => told(&app, parts, problem).await,
    }
}

async fn purpose(app: &App, wanted: &Wanted, headers: &HeaderMap) -> Result<Purpose, Problem> {
    if !wanted.join.is_empty() {
        invitations::open(app, &wanted.join).await?;
        let token = wanted.join.clone();
        return Ok(Purpose::Join { token });
    }
    if wanted.link.is_empty() {
        let back = own_path(&wanted.back);
        return Ok(Purpose::SignIn { back });
    }
    let caller = http::caller(app, headers, http::lang_of(headers)).await?;
    let person = caller.actor()?.person.clone();
    Ok(Purpose::Link { person })
}

/// What the provider sends along.
#[derive(Deserialize, Default)]
pub struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

pub async fn come_back(State(app): State<App>, Query(answer): Query<Answer>, parts: Parts) -> Response<Body> {
    let kept = http::cookie(&parts.headers, &name(&app, JOURNEY)).unwrap_or_default();
    let came = async {
        let (purpose, proof) = sign_on::come_back(&app, &kept, &answer.state, &answer.code).await?;
        let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        let (good, to) = match &purpose {
            Purpose::SignIn { back } => {
                let brought = http::session_token(&app, &parts.headers);
                match sign_on::enter(&app, &caller, &proof, brought.as_deref()).await {
                    Ok((_, token)) => return Ok(redirect(back, Some(&http::session_cookie(&app, &token)))),
                    Err(problem) if problem.code == ProblemCode::CodeNeeded => {
                        (Good::ToEnter, paths::with_query(paths::SIGN_ON_CODE, &[("back", back)]))
                    }
                    Err(problem) => return Err(problem),
                }
            }
            Purpose::Link { person } if caller.actor()?.person == *person => {
                (Good::ToLink(person), paths::ACCOUNT.to_owned())
            }
            // Somebody else has signed in meanwhile.
            Purpose::Link { .. } => return Err(Problem::new(ProblemCode::SignOnRefused)),
            Purpose::Join { token } => (Good::ToJoin(token), paths::join(token)),
        };
        let ticket = sign_on::ticket(&app, good, &Ticket::new(proof, crate::clock::now_ms()))?;
        Ok(with_cookie(
            redirect(&to, None),
            &cookie(&app, TICKET, &ticket, TICKET_MS),
        ))
    };
    let reply = match came.await {
        Ok(reply) => reply,
        Err(problem) => told(&app, parts, problem).await,
    };
    // It was for this one answer.
    with_cookie(reply, &cookie(&app, JOURNEY, "", 0))
}

/// What went wrong: on the page where a password still opens, or as a page of its own for whoever has signed in.
async fn told(app: &App, mut parts: Parts, problem: Problem) -> Response<Body> {
    let caller = http::whoever(app, &parts.headers, http::lang_of(&parts.headers)).await;
    let is_in = caller.is_ok_and(|caller| caller.actor.is_some());
    if is_in || matches!(problem.code, ProblemCode::SignInNeeded | ProblemCode::NotFound) {
        return super::error(app, &parts, problem).await;
    }
    parts.uri = Uri::from_static(paths::SIGN_IN);
    super::sign_in_again(app, &parts, "", "", problem).await
}

#[derive(Deserialize, Default)]
pub struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

/// Where a code of the second factor is asked for.
pub async fn code(State(app): State<App>, Query(typed): Query<Typed>, parts: Parts) -> Response<Body> {
    asked(app, parts, typed.back, None).await
}

pub async fn enter(State(app): State<App>, request: Request) -> Response<Body> {
    let address = address_of(&app, &request);
    let (parts, body) = request.into_parts();
    let mut back = String::new();
    let entered = async {
        let body = http::body(Request::from_parts(parts.clone(), body)).await?;
        let typed: Typed = plain::form(&body)?;
        back = typed.back;
        let caller = http::whoever(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        let ticket = held(&app, &parts.headers, Good::ToEnter);
        let (ticket, _) = ticket.ok_or_else(|| Problem::new(ProblemCode::SignOnRefused))?;
        let brought = http::session_token(&app, &parts.headers);
        sign_on::enter_by_code(&app, &caller, &ticket, &typed.code, &address, brought.as_deref()).await
    };
    match entered.await {
        Ok((_, token)) => {
            let reply = redirect(&own_path(&back), Some(&http::session_cookie(&app, &token)));
            with_cookie(reply, &cookie(&app, TICKET, "", 0))
        }
        Err(problem) if problem.code == ProblemCode::SignOnRefused => told(&app, parts, problem).await,
        Err(problem) => asked(app, parts, back, Some(problem)).await,
    }
}

async fn asked(app: App, mut parts: Parts, back: String, refused: Option<Problem>) -> Response<Body> {
    parts.uri = Uri::from_static(paths::SIGN_ON_CODE);
    let status = refused.as_ref().map(Problem::status);
    let mut reply = show(app, parts, Section::Outside, async move |visit| {
        let refused = refused.map(|problem| problem.code);
        sheet(say::code_title(visit.lang), move || {
            pages::sign_in::code_page(visit.lang, &back, refused)
        })
    })
    .await;
    if let Some(status) = status.filter(|_| reply.status().is_success()) {
        *reply.status_mut() = status;
    }
    reply
}

/// Whether a browser holds a ticket at all.
pub(super) fn holds_ticket(app: &App, headers: &HeaderMap) -> bool {
    http::cookie(headers, &name(app, TICKET)).is_some()
}

/// The ticket that a browser holds, when it is good for this, and its text.
pub(super) fn held(app: &App, headers: &HeaderMap, good: Good) -> Option<(Ticket, String)> {
    let text = http::cookie(headers, &name(app, TICKET))?;
    Some((sign_on::opened(app, good, &text)?, text))
}

fn name(app: &App, name: &str) -> String {
    let prefix = if app.config.secure_cookies { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// A cookie for a while; none of a lifetime takes it away. Lax, because the way back begins at another site.
fn cookie(app: &App, called: &str, value: &str, lasts_ms: i64) -> String {
    let secure = if app.config.secure_cookies { "; Secure" } else { "" };
    let age_s = lasts_ms / 1000;
    format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}",
        name(app, called)
    )
}

fn with_cookie(mut reply: Response<Body>, cookie: &str) -> Response<Body> {
    let value = HeaderValue::from_str(cookie).expect("a cookie of hex digits");
    reply.headers_mut().append(header::SET_COOKIE, value);
    reply
}
