//! Solver runs as their coordinator sees them: start, watch, stop. The work itself is `jobs`.

use crate::app::{App, Caller};
use crate::config::RUN_SECONDS_MAX;
use crate::problem::Problem;
use crate::rounds;
use crate::store::plans::PlanRecord;
use crate::store::requests::{RequestFilter, RequestRecord};
use crate::store::runs::RunRecord;
use crate::store::{Tx, ledger, plans, requests, runs};
use domain::access::Action;
use domain::api::*;
use domain::catalog::Catalog;
use domain::fairness;
use domain::id::*;
use domain::instance::{Budget, Instance, Member, Placed};
use domain::request::RequestState;
use domain::round::{Round, RoundAction};
use domain::violation::Violation;

pub async fn start(app: App, caller: Caller, call: StartRun) -> Result<RunView, Problem> {
    caller.may(&Action::PlanRounds)?;
    if !(1..=RUN_SECONDS_MAX).contains(&call.seconds) {
        let (min, max, minutes) = (1, RUN_SECONDS_MAX, call.seconds);
        return Err(Problem {
            hint: format!("seconds: {min} to {max}, not {minutes}"),
            ..Problem::malformed("")
        });
    }
    let tx = app.store.write().await?;
    if let Some(known) = runs::get(&tx, &caller.alliance, &call.id).await? {
        // The same POST once more: the same run.
        return Ok(view(&known));
    }
    let round = rounds::get(&tx, &caller, &call.round).await?;
    if runs::active(&tx, &caller.alliance, &round.id).await?.is_some() {
        return Err(busy(&round));
    }
    let from = match &call.from_plan {
        Some(id) => Some(plan_of(&tx, &caller, id, &round).await?),
        None => None,
    };
    let round = rounds::transit(&tx, &caller, &round.id, round.version, RoundAction::Plan).await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let mut instance = instance_of(&tx, &caller, &catalog, &round).await?;
    if let Some(plan) = &from {
        lean_on(&mut instance, plan);
    }
    instance.budget = Budget {
        seconds: call.seconds,
        ..Budget::default()
    };
    let record = RunRecord {
        id: call.id,
        round: round.id.clone(),
        from_plan: call.from_plan,
        state: RunState::Queued,
        seconds_max: call.seconds,
        started_by: caller.actor()?.person.clone(),
        queued_at_min: caller.now_at_min,
        started_at_min: None,
        plan: None,
        failure: None,
        stop_asked: false,
        generation: 0,
        tries: 0,
        instance: serde_json::to_string(&instance).expect("an instance is plain data"),
        progress: Vec::new(),
    };
    runs::insert(&tx, &caller.alliance, &record).await?;
    tx.commit().await?;
    Ok(view(&record))
}

fn busy(round: &Round) -> Problem {
    let state: &str = round.state.into();
    Violation::WrongState {
        state: state.into(),
        action: "plan".into(),
    }
    .into()
}

async fn plan_of(tx: &Tx, caller: &Caller, id: &PlanId, round: &Round) -> Result<PlanRecord, Problem> {
    let plan = plans::get(tx, &caller.alliance, id).await?;
    plan.filter(|plan| plan.round == round.id && !plan.discarded)
        .ok_or_else(Problem::not_found)
}

pub async fn read(app: App, caller: Caller, call: ReadRun) -> Result<RunView, Problem> {
    caller.may_see(&Action::PlanRounds)?;
    let tx = app.store.read().await?;
    let record = runs::get(&tx, &caller.alliance, &call.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(view(&record))
}

/// Asks the worker to stop; the best checked plan is kept. Asking twice is asking once.
pub async fn stop(app: App, caller: Caller, call: StopRun) -> Result<RunView, Problem> {
    caller.may(&Action::PlanRounds)?;
    let tx = app.store.write().await?;
    runs::get(&tx, &caller.alliance, &call.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    runs::ask_stop(&tx, &caller.alliance, &call.id).await?;
    let record = runs::get(&tx, &caller.alliance, &call.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(view(&record))
}

pub fn view(record: &RunRecord) -> RunView {
    RunView {
        id: record.id.clone(),
        round: record.round.clone(),
        state: record.state,
        seconds_max: record.seconds_max,
        started_at_min: record.started_at_min,
        plan: record.plan.clone(),
        failure: record.failure.clone(),
        progress: record.progress.clone(),
    }
}

/// The week's world with its members, their history, and every request that is still asked.
pub async fn instance_of(tx: &Tx, caller: &Caller, catalog: &Catalog, round: &Round) -> Result<Instance, Problem> {
    let filter = RequestFilter {
        round: Some(round.id.clone()),
        organization: None,
        state: None,
    };
    let found = requests::list(tx, &caller.alliance, &filter).await?;
    let asked = |record: &&RequestRecord| matches!(record.state, RequestState::Submitted | RequestState::Proposed);
    let lines = ledger::latest_before(tx, &caller.alliance, round.week).await?;
    let due = |id: &OrganizationId| {
        lines
            .iter()
            .find(|line| line.organization == *id)
            .map_or(0, |line| line.due_min)
    };
    let weighed: Vec<(f64, i64)> = catalog.organizations.iter().map(|o| (o.weight, due(&o.id))).collect();
    let histories = fairness::histories(&weighed);
    let member = |(o, history): (&domain::people::Organization, i64)| Member {
        id: o.id.clone(),
        weight: o.weight,
        history,
        quota: o.quota,
    };
    let mut instance = catalog.world(round.week);
    instance.organizations = catalog.organizations.iter().zip(histories).map(member).collect();
    let request = |record: &RequestRecord| record.draft.to_instance(record.id.clone(), record.organization.clone());
    instance.requests = found.iter().filter(asked).map(request).collect();
    Ok(instance)
}

/// Pins what the plan pins, and names where everything else was, so that it does not move needlessly.
fn lean_on(instance: &mut Instance, from: &PlanRecord) {
    for request in &mut instance.requests {
        for lesson in from
            .plan
            .assignments
            .iter()
            .filter(|lesson| lesson.request == request.id)
        {
            let (start, room) = (lesson.start, lesson.room.clone());
            let placed = Placed {
                start,
                room,
                instructors: lesson.instructors.clone(),
            };
            if lesson.pinned {
                request.pinned.push(placed.clone());
            }
            request.previous.push(placed);
        }
    }
}
