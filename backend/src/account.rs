//! One's own account: password, sessions, second factor. Coming in is `session`.

use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::problem::Problem;
use crate::session::{self, is_alive, token_hash};
use crate::store::{
    Change, Finished, Tx, alliances, former_passwords, identities, people, phones, second_factors, sessions,
};
use crate::totp;
use crate::tries;
use domain::api::*;
use domain::event::Event;
use domain::id::SessionId;
use domain::password::{self, Password};
use domain::violation::Violation;
use sha2::{Digest, Sha256};

const RECOVERY_CODES: usize = 10;
/// The least of `zxcvbn`'s scores that is taken: below it a password is among the first hundred million guesses.
const SCORE_MIN: zxcvbn::Score = zxcvbn::Score::Three;

pub async fn read(app: App, caller: Caller, _: ReadAccount) -> Result<AccountView, Problem> {
    caller.may(CallName::ReadAccount)?;
    let tx = app.read().await?;
    view(&app, &tx, &caller).await
}

pub async fn view(app: &App, tx: &Tx, caller: &Caller) -> Result<AccountView, Problem> {
    let actor = caller.actor()?;
    let person = people::get(tx, &caller.alliance, &actor.person).await?;
    let person = person.ok_or_else(Problem::not_found)?;
    let alliance = alliances::get(tx, &caller.alliance).await?;
    let zone = &alliance.zone;
    let row = |session: sessions::SessionRecord| {
        let id = id_of(&session.token_sha256);
        SessionRow {
            here: caller.session.as_ref() == Some(&id),
            id,
            opened_at_min: clock::civil_at(zone, session.created_ms),
            seen_at_min: clock::civil_at(zone, session.last_seen_ms),
        }
    };
    let open = alive(tx, caller).await?;
    let password_until_min = match app.config.password_lasts_ms() {
        Some(lasts_ms) => {
            let set_ms = people::password_set_ms(tx, &caller.alliance, &actor.person).await?;
            Some(clock::civil_at(zone, set_ms + lasts_ms))
        }
        None => None,
    };
    Ok(AccountView {
        person: actor.person.clone(),
        name: person.name,
        login: person.login,
        phone: phones::get(tx, &caller.alliance, &actor.person)
            .await?
            .map(|phone| phone.masked()),
        role: actor.role,
        bar: actor.bar,
        sessions: open.into_iter().map(row).collect(),
        second_factor: second_factors::is_confirmed(tx, &caller.alliance, &actor.person).await?,
        second_factor_needed: alliance.second_factor_required && actor.role.needs_second_factor(),
        recovery_codes_left: second_factors::codes_left(tx, &caller.alliance, &actor.person).await? as i64,
        password_profile: app.config.password_profile,
        password_until_min,
        sign_on: sign_on(app, tx, caller).await?,
    })
}

/// The identity provider, where there is one.
async fn sign_on(app: &App, tx: &Tx, caller: &Caller) -> Result<Option<SignOnView>, Problem> {
    let Some(provider) = &app.sign_on else {
        return Ok(None);
    };
    let settings = &provider.settings;
    let linked = identities::of(tx, &caller.alliance, &caller.actor()?.person, &settings.issuer).await?;
    Ok(Some(SignOnView {
        label: settings.label.clone(),
        label_en: settings.label_en.clone(),
        linked: linked.map(|identity| identity.subject),
    }))
}

/// What a session is called outside: its token's hash is itself a secret towards whoever reads a page.
pub fn id_of(token_sha256: &str) -> SessionId {
    SessionId::new(&hex::encode(Sha256::digest(token_sha256.as_bytes()))[..16])
}

/// What the caller could still come in by.
async fn alive(tx: &Tx, caller: &Caller) -> Result<Vec<sessions::SessionRecord>, Problem> {
    let now_ms = clock::now_ms();
    let mut open = sessions::of(tx, &caller.alliance, &caller.actor()?.person, now_ms).await?;
    open.retain(|session| is_alive(session, now_ms));
    Ok(open)
}

pub async fn end_session(
    app: App,
    caller: Caller,
    change: Change,
    call: EndSession,
) -> Result<Finished<AccountView>, Problem> {
    let open = alive(&change, &caller).await?;
    let ended = open.iter().find(|session| id_of(&session.token_sha256) == call.id);
    sessions::delete(&change, &ended.ok_or_else(Problem::not_found)?.token_sha256).await?;
    let view = view(&app, &change, &caller).await?;
    Ok(change.done(view))
}

/// Every rule that a new password breaks.
pub fn check(app: &App, password: &Password, login: &str) -> Result<(), Problem> {
    let mut broken = password::check(app.config.password_profile, password, login);
    // What is too long is not estimated: the work grows with the length.
    if broken.is_empty() && zxcvbn::zxcvbn(&password.0, &[login, "gongxun", "共训"]).score() < SCORE_MIN {
        broken.push(Violation::PasswordGuessable);
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Problem::broken(broken))
    }
}

/// The hash that was there and the one that takes its place.
pub struct NewHash {
    old: String,
    new: String,
}

/// What takes a core for a while, before the change begins: the old password is checked, the new one hashed.
pub async fn new_hash(app: App, caller: Caller, call: ChangePassword) -> Result<NewHash, Problem> {
    let (login, old) = confirmed(&app, &caller, &call.old).await?;
    check(&app, &call.new, &login)?;
    fresh(&app, &caller, &call.new, &old).await?;
    let new = session::hashed(&app, call.new).await?;
    Ok(NewHash { old, new })
}

/// Refuses the present password and those before it, as many as the profile asks for.
async fn fresh(app: &App, caller: &Caller, new: &Password, present: &str) -> Result<(), Problem> {
    let former_max = app.config.password_profile.former_max();
    if former_max == 0 {
        return Ok(());
    }
    let tx = app.read().await?;
    let former = former_passwords::of(&tx, &caller.alliance, &caller.actor()?.person).await?;
    drop(tx);
    let used = [present.to_owned()].into_iter().chain(former).take(1 + former_max);
    for hash in used {
        if session::matches(app, new.clone(), hash).await? {
            let former = former_max as i64;
            return Err(Problem::broken(vec![Violation::PasswordUsed { former }]));
        }
    }
    Ok(())
}

/// Ends every other session: who knew the old password is out.
pub async fn change_password(
    app: App,
    caller: Caller,
    change: Change,
    _: ChangePassword,
    hash: NewHash,
) -> Result<Finished<Done>, Problem> {
    let person = caller.actor()?.person.clone();
    let (alliance, now_ms) = (&caller.alliance, clock::now_ms());
    people::set_password(&change, alliance, &person, &hash.old, &hash.new, now_ms).await?;
    let former_max = app.config.password_profile.former_max();
    former_passwords::add(&change, alliance, &person, &hash.old, now_ms, former_max).await?;
    for other in sessions::of(&change, alliance, &person, now_ms).await? {
        if caller.session.as_ref() != Some(&id_of(&other.token_sha256)) {
            sessions::delete(&change, &other.token_sha256).await?;
        }
    }
    Ok(change.done(Done { done: true }))
}

/// Whoever sits at the machine proves to be the person: login and hash. Wrong tries count like those at the door.
pub async fn confirmed(app: &App, caller: &Caller, password: &Password) -> Result<(String, String), Problem> {
    let actor = caller.actor()?;
    let tx = app.read().await?;
    let person = people::get(&tx, &caller.alliance, &actor.person).await?;
    let login = person.ok_or_else(Problem::not_found)?.login;
    let found = people::by_login(&tx, &caller.alliance, &login).await?;
    drop(tx);
    let (_, hash) = found.ok_or_else(Problem::not_found)?;
    let tried = tries::begin_inside(app, caller, &login).await?;
    if !session::matches(app, password.clone(), hash.clone()).await? {
        return Err(Problem::new(ProblemCode::BadCredentials));
    }
    let change = app.work().await?;
    tried.right(&change).await?;
    app.commit(change.done(())).await?;
    Ok((login, hash))
}

/// A secret for an authenticator app; it counts once a code of it was typed.
pub async fn start_second_factor(
    app: App,
    caller: Caller,
    call: StartSecondFactor,
) -> Result<SecondFactorSecret, Problem> {
    let (login, _) = confirmed(&app, &caller, &call.password).await?;
    let person = caller.actor()?.person.clone();
    let secret = totp::new_secret();
    let change = app.work().await?;
    let known = second_factors::get(&change, &caller.alliance, &person).await?;
    if known.is_some_and(|factor| factor.confirmed) {
        return Err(Problem::new(ProblemCode::WrongState));
    }
    crate::second_factors::put(&app, &change, &caller.alliance, &person, &secret).await?;
    change.deed(changes::deed(&caller, Event::SecondFactorStarted, person.to_string()));
    app.commit(change.done(())).await?;
    Ok(SecondFactorSecret {
        secret: totp::base32(&secret),
        address: totp::address(&secret, &login),
    })
}

/// The first code confirms the secret, and brings the recovery codes, which are shown this once.
pub async fn confirm_second_factor(
    app: App,
    caller: Caller,
    call: ConfirmSecondFactor,
) -> Result<RecoveryCodes, Problem> {
    let person = caller.actor()?.person.clone();
    let change = app.work().await?;
    let known = second_factors::get(&change, &caller.alliance, &person).await?;
    let factor = known.filter(|factor| !factor.confirmed);
    let factor = factor.ok_or_else(|| Problem::new(ProblemCode::WrongState))?;
    let secret = crate::second_factors::secret(&app, &caller.alliance, &person, &factor);
    let secret = secret.ok_or_else(|| Problem::internal("a secret that was just made does not open"))?;
    let step = totp::accepted(&secret, &call.code, clock::now_ms(), factor.last_step);
    let step = step.ok_or_else(|| Problem::new(ProblemCode::BadCredentials))?;
    second_factors::open(&change, &caller.alliance, &person, step).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes: Vec<String> = codes.iter().map(|code| token_hash(code)).collect();
    second_factors::put_codes(&change, &caller.alliance, &person, &hashes).await?;
    change.deed(changes::deed(&caller, Event::SecondFactorSet, person.to_string()));
    app.commit(change.done(())).await?;
    Ok(RecoveryCodes { codes })
}

/// Fifty bits in two groups, without letters that look alike.
fn recovery_code() -> String {
    let text = totp::base32(&rand::random::<[u8; 7]>()).to_lowercase();
    format!("{}-{}", &text[..5], &text[5..10])
}

/// The password once more, before the second factor goes.
pub async fn known(app: App, caller: Caller, call: EndSecondFactor) -> Result<(), Problem> {
    confirmed(&app, &caller, &call.password).await.map(|_| ())
}

pub async fn end_second_factor(
    _: App,
    caller: Caller,
    change: Change,
    _: EndSecondFactor,
    _: (),
) -> Result<Finished<Done>, Problem> {
    let person = caller.actor()?.person.clone();
    if second_factors::get(&change, &caller.alliance, &person).await?.is_none() {
        return Ok(change.unchanged(Done { done: true }));
    }
    second_factors::delete(&change, &caller.alliance, &person).await?;
    Ok(change.done(Done { done: true }))
}
