//! What may stand in a call at all, looked at once, while it is decoded: plain texts of bounded length, numbers that
//! arithmetic cannot overflow with, lists and nesting of bounded size.
//!
//! It says nothing of what a field means: that is the types' business and the rules'. Lines and tabs are plain; other
//! control characters, marks that reorder text, and what an earlier program could not read (U+FFFD) are not.

use crate::problem::Problem;
use domain::api::ProblemCode;
use domain::id::is_bidi_control;
use domain::violation::Violation;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Characters of one text.
pub const TEXT_CHARS_MAX: usize = 4000;
/// Far beyond every minute and amount of the trade, and still a number that a week's minutes can be multiplied with.
pub const NUMBER_MAX: i64 = 1_000_000_000_000;
/// Entries of one list.
pub const LIST_MAX: usize = 2000;
/// Lists and objects within each other.
pub const DEPTH_MAX: usize = 16;

/// A JSON body whose texts have at most so many characters.
pub fn json_up_to<T: DeserializeOwned>(body: &[u8], chars_max: usize) -> Result<T, Problem> {
    let mut walk = Walk {
        chars_max,
        ..Walk::default()
    };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let walked = Place(&mut walk).deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(refusal) = walk.refusal {
        return Err(refusal.into());
    }
    walked.map_err(|error| Problem::malformed(error.to_string()))?;
    serde_json::from_slice(body).map_err(|error| Problem::malformed(error.to_string()))
}

/// A query, or the body of a plain form.
pub fn form<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let malformed = |error: serde_urlencoded::de::Error| Problem::malformed(error.to_string());
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(text).map_err(malformed)?;
    if pairs.len() > LIST_MAX {
        return Err(Refusal::Long(String::new()).into());
    }
    for (name, value) in &pairs {
        judged(name, name, TEXT_CHARS_MAX).and_then(|()| judged(value, name, TEXT_CHARS_MAX))?;
        if value
            .parse::<i128>()
            .is_ok_and(|number| number.abs() > i128::from(NUMBER_MAX))
        {
            return Err(Refusal::Number(name.clone()).into());
        }
    }
    serde_urlencoded::from_bytes(text).map_err(malformed)
}

/// Whether a text may stand somewhere as it is.
pub fn is_plain_text(text: &str) -> bool {
    judged(text, "", TEXT_CHARS_MAX).is_ok()
}

fn judged(text: &str, field: &str, chars_max: usize) -> Result<(), Refusal> {
    // A name that is not plain itself is not repeated to whoever sent it.
    let field = || field.chars().filter(|c| is_plain(*c)).take(64).collect();
    if !text.chars().all(is_plain) {
        return Err(Refusal::Text(field()));
    }
    if text.chars().nth(chars_max).is_some() {
        return Err(Refusal::Long(field()));
    }
    Ok(())
}

fn is_plain(c: char) -> bool {
    let is_line = matches!(c, '\t' | '\n' | '\r');
    let is_unread = matches!(c, '\u{fffd}'..='\u{ffff}' | '\u{2028}' | '\u{2029}');
    is_line || !(c.is_control() || is_bidi_control(c) || is_unread)
}

/// Why a value is refused, with the name of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Text(String),
    Long(String),
    Number(String),
    Deep(String),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Text(field) => Problem::broken(vec![Violation::TextForbidden { field }]),
            Refusal::Long(field) => Problem {
                hint: field,
                ..Problem::new(ProblemCode::TooLarge)
            },
            Refusal::Number(field) => Problem::malformed(format!("{field}: |n| <= {NUMBER_MAX}")),
            Refusal::Deep(field) => Problem::malformed(format!("{field}: depth <= {DEPTH_MAX}")),
        }
    }
}

/// Where the walk is, and why it ended early.
#[derive(Default)]
struct Walk {
    field: String,
    depth: usize,
    chars_max: usize,
    refusal: Option<Refusal>,
}

impl Walk {
    fn refuse<E: Error>(&mut self, why: fn(String) -> Refusal) -> E {
        self.refusal = Some(why(self.field.clone()));
        E::custom("refused")
    }

    fn text<E: Error>(&mut self, text: &str) -> Result<(), E> {
        judged(text, &self.field, self.chars_max).map_err(|refusal| {
            self.refusal = Some(refusal);
            E::custom("refused")
        })
    }

    fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        match self.depth > DEPTH_MAX {
            true => Err(self.refuse(Refusal::Deep)),
            false => Ok(()),
        }
    }
}

/// One value of a body, wherever it stands.
struct Place<'a>(&'a mut Walk);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        match number.unsigned_abs() > NUMBER_MAX.unsigned_abs() {
            true => Err(self.0.refuse(Refusal::Number)),
            false => Ok(()),
        }
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match number > NUMBER_MAX.unsigned_abs() {
            true => Err(self.0.refuse(Refusal::Number)),
            false => Ok(()),
        }
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        match number.abs() > NUMBER_MAX as f64 {
            true => Err(self.0.refuse(Refusal::Number)),
            false => Ok(()),
        }
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.text(text)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.enter()?;
        let mut entries = 0;
        while list.next_element_seed(Place(self.0))?.is_some() {
            entries += 1;
            if entries > LIST_MAX {
                return Err(self.0.refuse(Refusal::Long));
            }
        }
        self.0.depth -= 1;
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.enter()?;
        let outer = std::mem::take(&mut self.0.field);
        while let Some(name) = map.next_key::<String>()? {
            self.0.text(&name)?;
            self.0.field = name;
            map.next_value_seed(Place(self.0))?;
        }
        self.0.field = outer;
        self.0.depth -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
        json_up_to(body, TEXT_CHARS_MAX)
    }

    fn code_of(body: &str) -> Option<ProblemCode> {
        json::<Value>(body.as_bytes()).err().map(|problem| problem.code)
    }

    #[test]
    fn a_text_is_plain_wherever_it_stands() {
        for bad in [
            "\\u0000", "\\u0007", "\\u007f", "\u{202e}", "\u{2066}", "\u{fffd}", "\u{2028}",
        ] {
            for body in [
                format!(r#""{bad}""#),
                format!(r#"{{"a":[{{"b":"x{bad}"}}]}}"#),
                format!(r#"{{"a{bad}":1}}"#),
            ] {
                assert_eq!(code_of(&body), Some(ProblemCode::RulesBroken), "{body:?}");
            }
            let query = format!(
                "name={}",
                bad.replace("\\u0000", "%00")
                    .replace("\\u0007", "%07")
                    .replace("\\u007f", "%7f")
            );
            assert!(form::<Vec<(String, String)>>(query.as_bytes()).is_err(), "{query:?}");
        }
        for good in ["数控车削", "two\\nlines\\tand a tab", "é😀", "ⵣ ꀀ"] {
            assert_eq!(code_of(&format!(r#"{{"purpose":"{good}"}}"#)), None, "{good}");
        }
    }

    #[test]
    fn the_refused_field_is_named() {
        let problem = json::<Value>(br#"{"draft":{"purpose":"a\u0000"}}"#).expect_err("refused");
        assert_eq!(
            problem.violations,
            [Violation::TextForbidden {
                field: "purpose".into()
            }]
        );
        let problem = json::<Value>(br#"{"draft":{"lessons":1000000000001}}"#).expect_err("refused");
        assert!(problem.hint.starts_with("lessons:"), "{}", problem.hint);
    }

    #[test]
    fn numbers_lengths_lists_and_depth_are_bounded() {
        for good in ["-1", "1000000000", "-1000000000000", "0.5"] {
            assert_eq!(code_of(good), None, "{good}");
        }
        for bad in ["1000000000001", "-9223372036854775808", "18446744073709551615", "1e300"] {
            assert_eq!(code_of(bad), Some(ProblemCode::Malformed), "{bad}");
        }
        assert_eq!(code_of(&format!("\"{}\"", "长".repeat(TEXT_CHARS_MAX))), None);
        assert_eq!(
            code_of(&format!("\"{}\"", "长".repeat(TEXT_CHARS_MAX + 1))),
            Some(ProblemCode::TooLarge)
        );
        assert_eq!(
            code_of(&format!("[0{}]", ",0".repeat(LIST_MAX))),
            Some(ProblemCode::TooLarge)
        );
        assert_eq!(code_of(&"[".repeat(DEPTH_MAX + 1)), Some(ProblemCode::Malformed));
        assert_eq!(code_of("{} {}"), Some(ProblemCode::Malformed));
    }

    #[test]
    fn a_date_that_is_not_in_the_calendar_is_no_week() {
        use domain::time::Week;
        for bad in [
            "2027-02-29",
            "2026-11-24",
            "2026-W53-1",
            "2026-13-01",
            "24:00",
            "0000-00-00",
            "",
        ] {
            let read: Result<Vec<(String, Week)>, Problem> = form(format!("week={bad}").as_bytes());
            assert_eq!(read.expect_err(bad).code, ProblemCode::Malformed);
        }
        for good in ["2028-02-28", "2026-12-28", "2020-12-28"] {
            assert!(
                form::<Vec<(String, Week)>>(format!("week={good}").as_bytes()).is_ok(),
                "{good}"
            );
        }
    }
}
