//! Solver runs as their coordinator sees them: start, watch, stop. The work itself is `jobs`.

use crate::app::{App, Caller};
use crate::config::RUN_SECONDS_MAX;
use crate::organizations;
use crate::problem::Problem;
use crate::rounds;
use crate::store::plans::PlanRecord;
use crate::store::requests::{RequestFilter, RequestRecord};
use crate::store::runs::RunRecord;
use crate::store::{Change, Fact, Finished, Tx, ledger, plans, requests, runs};
use domain::api::*;
use domain::catalog::Catalog;
use domain::fairness;
use domain::id::*;
use domain::instance::{Budget, Instance, Member, Placed};
use domain::plan::Assignment;
use domain::request::RequestState;
use domain::round::{Round, RoundAction};
use domain::timetable::conflicts;
use domain::violation::Violation;

pub async fn start(app: App, caller: Caller, change: Change, call: StartRun) -> Result<Finished<RunView>, Problem> {
    if !(1..=RUN_SECONDS_MAX).contains(&call.seconds) {
        let (min, max, minutes) = (1, RUN_SECONDS_MAX, call.seconds);
        return Err(Problem {
            hint: format!("seconds: {min} to {max}, not {minutes}"),
            ..Problem::malformed("")
        });
    }
    if let Some(known) = runs::get(&change, &caller.alliance, &call.id).await? {
        // The run is there: it is not started twice.
        return Ok(change.unchanged(view(&known)));
    }
    let round = rounds::get(&change, &caller, &call.round).await?;
    if runs::active(&change, &caller.alliance, &round.id).await?.is_some() {
        return Err(busy(&round));
    }
    let from = match &call.from_plan {
        Some(id) => Some(plan_of(&change, &caller, id, &round).await?),
        None => None,
    };
    let round = rounds::transit(&change, &caller, &round.id, round.version, RoundAction::Plan).await?;
    let catalog = app.catalog(&change, &caller.alliance).await?;
    let mut instance = instance_of(&change, &caller, &catalog, &round).await?;
    if let Some(plan) = &from {
        lean_on(&mut instance, plan);
        pins_hold(&instance, plan)?;
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
    runs::insert(&change, &caller.alliance, &record).await?;
    change.fact("round", Fact::id(&record.round));
    change.fact("seconds", record.seconds_max);
    Ok(change.done(view(&record)))
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
    caller.may(CallName::ReadRun)?;
    let tx = app.read().await?;
    let record = runs::get(&tx, &caller.alliance, &call.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(view(&record))
}

/// Asks the worker to stop; the best checked plan is kept. Asking twice is asking once.
pub async fn stop(_: App, caller: Caller, change: Change, call: StopRun) -> Result<Finished<RunView>, Problem> {
    let before = runs::get(&change, &caller.alliance, &call.id).await?;
    let before = before.ok_or_else(Problem::not_found)?;
    if before.stop_asked || !matches!(before.state, RunState::Queued | RunState::Running) {
        return Ok(change.unchanged(view(&before)));
    }
    runs::ask_stop(&change, &caller.alliance, &call.id).await?;
    let record = runs::get(&change, &caller.alliance, &call.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(change.done(view(&record)))
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

/// The week's world with its members, their history, and every request that is still asked. What a member asked that is
/// suspended in that week, or gone, is left out; it counts again once the suspension is lifted.
pub async fn instance_of(tx: &Tx, caller: &Caller, catalog: &Catalog, round: &Round) -> Result<Instance, Problem> {
    let filter = RequestFilter {
        round: Some(round.id.clone()),
        ..Default::default()
    };
    let found = requests::list(tx, &caller.alliance, &filter).await?;
    let barred = organizations::barred(tx, caller, round.week).await?;
    let asked = |record: &&RequestRecord| {
        matches!(record.state, RequestState::Submitted | RequestState::Proposed)
            && !barred.contains_key(&record.organization)
    };
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

/// Refuses to begin where a pinned lesson is not possible any more, with every rule that it breaks: whoever plans releases
/// or moves it first.
fn pins_hold(instance: &Instance, from: &PlanRecord) -> Result<(), Problem> {
    let asked = |lesson: &&Assignment| instance.request(&lesson.request).is_some();
    let pinned = from
        .plan
        .assignments
        .iter()
        .filter(|lesson| lesson.pinned)
        .filter(asked);
    let mut broken = conflicts(instance, &pinned.cloned().collect::<Vec<_>>());
    // The rest of them is what the run is for.
    broken.retain(|broken| !matches!(broken, Violation::NotAllLessons { .. }));
    match broken.is_empty() {
        true => Ok(()),
        false => Err(Problem::broken(broken)),
    }
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
