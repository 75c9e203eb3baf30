//! Small marks: the seal of an organization, the badge of a state. A state is always icon, shape and word.

use super::icon::{Icon, icon};
use crate::text::{Lang, names, words};
use domain::api::NameBook;
use domain::id::OrganizationId;
use domain::people::OrganizationKind;
use domain::request::RequestState;
use domain::round::RoundState;
use leptos::prelude::*;

/// The class of an organization's kind: ground and edge of its lessons, shape of its seal.
pub const fn kind_class(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::School => "school",
        OrganizationKind::Enterprise => "enterprise",
        OrganizationKind::Association => "association",
        OrganizationKind::Government => "government",
    }
}

/// The class for an organization by its id; an unknown one is drawn as a school.
pub fn organization_class(names: &NameBook, id: &OrganizationId) -> &'static str {
    names
        .organizations
        .get(id)
        .map_or("school", |name| kind_class(name.kind))
}

/// Two characters in a stamp; its shape is the organization's kind.
pub fn seal(lang: Lang, names: &NameBook, id: &OrganizationId) -> AnyView {
    let Some(name) = names.organizations.get(id) else {
        return ().into_any();
    };
    let class = format!("seal {}", kind_class(name.kind));
    let title = format!(
        "{} {}",
        names::organization_name(lang, name),
        words::organization_kind(lang, name.kind)
    );
    view! { <i class=class title=title lang="zh-CN">{name.seal.clone()}</i> }.into_any()
}

/// Seal and name.
pub fn who(lang: Lang, names: &NameBook, id: &OrganizationId) -> AnyView {
    let name = names::organization(lang, names, id);
    view! { <span class="who">{seal(lang, names, id)} {name}</span> }.into_any()
}

/// How a state looks; each tone has its own border besides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// Dashed: not there yet.
    Waiting,
    Done,
    Published,
    Soft,
    Refusal,
    Unplaced,
    Mine,
    /// Pale: ended without a result.
    Over,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "badge",
            Tone::Waiting => "badge waiting",
            Tone::Done => "badge done",
            Tone::Published => "badge published",
            Tone::Soft => "badge soft",
            Tone::Refusal => "badge refusal",
            Tone::Unplaced => "badge unplaced",
            Tone::Mine => "badge mine",
            Tone::Over => "badge over",
        }
    }
}

pub fn badge(tone: Tone, shape: Icon, word: impl Into<String>) -> AnyView {
    let word = word.into();
    view! { <span class=tone.class()>{icon(shape)} {word}</span> }.into_any()
}

pub fn request_badge(lang: Lang, state: RequestState) -> AnyView {
    let (tone, shape) = match state {
        RequestState::Draft => (Tone::Waiting, Icon::Edit),
        RequestState::Submitted => (Tone::Plain, Icon::Arrow),
        RequestState::Returned => (Tone::Soft, Icon::Undo),
        RequestState::Proposed => (Tone::Plain, Icon::Clock),
        RequestState::Confirmed => (Tone::Published, Icon::Yes),
        RequestState::PartlyConfirmed => (Tone::Soft, Icon::Half),
        RequestState::NotGranted => (Tone::Unplaced, Icon::No),
        RequestState::Completed => (Tone::Done, Icon::Yes),
        RequestState::Withdrawn | RequestState::Cancelled | RequestState::Expired => (Tone::Over, Icon::Stop),
        RequestState::Rejected => (Tone::Refusal, Icon::No),
    };
    badge(tone, shape, words::request_state(lang, state))
}

pub fn round_badge(lang: Lang, state: RoundState) -> AnyView {
    let (tone, shape) = match state {
        RoundState::Open => (Tone::Waiting, Icon::Ring),
        RoundState::Closed => (Tone::Plain, Icon::Lock),
        RoundState::Planning => (Tone::Plain, Icon::Clock),
        RoundState::Review => (Tone::Soft, Icon::Half),
        RoundState::Published | RoundState::Running => (Tone::Published, Icon::Yes),
        RoundState::Settled => (Tone::Done, Icon::Yes),
    };
    badge(tone, shape, words::round_state(lang, state))
}
