//! The whole surface on one screen.

use crate::app::App;
use crate::pages::loaders;
use crate::{
    catalog, door, home, http, ledger, openapi, pages, plans, requests, rounds, runs, session, sse, timetable,
};
use axum::Router;
use axum::routing::{MethodRouter, get, post};
use domain::api::*;
use frontend::paths;
use tower_http::compression::CompressionLayer;

pub fn router(app: App) -> Router {
    let calls: Vec<(&str, MethodRouter<App>)> = vec![
        (SignIn::PATH, post(door::sign_in)),
        (SignOut::PATH, post(door::sign_out)),
        http::call(session::read),
        http::call(home::read),
        http::call(catalog::read),
        http::call(catalog::read_week),
        http::call(requests::list),
        http::call(requests::read),
        http::call(requests::form),
        http::call(requests::check),
        http::call(requests::write::save_draft),
        http::call(requests::write::submit),
        http::call(requests::write::amend),
        http::call(requests::write::withdraw),
        http::call(requests::write::give_back),
        http::call(rounds::list),
        http::call(rounds::read),
        http::call(rounds::close),
        http::call(rounds::reopen),
        http::call(runs::start),
        http::call(runs::read),
        http::call(runs::stop),
        http::call(plans::board),
        http::call(plans::moves::read),
        http::call(plans::edit::move_lesson),
        http::call(plans::edit::pin),
        http::call(plans::edit::remove),
        http::call(plans::approve),
        http::call(plans::discard),
        http::call(plans::publish::publish),
        http::call(timetable::read),
        http::call(ledger::read),
    ];
    let router = calls
        .into_iter()
        .fold(Router::new(), |router, (path, route)| router.route(path, route));
    router
        .route("/api/v1/runs/events", get(sse::run_events))
        .route(paths::HOME, get(loaders::home))
        .route(paths::SIGN_IN, get(loaders::sign_in).post(door::enter))
        .route(paths::SIGN_OUT, post(door::leave))
        .route(paths::LANG, get(door::switch_language))
        .route(paths::CATALOG, get(loaders::catalog))
        .route(paths::CATALOG_ROOM, get(loaders::room))
        .route(paths::CATALOG_EQUIPMENT, get(loaders::equipment))
        .route(paths::INSTRUCTORS, get(loaders::instructors))
        .route(paths::INSTRUCTOR, get(loaders::instructor))
        .route(paths::REQUESTS, get(loaders::requests))
        .route(paths::REQUEST_NEW, get(loaders::request_new))
        .route(paths::REQUEST, get(loaders::request))
        .route(paths::REQUEST_EDIT, get(loaders::request_edit))
        .route(paths::ROUNDS, get(loaders::rounds))
        .route(paths::ROUND, get(loaders::round))
        .route(paths::BOARD, get(loaders::board))
        .route(paths::TIMETABLE, get(loaders::timetable))
        .route(paths::FAIRNESS, get(loaders::fairness))
        .route("/assets/{name}", get(pages::asset))
        .merge(openapi::routes())
        .route("/healthz", get(pages::healthz))
        .route("/readyz", get(pages::readyz))
        .fallback(http::unknown)
        .method_not_allowed_fallback(http::wrong_method)
        // Assets come compressed already, and streams are left alone.
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(crate::headers::guard))
        .with_state(app)
}
