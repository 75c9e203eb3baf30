//! Typed ids. An id is a short text: a UUIDv7 minted by whoever creates the thing, or a readable
//! name in an instance file. Two kinds of id never mix, and an ill-formed one cannot exist.

use crate::tagged::{Take, Value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest id in characters.
pub const ID_LEN_MAX: usize = 64;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 64 visible characters and no white space")]
pub struct BadId;

fn checked(text: String) -> Result<String, BadId> {
    let len = text.chars().count();
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && !is_bidi_control(c);
    if (1..=ID_LEN_MAX).contains(&len) && text.chars().all(visible) {
        Ok(text)
    } else {
        Err(BadId)
    }
}

/// Marks that reorder the text around them: they make one name look like another.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 64))]
        pub struct $name(String);

        impl $name {
            /// Panics on an ill-formed text: for ids written in code. Outside input goes through `try_from`.
            pub fn new(text: impl Into<String>) -> Self {
                Self::try_from(text.into()).expect("an id written in code is well formed")
            }
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> { checked(text).map(Self) }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }
        impl Take for $name {
            fn take(value: Value) -> Result<Self, String> {
                Self::try_from(String::take(value)?).map_err(|error| error.to_string())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// One tenant.
    AllianceId,
    /// A member: the unit of fairness.
    OrganizationId,
    /// A login.
    PersonId,
    /// A place with rooms.
    BaseId,
    /// A place in the sense of travel; one base is one site.
    SiteId,
    /// A room or a bay of one.
    RoomId,
    /// A kind of equipment.
    EquipmentId,
    /// What a room offers.
    FeatureId,
    /// What an instructor can teach.
    SkillId,
    /// A person of the shared pool.
    InstructorId,
    /// A group that is trained together.
    CohortId,
    /// One week's cycle.
    RoundId,
    /// A draft or a request; the request keeps the draft's id.
    RequestId,
    /// A draft timetable of a round.
    PlanId,
    /// One run of the solver.
    RunId,
    /// The committed thing.
    AssignmentId,
    /// An open session, as its owner may know it.
    SessionId,
    /// A one-time invitation.
    InvitationId,
    /// What is told to a receiver outside, and the audit entry of the same change.
    NoticeId,
    /// The key of one write, minted by whoever writes.
    WriteKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_visible_characters_only() {
        for bad in ["", " a", "a b", "a\u{0}b", "a\u{202e}b", &"x".repeat(65)] {
            assert!(RoomId::try_from(bad.to_owned()).is_err(), "{bad:?} passed");
        }
        for good in ["cnc", "数控车间", "018f2a", &"x".repeat(64)] {
            assert!(RoomId::try_from(good.to_owned()).is_ok(), "{good:?} refused");
        }
    }
}
