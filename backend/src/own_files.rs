//! What the process writes is read by its own user alone: the database, its backups, what is exported of a person, the log.
//!
//! Whoever runs it may loosen a file afterwards. It deliberately changes nothing that is there already.

use libc::mode_t;

/// Nobody but the owner.
const MASK: mode_t = 0o077;

/// From here on, for this process and for those that it starts.
#[expect(unsafe_code, reason = "the C library offers it to C")]
pub fn only_for_the_owner() {
    // SAFETY: it takes any mask and cannot fail; the first thing that is done, before there is a second thread.
    unsafe { libc::umask(MASK) };
}
