//! What the integration tests share: databases of both kinds, a real server process, typed clients.

pub mod databases;
pub mod full_disk;
pub mod preloaded;
pub mod provider;
pub mod server;
pub mod statements;
pub mod syncs;

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

/// The program under test: named by `GONGXUN_BIN`, else beside the tests' own directory.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their environment where the program lies"
)]
pub fn binary() -> Result<PathBuf> {
    if let Ok(named) = std::env::var("GONGXUN_BIN") {
        return Ok(PathBuf::from(named));
    }
    let tests = std::env::current_exe()?;
    let profile = tests
        .parent()
        .and_then(|deps| deps.parent())
        .context("tests lie in the target directory")?;
    let binary = profile.join("gongxun");
    ensure!(
        binary.exists(),
        "{} is missing: run `cargo build --workspace --bins`",
        binary.display()
    );
    Ok(binary)
}
