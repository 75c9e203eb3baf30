//! The database: one file a noun, and nobody else writes SQL.
//!
//! Every function takes a transaction and a tenant, and speaks domain types. A use case begins with
//! `store.write()` or `store.read()` and ends with `commit()`; a transaction that is dropped leaves nothing.
//! There is no clock, no rule and no right in here: what may happen is decided before, and what must never
//! happen is refused by the schema (see the crate `migrations`) and comes back as `StoreError::Conflict` with
//! the name of the rule, the same on SQLite and PostgreSQL.

mod columns;
mod error;
mod open;
mod table;
mod tx;

pub mod alliances;
pub mod catalog;
pub mod people;
pub mod sessions;

pub mod rounds;

pub mod requests;
pub mod runs;

pub mod plans;
pub mod timetable;

pub mod ledger;
pub mod outbox;

pub use error::StoreError;
pub use open::{Store, StoreConfig};
pub use tx::Tx;
