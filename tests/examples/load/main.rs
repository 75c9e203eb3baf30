//! The figures of the product under load, beside what they must be and what they should be. One server after another on
//! the loopback address, each bounded in time; `cargo xtask load` builds it all with optimisation and runs this.
//!
//! Client and server share the machine's cores, so the figures are what such a machine does with both.

mod figures;
mod flood;
mod imports;
mod manifold;
mod table;

use anyhow::{Result, ensure};
use clap::Parser;
use std::time::Duration;
use tests::databases::OwnServer;

/// Measures and prints a table in Markdown.
#[derive(Parser)]
struct Options {
    /// Seconds of each flood
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Rounds of 64 hands that want one thing
    #[arg(long, default_value_t = 1000)]
    rounds: usize,
    /// Leave PostgreSQL out
    #[arg(long)]
    sqlite_only: bool,
    /// Let every floor pass: a program that was built without optimisation says nothing of them
    #[arg(long)]
    print_only: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run(&options))
}

async fn run(options: &Options) -> Result<()> {
    let long = Duration::from_secs(options.seconds);
    let mut table = table::Table::default();
    table.note(format!(
        "syncs of this machine's disk: {:.0}/s",
        figures::syncs_per_second()?
    ));
    figures::on_sqlite(&mut table, long, options.rounds).await?;
    if !options.sqlite_only {
        let mut postgres = OwnServer::durable()?;
        let url = postgres.database("load").await?;
        figures::on_postgres(&mut table, long, &url, &mut postgres).await?;
    }
    table.print();
    let missed = table.missed.join("; ");
    ensure!(missed.is_empty() || options.print_only, "below the floor: {missed}");
    Ok(())
}
