//! The project's own commands: what a newcomer, an engineer and continuous integration type.
//! `cargo xtask demo` shows the system, `cargo xtask test` judges it, and both prepare the machine first.
//! It deliberately knows nothing about the product beyond the names of its binary and its folders.

mod workspace;

mod command;
mod npm;
mod packages;
mod prepare;

mod css;
mod site;
mod wasm;

mod bench;
mod demo;
mod schemathesis;
mod strain;

mod postgres;
mod report;
mod tally;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::prepare::Purpose;
use crate::workspace::Workspace;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check what building needs and install what is missing (Debian, Ubuntu)
    Prepare {
        /// Also what the tests need: PostgreSQL, a browser, Chinese fonts, Node
        #[arg(long)]
        for_test: bool,
    },
    /// Build the browser's half and publish it, hashed and compressed, into the target directory's `site`
    Wasm,
    /// Prepare, build and run the demonstration alliance
    Demo(demo::Options),
    /// Prepare, build and run every check and test; the last line is `N passed, N failed`
    Test {
        /// Run only the tests whose names contain this, and leave out formatting and lints
        filter: Option<String>,
        /// Where the journeys' screenshots go [default: `shots` in the target directory]
        #[arg(long, value_name = "DIR")]
        shots: Option<PathBuf>,
    },
    /// Build with optimisation and print the figures under load beside floor and goal
    Load(strain::Load),
    /// Build and try every fault; the seed is printed
    Faults(strain::Faults),
    /// Build and hold a demo server to its own OpenAPI document
    Schemathesis(schemathesis::Options),
    /// Build and run a measurement
    Bench {
        #[command(subcommand)]
        subject: bench::Subject,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::find()?;
    match cli.command {
        Task::Prepare { for_test: false } => prepare::prepare(&workspace, Purpose::Build)?,
        Task::Prepare { for_test: true } => prepare::prepare(&workspace, Purpose::Test)?,
        Task::Wasm => wasm::build(&workspace)?,
        Task::Demo(options) => demo::run(&workspace, &options)?,
        Task::Load(options) => strain::load(&workspace, &options)?,
        Task::Faults(options) => strain::faults(&workspace, &options)?,
        Task::Schemathesis(options) => schemathesis::run(&workspace, &options)?,
        Task::Bench { subject } => bench::run(&workspace, &subject)?,
        Task::Test { filter, shots } => return test::run(&workspace, filter.as_deref(), shots),
    }
    Ok(ExitCode::SUCCESS)
}
