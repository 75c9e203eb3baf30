//! Opening a database: pools, timeouts, and the gate that refuses a schema of another version.
//!
//! Both databases have two pools. Writes go through the first: on SQLite it is one connection, which begins
//! IMMEDIATE, so that writers queue here and not inside SQLite. Reads go through the second, which cannot
//! write, and see one snapshot from first to last.

use super::{Pulse, StoreError, Tx};
use crate::own_files::as_its_folder;
use migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The oldest SQLite whose write-ahead log is known to keep what it acknowledged.
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);
/// Any number, the same in every process: who migrates a PostgreSQL database holds this advisory lock.
const MIGRATION_LOCK: i64 = 0x0067_6f6e_6778_756e;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite://<file>` or `postgres://…`.
    pub url: String,
    /// Of each pool; SQLite writes through one.
    pub connections_max: u32,
    /// How long to wait for a connection while others have them all; that a database is away is found by the pulse.
    pub acquire_timeout: Duration,
    /// PostgreSQL: the longest statement.
    pub statement_timeout: Duration,
    /// How long to wait for somebody else's lock.
    pub lock_timeout: Duration,
    /// PostgreSQL: how long a transaction may stand still between two statements. A process that is stopped in the middle
    /// of one would hold its locks for ever; no transaction of ours waits for anything but the database.
    pub idle_timeout: Duration,
}

impl StoreConfig {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections_max: 8,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(15),
            lock_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(5),
        }
    }
}

/// An open database of the right version.
#[derive(Debug, Clone)]
pub struct Store {
    writes: DatabaseConnection,
    reads: DatabaseConnection,
    pulse: Arc<Pulse>,
}

/// The half of a store that cannot write: what use cases are given.
#[derive(Debug, Clone)]
pub struct Reader {
    reads: DatabaseConnection,
    pulse: Arc<Pulse>,
}

impl Reader {
    /// A transaction that sees one consistent snapshot and cannot write.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let waiting = begin(&self.reads, SqliteTransactionMode::Deferred);
        Ok(self.pulse.while_up(waiting).await?.snapshot())
    }

    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }
}

/// What a pool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Writes,
    Reads,
    /// One connection without time limits: a step may rewrite a large table.
    Migrates,
}

impl Store {
    /// Opens a database whose schema is the one that this program was built with.
    pub async fn open(config: &StoreConfig) -> Result<Store, StoreError> {
        let writes = connect(config, Use::Writes).await?;
        check_steps(&writes).await?;
        let reads = connect(config, Use::Reads).await?;
        let pulse = Arc::default();
        Ok(Store { writes, reads, pulse })
    }

    /// Takes the steps of the schema that are still to take. Several processes may try at once.
    pub async fn migrate(config: &StoreConfig) -> Result<(), StoreError> {
        let database = connect(config, Use::Migrates).await?;
        if let Some(file) = sqlite_file(&config.url) {
            let files = ["", "-wal", "-shm"].map(|ending| format!("{file}{ending}"));
            files.iter().for_each(|file| as_its_folder(Path::new(file)));
        }
        refuse_newer(&database).await?;
        if database.get_database_backend() == DbBackend::Postgres {
            // Ends with the connection, of which there is one.
            database
                .execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))
                .await?;
        }
        Migrator::up(&database, None).await?;
        Ok(database.close().await?)
    }

    pub(super) fn writes(&self) -> &DatabaseConnection {
        &self.writes
    }

    /// The half that cannot write.
    pub fn reader(&self) -> Reader {
        Reader {
            reads: self.reads.clone(),
            pulse: self.pulse.clone(),
        }
    }

    /// A bare transaction that may write, without any trace: for founding a database and for tests. The program's own
    /// writes go through `Store::change` and `Store::work`.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let waiting = begin(&self.writes, SqliteTransactionMode::Immediate);
        self.pulse.while_up(waiting).await
    }

    /// A transaction that sees one consistent snapshot and cannot write.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.reader().read().await
    }

    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Lets go of every connection; what still waits is answered `Unavailable`.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reads.close().await?;
        Ok(self.writes.close().await?)
    }
}

async fn begin(pool: &DatabaseConnection, mode: SqliteTransactionMode) -> Result<Tx, StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(mode),
        ..Default::default()
    };
    match pool.begin_with_options(options).await {
        Ok(transaction) => Ok(Tx::new(transaction)),
        // SQLite cannot be away: its one writer is taken.
        Err(DbErr::ConnectionAcquire(why)) if pool.get_database_backend() == DbBackend::Sqlite => {
            Err(StoreError::Busy(why.to_string()))
        }
        Err(why) => Err(why.into()),
    }
}

pub(super) async fn connect(config: &StoreConfig, purpose: Use) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(&config.url);
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .acquire_timeout(config.acquire_timeout);
    options.min_connections(1).max_connections(if purpose == Use::Migrates {
        1
    } else {
        config.connections_max
    });
    match config.url.split_once(':') {
        Some(("sqlite", rest)) if rest.contains(":memory:") || rest.contains("mode=memory") => {
            return Err(StoreError::Broken(
                "a SQLite database must be a file: memory is not shared by connections".into(),
            ));
        }
        Some(("sqlite", _)) => for_sqlite(&mut options, config.lock_timeout, purpose),
        Some(("postgres" | "postgresql", _)) => for_postgres(&mut options, config, purpose),
        _ => {
            return Err(StoreError::Broken(
                "the database is named by sqlite://… or postgres://…".into(),
            ));
        }
    }
    let database = Database::connect(options).await?;
    if database.get_database_backend() == DbBackend::Sqlite {
        refuse_old_sqlite(&database).await?;
    }
    Ok(database)
}

/// Where a SQLite database lies.
fn sqlite_file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next()
}

/// FULL: NORMAL loses acknowledged commits in a power cut.
fn for_sqlite(options: &mut ConnectOptions, lock_timeout: Duration, purpose: Use) {
    // A SQLite connection is a file that does not go away: pinging it is waste.
    options.test_before_acquire(false);
    if purpose == Use::Writes {
        options.max_connections(1).acquire_timeout(lock_timeout);
    }
    options.map_sqlx_sqlite_opts(move |file| {
        let file = file
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let file = file.busy_timeout(lock_timeout);
        if purpose == Use::Reads {
            file.pragma("query_only", "ON")
        } else {
            file
        }
    });
}

/// Settings travel with the connection, so that beginning a transaction stays one statement.
fn for_postgres(options: &mut ConnectOptions, config: &StoreConfig, purpose: Use) {
    let limits = [
        ("statement_timeout", config.statement_timeout),
        ("lock_timeout", config.lock_timeout),
        ("idle_in_transaction_session_timeout", config.idle_timeout),
    ];
    let limits = limits.map(|(name, limit)| (name, limit.as_millis().to_string()));
    options.map_sqlx_postgres_opts(move |server| match purpose {
        Use::Migrates => server,
        Use::Writes => server.options(limits.clone()),
        Use::Reads => server.options(limits.clone()).options([
            ("default_transaction_isolation", "repeatable read"),
            ("default_transaction_read_only", "on"),
        ]),
    });
}

async fn refuse_old_sqlite(database: &DatabaseConnection) -> Result<(), StoreError> {
    let ask = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version");
    let row = database.query_one_raw(ask).await?.ok_or(StoreError::NotFound)?;
    let version: String = row.try_get("", "version")?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_MIN {
        return Err(StoreError::Broken(format!(
            "SQLite {version} is too old: 3.51.3 or newer is needed"
        )));
    }
    Ok(())
}

/// A database is as old as the last step that it took.
async fn check_steps(database: &DatabaseConnection) -> Result<(), StoreError> {
    let missing = refuse_newer(database).await?;
    if missing == 0 {
        return Ok(());
    }
    Err(StoreError::Broken(format!(
        "the database is {missing} steps older than this program: run `gongxun migrate`"
    )))
}

/// How many steps the database has not taken yet; one that this program does not know is refused.
async fn refuse_newer(database: &DatabaseConnection) -> Result<usize, StoreError> {
    match Migrator::get_pending_migrations_read_only(database).await {
        Ok(pending) => Ok(pending.len()),
        Err(DbErr::Custom(_)) => Err(StoreError::Broken(
            "the database is newer than this program: run the `gongxun` that wrote it, or a newer one; \
             `gongxun migrate` does not go back"
                .into(),
        )),
        Err(why) => Err(why.into()),
    }
}
