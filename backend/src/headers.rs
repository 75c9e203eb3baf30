//! Security headers on every reply, errors included, with a fresh nonce for the page's own script.

use crate::app::App;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};
use axum::middleware::Next;

/// The nonce of the reply that is being made.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);

pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let nonce = hex::encode(rand::random::<[u8; 16]>());
    request.extensions_mut().insert(Nonce(nonce.clone()));
    // The API reference brings scripts and styles of its own, from this server.
    let reference = request.uri().path().starts_with("/api/reference");
    let mut reply = next.run(request).await;
    let policy = if reference {
        REFERENCE_POLICY.to_owned()
    } else {
        page_policy(&nonce)
    };
    let headers = reply.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_str(&policy).expect("a policy of plain text"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if app.config.secure_cookies && app.config.hsts_days > 0 {
        let kept = format!("max-age={}", i64::from(app.config.hsts_days) * 86_400);
        let kept = HeaderValue::from_str(&kept).expect("a header of digits");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, kept);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    reply
}

fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Nothing of it is inline but one style that the reference itself brings, which is named by its hash.
const REFERENCE_POLICY: &str = "default-src 'none'; script-src 'self'; \
                                style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
                                img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; \
                                frame-ancestors 'none'";
