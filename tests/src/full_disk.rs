//! A disk that is full at a chosen moment, for one server, and has room again.

use crate::preloaded::compiled;
use anyhow::Result;
use std::path::{Path, PathBuf};

pub struct Disk {
    library: PathBuf,
    full: PathBuf,
    bytes: u64,
}

impl Disk {
    /// With room for so many bytes more, once it is filled; one folder is for one disk.
    pub fn with_room(bytes: u64, folder: &Path) -> Result<Self> {
        Ok(Self {
            library: compiled("full_disk", folder)?,
            full: folder.join("full"),
            bytes,
        })
    }

    /// What a server's environment needs.
    pub fn environment(&self) -> Vec<(String, String)> {
        vec![
            ("LD_PRELOAD".into(), self.library.display().to_string()),
            ("GONGXUN_DISK_FULL".into(), self.full.display().to_string()),
            ("GONGXUN_DISK_BYTES".into(), self.bytes.to_string()),
        ]
    }

    /// From here on there is no more room than that.
    pub fn fill(&self) -> Result<()> {
        Ok(std::fs::write(&self.full, "")?)
    }

    /// Somebody has cleared away.
    pub fn clear(&self) -> Result<()> {
        Ok(std::fs::remove_file(&self.full)?)
    }
}
