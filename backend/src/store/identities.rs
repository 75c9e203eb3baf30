//! Identities of people at identity providers, by issuer and subject. Whether one is proved is the caller's decision.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Both as the provider says them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
}

table! {
    identity_rows "identities" {
        key { alliance_id: String, issuer: String, subject: String }
        person_id: String,
        linked_ms: i64,
    }
}
use identity_rows::{Column, Entity, Model};

/// Whose an identity is.
pub async fn find(tx: &Tx, alliance: &AllianceId, identity: &Identity) -> Result<Option<PersonId>, StoreError> {
    let one = (key(alliance), identity.issuer.clone(), identity.subject.clone());
    let row = Entity::find_by_id(one).one(tx).await?;
    row.map(|row| id("identities.person_id", row.person_id)).transpose()
}

/// A person's identity of an issuer.
pub async fn of(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    issuer: &str,
) -> Result<Option<Identity>, StoreError> {
    let row = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)))
        .filter(Column::Issuer.eq(issuer));
    let read = |row: Model| Identity {
        issuer: row.issuer,
        subject: row.subject,
    };
    Ok(row.one(tx).await?.map(read))
}

/// Links an identity that is nobody's to a person who has none of its issuer.
pub async fn insert(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    identity: &Identity,
    linked_ms: i64,
) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        person_id: key(person),
        linked_ms,
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// Unlinks every identity of a person; says whether there was one.
pub async fn delete_of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<bool, StoreError> {
    let own = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)));
    Ok(own.exec(tx).await?.rows_affected > 0)
}
