//! One change: its effect, the reply under its key, its audit entry and its outbox row, all in one transaction.
//!
//! A `Change` is a transaction that its holder cannot commit. It can only be finished with a reply, and finishing is what
//! writes the rest: a use case cannot forget it. Work without an event (a lease renewed, a session touched) leaves no
//! entry, because nothing has happened that anybody would ask about.

use super::answers::{self, Claim};
use super::audit::{self, Head};
use super::outbox::{self, OutboxRecord};
use super::{Store, StoreError, Tx};
use domain::access::Actor;
use domain::event::Event;
use domain::id::AllianceId;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Deref;
use std::sync::Mutex;

/// What has happened: the one source of an audit entry and an outbox row.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// Entry and row have the same id.
    pub id: String,
    pub alliance: AllianceId,
    pub by: By,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Civil minutes of the alliance.
    pub at_min: i64,
    pub event: Event,
    /// The id of what it is about.
    pub subject: String,
    /// Ids, codes and numbers; never a name.
    pub facts: BTreeMap<&'static str, Fact>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq)]
pub enum By {
    Person(Actor),
    /// Nobody who has signed in.
    Visitor,
    /// The program itself.
    System,
}

/// One detail of a deed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    Number(i64),
    /// An id or a code.
    Word(String),
}

impl From<i64> for Fact {
    fn from(number: i64) -> Self {
        Fact::Number(number)
    }
}

impl From<&'static str> for Fact {
    fn from(code: &'static str) -> Self {
        Fact::Word(code.to_owned())
    }
}

impl Fact {
    pub fn id(id: &impl Display) -> Self {
        Fact::Word(id.to_string())
    }
}

/// A transaction that commits with everything that belongs to it, or not at all.
pub struct Change {
    tx: Tx,
    claim: Option<Claim>,
    deeds: Mutex<Vec<Deed>>,
}

/// What a key leads to.
pub enum Begun {
    /// To its effect.
    Fresh(Change),
    /// To the reply that it has had.
    Answered(Vec<u8>),
    /// It belongs to another write.
    Reused,
}

/// A change that is ready to commit.
pub struct Finished<R> {
    change: Change,
    reply: R,
    changed: bool,
}

/// What a commit leaves behind.
pub struct Committed {
    /// The reply as JSON, the same bytes that a repeat gets.
    pub reply: Vec<u8>,
    /// Where the audit log of each alliance now ends.
    pub heads: Vec<Head>,
    /// What has happened.
    pub events: Vec<Event>,
}

impl Store {
    /// The change behind a key, or the reply that it has had.
    pub async fn change(&self, claim: Claim, deed: Deed) -> Result<Begun, StoreError> {
        let tx = self.write().await?;
        if answers::claim(&tx, &deed.alliance, &claim).await? {
            return Ok(Begun::Fresh(Change::new(tx, Some(claim), vec![deed])));
        }
        let known = answers::get(&tx, &deed.alliance, &claim).await?;
        Ok(match known {
            Some(reply) => Begun::Answered(reply),
            None => Begun::Reused,
        })
    }

    /// A change without a key: the program's own work, and sessions. What has happened is told by `Change::deed`.
    pub async fn work(&self) -> Result<Change, StoreError> {
        Ok(Change::new(self.write().await?, None, Vec::new()))
    }
}

impl Change {
    fn new(tx: Tx, claim: Option<Claim>, deeds: Vec<Deed>) -> Self {
        let deeds = Mutex::new(deeds);
        Self { tx, claim, deeds }
    }

    /// One more thing that has happened.
    pub fn deed(&self, deed: Deed) {
        self.deeds.lock().expect("no holder panics").push(deed);
    }

    /// A detail of what has happened last.
    pub fn fact(&self, name: &'static str, fact: impl Into<Fact>) {
        if let Some(deed) = self.deeds.lock().expect("no holder panics").last_mut() {
            deed.facts.insert(name, fact.into());
        }
    }

    pub fn done<R>(self, reply: R) -> Finished<R> {
        let change = self;
        Finished {
            change,
            reply,
            changed: true,
        }
    }

    /// The thing was as it was asked to be already: a reply, and no trace.
    pub fn unchanged<R>(self, reply: R) -> Finished<R> {
        let change = self;
        Finished {
            change,
            reply,
            changed: false,
        }
    }
}

/// Reading and writing rows; committing is not among what a transaction's reference can do.
impl Deref for Change {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl<R: Serialize> Finished<R> {
    pub async fn commit(self) -> Result<Committed, StoreError> {
        let Change { tx, claim, deeds } = self.change;
        let reply = serde_json::to_vec(&self.reply).map_err(|why| StoreError::Broken(why.to_string()))?;
        let deeds = deeds.into_inner().expect("no holder panics");
        if let (Some(claim), Some(deed)) = (&claim, deeds.first()) {
            answers::fill(&tx, &deed.alliance, claim, &reply).await?;
        }
        let mut heads = Vec::new();
        for deed in deeds.iter().filter(|_| self.changed) {
            outbox::add(&tx, &deed.alliance, &OutboxRecord::of(deed)?).await?;
        }
        // The log comes last: its head is where all writers of an alliance meet, and nobody waits for it long.
        for deed in deeds.iter().filter(|_| self.changed) {
            heads.push(audit::append(&tx, deed).await?);
        }
        tx.commit().await?;
        let events = deeds.iter().map(|deed| deed.event).collect();
        Ok(Committed { reply, heads, events })
    }
}
