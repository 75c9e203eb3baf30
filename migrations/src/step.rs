//! One step of the schema, written as SQL.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

/// What a step does: first what both databases understand, then what only one can say.
pub struct Step {
    pub name: &'static str,
    pub both: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        let own = if manager.get_database_backend() == DbBackend::Sqlite {
            self.sqlite
        } else {
            self.postgres
        };
        for sql in [self.both, own].into_iter().filter(|sql| !sql.is_empty()) {
            database.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    /// A step lands wholly or not at all, on SQLite too, where the default is no transaction.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
