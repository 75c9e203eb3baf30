//! What every request meets before a use case does: limits of time and size, plain texts and sane numbers, figures for
//! whoever watches over the server. It knows nothing of rounds and requests, so that every later call gets it for free.
//!
//! Who may come in is another matter: `door`, `session` and the matrix of `domain::access`.

pub mod figures;
pub mod limits;
pub mod pace;
pub mod plain;
pub mod probes;
