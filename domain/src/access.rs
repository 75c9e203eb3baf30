//! Who may do what, to which thing, in which state: one matrix, with a row for every call. A call without a row does not
//! compile, and the tests of the server walk the same rows.
//!
//! An actor without a right to see a thing is told that it does not exist.

use crate::api::CallName;
use crate::id::*;
use crate::people::Role;
use crate::request::{RequestAction, RequestState};
use crate::round::RoundState;
use serde::{Deserialize, Serialize};

/// What keeps somebody who has signed in from everything else until it is set right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Bar {
    /// The role is held by a second factor, and there is none yet.
    SecondFactor,
    /// The password is older than the rules allow.
    Password,
}

impl Bar {
    /// Whether a call can be made all the same: coming and going, looking at the own account, and what takes the bar away.
    pub const fn lets(self, call: CallName) -> bool {
        use CallName::*;
        match call {
            SignIn | SignOut | AcceptInvitation | ReadSession | ReadAccount => true,
            StartSecondFactor | ConfirmSecondFactor => matches!(self, Bar::SecondFactor),
            ChangePassword => matches!(self, Bar::Password),
            _ => false,
        }
    }
}

/// Who acts, resolved from the session of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub alliance: AllianceId,
    pub person: PersonId,
    pub role: Role,
    pub organization: Option<OrganizationId>,
    pub instructor: Option<InstructorId>,
    pub bar: Option<Bar>,
}

/// What a call is done to, as far as it is known; what is not known is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Object<'a> {
    /// Whose it is.
    pub owner: Option<&'a OrganizationId>,
    pub request: Option<RequestState>,
    /// It was never submitted, in whatever state it ended: it is a draft to others for good.
    pub unfiled: bool,
    pub round: Option<RoundState>,
    /// The cut-off of the round has passed.
    pub late: bool,
}

/// What a role may do by a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    No,
    /// To things of the actor's own organization; where the call names no owner, to the actor's own.
    Own,
    /// To everybody's things, but not to the drafts of others.
    Filed,
    All,
}

/// Which rounds a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounds {
    Any,
    /// Open, and before the cut-off.
    Collecting,
    In(&'static [RoundState]),
}

/// What somebody without a grant is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// That it is not for them.
    Refused,
    /// That it does not exist.
    Hidden,
}

/// One row of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Visitor, then the roles in their order.
    pub grants: [Grant; 7],
    /// The transition of the request that must be legal.
    pub request: Option<RequestAction>,
    pub rounds: Rounds,
    pub told: Told,
}

/// Why a call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A visitor: it may be allowed after signing in.
    SignIn,
    /// Whatever the matrix says, until the bar is taken away.
    Barred(Bar),
    Forbidden,
    Hidden,
    /// Allowed, but not in this state.
    WrongState,
}

/// The matrix.
#[rustfmt::skip]
pub const fn row(call: CallName) -> Row {
    use CallName::*;
    use Grant::*;
    use RequestAction::{Amend, Return, Submit, Withdraw};
    use RoundState::*;
    use Rounds::{Any, Collecting, In};
    use Told::*;
    const NEVER: Option<RequestAction> = None;
    const REVIEW: Rounds = In(&[Planning, Review]);
    //                                                    visitor requester admin instructor coordinator auditor system
    let (grants, request, rounds, told) = match call {
        SignIn | SignOut | AcceptInvitation           => ([All, All,   All,   All,   All,   All,   All  ], NEVER, Any, Refused),
        SetOwnPhone | RevealOwnPhone | ExportOwnData  => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        ReadAccount | EndSession | ChangePassword     => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        StartSecondFactor | ConfirmSecondFactor       => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        EndSecondFactor                               => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        LinkIdentity | UnlinkIdentity                 => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        ActFor | JoinAsSelf                           => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        ReadSession | ReadHome                        => ([No,  Own,   Own,   Own,   Own,   Own,   Own  ], NEVER, Any, Refused),
        ReadCatalog | ReadThingWeek                   => ([All, All,   All,   All,   All,   All,   All  ], NEVER, Any, Refused),
        ReadTimetable | ReadFairness                  => ([All, All,   All,   All,   All,   All,   All  ], NEVER, Any, Refused),

        ListOrganizations                             => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Hidden),
        AdmitOrganization | SuspendOrganization       => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Refused),
        LiftSuspension | ReadmitOrganization          => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Refused),
        LetOrganizationLeave                          => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Refused),
        ListPeople | ReadDuties                       => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Hidden),
        InvitePerson | RevokeInvitation               => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Refused),
        SetSecondFactorRule                           => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Refused),
        SetRole | TakeRole | HandOver                 => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Refused),
        HandOverLesson                                => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Refused),
        DeactivatePerson | ReactivatePerson           => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Refused),
        SetPhone | RevealPhone                        => ([No,  No,    Own,   No,    No,    No,    All  ], NEVER, Any, Refused),
        ErasePerson                                   => ([No,  No,    No,    No,    No,    No,    All  ], NEVER, Any, Hidden),

        ListRequests                                  => ([No,  Own,   Own,   No,    Filed, No,    No   ], NEVER, Any, Refused),
        ReadRequest                                   => ([No,  Own,   Own,   No,    Filed, No,    No   ], NEVER, Any, Hidden),
        ReadForm | CheckDraft                         => ([No,  Own,   Own,   No,    No,    No,    No   ], NEVER, Any, Refused),
        ReadTemplate | PreviewImport                  => ([No,  Own,   Own,   No,    No,    No,    No   ], NEVER, Any, Refused),
        ImportRequests                                => ([No,  Own,   Own,   No,    No,    No,    No   ], NEVER, Collecting, Refused),
        SaveDraft                                     => ([No,  Own,   Own,   No,    No,    No,    No   ], NEVER, Collecting, Refused),
        SubmitRequest                                 => ([No,  Own,   Own,   No,    No,    No,    No   ], Some(Submit), Collecting, Refused),
        AmendRequest                                  => ([No,  Own,   Own,   No,    No,    No,    No   ], Some(Amend), Collecting, Refused),
        WithdrawRequest                               => ([No,  Own,   Own,   No,    No,    No,    No   ], Some(Withdraw), Collecting, Hidden),
        ReturnRequest                                 => ([No,  No,    No,    No,    Filed, No,    No   ], Some(Return), In(&[Open]), Hidden),

        ListRounds | ReadRound                        => ([No,  All,   All,   No,    All,   No,    No   ], NEVER, Any, Refused),
        CloseRound                                    => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, In(&[Open]), Refused),
        ReopenRound                                   => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, In(&[Closed]), Refused),
        StartRun                                      => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, In(&[Closed, Planning, Review]), Refused),
        StopRun                                       => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, Any, Refused),
        ReadRun | ReadBoard | ReadMoves               => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, Any, Hidden),
        MoveLesson | PinLesson | RemoveLesson         => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, REVIEW, Refused),
        ApprovePlan | DiscardPlan                     => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, REVIEW, Refused),
        ListNotices | SendNoticeAgain                 => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, Any, Hidden),
        ReadAudit                                     => ([No,  No,    No,    No,    No,    All,   No   ], NEVER, Any, Hidden),

        PublishPlan                                   => ([No,  No,    No,    No,    All,   No,    No   ], NEVER, In(&[Review]), Refused),
    };
    Row { grants, request, rounds, told }
}

impl Row {
    /// What an actor is granted; `None` is a visitor.
    pub fn grant(&self, role: Option<Role>) -> Grant {
        self.grants[role.map_or(0, |role| 1 + role as usize)]
    }

    fn refusal(&self) -> Refusal {
        match self.told {
            Told::Refused => Refusal::Forbidden,
            Told::Hidden => Refusal::Hidden,
        }
    }

    /// Whether the states of a thing allow what the row is about.
    pub fn is_timely(&self, object: &Object) -> bool {
        let request = match (self.request, object.request) {
            (Some(action), Some(state)) => state.after(action).is_ok(),
            _ => true,
        };
        let round = match (self.rounds, object.round) {
            (_, None) | (Rounds::Any, _) => true,
            (Rounds::Collecting, Some(state)) => state == RoundState::Open && !object.late,
            (Rounds::In(states), Some(state)) => states.contains(&state),
        };
        request && round
    }
}

/// Whether an actor may make this call at all; `None` is a visitor.
pub fn may_call(actor: Option<&Actor>, call: CallName) -> Result<(), Refusal> {
    may(actor, call, &Object::default())
}

/// Whether an actor may make this call to this thing.
pub fn may(actor: Option<&Actor>, call: CallName, object: &Object) -> Result<(), Refusal> {
    let row = row(call);
    if let Some(bar) = actor.and_then(|actor| actor.bar).filter(|bar| !bar.lets(call)) {
        return Err(Refusal::Barred(bar));
    }
    let own = |owner: &OrganizationId| actor.and_then(|actor| actor.organization.as_ref()) == Some(owner);
    let is_own = object.owner.is_none_or(own);
    let is_draft = object.unfiled || object.request == Some(RequestState::Draft);
    match row.grant(actor.map(|actor| actor.role)) {
        Grant::No if actor.is_none() => Err(Refusal::SignIn),
        Grant::No => Err(row.refusal()),
        // Another's thing is not there, whatever the row tells those who may not call at all.
        Grant::Own if !is_own => Err(Refusal::Hidden),
        Grant::Filed if !is_own && is_draft => Err(Refusal::Hidden),
        _ if !row.is_timely(object) => Err(Refusal::WrongState),
        Grant::Own | Grant::Filed | Grant::All => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::round::RoundAction;
    use strum::VariantArray;

    fn actor(role: Role, organization: &str) -> Actor {
        Actor {
            alliance: AllianceId::new("a"),
            person: PersonId::new("p"),
            role,
            organization: Some(OrganizationId::new(organization)),
            instructor: None,
            bar: None,
        }
    }

    #[test]
    fn behind_a_bar_there_is_the_own_account_and_nothing_else() {
        let own = "SignIn SignOut AcceptInvitation ReadSession ReadAccount";
        for (bar, way) in [
            (Bar::SecondFactor, "StartSecondFactor ConfirmSecondFactor"),
            (Bar::Password, "ChangePassword"),
        ] {
            for (call, role) in pairs() {
                let barred = Actor {
                    bar: Some(bar),
                    ..actor(role, "own")
                };
                let told = may_call(Some(&barred), call);
                match bar.lets(call) {
                    true => assert_eq!(told, may_call(Some(&actor(role, "own")), call), "{call:?} {role:?}"),
                    false => assert_eq!(told, Err(Refusal::Barred(bar)), "{call:?} {role:?}"),
                }
            }
            let lets = CallName::VARIANTS.iter().filter(|call| bar.lets(**call));
            let names: Vec<&str> = lets.map(|call| (*call).into()).collect();
            assert_eq!(names.join(" "), format!("{own} {way}"));
        }
    }

    #[test]
    fn a_visitor_is_asked_to_sign_in_wherever_there_is_no_grant() {
        for call in CallName::VARIANTS {
            let asked = may_call(None, *call) == Err(Refusal::SignIn);
            assert_eq!(asked, row(*call).grant(None) == Grant::No, "{call:?}");
            assert!(
                matches!(row(*call).grant(None), Grant::No | Grant::All),
                "{call:?}: a visitor owns nothing"
            );
        }
    }

    #[test]
    fn a_thing_of_another_organization_is_not_there_for_whoever_is_granted_only_their_own() {
        let other = OrganizationId::new("other");
        let object = Object {
            owner: Some(&other),
            ..Object::default()
        };
        for (call, role) in pairs().filter(|(call, role)| row(*call).grant(Some(*role)) == Grant::Own) {
            assert_eq!(
                may(Some(&actor(role, "own")), call, &object),
                Err(Refusal::Hidden),
                "{call:?} {role:?}"
            );
            assert_eq!(
                may(Some(&actor(role, "other")), call, &object),
                Ok(()),
                "{call:?} {role:?}"
            );
        }
    }

    #[test]
    fn a_draft_is_its_own_organization_s_business() {
        let other = OrganizationId::new("other");
        let of_another = |request, unfiled| Object {
            owner: Some(&other),
            request: Some(request),
            unfiled,
            ..Object::default()
        };
        let drafts = [
            of_another(RequestState::Draft, false),
            of_another(RequestState::Withdrawn, true),
            of_another(RequestState::Expired, true),
        ];
        for (call, role) in pairs().filter(|(call, role)| row(*call).grant(Some(*role)) == Grant::Filed) {
            for draft in &drafts {
                let judged = may(Some(&actor(role, "own")), call, draft);
                assert_eq!(judged, Err(Refusal::Hidden), "{call:?} {role:?}");
            }
        }
    }

    #[test]
    fn only_a_coordinator_plans() {
        use CallName::*;
        for call in [
            CloseRound,
            ReopenRound,
            StartRun,
            StopRun,
            MoveLesson,
            ApprovePlan,
            PublishPlan,
            ReadBoard,
        ] {
            for role in Role::VARIANTS {
                let allowed = may_call(Some(&actor(*role, "own")), call).is_ok();
                assert_eq!(allowed, *role == Role::Coordinator, "{call:?} {role:?}");
            }
        }
    }

    #[test]
    fn the_states_of_a_row_are_those_of_the_round_s_own_life() {
        let lives = [
            (CallName::CloseRound, RoundAction::Close),
            (CallName::ReopenRound, RoundAction::Reopen),
            (CallName::StartRun, RoundAction::Plan),
            (CallName::PublishPlan, RoundAction::Publish),
        ];
        for (call, action) in lives {
            for state in RoundState::VARIANTS {
                let object = Object {
                    round: Some(*state),
                    ..Object::default()
                };
                assert_eq!(
                    row(call).is_timely(&object),
                    state.after(action).is_ok(),
                    "{call:?} {state:?}"
                );
            }
        }
    }

    #[test]
    fn what_collects_ends_with_the_cut_off() {
        let open = Object {
            round: Some(RoundState::Open),
            ..Object::default()
        };
        for call in CallName::VARIANTS
            .iter()
            .filter(|call| row(**call).rounds == Rounds::Collecting)
        {
            assert!(row(*call).is_timely(&open), "{call:?}");
            assert!(!row(*call).is_timely(&Object { late: true, ..open }), "{call:?}");
            assert!(
                !row(*call).is_timely(&Object {
                    round: Some(RoundState::Closed),
                    ..open
                }),
                "{call:?}"
            );
        }
    }

    fn pairs() -> impl Iterator<Item = (CallName, Role)> {
        let roles = |call: &CallName| {
            let call = *call;
            Role::VARIANTS.iter().map(move |role| (call, *role))
        };
        CallName::VARIANTS.iter().flat_map(roles)
    }
}
