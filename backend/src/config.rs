//! Every setting, once. Flags and environment come in through `main`; this is what the rest sees.

use domain::password::Profile;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// `sqlite://…` in the data directory unless a `postgres://…` is given.
    pub database_url: String,
    /// Where the compiled pages' wasm, style and scripts lie.
    pub site_dir: PathBuf,
    /// The program that solves; this binary itself when not given.
    pub solver: Option<PathBuf>,
    /// Whether this process also claims solver runs.
    pub worker: bool,
    /// Cookies carry `Secure` and the `__Host-` prefix: on behind TLS.
    pub secure_cookies: bool,
    /// Days for which browsers are told to come by TLS alone, when cookies are secure; 0 tells nothing.
    pub hsts_days: u32,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// By whose rules new passwords are judged.
    pub password_profile: Profile,
}

/// Largest body of a call.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// A session ends after so long without a request.
pub const SESSION_IDLE_MS: i64 = 12 * 3600 * 1000;
/// A session ends after so long in any case.
pub const SESSION_ABSOLUTE_MS: i64 = 7 * 24 * 3600 * 1000;
/// How long the reply of a write is kept under its key.
pub const ANSWER_KEPT_MS: i64 = 7 * 24 * 3600 * 1000;
/// A worker that has not said a word for so long has lost its run.
pub const LEASE_MS: i64 = 15_000;
/// How often a worker looks for a run and says that it lives.
pub const WORKER_TICK_MS: u64 = 500;
/// Longest time that may be asked of the solver.
pub const RUN_SECONDS_MAX: i64 = 600;
/// Reading a request's head must be done by then.
pub const HEADER_TIMEOUT_S: u64 = 10;
/// Open connections at one time.
pub const CONNECTIONS_MAX: usize = 2048;

impl Config {
    /// The database in a data directory.
    pub fn sqlite_url(data_dir: &std::path::Path) -> String {
        format!("sqlite://{}?mode=rwc", data_dir.join("gongxun.sqlite").display())
    }

    /// The site beside the target's profile directory (`target/site` for `target/release/gongxun`).
    pub fn site_beside_binary() -> PathBuf {
        let binary = std::env::current_exe().unwrap_or_default();
        binary
            .parent()
            .and_then(|profile| profile.parent())
            .map(|target| target.join("site"))
            .unwrap_or_default()
    }
}
