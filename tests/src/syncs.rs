//! A power cut at a chosen moment: a server that kills itself in the middle of its n-th sync.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The moment of a cut: the n-th sync after it is armed.
pub struct Cut {
    library: PathBuf,
    armed: PathBuf,
    n: u32,
}

impl Cut {
    /// Compiles what counts the syncs into a folder; a machine that builds this workspace has a C compiler.
    pub fn at(n: u32, folder: &Path) -> Result<Self> {
        let library = folder.join("nth_sync.so");
        if !library.exists() {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nth_sync.c");
            let mut compiler = Command::new("cc");
            compiler
                .args(["-shared", "-fPIC", "-O1", "-o"])
                .arg(&library)
                .arg(source)
                .arg("-ldl");
            ensure!(
                compiler.status().context("a C compiler")?.success(),
                "nth_sync.c does not compile"
            );
        }
        Ok(Self {
            library,
            armed: folder.join(format!("armed-{n}")),
            n,
        })
    }

    /// What a server's environment needs.
    pub fn environment(&self) -> Vec<(String, String)> {
        vec![
            ("LD_PRELOAD".into(), self.library.display().to_string()),
            ("GONGXUN_SYNC_ARMED".into(), self.armed.display().to_string()),
            ("GONGXUN_SYNC_N".into(), self.n.to_string()),
        ]
    }

    /// From here on syncs count.
    pub fn arm(&self) -> Result<()> {
        Ok(std::fs::write(&self.armed, "")?)
    }
}
