//! What a person answers for: shutting the login, and handing over request by request.

use super::personal;
use crate::parts::icon::{Icon, icon};
use crate::parts::told::{Told, hidden};
use crate::paths;
use crate::text::{Lang, names, people as say, time, words};
use domain::api::{Colleague, DutiesView, DutyRow, LessonDuty};
use domain::id::InstructorId;
use leptos::prelude::*;

/// `number` is the phone in full, on the one page that answers who asked for it. `key` is minted for this drawing of the
/// page.
pub fn page(lang: Lang, view: &DutiesView, told: &Told, number: Option<&str>, key: &str) -> AnyView {
    view! {
        <div class="title">
            <div>
                <p class="crumbs"><a href=paths::PEOPLE>{icon(Icon::Back)} {say::back(lang)}</a></p>
                <h1>{say::duties_of(lang, &view.name)}</h1>
            </div>
        </div>
        {told.view(lang, say::saved(lang))}
        {requests(lang, view, key)}
        {lessons(lang, view, key)}
        {personal::phone_of(lang, view, number, key)}
        {login(lang, view, key)}
        {personal::erase_link(lang, view)}
    }
    .into_any()
}

fn requests(lang: Lang, view: &DutiesView, key: &str) -> AnyView {
    let content = match view.requests.is_empty() {
        true => view! { <p>{say::no_requests(lang)}</p> }.into_any(),
        false => view! {
            <table class="facts stacked">
                <caption class="unseen">{say::requests(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::request(lang)}</th>
                        <th scope="col">{say::state(lang)}</th>
                        <th scope="col">{say::hand_to(lang)}</th>
                    </tr>
                </thead>
                <tbody>{view.requests.iter().map(|duty| request(lang, view, duty, key)).collect_view()}</tbody>
            </table>
        }
        .into_any(),
    };
    view! { <section class="card account"><h2>{say::requests(lang)}</h2> {content}</section> }.into_any()
}

fn request(lang: Lang, view: &DutiesView, duty: &DutyRow, key: &str) -> AnyView {
    let takers: Vec<&Colleague> = view
        .colleagues
        .iter()
        .filter(|one| one.organization == duty.organization)
        .collect();
    let option = |one: &&Colleague| view! { <option value=one.id.to_string()>{one.name.clone()}</option> };
    let hand = match takers.is_empty() {
        true => view! { <span class="quiet">{say::nobody(lang)}</span> }.into_any(),
        false => view! {
            <form method="post" action=paths::PEOPLE_HAND_OVER>
                {hidden("key", key)} {hidden("request", &duty.id)} {hidden("from", &view.person)}
                <select name="to" aria-label=say::hand_to(lang)>{takers.iter().map(option).collect_view()}</select>
                <button class="button small" aria-label=say::hand_over_of(lang, &duty.reference)>{say::hand_over(lang)}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row"><a href=paths::request(&duty.id)>{duty.reference.clone()}</a> " " {duty.purpose.clone()}</th>
            <td class="all" data-label=say::state(lang)>{words::request_state(lang, duty.state)}</td>
            <td class="all" data-label=say::hand_to(lang)>{hand}</td>
        </tr>
    }
    .into_any()
}

fn lessons(lang: Lang, view: &DutiesView, key: &str) -> AnyView {
    let content = match view.lessons.is_empty() {
        true => view! { <p>{say::no_lessons(lang)}</p> }.into_any(),
        false => view! {
            <p class="hint">{say::lessons_why(lang)}</p>
            <table class="facts stacked">
                <caption class="unseen">{say::lessons(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::lesson(lang)}</th>
                        <th scope="col">{say::place(lang)}</th>
                        <th scope="col">{say::hand_to(lang)}</th>
                    </tr>
                </thead>
                <tbody>{view.lessons.iter().map(|duty| lesson(lang, view, duty, key)).collect_view()}</tbody>
            </table>
        }
        .into_any(),
    };
    view! { <section class="card account"><h2>{say::lessons(lang)}</h2> {content}</section> }.into_any()
}

fn lesson(lang: Lang, view: &DutiesView, duty: &LessonDuty, key: &str) -> AnyView {
    let lesson = &duty.lesson;
    let at = time::stamp(lang, lesson.week.epoch_min() + lesson.span.from);
    let option =
        |id: &InstructorId| view! { <option value=id.to_string()>{names::instructor(&view.names, id)}</option> };
    let hand = match duty.takers.is_empty() {
        true => view! { <span class="quiet">{say::nobody(lang)}</span> }.into_any(),
        false => view! {
            <form method="post" action=paths::PEOPLE_HAND_OVER_LESSON>
                {hidden("key", key)} {hidden("person", &view.person)} {hidden("week", lesson.week.monday())}
                {hidden("request", &lesson.request)} {hidden("lesson", lesson.lesson)}
                <select name="to" aria-label=say::hand_to(lang)>{duty.takers.iter().map(option).collect_view()}</select>
                <button class="button small" aria-label=say::hand_over_of(lang, &at)>{say::hand_over(lang)}</button>
            </form>
        }
        .into_any(),
    };
    let room = names::room(&view.names, &lesson.room);
    let who = names::organization(lang, &view.names, &lesson.organization);
    view! {
        <tr>
            <th scope="row">{at.clone()}</th>
            <td class="all" data-label=say::place(lang)>{room} " · " {who}</td>
            <td class="all" data-label=say::hand_to(lang)>{hand}</td>
        </tr>
    }
    .into_any()
}

fn login(lang: Lang, view: &DutiesView, key: &str) -> AnyView {
    if view.own {
        return ().into_any();
    }
    let (path, words) = match view.active {
        true => (paths::PEOPLE_DEACTIVATE, say::deactivate(lang)),
        false => (paths::PEOPLE_REACTIVATE, say::reactivate(lang)),
    };
    let content = match view.shared {
        true => view! { <p>{say::shared(lang)}</p> }.into_any(),
        false => view! {
            {view.active.then(|| view! { <p class="hint">{say::deactivate_why(lang)}</p> })}
            <form method="post" action=path>
                {hidden("key", key)} {hidden("person", &view.person)} <button class="button">{words}</button>
            </form>
        }
        .into_any(),
    };
    view! { <section class="card account"><h2>{words}</h2> {content}</section> }.into_any()
}
