//! The walk of every page: find the caller, load the view by its use case, frame the page. No decision is made here.

pub mod asked;
pub mod forms;
pub mod imports;
pub mod loaders;
pub mod membership;
pub mod personal;
pub mod sign_on;

use self::asked::{Path, filter};
use crate::app::{App, Caller};
use crate::door::redirect;
use crate::headers::Nonce;
use crate::http;
use crate::problem::Problem;
use crate::session;
use crate::store::alliances;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode, header};
use domain::api::*;
use frontend::pages::sign_in::Attempt;
use frontend::text::{Lang, site};
use frontend::{Assets, Bundle, Frame, Module, Section};
use frontend::{pages, paths};
use leptos::prelude::{AnyView, IntoAny, IntoView};

/// A page before it is framed: its title and how to draw it.
struct Sheet {
    title: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

fn sheet<V>(title: impl Into<String>, draw: impl FnOnce() -> V + Send + 'static) -> Result<Sheet, Problem>
where
    V: IntoView + IntoAny + 'static,
{
    Ok(Sheet {
        title: title.into(),
        draw: Box::new(move || draw().into_any()),
    })
}

/// Who visits, in which language.
#[derive(Clone)]
struct Visit {
    app: App,
    caller: Caller,
    lang: Lang,
}

impl Visit {
    async fn viewer(&self) -> Option<SessionView> {
        viewer(&self.app, Some(&self.caller)).await
    }

    /// What every use case is handed.
    fn each(&self) -> (App, Caller) {
        (self.app.clone(), self.caller.clone())
    }
}

/// The walk of every page: caller, view, frame; a problem becomes a page of its own with its own status.
async fn show<F, Fut>(app: App, parts: Parts, section: Section, load: F) -> Response<Body>
where
    F: FnOnce(Visit) -> Fut,
    Fut: Future<Output = Result<Sheet, Problem>> + Send,
{
    let app = at_one_moment(app).await;
    let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await;
    show_to(caller, app, parts, section, load).await
}

/// A page is read from one snapshot; while there is none, whoever looks for the caller finds out why.
async fn at_one_moment(app: App) -> App {
    app.at_one_moment().await.unwrap_or(app)
}

/// The same for a caller who has been found already, or whom something keeps.
async fn show_to<F, Fut>(
    caller: Result<Caller, Problem>,
    app: App,
    parts: Parts,
    section: Section,
    load: F,
) -> Response<Body>
where
    F: FnOnce(Visit) -> Fut,
    Fut: Future<Output = Result<Sheet, Problem>> + Send,
{
    let lang = http::lang_of(&parts.headers);
    let loaded = async {
        let caller = caller?;
        let sheet = load(Visit {
            app: app.clone(),
            caller: caller.clone(),
            lang,
        })
        .await?;
        Ok((caller, sheet))
    };
    match loaded.await {
        Ok((caller, sheet)) => framed(app, &parts, Some(&caller), section, StatusCode::OK, sheet).await,
        Err(problem) => {
            // What failed may have been the snapshot itself.
            let afresh = app.at_any_moment();
            drop(app);
            error(&afresh, &parts, problem).await
        }
    }
}

/// A problem as a page; who is not signed in is led to the door and back, and whom a bar keeps to what takes it away.
pub async fn error(app: &App, parts: &Parts, problem: Problem) -> Response<Body> {
    if matches!(
        problem.code,
        ProblemCode::SecondFactorNeeded | ProblemCode::PasswordExpired
    ) {
        return redirect(paths::ACCOUNT, None);
    }
    if problem.code == ProblemCode::SignInNeeded {
        return redirect(&paths::with_query(paths::SIGN_IN, &[("back", &address(parts))]), None);
    }
    let lang = http::lang_of(&parts.headers);
    let request_id = http::request_id();
    if problem.status().is_server_error() {
        tracing::error!(request_id, code = ?problem.code, hint = problem.hint, "a page failed");
    }
    let status = problem.status();
    let title = problem.to_api(lang, &request_id).title;
    let draw = move || pages::failure::page(lang, status.as_u16(), problem.code, &problem.violations, &request_id);
    let sheet = Sheet {
        title,
        draw: Box::new(draw),
    };
    let app = at_one_moment(app.clone()).await;
    let caller = http::whoever(&app, &parts.headers, lang).await.ok();
    framed(app, parts, caller.as_ref(), Section::Outside, status, sheet).await
}

fn module(app: &App, bundle: Bundle) -> Module {
    let address = |kind: &str| app.site.address(&format!("{}.{kind}", bundle.name()));
    Module {
        js: address("js"),
        wasm: address("wasm"),
    }
}

async fn framed(
    app: App,
    parts: &Parts,
    caller: Option<&Caller>,
    section: Section,
    status: StatusCode,
    sheet: Sheet,
) -> Response<Body> {
    let viewer = viewer(&app, caller).await;
    let alliance = match &viewer {
        Some(viewer) => viewer.alliance.clone(),
        None => alliance_name(&app, caller).await,
    };
    let frame = Frame {
        lang: http::lang_of(&parts.headers),
        title: sheet.title,
        nonce: parts
            .extensions
            .get::<Nonce>()
            .map(|nonce| nonce.0.clone())
            .unwrap_or_default(),
        assets: Assets {
            css: app.site.address("css"),
            boot: app.site.address("boot.js"),
            icon: app.site.address("icon.svg"),
            modules: Bundle::ALL.map(|bundle| (bundle, module(&app, bundle))).into(),
        },
        viewer,
        key: crate::clock::new_id(),
        path: address(parts),
        alliance,
        section,
    };
    // Drawing asks the database for nothing: somebody else may have the connection.
    drop(app);
    let html = frontend::render(sheet.draw, frame);
    let reply = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from(html));
    reply.expect("a response of known parts")
}

async fn viewer(app: &App, caller: Option<&Caller>) -> Option<SessionView> {
    let caller = caller?;
    let actor = caller.actor.as_ref()?;
    let tx = app.read().await.ok()?;
    session::view(app, &tx, actor, &caller.name).await.ok()
}

async fn alliance_name(app: &App, caller: Option<&Caller>) -> String {
    let name = async {
        let tx = app.read().await.ok()?;
        alliances::get(&tx, &caller?.alliance)
            .await
            .ok()
            .map(|alliance| alliance.name)
    };
    name.await.unwrap_or_default()
}

fn address(parts: &Parts) -> String {
    parts
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_else(|| paths::HOME.to_owned())
}

/// A typed id of a path; an ill-formed one names nothing.
fn id<T: TryFrom<String>>(text: String) -> Result<T, Problem> {
    T::try_from(text).map_err(|_| Problem::not_found())
}

/// What the button to the identity provider says, where there is one.
fn sign_on_label(app: &App, lang: Lang) -> Option<String> {
    let settings = &app.sign_on.as_ref()?.settings;
    Some(lang.pick(settings.label.clone(), settings.label_en.clone()))
}

/// The form once more, with what was wrong; the password is not repeated.
pub async fn sign_in_again(app: &App, parts: &Parts, login: &str, back: &str, problem: Problem) -> Response<Body> {
    let lang = http::lang_of(&parts.headers);
    let attempt = Attempt {
        back: back.to_owned(),
        login: login.to_owned(),
        refused: Some(problem.code),
        sign_on: sign_on_label(app, lang),
    };
    let draw = move || pages::sign_in::page(lang, &attempt).into_any();
    let sheet = Sheet {
        title: site::sign_in(lang).to_owned(),
        draw: Box::new(draw),
    };
    let app = at_one_moment(app.clone()).await;
    let caller = http::whoever(&app, &parts.headers, lang).await.ok();
    framed(app, parts, caller.as_ref(), Section::Outside, problem.status(), sheet).await
}

pub async fn asset(State(app): State<App>, Path(name): Path, headers: HeaderMap) -> Response<Body> {
    app.site.respond(&name, &headers)
}
