//! Tries at the door: who tried which login from where, for a while. How many are too many is the caller's decision.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::AllianceId;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryRecord {
    pub id: String,
    /// Lower-case hex.
    pub login_sha256: String,
    pub address: String,
    pub at_ms: i64,
}

table! {
    try_rows "tries" {
        key { alliance_id: String, id: String }
        login_sha256: String,
        address: String,
        at_ms: i64,
    }
}
use try_rows::{Column, Entity, Model};

pub async fn insert(tx: &Tx, alliance: &AllianceId, one: &TryRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: one.id.clone(),
        login_sha256: one.login_sha256.clone(),
        address: one.address.clone(),
        at_ms: one.at_ms,
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// Until this commits nobody else counts the tries from an address.
pub async fn hold(tx: &Tx, alliance: &AllianceId, address: &str) -> Result<(), StoreError> {
    tx.queue_up(&format!("tries/{alliance}/{address}")).await
}

/// How many there are of a login from an address, and of every login from it.
pub async fn counts(
    tx: &Tx,
    alliance: &AllianceId,
    login_sha256: &str,
    address: &str,
) -> Result<(u64, u64), StoreError> {
    let from = || {
        Entity::find()
            .filter(Column::AllianceId.eq(key(alliance)))
            .filter(Column::Address.eq(address))
    };
    let own = from().filter(Column::LoginSha256.eq(login_sha256)).count(tx).await?;
    Ok((own, from().count(tx).await?))
}

/// One try that was none.
pub async fn delete(tx: &Tx, alliance: &AllianceId, one: &str) -> Result<(), StoreError> {
    Entity::delete_by_id((key(alliance), one.to_owned())).exec(tx).await?;
    Ok(())
}

/// A login that opened from an address begins anew there.
pub async fn forget(tx: &Tx, alliance: &AllianceId, login_sha256: &str, address: &str) -> Result<(), StoreError> {
    let own = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Address.eq(address))
        .filter(Column::LoginSha256.eq(login_sha256));
    own.exec(tx).await?;
    Ok(())
}

/// Every try of a login, wherever it was made from.
pub async fn forget_login(tx: &Tx, alliance: &AllianceId, login_sha256: &str) -> Result<(), StoreError> {
    let all = Entity::delete_many().filter(Column::AllianceId.eq(key(alliance)));
    all.filter(Column::LoginSha256.eq(login_sha256)).exec(tx).await?;
    Ok(())
}

pub async fn forget_before(tx: &Tx, at_ms: i64) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AtMs.lt(at_ms)).exec(tx).await?;
    Ok(())
}
