//! `/rounds/{id}/board?plan=…`: one island holds the whole board.

use crate::islands::board::Board;
use crate::text::Lang;
use domain::api::BoardView;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &BoardView) -> AnyView {
    view! { <Board lang=lang view=view.clone()/> }.into_any()
}
