//! Single sign-on: an identity that a provider proves is linked to a person by that person, and opens sessions from then on.
//!
//! It is never found by a name, an address or a login: those change hands. What was proved travels from one page to the next
//! in a sealed ticket for one purpose and one person, because linking is a write of its own, with the password once more.

pub mod provider;

use crate::account;
use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::problem::Problem;
use crate::session;
use crate::store::identities::{self, Identity};
use crate::store::second_factors::{self, Sealed};
use crate::store::sessions::Way;
use crate::store::{Change, Finished, people, sessions};
use crate::tries;
use domain::api::*;
use domain::event::Event;
use domain::id::PersonId;
use domain::people::Person;
use provider::{Failure, Journey, Proof, Provider};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long the way to the provider and back may take.
pub const JOURNEY_MS: i64 = 10 * 60 * 1000;
/// How long what was proved may be used on the next page.
pub const TICKET_MS: i64 = 5 * 60 * 1000;

/// What somebody sets out for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// And then to a page of this site.
    SignIn {
        back: String,
    },
    Link {
        person: PersonId,
    },
    Join {
        token: String,
    },
}

#[derive(Serialize, Deserialize)]
struct SetOut {
    purpose: Purpose,
    journey: Journey,
    until_ms: i64,
}

/// For what and for whom a ticket is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Good<'a> {
    ToLink(&'a PersonId),
    /// The token of the invitation.
    ToJoin(&'a str),
    /// To come in, after a code of the second factor.
    ToEnter,
}

impl Good<'_> {
    fn parts(self) -> [String; 2] {
        match self {
            Good::ToLink(person) => ["link".into(), person.to_string()],
            Good::ToJoin(token) => ["join".into(), session::token_hash(token)],
            Good::ToEnter => ["enter".into(), String::new()],
        }
    }
}

/// An identity that was proved a moment ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub issuer: String,
    pub subject: String,
    /// As its owner knows it; kept nowhere.
    pub name: String,
    until_ms: i64,
}

impl Ticket {
    pub fn new(proof: Proof, now_ms: i64) -> Self {
        let Identity { issuer, subject } = proof.identity;
        Self {
            issuer,
            subject,
            name: proof.name,
            until_ms: now_ms + TICKET_MS,
        }
    }

    fn identity(&self) -> Identity {
        Identity {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
        }
    }
}

pub fn provider(app: &App) -> Result<&Provider, Problem> {
    app.sign_on.as_ref().ok_or_else(Problem::not_found)
}

fn failed(failure: Failure) -> Problem {
    let (code, why) = match failure {
        Failure::Away(why) => (ProblemCode::SignOnAway, why),
        Failure::Refused(why) => (ProblemCode::SignOnRefused, why),
    };
    tracing::warn!(code = ?code, why, "single sign-on failed");
    Problem::new(code)
}

/// The provider's address for a purpose, and what the browser keeps until it comes back.
pub async fn set_out(app: &App, purpose: Purpose) -> Result<(String, String), Problem> {
    let (address, journey) = provider(app)?.set_out().await.map_err(failed)?;
    let until_ms = clock::now_ms() + JOURNEY_MS;
    let kept = seal(
        app,
        "journey",
        &[],
        &SetOut {
            purpose,
            journey,
            until_ms,
        },
    )?;
    Ok((address, kept))
}

/// What somebody set out for, and what the provider proves.
pub async fn come_back(app: &App, kept: &str, state: &str, code: &str) -> Result<(Purpose, Proof), Problem> {
    let provider = provider(app)?;
    let set_out: Option<SetOut> = open(app, "journey", &[], kept);
    let set_out = set_out.filter(|set_out| clock::now_ms() < set_out.until_ms);
    let set_out = set_out.ok_or_else(|| failed(Failure::Refused("nobody set out here".into())))?;
    let proof = provider.come_back(set_out.journey, state, code).await.map_err(failed)?;
    Ok((set_out.purpose, proof))
}

pub fn ticket(app: &App, good: Good, ticket: &Ticket) -> Result<String, Problem> {
    let parts = good.parts();
    seal(app, "ticket", &[&parts[0], &parts[1]], ticket)
}

/// A ticket that is good for this, for a while yet.
pub fn opened(app: &App, good: Good, text: &str) -> Option<Ticket> {
    let parts = good.parts();
    let ticket: Option<Ticket> = open(app, "ticket", &[&parts[0], &parts[1]], text);
    ticket.filter(|ticket| clock::now_ms() < ticket.until_ms)
}

fn seal<T: Serialize>(app: &App, purpose: &str, parts: &[&str], what: &T) -> Result<String, Problem> {
    let internal = |error: String| Problem::internal(error);
    let text = serde_json::to_vec(what).map_err(|error| internal(error.to_string()))?;
    let sealed = app.keys.seal(purpose, parts, &text);
    let sealed = sealed.map_err(|error| internal(format!("{error:#}")))?;
    Ok(format!("{}.{}", sealed.key, hex::encode(sealed.bytes)))
}

fn open<T: DeserializeOwned>(app: &App, purpose: &str, parts: &[&str], text: &str) -> Option<T> {
    let (key, bytes) = text.split_once('.')?;
    let sealed = Sealed {
        key: key.to_owned(),
        bytes: hex::decode(bytes).ok()?,
    };
    let text = app.keys.open(purpose, parts, &sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

/// The person whose an identity is, when the login is open; anybody else is told that it is linked to nobody.
async fn person(app: &App, caller: &Caller, identity: &Identity) -> Result<Person, Problem> {
    let unknown = || Problem::new(ProblemCode::IdentityUnknown);
    let tx = app.read().await?;
    let id = identities::find(&tx, &caller.alliance, identity)
        .await?
        .ok_or_else(unknown)?;
    let person = people::get(&tx, &caller.alliance, &id).await?;
    person.filter(|person| person.active).ok_or_else(unknown)
}

/// The same person as they now are: the login may have been shut, and the identity unlinked, since somebody looked.
async fn still(change: &Change, caller: &Caller, person: &Person, identity: &Identity) -> Result<Person, Problem> {
    let now = people::hold(change, &caller.alliance, &person.id).await?;
    let linked = identities::find(change, &caller.alliance, identity).await?;
    let now = now.filter(|(now, _)| now.active && linked.as_ref() == Some(&now.id));
    now.map(|(person, _)| person)
        .ok_or_else(|| Problem::new(ProblemCode::IdentityUnknown))
}

/// Opens a session for whoever was proved; a second factor is asked for all the same, unless the provider has asked for more
/// than a password.
pub async fn enter(
    app: &App,
    caller: &Caller,
    proof: &Proof,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    let person = person(app, caller, &proof.identity).await?;
    let change = app.work().await?;
    let person = still(&change, caller, &person, &proof.identity).await?;
    let asked = second_factors::is_confirmed(&change, &caller.alliance, &person.id).await?;
    if asked && !proof.strong {
        return Err(Problem::new(ProblemCode::CodeNeeded));
    }
    begun(app, caller, change, &person, brought).await
}

/// The same with the code that was asked for. Wrong ones count like those at the door.
pub async fn enter_by_code(
    app: &App,
    caller: &Caller,
    ticket: &Ticket,
    code: &str,
    address: &str,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    let person = person(app, caller, &ticket.identity()).await?;
    let told = coded(app, caller, ticket, (&person, code), address, brought).await;
    tries::note(&person.login, address, &told);
    told
}

async fn coded(
    app: &App,
    caller: &Caller,
    ticket: &Ticket,
    (person, code): (&Person, &str),
    address: &str,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    let tried = tries::begin(app, caller, &person.login, address).await?;
    let change = app.work().await?;
    let person = still(&change, caller, person, &ticket.identity()).await?;
    let by = session::as_person(caller, &person);
    if !session::second_factor(app, &change, &by, &person.id, Some(code), clock::now_ms()).await? {
        return Err(Problem::new(ProblemCode::BadCredentials));
    }
    tried.right(&change).await?;
    begun(app, caller, change, &person, brought).await
}

async fn begun(
    app: &App,
    caller: &Caller,
    change: Change,
    person: &Person,
    brought: Option<&str>,
) -> Result<(SessionView, String), Problem> {
    if let Some(token) = brought {
        sessions::delete(&change, &session::token_hash(token)).await?;
    }
    let by = session::as_person(caller, person);
    let opened = session::open(app, &change, &by, person, Way::Provider, clock::now_ms()).await?;
    change.fact("by", "single_sign_on");
    app.commit(change.done(())).await?;
    Ok(opened)
}

/// What takes a core for a while, before the change begins: the password once more, and the ticket.
pub async fn proved(app: App, caller: Caller, call: LinkIdentity) -> Result<Identity, Problem> {
    account::confirmed(&app, &caller, &call.password).await?;
    let ticket = opened(&app, Good::ToLink(&caller.actor()?.person), &call.ticket.0);
    let ticket = ticket.ok_or_else(|| Problem::new(ProblemCode::SignOnRefused))?;
    Ok(ticket.identity())
}

/// From now on the identity opens sessions of whoever links it.
pub async fn link(
    app: App,
    caller: Caller,
    change: Change,
    _: LinkIdentity,
    identity: Identity,
) -> Result<Finished<AccountView>, Problem> {
    let person = caller.actor()?.person.clone();
    if identities::find(&change, &caller.alliance, &identity).await? != Some(person.clone()) {
        identities::insert(&change, &caller.alliance, &person, &identity, clock::now_ms()).await?;
    }
    let view = account::view(&app, &change, &caller).await?;
    Ok(change.done(view))
}

/// The identity of whoever joins, which was proved on the way.
pub async fn link_new(
    app: &App,
    change: &Change,
    by: &Caller,
    person: &PersonId,
    token: &str,
    text: &str,
) -> Result<(), Problem> {
    let ticket = opened(app, Good::ToJoin(token), text);
    let ticket = ticket.ok_or_else(|| Problem::new(ProblemCode::SignOnRefused))?;
    identities::insert(change, &by.alliance, person, &ticket.identity(), clock::now_ms()).await?;
    change.deed(changes::deed(by, Event::IdentityLinked, person.to_string()));
    Ok(())
}

pub async fn known(app: App, caller: Caller, call: UnlinkIdentity) -> Result<(), Problem> {
    account::confirmed(&app, &caller, &call.password).await.map(|_| ())
}

/// The identity opens nothing any more; sessions that it has opened go on until their end.
pub async fn unlink(
    app: App,
    caller: Caller,
    change: Change,
    _: UnlinkIdentity,
    _: (),
) -> Result<Finished<AccountView>, Problem> {
    let person = caller.actor()?.person.clone();
    let was_there = identities::delete_of(&change, &caller.alliance, &person).await?;
    let view = account::view(&app, &change, &caller).await?;
    Ok(match was_there {
        true => change.done(view),
        false => change.unchanged(view),
    })
}
