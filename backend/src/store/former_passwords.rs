//! Hashes of passwords that somebody had before. How many are kept, and whether any are, is the caller's decision.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

table! {
    former_rows "former_passwords" {
        key { alliance_id: String, person_id: String, password_hash: String }
        until_ms: i64,
    }
}
use former_rows::{Column, Entity, Model};

/// A person's former hashes, the latest first.
pub async fn of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Vec<String>, StoreError> {
    let rows = latest_first(alliance, person).all(tx).await?;
    Ok(rows.into_iter().map(|row| row.password_hash).collect())
}

fn latest_first(alliance: &AllianceId, person: &PersonId) -> Select<Entity> {
    Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)))
        .order_by_desc(Column::UntilMs)
        .order_by_asc(Column::PasswordHash)
}

pub async fn delete_of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<(), StoreError> {
    let own = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)));
    own.exec(tx).await?;
    Ok(())
}

/// Adds the hash that was used until now, and erases all but the latest.
pub async fn add(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    hash: &str,
    until_ms: i64,
    kept: usize,
) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        person_id: key(person),
        password_hash: hash.to_owned(),
        until_ms,
    };
    insert_all::<Entity, _>(tx, vec![row]).await?;
    for old in of(tx, alliance, person).await?.into_iter().skip(kept) {
        Entity::delete_by_id((key(alliance), key(person), old)).exec(tx).await?;
    }
    Ok(())
}
