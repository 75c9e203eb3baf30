//! The parts of a page that must answer: each is small, takes plain data, and talks through `client` only.

//!
//! The browser loads one module for a kind of page: the board, the form, or the desk with all the small ones. The
//! server draws them all.

#[cfg(any(not(feature = "hydrate"), feature = "board"))]
pub mod board;
mod dom;
#[cfg(any(not(feature = "hydrate"), feature = "desk"))]
pub mod request_actions;
#[cfg(any(not(feature = "hydrate"), feature = "form"))]
pub mod request_form;
#[cfg(any(not(feature = "hydrate"), feature = "desk"))]
pub mod round;
#[cfg(any(not(feature = "hydrate"), feature = "board", feature = "desk"))]
pub mod run;
