//! One value of every rule: for tests of the words, and to find a rule's name when only its code is known.

use Violation::*;
use domain::id::*;
use domain::time::Span;
use domain::violation::{At, Violation};

/// In the order of the enum. A test holds the list to the enum's own count of variants.
pub fn one_of_each() -> Vec<Violation> {
    of_requests().into_iter().chain(of_timetables()).collect()
}

const WINDOW: Span = Span::new(1920, 2020);

fn at(lesson: i64) -> At {
    At {
        request: RequestId::new("r"),
        lesson,
    }
}
fn room() -> RoomId {
    RoomId::new("room")
}
fn equipment() -> EquipmentId {
    EquipmentId::new("lathe")
}
fn instructor() -> InstructorId {
    InstructorId::new("li")
}
fn cohort() -> CohortId {
    CohortId::new("c1")
}

fn of_requests() -> Vec<Violation> {
    let text = String::from;
    vec![
        PurposeMissing,
        PurposeTooLong { len_max: 200, len: 240 },
        TextForbidden { field: text("purpose") },
        LessonsOutOfRange {
            min: 1,
            max: 20,
            lessons: 0,
        },
        MinutesOutOfRange {
            min: 30,
            max: 480,
            minutes: 10,
        },
        HeadcountOutOfRange {
            min: 1,
            max: 500,
            headcount: 0,
        },
        TierOutOfRange {
            min: 1,
            max: 3,
            tier: 9,
        },
        CohortMissing,
        HeadcountAboveCohorts {
            cohorts: 36,
            headcount: 40,
        },
        ForeignCohort { cohort: cohort() },
        UnknownThing {
            field: text("rooms"),
            id: text("x"),
        },
        DuplicateThing {
            field: text("rooms"),
            id: text("x"),
        },
        WindowsMissing,
        WindowsTooMany { max: 70, windows: 90 },
        WindowOutsideWeek { window: WINDOW },
        WindowTooShort {
            window: WINDOW,
            minutes: 120,
        },
        WindowClosed { window: WINDOW },
        WindowOnHoliday {
            window: WINDOW,
            name: text("元旦"),
        },
        WindowWithoutStart {
            window: WINDOW,
            minutes: 100,
        },
        DaysTooFew { needed: 4, days: 3 },
        PerDayMaxOutOfRange {
            min: 1,
            max: 4,
            per_day_max: 9,
        },
        DaysBetweenOutOfRange {
            min: 0,
            max: 3,
            days_between_min: 7,
        },
        NoRoomHasFeatures {
            features: vec![FeatureId::new("hv")],
        },
        NoRoomHasSeats {
            seats_max: 40,
            headcount: 60,
        },
        EquipmentUnitsOutOfRange {
            equipment: equipment(),
            units: 20,
            units_max: 12,
        },
        EquipmentElsewhere { equipment: equipment() },
        InstructorCountOutOfRange {
            min: 0,
            max: 3,
            count: 9,
        },
        SkillLevelOutOfRange {
            skill: SkillId::new("cnc"),
            min: 1,
            max: 5,
            level: 9,
        },
        NoInstructorTeaches { needed: 2, found: 1 },
        QualificationMissing {
            cohort: cohort(),
            equipment: equipment(),
        },
        QualificationExpires {
            cohort: cohort(),
            equipment: equipment(),
            day: 3,
        },
        AboveQuota { quota: 600, asked: 800 },
        CutOffPassed,
        WrongState {
            state: text("draft"),
            action: text("withdraw"),
        },
    ]
}

fn of_timetables() -> Vec<Violation> {
    let other = || at(2);
    vec![
        UnknownRequest {
            request: RequestId::new("r"),
        },
        UnknownRoom {
            at: at(1),
            room: room(),
        },
        UnknownInstructor {
            at: at(1),
            instructor: instructor(),
        },
        LessonNumber { at: at(5), lessons: 4 },
        StartNotAllowed { at: at(1), start: 487 },
        OutsideWindows {
            at: at(1),
            span: WINDOW,
        },
        RoomClosed {
            at: at(1),
            room: room(),
            span: WINDOW,
        },
        RoomBlackout {
            at: at(1),
            room: room(),
            blackout: WINDOW,
        },
        RoomNotAsked {
            at: at(1),
            room: room(),
        },
        FeatureMissing {
            at: at(1),
            room: room(),
            feature: FeatureId::new("hv"),
        },
        SeatsShort {
            at: at(1),
            room: room(),
            seats: 30,
            headcount: 36,
        },
        RoomClash {
            at: at(1),
            other: other(),
            room: room(),
        },
        EquipmentWrong {
            at: at(1),
            equipment: equipment(),
            units: 2,
            needed: 4,
        },
        EquipmentElsewhereAt {
            at: at(1),
            equipment: equipment(),
        },
        EquipmentShort {
            at: at(1),
            equipment: equipment(),
            units: 14,
            units_max: 12,
        },
        EquipmentClash {
            at: at(1),
            other: other(),
            equipment: equipment(),
            unit: 3,
        },
        InstructorCount {
            at: at(1),
            count: 0,
            needed: 1,
        },
        InstructorNotAsked {
            at: at(1),
            instructor: instructor(),
        },
        SkillShort {
            at: at(1),
            instructor: instructor(),
            skill: SkillId::new("cnc"),
            level: 2,
            needed: 3,
        },
        InstructorNotServing {
            at: at(1),
            instructor: instructor(),
        },
        InstructorUnavailable {
            at: at(1),
            instructor: instructor(),
            span: WINDOW,
        },
        InstructorClash {
            at: at(1),
            other: other(),
            instructor: instructor(),
        },
        TravelTooShort {
            at: at(1),
            other: other(),
            instructor: instructor(),
            minutes: 10,
            needed: 35,
        },
        InstructorDayMax {
            instructor: instructor(),
            day: 2,
            minutes: 500,
            day_max: 480,
        },
        InstructorWeekMax {
            instructor: instructor(),
            minutes: 900,
            week_max: 720,
        },
        CohortClash {
            at: at(1),
            other: other(),
            cohort: cohort(),
        },
        PerDayMax {
            request: RequestId::new("r"),
            day: 2,
            lessons: 2,
            per_day_max: 1,
        },
        DaysBetween {
            at: at(1),
            other: other(),
            days_between_min: 1,
        },
        QuotaExceeded {
            organization: OrganizationId::new("o"),
            minutes: 800,
            quota: 600,
        },
        PinnedMoved {
            request: RequestId::new("r"),
            start: 1920,
            room: room(),
        },
        NotAllLessons {
            request: RequestId::new("r"),
            lessons: 2,
            asked: 3,
        },
        PasswordLength {
            min: 10,
            max: 128,
            len: 7,
        },
        PasswordPlain { kinds_min: 3, kinds: 2 },
        PasswordIsLogin,
        PasswordGuessable,
        PasswordUsed { former: 5 },
        LoginIllFormed { min: 3, max: 32 },
        NameLength { max: 40, len: 0 },
        PhoneIllFormed,
        MemberSuspended {
            reason: "三次爽约".into(),
            until_at_min: 29_900_000,
        },
        MemberLeft,
        RowRefused {
            row: 7,
            column: "C".into(),
            why: "number_unreadable".into(),
        },
    ]
}
