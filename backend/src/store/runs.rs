//! Runs of the solver as leased jobs.
//!
//! A worker claims a run for a while and renews its lease; when it falls silent, another takes the run, under
//! the next generation. Every write of a worker names the generation that it holds and answers `false` when
//! that is no longer the run's: whoever comes back too late changes nothing.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::api::{ProgressPoint, RunState};
use domain::id::{AllianceId, PersonId, PlanId, RoundId, RunId};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select, UpdateMany,
};
use std::collections::BTreeMap;

/// A run that lost its worker so often has failed.
const TRIES_MAX: i64 = 3;

#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    pub id: RunId,
    pub round: RoundId,
    pub from_plan: Option<PlanId>,
    pub state: RunState,
    pub seconds_max: i64,
    pub started_by: PersonId,
    pub queued_at_min: i64,
    pub started_at_min: Option<i64>,
    pub plan: Option<PlanId>,
    pub failure: Option<String>,
    pub stop_asked: bool,
    pub generation: i64,
    pub tries: i64,
    /// The instance's JSON, as it was when the run was asked for.
    pub instance: String,
    pub progress: Vec<ProgressPoint>,
}

table! {
    run_rows "runs" {
        key { alliance_id: String, id: String }
        round_id: String,
        from_plan: Option<String>,
        state: String,
        seconds_max: i64,
        started_by: String,
        queued_at_min: i64,
        started_at_min: Option<i64>,
        plan_id: Option<String>,
        failure: Option<String>,
        stop_asked: bool,
        worker: Option<String>,
        lease_until_ms: Option<i64>,
        generation: i64,
        tries: i64,
        instance: String,
    }
}
use run_rows::{ActiveModel, Column, Entity, Model};

table! {
    progress_rows "run_progress" {
        key { alliance_id: String, run_id: String, point: i64 }
        stage: String,
        incumbent: Option<f64>,
        bound: Option<f64>,
        gap: Option<f64>,
        seconds: f64,
    }
}

/// Stores a new run; nobody holds it yet.
pub async fn insert(tx: &Tx, alliance: &AllianceId, run: &RunRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: key(&run.id),
        round_id: key(&run.round),
        from_plan: key_or_null(&run.from_plan),
        state: word(run.state),
        seconds_max: run.seconds_max,
        started_by: key(&run.started_by),
        queued_at_min: run.queued_at_min,
        started_at_min: run.started_at_min,
        plan_id: key_or_null(&run.plan),
        failure: run.failure.clone(),
        stop_asked: run.stop_asked,
        worker: None,
        lease_until_ms: None,
        generation: run.generation,
        tries: run.tries,
        instance: run.instance.clone(),
    };
    insert_all::<Entity, _>(tx, vec![row]).await?;
    insert_points(tx, alliance, &run.id, 0, &run.progress).await
}

pub async fn get(tx: &Tx, alliance: &AllianceId, run: &RunId) -> Result<Option<RunRecord>, StoreError> {
    let Some(row) = Entity::find_by_id((key(alliance), key(run))).one(tx).await? else {
        return Ok(None);
    };
    let mut progress = progress_of(tx, alliance, std::slice::from_ref(&row.id)).await?;
    let progress = progress.remove(&row.id).unwrap_or_default();
    read(row, progress).map(Some)
}

/// All runs of a round, oldest first.
pub async fn list(tx: &Tx, alliance: &AllianceId, round: &RoundId) -> Result<Vec<RunRecord>, StoreError> {
    let rows = of(alliance).filter(Column::RoundId.eq(key(round)));
    let rows = rows
        .order_by_asc(Column::QueuedAtMin)
        .order_by_asc(Column::Id)
        .all(tx)
        .await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut progress = progress_of(tx, alliance, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let points = progress.remove(&row.id).unwrap_or_default();
            read(row, points)
        })
        .collect()
}

/// The round's run that is queued or running; the schema allows one.
pub async fn active(tx: &Tx, alliance: &AllianceId, round: &RoundId) -> Result<Option<RunId>, StoreError> {
    let active = of(alliance)
        .filter(Column::RoundId.eq(key(round)))
        .filter(is_active())
        .select_only();
    let run: Option<String> = active.column(Column::Id).into_tuple().one(tx).await?;
    id_or_null("runs.id", run)
}

/// Takes the oldest run of any alliance that is queued, or whose worker fell silent, for `lease_ms`.
///
/// Two workers never wait for each other: on PostgreSQL the second skips the row that the first has locked.
pub async fn claim(
    tx: &Tx,
    worker: &str,
    now_ms: i64,
    lease_ms: i64,
) -> Result<Option<(AllianceId, RunRecord)>, StoreError> {
    let orphan = is(RunState::Running)
        .add(Column::LeaseUntilMs.lt(now_ms))
        .add(Column::Tries.lt(TRIES_MAX));
    let free = Entity::find()
        .filter(Condition::any().add(is(RunState::Queued)).add(orphan))
        .filter(is_active());
    let oldest = free.order_by_asc(Column::QueuedAtMin).order_by_asc(Column::Id).limit(1);
    let Some(row) = oldest
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(tx)
        .await?
    else {
        return Ok(None);
    };
    let change = ActiveModel {
        state: set(word(RunState::Running)),
        worker: set(Some(worker.to_owned())),
        lease_until_ms: set(Some(now_ms + lease_ms)),
        generation: set(row.generation + 1),
        tries: set(row.tries + 1),
        ..Default::default()
    };
    let mine = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(row.alliance_id.clone()));
    mine.filter(Column::Id.eq(row.id.clone())).exec(tx).await?;
    let alliance: AllianceId = id("runs.alliance_id", row.alliance_id)?;
    let run = get(tx, &alliance, &id("runs.id", row.id)?)
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(Some((alliance, run)))
}

/// Notes when the work began, in the alliance's civil time, which a claim across alliances does not know.
pub async fn mark_started(
    tx: &Tx,
    alliance: &AllianceId,
    run: &RunId,
    generation: i64,
    at_min: i64,
) -> Result<bool, StoreError> {
    let change = ActiveModel {
        started_at_min: set(Some(at_min)),
        ..Default::default()
    };
    has_changed(tx, held(alliance, run, generation).set(change)).await
}

/// Renews the lease.
pub async fn heartbeat(
    tx: &Tx,
    alliance: &AllianceId,
    run: &RunId,
    generation: i64,
    now_ms: i64,
    lease_ms: i64,
) -> Result<bool, StoreError> {
    let change = ActiveModel {
        lease_until_ms: set(Some(now_ms + lease_ms)),
        ..Default::default()
    };
    has_changed(tx, held(alliance, run, generation).set(change)).await
}

/// Appends lines of progress.
pub async fn add_progress(
    tx: &Tx,
    alliance: &AllianceId,
    run: &RunId,
    generation: i64,
    points: &[ProgressPoint],
) -> Result<bool, StoreError> {
    // Writing the generation onto itself locks the row: it cannot be claimed away before the commit.
    let ours = held(alliance, run, generation)
        .col_expr(Column::Generation, Expr::value(generation))
        .exec(tx)
        .await?;
    if ours.rows_affected == 0 {
        return Ok(false);
    }
    let points_of = progress_rows::Entity::find().filter(progress_rows::Column::AllianceId.eq(key(alliance)));
    let points_of = points_of
        .filter(progress_rows::Column::RunId.eq(key(run)))
        .select_only();
    let last = points_of.column_as(progress_rows::Column::Point.max(), "last");
    let last: Option<Option<i64>> = last.into_tuple().one(tx).await?;
    insert_points(tx, alliance, run, last.flatten().unwrap_or(0), points).await?;
    Ok(true)
}

/// Gives the run back: it is queued again, and the try that was broken off does not count.
pub async fn hand_back(tx: &Tx, alliance: &AllianceId, run: &RunId, generation: i64) -> Result<bool, StoreError> {
    let change = ActiveModel {
        state: set(word(RunState::Queued)),
        worker: set(None),
        lease_until_ms: set(None),
        ..Default::default()
    };
    let freed = held(alliance, run, generation)
        .set(change)
        .col_expr(Column::Tries, Expr::col(Column::Tries).sub(1));
    has_changed(tx, freed).await
}

/// Ends the run, with a plan, the reason why there is none, or both where the plan is only the last one before the solver
/// failed.
pub async fn finish(
    tx: &Tx,
    alliance: &AllianceId,
    run: &RunId,
    generation: i64,
    state: RunState,
    plan: Option<&PlanId>,
    failure: Option<&str>,
) -> Result<bool, StoreError> {
    let change = ActiveModel {
        state: set(word(state)),
        plan_id: set(plan.map(key)),
        failure: set(failure.map(str::to_owned)),
        worker: set(None),
        lease_until_ms: set(None),
        ..Default::default()
    };
    has_changed(tx, held(alliance, run, generation).set(change)).await
}

/// Asks whoever holds the run, or will hold it, to stop. A run that has ended stays as it is.
pub async fn ask_stop(tx: &Tx, alliance: &AllianceId, run: &RunId) -> Result<(), StoreError> {
    let asked = Entity::update_many().col_expr(Column::StopAsked, Expr::value(true));
    let asked = asked
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(run)));
    found(asked.exec(tx).await?.rows_affected)
}

/// Fails the runs that lost their worker for the last time; says which.
pub async fn fail_exhausted(tx: &Tx, now_ms: i64) -> Result<Vec<(AllianceId, RunId)>, StoreError> {
    let lost = is(RunState::Running)
        .add(Column::LeaseUntilMs.lt(now_ms))
        .add(Column::Tries.gte(TRIES_MAX));
    let rows = Entity::find()
        .filter(lost.clone())
        .filter(is_active())
        .lock(LockType::Update)
        .all(tx)
        .await?;
    let mut failed = Vec::with_capacity(rows.len());
    for row in rows {
        let (alliance, run) = (id("runs.alliance_id", row.alliance_id)?, id("runs.id", row.id)?);
        finish(
            tx,
            &alliance,
            &run,
            row.generation,
            RunState::Failed,
            None,
            Some("tries_exhausted"),
        )
        .await?;
        failed.push((alliance, run));
    }
    Ok(failed)
}

fn of(alliance: &AllianceId) -> Select<Entity> {
    Entity::find().filter(Column::AllianceId.eq(key(alliance)))
}

fn is(state: RunState) -> Condition {
    Condition::all().add(Column::State.eq(word(state)))
}

/// The same words as in the partial indexes, so that they are used.
fn is_active() -> Expr {
    Expr::cust("state IN ('queued', 'running')")
}

/// Whether the run was still held by whoever wanted to change it.
async fn has_changed(tx: &Tx, change: UpdateMany<Entity>) -> Result<bool, StoreError> {
    Ok(change.exec(tx).await?.rows_affected > 0)
}

/// The run while this generation holds it.
fn held(alliance: &AllianceId, run: &RunId, generation: i64) -> UpdateMany<Entity> {
    let row = Entity::update_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(run)));
    row.filter(is(RunState::Running).add(Column::Generation.eq(generation)))
}

async fn insert_points(
    tx: &Tx,
    alliance: &AllianceId,
    run: &RunId,
    after: i64,
    points: &[ProgressPoint],
) -> Result<(), StoreError> {
    let row = |(point, line): (i64, &ProgressPoint)| progress_rows::Model {
        alliance_id: key(alliance),
        run_id: key(run),
        point,
        stage: line.stage.clone(),
        incumbent: line.incumbent,
        bound: line.bound,
        gap: line.gap,
        seconds: line.seconds,
    };
    insert_all::<progress_rows::Entity, _>(tx, (after + 1..).zip(points).map(row).collect()).await
}

async fn progress_of(
    tx: &Tx,
    alliance: &AllianceId,
    runs: &[String],
) -> Result<BTreeMap<String, Vec<ProgressPoint>>, StoreError> {
    use progress_rows::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::RunId.is_in(runs.to_vec()));
    let mut progress: BTreeMap<String, Vec<ProgressPoint>> = BTreeMap::new();
    for row in rows.order_by_asc(Column::Point).all(tx).await? {
        let point = ProgressPoint {
            stage: row.stage,
            incumbent: row.incumbent,
            bound: row.bound,
            gap: row.gap,
            seconds: row.seconds,
        };
        progress.entry(row.run_id).or_default().push(point);
    }
    Ok(progress)
}

fn read(row: Model, progress: Vec<ProgressPoint>) -> Result<RunRecord, StoreError> {
    Ok(RunRecord {
        id: id("runs.id", row.id)?,
        round: id("runs.round_id", row.round_id)?,
        from_plan: id_or_null("runs.from_plan", row.from_plan)?,
        state: from_word("runs.state", &row.state)?,
        seconds_max: row.seconds_max,
        started_by: id("runs.started_by", row.started_by)?,
        queued_at_min: row.queued_at_min,
        started_at_min: row.started_at_min,
        plan: id_or_null("runs.plan_id", row.plan_id)?,
        failure: row.failure,
        stop_asked: row.stop_asked,
        generation: row.generation,
        tries: row.tries,
        instance: row.instance,
        progress,
    })
}
