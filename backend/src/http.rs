//! The adapter between HTTP and use cases, written once: find the caller, decode the call, run, encode.

use crate::account;
pub mod published;

use crate::app::{App, Caller};
use crate::changes;
use crate::config::{BODY_BYTES_MAX, FILE_BODY_BYTES_MAX};
use crate::edge::{limits, plain};
use crate::problem::Problem;
use crate::session;
use crate::store::{Change, Finished, StoreError, alliances};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method as HttpMethod, Response, header};
use axum::middleware::Next;
use axum::routing::{MethodRouter, get, post};
use domain::api::{Call, CallName, DoorCall, KEY_HEADER, Method, ProblemCode, ReadCall, WriteCall};
use domain::id::WriteKey;
use frontend::text::Lang;
use std::future::Future;

/// Mounts a call without an effect: its method, path and types come from the contract.
pub fn read<C, F, Fut>(use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: ReadCall + Sync,
    C::Reply: Sync,
    F: Fn(App, Caller, C) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<C::Reply, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let lang = lang_of(request.headers());
        let reply = async {
            let app = match C::METHOD {
                Method::Get => app.at_one_moment().await?,
                // Nobody holds a connection while a body comes.
                Method::Post => app,
            };
            let (caller, call) = allowed::<C>(&app, request, lang).await?;
            json(&use_case(app, caller, call).await?)
        };
        answered(lang, reply).await
    };
    mounted::<C, _, _>(route)
}

/// A reply, or its problem in words under an id of its own.
async fn answered(lang: Lang, reply: impl Future<Output = Result<Response<Body>, Problem>>) -> Response<Body> {
    let request_id = request_id();
    reply
        .await
        .unwrap_or_else(|problem| problem.into_response(lang, &request_id))
}

/// Mounts a write. Its use case is handed a change and can only finish it: key, reply, audit entry and outbox row commit
/// with the effect.
pub fn write<C, F, Fut>(use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: WriteCall + Sync,
    C::Reply: Sync,
    F: Fn(App, Caller, Change, C) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let lang = lang_of(request.headers());
        let reply = async {
            let key = write_key(request.headers());
            let (caller, call) = allowed::<C>(&app, request, lang).await?;
            json_text(changes::once(&app, &caller, key?, call, &use_case).await?)
        };
        answered(lang, reply).await
    };
    mounted::<C, _, _>(route)
}

/// Mounts a write that needs something first that would hold up every other writer.
pub fn write_after<C, P, Prepare, Preparing, F, Fut>(prepare: Prepare, use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: WriteCall + Sync,
    C::Reply: Sync,
    P: Send + 'static,
    Prepare: Fn(App, Caller, C) -> Preparing + Clone + Send + Sync + 'static,
    Preparing: Future<Output = Result<P, Problem>> + Send + 'static,
    F: Fn(App, Caller, Change, C, P) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let lang = lang_of(request.headers());
        let reply = async {
            let key = write_key(request.headers());
            let (caller, call) = allowed::<C>(&app, request, lang).await?;
            json_text(changes::after(&app, &caller, key?, call, &prepare, &use_case).await?)
        };
        answered(lang, reply).await
    };
    mounted::<C, _, _>(route)
}

/// Mounts a call whose reply is a secret that is kept nowhere.
pub fn door<C, F, Fut>(use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: DoorCall + Sync,
    C::Reply: Sync,
    F: Fn(App, Caller, C) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<C::Reply, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let lang = lang_of(request.headers());
        let reply = async {
            let (caller, call) = allowed::<C>(&app, request, lang).await?;
            json(&use_case(app.clone(), caller, call).await?)
        };
        answered(lang, reply).await
    };
    mounted::<C, _, _>(route)
}

fn mounted<C: Call, H: Handler<T, App>, T: 'static>(route: H) -> (&'static str, MethodRouter<App>) {
    match C::METHOD {
        Method::Get => (C::PATH, get(route)),
        Method::Post => (C::PATH, post(route)),
    }
}

/// Who calls and what, once the matrix allows such a call to the caller at all; before that no body is read.
async fn allowed<C: Call>(app: &App, request: Request, lang: Lang) -> Result<(Caller, C), Problem> {
    let caller = whoever(app, request.headers(), lang).await?;
    caller.may(C::CALL)?;
    Ok((caller, decode::<C>(request).await?))
}

fn write_key(headers: &HeaderMap) -> Result<WriteKey, Problem> {
    let text = headers.get(KEY_HEADER).and_then(|value| value.to_str().ok());
    let key = text.and_then(|text| WriteKey::try_from(text.to_owned()).ok());
    key.ok_or_else(|| Problem::new(ProblemCode::KeyNeeded))
}

/// A private JSON reply.
pub fn json<T: serde::Serialize>(reply: &T) -> Result<Response<Body>, Problem> {
    json_text(serde_json::to_vec(reply).map_err(|error| Problem::internal(error.to_string()))?)
}

fn json_text(body: Vec<u8>) -> Result<Response<Body>, Problem> {
    let reply = Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from(body));
    reply.map_err(|error| Problem::internal(error.to_string()))
}

/// A call as query or as JSON.
pub async fn decode<C: Call>(request: Request) -> Result<C, Problem> {
    match C::METHOD {
        Method::Get => {
            let query = request.uri().query().unwrap_or_default();
            plain::form(query.as_bytes())
        }
        Method::Post => {
            let kind = request
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok());
            if kind.and_then(|kind| kind.split(';').next()).map(str::trim) != Some("application/json") {
                return Err(Problem::new(ProblemCode::UnsupportedMedia));
            }
            // Only who brings a file may say so much.
            let (bytes_max, chars_max) = match C::CALL {
                CallName::PreviewImport | CallName::ImportRequests => (FILE_BODY_BYTES_MAX, FILE_BODY_BYTES_MAX),
                _ => (BODY_BYTES_MAX, plain::TEXT_CHARS_MAX),
            };
            let body = body_up_to(request, bytes_max).await?;
            plain::json_up_to(&body, chars_max)
        }
    }
}

/// The body, when it is not larger and comes no slower than a call may.
pub async fn body(request: Request) -> Result<axum::body::Bytes, Problem> {
    body_up_to(request, BODY_BYTES_MAX).await
}

/// The same for one that may be larger.
pub async fn body_up_to(request: Request, bytes_max: usize) -> Result<axum::body::Bytes, Problem> {
    to_bytes(request.into_body(), bytes_max)
        .await
        .map_err(|error| match limits::is_too_slow(&error) {
            true => Problem::new(ProblemCode::TooSlow),
            false => Problem::new(ProblemCode::TooLarge),
        })
}

/// Refuses every unsafe request that comes from another site, before anything of it is read.
pub async fn own_site_only(request: Request, next: Next) -> Response<Body> {
    let is_safe = matches!(
        *request.method(),
        HttpMethod::GET | HttpMethod::HEAD | HttpMethod::OPTIONS
    );
    let checked = if is_safe { Ok(()) } else { same_site(request.headers()) };
    match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(lang_of(request.headers()), &request_id()),
    }
}

/// Browsers say where an unsafe request comes from; programs that say nothing are not browsers.
fn same_site(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let refused = || Problem::new(ProblemCode::CrossSite);
    if let Some(site) = text("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") {
            Ok(())
        } else {
            Err(refused())
        };
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) if origin.split("://").nth(1) == Some(host) => Ok(()),
        (None, _) => Ok(()),
        _ => Err(refused()),
    }
}

/// Who calls, unless a bar keeps them from everything but their own account.
pub async fn caller(app: &App, headers: &HeaderMap, lang: Lang) -> Result<Caller, Problem> {
    whoever(app, headers, lang).await?.unbarred()
}

/// Who calls, whatever keeps them: alliance, session, language and the civil time of the alliance. For doors, for the own
/// account, and for calls, of which the matrix says which ones a bar lets through.
pub async fn whoever(app: &App, headers: &HeaderMap, lang: Lang) -> Result<Caller, Problem> {
    let tx = app.read().await?;
    let token = session_token(app, headers);
    let known = match &token {
        Some(token) => session::actor(app, &tx, token).await?,
        None => None,
    };
    let session = token.filter(|_| known.is_some());
    let (actor, name, alliance) = match known {
        Some(known) => (Some(known.actor), known.name, known.alliance),
        // One alliance a server for visitors: the first that was founded.
        None => {
            let founded = alliances::list(&tx).await?;
            (
                None,
                String::new(),
                founded.into_iter().next().ok_or(StoreError::NotFound)?,
            )
        }
    };
    if let (Some(token), Some(actor)) = (&session, &actor) {
        let account = format!("{} {}", actor.alliance, actor.person);
        app.pace.belongs(&session::token_hash(token), &account);
    }
    Ok(Caller {
        name,
        session: session.map(|token| account::id_of(&session::token_hash(&token))),
        ..app.caller(&alliance, actor, lang)
    })
}

pub fn session_cookie_name(app: &App) -> &'static str {
    if app.config.secure_cookies {
        "__Host-gongxun"
    } else {
        "gongxun"
    }
}

pub fn session_token(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie(headers, session_cookie_name(app))
}

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The session cookie to set; an empty token takes it away.
pub fn session_cookie(app: &App, token: &str) -> String {
    let secure = if app.config.secure_cookies { "; Secure" } else { "" };
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}",
        session_cookie_name(app)
    )
}

/// The switch's cookie, then what the browser asks for, then Chinese.
pub fn lang_of(headers: &HeaderMap) -> Lang {
    let chosen = cookie(headers, LANG_COOKIE).and_then(|code| Lang::from_code(&code));
    let asked = || {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(Lang::accepted)
    };
    chosen.or_else(asked).unwrap_or_default()
}

pub const LANG_COOKIE: &str = "gongxun-lang";

pub fn request_id() -> String {
    crate::clock::new_id()
}

/// Answers what no route takes: a page for a person, a problem for a program.
pub async fn unknown(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = lang_of(request.headers());
    let page = request.method() == HttpMethod::GET && !request.uri().path().starts_with("/api/");
    match page {
        true => crate::pages::error(&app, &request.into_parts().0, Problem::not_found()).await,
        false => Problem::not_found().into_response(lang, &request_id()),
    }
}

/// Answers a known path with a method it does not take.
pub async fn wrong_method(request: Request) -> Response<Body> {
    let lang = lang_of(request.headers());
    Problem::new(ProblemCode::MethodNotAllowed).into_response(lang, &request_id())
}
