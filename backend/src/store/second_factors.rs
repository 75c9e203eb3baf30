//! Second factors of people: the secret behind their one-time codes, and recovery codes by hash.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRecord {
    pub secret: Vec<u8>,
    /// By a code that the person typed: before that it asks for nothing.
    pub confirmed: bool,
    /// The last step whose code opened.
    pub last_step: i64,
}

table! {
    factor_rows "second_factors" {
        key { alliance_id: String, person_id: String }
        secret_hex: String,
        confirmed: bool,
        last_step: i64,
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
        let secret = hex::decode(&row.secret_hex);
        Ok(FactorRecord {
            secret: secret.map_err(|why| StoreError::Broken(format!("column second_factors.secret_hex: {why}")))?,
            confirmed: row.confirmed,
            last_step: row.last_step,
        })
    };
    row.map(read).transpose()
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
pub async fn put(tx: &Tx, alliance: &AllianceId, person: &PersonId, secret: &[u8]) -> Result<(), StoreError> {
    delete(tx, alliance, person).await?;
    let row = Model {
        alliance_id: key(alliance),
        person_id: key(person),
        secret_hex: hex::encode(secret),
        confirmed: false,
        last_step: 0,
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
