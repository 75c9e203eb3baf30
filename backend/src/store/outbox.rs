//! Notices that commit with what they tell of, and are delivered afterwards, at least once.

use super::change::Deed;
use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, NoticeId};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

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
        tries: i64,
        due_ms: i64,
        dead: bool,
        failure: Option<String>,
    }
}
use outbox_rows::{ActiveModel, Column, Entity, Model};

pub async fn add(tx: &Tx, alliance: &AllianceId, notice: &OutboxRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: notice.id.clone(),
        kind: notice.kind.clone(),
        subject: notice.subject.clone(),
        body: json(&notice.body)?,
        at_min: notice.at_min,
        delivered: false,
        tries: 0,
        due_ms: 0,
        dead: false,
        failure: None,
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

/// A notice that a sender has taken, for one try.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub alliance: AllianceId,
    pub notice: OutboxRecord,
    /// This one included; what is reported of it counts only while it is the last.
    pub tries: i64,
}

/// Takes the notices that are due, oldest first, until a moment; another sender skips them until then.
pub async fn take_due(tx: &Tx, now_ms: i64, until_ms: i64, limit: u64) -> Result<Vec<Taken>, StoreError> {
    let due = Entity::find()
        .filter(Expr::cust("NOT delivered AND NOT dead"))
        .filter(Column::DueMs.lte(now_ms));
    let due = due.order_by_asc(Column::DueMs).order_by_asc(Column::Id).limit(limit);
    let rows = due
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let alliance: AllianceId = id("outbox.alliance_id", row.alliance_id.clone())?;
        let tries = row.tries + 1;
        let change = ActiveModel {
            tries: set(tries),
            due_ms: set(until_ms),
            ..Default::default()
        };
        let row_of = Entity::update_many()
            .set(change)
            .filter(Column::AllianceId.eq(key(&alliance)));
        row_of.filter(Column::Id.eq(row.id.clone())).exec(tx).await?;
        let mut notice = read(vec![row])?;
        taken.extend(notice.pop().map(|notice| Taken {
            alliance,
            notice,
            tries,
        }));
    }
    Ok(taken)
}

/// Whether anything is due, which most looks find it is not.
pub async fn is_due(tx: &Tx, now_ms: i64) -> Result<bool, StoreError> {
    let due = Entity::find()
        .filter(Expr::cust("NOT delivered AND NOT dead"))
        .filter(Column::DueMs.lte(now_ms));
    Ok(due.limit(1).one(tx).await?.is_some())
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Delivered,
    /// To be tried again at a moment.
    Failed {
        failure: String,
        due_ms: i64,
    },
    Dead {
        failure: String,
    },
}

/// Reports a try; false when another sender has taken the notice since.
pub async fn report(tx: &Tx, taken: &Taken, ending: &Ending) -> Result<bool, StoreError> {
    let change = match ending {
        Ending::Delivered => ActiveModel {
            delivered: set(true),
            failure: set(None),
            ..Default::default()
        },
        Ending::Failed { failure, due_ms } => ActiveModel {
            due_ms: set(*due_ms),
            failure: set(Some(failure.clone())),
            ..Default::default()
        },
        Ending::Dead { failure } => ActiveModel {
            dead: set(true),
            failure: set(Some(failure.clone())),
            ..Default::default()
        },
    };
    let row = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(key(&taken.alliance)))
        .filter(Column::Id.eq(taken.notice.id.clone()));
    let mine = row
        .filter(Column::Tries.eq(taken.tries))
        .filter(Column::Delivered.eq(false));
    Ok(mine.exec(tx).await?.rows_affected > 0)
}

/// A notice that nobody took.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadRecord {
    pub notice: OutboxRecord,
    pub tries: i64,
    pub failure: String,
}

/// What nobody took, oldest first.
pub async fn dead(tx: &Tx, alliance: &AllianceId, limit: u64) -> Result<Vec<DeadRecord>, StoreError> {
    let rows = of(alliance).filter(Expr::cust("dead")).limit(limit).all(tx).await?;
    let record = |row: Model| {
        let (tries, failure) = (row.tries, row.failure.clone().unwrap_or_default());
        let notice = read(vec![row])?.pop().ok_or(StoreError::NotFound)?;
        Ok(DeadRecord { notice, tries, failure })
    };
    rows.into_iter().map(record).collect()
}

/// How many are still to be delivered.
pub async fn waiting(tx: &Tx, alliance: &AllianceId) -> Result<i64, StoreError> {
    let rows = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
    let count = rows.filter(Expr::cust("NOT delivered AND NOT dead")).count(tx).await?;
    i64::try_from(count).map_err(|why| StoreError::Broken(why.to_string()))
}

/// Brings a dead notice back, as if it had never been tried; one that is not dead is not there.
pub async fn revive(tx: &Tx, alliance: &AllianceId, notice: &NoticeId) -> Result<(), StoreError> {
    let change = ActiveModel {
        dead: set(false),
        tries: set(0),
        due_ms: set(0),
        ..Default::default()
    };
    let row = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(key(alliance)));
    let row = row.filter(Column::Id.eq(key(notice))).filter(Expr::cust("dead"));
    found(row.exec(tx).await?.rows_affected)
}
