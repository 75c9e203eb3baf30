//! What a transaction promises.

use super::world::*;
use backend::store::{StoreError, people, requests, rounds};
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use sea_orm::{ConnectionTrait, Statement};
use tests::databases::Kind;

#[rstest]
#[tokio::test]
async fn a_dropped_transaction_leaves_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    rounds::insert(&tx, &world.alliance, &round("r2", 1)).await.unwrap();
    requests::insert(&tx, &world.alliance, &request_record("q1"))
        .await
        .unwrap();
    drop(tx);
    let tx = world.store.read().await.unwrap();
    assert_eq!(rounds::list(&tx, &world.alliance).await.unwrap(), [round("r1", 0)]);
    assert_eq!(
        requests::list(&tx, &world.alliance, &Default::default()).await.unwrap(),
        []
    );
    // And the writer is free for the next.
    rounds::insert(&world.store.write().await.unwrap(), &world.alliance, &round("r2", 1))
        .await
        .unwrap();
}

#[rstest]
#[tokio::test]
async fn after_a_failed_statement_nothing_commits(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    rounds::insert(&tx, &world.alliance, &round("r2", 1)).await.unwrap();
    assert_eq!(
        rule(rounds::insert(&tx, &world.alliance, &round("r3", 1)).await),
        "a_week_has_one_round"
    );
    assert!(matches!(tx.commit().await, Err(StoreError::Broken(why)) if why.contains("failed statement")));
    let tx = world.store.read().await.unwrap();
    assert_eq!(rounds::list(&tx, &world.alliance).await.unwrap(), [round("r1", 0)]);
}

#[rstest]
#[tokio::test]
async fn a_reader_sees_one_snapshot_from_first_to_last(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let reader = world.store.read().await.unwrap();
    assert_eq!(rounds::list(&reader, &world.alliance).await.unwrap().len(), 1);
    let writer = world.store.write().await.unwrap();
    rounds::insert(&writer, &world.alliance, &round("r2", 1)).await.unwrap();
    assert_eq!(rounds::list(&writer, &world.alliance).await.unwrap().len(), 2);
    writer.commit().await.unwrap();
    assert_eq!(rounds::list(&reader, &world.alliance).await.unwrap().len(), 1);
    drop(reader);
    let reader = world.store.read().await.unwrap();
    assert_eq!(rounds::list(&reader, &world.alliance).await.unwrap().len(), 2);
}

#[rstest]
#[tokio::test]
async fn a_reader_cannot_write(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let reader = world.store.read().await.unwrap();
    let answer = rounds::insert(&reader, &world.alliance, &round("r2", 1)).await;
    assert!(matches!(answer, Err(StoreError::Broken(_))), "{answer:?}");
}

/// A reader holds its snapshot while many write: neither waits for the other.
#[rstest]
#[tokio::test]
async fn an_open_reader_does_not_hold_up_writers(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let reader = world.store.read().await.unwrap();
    assert_eq!(people::names(&reader, &world.alliance).await.unwrap().len(), 2);
    for n in 0..20 {
        let tx = world.store.write().await.unwrap();
        people::insert(
            &tx,
            &world.alliance,
            &person(&format!("p{n}"), Role::Requester),
            "hash",
            0,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(people::names(&reader, &world.alliance).await.unwrap().len(), 2);
}

/// An abandoned request is a dropped future in the middle of a statement.
#[rstest]
#[tokio::test]
async fn an_abandoned_write_frees_the_writer(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    for polls in 1..8 {
        let write = async {
            let tx = world.store.write().await.unwrap();
            for n in 0..50 {
                rounds::insert(&tx, &world.alliance, &round(&format!("x{n}"), 100 + n))
                    .await
                    .unwrap();
            }
            std::future::pending::<()>().await;
        };
        let mut write = Box::pin(write);
        for _ in 0..polls {
            let _ = futures::poll!(&mut write);
            tokio::task::yield_now().await;
        }
    }
    let tx = world.store.write().await.unwrap();
    assert_eq!(rounds::list(&tx, &world.alliance).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_writer_that_waits_too_long_for_a_row_is_told_busy(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let config = backend::store::StoreConfig {
        lock_timeout: std::time::Duration::from_millis(100),
        ..world.database.config()
    };
    let hasty = backend::store::Store::open(&config).await.unwrap();
    let first = world.store.write().await.unwrap();
    rounds::update(&first, &world.alliance, &round("r1", 0), 1)
        .await
        .unwrap();
    let second = async {
        let tx = hasty.write().await?;
        rounds::update(&tx, &world.alliance, &round("r1", 0), 1).await
    };
    let answer = second.await;
    assert!(matches!(answer, Err(StoreError::Busy(_))), "{answer:?}");
    first.commit().await.unwrap();
}

/// A statement that takes too long is ended by the database, and the same again may work. SQLite has no such limit.
#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    let world = World::new(Kind::Postgres).await;
    let config = backend::store::StoreConfig {
        statement_timeout: std::time::Duration::from_millis(100),
        ..world.database.config()
    };
    let hasty = backend::store::Store::open(&config).await.unwrap();
    for tx in [hasty.read().await.unwrap(), hasty.write().await.unwrap()] {
        let told = tx.execute_unprepared("SELECT pg_sleep(3600)").await;
        let told = StoreError::from(told.expect_err("it is ended"));
        assert!(matches!(told, StoreError::Busy(_)), "{told:?}");
    }
}

/// SQLite has one process and no such locks: this is about one of several that is stopped in the middle.
#[tokio::test]
async fn a_transaction_that_stands_still_lets_go_of_its_locks() {
    let world = World::new(Kind::Postgres).await;
    let config = backend::store::StoreConfig {
        idle_timeout: std::time::Duration::from_millis(100),
        ..world.database.config()
    };
    let stopped = backend::store::Store::open(&config).await.unwrap();
    let first = stopped.write().await.unwrap();
    rounds::update(&first, &world.alliance, &round("r1", 0), 1)
        .await
        .unwrap();
    let second = world.store.write().await.unwrap();
    rounds::update(&second, &world.alliance, &round("r1", 0), 1)
        .await
        .unwrap();
    second.commit().await.unwrap();
    let told = first.commit().await.expect_err("what it did is gone");
    let again = matches!(told, StoreError::Busy(_) | StoreError::Unavailable(_));
    assert!(again, "the same again may work: {told:?}");
}

/// NORMAL would lose acknowledged commits in a power cut, which no ended process shows.
#[tokio::test]
async fn a_commit_on_sqlite_is_synced() {
    let world = World::new(Kind::Sqlite).await;
    let tx = world.store.write().await.unwrap();
    let ask = Statement::from_string(tx.get_database_backend(), "PRAGMA synchronous");
    let row = tx.query_one_raw(ask).await.unwrap().unwrap();
    let full = 2;
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), full);
}

/// Two alliances may use the same ids, and neither sees the other's rows.
#[rstest]
#[tokio::test]
async fn alliances_never_meet(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.found("b").await;
    let (a, b) = (AllianceId::new("a"), AllianceId::new("b"));
    let tx = world.store.write().await.unwrap();
    requests::insert(&tx, &a, &request_record("q1")).await.unwrap();
    assert_eq!(requests::get(&tx, &b, &RequestId::new("q1")).await.unwrap(), None);
    assert_eq!(requests::insert(&tx, &b, &request_record("q1")).await, Ok(1001));
    let changed = requests::RequestRecord {
        note: Some("b".into()),
        ..request_record("q1")
    };
    requests::update(&tx, &b, &changed, 1).await.unwrap();
    assert_eq!(
        requests::get(&tx, &a, &RequestId::new("q1"))
            .await
            .unwrap()
            .unwrap()
            .note,
        None
    );
    tx.execute_unprepared("SELECT 1").await.unwrap();
    tx.commit().await.unwrap();
}
