//! Calls whose reply is kept for visitors; see `crate::published`.

use super::{allowed, answered, json, lang_of, mounted, session_token};
use crate::app::{App, Caller};
use crate::clock;
use crate::edge::plain;
use crate::problem::Problem;
use crate::published::Kept;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::routing::MethodRouter;
use domain::api::ReadCall;
use domain::time::MINUTES_PER_DAY;

/// Mounts a read whose reply is the same for every visitor: it is kept in memory until something is published. Whoever
/// brings a session has it read as ever.
pub fn read<C, F, Fut>(use_case: F) -> (&'static str, MethodRouter<App>)
where
    C: ReadCall + Sync,
    C::Reply: Sync,
    F: Fn(App, Caller, C) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<C::Reply, Problem>> + Send + 'static,
{
    let route = async move |State(app): State<App>, request: Request| {
        let lang = lang_of(request.headers());
        let reply = async {
            let headers = request.headers().clone();
            let is_visitor = session_token(&app, &headers).is_none();
            let asked = asked::<C>(request.uri().query().unwrap_or_default()).filter(|_| is_visitor);
            let known = asked
                .as_ref()
                .and_then(|asked| app.published.find(asked, clock::now_ms()));
            if let Some(kept) = known {
                return kept_reply(&kept, &headers);
            }
            let edition = app.published.edition();
            let app = app.at_one_moment().await?;
            let (caller, call) = allowed::<C>(&app, request, lang).await?;
            let until_ms = midnight_ms(&caller);
            let reply = use_case(app.clone(), caller, call).await?;
            let Some(asked) = asked else {
                return json(&reply);
            };
            let text = serde_json::to_vec(&reply).map_err(|error| Problem::internal(error.to_string()))?;
            kept_reply(&app.published.keep(edition, asked, Kept::new(text, until_ms)), &headers)
        };
        answered(lang, reply).await
    };
    mounted::<C, _, _>(route)
}

/// What a query asks for, however it is spelt; nothing where it is no call.
fn asked<C: ReadCall>(query: &str) -> Option<String> {
    plain::form::<C>(query.as_bytes()).ok().map(|call| format!("{call:?}"))
}

/// When the caller's day ends, in unix milliseconds; where clocks change, at most an hour too early or too late.
fn midnight_ms(caller: &Caller) -> i64 {
    let left_min = MINUTES_PER_DAY - caller.now_at_min.rem_euclid(MINUTES_PER_DAY);
    let now_ms = clock::now_ms();
    now_ms - now_ms.rem_euclid(60_000) + left_min * 60_000
}

/// The compressed twin where it is understood, and nothing but the tag where it is known.
fn kept_reply(kept: &Kept, headers: &HeaderMap) -> Result<Response<Body>, Problem> {
    let text = |name: header::HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let twin = kept
        .gzip
        .as_ref()
        .filter(|_| text(header::ACCEPT_ENCODING).contains("gzip"));
    let reply = Response::builder()
        .header(header::ETAG, &kept.tag)
        .header(header::VARY, "accept-encoding, cookie")
        // Kept by everybody and asked for every time: a new edition is seen at once.
        .header(header::CACHE_CONTROL, "public, no-cache");
    // Weak comparison (RFC 9110, 13.1.2): the twin is the same content.
    let is_known = text(header::IF_NONE_MATCH)
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == kept.tag);
    let reply = match (is_known, twin) {
        (true, _) => reply.status(StatusCode::NOT_MODIFIED).body(Body::empty()),
        (false, Some(twin)) => reply
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "gzip")
            .body(Body::from(twin.clone())),
        (false, None) => reply
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(kept.plain.clone())),
    };
    reply.map_err(|error| Problem::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::asked;
    use domain::api::ReadTimetable;

    #[test]
    fn a_call_is_the_same_however_it_is_spelt() {
        let plain = asked::<ReadTimetable>("by=room&week=2026-11-30&id=a");
        assert!(plain.is_some());
        for spelt in ["id=a&week=2026-11-30&by=room", "by=%72oom&&week=2026-11-30&id=%61"] {
            assert_eq!(asked::<ReadTimetable>(spelt), plain, "{spelt}");
        }
        assert_ne!(asked::<ReadTimetable>("by=room&week=2026-11-30&id=b"), plain);
        assert_eq!(asked::<ReadTimetable>("by=room&x=1"), None);
    }
}
