//! One transaction, the same on both databases.

use super::StoreError;
use super::alliances::AllianceRecord;
use domain::id::AllianceId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use sea_orm_migration::async_trait::async_trait;
use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    /// What the work at hand has asked the database so far.
    static ASKED: Cell<u64>;
}

/// Does some work and says how many statements it asked the database: a transaction's begin and commit are statements, too.
pub async fn counting<F: Future>(work: F) -> (F::Output, u64) {
    let counted = async { (work.await, ASKED.with(Cell::get)) };
    ASKED.scope(Cell::new(0), counted).await
}

fn count() {
    // Nobody counts what the program asks for itself.
    let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

/// A transaction; dropped without `commit`, it leaves nothing.
///
/// After a failed statement it can only be dropped. PostgreSQL answers a commit of such a transaction with a
/// silent rollback, and SQLite would commit the rest: neither is what its caller thinks has happened.
pub struct Tx {
    inner: DatabaseTransaction,
    failed: AtomicBool,
    /// What a snapshot has said already: it says the same until it ends. Nothing where there may be writes.
    known: Option<Mutex<Vec<AllianceRecord>>>,
}

impl Tx {
    pub(in crate::store) fn new(inner: DatabaseTransaction) -> Self {
        count();
        Self {
            inner,
            failed: AtomicBool::new(false),
            known: None,
        }
    }

    /// One that sees a snapshot from first to last.
    pub(in crate::store) fn snapshot(self) -> Self {
        Self {
            known: Some(Mutex::default()),
            ..self
        }
    }

    /// Whether all that it sees is committed.
    pub fn is_snapshot(&self) -> bool {
        self.known.is_some()
    }

    /// What this snapshot has said of an alliance before.
    pub(in crate::store) fn known(&self, alliance: &AllianceId) -> Option<AllianceRecord> {
        let known = self.known.as_ref()?.lock().expect("no holder panics");
        known.iter().find(|known| known.id == *alliance).cloned()
    }

    pub(in crate::store) fn know(&self, alliance: &AllianceRecord) {
        if let Some(known) = &self.known {
            known.lock().expect("no holder panics").push(alliance.clone());
        }
    }

    /// Waits for whoever came before about the same, until their transactions end, and lets nobody past before this one
    /// does. SQLite has one writer anyway.
    pub(in crate::store) async fn queue_up(&self, about: &str) -> Result<(), StoreError> {
        if self.get_database_backend() == DbBackend::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            let lock = Statement::from_sql_and_values(DbBackend::Postgres, lock, [about.into()]);
            self.execute_raw(lock).await?;
        }
        Ok(())
    }

    /// Makes everything durable, or nothing of it; references to the catalog are checked here.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Broken(
                "a transaction with a failed statement cannot commit".into(),
            ));
        }
        count();
        Ok(self.inner.commit().await?)
    }

    fn noting<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        count();
        self.failed.fetch_or(answer.is_err(), Ordering::Relaxed);
        answer
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }
    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.noting(self.inner.execute_raw(statement).await)
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.noting(self.inner.execute_unprepared(sql).await)
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.noting(self.inner.query_one_raw(statement).await)
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.noting(self.inner.query_all_raw(statement).await)
    }
}
