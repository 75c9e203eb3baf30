//! What `gongxun verify` finds: each invariant broken by whoever may write to the database itself.

use super::desk::{Desk, closed_round, form, lathe_draft, said, solved};
use super::doors::{sql, store};
use super::races::single_lessons;
use backend::store::{Store, invariants};
use domain::api::*;
use domain::id::*;
use domain::plan::Plan;
use rstest::rstest;
use sha2::{Digest, Sha256};
use tests::databases::Kind;
use tests::server::Client;

/// What the schema refuses is not refused any more.
fn lawless(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => {
            "DROP TRIGGER one_place_at_a_time_on_update; DROP TRIGGER a_snapshot_is_never_changed; \
             DROP TRIGGER an_entry_is_never_deleted"
        }
        Kind::Postgres => {
            "ALTER TABLE occupancy DROP CONSTRAINT one_place_at_a_time; \
             DROP TRIGGER a_snapshot_is_never_changed ON snapshots; DROP TRIGGER an_entry_is_never_changed ON audit"
        }
    }
}

/// Each breach, the invariant that finds it, and the words that were not said before.
const BREACHES: [(&str, &str, &str); 9] = [
    (
        "I2",
        "DELETE FROM occupancy WHERE unit LIKE 'instructor:%'",
        "instructor:",
    ),
    ("I2", "DELETE FROM occupancy WHERE unit LIKE 'unit:%'", "unit:"),
    ("I2", "DELETE FROM occupancy WHERE unit LIKE 'room:%'", "room:"),
    ("I1", "UPDATE occupancy SET until_min = until_min + 100000", "cohort:"),
    ("I3", "UPDATE snapshots SET body = '[]'", "version 1"),
    ("I4", "UPDATE answers SET reply = NULL", "has no reply"),
    ("I5", "DELETE FROM audit WHERE seq = 1", "entry 1 is missing"),
    ("I6", "DELETE FROM outbox", ""),
    ("I7", "UPDATE snapshots SET version = 7", "week "),
];

/// The lines of one invariant, when it is broken.
async fn broken(desk: &Desk, invariant: &str) -> Option<String> {
    let told = said(&desk.run(&["verify"]).await);
    let mut lines = told
        .lines()
        .skip_while(|line| !line.starts_with(&format!("  {invariant} ")));
    let head = lines.next().expect("every invariant has a line");
    let why: Vec<&str> = lines.take_while(|line| line.starts_with("     ")).collect();
    head.contains("BROKEN").then(|| why.join("\n"))
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn verify_names_what_is_broken(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let save = SaveDraft {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: lathe_draft(&new),
    };
    trainer.call(&save).await.expect("saved");
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
    let store = store(&desk).await;
    sql(&store, lawless(kind)).await;
    for (invariant, breach, words) in BREACHES {
        let before = broken(&desk, invariant).await.unwrap_or_default();
        assert!(
            words.is_empty() || !before.contains(words),
            "{breach}: said before: {before}"
        );
        sql(&store, breach).await;
        let told = broken(&desk, invariant).await;
        assert!(
            told.as_ref().is_some_and(|told| told.contains(words)),
            "{breach}: {told:?}"
        );
    }
    let verdicts = desk.run(&["verify", "--json"]).await;
    assert!(!verdicts.status.success());
    let verdicts: serde_json::Value = serde_json::from_slice(&verdicts.stdout).expect("JSON");
    assert_eq!(verdicts[0]["alliance"], AllianceId::new("chuxiong").as_str());
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_week_that_was_altered_together_with_its_hash_is_found(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let store = store(&desk).await;
    sql(&store, lawless(kind)).await;
    assert_eq!(broken(&desk, "I3").await, None);
    let sha256 = hex::encode(Sha256::digest("[]"));
    sql(
        &store,
        &format!("UPDATE snapshots SET body = '[]', sha256 = '{sha256}'"),
    )
    .await;
    let told = broken(&desk, "I3").await;
    assert!(told.is_some_and(|told| told.contains("version 1")));
}

/// A plan of the closed round in which the solver had to keep a pin with an instructor: its id, and the pin's lesson.
async fn planned_with_a_pin(coordinator: &Client) -> (PlanId, LessonView) {
    let round = closed_round(coordinator).await;
    let first = solved(coordinator, &round.id, None, 1).await.plan.expect("a plan");
    let board = coordinator
        .call(&ReadBoard { plan: first.clone() })
        .await
        .expect("the board");
    let taught = single_lessons(&board).find(|lesson| !lesson.instructors.is_empty());
    let lesson = taught.expect("somebody teaches").clone();
    let pin = PinLesson {
        plan: first.clone(),
        version: board.plan.version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
        pinned: true,
    };
    coordinator.call(&pin).await.expect("pinned");
    let second = solved(coordinator, &round.id, Some(first), 1)
        .await
        .plan
        .expect("a plan");
    (second, lesson)
}

/// Rewrites a plan as it lies in its row.
async fn rewritten(store: &Store, id: &PlanId, change: impl FnOnce(&mut Plan)) {
    let tx = store.read().await.expect("a read");
    let plans = invariants::solved_plans(&tx, &AllianceId::new("chuxiong")).await;
    let plans = plans.expect("plans");
    let row = plans.iter().find(|row| row.id == id.as_str()).expect("the plan");
    let mut plan: Plan = serde_json::from_str(&row.plan).expect("a plan");
    change(&mut plan);
    let text = serde_json::to_string(&plan).expect("plain data").replace('\'', "''");
    drop(tx);
    sql(store, &format!("UPDATE plans SET plan = '{text}' WHERE id = '{id}'")).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pin_that_was_lost_is_found_in_an_edited_plan_too(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let (plan, pinned) = planned_with_a_pin(&coordinator).await;
    let store = store(&desk).await;
    let board = coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    // By hand: somebody else's lesson is taken out, then one of the pinned request's own.
    let other = single_lessons(&board).find(|lesson| lesson.request != pinned.request);
    let remove = |version: i64, lesson: &LessonView| RemoveLesson {
        plan: plan.clone(),
        version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
    };
    let edited = coordinator
        .call(&remove(board.plan.version, other.expect("another")))
        .await;
    let edited = edited.expect("taken out");
    assert_eq!(broken(&desk, "I9").await, None, "the pin is there");
    let at_the_pin = |lesson: &&mut domain::plan::Assignment| {
        lesson.request == pinned.request && lesson.start == pinned.span.from && lesson.room == pinned.room
    };
    rewritten(&store, &plan, |plan| {
        let lesson = plan.assignments.iter_mut().find(at_the_pin).expect("the pin");
        lesson.instructors.clear();
    })
    .await;
    let told = broken(&desk, "I9").await.expect("a pin is lost");
    assert!(told.contains(pinned.request.as_str()), "{told}");
    let own = edited.lessons.iter().find(|lesson| lesson.request == pinned.request);
    let by_hand = coordinator
        .call(&remove(edited.plan.version, own.expect("the pin")))
        .await;
    by_hand.expect("taken out");
    assert_eq!(broken(&desk, "I9").await, None, "what a hand took out is not lost");
}
