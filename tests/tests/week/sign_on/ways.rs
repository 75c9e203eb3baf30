//! Ways in: what a session was opened by, and what a token may be signed with.

use super::super::desk::{Desk, code};
use super::super::password_age::{DENGBAO, days_pass};
use super::way::{linked, round_trip};
use super::{flags, with};
use domain::access::Bar;
use domain::api::*;
use rstest::rstest;
use serde_json::json;
use tests::databases::Kind;
use tests::provider::{Fault, Provider};

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_keeps_nobody_out_whom_the_provider_lets_in(#[case] kind: Kind) {
    let provider = Provider::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let flags = flags(&provider, folder.path());
    let flags: Vec<&str> = flags.iter().map(String::as_str).chain(DENGBAO).collect();
    let desk = Desk::open(kind).await;
    let logins = desk.server.logins.clone();
    let mut desk = desk.reopen(&flags).await;
    desk.server.logins = logins;
    let by_password = desk.signed_in("li.jishi").await;
    provider.says("li.jishi", Fault::None, json!({}));
    linked(&by_password, &desk.server.login("li.jishi").password).await;
    days_pass(&desk, 91).await;
    assert_eq!(
        code(&by_password, &ReadHome {}).await,
        Some(ProblemCode::PasswordExpired)
    );

    let by_provider = desk.server.visitor();
    let (status, to, _) = round_trip(&by_provider, "?back=/requests").await;
    assert_eq!((status, to.as_str()), (303, "/requests"));
    let session = by_provider.call(&ReadSession {}).await.expect("who it is");
    assert_eq!((session.person.as_str(), session.bar), ("li.jishi", None));
    assert_eq!(code(&by_provider, &ReadHome {}).await, None);
    for path in ["/", "/requests", "/requests/new", "/account"] {
        assert_eq!(by_provider.page(path).await.0, 200, "{path}");
    }
    // The password itself is as old as before.
    let again = desk.signed_in("li.jishi").await;
    let session = again.call(&ReadSession {}).await.expect("who it is");
    assert_eq!(session.bar, Some(Bar::Password));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_be_signed_with_rs256_and_is_judged_alike() {
    let provider = Provider::with_rs256().await;
    let desk = with(Kind::Sqlite, &provider).await;
    let client = desk.signed_in("li.jishi").await;
    provider.says("li.jishi", Fault::None, json!({}));
    let (status, to, page) = linked(&client, &desk.server.login("li.jishi").password).await;
    assert_eq!((status, to.as_str()), (303, "/account?done=linked"), "{page}");
    for fault in [Fault::Forged, Fault::UnknownKey, Fault::SignedBySecret, Fault::Unsigned] {
        provider.says("li.jishi", fault, json!({}));
        let visitor = desk.server.visitor();
        assert_eq!(round_trip(&visitor, "").await.0, 401, "{fault:?}");
        assert_eq!(
            code(&visitor, &ReadSession {}).await,
            Some(ProblemCode::SignInNeeded),
            "{fault:?}"
        );
    }
    provider.says("luo.zhiyuan", Fault::Altered, json!({}));
    assert_eq!(round_trip(&desk.server.visitor(), "").await.0, 401);
    provider.says("li.jishi", Fault::None, json!({}));
    let visitor = desk.server.visitor();
    assert_eq!(round_trip(&visitor, "").await.0, 303);
    assert_eq!(
        visitor.call(&ReadSession {}).await.expect("signed in").person.as_str(),
        "li.jishi"
    );
}
