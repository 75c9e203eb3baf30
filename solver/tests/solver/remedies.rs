//! What would have fitted: each change in a tiny week that offers it, and in whole weeks every change tried.

use crate::tried::stands;
use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::{Plan, Remedy, Spot};
use domain::time::Span;
use rstest::rstest;
use solver::{Method, Size, generate};

fn offered(plan: &Plan, id: &str) -> Vec<Remedy> {
    let of = plan
        .unplaced
        .iter()
        .find(|missing| missing.request == RequestId::new(id));
    of.expect("something of it is missing").would_fit.clone()
}

fn spot(start: i64, room: &str) -> Spot {
    Spot {
        start,
        room: RoomId::new(room),
    }
}

/// The request and its week, in which nothing but the morning of Monday is open.
fn alone(asked: Request) -> Instance {
    let mut instance = morning();
    instance.requests = vec![asked];
    instance
}

/// Ten seats at eight, thirty-two at nine, for thirty-six people.
#[test]
fn a_smaller_group_loses_as_few_as_can_be() {
    let mut instance = alone(Request {
        headcount: 36,
        ..request("r1", "a")
    });
    instance.rooms = vec![
        Room {
            seats: 10,
            open: vec![hours(1)],
            ..room("small")
        },
        Room {
            seats: 32,
            open: vec![hours(1).shifted(HOUR)],
            ..room("middle")
        },
    ];
    assert_eq!(
        offered(&solved(&instance), "r1"),
        [Remedy::SmallerGroup {
            headcount: 32,
            start: EIGHT + HOUR,
            room: RoomId::new("middle"),
        }]
    );
    instance.rooms[1].open = vec![hours(2).shifted(HOUR)];
    let two = Remedy::TwoGroups {
        headcount: 18,
        places: vec![spot(EIGHT + HOUR, "middle"), spot(EIGHT + 2 * HOUR, "middle")],
    };
    assert!(offered(&solved(&instance), "r1").contains(&two));
}

#[test]
fn another_room_is_offered() {
    let mut instance = alone(request("r1", "a"));
    instance.rooms.push(Room {
        seats: 20,
        ..room("asked")
    });
    instance.requests[0].rooms.any_of = Some(vec![RoomId::new("asked")]);
    let other = Remedy::OtherRoom {
        start: EIGHT,
        room: RoomId::new("room"),
    };
    assert_eq!(offered(&solved(&instance), "r1")[0], other);
}

/// An hour and a half is left of the morning, by steps of half an hour.
#[test]
fn a_shorter_lesson_is_as_long_as_can_be() {
    let mut instance = alone(Request {
        minutes: 150,
        ..request("r1", "a")
    });
    instance.calendar.start_step = 30;
    instance.rooms[0].open = vec![Span::new(EIGHT, EIGHT + 90)];
    let shorter = |minutes| Remedy::Shorter {
        minutes,
        start: EIGHT,
        room: RoomId::new("room"),
    };
    assert_eq!(offered(&solved(&instance), "r1"), [shorter(90)]);
    // By a period table, only lengths that others ask for.
    instance.calendar.starts = Some(vec![EIGHT, EIGHT + 45]);
    instance.requests.push(Request {
        minutes: 45,
        ..request("r2", "b")
    });
    instance.requests[1].windows[0].span = hours(4).shifted(DAY);
    assert_eq!(offered(&solved(&instance), "r1"), [shorter(45)]);
}

#[test]
fn two_shorter_lessons_are_offered_in_place_of_one() {
    let mut instance = alone(Request {
        minutes: 120,
        ..request("r1", "a")
    });
    instance.rooms[0].open = vec![hours(1), hours(1).shifted(2 * HOUR)];
    let two = Remedy::TwoLessons {
        minutes: 60,
        places: vec![spot(EIGHT, "room"), spot(EIGHT + 2 * HOUR, "room")],
    };
    assert!(offered(&solved(&instance), "r1").contains(&two));
    instance.rooms[0].open.pop();
    let offers = offered(&solved(&instance), "r1");
    assert!(
        !offers.iter().any(|offer| matches!(offer, Remedy::TwoLessons { .. })),
        "{offers:?}"
    );
}

/// One unit works at eight, three at nine, of five.
#[test]
fn of_too_few_units_the_most_are_offered() {
    let lathe = EquipmentId::new("lathe");
    let mut instance = alone(Request {
        equipment: vec![EquipmentNeed {
            id: lathe.clone(),
            units: 5,
        }],
        ..request("r1", "a")
    });
    instance.equipment = vec![equipment("lathe", 3)];
    instance.equipment[0].blackouts = vec![UnitsOut {
        span: hours(1),
        units: 2,
    }];
    let fewer = Remedy::FewerUnits {
        equipment: lathe,
        units: 3,
        start: EIGHT + HOUR,
        room: RoomId::new("room"),
    };
    assert_eq!(offered(&solved(&instance), "r1"), [fewer]);
}

/// The teacher has an hour; one lesson stays as it is, and the other is offered without anybody.
#[rstest]
#[case(1, EIGHT)]
#[case(2, EIGHT + HOUR)]
fn without_an_instructor_only_what_is_missing_changes(#[case] lessons: i64, #[case] start: i64) {
    let mut instance = alone(Request {
        lessons,
        ..request("r1", "a")
    });
    instance.instructors = vec![teacher("li")];
    instance.instructors[0].available = match lessons {
        1 => vec![],
        _ => vec![hours(1)],
    };
    instance.requests[0].instructors.count = 1;
    let plan = solved(&instance);
    assert_eq!(plan.assignments.len() as i64, lessons - 1);
    let without = Remedy::WithoutInstructor {
        start,
        room: RoomId::new("room"),
    };
    assert!(offered(&plan, "r1").contains(&without), "{:?}", plan.unplaced);
}

#[test]
fn of_all_or_nothing_those_that_fit_are_offered() {
    let mut instance = morning();
    instance.requests = vec![
        Request {
            lessons: 3,
            all_or_nothing: true,
            tier: 2,
            ..request("r1", "a")
        },
        Request {
            lessons: 2,
            ..request("r2", "b")
        },
    ];
    let plan = solved(&instance);
    let free: Vec<i64> = (0..4).map(|n| EIGHT + n * HOUR).collect();
    let held: Vec<i64> = plan.assignments.iter().map(|a| a.start).collect();
    let free = free.into_iter().filter(|start| !held.contains(start));
    let fewer = Remedy::FewerLessons {
        lessons: 2,
        places: free.map(|start| spot(start, "room")).collect(),
    };
    assert_eq!(offered(&plan, "r1")[0], fewer);
}

/// Everything that is offered for every refusal of a week, done as it is told, goes before the referee.
#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
fn every_change_that_is_offered_stands_when_it_is_made(#[case] seed: u64) {
    let mut week = generate(Size::Small, seed);
    // Some of the refusals are of kinds that a generated week hardly has.
    for (n, request) in week
        .requests
        .iter_mut()
        .enumerate()
        .filter(|(_, r)| r.pinned.is_empty())
    {
        match n % 5 {
            0 => request.lessons += 2,
            1 => (request.all_or_nothing, request.lessons) = (true, request.lessons + 1),
            2 => request.headcount += 25,
            3 => request.equipment.iter_mut().for_each(|need| need.units *= 3),
            _ => {}
        }
    }
    let plan = solved_with(&week, &options(0.0, Method::Greedy)).expect("a plan");
    let mut tried = 0;
    for missing in &plan.unplaced {
        for remedy in &missing.would_fit {
            assert!(
                stands(&week, &plan, &missing.request, remedy),
                "{} {remedy:?}",
                missing.request
            );
            tried += 1;
        }
    }
    assert!(20 < tried, "{tried} of {}", plan.unplaced.len());
}
