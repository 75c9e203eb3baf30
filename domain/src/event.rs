//! What happens in an alliance and is remembered: the events of the audit log and the outbox. One word each, `thing.verb`;
//! a word never changes its meaning and is never used again, because logs are read for years.

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $word:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::EnumString, strum::VariantArray)]
        pub enum Event {
            $($(#[$doc])* #[strum(serialize = $word)] $name),+
        }
    };
}

events! {
    SessionOpened "session.opened";
    SessionClosed "session.closed";
    /// By its owner, from another one.
    SessionEnded "session.ended";
    /// By a link that is good once.
    PersonInvited "person.invited";
    PersonJoined "person.joined";
    InvitationRevoked "person.invitation_revoked";
    /// An invitation gave somebody who is known one more membership.
    MembershipTaken "person.membership_taken";
    /// From now on for another of the own memberships.
    ActedFor "person.acted_for";
    RoleSet "person.role_set";
    RoleTaken "person.role_taken";
    PersonDeactivated "person.deactivated";
    PersonReactivated "person.reactivated";

    PhoneSet "person.phone_set";
    /// Somebody saw a number in full: the own one, or another's.
    PhoneRevealed "person.phone_revealed";
    /// Everything that is kept about a person was handed out.
    PersonExported "person.exported";
    PersonErased "person.erased";
    /// Whether coordinators and admins need a second factor.
    SecondFactorRuleSet "alliance.second_factor_rule_set";

    OrganizationAdmitted "organization.admitted";
    OrganizationSuspended "organization.suspended";
    SuspensionLifted "organization.suspension_lifted";
    OrganizationLeft "organization.left";
    OrganizationReadmitted "organization.readmitted";

    OwnPhoneSet "account.phone_set";
    PasswordChanged "account.password_changed";
    /// A secret was shown, which counts once a code of it was typed.
    SecondFactorStarted "account.second_factor_started";
    SecondFactorSet "account.second_factor_set";
    SecondFactorEnded "account.second_factor_ended";
    /// An identity of a provider opens the account from now on.
    IdentityLinked "account.identity_linked";
    IdentityUnlinked "account.identity_unlinked";
    /// By the command line, for somebody who had lost every way to open it.
    SecondFactorForgotten "account.second_factor_forgotten";
    /// Secrets were sealed by a newer key.
    SecretsSealed "alliance.secrets_sealed";
    /// A recovery code opened a session.
    RecoveryCodeSpent "account.recovery_code_spent";
    /// Somebody tries a login for the last time that is allowed from there, for a while.
    TriesUsedUp "account.tries_used_up";

    RequestDrafted "request.drafted";
    RequestSubmitted "request.submitted";
    RequestAmended "request.amended";
    RequestWithdrawn "request.withdrawn";
    /// A whole spreadsheet of them.
    RequestsImported "requests.imported";
    /// Given back to its owner by a coordinator.
    RequestReturned "request.returned";

    /// Somebody else answers for it.
    RequestHandedOver "request.handed_over";

    RoundClosed "round.closed";
    RoundReopened "round.reopened";

    RunStarted "run.started";
    /// Somebody asked for the stop.
    RunStopped "run.stopped";
    RunFailed "run.failed";
    /// A run ended with a plan.
    PlanDrafted "plan.drafted";

    LessonMoved "plan.lesson_moved";
    LessonPinned "plan.lesson_pinned";
    LessonRemoved "plan.lesson_removed";
    PlanApproved "plan.approved";
    PlanDiscarded "plan.discarded";
    TimetablePublished "timetable.published";
    /// Somebody else teaches a published lesson.
    LessonHandedOver "timetable.lesson_handed_over";

    /// A notice that nobody had taken is tried anew.
    NoticeSentAgain "notice.sent_again";
}

impl Event {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn an_event_is_a_thing_and_a_verb() {
        for event in Event::VARIANTS {
            let parts: Vec<_> = event.word().split('.').collect();
            let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(parts.len() == 2 && parts.iter().all(plain), "{event:?}");
            assert_eq!(event.word().parse(), Ok(*event));
        }
    }
}
