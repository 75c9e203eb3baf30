//! Who was erased, and what erasing takes out of every table.
//!
//! The person's row stays under a placeholder, because requests, plans and steps name it. Kept replies stay under their
//! keys with the placeholder in them, so that a write that is repeated has still one effect. Free texts that people wrote
//! (purposes, notes, reasons) are not searched, and what was published is never changed; neither is given a name by the
//! program.

use super::columns::*;
use super::people::people_rows;
use super::table::table;
use super::{
    Store, StoreError, Tx, answers, catalog, former_passwords, identities, memberships, phones, second_factors,
    sessions, tries,
};
use domain::id::{AllianceId, PersonId};
use domain::people::{Membership, Person};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement};

table! {
    erasure_rows "erasures" {
        key { alliance_id: String, person_id: String }
        number: i64,
        at_min: i64,
        swept: bool,
    }
}
use erasure_rows::{Column, Entity, Model};

/// What stands where the name stood, in both languages at once, because a name is read by everybody.
pub fn placeholder(number: i64) -> String {
    format!("已注销人员 {number} / Erased person {number}")
}

/// No login that anybody could choose: `~` is none of its characters.
fn login_placeholder(number: i64) -> String {
    format!("~{number}")
}

pub async fn is_erased(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<bool, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(person))).one(tx).await?;
    Ok(row.is_some())
}

/// Takes out everything that says who it was; says under which number the person is remembered.
pub async fn erase(
    tx: &Tx,
    alliance: &AllianceId,
    person: &Person,
    login_sha256: &str,
    at_min: i64,
) -> Result<i64, StoreError> {
    answers::hold(tx).await?;
    let number = next_number(tx, alliance).await?;
    let row = Model {
        alliance_id: key(alliance),
        person_id: key(&person.id),
        number,
        at_min,
        swept: false,
    };
    insert_all::<Entity, _>(tx, vec![row]).await?;
    let phone = phones::get(tx, alliance, &person.id).await?;
    let instructor = match &person.instructor {
        Some(instructor) => catalog::rename_instructor(tx, alliance, instructor, &placeholder(number)).await?,
        None => None,
    };
    sessions::delete_of(tx, alliance, &person.id).await?;
    second_factors::delete(tx, alliance, &person.id).await?;
    former_passwords::delete_of(tx, alliance, &person.id).await?;
    identities::delete_of(tx, alliance, &person.id).await?;
    phones::put(tx, alliance, &person.id, None).await?;
    tries::forget_login(tx, alliance, login_sha256).await?;
    let held: Vec<Membership> = memberships::of(tx, alliance, &person.id).await?;
    for seat in &held {
        memberships::delete(tx, alliance, &person.id, seat.organization.as_ref()).await?;
    }
    answers::forget_of(tx, alliance, &person.id).await?;
    let mut names = vec![person.name.as_str()];
    names.extend(instructor.as_deref());
    let scrub = answers::Scrub {
        names: &names,
        login: &person.login,
        phone: phone.as_ref().map(domain::phone::Phone::masked),
        name_after: placeholder(number),
        login_after: login_placeholder(number),
    };
    answers::scrub(tx, alliance, &scrub).await?;
    forget_person(tx, alliance, person, number).await?;
    Ok(number)
}

async fn next_number(tx: &Tx, alliance: &AllianceId) -> Result<i64, StoreError> {
    let last = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .order_by_desc(Column::Number)
        .one(tx)
        .await?;
    Ok(last.map_or(0, |last| last.number) + 1)
}

async fn forget_person(tx: &Tx, alliance: &AllianceId, person: &Person, number: i64) -> Result<(), StoreError> {
    use people_rows::{Column, Entity};
    let change = Entity::update_many()
        .col_expr(Column::Name, Expr::value(placeholder(number)))
        .col_expr(Column::Login, Expr::value(login_placeholder(number)))
        // No password has this hash.
        .col_expr(Column::PasswordHash, Expr::value(""))
        .col_expr(Column::Active, Expr::value(false));
    let change = change
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(&person.id)));
    found(change.exec(tx).await?.rows_affected)
}

impl Store {
    /// Takes what was erased out of the database's file too, where that has not been done: until then the bytes of a
    /// deleted row stay in free pages and in the log of writes. On SQLite the file is written anew and the log emptied;
    /// on PostgreSQL the dead rows are vacuumed. Everybody who writes waits meanwhile.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let tx = self.read().await?;
        let waiting = Entity::find().filter(Column::Swept.eq(false)).one(&tx).await?;
        drop(tx);
        if waiting.is_none() {
            return Ok(());
        }
        let database = self.writes();
        match database.get_database_backend() {
            DbBackend::Sqlite => {
                database.execute_unprepared("VACUUM").await?;
                self.truncate_log().await?;
            }
            _ => {
                let tables = "people, phones, memberships, sessions, second_factors, recovery_codes, former_passwords, identities, answers, tries, instructors";
                database.execute_unprepared(&format!("VACUUM {tables}")).await?;
            }
        }
        let done = Entity::update_many().col_expr(Column::Swept, Expr::value(true));
        done.filter(Column::Swept.eq(false)).exec(database).await?;
        Ok(())
    }

    /// Writes the log back into the file and empties it; a reader of an old snapshot may stand against it.
    async fn truncate_log(&self) -> Result<(), StoreError> {
        let ask = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let told = self.writes().query_one_raw(ask).await?.ok_or(StoreError::NotFound)?;
        match told.try_get_by_index::<i64>(0)? {
            0 => Ok(()),
            _ => Err(StoreError::Busy("somebody still reads what was erased".into())),
        }
    }
}
