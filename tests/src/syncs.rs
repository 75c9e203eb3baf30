//! A power cut at a chosen moment: a server that kills itself in the middle of its n-th sync.

use crate::preloaded::compiled;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The moment of a cut: the n-th sync after it is armed.
pub struct Cut {
    library: PathBuf,
    armed: PathBuf,
    n: u32,
}

impl Cut {
    /// What counts the syncs is compiled into a folder.
    pub fn at(n: u32, folder: &Path) -> Result<Self> {
        Ok(Self {
            library: compiled("nth_sync", folder)?,
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
