//! Who there is: members of the alliance, people with a login, instructors of the pool, cohorts.
//!
//! No trainee is named anywhere: a cohort is a head count.

use crate::id::*;
use crate::time::Span;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::VariantArray;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub name_en: String,
    /// Two characters for the seal.
    pub seal: String,
    pub kind: OrganizationKind,
    /// Entitlement relative to other members, > 0.
    pub weight: f64,
    /// Most minutes a week.
    pub quota: Option<i64>,
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OrganizationKind {
    School,
    Enterprise,
    Association,
    Government,
}

/// Somebody with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub organization: Option<OrganizationId>,
    /// The instructor that this person is, when they are one.
    pub instructor: Option<InstructorId>,
    pub active: bool,
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    Requester,
    OrganizationAdmin,
    Instructor,
    Coordinator,
    Auditor,
    SystemAdmin,
}

impl Role {
    /// Whether it is held in a member; the others are held in the alliance itself.
    pub fn is_of_a_member(self) -> bool {
        matches!(self, Role::Requester | Role::OrganizationAdmin | Role::Instructor)
    }

    /// Whether it is held by a second factor where the alliance asks for one: whoever holds it plans for everybody, or
    /// decides who comes in.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Role::OrganizationAdmin | Role::Coordinator | Role::SystemAdmin)
    }

    /// What this role may give to others, and take from them: an organization's admin inside the organization, the
    /// alliance's admin everywhere.
    pub fn may_give(self) -> &'static [Role] {
        match self {
            Role::OrganizationAdmin => &[Role::Requester, Role::OrganizationAdmin],
            Role::SystemAdmin => Role::VARIANTS,
            Role::Requester | Role::Instructor | Role::Coordinator | Role::Auditor => &[],
        }
    }
}

/// What a person may act as: a role in a member, or in the alliance itself. A person has several and acts as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    pub organization: Option<OrganizationId>,
    pub role: Role,
}

/// From the shared pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructor {
    pub id: InstructorId,
    pub name: String,
    pub kind: InstructorKind,
    /// Trade, e.g. 数控加工.
    pub industry: String,
    /// Who employs them.
    pub organization: OrganizationId,
    /// Level 1 to 5 by skill.
    pub skills: BTreeMap<SkillId, i64>,
    /// Weekly, minutes of the week.
    pub available: Vec<Span>,
    pub day_max_min: Option<i64>,
    pub agreement: Agreement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum InstructorKind {
    Engineer,
    Researcher,
    HeritageMaster,
    DualQualified,
}

/// 聘任协议(双岗互聘): one to three years, weekly hours, whom it serves (1+N).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub from: NaiveDate,
    /// The first day that is no longer covered.
    pub until: NaiveDate,
    pub week_max_min: Option<i64>,
    /// `None` serves every member.
    pub organizations: Option<Vec<OrganizationId>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cohort {
    pub id: CohortId,
    pub organization: OrganizationId,
    pub name: String,
    pub kind: CohortKind,
    pub headcount: i64,
    pub qualifications: Vec<Qualification>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CohortKind {
    Students,
    Staff,
    JobSeekers,
    OrderClass,
    Apprentices,
}

/// 上机资格: the cohort was trained and assessed for an equipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qualification {
    pub equipment: EquipmentId,
    /// The first day on which it is no longer valid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: NaiveDate,
}
