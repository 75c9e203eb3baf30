//! Draft timetables: the board, pins, moves, approval. Publishing is `plans::publish`.
//!
//! Every change is judged by the referee on the plan's own instance and saved by compare and swap.

pub mod edit;
pub mod moves;
pub mod publish;

use crate::app::{App, Caller};
use crate::names;
use crate::problem::Problem;
use crate::rounds;
use crate::store::plans::{PlanRecord, Stand};
use crate::store::requests::{RequestFilter, RequestRecord};
use crate::store::{Change, Fact, Finished, StoreError, Tx, alliances, plans, requests};
use domain::api::*;
use domain::catalog::Catalog;
use domain::certificate::Stop;
use domain::id::*;
use domain::instance::Instance;
use domain::plan::{Plan, Unplaced};
use domain::round::{Round, RoundAction, RoundState};
use domain::time::Span;
use domain::violation::Violation;

/// So many things are named that stop a level.
const NAMED_MAX: usize = 6;

pub async fn board(app: App, caller: Caller, call: ReadBoard) -> Result<BoardView, Problem> {
    caller.may(CallName::ReadBoard)?;
    let tx = app.read().await?;
    let record = get(&tx, &caller, &call.plan).await?;
    view(&app, &tx, &caller, &record).await
}

/// The plan that a round's board opens with: the published one, or the latest.
pub async fn to_open(app: &App, caller: &Caller, round: &RoundId) -> Result<PlanId, Problem> {
    caller.may(CallName::ReadBoard)?;
    let tx = app.read().await?;
    let round = rounds::get(&tx, caller, round).await?;
    if let Some(published) = round.published {
        return Ok(published);
    }
    let drafts = plans::list(&tx, &caller.alliance, &round.id).await?;
    let latest = drafts.into_iter().rfind(|plan| !plan.discarded);
    latest.map(|plan| plan.id).ok_or_else(Problem::not_found)
}

/// A plan that is not thrown away.
pub async fn get(tx: &Tx, caller: &Caller, id: &PlanId) -> Result<PlanRecord, Problem> {
    let plan = plans::get(tx, &caller.alliance, id).await?;
    plan.filter(|plan| !plan.discarded).ok_or_else(Problem::not_found)
}

/// The world that the plan was made for; pins live in the plan from then on.
pub fn instance(record: &PlanRecord) -> Result<Instance, Problem> {
    let parsed: Result<Instance, _> = serde_json::from_str(&record.instance);
    let mut instance = parsed.map_err(|error| Problem::internal(format!("plan {}: {error}", record.id)))?;
    for request in &mut instance.requests {
        request.pinned.clear();
    }
    Ok(instance)
}

/// Why lessons of a plan have no place in this world, and what would fit: told of the plan as it stands, or somebody would
/// be sent to a place that is taken by now.
pub async fn refusals(world: Instance, plan: &Plan) -> Result<Vec<Unplaced>, Problem> {
    let placed = plan.assignments.clone();
    let explained = tokio::task::spawn_blocking(move || solver::refusals(world, &placed));
    explained.await.map_err(|error| Problem::internal(error.to_string()))
}

/// The plan and its round for a change of this version, while the round is under review. What comes too late is
/// refused before the plan itself is read.
pub async fn under_review(tx: &Tx, caller: &Caller, id: &PlanId, version: i64) -> Result<(PlanRecord, Round), Problem> {
    let held = plans::hold(tx, &caller.alliance, id).await?;
    of_version(tx, caller, id, (held, version)).await
}

/// The same as it stands before a change begins, for what takes long. Of one version there is one plan, so what is made
/// of it holds as long as the change finds that version.
pub async fn foreseen(tx: &Tx, caller: &Caller, id: &PlanId, version: i64) -> Result<(PlanRecord, Round), Problem> {
    let stand = plans::stand(tx, &caller.alliance, id).await?;
    of_version(tx, caller, id, (stand, version)).await
}

async fn of_version(
    tx: &Tx,
    caller: &Caller,
    id: &PlanId,
    (stand, version): (Option<Stand>, i64),
) -> Result<(PlanRecord, Round), Problem> {
    let stand = stand.filter(|stand| !stand.discarded).ok_or_else(Problem::not_found)?;
    let round = rounds::get(tx, caller, &stand.round).await?;
    if !matches!(round.state, RoundState::Review | RoundState::Planning) {
        let state: &str = round.state.into();
        return Err(Violation::WrongState {
            state: state.into(),
            action: "review".into(),
        }
        .into());
    }
    if stand.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok((get(tx, caller, id).await?, round))
}

pub async fn approve(
    app: App,
    caller: Caller,
    change: Change,
    call: ApprovePlan,
) -> Result<Finished<BoardView>, Problem> {
    let person = caller.actor()?.person.clone();
    let (record, _) = under_review(&change, &caller, &call.plan, call.version).await?;
    if alliances::get(&change, &caller.alliance).await?.four_eyes && has_made(&record, &person) {
        return Err(Problem::new(ProblemCode::FourEyes));
    }
    let after = PlanRecord {
        approved: Some(person),
        ..record
    };
    save(&app, &caller, change, after, call.version).await
}

pub async fn discard(
    _: App,
    caller: Caller,
    change: Change,
    call: DiscardPlan,
) -> Result<Finished<RoundView>, Problem> {
    let (record, round) = under_review(&change, &caller, &call.plan, call.version).await?;
    let after = PlanRecord {
        discarded: true,
        ..record
    };
    plans::update(&change, &caller.alliance, &after, call.version).await?;
    let left = plans::list(&change, &caller.alliance, &round.id).await?;
    let round = match left.iter().any(|plan| !plan.discarded) || round.state != RoundState::Review {
        true => round,
        // Without a plan there is nothing to review: the solver is the next step again.
        false => rounds::transit(&change, &caller, &round.id, round.version, RoundAction::Forget).await?,
    };
    let view = rounds::view(&change, &caller, round).await?;
    Ok(change.done(view))
}

/// Saves by compare and swap and answers with the board as it now stands.
pub async fn save(
    app: &App,
    caller: &Caller,
    change: Change,
    record: PlanRecord,
    version: i64,
) -> Result<Finished<BoardView>, Problem> {
    plans::update(&change, &caller.alliance, &record, version).await?;
    let stored = get(&change, caller, &record.id).await?;
    change.fact("round", Fact::id(&stored.round));
    change.fact("version", stored.version);
    let view = view(app, &change, caller, &stored).await?;
    Ok(change.done(view))
}

/// Four eyes: who made a plan, by a run or by hand, is not the one who approves it.
pub fn may_approve(record: &PlanRecord, round: &Round, four_eyes: bool, person: &PersonId) -> bool {
    round.state == RoundState::Review && record.approved.is_none() && !(four_eyes && has_made(record, person))
}

fn has_made(record: &PlanRecord, person: &PersonId) -> bool {
    record.made_by == *person || record.editors.contains(person)
}

pub fn summary(record: &PlanRecord) -> PlanSummary {
    let plan = &record.plan;
    PlanSummary {
        id: record.id.clone(),
        label: record.label.clone(),
        status: plan.status,
        version: record.version,
        placed: plan.assignments.len() as i64,
        unplaced: plan.unplaced.iter().map(|missing| missing.lessons).sum(),
        granted_min: plan.organizations.iter().map(|member| member.granted).sum(),
        level_min: plan.fairness.level_min,
        jain: plan.fairness.jain,
        pinned: plan.assignments.iter().filter(|lesson| lesson.pinned).count() as i64,
        approved: record.approved.clone(),
        made_by: record.made_by.clone(),
        created_at_min: record.created_at_min,
        edited: record.edited,
    }
}

pub async fn view(app: &App, tx: &Tx, caller: &Caller, record: &PlanRecord) -> Result<BoardView, Problem> {
    let catalog = app.catalog(tx, &caller.alliance).await?;
    let round = rounds::get(tx, caller, &record.round).await?;
    let alliance = alliances::get(tx, &caller.alliance).await?;
    let instance = instance(record)?;
    let filter = RequestFilter {
        round: Some(round.id.clone()),
        ..Default::default()
    };
    let asked = requests::list(tx, &caller.alliance, &filter).await?;
    let reviewing = round.state == RoundState::Review;
    let approved = record.approved.is_some() || !alliance.four_eyes;
    let names = names::with_requests(
        names::with_cohorts(names::of(&catalog), &catalog, |_| true),
        round.week,
        asked.iter().filter(|request| instance.request(&request.id).is_some()),
    );
    Ok(BoardView {
        round: rounds::summary(tx, caller, &round).await?,
        plan: summary(record),
        four_eyes: alliance.four_eyes,
        may_approve: may_approve(record, &round, alliance.four_eyes, &caller.actor()?.person),
        may_publish: reviewing && approved,
        periods: alliance.periods,
        special_days: catalog.special_days.clone(),
        rooms: board_rooms(&catalog, &instance),
        lessons: lessons(record, &asked),
        unplaced: unplaced(record, &asked, &round),
        organizations: levels(record, &instance),
        certificate: certificate(record),
        stages: record.plan.stages.clone(),
        // They were tried with the plan as it was made, so nothing is said of one that was changed by hand.
        scarce: match record.edited {
            true => Vec::new(),
            false => record.plan.scarce.clone(),
        },
        fairness: record.plan.fairness.clone(),
        names,
    })
}

/// What stops the levels, the dearest of each; the plan's file names all.
fn certificate(record: &PlanRecord) -> Vec<Stop> {
    let brief = |stop: &Stop| Stop {
        by: stop.by.iter().take(NAMED_MAX).cloned().collect(),
        ..stop.clone()
    };
    record.plan.certificate.iter().map(brief).collect()
}

fn board_rooms(catalog: &Catalog, instance: &Instance) -> Vec<BoardRoom> {
    let board_room = |room: &domain::catalog::Room| {
        let in_week = instance.room(&room.id)?;
        Some(BoardRoom {
            id: room.id.clone(),
            base: room.base.clone(),
            center: room.center.clone(),
            name: room.name.clone(),
            seats: room.seats,
            part_of: room.part_of.clone(),
            open: in_week.open.clone(),
            blackouts: in_week.blackouts.clone(),
        })
    };
    catalog.rooms.iter().filter_map(board_room).collect()
}

fn lessons(record: &PlanRecord, asked: &[RequestRecord]) -> Vec<LessonView> {
    let lesson = |placed: &domain::plan::Assignment| {
        let request = asked.iter().find(|request| request.id == placed.request)?;
        Some(LessonView {
            request: request.id.clone(),
            lesson: placed.lesson,
            purpose: request.draft.purpose.clone(),
            organization: request.organization.clone(),
            tier: request.draft.tier,
            cohorts: request.draft.cohorts.clone(),
            headcount: request.draft.headcount,
            span: Span::new(placed.start, placed.start + request.draft.minutes),
            room: placed.room.clone(),
            instructors: placed.instructors.clone(),
            equipment: placed.equipment.clone(),
            pinned: placed.pinned,
        })
    };
    record.plan.assignments.iter().filter_map(lesson).collect()
}

fn unplaced(record: &PlanRecord, asked: &[RequestRecord], round: &Round) -> Vec<UnplacedView> {
    let missing = |missing: &domain::plan::Unplaced| {
        let request = asked.iter().find(|request| request.id == missing.request)?;
        Some(UnplacedView {
            request: request.id.clone(),
            reference: names::reference(round.week, request.number),
            purpose: request.draft.purpose.clone(),
            organization: request.organization.clone(),
            cohorts: request.draft.cohorts.clone(),
            headcount: request.draft.headcount,
            lessons: missing.lessons,
            minutes: request.draft.minutes,
            tier: request.draft.tier,
            reasons: missing.reasons.clone(),
            would_fit: missing.would_fit.clone(),
        })
    };
    record.plan.unplaced.iter().filter_map(missing).collect()
}

fn levels(record: &PlanRecord, instance: &Instance) -> Vec<LevelView> {
    let level = |granted: &domain::plan::Granted| {
        let member = instance.organizations.iter().find(|member| member.id == granted.id)?;
        Some(LevelView {
            organization: granted.id.clone(),
            weight: member.weight,
            history_min: member.history,
            asked_min: granted.asked,
            granted_min: granted.granted,
            level: granted.level,
        })
    };
    record.plan.organizations.iter().filter_map(level).collect()
}
