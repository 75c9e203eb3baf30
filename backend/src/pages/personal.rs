//! The plain forms about what is kept about a person. A number in full and the file with everything are answers
//! themselves, and no pages that are led to: they are kept nowhere.

use super::asked::Path;
use super::forms::{self, key, posted};
use super::{Visit, id, sheet, show};
use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::door::redirect;
use crate::http;
use crate::people::duties;
use crate::personal;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use domain::api::*;
use domain::id::PersonId;
use frontend::pages::account::Outcome;
use frontend::parts::told::Told;
use frontend::text::{people as say_people, personal as say};
use frontend::{Section, pages, paths};

async fn caller<C: Call>(app: &App, parts: &Parts) -> Result<Caller, Problem> {
    let caller = http::caller(app, &parts.headers, http::lang_of(&parts.headers)).await?;
    caller.may(C::CALL)?;
    Ok(caller)
}

pub async fn set_own_phone(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = caller::<SetOwnPhone>(&app, &parts).await?;
        let (call, given) = posted::<SetOwnPhone>(Request::from_parts(parts.clone(), body)).await?;
        changes::once(&app, &caller, key(given)?, call, &personal::set_own_phone).await?;
        Ok("phone")
    };
    let done = done.await;
    forms::answered(app, parts, done).await
}

pub async fn reveal_own_phone(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let seen = async {
        let caller = caller::<RevealOwnPhone>(&app, &parts).await?;
        personal::reveal_own_phone(app.clone(), caller, RevealOwnPhone {}).await
    };
    match seen.await {
        Ok(phone) => forms::shown(app, parts, Outcome::Phone(phone.number)).await,
        Err(problem) => forms::answered(app, parts, Err(problem)).await,
    }
}

/// A file to be kept, by the name of what it is.
pub async fn export_own(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let exported = async {
        let caller = caller::<ExportOwnData>(&app, &parts).await?;
        let export = personal::export_own(app.clone(), caller, ExportOwnData {}).await?;
        http::json(&export)
    };
    match exported.await {
        Ok(mut reply) => {
            let name = HeaderValue::from_static("attachment; filename=\"gongxun-person.json\"");
            reply.headers_mut().insert(header::CONTENT_DISPOSITION, name);
            reply
        }
        Err(problem) => forms::answered(app, parts, Err(problem)).await,
    }
}

pub async fn set_phone(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut at = None;
    let done = async {
        let caller = caller::<SetPhone>(&app, &parts).await?;
        let (call, given) = posted::<SetPhone>(Request::from_parts(parts.clone(), body)).await?;
        at = Some(call.person.clone());
        changes::once(&app, &caller, key(given)?, call, &personal::set_phone).await
    };
    match (done.await, at) {
        (Ok(_), Some(person)) => redirect(&paths::with_query(&paths::person(&person), &[("done", "1")]), None),
        (Ok(_), None) => redirect(paths::PEOPLE, None),
        (Err(problem), Some(person)) if problem.code == ProblemCode::RulesBroken => {
            person_page(
                app,
                parts,
                person,
                Told::Refused(problem.code, problem.violations),
                None,
            )
            .await
        }
        (Err(problem), _) => super::error(&app, &parts, problem).await,
    }
}

pub async fn reveal_phone(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let seen = async {
        let caller = caller::<RevealPhone>(&app, &parts).await?;
        let (call, _) = posted::<RevealPhone>(Request::from_parts(parts.clone(), body)).await?;
        personal::reveal_phone(app.clone(), caller, call).await
    };
    match seen.await {
        Ok(phone) => person_page(app, parts, phone.person, Told::Nothing, Some(phone.number)).await,
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}

/// The page of a person, with what was wrong or with the number in full.
async fn person_page(
    app: App,
    mut parts: Parts,
    person: PersonId,
    told: Told,
    number: Option<String>,
) -> Response<Body> {
    // The language switch comes back to the page, whatever was posted to.
    parts.uri = paths::person(&person)
        .parse()
        .unwrap_or_else(|_| Uri::from_static(paths::HOME));
    let status = match &told {
        Told::Refused(code, _) => Problem::new(*code).status(),
        Told::Nothing | Told::Saved => StatusCode::OK,
    };
    let mut reply = show(app, parts, Section::People, async move |visit: Visit| {
        let ((app, caller), lang, key) = (visit.each(), visit.lang, clock::new_id());
        let view = duties::read(app, caller, ReadDuties { person }).await?;
        sheet(say_people::duties_of(lang, &view.name), move || {
            pages::duties::page(lang, &view, &told, number.as_deref(), &key)
        })
    })
    .await;
    if reply.status().is_success() {
        *reply.status_mut() = status;
    }
    reply
}

pub async fn ask_to_erase(State(app): State<App>, Path(text): Path, parts: Parts) -> Response<Body> {
    let person: PersonId = match id(text) {
        Ok(person) => person,
        Err(problem) => return super::error(&app, &parts, problem).await,
    };
    show(app, parts, Section::People, async move |visit: Visit| {
        let ((app, caller), lang, key) = (visit.each(), visit.lang, clock::new_id());
        caller.may(CallName::ErasePerson)?;
        let view = duties::read(app, caller, ReadDuties { person }).await?;
        if !view.erasable {
            return Err(Problem::not_found());
        }
        sheet(say::erase_title(lang, &view.name), move || {
            pages::personal::erase(lang, &view, &key)
        })
    })
    .await
}

pub async fn erase(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = caller::<ErasePerson>(&app, &parts).await?;
        let (call, given) = posted::<ErasePerson>(Request::from_parts(parts.clone(), body)).await?;
        changes::once(&app, &caller, key(given)?, call, &personal::erase).await
    };
    match done.await {
        Ok(_) => redirect(&paths::with_query(paths::PEOPLE, &[("done", "1")]), None),
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}
