//! The plain forms of people and members: each runs the use case of its call and comes back to the page it stands on.

use super::asked::{Path, Query};
use super::forms::{key, posted};
use super::{Visit, id, sheet, show};
use crate::app::{App, Caller};
use crate::changes;
use crate::door::redirect;
use crate::http;
use crate::people::{duties, lessons};
use crate::problem::Problem;
use crate::store::{Change, Finished};
use crate::{clock, invitations, organizations as members, people as persons, session};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode, Uri};
use domain::api::*;
use domain::id::{OrganizationId, PersonId};
use frontend::parts::told::Told;
use frontend::text::{organizations as say_members, people as say};
use frontend::{Section, pages, paths};
use serde::Deserialize;

/// Which page a form stands on.
enum Place {
    Organizations,
    People(Option<OrganizationId>),
    Person(PersonId),
}

impl Place {
    fn path(&self) -> String {
        match self {
            Place::Organizations => paths::ORGANIZATIONS.to_owned(),
            Place::People(wanted) => {
                let wanted = wanted.as_ref().map(ToString::to_string).unwrap_or_default();
                paths::with_query(paths::PEOPLE, &[("organization", &wanted)])
            }
            Place::Person(person) => paths::person(person),
        }
    }
}

/// What the address asks for, and what it says has just been done.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    done: String,
    organization: Option<OrganizationId>,
}

impl Asked {
    fn told(&self) -> Told {
        match self.done.as_str() {
            "" => Told::Nothing,
            _ => Told::Saved,
        }
    }
}

pub async fn organizations(State(app): State<App>, Query(asked): Query<Asked>, parts: Parts) -> Response<Body> {
    shown(app, parts, Place::Organizations, asked.told(), None).await
}

pub async fn people(State(app): State<App>, Query(asked): Query<Asked>, parts: Parts) -> Response<Body> {
    let told = asked.told();
    shown(app, parts, Place::People(asked.organization), told, None).await
}

pub async fn person(
    State(app): State<App>,
    Path(text): Path,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response<Body> {
    match id(text) {
        Ok(person) => shown(app, parts, Place::Person(person), asked.told(), None).await,
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}

async fn shown(app: App, mut parts: Parts, place: Place, told: Told, link: Option<InvitationLink>) -> Response<Body> {
    // The language switch comes back to the page, whatever was posted to.
    parts.uri = place.path().parse().unwrap_or_else(|_| Uri::from_static(paths::HOME));
    let status = match &told {
        Told::Refused(code, _) => Problem::new(*code).status(),
        Told::Nothing | Told::Saved => StatusCode::OK,
    };
    let section = match place {
        Place::Organizations => Section::Organizations,
        Place::People(_) | Place::Person(_) => Section::People,
    };
    let mut reply = show(app, parts, section, async move |visit: Visit| {
        let ((app, caller), lang, key) = (visit.each(), visit.lang, clock::new_id());
        match place {
            Place::Organizations => {
                let view = members::list(app, caller, ListOrganizations {}).await?;
                let fresh = clock::new_id();
                sheet(say_members::title(lang), move || {
                    pages::organizations::page(lang, &view, &told, &key, &fresh)
                })
            }
            Place::People(organization) => {
                let view = persons::list(app, caller, ListPeople { organization }).await?;
                sheet(say::title(lang), move || {
                    pages::people::page(lang, &view, &told, link.as_ref(), &key)
                })
            }
            Place::Person(person) => {
                let view = duties::read(app, caller, ReadDuties { person }).await?;
                sheet(say::duties_of(lang, &view.name), move || {
                    pages::duties::page(lang, &view, &told, None, &key)
                })
            }
        }
    })
    .await;
    if reply.status().is_success() {
        *reply.status_mut() = status;
    }
    reply
}

/// Runs a write, and comes back to the page that its call stands on.
async fn write<C, F, Fut>(app: App, request: Request, place: fn(&C) -> Place, use_case: F) -> Response<Body>
where
    C: WriteCall,
    F: Fn(App, Caller, Change, C) -> Fut,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>>,
{
    let (parts, body) = request.into_parts();
    let mut at = None;
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(C::CALL)?;
        let (call, given) = posted::<C>(Request::from_parts(parts.clone(), body)).await?;
        at = Some(place(&call));
        changes::once(&app, &caller, key(given)?, call, &use_case).await
    };
    match (done.await, at) {
        (Ok(_), Some(place)) => redirect(&with_done(&place.path()), None),
        (Err(problem), Some(place)) if problem.code != ProblemCode::NotFound => {
            shown(app, parts, place, Told::Refused(problem.code, problem.violations), None).await
        }
        (Err(problem), _) => super::error(&app, &parts, problem).await,
        (Ok(_), None) => redirect(paths::HOME, None),
    }
}

fn with_done(path: &str) -> String {
    format!("{path}{}done=1", if path.contains('?') { "&" } else { "?" })
}

/// A form that stands in the bar or on an invitation: it leads home.
async fn lead_home<C, F, Fut>(app: App, request: Request, use_case: F) -> Response<Body>
where
    C: WriteCall,
    F: Fn(App, Caller, Change, C) -> Fut,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>>,
{
    let (parts, body) = request.into_parts();
    let done = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(C::CALL)?;
        let (call, given) = posted::<C>(Request::from_parts(parts.clone(), body)).await?;
        changes::once(&app, &caller, key(given)?, call, &use_case).await
    };
    match done.await {
        Ok(_) => redirect(paths::HOME, None),
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}

macro_rules! writes {
    ($($name:ident $call:ident $place:expr, $use_case:path;)+) => {$(
        pub async fn $name(State(app): State<App>, request: Request) -> Response<Body> {
            write::<$call, _, _>(app, request, $place, $use_case).await
        }
    )+};
}

writes! {
    admit AdmitOrganization |_| Place::Organizations, members::admit;
    suspend SuspendOrganization |_| Place::Organizations, members::suspend;
    lift LiftSuspension |_| Place::Organizations, members::lift;
    leave LetOrganizationLeave |_| Place::Organizations, members::leave;
    readmit ReadmitOrganization |_| Place::Organizations, members::readmit;
    revoke RevokeInvitation |_| Place::People(None), invitations::revoke;
    set_second_factor_rule SetSecondFactorRule |_| Place::People(None), persons::set_second_factor_rule;
    set_role SetRole |_| Place::People(None), persons::set_role;
    take_role TakeRole |_| Place::People(None), persons::take_role;
    deactivate DeactivatePerson |call| Place::Person(call.person.clone()), persons::deactivate;
    reactivate ReactivatePerson |call| Place::Person(call.person.clone()), persons::reactivate;
    hand_over_lesson HandOverLesson |call| Place::Person(call.person.clone()), lessons::hand_over;
    hand_over HandOver |call| Place::Person(call.from.clone()), duties::hand_over;
}

pub async fn act_for(State(app): State<App>, request: Request) -> Response<Body> {
    lead_home::<ActFor, _, _>(app, request, session::act_for).await
}

pub async fn join_as_self(State(app): State<App>, request: Request) -> Response<Body> {
    lead_home::<JoinAsSelf, _, _>(app, request, invitations::join_as_self).await
}

/// The one reply with a link in it: it is kept nowhere, so it is the answer itself and no page that is led to.
pub async fn invite(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut at = None;
    let made = async {
        let caller = http::caller(&app, &parts.headers, http::lang_of(&parts.headers)).await?;
        caller.may(CallName::InvitePerson)?;
        let (call, _) = posted::<InvitePerson>(Request::from_parts(parts.clone(), body)).await?;
        at = Some(Place::People(call.organization.clone()));
        invitations::invite(app.clone(), caller, call).await
    };
    match (made.await, at) {
        (Ok(link), at) => shown(app, parts, at.unwrap_or(Place::People(None)), Told::Nothing, Some(link)).await,
        (Err(problem), Some(place)) => {
            shown(app, parts, place, Told::Refused(problem.code, problem.violations), None).await
        }
        (Err(problem), None) => super::error(&app, &parts, problem).await,
    }
}
