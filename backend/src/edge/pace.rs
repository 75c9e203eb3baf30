//! How much somebody may ask for in a minute that costs more than reading: every unsafe call, and the two pages that ask the
//! identity provider. Counted in this process alone, by address and by account, as tokens that come back by themselves;
//! whoever has none left is told when there is one again, before anything of the call is read. Whose a session is was told
//! by whoever looked it up before; until then it counts by itself.
//!
//! It bounds a flood. Guessing of passwords is `tries`, which all processes count together.

use crate::app::App;
use crate::clock;
use crate::door;
use crate::http;
use crate::problem::Problem;
use crate::session::token_hash;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response, header};
use axum::middleware::Next;
use domain::api::ProblemCode;
use frontend::paths;
use std::collections::HashMap;
use std::sync::Mutex;

/// A school's hundreds of people may share one address; an account is one person's.
const ACCOUNT_SHARE: f64 = 0.25;
const MINUTE_MS: f64 = 60_000.0;
/// Whoever is counted at one time; of more, those who are at their ease are forgotten, and then everybody.
const COUNTED_MAX: usize = 20_000;

/// Tokens of everybody who is not at their ease.
pub struct Pace {
    /// Of one address; 0 counts nobody.
    per_minute: f64,
    left: Mutex<HashMap<String, Left>>,
    /// Accounts by the hash of a session's token.
    owners: Mutex<HashMap<String, String>>,
}

#[derive(Clone, Copy)]
struct Left {
    tokens: f64,
    at_ms: i64,
}

impl Pace {
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute: f64::from(per_minute),
            left: Mutex::default(),
            owners: Mutex::default(),
        }
    }

    /// A session is this account's.
    pub fn belongs(&self, session: &str, account: &str) {
        let mut owners = self.owners.lock().expect("no holder panics");
        if owners.contains_key(session) {
            return;
        }
        if owners.len() >= COUNTED_MAX {
            owners.clear();
        }
        owners.insert(session.to_owned(), account.to_owned());
    }

    fn account(&self, session: &str) -> String {
        let owners = self.owners.lock().expect("no holder panics");
        let owner = owners.get(session).map(|account| format!("account {account}"));
        owner.unwrap_or_else(|| format!("session {session}"))
    }

    /// Takes one token of the address and one of the session's account; where one is missing, says in how many seconds it is there.
    fn take(&self, address: &str, session: Option<&str>, now_ms: i64) -> Result<(), i64> {
        if self.per_minute == 0.0 {
            return Ok(());
        }
        let account = session.map(|session| (self.account(session), self.per_minute * ACCOUNT_SHARE));
        let asked: Vec<(String, f64)> = [(format!("address {address}"), self.per_minute)]
            .into_iter()
            .chain(account)
            .collect();
        let mut left = self.left.lock().expect("no holder panics");
        let mut taken = Vec::with_capacity(asked.len());
        for (who, most) in &asked {
            let tokens = left.get(who).map_or(*most, |left| left.now(*most, now_ms));
            if tokens < 1.0 {
                return Err(((1.0 - tokens) * MINUTE_MS / most / 1000.0).ceil() as i64);
            }
            taken.push(tokens - 1.0);
        }
        if left.len() + asked.len() > COUNTED_MAX {
            self.forget(&mut left, now_ms);
        }
        for ((who, _), tokens) in asked.into_iter().zip(taken) {
            let at_ms = now_ms;
            left.insert(who, Left { tokens, at_ms });
        }
        Ok(())
    }

    fn forget(&self, left: &mut HashMap<String, Left>, now_ms: i64) {
        // Whoever has all that an account may have is no flood, whichever of both they are.
        let ease = self.per_minute * ACCOUNT_SHARE;
        left.retain(|_, left| left.now(ease, now_ms) < ease);
        if left.len() > COUNTED_MAX / 2 {
            left.clear();
        }
    }
}

impl Left {
    fn now(self, most: f64, now_ms: i64) -> f64 {
        let passed_ms = (now_ms - self.at_ms).max(0) as f64;
        (self.tokens + passed_ms * most / MINUTE_MS).min(most)
    }
}

/// Lets nobody past who goes too fast.
pub async fn kept(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    if !is_counted(&request) {
        return next.run(request).await;
    }
    let address = door::address_of(&app, &request);
    let session = http::session_token(&app, request.headers()).map(|token| token_hash(&token));
    let Err(wait_s) = app.pace.take(&address, session.as_deref(), clock::now_ms()) else {
        return next.run(request).await;
    };
    let problem = Problem::new(ProblemCode::TooManyTries);
    let mut reply = problem.into_response(http::lang_of(request.headers()), &http::request_id());
    reply
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    reply
}

fn is_counted(request: &Request) -> bool {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !is_safe || [paths::SIGN_ON, paths::SIGN_ON_BACK].contains(&request.uri().path())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many calls pass at one moment.
    fn passed(pace: &Pace, address: &str, session: Option<&str>, calls: usize, now_ms: i64) -> usize {
        let passes = (0..calls).filter(|_| pace.take(address, session, now_ms).is_ok());
        passes.count()
    }

    #[test]
    fn an_address_has_so_many_a_minute_and_an_account_a_quarter_of_them() {
        let pace = Pace::new(40);
        assert_eq!(passed(&pace, "a", Some("s"), 100, 0), 10);
        assert_eq!(pace.take("a", Some("s"), 0), Err(6));
        assert_eq!(passed(&pace, "a", None, 100, 0), 30);
        assert_eq!(pace.take("a", None, 0), Err(2));
        assert_eq!(passed(&pace, "b", Some("t"), 100, 0), 10, "nobody else has lost any");
        assert_eq!(passed(&pace, "a", None, 100, 30_000), 20, "half of them are back");
        assert_eq!(passed(&pace, "a", None, 100, 3_600_000), 40, "and never more than all");
        assert_eq!(passed(&Pace::new(0), "a", Some("s"), 1000, 0), 1000, "0 counts nobody");
    }

    #[test]
    fn sessions_of_one_account_count_together() {
        let pace = Pace::new(40);
        let of_all = |now_ms: i64| -> usize {
            let each = ["s", "t", "u"].map(|session| passed(&pace, session, Some(session), 100, now_ms));
            each.into_iter().sum()
        };
        assert_eq!(of_all(0), 30, "nobody knows yet whose they are");
        ["s", "t", "u"].iter().for_each(|session| pace.belongs(session, "li"));
        assert_eq!(of_all(3_600_000), 10);
        pace.belongs("v", "ma");
        assert_eq!(
            passed(&pace, "v", Some("v"), 100, 3_600_000),
            10,
            "nobody else has lost any"
        );
    }

    #[test]
    fn however_many_come_a_bounded_number_is_counted() {
        let pace = Pace::new(40);
        for n in 0..3 * COUNTED_MAX {
            assert!(pace.take(&n.to_string(), None, n as i64).is_ok());
            assert!(pace.left.lock().expect("no holder panics").len() <= COUNTED_MAX);
        }
    }
}
