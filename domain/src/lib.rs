//! The words and the law of Gongxun: what exists, what is allowed, and who judges it.
//!
//! Pure: no IO, no clock, no randomness, nothing async. Time and ids come in as values.
//! The modules stand in reading order.

pub mod access;
pub mod api;
pub mod catalog;
pub mod certificate;
pub mod event;
pub mod fairness;
pub mod id;
pub mod instance;
pub mod password;
pub mod people;
pub mod phone;
pub mod plan;
pub mod request;
pub mod round;
pub mod rules;
pub mod sheet;
pub mod standing;
mod tagged;
pub mod time;
pub mod timetable;
pub mod violation;
