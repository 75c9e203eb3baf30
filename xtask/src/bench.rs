//! Measures. What is measured, and how, is each crate's own business; this only builds it and lets it speak.

use anyhow::Result;
use clap::Subcommand;

use crate::command::{self, say};
use crate::workspace::Workspace;

#[derive(Subcommand)]
pub enum Subject {
    /// The solver on generated weeks: a table in Markdown, as kept in solver/BENCH.md
    ///
    /// Example: cargo xtask bench solver --size city --seeds 5
    Solver {
        /// small, town, city or province; may be given several times [default: all of them]
        #[arg(long)]
        size: Vec<String>,
        /// Seeds 1 to N of each size
        #[arg(long, value_name = "N", default_value_t = 5)]
        seeds: u64,
        /// Budget of each week [default: the goal of its size]
        #[arg(long, value_name = "S")]
        seconds: Option<f64>,
        #[arg(long, value_name = "N", default_value_t = 2)]
        threads: u32,
    },
}

pub fn run(workspace: &Workspace, subject: &Subject) -> Result<()> {
    let Subject::Solver {
        size,
        seeds,
        seconds,
        threads,
    } = subject;
    say("bench: build the solver's measurement");
    let mut measure = workspace.cargo("run");
    measure.args(["--release", "--package", "solver", "--example", "bench", "--"]);
    size.iter().for_each(|size| {
        measure.args(["--size", size]);
    });
    measure.args(["--seeds", &seeds.to_string(), "--threads", &threads.to_string()]);
    seconds.iter().for_each(|seconds| {
        measure.args(["--seconds", &seconds.to_string()]);
    });
    command::run(&mut measure)
}
