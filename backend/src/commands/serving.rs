//! `serve`, `worker`, `migrate`: the long-running commands and the one that prepares them.

use super::{Serve, Storage};
use crate::app::App;
use crate::config::Config;
use crate::jobs;
use crate::serve;
use crate::store::{Store, StoreConfig};
use anyhow::Context;
use domain::password::Profile;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

pub fn serve(flags: Serve) -> anyhow::Result<ExitCode> {
    let config = Config {
        secure_cookies: flags.secure_cookies,
        hsts_days: flags.hsts_days,
        trusted_proxies: flags.trusted_proxies,
        password_profile: flags.password_profile.into(),
        ..config(&flags.storage, flags.listen, !flags.no_worker)?
    };
    runtime()?.block_on(async {
        let embedded = flags.storage.database_url.is_none();
        if embedded {
            // The embedded database belongs to this program: it follows the program's version by itself.
            Store::migrate(&store_config(&config)).await?;
        }
        let store = Store::open(&store_config(&config)).await?;
        serve::serve(App::new(store, config), end_on_signal()?).await
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn work(storage: Storage) -> anyhow::Result<ExitCode> {
    let config = config(&storage, SocketAddr::from(([127, 0, 0, 1], 0)), true)?;
    runtime()?.block_on(async {
        let store = Store::open(&store_config(&config)).await?;
        jobs::work(App::new(store, config), end_on_signal()?).await;
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
        data_dir,
        site_dir: storage.site_dir.clone().unwrap_or_else(Config::site_beside_binary),
        solver: storage.solver.clone(),
        worker,
        secure_cookies: false,
        hsts_days: 0,
        trusted_proxies: Vec::new(),
        password_profile: Profile::default(),
    })
}

pub fn store_config(config: &Config) -> StoreConfig {
    StoreConfig::new(&config.database_url)
}

pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
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
