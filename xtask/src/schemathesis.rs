//! Holds a live demo server to its own OpenAPI document, by Schemathesis out of the Python package index: whatever fits the
//! document is sent and whatever does not, and every answer must be one that the document names.
//! Which checks and which callers is the business of `xtask/tools/schemathesis/run.py`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::command::{self, say};
use crate::packages::{self, FOR_PYTHON};
use crate::prepare::{self, Purpose};
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// Generated examples of each call and caller, beside those that cover the bounds of every field
    #[arg(long, value_name = "N", default_value_t = 20)]
    examples: u32,
    /// Repeats the run that printed it [default: another one each time]
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    prepare::prepare(workspace, Purpose::Build)?;
    packages::install_missing(FOR_PYTHON.iter())?;
    let python = install(workspace)?;
    say("schemathesis: build the server");
    command::run(workspace.cargo("build").args(["--workspace", "--bins"]))?;
    let data_dir = workspace.target.join("schemathesis");
    let server = Demo::start(workspace, &data_dir)?;
    let seed = options.seed.unwrap_or_else(std::process::id);
    say(&format!("schemathesis: walk with --seed {seed}"));
    let mut walk = Command::new(python);
    // It leaves its notes where it runs.
    walk.current_dir(&data_dir)
        .arg(tool(workspace).join("run.py"))
        .arg(&server.url)
        .arg(data_dir.join("demo-logins.json"));
    command::run(walk.args([options.examples.to_string(), seed.to_string()]))
}

fn tool(workspace: &Workspace) -> PathBuf {
    workspace.root.join("xtask/tools/schemathesis")
}

/// A virtual environment beside the build output with the committed versions, unless it holds them already.
fn install(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = tool(workspace).join("requirements.txt");
    let wanted = fs::read(&requirements)?;
    let folder = workspace.target.join("tools/schemathesis");
    let (python, stamp) = (folder.join("bin/python"), folder.join(".installed-from"));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    say(&format!("pip install in {}", folder.display()));
    command::quiet(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"])
        .arg(&requirements);
    command::quiet(&mut pip).context("the Python package index may be out of reach; try again by hand")?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// A demo server that ends with this value.
struct Demo {
    child: Child,
    url: String,
}

impl Demo {
    fn start(workspace: &Workspace, data_dir: &Path) -> Result<Self> {
        let mut server = Command::new(workspace.binary());
        // A walk sends more than a pace allows, and would learn nothing but that.
        server
            .args(["demo", "--port", "0", "--no-worker", "--writes-per-minute", "0"])
            .arg("--data-dir")
            .arg(data_dir);
        server.env("GONGXUN_SITE_DIR", workspace.site()).stdout(Stdio::piped());
        let mut child = server.spawn().with_context(|| command::line(&server))?;
        let output = child.stdout.take().context("the server's output is piped")?;
        for line in BufReader::new(output).lines() {
            if let Some(url) = line?.strip_prefix("listening on ") {
                let url = url.to_owned();
                return Ok(Self { child, url });
            }
        }
        bail!("the demo ended before it listened: {:?}", child.wait())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
