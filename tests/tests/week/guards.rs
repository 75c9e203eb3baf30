//! What every door keeps, whichever way somebody comes: nothing unsafe from another site, and guarded replies only.

use super::desk::Desk;
use super::doors::{sql, store};
use domain::api::*;
use reqwest::header;
use rstest::rstest;
use tests::databases::Kind;

/// Every route that takes an unsafe method, the forms included.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn no_unsafe_request_comes_in_from_another_site(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let client = desk.signed_in("li.jishi").await;
    let calls = CALLS
        .iter()
        .filter(|(_, method, _)| *method == Method::Post)
        .map(|(_, _, path)| *path);
    let forms = [
        "/sign-in",
        "/sign-out",
        "/account/end-session",
        "/account/password",
        "/account/second-factor",
        "/account/second-factor/confirm",
        "/account/second-factor/end",
        "/account/identity/link",
        "/account/identity/unlink",
        "/sign-on/code",
        "/people/second-factor-rule",
        "/nowhere",
    ];
    for path in calls.chain(forms) {
        for (name, value) in [
            ("origin", "https://example.org"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let post = client.http.post(format!("{}{path}", client.url)).header(name, value);
            let reply = post.body("{}").send().await.expect("an answer");
            assert_eq!(reply.status(), 403, "{path} {name}: {value}");
        }
    }
    client.call(&ReadSession {}).await.expect("still signed in");
}

/// What is the same in two replies can be put into the second by whoever has read the first.
#[tokio::test(flavor = "multi_thread")]
async fn no_two_replies_have_one_nonce() {
    let desk = Desk::empty(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    let mut policies = std::collections::BTreeSet::new();
    for _ in 0..4 {
        let reply = visitor.http.get(format!("{}/sign-in", visitor.url)).send().await;
        let reply = reply.expect("an answer");
        let policy = &reply.headers()[header::CONTENT_SECURITY_POLICY];
        policies.insert(policy.to_str().expect("text").to_owned());
    }
    assert_eq!(policies.len(), 4, "{policies:?}");
}

/// Scripts and styles come from files of this server or bear the reply's own nonce.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_inline_runs_on_any_page() {
    let desk = Desk::open(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    for path in [
        "/",
        "/timetable",
        "/nowhere",
        "/api/reference/",
        "/api/reference/swagger-ui.css",
        "/healthz",
    ] {
        let reply = visitor.http.get(format!("{}{path}", visitor.url)).send().await;
        let reply = reply.expect("an answer");
        let policy = reply.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("plain");
        assert!(
            policy.starts_with("default-src 'none'; script-src "),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"),
            "{path}: {policy}"
        );
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_guarded_like_every_other_reply(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    sql(&store(&desk).await, "DROP TABLE ledger").await;
    let visitor = desk.server.visitor();
    for (path, status) in [
        ("/fairness", 500),
        ("/api/v1/fairness", 500),
        ("/nowhere", 404),
        ("/api/v1/home", 401),
        ("/requests", 303),
    ] {
        let reply = visitor
            .http
            .get(format!("{}{path}", visitor.url))
            .send()
            .await
            .expect("an answer");
        assert_eq!(reply.status(), status, "{path}");
        let head = |name: header::HeaderName| {
            reply
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let policy = head(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("'nonce-") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(
            (head(header::X_CONTENT_TYPE_OPTIONS), head(header::CACHE_CONTROL)),
            ("nosniff", "no-store"),
            "{path}"
        );
        let body = reply.text().await.expect("a body");
        assert!(
            !["ledger", "SQLite", "PostgreSQL", "relation"]
                .iter()
                .any(|word| body.contains(word)),
            "{path} tells what failed: {body}"
        );
    }
}
