//! The names of `browser` where there is no browser: a render has no clock, no randomness and fetches nothing.

use domain::api::{Call, Problem};

/// Never answers: an island's calls begin in event handlers, and the server has none.
pub async fn call<C: Call>(_call: &C) -> Result<C::Reply, Problem> {
    std::future::pending().await
}

pub async fn read<C: Call, R>(_call: &C) -> Result<R, Problem> {
    std::future::pending().await
}

pub fn new_id() -> String {
    String::new()
}

pub fn now_ms() -> f64 {
    0.0
}

/// A stream that nothing comes from.
pub struct Subscription;

pub fn subscribe(_url: &str, _events: &[&str], _on_event: impl Fn(&str, String) + 'static) -> Subscription {
    Subscription
}
