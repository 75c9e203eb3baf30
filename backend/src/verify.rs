//! The invariants of the product, looked at from the outside: what must hold whatever was killed, raced or restored.
//!
//! I8 (no reply to one member holds private bytes of another) cannot be seen in a database; a test holds it.

use crate::audit;
use crate::keys::Keys;
use crate::second_factors;
use crate::store::audit::Head;
use crate::store::invariants::{self, HeldRow, PlanRow};
use crate::store::{Reader, StoreError, Tx, alliances};
use domain::id::AllianceId;
use domain::instance::Instance;
use domain::plan::Plan;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

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
    let occupied = invariants::occupancy(tx, alliance).await?;
    let lessons = invariants::assignments(tx, alliance).await?;
    let snapshots = invariants::snapshots(tx, alliance).await?;
    let altered = |row: &&invariants::SnapshotRow| hex::encode(Sha256::digest(&row.body)) != row.sha256;
    let altered = snapshots
        .iter()
        .filter(altered)
        .map(|row| format!("week {} version {}", row.week, row.version));
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
            "an instructor and a cohort are in one place, and held there",
            lessons.len() as i64,
            astray(&lessons, &occupied),
        ),
        verdict(
            "I3",
            "a published week is what was published, byte for byte",
            snapshots.len() as i64,
            altered.collect(),
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
            "what was pinned is where it was pinned",
            plans.len() as i64,
            plans.iter().flat_map(unpinned).collect(),
        ),
        verdict("I10", "a key has one effect and one reply", answers, half),
    ])
}

/// Who is in two places at one time by the lessons themselves, and who is not held where they are.
fn astray(lessons: &[HeldRow], occupied: &[(String, String, i64, i64)]) -> Vec<String> {
    let held: HashSet<(&str, &str, i64, i64)> = occupied
        .iter()
        .map(|(assignment, unit, from, until)| (assignment.as_str(), unit.as_str(), *from, *until))
        .collect();
    let mut places: BTreeMap<String, Vec<(i64, i64, &str)>> = BTreeMap::new();
    let mut broken = Vec::new();
    for lesson in lessons {
        let instructors = lesson.instructors.iter().map(|id| format!("instructor:{id}"));
        let cohorts = lesson.cohorts.iter().map(|id| format!("cohort:{id}"));
        for unit in instructors.chain(cohorts) {
            if !held.contains(&(
                lesson.assignment.as_str(),
                unit.as_str(),
                lesson.from_min,
                lesson.until_min,
            )) {
                broken.push(format!("{unit} is not held by {}", lesson.assignment));
            }
            let place = (lesson.from_min, lesson.until_min, lesson.assignment.as_str());
            places.entry(unit).or_default().push(place);
        }
    }
    for (unit, mut spans) in places {
        spans.sort_unstable();
        let clashes = spans.windows(2).filter(|pair| pair[1].0 < pair[0].1);
        broken.extend(clashes.map(|pair| format!("{unit} is in {} and in {}", pair[0].2, pair[1].2)));
    }
    broken
}

/// Pins of a plan's instance that its answer does not keep.
fn unpinned(row: &PlanRow) -> Vec<String> {
    let parsed = (
        serde_json::from_str::<Instance>(&row.instance),
        serde_json::from_str::<Plan>(&row.plan),
    );
    let (Ok(instance), Ok(plan)) = parsed else {
        return vec![format!("plan {} cannot be read", row.id)];
    };
    let pins = instance
        .requests
        .iter()
        .flat_map(|request| request.pinned.iter().map(move |pin| (&request.id, pin)));
    let lost = pins.filter(|(request, pin)| {
        let keeps = |lesson: &&domain::plan::Assignment| {
            lesson.request == **request && lesson.start == pin.start && lesson.room == pin.room
        };
        !plan.assignments.iter().any(|lesson| keeps(&lesson))
    });
    lost.map(|(request, pin)| format!("plan {}: request {request} at minute {}", row.id, pin.start))
        .collect()
}
