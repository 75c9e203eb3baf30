//! One week's world as data: the file `gongxun-instance-1`, which the solver reads and the referee judges by.
//!
//! It stands in `domain` and not in the solver because the form's preview, a coordinator's move and the
//! referee read it too. Integers are minutes of the week, `0` is Monday 00:00 civil time; spans are half-open.
//! An ill-formed file fails to parse; a contradictory one parses, and `problems` lists every contradiction.

use crate::id::*;
use crate::time::{MINUTES_PER_DAY, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const FORMAT: &str = "gongxun-instance-1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    pub format: String,
    pub calendar: Calendar,
    pub travel: Travel,
    pub organizations: Vec<Member>,
    pub rooms: Vec<Room>,
    pub equipment: Vec<Equipment>,
    pub instructors: Vec<Instructor>,
    pub requests: Vec<Request>,
    pub budget: Budget,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// ISO date of the Monday that minute 0 belongs to.
    pub monday: String,
    pub zone: String,
    /// Length of the horizon in minutes; nothing lies at or after it.
    pub until: i64,
    pub start_step: i64,
    /// When given, lessons start only at these minutes (a period table).
    #[serde(default)]
    pub starts: Option<Vec<i64>>,
}

impl Calendar {
    /// Whether a lesson may start at this minute.
    pub fn allows_start(&self, minute: i64) -> bool {
        match &self.starts {
            Some(starts) => starts.contains(&minute),
            None => minute >= 0 && minute < self.until && minute % self.start_step.max(1) == 0,
        }
    }

    /// Every allowed start, ascending.
    pub fn all_starts(&self) -> Vec<i64> {
        match &self.starts {
            Some(starts) => starts.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
            None => (0..self.until).step_by(self.start_step.max(1) as usize).collect(),
        }
    }
}

/// Minutes between sites, symmetric; the same site is 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    pub default: i64,
    pub pairs: Vec<(SiteId, SiteId, i64)>,
}

impl Travel {
    pub fn between(&self, a: &SiteId, b: &SiteId) -> i64 {
        if a == b {
            return 0;
        }
        let joins = |x: &SiteId, y: &SiteId| (x == a && y == b) || (x == b && y == a);
        self.pairs
            .iter()
            .find(|(x, y, _)| joins(x, y))
            .map_or(self.default, |(_, _, minutes)| *minutes)
    }
}

/// A member as the solver sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub id: OrganizationId,
    pub weight: f64,
    /// Minutes received lately, from the ledger.
    pub history: i64,
    /// Most minutes this week.
    pub quota: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    pub id: RoomId,
    pub site: SiteId,
    pub part_of: Option<RoomId>,
    pub features: Vec<FeatureId>,
    pub seats: i64,
    pub open: Vec<Span>,
    pub blackouts: Vec<Span>,
    /// Minutes that the room stays empty after a lesson; may run past closing.
    pub turnaround: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    pub id: EquipmentId,
    pub site: SiteId,
    /// When given, the equipment is fixed there and only serves lessons in that room.
    pub room: Option<RoomId>,
    pub units: i64,
    pub blackouts: Vec<UnitsOut>,
}

/// So many units of an equipment are out for a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitsOut {
    pub span: Span,
    pub units: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instructor {
    pub id: InstructorId,
    pub skills: BTreeMap<SkillId, i64>,
    pub available: Vec<Span>,
    /// Whom the agreement serves; `None` means everyone.
    pub organizations: Option<Vec<OrganizationId>>,
    pub week_max: Option<i64>,
    pub day_max: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub id: RequestId,
    pub organization: OrganizationId,
    /// 1 comes first; a lower tier never displaces a higher one.
    pub tier: i64,
    pub lessons: i64,
    pub minutes: i64,
    pub headcount: i64,
    pub cohorts: Vec<CohortId>,
    pub per_day_max: Option<i64>,
    /// 1 means not on consecutive days.
    #[serde(default)]
    pub days_between_min: i64,
    #[serde(default)]
    pub all_or_nothing: bool,
    pub windows: Vec<Window>,
    pub rooms: RoomNeed,
    pub equipment: Vec<EquipmentNeed>,
    pub instructors: InstructorNeed,
    #[serde(default)]
    pub pinned: Vec<Placed>,
    #[serde(default)]
    pub previous: Vec<Placed>,
}

/// A lesson lies in the union of the windows; touching windows join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    pub span: Span,
    /// More is better, 0 is neutral.
    #[serde(default)]
    pub preference: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomNeed {
    pub any_of: Option<Vec<RoomId>>,
    pub features: Vec<FeatureId>,
    pub preference: BTreeMap<RoomId, i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EquipmentNeed {
    pub id: EquipmentId,
    pub units: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstructorNeed {
    pub count: i64,
    pub skills: BTreeMap<SkillId, i64>,
    pub any_of: Option<Vec<InstructorId>>,
    pub preference: BTreeMap<InstructorId, i64>,
}

/// A lesson of a request at a place: pinned, or where the previous plan had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    pub start: i64,
    pub room: RoomId,
    pub instructors: Vec<InstructorId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub seconds: i64,
    pub threads: i64,
    pub seed: i64,
    /// Work in nodes of a search tree, in place of the seconds: the same plan on every machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<i64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            seconds: 60,
            threads: 2,
            seed: 1,
            nodes: None,
        }
    }
}

impl Instance {
    pub fn room(&self, id: &RoomId) -> Option<&Room> {
        self.rooms.iter().find(|room| &room.id == id)
    }
    pub fn request(&self, id: &RequestId) -> Option<&Request> {
        self.requests.iter().find(|request| &request.id == id)
    }
    pub fn instructor(&self, id: &InstructorId) -> Option<&Instructor> {
        self.instructors.iter().find(|instructor| &instructor.id == id)
    }
}

/// The day (0 = Monday) that a minute of the week lies in.
pub fn day_of(minute: i64) -> i64 {
    minute.div_euclid(MINUTES_PER_DAY)
}
