//! The ledger and the outbox.

use super::world::*;
use backend::store::outbox::{self, Ending, OutboxRecord};
use backend::store::{StoreError, ledger};
use domain::fairness::LedgerLine;
use domain::id::NoticeId;
use rstest::rstest;
use serde_json::json;
use tests::databases::Kind;

fn line(organization: &str, due_min: i64) -> LedgerLine {
    LedgerLine {
        due_min,
        ..settled(organization)
    }
}

#[rstest]
#[tokio::test]
async fn a_week_is_settled_again_in_place(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    ledger::put(&tx, a, week(4), &[line("o2", 30), line("o1", -20)])
        .await
        .unwrap();
    ledger::put(&tx, a, week(2), &[line("o1", 5)]).await.unwrap();
    assert_eq!(
        ledger::lines(&tx, a, week(4)).await.unwrap(),
        [line("o1", -20), line("o2", 30)]
    );
    ledger::put(&tx, a, week(4), &[line("o1", -25)]).await.unwrap();
    assert_eq!(ledger::weeks(&tx, a).await.unwrap(), [week(2), week(4)]);
    assert_eq!(
        ledger::all(&tx, a).await.unwrap(),
        [(week(2), line("o1", 5)), (week(4), line("o1", -25))]
    );
    assert_eq!(ledger::lines(&tx, a, week(3)).await.unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn the_latest_week_before_is_what_counts(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    for (n, due_min) in [(1, 1), (3, 3), (44, 44)] {
        ledger::put(&tx, a, week(n), &[line("o1", due_min)]).await.unwrap();
    }
    for (n, expected) in [
        (0, None),
        (1, None),
        (2, Some(1)),
        (3, Some(1)),
        (44, Some(3)),
        (60, Some(44)),
    ] {
        let due = ledger::latest_before(&tx, a, week(n))
            .await
            .unwrap()
            .first()
            .map(|line| line.due_min);
        assert_eq!(due, expected, "before week {n}");
    }
}

fn notice(id: &str, at_min: i64) -> OutboxRecord {
    let body = json!({ "week": "2026-03-02", "名": ["课", null, 1.5] });
    OutboxRecord {
        id: id.into(),
        kind: "round_published".into(),
        subject: "r1".into(),
        body,
        at_min,
    }
}

#[rstest]
#[tokio::test]
async fn a_notice_waits_until_it_is_delivered(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    outbox::add(&tx, a, &notice("n2", 20)).await.unwrap();
    outbox::add(&tx, a, &notice("n1", 30)).await.unwrap();
    assert_eq!(
        outbox::pending(&tx, a).await.unwrap(),
        [notice("n2", 20), notice("n1", 30)]
    );
    // Taken until 100, and nobody else has it before then.
    let taken = outbox::take_due(&tx, 50, 100, 1).await.unwrap();
    assert_eq!((taken[0].notice.id.as_str(), taken[0].tries), ("n1", 1));
    let other = outbox::take_due(&tx, 50, 100, 9).await.unwrap();
    assert_eq!(other.len(), 1);
    assert_eq!(outbox::take_due(&tx, 99, 200, 9).await.unwrap(), []);
    // Whoever comes back after another has taken it reports in vain.
    let again = outbox::take_due(&tx, 100, 200, 1).await.unwrap();
    assert!(!outbox::report(&tx, &taken[0], &Ending::Delivered).await.unwrap());
    assert!(outbox::report(&tx, &again[0], &Ending::Delivered).await.unwrap());
    assert_eq!(outbox::pending(&tx, a).await.unwrap(), [notice("n2", 20)]);
    let dead = Ending::Dead {
        failure: "status 500".into(),
    };
    assert!(outbox::report(&tx, &other[0], &dead).await.unwrap());
    assert_eq!(
        (
            outbox::waiting(&tx, a).await.unwrap(),
            outbox::dead(&tx, a, 9).await.unwrap().len()
        ),
        (0, 1)
    );
    outbox::revive(&tx, a, &NoticeId::new("n2")).await.unwrap();
    assert_eq!(outbox::waiting(&tx, a).await.unwrap(), 1);
    assert_eq!(
        outbox::revive(&tx, a, &NoticeId::new("n2")).await,
        Err(StoreError::NotFound)
    );
    assert_eq!(rule(outbox::add(&tx, a, &notice("n1", 40)).await), "id_is_taken");
}

#[rstest]
#[tokio::test]
async fn a_notice_of_what_did_not_happen_is_never_sent(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    outbox::add(&tx, &world.alliance, &notice("n1", 20)).await.unwrap();
    drop(tx);
    let tx = world.store.read().await.unwrap();
    assert_eq!(outbox::pending(&tx, &world.alliance).await.unwrap(), []);
}
