//! One loader a page: the query, the use case, the page function.

use super::asked::{Path, Query};
use super::forms::DoneBefore;
use super::{Sheet, Visit, alliance_name, filter, id, sheet, show, sign_on_label};
use crate::app::App;
use crate::problem::Problem;
use crate::{audit, catalog, home, ledger, notices, plans, requests, rounds, timetable};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::Response;
use axum::http::request::Parts;
use domain::api::*;
use domain::id::*;
use domain::request::RequestState;
use frontend::Section;
use frontend::pages;
use frontend::pages::sign_in::Attempt;
use frontend::text::site;
use serde::Deserialize;

pub async fn home(State(app): State<App>, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Home, async move |visit: Visit| {
        let (app, caller) = visit.each();
        if caller.actor.is_none() {
            let alliance = alliance_name(&app, Some(&caller)).await;
            return sheet(site::home(visit.lang), move || {
                pages::home::welcome(visit.lang, &alliance)
            });
        }
        let view = home::read(app, caller, ReadHome {}).await?;
        sheet(site::home(visit.lang), move || pages::home::page(visit.lang, &view))
    })
    .await
}

#[derive(Deserialize, Default)]
pub struct Back {
    #[serde(default)]
    back: String,
}

pub async fn sign_in(State(app): State<App>, Query(back): Query<Back>, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Outside, async move |visit: Visit| {
        let lang = visit.lang;
        let attempt = Attempt {
            back: back.back,
            sign_on: sign_on_label(&visit.app, lang),
            ..Attempt::default()
        };
        sheet(site::sign_in(lang), move || pages::sign_in::page(lang, &attempt))
    })
    .await
}

pub async fn catalog(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Catalog, async move |visit: Visit| {
        let asked: pages::catalog::Wanted = filter(query)?;
        let (app, caller) = visit.each();
        let view = catalog::read(app, caller, ReadCatalog {}).await?;
        sheet(site::catalog(visit.lang), move || {
            pages::catalog::page(visit.lang, &view, &asked)
        })
    })
    .await
}

pub async fn instructors(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Instructors, async move |visit: Visit| {
        let asked: pages::instructors::Wanted = filter(query)?;
        let (app, caller) = visit.each();
        let view = catalog::read(app, caller, ReadCatalog {}).await?;
        sheet(site::instructors(visit.lang), move || {
            pages::instructors::page(visit.lang, &view, &asked)
        })
    })
    .await
}

#[derive(Deserialize, Default)]
struct OfWeek {
    week: Option<domain::time::Week>,
}

async fn thing(app: App, parts: Parts, section: Section, kind: ThingKind, id: String) -> Response<Body> {
    let query = parts.uri.query().map(ToOwned::to_owned);
    show(app, parts, section, async move |visit: Visit| {
        let OfWeek { week } = filter(query)?;
        let (app, caller) = visit.each();
        let view = catalog::read_week(app, caller, ReadThingWeek { kind, id, week }).await?;
        sheet(view.name.clone(), move || pages::thing::page(visit.lang, &view))
    })
    .await
}

pub async fn room(State(app): State<App>, Path(id): Path, parts: Parts) -> Response<Body> {
    thing(app, parts, Section::Catalog, ThingKind::Room, id).await
}

pub async fn equipment(State(app): State<App>, Path(id): Path, parts: Parts) -> Response<Body> {
    thing(app, parts, Section::Catalog, ThingKind::Equipment, id).await
}

pub async fn instructor(State(app): State<App>, Path(id): Path, parts: Parts) -> Response<Body> {
    thing(app, parts, Section::Instructors, ThingKind::Instructor, id).await
}

#[derive(Deserialize, Default)]
struct RequestsFilter {
    round: Option<RoundId>,
    organization: Option<OrganizationId>,
    state: Option<RequestState>,
}

pub async fn requests(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    Query(before): Query<DoneBefore>,
    parts: Parts,
) -> Response<Body> {
    show(app, parts, Section::Requests, async move |visit: Visit| {
        let wanted: pages::requests::Wanted = filter(query.clone())?;
        let RequestsFilter {
            round,
            organization,
            state,
        } = filter(query)?;
        let (app, caller) = visit.each();
        let beside = pages::requests::Beside {
            may_import: caller.may(CallName::ImportRequests).is_ok(),
            imported: before.done == "imported",
        };
        let view = requests::list(
            app,
            caller,
            ListRequests {
                round,
                organization,
                state,
            },
        )
        .await?;
        sheet(site::requests(visit.lang), move || {
            pages::requests::page(visit.lang, &view, &wanted, beside)
        })
    })
    .await
}

#[derive(Deserialize, Default)]
struct OfRound {
    round: Option<RoundId>,
}

pub async fn request_new(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Requests, async move |visit: Visit| {
        let OfRound { round } = filter(query)?;
        form(visit, ReadForm { round, id: None }).await
    })
    .await
}

pub async fn request_edit(State(app): State<App>, Path(text): Path, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Requests, async move |visit: Visit| {
        let call = ReadForm {
            round: None,
            id: Some(id(text)?),
        };
        form(visit, call).await
    })
    .await
}

async fn form(visit: Visit, call: ReadForm) -> Result<Sheet, Problem> {
    let (app, caller) = visit.each();
    let view = requests::form(app, caller, call).await?;
    sheet(site::requests(visit.lang), move || {
        pages::request_form::page(visit.lang, &view)
    })
}

pub async fn request(State(app): State<App>, Path(text): Path, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Requests, async move |visit: Visit| {
        let (app, caller) = visit.each();
        let view = requests::read(app, caller, ReadRequest { id: id(text)? }).await?;
        sheet(view.reference.clone(), move || pages::request::page(visit.lang, &view))
    })
    .await
}

pub async fn rounds(State(app): State<App>, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Rounds, async move |visit: Visit| {
        let (app, caller) = visit.each();
        let view = rounds::list(app, caller, ListRounds {}).await?;
        sheet(site::board(visit.lang), move || pages::rounds::page(visit.lang, &view))
    })
    .await
}

#[derive(Deserialize, Default)]
struct RoundFilter {
    organization: Option<OrganizationId>,
    state: Option<RequestState>,
    /// Part of a purpose or reference.
    #[serde(default)]
    text: String,
}

pub async fn round(
    State(app): State<App>,
    Path(text): Path,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response<Body> {
    show(app, parts, Section::Rounds, async move |visit: Visit| {
        let RoundFilter {
            organization,
            state,
            text: words,
        } = filter(query)?;
        let id: RoundId = id(text)?;
        let (app, caller) = visit.each();
        let view = rounds::read(app.clone(), caller.clone(), ReadRound { id: id.clone() }).await?;
        let call = ListRequests {
            round: Some(id),
            organization,
            state,
        };
        let asked = requests::of_round(app, caller, call.clone(), view.round.clone()).await?;
        sheet(site::board(visit.lang), move || {
            pages::round::page(visit.lang, &view, &asked, &call, &words)
        })
    })
    .await
}

#[derive(Deserialize, Default)]
struct OfPlan {
    plan: Option<PlanId>,
}

/// The board of the plan asked for, else of the published or the latest one.
pub async fn board(
    State(app): State<App>,
    Path(text): Path,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Response<Body> {
    show(app, parts, Section::Board, async move |visit: Visit| {
        let OfPlan { plan } = filter(query)?;
        let (app, caller) = visit.each();
        let plan = match plan {
            Some(plan) => plan,
            None => plans::to_open(&app, &caller, &id(text)?).await?,
        };
        let view = plans::board(app, caller, ReadBoard { plan }).await?;
        sheet(site::board(visit.lang), move || pages::board::page(visit.lang, &view))
    })
    .await
}

#[derive(Deserialize, Default)]
struct TimetableFilter {
    week: Option<domain::time::Week>,
    by: Option<TimetableBy>,
    id: Option<String>,
}

pub async fn timetable(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Timetable, async move |visit: Visit| {
        let TimetableFilter { week, by, id } = filter(query)?;
        let (app, caller) = visit.each();
        // An instructor opens the own week, a member the organization's, a visitor the first room's.
        let usual = match &caller.actor {
            Some(actor) if actor.instructor.is_some() => TimetableBy::Instructor,
            Some(actor) if actor.organization.is_some() => TimetableBy::Organization,
            _ => TimetableBy::Room,
        };
        let view = timetable::read(
            app,
            caller,
            ReadTimetable {
                week,
                by: by.unwrap_or(usual),
                id,
            },
        )
        .await?;
        sheet(site::timetable(visit.lang), move || {
            pages::timetable::page(visit.lang, &view)
        })
    })
    .await
}

pub async fn fairness(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Fairness, async move |visit: Visit| {
        let OfWeek { week } = filter(query)?;
        let (app, caller) = visit.each();
        let view = ledger::read(app, caller, ReadFairness { week }).await?;
        sheet(site::fairness(visit.lang), move || {
            pages::fairness::page(visit.lang, &view)
        })
    })
    .await
}

pub async fn audit(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    show(app, parts, Section::Audit, async move |visit: Visit| {
        let wanted: pages::audit::Wanted = filter(query)?;
        let (app, caller) = visit.each();
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let call = ReadAudit {
            event: given(&wanted.event),
            actor: given(&wanted.actor),
            subject: given(&wanted.subject),
            before: wanted.before,
        };
        let view = audit::read(app, caller, call).await?;
        sheet(site::audit(visit.lang), move || {
            pages::audit::page(visit.lang, &view, &wanted)
        })
    })
    .await
}

pub async fn notices(State(app): State<App>, Query(before): Query<DoneBefore>, parts: Parts) -> Response<Body> {
    let sent = before.done == "sent";
    show(app, parts, Section::Notices, async move |visit: Visit| {
        let (app, caller) = visit.each();
        let view = notices::read(app, caller, ListNotices {}).await?;
        let key = crate::clock::new_id();
        sheet(site::notices(visit.lang), move || {
            pages::notices::page(visit.lang, &view, sent, &key)
        })
    })
    .await
}
