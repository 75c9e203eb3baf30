//! `demo`: a fresh database with the made-up alliance, random passwords for its people, then `serve`.

mod running_week;

use super::{Demo as Flags, serving, sign_on};
use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::demo::{self, Demo, DemoRequest};
use crate::second_factors;
use crate::serve;
use crate::session;
use crate::store::requests::{RequestRecord, StoryRecord};
use crate::store::{Store, Tx, alliances, catalog, ledger, people, requests, rounds};
use anyhow::Context;
use domain::people::{Person, Role};
use domain::request::RequestState;
use domain::time::{MINUTES_PER_DAY, PeriodTable, Week};
use serde::Serialize;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

const ZONE: &str = "Asia/Shanghai";

/// One line of `demo-logins.json`.
#[derive(Serialize)]
struct Login {
    role: Role,
    name: String,
    organization: Option<String>,
    login: String,
    password: String,
}

pub fn demo(flags: Flags) -> anyhow::Result<ExitCode> {
    let listen = SocketAddr::from(([127, 0, 0, 1], flags.port));
    let config = Config {
        limits: flags.limits,
        sign_on: sign_on::settings(&flags.sign_on)?,
        receiver: serving::receiver(&flags.telling)?,
        ..serving::config(&flags.storage, listen, !flags.no_worker)?
    };
    if flags.storage.database_url.is_none() {
        remove_old(&config.data_dir)?;
    }
    serving::runtime()?.block_on(async {
        let store_config = serving::store_config(&config);
        Store::migrate(&store_config).await?;
        let store = Store::open(&store_config).await?;
        let (today, now_at_min) = clock::civil_now(ZONE);
        let demo = demo::alliance(Week::of(today), flags.seed);
        let logins = found(&store, &demo, now_at_min).await?;
        let app = App::new(store, config, serving::end_on_signal()?);
        second_factors::begin(&app).await?;
        running_week::publish(&app, &demo).await?;
        let path = app.config.data_dir.join("demo-logins.json");
        std::fs::write(&path, serde_json::to_string_pretty(&logins)?)?;
        print(&logins, &path);
        serve::serve(app).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A demo begins anew: only the files of the embedded database are taken away, with what was anchored of its log.
fn remove_old(data_dir: &Path) -> anyhow::Result<()> {
    for name in [
        "gongxun.sqlite",
        "gongxun.sqlite-wal",
        "gongxun.sqlite-shm",
        "audit-heads.log",
    ] {
        let path = data_dir.join(name);
        if path.exists() {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Fills an empty database in one commit.
async fn found(store: &Store, demo: &Demo, now_at_min: i64) -> anyhow::Result<Vec<Login>> {
    // Before the transaction: PostgreSQL ends one that stands still for seconds, which on a busy machine hashing takes.
    let passwords = passwords(&demo.people)?;
    let tx = store.write().await?;
    let record = alliances::AllianceRecord {
        id: demo.alliance.clone(),
        name: demo.name.clone(),
        zone: demo.zone.clone(),
        four_eyes: demo.four_eyes,
        // A demo is there to be tried out at once; its admin may ask for it.
        second_factor_required: false,
        key: None,
        periods: PeriodTable::usual(),
        catalog_version: 1,
        travel_default_min: demo.catalog.travel_default_min,
    };
    alliances::insert(&tx, &record).await?;
    catalog::replace(&tx, &demo.alliance, &demo.catalog).await?;
    for (person, (_, hash)) in demo.people.iter().zip(&passwords) {
        people::insert(&tx, &demo.alliance, person, hash, clock::now_ms()).await?;
    }
    for round in &demo.rounds {
        let mut round = round.clone();
        if round.week > demo.week_today {
            // The demo is tried at any hour: the cut-off always lies at least a day ahead.
            round.cut_off_min = round.cut_off_min.max(now_at_min + MINUTES_PER_DAY);
        }
        rounds::insert(&tx, &demo.alliance, &round).await?;
    }
    ask(&tx, demo, &demo.requests_now, running_week::asked_at_min(demo)).await?;
    ask(&tx, demo, &demo.requests, now_at_min).await?;
    for (week, lines) in &demo.ledger {
        ledger::put(&tx, &demo.alliance, *week, lines).await?;
    }
    tx.commit().await?;
    let logins = demo
        .people
        .iter()
        .zip(passwords)
        .map(|(person, (password, _))| login(demo, person, password));
    Ok(logins.collect())
}

/// Submits requests of the demo.
async fn ask(tx: &Tx, demo: &Demo, requests: &[DemoRequest], at_min: i64) -> anyhow::Result<()> {
    for request in requests {
        let record = RequestRecord {
            id: request.id.clone(),
            number: 0,
            round: request.round.clone(),
            organization: request.organization.clone(),
            state: RequestState::Submitted,
            version: 1,
            draft: request.draft.clone(),
            created_by: request.person.clone(),
            created_at_min: at_min,
            updated_at_min: at_min,
            note: None,
            granted_lessons: None,
            missing: None,
        };
        requests::insert(tx, &demo.alliance, &record).await?;
        let step = StoryRecord {
            state: RequestState::Submitted,
            at_min,
            by: request.person.clone(),
            note: String::new(),
        };
        requests::add_step(tx, &demo.alliance, &request.id, &step).await?;
    }
    Ok(())
}

/// A random password and its hash for everybody; two threads at a time, as hashing is heavy on purpose.
fn passwords(people: &[Person]) -> anyhow::Result<Vec<(String, String)>> {
    let make = |people: &[Person]| -> anyhow::Result<Vec<(String, String)>> {
        let one = |_: &Person| {
            let password = session::new_token()[..12].to_owned();
            let hash = session::hash_password(&password)?;
            Ok((password, hash))
        };
        people.iter().map(one).collect()
    };
    let (first, second) = people.split_at(people.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| make(second));
        let mut all = make(first)?;
        all.extend(other.join().map_err(|_| anyhow::anyhow!("hashing stopped"))??);
        Ok(all)
    })
}

fn login(demo: &Demo, person: &Person, password: String) -> Login {
    let organization = demo
        .catalog
        .organizations
        .iter()
        .find(|o| Some(&o.id) == person.organization.as_ref());
    Login {
        role: person.role,
        name: person.name.clone(),
        organization: organization.map(|o| o.name.clone()),
        login: person.login.clone(),
        password,
    }
}

fn print(logins: &[Login], path: &Path) {
    println!(
        "the demo asks nobody for a second factor; an alliance that is opened anew asks its coordinators and admins"
    );
    println!("demo logins ({} in all, in {}):", logins.len(), path.display());
    for login in logins
        .iter()
        .filter(|login| login.role != Role::Requester)
        .chain(logins.iter().filter(|l| l.role == Role::Requester))
    {
        let role: &str = login.role.into();
        let organization = login.organization.as_deref().unwrap_or("—");
        println!(
            "  {role:<18} {:<16} {:<14} {} · {organization}",
            login.login, login.password, login.name
        );
    }
}
