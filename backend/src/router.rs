//! The whole surface on one screen.

use crate::app::App;
use crate::edge::{figures, limits, pace, probes};
use crate::pages::{forms, loaders, membership, personal as personal_pages};
use crate::{
    account, audit, catalog, door, home, http, imports, invitations, ledger, notices, openapi, organizations, pages,
    people, personal, plans, requests, rounds, runs, session, sign_on, sse, timetable,
};
use axum::Router;
use axum::routing::{MethodRouter, get, post};
use domain::api::*;
use frontend::paths;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub fn router(app: App) -> Router {
    let calls: Vec<(&str, MethodRouter<App>)> = vec![
        (SignIn::PATH, post(door::sign_in)),
        (SignOut::PATH, post(door::sign_out)),
        (AcceptInvitation::PATH, post(door::accept_invitation)),
        http::write(invitations::join_as_self),
        http::write(session::act_for),
        http::read(session::read),
        http::read(account::read),
        http::write(account::end_session),
        http::write_after(account::new_hash, account::change_password),
        http::write(personal::set_own_phone),
        http::door(personal::reveal_own_phone),
        http::door(personal::export_own),
        http::door(account::start_second_factor),
        http::door(account::confirm_second_factor),
        http::write_after(account::known, account::end_second_factor),
        http::write_after(sign_on::proved, sign_on::link),
        http::write_after(sign_on::known, sign_on::unlink),
        http::read(organizations::list),
        http::write(organizations::admit),
        http::write(organizations::suspend),
        http::write(organizations::lift),
        http::write(organizations::leave),
        http::write(organizations::readmit),
        http::read(people::list),
        http::door(invitations::invite),
        http::write(invitations::revoke),
        http::write(people::set_second_factor_rule),
        http::write(people::set_role),
        http::write(people::take_role),
        http::write(people::deactivate),
        http::write(people::reactivate),
        http::write(personal::set_phone),
        http::door(personal::reveal_phone),
        http::write(personal::erase),
        http::read(people::duties::read),
        http::write(people::duties::hand_over),
        http::write(people::lessons::hand_over),
        http::read(home::read),
        http::read(catalog::read),
        http::read(catalog::read_week),
        http::read(requests::list),
        http::read(requests::read),
        http::read(requests::form),
        http::read(requests::check),
        http::read(imports::template),
        http::read(imports::preview),
        http::write_after(imports::prepared, imports::import),
        http::write(requests::write::save_draft),
        http::write(requests::write::submit),
        http::write(requests::write::amend),
        http::write(requests::write::withdraw),
        http::write(requests::write::give_back),
        http::read(rounds::list),
        http::read(rounds::read),
        http::write(rounds::close),
        http::write(rounds::reopen),
        http::write(runs::start),
        http::read(runs::read),
        http::write(runs::stop),
        http::read(plans::board),
        http::read(plans::moves::read),
        http::write_after(plans::edit::moved, plans::edit::move_lesson),
        http::write(plans::edit::pin),
        http::write_after(plans::edit::removed, plans::edit::remove),
        http::write(plans::approve),
        http::write(plans::discard),
        http::write_after(plans::publish::explained, plans::publish::publish),
        http::published::read(timetable::read),
        http::read(ledger::read),
        http::read(notices::read),
        http::write(notices::send_again),
        http::read(audit::read),
    ];
    let router = calls
        .into_iter()
        .fold(Router::new(), |router, (path, route)| router.route(path, route));
    router
        .route(sse::EVENTS, get(sse::run_events))
        .route(paths::HOME, get(loaders::home))
        .route(paths::SIGN_IN, get(loaders::sign_in).post(door::enter))
        .route(paths::SIGN_ON, get(pages::sign_on::set_out))
        .route(paths::SIGN_ON_BACK, get(pages::sign_on::come_back))
        .route(
            paths::SIGN_ON_CODE,
            get(pages::sign_on::code).post(pages::sign_on::enter),
        )
        .route(paths::SIGN_OUT, post(door::leave))
        .route(paths::LANG, get(door::switch_language))
        .route(paths::CATALOG, get(loaders::catalog))
        .route(paths::CATALOG_ROOM, get(loaders::room))
        .route(paths::CATALOG_EQUIPMENT, get(loaders::equipment))
        .route(paths::INSTRUCTORS, get(loaders::instructors))
        .route(paths::INSTRUCTOR, get(loaders::instructor))
        .route(paths::REQUESTS, get(loaders::requests))
        .route(paths::REQUEST_NEW, get(loaders::request_new))
        .route(paths::IMPORT, get(pages::imports::start).post(pages::imports::preview))
        .route(paths::IMPORT_NOW, post(pages::imports::import))
        .route(paths::IMPORT_TEMPLATE_CSV, get(pages::imports::template_csv))
        .route(paths::IMPORT_TEMPLATE_XLSX, get(pages::imports::template_xlsx))
        .route(paths::REQUEST, get(loaders::request))
        .route(paths::REQUEST_EDIT, get(loaders::request_edit))
        .route(paths::ROUNDS, get(loaders::rounds))
        .route(paths::ROUND, get(loaders::round))
        .route(paths::BOARD, get(loaders::board))
        .route(paths::TIMETABLE, get(loaders::timetable))
        .route(paths::FAIRNESS, get(loaders::fairness))
        .route(paths::AUDIT, get(loaders::audit))
        .route(paths::NOTICES, get(loaders::notices).post(forms::send_notice_again))
        .route(paths::JOIN, get(forms::join).post(door::join))
        .route(paths::ACCOUNT, get(forms::account))
        .route(paths::ACCOUNT_END_SESSION, post(forms::end_session))
        .route(paths::ACCOUNT_PASSWORD, post(forms::change_password))
        .route(paths::ACCOUNT_PHONE, post(personal_pages::set_own_phone))
        .route(paths::ACCOUNT_PHONE_REVEAL, post(personal_pages::reveal_own_phone))
        .route(paths::ACCOUNT_EXPORT, post(personal_pages::export_own))
        .route(paths::ACCOUNT_FACTOR, post(forms::start_second_factor))
        .route(paths::ACCOUNT_FACTOR_CONFIRM, post(forms::confirm_second_factor))
        .route(paths::ACCOUNT_FACTOR_END, post(forms::end_second_factor))
        .route(paths::ACCOUNT_IDENTITY_LINK, post(forms::link_identity))
        .route(paths::ACCOUNT_IDENTITY_UNLINK, post(forms::unlink_identity))
        .route(paths::JOIN_AS_SELF, post(membership::join_as_self))
        .route(paths::ACT_FOR, post(membership::act_for))
        .route(paths::ORGANIZATIONS, get(membership::organizations))
        .route(paths::ORGANIZATIONS_ADMIT, post(membership::admit))
        .route(paths::ORGANIZATIONS_SUSPEND, post(membership::suspend))
        .route(paths::ORGANIZATIONS_LIFT, post(membership::lift))
        .route(paths::ORGANIZATIONS_LEAVE, post(membership::leave))
        .route(paths::ORGANIZATIONS_READMIT, post(membership::readmit))
        .route(paths::PEOPLE, get(membership::people))
        .route(paths::PEOPLE_INVITE, post(membership::invite))
        .route(paths::PEOPLE_REVOKE, post(membership::revoke))
        .route(paths::PEOPLE_FACTOR_RULE, post(membership::set_second_factor_rule))
        .route(paths::PEOPLE_ROLE, post(membership::set_role))
        .route(paths::PEOPLE_TAKE_ROLE, post(membership::take_role))
        .route(paths::PEOPLE_DEACTIVATE, post(membership::deactivate))
        .route(paths::PEOPLE_REACTIVATE, post(membership::reactivate))
        .route(paths::PEOPLE_HAND_OVER, post(membership::hand_over))
        .route(paths::PEOPLE_HAND_OVER_LESSON, post(membership::hand_over_lesson))
        .route(paths::PEOPLE_PHONE, post(personal_pages::set_phone))
        .route(paths::PEOPLE_PHONE_REVEAL, post(personal_pages::reveal_phone))
        .route(paths::PEOPLE_ERASE, post(personal_pages::erase))
        .route(paths::PERSON, get(membership::person))
        .route(paths::PERSON_ERASE, get(personal_pages::ask_to_erase))
        .route("/assets/{name}", get(pages::asset))
        .merge(openapi::routes())
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .route("/metrics", get(figures::metrics))
        .fallback(http::unknown)
        .method_not_allowed_fallback(http::wrong_method)
        // Assets come compressed already, and streams are left alone.
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(limits::after_panic))
        .layer(axum::middleware::from_fn_with_state(app.config.limits, limits::in_time))
        .layer(axum::middleware::from_fn_with_state(app.clone(), pace::kept))
        .layer(axum::middleware::from_fn(http::own_site_only))
        .layer(axum::middleware::from_fn_with_state(app.clone(), crate::headers::guard))
        .layer(axum::middleware::from_fn(figures::counted))
        .with_state(app)
}
