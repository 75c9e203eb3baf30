//! Replies under the keys of their writes, so that the same write once more gets the same reply and has no second effect.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId, WriteKey};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::io::{Read, Write};

/// A key taken by a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key it is.
    pub person: String,
    pub key: WriteKey,
    /// Name of the call.
    pub call: &'static str,
    /// What tells the call from others, 64 hex digits.
    pub body_sha256: String,
    /// Unix milliseconds.
    pub at_ms: i64,
}

table! {
    answer_rows "answers" {
        key { alliance_id: String, person_id: String, write_key: String }
        call: String,
        body_sha256: String,
        at_ms: i64,
        reply: Option<Vec<u8>>,
    }
}
use answer_rows::{Column, Entity, Model};

/// Takes a key; false when it is taken. Waits for whoever is about to take it.
pub async fn claim(tx: &Tx, alliance: &AllianceId, claim: &Claim) -> Result<bool, StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        person_id: claim.person.clone(),
        write_key: key(&claim.key),
        call: claim.call.to_owned(),
        body_sha256: claim.body_sha256.clone(),
        at_ms: claim.at_ms,
        reply: None,
    };
    let taken = OnConflict::columns([Column::AllianceId, Column::PersonId, Column::WriteKey])
        .do_nothing()
        .to_owned();
    let inserted = Entity::insert(row.into_active_model())
        .on_conflict(taken)
        .exec_without_returning(tx)
        .await?;
    Ok(inserted > 0)
}

/// The reply under a key that is taken, when it was given to this very call.
pub async fn get(tx: &Tx, alliance: &AllianceId, claim: &Claim) -> Result<Option<Vec<u8>>, StoreError> {
    find(tx, alliance, claim).await?.ok_or(StoreError::NotFound)
}

/// The same, or nothing when the key is free.
pub async fn find(tx: &Tx, alliance: &AllianceId, claim: &Claim) -> Result<Option<Option<Vec<u8>>>, StoreError> {
    let id = (key(alliance), claim.person.clone(), key(&claim.key));
    match Entity::find_by_id(id).one(tx).await? {
        Some(row) => reply_to(row, claim).map(Some),
        None => Ok(None),
    }
}

fn reply_to(row: Model, claim: &Claim) -> Result<Option<Vec<u8>>, StoreError> {
    if row.call != claim.call || row.body_sha256 != claim.body_sha256 {
        return Ok(None);
    }
    let reply = row
        .reply
        .ok_or_else(|| StoreError::Broken("column answers.reply: a key without its reply".into()))?;
    inflated(&reply).map(Some)
}

/// Puts the reply under its key.
pub async fn fill(tx: &Tx, alliance: &AllianceId, claim: &Claim, reply: &[u8]) -> Result<(), StoreError> {
    let filled = Entity::update_many().col_expr(Column::Reply, Expr::value(deflated(reply)?));
    let filled = filled
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(claim.person.clone()))
        .filter(Column::WriteKey.eq(key(&claim.key)));
    found(filled.exec(tx).await?.rows_affected)
}

/// Forgets what was answered before a moment; says how much.
pub async fn forget_before(tx: &Tx, at_ms: i64) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::AtMs.lt(at_ms));
    Ok(old.exec(tx).await?.rows_affected)
}

/// Forgets what a person was answered.
pub async fn forget_of(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<(), StoreError> {
    let own = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::PersonId.eq(key(person)));
    own.exec(tx).await?;
    Ok(())
}

/// Lets nobody else take a key until this commits, and waits for whoever has taken one: a reply that was made with a name
/// before it was erased is then either there to be scrubbed, or not made yet. SQLite has one writer anyway.
pub async fn hold(tx: &Tx) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE answers IN EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// What is taken out of the replies that others got, and what stands there instead. A masked phone leaves an empty text.
pub struct Scrub<'a> {
    pub names: &'a [&'a str],
    pub login: &'a str,
    pub phone: Option<String>,
    pub name_after: String,
    pub login_after: String,
}

/// Replies of one read.
const CHUNK: u64 = 200;

/// Scrubs every kept reply of an alliance; the keys stay, so that a repeat has no second effect.
pub async fn scrub(tx: &Tx, alliance: &AllianceId, scrub: &Scrub<'_>) -> Result<(), StoreError> {
    let pairs = scrub.pairs()?;
    let mut seen = 0;
    loop {
        let rows = Entity::find().filter(Column::AllianceId.eq(key(alliance)));
        let rows = rows.order_by_asc(Column::PersonId).order_by_asc(Column::WriteKey);
        let rows = rows.offset(seen).limit(CHUNK).all(tx).await?;
        for row in &rows {
            let Some(reply) = &row.reply else { continue };
            let before = String::from_utf8(inflated(reply)?);
            let before = before.map_err(|why| StoreError::Broken(format!("column answers.reply: {why}")))?;
            let after = pairs
                .iter()
                .fold(before.clone(), |text, (from, to)| replaced(&text, from, to));
            if after != before {
                let change = Entity::update_many().col_expr(Column::Reply, Expr::value(deflated(after.as_bytes())?));
                let change = change
                    .filter(Column::AllianceId.eq(key(alliance)))
                    .filter(Column::PersonId.eq(row.person_id.clone()));
                change
                    .filter(Column::WriteKey.eq(row.write_key.clone()))
                    .exec(tx)
                    .await?;
            }
        }
        seen += CHUNK;
        if (rows.len() as u64) < CHUNK {
            return Ok(());
        }
    }
}

impl Scrub<'_> {
    /// As they stand in a reply. A name may be the value of anything; a login and a phone, which may look like a word of the
    /// contract, only of their own field.
    fn pairs(&self) -> Result<Vec<(String, String)>, StoreError> {
        let field = |name: &str, text: &str| Ok::<_, StoreError>(format!("\"{name}\":{}", json(&text)?));
        let mut pairs = vec![(field("login", self.login)?, field("login", &self.login_after)?)];
        if let Some(phone) = &self.phone {
            pairs.push((field("phone", phone)?, field("phone", "")?));
        }
        for name in self.names {
            pairs.push((json(name)?, json(&self.name_after)?));
        }
        Ok(pairs)
    }
}

/// Every value that is this text of JSON; a field that is called the same stays.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut after = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (head, tail) = rest.split_at(at);
        after.push_str(head);
        let end = &tail[from.len()..];
        after.push_str(if end.starts_with(':') { from } else { to });
        rest = end;
    }
    after.push_str(rest);
    after
}

/// A board is a tenth of its size afterwards, and every move of a lesson answers with one.
fn deflated(reply: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(reply).and_then(|()| encoder.finish());
    written.map_err(|why| StoreError::Broken(why.to_string()))
}

fn inflated(reply: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut plain = Vec::new();
    let read = ZlibDecoder::new(reply).read_to_end(&mut plain);
    read.map_err(|why| StoreError::Broken(format!("column answers.reply: {why}")))?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_name_goes_wherever_it_is_a_value_and_a_field_of_that_name_stays() {
        let reply = r#"{"by":"李","李":"李","names":["李","李雪"],"note":"李 said"}"#;
        let after = r#"{"by":"x","李":"x","names":["x","李雪"],"note":"李 said"}"#;
        assert_eq!(replaced(reply, "\"李\"", "\"x\""), after);
    }
}
