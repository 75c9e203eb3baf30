//! Every rule with a breaking and a passing case, by its sentence in `RULES`, on one small week.
//!
//! ```text
//! base   hall (cnc, 40 seats, 12 lathes; closed for inspection on Tuesday morning)
//!        lab  (lab, 20 seats) · 4 meters that move inside the base
//! plant  shed (cnc, 30 seats)
//! all open by day Monday to Friday; this Friday is a holiday, and Sunday teaches as Friday
//! zhang teaches turning 3 for all, li turning 2 for the guests only
//! ```

mod places;
mod shape;
mod windows;

use super::*;
use crate::instance::{self, Budget, Calendar, EquipmentNeed, Travel, Window};
use crate::people::{CohortKind, Qualification};
use crate::time::{DayKind, MINUTES_PER_DAY, MINUTES_PER_WEEK, PeriodTable, Span, hours_in_week};
use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

const MORNING: Span = Span::new(480, 700);
const AFTERNOON: Span = Span::new(840, 1060);

pub(crate) fn on(day: i64, span: Span) -> Span {
    span.shifted(day * MINUTES_PER_DAY)
}

fn window(span: Span) -> Window {
    Window { span, preference: 0 }
}

fn windows(spans: &[Span]) -> Vec<Window> {
    spans.iter().copied().map(window).collect()
}

pub(crate) fn setting() -> Setting {
    let week = Week::of(NaiveDate::from_ymd_opt(2026, 11, 30).unwrap());
    let special_days = vec![
        SpecialDay {
            date: week.day(4),
            name: "州庆日".into(),
            kind: DayKind::Holiday,
        },
        SpecialDay {
            date: week.day(6),
            name: "调休".into(),
            kind: DayKind::MakeUp { teaches_as: 4 },
        },
    ];
    let qualification = Qualification {
        equipment: EquipmentId::new("lathe"),
        until: week.day(30),
    };
    Setting {
        week,
        organization: OrganizationId::new("own"),
        quota: None,
        standing: Standing::good(),
        world: world(week, &special_days),
        cohorts: vec![
            cohort("trained", "own", 36, vec![qualification]),
            cohort("fresh", "own", 30, vec![]),
            cohort("foreign", "guests", 30, vec![]),
        ],
        special_days,
        qualification_needed: vec![EquipmentId::new("lathe")],
    }
}

fn world(week: Week, special_days: &[SpecialDay]) -> Instance {
    let weekly: Vec<Span> = (0..5).flat_map(|day| [on(day, MORNING), on(day, AFTERNOON)]).collect();
    let open = hours_in_week(&weekly, week, special_days);
    let room = |id: &str, site: &str, feature: &str, seats: i64, blackouts: Vec<Span>| instance::Room {
        id: RoomId::new(id),
        site: SiteId::new(site),
        part_of: None,
        features: vec![FeatureId::new(feature)],
        seats,
        open: open.clone(),
        blackouts,
        turnaround: 0,
    };
    let equipment = |id: &str, room: Option<&str>, units: i64| instance::Equipment {
        id: EquipmentId::new(id),
        site: SiteId::new("base"),
        room: room.map(RoomId::new),
        units,
        blackouts: vec![],
    };
    let instructor = |id: &str, level: i64, organizations: Option<Vec<OrganizationId>>| instance::Instructor {
        id: InstructorId::new(id),
        skills: BTreeMap::from([(SkillId::new("turning"), level)]),
        available: open.clone(),
        organizations,
        week_max: None,
        day_max: None,
    };
    let of_day = |day: i64| {
        PeriodTable::usual()
            .0
            .into_iter()
            .map(move |period| on(day, period.span).from)
    };
    Instance {
        format: instance::FORMAT.into(),
        calendar: Calendar {
            monday: week.monday().to_string(),
            zone: "Asia/Shanghai".into(),
            until: MINUTES_PER_WEEK,
            start_step: 5,
            starts: Some((0..7).flat_map(of_day).collect()),
        },
        travel: Travel {
            default: 30,
            pairs: vec![],
        },
        organizations: vec![],
        rooms: vec![
            room("hall", "base", "cnc", 40, vec![on(1, MORNING)]),
            room("lab", "base", "lab", 20, vec![]),
            room("shed", "plant", "cnc", 30, vec![]),
        ],
        equipment: vec![equipment("lathe", Some("hall"), 12), equipment("meter", None, 4)],
        instructors: vec![
            instructor("zhang", 3, None),
            instructor("li", 2, Some(vec![OrganizationId::new("guests")])),
        ],
        requests: vec![],
        budget: Budget::default(),
    }
}

fn cohort(id: &str, organization: &str, headcount: i64, qualifications: Vec<Qualification>) -> Cohort {
    Cohort {
        id: CohortId::new(id),
        organization: OrganizationId::new(organization),
        name: id.into(),
        kind: CohortKind::Students,
        headcount,
        qualifications,
    }
}

/// Two lathe lessons of two periods for 36 trainees with a teacher of the pool.
pub(crate) fn good() -> RequestDraft {
    RequestDraft {
        purpose: "数控车削编程".into(),
        lessons: 2,
        headcount: 36,
        cohorts: vec![CohortId::new("trained")],
        windows: windows(&[on(0, MORNING), on(2, AFTERNOON), on(6, MORNING)]),
        features: vec![FeatureId::new("cnc")],
        equipment: need("lathe", 12),
        instructors: 1,
        skills: BTreeMap::from([(SkillId::new("turning"), 3)]),
        ..RequestDraft::blank()
    }
}

fn need(id: &str, units: i64) -> Vec<EquipmentNeed> {
    vec![EquipmentNeed {
        id: EquipmentId::new(id),
        units,
    }]
}

/// Changes the good draft or its setting, and expects of the rule exactly these violations.
///
/// The whole table must say them too; when none is expected, the draft must pass every rule.
fn check(rule: &str, change: impl FnOnce(&mut RequestDraft, &mut Setting), expected: &[Violation]) {
    let (mut draft, mut setting) = (good(), setting());
    change(&mut draft, &mut setting);
    let (_, judge) = RULES
        .iter()
        .find(|(sentence, _)| *sentence == rule)
        .expect("a sentence of the table");
    let mut broken = Vec::new();
    judge(&draft, &setting, &mut broken);
    assert_eq!(broken, expected, "{rule}");
    let all = super::check(&draft, &setting);
    assert!(
        expected.iter().all(|violation| all.contains(violation)),
        "{rule}: {all:?}"
    );
    assert!(!expected.is_empty() || all.is_empty(), "{rule}: {all:?}");
}

#[test]
fn the_good_draft_passes_and_every_rule_has_a_breaking_and_a_passing_case() {
    assert_eq!(super::check(&good(), &setting()), []);
    let tables = [
        include_str!("tests/shape.rs"),
        include_str!("tests/places.rs"),
        include_str!("tests/windows.rs"),
    ]
    .concat();
    for (sentence, _) in RULES {
        let opening = format!("let rule = \"{sentence}\";");
        let both = |test: &str| test.contains(&opening) && test.contains("&[]") && test.contains("Violation::");
        assert!(
            tables.split("#[test]").any(both),
            "no breaking and passing case: {sentence}"
        );
    }
}

/// Numbers near the ends of the range and small ones, where mistakes live.
fn garbage() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -3..700i64,
        0..MINUTES_PER_WEEK,
        Just(i64::MIN),
        Just(i64::MAX)
    ]
}

proptest! {
    #[test]
    fn numbers_without_sense_are_refused_and_never_panic(
        numbers in vec(garbage(), 8),
        per_day_max in proptest::option::of(garbage()),
        quota in proptest::option::of(garbage()),
        heads in vec(garbage(), 3),
        spans in vec((garbage(), garbage(), garbage()), 0..6),
    ) {
        let (mut draft, mut setting) = (good(), setting());
        let [tier, lessons, minutes, headcount, days_between_min, instructors, units, level] = numbers[..] else { return Ok(()) };
        setting.quota = quota;
        setting.cohorts.iter_mut().zip(heads).for_each(|(cohort, heads)| cohort.headcount = heads);
        draft = RequestDraft { tier, lessons, minutes, headcount, days_between_min, instructors, per_day_max, ..draft };
        draft.cohorts.push(CohortId::new("fresh"));
        draft.equipment = need("lathe", units);
        draft.skills = BTreeMap::from([(SkillId::new("turning"), level)]);
        draft.windows = spans.into_iter().map(|(from, until, preference)| Window { span: Span::new(from, until), preference }).collect();
        let broken = super::check(&draft, &setting);
        // Whoever passes has sane numbers.
        prop_assert!(!broken.is_empty() || ((1..=LESSONS_MAX).contains(&lessons) && (1..=40).contains(&headcount)));
    }

    #[test]
    fn the_order_of_lists_never_makes_a_good_draft_bad(
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        heads in 1..=40i64,
        lessons in 1..=3i64,
    ) {
        let (mut draft, mut setting) = (good(), setting());
        (draft.headcount, draft.lessons) = (heads, lessons);
        setting.cohorts[1].qualifications = setting.cohorts[0].qualifications.clone();
        draft.cohorts = vec![CohortId::new("trained"), CohortId::new("fresh")];
        draft.rooms = vec![RoomId::new("hall"), RoomId::new("lab"), RoomId::new("shed")];
        draft.equipment.extend(need("meter", 4));
        draft.wanted_instructors = vec![InstructorId::new("zhang"), InstructorId::new("li")];
        draft.windows = windows(&[on(0, MORNING), on(0, AFTERNOON), on(2, MORNING), on(3, AFTERNOON), on(6, MORNING)]);
        prop_assert_eq!(super::check(&draft, &setting), []);
        permute(&mut draft.cohorts, &order);
        permute(&mut draft.rooms, &order);
        permute(&mut draft.equipment, &order);
        permute(&mut draft.wanted_instructors, &order);
        permute(&mut draft.windows, &order);
        permute(&mut setting.cohorts, &order);
        permute(&mut setting.special_days, &order);
        permute(&mut setting.world.rooms, &order);
        permute(&mut setting.world.equipment, &order);
        permute(&mut setting.world.instructors, &order);
        setting.world.rooms.iter_mut().for_each(|room| permute(&mut room.open, &order));
        prop_assert_eq!(super::check(&draft, &setting), []);
    }
}

/// Puts a list into the order of the first so many ranks.
fn permute<T: Clone>(list: &mut Vec<T>, order: &[usize]) {
    let ranks = order.iter().filter(|rank| **rank < list.len());
    let rest = list.iter().skip(order.len()).cloned();
    *list = ranks.map(|rank| list[*rank].clone()).chain(rest).collect();
}
