//! Leased work: a worker claims a run, lets a child process solve it, has the answer judged, and saves it.
//!
//! The solver is a guest: its time and memory are bounded, it may crash, hang or lie, and nothing of it is
//! believed before the referee has looked. A worker that lost its lease saves nothing: the store fences it.

use crate::app::App;
use crate::changes::own_deed;
use crate::clock;
use crate::config::{LEASE_MS, WORKER_TICK_MS};
use crate::guest::{self, Ending};
use crate::runs;
use crate::store::plans::PlanRecord;
use crate::store::runs::RunRecord;
use crate::store::{Change, Fact, StoreError, Tx, alliances, plans, requests, rounds, runs as run_rows};
use domain::api::{ProgressPoint, RunState};
use domain::event::Event;
use domain::id::{AllianceId, PlanId, RequestId};
use domain::instance::Instance;
use domain::plan::Plan;
use domain::round::{Round, RoundAction};
use std::collections::BTreeSet;
use std::time::Duration;

/// Claims and runs jobs, one at a time, until told to end.
pub async fn work(app: App) {
    let worker = crate::clock::new_id();
    let mut tick = tokio::time::interval(Duration::from_millis(WORKER_TICK_MS));
    loop {
        tokio::select! {
            _ = app.end.cancelled() => return,
            _ = tick.tick() => {}
        }
        match claim(&app, &worker).await {
            Ok(Some(job)) => solve(&app, &job).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a worker could not look for work"),
        }
    }
}

/// A run that this process has leased.
pub struct Job {
    pub alliance: AllianceId,
    pub zone: String,
    pub run: RunRecord,
}

pub async fn claim(app: &App, worker: &str) -> Result<Option<Job>, StoreError> {
    let now_ms = clock::now_ms();
    let change = app.work().await?;
    for (alliance, run) in run_rows::fail_exhausted(&change, now_ms).await? {
        if let Some(record) = run_rows::get(&change, &alliance, &run).await? {
            settle_round(&change, &alliance, &record).await?;
            failed(&change, &alliance, &record, "tries_exhausted").await?;
        }
    }
    let Some((alliance, run)) = run_rows::claim(&change, worker, now_ms, LEASE_MS).await? else {
        app.commit(change.done(())).await?;
        return Ok(None);
    };
    let zone = alliances::get(&change, &alliance).await?.zone;
    run_rows::mark_started(&change, &alliance, &run.id, run.generation, clock::civil_now(&zone).1).await?;
    app.commit(change.done(())).await?;
    Ok(Some(Job { alliance, zone, run }))
}

/// One run from claim to saved plan or named failure.
async fn solve(app: &App, job: &Job) {
    let (alliance, run) = (&job.alliance, &job.run);
    publish(app, alliance, run).await;
    let ending = guest::solve(app, run, Watch { app, alliance, run }).await;
    if let Err(error) = conclude(app, job, ending, clock::civil_now(&job.zone).1).await {
        tracing::error!(%error, run = %run.id, "a run's ending could not be saved; its lease will pass on");
    }
    publish(app, alliance, run).await;
}

/// Judges what a guest left, and saves the plan or the failure's name.
pub async fn conclude(app: &App, job: &Job, ending: Ending, now_at_min: i64) -> Result<(), StoreError> {
    match judged(&job.run, ending) {
        Verdict::Plan(plan, state, reason) => save(app, job, *plan, (state, reason), now_at_min).await,
        Verdict::Failure(reason) => fail(app, &job.alliance, &job.run, reason).await,
        Verdict::HandBack => hand_back(app, &job.alliance, &job.run).await,
        Verdict::Lost => Ok(()),
    }
}

/// What a guest tells its host while it works.
pub struct Watch<'a> {
    app: &'a App,
    alliance: &'a AllianceId,
    run: &'a RunRecord,
}

impl Watch<'_> {
    /// Saves what came since last time and renews the lease; false when the run is no longer ours.
    pub async fn report(&self, points: &[ProgressPoint]) -> Result<Told, StoreError> {
        let change = self.app.work().await?;
        let (id, generation) = (&self.run.id, self.run.generation);
        let ours = run_rows::heartbeat(&change, self.alliance, id, generation, clock::now_ms(), LEASE_MS).await?;
        if !ours {
            return Ok(Told::Lost);
        }
        if !points.is_empty() {
            run_rows::add_progress(&change, self.alliance, id, generation, points).await?;
        }
        let record = run_rows::get(&change, self.alliance, id)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.app.commit(change.done(())).await?;
        if !points.is_empty() {
            let _ = self.app.runs.send(runs::view(&record));
        }
        Ok(if record.stop_asked { Told::Stop } else { Told::GoOn })
    }
}

/// What the store says to a worker that reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    GoOn,
    Stop,
    Lost,
}

enum Verdict {
    /// With what kept the solver from its end, where it had none.
    Plan(Box<Plan>, RunState, Option<&'static str>),
    Failure(&'static str),
    /// This process ends: whoever looks next takes the run.
    HandBack,
    /// Another worker has it.
    Lost,
}

/// Frees the run at once, so that nobody waits for its lease to end; the try does not count.
async fn hand_back(app: &App, alliance: &AllianceId, run: &RunRecord) -> Result<(), StoreError> {
    let change = app.work().await?;
    if run_rows::hand_back(&change, alliance, &run.id, run.generation).await? {
        app.commit(change.done(())).await?;
    }
    Ok(())
}

fn judged(run: &RunRecord, ending: Ending) -> Verdict {
    match ending {
        Ending::Answer { plan, stopped } => {
            let state = if stopped { RunState::Stopped } else { RunState::Done };
            match believed(run, &plan) {
                Ok(plan) => Verdict::Plan(Box::new(plan), state, None),
                Err(reason) => Verdict::Failure(reason),
            }
        }
        // A plan with nothing in it would look like a result.
        Ending::Failed { reason, kept } => match kept.map(|plan| believed(run, &plan)) {
            Some(Ok(plan)) if !plan.assignments.is_empty() => {
                tracing::warn!(run = %run.id, reason, "a solver came to no end; the last plan that it had written is kept");
                Verdict::Plan(Box::new(plan), RunState::Stopped, Some(reason))
            }
            _ => Verdict::Failure(reason),
        },
        Ending::HandedBack => Verdict::HandBack,
        Ending::Lost => Verdict::Lost,
    }
}

/// Believes nothing: the file parses, it answers this instance, and the referee finds no conflict. Otherwise why not.
fn believed(run: &RunRecord, plan: &[u8]) -> Result<Plan, &'static str> {
    let instance = serde_json::from_str::<Instance>(&run.instance).map_err(|_| "instance_unreadable")?;
    let plan = serde_json::from_slice::<Plan>(plan).map_err(|_| "answer_unreadable")?;
    let report = solver::check(&instance, &plan);
    if report.is_clean() {
        return Ok(plan);
    }
    let codes: Vec<_> = report.violations.iter().map(|violation| violation.code()).collect();
    tracing::error!(run = %run.id, ?codes, wrong = ?report.wrong, "the referee refuses a solver's plan");
    Err("answer_refused")
}

/// Plan, run and round in one commit.
async fn save(
    app: &App,
    job: &Job,
    plan: Plan,
    (state, reason): (RunState, Option<&str>),
    now_at_min: i64,
) -> Result<(), StoreError> {
    let (alliance, run) = (&job.alliance, &job.run);
    let change = app.work().await?;
    let id = PlanId::new(crate::clock::new_id());
    let earlier = plans::list(&change, alliance, &run.round).await?.len();
    let planned = planned(run)?;
    let from = match &run.from_plan {
        Some(from) => plans::get(&change, alliance, from).await?,
        None => None,
    };
    let plan = match from {
        Some(from) => plan.with_shares_of(&from.plan),
        None => plan,
    };
    let record = PlanRecord {
        id: id.clone(),
        round: run.round.clone(),
        run: Some(run.id.clone()),
        version: 1,
        instance: run.instance.clone(),
        plan,
        label: label(earlier),
        edited: false,
        approved: None,
        made_by: run.started_by.clone(),
        editors: BTreeSet::new(),
        created_at_min: now_at_min,
        discarded: false,
    };
    plans::insert(&change, alliance, &record).await?;
    if !run_rows::finish(&change, alliance, &run.id, run.generation, state, Some(&id), reason).await? {
        return Ok(()); // Dropped without a commit: another worker's answer counts.
    }
    requests::propose(&change, alliance, &run.round, &planned, record.created_at_min).await?;
    let round = rounds::get(&change, alliance, &run.round)
        .await?
        .ok_or(StoreError::NotFound)?;
    if let Ok(state) = round.state.after(RoundAction::Review) {
        let version = round.version;
        rounds::update(&change, alliance, &Round { state, ..round }, version).await?;
    }
    change.deed(own_deed(
        alliance,
        record.created_at_min,
        Event::PlanDrafted,
        id.to_string(),
    ));
    change.fact("round", Fact::id(&run.round));
    change.fact("run", Fact::id(&run.id));
    app.commit(change.done(())).await?;
    Ok(())
}

/// The requests that the run was given; what was left out of it is not proposed.
fn planned(run: &RunRecord) -> Result<Vec<RequestId>, StoreError> {
    let instance: Instance = serde_json::from_str(&run.instance).map_err(|why| StoreError::Broken(why.to_string()))?;
    Ok(instance.requests.into_iter().map(|request| request.id).collect())
}

/// Plans are called A, B, C … and after Z by number.
fn label(earlier: usize) -> String {
    match u8::try_from(earlier) {
        Ok(n) if n < 26 => char::from(b'A' + n).to_string(),
        _ => (earlier + 1).to_string(),
    }
}

async fn fail(app: &App, alliance: &AllianceId, run: &RunRecord, reason: &str) -> Result<(), StoreError> {
    let change = app.work().await?;
    if run_rows::finish(
        &change,
        alliance,
        &run.id,
        run.generation,
        RunState::Failed,
        None,
        Some(reason),
    )
    .await?
    {
        settle_round(&change, alliance, run).await?;
        failed(&change, alliance, run, reason).await?;
        app.commit(change.done(())).await?;
    }
    Ok(())
}

/// A failure is an event like a plan.
async fn failed(change: &Change, alliance: &AllianceId, run: &RunRecord, reason: &str) -> Result<(), StoreError> {
    let at_min = now_at_min(change, alliance).await?;
    change.deed(own_deed(alliance, at_min, Event::RunFailed, run.id.to_string()));
    change.fact("round", Fact::id(&run.round));
    change.fact("reason", Fact::id(&reason));
    Ok(())
}

async fn now_at_min(tx: &Tx, alliance: &AllianceId) -> Result<i64, StoreError> {
    Ok(clock::civil_now(&alliances::get(tx, alliance).await?.zone).1)
}

/// After a failed run the round is usable: back to review when there are plans, else to closed.
async fn settle_round(tx: &Tx, alliance: &AllianceId, run: &RunRecord) -> Result<(), StoreError> {
    let kept = plans::list(tx, alliance, &run.round)
        .await?
        .iter()
        .any(|plan| !plan.discarded);
    let round = rounds::get(tx, alliance, &run.round)
        .await?
        .ok_or(StoreError::NotFound)?;
    let action = if kept {
        RoundAction::Review
    } else {
        RoundAction::Abandon
    };
    if let Ok(state) = round.state.after(action) {
        let version = round.version;
        rounds::update(tx, alliance, &Round { state, ..round }, version).await?;
    }
    Ok(())
}

/// Tells whoever watches the run how it stands now.
async fn publish(app: &App, alliance: &AllianceId, run: &RunRecord) {
    let Ok(tx) = app.read().await else { return };
    if let Ok(Some(record)) = run_rows::get(&tx, alliance, &run.id).await {
        let _ = app.runs.send(runs::view(&record));
    }
}
