//! What the calls about people and members answer.

use super::views::views;
use super::{MembershipView, NameBook, SittingView};
use crate::id::*;
use crate::people::{Organization, Role};
use crate::request::RequestState;
use crate::standing::{Standing, StandingState};
use crate::time::Week;
use serde::{Deserialize, Serialize};

views! {
    /// Members in their order, those that left among them.
    OrganizationsView { organizations: Vec<MemberView>, now_at_min: i64 }
    /// A member; the standing is that of the moment, the steps are its story, oldest first.
    MemberView { organization: Organization, standing: Standing, steps: Vec<StandingStep>, people: i64 }
    StandingStep { state: StandingState, reason: String, until_at_min: Option<i64>, at_min: i64, by: String }

    /// People with a login in one organization, or in all of them, and the invitations that are open.
    PeopleView {
        alliance: AllianceId,
        /// Of coordinators and admins, by the alliance's own rule.
        second_factor_required: bool,
        organization: Option<OrganizationId>,
        people: Vec<PersonRow>,
        invitations: Vec<InvitationRow>,
        /// Where the reader may invite into; the alliance itself has no id.
        into: Vec<MembershipView>,
        /// What the reader may give.
        roles: Vec<Role>,
        names: NameBook,
    }
    /// A phone has its middle hidden. `own` is the reader; `shared` has memberships that the reader does not see, so the login is not theirs to shut.
    PersonRow { id: PersonId, name: String, login: String, phone: Option<String>, memberships: Vec<MembershipView>, active: bool, second_factor: bool, own: bool, shared: bool }
    InvitationRow { id: InvitationId, role: Role, organization: Option<OrganizationId>, by: String, expires_at_min: i64 }
    /// The path on this server that opens the invitation; it is told this once.
    InvitationLink { id: InvitationId, path: String, role: Role, expires_at_min: i64 }

    /// A number in full, as it is dialled from abroad.
    PhoneView { person: PersonId, number: String }

    /// What somebody answers for: requests whose week is not over, lessons that they teach, and who could take over. The
    /// phone has its middle hidden; `erasable` is said to whoever may erase the person.
    DutiesView { person: PersonId, name: String, phone: Option<String>, active: bool, erasable: bool, shared: bool, own: bool, requests: Vec<DutyRow>, lessons: Vec<LessonDuty>, colleagues: Vec<Colleague>, names: NameBook }
    DutyRow { id: RequestId, reference: String, week: Week, organization: OrganizationId, state: RequestState, purpose: String }
    /// A lesson to come, and who could teach it instead: the referee has nothing against them.
    LessonDuty { lesson: SittingView, takers: Vec<InstructorId> }
    Colleague { id: PersonId, name: String, organization: OrganizationId }
}
