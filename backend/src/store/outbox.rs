//! Notices that commit with what they tell of, and are delivered afterwards, at least once.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::AllianceId;
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

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
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Delivered.eq(false));
    let rows = rows
        .order_by_asc(Column::AtMin)
        .order_by_asc(Column::Id)
        .all(tx)
        .await?;
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
