//! How often somebody may knock: tries are counted in the database, so that all processes count together, by login and
//! address, and by address alone. They are forgotten after a while, so nobody is shut out for good, and a stranger shuts
//! nobody out who knocks from elsewhere. The last try of a login that is allowed is a deed of whoever knocks: an auditor sees
//! who was knocked for in vain, and a session that opens after it says that it was not.

use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::problem::Problem;
use crate::session::token_hash;
use crate::store::people;
use crate::store::tries::{self, TryRecord};
use crate::store::{Change, StoreError};
use domain::api::ProblemCode;
use domain::event::Event;
use domain::id::AllianceId;

/// Of one login from one address.
const LOGIN_MAX: u64 = 8;
/// Of every login from one address: a school's hundreds of people may share one.
const ADDRESS_MAX: u64 = 120;
const WINDOW_MS: i64 = 5 * 60 * 1000;

/// Whose a login is that nobody has.
const NOBODY: &str = "nobody";

/// A try that is being judged: it counts already.
pub struct Try {
    alliance: AllianceId,
    record: TryRecord,
}

/// Where tries of whoever has signed in already are counted: wherever they come from, each person's apart.
const ACCOUNT: &str = "account";

/// Counts a try before anything is looked at, so that many at one time do not slip through together.
pub async fn begin(app: &App, caller: &Caller, login: &str, address: &str) -> Result<Try, Problem> {
    counted(app, caller, login, (address, ADDRESS_MAX)).await
}

/// The same for somebody who confirms the own password inside: nobody else is counted with them.
pub async fn begin_inside(app: &App, caller: &Caller, login: &str) -> Result<Try, Problem> {
    counted(app, caller, login, (ACCOUNT, u64::MAX)).await
}

async fn counted(app: &App, caller: &Caller, login: &str, (address, address_max): (&str, u64)) -> Result<Try, Problem> {
    let alliance = &caller.alliance;
    let now_ms = clock::now_ms();
    let record = TryRecord {
        id: clock::new_id(),
        login_sha256: token_hash(login),
        address: address.to_owned(),
        at_ms: now_ms,
    };
    let change = app.work().await?;
    tries::hold(&change, alliance, address).await?;
    tries::forget_before(&change, now_ms - WINDOW_MS).await?;
    let (of_login, of_address) = tries::counts(&change, alliance, &record.login_sha256, address).await?;
    if of_login >= LOGIN_MAX || of_address >= address_max {
        return Err(Problem::new(ProblemCode::TooManyTries));
    }
    tries::insert(&change, alliance, &record).await?;
    if of_login + 1 == LOGIN_MAX {
        // A login that nobody has is no less work, and is not told: it may be a password in the wrong field.
        let found = people::by_login(&change, alliance, login).await?;
        let subject = found.map_or_else(|| NOBODY.to_owned(), |(person, _)| person.id.to_string());
        change.deed(changes::deed(caller, Event::TriesUsedUp, subject));
    }
    app.commit(change.done(())).await?;
    let alliance = alliance.clone();
    Ok(Try { alliance, record })
}

/// Notes in the log that somebody was not let in, for whoever watches over the server: never the login itself, which may be a
/// password in the wrong field.
pub fn note<T>(login: &str, address: &str, told: &Result<T, Problem>) {
    let Err(problem) = told else { return };
    if matches!(problem.code, ProblemCode::BadCredentials | ProblemCode::TooManyTries) {
        let login = &token_hash(login)[..16];
        tracing::warn!(login, address, code = ?problem.code, "a sign-in was refused");
    }
}

impl Try {
    /// It was right: the login begins anew here.
    pub async fn right(&self, change: &Change) -> Result<(), StoreError> {
        let TryRecord {
            login_sha256, address, ..
        } = &self.record;
        tries::forget(change, &self.alliance, login_sha256, address).await
    }

    /// It was a question, and no try; the others stay counted.
    pub async fn none(&self, app: &App) -> Result<(), Problem> {
        let change = app.work().await?;
        tries::delete(&change, &self.alliance, &self.record.id).await?;
        app.commit(change.done(())).await?;
        Ok(())
    }
}
