//! `serve`, `worker`, `migrate`: the long-running commands and the one that prepares them.

use super::sign_on;
use super::{Serve, Storage, Telling, Worker};
use crate::app::App;
use crate::config::{Config, Limits, PASSWORD_DAYS, Receiver};
use crate::jobs;
use crate::memory;
use crate::notices::delivery;
use crate::second_factors;
use crate::serve;
use crate::store::{Store, StoreConfig};
use anyhow::{Context, ensure};
use domain::password::Profile;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A signature is worth as much as its secret.
const SECRET_LEN_MIN: usize = 24;

pub fn serve(flags: Serve) -> anyhow::Result<ExitCode> {
    let config = Config {
        secure_cookies: flags.secure_cookies,
        hsts_days: flags.hsts_days,
        trusted_proxies: flags.trusted_proxies,
        password_profile: flags.password_profile.into(),
        password_days: flags.password_days,
        limits: flags.limits,
        sign_on: sign_on::settings(&flags.sign_on)?,
        receiver: receiver(&flags.telling)?,
        ..config(&flags.storage, flags.listen, !flags.no_worker)?
    };
    runtime()?.block_on(async {
        let embedded = flags.storage.database_url.is_none();
        if embedded {
            // The embedded database belongs to this program: it follows the program's version by itself.
            Store::migrate(&store_config(&config)).await?;
        }
        let store = Store::open(&store_config(&config)).await?;
        let app = App::new(store, config, end_on_signal()?);
        second_factors::begin(&app).await?;
        serve::serve(app).await
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn work(flags: Worker) -> anyhow::Result<ExitCode> {
    let config = Config {
        receiver: receiver(&flags.telling)?,
        ..config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), true)?
    };
    runtime()?.block_on(async {
        let store = Store::open(&store_config(&config)).await?;
        let app = App::new(store, config, end_on_signal()?);
        tokio::join!(jobs::work(app.clone()), delivery::deliver(app.clone()), app.watch());
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn migrate(storage: Storage) -> anyhow::Result<ExitCode> {
    let config = config(&storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    runtime()?.block_on(Store::migrate(&store_config(&config)))?;
    eprintln!("the database has this program's schema");
    Ok(ExitCode::SUCCESS)
}

/// The settings that flags and environment make.
pub fn config(storage: &Storage, listen: SocketAddr, worker: bool) -> anyhow::Result<Config> {
    std::fs::create_dir_all(&storage.data_dir)
        .with_context(|| format!("cannot make {}: choose another --data-dir", storage.data_dir.display()))?;
    let data_dir = storage.data_dir.canonicalize()?;
    Ok(Config {
        listen,
        database_url: storage
            .database_url
            .clone()
            .unwrap_or_else(|| Config::sqlite_url(&data_dir)),
        key_file: storage.key_file.clone().unwrap_or_else(|| Config::keys_in(&data_dir)),
        key_file_given: storage.key_file.is_some(),
        data_dir,
        site_dir: storage.site_dir.clone().unwrap_or_else(Config::site_beside_binary),
        solver: storage.solver.clone(),
        worker,
        secure_cookies: false,
        hsts_days: 0,
        trusted_proxies: Vec::new(),
        password_profile: Profile::default(),
        password_days: PASSWORD_DAYS,
        limits: Limits::default(),
        sign_on: None,
        receiver: None,
    })
}

/// The receiver that the flags name, with its secret out of the file.
pub fn receiver(flags: &Telling) -> anyhow::Result<Option<Receiver>> {
    let (Some(url), Some(file)) = (&flags.webhook_url, &flags.webhook_secret_file) else {
        return Ok(None);
    };
    ensure!(
        url.starts_with("https://") || url.starts_with("http://"),
        "--webhook-url takes https://… or http://…, not {url:?}"
    );
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let secret = text.lines().next().unwrap_or_default().trim().to_owned();
    ensure!(
        secret.len() >= SECRET_LEN_MIN,
        "{} holds less than {SECRET_LEN_MIN} characters",
        file.display()
    );
    Ok(Some(Receiver {
        url: url.clone(),
        secret,
        timeout_s: flags.webhook_timeout_s,
        backoff_ms: flags.webhook_backoff_ms,
        tries_max: flags.webhook_tries_max,
    }))
}

pub fn store_config(config: &Config) -> StoreConfig {
    StoreConfig::new(&config.database_url)
}

/// What every command runs on that opens a database. The solver's does not: it asks for large blocks all the time.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    memory::give_back_large_blocks();
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Ends on SIGTERM and on Ctrl-C; open requests are drained.
pub fn end_on_signal() -> anyhow::Result<CancellationToken> {
    let end = CancellationToken::new();
    let told = end.clone();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.cancel();
    });
    Ok(end)
}
