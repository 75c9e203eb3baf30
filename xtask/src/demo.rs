//! Shows the system: prepares, builds both halves as the tests do, and becomes the server.
//! Which data the demonstration holds and who may log in is the binary's business.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::command::{self, say};
use crate::prepare::{self, Purpose};
use crate::wasm;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// The port on the loopback address
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Where the demonstration's database lies [default: `demo` in the target directory]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The same seed gives the same alliance
    #[arg(long, value_name = "N", default_value_t = 2027)]
    seed: u64,
}

/// Does not return if all goes well: the process becomes the server and takes its signals itself.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    prepare::prepare(workspace, Purpose::Build)?;
    wasm::build(workspace)?;
    say("demo: build the server");
    command::run(workspace.cargo("build").args(["--workspace", "--bins"]))?;
    let data_dir = options
        .data_dir
        .clone()
        .unwrap_or_else(|| workspace.target.join("demo"));
    say(&format!("demo: run with its data in {}", data_dir.display()));
    let mut server = Command::new(workspace.binary());
    server
        .args([
            "demo",
            "--port",
            &options.port.to_string(),
            "--seed",
            &options.seed.to_string(),
            "--data-dir",
        ])
        .arg(data_dir)
        .env("GONGXUN_SITE_DIR", workspace.site());
    Err(server.exec()).with_context(|| format!("`{}` could not be started", command::line(&server)))
}
