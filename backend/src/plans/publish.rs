//! Publishing: one compare-and-swap commit that makes assignments, occupancy, the immutable snapshot, the
//! requests' results and the ledger's lines. Until it commits nobody outside sees a placement.

use super::{foreseen, under_review};
use crate::app::{App, Caller};
use crate::organizations;
use crate::problem::Problem;
use crate::rounds;
use crate::runs;
use crate::store::plans::PlanRecord;
use crate::store::requests::{RequestFilter, RequestRecord, StoryRecord};
use crate::store::timetable::{AssignmentRecord, OccupancyRecord, SnapshotRecord};
use crate::store::{
    Change, Fact, Finished, StoreError, Tx, alliances, ledger, plans, requests, rounds as round_rows, timetable,
};
use domain::api::*;
use domain::catalog::Catalog;
use domain::fairness::{LedgerLine, due_after};
use domain::id::*;
use domain::instance::Instance;
use domain::plan::{Assignment, Plan, Reason, Unplaced};
use domain::request::{RequestAction, RequestState};
use domain::round::{Round, RoundAction};
use domain::time::Span;
use domain::timetable::conflicts;
use domain::violation::Violation;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A member's typical week is at least ten hours, so that a small one is not forgotten after a lean week.
const TYPICAL_WEEK_MIN: i64 = 600;

/// The world that a plan is published into, and why lessons are missing there.
#[derive(Debug)]
pub struct Explained {
    now: Instance,
    unplaced: Vec<Unplaced>,
}

/// With reasons that hold in the world of now, which may not be the one that the plan was made for. Nobody else who
/// writes waits for them.
pub async fn explained(app: App, caller: Caller, call: PublishPlan) -> Result<Explained, Problem> {
    let tx = app.read().await?;
    let (record, round) = foreseen(&tx, &caller, &call.plan, call.version).await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let now = runs::instance_of(&tx, &caller, &catalog, &round).await?;
    drop(tx);
    let mut made_for = super::instance(&record)?;
    made_for.budget = now.budget.clone();
    made_for
        .requests
        .iter_mut()
        .for_each(|request| request.previous.clear());
    let unplaced = match made_for == now {
        true => record.plan.unplaced,
        false => super::refusals(now.clone(), &record.plan).await?,
    };
    Ok(Explained { now, unplaced })
}

pub async fn publish(
    app: App,
    caller: Caller,
    change: Change,
    call: PublishPlan,
    explained: Explained,
) -> Result<Finished<RoundView>, Problem> {
    let (record, round) = under_review(&change, &caller, &call.plan, call.version).await?;
    if alliances::get(&change, &caller.alliance).await?.four_eyes && record.approved.is_none() {
        return Err(Problem::new(ProblemCode::FourEyes));
    }
    let catalog = app.catalog(&change, &caller.alliance).await?;
    // The world may have changed since the plan was made: a broken machine, a withdrawn request.
    let now = runs::instance_of(&change, &caller, &catalog, &round).await?;
    let barred = organizations::barred(&change, &caller, round.week).await?;
    let asked = asked_in(&change, &caller, &round).await?;
    let suspended = placed_although_barred(&record.plan, &asked, &barred);
    if !suspended.is_empty() {
        return Err(Problem::broken(suspended));
    }
    let broken = conflicts(&now, &record.plan.assignments);
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    if explained.now != now {
        // The world has changed within this very moment, and the reasons with it.
        return Err(StoreError::Stale.into());
    }
    let record = PlanRecord {
        plan: Plan {
            unplaced: explained.unplaced,
            ..record.plan
        },
        ..record
    };
    plans::update(&change, &caller.alliance, &record, call.version).await?;
    let state = round.state.after(RoundAction::Publish)?;
    let after = Round {
        state,
        published: Some(record.id.clone()),
        ..round
    };
    round_rows::update(&change, &caller.alliance, &after, call.round_version).await?;
    let rows = assignments(&record.plan, &asked, &after);
    timetable::publish(&change, &caller.alliance, &rows, &occupancy(&catalog, &now, &rows)).await?;
    let sha256 = snapshot(&change, &caller, &catalog, &record, &after, &asked).await?;
    results(&change, &caller, &record.plan, &asked, &barred).await?;
    settle(&change, &caller, &record, &after).await?;
    change.fact("round", Fact::id(&after.id));
    change.fact("week", Fact::id(&after.week.monday()));
    change.fact("assignments", rows.len() as i64);
    // So that whoever alters the week has to make the log anew, too.
    change.fact("sha256", Fact::id(&sha256));
    let view = rounds::view(&change, &caller, rounds::get(&change, &caller, &after.id).await?).await?;
    Ok(change.done(view))
}

async fn asked_in(tx: &Tx, caller: &Caller, round: &Round) -> Result<Vec<RequestRecord>, Problem> {
    let filter = RequestFilter {
        round: Some(round.id.clone()),
        ..Default::default()
    };
    Ok(requests::list(tx, &caller.alliance, &filter).await?)
}

/// Why each member is suspended or gone that the plan has lessons of: it was made before.
fn placed_although_barred(
    plan: &Plan,
    asked: &[RequestRecord],
    barred: &BTreeMap<OrganizationId, Violation>,
) -> Vec<Violation> {
    let placed = |organization: &OrganizationId| {
        let mut own = asked.iter().filter(|request| request.organization == *organization);
        own.any(|request| plan.assignments.iter().any(|lesson| lesson.request == request.id))
    };
    let broken = barred.iter().filter(|(organization, _)| placed(organization));
    broken.map(|(_, why)| why.clone()).collect()
}

fn minutes_of(asked: &[RequestRecord], id: &RequestId) -> i64 {
    asked
        .iter()
        .find(|request| request.id == *id)
        .map_or(0, |request| request.draft.minutes)
}

fn assignments(plan: &Plan, asked: &[RequestRecord], round: &Round) -> Vec<AssignmentRecord> {
    let row = |lesson: &Assignment| {
        let request = asked.iter().find(|request| request.id == lesson.request)?;
        let span = Span::new(lesson.start, lesson.start + request.draft.minutes);
        Some(AssignmentRecord {
            id: AssignmentId::new(crate::clock::new_id()),
            round: round.id.clone(),
            week: round.week,
            request: request.id.clone(),
            lesson: lesson.lesson,
            organization: request.organization.clone(),
            span: span.shifted(round.week.epoch_min()),
            room: lesson.room.clone(),
            instructors: lesson.instructors.clone(),
            cohorts: request.draft.cohorts.clone(),
            equipment: lesson.equipment.clone(),
        })
    };
    plan.assignments.iter().filter_map(row).collect()
}

/// Everything exclusive is a unit with its own row; a room is held by its bays, so that room and bay exclude
/// each other and two bays do not. The room stays held through its turnaround.
fn occupancy(catalog: &Catalog, world: &Instance, rows: &[AssignmentRecord]) -> Vec<OccupancyRecord> {
    let mut held = Vec::new();
    for row in rows {
        let turnaround = world.room(&row.room).map_or(0, |room| room.turnaround);
        let room_span = Span::new(row.span.from, row.span.until + turnaround);
        let mut hold = |unit: String, span: Span| {
            held.push(OccupancyRecord {
                assignment: row.id.clone(),
                unit,
                span,
            })
        };
        bays(catalog, &row.room)
            .iter()
            .for_each(|bay| hold(format!("room:{bay}"), room_span));
        row.instructors
            .iter()
            .for_each(|person| hold(format!("instructor:{person}"), row.span));
        row.cohorts
            .iter()
            .for_each(|cohort| hold(format!("cohort:{cohort}"), row.span));
        for kind in &row.equipment {
            kind.units
                .iter()
                .for_each(|number| hold(format!("unit:{}#{number}", kind.id), row.span));
        }
    }
    held
}

/// The undivided parts of a room; a room without bays is its own only part.
pub fn bays(catalog: &Catalog, room: &RoomId) -> Vec<RoomId> {
    let parts: Vec<_> = catalog
        .rooms
        .iter()
        .filter(|part| part.part_of.as_ref() == Some(room))
        .collect();
    if parts.is_empty() {
        return vec![room.clone()];
    }
    parts.iter().flat_map(|part| bays(catalog, &part.id)).collect()
}

/// The published week as it will be read, byte for byte, for ever; gives its hash.
async fn snapshot(
    tx: &Tx,
    caller: &Caller,
    catalog: &Catalog,
    record: &PlanRecord,
    round: &Round,
    asked: &[RequestRecord],
) -> Result<String, Problem> {
    let base = |room: &RoomId| catalog.rooms.iter().find(|r| r.id == *room).map(|r| r.base.clone());
    let sitting = |lesson: &Assignment| {
        let request = asked.iter().find(|request| request.id == lesson.request)?;
        Some(SittingView {
            request: request.id.clone(),
            lesson: lesson.lesson,
            week: round.week,
            span: Span::new(lesson.start, lesson.start + minutes_of(asked, &lesson.request)),
            purpose: Some(request.draft.purpose.clone()),
            organization: request.organization.clone(),
            room: lesson.room.clone(),
            base: base(&lesson.room)?,
            instructors: lesson.instructors.clone(),
            cohorts: request.draft.cohorts.clone(),
            equipment: lesson.equipment.clone(),
        })
    };
    let sittings: Vec<SittingView> = record.plan.assignments.iter().filter_map(sitting).collect();
    let body = serde_json::to_string(&sittings).map_err(|error| Problem::internal(error.to_string()))?;
    let snapshot = SnapshotRecord {
        round: round.id.clone(),
        week: round.week,
        plan: record.id.clone(),
        version: 1,
        sha256: hex::encode(Sha256::digest(body.as_bytes())),
        body,
        published_at_min: caller.now_at_min,
    };
    timetable::snapshot_insert(tx, &caller.alliance, &snapshot).await?;
    Ok(snapshot.sha256)
}

/// Every request learns what it got, with reasons for what it did not.
async fn results(
    tx: &Tx,
    caller: &Caller,
    plan: &Plan,
    asked: &[RequestRecord],
    barred: &BTreeMap<OrganizationId, Violation>,
) -> Result<(), Problem> {
    let by = caller.actor()?.person.clone();
    let waiting = |r: &&RequestRecord| matches!(r.state, RequestState::Submitted | RequestState::Proposed);
    for request in asked.iter().filter(waiting) {
        let granted = plan
            .assignments
            .iter()
            .filter(|lesson| lesson.request == request.id)
            .count() as i64;
        let action = match granted {
            0 => RequestAction::Refuse,
            n if n < request.draft.lessons => RequestAction::ConfirmPartly,
            _ => RequestAction::Confirm,
        };
        let state = request.state.after(action)?;
        let missing = plan
            .unplaced
            .iter()
            .find(|missing| missing.request == request.id)
            .map(|missing| Missing {
                lessons: missing.lessons,
                reasons: missing.reasons.clone(),
                would_fit: missing.would_fit.clone(),
            });
        let left_out = barred.get(&request.organization).map(|why| Missing {
            lessons: request.draft.lessons,
            reasons: vec![Reason::LeftOut {
                rule: why.code().into(),
            }],
            would_fit: Vec::new(),
        });
        let missing = missing.or(left_out);
        let at_min = caller.now_at_min;
        let after = RequestRecord {
            state,
            granted_lessons: Some(granted),
            missing,
            updated_at_min: at_min,
            ..request.clone()
        };
        requests::update(tx, &caller.alliance, &after, request.version).await?;
        let step = StoryRecord {
            state,
            at_min,
            by: by.clone(),
            note: String::new(),
        };
        requests::add_step(tx, &caller.alliance, &request.id, &step).await?;
    }
    Ok(())
}

/// The ledger's line of every member, and what it is owed from now on.
async fn settle(tx: &Tx, caller: &Caller, record: &PlanRecord, round: &Round) -> Result<(), Problem> {
    let before = ledger::latest_before(tx, &caller.alliance, round.week).await?;
    let line = |member: &domain::plan::Granted| {
        let due = before
            .iter()
            .find(|line| line.organization == member.id)
            .map_or(0, |line| line.due_min);
        let line = LedgerLine {
            organization: member.id.clone(),
            asked_min: member.asked,
            // A plan that was made without shares owes nobody anything.
            claim_min: member.memoryless.map_or(member.granted, |claim| claim.round() as i64),
            granted_min: member.granted,
            // Used and lost are known when the week has run.
            used_min: 0,
            lost_min: 0,
            due_min: 0,
        };
        LedgerLine {
            due_min: due_after(due, &line, TYPICAL_WEEK_MIN.max(member.granted)),
            ..line
        }
    };
    let lines: Vec<LedgerLine> = record.plan.organizations.iter().map(line).collect();
    ledger::put(tx, &caller.alliance, round.week, &lines).await?;
    Ok(())
}
