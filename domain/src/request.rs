//! A draft becomes a request, and a request walks its only legal ways.
//!
//! The content of both is a `RequestDraft`; a `TrainingRequest` is valid because it exists: `submit` and
//! `amend` are the only doors, and both ask `rules::check`.

use crate::id::*;
use crate::instance::{self, EquipmentNeed, InstructorNeed, RoomNeed, Window};
use crate::rules::{self, Setting};
use crate::violation::Violation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody asks for. Spans are minutes of the round's week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestDraft {
    /// What is trained, in the requester's words.
    pub purpose: String,
    /// 1 comes first.
    pub tier: i64,
    pub lessons: i64,
    pub minutes: i64,
    pub headcount: i64,
    pub cohorts: Vec<CohortId>,
    pub per_day_max: Option<i64>,
    pub days_between_min: i64,
    pub all_or_nothing: bool,
    pub windows: Vec<Window>,
    /// In order of preference; empty takes any suitable room.
    pub rooms: Vec<RoomId>,
    pub features: Vec<FeatureId>,
    pub equipment: Vec<EquipmentNeed>,
    pub instructors: i64,
    /// Level needed by skill.
    pub skills: BTreeMap<SkillId, i64>,
    /// In order of preference; empty takes anybody suitable.
    pub wanted_instructors: Vec<InstructorId>,
}

impl RequestDraft {
    /// An untouched form.
    pub fn blank() -> Self {
        Self {
            purpose: String::new(),
            tier: 2,
            lessons: 1,
            minutes: 100,
            headcount: 0,
            cohorts: Vec::new(),
            per_day_max: Some(1),
            days_between_min: 0,
            all_or_nothing: false,
            windows: Vec::new(),
            rooms: Vec::new(),
            features: Vec::new(),
            equipment: Vec::new(),
            instructors: 0,
            skills: BTreeMap::new(),
            wanted_instructors: Vec::new(),
        }
    }

    /// Minutes asked in all.
    pub fn asked_min(&self) -> i64 {
        self.lessons.saturating_mul(self.minutes)
    }

    /// The request as the solver and the referee read it.
    pub fn to_instance(&self, id: RequestId, organization: OrganizationId) -> instance::Request {
        // First of n choices scores n, the last 1.
        fn ranked<T: Ord + Clone>(choices: &[T]) -> BTreeMap<T, i64> {
            let n = choices.len() as i64;
            choices
                .iter()
                .enumerate()
                .map(|(rank, id)| (id.clone(), n - rank as i64))
                .collect()
        }
        fn some<T: Clone>(choices: &[T]) -> Option<Vec<T>> {
            (!choices.is_empty()).then(|| choices.to_vec())
        }
        instance::Request {
            id,
            organization,
            tier: self.tier,
            lessons: self.lessons,
            minutes: self.minutes,
            headcount: self.headcount,
            cohorts: self.cohorts.clone(),
            per_day_max: self.per_day_max,
            days_between_min: self.days_between_min,
            all_or_nothing: self.all_or_nothing,
            windows: self.windows.clone(),
            rooms: RoomNeed {
                any_of: some(&self.rooms),
                features: self.features.clone(),
                preference: ranked(&self.rooms),
            },
            equipment: self.equipment.clone(),
            instructors: InstructorNeed {
                count: self.instructors,
                skills: self.skills.clone(),
                any_of: some(&self.wanted_instructors),
                preference: ranked(&self.wanted_instructors),
            },
            pinned: Vec::new(),
            previous: Vec::new(),
        }
    }
}

/// Where a draft or request stands.
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
pub enum RequestState {
    Draft,
    Submitted,
    Returned,
    /// In a plan that is not published yet; the owner still reads "submitted".
    Proposed,
    Confirmed,
    PartlyConfirmed,
    NotGranted,
    Completed,
    Withdrawn,
    Cancelled,
    Rejected,
    Expired,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RequestAction {
    Submit,
    Amend,
    Withdraw,
    Return,
    Reject,
    Propose,
    /// Published with all lessons, some, or none.
    Confirm,
    ConfirmPartly,
    Refuse,
    Expire,
    Cancel,
    Complete,
}

impl RequestState {
    /// The only legal transitions.
    pub fn after(self, action: RequestAction) -> Result<RequestState, Violation> {
        use RequestAction as A;
        use RequestState::*;
        match (self, action) {
            (Draft | Returned, A::Submit) => Ok(Submitted),
            (Submitted, A::Amend) => Ok(Submitted),
            (Draft | Submitted | Returned, A::Withdraw) => Ok(Withdrawn),
            (Submitted, A::Return) => Ok(Returned),
            (Submitted | Returned, A::Reject) => Ok(Rejected),
            (Submitted, A::Propose) => Ok(Proposed),
            (Submitted | Proposed, A::Confirm) => Ok(Confirmed),
            (Submitted | Proposed, A::ConfirmPartly) => Ok(PartlyConfirmed),
            (Submitted | Proposed, A::Refuse) => Ok(NotGranted),
            (Draft | Returned, A::Expire) => Ok(Expired),
            (Confirmed | PartlyConfirmed, A::Cancel) => Ok(Cancelled),
            (Confirmed | PartlyConfirmed, A::Complete) => Ok(Completed),
            _ => {
                let (state, action): (&str, &str) = (self.into(), action.into());
                Err(Violation::WrongState {
                    state: state.into(),
                    action: action.into(),
                })
            }
        }
    }
}

/// A request whose content has passed every rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrainingRequest {
    pub id: RequestId,
    pub organization: OrganizationId,
    content: RequestDraft,
}

impl TrainingRequest {
    /// The door: every broken rule at once, or a request.
    pub fn submit(id: RequestId, setting: &Setting, draft: RequestDraft) -> Result<Self, Vec<Violation>> {
        let broken = rules::check(&draft, setting);
        if broken.is_empty() {
            Ok(Self {
                id,
                organization: setting.organization.clone(),
                content: draft,
            })
        } else {
            Err(broken)
        }
    }

    pub fn content(&self) -> &RequestDraft {
        &self.content
    }
    pub fn into_content(self) -> RequestDraft {
        self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn only_drafts_and_returned_requests_are_submitted() {
        for state in RequestState::VARIANTS {
            let legal = matches!(state, RequestState::Draft | RequestState::Returned);
            assert_eq!(state.after(RequestAction::Submit).is_ok(), legal, "{state:?}");
        }
    }

    #[test]
    fn ended_requests_stay_ended() {
        use RequestState::*;
        for state in [Withdrawn, Cancelled, Rejected, Expired, Completed, NotGranted] {
            for action in RequestAction::VARIANTS {
                assert!(state.after(*action).is_err(), "{state:?} {action:?}");
            }
        }
    }

    #[test]
    fn choices_become_falling_preferences() {
        let draft = RequestDraft {
            rooms: vec![RoomId::new("a"), RoomId::new("b")],
            ..RequestDraft::blank()
        };
        let request = draft.to_instance(RequestId::new("r"), OrganizationId::new("o"));
        assert_eq!(request.rooms.preference[&RoomId::new("a")], 2);
        assert_eq!(request.rooms.preference[&RoomId::new("b")], 1);
        assert_eq!(request.instructors.any_of, None);
    }
}
