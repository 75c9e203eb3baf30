//! What islands ask of the browser besides calls: the focus, another page, another address. All of it happens in
//! event handlers and effects, which never run on the server.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// Moves the focus once the page has been drawn, so that a part that was hidden until now can take it.
pub fn focus(id: String) {
    request_animation_frame(move || focus_now(&id));
}

/// Moves the focus at once.
pub fn focus_now(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<leptos::web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take the focus keeps it where it is: nothing to mend here.
        element.focus().ok();
    }
}

/// Leaves for another page.
pub fn go_to(url: &str) {
    // The address is one of `paths`; a browser refuses it only while it is leaving already.
    location().set_href(url).ok();
}

/// Gives the page the address it will have after a reload, without leaving it.
#[cfg(any(not(feature = "hydrate"), feature = "form"))]
pub fn rename(url: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(history) = web_sys::window().expect("a page has a window").history() {
        history
            .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url))
            .ok();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = url;
}
