//! Pages and islands: the server draws every page as plain HTML, the browser wakes only what must answer.
//!
//! Two builds of one source, never both at once: `ssr` for the server (a library of the backend), `hydrate`
//! for the browser (the wasm module). What only one of them needs stands behind its feature.

// A page is one nested type: its depth is the depth of its HTML.
#![recursion_limit = "512"]

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` draws on the server and `hydrate` wakes in the browser: one build has one of them");

pub mod client;
#[cfg(feature = "ssr")]
pub mod document;
pub mod islands;
// The server draws the pages; the browser wakes only what stands on them.
#[cfg(not(feature = "hydrate"))]
pub mod pages;
pub mod parts;
pub mod paths;
pub mod text;

#[cfg(feature = "ssr")]
pub use document::{Assets, Bundle, Frame, Module, Section, render};
pub use text::Lang;

/// Called once by `boot.js`, before it wakes the islands one by one.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
