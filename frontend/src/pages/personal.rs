//! What is kept about a person: the phone and the file with everything on the own account, the phone on an admin's page of
//! a person, and the page that asks once more before a person is erased. Plain forms that work without scripts.

use crate::parts::icon::{Icon, icon};
use crate::parts::told::hidden;
use crate::paths;
use crate::text::{Lang, personal as say};
use domain::api::DutiesView;
use domain::id::PersonId;
use leptos::prelude::*;

/// The own phone; a number in full is on the one page that answers who asked for it.
pub fn own_phone(lang: Lang, masked: Option<&str>, number: Option<&str>, key: &str) -> AnyView {
    let paths = (paths::ACCOUNT_PHONE, paths::ACCOUNT_PHONE_REVEAL);
    phone(lang, say::phone_why(lang), masked, number, key, None, paths)
}

/// Another's phone, for an admin.
pub fn phone_of(lang: Lang, view: &DutiesView, number: Option<&str>, key: &str) -> AnyView {
    let paths = (paths::PEOPLE_PHONE, paths::PEOPLE_PHONE_REVEAL);
    let why = say::phone_of_why(lang);
    phone(lang, why, view.phone.as_deref(), number, key, Some(&view.person), paths)
}

fn phone(
    lang: Lang,
    why: &'static str,
    masked: Option<&str>,
    number: Option<&str>,
    key: &str,
    whose: Option<&PersonId>,
    (set, reveal): (&'static str, &'static str),
) -> AnyView {
    let person = || whose.map(|person| hidden("person", person));
    let now = match masked {
        None => view! { <p>{say::none(lang)}</p> }.into_any(),
        Some(masked) if number.is_none() => view! {
            <form method="post" action=reveal>
                {person()} <p>{say::kept(lang, masked)}</p> <button class="button small">{say::reveal(lang)}</button>
            </form>
        }
        .into_any(),
        Some(_) => ().into_any(),
    };
    let seen = number.map(|number| {
        view! {
            <p id="number">{say::number(lang)} " " <code class="digest">{number.to_owned()}</code></p>
            <p class="hint">{say::number_why(lang)}</p>
        }
    });
    view! {
        <section class="card account" id="phone">
            <h2>{say::phone(lang)}</h2>
            <p class="hint">{why}</p>
            {seen}
            {now}
            <form method="post" action=set>
                {hidden("key", key)} {person()}
                <div class="field">
                    <label for="phone-number">{say::new_phone(lang)}</label>
                    <input id="phone-number" name="phone" type="tel" inputmode="tel" autocomplete=if whose.is_none() { "tel" } else { "off" } maxlength="32" />
                </div>
                <button class="button">{say::set(lang)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Everything that is kept, as a file.
pub fn export(lang: Lang) -> AnyView {
    view! {
        <section class="card account" id="export">
            <h2>{say::export(lang)}</h2>
            <p class="hint">{say::export_why(lang)}</p>
            <form method="post" action=paths::ACCOUNT_EXPORT><button class="button">{say::export_get(lang)}</button></form>
        </section>
    }
    .into_any()
}

/// The way to the page that asks once more, for whoever may erase.
pub fn erase_link(lang: Lang, view: &DutiesView) -> AnyView {
    if !view.erasable {
        return ().into_any();
    }
    view! {
        <section class="card account" id="erase">
            <h2>{say::erase(lang)}</h2>
            <p class="hint">{say::erase_hint(lang)}</p>
            <p><a class="button danger" href=paths::person_erase(&view.person)>{say::erase_go(lang)}</a></p>
        </section>
    }
    .into_any()
}

/// Asks once more: what goes, what stays, and that there is no way back. `key` is minted for this drawing of the page.
pub fn erase(lang: Lang, view: &DutiesView, key: &str) -> AnyView {
    let open = view.requests.len();
    let warned = (open > 0).then(|| {
        view! { <div class="note refusal">{icon(Icon::No)} <p>{say::erase_open(lang, open)}</p></div> }
    });
    let goes = [say::goes_who(lang), say::goes_roles(lang), say::goes_pool(lang)];
    let stays = [
        say::stays_history(lang),
        say::stays_texts(lang),
        say::stays_backups(lang),
    ];
    let items = |lines: [&'static str; 3]| lines.map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div class="title">
            <div>
                <p class="crumbs"><a href=paths::person(&view.person)>{icon(Icon::Back)} {view.name.clone()}</a></p>
                <h1>{say::erase_title(lang, &view.name)}</h1>
            </div>
        </div>
        {warned}
        <section class="card account"><h2>{say::goes(lang)}</h2> <ul class="lines">{items(goes)}</ul></section>
        <section class="card account"><h2>{say::stays(lang)}</h2> <ul class="lines">{items(stays)}</ul></section>
        <section class="card account">
            <p><strong>{say::erase_final(lang)}</strong></p>
            <form method="post" action=paths::PEOPLE_ERASE>
                {hidden("key", key)} {hidden("person", &view.person)}
                <div class="buttons">
                    <button class="button danger">{say::erase_yes(lang)}</button>
                    <a class="button plain" href=paths::person(&view.person)>{say::erase_no(lang)}</a>
                </div>
            </form>
        </section>
    }
    .into_any()
}
