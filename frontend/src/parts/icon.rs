//! Icons: one inline sprite a document, used by name. Decoration only: a word always stands beside it.

use leptos::prelude::*;

/// The drawings, 16 × 16, stroked in the colour of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Yes,
    No,
    Warn,
    Ring,
    Dot,
    Half,
    Pin,
    Move,
    Stop,
    Undo,
    Star,
    Clock,
    Place,
    Calendar,
    Print,
    Down,
    Arrow,
    Back,
    Menu,
    Edit,
    Person,
    Tool,
    Search,
    Lock,
}

impl Icon {
    pub const ALL: [Icon; 24] = [
        Icon::Yes,
        Icon::No,
        Icon::Warn,
        Icon::Ring,
        Icon::Dot,
        Icon::Half,
        Icon::Pin,
        Icon::Move,
        Icon::Stop,
        Icon::Undo,
        Icon::Star,
        Icon::Clock,
        Icon::Place,
        Icon::Calendar,
        Icon::Print,
        Icon::Down,
        Icon::Arrow,
        Icon::Back,
        Icon::Menu,
        Icon::Edit,
        Icon::Person,
        Icon::Tool,
        Icon::Search,
        Icon::Lock,
    ];

    const fn name(self) -> &'static str {
        match self {
            Icon::Yes => "i-yes",
            Icon::No => "i-no",
            Icon::Warn => "i-warn",
            Icon::Ring => "i-ring",
            Icon::Dot => "i-dot",
            Icon::Half => "i-half",
            Icon::Pin => "i-pin",
            Icon::Move => "i-move",
            Icon::Stop => "i-stop",
            Icon::Undo => "i-undo",
            Icon::Star => "i-star",
            Icon::Clock => "i-clock",
            Icon::Place => "i-place",
            Icon::Calendar => "i-calendar",
            Icon::Print => "i-print",
            Icon::Down => "i-down",
            Icon::Arrow => "i-arrow",
            Icon::Back => "i-back",
            Icon::Menu => "i-menu",
            Icon::Edit => "i-edit",
            Icon::Person => "i-person",
            Icon::Tool => "i-tool",
            Icon::Search => "i-search",
            Icon::Lock => "i-lock",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Icon::Yes => "M3 8.6 6.4 12 13 4.4",
            Icon::No => "m4 4 8 8m0-8-8 8",
            Icon::Warn => "M8 2.4 14.3 13.4H1.7zM8 6.6v3.1M8 11.5v.1",
            Icon::Ring => "M8 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6z",
            Icon::Dot => "M8 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z",
            Icon::Half => "M8 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6zM8 3.2v9.6M10 4v8M12 5.6v4.8",
            Icon::Pin => "M5.4 2h5.2L10 6.2l2.3 2.3H3.7L6 6.2zM8 8.5V14",
            Icon::Move => "M8 1.8v12.4M1.8 8h12.4M6 3.8l2-2 2 2M6 12.2l2 2 2-2M3.8 6l-2 2 2 2M12.2 6l2 2-2 2",
            Icon::Stop => "M4 4h8v8H4z",
            Icon::Undo => "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3.5l-3 3 3 3",
            Icon::Star => "m8 1.9 1.9 3.9 4.2.6-3 3 .7 4.2L8 11.6l-3.8 2 .7-4.2-3-3 4.2-.6z",
            Icon::Clock => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.6V8l2.5 1.6",
            Icon::Place => {
                "M8 14.2s4.6-4.4 4.6-8a4.6 4.6 0 0 0-9.2 0c0 3.6 4.6 8 4.6 8zM8 4.6a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z"
            }
            Icon::Calendar => "M2.5 3.5h11v10h-11zM2.5 6.6h11M5.5 2v3M10.5 2v3",
            Icon::Print => "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
            Icon::Down => "M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10",
            Icon::Arrow => "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
            Icon::Back => "M13 8H3M6.5 4.5 3 8l3.5 3.5",
            Icon::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Icon::Edit => "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2zM9.3 4.5l2.2 2.2",
            Icon::Person => {
                "M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2zM2.8 13.8c.5-2.9 2.5-4.3 5.2-4.3s4.7 1.4 5.2 4.3"
            }
            Icon::Tool => {
                "M13.4 4.7a3.6 3.6 0 0 1-4.7 4.3l-4.5 4.5-1.7-1.7 4.5-4.5a3.6 3.6 0 0 1 4.3-4.7L9.2 4.7l.4 1.7 1.7.4z"
            }
            Icon::Search => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14",
            Icon::Lock => "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
        }
    }
}

/// An icon beside its word.
pub fn icon(which: Icon) -> impl IntoView + use<> {
    let href = format!("#{}", which.name());
    view! { <svg class="icon" aria-hidden="true"><use href=href></use></svg> }
}

/// All drawings once, at the top of the document.
pub fn sprite() -> impl IntoView {
    let symbols: String = Icon::ALL
        .iter()
        .map(|icon| {
            format!(
                "<symbol id=\"{}\" viewBox=\"0 0 16 16\"><path d=\"{}\"/></symbol>",
                icon.name(),
                icon.path()
            )
        })
        .collect();
    view! { <svg class="sprite" aria-hidden="true" inner_html=symbols></svg> }
}
