//! The room of a lesson: what it offers, when it is open, who else holds it.

use crate::week::*;
use domain::id::{FeatureId, RoomId};
use domain::instance::Instance;
use domain::time::Span;
use domain::violation::Violation::{self, *};
use rstest::rstest;

fn lab() -> RoomId {
    RoomId::new("lab")
}

#[test]
fn a_lesson_is_in_a_room_of_the_pool() {
    check(unchanged, &[lesson("r1/1", 480, "lab")], &[]);
    check(
        unchanged,
        &[lesson("r1/1", 480, "attic")],
        &[UnknownRoom {
            at: at("r1/1"),
            room: RoomId::new("attic"),
        }],
    );
}

#[test]
fn a_lesson_lies_inside_one_open_span_of_its_room() {
    // open  08:00 ├─────────┤ 11:00 ├─────────┤ 14:00, handed over at 11:00
    let halves = |week: &mut Instance| {
        week.room_mut("lab").open = vec![Span::new(660, 840), Span::new(480, 660), Span::new(500, 520)]
    };
    let closed = |from| RoomClosed {
        at: at("r1/1"),
        room: lab(),
        span: Span::new(from, from + 120),
    };
    for good in [480, 540, 660, 720] {
        check(halves, &[lesson("r1/1", good, "lab")], &[]);
    }
    for bad in [470, 550, 650, 730, 900] {
        check(halves, &[lesson("r1/1", bad, "lab")], &[closed(bad)]);
    }
    check(
        |week| week.room_mut("lab").open.clear(),
        &[lesson("r1/1", 480, "lab")],
        &[closed(480)],
    );
}

#[test]
fn a_lesson_is_clear_of_its_rooms_blackouts_and_names_each_that_it_meets() {
    // out  08:00 ├────┤ 09:00      10:00 ├┤ 10:10
    let [morning, tea] = [Span::new(480, 540), Span::new(600, 610)];
    let out = |week: &mut Instance| week.room_mut("lab").blackouts = vec![tea, morning];
    let met = |blackout| RoomBlackout {
        at: at("r1/1"),
        room: lab(),
        blackout,
    };
    check(
        out,
        &[
            lesson("r1/1", 360, "lab"),
            lesson("r2/1", 610, "lab"),
            lesson("r3/1", 480, "hall"),
        ],
        &[],
    );
    check(out, &[lesson("r1/1", 370, "lab")], &[met(morning)]);
    check(out, &[lesson("r1/1", 530, "lab")], &[met(morning), met(tea)]);
}

#[test]
fn a_lesson_is_in_one_of_the_rooms_asked_for() {
    let bays = |week: &mut Instance| {
        week.request_mut("r1").rooms.any_of = Some(vec![RoomId::new("bay2"), RoomId::new("bay1")])
    };
    check(bays, &[lesson("r1/1", 480, "bay1"), lesson("r2/1", 480, "lab")], &[]);
    check(
        bays,
        &[lesson("r1/1", 480, "lab")],
        &[RoomNotAsked {
            at: at("r1/1"),
            room: lab(),
        }],
    );
}

#[test]
fn a_room_has_every_feature_that_is_needed() {
    let features = |names: &[&str]| names.iter().copied().map(FeatureId::new).collect::<Vec<_>>();
    let needs = |offered: &'static [&'static str]| {
        move |week: &mut Instance| {
            week.request_mut("r1").rooms.features = features(&["cnc", "air"]);
            week.room_mut("lab").features = features(offered);
        }
    };
    check(needs(&["water", "air", "cnc"]), &[lesson("r1/1", 480, "lab")], &[]);
    let missing = |name| FeatureMissing {
        at: at("r1/1"),
        room: lab(),
        feature: FeatureId::new(name),
    };
    check(needs(&["air"]), &[lesson("r1/1", 480, "lab")], &[missing("cnc")]);
    check(
        needs(&[]),
        &[lesson("r1/1", 480, "lab")],
        &[missing("air"), missing("cnc")],
    );
}

#[test]
fn a_room_has_a_seat_for_each_head() {
    let heads = |headcount| move |week: &mut Instance| week.request_mut("r1").headcount = headcount;
    check(heads(40), &[lesson("r1/1", 480, "lab")], &[]);
    let short = SeatsShort {
        at: at("r1/1"),
        room: lab(),
        seats: 40,
        headcount: 41,
    };
    check(heads(41), &[lesson("r1/1", 480, "lab")], &[short]);
}

fn clash(earlier: &str, later: &str, room: &str) -> Violation {
    RoomClash {
        at: at(earlier),
        other: at(later),
        room: RoomId::new(room),
    }
}

#[rstest]
#[case::the_same_room("lab", "lab", Some("lab"))]
#[case::a_room_then_its_bay("hall", "bay1", Some("hall"))]
#[case::a_bay_then_its_room("bay1", "hall", Some("hall"))]
#[case::a_room_and_a_bay_of_its_bay("corner", "hall", Some("hall"))]
#[case::a_bay_and_its_own_bay("bay2", "corner", Some("bay2"))]
#[case::two_bays_of_one_room("bay1", "bay2", None)]
#[case::bays_at_different_depths("bay1", "corner", None)]
#[case::two_rooms("lab", "hall", None)]
fn a_room_excludes_itself_its_bays_and_the_room_that_it_is_a_bay_of(
    #[case] first: &str,
    #[case] second: &str,
    #[case] clashes_in: Option<&str>,
) {
    // first   08:00 ├──────────┤ 10:00
    // second        09:50 ├──────────┤ 11:50, or just after at 10:00
    let found: Vec<Violation> = clashes_in.map(|room| clash("r1/1", "r2/1", room)).into_iter().collect();
    check(
        unchanged,
        &[lesson("r1/1", 480, first), lesson("r2/1", 590, second)],
        &found,
    );
    check(
        unchanged,
        &[lesson("r1/1", 480, first), lesson("r2/1", 600, second)],
        &[],
    );
}

#[rstest]
#[case::the_same_room("lab", "lab", "lab", "lab")]
#[case::the_rooms_own_when_its_bay_follows("hall", "bay1", "hall", "hall")]
#[case::the_bays_own_when_its_room_follows("bay1", "hall", "bay1", "hall")]
fn a_room_stays_empty_for_the_turnaround_of_the_earlier_lessons_room(
    #[case] first: &str,
    #[case] second: &str,
    #[case] turns: &str,
    #[case] contested: &str,
) {
    // first   08:00 ├──────────┤ 10:00 ░░░░ 10:30
    // second                     10:20 ├──────
    let turnaround = |week: &mut Instance| week.room_mut(turns).turnaround = 30;
    let found = [clash("r1/1", "r2/1", contested)];
    check(
        turnaround,
        &[lesson("r1/1", 480, first), lesson("r2/1", 620, second)],
        &found,
    );
    check(
        turnaround,
        &[lesson("r1/1", 480, first), lesson("r2/1", 630, second)],
        &[],
    );
    // The turnaround of the later lesson's room asks for nothing before it.
    if first != second {
        check(
            |week| week.room_mut(second).turnaround = 30,
            &[lesson("r1/1", 480, first), lesson("r2/1", 600, second)],
            &[],
        );
    }
}

#[test]
fn a_turnaround_may_run_past_closing_and_into_a_blackout() {
    let evening = |week: &mut Instance| {
        let lab = week.room_mut("lab");
        (lab.turnaround, lab.open, lab.blackouts) = (60, vec![Span::new(480, 600)], vec![Span::new(600, 700)]);
    };
    check(evening, &[lesson("r1/1", 480, "lab")], &[]);
}

#[test]
fn every_lesson_of_a_clash_is_named() {
    // bay1    08:00 ├──────────┤ 10:00
    // corner    08:30 ├──────────┤ 10:30
    // hall                09:30 ├──────────┤ 11:30
    // lab     08:00 ├──────────────────────┤ 12:00     a long lesson meets two short ones
    // lab       08:10 ├────┤ 10:10 ├────┤
    let bays = [
        lesson("r1/1", 480, "bay1"),
        lesson("r2/1", 510, "corner"),
        lesson("r3/1", 570, "hall"),
    ];
    check(
        unchanged,
        &bays,
        &[clash("r1/1", "r3/1", "hall"), clash("r2/1", "r3/1", "hall")],
    );
    let long = |week: &mut Instance| week.request_mut("r1").minutes = 240;
    let lab = [
        lesson("r1/1", 480, "lab"),
        lesson("r2/1", 490, "lab"),
        lesson("r2/2", 610, "lab"),
    ];
    check(
        long,
        &lab,
        &[clash("r1/1", "r2/1", "lab"), clash("r1/1", "r2/2", "lab")],
    );
}

#[test]
fn a_circle_of_bays_ends() {
    let circle = |week: &mut Instance| week.room_mut("hall").part_of = Some(RoomId::new("corner"));
    check(circle, &[lesson("r1/1", 480, "corner")], &[]);
}
