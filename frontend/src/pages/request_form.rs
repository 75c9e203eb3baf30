//! `/requests/new?round=…` and `/requests/{id}/edit`: one island holds the whole form.

use crate::islands::request_form::RequestForm;
use crate::text::{Lang, form as words};
use domain::api::FormView;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &FormView) -> AnyView {
    view! {
        <RequestForm lang=lang view=view.clone()/>
        <noscript><p class="note soft">{words::needs_script(lang)}</p></noscript>
    }
    .into_any()
}
