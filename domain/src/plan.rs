//! A plan as data: the file `gongxun-plan-1`, what a solver answers and the referee judges.
//!
//! Lists are sorted by id, then start, so that two equal plans are equal bytes.

use crate::certificate::Stop;
use crate::id::*;
use crate::tagged::{Fields, Take, Value, tagged};
use crate::time::Span;
use serde::{Deserialize, Serialize};

pub const FORMAT: &str = "gongxun-plan-1";

/// Minutes that a week which was planned before must gain for each lesson that is moved: the one number of the trade
/// between moves and fairness. For a lesson of 100 minutes three others may move, for one of 45 a single one.
pub const MOVE_MINUTES: i64 = 30;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub format: String,
    /// SHA-256 of the instance's canonical JSON, lower-case hex.
    pub instance_sha256: String,
    pub status: Status,
    pub assignments: Vec<Assignment>,
    pub unplaced: Vec<Unplaced>,
    pub organizations: Vec<Granted>,
    pub fairness: Fairness,
    /// Why no fair share is higher, tier by tier and level by level; left out where shares were not computed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificate: Vec<Stop>,
    pub stages: Vec<Stage>,
    /// Scarce hours, the largest gain first; left out where none were looked for or found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scarce: Vec<Scarce>,
    pub solver: Solver,
}

/// One thing more in one span, and the minutes that it would grant beside everything planned, which has been tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scarce {
    pub what: Extra,
    pub span: Span,
    pub minutes: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// Every stage is proved.
    Optimal,
    /// A checked plan, stopped by the budget or made by the baseline; the stages carry the gap.
    Feasible,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    pub request: RequestId,
    /// 1-based within the request, in order of start.
    pub lesson: i64,
    pub start: i64,
    pub room: RoomId,
    pub equipment: Vec<UnitsHeld>,
    pub instructors: Vec<InstructorId>,
    pub pinned: bool,
}

/// Numbered units (1-based) of one equipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitsHeld {
    pub id: EquipmentId,
    pub units: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unplaced {
    pub request: RequestId,
    /// How many lessons of the request are missing.
    pub lessons: i64,
    pub reasons: Vec<Reason>,
    pub would_fit: Vec<Remedy>,
}

tagged! {
    "code"
    /// Why a lesson has no place. Spans are minutes of the week.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, strum::IntoStaticStr, strum::VariantNames)]
    #[serde(tag = "code", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Reason {
        /// Even an empty week has no place for it; `rule` names the violation that empties the domain.
        ImpossibleAlone {
            rule: String,
        },
        /// No lesson of the request finds this room free within the span.
        RoomTaken {
            room: RoomId,
            span: Span,
            held_by: Vec<RequestId>,
        },
        /// Too few of those who could teach it are free within the span, or free in time from another site, or within
        /// their hours of the day and the week; `held_by` are the lessons that take them.
        NoInstructor {
            span: Span,
            held_by: Vec<RequestId>,
        },
        /// At the worst instant of the span so many units are free.
        EquipmentShort {
            equipment: EquipmentId,
            span: Span,
            needed: i64,
            free: i64,
            held_by: Vec<RequestId>,
        },
        CohortBusy {
            cohort: CohortId,
            span: Span,
            held_by: Vec<RequestId>,
        },
        /// The organization's cap for the week is reached.
        Quota {
            quota: i64,
            granted: i64,
        },
        /// The request's own limits a day or between days leave no day.
        DaysUsed {
            per_day_max: Option<i64>,
            days_between_min: i64,
        },
        /// A place would be free only by taking time from an organization whose level is no higher. `level` is its own,
        /// `level_min` the lowest of theirs.
        FairShareReached {
            level: i64,
            level_min: i64,
        },
        /// Requests of a higher tier alone hold what it needs, in every place.
        LowerTier {
            tier: i64,
            held_by: Vec<RequestId>,
        },
        /// Its organization was suspended or gone when the week was planned; `rule` names the violation.
        LeftOut {
            rule: String,
        },
        /// All lessons or none was asked, and places were found for so many only.
        AllOrNothing {
            fit: i64,
            asked: i64,
        },
    }
}

tagged! {
    "code"
    /// What there could be one more of.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::IntoStaticStr, strum::VariantNames)]
    #[serde(tag = "code", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Extra {
        /// A room like this one, without the equipment that is fixed in it.
        Room {
            like: RoomId,
        },
        /// Somebody with the skills and the agreement of this one.
        Instructor {
            like: InstructorId,
        },
        Units {
            equipment: EquipmentId,
            units: i64,
        },
    }
}

tagged! {
    "code"
    /// The smallest change that was verified to fit the published or drafted plan.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, strum::IntoStaticStr, strum::VariantNames)]
    #[serde(tag = "code", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Remedy {
        OtherWindow {
            start: i64,
            room: RoomId,
        },
        OtherRoom {
            start: i64,
            room: RoomId,
        },
        Shorter {
            minutes: i64,
            start: i64,
            room: RoomId,
        },
        SmallerGroup {
            headcount: i64,
            start: i64,
            room: RoomId,
        },
        WithoutInstructor {
            start: i64,
            room: RoomId,
        },
        FewerUnits {
            equipment: EquipmentId,
            units: i64,
            start: i64,
            room: RoomId,
        },
        /// Two groups of so many people in place of one, each with a lesson of its own.
        TwoGroups {
            headcount: i64,
            places: Vec<Spot>,
        },
        /// Two lessons of so many minutes in place of a missing one.
        TwoLessons {
            minutes: i64,
            places: Vec<Spot>,
        },
        /// All or none was asked: not all, but these.
        FewerLessons {
            lessons: i64,
            places: Vec<Spot>,
        },
    }
}

/// A time and a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spot {
    /// Minute of the week.
    pub start: i64,
    pub room: RoomId,
}

impl Take for Spot {
    fn take(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            start: fields.take("start")?,
            room: fields.take("room")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    pub id: OrganizationId,
    pub asked: i64,
    pub granted: i64,
    /// `(history + granted) / weight`, minutes.
    pub level: f64,
    /// The fair share of the week, minutes: what fractions of lessons would have given. `None` (left out of the file)
    /// where it was not computed, as in a plan of the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<f64>,
    /// The same as if nobody had a history: what the ledger compares with what was granted. Left out like the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memoryless: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fairness {
    /// Jain's index of the levels: (Σx)² / (n·Σx²); 1 is equal. Jain, Chiu, Hawe 1984.
    pub jain: f64,
    pub level_min: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stage {
    pub name: String,
    pub value: f64,
    pub bound: f64,
    /// Relative, 0 is proved.
    pub gap: f64,
    pub seconds: f64,
    pub rows: i64,
    pub columns: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solver {
    pub name: String,
    pub version: String,
    pub seed: i64,
    pub threads: i64,
    pub seconds: f64,
}

impl Plan {
    /// Gives members the shares that they have in another plan of the same week, with their certificate, where this one
    /// has none: a repair
    /// computes none of its own, and what a fair week gives does not hang on it. Nobody's is more than what is asked now.
    pub fn with_shares_of(mut self, other: &Plan) -> Self {
        if self.organizations.iter().all(|member| member.claim.is_none()) {
            self.certificate.clone_from(&other.certificate);
        }
        for member in &mut self.organizations {
            let Some(known) = other.organizations.iter().find(|known| known.id == member.id) else {
                continue;
            };
            let asked = member.asked as f64;
            let kept = |own: Option<f64>, share: Option<f64>| own.or(share.map(|minutes| minutes.min(asked)));
            member.claim = kept(member.claim, known.claim);
            member.memoryless = kept(member.memoryless, known.memoryless);
        }
        self
    }

    /// Counts every figure of the members again after lessons were moved by hand; `asked` stays.
    pub fn recount(&mut self, instance: &crate::instance::Instance) {
        for member in &mut self.organizations {
            let of = |request: &crate::instance::Request| request.organization == member.id;
            let own = instance.requests.iter().filter(|request| of(request));
            let lessons =
                |id: &RequestId| self.assignments.iter().filter(|lesson| lesson.request == *id).count() as i64;
            member.granted = own.map(|request| lessons(&request.id) * request.minutes).sum();
            let ledger = instance.organizations.iter().find(|known| known.id == member.id);
            member.level = ledger.map_or(0.0, |known| (known.history + member.granted) as f64 / known.weight);
        }
        let levels: Vec<f64> = self.organizations.iter().map(|member| member.level).collect();
        self.fairness.jain = crate::fairness::jain(&levels);
        self.fairness.level_min = levels.iter().copied().reduce(f64::min).unwrap_or(0.0);
    }
}
