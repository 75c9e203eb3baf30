//! The invariants of the product, looked at from the outside: what must hold whatever was killed, raced or restored.
//!
//! I8 (no reply to one member holds private bytes of another) cannot be seen in a database; a test holds it.

mod pins;
mod places;

use crate::audit;
use crate::keys::Keys;
use crate::second_factors;
use crate::store::audit::Head;
use crate::store::invariants::{self, Facts, SnapshotRow};
use crate::store::{Reader, StoreError, Tx, alliances, catalog};
use domain::event::Event;
use domain::id::AllianceId;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// One invariant of one alliance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub alliance: AllianceId,
    pub invariant: &'static str,
    pub promise: &'static str,
    /// How many things were looked at.
    pub looked_at: i64,
    /// What breaks it; nothing when it holds.
    pub broken: Vec<String>,
}

/// Looks at everything in one snapshot of the database; `anchored` are ends of the audit log that were noted outside.
/// Secrets are looked at as far as `keys` has the keys that they are sealed with.
pub async fn verify(store: &Reader, anchored: &[Head], keys: &Keys) -> Result<Vec<Verdict>, StoreError> {
    let tx = store.read().await?;
    let mut verdicts = Vec::new();
    for alliance in alliances::list(&tx).await? {
        verdicts.extend(of_alliance(&tx, &alliance.id).await?);
        let (looked_at, broken) = second_factors::judged(&tx, &alliance.id, keys).await?;
        verdicts.push(Verdict {
            alliance: alliance.id,
            invariant: "KEY",
            promise: "a sealed secret opens with its key, for its person",
            looked_at,
            broken,
        });
    }
    for judged in audit::verify(store, anchored).await? {
        let broken = judged.findings.iter().map(ToString::to_string).collect();
        verdicts.push(Verdict {
            alliance: judged.alliance,
            invariant: "I5",
            promise: "the audit log is gapless, its chain verifies, and it ends where it was anchored",
            looked_at: judged.head_seq,
            broken,
        });
    }
    verdicts.sort_by(|a, b| {
        (&a.alliance, a.invariant.len(), a.invariant).cmp(&(&b.alliance, b.invariant.len(), b.invariant))
    });
    Ok(verdicts)
}

async fn of_alliance(tx: &Tx, alliance: &AllianceId) -> Result<Vec<Verdict>, StoreError> {
    let verdict = |invariant, promise, looked_at, broken| Verdict {
        alliance: alliance.clone(),
        invariant,
        promise,
        looked_at,
        broken,
    };
    let catalog = catalog::load(tx, alliance).await?;
    let occupied = invariants::occupancy(tx, alliance).await?;
    let lessons = invariants::lessons(tx, alliance).await?;
    let snapshots = invariants::snapshots(tx, alliance).await?;
    let mut published = invariants::told(tx, alliance, Event::TimetablePublished).await?;
    published.extend(invariants::told(tx, alliance, Event::LessonHandedOver).await?);
    let mut moved = invariants::told(tx, alliance, Event::LessonMoved).await?;
    moved.extend(invariants::told(tx, alliance, Event::LessonRemoved).await?);
    let answers = invariants::count(tx, "answers", alliance).await?;
    let half = invariants::half_answers(tx, alliance).await?;
    let plans = invariants::solved_plans(tx, alliance).await?;
    Ok(vec![
        verdict(
            "I1",
            "no two occupancies of one unit overlap",
            occupied.len() as i64,
            invariants::overlaps(tx, alliance).await?,
        ),
        verdict(
            "I2",
            "an instructor and a cohort are in one place, and held there with room and equipment",
            lessons.len() as i64,
            places::astray(&catalog, &lessons, &occupied),
        ),
        verdict(
            "I3",
            "a published week is what was published, byte for byte, and what the audit log says",
            snapshots.len() as i64,
            altered(&snapshots, &published),
        ),
        verdict(
            "I4",
            "a write is there wholly or not at all",
            answers,
            half.iter().map(|key| format!("key {key} has no reply")).collect(),
        ),
        verdict(
            "I6",
            "a notice is there if and only if its change committed",
            invariants::count(tx, "outbox", alliance).await?,
            invariants::unpaired(tx, alliance).await?,
        ),
        verdict(
            "I7",
            "versions only rise",
            invariants::count(tx, "requests", alliance).await?,
            invariants::versions_astray(tx, alliance).await?,
        ),
        verdict(
            "I9",
            "what was pinned is where it was pinned, unless somebody moved it by hand",
            plans.len() as i64,
            plans.iter().flat_map(|plan| pins::lost(plan, &moved)).collect(),
        ),
        verdict("I10", "a key has one effect and one reply", answers, half),
    ])
}

/// Weeks whose text is not that of their hash, and weeks whose hash is not what was told when they were published.
fn altered(snapshots: &[SnapshotRow], published: &[(String, Facts)]) -> Vec<String> {
    let is_told = |row: &SnapshotRow| {
        published.iter().any(|(_, facts)| {
            let says = |name: &str| facts.get(name).and_then(|fact| fact.as_str());
            // Entries of earlier versions do not name the hash, and nobody changes an entry.
            says("week") == Some(row.week.as_str()) && says("sha256").is_none_or(|told| told == row.sha256)
        })
    };
    let wrong = |row: &&SnapshotRow| hex::encode(Sha256::digest(&row.body)) != row.sha256 || !is_told(row);
    let altered = snapshots.iter().filter(wrong);
    altered
        .map(|row| format!("week {} version {}", row.week, row.version))
        .collect()
}
