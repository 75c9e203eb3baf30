//! The committed timetable: assignments, what they occupy, and the snapshots that were shown.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{
    AllianceId, AssignmentId, CohortId, InstructorId, OrganizationId, PlanId, RequestId, RoomId, RoundId,
};
use domain::plan::UnitsHeld;
use domain::time::{Span, Week};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A lesson that takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRecord {
    pub id: AssignmentId,
    pub round: RoundId,
    pub week: Week,
    pub request: RequestId,
    pub lesson: i64,
    pub organization: OrganizationId,
    /// Civil minutes since 1970-01-01.
    pub span: Span,
    pub room: RoomId,
    pub instructors: Vec<InstructorId>,
    pub cohorts: Vec<CohortId>,
    pub equipment: Vec<UnitsHeld>,
}

/// One exclusive unit, held by one assignment for a span of civil minutes since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccupancyRecord {
    pub assignment: AssignmentId,
    pub unit: String,
    pub span: Span,
}

/// A week as everybody was shown it; never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotRecord {
    pub round: RoundId,
    pub week: Week,
    pub plan: PlanId,
    pub version: i64,
    pub sha256: String,
    pub body: String,
    pub published_at_min: i64,
}

table! {
    assignment_rows "assignments" {
        key { alliance_id: String, id: String }
        round_id: String,
        week: String,
        request_id: String,
        lesson: i64,
        organization_id: String,
        from_min: i64,
        until_min: i64,
        room_id: String,
        instructors: String,
        cohorts: String,
        equipment: String,
    }
}

table! {
    occupancy_rows "occupancy" {
        key { alliance_id: String, assignment_id: String, unit: String, from_min: i64 }
        until_min: i64,
    }
}

table! {
    snapshot_rows "snapshots" {
        key { alliance_id: String, week: String, version: i64 }
        round_id: String,
        plan_id: String,
        sha256: String,
        body: String,
        published_at_min: i64,
    }
}

/// Stores assignments with all that they occupy; a clash is refused as `one_place_at_a_time`.
pub async fn publish(
    tx: &Tx,
    alliance: &AllianceId,
    assignments: &[AssignmentRecord],
    occupancy: &[OccupancyRecord],
) -> Result<(), StoreError> {
    let row = |lesson: &AssignmentRecord| {
        Ok(assignment_rows::Model {
            alliance_id: key(alliance),
            id: key(&lesson.id),
            round_id: key(&lesson.round),
            week: week(lesson.week),
            request_id: key(&lesson.request),
            lesson: lesson.lesson,
            organization_id: key(&lesson.organization),
            from_min: lesson.span.from,
            until_min: lesson.span.until,
            room_id: key(&lesson.room),
            instructors: json(&lesson.instructors)?,
            cohorts: json(&lesson.cohorts)?,
            equipment: json(&lesson.equipment)?,
        })
    };
    let rows = assignments.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    insert_all::<assignment_rows::Entity, _>(tx, rows).await?;
    insert_occupancy(tx, alliance, occupancy).await
}

/// Occupies units for assignments that are stored already.
pub async fn insert_occupancy(tx: &Tx, alliance: &AllianceId, occupancy: &[OccupancyRecord]) -> Result<(), StoreError> {
    queue_up(tx, alliance).await?;
    let row = |held: &OccupancyRecord| occupancy_rows::Model {
        alliance_id: key(alliance),
        assignment_id: key(&held.assignment),
        unit: held.unit.clone(),
        from_min: held.span.from,
        until_min: held.span.until,
    };
    insert_all::<occupancy_rows::Entity, _>(tx, occupancy.iter().map(row).collect()).await
}

/// Whoever occupies something in an alliance waits here for who came before.
///
/// The law does not need it. But PostgreSQL enters a row first and looks for clashes then, so two writers of
/// one slot wait for each other until the deadlock detector kills one, a second later.
pub async fn queue_up(tx: &Tx, alliance: &AllianceId) -> Result<(), StoreError> {
    tx.queue_up(&format!("occupancy/{alliance}")).await
}

/// Other people teach a lesson: what it says of them, and what is held of one in the place of another.
pub async fn hand_over(
    tx: &Tx,
    alliance: &AllianceId,
    lesson: &AssignmentRecord,
    (from, to): (&str, &str),
) -> Result<(), StoreError> {
    use assignment_rows::{Column, Entity};
    let taught = Entity::update_many().col_expr(Column::Instructors, Expr::value(json(&lesson.instructors)?));
    let taught = taught.filter(Column::AllianceId.eq(key(alliance)));
    found(
        taught
            .filter(Column::Id.eq(key(&lesson.id)))
            .exec(tx)
            .await?
            .rows_affected,
    )?;
    let held = occupancy_rows::Entity::delete_many()
        .filter(occupancy_rows::Column::AllianceId.eq(key(alliance)))
        .filter(occupancy_rows::Column::AssignmentId.eq(key(&lesson.id)))
        .filter(occupancy_rows::Column::Unit.eq(from));
    found(held.exec(tx).await?.rows_affected)?;
    let holds = OccupancyRecord {
        assignment: lesson.id.clone(),
        unit: to.to_owned(),
        span: lesson.span,
    };
    insert_occupancy(tx, alliance, &[holds]).await
}

/// A week's lessons in order of start, then id.
pub async fn assignments(tx: &Tx, alliance: &AllianceId, of_week: Week) -> Result<Vec<AssignmentRecord>, StoreError> {
    use assignment_rows::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Week.eq(week(of_week)));
    let rows = rows
        .order_by_asc(Column::FromMin)
        .order_by_asc(Column::Id)
        .all(tx)
        .await?;
    rows.into_iter().map(read_assignment).collect()
}

/// Who holds any of these units at any time of the span; by unit, then start.
pub async fn occupancy(
    tx: &Tx,
    alliance: &AllianceId,
    units: &[String],
    span: Span,
) -> Result<Vec<OccupancyRecord>, StoreError> {
    use occupancy_rows::{Column, Entity};
    let held = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Unit.is_in(units.to_vec()));
    let held = held
        .filter(Column::FromMin.lt(span.until))
        .filter(Column::UntilMin.gt(span.from));
    let rows = held
        .order_by_asc(Column::Unit)
        .order_by_asc(Column::FromMin)
        .all(tx)
        .await?;
    let read = |row: occupancy_rows::Model| {
        let span = Span::new(row.from_min, row.until_min);
        Ok(OccupancyRecord {
            assignment: id("occupancy.assignment_id", row.assignment_id)?,
            unit: row.unit,
            span,
        })
    };
    rows.into_iter().map(read).collect()
}

pub async fn snapshot_insert(tx: &Tx, alliance: &AllianceId, snapshot: &SnapshotRecord) -> Result<(), StoreError> {
    let row = snapshot_rows::Model {
        alliance_id: key(alliance),
        week: week(snapshot.week),
        version: snapshot.version,
        round_id: key(&snapshot.round),
        plan_id: key(&snapshot.plan),
        sha256: snapshot.sha256.clone(),
        body: snapshot.body.clone(),
        published_at_min: snapshot.published_at_min,
    };
    insert_all::<snapshot_rows::Entity, _>(tx, vec![row]).await
}

/// The week's latest snapshot.
pub async fn snapshot(tx: &Tx, alliance: &AllianceId, of_week: Week) -> Result<Option<SnapshotRecord>, StoreError> {
    use snapshot_rows::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Week.eq(week(of_week)));
    rows.order_by_desc(Column::Version)
        .limit(1)
        .one(tx)
        .await?
        .map(read_snapshot)
        .transpose()
}

/// The latest snapshot of this week and of every one after it, by week.
pub async fn snapshots_from(tx: &Tx, alliance: &AllianceId, first: Week) -> Result<Vec<SnapshotRecord>, StoreError> {
    use snapshot_rows::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Week.gte(week(first)))
        .filter(Expr::cust(IS_LATEST));
    let rows = rows.order_by_asc(Column::Week).all(tx).await?;
    rows.into_iter().map(read_snapshot).collect()
}

/// No later snapshot shows the same week.
const IS_LATEST: &str = "NOT EXISTS (SELECT 1 FROM snapshots AS later WHERE later.alliance_id = snapshots.alliance_id \
                         AND later.week = snapshots.week AND later.version > snapshots.version)";

/// Every published week with its latest version, ascending.
pub async fn snapshots(tx: &Tx, alliance: &AllianceId) -> Result<Vec<(Week, i64)>, StoreError> {
    use snapshot_rows::{Column, Entity};
    let weeks = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .select_only()
        .column(Column::Week);
    let latest = weeks
        .column_as(Column::Version.max(), "latest")
        .group_by(Column::Week)
        .order_by_asc(Column::Week);
    let rows: Vec<(String, i64)> = latest.into_tuple().all(tx).await?;
    rows.into_iter()
        .map(|(week, version)| Ok((from_week("snapshots.week", &week)?, version)))
        .collect()
}

fn read_assignment(row: assignment_rows::Model) -> Result<AssignmentRecord, StoreError> {
    Ok(AssignmentRecord {
        id: id("assignments.id", row.id)?,
        round: id("assignments.round_id", row.round_id)?,
        week: from_week("assignments.week", &row.week)?,
        request: id("assignments.request_id", row.request_id)?,
        lesson: row.lesson,
        organization: id("assignments.organization_id", row.organization_id)?,
        span: Span::new(row.from_min, row.until_min),
        room: id("assignments.room_id", row.room_id)?,
        instructors: from_json("assignments.instructors", &row.instructors)?,
        cohorts: from_json("assignments.cohorts", &row.cohorts)?,
        equipment: from_json("assignments.equipment", &row.equipment)?,
    })
}

fn read_snapshot(row: snapshot_rows::Model) -> Result<SnapshotRecord, StoreError> {
    Ok(SnapshotRecord {
        round: id("snapshots.round_id", row.round_id)?,
        week: from_week("snapshots.week", &row.week)?,
        plan: id("snapshots.plan_id", row.plan_id)?,
        version: row.version,
        sha256: row.sha256,
        body: row.body,
        published_at_min: row.published_at_min,
    })
}
