//! Makes a machine that has only Rust able to build, or to build and test: looks first, installs only what is missing.
//! It never downloads a browser and never replaces something that is already there.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::{self, find_program, say};
use crate::npm;
use crate::packages::{self, FOR_BUILD, FOR_TEST};
use crate::workspace::Workspace;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Build,
    Test,
}

pub fn prepare(workspace: &Workspace, purpose: Purpose) -> Result<()> {
    match purpose {
        Purpose::Build => {
            say("prepare: what building needs");
            packages::install_missing(FOR_BUILD.iter())?;
        }
        Purpose::Test => {
            say("prepare: what building and testing need");
            packages::install_missing(FOR_BUILD.iter().chain(FOR_TEST))?;
        }
    }
    add_wasm_target(workspace)?;
    npm::install_wasm_opt(workspace);
    if purpose == Purpose::Test {
        npm::install_node(workspace)?;
        npm::install_journeys(workspace)?;
    }
    Ok(())
}

fn add_wasm_target(workspace: &Workspace) -> Result<()> {
    // The toolchain that a file at the root may pin is the one that counts, hence the folder.
    let sysroot = command::quiet(
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(&workspace.root),
    )?;
    if std::path::Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM_TARGET)
        .is_dir()
    {
        return Ok(());
    }
    ensure!(
        find_program("rustup").is_some(),
        "Rust's target {WASM_TARGET} is missing and there is no rustup; install it by hand (Debian: libstd-rust-dev-wasm32)"
    );
    say(&format!("install Rust's target {WASM_TARGET}"));
    command::run(
        Command::new("rustup")
            .args(["target", "add", WASM_TARGET])
            .current_dir(&workspace.root),
    )
}
