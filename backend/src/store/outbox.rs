//! Notices that commit with what they tell of, and are delivered afterwards, at least once.

use super::change::Deed;
use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::AllianceId;
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRecord {
    /// Stable: a receiver knows a repeat by it.
    pub id: String,
    pub kind: String,
    /// The id of what it is about.
    pub subject: String,
    pub body: serde_json::Value,
    pub at_min: i64,
}

impl OutboxRecord {
    /// The notice of a deed, under the deed's own id.
    pub(in crate::store) fn of(deed: &Deed) -> Result<Self, StoreError> {
        Ok(Self {
            id: deed.id.clone(),
            kind: word(deed.event),
            subject: deed.subject.clone(),
            body: serde_json::to_value(&deed.facts).map_err(|why| StoreError::Broken(why.to_string()))?,
            at_min: deed.at_min,
        })
    }
}

table! {
    outbox_rows "outbox" {
        key { alliance_id: String, id: String }
        kind: String,
        subject: String,
        body: String,
        at_min: i64,
        delivered: bool,
    }
}
use outbox_rows::{Column, Entity, Model};

pub async fn add(tx: &Tx, alliance: &AllianceId, notice: &OutboxRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: notice.id.clone(),
        kind: notice.kind.clone(),
        subject: notice.subject.clone(),
        body: json(&notice.body)?,
        at_min: notice.at_min,
        delivered: false,
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// What is not delivered yet, oldest first.
pub async fn pending(tx: &Tx, alliance: &AllianceId) -> Result<Vec<OutboxRecord>, StoreError> {
    let rows = of(alliance).filter(Column::Delivered.eq(false)).all(tx).await?;
    read(rows)
}

/// Everything that was ever told, oldest first.
pub async fn all(tx: &Tx, alliance: &AllianceId) -> Result<Vec<OutboxRecord>, StoreError> {
    read(of(alliance).all(tx).await?)
}

fn of(alliance: &AllianceId) -> Select<Entity> {
    let rows = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
    rows.order_by_asc(Column::AtMin).order_by_asc(Column::Id)
}

fn read(rows: Vec<Model>) -> Result<Vec<OutboxRecord>, StoreError> {
    let read = |row: Model| {
        Ok(OutboxRecord {
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            body: from_json("outbox.body", &row.body)?,
            at_min: row.at_min,
        })
    };
    rows.into_iter().map(read).collect()
}

pub async fn mark_delivered(tx: &Tx, alliance: &AllianceId, notice: &str) -> Result<(), StoreError> {
    let row = Entity::update_many().col_expr(Column::Delivered, Expr::value(true));
    let row = row
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(notice));
    found(row.exec(tx).await?.rows_affected)
}
