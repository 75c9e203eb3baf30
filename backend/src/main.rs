//! The binary `gongxun`: reads flags and environment, begins the log, then hands over.

use anyhow::Context;
use backend::commands::{self, Command};
use backend::own_files;
use clap::Parser;
use clap::value_parser;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// 等保 2.0 and the Cybersecurity Law ask for six months.
const LOG_DAYS_MIN: i64 = 184;

/// Shared training bases: requests, fair timetables, the public ledger.
#[derive(Parser)]
#[command(name = "gongxun", version, after_help = "Example: gongxun demo --port 8080")]
struct Flags {
    /// A file of log a day goes here; to standard error otherwise.
    #[arg(long, env = "GONGXUN_LOG_DIR", value_name = "DIR", global = true)]
    log_dir: Option<PathBuf>,
    /// Days of log that are kept.
    #[arg(long, env = "GONGXUN_LOG_DAYS", value_name = "N", global = true, default_value_t = LOG_DAYS_MIN,
        value_parser = value_parser!(i64).range(LOG_DAYS_MIN..))]
    log_days: i64,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    own_files::only_for_the_owner();
    let flags = Flags::parse();
    let ended = log(flags.log_dir.as_deref(), flags.log_days).and_then(|()| commands::run(flags.command));
    ended.unwrap_or_else(|error| {
        eprintln!("gongxun: {error:#}");
        ExitCode::FAILURE
    })
}

fn log(dir: Option<&Path>, days: i64) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    let Some(dir) = dir else {
        // Colors are for a terminal: a journal and a container's log would keep their codes.
        let is_seen = std::io::stderr().is_terminal();
        log.with_ansi(is_seen).with_writer(std::io::stderr).init();
        return Ok(());
    };
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("gongxun")
        .filename_suffix("log")
        // So many days that are over, and today's.
        .max_log_files(usize::try_from(days)? + 1)
        .build(dir)
        .with_context(|| format!("no log can be written to {}", dir.display()))?;
    log.with_ansi(false).with_writer(files).init();
    Ok(())
}
