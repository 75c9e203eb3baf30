//! Labelled controls of the plain GET forms that filter lists.

use crate::text::Lang;
use leptos::prelude::*;

/// A select whose first choice is "everything".
pub fn select(
    name: &'static str,
    label: &str,
    everything: &str,
    choices: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let option = |(value, words): (String, String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    };
    let first = (!everything.is_empty()).then(|| view! { <option value="">{everything.to_owned()}</option> });
    let options = choices.into_iter().map(option).collect_view();
    let (id, label) = (format!("f-{name}"), label.to_owned());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{first} {options}</select>
        </div>
    }
    .into_any()
}

pub fn text(name: &'static str, label: &str, value: &str) -> AnyView {
    input(name, label, value, "search", "text")
}

pub fn number(name: &'static str, label: &str, value: &str) -> AnyView {
    input(name, label, value, "text", "numeric")
}

fn input(name: &'static str, label: &str, value: &str, kind: &'static str, mode: &'static str) -> AnyView {
    let (id, label, value) = (format!("f-{name}"), label.to_owned(), value.to_owned());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type=kind inputmode=mode value=value size="10" maxlength="60" />
        </div>
    }
    .into_any()
}

/// The form's buttons: apply, and take everything back.
pub fn apply(apply: &'static str, clear: &'static str, path: &'static str, filtered: bool) -> AnyView {
    let clear = filtered.then(|| view! { <a class="button plain" href=path>{clear}</a> });
    view! { <div class="buttons"><button class="button">{apply}</button> {clear}</div> }.into_any()
}

/// `name` in the reader's language of a catalog word.
pub fn word(lang: Lang, named: &domain::catalog::Named) -> String {
    let english = Some(&named.name_en).filter(|en| lang == Lang::En && !en.is_empty());
    english.unwrap_or(&named.name).clone()
}
