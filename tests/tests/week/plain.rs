//! Every call of the contract and every form, with texts that are not plain and numbers that are not of this world: a
//! problem with a stable code and words, never a 5xx.

use super::desk::Desk;
use domain::api::*;
use domain::people::Role;
use rstest::rstest;
use serde_json::{Value, json};
use tests::databases::Kind;
use tests::server::Client;

const TEXTS: [&str; 6] = ["\0", "a\u{7}b", "\u{202e}txt.exe", "\u{2066}", "\u{fffd}", "\u{7f}"];

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn no_call_takes_a_text_that_is_not_plain(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let trainer = desk.signed_in("li.jishi").await;
    for client in [&coordinator, &trainer, &desk.server.visitor()] {
        for (name, method, path) in CALLS {
            for text in TEXTS {
                let call = json!({ "id": text, "login": text, "note": text, "draft": { "purpose": text } });
                let call = if *method == Method::Get {
                    json!({ "id": text })
                } else {
                    call
                };
                refused(client, name, *method, path, &call, &[401, 403, 404, 422]).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_takes_a_number_that_is_not_of_this_world() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (coordinator, _) = desk.coordinators().await;
    for (name, method, path) in CALLS {
        for number in [
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1e300),
            json!(1_000_000_000_001_i64),
        ] {
            let call = json!({ "version": number });
            refused(&coordinator, name, *method, path, &call, &[400, 401, 403, 404]).await;
        }
    }
    for week in [
        "2027-02-29",
        "2026-W53",
        "24:00",
        "2026-11-25",
        "99999-01-01",
        "-1",
        "1000000000",
    ] {
        for path in ["/api/v1/timetable", "/api/v1/fairness", "/timetable", "/fairness"] {
            let by = if path == "/api/v1/timetable" { "&by=room" } else { "" };
            let (status, text) = coordinator.page(&format!("{path}?week={week}{by}")).await;
            assert_eq!(status, 400, "{path} {week}: {text}");
        }
    }
    let forms = [
        ("/sign-in", "login=%00&password=x"),
        ("/account/password", "old=a&new=b%E2%80%AE&key=k"),
        ("/join/abc", "login=a%07&name=b&password=c"),
    ];
    for (path, body) in forms {
        let post = coordinator.http.post(format!("{}{path}", coordinator.url));
        let post = post
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let status = post.send().await.expect("an answer").status().as_u16();
        assert!((400..500).contains(&status), "{path}: {status}");
    }
}

/// Every page that is found by an address, with addresses that nobody writes by hand.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_be_read_is_answered_in_words() {
    let desk = Desk::open(Kind::Sqlite).await;
    let admin = desk
        .server
        .client(desk.server.login_of(Role::SystemAdmin))
        .await
        .expect("signed in");
    let queries = [
        "/lang",
        "/lang?to=zh&to=en",
        "/lang?to=en&back=%00",
        "/sign-in?back=a&back=b",
        "/sign-in?back=%E2%80%AE",
        "/sign-on?join=%07",
        "/sign-on/back?code=a&code=b",
        "/sign-on/code?back=%00",
        "/account?done=a&done=b",
        "/notices?done=%00",
        "/requests?done=%00",
        "/organizations?done=%00",
        "/people?organization=%20",
        "/people?organization=a&organization=b",
        "/people/of/anybody?done=%00",
    ];
    let names = [
        "/join/%ff",
        "/join/%00",
        "/people/of/%ff",
        "/people/of/%ff/erase",
        "/requests/%ff",
        "/requests/%ff/edit",
        "/rounds/%ff",
        "/rounds/%ff/board",
        "/catalog/room/%ff",
        "/catalog/equipment/%ff",
        "/instructors/%ff",
        "/assets/%ff",
    ];
    let all = queries
        .map(|path| (path, 400..=422))
        .into_iter()
        .chain(names.map(|path| (path, 404..=404)));
    for (path, expected) in all {
        let reply = admin
            .http
            .get(format!("{}{path}", admin.url))
            .header("accept-language", "zh")
            .send()
            .await;
        let reply = reply.expect("an answer");
        let status = reply.status().as_u16();
        assert!(expected.contains(&status), "{path}: {status}");
        assert_eq!(reply.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let page = reply.text().await.expect("a page");
        assert!(
            page.contains("lang=\"zh-CN\"") && page.contains("class=\"failure"),
            "{path}: {page}"
        );
    }
}

async fn refused(client: &Client, name: &str, method: Method, path: &str, call: &Value, taken: &[u16]) {
    let (status, problem) = client.send(method, path, call).await;
    assert!(taken.contains(&status), "{name} {call}: {status} {problem}");
    assert!(
        problem["code"].is_string() && problem["detail"].is_string(),
        "{name} {call}: {problem}"
    );
}
