//! What every use case is handed: the store, the settings, the running solver runs, and the catalog of each alliance.

use crate::clock;
use crate::config::Config;
use crate::problem::Problem;
use crate::store::{Store, Tx, alliances, catalog};
use chrono::NaiveDate;
use domain::access::{Action, Actor, may};
use domain::api::{ProblemCode, RunView};
use domain::catalog::Catalog;
use domain::id::AllianceId;
use domain::time::Week;
use frontend::text::Lang;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::broadcast;

#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub store: Store,
    pub config: Config,
    pub site: crate::site::Site,
    /// Every change of a run, for whoever watches it.
    pub runs: broadcast::Sender<RunView>,
    /// At most two password hashes at a time: each takes 19 MiB and a core.
    pub hashing: tokio::sync::Semaphore,
    pub tries: crate::session::Tries,
    catalogs: Mutex<HashMap<AllianceId, (i64, Arc<Catalog>)>>,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Who calls, from where in language and time.
#[derive(Debug, Clone)]
pub struct Caller {
    pub alliance: AllianceId,
    pub actor: Option<Actor>,
    pub lang: Lang,
    pub today: NaiveDate,
    pub now_at_min: i64,
}

impl Caller {
    /// The actor, or a request to sign in.
    pub fn actor(&self) -> Result<&Actor, Problem> {
        self.actor
            .as_ref()
            .ok_or_else(|| Problem::new(ProblemCode::SignInNeeded))
    }

    /// Passes when the matrix allows it; a visitor is asked to sign in first.
    pub fn may(&self, action: &Action) -> Result<(), Problem> {
        match may(self.actor.as_ref(), action) {
            true => Ok(()),
            false if self.actor.is_none() => Err(Problem::new(ProblemCode::SignInNeeded)),
            false => Err(Problem::new(ProblemCode::Forbidden)),
        }
    }

    /// Like `may`, but who may not see a thing is told that it does not exist.
    pub fn may_see(&self, action: &Action) -> Result<(), Problem> {
        self.may(action).map_err(|problem| match problem.code {
            ProblemCode::Forbidden => Problem::not_found(),
            _ => problem,
        })
    }

    pub fn week(&self) -> Week {
        Week::of(self.today)
    }
}

impl App {
    pub fn new(store: Store, config: Config) -> Self {
        let site = crate::site::Site::read(&config.site_dir);
        Self(Arc::new(Inner {
            store,
            config,
            site,
            runs: broadcast::channel(256).0,
            hashing: tokio::sync::Semaphore::new(2),
            tries: crate::session::Tries::default(),
            catalogs: Mutex::default(),
        }))
    }

    /// The caller's view of now in an alliance's zone.
    pub fn caller(&self, alliance: &alliances::AllianceRecord, actor: Option<Actor>, lang: Lang) -> Caller {
        let (today, now_at_min) = clock::civil_now(&alliance.zone);
        Caller {
            alliance: alliance.id.clone(),
            actor,
            lang,
            today,
            now_at_min,
        }
    }

    /// The alliance's catalog; read again only when its version has risen.
    pub async fn catalog(&self, tx: &Tx, alliance: &AllianceId) -> Result<Arc<Catalog>, Problem> {
        let version = alliances::get(tx, alliance).await?.catalog_version;
        let known = self.catalogs.lock().expect("no holder panics").get(alliance).cloned();
        if let Some((_, catalog)) = known.filter(|(at, _)| *at == version) {
            return Ok(catalog);
        }
        let catalog = Arc::new(catalog::load(tx, alliance).await?);
        self.catalogs
            .lock()
            .expect("no holder panics")
            .insert(alliance.clone(), (version, catalog.clone()));
        Ok(catalog)
    }
}
