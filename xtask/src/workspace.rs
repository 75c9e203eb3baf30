//! Where things lie: the checkout and its build output.
//! Every path that two commands share is named here and nowhere else.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's build output, wherever the environment or cargo's configuration puts it.
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        let output = Command::new(cargo_program())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started")?;
        ensure!(
            output.status.success(),
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let Metadata {
            workspace_root,
            target_directory,
        } = serde_json::from_slice(&output.stdout)?;
        Ok(Self {
            root: workspace_root,
            target: target_directory,
        })
    }

    /// Cargo, run at the root, as if the user had typed it.
    ///
    /// `cargo run` tells this process about the package xtask through the environment. Build scripts that watch those
    /// variables (ring's does) would see a change and compile again, so they are taken out.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = Command::new(cargo_program());
        for (name, _) in std::env::vars_os() {
            if is_about_this_package(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .arg(subcommand);
        command
    }

    /// What the browser fetches: hashed names, compressed twins, and the manifest.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// The binary `gongxun` as demo and tests build it.
    pub fn binary(&self) -> PathBuf {
        self.target.join("debug/gongxun")
    }

    /// The folder of the browser journeys and of their npm packages.
    pub fn journeys(&self) -> PathBuf {
        self.root.join("tests/browser")
    }
}

fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn is_about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || ["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"].contains(&variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_cargo_is_not_told_about_this_package_but_keeps_the_users_settings() {
        assert!(is_about_this_package("CARGO_PKG_NAME"));
        assert!(is_about_this_package("CARGO_MANIFEST_DIR"));
        assert!(!is_about_this_package("CARGO_HOME"));
        assert!(!is_about_this_package("CARGO_NET_OFFLINE"));
    }
}
