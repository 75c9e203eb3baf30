//! What `gongxun verify` looks at: rows as they lie, so that what the schema should have refused is found when it did not.
//!
//! It judges nothing but what SQL says best; the rest is `crate::verify`.

use super::columns::*;
use super::{StoreError, Tx};
use domain::event::Event;
use domain::id::{AllianceId, RoomId};
use domain::plan::UnitsHeld;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use std::collections::BTreeMap;

/// What an entry of the audit log says besides who did what.
pub type Facts = BTreeMap<String, serde_json::Value>;

/// A published week as it lies in its row.
pub struct SnapshotRow {
    pub week: String,
    pub version: i64,
    pub sha256: String,
    pub body: String,
}

/// A lesson that takes place, with all that it needs by its own row.
pub struct LessonRow {
    pub assignment: String,
    pub from_min: i64,
    pub until_min: i64,
    pub room: RoomId,
    pub instructors: Vec<String>,
    pub cohorts: Vec<String>,
    pub equipment: Vec<UnitsHeld>,
}

/// What a lesson holds.
pub struct HeldRow {
    pub assignment: String,
    pub unit: String,
    pub from_min: i64,
    pub until_min: i64,
}

/// A plan that the solver answered.
pub struct PlanRow {
    pub id: String,
    pub instance: String,
    pub plan: String,
}

async fn rows(tx: &Tx, sql: &str, alliance: &AllianceId) -> Result<Vec<QueryResult>, StoreError> {
    let ask = Statement::from_sql_and_values(tx.get_database_backend(), sql, [key(alliance).into()]);
    Ok(tx.query_all_raw(ask).await?)
}

/// The first column of every row as text.
async fn texts(tx: &Tx, sql: &str, alliance: &AllianceId) -> Result<Vec<String>, StoreError> {
    let found = rows(tx, sql, alliance).await?;
    found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

pub async fn count(tx: &Tx, table: &str, alliance: &AllianceId) -> Result<i64, StoreError> {
    let counted = rows(
        tx,
        &format!("SELECT count(*) FROM {table} WHERE alliance_id = $1"),
        alliance,
    )
    .await?;
    Ok(counted
        .first()
        .map(|row| row.try_get_by_index(0))
        .transpose()?
        .unwrap_or_default())
}

/// Units of which one occupancy begins before the one before it has ended.
pub async fn overlaps(tx: &Tx, alliance: &AllianceId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT unit FROM (SELECT unit, until_min, \
               lead(from_min) OVER (PARTITION BY unit ORDER BY from_min, until_min) AS next_from \
               FROM occupancy WHERE alliance_id = $1) AS held WHERE next_from < until_min ORDER BY unit";
    texts(tx, sql, alliance).await
}

pub async fn lessons(tx: &Tx, alliance: &AllianceId) -> Result<Vec<LessonRow>, StoreError> {
    let sql = "SELECT id, from_min, until_min, room_id, instructors, cohorts, equipment FROM assignments \
               WHERE alliance_id = $1 ORDER BY id";
    let read = |row: &QueryResult| {
        Ok(LessonRow {
            assignment: row.try_get("", "id")?,
            from_min: row.try_get("", "from_min")?,
            until_min: row.try_get("", "until_min")?,
            room: id("assignments.room_id", row.try_get("", "room_id")?)?,
            instructors: from_json("assignments.instructors", &row.try_get::<String>("", "instructors")?)?,
            cohorts: from_json("assignments.cohorts", &row.try_get::<String>("", "cohorts")?)?,
            equipment: from_json("assignments.equipment", &row.try_get::<String>("", "equipment")?)?,
        })
    };
    rows(tx, sql, alliance).await?.iter().map(read).collect()
}

pub async fn occupancy(tx: &Tx, alliance: &AllianceId) -> Result<Vec<HeldRow>, StoreError> {
    let sql = "SELECT assignment_id, unit, from_min, until_min FROM occupancy WHERE alliance_id = $1";
    let read = |row: &QueryResult| {
        Ok(HeldRow {
            assignment: row.try_get_by_index(0)?,
            unit: row.try_get_by_index(1)?,
            from_min: row.try_get_by_index(2)?,
            until_min: row.try_get_by_index(3)?,
        })
    };
    rows(tx, sql, alliance).await?.iter().map(read).collect()
}

/// The facts of every entry of the audit log that tells of an event, with what it is about.
pub async fn told(tx: &Tx, alliance: &AllianceId, event: Event) -> Result<Vec<(String, Facts)>, StoreError> {
    let sql = format!(
        "SELECT subject, facts FROM audit WHERE alliance_id = $1 AND event = '{}'",
        event.word()
    );
    let read = |row: &QueryResult| {
        let facts: String = row.try_get_by_index(1)?;
        Ok((row.try_get_by_index(0)?, from_json("audit.facts", &facts)?))
    };
    rows(tx, &sql, alliance).await?.iter().map(read).collect()
}

pub async fn snapshots(tx: &Tx, alliance: &AllianceId) -> Result<Vec<SnapshotRow>, StoreError> {
    let sql = "SELECT week, version, sha256, body FROM snapshots WHERE alliance_id = $1 ORDER BY week, version";
    let read = |row: &QueryResult| {
        Ok(SnapshotRow {
            week: row.try_get("", "week")?,
            version: row.try_get("", "version")?,
            sha256: row.try_get("", "sha256")?,
            body: row.try_get("", "body")?,
        })
    };
    rows(tx, sql, alliance).await?.iter().map(read).collect()
}

/// Keys that were taken in a commit and never answered, or answered twice.
pub async fn half_answers(tx: &Tx, alliance: &AllianceId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT write_key FROM answers WHERE alliance_id = $1 AND reply IS NULL ORDER BY write_key";
    texts(tx, sql, alliance).await
}

/// Ids of entries of the log without a notice, and of notices without an entry.
pub async fn unpaired(tx: &Tx, alliance: &AllianceId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM audit WHERE alliance_id = $1 AND NOT EXISTS \
               (SELECT 1 FROM outbox WHERE outbox.alliance_id = audit.alliance_id AND outbox.id = audit.id) \
               UNION SELECT id FROM outbox WHERE alliance_id = $1 AND NOT EXISTS \
               (SELECT 1 FROM audit WHERE outbox.alliance_id = audit.alliance_id AND outbox.id = audit.id) ORDER BY id";
    texts(tx, sql, alliance).await
}

/// Things whose version or story does not count from one without a gap.
pub async fn versions_astray(tx: &Tx, alliance: &AllianceId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT 'request ' || id AS thing FROM requests WHERE alliance_id = $1 AND version < 1 \
               UNION SELECT 'round ' || id FROM rounds WHERE alliance_id = $1 AND version < 1 \
               UNION SELECT 'plan ' || id FROM plans WHERE alliance_id = $1 AND version < 1 \
               UNION SELECT 'week ' || week FROM snapshots WHERE alliance_id = $1 \
               GROUP BY week HAVING min(version) <> 1 OR max(version) <> count(*) \
               UNION SELECT 'story ' || request_id FROM request_steps WHERE alliance_id = $1 \
               GROUP BY request_id HAVING max(step) - min(step) + 1 <> count(*) ORDER BY thing";
    texts(tx, sql, alliance).await
}

pub async fn solved_plans(tx: &Tx, alliance: &AllianceId) -> Result<Vec<PlanRow>, StoreError> {
    let sql = "SELECT id, instance, plan FROM plans WHERE alliance_id = $1 AND run_id IS NOT NULL ORDER BY id";
    let read = |row: &QueryResult| {
        Ok(PlanRow {
            id: row.try_get("", "id")?,
            instance: row.try_get("", "instance")?,
            plan: row.try_get("", "plan")?,
        })
    };
    rows(tx, sql, alliance).await?.iter().map(read).collect()
}
