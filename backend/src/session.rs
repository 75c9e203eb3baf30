//! Sign-in and sessions: argon2id, opaque tokens of which only the hash is stored, idle and absolute expiry.

use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::config::{ANSWER_KEPT_MS, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS};
use crate::problem::Problem;
use crate::store::{self, Tx, answers, people, sessions};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::access::Actor;
use domain::api::{Done, ProblemCode, ReadSession, SessionView, SignIn};
use domain::event::Event;
use domain::id::AllianceId;
use domain::people::Person;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;

/// Wrong passwords by login and address; forgets after a while, so nobody is locked out for good.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<(String, String), (u32, i64)>>);

const TRIES_MAX: u32 = 8;
const TRIES_WINDOW_MS: i64 = 5 * 60 * 1000;

impl Tries {
    fn allowed(&self, login: &str, address: &str, now_ms: i64) -> bool {
        let mut tries = self.0.lock().expect("no holder panics");
        tries.retain(|_, (_, since)| now_ms - *since < TRIES_WINDOW_MS);
        tries
            .get(&(login.to_owned(), address.to_owned()))
            .is_none_or(|(count, _)| *count < TRIES_MAX)
    }
    fn failed(&self, login: &str, address: &str, now_ms: i64) {
        let mut tries = self.0.lock().expect("no holder panics");
        tries
            .entry((login.to_owned(), address.to_owned()))
            .or_insert((0, now_ms))
            .0 += 1;
    }
    fn forget(&self, login: &str, address: &str) {
        self.0
            .lock()
            .expect("no holder panics")
            .remove(&(login.to_owned(), address.to_owned()));
    }
}

fn argon() -> Argon2<'static> {
    // OWASP's second profile: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).expect("parameters in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

pub fn hash_password(password: &str) -> anyhow::Result<String> {
    argon()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| anyhow::anyhow!("hashing: {e}"))
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A new random token of 256 bits; the store only ever sees its hash.
pub fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Opens a session. The time taken does not tell whether the login exists.
pub async fn sign_in(
    app: &App,
    caller: &Caller,
    call: SignIn,
    address: &str,
) -> Result<(SessionView, String), Problem> {
    let now_ms = clock::now_ms();
    if !app.tries.allowed(&call.login, address, now_ms) {
        return Err(Problem::new(ProblemCode::TooManyTries));
    }
    let tx = app.store.read().await?;
    let found = people::by_login(&tx, &caller.alliance, &call.login).await?;
    drop(tx);
    let hash = found.as_ref().map_or_else(decoy_hash, |(_, hash)| hash.clone());
    let permit = app
        .hashing
        .acquire()
        .await
        .map_err(|e| Problem::internal(e.to_string()))?;
    let matches = tokio::task::spawn_blocking(move || verify(&call.password, &hash)).await;
    drop(permit);
    let matches = matches.map_err(|e| Problem::internal(e.to_string()))?;
    let Some((person, _)) = found.filter(|(person, _)| matches && person.active) else {
        app.tries.failed(&call.login, address, now_ms);
        return Err(Problem::new(ProblemCode::BadCredentials));
    };
    app.tries.forget(&call.login, address);
    let token = new_token();
    let actor = actor_of(&caller.alliance, &person);
    let change = app.work().await?;
    let record = sessions::SessionRecord {
        token_sha256: token_hash(&token),
        person: person.id.clone(),
        created_ms: now_ms,
        last_seen_ms: now_ms,
        expires_ms: now_ms + SESSION_ABSOLUTE_MS,
    };
    sessions::delete_expired(&change, now_ms).await?;
    answers::forget_before(&change, now_ms - ANSWER_KEPT_MS).await?;
    sessions::insert(&change, &caller.alliance, &record).await?;
    let view = view(app, &change, &caller.alliance, &actor).await?;
    let by = Caller {
        actor: Some(actor),
        ..caller.clone()
    };
    change.deed(changes::deed(&by, Event::SessionOpened, person.id.to_string()));
    app.commit(change.done(())).await?;
    Ok((view, token))
}

/// A hash that no password matches, so that an unknown login costs the same time.
fn decoy_hash() -> String {
    static DECOY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    DECOY
        .get_or_init(|| hash_password(&new_token()).unwrap_or_default())
        .clone()
}

pub async fn sign_out(app: &App, caller: &Caller, token: Option<&str>) -> Result<Done, Problem> {
    if let (Some(token), Some(actor)) = (token, &caller.actor) {
        let change = app.work().await?;
        sessions::delete(&change, &token_hash(token)).await?;
        change.deed(changes::deed(caller, Event::SessionClosed, actor.person.to_string()));
        app.commit(change.done(())).await?;
    }
    Ok(Done { done: true })
}

/// The actor behind a token, when the session lives; its use is noted at most once a minute.
pub async fn actor(app: &App, token: &str) -> Result<Option<Actor>, Problem> {
    let now_ms = clock::now_ms();
    let hash = token_hash(token);
    let tx = app.store.read().await?;
    let found = sessions::find(&tx, &hash).await?;
    drop(tx);
    let Some((alliance, session, person)) = found else {
        return Ok(None);
    };
    let alive = now_ms < session.expires_ms && now_ms - session.last_seen_ms < SESSION_IDLE_MS && person.active;
    if !alive {
        return Ok(None);
    }
    if now_ms - session.last_seen_ms > 60_000 {
        let change = app.work().await?;
        sessions::touch(&change, &hash, now_ms).await?;
        app.commit(change.done(())).await?;
    }
    Ok(Some(actor_of(&alliance, &person)))
}

fn actor_of(alliance: &AllianceId, person: &Person) -> Actor {
    Actor {
        alliance: alliance.clone(),
        person: person.id.clone(),
        role: person.role,
        organization: person.organization.clone(),
        instructor: person.instructor.clone(),
    }
}

pub async fn read(app: App, caller: Caller, _: ReadSession) -> Result<SessionView, Problem> {
    let tx = app.store.read().await?;
    view(&app, &tx, &caller.alliance, caller.actor()?).await
}

/// Who an actor is, with names.
pub async fn view(app: &App, tx: &Tx, alliance: &AllianceId, actor: &Actor) -> Result<SessionView, Problem> {
    let catalog = app.catalog(tx, alliance).await?;
    let record = store::alliances::get(tx, alliance).await?;
    let person = people::get(tx, alliance, &actor.person)
        .await?
        .ok_or_else(Problem::not_found)?;
    let organization = actor
        .organization
        .as_ref()
        .and_then(|id| catalog.organizations.iter().find(|o| o.id == *id));
    Ok(SessionView {
        person: actor.person.clone(),
        name: person.name,
        role: actor.role,
        organization: organization.cloned(),
        instructor: actor.instructor.clone(),
        alliance: record.name,
    })
}
