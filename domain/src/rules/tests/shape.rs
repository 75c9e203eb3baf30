//! What the draft says of itself: texts, numbers, names.

use super::*;
use crate::standing::{Standing, StandingState};

#[test]
fn standing() {
    let rule = "the organization is in good standing";
    check(rule, |_, _| {}, &[]);
    let suspended = Standing {
        state: StandingState::Suspended,
        reason: "三次爽约".into(),
        until_at_min: Some(30_000_000),
        version: 1,
    };
    let (reason, until_at_min) = ("三次爽约".into(), 30_000_000);
    let barred = Violation::MemberSuspended { reason, until_at_min };
    check(rule, |_, setting| setting.standing = suspended.clone(), &[barred]);
    let left = |_: &mut RequestDraft, setting: &mut Setting| setting.standing.state = StandingState::Left;
    check(rule, left, &[Violation::MemberLeft]);
}

#[test]
fn purpose() {
    let rule = "the purpose is said in at most 120 plain characters";
    check(rule, |draft, _| draft.purpose = "训".repeat(120), &[]);
    check(
        rule,
        |draft, _| draft.purpose = " \u{3000}".into(),
        &[Violation::PurposeMissing],
    );
    let too_long = Violation::PurposeTooLong { len_max: 120, len: 121 };
    check(rule, |draft, _| draft.purpose = "训".repeat(121), &[too_long]);
    for hidden in ["车\u{202e}削", "车\n削", "车\u{0}削"] {
        let forbidden = Violation::TextForbidden {
            field: "purpose".into(),
        };
        check(rule, |draft, _| draft.purpose = hidden.into(), &[forbidden]);
    }
}

#[test]
fn amounts() {
    let rule = "lessons, minutes and tier are in range";
    check(
        rule,
        |draft, _| (draft.lessons, draft.minutes, draft.tier) = (1, 15, 3),
        &[],
    );
    check(
        rule,
        |draft, _| (draft.lessons, draft.minutes, draft.tier) = (0, 14, 4),
        &[
            Violation::LessonsOutOfRange {
                min: 1,
                max: 20,
                lessons: 0,
            },
            Violation::MinutesOutOfRange {
                min: 15,
                max: 600,
                minutes: 14,
            },
            Violation::TierOutOfRange {
                min: 1,
                max: 3,
                tier: 4,
            },
        ],
    );
    check(
        rule,
        |draft, _| (draft.lessons, draft.minutes, draft.tier) = (21, 601, 0),
        &[
            Violation::LessonsOutOfRange {
                min: 1,
                max: 20,
                lessons: 21,
            },
            Violation::MinutesOutOfRange {
                min: 15,
                max: 600,
                minutes: 601,
            },
            Violation::TierOutOfRange {
                min: 1,
                max: 3,
                tier: 0,
            },
        ],
    );
}

#[test]
fn day_limits() {
    let rule = "the limits a day and between days are in range";
    check(
        rule,
        |draft, _| (draft.per_day_max, draft.days_between_min) = (None, 1),
        &[],
    );
    check(rule, |draft, _| draft.per_day_max = Some(20), &[]);
    check(
        rule,
        |draft, _| (draft.per_day_max, draft.days_between_min) = (Some(0), 7),
        &[
            Violation::PerDayMaxOutOfRange {
                min: 1,
                max: 20,
                per_day_max: 0,
            },
            Violation::DaysBetweenOutOfRange {
                min: 0,
                max: 6,
                days_between_min: 7,
            },
        ],
    );
    let negative = Violation::DaysBetweenOutOfRange {
        min: 0,
        max: 6,
        days_between_min: -1,
    };
    check(rule, |draft, _| draft.days_between_min = -1, &[negative]);
}

#[test]
fn cohorts() {
    let rule = "the cohorts are the organization's own";
    let both = |draft: &mut RequestDraft, _: &mut Setting| {
        draft.cohorts = vec![CohortId::new("trained"), CohortId::new("fresh")];
        draft.equipment.clear();
    };
    check(rule, both, &[]);
    check(rule, |draft, _| draft.cohorts.clear(), &[Violation::CohortMissing]);
    for other in ["foreign", "nobody"] {
        let cohort = CohortId::new(other);
        check(
            rule,
            |draft, _| draft.cohorts = vec![CohortId::new(other)],
            &[Violation::ForeignCohort { cohort }],
        );
    }
}

#[test]
fn headcount() {
    let rule = "the head count is at least one and at most that of the cohorts";
    check(rule, |draft, _| draft.headcount = 1, &[]);
    let none = Violation::HeadcountOutOfRange {
        min: 1,
        max: 500,
        headcount: 0,
    };
    check(rule, |draft, _| draft.headcount = 0, &[none]);
    let above = Violation::HeadcountAboveCohorts {
        cohorts: 36,
        headcount: 37,
    };
    check(rule, |draft, _| draft.headcount = 37, &[above]);
}

#[test]
fn known_things() {
    let rule = "everything named exists, once";
    let name_all = |draft: &mut RequestDraft, _: &mut Setting| {
        draft.rooms = vec![RoomId::new("hall"), RoomId::new("shed")];
        draft.wanted_instructors = vec![InstructorId::new("zhang")];
    };
    check(rule, name_all, &[]);
    let unknown = |field: &str| Violation::UnknownThing {
        field: field.into(),
        id: "x".into(),
    };
    check(
        rule,
        |draft, _| draft.rooms = vec![RoomId::new("x")],
        &[unknown("rooms")],
    );
    check(
        rule,
        |draft, _| draft.features = vec![FeatureId::new("x")],
        &[unknown("features")],
    );
    check(rule, |draft, _| draft.equipment = need("x", 1), &[unknown("equipment")]);
    check(
        rule,
        |draft, _| draft.skills = BTreeMap::from([(SkillId::new("x"), 1)]),
        &[unknown("skills")],
    );
    check(
        rule,
        |draft, _| draft.wanted_instructors = vec![InstructorId::new("x")],
        &[unknown("instructors")],
    );
    let twice = |field: &str, id: &str| Violation::DuplicateThing {
        field: field.into(),
        id: id.into(),
    };
    check(
        rule,
        |draft, _| draft.cohorts = vec![CohortId::new("trained"); 2],
        &[twice("cohorts", "trained")],
    );
    check(
        rule,
        |draft, _| draft.equipment.extend(need("lathe", 1)),
        &[twice("equipment", "lathe")],
    );
}

#[test]
fn quota() {
    let rule = "the organization's weekly cap is kept";
    check(rule, |_, setting| setting.quota = Some(200), &[]);
    check(
        rule,
        |_, setting| setting.quota = Some(199),
        &[Violation::AboveQuota { quota: 199, asked: 200 }],
    );
}
