//! Where a member stands in its alliance: in good standing, suspended until a day, or gone. Its past stays readable
//! whatever it is; what it decides is whether the member may ask for time.

use crate::violation::Violation;
use serde::{Deserialize, Serialize};

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StandingState {
    Good,
    Suspended,
    Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum StandingAction {
    /// Also gives a suspension another reason or end.
    Suspend,
    Lift,
    Leave,
    Readmit,
}

/// The last step of a member's standing. A member without a step is in good standing, at version 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    pub state: StandingState,
    /// Why it is suspended or gone.
    pub reason: String,
    /// A suspension is over at this civil minute, without anybody's doing.
    pub until_at_min: Option<i64>,
    /// How many steps there were.
    pub version: i64,
}

/// Longest reason in characters.
pub const REASON_LEN_MAX: i64 = 200;

impl Standing {
    pub fn good() -> Self {
        Self {
            state: StandingState::Good,
            reason: String::new(),
            until_at_min: None,
            version: 0,
        }
    }

    /// The standing at a moment: a suspension whose end has come is no more.
    pub fn at(self, now_at_min: i64) -> Self {
        let is_over = self.state == StandingState::Suspended && self.until_at_min.is_some_and(|end| end <= now_at_min);
        match is_over {
            true => Self {
                version: self.version,
                ..Self::good()
            },
            false => self,
        }
    }

    /// What stands against asking for time; `self` is the standing of the moment.
    pub fn barred(&self) -> Option<Violation> {
        match self.state {
            StandingState::Good => None,
            StandingState::Suspended => Some(Violation::MemberSuspended {
                reason: self.reason.clone(),
                until_at_min: self.until_at_min.unwrap_or_default(),
            }),
            StandingState::Left => Some(Violation::MemberLeft),
        }
    }

    /// What stands against planning what the member has asked for a week; `self` is the standing of the moment. A suspension
    /// that is over when the week begins stands against nothing: the lessons come after it.
    pub fn barred_in_week(&self, begins_at_min: i64) -> Option<Violation> {
        self.clone().at(begins_at_min).barred()
    }
}

impl StandingState {
    /// The state after an action, or why there is none.
    pub fn after(self, action: StandingAction) -> Result<Self, Violation> {
        use StandingAction::*;
        use StandingState::*;
        match (self, action) {
            (Good | Suspended, Suspend) => Ok(Suspended),
            (Suspended, Lift) => Ok(Good),
            (Good | Suspended, Leave) => Ok(Left),
            (Left, Readmit) => Ok(Good),
            (state, action) => Err(Violation::WrongState {
                state: <&str>::from(state).into(),
                action: <&str>::from(action).into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    fn suspended() -> Standing {
        Standing {
            state: StandingState::Suspended,
            reason: "三次爽约".into(),
            until_at_min: Some(1000),
            version: 1,
        }
    }

    #[test]
    fn a_suspension_ends_by_itself_at_its_end() {
        assert_eq!(suspended().at(999), suspended());
        let over = suspended().at(1000);
        assert_eq!((over.state, over.version), (StandingState::Good, 1));
        assert_eq!(over.barred(), None);
    }

    #[test]
    fn a_week_that_begins_after_the_suspension_is_planned() {
        let code = |standing: Standing, begins| standing.barred_in_week(begins).map(|broken| broken.code());
        assert_eq!(code(suspended(), 999), Some("member_suspended"), "it begins inside");
        assert_eq!(code(suspended(), 1000), None, "it begins with the end");
        assert_eq!(code(Standing::good(), 0), None);
        let left = Standing {
            state: StandingState::Left,
            ..suspended()
        };
        assert_eq!(code(left, 9999), Some("member_left"), "gone is gone");
    }

    #[test]
    fn who_is_suspended_or_gone_may_not_ask() {
        let codes = StandingState::VARIANTS.iter().map(|state| {
            let standing = Standing {
                state: *state,
                ..suspended()
            };
            standing.barred().map(|broken| broken.code())
        });
        let codes: Vec<_> = codes.collect();
        assert_eq!(codes, [None, Some("member_suspended"), Some("member_left")]);
    }

    #[test]
    fn a_standing_changes_only_in_its_own_order() {
        let legal: Vec<_> = StandingState::VARIANTS
            .iter()
            .flat_map(|state| StandingAction::VARIANTS.iter().map(move |action| (*state, *action)))
            .filter(|(state, action)| state.after(*action).is_ok())
            .collect();
        use StandingAction::*;
        use StandingState::*;
        assert_eq!(
            legal,
            [
                (Good, Suspend),
                (Good, Leave),
                (Suspended, Suspend),
                (Suspended, Lift),
                (Suspended, Leave),
                (Left, Readmit)
            ]
        );
    }
}
