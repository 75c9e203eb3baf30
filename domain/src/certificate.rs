//! Why nobody's fair share is higher: level by level, who stops there, and what is used up.
//!
//! The fair shares are those of fractions of lessons: the level of all rises together, and whoever is stopped keeps its
//! share while the others rise on. One `Stop` is one such moment. What stands in it is a proof: in every timetable that
//! leaves those their shares who stopped before, the levels of `members`, weighed by their `part`, are at most `level` on
//! the average, because whatever `by` names is used up. So one of them rises only if another one falls. It lacks:
//! members that have all they asked of a tier in which everybody has.

use crate::id::*;
use crate::tagged::tagged;
use crate::time::Span;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stop {
    /// Of requests up to this tier.
    pub tier: i64,
    /// `(history + share) / weight`, minutes.
    pub level: f64,
    /// Who stops here.
    pub members: Vec<Stopped>,
    /// What stops them, the highest price first.
    pub by: Vec<Bottleneck>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stopped {
    pub organization: OrganizationId,
    /// Its weight in the average; all parts of a stop add up to 1.
    pub part: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bottleneck {
    pub what: Limit,
    /// Minutes of the level for one more of it in all its spans, at the margin: one room, instructor, unit, lesson, or
    /// minute. One less lowers the level by as much or more.
    pub price: f64,
}

tagged! {
    "code"
    /// What is used up. Spans are minutes of the week, ascending.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::IntoStaticStr, strum::VariantNames)]
    #[serde(tag = "code", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Limit {
        /// All of these rooms, any of which would do.
        Rooms {
            rooms: Vec<RoomId>,
            spans: Vec<Span>,
        },
        /// All of these people, any of whom would do.
        Instructors {
            instructors: Vec<InstructorId>,
            spans: Vec<Span>,
        },
        /// What somebody may teach within each span, a day or the week.
        InstructorHours {
            instructor: InstructorId,
            spans: Vec<Span>,
        },
        /// The way of one instructor between two sites.
        Way {
            instructor: InstructorId,
        },
        Equipment {
            equipment: EquipmentId,
            spans: Vec<Span>,
        },
        /// The group itself: its people are in one place at a time.
        Cohort {
            cohort: CohortId,
            spans: Vec<Span>,
        },
        /// All lessons of the request have their place.
        Lessons {
            request: RequestId,
        },
        /// The request's own limits a day or between days.
        Days {
            request: RequestId,
        },
        /// The member has all that it asked, as far as it has a place at all.
        Asked {
            organization: OrganizationId,
        },
        /// The member's cap for the week.
        Quota {
            organization: OrganizationId,
        },
        /// What the member has where nobody is in anybody's way: all that it could have there.
        Elsewhere {
            organization: OrganizationId,
        },
        /// What members have of earlier tiers.
        EarlierTier,
    }
}
