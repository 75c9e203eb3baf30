//! One whole HTML document around a page: head, bar, main, foot. Server only.
//!
//! A page without an island is sent without any script; a page with one names the hashed files that wake it.
//! Everything passes a strict CSP: no inline script, no inline style.

use crate::parts::frame;
use crate::parts::icon::sprite;
use crate::text::{Lang, site};
use domain::api::SessionView;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    pub lang: Lang,
    /// Without the product's name, which is appended.
    pub title: String,
    /// For `script-src 'nonce-…' 'wasm-unsafe-eval'`.
    pub nonce: String,
    pub assets: Assets,
    pub viewer: Option<SessionView>,
    /// Minted for this drawing: the key of the write that the bar's own form makes.
    pub key: String,
    /// Path and query of this page, where the language switch comes back to.
    pub path: String,
    /// Name of the alliance in the frame's language.
    pub alliance: String,
    pub section: Section,
}

/// Full URLs of the built files, hashes included.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    pub css: String,
    pub icon: String,
    pub boot: String,
    pub modules: BTreeMap<Bundle, Module>,
}

/// The two files of a module.
#[derive(Debug, Clone, Default)]
pub struct Module {
    pub js: String,
    pub wasm: String,
}

/// The modules of the browser's half. Each holds the islands of one kind of page, so that nobody loads the board to
/// withdraw a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bundle {
    Board,
    Form,
    /// The small islands of every other page.
    Desk,
}

impl Bundle {
    pub const ALL: [Bundle; 3] = [Bundle::Board, Bundle::Form, Bundle::Desk];

    /// The feature that it is built with, and its files' name.
    pub const fn name(self) -> &'static str {
        match self {
            Bundle::Board => "board",
            Bundle::Form => "form",
            Bundle::Desk => "desk",
        }
    }

    /// What wakes the islands of a page; `None` for a page without any.
    fn of(content: &str) -> Option<Bundle> {
        let has = |island: &str| content.contains(&format!("data-component=\"{island}_"));
        match content.contains("<leptos-island") {
            false => None,
            true if has("Board") => Some(Bundle::Board),
            true if has("RequestForm") => Some(Bundle::Form),
            true => Some(Bundle::Desk),
        }
    }
}

/// Where in the product a page belongs: marks the navigation and chooses the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Home,
    Requests,
    Rounds,
    /// The board: a part of `Rounds` that uses the whole width.
    Board,
    Catalog,
    Instructors,
    Timetable,
    Fairness,
    Audit,
    Notices,
    People,
    Organizations,
    Account,
    /// Sign-in and error pages: nothing is marked.
    Outside,
}

/// The document as text. `page` runs under an owner of its own, so signals of islands live exactly as long as the call.
pub fn render<V: IntoView + 'static>(page: impl FnOnce() -> V, frame: Frame) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        let content = page().into_view().to_html();
        document(frame, content).to_html()
    });
    owner.cleanup();
    html
}

fn document(frame: Frame, content: String) -> impl IntoView {
    let bundle = Bundle::of(&content);
    let wide = frame.section == Section::Board;
    let title = format!("{} · {}", frame.title, site::product(frame.lang));
    view! {
        <!DOCTYPE html>
        <html lang=frame.lang.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="stylesheet" href=frame.assets.css.clone() />
                <link rel="icon" href=frame.assets.icon.clone() />
                {bundle.map(|bundle| boot(&frame, bundle))}
            </head>
            <body>
                <a class="skip" href="#main">{site::skip(frame.lang)}</a>
                {sprite()}
                {frame::bar(&frame)}
                <main id="main" class="page" class:wide=wide inner_html=content></main>
                {frame::foot(&frame)}
            </body>
        </html>
    }
}

/// The script that wakes the islands; the two large files are fetched while the page is still being read.
fn boot(frame: &Frame, bundle: Bundle) -> impl IntoView + use<> {
    let boot = frame.assets.boot.clone();
    let Module { js, wasm } = frame.assets.modules.get(&bundle).cloned().unwrap_or_default();
    let nonce = frame.nonce.clone();
    view! {
        <link rel="modulepreload" href=js.clone() nonce=nonce.clone() />
        <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="anonymous" href=wasm.clone() />
        <script type="module" src=boot nonce=nonce data-js=js data-wasm=wasm></script>
    }
}
