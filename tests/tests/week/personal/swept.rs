//! What was erased leaves the database's file as well, although somebody was in the way and nobody waited for it.

use super::marked::in_files;
use super::{Role, of_role};
use crate::week::desk::Desk;
use crate::week::doors::store;
use backend::clock::new_id;
use backend::store::{Store, alliances};
use domain::api::*;
use domain::id::PersonId;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::Duration;
use tests::databases::Kind;
use tokio::task::yield_now;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// Of whoever is erased.
const NAME: &str = "马宏伟";

/// How many were erased whose bytes may still be in the file.
async fn unswept(store: &Store) -> i64 {
    let ask = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM erasures WHERE NOT swept");
    let tx = store.read().await.expect("a read");
    let row = tx.query_one_raw(ask).await.expect("an answer").expect("a count");
    row.try_get_by_index(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_for_an_erasure_may_leave_before_the_file_is_swept() {
    let desk = Desk::open(Kind::Sqlite).await;
    let system = of_role(&desk, Role::SystemAdmin).await;
    let store = store(&desk).await;
    // A reader of an old snapshot stands against emptying the log of writes.
    let reading = store.read().await.expect("a read");
    alliances::list(&reading).await.expect("its snapshot");
    let erase = ErasePerson {
        person: PersonId::new("ma.zhigao"),
    };
    let sent = system.http.post(format!("{}{}", system.url, ErasePerson::PATH));
    let sent = tokio::spawn(sent.header(KEY_HEADER, new_id()).json(&erase).send());
    let committed = async { while unswept(&store).await == 0 {} };
    timeout(PATIENCE, committed).await.expect("the person is erased");
    assert!(!sent.is_finished(), "the reply waits for the file");
    sent.abort();
    assert!(
        sent.await.is_err_and(|end| end.is_cancelled()),
        "and nobody waits for the reply"
    );
    assert!(in_files(&desk, NAME), "its bytes are still there");
    drop(reading);
    // Whoever asked the database would be in the way again.
    let swept = async {
        while in_files(&desk, NAME) {
            yield_now().await;
        }
    };
    timeout(PATIENCE, swept).await.expect("the file is swept");
}
