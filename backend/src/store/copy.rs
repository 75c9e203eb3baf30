//! Every row of the database, table by table, and back: what a backup is made of.
//!
//! The tables are asked of the database itself, so that a new one is copied without anybody thinking of it; parents come
//! before children. Values are plain JSON, bytes as `{"hex": …}`, so that what one kind of database wrote the other reads.

use super::open::{Use, connect};
use super::{Store, StoreConfig, StoreError, Tx};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TransactionTrait, Value};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Rows of one read or one statement.
const CHUNK: usize = 200;

/// A table and its columns in the order of their making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    /// Columns that name a row.
    key: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Float,
    Bool,
    Bytes,
}

/// Every table but the list of migrations, parents first.
pub async fn tables(tx: &Tx) -> Result<Vec<Table>, StoreError> {
    parents_first(tx).await
}

/// Hands over every row of a table, in the order of its key.
pub async fn read(
    tx: &Tx,
    table: &Table,
    row: &mut impl FnMut(Vec<Json>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let (columns, key) = (columns.join(", "), table.key.join(", "));
    let mut offset = 0;
    loop {
        let sql = format!(
            "SELECT {columns} FROM {} ORDER BY {key} LIMIT {CHUNK} OFFSET {offset}",
            table.name
        );
        let found = tx
            .query_all_raw(Statement::from_string(tx.get_database_backend(), sql))
            .await?;
        for found in &found {
            let values = table
                .columns
                .iter()
                .enumerate()
                .map(|(n, (_, kind))| value(found, n, *kind));
            row(values.collect::<Result<_, _>>()?)?;
        }
        if found.len() < CHUNK {
            return Ok(());
        }
        offset += CHUNK;
    }
}

pub(super) fn value(row: &QueryResult, n: usize, kind: Kind) -> Result<Json, StoreError> {
    Ok(match kind {
        Kind::Text => json!(row.try_get_by_index::<Option<String>>(n)?),
        Kind::Int => json!(row.try_get_by_index::<Option<i64>>(n)?),
        Kind::Float => json!(row.try_get_by_index::<Option<f64>>(n)?),
        Kind::Bool => json!(row.try_get_by_index::<Option<bool>>(n)?),
        Kind::Bytes => match row.try_get_by_index::<Option<Vec<u8>>>(n)? {
            Some(bytes) => json!({ "hex": hex::encode(bytes) }),
            None => Json::Null,
        },
    })
}

fn parameter(value: &Json, kind: Kind) -> Result<Value, StoreError> {
    let unfit = || StoreError::Broken(format!("{value} does not fit its column"));
    if value.is_null() {
        return Ok(match kind {
            Kind::Text => Value::String(None),
            Kind::Int => Value::BigInt(None),
            Kind::Float => Value::Double(None),
            Kind::Bool => Value::Bool(None),
            Kind::Bytes => Value::Bytes(None),
        });
    }
    Ok(match kind {
        Kind::Text => value.as_str().ok_or_else(unfit)?.to_owned().into(),
        Kind::Int => value.as_i64().ok_or_else(unfit)?.into(),
        Kind::Float => value.as_f64().ok_or_else(unfit)?.into(),
        Kind::Bool => value.as_bool().ok_or_else(unfit)?.into(),
        Kind::Bytes => {
            let text = value.get("hex").and_then(Json::as_str).ok_or_else(unfit)?;
            hex::decode(text).map_err(|_| unfit())?.into()
        }
    })
}

/// How many ways in there were that nobody may take any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shut {
    pub sessions: u64,
    pub invitations: u64,
}

/// Rows on their way into an empty database: all of them, or none.
pub struct Filling {
    tx: Tx,
    tables: Vec<Table>,
}

impl Filling {
    /// A database with the whole schema and no alliance; it is migrated first.
    pub async fn begin(config: &StoreConfig) -> Result<Self, StoreError> {
        Store::migrate(config).await?;
        let database = connect(config, Use::Migrates).await?;
        let tx = Tx::new(database.begin().await?);
        let tables = tables(&tx).await?;
        if !super::alliances::list(&tx).await?.is_empty() {
            return Err(StoreError::Broken(
                "the database is not empty: restore into a new one".into(),
            ));
        }
        Ok(Self { tx, tables })
    }

    /// Adds rows of a table whose columns are named in the order of their values.
    pub async fn add(&self, table: &str, columns: &[String], rows: &[Vec<Json>]) -> Result<(), StoreError> {
        let known = self.tables.iter().find(|known| known.name == table);
        let known = known.ok_or_else(|| StoreError::Broken(format!("there is no table {table}")))?;
        let kind = |name: &String| {
            let found = known.columns.iter().find(|(known, _)| known == name);
            let found = found.ok_or_else(|| StoreError::Broken(format!("{table} has no column {name}")));
            found.map(|(_, kind)| *kind)
        };
        let kinds: Vec<Kind> = columns.iter().map(kind).collect::<Result<_, _>>()?;
        for rows in rows.chunks(CHUNK) {
            let mut number = 0;
            let mut marks = || {
                let marks: Vec<String> = kinds
                    .iter()
                    .map(|_| {
                        number += 1;
                        format!("${number}")
                    })
                    .collect();
                format!("({})", marks.join(", "))
            };
            let marks: Vec<String> = rows.iter().map(|_| marks()).collect();
            let sql = format!(
                "INSERT INTO {table} ({}) VALUES {}",
                columns.join(", "),
                marks.join(", ")
            );
            let mut values = Vec::with_capacity(rows.len() * kinds.len());
            for row in rows {
                for (value, kind) in row.iter().zip(&kinds) {
                    values.push(parameter(value, *kind)?);
                }
            }
            let backend = self.tx.get_database_backend();
            self.tx
                .execute_raw(Statement::from_sql_and_values(backend, sql, values))
                .await?;
        }
        Ok(())
    }

    /// Ends every session and takes back every invitation that is still open: of those that were ended after the rows were
    /// copied nobody here knows any more.
    pub async fn shut_doors(&self) -> Result<Shut, StoreError> {
        Ok(Shut {
            sessions: self.deleted("DELETE FROM sessions").await?,
            invitations: self
                .deleted("DELETE FROM invitations WHERE accepted_by IS NULL")
                .await?,
        })
    }

    async fn deleted(&self, sql: &str) -> Result<u64, StoreError> {
        Ok(self.tx.execute_unprepared(sql).await?.rows_affected())
    }

    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}

/// Tables in an order in which rows can be added: a reference to oneself and a ring are checked at commit by the schema.
async fn parents_first(tx: &Tx) -> Result<Vec<Table>, StoreError> {
    let (mut waiting, references) = match tx.get_database_backend() {
        DbBackend::Sqlite => (sqlite_tables(tx).await?, sqlite_references(tx).await?),
        _ => (postgres_tables(tx).await?, postgres_references(tx).await?),
    };
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: BTreeSet<&str> = waiting.iter().map(|table| table.name.as_str()).collect();
        let is_free = |table: &Table| {
            let parents = references
                .iter()
                .filter(|(child, parent)| *child == table.name && child != parent);
            parents.clone().all(|(_, parent)| !names.contains(parent.as_str()))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    Ok(ordered)
}

async fn rows(tx: &Tx, sql: &str) -> Result<Vec<QueryResult>, StoreError> {
    Ok(tx
        .query_all_raw(Statement::from_string(tx.get_database_backend(), sql))
        .await?)
}

/// `(table, column, type, place in the key)`, by table and place.
fn collected(found: Vec<QueryResult>) -> Result<Vec<Table>, StoreError> {
    let mut tables: Vec<Table> = Vec::new();
    for row in found {
        let (name, column): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let kind = match row.try_get_by_index::<String>(2)?.to_uppercase().as_str() {
            "TEXT" => Kind::Text,
            "BIGINT" | "INTEGER" => Kind::Int,
            "DOUBLE PRECISION" => Kind::Float,
            "BOOLEAN" => Kind::Bool,
            "BLOB" | "BYTEA" => Kind::Bytes,
            other => {
                return Err(StoreError::Broken(format!(
                    "{name}.{column} is {other}, which no backup knows"
                )));
            }
        };
        if tables.last().is_none_or(|last| last.name != name) {
            tables.push(Table {
                name,
                columns: Vec::new(),
                key: Vec::new(),
            });
        }
        let table = tables.last_mut().expect("one was just pushed");
        if row.try_get_by_index::<bool>(3)? {
            table.key.push(column.clone());
        }
        table.columns.push((column, kind));
    }
    Ok(tables)
}

async fn sqlite_tables(tx: &Tx) -> Result<Vec<Table>, StoreError> {
    let sql = "SELECT m.name, c.name, c.type, c.pk > 0 FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
               WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations' ORDER BY m.name, c.cid";
    collected(rows(tx, sql).await?)
}

async fn sqlite_references(tx: &Tx) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT m.name, f.\"table\" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'";
    pairs(rows(tx, sql).await?)
}

async fn postgres_tables(tx: &Tx) -> Result<Vec<Table>, StoreError> {
    let sql = "SELECT c.table_name::text, c.column_name::text, c.data_type::text, EXISTS ( \
                   SELECT 1 FROM information_schema.table_constraints AS t \
                   JOIN information_schema.key_column_usage AS k USING (constraint_schema, constraint_name) \
                   WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema \
                   AND k.table_name = c.table_name AND k.column_name = c.column_name) \
               FROM information_schema.columns AS c JOIN information_schema.tables AS b USING (table_schema, table_name) \
               WHERE c.table_schema = current_schema() AND b.table_type = 'BASE TABLE' \
               AND c.table_name <> 'seaql_migrations' ORDER BY c.table_name, c.ordinal_position";
    collected(rows(tx, sql).await?)
}

async fn postgres_references(tx: &Tx) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'";
    pairs(rows(tx, sql).await?)
}

fn pairs(found: Vec<QueryResult>) -> Result<Vec<(String, String)>, StoreError> {
    found
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}
