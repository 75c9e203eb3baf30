//! What a form has just led to: done, or refused with every broken rule.

use super::empty;
use super::icon::{Icon, icon};
use crate::text::{self, Lang, names};
use domain::api::ProblemCode;
use domain::violation::Violation;
use leptos::prelude::*;

pub fn done(words: &'static str) -> AnyView {
    view! { <div class="note done" role="status">{icon(Icon::Yes)} <p>{words}</p></div> }.into_any()
}

pub fn refused(lang: Lang, code: ProblemCode, broken: &[Violation]) -> AnyView {
    let words = text::problem(lang, code);
    let rules = (!broken.is_empty()).then(|| empty::violations(lang, broken, &names::nobody()));
    view! {
        <div class="note refusal" role="alert">
            {icon(Icon::No)} <div><strong>{words.title}</strong> <p>{words.detail}</p> {rules}</div>
        </div>
    }
    .into_any()
}

/// What a page of plain forms says above everything else.
#[derive(Debug, Clone, Default)]
pub enum Told {
    #[default]
    Nothing,
    Saved,
    Refused(ProblemCode, Vec<Violation>),
}

impl Told {
    pub fn view(&self, lang: Lang, saved: &'static str) -> AnyView {
        match self {
            Told::Nothing => ().into_any(),
            Told::Saved => done(saved),
            Told::Refused(code, broken) => refused(lang, *code, broken),
        }
    }
}

/// A hidden field.
pub fn hidden(name: &'static str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_string() /> }.into_any()
}
