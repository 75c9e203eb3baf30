//! The equipment of a lesson: how many units, where, and which of them when.

use crate::week::*;
use domain::id::EquipmentId;
use domain::instance::{EquipmentNeed, Instance, UnitsOut};
use domain::time::Span;
use domain::violation::Violation::{self, *};
use rstest::rstest;

/// Each of these requests needs so many lathes.
fn lathes(units: i64) -> impl Fn(&mut Instance) {
    move |week| {
        for request in &mut week.requests {
            request.equipment = vec![EquipmentNeed {
                id: EquipmentId::new("lathe"),
                units,
            }];
        }
    }
}

fn needs(equipment: &str) -> impl Fn(&mut Instance) {
    move |week| {
        week.request_mut("r1").equipment = vec![EquipmentNeed {
            id: EquipmentId::new(equipment),
            units: 1,
        }]
    }
}

#[rstest]
#[case::none(&[], 0)]
#[case::too_few(&[1], 1)]
#[case::too_many(&[1, 2, 3], 3)]
#[case::one_twice(&[2, 2], 1)]
#[case::a_number_too_high(&[4, 5], 1)]
#[case::a_number_too_low(&[0, -1], 0)]
fn a_lesson_holds_exactly_the_units_it_needs(#[case] units: &[i64], #[case] counted: i64) {
    check(lathes(2), &[lesson("r1/1", 480, "lab").with("lathe", &[4, 1])], &[]);
    check(
        lathes(2),
        &[lesson("r1/1", 480, "lab").with("lathe", &[4]).with("lathe", &[1])],
        &[],
    );
    let wrong = EquipmentWrong {
        at: at("r1/1"),
        equipment: EquipmentId::new("lathe"),
        units: counted,
        needed: 2,
    };
    let found = conflicts_but_capacity(lathes(2), units);
    assert_eq!(found, [wrong]);
}

/// A lesson with five units of four is short of capacity, too; that is another rule's table.
fn conflicts_but_capacity(change: impl Fn(&mut Instance), units: &[i64]) -> Vec<Violation> {
    let mut week = week();
    change(&mut week);
    let mut found = domain::timetable::conflicts(&week, &[lesson("r1/1", 480, "lab").with("lathe", units)]);
    found.retain(|violation| violation.code() != "equipment_short");
    found
}

#[test]
fn a_lesson_holds_nothing_that_was_not_asked_for() {
    check(unchanged, &[lesson("r1/1", 480, "lab").with("lathe", &[])], &[]);
    let wrong = |id| EquipmentWrong {
        at: at("r1/1"),
        equipment: EquipmentId::new(id),
        units: 1,
        needed: 0,
    };
    check(
        unchanged,
        &[lesson("r1/1", 480, "lab").with("lathe", &[1])],
        &[wrong("lathe")],
    );
    check(
        unchanged,
        &[lesson("r1/1", 480, "lab").with("ladder", &[1])],
        &[wrong("ladder")],
    );
}

#[test]
fn an_unknown_equipment_has_no_units() {
    let wrong = EquipmentWrong {
        at: at("r1/1"),
        equipment: EquipmentId::new("ladder"),
        units: 0,
        needed: 1,
    };
    check(
        needs("ladder"),
        &[lesson("r1/1", 480, "lab").with("ladder", &[1])],
        &[wrong],
    );
}

#[rstest]
#[case::movable_at_its_site("lathe", "lab", true)]
#[case::movable_at_another_site("lathe", "press", false)]
#[case::fixed_in_its_room("crane", "hall", true)]
#[case::fixed_elsewhere("crane", "lab", false)]
#[case::fixed_in_a_room_and_used_in_its_bay("crane", "bay1", false)]
fn equipment_serves_at_its_site_and_fixed_equipment_in_its_room(
    #[case] equipment: &str,
    #[case] room: &str,
    #[case] serves: bool,
) {
    let elsewhere = EquipmentElsewhereAt {
        at: at("r1/1"),
        equipment: EquipmentId::new(equipment),
    };
    let found = if serves { vec![] } else { vec![elsewhere] };
    check(
        needs(equipment),
        &[lesson("r1/1", 480, room).with(equipment, &[1])],
        &found,
    );
}

#[test]
fn equipment_fixed_in_a_bay_does_not_serve_the_whole_room() {
    let in_bay = |week: &mut Instance| {
        week.equipment_mut("crane").room = Some(domain::id::RoomId::new("bay1"));
        needs("crane")(week);
    };
    check(in_bay, &[lesson("r1/1", 480, "bay1").with("crane", &[1])], &[]);
    let elsewhere = EquipmentElsewhereAt {
        at: at("r1/1"),
        equipment: EquipmentId::new("crane"),
    };
    check(in_bay, &[lesson("r1/1", 480, "hall").with("crane", &[1])], &[elsewhere]);
}

fn short(name: &str, units: i64, units_max: i64) -> Violation {
    EquipmentShort {
        at: at(name),
        equipment: EquipmentId::new("lathe"),
        units,
        units_max,
    }
}

#[test]
fn units_in_use_are_at_most_those_not_out() {
    // r1/1 [1,2]  08:00 ├──────────┤ 10:00
    // r2/1 [3]           09:00 ├──────────┤ 11:00
    // out  1 of 4         09:30 ├──────────────┤ 12:00     3 in use of 3
    // out  1 more                10:00 ├───────┤ 12:00     1 in use of 2
    let lessons = [
        lesson("r1/1", 480, "lab").with("lathe", &[1, 2]),
        lesson("r2/1", 540, "hall").with("lathe", &[3]),
    ];
    let out = |spans: Vec<(i64, i64, i64)>| {
        move |week: &mut Instance| {
            lathes(2)(week);
            week.request_mut("r2").equipment[0].units = 1;
            let out = |(from, until, units)| UnitsOut {
                span: Span::new(from, until),
                units,
            };
            week.equipment_mut("lathe").blackouts = spans.into_iter().map(out).collect();
        }
    };
    check(out(vec![(570, 720, 1), (600, 720, 1)]), &lessons, &[]);
    // Overlapping blackouts add up: 3 in use of 2 from 09:30 to 10:00, with both lessons there.
    check(
        out(vec![(570, 720, 1), (560, 720, 1)]),
        &lessons,
        &[short("r1/1", 3, 2), short("r2/1", 3, 2)],
    );
    // More out than there are leaves none, and only the lesson at that time is named.
    check(out(vec![(620, 720, 3)]), &lessons, &[]);
    check(
        out(vec![(620, 720, 3), (630, 720, 9)]),
        &lessons,
        &[short("r2/1", 1, 0)],
    );
    // A negative number brings nothing back.
    check(
        out(vec![(480, 720, 2), (480, 720, -5)]),
        &lessons,
        &[short("r1/1", 3, 2), short("r2/1", 3, 2)],
    );
}

#[test]
fn a_unit_is_with_one_lesson_at_a_time() {
    // r1/1 [1,2]  08:00 ├──────────┤ 10:00
    // r2/1 [2,3]         09:50 ├──────────┤ 11:50, or just after at 10:00
    let r1 = || lesson("r1/1", 480, "lab").with("lathe", &[1, 2]);
    check(
        lathes(2),
        &[r1(), lesson("r2/1", 600, "hall").with("lathe", &[2, 3])],
        &[],
    );
    check(
        lathes(2),
        &[r1(), lesson("r2/1", 590, "hall").with("lathe", &[4, 3])],
        &[],
    );
    let clash = EquipmentClash {
        at: at("r1/1"),
        other: at("r2/1"),
        equipment: EquipmentId::new("lathe"),
        unit: 2,
    };
    check(
        lathes(2),
        &[r1(), lesson("r2/1", 590, "hall").with("lathe", &[2, 3])],
        &[clash],
    );
}

#[test]
fn equipment_is_free_during_the_rooms_turnaround() {
    let turnaround = |week: &mut Instance| {
        lathes(4)(week);
        week.room_mut("lab").turnaround = 60;
    };
    let all = &[1, 2, 3, 4];
    let lessons = [
        lesson("r1/1", 480, "lab").with("lathe", all),
        lesson("r2/1", 600, "hall").with("lathe", all),
    ];
    check(turnaround, &lessons, &[]);
}
