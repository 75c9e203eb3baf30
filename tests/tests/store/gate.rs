//! What opens, and what is refused before anything is read from it.

use backend::store::{Store, StoreConfig, StoreError, alliances};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::{Kind, TestDatabase};

fn refusal(answer: Result<Store, StoreError>) -> String {
    match answer {
        Err(StoreError::Broken(why)) => why,
        other => panic!("the gate stood open: {other:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn a_database_without_the_schema_is_refused_with_the_remedy(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let why = refusal(Store::open(&database.config()).await);
    assert!(
        why.contains("older than this program") && why.contains("`gongxun migrate`"),
        "{why}"
    );
    Store::migrate(&database.config()).await.unwrap();
    let tx = database.open().await.read().await.unwrap();
    assert_eq!(alliances::list(&tx).await, Ok(vec![]));
}

#[rstest]
#[tokio::test]
async fn a_database_of_an_older_program_is_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let last = migrations::steps().pop().unwrap();
    run(
        &database.url,
        &format!("DELETE FROM seaql_migrations WHERE version = '{last}'"),
    )
    .await;
    let why = refusal(Store::open(&database.config()).await);
    assert!(
        why.contains("1 steps older") && why.contains("`gongxun migrate`"),
        "{why}"
    );
}

#[rstest]
#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_by_open_and_by_migrate(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let database = TestDatabase::migrated(kind).await;
    run(
        &database.url,
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('9999_from_tomorrow', 0)",
    )
    .await;
    let why = refusal(Store::open(&database.config()).await);
    assert!(why.contains("newer than this program"), "{why}");
    assert!(matches!(Store::migrate(&database.config()).await, Err(StoreError::Broken(why)) if why.contains("newer")));
}

#[rstest]
#[tokio::test]
async fn migrating_again_changes_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    Store::migrate(&database.config()).await.unwrap();
    database.open().await;
}

/// PostgreSQL alone: a SQLite file belongs to one machine and is migrated by one command.
#[tokio::test]
async fn four_processes_may_migrate_at_once() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let config = database.config();
    let all = futures::future::join_all((0..4).map(|_| Store::migrate(&config))).await;
    assert_eq!(all, vec![Ok(()); 4]);
    database.open().await;
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    for url in ["sqlite::memory:", "sqlite://file?mode=memory"] {
        assert!(refusal(Store::open(&StoreConfig::new(url)).await).contains("must be a file"));
    }
    assert!(refusal(Store::open(&StoreConfig::new("mysql://localhost/x")).await).contains("sqlite://"));
}

#[tokio::test]
async fn a_server_that_is_down_is_unavailable() {
    // Port 1 is reserved, and nothing listens there.
    let answer = Store::open(&StoreConfig::new("postgres://nobody@127.0.0.1:1/none")).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_not_called_unavailable() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let (head, tail) = database.url.split_once("/gongxun_").unwrap();
    let query = tail.split_once('?').map_or("", |(_, query)| query);
    let why = refusal(Store::open(&StoreConfig::new(format!("{head}/nowhere?{query}"))).await);
    assert!(why.contains("nowhere"), "{why}");
}

async fn run(url: &str, sql: &str) {
    let database = sea_orm::Database::connect(url).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}
