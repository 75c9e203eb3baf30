//! One week's cycle: collect → close → plan → review → publish → run → settle.

use crate::id::*;
use crate::time::Week;
use crate::violation::Violation;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub id: RoundId,
    pub week: Week,
    pub state: RoundState,
    /// Civil minutes since 1970-01-01; drafts expire and changes end there.
    pub cut_off_min: i64,
    pub version: i64,
    /// The plan that became the timetable.
    pub published: Option<PlanId>,
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
pub enum RoundState {
    Open,
    Closed,
    Planning,
    Review,
    Published,
    Running,
    Settled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RoundAction {
    Close,
    /// Take requests again; only while no plan was made of them.
    Reopen,
    /// A solver run begins.
    Plan,
    /// A run ended without a plan and there is none to review.
    Abandon,
    /// A draft is there to look at.
    Review,
    /// The last draft was thrown away.
    Forget,
    Publish,
    Start,
    Settle,
}

impl RoundState {
    /// The only legal transitions.
    pub fn after(self, action: RoundAction) -> Result<RoundState, Violation> {
        use RoundAction as A;
        use RoundState::*;
        match (self, action) {
            (Open, A::Close) => Ok(Closed),
            (Closed, A::Reopen) => Ok(Open),
            (Closed | Planning | Review, A::Plan) => Ok(Planning),
            (Planning, A::Abandon) | (Review, A::Forget) => Ok(Closed),
            (Planning | Review, A::Review) => Ok(Review),
            (Review, A::Publish) => Ok(Published),
            (Published, A::Start) => Ok(Running),
            (Running, A::Settle) => Ok(Settled),
            _ => {
                let (state, action): (&str, &str) = (self.into(), action.into());
                Err(Violation::WrongState {
                    state: state.into(),
                    action: action.into(),
                })
            }
        }
    }

    /// From here on everybody sees the timetable.
    pub fn is_public(self) -> bool {
        self >= RoundState::Published
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn a_round_walks_forward_and_only_a_closed_one_reopens() {
        let walk = [
            RoundAction::Close,
            RoundAction::Plan,
            RoundAction::Review,
            RoundAction::Publish,
            RoundAction::Start,
            RoundAction::Settle,
        ];
        let end = walk
            .iter()
            .try_fold(RoundState::Open, |state, action| state.after(*action));
        assert_eq!(end, Ok(RoundState::Settled));
        for state in RoundState::VARIANTS {
            assert_eq!(
                state.after(RoundAction::Reopen).is_ok(),
                *state == RoundState::Closed,
                "{state:?}"
            );
            assert_eq!(
                state.after(RoundAction::Publish).is_ok(),
                *state == RoundState::Review,
                "{state:?}"
            );
        }
    }

    #[test]
    fn nothing_is_public_before_it_is_published() {
        for state in [
            RoundState::Open,
            RoundState::Closed,
            RoundState::Planning,
            RoundState::Review,
        ] {
            assert!(!state.is_public());
        }
        assert!(RoundState::Published.is_public() && RoundState::Settled.is_public());
    }
}
