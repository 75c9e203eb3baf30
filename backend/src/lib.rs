//! The process: all IO of Gongxun. Edges first, then the use cases (one file a noun), then work and storage.

// A page is one nested type: its depth is the depth of its HTML.
#![recursion_limit = "512"]

pub mod account;
pub mod address;
pub mod app;
pub mod audit;
pub mod backup;
pub mod catalog;
pub mod changes;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod door;
pub mod edge;
pub mod guest;
pub mod headers;
pub mod home;
pub mod http;
pub mod invitations;
pub mod jobs;
pub mod ledger;
pub mod names;
pub mod notices;
pub mod openapi;
pub mod organizations;
pub mod pages;
pub mod people;
pub mod plans;
pub mod problem;
pub mod published;
pub mod requests;
pub mod rounds;
pub mod router;
pub mod runs;
pub mod serve;
pub mod session;
pub mod site;
pub mod sse;
pub mod store;
pub mod timetable;
pub mod tls;
pub mod totp;
pub mod tries;
pub mod verify;
