//! How a solve under way is told to end: HiGHS asks back while it works, which its binding does not offer.
//!
//! The only place with foreign pointers. HiGHS asks from the thread that solves, between iterations and in its search
//! tree, never in presolve.

use highs::{Model, SolvedModel};
use highs_sys::{
    Highs_setCallback, Highs_startCallback, Highs_stopCallback, HighsCallbackDataIn, HighsCallbackDataOut, HighsInt,
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
pub fn solved_until<T>(mut model: Model, flag: &AtomicBool, read: impl FnOnce(SolvedModel) -> T) -> Option<T> {
    let highs = model.as_mut_ptr();
    let asker = std::ptr::from_ref(flag).cast_mut().cast::<c_void>();
    // SAFETY: the pointer is the model's own, which asks nobody any more when this function ends.
    #[expect(unsafe_code, reason = "the binding has no callbacks")]
    unsafe {
        // A solve that cannot be interrupted only goes on until its time is out.
        let _status = Highs_setCallback(highs, Some(asked), asker);
        for kind in ASKS {
            let _status = Highs_startCallback(highs, kind);
        }
    }
    let mut solved = model.try_solve().ok()?;
    let highs = solved.as_mut_ptr();
    // SAFETY: as above.
    #[expect(unsafe_code, reason = "the binding has no callbacks")]
    unsafe {
        for kind in ASKS {
            let _status = Highs_stopCallback(highs, kind);
        }
    }
    Some(read(solved))
}

// SAFETY: called by HiGHS with what `solved_until` gave it, and with a structure of its own or nothing.
#[expect(unsafe_code, reason = "HiGHS calls it")]
unsafe extern "C" fn asked(
    _kind: c_int,
    _message: *const c_char,
    _out: *const HighsCallbackDataOut,
    into: *mut HighsCallbackDataIn,
    asker: *mut c_void,
) {
    // SAFETY: as above.
    let (flag, into) = unsafe { (asker.cast::<AtomicBool>().as_ref(), into.as_mut()) };
    if let (Some(flag), Some(into)) = (flag, into) {
        into.user_interrupt = c_int::from(flag.load(Ordering::Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use highs::{HighsModelStatus, RowProblem, Sense};

    /// A market split problem, which takes branch and bound far longer than anybody waits.
    fn endless() -> Model {
        let mut problem = RowProblem::default();
        let columns: Vec<highs::Col> = (0..50).map(|_| problem.add_integer_column(0.0, 0.0..=1.0)).collect();
        for row in 0..6_i64 {
            let weights: Vec<i64> = (0..50_i64)
                .map(|n| (n * n * (row + 7) + 31 * n * (row + 3) + 17 * row) % 100)
                .collect();
            let half = weights.iter().sum::<i64>() / 2;
            let terms = columns.iter().copied().zip(weights.iter().map(|weight| *weight as f64));
            problem.add_row(half as f64..=half as f64, terms.collect::<Vec<_>>());
        }
        let mut model = problem.try_optimise(Sense::Minimise).expect("a sound problem");
        model.make_quiet();
        model
    }

    #[test]
    fn what_nobody_waits_for_ends() {
        let status = solved_until(endless(), &AtomicBool::new(true), |solved| solved.status());
        assert_eq!(status, Some(HighsModelStatus::ReachedInterrupt));
    }
}
