//! What the process writes is read by its own user alone: the database, its backups, what is exported of a person, the log.
//!
//! Whoever runs it may loosen a file afterwards. It deliberately changes nothing that is there already.

//!
//! A command that root runs beside a service with a user of its own makes files too, like the database of the first start
//! or the next key: they belong to whom their folder belongs to, or the service could not open them.

use libc::mode_t;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

/// Nobody but the owner.
const MASK: mode_t = 0o077;

/// From here on, for this process and for those that it starts.
#[expect(unsafe_code, reason = "the C library offers it to C")]
pub fn only_for_the_owner() {
    // SAFETY: it takes any mask and cannot fail; the first thing that is done, before there is a second thread.
    unsafe { libc::umask(MASK) };
}

/// Gives a file of root's to the owner of its folder. What cannot be given away is the caller's own already.
pub fn as_its_folder(path: &Path) {
    let folder = path.parent().and_then(|folder| folder.metadata().ok());
    let (Some(folder), Ok(file)) = (folder, path.metadata()) else {
        return;
    };
    if file.uid() == 0 && folder.uid() != 0 {
        let given = chown(path, Some(folder.uid()), Some(folder.gid()));
        if let Err(error) = given {
            tracing::warn!(%error, path = %path.display(), "a file of root's stays root's");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only root can try it; for everybody else file and folder have one owner anyway.
    #[test]
    fn what_root_makes_in_a_folder_is_its_owner_s() {
        const SOMEBODY: u32 = 65_534;
        let folder = std::env::temp_dir().join(format!("gongxun-own-{}", crate::clock::new_id()));
        std::fs::create_dir(&folder).expect("a folder");
        if folder.metadata().expect("it is there").uid() == 0 {
            chown(&folder, Some(SOMEBODY), Some(SOMEBODY)).expect("root gives it away");
        }
        let owner = folder.metadata().expect("it is there").uid();
        let keys = crate::keys::Keys::in_file(&folder.join("gongxun.key"));
        keys.add().expect("a key");
        let anchor = crate::audit::Anchor::in_dir(&folder);
        let head = crate::store::audit::Head {
            alliance: domain::id::AllianceId::new("a"),
            seq: 1,
            sha256: "5a".repeat(32),
        };
        anchor.note(&[head]);
        for path in [keys.path(), anchor.path()] {
            assert_eq!(path.metadata().expect("it was made").uid(), owner, "{}", path.display());
        }
        std::fs::remove_dir_all(&folder).expect("it goes");
    }
}
