//! One screen a file: a pure function from a view to HTML. No clock, no locale, no fetch.
//!
//! Every page is `page(lang, view…)`; the backend loads the view, checks the right to see it, and frames the page.
//! The browser needs of all this only the addresses.

#[cfg(not(feature = "hydrate"))]
pub mod board;
#[cfg(not(feature = "hydrate"))]
pub mod catalog;
#[cfg(not(feature = "hydrate"))]
pub mod failure;
#[cfg(not(feature = "hydrate"))]
pub mod fairness;
#[cfg(not(feature = "hydrate"))]
pub mod home;
#[cfg(not(feature = "hydrate"))]
pub mod instructors;
pub mod paths;
#[cfg(not(feature = "hydrate"))]
pub mod request;
#[cfg(not(feature = "hydrate"))]
pub mod request_form;
#[cfg(not(feature = "hydrate"))]
pub mod requests;
#[cfg(not(feature = "hydrate"))]
pub mod round;
#[cfg(not(feature = "hydrate"))]
pub mod rounds;
#[cfg(not(feature = "hydrate"))]
pub mod sign_in;
#[cfg(not(feature = "hydrate"))]
pub mod thing;
#[cfg(not(feature = "hydrate"))]
pub mod timetable;
