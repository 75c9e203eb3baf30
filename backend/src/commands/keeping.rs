//! `verify`, `backup`, `restore`: what keeps the data, from the command line. The rehearsal of all three is `drill`.

use super::audit::head;
use super::serving;
use super::{Backup, Restore, Verify};
use crate::audit::Anchor;
use crate::backup::{self, About};
use crate::clock;
use crate::keys::Keys;
use crate::store::audit::Head;
use crate::store::{Store, StoreConfig};
use crate::verify::{self, Verdict};
use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

pub fn verify(flags: Verify) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let mut heads = Anchor::in_dir(&config.data_dir).read()?;
    for noted in &flags.noted {
        heads.push(head(noted)?);
    }
    let verdicts = serving::runtime()?.block_on(judged(&serving::store_config(&config), &heads, &config.key_file))?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&verdicts)?);
    } else {
        say(&verdicts);
    }
    Ok(match hold(&verdicts) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Every invariant of a database.
pub async fn judged(config: &StoreConfig, heads: &[Head], key_file: &Path) -> anyhow::Result<Vec<Verdict>> {
    let store = Store::open(config).await?;
    let verdicts = verify::verify(&store.reader(), heads, &Keys::in_file(key_file)).await?;
    store.close().await?;
    Ok(verdicts)
}

pub fn hold(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| verdict.broken.is_empty())
}

/// One line an invariant, and one for everything that breaks it.
pub fn say(verdicts: &[Verdict]) {
    let mut alliance = None;
    for verdict in verdicts {
        if alliance.replace(&verdict.alliance) != Some(&verdict.alliance) {
            println!("{}", verdict.alliance);
        }
        let state = if verdict.broken.is_empty() { "holds" } else { "BROKEN" };
        println!(
            "  {:<4} {state:<7} {} ({} looked at)",
            verdict.invariant, verdict.promise, verdict.looked_at
        );
        verdict.broken.iter().for_each(|why| println!("       {why}"));
    }
    println!("  I8   not seen in a database: who sees what is held by the tests of access");
}

pub fn backup(flags: Backup) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let (about, rows) = serving::runtime()?.block_on(async {
        let store = Store::open(&serving::store_config(&config)).await?;
        let taken = backup::take(&store.reader(), &flags.file, clock::now_ms()).await?;
        store.close().await?;
        anyhow::Ok(taken)
    })?;
    eprintln!("{rows} rows are in {}", flags.file.display());
    // To be noted elsewhere: `restore --noted` and `verify --noted` take it.
    about
        .heads
        .iter()
        .for_each(|end| println!("{} {} {}", end.alliance, end.seq, end.sha256));
    Ok(ExitCode::SUCCESS)
}

pub fn restore(flags: Restore) -> anyhow::Result<ExitCode> {
    // Before anything is made for it.
    let about = backup::check(&flags.file)?;
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let anchor = Anchor::in_dir(&config.data_dir);
    let mut heads = anchor.read()?;
    for noted in &flags.noted {
        heads.push(head(noted)?);
    }
    if let Some(newer) = newer(&about, &heads).filter(|_| !flags.older) {
        bail!(
            "entry {} of {} was acknowledged once, and this backup ends before it: take a newer one, or say --older to lose what came after",
            newer.seq,
            newer.alliance
        );
    }
    let verdicts = serving::runtime()?.block_on(async {
        let store_config = serving::store_config(&config);
        let (rows, shut) = backup::restore(&flags.file, &store_config).await?;
        eprintln!("{rows} rows are restored");
        eprintln!(
            "{} sessions of the backup are ended and {} open invitations taken back: everybody signs in anew",
            shut.sessions, shut.invitations
        );
        if flags.older {
            anchor.begin_anew(&about.heads(), clock::now_ms())?;
        } else {
            anchor.note(&about.heads());
        }
        let noted = if flags.older { anchor.read()? } else { heads };
        judged(&store_config, &noted, &config.key_file).await
    })?;
    say(&verdicts);
    Ok(match hold(&verdicts) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The latest end that was noted outside and that the backup has not reached.
fn newer<'a>(about: &About, heads: &'a [Head]) -> Option<&'a Head> {
    let reached = |head: &Head| {
        about
            .heads
            .iter()
            .any(|end| end.alliance == head.alliance && end.seq >= head.seq)
    };
    heads.iter().filter(|head| !reached(head)).max_by_key(|head| head.seq)
}

/// A backup's file with what it says of itself, for `drill`.
pub fn checked(file: &Path) -> anyhow::Result<About> {
    backup::check(file).with_context(|| format!("{} cannot be restored", file.display()))
}
