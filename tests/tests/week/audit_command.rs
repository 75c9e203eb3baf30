//! `gongxun audit verify` on a database that somebody has laid hands on: it says what was done, and ends with a failure.

use super::desk::{Desk, asked, form, run, said};
use super::doors::sql;
use backend::config::Config;
use backend::store::{Store, StoreConfig};
use std::path::Path;
use std::process::Output;
use tests::databases::Kind;
use tests::server::Server;

/// What is done to the log, and what is said of it.
const DONE: [(&str, &str, &str); 6] = [
    (
        "edited",
        "UPDATE audit SET facts = '{\"drafts\":7}' WHERE seq = 3",
        "entry 3 is not what was written",
    ),
    ("deleted", "DELETE FROM audit WHERE seq = 3", "entry 3 is missing"),
    (
        "swapped",
        "UPDATE audit SET seq = 1000003 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; \
         UPDATE audit SET seq = 4 WHERE seq = 1000003",
        "entry 3 is not what was written",
    ),
    (
        "inserted",
        "UPDATE audit SET seq = seq + 1000000 WHERE seq > 3; UPDATE audit SET seq = seq - 999999 WHERE seq > 1000000; \
         INSERT INTO audit SELECT alliance_id, 4, 'twin', at_ms, actor, role, organization_id, event, subject, facts, sha256 \
         FROM audit WHERE seq = 3",
        "entry 4 is not what was written",
    ),
    (
        "cut off",
        "DELETE FROM audit WHERE seq > 3; UPDATE audit_heads SET seq = 3, \
         sha256 = (SELECT sha256 FROM audit WHERE seq = 3)",
        "it was cut off, or an old database was put back",
    ),
    ("left alone", "", "whole: "),
];

async fn verified(folder: &Path) -> Output {
    run(&["audit", "verify"], folder, &Config::sqlite_url(folder)).await
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in std::fs::read_dir(from).expect("the folder") {
        let file = file.expect("a file");
        if file.path().is_file() {
            std::fs::copy(file.path(), to.join(file.file_name())).expect("a copy");
        }
    }
}

/// A server that has ended and its desk: a demo in which somebody has asked for so much more.
async fn ended(desk: &mut Desk, purposes: &[&str]) {
    let trainer = desk.signed_in("li.jishi").await;
    for purpose in purposes {
        asked(&trainer, &form(&trainer).await, purpose, true).await;
    }
    Server::stop(&mut desk.server).expect("it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_was_done_to_the_log() {
    let mut desk = Desk::open(Kind::Sqlite).await;
    ended(&mut desk, &["一", "二", "三"]).await;
    let scratch = tempfile::tempdir().expect("a folder");
    for (done, statements, words) in DONE {
        let folder = scratch.path().join(done);
        copied(desk.server.data_dir(), &folder);
        let store = Store::open(&StoreConfig::new(Config::sqlite_url(&folder))).await;
        let store = store.expect("the copy opens");
        sql(&store, &lawless()).await;
        for statement in statements.split(';').filter(|statement| !statement.trim().is_empty()) {
            sql(&store, statement).await;
        }
        store.close().await.expect("closed");
        let output = verified(&folder).await;
        assert_eq!(
            output.status.success(),
            statements.is_empty(),
            "{done}: {}",
            said(&output)
        );
        assert!(said(&output).contains(words), "{done}: {}", said(&output));
    }
}

/// Nothing of the schema stands in the way of whoever owns the file.
fn lawless() -> String {
    [
        "an_entry_is_never_changed",
        "an_entry_is_never_deleted",
        "the_head_goes_forward",
    ]
    .map(|law| format!("DROP TRIGGER {law}"))
    .join("; ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_finds_an_old_file_that_was_put_back() {
    let mut desk = Desk::open(Kind::Sqlite).await;
    ended(&mut desk, &["一"]).await;
    let scratch = tempfile::tempdir().expect("a folder");
    copied(desk.server.data_dir(), scratch.path());
    let logins = desk.server.logins.clone();
    let mut desk = desk.reopen(&[]).await;
    desk.server.logins = logins;
    ended(&mut desk, &["二"]).await;
    let folder = desk.server.data_dir().to_owned();
    let output = verified(&folder).await;
    assert!(output.status.success(), "{}", said(&output));
    // With the log of later writes beside it, it would be the new one again.
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("gongxun.sqlite{ending}")));
    }
    std::fs::copy(scratch.path().join("gongxun.sqlite"), folder.join("gongxun.sqlite")).expect("put back");
    let output = verified(&folder).await;
    assert!(!output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("an old database was put back"),
        "{}",
        said(&output)
    );
    let nothing = desk.run(&["audit", "verify", "--noted", "nonsense"]).await;
    assert!(
        !nothing.status.success() && said(&nothing).contains("--noted takes"),
        "{}",
        said(&nothing)
    );
}
