//! Sign-in and sessions: argon2id, opaque tokens of which only the hash is stored, idle and absolute expiry.

mod touch;

use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::config::{ANSWER_KEPT_MS, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS};
use crate::people::membership_view;
use crate::problem::Problem;
use crate::store::alliances::{self, AllianceRecord};
use crate::store::sessions::{SessionRecord, Way};
use crate::store::{Change, Fact, Finished, StoreError, Tx, answers, memberships, people, second_factors, sessions};
use crate::totp;
use crate::tries;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::access::{Actor, Bar};
use domain::api::{ActFor, Done, ProblemCode, ReadSession, SessionView, SignIn};
use domain::event::Event;
use domain::id::{AllianceId, PersonId};
use domain::password::Password;
use domain::people::{Membership, Person, Role};
use sha2::{Digest, Sha256};

/// Of what is typed as a login no more is looked at.
const LOGIN_LEN_MAX: usize = 64;

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

/// Whether a password is that of a hash; at most two look at one time.
pub async fn matches(app: &App, password: Password, hash: String) -> Result<bool, Problem> {
    hashing(app, move || verify(&password.0, &hash)).await
}

/// The hash of a new password.
pub async fn hashed(app: &App, password: Password) -> Result<String, Problem> {
    let hash = hashing(app, move || hash_password(&password.0)).await?;
    hash.map_err(|error| Problem::internal(error.to_string()))
}

async fn hashing<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let failed = |error: String| Problem::internal(error);
    let permit = app.hashing.acquire().await.map_err(|e| failed(e.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|e| failed(e.to_string()))
}

/// Opens a session in the place of the one that the browser brought, under a new token. The time taken does not tell
/// whether the login exists.
pub async fn sign_in(
    app: &App,
    caller: &Caller,
    call: SignIn,
    address: &str,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    let login: String = call.login.chars().take(LOGIN_LEN_MAX).collect();
    let told = let_in(app, caller, (&login, call.password, call.code), address, brought).await;
    tries::note(&login, address, &told);
    told
}

async fn let_in(
    app: &App,
    caller: &Caller,
    (login, password, code): (&str, Password, Option<String>),
    address: &str,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    let now_ms = clock::now_ms();
    let tried = tries::begin(app, caller, login, address).await?;
    let tx = app.read().await?;
    let found = people::by_login(&tx, &caller.alliance, login).await?;
    drop(tx);
    let hash = found.as_ref().map_or_else(decoy_hash, |(_, hash)| hash.clone());
    let matches = matches(app, password, hash.clone()).await?;
    let refused = || Problem::new(ProblemCode::BadCredentials);
    let person = found
        .map(|(person, _)| person)
        .filter(|person| matches && person.active);
    let person = person.ok_or_else(refused)?;
    let change = app.work().await?;
    // Hashing takes a while: the login may have been shut and the password changed meanwhile.
    let now = people::hold(&change, &caller.alliance, &person.id).await?;
    let now = now.filter(|(person, now)| person.active && *now == hash);
    let (person, _) = now.ok_or_else(refused)?;
    let by = as_person(caller, &person);
    match second_factor(app, &change, &by, &person.id, code.as_deref(), now_ms).await {
        Ok(true) => {}
        Ok(false) => return Err(refused()),
        Err(problem) => {
            // No code at all is a question, not a try.
            drop(change);
            tried.none(app).await?;
            return Err(problem);
        }
    }
    tried.right(&change).await?;
    if let Some(token) = brought {
        sessions::delete(&change, &token_hash(token)).await?;
    }
    let opened = open(app, &change, &by, &person, Way::Password, now_ms).await?;
    app.commit(change.done(())).await?;
    Ok(opened)
}

/// The caller as somebody who is about to be let in.
pub fn as_person(caller: &Caller, person: &Person) -> Caller {
    Caller {
        actor: Some(actor_of(&caller.alliance, person)),
        name: person.name.clone(),
        ..caller.clone()
    }
}

/// Whether the second factor opens, where there is one.
pub async fn second_factor(
    app: &App,
    change: &Change,
    by: &Caller,
    person: &PersonId,
    code: Option<&str>,
    now_ms: i64,
) -> Result<bool, Problem> {
    let factor = second_factors::get(change, &by.alliance, person).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed) else {
        return Ok(true);
    };
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Problem::new(ProblemCode::CodeNeeded))?;
    let secret = crate::second_factors::secret(app, &by.alliance, person, &factor);
    let step = secret.and_then(|secret| totp::accepted(&secret, code, now_ms, factor.last_step));
    if let Some(step) = step {
        return Ok(second_factors::open(change, &by.alliance, person, step).await?);
    }
    let spent = second_factors::spend_code(change, &by.alliance, person, &token_hash(&code.to_lowercase())).await?;
    if spent {
        change.deed(changes::deed(by, Event::RecoveryCodeSpent, person.to_string()));
    }
    Ok(spent)
}

/// A new session of a person, told as an event; its token leaves once.
pub async fn open(
    app: &App,
    change: &Change,
    by: &Caller,
    person: &Person,
    way: Way,
    now_ms: i64,
) -> Result<(SessionView, String), Problem> {
    let token = new_token();
    let record = SessionRecord {
        token_sha256: token_hash(&token),
        person: person.id.clone(),
        created_ms: now_ms,
        last_seen_ms: now_ms,
        expires_ms: now_ms + SESSION_ABSOLUTE_MS,
        opened_by: way,
    };
    sessions::delete_expired(change, now_ms).await?;
    answers::forget_before(change, now_ms - ANSWER_KEPT_MS).await?;
    sessions::insert(change, &by.alliance, &record).await?;
    change.deed(changes::deed(by, Event::SessionOpened, person.id.to_string()));
    let actor = Actor {
        bar: bar_at_door(app, change, &by.alliance, person, way).await?,
        ..by.actor()?.clone()
    };
    Ok((view(app, change, &actor, &person.name).await?, token))
}

/// What keeps whoever has just come in.
async fn bar_at_door(
    app: &App,
    change: &Change,
    alliance: &AllianceId,
    person: &Person,
    way: Way,
) -> Result<Option<Bar>, StoreError> {
    if has_aged(app, way, people::password_set_ms(change, alliance, &person.id).await?) {
        return Ok(Some(Bar::Password));
    }
    let alliance = alliances::get(change, alliance).await?;
    lacking_factor(change, &alliance, &person.id, person.role).await
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

/// Who comes with a token.
pub struct Known {
    pub actor: Actor,
    pub name: String,
    pub alliance: AllianceRecord,
}

/// Neither too old nor unused for too long.
pub fn is_alive(session: &SessionRecord, now_ms: i64) -> bool {
    now_ms < session.expires_ms && now_ms - session.last_seen_ms < SESSION_IDLE_MS
}

/// The actor behind a token and the alliance, when the session lives; its use is noted at most once a minute. What keeps
/// the actor from everything else is found here, so that another role and another rule hold from the next request.
pub async fn actor(app: &App, tx: &Tx, token: &str) -> Result<Option<Known>, Problem> {
    let now_ms = clock::now_ms();
    let hash = token_hash(token);
    let Some(opened) = sessions::find(tx, &hash).await? else {
        return Ok(None);
    };
    let (session, person) = (opened.session, opened.person);
    if !is_alive(&session, now_ms) || !person.active {
        return Ok(None);
    }
    if now_ms - session.last_seen_ms > 60_000 {
        touch::touch(app.at_any_moment(), hash, now_ms);
    }
    let alliance = alliances::get(tx, &opened.alliance).await?;
    let bar = match has_aged(app, session.opened_by, opened.password_set_ms) {
        true => Some(Bar::Password),
        false => lacking_factor(tx, &alliance, &person.id, person.role).await?,
    };
    let actor = Actor {
        bar,
        ..actor_of(&alliance.id, &person)
    };
    Ok(Some(Known {
        actor,
        name: person.name,
        alliance,
    }))
}

/// Whether somebody has come in by a password that is too old. Who came in without it need not keep one.
fn has_aged(app: &App, way: Way, password_set_ms: i64) -> bool {
    let lasts_ms = app.config.password_lasts_ms().filter(|_| way == Way::Password);
    lasts_ms.is_some_and(|lasts_ms| clock::now_ms() - password_set_ms >= lasts_ms)
}

/// The second factor that a role needs and its person has not.
async fn lacking_factor(
    tx: &Tx,
    alliance: &AllianceRecord,
    person: &PersonId,
    role: Role,
) -> Result<Option<Bar>, StoreError> {
    let needs = alliance.second_factor_required && role.needs_second_factor();
    let lacks = needs && !second_factors::is_confirmed(tx, &alliance.id, person).await?;
    Ok(lacks.then_some(Bar::SecondFactor))
}

/// Another of the own memberships, from the next request on.
pub async fn act_for(app: App, caller: Caller, change: Change, call: ActFor) -> Result<Finished<SessionView>, Problem> {
    let person = caller.actor()?.person.clone();
    let held = memberships::of(&change, &caller.alliance, &person).await?;
    let seat = held.into_iter().find(|held| held.organization == call.organization);
    let seat = seat.ok_or_else(Problem::not_found)?;
    if let Some(organization) = &seat.organization {
        change.fact("organization", Fact::id(organization));
    }
    acting(&app, change, &caller, &seat).await
}

/// Acts as this from now on, and answers as who that is.
pub async fn acting(
    app: &App,
    change: Change,
    caller: &Caller,
    seat: &Membership,
) -> Result<Finished<SessionView>, Problem> {
    let actor = caller.actor()?;
    people::act(&change, &caller.alliance, &actor.person, seat).await?;
    let alliance = alliances::get(&change, &caller.alliance).await?;
    let bar = match actor.bar {
        Some(Bar::Password) => actor.bar,
        _ => lacking_factor(&change, &alliance, &actor.person, seat.role).await?,
    };
    let actor = Actor {
        bar,
        role: seat.role,
        organization: seat.organization.clone(),
        ..actor.clone()
    };
    let view = view(app, &change, &actor, &caller.name).await?;
    Ok(change.done(view))
}

fn actor_of(alliance: &AllianceId, person: &Person) -> Actor {
    Actor {
        alliance: alliance.clone(),
        person: person.id.clone(),
        role: person.role,
        organization: person.organization.clone(),
        instructor: person.instructor.clone(),
        bar: None,
    }
}

pub async fn read(app: App, caller: Caller, _: ReadSession) -> Result<SessionView, Problem> {
    let tx = app.read().await?;
    view(&app, &tx, caller.actor()?, &caller.name).await
}

/// Who an actor is, with names; `name` is the person's.
pub async fn view(app: &App, tx: &Tx, actor: &Actor, name: &str) -> Result<SessionView, Problem> {
    let alliance = &actor.alliance;
    let catalog = app.catalog(tx, alliance).await?;
    let record = alliances::get(tx, alliance).await?;
    let organization = actor
        .organization
        .as_ref()
        .and_then(|id| catalog.organizations.iter().find(|o| o.id == *id));
    let held = memberships::of(tx, alliance, &actor.person).await?;
    let memberships = held.iter().map(|held| membership_view(&catalog, held)).collect();
    Ok(SessionView {
        memberships,
        bar: actor.bar,
        person: actor.person.clone(),
        name: name.to_owned(),
        role: actor.role,
        organization: organization.cloned(),
        instructor: actor.instructor.clone(),
        alliance: record.name,
    })
}
