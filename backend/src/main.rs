//! The binary `gongxun`: reads flags and environment, then hands over.

use backend::commands::{self, Command};
use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Shared training bases: requests, fair timetables, the public ledger.
#[derive(Parser)]
#[command(name = "gongxun", version, after_help = "Example: gongxun demo --port 8080")]
struct Flags {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    commands::run(flags.command).unwrap_or_else(|error| {
        eprintln!("gongxun: {error:#}");
        ExitCode::FAILURE
    })
}
