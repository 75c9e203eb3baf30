//! What strains the product: figures under load, and all of the faults. What is measured or tried is the tests' own
//! business; this only builds, sets the knobs and lets them speak.

use anyhow::Result;
use clap::Args;

use crate::command::{self, say};
use crate::postgres::Cluster;
use crate::prepare::{self, Purpose};
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Load {
    /// Seconds of each flood
    #[arg(long, value_name = "S", default_value_t = 4)]
    seconds: u64,
    /// Rounds of 64 hands that want one thing
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rounds: u32,
    /// Leave PostgreSQL out
    #[arg(long)]
    sqlite_only: bool,
    /// Build without optimisation: quick to build, and no figure of it is worth anything
    #[arg(long)]
    unoptimised: bool,
}

/// The table of figures, in Markdown, on standard output. It fails where one is below its floor.
pub fn load(workspace: &Workspace, options: &Load) -> Result<()> {
    say("load: build the server and the client");
    let mut build = workspace.cargo("build");
    match options.unoptimised {
        // As the tests build it, so that nothing is compiled twice.
        true => build.arg("--workspace"),
        false => build.args(["--release", "--package", "backend", "--package", "tests"]),
    };
    build.args(["--bins", "--example", "load"]);
    command::run(&mut build)?;
    let folder = workspace
        .target
        .join(if options.unoptimised { "debug" } else { "release" });
    say("load: measure");
    let mut measure = std::process::Command::new(folder.join("examples/load"));
    measure.args(["--seconds", &options.seconds.to_string()]);
    measure.args(["--rounds", &options.rounds.to_string()]);
    measure.args(options.sqlite_only.then_some("--sqlite-only"));
    measure.args(options.unoptimised.then_some("--print-only"));
    measure
        .env("GONGXUN_BIN", folder.join("gongxun"))
        .env("GONGXUN_SITE_DIR", workspace.site());
    command::run(&mut measure)
}

#[derive(Args)]
pub struct Faults {
    /// Repeats the run that printed it
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How much more than in `cargo xtask test` is tried; above 1 the power is cut at each of the first two hundred syncs of
    /// a stream of writes
    #[arg(long, value_name = "N", default_value_t = 10)]
    scale: u32,
}

/// The tests of the week that try what should not happen: transport, text, files, doors, other people's things, many hands,
/// crashes, the database, the disk.
const FAULTS: [&str; 22] = [
    "edge",
    "plain",
    "bad_input",
    "imports",
    "doors",
    "shared_doors",
    "sessions",
    "second_factor",
    "sign_on",
    "guards",
    "access",
    "apart",
    "people",
    "races",
    "writes",
    "outage",
    "processes",
    "streams",
    "solver_guest",
    "faults",
    "full_disk",
    "twin_stream",
];

/// The fault tests, all of them.
pub fn faults(workspace: &Workspace, options: &Faults) -> Result<()> {
    prepare::prepare(workspace, Purpose::Test)?;
    say("faults: build the programs");
    command::run(workspace.cargo("build").args(["--workspace", "--bins"]))?;
    let cluster = Cluster::start()?;
    say(&format!("faults: {}", FAULTS.join(", ")));
    let mut tests = workspace.cargo("test");
    tests.args(["--workspace", "--test", "week", "--no-fail-fast", "--"]);
    tests
        .args(FAULTS.map(|group| format!("week::{group}::")))
        .arg("--nocapture");
    tests
        .env("GONGXUN_TEST_POSTGRES", cluster.url())
        .env("GONGXUN_SITE_DIR", workspace.site())
        .env("GONGXUN_BIN", workspace.binary())
        .env("GONGXUN_FAULTS_SCALE", options.scale.to_string());
    tests.envs(options.seed.map(|seed| ("GONGXUN_FAULTS_SEED", seed.to_string())));
    command::run(&mut tests)
}
