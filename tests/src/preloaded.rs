//! What is laid between a server and the system: a small library in C, compiled where it is used. A machine that builds this
//! workspace has a C compiler.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library of this name beside this file, compiled into a folder.
pub fn compiled(name: &str, folder: &Path) -> Result<PathBuf> {
    let library = folder.join(format!("{name}.so"));
    if !library.exists() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/{name}.c"));
        let mut compiler = Command::new("cc");
        compiler
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(source)
            .arg("-ldl");
        let done = compiler.status().context("a C compiler")?;
        ensure!(done.success(), "{name}.c does not compile");
    }
    Ok(library)
}
