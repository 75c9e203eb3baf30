//! Error pages: what happened, whether anything was saved, where to go. Never the text of a server error.

use crate::parts::empty;
use crate::paths;
use crate::text::{self, Lang, site};
use domain::api::{NameBook, ProblemCode};
use domain::violation::Violation;
use leptos::prelude::*;

/// `request_id` is what the reader quotes to the administrators; empty when there is none.
pub fn page(lang: Lang, status: u16, code: ProblemCode, broken: &[Violation], request_id: &str) -> AnyView {
    let words = text::problem(lang, code);
    let quote = (!request_id.is_empty()).then(|| view! { <p class="quiet">{site::quote(lang, request_id)}</p> });
    let names: NameBook = text::names::nobody();
    let list = (!broken.is_empty()).then(|| empty::violations(lang, broken, &names));
    let sign_in = (code == ProblemCode::SignInNeeded)
        .then(|| view! { <a class="button strong" href=paths::SIGN_IN>{site::sign_in(lang)}</a> });
    view! {
        <div class="failure">
            <span class="code">{status}</span>
            <h1>{words.title}</h1>
            <p class="lead">{words.detail}</p>
            {list}
            <div class="buttons">{sign_in} <a class="button" href=paths::HOME>{site::home(lang)}</a></div>
            {quote}
        </div>
    }
    .into_any()
}
