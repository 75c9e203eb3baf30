//! Reading enums whose JSON names the variant in a field: `{"code": "lessons_out_of_range", "min": 1, …}`.
//!
//! The derived reader of such an enum buffers it and then has a reader of its own for every variant; for sixty rules
//! that was a quarter of what a browser loads. Here one reader collects the fields, and each variant takes its own.
//! Writing is derived as ever, so the JSON is declared in one place, by the enum's serde attributes.

use crate::time::Span;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What a field of such an enum may hold.
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Map(Fields),
}

/// Names and values in the order they came.
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// The fields of an object.
    pub fn of(value: Value) -> Result<Self, String> {
        match value {
            Value::Map(fields) => Ok(fields),
            _ => Err("an object is needed".into()),
        }
    }

    /// Takes a field out; one that is absent reads like null. The error names the field.
    pub fn take<T: Take>(&mut self, name: &str) -> Result<T, String> {
        let at = self.0.iter().position(|(known, _)| known == name);
        let value = at.map_or(Value::Null, |at| self.0.swap_remove(at).1);
        T::take(value).map_err(|why| format!("field `{name}`: {why}"))
    }
}

/// Reads itself from a value, or says what it would have needed.
pub trait Take: Sized {
    fn take(value: Value) -> Result<Self, String>;
}

impl Take for i64 {
    fn take(value: Value) -> Result<Self, String> {
        match value {
            Value::Int(number) => Ok(number),
            _ => Err("a whole number is needed".into()),
        }
    }
}

impl Take for String {
    fn take(value: Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err("a text is needed".into()),
        }
    }
}

impl<T: Take> Take for Option<T> {
    fn take(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::take(value).map(Some),
        }
    }
}

impl<T: Take> Take for Vec<T> {
    fn take(value: Value) -> Result<Self, String> {
        match value {
            Value::List(list) => list.into_iter().map(T::take).collect(),
            _ => Err("a list is needed".into()),
        }
    }
}

impl Take for Span {
    fn take(value: Value) -> Result<Self, String> {
        match Vec::<i64>::take(value)?.as_slice() {
            [from, until] => Ok(Span::from((*from, *until))),
            _ => Err("a span has two minutes".into()),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a whole number, a text, a list or an object")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number)
            .map(Value::Int)
            .map_err(|_| E::custom("the number is too large"))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = map.next_entry()? {
            fields.push(entry);
        }
        Ok(Value::Map(Fields(fields)))
    }
}

/// Declares an enum as it stands and reads it by its tag. Its attributes derive `Serialize` with the same tag and
/// `strum::VariantNames` with the same names.
macro_rules! tagged {
    (
        $tag:literal
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$vmeta:meta])* $variant:ident $({ $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? })?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$vmeta])* $variant $({ $($(#[$fmeta])* $field : $ty),* })?),*
        }

        impl $name {
            fn from_fields(mut fields: $crate::tagged::Fields) -> Result<Self, String> {
                let tag: String = fields.take($tag)?;
                let mut names = <Self as strum::VariantNames>::VARIANTS.iter();
                $(if names.next().is_some_and(|name| *name == tag) {
                    return Ok(Self::$variant $({ $($field: fields.take(stringify!($field))?),* })?);
                })*
                Err(format!("unknown {} `{tag}`", $tag))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$crate::tagged::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::tagged::Fields::of(value).and_then(Self::from_fields).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use tagged;

#[cfg(test)]
mod tests {
    use crate::id::{EquipmentId, RequestId, RoomId};
    use crate::plan::{Reason, Remedy, Spot};
    use crate::time::Span;
    use crate::violation::{At, Violation};

    #[test]
    fn what_is_written_is_read_back() {
        let at = |lesson| At {
            request: RequestId::new("r1"),
            lesson,
        };
        for broken in [
            Violation::CohortMissing,
            Violation::WindowTooShort {
                window: Span::new(480, 500),
                minutes: 45,
            },
            Violation::RoomClash {
                at: at(1),
                other: at(2),
                room: RoomId::new("cnc"),
            },
        ] {
            let text = serde_json::to_string(&broken).unwrap();
            assert_eq!(serde_json::from_str::<Violation>(&text).unwrap(), broken, "{text}");
        }
        let short = Reason::EquipmentShort {
            equipment: EquipmentId::new("lathe"),
            span: Span::new(480, 580),
            needed: 4,
            free: -1,
            held_by: vec![RequestId::new("r1"), RequestId::new("r2")],
        };
        let text = serde_json::to_string(&short).unwrap();
        assert_eq!(serde_json::from_str::<Reason>(&text).unwrap(), short, "{text}");
        let spot = |start| Spot {
            start,
            room: RoomId::new("cnc"),
        };
        let halves = Remedy::TwoLessons {
            minutes: 60,
            places: vec![spot(480), spot(1920)],
        };
        let text = serde_json::to_string(&halves).unwrap();
        assert_eq!(serde_json::from_str::<Remedy>(&text).unwrap(), halves, "{text}");
    }

    #[test]
    fn an_absent_option_is_none_and_what_is_unknown_is_passed_over() {
        let used: Reason =
            serde_json::from_str(r#"{"days_between_min":1,"code":"days_used","more":{"a":[null]}}"#).unwrap();
        let expected = Reason::DaysUsed {
            per_day_max: None,
            days_between_min: 1,
        };
        assert_eq!(used, expected);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        for (text, part) in [
            (r#"{"code":"no_such_rule"}"#, "no_such_rule"),
            (r#"{"min":1}"#, "code"),
            (r#"{"code":"purpose_too_long","len_max":"x","len":1}"#, "len_max"),
            (r#"{"code":"purpose_too_long","len_max":1}"#, "len"),
            (r#"{"code":"foreign_cohort","cohort":"a b"}"#, "cohort"),
            (r#"{"code":"window_closed","window":[1,2,3]}"#, "window"),
            (r#"[1]"#, "object"),
        ] {
            let error = serde_json::from_str::<Violation>(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
