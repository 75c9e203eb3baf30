//! What the pool offers: rooms, equipment, qualifications, instructors.

use super::*;

#[test]
fn rooms() {
    let rule = "some room has the features and the seats";
    check(rule, |draft, _| draft.rooms = vec![RoomId::new("hall")], &[]);
    let both = vec![FeatureId::new("cnc"), FeatureId::new("lab")];
    let nowhere = Violation::NoRoomHasFeatures { features: both.clone() };
    check(rule, |draft, _| draft.features = both, &[nowhere]);
    let full = Violation::NoRoomHasSeats {
        seats_max: 30,
        headcount: 36,
    };
    check(rule, |draft, _| draft.rooms = vec![RoomId::new("shed")], &[full]);
    // The hall has the seats and the lab has the meters: no one room has both.
    let small = Violation::NoRoomHasSeats {
        seats_max: 20,
        headcount: 36,
    };
    let in_lab = |draft: &mut RequestDraft, setting: &mut Setting| {
        meters_in_lab(setting);
        draft.features.clear();
        draft.equipment = need("meter", 4);
    };
    check(rule, in_lab, &[small]);
}

fn meters_in_lab(setting: &mut Setting) {
    let meters = setting
        .world
        .equipment
        .iter_mut()
        .filter(|kind| kind.id.as_str() == "meter");
    meters.for_each(|kind| kind.room = Some(RoomId::new("lab")));
}

#[test]
fn equipment() {
    let rule = "equipment is there in that number where a suitable room is";
    let two_kinds = |draft: &mut RequestDraft, _: &mut Setting| draft.equipment.extend(need("meter", 4));
    check(rule, two_kinds, &[]);
    for units in [0, 13] {
        let equipment = EquipmentId::new("lathe");
        let out = Violation::EquipmentUnitsOutOfRange {
            equipment,
            units,
            units_max: 12,
        };
        check(rule, |draft, _| draft.equipment = need("lathe", units), &[out]);
    }
    // Fixed in the hall, and moving inside the base only: neither goes to the shed.
    for id in ["lathe", "meter"] {
        let elsewhere = Violation::EquipmentElsewhere {
            equipment: EquipmentId::new(id),
        };
        let in_shed = |draft: &mut RequestDraft, _: &mut Setting| {
            draft.equipment = need(id, 1);
            draft.rooms = vec![RoomId::new("shed")];
        };
        check(rule, in_shed, &[elsewhere]);
    }
    // Lathes in the hall and meters in the lab cannot be had together.
    let apart = Violation::EquipmentElsewhere {
        equipment: EquipmentId::new("meter"),
    };
    let both = |draft: &mut RequestDraft, setting: &mut Setting| {
        meters_in_lab(setting);
        draft.features.clear();
        draft.equipment = [need("lathe", 1), need("meter", 1)].concat();
    };
    check(rule, both, &[apart]);
}

#[test]
fn qualifications() {
    let rule = "cohorts are qualified for the equipment on the days asked";
    let unguarded = |draft: &mut RequestDraft, _: &mut Setting| {
        draft.cohorts = vec![CohortId::new("fresh")];
        draft.headcount = 30;
        draft.equipment = need("meter", 4);
    };
    check(rule, unguarded, &[]);
    let (fresh, lathe) = (CohortId::new("fresh"), EquipmentId::new("lathe"));
    let missing = Violation::QualificationMissing {
        cohort: fresh.clone(),
        equipment: lathe,
    };
    check(rule, |draft, _| draft.cohorts = vec![fresh], &[missing]);
}

#[test]
fn a_qualification_that_ends_within_the_week_serves_the_days_before() {
    let rule = "cohorts are qualified for the equipment on the days asked";
    let ends = |setting: &mut Setting, day: i64| setting.cohorts[0].qualifications[0].until = setting.week.day(day);
    let expires = |day: i64| {
        let (cohort, equipment) = (CohortId::new("trained"), EquipmentId::new("lathe"));
        Violation::QualificationExpires { cohort, equipment, day }
    };
    // Asked for Monday, Wednesday and Sunday; the day named is the first one that is not covered.
    check(rule, |_, setting| ends(setting, 7), &[]);
    check(rule, |_, setting| ends(setting, 6), &[expires(6)]);
    check(rule, |_, setting| ends(setting, 2), &[expires(2)]);
    check(rule, |_, setting| ends(setting, 0), &[expires(0)]);
    // A window over several days asks for each of them.
    let over_days = |draft: &mut RequestDraft, setting: &mut Setting| {
        draft.windows = windows(&[Span::new(0, 3 * MINUTES_PER_DAY)]);
        ends(setting, 2);
    };
    check(rule, over_days, &[expires(2)]);
    // The latest of several assessments counts.
    let renewed = |_: &mut RequestDraft, setting: &mut Setting| {
        let held = &mut setting.cohorts[0].qualifications;
        held.insert(
            0,
            Qualification {
                equipment: EquipmentId::new("lathe"),
                until: setting.week.monday(),
            },
        );
    };
    check(rule, renewed, &[]);
}

#[test]
fn instructors() {
    let rule = "enough instructors of the pool teach it for this organization";
    check(
        rule,
        |draft, _| draft.wanted_instructors = vec![InstructorId::new("zhang")],
        &[],
    );
    check(rule, |draft, _| draft.instructors = 0, &[]);
    for count in [-1, 5] {
        let out = Violation::InstructorCountOutOfRange { min: 0, max: 4, count };
        check(rule, |draft, _| draft.instructors = count, &[out]);
    }
    let level =
        |draft: &mut RequestDraft, level: i64| draft.skills = BTreeMap::from([(SkillId::new("turning"), level)]);
    let nobody = |needed: i64, found: i64| Violation::NoInstructorTeaches { needed, found };
    check(rule, |draft, _| level(draft, 4), &[nobody(1, 0)]);
    let out = Violation::SkillLevelOutOfRange {
        skill: SkillId::new("turning"),
        min: 1,
        max: 5,
        level: 6,
    };
    check(rule, |draft, _| level(draft, 6), &[out, nobody(1, 0)]);
    // Li teaches well enough, but for the guests only.
    let two = |draft: &mut RequestDraft, _: &mut Setting| {
        level(draft, 2);
        draft.instructors = 2;
    };
    check(rule, two, &[nobody(2, 1)]);
    check(
        rule,
        |draft, _| draft.wanted_instructors = vec![InstructorId::new("li")],
        &[nobody(1, 0)],
    );
}
