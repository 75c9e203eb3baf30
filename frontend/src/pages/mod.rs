//! One screen a file: a pure function from a view to HTML. No clock, no locale, no fetch.
//!
//! Every page is `page(lang, view…)`; the backend loads the view, checks the right to see it, and frames the page.

pub mod account;
pub mod audit;
pub mod board;
pub mod catalog;
pub mod duties;
pub mod failure;
pub mod fairness;
pub mod home;
pub mod imports;
pub mod instructors;
pub mod join;
pub mod notices;
pub mod organizations;
pub mod people;
pub mod personal;
pub mod request;
pub mod request_form;
pub mod requests;
pub mod round;
pub mod rounds;
pub mod sign_in;
pub mod thing;
pub mod timetable;
