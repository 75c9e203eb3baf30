//! The committed timetable and its snapshots.

use super::world::*;
use backend::store::timetable::{self, SnapshotRecord};
use backend::store::{StoreError, plans};
use domain::id::*;
use domain::time::Span;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::Kind;

fn snapshot(n: u64, version: i64) -> SnapshotRecord {
    SnapshotRecord {
        round: RoundId::new("r1"),
        week: week(n),
        plan: PlanId::new("p1"),
        version,
        sha256: "ab".repeat(32),
        body: r#"{"sittings":[]}"#.into(),
        published_at_min: 400 + version,
    }
}

#[rstest]
#[tokio::test]
async fn a_week_is_published_and_read(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    let (late, early) = (
        assignment("l1", 1, Span::new(500, 600)),
        assignment("l2", 2, Span::new(300, 400)),
    );
    let held = [
        holds("l1", "room/cnc", late.span),
        holds("l1", "mill/1", late.span),
        holds("l2", "room/cnc", early.span),
        holds("l2", "wang", early.span),
    ];
    timetable::publish(&tx, a, &[late.clone(), early.clone()], &held)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let tx = world.store.read().await.unwrap();
    assert_eq!(timetable::assignments(&tx, a, week(0)).await.unwrap(), [early, late]);
    assert_eq!(timetable::assignments(&tx, a, week(1)).await.unwrap(), []);
    let units = ["room/cnc".to_owned(), "mill/1".to_owned(), "free".to_owned()];
    let [late_room, late_mill, early_room, _] = held;
    let all = timetable::occupancy(&tx, a, &units, Span::new(0, 1000)).await.unwrap();
    assert_eq!(all, [late_mill.clone(), early_room, late_room.clone()]);
    assert_eq!(
        timetable::occupancy(&tx, a, &units, Span::new(400, 501)).await.unwrap(),
        [late_mill, late_room]
    );
    assert_eq!(
        timetable::occupancy(&tx, a, &units, Span::new(400, 500)).await.unwrap(),
        []
    );
    assert_eq!(timetable::occupancy(&tx, a, &[], Span::new(0, 1000)).await.unwrap(), []);
}

/// One clash in a large plan: nothing of it is published.
#[rstest]
#[tokio::test]
async fn two_thousand_lessons_are_published_wholly_or_not_at_all(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let a = &world.alliance;
    let span = |n: i64| Span::new(n * 10, n * 10 + 10);
    let rows: Vec<_> = (1..=2_000).map(|n| assignment(&format!("l{n}"), n, span(n))).collect();
    let unit = |n: i64, k: i64| holds(&format!("l{n}"), &format!("unit {k}"), span(n));
    let mut held: Vec<_> = (1..=2_000).flat_map(|n| (0..5).map(move |k| unit(n, k))).collect();
    held.push(holds("l2000", "unit 3", Span::new(15, 16)));
    let tx = world.store.write().await.unwrap();
    assert_eq!(
        rule(timetable::publish(&tx, a, &rows, &held).await),
        "one_place_at_a_time"
    );
    drop(tx);
    let tx = world.store.write().await.unwrap();
    assert_eq!(timetable::assignments(&tx, a, week(0)).await.unwrap(), []);
    held.pop();
    timetable::publish(&tx, a, &rows, &held).await.unwrap();
    tx.commit().await.unwrap();
    let tx = world.store.read().await.unwrap();
    assert_eq!(timetable::assignments(&tx, a, week(0)).await.unwrap().len(), 2_000);
}

#[rstest]
#[tokio::test]
async fn a_snapshot_is_read_by_week_in_its_latest_version(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.draw("p1").await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    for shown in [snapshot(3, 1), snapshot(0, 1), snapshot(0, 2)] {
        timetable::snapshot_insert(&tx, a, &shown).await.unwrap();
    }
    assert_eq!(
        timetable::snapshot(&tx, a, week(0)).await.unwrap(),
        Some(snapshot(0, 2))
    );
    assert_eq!(timetable::snapshot(&tx, a, week(1)).await.unwrap(), None);
    assert_eq!(
        timetable::snapshots(&tx, a).await.unwrap(),
        [(week(0), 2), (week(3), 1)]
    );
    assert_eq!(
        rule(timetable::snapshot_insert(&tx, a, &snapshot(0, 2)).await),
        "id_is_taken"
    );
}

#[rstest]
#[case::changed("UPDATE snapshots SET body = 'forged'")]
#[case::renumbered("UPDATE snapshots SET version = version + 1")]
#[case::deleted("DELETE FROM snapshots")]
#[tokio::test]
async fn a_snapshot_is_immutable(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind, #[case] forgery: &str) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    plans::insert(&tx, a, &plan_record("p1")).await.unwrap();
    timetable::snapshot_insert(&tx, a, &snapshot(0, 1)).await.unwrap();
    tx.commit().await.unwrap();
    let tx = world.store.write().await.unwrap();
    let answer = tx.execute_unprepared(forgery).await.map_err(StoreError::from);
    assert_eq!(rule(answer), "a_snapshot_is_immutable");
    drop(tx);
    let tx = world.store.read().await.unwrap();
    assert_eq!(
        timetable::snapshot(&tx, a, week(0)).await.unwrap(),
        Some(snapshot(0, 1))
    );
}

/// SQLite has no TRUNCATE.
#[tokio::test]
async fn snapshots_are_never_emptied() {
    let world = World::new(Kind::Postgres).await;
    let tx = world.store.write().await.unwrap();
    let answer = tx
        .execute_unprepared("TRUNCATE snapshots")
        .await
        .map_err(StoreError::from);
    assert_eq!(rule(answer), "a_snapshot_is_immutable");
}
