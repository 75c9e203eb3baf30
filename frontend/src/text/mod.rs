//! Every word a person reads, in zh-CN and en, compiled: a thing without words in both languages does not build.
//!
//! Enums get their words through exhaustive matches; pages get theirs from the `phrases!` catalogues.
//! No text here knows HTML, and no other module of this crate writes a sentence.

use serde::{Deserialize, Serialize};

/// The reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// BCP 47, for `lang=` and `Accept-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
    /// What `GET /lang?to=` and the cookie say.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }
    pub fn from_code(code: &str) -> Option<Lang> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }
    /// The first of the header's languages that the product speaks; Chinese when none is.
    pub fn accepted(header: &str) -> Lang {
        let tags = header
            .split(',')
            .map(|part| part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let spoken = |tag: String| match tag.get(..2) {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        };
        tags.filter_map(spoken).next().unwrap_or_default()
    }
    pub const fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }
    /// One of two texts; the shortest way to say something in both languages.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A catalogue: `name: "中文", "English";` becomes `pub fn name(lang) -> &'static str`, and
/// `name(n: i64): "{n} 节", "{n} periods";` becomes `pub fn name(lang, n: i64) -> String`.
macro_rules! phrases {
    ($($name:ident $(($($arg:ident : $ty:ty),+))? : $zh:literal, $en:literal ;)*) => {
        $($crate::text::phrase! { $name $(($($arg : $ty),+))? : $zh, $en })*
    };
}
macro_rules! phrase {
    ($name:ident : $zh:literal, $en:literal) => {
        pub fn $name(lang: $crate::text::Lang) -> &'static str {
            lang.pick($zh, $en)
        }
    };
    ($name:ident ($($arg:ident : $ty:ty),+) : $zh:literal, $en:literal) => {
        pub fn $name(lang: $crate::text::Lang, $($arg: $ty),+) -> String {
            match lang {
                $crate::text::Lang::Zh => format!($zh),
                $crate::text::Lang::En => format!($en),
            }
        }
    };
}
pub(crate) use phrase;

pub mod account;
pub mod audit;
pub mod board;
pub mod catalog;
pub mod certificate;
pub mod failed;
pub mod fairness;
pub mod form;
pub mod home;
pub mod imports;
pub mod join;
pub mod names;
pub mod notices;
pub mod organizations;
pub mod people;
pub mod personal;
pub mod problem;
pub mod reason;
pub mod requests;
pub mod round;
pub mod rounds;
pub mod sign_in;
pub mod site;
pub mod time;
pub mod timetable;
pub mod violation;
pub mod words;

/// `problem(lang, code)`: the words of a kind of problem; `problem::problem` takes a whole one.
pub use problem::kind as problem;
pub use violation::violation;
