//! How a solve under way is told to end: HiGHS asks back while it works, which its binding does not offer.
//!
//! The only place with foreign pointers. HiGHS asks from the thread that solves, between iterations and in its search
//! tree, never in presolve.

use highs::{Model, SolvedModel};
use highs_sys::{
    Highs_setCallback, Highs_startCallback, HighsCallbackDataIn, HighsCallbackDataOut, HighsInt,
    kHighsCallbackIpmInterrupt, kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt,
};
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};

const ASKS: [HighsInt; 3] = [
    kHighsCallbackMipInterrupt,
    kHighsCallbackSimplexInterrupt,
    kHighsCallbackIpmInterrupt,
];

/// Solves until the flag is set, and reads the answer, if there is one.
pub fn solved_until<T>(mut model: Model, flag: &AtomicBool, read: impl FnOnce(&SolvedModel) -> T) -> Option<T> {
    let highs = model.as_mut_ptr();
    let seen = std::ptr::from_ref(flag).cast_mut().cast::<c_void>();
    // SAFETY: the pointer is the model's own, and the model is gone before the flag can be, at the end of this function.
    #[expect(unsafe_code, reason = "the binding has no callbacks")]
    unsafe {
        // A solve that cannot be interrupted only goes on until its time is out.
        let _status = Highs_setCallback(highs, Some(asked), seen);
        for kind in ASKS {
            let _status = Highs_startCallback(highs, kind);
        }
    }
    let solved = model.try_solve().ok()?;
    Some(read(&solved))
}

// SAFETY: called by HiGHS with what `solved_until` gave it, and with a structure of its own or nothing.
#[expect(unsafe_code, reason = "HiGHS calls it")]
unsafe extern "C" fn asked(
    _kind: c_int,
    _message: *const c_char,
    _out: *const HighsCallbackDataOut,
    into: *mut HighsCallbackDataIn,
    flag: *mut c_void,
) {
    // SAFETY: as above.
    let (flag, into) = unsafe { (flag.cast::<AtomicBool>().as_ref(), into.as_mut()) };
    if let (Some(flag), Some(into)) = (flag, into) {
        into.user_interrupt = c_int::from(flag.load(Ordering::Relaxed));
    }
}
