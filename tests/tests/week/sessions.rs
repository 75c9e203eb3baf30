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
