//! The audit log: one entry a mutation, numbered without a gap and chained by hash, for each alliance by itself.
//!
//! Writing is one function, called by the commit of a `Change`. Judging a log is `crate::audit`.

use super::change::{By, Deed};
use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::AllianceId;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};

/// An entry as it is stored; all of it but `sha256` is what `sha256` is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRecord {
    pub seq: i64,
    pub id: String,
    pub at_ms: i64,
    /// A person's id, `visitor` or `system`.
    pub actor: String,
    pub role: String,
    pub organization: Option<String>,
    pub event: String,
    pub subject: String,
    /// A JSON object of ids, codes and numbers.
    pub facts: String,
    pub sha256: String,
}

/// Where the log of an alliance ends; 0 is an empty log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub alliance: AllianceId,
    pub seq: i64,
    pub sha256: String,
}

/// What a reader looks for; everything when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    pub event: Option<String>,
    pub actor: Option<String>,
    pub subject: Option<String>,
    /// Only entries before this one.
    pub before: Option<i64>,
}

table! {
    entry_rows "audit" {
        key { alliance_id: String, seq: i64 }
        id: String,
        at_ms: i64,
        actor: String,
        role: String,
        organization_id: Option<String>,
        event: String,
        subject: String,
        facts: String,
        sha256: String,
    }
}
table! {
    head_rows "audit_heads" {
        key { alliance_id: String }
        seq: i64,
        sha256: String,
    }
}
use entry_rows::{Column, Entity, Model};

/// Opens the empty log of a new alliance.
pub(in crate::store) async fn begin(tx: &Tx, alliance: &AllianceId) -> Result<(), StoreError> {
    let row = head_rows::Model {
        alliance_id: key(alliance),
        seq: 0,
        sha256: String::new(),
    };
    insert_all::<head_rows::Entity, _>(tx, vec![row]).await
}

/// Adds an entry and moves the head. Whoever comes second waits here until the first has committed.
pub(in crate::store) async fn append(tx: &Tx, deed: &Deed) -> Result<Head, StoreError> {
    let ended = head_rows::Entity::find_by_id(key(&deed.alliance)).lock_exclusive();
    let ended = ended.one(tx).await?.ok_or(StoreError::NotFound)?;
    let mut entry = entry(deed, ended.seq + 1)?;
    entry.sha256 = chained(&deed.alliance, &ended.sha256, &entry);
    let head = Head {
        alliance: deed.alliance.clone(),
        seq: entry.seq,
        sha256: entry.sha256.clone(),
    };
    insert_all::<Entity, _>(tx, vec![model(&deed.alliance, entry)]).await?;
    let moved = head_rows::ActiveModel {
        alliance_id: Set(key(&deed.alliance)),
        seq: Set(head.seq),
        sha256: Set(head.sha256.clone()),
    };
    moved.update(tx).await?;
    Ok(head)
}

/// The SHA-256 of an entry and its predecessor, lower-case hex.
pub fn chained(alliance: &AllianceId, before: &str, entry: &EntryRecord) -> String {
    let EntryRecord {
        seq,
        id,
        at_ms,
        actor,
        role,
        organization,
        event,
        subject,
        facts,
        sha256: _,
    } = entry;
    let parts = serde_json::json!([
        "gongxun-audit-1",
        alliance,
        before,
        seq,
        id,
        at_ms,
        actor,
        role,
        organization,
        event,
        subject,
        facts
    ]);
    hex::encode(Sha256::digest(parts.to_string().as_bytes()))
}

/// Newest first.
pub async fn list(
    tx: &Tx,
    alliance: &AllianceId,
    filter: &EntryFilter,
    limit: u64,
) -> Result<Vec<EntryRecord>, StoreError> {
    let mut found = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
    let wanted = [
        (Column::Event, &filter.event),
        (Column::Actor, &filter.actor),
        (Column::Subject, &filter.subject),
    ];
    for (column, value) in wanted {
        if let Some(value) = value {
            found = found.filter(column.eq(value.as_str()));
        }
    }
    if let Some(before) = filter.before {
        found = found.filter(Column::Seq.lt(before));
    }
    let rows = found.order_by_desc(Column::Seq).limit(limit).all(tx).await?;
    Ok(rows.into_iter().map(record).collect())
}

/// In order, from after a number: for whoever walks the whole chain.
pub async fn after(tx: &Tx, alliance: &AllianceId, seq: i64, limit: u64) -> Result<Vec<EntryRecord>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Seq.gt(seq));
    let rows = rows.order_by_asc(Column::Seq).limit(limit).all(tx).await?;
    Ok(rows.into_iter().map(record).collect())
}

pub async fn head(tx: &Tx, alliance: &AllianceId) -> Result<Head, StoreError> {
    let row = head_rows::Entity::find_by_id(key(alliance)).one(tx).await?;
    let row = row.ok_or(StoreError::NotFound)?;
    Ok(Head {
        alliance: alliance.clone(),
        seq: row.seq,
        sha256: row.sha256,
    })
}

fn entry(deed: &Deed, seq: i64) -> Result<EntryRecord, StoreError> {
    let (actor, role, organization) = match &deed.by {
        By::Person(actor) => (key(&actor.person), word(actor.role), key_or_null(&actor.organization)),
        By::Visitor => ("visitor".into(), "visitor".into(), None),
        By::System => ("system".into(), "system".into(), None),
    };
    Ok(EntryRecord {
        seq,
        id: deed.id.clone(),
        at_ms: deed.at_ms,
        actor,
        role,
        organization,
        event: word(deed.event),
        subject: deed.subject.clone(),
        facts: json(&deed.facts)?,
        sha256: String::new(),
    })
}

fn model(alliance: &AllianceId, entry: EntryRecord) -> Model {
    Model {
        alliance_id: key(alliance),
        seq: entry.seq,
        id: entry.id,
        at_ms: entry.at_ms,
        actor: entry.actor,
        role: entry.role,
        organization_id: entry.organization,
        event: entry.event,
        subject: entry.subject,
        facts: entry.facts,
        sha256: entry.sha256,
    }
}

fn record(row: Model) -> EntryRecord {
    EntryRecord {
        seq: row.seq,
        id: row.id,
        at_ms: row.at_ms,
        actor: row.actor,
        role: row.role,
        organization: row.organization_id,
        event: row.event,
        subject: row.subject,
        facts: row.facts,
        sha256: row.sha256,
    }
}
