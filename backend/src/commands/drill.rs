//! `drill`: whether a backup is worth anything. It is restored into a scratch place, verified and booted; somebody comes
//! in by a one-time link and reads the last published week. Nothing of it touches the database that it came from.

use super::keeping;
use super::{Drill, serving};
use crate::audit::Anchor;
use crate::backup;
use crate::clock::{self, Stopwatch};
use crate::config::Config;
use crate::session;
use crate::store::{Store, StoreConfig, invariants};
use crate::totp;
use anyhow::{Context, bail, ensure};
use domain::access::Bar;
use domain::api::{
    AcceptInvitation, Call, ConfirmSecondFactor, ReadTimetable, SecondFactorSecret, SessionView, StartSecondFactor,
    TimetableView,
};
use domain::id::AllianceId;
use domain::password::Password;
use domain::time::Week;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};

pub fn drill(flags: Drill) -> anyhow::Result<ExitCode> {
    let watch = Stopwatch::start();
    let scratch = Scratch::new(&flags)?;
    let done = serving::runtime()?.block_on(rehearse(&flags, &scratch));
    match &done {
        Ok(()) => println!("the drill went well, in {:.1} s", watch.seconds()),
        Err(_) => println!("the drill FAILED after {:.1} s", watch.seconds()),
    }
    done.map(|()| ExitCode::SUCCESS)
}

/// Where a backup is tried out; the directory goes afterwards.
struct Scratch {
    dir: PathBuf,
    config: StoreConfig,
    /// Those of the database that the backup came from, where they are here; they are not in it.
    key_file: PathBuf,
    site_dir: Option<PathBuf>,
}

impl Scratch {
    fn new(flags: &Drill) -> anyhow::Result<Self> {
        let dir = std::env::temp_dir().join(format!("gongxun-drill-{}", clock::new_id()));
        std::fs::create_dir(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let embedded = Config::sqlite_url(&dir);
        let url = flags.scratch_url.clone().unwrap_or(embedded);
        let beside = Config::keys_in(&flags.storage.data_dir);
        let known = flags.storage.key_file.clone().unwrap_or(beside);
        Ok(Self {
            key_file: if known.exists() { known } else { Config::keys_in(&dir) },
            dir,
            config: StoreConfig::new(url),
            site_dir: flags.storage.site_dir.clone(),
        })
    }

    /// This very program with a command, on the scratch place, and told nothing else: what this process was told is meant for
    /// the database that the backup came from, its receiver of notices first of all. By the environment, because a list of
    /// processes shows everybody the arguments, and an address may hold a password.
    fn command(&self, words: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        for setting in settings() {
            command.env_remove(setting);
        }
        command
            .args(words)
            .env("GONGXUN_DATA_DIR", &self.dir)
            .env("GONGXUN_DATABASE_URL", &self.config.url)
            .env("GONGXUN_KEY_FILE", &self.key_file);
        if let Some(site_dir) = &self.site_dir {
            command.env("GONGXUN_SITE_DIR", site_dir);
        }
        Ok(command)
    }
}

/// The names of all settings that this process was told by its environment.
fn settings() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names
        .filter(|name| name.as_encoded_bytes().starts_with(b"GONGXUN_"))
        .collect()
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.dir) {
            eprintln!("{} stays: {error}", self.dir.display());
        }
    }
}

async fn rehearse(flags: &Drill, scratch: &Scratch) -> anyhow::Result<()> {
    let file = match &flags.file {
        Some(file) => file.clone(),
        None => fresh(flags, scratch).await?,
    };
    let about = keeping::checked(&file)?;
    let (rows, _) = backup::restore(&file, &scratch.config).await?;
    println!("restored {rows} rows");
    Anchor::in_dir(&scratch.dir).note(&about.heads());
    without_keys(scratch)?;
    let verdicts = keeping::judged(&scratch.config, &about.heads(), &scratch.key_file).await?;
    keeping::say(&verdicts);
    ensure!(keeping::hold(&verdicts), "an invariant is broken");
    let Some((alliance, week, version)) = last_week(&scratch.config).await? else {
        bail!("nothing was ever published: there is no week to read");
    };
    let server = Booted::start(scratch)?;
    println!("booted at {}", server.url);
    let read = read_week(scratch, &server.url, &alliance, week).await?;
    ensure!(
        read.published_version == version && !read.sittings.is_empty(),
        "the week of {} is not what was published",
        week.monday()
    );
    println!("read the week of {}: version {version}", week.monday());
    Ok(())
}

/// Where the keys are not at hand it goes on with new ones: secrets that the old ones sealed stay shut.
fn without_keys(scratch: &Scratch) -> anyhow::Result<()> {
    if scratch.key_file.exists() {
        return Ok(());
    }
    let made = scratch.command(&["keys", "rotate"])?.output()?;
    ensure!(
        made.status.success(),
        "no keys: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    println!("the keys are not here: second factors stay shut");
    Ok(())
}

/// A backup of the database that the flags name.
async fn fresh(flags: &Drill, scratch: &Scratch) -> anyhow::Result<PathBuf> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let store = Store::open(&serving::store_config(&config)).await?;
    let file = scratch.dir.join("drill.backup");
    backup::take(&store.reader(), &file, clock::now_ms()).await?;
    store.close().await?;
    Ok(file)
}

async fn last_week(config: &StoreConfig) -> anyhow::Result<Option<(AllianceId, Week, i64)>> {
    let store = Store::open(config).await?;
    let tx = store.read().await?;
    let mut last = None;
    for alliance in crate::store::alliances::list(&tx).await? {
        for row in invariants::snapshots(&tx, &alliance.id).await? {
            let week = Week::try_from(row.week.parse::<chrono::NaiveDate>()?)?;
            last = last.max(Some((week, row.version, alliance.id.clone())));
        }
    }
    drop(tx);
    store.close().await?;
    Ok(last.map(|(week, version, alliance)| (alliance, week, version)))
}

/// Comes in by a one-time link, and reads.
async fn read_week(scratch: &Scratch, url: &str, alliance: &AllianceId, week: Week) -> anyhow::Result<TimetableView> {
    let invited = scratch
        .command(&["user", "bootstrap", "--alliance", alliance.as_str()])?
        .output()?;
    ensure!(
        invited.status.success(),
        "no link: {}",
        String::from_utf8_lossy(&invited.stderr)
    );
    let path = String::from_utf8(invited.stdout)?;
    let token = path.trim().rsplit('/').next().unwrap_or_default().to_owned();
    crate::tls::install();
    let client = reqwest::Client::builder().cookie_store(true).no_proxy().build()?;
    let join = AcceptInvitation {
        token: Password(token),
        login: "drill".into(),
        name: "drill".into(),
        // Random, of three kinds of characters, and nobody needs it again.
        password: Password(format!("Aa1-{}", session::new_token())),
        identity: None,
    };
    let joined = client
        .post(format!("{url}{}", AcceptInvitation::PATH))
        .json(&join)
        .send()
        .await?;
    let person: SessionView = joined.error_for_status()?.json().await?;
    println!("signed in as {}", person.name);
    if person.bar == Some(Bar::SecondFactor) {
        enrol(&client, url, &join.password).await?;
    }
    let call = ReadTimetable {
        week: Some(week),
        by: domain::api::TimetableBy::Room,
        id: None,
    };
    let mut read: TimetableView = reply(&client, url, &call).await?;
    // The first room may be empty: some room of the week is not.
    for room in read.choices.clone() {
        if !read.sittings.is_empty() {
            break;
        }
        let id = Some(room.id);
        read = reply(&client, url, &ReadTimetable { id, ..call.clone() }).await?;
    }
    Ok(read)
}

/// A second factor, where the alliance asks its admins for one.
async fn enrol(client: &reqwest::Client, url: &str, password: &Password) -> anyhow::Result<()> {
    let start = StartSecondFactor {
        password: password.clone(),
    };
    let started = client.post(format!("{url}{}", StartSecondFactor::PATH)).json(&start);
    let told: SecondFactorSecret = started.send().await?.error_for_status()?.json().await?;
    let secret = totp::from_base32(&told.secret).context("the secret is no base32")?;
    let code = totp::code(&secret, clock::now_ms());
    let confirm = client.post(format!("{url}{}", ConfirmSecondFactor::PATH));
    confirm
        .json(&ConfirmSecondFactor { code })
        .send()
        .await?
        .error_for_status()?;
    println!("turned on a second factor");
    Ok(())
}

async fn reply(client: &reqwest::Client, url: &str, call: &ReadTimetable) -> anyhow::Result<TimetableView> {
    let sent = client
        .get(format!("{url}{}", ReadTimetable::PATH))
        .query(call)
        .send()
        .await?;
    Ok(sent.error_for_status()?.json().await?)
}

/// A server on the scratch place; it ends with this.
struct Booted {
    child: Child,
    url: String,
}

impl Booted {
    fn start(scratch: &Scratch) -> anyhow::Result<Self> {
        let mut command = scratch.command(&["serve", "--listen", "127.0.0.1:0", "--no-worker"])?;
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut booted = Self {
            child,
            url: String::new(),
        };
        for line in &mut lines {
            if let Some(url) = line?.strip_prefix("listening on ") {
                booted.url = url.to_owned();
                return Ok(booted);
            }
        }
        bail!("the server ended before it listened")
    }
}

impl Drop for Booted {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
