//! The only fetch of the browser: one function for every call of the contract, and the stream of a run.
//!
//! The server build has the same names, so that islands compile there; nothing on the server ever polls them.

use domain::api::{Problem, ProblemCode};

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::{Subscription, call, new_id, now_ms, read, subscribe};

#[cfg(not(feature = "hydrate"))]
mod server;
#[cfg(not(feature = "hydrate"))]
pub use server::{Subscription, call, new_id, now_ms, read, subscribe};

/// No answer came: status 0, which no server sends.
pub fn offline() -> Problem {
    made_here(0, ProblemCode::Unavailable)
}

/// An answer came that is not of the contract: page and server are of different builds, or something stands between.
#[cfg(feature = "hydrate")]
fn unreadable(status: u16) -> Problem {
    made_here(
        status,
        if status < 500 {
            ProblemCode::Stale
        } else {
            ProblemCode::Unavailable
        },
    )
}

fn made_here(status: u16, code: ProblemCode) -> Problem {
    Problem {
        kind: "about:blank".into(),
        title: String::new(),
        status,
        code,
        detail: String::new(),
        violations: Vec::new(),
        request_id: String::new(),
    }
}
