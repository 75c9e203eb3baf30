//! The only reader of the clock. Everybody else is handed civil minutes, milliseconds or elapsed seconds.

#![expect(clippy::disallowed_methods, reason = "this is the one room that reads the clock")]

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use domain::time::epoch_min;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch: sessions and leases.
pub fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the machine's clock stands after 1970");
    i64::try_from(since.as_millis()).expect("milliseconds fit for the next 292 million years")
}

/// Civil date and minutes since 1970-01-01 00:00 of a zone, e.g. `Asia/Shanghai`.
pub fn civil_now(zone: &str) -> (NaiveDate, i64) {
    civil(zone, now_ms())
}

/// Civil minutes since 1970-01-01 00:00 of a zone at a moment of unix milliseconds.
pub fn civil_at(zone: &str, at_ms: i64) -> i64 {
    civil(zone, at_ms).1
}

fn civil(zone: &str, at_ms: i64) -> (NaiveDate, i64) {
    let zone: Tz = zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let then = DateTime::from_timestamp_millis(at_ms)
        .unwrap_or_default()
        .with_timezone(&zone);
    let date = NaiveDate::from_ymd_opt(then.year(), then.month(), then.day()).expect("a civil date");
    (date, epoch_min(date) + i64::from(then.hour() * 60 + then.minute()))
}

/// Counts seconds from its making.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// A new id that sorts by time (UUIDv7).
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
