//! Malformed, oversized, contradictory and foreign input: a problem with a stable code, and nothing half-written.

use super::desk::{Desk, form, lathe_draft};
use domain::api::*;
use domain::id::*;
use domain::request::RequestDraft;
use domain::time::Span;
use rstest::rstest;
use tests::databases::Kind;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gets_a_problem_and_leaves_nothing(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let all = ListRequests {
        round: None,
        organization: None,
        state: None,
    };
    let before = trainer.call(&all).await.expect("own requests").requests.len();
    let path = SubmitRequest::PATH;

    let malformed = [
        "",
        "{",
        "[]",
        "null",
        r#"{"id":"x"}"#,
        r#"{"id":"","round":"r","version":0,"draft":{}}"#,
        "\u{0}",
    ];
    for body in malformed {
        let (status, problem) = trainer.post(path, body).await;
        assert_eq!((status, problem["code"].as_str()), (400, Some("malformed")), "{body:?}");
        assert!(
            !problem["title"].as_str().unwrap_or_default().is_empty(),
            "{body:?} has no words"
        );
    }
    let (status, problem) = trainer.post(path, "x".repeat(1 << 20)).await;
    assert_eq!((status, problem["code"].as_str()), (413, Some("too_large")));

    let form = form(&trainer).await;
    let good = SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: lathe_draft(&form),
    };
    let mut extra = serde_json::to_value(&good).expect("plain data");
    extra["organization"] = "yunneng".into();
    assert_eq!(
        trainer.post(path, extra.to_string()).await.0,
        400,
        "a field that is not theirs"
    );

    let draft = |change: fn(&mut RequestDraft)| {
        let mut call = good.clone();
        change(&mut call.draft);
        call
    };
    let contradictory = [
        draft(|d| d.lessons = -1),
        draft(|d| d.lessons = i64::MAX),
        draft(|d| d.minutes = i64::MIN),
        draft(|d| d.headcount = 1_000_000_000),
        draft(|d| d.tier = 0),
        draft(|d| d.purpose = "a\u{202e}b".into()),
        draft(|d| d.purpose = "长".repeat(100_000)),
        draft(|d| d.windows.clear()),
        draft(|d| d.windows[0].span = Span::new(i64::MIN, i64::MAX)),
        draft(|d| d.windows[0].span = Span::new(500, 400)),
        draft(|d| d.cohorts = vec![CohortId::new("nobody")]),
        draft(|d| d.rooms = vec![RoomId::new("nowhere")]),
        draft(|d| d.equipment[0].units = 0),
        draft(|d| d.days_between_min = 99),
    ];
    for call in contradictory {
        let problem = trainer.call(&call).await.expect_err("refused");
        assert!(
            matches!(
                problem.code,
                ProblemCode::RulesBroken | ProblemCode::TooLarge | ProblemCode::Malformed
            ),
            "{problem:?}"
        );
    }
    let foreign = SubmitRequest {
        round: RoundId::new("elsewhere"),
        ..good.clone()
    };
    assert_eq!(
        trainer.call(&foreign).await.expect_err("no such round").code,
        ProblemCode::NotFound
    );
    let future = SubmitRequest {
        version: 7,
        ..good.clone()
    };
    assert_eq!(
        trainer.call(&future).await.expect_err("never had that version").code,
        ProblemCode::Stale
    );

    let after = trainer.call(&all).await.expect("own requests").requests.len();
    assert_eq!(before, after, "something was written");
    trainer
        .call(&good)
        .await
        .expect("the same form, filled in well, is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_from_another_site_is_refused() {
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    for (name, value) in [
        ("origin", "https://example.org"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let post = trainer
            .http
            .post(format!("{}{}", trainer.url, SignOut::PATH))
            .header(name, value);
        let reply = post.json(&SignOut {}).send().await.expect("an answer");
        assert_eq!(reply.status(), 403, "{name}: {value}");
    }
    trainer.call(&ReadSession {}).await.expect("still signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_asks_for_a_session_or_is_public() {
    let desk = Desk::open(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    let public = [
        "ReadCatalog",
        "ReadThingWeek",
        "ReadTimetable",
        "ReadFairness",
        "SignIn",
        "SignOut",
    ];
    for (name, method, path) in CALLS.iter().filter(|(name, _, _)| !public.contains(name)) {
        let address = format!("{}{path}", visitor.url);
        let request = match method {
            Method::Get => visitor.http.get(address),
            Method::Post => visitor
                .http
                .post(address)
                .header("content-type", "application/json")
                .body("{}"),
        };
        let status = request.send().await.expect("an answer").status().as_u16();
        // A body or query that does not parse is refused before anybody asks who sends it.
        assert!(matches!(status, 400 | 401), "{name} answers a visitor with {status}");
    }
    for path in ["/requests", "/rounds", "/requests/new"] {
        let (status, _) = visitor.page(path).await;
        assert_eq!(status, 303, "{path} leads to the door");
    }
    for path in [
        "/",
        "/catalog",
        "/instructors",
        "/timetable",
        "/fairness",
        "/sign-in",
        "/api/reference/",
        "/healthz",
        "/readyz",
    ] {
        let (status, _) = visitor.page(path).await;
        assert_eq!(status, 200, "{path} is public");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_carries_the_security_headers() {
    let desk = Desk::open(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    for path in [
        "/sign-in",
        "/nowhere",
        "/api/v1/nowhere",
        "/api/openapi.json",
        "/assets/nothing.js",
    ] {
        let reply = visitor
            .http
            .get(format!("{}{path}", visitor.url))
            .send()
            .await
            .expect("an answer");
        let header = |name: &str| {
            reply
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        assert!(
            header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(!header("cache-control").is_empty(), "{path}");
    }
}
