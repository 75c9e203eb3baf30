//! Asking for time: lists, stories, the form and its check. The writes are `requests::write`.

pub mod write;

use crate::app::{App, Caller};
use crate::catalog::{equipment_view, instructor_view, room_view};
use crate::names;
use crate::organizations;
use crate::problem::Problem;
use crate::rounds;
use crate::store::requests::{RequestFilter, RequestRecord, StoryRecord};
use crate::store::{Tx, people, requests, rounds as round_rows, standings};
use crate::timetable;
use domain::access::{Actor, Object, Refusal, may};
use domain::api::*;
use domain::catalog::Catalog;
use domain::id::*;
use domain::people::Role;
use domain::request::{RequestAction, RequestDraft, RequestState};
use domain::round::Round;
use domain::rules::{self, Setting};
use domain::violation::Violation;

pub async fn list(app: App, caller: Caller, call: ListRequests) -> Result<RequestsView, Problem> {
    caller.may(CallName::ListRequests)?;
    let tx = app.read().await?;
    let all_rounds = round_rows::list(&tx, &caller.alliance).await?;
    let summaries = rounds::summaries(&tx, &caller, &all_rounds).await?;
    listed(&app, &tx, &caller, call, summaries).await
}

/// The same of one round, which was read already.
pub async fn of_round(
    app: App,
    caller: Caller,
    call: ListRequests,
    round: RoundSummary,
) -> Result<RequestsView, Problem> {
    caller.may(CallName::ListRequests)?;
    let tx = app.read().await?;
    let call = ListRequests {
        round: Some(round.id.clone()),
        ..call
    };
    listed(&app, &tx, &caller, call, vec![round]).await
}

/// What the reader may see of these rounds.
async fn listed(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    call: ListRequests,
    rounds: Vec<RoundSummary>,
) -> Result<RequestsView, Problem> {
    let actor = caller.actor()?;
    let organization = match actor.role {
        Role::Coordinator => call.organization,
        _ => Some(own_organization(actor)?),
    };
    let catalog = app.catalog(tx, &caller.alliance).await?;
    let filter = RequestFilter {
        round: call.round,
        organization,
        state: call.state,
        // A draft is its author's organization's business until it is submitted, and for good if it never was.
        filed: actor.role == Role::Coordinator,
    };
    let found = requests::list(tx, &caller.alliance, &filter).await?;
    let row = |record: &RequestRecord| {
        let round = rounds.iter().find(|round| round.id == record.round)?;
        Some(row(record, round, actor))
    };
    let requests = found.iter().filter_map(row).collect();
    let names = names::with_cohorts(names::of(&catalog), &catalog, names::known_cohorts(caller, &[]));
    Ok(RequestsView {
        requests,
        rounds,
        names,
    })
}

pub fn own_organization(actor: &Actor) -> Result<OrganizationId, Problem> {
    actor
        .organization
        .clone()
        .ok_or_else(|| Problem::new(ProblemCode::Forbidden))
}

/// What a reader may know of the state: a proposal is not public, to its owner it is still submitted.
fn shown_state(state: RequestState, actor: &Actor) -> RequestState {
    match state {
        RequestState::Proposed if actor.role != Role::Coordinator => RequestState::Submitted,
        state => state,
    }
}

fn row(record: &RequestRecord, round: &RoundSummary, actor: &Actor) -> RequestRow {
    RequestRow {
        id: record.id.clone(),
        reference: names::reference(round.week, record.number),
        round: round.id.clone(),
        week: round.week,
        organization: record.organization.clone(),
        state: shown_state(record.state, actor),
        purpose: record.draft.purpose.clone(),
        lessons: record.draft.lessons,
        granted: record.granted_lessons.filter(|_| round.state.is_public()),
        minutes: record.draft.minutes,
        headcount: record.draft.headcount,
        cohorts: record.draft.cohorts.clone(),
        tier: record.draft.tier,
        version: record.version,
        updated_at_min: record.updated_at_min,
    }
}

pub async fn read(app: App, caller: Caller, call: ReadRequest) -> Result<RequestView, Problem> {
    let tx = app.read().await?;
    let record = visible(&tx, &caller, CallName::ReadRequest, &call.id).await?;
    view(&app, &tx, &caller, record).await
}

/// A request that the caller may make this call to; another's does not exist for them. Whether its state allows it is
/// judged by whoever changes it, who says more about it.
async fn visible(tx: &Tx, caller: &Caller, call: CallName, id: &RequestId) -> Result<RequestRecord, Problem> {
    caller.may(call)?;
    let record = requests::get(tx, &caller.alliance, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let object = Object {
        owner: Some(&record.organization),
        ..Object::default()
    };
    caller.may_to(call, &object)?;
    // The matrix hides a draft from others; to its own organization it may be in the wrong state, but it is there.
    let hides = |unfiled| {
        let object = Object {
            unfiled,
            ..seen(&record)
        };
        may(caller.actor.as_ref(), call, &object) == Err(Refusal::Hidden)
    };
    let ended = matches!(record.state, RequestState::Withdrawn | RequestState::Expired);
    let hidden = hides(false) || ended && hides(true) && !requests::was_filed(tx, &caller.alliance, id).await?;
    if hidden { Err(Problem::not_found()) } else { Ok(record) }
}

fn seen(record: &RequestRecord) -> Object<'_> {
    Object {
        owner: Some(&record.organization),
        request: Some(record.state),
        ..Object::default()
    }
}

async fn view(app: &App, tx: &Tx, caller: &Caller, record: RequestRecord) -> Result<RequestView, Problem> {
    let actor = caller.actor()?;
    let catalog = app.catalog(tx, &caller.alliance).await?;
    let round = round_of(tx, caller, &record.round).await?;
    let people = people::names(tx, &caller.alliance).await?;
    let story = requests::story(tx, &caller.alliance, &record.id).await?;
    let step = |step: StoryRecord| StoryStep {
        state: shown_state(step.state, actor),
        at_min: step.at_min,
        by: people.get(&step.by).cloned().unwrap_or_default(),
        note: step.note,
    };
    let public = round.state.is_public();
    let granted = if public {
        timetable::sittings_of(tx, caller, round.week, &record.id).await?
    } else {
        Vec::new()
    };
    let mut names = names::with_cohorts(names::of(&catalog), &catalog, |cohort| {
        cohort.organization == record.organization
    });
    names.requests.insert(record.id.clone(), record.draft.purpose.clone());
    Ok(RequestView {
        reference: names::reference(round.week, record.number),
        round: rounds::summary(tx, caller, &round).await?,
        organization: record.organization.clone(),
        state: shown_state(record.state, actor),
        version: record.version,
        // A proposal never shows, not even as a step of the story.
        story: story
            .into_iter()
            .filter(|s| s.state != RequestState::Proposed)
            .map(step)
            .collect(),
        granted,
        missing: record.missing.clone().filter(|_| public),
        left_out: left_out(tx, caller, &round, &record).await?,
        actions: actions(actor, caller, &round, &record),
        now_at_min: caller.now_at_min,
        names,
        id: record.id,
        draft: record.draft,
    })
}

/// What stands against planning a request that waits for it.
async fn left_out(
    tx: &Tx,
    caller: &Caller,
    round: &Round,
    record: &RequestRecord,
) -> Result<Option<Violation>, Problem> {
    let waits = matches!(record.state, RequestState::Submitted | RequestState::Proposed);
    if !waits || round.state.is_public() {
        return Ok(None);
    }
    let mut barred = organizations::barred(tx, caller, round.week).await?;
    Ok(barred.remove(&record.organization))
}

/// What the reader may do now, by the matrix.
fn actions(actor: &Actor, caller: &Caller, round: &Round, record: &RequestRecord) -> Vec<RequestAction> {
    use RequestAction::*;
    let object = Object {
        round: Some(round.state),
        late: caller.now_at_min >= round.cut_off_min,
        ..seen(record)
    };
    let calls = [
        (Submit, CallName::SubmitRequest),
        (Amend, CallName::AmendRequest),
        (Withdraw, CallName::WithdrawRequest),
        (Return, CallName::ReturnRequest),
    ];
    let allowed = calls
        .into_iter()
        .filter(|(_, call)| may(Some(actor), *call, &object).is_ok());
    allowed.map(|(action, _)| action).collect()
}

pub async fn round_of(tx: &Tx, caller: &Caller, id: &RoundId) -> Result<Round, Problem> {
    round_rows::get(tx, &caller.alliance, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// What a draft of this organization is judged against in this round.
pub async fn setting(
    tx: &Tx,
    caller: &Caller,
    catalog: &Catalog,
    round: &Round,
    organization: &OrganizationId,
) -> Result<Setting, Problem> {
    let standing = standings::get(tx, &caller.alliance, organization).await?;
    let member = catalog.organizations.iter().find(|member| member.id == *organization);
    Ok(Setting {
        week: round.week,
        organization: organization.clone(),
        quota: member.and_then(|member| member.quota),
        standing: standing.at(caller.now_at_min),
        world: catalog.world(round.week),
        cohorts: catalog
            .cohorts
            .iter()
            .filter(|cohort| cohort.organization == *organization)
            .cloned()
            .collect(),
        special_days: catalog.special_days.clone(),
        qualification_needed: catalog
            .equipment
            .iter()
            .filter(|e| e.qualification_needed)
            .map(|e| e.id.clone())
            .collect(),
    })
}

/// What the form needs, for a new request (an id is minted) or one that is edited.
pub async fn form(app: App, caller: Caller, call: ReadForm) -> Result<FormView, Problem> {
    caller.may(CallName::ReadForm)?;
    let actor = caller.actor()?;
    let organization = own_organization(actor)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let record = match &call.id {
        Some(id) => Some(visible(&tx, &caller, CallName::ReadForm, id).await?),
        None => None,
    };
    let wanted = record.as_ref().map(|record| record.round.clone()).or(call.round);
    let round = match wanted {
        Some(id) => round_of(&tx, &caller, &id).await?,
        None => rounds::collecting(&tx, &caller).await?.ok_or_else(Problem::not_found)?,
    };
    let setting = setting(&tx, &caller, &catalog, &round, &organization).await?;
    let draft = record
        .as_ref()
        .map_or_else(RequestDraft::blank, |record| record.draft.clone());
    Ok(FormView {
        round: rounds::summary(&tx, &caller, &round).await?,
        now_at_min: caller.now_at_min,
        id: record
            .as_ref()
            .map_or_else(|| RequestId::new(crate::clock::new_id()), |record| record.id.clone()),
        version: record.as_ref().map_or(0, |record| record.version),
        state: record.as_ref().map(|record| record.state),
        draft,
        periods: catalog.periods.clone(),
        cohorts: setting.cohorts.clone(),
        setting,
        features: catalog.features.clone(),
        skills: catalog.skills.clone(),
        rooms: catalog.rooms.iter().map(|room| room_view(&catalog, room)).collect(),
        equipment: catalog.equipment.iter().map(equipment_view).collect(),
        instructors: catalog.instructors.iter().map(instructor_view).collect(),
        note: record.and_then(|record| record.note),
        names: names::with_cohorts(names::of(&catalog), &catalog, |cohort| {
            cohort.organization == organization
        }),
    })
}

/// Every rule the draft breaks; nothing is saved.
pub async fn check(app: App, caller: Caller, call: CheckDraft) -> Result<CheckView, Problem> {
    caller.may(CallName::CheckDraft)?;
    let organization = own_organization(caller.actor()?)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let round = round_of(&tx, &caller, &call.round).await?;
    let setting = setting(&tx, &caller, &catalog, &round, &organization).await?;
    Ok(CheckView {
        violations: rules::check(&call.draft, &setting),
    })
}
