//! What the calls answer. A view holds data and ids with their names, no prose and no placement that its
//! reader may not see yet.

use crate::access::Bar;
use crate::catalog::{BaseKind, Named};
use crate::certificate::Stop;
use crate::fairness::LedgerLine;
use crate::id::*;
use crate::instance::EquipmentNeed;
use crate::password::Profile;
use crate::people::{Cohort, InstructorKind, Organization, OrganizationKind, Role};
use crate::plan::{Fairness, Reason, Remedy, Scarce, Stage, Status, UnitsHeld};
use crate::request::{RequestAction, RequestDraft, RequestState};
use crate::round::RoundState;
use crate::rules::Setting;
use crate::time::{PeriodTable, Span, SpecialDay, Week};
use crate::violation::Violation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }
    )+};
}

pub(super) use views;

views! {
    /// Who is signed in; behind a bar nothing opens but the own account.
    SessionView { person: PersonId, name: String, role: Role, organization: Option<Organization>, instructor: Option<InstructorId>, alliance: String, memberships: Vec<MembershipView>, bar: Option<Bar> }
    /// What the person may act as; the names are the organization's, empty for the alliance itself.
    MembershipView { organization: Option<OrganizationId>, name: String, name_en: String, role: Role }

    /// What waits for the person.
    HomeView {
        session: SessionView,
        now_at_min: i64,
        /// The round that takes requests now, or the next to be planned.
        round: Option<RoundSummary>,
        rounds: Vec<RoundSummary>,
        tasks: Vec<Task>,
        /// The person's or organization's next published lessons.
        next: Vec<SittingView>,
        names: NameBook,
    }

    RoundSummary { id: RoundId, week: Week, state: RoundState, cut_off_at_min: i64, version: i64, submitted: i64, drafts: i64, published_plan: Option<PlanId> }

    /// Names of everything a view mentions by id.
    NameBook {
        organizations: BTreeMap<OrganizationId, OrganizationName>,
        bases: BTreeMap<BaseId, String>,
        rooms: BTreeMap<RoomId, String>,
        equipment: BTreeMap<EquipmentId, String>,
        instructors: BTreeMap<InstructorId, String>,
        cohorts: BTreeMap<CohortId, String>,
        features: BTreeMap<FeatureId, String>,
        skills: BTreeMap<SkillId, String>,
        /// Reference and purpose, as far as the reader may know it.
        requests: BTreeMap<RequestId, String>,
    }
    OrganizationName { name: String, name_en: String, seal: String, kind: OrganizationKind }

    /// Everything there is to book.
    CatalogView {
        bases: Vec<BaseView>,
        rooms: Vec<RoomView>,
        equipment: Vec<EquipmentView>,
        instructors: Vec<InstructorView>,
        features: Vec<Named>,
        skills: Vec<Named>,
        names: NameBook,
    }
    BaseView { id: BaseId, name: String, kind: BaseKind, host: Option<OrganizationId>, address: String, open: Vec<Span>, safety_induction: bool, centers: Vec<String> }
    RoomView { id: RoomId, base: BaseId, center: String, name: String, part_of: Option<RoomId>, features: Vec<FeatureId>, seats: i64, open: Vec<Span>, turnaround_min: i64, equipment: Vec<EquipmentNeed> }
    EquipmentView { id: EquipmentId, base: BaseId, room: Option<RoomId>, name: String, units: i64, qualification_needed: bool }
    /// No phone, no private data.
    InstructorView { id: InstructorId, name: String, kind: InstructorKind, industry: String, organization: OrganizationId, skills: BTreeMap<SkillId, i64>, available: Vec<Span>, week_max_min: Option<i64>, serves_everyone: bool, agreement_until: String }

    /// A thing's week: when it is open, closed and taken. Before publishing nothing of a plan is in it.
    ThingWeekView { kind: ThingKind, id: String, name: String, detail: ThingDetail, week: Week, today: Option<i64>, periods: PeriodTable, special_days: Vec<SpecialDay>, open: Vec<Span>, closed: Vec<ClosedSpan>, busy: Vec<BusySpan>, names: NameBook }
    ThingDetail { room: Option<RoomView>, equipment: Option<EquipmentView>, instructor: Option<InstructorView> }
    ClosedSpan { span: Span, reason: String }
    /// Taken by whom; units when it is equipment.
    BusySpan { span: Span, organization: Option<OrganizationId>, units: i64 }

    RequestsView { requests: Vec<RequestRow>, rounds: Vec<RoundSummary>, names: NameBook }
    RequestRow { id: RequestId, reference: String, round: RoundId, week: Week, organization: OrganizationId, state: RequestState, purpose: String, lessons: i64, granted: Option<i64>, minutes: i64, headcount: i64, cohorts: Vec<CohortId>, tier: i64, version: i64, updated_at_min: i64 }
    RequestView {
        id: RequestId,
        /// What people quote, e.g. `S49-3012`.
        reference: String,
        round: RoundSummary,
        organization: OrganizationId,
        state: RequestState,
        version: i64,
        draft: RequestDraft,
        story: Vec<StoryStep>,
        /// Placements, from the published moment on.
        granted: Vec<SittingView>,
        /// Missing lessons with reasons and verified changes, from the published moment on.
        missing: Option<Missing>,
        /// What stands against planning it, as long as nothing is published.
        left_out: Option<Violation>,
        /// What the reader may do now.
        actions: Vec<RequestAction>,
        now_at_min: i64,
        names: NameBook,
    }
    StoryStep { state: RequestState, at_min: i64, by: String, note: String }
    Missing { lessons: i64, reasons: Vec<Reason>, would_fit: Vec<Remedy> }

    CheckView { violations: Vec<Violation> }

    /// The round's table for a coordinator, the summary for others.
    RoundView {
        round: RoundSummary,
        now_at_min: i64,
        four_eyes: bool,
        /// Count of requests by state.
        counts: BTreeMap<RequestState, i64>,
        asked_min: i64,
        runs: Vec<RunView>,
        plans: Vec<PlanSummary>,
        /// Those of the plans that the reader may approve.
        approvable: Vec<PlanId>,
        may_plan: bool,
        /// Whose requests would be left out of a run that started now, and why; for whoever may plan.
        left_out: Vec<LeftOut>,
    }
    LeftOut { organization: OrganizationId, requests: i64, why: Violation }
    RoundsView { rounds: Vec<RoundSummary> }
    RunView { id: RunId, round: RoundId, state: RunState, seconds_max: i64, started_at_min: Option<i64>, plan: Option<PlanId>, failure: Option<String>, progress: Vec<ProgressPoint> }
    /// One line of a solver's progress.
    ProgressPoint { stage: String, incumbent: Option<f64>, bound: Option<f64>, gap: Option<f64>, seconds: f64 }
    PlanSummary { id: PlanId, label: String, status: Status, version: i64, placed: i64, unplaced: i64, granted_min: i64, level_min: f64, jain: f64, pinned: i64, approved: Option<PersonId>, made_by: PersonId, created_at_min: i64, edited: bool }

    /// A plan as the board of a week.
    BoardView {
        round: RoundSummary,
        plan: PlanSummary,
        four_eyes: bool,
        may_approve: bool,
        may_publish: bool,
        periods: PeriodTable,
        special_days: Vec<SpecialDay>,
        rooms: Vec<BoardRoom>,
        lessons: Vec<LessonView>,
        unplaced: Vec<UnplacedView>,
        organizations: Vec<LevelView>,
        certificate: Vec<Stop>,
        stages: Vec<Stage>,
        scarce: Vec<Scarce>,
        fairness: Fairness,
        names: NameBook,
    }
    BoardRoom { id: RoomId, base: BaseId, center: String, name: String, seats: i64, part_of: Option<RoomId>, open: Vec<Span>, blackouts: Vec<Span> }
    LessonView { request: RequestId, lesson: i64, purpose: String, organization: OrganizationId, tier: i64, cohorts: Vec<CohortId>, headcount: i64, span: Span, room: RoomId, instructors: Vec<InstructorId>, equipment: Vec<UnitsHeld>, pinned: bool }
    UnplacedView { request: RequestId, reference: String, purpose: String, organization: OrganizationId, cohorts: Vec<CohortId>, headcount: i64, lessons: i64, minutes: i64, tier: i64, reasons: Vec<Reason>, would_fit: Vec<Remedy> }
    /// `level = (history + granted) / weight`, minutes.
    LevelView { organization: OrganizationId, weight: f64, history_min: i64, asked_min: i64, granted_min: i64, level: f64 }

    /// The board's answer while a lesson is in hand.
    MovesView { request: RequestId, lesson: i64, minutes: i64, options: Vec<MoveOption>, unsuitable: Vec<UnsuitableRoom> }
    MoveOption { start: i64, room: RoomId, verdict: Verdict, violations: Vec<Violation>, preference: i64, preference_now: i64, instructors: Vec<InstructorId> }
    /// A room that can never host the lesson, with the first rule that says so.
    UnsuitableRoom { room: RoomId, violation: Violation }

    /// A published week. Purposes and cohorts of other organizations are left out for a visitor.
    TimetableView { week: Week, by: TimetableBy, id: Option<String>, title: String, choices: Vec<Choice>, published_at_min: Option<i64>, published_version: i64, today: Option<i64>, periods: PeriodTable, special_days: Vec<SpecialDay>, sittings: Vec<SittingView>, names: NameBook, weeks: Vec<Week> }
    Choice { id: String, name: String }
    SittingView { request: RequestId, lesson: i64, week: Week, span: Span, purpose: Option<String>, organization: OrganizationId, room: RoomId, base: BaseId, instructors: Vec<InstructorId>, cohorts: Vec<CohortId>, equipment: Vec<UnitsHeld> }

    /// Once its week has run, a line tells what was used.
    FairnessView { week: Option<Week>, weeks: Vec<Week>, published: bool, has_run: bool, lines: Vec<FairLine>, asked_min: i64, granted_min: i64, jain: f64, level_min: f64, proved: bool, stages: Vec<Stage>, names: NameBook, own: Option<OrganizationId> }
    /// One member's line; `trend` is granted/claim of past weeks, oldest first.
    FairLine { organization: OrganizationId, weight: f64, history_min: i64, level: f64, ledger: LedgerLine, trend: Vec<f64> }
}

/// What the request form needs. Not part of the public document: it carries a week's world for the live check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormView {
    pub round: RoundSummary,
    pub now_at_min: i64,
    pub id: RequestId,
    pub version: i64,
    pub state: Option<RequestState>,
    pub draft: RequestDraft,
    pub periods: PeriodTable,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub setting: Setting,
    pub cohorts: Vec<Cohort>,
    pub features: Vec<Named>,
    pub skills: Vec<Named>,
    pub rooms: Vec<RoomView>,
    pub equipment: Vec<EquipmentView>,
    pub instructors: Vec<InstructorView>,
    /// A note of the coordinator who returned it.
    pub note: Option<String>,
    pub names: NameBook,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    )+};
}

words! {
    ThingKind { Room, Equipment, Instructor }
    TimetableBy { Room, Organization, Instructor, Cohort }
    /// Life of a solver run.
    RunState { Queued, Running, Done, Stopped, Failed }
    /// What the board says of a cell while a lesson is in hand.
    Verdict {
        Free,
        /// Allowed, at a price in preferences or with another instructor.
        Soft,
        Refused,
    }
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Task {
    /// A draft that is not submitted yet.
    FinishDraft {
        request: RequestId,
        purpose: String,
        cut_off_at_min: i64,
    },
    /// A request that came back with a note.
    AnswerReturn {
        request: RequestId,
        purpose: String,
        note: String,
    },
    /// Ask for time in an open round.
    AskForTime {
        round: RoundId,
        week: Week,
        cut_off_at_min: i64,
    },
    /// A result was published.
    ReadResult {
        request: RequestId,
        purpose: String,
        state: RequestState,
    },
    CloseRound {
        round: RoundId,
        week: Week,
        submitted: i64,
    },
    RunSolver {
        round: RoundId,
        week: Week,
        submitted: i64,
    },
    ReviewPlan {
        round: RoundId,
        week: Week,
        plan: PlanId,
        unplaced: i64,
    },
    ApprovePlan {
        round: RoundId,
        week: Week,
        plan: PlanId,
    },
}

views! {
    /// A page of the audit log: `next` is what to give as `before` for the page after it; the head is to be compared
    /// with what was noted elsewhere; `people` are the names of those whom entries name by id.
    AuditView { entries: Vec<EntryView>, next: Option<i64>, head_seq: i64, head_sha256: String, people: BTreeMap<String, String> }
    /// One entry: who did what to which thing. `actor` is a person's id, `visitor` or `system`; facts are ids, codes and numbers.
    EntryView { seq: i64, at_min: i64, actor: String, role: String, organization: Option<String>, event: String, subject: String, facts: BTreeMap<String, String>, sha256: String }

    /// The own account, the phone with its middle hidden; `second_factor_needed` says that the role is held by one;
    /// `password_until_min` is when the password has to be another one, where passwords age.
    AccountView { person: PersonId, name: String, login: String, phone: Option<String>, role: Role, bar: Option<Bar>, sessions: Vec<SessionRow>, second_factor: bool, second_factor_needed: bool, recovery_codes_left: i64, password_profile: Profile, password_until_min: Option<i64>, sign_on: Option<SignOnView> }
    /// The identity provider as it is called here, and the own subject there when it is linked.
    SignOnView { label: String, label_en: String, linked: Option<String> }
    /// An open session; `here` is the one that asks.
    SessionRow { id: SessionId, opened_at_min: i64, seen_at_min: i64, here: bool }
    /// For an authenticator app: in base32 to be typed, and as an address to be opened.
    SecondFactorSecret { secret: String, address: String }
    /// Each opens once in the place of a code.
    RecoveryCodes { codes: Vec<String> }
}

/// How the telling outside stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticesView {
    /// Whether a receiver is set; without one everything waits.
    pub has_receiver: bool,
    pub waiting: i64,
    /// What was tried too often, oldest first.
    pub dead: Vec<NoticeView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeView {
    pub id: NoticeId,
    /// The event's word.
    pub event: String,
    /// The id of what it is about.
    pub subject: String,
    pub at_min: i64,
    pub tries: i64,
    /// Why it failed last: `status 500`, `no answer in time`, `no connection`.
    pub failure: String,
}
