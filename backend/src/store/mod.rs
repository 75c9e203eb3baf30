//! The database: one file a noun, and nobody else writes SQL.
//!
//! Every function takes a transaction and a tenant, and speaks domain types. A use case that reads begins with
//! `store.read()`; one that writes is handed a `Change`, which is a transaction that cannot commit without its audit
//! entry, its outbox row and its reply. A transaction that is dropped leaves nothing.
//! There is no clock, no rule and no right in here: what may happen is decided before, and what must never
//! happen is refused by the schema (see the crate `migrations`) and comes back as `StoreError::Conflict` with
//! the name of the rule, the same on SQLite and PostgreSQL.

mod change;
mod columns;
pub mod copy;
mod error;
mod open;
mod pulse;
mod table;
mod tx;

pub mod alliances;
pub mod catalog;
pub mod standings;

pub mod erasures;
pub mod former_passwords;
pub mod identities;
pub mod invitations;
pub mod memberships;
pub mod people;
pub mod personal;
pub mod phones;
pub mod second_factors;
pub mod sessions;
pub mod tries;

pub mod rounds;

pub mod requests;
pub mod runs;

pub mod plans;
pub mod timetable;

pub mod answers;
pub mod audit;
pub mod invariants;
pub mod ledger;
pub mod outbox;

pub use change::{Begun, By, Change, Committed, Deed, Fact, Finished};
pub use error::StoreError;
pub use open::{Reader, Store, StoreConfig};
pub use pulse::{Pulse, Stamp, Stamps};
pub use tx::{Tx, counting};
