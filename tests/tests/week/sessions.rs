//! Sessions, and what happens at the same moment as they are opened and used.

use super::desk::{Desk, code};
use super::doors::{sql, store};
use backend::store::Store;
use domain::api::*;
use domain::password::Password;
use rstest::rstest;
use sea_orm::{ConnectionTrait, Statement};
use std::net::Ipv4Addr;
use tests::databases::Kind;

async fn number(store: &Store, ask: &str) -> i64 {
    let tx = store.read().await.expect("a transaction");
    let ask = Statement::from_string(tx.get_database_backend(), ask);
    let row = tx.query_one_raw(ask).await.expect("an answer").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// Checking a password takes a while. Whoever is shut out meanwhile is not let in by it.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_in_progress_does_not_survive_the_login_s_end(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let store = store(&desk).await;
    sql(&store, "DELETE FROM tries").await;
    let login = desk.server.login("li.jishi");
    let entry = SignIn {
        login: login.login.clone(),
        password: Password(login.password.clone()),
        code: None,
    };
    // Two passwords are looked at at one time, so a queue stands before this one.
    let strangers = (0..40).map(|n| {
        let visitor = desk.server.visitor_from(Ipv4Addr::new(127, 0, 1, n));
        async move {
            let call = SignIn {
                login: format!("nobody-{n}"),
                password: Password("wrong".into()),
                code: None,
            };
            code(&visitor, &call).await
        }
    });
    let client = desk.server.visitor();
    let knocked = async |count: i64| while number(&store, "SELECT count(*) FROM tries").await < count {};
    let entering = async {
        knocked(40).await;
        code(&client, &entry).await
    };
    let shut = async {
        knocked(41).await;
        sql(&store, "UPDATE people SET active = FALSE WHERE id = 'li.jishi'").await;
    };
    let (_, entered, ()) = tokio::join!(futures::future::join_all(strangers), entering, shut);
    assert_eq!(entered, Some(ProblemCode::BadCredentials));
    sql(&store, "UPDATE people SET active = TRUE").await;
    assert_eq!(code(&client, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
}

/// That a session is used is noted beside the request: who reads waits for no writer.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_does_not_wait_for_a_writer() {
    const LAST_SEEN: &str = "SELECT min(last_seen_ms) FROM sessions WHERE person_id = 'li.jishi'";
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    let store = store(&desk).await;
    sql(&store, "UPDATE sessions SET last_seen_ms = last_seen_ms - 120000").await;
    let before = number(&store, LAST_SEEN).await;
    let busy = store.write().await.expect("the one writer");
    let reads = (0..16).map(|_| trainer.call(&ReadSession {}));
    for told in futures::future::join_all(reads).await {
        told.expect("who reads is answered");
    }
    assert_eq!(number(&store, LAST_SEEN).await, before, "nothing could be noted yet");
    drop(busy);
    // Whoever writes now stands behind what waits to be noted.
    desk.signed_in("luo.zhiyuan").await;
    assert!(number(&store, LAST_SEEN).await > before, "it is noted by now");
}

/// What nobody can come in by any more is not listed as open.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_unused_for_too_long_is_not_listed() {
    let desk = Desk::open(Kind::Sqlite).await;
    let unused = desk.signed_in("li.jishi").await;
    let store = store(&desk).await;
    let longer = backend::config::SESSION_IDLE_MS + 1;
    sql(
        &store,
        &format!("UPDATE sessions SET last_seen_ms = last_seen_ms - {longer}"),
    )
    .await;
    let here = desk.signed_in("li.jishi").await;
    let account = here.call(&ReadAccount {}).await.expect("the own account");
    assert!(account.sessions.iter().all(|session| session.here) && account.sessions.len() == 1);
    assert_eq!(code(&unused, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_shown_is_told_in_the_log() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (trainer, auditor) = (desk.signed_in("li.jishi").await, desk.signed_in("yang.shenji").await);
    let password = Password(desk.server.login("li.jishi").password.clone());
    trainer.call(&StartSecondFactor { password }).await.expect("a secret");
    let started = ReadAudit {
        event: Some("account.second_factor_started".into()),
        actor: Some("li.jishi".into()),
        subject: None,
        before: None,
    };
    assert_eq!(auditor.call(&started).await.expect("the log").entries.len(), 1);
}
