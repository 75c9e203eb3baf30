//! Every call, in the order of a week: get in, look around, ask, plan, publish, read.
//!
//! Four kinds: `Get` reads; `Ask` reads too, but has too much to say for a query; `Door` answers with a secret that is
//! shown once; `Post` writes. A write names the event that it makes and the thing that the event is about (else it is about whoever writes), for the audit log and
//! the outbox, and the server takes it only with its key (the header [`KEY_HEADER`]).

use super::*;
use crate::event::Event;
use crate::id::*;
use crate::password::Password;
use crate::people::{OrganizationKind, Role};
use crate::phone::PhoneText;
use crate::request::RequestDraft;
use crate::time::Week;
use chrono::NaiveDate;

macro_rules! method {
    (Get) => {
        Method::Get
    };
    ($other:ident) => {
        Method::Post
    };
}

macro_rules! reads {
    (Get $name:ident) => {
        impl ReadCall for $name {}
    };
    (Ask $name:ident) => {
        impl ReadCall for $name {}
    };
    (Door $name:ident) => {
        impl DoorCall for $name {}
    };
    (Post $name:ident) => {};
}

macro_rules! calls {
    ($($(#[$doc:meta])* $kind:ident $path:literal $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? } -> $reply:ty $(, $event:ident $(about $subject:ident)?)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
            pub struct $name { $($(#[$fdoc])* pub $field: $type),* }

            impl Call for $name {
                const NAME: &'static str = stringify!($name);
                const CALL: CallName = CallName::$name;
                const METHOD: Method = method!($kind);
                const PATH: &'static str = $path;
                type Reply = $reply;
            }

            reads!($kind $name);

            $(impl WriteCall for $name {
                const EVENT: Event = Event::$event;
                fn subject(&self) -> Option<String> {
                    let named: Vec<String> = vec![$(self.$subject.to_string())?];
                    named.into_iter().next()
                }
            })?
        )+

        /// Every call by its name: what the access matrix has a row for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::VariantArray)]
        pub enum CallName { $($name),+ }

        /// Name, method and path of every call: the route table that tests hold the server to.
        pub const CALLS: &[(&str, Method, &str)] = &[$((stringify!($name), method!($kind), $path)),+];

        /// The event of every write.
        pub const EVENTS: &[Event] = &[$($(Event::$event,)?)+];
    };
}

calls! {
    /// Opens a session; the cookie comes with the reply.
    Door "/api/v1/session/sign-in" SignIn { login: String, password: Password, code: Option<String> } -> SessionView;
    /// Ends the session.
    Door "/api/v1/session/sign-out" SignOut {} -> Done;
    /// Turns an invitation into a login and opens its first session; the cookie comes with the reply. `identity` is a
    /// ticket from the way to the identity provider and back.
    Door "/api/v1/session/join" AcceptInvitation { token: Password, login: String, name: String, password: Password, #[serde(default)] identity: Option<Password> } -> SessionView;
    /// Takes an invitation for whoever is signed in: one more organization to act for.
    Post "/api/v1/session/join-as-self" JoinAsSelf { token: Password } -> SessionView, MembershipTaken;
    /// Acts for another of the own memberships, from the next request on; none is the alliance itself.
    Post "/api/v1/session/act-for" ActFor { organization: Option<OrganizationId> } -> SessionView, ActedFor;
    /// Who the session belongs to.
    Get "/api/v1/session/me" ReadSession {} -> SessionView;
    /// The own account: sessions, second factor.
    Get "/api/v1/account" ReadAccount {} -> AccountView;
    /// Ends one of the own sessions.
    Post "/api/v1/account/end-session" EndSession { id: SessionId } -> AccountView, SessionEnded about id;
    /// A new password; every other session ends.
    Post "/api/v1/account/password" ChangePassword { old: Password, new: Password } -> Done, PasswordChanged;
    /// The own phone number; empty takes it away.
    Post "/api/v1/account/phone" SetOwnPhone { phone: PhoneText } -> AccountView, OwnPhoneSet;
    /// The own phone number in full; everywhere else its middle is hidden.
    Door "/api/v1/account/phone/reveal" RevealOwnPhone {} -> PhoneView;
    /// Everything that is kept about whoever asks, without secrets.
    Door "/api/v1/account/export" ExportOwnData {} -> PersonExport;
    /// A secret for an authenticator app, shown once; it counts when it is confirmed.
    Door "/api/v1/account/second-factor" StartSecondFactor { password: Password } -> SecondFactorSecret;
    /// Confirms the secret by a code of it; answers with the recovery codes, shown once.
    Door "/api/v1/account/second-factor/confirm" ConfirmSecondFactor { code: String } -> RecoveryCodes;
    /// Takes the second factor away.
    Post "/api/v1/account/second-factor/end" EndSecondFactor { password: Password } -> Done, SecondFactorEnded;
    /// From now on an identity opens the account, too; the ticket comes from the way to the identity provider and back.
    Post "/api/v1/account/identity/link" LinkIdentity { ticket: Password, password: Password } -> AccountView, IdentityLinked;
    /// The identity opens the account no longer.
    Post "/api/v1/account/identity/unlink" UnlinkIdentity { password: Password } -> AccountView, IdentityUnlinked;

    /// Members of the alliance with their standing and its story. Alliance admin.
    Get "/api/v1/organizations" ListOrganizations {} -> OrganizationsView;
    /// A new member.
    Post "/api/v1/organizations/admit" AdmitOrganization { id: OrganizationId, name: String, name_en: String, seal: String, kind: OrganizationKind, weight: f64 } -> OrganizationsView, OrganizationAdmitted about id;
    /// Until a day that is the first on which it may ask again. `version` is that of the standing.
    Post "/api/v1/organizations/suspend" SuspendOrganization { id: OrganizationId, version: i64, reason: String, until: NaiveDate } -> OrganizationsView, OrganizationSuspended about id;
    /// Ends a suspension before its end.
    Post "/api/v1/organizations/lift" LiftSuspension { id: OrganizationId, version: i64 } -> OrganizationsView, SuspensionLifted about id;
    /// A member leaves; its past stays.
    Post "/api/v1/organizations/leave" LetOrganizationLeave { id: OrganizationId, version: i64, reason: String } -> OrganizationsView, OrganizationLeft about id;
    /// A member that left comes back.
    Post "/api/v1/organizations/readmit" ReadmitOrganization { id: OrganizationId, version: i64 } -> OrganizationsView, OrganizationReadmitted about id;

    /// The people of an organization and its open invitations; an alliance admin sees everybody's.
    Get "/api/v1/people" ListPeople { organization: Option<OrganizationId> } -> PeopleView;
    /// A link that is good once, shown once.
    Door "/api/v1/people/invite" InvitePerson { role: Role, organization: Option<OrganizationId>, days: i64 } -> InvitationLink;
    /// Takes back an invitation that nobody has accepted.
    Post "/api/v1/people/revoke-invitation" RevokeInvitation { id: InvitationId } -> PeopleView, InvitationRevoked about id;
    /// Whether coordinators and admins of the alliance need a second factor; it holds from the next request.
    Post "/api/v1/people/second-factor-rule" SetSecondFactorRule { alliance: AllianceId, required: bool } -> PeopleView, SecondFactorRuleSet about alliance;
    /// Another role in an organization, or in the alliance itself.
    Post "/api/v1/people/role" SetRole { person: PersonId, organization: Option<OrganizationId>, role: Role } -> PeopleView, RoleSet about person;
    /// Ends a membership: the person no longer acts for it.
    Post "/api/v1/people/take-role" TakeRole { person: PersonId, organization: Option<OrganizationId> } -> PeopleView, RoleTaken about person;
    /// Shuts a login and ends its sessions; what the person did stays readable.
    Post "/api/v1/people/deactivate" DeactivatePerson { person: PersonId } -> DutiesView, PersonDeactivated about person;
    /// Opens a login again.
    Post "/api/v1/people/reactivate" ReactivatePerson { person: PersonId } -> DutiesView, PersonReactivated about person;
    /// Somebody's phone number; empty takes it away.
    Post "/api/v1/people/phone" SetPhone { person: PersonId, phone: PhoneText } -> DutiesView, PhoneSet about person;
    /// Somebody's phone number in full; who saw it stands in the audit log.
    Door "/api/v1/people/phone/reveal" RevealPhone { person: PersonId } -> PhoneView;
    /// Takes name, login, phone and everything else that says who it was out of the database, for good. Alliance admin.
    Post "/api/v1/people/erase" ErasePerson { person: PersonId } -> Done, PersonErased about person;
    /// What a person still has to do: requests that are under way, lessons to come.
    Get "/api/v1/people/duties" ReadDuties { person: PersonId } -> DutiesView;
    /// Somebody else of the organization answers for a request from now on.
    Post "/api/v1/people/hand-over" HandOver { request: RequestId, from: PersonId, to: PersonId } -> DutiesView, RequestHandedOver about request;
    /// Somebody else of the pool teaches a published lesson in the place of this person. An organization's admin decides
    /// among the organization's own.
    Post "/api/v1/people/hand-over-lesson" HandOverLesson { person: PersonId, week: Week, request: RequestId, lesson: i64, to: InstructorId } -> DutiesView, LessonHandedOver about request;

    /// What waits for the person.
    Get "/api/v1/home" ReadHome {} -> HomeView;

    /// Bases, rooms, equipment, instructors: what there is.
    Get "/api/v1/catalog" ReadCatalog {} -> CatalogView;
    /// One room, equipment or instructor with its free and busy time in a week; `week` is its Monday, this week when left out.
    Get "/api/v1/catalog/week" ReadThingWeek { kind: ThingKind, id: String, week: Option<Week> } -> ThingWeekView;

    /// The organization's requests; a coordinator sees everybody's.
    Get "/api/v1/requests" ListRequests { round: Option<RoundId>, organization: Option<OrganizationId>, state: Option<crate::request::RequestState> } -> RequestsView;
    /// One request with its story.
    Get "/api/v1/requests/one" ReadRequest { id: RequestId } -> RequestView;
    /// What the request form needs: the week's world, own cohorts, and the draft when one is edited.
    Get "/api/v1/requests/form" ReadForm { round: Option<RoundId>, id: Option<RequestId> } -> FormView;
    /// Every rule the draft breaks, without saving anything.
    Ask "/api/v1/requests/check" CheckDraft { round: RoundId, draft: RequestDraft } -> CheckView;
    /// A spreadsheet to be filled in: headings, an example, and the names of everything that a cell may name.
    Get "/api/v1/requests/import/template" ReadTemplate {} -> TemplateView;
    /// A spreadsheet as it would be imported, with every fault by row and column; nothing is saved.
    Ask "/api/v1/requests/import/preview" PreviewImport { round: RoundId, file: FileText } -> ImportView;
    /// Every row of a spreadsheet becomes a request, or none does. The hash is that of the preview.
    Post "/api/v1/requests/import" ImportRequests { round: RoundId, file: FileText, sha256: String, to_become: Become } -> ImportedView, RequestsImported about round;
    /// Saves a draft as it is, broken rules and all; `version` is 0 for a new one.
    Post "/api/v1/requests/draft" SaveDraft { id: RequestId, round: RoundId, version: i64, draft: RequestDraft } -> RequestView, RequestDrafted about id;
    /// Submits; refused with every broken rule.
    Post "/api/v1/requests/submit" SubmitRequest { id: RequestId, round: RoundId, version: i64, draft: RequestDraft } -> RequestView, RequestSubmitted about id;
    /// Changes a submitted request until the cut-off.
    Post "/api/v1/requests/amend" AmendRequest { id: RequestId, version: i64, draft: RequestDraft } -> RequestView, RequestAmended about id;
    /// Takes a request back until the cut-off.
    Post "/api/v1/requests/withdraw" WithdrawRequest { id: RequestId, version: i64 } -> RequestView, RequestWithdrawn about id;
    /// Gives a request back to its owner with a note; coordinator.
    Post "/api/v1/requests/return" ReturnRequest { id: RequestId, version: i64, note: String } -> RequestView, RequestReturned about id;

    /// All rounds, latest week first.
    Get "/api/v1/rounds" ListRounds {} -> RoundsView;
    /// One round with its figures, runs and plans.
    Get "/api/v1/rounds/one" ReadRound { id: RoundId } -> RoundView;
    /// Ends collecting; drafts expire.
    Post "/api/v1/rounds/close" CloseRound { id: RoundId, version: i64 } -> RoundView, RoundClosed about id;
    /// Collects again, while no plan was made.
    Post "/api/v1/rounds/reopen" ReopenRound { id: RoundId, version: i64 } -> RoundView, RoundReopened about id;
    /// Starts the solver; `from_plan` gives the pins and what should not move needlessly.
    Post "/api/v1/runs/start" StartRun { id: RunId, round: RoundId, from_plan: Option<PlanId>, seconds: i64 } -> RunView, RunStarted about id;
    /// A run with its progress. The same comes as events from `/api/v1/runs/events?id=…`.
    Get "/api/v1/runs/one" ReadRun { id: RunId } -> RunView;
    /// Stops a run; the best checked plan is kept.
    Post "/api/v1/runs/stop" StopRun { id: RunId } -> RunView, RunStopped about id;

    /// A plan as the coordinator's board.
    Get "/api/v1/plans/board" ReadBoard { plan: PlanId } -> BoardView;
    /// Where a lesson of a plan could go, and at what price; `lesson` 0 takes an unplaced one.
    Get "/api/v1/plans/moves" ReadMoves { plan: PlanId, request: RequestId, lesson: i64 } -> MovesView;
    /// Moves a lesson, or places an unplaced one (`lesson` 0); refused by the referee with every broken rule.
    Post "/api/v1/plans/move" MoveLesson { plan: PlanId, version: i64, request: RequestId, lesson: i64, start: i64, room: RoomId, instructors: Option<Vec<InstructorId>>, pin: bool } -> BoardView, LessonMoved about plan;
    /// Pins or releases a lesson.
    Post "/api/v1/plans/pin" PinLesson { plan: PlanId, version: i64, request: RequestId, lesson: i64, pinned: bool } -> BoardView, LessonPinned about plan;
    /// Takes a lesson out of a plan.
    Post "/api/v1/plans/remove" RemoveLesson { plan: PlanId, version: i64, request: RequestId, lesson: i64 } -> BoardView, LessonRemoved about plan;
    /// A second coordinator's consent, where the alliance asks for four eyes.
    Post "/api/v1/plans/approve" ApprovePlan { plan: PlanId, version: i64 } -> BoardView, PlanApproved about plan;
    /// Throws a draft away.
    Post "/api/v1/plans/discard" DiscardPlan { plan: PlanId, version: i64 } -> RoundView, PlanDiscarded about plan;
    /// One commit: everybody sees the plan from this moment. `round_version` is compared and swapped.
    Post "/api/v1/plans/publish" PublishPlan { plan: PlanId, version: i64, round_version: i64 } -> RoundView, TimetablePublished about plan;

    /// The published timetable of a week, by room, organization, instructor or cohort.
    Get "/api/v1/timetable" ReadTimetable { week: Option<Week>, by: TimetableBy, id: Option<String> } -> TimetableView;
    /// Who asked and got, with every level; published weeks only.
    Get "/api/v1/fairness" ReadFairness { week: Option<Week> } -> FairnessView;

    /// What is told outside: how much waits, and what nobody took. Coordinator.
    Get "/api/v1/notices" ListNotices {} -> NoticesView;
    /// Tries a notice anew that nobody took.
    Post "/api/v1/notices/send-again" SendNoticeAgain { id: NoticeId } -> NoticesView, NoticeSentAgain about id;

    /// The audit log, newest first, a page at a time; `before` is the `next` of the page before. Auditor.
    Get "/api/v1/audit" ReadAudit { event: Option<String>, actor: Option<String>, subject: Option<String>, before: Option<i64> } -> AuditView;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn paths_and_names_are_unique() {
        let paths: BTreeSet<_> = CALLS.iter().map(|(_, _, path)| path).collect();
        let names: BTreeSet<_> = CALLS.iter().map(|(name, _, _)| name).collect();
        assert_eq!((paths.len(), names.len()), (CALLS.len(), CALLS.len()));
    }

    #[test]
    fn every_write_has_an_event_of_its_own() {
        let events: BTreeSet<_> = EVENTS.iter().collect();
        assert_eq!(events.len(), EVENTS.len());
    }
}
