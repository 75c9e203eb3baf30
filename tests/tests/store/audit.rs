//! The audit log: the schema keeps it append-only, and whoever gets around the schema is found out.

use super::changes::deed;
use super::world::*;
use backend::audit::{Anchor, Finding, verify};
use backend::store::audit::Head;
use backend::store::{Store, StoreError};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::Kind;

const ENTRIES: i64 = 6;

/// A world with a log, and every end that it has had.
async fn logged(kind: Kind) -> (World, Vec<Head>) {
    let world = World::new(kind).await;
    let mut heads = Vec::new();
    for n in 1..=ENTRIES {
        heads.extend(write(&world.store, &world, n).await);
    }
    (world, heads)
}

async fn write(store: &Store, world: &World, n: i64) -> Vec<Head> {
    let change = store.work().await.unwrap();
    change.deed(deed(world, n));
    change.done(()).commit().await.unwrap().heads
}

async fn findings(world: &World, anchored: &[Head]) -> Vec<Finding> {
    verify(&world.store.reader(), anchored)
        .await
        .unwrap()
        .remove(0)
        .findings
}

/// What somebody does who owns the database: the guards of the schema go first.
async fn tamper(world: &World, statements: &[&str]) {
    let guards: &[&str] = match world.database.kind {
        Kind::Sqlite => &[
            "DROP TRIGGER an_entry_is_never_changed",
            "DROP TRIGGER an_entry_is_never_deleted",
            "DROP TRIGGER the_head_goes_forward",
        ],
        Kind::Postgres => &[
            "DROP TRIGGER an_entry_is_never_changed ON audit",
            "DROP TRIGGER the_head_goes_forward ON audit_heads",
        ],
    };
    let tx = world.store.write().await.unwrap();
    for sql in guards.iter().chain(statements) {
        tx.execute_unprepared(sql).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_log_that_nobody_touched_is_whole(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    assert_eq!(
        heads.iter().map(|head| head.seq).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
    assert_eq!(findings(&world, &heads).await, []);
    assert_eq!(findings(&world, &[]).await, []);
}

#[rstest]
#[case::edited("UPDATE audit SET subject = 'q9' WHERE seq = 3")]
#[case::deleted("DELETE FROM audit WHERE seq = 3")]
#[case::all_deleted("DELETE FROM audit")]
#[case::the_head_set_back("UPDATE audit_heads SET seq = 2")]
#[case::the_head_deleted("DELETE FROM audit_heads")]
#[tokio::test]
async fn the_schema_refuses_to_change_the_log(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind, #[case] sql: &str) {
    let (world, heads) = logged(kind).await;
    let tx = world.store.write().await.unwrap();
    let answer = tx.execute_unprepared(sql).await.map_err(StoreError::from);
    assert_eq!(rule(answer), "the_log_is_append_only");
    drop(tx);
    assert_eq!(findings(&world, &heads).await, []);
}

#[tokio::test]
async fn the_log_cannot_be_emptied_by_truncate() {
    let (world, heads) = logged(Kind::Postgres).await;
    for table in ["audit", "audit_heads"] {
        let tx = world.store.write().await.unwrap();
        let answer = tx.execute_unprepared(&format!("TRUNCATE {table}")).await;
        assert_eq!(rule(answer.map_err(StoreError::from)), "the_log_is_append_only");
    }
    assert_eq!(findings(&world, &heads).await, []);
}

#[rstest]
#[tokio::test]
async fn an_edited_entry_is_found(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[values(
        "subject = 'q9'",
        "at_ms = at_ms + 1",
        "actor = 'bob'",
        "role = 'coordinator'",
        "organization_id = 'o1'",
        "event = 'request.withdrawn'",
        "facts = '{}'",
        "id = 'deed-9'"
    )]
    edit: &str,
) {
    let (world, heads) = logged(kind).await;
    tamper(&world, &[&format!("UPDATE audit SET {edit} WHERE seq = 3")]).await;
    assert_eq!(findings(&world, &heads).await, [Finding::Altered { seq: 3 }]);
}

#[rstest]
#[tokio::test]
async fn a_deleted_entry_is_found(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    tamper(&world, &["DELETE FROM audit WHERE seq = 3"]).await;
    let found = findings(&world, &heads).await;
    assert_eq!(found, [Finding::Missing { seq: 3 }, Finding::Altered { seq: 4 }]);
}

/// The gap closed by renumbering what comes after it.
#[rstest]
#[tokio::test]
async fn a_deleted_entry_is_found_behind_new_numbers(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, _) = logged(kind).await;
    let renumber = [
        "DELETE FROM audit WHERE seq = 3",
        "UPDATE audit SET seq = seq + 100 WHERE seq > 3",
        "UPDATE audit SET seq = seq - 101 WHERE seq > 100",
        "UPDATE audit_heads SET seq = 5",
    ];
    tamper(&world, &renumber).await;
    assert!(findings(&world, &[]).await.contains(&Finding::Altered { seq: 3 }));
}

#[rstest]
#[tokio::test]
async fn two_swapped_entries_are_found(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    let swap = [
        "UPDATE audit SET seq = 100 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 100",
    ];
    tamper(&world, &swap).await;
    let found = findings(&world, &heads).await;
    for seq in [3, 4] {
        assert!(found.contains(&Finding::Altered { seq }), "{found:?}");
    }
}

#[rstest]
#[tokio::test]
async fn an_inserted_entry_is_found(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    let insert = [
        "UPDATE audit SET seq = seq + 100 WHERE seq > 3",
        "INSERT INTO audit SELECT alliance_id, 4, 'more', at_ms, actor, role, organization_id, event, subject, facts, sha256 \
         FROM audit WHERE seq = 3",
        "UPDATE audit SET seq = seq - 99 WHERE seq > 100",
        "UPDATE audit_heads SET seq = 7",
    ];
    tamper(&world, &insert).await;
    let found = findings(&world, &heads).await;
    assert!(found.contains(&Finding::Altered { seq: 4 }), "{found:?}");
    assert!(found.contains(&Finding::Replaced { seq: 4 }), "{found:?}");
}

#[rstest]
#[tokio::test]
async fn a_log_that_was_cut_off_is_found(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    tamper(&world, &["DELETE FROM audit WHERE seq > 4"]).await;
    let cut_off = Finding::CutOff {
        last: 4,
        anchored: ENTRIES,
    };
    assert_eq!(
        findings(&world, &heads).await,
        [Finding::HeadDiffers { head: ENTRIES, last: 4 }, cut_off.clone()]
    );
    // The head set back as well: now the anchor alone knows.
    let head = format!("UPDATE audit_heads SET seq = 4, sha256 = '{}'", heads[3].sha256);
    let tx = world.store.write().await.unwrap();
    tx.execute_unprepared(&head).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(findings(&world, &[]).await, []);
    assert_eq!(findings(&world, &heads).await, [cut_off]);
}

/// Cut off and written on, hashes and all: only the anchor knows the old entries.
#[rstest]
#[tokio::test]
async fn a_chain_that_was_made_anew_is_found(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    let back = format!("UPDATE audit_heads SET seq = 4, sha256 = '{}'", heads[3].sha256);
    tamper(
        &world,
        &["DELETE FROM audit WHERE seq > 4", "DELETE FROM outbox", &back],
    )
    .await;
    for n in [5, 6] {
        write(&world.store, &world, n + 10).await;
    }
    assert_eq!(findings(&world, &[]).await, []);
    let replaced = [Finding::Replaced { seq: 5 }, Finding::Replaced { seq: 6 }];
    assert_eq!(findings(&world, &heads).await, replaced);
}

/// A copy of the file from before is put in its place.
#[tokio::test]
async fn an_old_file_put_back_is_found() {
    let (world, mut heads) = logged(Kind::Sqlite).await;
    let kept = tempfile::tempdir().unwrap();
    let old = kept.path().join("old.sqlite");
    let tx = world.store.work().await.unwrap();
    drop(tx);
    copy(&world, &old).await;
    heads.extend(write(&world.store, &world, 7).await);
    assert_eq!(findings(&world, &heads).await, []);
    let config = backend::store::StoreConfig::new(format!("sqlite://{}", old.display()));
    let store = Store::open(&config).await.unwrap();
    let found = verify(&store.reader(), &heads).await.unwrap().remove(0).findings;
    assert_eq!(
        found,
        [Finding::CutOff {
            last: ENTRIES,
            anchored: 7
        }]
    );
    assert_eq!(
        verify(&store.reader(), &heads[..6]).await.unwrap().remove(0).findings,
        []
    );
}

async fn copy(world: &World, to: &std::path::Path) {
    let database = sea_orm::Database::connect(&world.database.url).await.unwrap();
    let sql = format!("VACUUM INTO '{}'", to.display());
    database.execute_unprepared(&sql).await.unwrap();
}

/// A copy of the database from before is put in the place of the one that went on.
#[tokio::test]
async fn an_old_database_put_back_is_found() {
    let (world, mut heads) = logged(Kind::Postgres).await;
    // A twin with the same first six entries is what a restored dump is.
    let (old, _) = logged(Kind::Postgres).await;
    heads.extend(write(&world.store, &world, 7).await);
    assert_eq!(findings(&world, &heads).await, []);
    assert_eq!(
        findings(&old, &heads).await,
        [Finding::CutOff {
            last: ENTRIES,
            anchored: 7
        }]
    );
}

#[test]
fn the_anchor_keeps_every_end_and_forgives_only_a_last_line_without_its_end() {
    let home = tempfile::tempdir().unwrap();
    let anchor = Anchor::in_dir(home.path());
    assert_eq!(anchor.read().unwrap(), []);
    let head = |seq: i64| Head {
        alliance: domain::id::AllianceId::new("a"),
        seq,
        sha256: "0".repeat(64),
    };
    anchor.note(&[head(1)]);
    anchor.note(&[head(2), head(3)]);
    assert_eq!(anchor.read().unwrap(), [head(1), head(2), head(3)]);
    let mut text = std::fs::read_to_string(anchor.path()).unwrap();
    text.push_str("a 4 00");
    std::fs::write(anchor.path(), &text).unwrap();
    assert_eq!(anchor.read().unwrap().len(), 3);
    text.push('\n');
    std::fs::write(anchor.path(), &text).unwrap();
    assert!(anchor.read().is_err(), "a broken line within is somebody's doing");
}

#[rstest]
#[tokio::test]
async fn alliances_have_logs_of_their_own(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (world, heads) = logged(kind).await;
    world.found("b").await;
    let judged = verify(&world.store.reader(), &heads).await.unwrap();
    let ends: Vec<_> = judged
        .iter()
        .map(|judged| (judged.head_seq, judged.anchored, judged.findings.len()))
        .collect();
    assert_eq!(ends, [(ENTRIES, 6, 0), (0, 0, 0)]);
}
