//! The writes of requests: draft, submit, amend, withdraw, return. Each is one commit with its story.

use super::{own_organization, round_of, setting, view, visible};
use crate::app::{App, Caller};
use crate::problem::Problem;
use crate::store::requests::{RequestRecord, StoryRecord};
use crate::store::{Change, Fact, Finished, requests, rounds};
use domain::access::{Actor, Object};
use domain::api::*;
use domain::id::*;
use domain::request::{RequestAction, RequestDraft, RequestState, TrainingRequest};
use domain::round::{Round, RoundState};
use domain::rules;
use domain::violation::Violation;

/// Refuses what comes after the cut-off or the close.
pub fn still_collecting(caller: &Caller, round: &Round) -> Result<(), Problem> {
    match round.state == RoundState::Open && caller.now_at_min < round.cut_off_min {
        true => Ok(()),
        false => Err(Violation::CutOffPassed.into()),
    }
}

/// The round as it stays until this commits, when it still collects: what is acknowledged is in it before it closes.
pub async fn held_open(change: &Change, caller: &Caller, id: &RoundId) -> Result<Round, Problem> {
    let round = rounds::hold(change, &caller.alliance, id).await?;
    let round = round.ok_or_else(Problem::not_found)?;
    still_collecting(caller, &round)?;
    Ok(round)
}

/// A draft is saved with its faults; only what could not be stored sanely is refused.
fn storable(draft: &RequestDraft) -> Result<(), Problem> {
    let broken: Vec<Violation> = rules::check_text(draft);
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Problem::broken(broken))
    }
}

pub async fn save_draft(
    app: App,
    caller: Caller,
    change: Change,
    call: SaveDraft,
) -> Result<Finished<RequestView>, Problem> {
    storable(&call.draft)?;
    let write = Write {
        id: call.id,
        round: Some(call.round),
        version: call.version,
        draft: call.draft,
        to: Target::Draft,
    };
    write_request(&app, &caller, change, write).await
}

pub async fn submit(
    app: App,
    caller: Caller,
    change: Change,
    call: SubmitRequest,
) -> Result<Finished<RequestView>, Problem> {
    let write = Write {
        id: call.id,
        round: Some(call.round),
        version: call.version,
        draft: call.draft,
        to: Target::Submitted,
    };
    write_request(&app, &caller, change, write).await
}

pub async fn amend(
    app: App,
    caller: Caller,
    change: Change,
    call: AmendRequest,
) -> Result<Finished<RequestView>, Problem> {
    let write = Write {
        id: call.id,
        round: None,
        version: call.version,
        draft: call.draft,
        to: Target::Amended,
    };
    write_request(&app, &caller, change, write).await
}

/// One write of content: of a new request or of one that is there.
struct Write {
    id: RequestId,
    /// `None` when the request must be there already.
    round: Option<RoundId>,
    version: i64,
    draft: RequestDraft,
    to: Target,
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Draft,
    Submitted,
    Amended,
}

impl Target {
    fn call(self) -> CallName {
        match self {
            Target::Draft => CallName::SaveDraft,
            Target::Submitted => CallName::SubmitRequest,
            Target::Amended => CallName::AmendRequest,
        }
    }

    /// The state after the write, by the state machine; `None` is a request that is not there yet.
    fn state_after(self, before: Option<RequestState>) -> Result<RequestState, Violation> {
        match (self, before) {
            (Target::Draft, None | Some(RequestState::Draft)) => Ok(RequestState::Draft),
            (Target::Draft, Some(RequestState::Returned)) => Ok(RequestState::Returned),
            (Target::Draft, Some(state)) => {
                let state: &str = state.into();
                Err(Violation::WrongState {
                    state: state.into(),
                    action: "draft".into(),
                })
            }
            (Target::Submitted, None) => RequestState::Draft.after(RequestAction::Submit),
            (Target::Submitted, Some(state)) => state.after(RequestAction::Submit),
            (Target::Amended, None) => RequestState::Draft.after(RequestAction::Amend),
            (Target::Amended, Some(state)) => state.after(RequestAction::Amend),
        }
    }
}

/// The walk of every write: find, allow, repeat or check, then the row with its story.
async fn write_request(
    app: &App,
    caller: &Caller,
    change: Change,
    write: Write,
) -> Result<Finished<RequestView>, Problem> {
    let actor = caller.actor()?.clone();
    let organization = own_organization(&actor)?;
    let before = match requests::get(&change, &caller.alliance, &write.id).await? {
        Some(_) => Some(visible(&change, caller, write.to.call(), &write.id).await?),
        None => None,
    };
    if before.as_ref().is_some_and(|record| is_repeat(record, &write)) {
        let view = view(app, &change, caller, before.expect("just seen")).await?;
        return Ok(change.unchanged(view));
    }
    let round_id = before
        .as_ref()
        .map(|record| record.round.clone())
        .or(write.round.clone())
        .ok_or_else(Problem::not_found)?;
    let round = round_of(&change, caller, &round_id).await?;
    still_collecting(caller, &round)?;
    let state = write.to.state_after(before.as_ref().map(|record| record.state))?;
    let draft = if write.to == Target::Draft {
        write.draft
    } else {
        let catalog = app.catalog(&change, &caller.alliance).await?;
        let setting = setting(&change, caller, &catalog, &round, &organization).await?;
        let request = TrainingRequest::submit(write.id.clone(), &setting, write.draft).map_err(Problem::broken)?;
        request.into_content()
    };
    // Only now, because everybody else who asks in this round waits from here on.
    held_open(&change, caller, &round.id).await?;
    let record = match before {
        Some(record) => {
            let after = RequestRecord {
                state,
                draft,
                updated_at_min: caller.now_at_min,
                ..record
            };
            requests::update(&change, &caller.alliance, &after, write.version).await?;
            after
        }
        None if write.version != 0 => return Err(Problem::new(ProblemCode::Stale)),
        None => {
            let record = fresh(caller, &actor, write.id, round_id, organization, state, draft);
            requests::insert(&change, &caller.alliance, &record).await?;
            record
        }
    };
    let step = StoryRecord {
        state,
        at_min: caller.now_at_min,
        by: actor.person.clone(),
        note: String::new(),
    };
    requests::add_step(&change, &caller.alliance, &record.id, &step).await?;
    let stored = requests::get(&change, &caller.alliance, &record.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    change.fact("version", stored.version);
    change.fact("round", Fact::id(&stored.round));
    let view = view(app, &change, caller, stored).await?;
    Ok(change.done(view))
}

/// The same content, already in the state it was to reach, made from the version before: nothing is left to do.
fn is_repeat(record: &RequestRecord, write: &Write) -> bool {
    let reached = match write.to {
        Target::Draft => record.state == RequestState::Draft,
        Target::Submitted | Target::Amended => record.state == RequestState::Submitted,
    };
    reached && record.version == write.version + 1 && record.draft == write.draft
}

/// A request that is not there yet.
pub fn fresh(
    caller: &Caller,
    actor: &Actor,
    id: RequestId,
    round: RoundId,
    organization: OrganizationId,
    state: RequestState,
    draft: RequestDraft,
) -> RequestRecord {
    RequestRecord {
        id,
        number: 0,
        round,
        organization,
        state,
        version: 1,
        draft,
        created_by: actor.person.clone(),
        created_at_min: caller.now_at_min,
        updated_at_min: caller.now_at_min,
        note: None,
        granted_lessons: None,
        missing: None,
    }
}

pub async fn withdraw(
    app: App,
    caller: Caller,
    change: Change,
    call: WithdrawRequest,
) -> Result<Finished<RequestView>, Problem> {
    let record = visible(&change, &caller, CallName::WithdrawRequest, &call.id).await?;
    held_open(&change, &caller, &record.round).await?;
    step(
        &app,
        &caller,
        change,
        record,
        call.version,
        RequestAction::Withdraw,
        None,
    )
    .await
}

/// Gives a request back with a note that says what is missing.
pub async fn give_back(
    app: App,
    caller: Caller,
    change: Change,
    call: ReturnRequest,
) -> Result<Finished<RequestView>, Problem> {
    let broken = rules::check_note(&call.note);
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    let record = visible(&change, &caller, CallName::ReturnRequest, &call.id).await?;
    let round = rounds::hold(&change, &caller.alliance, &record.round).await?;
    let round = round.ok_or_else(Problem::not_found)?;
    caller.may_to(
        CallName::ReturnRequest,
        &Object {
            round: Some(round.state),
            ..Object::default()
        },
    )?;
    let (action, note) = (RequestAction::Return, Some(call.note));
    step(&app, &caller, change, record, call.version, action, note).await
}

/// One transition with its story.
async fn step(
    app: &App,
    caller: &Caller,
    change: Change,
    record: RequestRecord,
    version: i64,
    action: RequestAction,
    note: Option<String>,
) -> Result<Finished<RequestView>, Problem> {
    let state = record.state.after(action)?;
    let id = record.id.clone();
    let after = RequestRecord {
        state,
        note: note.clone().or(record.note.clone()),
        updated_at_min: caller.now_at_min,
        ..record
    };
    requests::update(&change, &caller.alliance, &after, version).await?;
    let by = caller.actor()?.person.clone();
    let story = StoryRecord {
        state,
        at_min: caller.now_at_min,
        by,
        note: note.unwrap_or_default(),
    };
    requests::add_step(&change, &caller.alliance, &id, &story).await?;
    let stored = requests::get(&change, &caller.alliance, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    change.fact("version", stored.version);
    change.fact("round", Fact::id(&stored.round));
    let view = view(app, &change, caller, stored).await?;
    Ok(change.done(view))
}
