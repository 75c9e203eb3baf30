//! What the address of a page asks for: its query and the name in its path, looked at like every call, and a page of its own
//! where they cannot be read. Whatever is mounted takes these and not axum's, whose refusals are English and have no code.

use crate::app::App;
use crate::edge::plain;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::Response;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The fields of a query.
pub struct Query<T>(pub T);

/// The one name that stands in a path.
pub struct Path(pub String);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Query<T> {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        match filter(parts.uri.query().map(ToOwned::to_owned)) {
            Ok(asked) => Ok(Query(asked)),
            Err(problem) => Err(super::error(app, parts, problem).await),
        }
    }
}

impl FromRequestParts<App> for Path {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let read = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        let name = read.ok().map(|axum::extract::Path(name)| name);
        match name.filter(|name| plain::is_plain_text(name)) {
            Some(name) => Ok(Path(name)),
            // What cannot be read names nothing.
            None => Err(super::error(app, parts, Problem::not_found()).await),
        }
    }
}

/// A query's fields; empty fields of a form are fields that were left out.
pub fn filter<T: DeserializeOwned>(query: Option<String>) -> Result<T, Problem> {
    let query = query.unwrap_or_default();
    let given: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.ends_with('=') && !pair.is_empty())
        .collect();
    plain::form(given.join("&").as_bytes())
}
