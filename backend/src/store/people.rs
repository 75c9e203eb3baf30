//! People with a login. The hash of a password leaves only towards the sign-in.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx, alliances, memberships};
use domain::id::{AllianceId, InstructorId, PersonId};
use domain::people::{Membership, Person};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
use std::collections::{BTreeMap, BTreeSet};

table! {
    people_rows "people" {
        key { alliance_id: String, id: String }
        login: String,
        name: String,
        role: String,
        organization_id: Option<String>,
        instructor_id: Option<String>,
        active: bool,
        password_hash: String,
        password_set_ms: i64,
    }
}
use people_rows::{Column, Entity, Model};

/// `set_ms` is when the password was chosen, in unix milliseconds.
pub async fn insert(
    tx: &Tx,
    alliance: &AllianceId,
    person: &Person,
    password_hash: &str,
    set_ms: i64,
) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: key(&person.id),
        login: person.login.clone(),
        name: person.name.clone(),
        role: word(person.role),
        organization_id: key_or_null(&person.organization),
        instructor_id: key_or_null(&person.instructor),
        active: person.active,
        password_hash: password_hash.to_owned(),
        password_set_ms: set_ms,
    };
    insert_all::<Entity, _>(tx, vec![row]).await?;
    memberships::put(tx, alliance, &person.id, &acting(person)).await
}

fn acting(person: &Person) -> Membership {
    Membership {
        organization: person.organization.clone(),
        role: person.role,
    }
}

/// Nobody who was erased.
pub(in crate::store) const STILL_THERE: &str = "NOT EXISTS (SELECT 1 FROM erasures AS gone \
                           WHERE gone.alliance_id = people.alliance_id AND gone.person_id = people.id)";

/// Everybody with a login, by name.
pub async fn list(tx: &Tx, alliance: &AllianceId) -> Result<Vec<Person>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Expr::cust(STILL_THERE))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id);
    rows.all(tx).await?.iter().map(read).collect()
}

/// What a person acts as from the next request on.
pub async fn act(tx: &Tx, alliance: &AllianceId, person: &PersonId, as_: &Membership) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::OrganizationId, Expr::value(key_or_null(&as_.organization)))
        .col_expr(Column::Role, Expr::value(word(as_.role)));
    change_one(tx, alliance, person, change).await
}

/// Opens or shuts a login. The catalog says who of the pool teaches.
pub async fn set_active(tx: &Tx, alliance: &AllianceId, person: &PersonId, active: bool) -> Result<(), StoreError> {
    let change = Entity::update_many().col_expr(Column::Active, Expr::value(active));
    change_one(tx, alliance, person, change).await?;
    alliances::bump_catalog(tx, alliance).await
}

/// Instructors with a login, each of which is shut.
pub async fn gone(tx: &Tx, alliance: &AllianceId) -> Result<BTreeSet<InstructorId>, StoreError> {
    let logins = Entity::find()
        .select_only()
        .column(Column::InstructorId)
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::InstructorId.is_not_null());
    let all_shut = Expr::cust("max(CASE WHEN active THEN 1 ELSE 0 END) = 0");
    let rows: Vec<String> = logins
        .group_by(Column::InstructorId)
        .having(all_shut)
        .into_tuple()
        .all(tx)
        .await?;
    rows.into_iter()
        .map(|instructor| id("people.instructor_id", instructor))
        .collect()
}

async fn change_one(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    change: UpdateMany<Entity>,
) -> Result<(), StoreError> {
    let change = change
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(person)));
    found(change.exec(tx).await?.rows_affected)
}

/// The person with this login and the hash of the password.
pub async fn by_login(tx: &Tx, alliance: &AllianceId, login: &str) -> Result<Option<(Person, String)>, StoreError> {
    let row = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Login.eq(login))
        .one(tx)
        .await?;
    row.map(|row| Ok((read(&row)?, row.password_hash))).transpose()
}

pub async fn get(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Option<Person>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).one(tx).await?;
    row.as_ref().map(read).transpose()
}

/// The person and the hash of the password, as they stay until the transaction ends: whoever shuts the login or changes the
/// password waits, and then finds the session that was opened meanwhile.
pub async fn hold(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Option<(Person, String)>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).lock(LockType::Share);
    let row = row.one(tx).await?;
    row.map(|row| Ok((read(&row)?, row.password_hash))).transpose()
}

/// A person who was not erased.
pub async fn get_unerased(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Option<Person>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).filter(Expr::cust(STILL_THERE));
    row.one(tx).await?.as_ref().map(read).transpose()
}

/// When a person chose the password, in unix milliseconds.
pub async fn password_set_ms(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<i64, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).one(tx).await?;
    Ok(row.ok_or(StoreError::NotFound)?.password_set_ms)
}

/// A new hash in the place of the one that was checked.
pub async fn set_password(
    tx: &Tx,
    alliance: &AllianceId,
    person: &PersonId,
    before: &str,
    after: &str,
    set_ms: i64,
) -> Result<(), StoreError> {
    let change = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(after))
        .col_expr(Column::PasswordSetMs, Expr::value(set_ms));
    let change = change
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(person)))
        .filter(Column::PasswordHash.eq(before));
    swapped(change.exec(tx).await?.rows_affected)
}

pub async fn names(tx: &Tx, alliance: &AllianceId) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let columns = Entity::find().select_only().column(Column::Id).column(Column::Name);
    let rows: Vec<(String, String)> = columns
        .filter(Column::AllianceId.eq(key(alliance)))
        .into_tuple()
        .all(tx)
        .await?;
    rows.into_iter()
        .map(|(person, name)| Ok((id("people.id", person)?, name)))
        .collect()
}

pub(in crate::store) fn read(row: &Model) -> Result<Person, StoreError> {
    Ok(Person {
        id: id("people.id", row.id.clone())?,
        login: row.login.clone(),
        name: row.name.clone(),
        role: from_word("people.role", &row.role)?,
        organization: id_or_null("people.organization_id", row.organization_id.clone())?,
        instructor: id_or_null("people.instructor_id", row.instructor_id.clone())?,
        active: row.active,
    })
}
