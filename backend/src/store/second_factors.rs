//! Second factors of people: the sealed secret behind their one-time codes, and recovery codes by hash.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

/// What only a key opens that lies outside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The key's name; empty where it still stands as it is.
    pub key: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRecord {
    pub sealed: Sealed,
    /// By a code that the person typed: before that it asks for nothing.
    pub confirmed: bool,
    /// The last step whose code opened.
    pub last_step: i64,
}

table! {
    factor_rows "second_factors" {
        key { alliance_id: String, person_id: String }
        sealed_hex: String,
        confirmed: bool,
        last_step: i64,
        key_id: String,
    }
}
table! {
    code_rows "recovery_codes" {
        key { alliance_id: String, person_id: String, code_sha256: String }
    }
}
use factor_rows::{Column, Entity, Model};

pub async fn get(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Option<FactorRecord>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).one(tx).await?;
    let read = |row: Model| {
        Ok(FactorRecord {
            sealed: sealed(&row.key_id, &row.sealed_hex)?,
            confirmed: row.confirmed,
            last_step: row.last_step,
        })
    };
    row.map(read).transpose()
}

fn sealed(key: &str, text: &str) -> Result<Sealed, StoreError> {
    let broken = |why| StoreError::Broken(format!("column second_factors.sealed_hex: {why}"));
    Ok(Sealed {
        key: key.to_owned(),
        bytes: hex::decode(text).map_err(broken)?,
    })
}

/// Every secret of an alliance with its owner.
pub async fn all(tx: &Tx, alliance: &AllianceId) -> Result<Vec<(PersonId, Sealed)>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .order_by_asc(Column::PersonId);
    let rows = rows.all(tx).await?;
    let read = |row: &Model| {
        Ok((
            id("second_factors.person_id", row.person_id.clone())?,
            sealed(&row.key_id, &row.sealed_hex)?,
        ))
    };
    rows.iter().map(read).collect()
}

/// Puts a secret in the place of itself, sealed otherwise; one that was changed meanwhile stays as it is.
pub async fn reseal(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    was: &Sealed,
    is: &Sealed,
) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::SealedHex, Expr::value(hex::encode(&is.bytes)))
        .col_expr(Column::KeyId, Expr::value(&is.key));
    let change = change
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)))
        .filter(Column::SealedHex.eq(hex::encode(&was.bytes)));
    change.exec(tx).await?;
    Ok(())
}

/// Whether a person's second factor is asked for.
pub async fn is_confirmed(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<bool, StoreError> {
    let confirmed = Entity::find_by_id((key(alliance), key(person))).filter(Column::Confirmed.eq(true));
    Ok(confirmed.count(tx).await? > 0)
}

/// Everybody whose second factor is asked for.
pub async fn confirmed(tx: &Tx, alliance: &AllianceId) -> Result<BTreeSet<PersonId>, StoreError> {
    let people: Vec<String> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Confirmed.eq(true))
        .into_tuple()
        .all(tx)
        .await?;
    people
        .into_iter()
        .map(|person| id("second_factors.person_id", person))
        .collect()
}

/// Puts a secret that is to be confirmed in the place of any other.
pub async fn put(tx: &Tx, alliance: &AllianceId, person: &PersonId, secret: &Sealed) -> Result<(), StoreError> {
    delete(tx, alliance, person).await?;
    let row = Model {
        alliance_id: key(alliance),
        person_id: key(person),
        sealed_hex: hex::encode(&secret.bytes),
        confirmed: false,
        last_step: 0,
        key_id: secret.key.clone(),
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// Notes that a code opened; false when it, or a later one, has opened before.
pub async fn open(tx: &Tx, alliance: &AllianceId, person: &PersonId, step: i64) -> Result<bool, StoreError> {
    let opened = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .col_expr(Column::Confirmed, Expr::value(true));
    let opened = opened
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)))
        .filter(Column::LastStep.lt(step));
    Ok(opened.exec(tx).await?.rows_affected > 0)
}

/// Takes the factor away, with its recovery codes.
pub async fn delete(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<(), StoreError> {
    Entity::delete_by_id((key(alliance), key(person))).exec(tx).await?;
    codes(alliance, person).exec(tx).await?;
    Ok(())
}

/// Puts recovery codes, by hash, in the place of those that were there.
pub async fn put_codes(tx: &Tx, alliance: &AllianceId, person: &PersonId, hashes: &[String]) -> Result<(), StoreError> {
    codes(alliance, person).exec(tx).await?;
    let row = |hash: &String| code_rows::Model {
        alliance_id: key(alliance),
        person_id: key(person),
        code_sha256: hash.clone(),
    };
    insert_all::<code_rows::Entity, _>(tx, hashes.iter().map(row).collect()).await
}

/// Spends a recovery code; false when there is none like it.
pub async fn spend_code(tx: &Tx, alliance: &AllianceId, person: &PersonId, hash: &str) -> Result<bool, StoreError> {
    let spent = codes(alliance, person).filter(code_rows::Column::CodeSha256.eq(hash));
    Ok(spent.exec(tx).await?.rows_affected > 0)
}

pub async fn codes_left(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<u64, StoreError> {
    let left = code_rows::Entity::find()
        .filter(code_rows::Column::AllianceId.eq(key(alliance)))
        .filter(code_rows::Column::PersonId.eq(key(person)));
    Ok(left.count(tx).await?)
}

fn codes(alliance: &AllianceId, person: &PersonId) -> sea_orm::DeleteMany<code_rows::Entity> {
    code_rows::Entity::delete_many()
        .filter(code_rows::Column::AllianceId.eq(key(alliance)))
        .filter(code_rows::Column::PersonId.eq(key(person)))
}
