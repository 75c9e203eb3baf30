//! The adapter between HTTP and use cases, written once: find the caller, decode the call, run, encode.

use crate::app::{App, Caller};
use crate::config::BODY_BYTES_MAX;
use crate::problem::Problem;
use crate::session;
use crate::store::{StoreError, alliances};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method as HttpMethod, Response, header};
use axum::routing::{MethodRouter, get, post};
use domain::api::{Call, Method, ProblemCode};
use frontend::text::Lang;
use std::future::Future;

/// Mounts one call: its method, path and types come from the contract.
pub fn call<C, F, Fut>(use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: Call + Sync,
    C::Reply: Sync,
    F: Fn(App, Caller, C) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<C::Reply, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let (lang, request_id) = (lang_of(request.headers()), request_id());
        let reply = answer(&app, request, lang, &use_case).await;
        reply.unwrap_or_else(|problem| problem.into_response(lang, &request_id))
    };
    match C::METHOD {
        Method::Get => (C::PATH, get(route)),
        Method::Post => (C::PATH, post(route)),
    }
}

async fn answer<C, F, Fut>(app: &App, request: Request, lang: Lang, use_case: &F) -> Result<Response<Body>, Problem>
where
    C: Call,
    F: Fn(App, Caller, C) -> Fut,
    Fut: Future<Output = Result<C::Reply, Problem>>,
{
    let caller = caller(app, request.headers(), lang).await?;
    let call = decode::<C>(request).await?;
    let reply = use_case(app.clone(), caller, call).await?;
    json(&reply)
}

/// A private JSON reply.
pub fn json<T: serde::Serialize>(reply: &T) -> Result<Response<Body>, Problem> {
    let body = serde_json::to_vec(reply).map_err(|error| Problem::internal(error.to_string()))?;
    let reply = Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from(body));
    reply.map_err(|error| Problem::internal(error.to_string()))
}

/// Reads carry the call as query, writes as JSON; a write from another site is refused before it is read.
pub async fn decode<C: Call>(request: Request) -> Result<C, Problem> {
    match C::METHOD {
        Method::Get => {
            let query = request.uri().query().unwrap_or_default();
            serde_urlencoded::from_str(query).map_err(|error| Problem::malformed(error.to_string()))
        }
        Method::Post => {
            same_site(request.headers())?;
            let kind = request
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok());
            if kind.and_then(|kind| kind.split(';').next()).map(str::trim) != Some("application/json") {
                return Err(Problem::new(ProblemCode::UnsupportedMedia));
            }
            let body = body(request).await?;
            serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))
        }
    }
}

/// The body, when it is not larger than a call may be.
pub async fn body(request: Request) -> Result<axum::body::Bytes, Problem> {
    to_bytes(request.into_body(), BODY_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(ProblemCode::TooLarge))
}

/// Browsers say where an unsafe request comes from; programs that say nothing are not browsers.
pub fn same_site(headers: &HeaderMap) -> Result<(), Problem> {
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

/// Who calls: alliance, session, language and the civil time of the alliance.
pub async fn caller(app: &App, headers: &HeaderMap, lang: Lang) -> Result<Caller, Problem> {
    let tx = app.store.read().await?;
    let actor = match session_token(app, headers) {
        Some(token) => session::actor(app, &tx, &token).await?,
        None => None,
    };
    let alliance = match &actor {
        Some(actor) => alliances::get(&tx, &actor.alliance).await?,
        // One alliance a server for visitors: the first that was founded.
        None => alliances::list(&tx)
            .await?
            .into_iter()
            .next()
            .ok_or(StoreError::NotFound)?,
    };
    Ok(app.caller(&alliance, actor, lang))
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
