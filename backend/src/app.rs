//! What every use case is handed: the store, the settings, the running solver runs, and the catalog of each alliance.

use crate::audit::Anchor;
use crate::clock;
use crate::config::Config;
use crate::edge::pace::Pace;
use crate::keys::Keys;
use crate::problem::Problem;
use crate::published::Published;
use crate::sign_on::provider::Provider;
use crate::spreadsheets::ReadingRoom;
use crate::store::answers::Claim;
use crate::store::{Begun, Change, Deed, Finished, Reader, Store, StoreConfig, StoreError, Tx, alliances, catalog};
use chrono::NaiveDate;
use domain::access::{Actor, Bar, Object, Refusal, may};
use domain::api::{CallName, ProblemCode, RunView};
use domain::catalog::Catalog;
use domain::event::Event;
use domain::id::{AllianceId, SessionId};
use domain::time::Week;
use frontend::text::Lang;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Somebody who reads an old snapshot is done within seconds.
const SWEEP_AGAIN: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    /// What everything is read from, where one moment was chosen.
    moment: Option<Arc<Tx>>,
}

pub struct Inner {
    /// What `read` reads. Writing is `change` and `work`, which leave their trace.
    pub store: Reader,
    writes: Store,
    anchor: Anchor,
    pub keys: Keys,
    pub sign_on: Option<Provider>,
    pub config: Config,
    /// Cancelled when the process is told to end.
    pub end: CancellationToken,
    pub site: crate::site::Site,
    /// Every change of a run, for whoever watches it.
    pub runs: broadcast::Sender<RunView>,
    /// At most two password hashes at a time: each takes 19 MiB and a core.
    pub hashing: tokio::sync::Semaphore,
    /// One plan is foreseen at a time, until it is changed: whoever comes late to it finds it changed, and costs nothing.
    pub foreseeing: Arc<tokio::sync::Semaphore>,
    /// Where spreadsheets are read.
    pub reading_room: ReadingRoom,
    pub published: Published,
    pub pace: Pace,
    /// Sessions whose use is being noted, by the hash of their token.
    pub noted: Mutex<HashSet<String>>,
    catalogs: Mutex<HashMap<AllianceId, (i64, Arc<Catalog>)>>,
    /// Told when something erased could not be swept.
    unswept: tokio::sync::Notify,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

/// Who calls, from where in language and time.
#[derive(Debug, Clone)]
pub struct Caller {
    pub alliance: AllianceId,
    pub actor: Option<Actor>,
    /// As the person is called; nothing of a visitor.
    pub name: String,
    /// By which session, as its owner knows it.
    pub session: Option<SessionId>,
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

    /// Passes when the matrix allows the call at all.
    pub fn may(&self, call: CallName) -> Result<(), Problem> {
        self.may_to(call, &Object::default())
    }

    /// Passes when the matrix allows the call to this thing, as it now is.
    pub fn may_to(&self, call: CallName, object: &Object) -> Result<(), Problem> {
        may(self.actor.as_ref(), call, object).map_err(|refusal| {
            Problem::new(match refusal {
                Refusal::SignIn => ProblemCode::SignInNeeded,
                Refusal::Barred(bar) => behind(bar),
                Refusal::Forbidden => ProblemCode::Forbidden,
                Refusal::Hidden => ProblemCode::NotFound,
                Refusal::WrongState => ProblemCode::WrongState,
            })
        })
    }

    /// Whoever is not kept from everything else.
    pub fn unbarred(self) -> Result<Self, Problem> {
        match self.actor.as_ref().and_then(|actor| actor.bar) {
            Some(bar) => Err(Problem::new(behind(bar))),
            None => Ok(self),
        }
    }

    pub fn week(&self) -> Week {
        Week::of(self.today)
    }
}

/// What is answered behind a bar.
fn behind(bar: Bar) -> ProblemCode {
    match bar {
        Bar::SecondFactor => ProblemCode::SecondFactorNeeded,
        Bar::Password => ProblemCode::PasswordExpired,
    }
}

impl App {
    pub fn new(store: Store, config: Config, end: CancellationToken) -> Self {
        let site = crate::site::Site::read(&config.site_dir);
        let inner = Inner {
            store: store.reader(),
            writes: store,
            anchor: Anchor::in_dir(&config.data_dir),
            keys: Keys::in_file(&config.key_file),
            sign_on: config.sign_on.clone().map(Provider::new),
            pace: Pace::new(config.limits.writes_per_minute),
            config,
            end,
            site,
            runs: broadcast::channel(256).0,
            hashing: tokio::sync::Semaphore::new(2),
            foreseeing: Arc::new(tokio::sync::Semaphore::new(1)),
            reading_room: ReadingRoom::default(),
            published: Published::default(),
            noted: Mutex::default(),
            catalogs: Mutex::default(),
            unswept: tokio::sync::Notify::new(),
        };
        Self {
            inner: Arc::new(inner),
            moment: None,
        }
    }

    /// A transaction that sees one snapshot and cannot write.
    pub async fn read(&self) -> Result<Arc<Tx>, StoreError> {
        match &self.moment {
            Some(moment) => Ok(moment.clone()),
            None => Ok(Arc::new(self.store.read().await?)),
        }
    }

    /// The same, but that everything is read from one snapshot from here on: what a page shows fits together, and who asks
    /// for it is looked up once. It takes a connection for as long as it lives, so whoever has one asks for no other.
    pub async fn at_one_moment(&self) -> Result<App, StoreError> {
        Ok(Self {
            moment: Some(self.read().await?),
            inner: self.inner.clone(),
        })
    }

    /// Every reading sees its own moment again.
    pub fn at_any_moment(&self) -> App {
        Self {
            moment: None,
            inner: self.inner.clone(),
        }
    }

    /// A write under its key; only `changes::once` begins one.
    pub(crate) async fn change(&self, claim: Claim, deed: Deed) -> Result<Begun, StoreError> {
        self.writes.change(claim, deed).await
    }

    /// The program's own work, and sessions: what has happened is told by `Change::deed`.
    pub async fn work(&self) -> Result<Change, StoreError> {
        self.writes.work().await
    }

    /// Commits a change with all that belongs to it and notes the new end of the audit log outside the database.
    pub async fn commit<R: Serialize>(&self, finished: Finished<R>) -> Result<Vec<u8>, StoreError> {
        let committed = finished.commit().await?;
        self.anchor.note(&committed.heads);
        let shown = [Event::TimetablePublished, Event::LessonHandedOver];
        if committed.events.iter().any(|event| shown.contains(event)) {
            self.published.forget();
        }
        if committed.events.contains(&Event::PersonErased) {
            // Whoever asked for it may leave before the file is written anew, and takes nothing but the own waiting along.
            let app = self.at_any_moment();
            let sweeping = tokio::spawn(async move { app.sweep().await });
            let _ = sweeping.await;
        }
        Ok(committed.reply)
    }

    /// Takes what was erased out of the database's files too. What fails is tried again until it is done.
    pub async fn sweep(&self) {
        if let Err(error) = self.writes.sweep().await {
            tracing::error!(%error, "what was erased is still in the database's files");
            self.unswept.notify_one();
        }
    }

    /// Feels the database's pulse until the process ends, forgets what another process has made old, and sweeps again what could
    /// not be swept.
    pub async fn watch(self) {
        let config = StoreConfig::new(&self.config.database_url);
        let stamps = self.store.pulse().stamps();
        tokio::select! {
            () = self.writes.watch(config, self.end.clone()) => {}
            () = self.published.follow(stamps) => {}
            () = self.sweep_again() => {}
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a retry waits for whoever was in the way")]
    async fn sweep_again(&self) {
        loop {
            self.unswept.notified().await;
            tokio::time::sleep(SWEEP_AGAIN).await;
            self.sweep().await;
        }
    }

    /// The caller's view of now in an alliance's zone.
    pub fn caller(&self, alliance: &alliances::AllianceRecord, actor: Option<Actor>, lang: Lang) -> Caller {
        let (today, now_at_min) = clock::civil_now(&alliance.zone);
        Caller {
            alliance: alliance.id.clone(),
            actor,
            name: String::new(),
            session: None,
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
        // What a change has written itself may never be committed, and its version be somebody else's.
        if tx.is_snapshot() {
            self.catalogs
                .lock()
                .expect("no holder panics")
                .insert(alliance.clone(), (version, catalog.clone()));
        }
        Ok(catalog)
    }
}
