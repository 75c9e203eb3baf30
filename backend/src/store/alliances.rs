//! Tenants.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx, audit};
use domain::id::AllianceId;
use domain::time::PeriodTable;
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllianceRecord {
    pub id: AllianceId,
    pub name: String,
    /// IANA name; the alliance lives in one zone.
    pub zone: String,
    /// Publishing needs the consent of a second coordinator.
    pub four_eyes: bool,
    /// Coordinators and admins need a second factor.
    pub second_factor_required: bool,
    /// The name of the key that its secrets are sealed with; nothing before the first start that has one.
    pub key: Option<String>,
    pub periods: PeriodTable,
    /// Rises with every change of the catalog.
    pub catalog_version: i64,
    pub travel_default_min: i64,
}

table! {
    alliance_rows "alliances" {
        key { id: String }
        name: String,
        zone: String,
        four_eyes: bool,
        periods: String,
        catalog_version: i64,
        travel_default_min: i64,
        second_factor_required: bool,
        key_id: Option<String>,
    }
}
use alliance_rows::{Column, Entity, Model};

/// When the first thing happened in an alliance; where nothing has, last.
const FOUNDED: &str = "COALESCE((SELECT entry.at_ms FROM audit AS entry \
                       WHERE entry.alliance_id = alliances.id AND entry.seq = 1), 9223372036854775807)";

pub async fn insert(tx: &Tx, alliance: &AllianceRecord) -> Result<(), StoreError> {
    let row = Model {
        id: key(&alliance.id),
        name: alliance.name.clone(),
        zone: alliance.zone.clone(),
        four_eyes: alliance.four_eyes,
        periods: json(&alliance.periods)?,
        catalog_version: alliance.catalog_version,
        travel_default_min: alliance.travel_default_min,
        second_factor_required: alliance.second_factor_required,
        key_id: alliance.key.clone(),
    };
    insert_all::<Entity, _>(tx, vec![row]).await?;
    audit::begin(tx, &alliance.id).await
}

pub async fn get(tx: &Tx, alliance: &AllianceId) -> Result<AllianceRecord, StoreError> {
    if let Some(known) = tx.known(alliance) {
        return Ok(known);
    }
    let row = Entity::find_by_id(key(alliance)).one(tx).await?;
    let record = read(row.ok_or(StoreError::NotFound)?)?;
    tx.know(&record);
    Ok(record)
}

/// In the order in which they were founded, as far as their audit logs tell: what is founded has its first entry at once.
pub async fn list(tx: &Tx) -> Result<Vec<AllianceRecord>, StoreError> {
    let rows = Entity::find()
        .order_by_asc(Expr::cust(FOUNDED))
        .order_by_asc(Column::Id)
        .all(tx)
        .await?;
    let records = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    records.iter().for_each(|record| tx.know(record));
    Ok(records)
}

/// Says that the catalog has changed.
pub async fn bump_catalog(tx: &Tx, alliance: &AllianceId) -> Result<(), StoreError> {
    let next = Expr::col(Column::CatalogVersion).add(1);
    let change = Entity::update_many()
        .col_expr(Column::CatalogVersion, next)
        .filter(Column::Id.eq(key(alliance)));
    found(change.exec(tx).await?.rows_affected)
}

/// Whether coordinators and admins need a second factor from now on.
pub async fn require_second_factor(tx: &Tx, alliance: &AllianceId, required: bool) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::SecondFactorRequired, Expr::value(required))
        .filter(Column::Id.eq(key(alliance)));
    found(change.exec(tx).await?.rows_affected)
}

/// Names the key that the alliance's secrets are sealed with.
pub async fn name_key(tx: &Tx, alliance: &AllianceId, name: &str) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::KeyId, Expr::value(name))
        .filter(Column::Id.eq(key(alliance)));
    found(change.exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<AllianceRecord, StoreError> {
    Ok(AllianceRecord {
        id: id("alliances.id", row.id)?,
        name: row.name,
        zone: row.zone,
        four_eyes: row.four_eyes,
        periods: from_json("alliances.periods", &row.periods)?,
        catalog_version: row.catalog_version,
        travel_default_min: row.travel_default_min,
        second_factor_required: row.second_factor_required,
        key: row.key_id,
    })
}
