//! What is missing, why, and the one thing to do; and the list of broken rules.

use super::icon::{Icon, icon};
use crate::text::{self, Lang};
use domain::api::NameBook;
use domain::violation::Violation;
use leptos::prelude::*;

/// An empty state. `then` is the way on: address and words.
pub fn empty(shape: Icon, title: &str, why: &str, then: Option<(String, &'static str)>) -> AnyView {
    let (title, why) = (title.to_owned(), why.to_owned());
    let way = then.map(|(path, words)| view! { <a class="button" href=path>{words}</a> });
    view! { <div class="empty">{icon(shape)} <strong>{title}</strong> <p>{why}</p> {way}</div> }.into_any()
}

/// Every broken rule: name, limit and current value, remedy.
pub fn violations(lang: Lang, broken: &[Violation], names: &NameBook) -> AnyView {
    let item = |violation: &Violation| {
        let words = text::violation(lang, violation, names);
        view! {
            <li class="refusal">
                {icon(Icon::No)} <strong>{words.title}</strong> <span class="limit">{words.detail}</span>
                <span class="remedy">{words.remedy}</span>
            </li>
        }
    };
    let items = broken.iter().map(item).collect_view();
    view! { <ul class="rules">{items}</ul> }.into_any()
}
