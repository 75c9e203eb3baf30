//! Every setting, once. Flags and environment come in through `main`; this is what the rest sees.

use clap::Args;
use domain::password::Profile;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// The keys that secrets of the database are sealed with.
    pub key_file: PathBuf,
    /// It was named by a setting, so it is there already and is never made.
    pub key_file_given: bool,
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
    /// Days after which a password has to be another one, under a profile that asks for it; 0 never.
    pub password_days: u32,
    pub limits: Limits,
    /// By which identity provider people may sign in, too; by none, when not set.
    pub sign_on: Option<SignOn>,
    /// Whom everything that happens is told; nobody, when not set.
    pub receiver: Option<Receiver>,
}

/// An OpenID Connect provider.
#[derive(Clone)]
pub struct SignOn {
    /// Its address as it names itself.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client.
    pub secret: Option<String>,
    pub label: String,
    pub label_en: String,
    /// The `acr` that says that it has asked for a second factor.
    pub strong_acr: Option<String>,
    /// The address by which people reach this server, without a slash at its end.
    pub public_url: String,
}

impl SignOn {
    /// Where the provider leads back to.
    pub fn redirect_url(&self) -> String {
        format!("{}{}", self.public_url, frontend::paths::SIGN_ON_BACK)
    }
}

/// The secret stays where it is.
impl std::fmt::Debug for SignOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignOn({})", self.issuer)
    }
}

/// Where notices are delivered.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    pub secret: String,
    pub timeout_s: u64,
    /// The first pause after a failure.
    pub backoff_ms: i64,
    pub tries_max: i64,
}

/// The secret stays where it is.
impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Receiver({})", self.url)
    }
}

/// How long and how many; what is beyond is cut off with an answer where one is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Limits {
    /// Seconds until a request's head has come; a connection without a request ends after as long.
    #[arg(long, env = "GONGXUN_HEADER_TIMEOUT", value_name = "S", default_value_t = 10)]
    pub header_timeout_s: u64,
    /// Seconds until the whole body of a request has come.
    #[arg(long, env = "GONGXUN_BODY_TIMEOUT", value_name = "S", default_value_t = 20)]
    pub body_timeout_s: u64,
    /// Seconds until a request has its reply.
    #[arg(long, env = "GONGXUN_REQUEST_TIMEOUT", value_name = "S", default_value_t = 30)]
    pub request_timeout_s: u64,
    /// Seconds that a client may leave a reply unread.
    #[arg(long, env = "GONGXUN_WRITE_TIMEOUT", value_name = "S", default_value_t = 30)]
    pub write_timeout_s: u64,
    /// Seconds that open requests have to finish once the end was asked for.
    #[arg(long, env = "GONGXUN_DRAIN_TIMEOUT", value_name = "S", default_value_t = 10)]
    pub drain_timeout_s: u64,
    /// Open connections at one time; whoever comes then waits in the system's queue.
    #[arg(long, env = "GONGXUN_CONNECTIONS", value_name = "N", default_value_t = 2048)]
    pub connections_max: usize,
    /// Calls that change something, of one address in a minute; of one account a quarter; 0 counts nobody.
    #[arg(long, env = "GONGXUN_WRITES_PER_MINUTE", value_name = "N", default_value_t = 2400)]
    pub writes_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout_s: 10,
            body_timeout_s: 20,
            request_timeout_s: 30,
            write_timeout_s: 30,
            drain_timeout_s: 10,
            connections_max: 2048,
            writes_per_minute: 2400,
        }
    }
}

/// Days that a password may be used under a profile that asks for another one.
pub const PASSWORD_DAYS: u32 = 90;
/// Largest body of a call.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Largest body of a call that brings a file: the file in base64, and the rest.
pub const FILE_BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
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
/// Bytes of a request's head, its address included.
pub const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Headers of a request.
pub const HEADERS_MAX: usize = 64;

impl Config {
    /// The database in a data directory.
    pub fn sqlite_url(data_dir: &std::path::Path) -> String {
        format!("sqlite://{}?mode=rwc", data_dir.join("gongxun.sqlite").display())
    }

    /// What is likely to be forgotten where the server stands behind a proxy.
    pub fn doubt(&self) -> Option<&'static str> {
        (self.secure_cookies && self.trusted_proxies.is_empty()).then_some(
            "cookies are secure, so a proxy seems to stand before this server, but none is trusted: everybody is counted \
             under the proxy's address, and the wrong tries of one shut the doors for all; name it by --trusted-proxies",
        )
    }

    /// How long a password may be used; nothing where passwords do not age.
    pub fn password_lasts_ms(&self) -> Option<i64> {
        let ages = self.password_profile.ages() && self.password_days > 0;
        ages.then(|| i64::from(self.password_days) * 24 * 3600 * 1000)
    }

    /// The keys beside the database.
    pub fn keys_in(data_dir: &std::path::Path) -> PathBuf {
        data_dir.join("gongxun.key")
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
