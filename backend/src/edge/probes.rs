//! What a supervisor and a proxy ask: whether the process lives, and whether it should be sent work.

use crate::app::App;
use crate::http;
use crate::problem::Problem;
use crate::store::alliances;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use domain::api::ProblemCode;

/// The process lives.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The process can work: its database answers, and it has not been told to end.
pub async fn readyz(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let ready = async {
        if app.end.is_cancelled() {
            return Err(Problem::new(ProblemCode::Unavailable));
        }
        let tx = app.read().await?;
        Ok(alliances::list(&tx).await?)
    };
    match ready.await {
        Ok(_) => Response::new(Body::from("ready")),
        Err(problem) => problem.into_response(http::lang_of(&headers), &http::request_id()),
    }
}
