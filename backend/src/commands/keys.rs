//! `keys rotate`: another key for the secrets of the database, from the command line.

use super::serving;
use super::{Keys, KeysCommand, Storage};
use crate::app::App;
use crate::second_factors;
use crate::store::Store;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

pub fn keys(flags: Keys) -> anyhow::Result<ExitCode> {
    match flags.command {
        KeysCommand::Rotate(storage) => rotate(&storage),
    }
}

fn rotate(storage: &Storage) -> anyhow::Result<ExitCode> {
    let config = serving::config(storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let path = config.key_file.clone();
    let id = serving::runtime()?.block_on(async {
        let store_config = serving::store_config(&config);
        if storage.database_url.is_none() {
            Store::migrate(&store_config).await?;
        }
        let store = Store::open(&store_config).await?;
        second_factors::rotate(&App::new(store, config, CancellationToken::new())).await
    })?;
    println!("{id}");
    eprintln!(
        "{} holds it: keep a copy apart from the backups, and give it to every machine",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}
