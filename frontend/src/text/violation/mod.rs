//! A broken rule in words: its name, limit and current value, and what mends it.
//!
//! Three exhaustive matches, one a file: a new rule does not build until it has all three in both languages.

mod detail;
mod remedy;
pub mod samples;
mod title;

use super::{Lang, names, words};
use domain::api::NameBook;
use domain::violation::{At, Violation};

/// What a reader needs to know of a broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub detail: String,
    pub remedy: String,
}

pub fn violation(lang: Lang, broken: &Violation, names: &NameBook) -> Words {
    Words {
        title: title::title(lang, broken).to_owned(),
        detail: detail::detail(lang, broken, names),
        remedy: remedy::remedy(lang, broken, names),
    }
}

/// The rule's name by its code, for reasons that carry only the code.
pub fn rule(lang: Lang, code: &str) -> String {
    title::by_code(lang, code).map_or_else(|| code.to_owned(), str::to_owned)
}

/// `“数控车削”第 2 课次`.
fn lesson(lang: Lang, names: &NameBook, at: &At) -> String {
    let (request, n) = (names::request(names, &at.request), at.lesson);
    lang.pick(format!("“{request}”第 {n} 课次"), format!("lesson {n} of “{request}”"))
}

/// `在“设备”里`: the field that a rule speaks of.
fn field(lang: Lang, name: &str) -> String {
    words::field(lang, name)
}

#[cfg(test)]
mod tests;
