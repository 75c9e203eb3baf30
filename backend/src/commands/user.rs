//! People from the command line: the first one of an alliance comes in by a link that is good once; whoever asks what is
//! kept about them gets a file; whoever is to be forgotten is erased.

use super::{Storage, serving};
use crate::changes::own_deed;
use crate::clock;
use crate::config::Config;
use crate::invitations;
use crate::personal;
use crate::store::alliances::{self, AllianceRecord};
use crate::store::{Change, Fact, Store, StoreError, second_factors, sessions};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use domain::event::Event;
use domain::id::{AllianceId, PersonId};
use domain::people::Role;
use domain::time::PeriodTable;
use frontend::paths;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A day: long enough to walk to a browser, short enough to be forgotten.
const LASTS_MS: i64 = 24 * 3600 * 1000;

#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    pub command: UserCommand,
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// Prints a path that makes whoever opens it first a system admin; founds the alliance when it is not there yet.
    #[command(after_help = "Example: gongxun user bootstrap --alliance chuxiong --name 楚雄产教联盟")]
    Bootstrap(Bootstrap),
    /// Writes everything that is kept about a person into one JSON file, without secrets.
    #[command(after_help = "Example: gongxun user export --alliance chuxiong wang.jishi --output wang.json")]
    Export(Export),
    /// Takes name, login, phone and everything else that says who it was out of the database, for good.
    #[command(after_help = "Example: gongxun user erase --alliance chuxiong wang.jishi --yes")]
    Erase(Erase),
    /// Takes away the second factor of somebody who has neither the phone nor a recovery code, and ends their sessions.
    #[command(after_help = "Example: gongxun user forget-second-factor --alliance chuxiong --login li.xuemei")]
    ForgetSecondFactor(ForgetSecondFactor),
}

#[derive(Args)]
pub struct ForgetSecondFactor {
    #[command(flatten)]
    pub storage: Storage,
    #[arg(long)]
    pub alliance: String,
    #[arg(long)]
    pub login: String,
}

#[derive(Args)]
pub struct Bootstrap {
    #[command(flatten)]
    pub storage: Storage,
    /// Its short name, which stays.
    #[arg(long)]
    pub alliance: String,
    /// What people read, when it is founded.
    #[arg(long, default_value = "产教联盟")]
    pub name: String,
    /// IANA name of the civil time it lives in.
    #[arg(long, default_value = "Asia/Shanghai")]
    pub zone: String,
    /// Found it although there is another alliance. Visitors see the first one, and passwords open the first one.
    #[arg(long)]
    pub beside_others: bool,
}

#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    pub storage: Storage,
    /// The alliance's short name.
    #[arg(long)]
    pub alliance: String,
    /// The person's login or id.
    pub person: String,
    /// Standard output otherwise.
    #[arg(short = 'o', long)]
    pub output: Option<PathBuf>,
}

#[derive(Args)]
pub struct Erase {
    #[command(flatten)]
    pub storage: Storage,
    /// The alliance's short name.
    #[arg(long)]
    pub alliance: String,
    /// The person's login or id.
    pub person: String,
    /// There is no way back, and it has been thought about.
    #[arg(long)]
    pub yes: bool,
}

pub fn user(flags: User) -> anyhow::Result<ExitCode> {
    match flags.command {
        UserCommand::Bootstrap(flags) => bootstrap(flags),
        UserCommand::Export(flags) => export(&flags),
        UserCommand::Erase(flags) => erase(&flags),
        UserCommand::ForgetSecondFactor(flags) => forget_second_factor(&flags),
    }
}

fn bootstrap(flags: Bootstrap) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let alliance = short_name(flags.alliance)?;
    let wanted = AllianceRecord {
        id: alliance,
        name: flags.name,
        zone: flags.zone,
        four_eyes: true,
        second_factor_required: true,
        key: None,
        periods: PeriodTable::usual(),
        catalog_version: 1,
        travel_default_min: 30,
    };
    let (invitation, token) = invitations::made(Role::SystemAdmin, None, None, LASTS_MS);
    serving::runtime()?.block_on(async {
        let store_config = serving::store_config(&config);
        Store::migrate(&store_config).await?;
        let store = Store::open(&store_config).await?;
        let change = store.work().await?;
        let refused = |problem: crate::problem::Problem| StoreError::Broken(problem.hint);
        let alliance = invitations::founded(&change, &wanted, flags.beside_others)
            .await
            .map_err(refused)?;
        let at_min = clock::civil_now(&wanted.zone).1;
        let deed = own_deed(&alliance, at_min, Event::PersonInvited, invitation.id.to_string());
        invitations::add(&change, deed, &invitation).await.map_err(refused)?;
        let committed = change.done(()).commit().await?;
        crate::audit::Anchor::in_dir(&config.data_dir).note(&committed.heads);
        anyhow::Ok(())
    })?;
    println!("{}", paths::join(&token));
    eprintln!("open this path on the server within a day: whoever does first becomes its system admin");
    Ok(ExitCode::SUCCESS)
}

fn short_name(text: String) -> anyhow::Result<AllianceId> {
    AllianceId::try_from(text).context("--alliance takes a short name without white space")
}

fn opened(storage: &Storage) -> anyhow::Result<Config> {
    serving::config(storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)
}

/// What a command does to a person: in one commit with its entry in the audit log.
struct Work {
    store: Store,
    change: Change,
    alliance: AllianceId,
    now_at_min: i64,
}

impl Work {
    async fn begin(config: &Config, alliance: String) -> anyhow::Result<Self> {
        let alliance = short_name(alliance)?;
        let store = Store::open(&serving::store_config(config)).await?;
        let change = store.work().await?;
        let zone = alliances::get(&change, &alliance).await;
        let zone = zone.with_context(|| format!("there is no alliance {alliance}"))?.zone;
        Ok(Self {
            store,
            change,
            alliance,
            now_at_min: clock::civil_now(&zone).1,
        })
    }

    async fn person(&self, named: &str) -> anyhow::Result<domain::people::Person> {
        let person = personal::named(&self.change, &self.alliance, named).await;
        person.with_context(|| format!("nobody in {} has the login or the id {named}", self.alliance))
    }

    /// Facts that are added belong to it.
    fn tell(&self, event: Event, person: &PersonId) {
        let done = own_deed(&self.alliance, self.now_at_min, event, person.to_string());
        self.change.deed(done);
    }

    async fn end(self, config: &Config) -> anyhow::Result<Store> {
        let committed = self.change.done(()).commit().await?;
        crate::audit::Anchor::in_dir(&config.data_dir).note(&committed.heads);
        Ok(self.store)
    }
}

fn export(flags: &Export) -> anyhow::Result<ExitCode> {
    let config = opened(&flags.storage)?;
    let text = serving::runtime()?.block_on(async {
        let work = Work::begin(&config, flags.alliance.clone()).await?;
        let person = work.person(&flags.person).await?;
        let export = personal::exported(&work.change, &work.alliance, &person, work.now_at_min).await?;
        work.tell(Event::PersonExported, &person.id);
        work.end(&config).await?;
        anyhow::Ok(serde_json::to_string_pretty(&export)?)
    })?;
    match &flags.output {
        Some(file) => std::fs::write(file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?,
        None => println!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn erase(flags: &Erase) -> anyhow::Result<ExitCode> {
    ensure!(
        flags.yes,
        "an erased person cannot be brought back: say --yes when that has been thought about"
    );
    let config = opened(&flags.storage)?;
    let number = serving::runtime()?.block_on(async {
        let work = Work::begin(&config, flags.alliance.clone()).await?;
        let person = work.person(&flags.person).await?;
        work.tell(Event::PersonErased, &person.id);
        let number = personal::erased(&work.change, &work.alliance, &person, work.now_at_min).await;
        let number = number.with_context(|| format!("{} cannot be erased: was it before?", flags.person))?;
        work.change.fact("number", Fact::from(number));
        let store = work.end(&config).await?;
        let swept = store.sweep().await;
        swept.context("the person is erased, but its bytes are still in the database's file: `gongxun serve` takes them out when it starts")?;
        anyhow::Ok(number)
    })?;
    eprintln!(
        "erased; what the person did is told of \"{}\"",
        crate::store::erasures::placeholder(number)
    );
    eprintln!("backups that were taken before hold the person until they are deleted");
    Ok(ExitCode::SUCCESS)
}

/// Whoever runs it knows the person: nothing else proves who asks.
fn forget_second_factor(flags: &ForgetSecondFactor) -> anyhow::Result<ExitCode> {
    let config = opened(&flags.storage)?;
    serving::runtime()?.block_on(async {
        let work = Work::begin(&config, flags.alliance.clone()).await?;
        let person = work.person(&flags.login).await?.id;
        second_factors::delete(&work.change, &work.alliance, &person).await?;
        sessions::delete_of(&work.change, &work.alliance, &person).await?;
        work.tell(Event::SecondFactorForgotten, &person);
        work.end(&config).await
    })?;
    eprintln!(
        "the password alone opens this login now; where a second factor is needed, the next one is asked for at once"
    );
    Ok(ExitCode::SUCCESS)
}
