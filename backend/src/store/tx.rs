//! One transaction, the same on both databases.

use super::StoreError;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use sea_orm_migration::async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};

/// A transaction; dropped without `commit`, it leaves nothing.
///
/// After a failed statement it can only be dropped. PostgreSQL answers a commit of such a transaction with a
/// silent rollback, and SQLite would commit the rest: neither is what its caller thinks has happened.
pub struct Tx {
    inner: DatabaseTransaction,
    failed: AtomicBool,
}

impl Tx {
    pub(in crate::store) fn new(inner: DatabaseTransaction) -> Self {
        Self {
            inner,
            failed: AtomicBool::new(false),
        }
    }

    /// Makes everything durable, or nothing of it; references to the catalog are checked here.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(StoreError::Broken(
                "a transaction with a failed statement cannot commit".into(),
            ));
        }
        Ok(self.inner.commit().await?)
    }

    fn noting<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
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
