//! The audit log as its auditor reads it, and as anybody with the data directory verifies it.
//!
//! The chain alone shows what was edited, deleted, swapped or inserted. That the end was cut off, the whole chain made
//! anew or an old database put back, only the anchor shows: a file outside the database to which every commit adds the
//! new end of the log.

mod anchor;

pub use anchor::{Anchor, parsed};

use crate::app::{App, Caller};
use crate::clock;
use crate::problem::Problem;
use crate::store::audit::{self, EntryFilter, EntryRecord, Head};
use crate::store::{Reader, StoreError, alliances, people};
use domain::api::*;
use domain::id::AllianceId;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Entries a page.
const PAGE: u64 = 50;
/// Entries of one read while a whole log is walked.
const STEP: u64 = 1000;

pub async fn read(app: App, caller: Caller, call: ReadAudit) -> Result<AuditView, Problem> {
    caller.may(CallName::ReadAudit)?;
    let tx = app.read().await?;
    let filter = EntryFilter {
        event: call.event,
        actor: call.actor,
        subject: call.subject,
        before: call.before,
    };
    let found = audit::list(&tx, &caller.alliance, &filter, PAGE + 1).await?;
    let more = found.len() as u64 > PAGE;
    let head = audit::head(&tx, &caller.alliance).await?;
    let zone = alliances::get(&tx, &caller.alliance).await?.zone;
    let names = people::names(&tx, &caller.alliance).await?;
    let names = names.into_iter().map(|(person, name)| (person.to_string(), name));
    let entry = |entry: EntryRecord| EntryView {
        at_min: clock::civil_at(&zone, entry.at_ms),
        seq: entry.seq,
        actor: entry.actor,
        role: entry.role,
        organization: entry.organization,
        event: entry.event,
        subject: entry.subject,
        facts: facts(&entry.facts),
        sha256: entry.sha256,
    };
    let entries: Vec<EntryView> = found.into_iter().take(PAGE as usize).map(entry).collect();
    Ok(AuditView {
        next: entries.last().map(|entry| entry.seq).filter(|_| more),
        entries,
        head_seq: head.seq,
        head_sha256: head.sha256,
        people: names.collect(),
    })
}

/// Facts as words; what cannot be read is shown as it is stored.
fn facts(stored: &str) -> BTreeMap<String, String> {
    let parsed: Result<BTreeMap<String, serde_json::Value>, _> = serde_json::from_str(stored);
    let word = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match parsed {
        Ok(facts) => facts.into_iter().map(|(name, value)| (name, word(value))).collect(),
        Err(_) => BTreeMap::from([("unreadable".into(), stored.to_owned())]),
    }
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// An entry is not there; the next one is.
    Missing { seq: i64 },
    /// An entry is not what was written, or does not follow the one before it.
    Altered { seq: i64 },
    /// The log does not end where its head says.
    HeadDiffers { head: i64, last: i64 },
    /// The anchor has seen a later end: the log was cut off, or an old database was put back.
    CutOff { last: i64, anchored: i64 },
    /// The anchor has seen another entry at this place: the chain was made anew.
    Replaced { seq: i64 },
}

/// For whoever runs the server.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Missing { seq } => write!(f, "entry {seq} is missing"),
            Finding::Altered { seq } => write!(f, "entry {seq} is not what was written, or not in its place"),
            Finding::HeadDiffers { head, last } => {
                write!(f, "the log should end with entry {head}, but ends with {last}")
            }
            Finding::CutOff { last, anchored } => write!(
                f,
                "entry {anchored} was written once, but the log ends with {last}: it was cut off, or an old database was put back"
            ),
            Finding::Replaced { seq } => write!(f, "entry {seq} is another than was anchored: the log was made anew"),
        }
    }
}

/// A log and what is wrong with it: nothing, when it is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    pub alliance: AllianceId,
    pub head_seq: i64,
    pub head_sha256: String,
    /// How many ends of the log were anchored outside the database.
    pub anchored: usize,
    pub findings: Vec<Finding>,
}

/// Walks every log from its first entry to its last and compares it with the ends that were anchored.
pub async fn verify(store: &Reader, anchored: &[Head]) -> Result<Vec<Judgement>, StoreError> {
    let tx = store.read().await?;
    let mut judgements = Vec::new();
    for alliance in alliances::list(&tx).await? {
        let known: Vec<&Head> = anchored.iter().filter(|head| head.alliance == alliance.id).collect();
        let head = audit::head(&tx, &alliance.id).await?;
        let mut walk = Walk::new(&alliance.id, &known);
        loop {
            let entries = audit::after(&tx, &alliance.id, walk.last, STEP).await?;
            if entries.is_empty() {
                break;
            }
            entries.iter().for_each(|entry| walk.step(entry));
        }
        judgements.push(Judgement {
            anchored: known.len(),
            findings: walk.end(&head),
            alliance: alliance.id,
            head_seq: head.seq,
            head_sha256: head.sha256,
        });
    }
    Ok(judgements)
}

/// One walk along a chain.
struct Walk<'a> {
    alliance: &'a AllianceId,
    /// What was anchored and is still to be met, in order.
    ahead: BTreeMap<i64, Vec<&'a str>>,
    last: i64,
    sha256: String,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(alliance: &'a AllianceId, known: &[&'a Head]) -> Self {
        let mut ahead = BTreeMap::<i64, Vec<&str>>::new();
        for head in known {
            ahead.entry(head.seq).or_default().push(&head.sha256);
        }
        Self {
            alliance,
            ahead,
            last: 0,
            sha256: String::new(),
            findings: Vec::new(),
        }
    }

    fn step(&mut self, entry: &EntryRecord) {
        let missing = (self.last + 1..entry.seq).map(|seq| Finding::Missing { seq });
        self.findings.extend(missing);
        if audit::chained(self.alliance, &self.sha256, entry) != entry.sha256 {
            self.findings.push(Finding::Altered { seq: entry.seq });
        }
        let anchored = self.ahead.remove(&entry.seq).unwrap_or_default();
        if anchored.iter().any(|sha256| *sha256 != entry.sha256) {
            self.findings.push(Finding::Replaced { seq: entry.seq });
        }
        self.last = entry.seq;
        // From here on as stored, so that one altered entry is one finding.
        self.sha256 = entry.sha256.clone();
    }

    fn end(mut self, head: &Head) -> Vec<Finding> {
        if head.seq != self.last || head.sha256 != self.sha256 {
            self.findings.push(Finding::HeadDiffers {
                head: head.seq,
                last: self.last,
            });
        }
        let last = self.last;
        if let Some((anchored, _)) = self.ahead.last_key_value().filter(|(seq, _)| **seq > last) {
            let anchored = *anchored;
            self.findings.push(Finding::CutOff { last, anchored });
        }
        self.findings
    }
}
