//! A broken rule as data: code, field, parameters; never prose. The words live in `frontend::text`.
//!
//! One enum for the form, the referee and the solver's filter, so a rule has one name everywhere.
//! Minutes are minutes of the week; `lesson` is 1-based within its request.

use crate::id::*;
use crate::tagged::{Fields, Take, Value, tagged};
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// Where a conflict of a timetable sits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct At {
    pub request: RequestId,
    pub lesson: i64,
}

impl Take for At {
    fn take(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            request: fields.take("request")?,
            lesson: fields.take("lesson")?,
        })
    }
}

tagged! {
    "code"
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::IntoStaticStr, strum::VariantNames)]
    #[serde(tag = "code", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Violation {
        // What one can see on the request alone.
        PurposeMissing,
        PurposeTooLong { len_max: i64, len: i64 },
        TextForbidden {
            field: String,
        },
        LessonsOutOfRange {
            min: i64,
            max: i64,
            lessons: i64,
        },
        MinutesOutOfRange {
            min: i64,
            max: i64,
            minutes: i64,
        },
        HeadcountOutOfRange {
            min: i64,
            max: i64,
            headcount: i64,
        },
        TierOutOfRange {
            min: i64,
            max: i64,
            tier: i64,
        },
        CohortMissing,
        /// The group is smaller or larger than the cohorts it names.
        HeadcountAboveCohorts {
            cohorts: i64,
            headcount: i64,
        },
        ForeignCohort {
            cohort: CohortId,
        },
        UnknownThing {
            field: String,
            id: String,
        },
        DuplicateThing {
            field: String,
            id: String,
        },
        WindowsMissing,
        WindowsTooMany {
            max: i64,
            windows: i64,
        },
        WindowOutsideWeek {
            window: Span,
        },
        /// The stretch of joined windows is shorter than a lesson.
        WindowTooShort {
            window: Span,
            minutes: i64,
        },
        /// No suitable room is open there.
        WindowClosed {
            window: Span,
        },
        /// The whole day is a holiday or otherwise closed.
        WindowOnHoliday {
            window: Span,
            name: String,
        },
        /// No allowed start of a lesson lies in the window.
        WindowWithoutStart {
            window: Span,
            minutes: i64,
        },
        /// Fewer usable days than lessons need.
        DaysTooFew {
            needed: i64,
            days: i64,
        },
        PerDayMaxOutOfRange {
            min: i64,
            max: i64,
            per_day_max: i64,
        },
        DaysBetweenOutOfRange {
            min: i64,
            max: i64,
            days_between_min: i64,
        },
        NoRoomHasFeatures {
            features: Vec<FeatureId>,
        },
        NoRoomHasSeats {
            seats_max: i64,
            headcount: i64,
        },
        EquipmentUnitsOutOfRange {
            equipment: EquipmentId,
            units: i64,
            units_max: i64,
        },
        /// The equipment stands where none of the chosen rooms is.
        EquipmentElsewhere {
            equipment: EquipmentId,
        },
        InstructorCountOutOfRange {
            min: i64,
            max: i64,
            count: i64,
        },
        SkillLevelOutOfRange {
            skill: SkillId,
            min: i64,
            max: i64,
            level: i64,
        },
        /// Nobody, or too few, of the pool teach this at that level for this organization.
        NoInstructorTeaches {
            needed: i64,
            found: i64,
        },
        QualificationMissing {
            cohort: CohortId,
            equipment: EquipmentId,
        },
        /// Valid, but no longer on that day of the week (0 = Monday).
        QualificationExpires {
            cohort: CohortId,
            equipment: EquipmentId,
            day: i64,
        },
        AboveQuota {
            quota: i64,
            asked: i64,
        },
        CutOffPassed,
        /// A thing cannot go from this state to that one.
        WrongState {
            state: String,
            action: String,
        },

        // What the referee sees on a timetable.
        UnknownRequest {
            request: RequestId,
        },
        UnknownRoom {
            at: At,
            room: RoomId,
        },
        UnknownInstructor {
            at: At,
            instructor: InstructorId,
        },
        LessonNumber {
            at: At,
            lessons: i64,
        },
        StartNotAllowed {
            at: At,
            start: i64,
        },
        OutsideWindows {
            at: At,
            span: Span,
        },
        RoomClosed {
            at: At,
            room: RoomId,
            span: Span,
        },
        RoomBlackout {
            at: At,
            room: RoomId,
            blackout: Span,
        },
        RoomNotAsked {
            at: At,
            room: RoomId,
        },
        FeatureMissing {
            at: At,
            room: RoomId,
            feature: FeatureId,
        },
        SeatsShort {
            at: At,
            room: RoomId,
            seats: i64,
            headcount: i64,
        },
        /// Both hold the room, or one holds a bay of the other's room; turnaround included.
        RoomClash {
            at: At,
            other: At,
            room: RoomId,
        },
        EquipmentWrong {
            at: At,
            equipment: EquipmentId,
            units: i64,
            needed: i64,
        },
        EquipmentElsewhereAt {
            at: At,
            equipment: EquipmentId,
        },
        EquipmentShort {
            at: At,
            equipment: EquipmentId,
            units: i64,
            units_max: i64,
        },
        /// Two lessons hold the same numbered unit.
        EquipmentClash {
            at: At,
            other: At,
            equipment: EquipmentId,
            unit: i64,
        },
        InstructorCount {
            at: At,
            count: i64,
            needed: i64,
        },
        InstructorNotAsked {
            at: At,
            instructor: InstructorId,
        },
        SkillShort {
            at: At,
            instructor: InstructorId,
            skill: SkillId,
            level: i64,
            needed: i64,
        },
        InstructorNotServing {
            at: At,
            instructor: InstructorId,
        },
        InstructorUnavailable {
            at: At,
            instructor: InstructorId,
            span: Span,
        },
        InstructorClash {
            at: At,
            other: At,
            instructor: InstructorId,
        },
        TravelTooShort {
            at: At,
            other: At,
            instructor: InstructorId,
            minutes: i64,
            needed: i64,
        },
        InstructorDayMax {
            instructor: InstructorId,
            day: i64,
            minutes: i64,
            day_max: i64,
        },
        InstructorWeekMax {
            instructor: InstructorId,
            minutes: i64,
            week_max: i64,
        },
        CohortClash {
            at: At,
            other: At,
            cohort: CohortId,
        },
        PerDayMax {
            request: RequestId,
            day: i64,
            lessons: i64,
            per_day_max: i64,
        },
        DaysBetween {
            at: At,
            other: At,
            days_between_min: i64,
        },
        QuotaExceeded {
            organization: OrganizationId,
            minutes: i64,
            quota: i64,
        },
        PinnedMoved {
            request: RequestId,
            start: i64,
            room: RoomId,
        },
        NotAllLessons {
            request: RequestId,
            lessons: i64,
            asked: i64,
        },

        // What one can see on a password alone.
        PasswordLength { min: i64, max: i64, len: i64 },
        PasswordPlain { kinds_min: i64, kinds: i64 },
        PasswordIsLogin,
        PasswordGuessable,
        PasswordUsed { former: i64 },
        LoginIllFormed { min: i64, max: i64 },
        NameLength { max: i64, len: i64 },
        PhoneIllFormed,
        MemberSuspended { reason: String, until_at_min: i64 },
        MemberLeft,
        /// A row of an imported spreadsheet, which its preview says more about.
        RowRefused { row: i64, column: String, why: String },
    }
}

impl Violation {
    /// The stable code, the same text as in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The field of the request form that the rule sits beside; `None` for rules of a timetable.
    pub fn field(&self) -> Option<&str> {
        use Violation::*;
        Some(match self {
            PurposeMissing | PurposeTooLong { .. } => "purpose",
            TextForbidden { field } | UnknownThing { field, .. } | DuplicateThing { field, .. } => field,
            LessonsOutOfRange { .. } | AboveQuota { .. } => "lessons",
            MinutesOutOfRange { .. } => "minutes",
            HeadcountOutOfRange { .. } | HeadcountAboveCohorts { .. } => "headcount",
            TierOutOfRange { .. } => "tier",
            CohortMissing | ForeignCohort { .. } => "cohorts",
            WindowsMissing
            | WindowsTooMany { .. }
            | WindowOutsideWeek { .. }
            | WindowTooShort { .. }
            | WindowClosed { .. }
            | WindowOnHoliday { .. }
            | WindowWithoutStart { .. }
            | DaysTooFew { .. } => "windows",
            PerDayMaxOutOfRange { .. } => "per_day_max",
            DaysBetweenOutOfRange { .. } => "days_between_min",
            NoRoomHasFeatures { .. } | NoRoomHasSeats { .. } => "rooms",
            EquipmentUnitsOutOfRange { .. }
            | EquipmentElsewhere { .. }
            | QualificationMissing { .. }
            | QualificationExpires { .. } => "equipment",
            InstructorCountOutOfRange { .. } | SkillLevelOutOfRange { .. } | NoInstructorTeaches { .. } => {
                "instructors"
            }
            _ => return None,
        })
    }

    /// The window of the form that is at fault, when one is.
    pub fn window(&self) -> Option<Span> {
        use Violation::*;
        match self {
            WindowOutsideWeek { window }
            | WindowTooShort { window, .. }
            | WindowClosed { window }
            | WindowOnHoliday { window, .. }
            | WindowWithoutStart { window, .. } => Some(*window),
            _ => None,
        }
    }
}
