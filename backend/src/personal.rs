//! What is kept about a person and says who it is: the phone number, which is shown with its middle hidden; everything in
//! one file, for the person itself; and erasing all of it.

use crate::account;
use crate::app::{App, Caller};
use crate::changes;
use crate::invitations::outlived;
use crate::people::{duties, in_turn, not_oneself, reached};
use crate::problem::Problem;
use crate::session::token_hash;
use crate::store::personal::{Place, Who, everything};
use crate::store::{Change, Finished, StoreError, Tx, erasures, people, phones};
use domain::api::*;
use domain::event::Event;
use domain::id::{AllianceId, PersonId};
use domain::people::Person;
use domain::phone::{Phone, PhoneText};
use serde_json::{Map, Value};

/// The number that was typed, or none.
fn typed(text: &PhoneText) -> Result<Option<Phone>, Problem> {
    match text.0.trim().is_empty() {
        true => Ok(None),
        false => Ok(Some(Phone::parse(text)?)),
    }
}

pub async fn set_own_phone(
    app: App,
    caller: Caller,
    change: Change,
    call: SetOwnPhone,
) -> Result<Finished<AccountView>, Problem> {
    let phone = typed(&call.phone)?;
    let person = caller.actor()?.person.clone();
    phones::put(&change, &caller.alliance, &person, phone.as_ref()).await?;
    let view = account::view(&app, &change, &caller).await?;
    Ok(change.done(view))
}

pub async fn set_phone(
    app: App,
    caller: Caller,
    change: Change,
    call: SetPhone,
) -> Result<Finished<DutiesView>, Problem> {
    let (person, _) = reached(&change, &caller, CallName::SetPhone, &call.person).await?;
    let phone = typed(&call.phone)?;
    phones::put(&change, &caller.alliance, &person.id, phone.as_ref()).await?;
    let view = duties::view(&app, &change, &caller, &person.id).await?;
    Ok(change.done(view))
}

pub async fn reveal_own_phone(app: App, caller: Caller, _: RevealOwnPhone) -> Result<PhoneView, Problem> {
    let person = caller.actor()?.person.clone();
    let change = app.work().await?;
    revealed(&app, &caller, change, person).await
}

pub async fn reveal_phone(app: App, caller: Caller, call: RevealPhone) -> Result<PhoneView, Problem> {
    let change = app.work().await?;
    let (person, _) = reached(&change, &caller, CallName::RevealPhone, &call.person).await?;
    revealed(&app, &caller, change, person.id).await
}

/// The whole number; that it was seen commits before it is told.
async fn revealed(app: &App, caller: &Caller, change: Change, person: PersonId) -> Result<PhoneView, Problem> {
    let phone = phones::get(&change, &caller.alliance, &person).await?;
    let phone = phone.ok_or_else(Problem::not_found)?;
    change.deed(changes::deed(caller, Event::PhoneRevealed, person.to_string()));
    app.commit(change.done(())).await?;
    Ok(PhoneView {
        person,
        number: phone.number().to_owned(),
    })
}

pub async fn export_own(app: App, caller: Caller, _: ExportOwnData) -> Result<PersonExport, Problem> {
    let person = caller.actor()?.person.clone();
    let change = app.work().await?;
    let person = people::get(&change, &caller.alliance, &person).await?;
    let person = person.ok_or_else(Problem::not_found)?;
    let export = exported(&change, &caller.alliance, &person, caller.now_at_min).await?;
    change.deed(changes::deed(&caller, Event::PersonExported, person.id.to_string()));
    app.commit(change.done(())).await?;
    Ok(export)
}

/// Everything that is kept about a person, without secrets.
pub async fn exported(
    tx: &Tx,
    alliance: &AllianceId,
    person: &Person,
    made_at_min: i64,
) -> Result<PersonExport, StoreError> {
    let login_sha256 = token_hash(&person.login);
    let who = Who {
        alliance,
        person: &person.id,
        instructor: person.instructor.as_ref(),
        login_sha256: &login_sha256,
    };
    let mut sections = Vec::new();
    for (place, rows) in everything(tx, &who).await? {
        sections.push(section(place, rows)?);
    }
    Ok(PersonExport {
        format: EXPORT_FORMAT.into(),
        alliance: alliance.clone(),
        person: person.id.clone(),
        made_at_min,
        sections,
    })
}

fn section(place: &Place, rows: Vec<Map<String, Value>>) -> Result<ExportSection, StoreError> {
    let cells = |row| serde_json::from_value(Value::Object(row));
    let rows = rows.into_iter().map(cells).collect::<Result<_, _>>();
    Ok(ExportSection {
        table: place.table.into(),
        about: place.about.into(),
        about_en: place.about_en.into(),
        left_out: place.left_out.iter().map(ToString::to_string).collect(),
        rows: rows.map_err(|why| StoreError::Broken(why.to_string()))?,
    })
}

/// Erases a person: nobody the own login, so an alliance never loses its last admin.
pub async fn erase(_: App, caller: Caller, change: Change, call: ErasePerson) -> Result<Finished<Done>, Problem> {
    let (person, _) = reached(&change, &caller, CallName::ErasePerson, &call.person).await?;
    not_oneself(&caller, &person.id)?;
    let number = erased(&change, &caller.alliance, &person, caller.now_at_min).await?;
    // Erasing waits for every other write that has begun, so it stands in this queue last.
    in_turn(&change, &caller).await?;
    change.fact("number", number);
    Ok(change.done(Done { done: true }))
}

/// The same for the command line; says under which number the person is remembered.
pub async fn erased(
    change: &Change,
    alliance: &AllianceId,
    person: &Person,
    now_at_min: i64,
) -> Result<i64, StoreError> {
    let number = erasures::erase(change, alliance, person, &token_hash(&person.login), now_at_min).await?;
    outlived(change, alliance, &person.id, &[]).await?;
    Ok(number)
}

/// The person whom a command names by login or id.
pub async fn named(tx: &Tx, alliance: &AllianceId, named: &str) -> Result<Person, StoreError> {
    if let Some((person, _)) = people::by_login(tx, alliance, named).await? {
        return Ok(person);
    }
    let id = PersonId::try_from(named.to_owned()).map_err(|_| StoreError::NotFound)?;
    let person = people::get(tx, alliance, &id).await?;
    person.ok_or(StoreError::NotFound)
}
