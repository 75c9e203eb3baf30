//! The commands of the one binary: flags, help, exit codes. Errors are one sentence with the remedy.

mod audit;
mod demo;
#[cfg(test)]
mod deployment;
mod drill;
mod keeping;
mod keys;
mod plan_files;
mod serving;
mod sign_on;
mod user;

use crate::config::{Limits, PASSWORD_DAYS};
use clap::{Args, Subcommand, ValueEnum};
use domain::password::Profile;
use ipnet::IpNet;
use sign_on::SignOnFlags;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use user::User;

#[derive(Subcommand)]
pub enum Command {
    /// Web, API and (unless --no-worker) a solver worker.
    #[command(after_help = "Example: gongxun serve --listen 127.0.0.1:8080 --data-dir /var/lib/gongxun")]
    Serve(Serve),
    /// Only claims and runs solver jobs, and delivers notices.
    #[command(after_help = "Example: gongxun worker --database-url postgres://gongxun@localhost/gongxun")]
    Worker(Worker),
    /// A fresh database with the demo alliance, then serve; prints the address and the logins.
    #[command(after_help = "Example: gongxun demo --port 8080")]
    Demo(Demo),
    /// Brings the database's schema to this program's version.
    #[command(after_help = "Example: gongxun migrate --data-dir /var/lib/gongxun")]
    Migrate(Storage),
    /// The audit log.
    #[command(after_help = "Example: gongxun audit verify --data-dir /var/lib/gongxun")]
    Audit(Audit),
    /// Whether every invariant holds: exit 0 when all do, else each thing that breaks one.
    #[command(after_help = "Example: gongxun verify --data-dir /var/lib/gongxun")]
    Verify(Verify),
    /// Writes everything into one file, while the server goes on; prints the ends of the audit logs, to be noted elsewhere.
    #[command(after_help = "Example: gongxun backup --data-dir /var/lib/gongxun /backup/gongxun-monday.backup")]
    Backup(Backup),
    /// Fills an empty database from a backup, of either kind of database, and verifies it.
    #[command(after_help = "Example: gongxun restore --data-dir /var/lib/gongxun-new /backup/gongxun-monday.backup")]
    Restore(Restore),
    /// Rehearses a restore in a scratch place: restores, verifies, boots, signs in, reads the last published week.
    #[command(after_help = "Example: gongxun drill /backup/gongxun-monday.backup")]
    Drill(Drill),
    /// The keys that secrets of the database are sealed with.
    #[command(after_help = "Example: gongxun keys rotate --data-dir /var/lib/gongxun")]
    Keys(Keys),
    /// People, from the command line.
    #[command(after_help = "Example: gongxun user bootstrap --alliance chuxiong --name 楚雄产教联盟")]
    User(User),
    /// Solves an instance file: exit 0 plan, 2 bad instance, 1 failure. From the first second on, the plan file holds the best
    /// checked plan so far.
    #[command(after_help = "Example: gongxun solve week.json -o plan.json --seconds 60")]
    Solve(Solve),
    /// The referee: exit 0 when every hard rule holds and every figure is right.
    #[command(after_help = "Example: gongxun check week.json plan.json")]
    Check(Check),
    /// Two plans of one instance side by side.
    #[command(after_help = "Example: gongxun compare week.json monday.json tuesday.json")]
    Compare(Compare),
    /// Writes a realistic instance to standard output.
    #[command(after_help = "Example: gongxun generate --size small --seed 1 > week.json")]
    Generate(Generate),
}

#[derive(Args)]
pub struct Storage {
    /// Where the embedded database and running solver jobs lie.
    #[arg(long, env = "GONGXUN_DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// `postgres://…` for several machines; the embedded database in the data directory otherwise.
    #[arg(long, env = "GONGXUN_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The keys that secrets are sealed with, the same on every machine; a file of the data directory otherwise.
    #[arg(long, env = "GONGXUN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The compiled site; beside the binary's own directory otherwise.
    #[arg(long, env = "GONGXUN_SITE_DIR")]
    pub site_dir: Option<PathBuf>,
    /// The program that solves; this one otherwise.
    #[arg(long, env = "GONGXUN_SOLVER")]
    pub solver: Option<PathBuf>,
}

/// Whom everything that happens is told.
#[derive(Args)]
pub struct Telling {
    /// Every change is told to this address by a signed POST; nothing goes out without it.
    #[arg(
        long,
        env = "GONGXUN_WEBHOOK_URL",
        value_name = "URL",
        requires = "webhook_secret_file"
    )]
    pub webhook_url: Option<String>,
    /// A file whose first line is the secret that the receiver checks signatures with.
    #[arg(long, env = "GONGXUN_WEBHOOK_SECRET_FILE", value_name = "FILE")]
    pub webhook_secret_file: Option<PathBuf>,
    /// Seconds that the receiver may take.
    #[arg(long, env = "GONGXUN_WEBHOOK_TIMEOUT", value_name = "S", default_value_t = 10)]
    pub webhook_timeout_s: u64,
    /// Milliseconds until the second try; every further one waits twice as long, up to an hour.
    #[arg(long, env = "GONGXUN_WEBHOOK_BACKOFF", value_name = "MS", default_value_t = 2000)]
    pub webhook_backoff_ms: i64,
    /// Tries until a notice is left to a coordinator.
    #[arg(long, env = "GONGXUN_WEBHOOK_TRIES", value_name = "N", default_value_t = 15)]
    pub webhook_tries_max: i64,
}

#[derive(Args)]
pub struct Serve {
    #[arg(long, env = "GONGXUN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub storage: Storage,
    /// Leave solver runs to `gongxun worker`.
    #[arg(long)]
    pub no_worker: bool,
    /// Cookies for HTTPS only; behind TLS.
    #[arg(long, env = "GONGXUN_SECURE_COOKIES")]
    pub secure_cookies: bool,
    /// With secure cookies: days for which browsers are told to come by TLS alone (HSTS); 0 tells nothing.
    #[arg(long, env = "GONGXUN_HSTS_DAYS", default_value_t = 365)]
    pub hsts_days: u32,
    /// Networks of proxies whose X-Forwarded-For is believed, e.g. 10.0.0.0/8; nobody's otherwise.
    #[arg(long, env = "GONGXUN_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// By whose rules new passwords are judged: OWASP ASVS 5 level 2, or 等保 2.0 level 3.
    #[arg(long, env = "GONGXUN_PASSWORD_PROFILE", value_enum, default_value_t = ProfileFlag::Asvs)]
    pub password_profile: ProfileFlag,
    /// Under 等保 2.0: days after which a password has to be another one; 0 never.
    #[arg(long, env = "GONGXUN_PASSWORD_DAYS", default_value_t = PASSWORD_DAYS)]
    pub password_days: u32,
    #[command(flatten)]
    pub sign_on: SignOnFlags,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Args)]
pub struct Worker {
    #[command(flatten)]
    pub storage: Storage,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ProfileFlag {
    Asvs,
    Dengbao,
}

impl From<ProfileFlag> for Profile {
    fn from(flag: ProfileFlag) -> Self {
        match flag {
            ProfileFlag::Asvs => Profile::Asvs,
            ProfileFlag::Dengbao => Profile::Dengbao,
        }
    }
}

#[derive(Args)]
pub struct Demo {
    /// 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    #[command(flatten)]
    pub storage: Storage,
    /// Leave solver runs to `gongxun worker`.
    #[arg(long)]
    pub no_worker: bool,
    /// Another seed makes other requests.
    #[arg(long, default_value_t = crate::demo::SEED_DEFAULT)]
    pub seed: u64,
    #[command(flatten)]
    pub sign_on: SignOnFlags,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Args)]
pub struct Keys {
    #[command(subcommand)]
    pub command: KeysCommand,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Makes a new key and seals everything anew with it, while the servers go on; prints its name. It makes the file, too.
    #[command(after_help = "Example: gongxun keys rotate --key-file /etc/gongxun/keys")]
    Rotate(Storage),
}

#[derive(Args)]
pub struct Audit {
    #[command(subcommand)]
    pub command: AuditCommand,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Whether every entry is there as it was written: exit 0 when the log is whole.
    #[command(after_help = "Example: gongxun audit verify --data-dir /var/lib/gongxun --json")]
    Verify(Verify),
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    pub storage: Storage,
    /// An end of the log that was noted elsewhere: `alliance number sha256`, as this command prints it.
    #[arg(long)]
    pub noted: Vec<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    pub storage: Storage,
    /// The file to write.
    pub file: PathBuf,
}

#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    pub storage: Storage,
    pub file: PathBuf,
    /// An end of the log that was noted elsewhere: a backup that ends before it is refused.
    #[arg(long)]
    pub noted: Vec<String>,
    /// Restore although later changes were acknowledged once; they are lost, and the anchor of the log begins anew.
    #[arg(long)]
    pub older: bool,
}

#[derive(Args)]
pub struct Drill {
    #[command(flatten)]
    pub storage: Storage,
    /// A backup; a fresh one of the database otherwise.
    pub file: Option<PathBuf>,
    /// An empty database to restore into; an embedded one in the system's temporary directory otherwise.
    #[arg(long, hide_env_values = true, env = "GONGXUN_SCRATCH_URL")]
    pub scratch_url: Option<String>,
}

#[derive(Args)]
pub struct Solve {
    pub instance: PathBuf,
    /// Standard output otherwise.
    #[arg(short = 'o', long)]
    pub output: Option<PathBuf>,
    /// The instance's own budget otherwise.
    #[arg(long)]
    pub seconds: Option<f64>,
    /// Work in nodes of a search tree, in place of seconds: the same plan on every machine.
    #[arg(long, conflicts_with = "seconds")]
    pub nodes: Option<u64>,
    #[arg(long)]
    pub threads: Option<u32>,
    #[arg(long)]
    pub seed: Option<i64>,
    #[arg(long, value_enum, default_value_t = MethodFlag::Optimal)]
    pub method: MethodFlag,
    /// How progress is told on standard error.
    #[arg(long, value_enum, default_value_t = ProgressFlag::Text)]
    pub progress: ProgressFlag,
    /// Stop with the best plan so far when standard input ends.
    #[arg(long)]
    pub stop_on_end_of_input: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum MethodFlag {
    Optimal,
    Greedy,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum ProgressFlag {
    Text,
    Json,
    None,
}

#[derive(Args)]
pub struct Check {
    pub instance: PathBuf,
    pub plan: PathBuf,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Compare {
    pub instance: PathBuf,
    pub before: PathBuf,
    pub after: PathBuf,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Generate {
    #[arg(long, value_enum)]
    pub size: SizeFlag,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SizeFlag {
    Small,
    Town,
    City,
    Province,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(flags) => serving::serve(flags),
        Command::Worker(storage) => serving::work(storage),
        Command::Demo(flags) => demo::demo(flags),
        Command::Migrate(storage) => serving::migrate(storage),
        Command::Audit(flags) => audit::audit(flags),
        Command::Verify(flags) => keeping::verify(flags),
        Command::Backup(flags) => keeping::backup(flags),
        Command::Restore(flags) => keeping::restore(flags),
        Command::Drill(flags) => drill::drill(flags),
        Command::Keys(flags) => keys::keys(flags),
        Command::User(flags) => user::user(flags),
        Command::Solve(flags) => plan_files::solve(flags),
        Command::Check(flags) => plan_files::check(flags),
        Command::Compare(flags) => plan_files::compare(flags),
        Command::Generate(flags) => plan_files::generate(flags),
    }
}
