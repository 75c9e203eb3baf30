//! Phone numbers of people. A list or a page asks for them with their middle hidden.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId};
use domain::phone::Phone;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

table! {
    phone_rows "phones" {
        key { alliance_id: String, person_id: String }
        number: String,
    }
}
use phone_rows::{Column, Entity, Model};

/// Puts a number in the place of the one that was there; none takes it away.
pub async fn put(tx: &Tx, alliance: &AllianceId, person: &PersonId, phone: Option<&Phone>) -> Result<(), StoreError> {
    Entity::delete_by_id((key(alliance), key(person))).exec(tx).await?;
    let row = phone.map(|phone| Model {
        alliance_id: key(alliance),
        person_id: key(person),
        number: phone.number().to_owned(),
    });
    insert_all::<Entity, _>(tx, row.into_iter().collect()).await
}

pub async fn get(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Option<Phone>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).one(tx).await?;
    row.map(|row| read(row.number)).transpose()
}

/// Everybody's number with its middle hidden.
pub async fn masked(tx: &Tx, alliance: &AllianceId) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let rows = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
    let shown = |row: Model| Ok((id("phones.person_id", row.person_id)?, read(row.number)?.masked()));
    rows.all(tx).await?.into_iter().map(shown).collect()
}

fn read(number: String) -> Result<Phone, StoreError> {
    // The number itself stands in no error.
    Phone::try_from(number).map_err(|_| StoreError::Broken("column phones.number: not a number".into()))
}
