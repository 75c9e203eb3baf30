//! Coming in and going out: the session calls of the API, the plain sign-in form, the language switch.

use crate::address;
use crate::app::App;
use crate::edge::plain;
use crate::http::{self, LANG_COOKIE};
use crate::invitations;
use crate::pages;
use crate::pages::asked::{Path, Query};
use crate::problem::Problem;
use crate::session;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use domain::api::{AcceptInvitation, SignIn, SignOut};
use domain::password::Password;
use frontend::paths;
use frontend::text::Lang;
use serde::Deserialize;
use std::net::SocketAddr;

/// `POST /api/v1/session/sign-in`: the cookie comes with the reply.
pub async fn sign_in(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let reply = async {
        let address = address_of(&app, &request);
        let caller = http::whoever(&app, request.headers(), lang).await?;
        let brought = http::session_token(&app, request.headers());
        let call = http::decode::<SignIn>(request).await?;
        let (view, token) = session::sign_in(&app, &caller, call, &address, brought.as_deref()).await?;
        with_cookie(http::json(&view)?, &http::session_cookie(&app, &token))
    };
    reply
        .await
        .unwrap_or_else(|problem: Problem| problem.into_response(lang, &http::request_id()))
}

/// `POST /api/v1/session/sign-out`.
pub async fn sign_out(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let reply = async {
        let token = http::session_token(&app, request.headers());
        let caller = http::whoever(&app, request.headers(), lang).await?;
        http::decode::<SignOut>(request).await?;
        let done = session::sign_out(&app, &caller, token.as_deref()).await?;
        with_cookie(http::json(&done)?, &http::session_cookie(&app, ""))
    };
    reply
        .await
        .unwrap_or_else(|problem: Problem| problem.into_response(lang, &http::request_id()))
}

/// `POST /api/v1/session/join`: the cookie comes with the reply.
pub async fn accept_invitation(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let reply = async {
        // An invitation may be the first thing that ever comes to a server: there may be no caller yet.
        let caller = http::whoever(&app, request.headers(), lang).await?;
        let call = http::decode::<AcceptInvitation>(request).await?;
        let (view, token) = invitations::accept(&app, &caller, call).await?;
        with_cookie(http::json(&view)?, &http::session_cookie(&app, &token))
    };
    reply
        .await
        .unwrap_or_else(|problem: Problem| problem.into_response(lang, &http::request_id()))
}

#[derive(Deserialize)]
struct Guest {
    login: String,
    name: String,
    password: Password,
    /// A ticket from the way to the identity provider and back.
    identity: Option<Password>,
}

/// The plain form that an invitation opens.
pub async fn join(State(app): State<App>, Path(token): Path, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let (parts, body) = request.into_parts();
    let (mut login, mut name) = (String::new(), String::new());
    let joined = async {
        let body = http::body(Request::from_parts(parts.clone(), body)).await?;
        let guest: Guest = plain::form(&body)?;
        (login, name) = (guest.login.clone(), guest.name.clone());
        let caller = http::whoever(&app, &parts.headers, lang).await?;
        let call = AcceptInvitation {
            token: Password(token.clone()),
            login: guest.login,
            name: guest.name,
            password: guest.password,
            identity: guest.identity,
        };
        invitations::accept(&app, &caller, call).await
    };
    match joined.await {
        Ok((_, token)) => redirect(paths::HOME, Some(&http::session_cookie(&app, &token))),
        Err(problem) => pages::forms::join_again(app, parts, token, login, name, problem).await,
    }
}

#[derive(Deserialize)]
struct Entry {
    login: String,
    password: Password,
    #[serde(default)]
    code: String,
    #[serde(default)]
    back: String,
}

/// The plain form of the sign-in page; works without scripts.
pub async fn enter(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let address = address_of(&app, &whole);
    let mut login = String::new();
    let mut back = String::new();
    let entered = async {
        let body = http::body(whole).await?;
        let entry: Entry = plain::form(&body)?;
        (login, back) = (entry.login.clone(), entry.back);
        let caller = http::whoever(&app, &parts.headers, lang).await?;
        let call = SignIn {
            login: entry.login,
            password: entry.password,
            code: Some(entry.code),
        };
        let brought = http::session_token(&app, &parts.headers);
        session::sign_in(&app, &caller, call, &address, brought.as_deref()).await
    };
    match entered.await {
        Ok((_, token)) => redirect(&own_path(&back), Some(&http::session_cookie(&app, &token))),
        Err(problem) => pages::sign_in_again(&app, &parts, &login, &back, problem).await,
    }
}

/// The sign-out button of the bar.
pub async fn leave(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let lang = http::lang_of(&headers);
    let left = async {
        let caller = http::whoever(&app, &headers, lang).await?;
        session::sign_out(&app, &caller, http::session_token(&app, &headers).as_deref()).await
    };
    match left.await {
        Ok(_) => redirect(paths::SIGN_IN, Some(&http::session_cookie(&app, ""))),
        Err(problem) => problem.into_response(lang, &http::request_id()),
    }
}

#[derive(Deserialize)]
pub struct Switch {
    to: String,
    #[serde(default)]
    back: String,
}

/// Sets the language for a year and comes back.
pub async fn switch_language(Query(switch): Query<Switch>) -> Response<Body> {
    let lang = Lang::from_code(&switch.to).unwrap_or_default();
    let cookie = format!("{LANG_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.code());
    redirect(&own_path(&switch.back), Some(&cookie))
}

/// A path of this site; anything that could lead elsewhere becomes the home page.
pub fn own_path(back: &str) -> String {
    let safe = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains('\\')
        && back.chars().all(|c| c.is_ascii() && !c.is_ascii_control());
    if safe { back.to_owned() } else { paths::HOME.to_owned() }
}

pub fn redirect(to: &str, cookie: Option<&str>) -> Response<Body> {
    let mut reply = Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to);
    if let Some(cookie) = cookie {
        reply = reply.header(header::SET_COOKIE, cookie);
    }
    reply.body(Body::empty()).expect("a response of checked parts")
}

fn with_cookie(mut reply: Response<Body>, cookie: &str) -> Result<Response<Body>, Problem> {
    let value = cookie
        .parse()
        .map_err(|_| Problem::internal("a cookie that is no header"))?;
    reply.headers_mut().insert(header::SET_COOKIE, value);
    Ok(reply)
}

pub fn address_of(app: &App, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let said = request.headers().get_all("x-forwarded-for").iter();
    let forwarded: Vec<&str> = said.filter_map(|value| value.to_str().ok()).collect();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    address::of(&app.config.trusted_proxies, peer, &forwarded.join(","))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn sign_in_never_leads_to_another_site() {
        for bad in [
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "",
            "javascript:1",
            "/a\r\nb",
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
        assert_eq!(own_path("/requests?state=draft"), "/requests?state=draft");
    }
}
