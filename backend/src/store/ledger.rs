//! What each member asked for, got and is owed, week by week. Lines are ordered by member.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::fairness::LedgerLine;
use domain::id::AllianceId;
use domain::time::Week;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

table! {
    ledger_rows "ledger" {
        key { alliance_id: String, week: String, organization_id: String }
        asked_min: i64,
        claim_min: i64,
        granted_min: i64,
        used_min: i64,
        lost_min: i64,
        due_min: i64,
    }
}
use ledger_rows::{Column, Entity, Model};

/// Writes a week's lines in place of what stood there.
pub async fn put(tx: &Tx, alliance: &AllianceId, of_week: Week, lines: &[LedgerLine]) -> Result<(), StoreError> {
    let old = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Week.eq(week(of_week)));
    old.exec(tx).await?;
    let row = |line: &LedgerLine| Model {
        alliance_id: key(alliance),
        week: week(of_week),
        organization_id: key(&line.organization),
        asked_min: line.asked_min,
        claim_min: line.claim_min,
        granted_min: line.granted_min,
        used_min: line.used_min,
        lost_min: line.lost_min,
        due_min: line.due_min,
    };
    insert_all::<Entity, _>(tx, lines.iter().map(row).collect()).await
}

pub async fn lines(tx: &Tx, alliance: &AllianceId, of_week: Week) -> Result<Vec<LedgerLine>, StoreError> {
    let rows = of(alliance)
        .filter(Column::Week.eq(week(of_week)))
        .order_by_asc(Column::OrganizationId);
    rows.all(tx).await?.into_iter().map(|row| Ok(read(row)?.1)).collect()
}

/// The lines of the latest week before this one that has any.
pub async fn latest_before(tx: &Tx, alliance: &AllianceId, of_week: Week) -> Result<Vec<LedgerLine>, StoreError> {
    let earlier = of(alliance).filter(Column::Week.lt(week(of_week))).select_only();
    let latest: Option<Option<String>> = earlier
        .column_as(Column::Week.max(), "latest")
        .into_tuple()
        .one(tx)
        .await?;
    match latest.flatten() {
        Some(latest) => lines(tx, alliance, from_week("ledger.week", &latest)?).await,
        None => Ok(Vec::new()),
    }
}

/// The weeks that have lines, ascending.
pub async fn weeks(tx: &Tx, alliance: &AllianceId) -> Result<Vec<Week>, StoreError> {
    let weeks = of(alliance)
        .select_only()
        .column(Column::Week)
        .distinct()
        .order_by_asc(Column::Week);
    let weeks: Vec<String> = weeks.into_tuple().all(tx).await?;
    weeks.iter().map(|week| from_week("ledger.week", week)).collect()
}

/// Every line of every week, ascending.
pub async fn all(tx: &Tx, alliance: &AllianceId) -> Result<Vec<(Week, LedgerLine)>, StoreError> {
    let rows = of(alliance)
        .order_by_asc(Column::Week)
        .order_by_asc(Column::OrganizationId);
    rows.all(tx).await?.into_iter().map(read).collect()
}

fn of(alliance: &AllianceId) -> Select<Entity> {
    Entity::find().filter(Column::AllianceId.eq(key(alliance)))
}

fn read(row: Model) -> Result<(Week, LedgerLine), StoreError> {
    let line = LedgerLine {
        organization: id("ledger.organization_id", row.organization_id)?,
        asked_min: row.asked_min,
        claim_min: row.claim_min,
        granted_min: row.granted_min,
        used_min: row.used_min,
        lost_min: row.lost_min,
        due_min: row.due_min,
    };
    Ok((from_week("ledger.week", &row.week)?, line))
}
