//! Between columns and domain types. A column that does not parse is a broken database, named by its column.

use super::{StoreError, Tx};
use chrono::NaiveDate;
use domain::time::Week;
use sea_orm::{ActiveModelTrait, ActiveValue, EntityTrait, Insert, IntoActiveModel, Iterable, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::str::FromStr;

type Result<T> = std::result::Result<T, StoreError>;

fn broken(column: &str, why: impl Display) -> StoreError {
    StoreError::Broken(format!("column {column}: {why}"))
}

/// A value as JSON text.
pub fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|why| StoreError::Broken(why.to_string()))
}

pub fn json_or_null<T: Serialize>(value: &Option<T>) -> Result<Option<String>> {
    value.as_ref().map(json).transpose()
}

pub fn from_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|why| broken(column, why))
}

pub fn from_json_or_null<T: DeserializeOwned>(column: &str, text: &Option<String>) -> Result<Option<T>> {
    text.as_deref().map(|text| from_json(column, text)).transpose()
}

/// A typed id.
pub fn id<T: TryFrom<String>>(column: &str, text: String) -> Result<T> {
    T::try_from(text).map_err(|_| broken(column, "not an id"))
}

pub fn id_or_null<T: TryFrom<String>>(column: &str, text: Option<String>) -> Result<Option<T>> {
    text.map(|text| id(column, text)).transpose()
}

/// An id as its column.
pub fn key(id: &impl Display) -> String {
    id.to_string()
}

pub fn key_or_null(id: &Option<impl Display>) -> Option<String> {
    id.as_ref().map(key)
}

/// The word of a plain enum, `snake_case`.
pub fn word(value: impl Into<&'static str>) -> String {
    value.into().to_owned()
}

pub fn from_word<T: FromStr>(column: &str, text: &str) -> Result<T> {
    text.parse()
        .map_err(|_| broken(column, format_args!("unknown word {text:?}")))
}

pub fn from_date(column: &str, text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|why| broken(column, why))
}

/// A week by the ISO date of its Monday, which sorts as text.
pub fn week(week: Week) -> String {
    week.monday().to_string()
}

pub fn from_week(column: &str, text: &str) -> Result<Week> {
    Week::try_from(from_date(column, text)?).map_err(|why| broken(column, why))
}

/// Most values of one statement: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES_MAX: usize = 30_000;

/// Inserts rows in few statements.
pub async fn insert_all<E, M>(tx: &Tx, rows: Vec<M>) -> Result<()>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let rows_max = VALUES_MAX / E::Column::iter().count();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<E::ActiveModel> = rows.by_ref().take(rows_max).collect();
        Insert::many(chunk).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A change of some columns of a row: all that are given are written, whatever they were.
pub fn set<V: Into<Value>>(value: V) -> ActiveValue<V> {
    ActiveValue::Set(value)
}

/// The one row that a change compared and swapped, or none: it was made against an old version.
pub fn swapped(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// The one row that a change was meant for.
pub fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
