//! Who may do what: one match. An actor without a right to see a thing is told that it does not exist.

use crate::id::*;
use crate::people::Role;
use serde::{Deserialize, Serialize};

/// Who acts, resolved from the session of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub alliance: AllianceId,
    pub person: PersonId,
    pub role: Role,
    pub organization: Option<OrganizationId>,
    pub instructor: Option<InstructorId>,
}

/// What somebody wants to do; the organization is the owner of the thing it is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<'a> {
    /// Published timetables, the public catalog, the fairness page: also without a login.
    ReadPublic,
    /// One's own session and home.
    ReadOwn,
    ReadRequest(&'a OrganizationId),
    /// Draft, submit, amend, withdraw.
    WriteRequest(&'a OrganizationId),
    /// Return or reject a request.
    JudgeRequest,
    /// Rounds with their figures, without placements.
    ReadRounds,
    /// Close, run, pin, move, approve, publish, and all that is not published yet.
    PlanRounds,
}

/// The matrix. `None` is a visitor.
pub fn may(actor: Option<&Actor>, action: &Action) -> bool {
    use Action::*;
    let Some(actor) = actor else {
        return matches!(action, ReadPublic);
    };
    let own = |organization: &OrganizationId| actor.organization.as_ref() == Some(organization);
    match action {
        ReadPublic | ReadOwn => true,
        ReadRequest(owner) => match actor.role {
            Role::Coordinator => true,
            Role::Requester | Role::OrganizationAdmin => own(owner),
            Role::Instructor | Role::Auditor | Role::SystemAdmin => false,
        },
        WriteRequest(owner) => match actor.role {
            Role::Requester | Role::OrganizationAdmin => own(owner),
            Role::Coordinator | Role::Instructor | Role::Auditor | Role::SystemAdmin => false,
        },
        ReadRounds => match actor.role {
            Role::Requester | Role::OrganizationAdmin | Role::Coordinator => true,
            Role::Instructor | Role::Auditor | Role::SystemAdmin => false,
        },
        JudgeRequest | PlanRounds => actor.role == Role::Coordinator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    fn actor(role: Role, organization: &str) -> Actor {
        Actor {
            alliance: AllianceId::new("a"),
            person: PersonId::new("p"),
            role,
            organization: Some(OrganizationId::new(organization)),
            instructor: None,
        }
    }

    #[test]
    fn a_visitor_reads_what_is_public_and_nothing_else() {
        let owner = OrganizationId::new("o");
        assert!(may(None, &Action::ReadPublic));
        for action in [
            Action::ReadOwn,
            Action::ReadRequest(&owner),
            Action::WriteRequest(&owner),
            Action::PlanRounds,
        ] {
            assert!(!may(None, &action), "{action:?}");
        }
    }

    #[test]
    fn nobody_writes_for_another_organization() {
        let other = OrganizationId::new("other");
        for role in Role::VARIANTS {
            assert!(
                !may(Some(&actor(*role, "own")), &Action::WriteRequest(&other)),
                "{role:?}"
            );
        }
    }

    #[test]
    fn only_a_coordinator_plans() {
        for role in Role::VARIANTS {
            assert_eq!(
                may(Some(&actor(*role, "own")), &Action::PlanRounds),
                *role == Role::Coordinator,
                "{role:?}"
            );
        }
    }
}
