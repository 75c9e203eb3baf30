//! What people may act as. What they act as now stands in their own rows; see `people`.

use super::columns::*;
use super::people::{self, people_rows};
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, PersonId};
use domain::people::{Membership, Person};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

table! {
    membership_rows "memberships" {
        key { alliance_id: String, person_id: String, seat: String }
        organization_id: Option<String>,
        role: String,
    }
}
use membership_rows::{Column, Entity, Model};

fn seat(organization: Option<&OrganizationId>) -> String {
    organization.map(key).unwrap_or_default()
}

/// Until this commits nobody else changes what people of the alliance may do.
pub async fn hold(tx: &Tx, alliance: &AllianceId) -> Result<(), StoreError> {
    tx.queue_up(&format!("people/{alliance}")).await
}

/// Gives a membership, in the place of another role there.
pub async fn put(tx: &Tx, alliance: &AllianceId, person: &PersonId, membership: &Membership) -> Result<(), StoreError> {
    delete(tx, alliance, person, membership.organization.as_ref()).await?;
    let row = Model {
        alliance_id: key(alliance),
        person_id: key(person),
        seat: seat(membership.organization.as_ref()),
        organization_id: key_or_null(&membership.organization),
        role: word(membership.role),
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// Takes a membership; says whether it was there.
pub async fn delete(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    organization: Option<&OrganizationId>,
) -> Result<bool, StoreError> {
    let one = (key(alliance), key(person), seat(organization));
    Ok(Entity::delete_by_id(one).exec(tx).await?.rows_affected > 0)
}

/// A person's memberships, the alliance itself first.
pub async fn of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Vec<Membership>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)));
    let rows = rows.order_by_asc(Column::Seat).all(tx).await?;
    rows.iter().map(read).collect()
}

/// Everybody's memberships.
pub async fn all(tx: &Tx, alliance: &AllianceId) -> Result<BTreeMap<PersonId, Vec<Membership>>, StoreError> {
    let rows = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
    let mut by_person = BTreeMap::<PersonId, Vec<Membership>>::new();
    for row in rows.order_by_asc(Column::Seat).all(tx).await? {
        let person = id("memberships.person_id", row.person_id.clone())?;
        by_person.entry(person).or_default().push(read(&row)?);
    }
    Ok(by_person)
}

/// Everybody with each membership, by name.
pub async fn with_people(tx: &Tx, alliance: &AllianceId) -> Result<Vec<(Person, Membership)>, StoreError> {
    let whose = Entity::belongs_to(people_rows::Entity)
        .from((Column::AllianceId, Column::PersonId))
        .to((people_rows::Column::AllianceId, people_rows::Column::Id));
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Expr::cust(people::STILL_THERE))
        .join(JoinType::InnerJoin, whose.into())
        .select_also(people_rows::Entity);
    let rows = rows
        .order_by_asc(people_rows::Column::Name)
        .order_by_asc(people_rows::Column::Id)
        .order_by_asc(Column::Seat);
    let mut found = Vec::new();
    for (row, person) in rows.all(tx).await? {
        let person = person.ok_or(StoreError::NotFound)?;
        found.push((people::read(&person)?, read(&row)?));
    }
    Ok(found)
}

fn read(row: &Model) -> Result<Membership, StoreError> {
    Ok(Membership {
        organization: id_or_null("memberships.organization_id", row.organization_id.clone())?,
        role: from_word("memberships.role", &row.role)?,
    })
}
