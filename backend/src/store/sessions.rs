//! Sessions, found by the SHA-256 of their token. Whether one is still good is the caller's decision.

use super::columns::*;
use super::people::{self, people_rows};
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use domain::people::Person;
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

/// Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Lower-case hex.
    pub token_sha256: String,
    pub person: PersonId,
    pub created_ms: i64,
    pub last_seen_ms: i64,
    pub expires_ms: i64,
    pub opened_by: Way,
}

/// By what somebody has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Way {
    Password,
    /// An identity provider; the password was not asked for.
    Provider,
}

table! {
    session_rows "sessions" {
        key { token_sha256: String }
        alliance_id: String,
        person_id: String,
        created_ms: i64,
        last_seen_ms: i64,
        expires_ms: i64,
        opened_by: String,
    }
}
use session_rows::{Column, Entity, Model};

pub async fn insert(tx: &Tx, alliance: &AllianceId, session: &SessionRecord) -> Result<(), StoreError> {
    let row = Model {
        token_sha256: session.token_sha256.clone(),
        alliance_id: key(alliance),
        person_id: key(&session.person),
        created_ms: session.created_ms,
        last_seen_ms: session.last_seen_ms,
        expires_ms: session.expires_ms,
        opened_by: word(session.opened_by),
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// A session, whose it is, and when that person chose the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub alliance: AllianceId,
    pub session: SessionRecord,
    pub person: Person,
    pub password_set_ms: i64,
}

/// Who comes with a token. It is the one question that is asked before the alliance is known, and every request asks it.
pub async fn find(tx: &Tx, token_sha256: &str) -> Result<Option<Opened>, StoreError> {
    let whose = Entity::belongs_to(people_rows::Entity)
        .from((Column::AllianceId, Column::PersonId))
        .to((people_rows::Column::AllianceId, people_rows::Column::Id));
    let found = Entity::find_by_id(token_sha256.to_owned())
        .join(JoinType::InnerJoin, whose.into())
        .select_also(people_rows::Entity);
    let Some((row, Some(person))) = found.one(tx).await? else {
        return Ok(None);
    };
    Ok(Some(Opened {
        alliance: id("sessions.alliance_id", row.alliance_id.clone())?,
        session: read(row)?,
        password_set_ms: person.password_set_ms,
        person: people::read(&person)?,
    }))
}

/// What a person has open, the latest first.
pub async fn of(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    now_ms: i64,
) -> Result<Vec<SessionRecord>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)))
        .filter(Column::ExpiresMs.gt(now_ms));
    let rows = rows
        .order_by_desc(Column::CreatedMs)
        .order_by_asc(Column::TokenSha256)
        .all(tx)
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Model) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        token_sha256: row.token_sha256,
        person: id("sessions.person_id", row.person_id)?,
        created_ms: row.created_ms,
        last_seen_ms: row.last_seen_ms,
        expires_ms: row.expires_ms,
        opened_by: from_word("sessions.opened_by", &row.opened_by)?,
    })
}

/// Notes that the session was used; one that has ended meanwhile stays ended.
pub async fn touch(tx: &Tx, token_sha256: &str, last_seen_ms: i64) -> Result<(), StoreError> {
    let seen = Entity::update_many().col_expr(Column::LastSeenMs, Expr::value(last_seen_ms));
    seen.filter(Column::TokenSha256.eq(token_sha256)).exec(tx).await?;
    Ok(())
}

pub async fn delete(tx: &Tx, token_sha256: &str) -> Result<(), StoreError> {
    Entity::delete_by_id(token_sha256.to_owned()).exec(tx).await?;
    Ok(())
}

/// Forgets what has expired; says how many.
pub async fn delete_expired(tx: &Tx, now_ms: i64) -> Result<u64, StoreError> {
    Ok(Entity::delete_many()
        .filter(Column::ExpiresMs.lte(now_ms))
        .exec(tx)
        .await?
        .rows_affected)
}

/// Ends every session of a person.
pub async fn delete_of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<(), StoreError> {
    let own = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)));
    own.exec(tx).await?;
    Ok(())
}
