//! What the C library does with large blocks that are given back: they go to the system at once.
//!
//! Left alone, glibc takes the first large block that is freed as a sign that more will come, and from then on cuts such
//! blocks out of its heaps. A password's hash takes 19 MiB for a blink, in whichever thread's heap it happens, and a few
//! small things that lie behind it then keep all of it for good.

/// A block of this size is a mapping of its own, and so much at the end of a heap is given back.
#[cfg(target_env = "gnu")]
const LARGE_BYTES: i32 = 1024 * 1024;

/// Before there is a second thread.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "the C library offers it to C")]
pub fn give_back_large_blocks() {
    for knob in [libc::M_MMAP_THRESHOLD, libc::M_TRIM_THRESHOLD] {
        // SAFETY: both knobs take any size; only this thread is there.
        let taken = unsafe { libc::mallopt(knob, LARGE_BYTES) };
        // Nothing breaks without it: the process stands larger.
        debug_assert_eq!(taken, 1, "a knob of glibc");
    }
}

/// Other libraries give back by themselves.
#[cfg(not(target_env = "gnu"))]
pub fn give_back_large_blocks() {}
