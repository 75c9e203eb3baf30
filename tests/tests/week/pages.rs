//! What every page keeps, whoever reads it.

use super::desk::Desk;
use reqwest::header;
use tests::databases::Kind;

const PUBLIC: [&str; 6] = ["/", "/sign-in", "/timetable", "/catalog", "/instructors", "/fairness"];

#[tokio::test(flavor = "multi_thread")]
async fn a_public_page_is_small_on_the_wire_and_guarded() {
    let desk = Desk::open(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    for path in PUBLIC {
        let request = visitor.http.get(format!("{}{path}", visitor.url));
        let reply = request
            .header(header::ACCEPT_ENCODING, "br")
            .send()
            .await
            .expect("a page");
        let head = |name: header::HeaderName| {
            let value = reply.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        assert_eq!(
            (reply.status().as_u16(), head(header::CONTENT_ENCODING).as_str()),
            (200, "br"),
            "{path}"
        );
        let policy = head(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("'nonce-"),
            "{path}: {policy}"
        );
        let wire = reply.bytes().await.expect("a body").len();
        assert!((500..20_000).contains(&wire), "{path} takes {wire} bytes");
    }
}
