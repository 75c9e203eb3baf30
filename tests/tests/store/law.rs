//! The law of the timetable: one unit is in one place at a time, whoever writes, however it is written.

use super::world::*;
use backend::store::timetable::{self, OccupancyRecord};
use backend::store::{Store, StoreError};
use domain::id::*;
use domain::time::Span;
use proptest::test_runner::{Config, TestRunner};
use rstest::rstest;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tests::databases::Kind;

const MORNING: Span = Span::new(1000, 1100);

/// A world with one request and lessons 1 to `lessons` placed somewhere, holding nothing.
async fn placed(kind: Kind, lessons: i64) -> World {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let tx = world.store.write().await.unwrap();
    let rows: Vec<_> = (1..=lessons)
        .map(|n| assignment(&format!("l{n}"), n, MORNING))
        .collect();
    timetable::publish(&tx, &world.alliance, &rows, &[]).await.unwrap();
    tx.commit().await.unwrap();
    world
}

async fn occupy(world: &World, rows: &[OccupancyRecord]) -> Result<(), StoreError> {
    let tx = world.store.write().await?;
    timetable::insert_occupancy(&tx, &world.alliance, rows).await?;
    tx.commit().await
}

#[rstest]
#[case::the_same(1000, 1100)]
#[case::one_minute_into_the_end(1099, 1200)]
#[case::one_minute_into_the_beginning(900, 1001)]
#[case::within(1040, 1050)]
#[case::around(900, 1200)]
#[tokio::test]
async fn a_clash_is_refused_on_insert_and_on_update(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[case] from: i64,
    #[case] until: i64,
) {
    let world = placed(kind, 2).await;
    occupy(
        &world,
        &[
            holds("l1", "room/cnc", MORNING),
            holds("l2", "room/cnc", Span::new(5000, 5100)),
        ],
    )
    .await
    .unwrap();
    assert_eq!(
        rule(occupy(&world, &[holds("l2", "room/cnc", Span::new(from, until))]).await),
        "one_place_at_a_time"
    );
    let moved = format!("UPDATE occupancy SET from_min = {from}, until_min = {until} WHERE assignment_id = 'l2'");
    let tx = world.store.write().await.unwrap();
    let answer = tx.execute_unprepared(&moved).await.map_err(StoreError::from);
    assert_eq!(rule(answer), "one_place_at_a_time");
}

#[rstest]
#[tokio::test]
async fn renaming_a_unit_into_a_held_one_is_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 2).await;
    occupy(
        &world,
        &[holds("l1", "room/cnc", MORNING), holds("l2", "room/lathe", MORNING)],
    )
    .await
    .unwrap();
    let tx = world.store.write().await.unwrap();
    let answer = tx
        .execute_unprepared("UPDATE occupancy SET unit = 'room/cnc' WHERE assignment_id = 'l2'")
        .await;
    assert_eq!(rule(answer.map_err(StoreError::from)), "one_place_at_a_time");
}

#[rstest]
#[tokio::test]
async fn spans_that_touch_and_other_units_are_allowed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 4).await;
    let before = holds("l2", "room/cnc", Span::new(900, 1000));
    let after = holds("l3", "room/cnc", Span::new(1100, 1200));
    occupy(
        &world,
        &[
            holds("l1", "room/cnc", MORNING),
            before,
            after,
            holds("l4", "room/lathe", MORNING),
        ],
    )
    .await
    .unwrap();
    let tx = world.store.write().await.unwrap();
    // Growing into free time is a move like any other.
    tx.execute_unprepared("UPDATE occupancy SET until_min = 1300 WHERE assignment_id = 'l3'")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_empty_or_backward_span_is_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 1).await;
    for (from, until) in [(1000, 1000), (1000, 999)] {
        let answer = occupy(&world, &[holds("l1", "room/cnc", Span::new(from, until))]).await;
        assert_eq!(rule(answer), "an_occupancy_ends_after_it_begins");
    }
}

#[rstest]
#[tokio::test]
async fn the_same_unit_of_another_alliance_is_another_unit(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 1).await;
    world.found("b").await;
    occupy(&world, &[holds("l1", "room/cnc", MORNING)]).await.unwrap();
    let other = World {
        alliance: AllianceId::new("b"),
        store: world.store.clone(),
        database: world.database,
    };
    other.ask("q1").await;
    let tx = other.store.write().await.unwrap();
    let (row, held) = (assignment("l1", 1, MORNING), holds("l1", "room/cnc", MORNING));
    timetable::publish(&tx, &other.alliance, &[row], &[held]).await.unwrap();
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn what_was_held_is_free_once_its_assignment_is_gone(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 2).await;
    occupy(&world, &[holds("l1", "room/cnc", MORNING)]).await.unwrap();
    let tx = world.store.write().await.unwrap();
    tx.execute_unprepared("DELETE FROM assignments WHERE id = 'l1'")
        .await
        .unwrap();
    timetable::insert_occupancy(&tx, &world.alliance, &[holds("l2", "room/cnc", MORNING)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Any row of spans: the schema takes exactly what a naive look at all rows would take.
#[rstest]
#[tokio::test]
async fn the_schema_agrees_with_a_naive_judge(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 40).await;
    let raw = sea_orm::Database::connect(&world.database.url).await.unwrap();
    let mut runner = TestRunner::deterministic();
    let spans = proptest::collection::vec((0..60_i64, 1..20_i64), 40);
    for case in 0..Config::default().cases / 32 {
        use proptest::strategy::{Strategy, ValueTree};
        let mut taken: Vec<Span> = Vec::new();
        for (n, (from, minutes)) in (1..).zip(spans.new_tree(&mut runner).unwrap().current()) {
            let span = Span::new(from, from + minutes);
            let free = !taken.iter().any(|held| held.overlaps(span));
            let stored = raw.execute_unprepared(&entry(n, &format!("case {case}"), span)).await;
            assert_eq!(stored.is_ok(), free, "{span:?} after {taken:?}");
            taken.extend(free.then_some(span));
        }
    }
    raw.close().await.unwrap();
}

/// 64 clients, one slot: exactly one gets it, and the others are told why.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_64_writers_wins_a_slot(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 64).await;
    for slot in 0..200 {
        let span = Span::new(10_000 + slot * 10, 10_000 + slot * 10 + 10);
        let tries = (1..=64).map(|n| tokio::spawn(take(world.store.clone(), world.alliance.clone(), n, span)));
        let answers = futures::future::join_all(tries).await;
        let won = answers.iter().filter(|answer| matches!(answer, Ok(Ok(())))).count();
        let clash = Err(StoreError::Conflict {
            constraint: "one_place_at_a_time".into(),
        });
        let told = answers
            .iter()
            .filter(|answer| answer.as_ref().is_ok_and(|answer| *answer == clash))
            .count();
        assert_eq!((won, told), (1, 63), "{answers:?}");
    }
}

async fn take(store: Store, alliance: AllianceId, lesson: i64, span: Span) -> Result<(), StoreError> {
    let tx = store.write().await?;
    timetable::insert_occupancy(&tx, &alliance, &[holds(&format!("l{lesson}"), "room/cnc", span)]).await?;
    tx.commit().await
}

/// The law does not lean on the store's manners: writers that neither lock nor look get one winner too.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_outside_the_store_never_win_twice(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = placed(kind, 8).await;
    let raw = sea_orm::Database::connect(
        sea_orm::ConnectOptions::new(&world.database.url)
            .max_connections(8)
            .to_owned(),
    );
    let raw = raw.await.unwrap();
    for slot in 0..20 {
        let span = Span::new(10_000 + slot * 10, 10_000 + slot * 10 + 10);
        let tries = (1..=8).map(|n| tokio::spawn(enter(raw.clone(), entry(n, "room/cnc", span))));
        let won = futures::future::join_all(tries)
            .await
            .into_iter()
            .filter(|won| *won.as_ref().unwrap())
            .count();
        assert!(won <= 1, "{won} writers hold {span:?}");
    }
    raw.close().await.unwrap();
}

async fn enter(raw: DatabaseConnection, sql: String) -> bool {
    raw.execute_unprepared(&sql).await.is_ok()
}

fn entry(lesson: i64, unit: &str, span: Span) -> String {
    let (from, until) = (span.from, span.until);
    format!(
        "INSERT INTO occupancy (alliance_id, assignment_id, unit, from_min, until_min) \
         VALUES ('a', 'l{lesson}', '{unit}', {from}, {until})"
    )
}
