//! The parts of a page that must answer: each is small, takes plain data, and talks through `client` only.

pub mod board;
mod dom;
pub mod request_actions;
pub mod request_form;
pub mod round;
pub mod run;
