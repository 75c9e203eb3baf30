//! The pulse of the database: whether it answers, and whether anything was published since last time.
//!
//! One connection of its own asks both in one statement, several times a second. A database that is away is known to be
//! away before anybody waits for it; that it is back needs no restart. Asking is chosen over LISTEN/NOTIFY because it
//! works the same on SQLite, behind a pooler and after a fail-over, and because the pulse has to be felt anyway.

use super::columns::id;
use super::open::{Use, connect};
use super::{Store, StoreConfig, StoreError};
use domain::id::AllianceId;
use metrics::gauge;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Between two beats.
const BEAT: Duration = Duration::from_millis(250);
/// A database that refuses is away at once; one that has not answered by then, twice in a row, is away too. Once may be a
/// busy machine.
const ANSWER: Duration = Duration::from_secs(1);

/// What an alliance shows to everybody; another stamp means that something was published or the catalog has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// How many snapshots there are: they are only ever added to.
    pub snapshots: i64,
    pub catalog: i64,
}

pub type Stamps = BTreeMap<AllianceId, Stamp>;

#[derive(Debug)]
pub struct Pulse {
    is_up: watch::Sender<bool>,
    stamps: watch::Sender<Option<Stamps>>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            is_up: watch::channel(true).0,
            stamps: watch::channel(None).0,
        }
    }
}

impl Pulse {
    /// Refuses at once while the database is known to be away.
    pub(super) fn felt(&self) -> Result<(), StoreError> {
        match *self.is_up.borrow() {
            true => Ok(()),
            false => Err(away()),
        }
    }

    /// The outcome of some waiting, unless the database is found to be away meanwhile.
    pub(super) async fn while_up<T>(
        &self,
        waiting: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.felt()?;
        let mut is_up = self.is_up.subscribe();
        tokio::select! {
            outcome = waiting => outcome,
            _ = is_up.wait_for(|is_up| !is_up) => Err(away()),
        }
    }

    /// What was found by the last beat; nothing before the first one and while the database is away.
    pub fn stamps(&self) -> watch::Receiver<Option<Stamps>> {
        self.stamps.subscribe()
    }

    fn found(&self, looked: Result<Stamps, StoreError>) {
        let (is_up, stamps) = match looked {
            Ok(stamps) => (true, Some(stamps)),
            Err(why) => {
                tracing::debug!(%why, "no pulse");
                (false, None)
            }
        };
        if self.is_up.send_replace(is_up) != is_up {
            match is_up {
                true => tracing::warn!("the database is back"),
                false => tracing::error!("the database is away"),
            }
        }
        gauge!(crate::edge::figures::DATABASE_UP).set(f64::from(u8::from(is_up)));
        self.stamps.send_if_modified(|known| {
            let changed = *known != stamps;
            *known = stamps;
            changed
        });
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("it has not answered lately".into())
}

impl Store {
    /// Feels the pulse until told to end.
    pub async fn watch(&self, config: StoreConfig, end: CancellationToken) {
        let config = StoreConfig {
            connections_max: 1,
            acquire_timeout: ANSWER,
            ..config
        };
        let (mut own, mut is_slow) = (None, false);
        let mut tick = tokio::time::interval(BEAT);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = end.cancelled() => return,
                _ = tick.tick() => {}
            }
            let looked = tokio::time::timeout(ANSWER, look(&config, &mut own)).await;
            let was_slow = std::mem::replace(&mut is_slow, looked.is_err());
            if is_slow && !was_slow {
                continue;
            }
            let looked = looked.unwrap_or_else(|_| Err(away()));
            if looked.is_err() {
                own = None;
            }
            self.pulse().found(looked);
        }
    }
}

async fn look(config: &StoreConfig, own: &mut Option<DatabaseConnection>) -> Result<Stamps, StoreError> {
    let database = match own {
        Some(database) => database,
        None => own.insert(connect(config, Use::Reads).await?),
    };
    let sql = "SELECT id, catalog_version, (SELECT count(*) FROM snapshots WHERE alliance_id = alliances.id) AS snapshots \
               FROM alliances";
    let ask = Statement::from_string(database.get_database_backend(), sql);
    let mut stamps = Stamps::new();
    for row in database.query_all_raw(ask).await? {
        let stamp = Stamp {
            snapshots: row.try_get("", "snapshots")?,
            catalog: row.try_get("", "catalog_version")?,
        };
        stamps.insert(id("alliances.id", row.try_get("", "id")?)?, stamp);
    }
    Ok(stamps)
}
