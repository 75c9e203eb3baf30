//! Numbers that no week has are contradictions, each by itself, and the largest ones that are allowed do no harm.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::time::Span;
use serde_json::{Value, json};
use solver::{Method, problems};
use std::collections::BTreeMap;

const YEAR: i64 = 366 * DAY;

/// A week that has every number that a file may have.
fn full() -> Instance {
    let mut instance = morning();
    instance.travel.pairs = vec![(SiteId::new("base"), SiteId::new("plant"), 30)];
    instance.organizations[0].quota = Some(600);
    instance.rooms[0].blackouts = vec![Span::new(2000, 2100)];
    instance.equipment = vec![Equipment {
        blackouts: vec![UnitsOut {
            span: Span::new(2000, 2100),
            units: 1,
        }],
        ..equipment("lathe", 3)
    }];
    instance.instructors = vec![Instructor {
        skills: BTreeMap::from([(SkillId::new("cnc"), 2)]),
        week_max: Some(600),
        day_max: Some(300),
        ..teacher("li")
    }];
    let mut asked = Request {
        lessons: 2,
        per_day_max: Some(4),
        pinned: vec![placed(EIGHT, "room", &["li"])],
        previous: vec![placed(EIGHT + HOUR, "room", &["li"])],
        equipment: vec![EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units: 1,
        }],
        ..request("r1", "a")
    };
    asked.rooms.preference = BTreeMap::from([(RoomId::new("room"), 1)]);
    asked.instructors = InstructorNeed {
        count: 1,
        skills: BTreeMap::from([(SkillId::new("cnc"), 1)]),
        any_of: None,
        preference: BTreeMap::from([(InstructorId::new("li"), 1)]),
    };
    instance.requests = vec![asked, request("r2", "b")];
    instance.budget.nodes = Some(100);
    instance
}

/// JSON pointers of all numbers.
fn numbers(at: &Value, path: &str, found: &mut Vec<String>) {
    match at {
        Value::Number(_) => found.push(path.to_owned()),
        Value::Array(list) => (0..list.len()).for_each(|n| numbers(&list[n], &format!("{path}/{n}"), found)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| numbers(value, &format!("{path}/{name}"), found)),
        _ => {}
    }
}

#[test]
fn no_number_may_be_beyond_all_weeks() {
    assert_eq!(problems(&full()), []);
    let file = serde_json::to_value(full()).unwrap();
    let mut pointers = Vec::new();
    numbers(&file, "", &mut pointers);
    assert!(50 < pointers.len(), "{}", pointers.len());
    // Any seed is one; more threads or nodes than there are do no harm.
    let free = ["/budget/seed", "/budget/threads", "/budget/nodes"];
    for pointer in pointers {
        for (number, allowed) in [
            (json!(i64::MAX), free.contains(&pointer.as_str())),
            (json!(i64::MIN), false),
        ] {
            let mut file = file.clone();
            *file.pointer_mut(&pointer).unwrap() = number.clone();
            let found = problems(&serde_json::from_value(file).unwrap());
            let here = found
                .iter()
                .filter(|problem| pointer.starts_with(&problem.path))
                .count();
            assert_eq!(here == 0, allowed, "{pointer} {number}: {found:?}");
        }
    }
}

#[test]
fn a_number_that_is_too_large_is_listed_with_the_most_that_it_may_be() {
    let mut instance = full();
    instance.requests[0].lessons = 1_000_000_000;
    instance.calendar.until = 1_000_000_000_000;
    instance.organizations[0].weight = 1e-7;
    instance.budget.nodes = Some(-1);
    let found: Vec<String> = problems(&instance).iter().map(ToString::to_string).collect();
    let expected = [
        "/budget/nodes: negative value=-1",
        "/calendar/until: too_large most=527040 value=1000000000000",
        "/organizations/0/weight: too_small least=0.000001 value=0.0000001",
        "/requests/0/lessons: too_large most=10000 value=1000000000",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_largest_numbers_that_are_allowed_are_solved() {
    let mut instance = morning();
    instance.calendar.until = YEAR;
    instance.travel.default = YEAR;
    instance.organizations[0].weight = 1e-6;
    instance.organizations[1].weight = 1e6;
    for member in &mut instance.organizations {
        (member.history, member.quota) = (1_000_000_000, Some(1_000_000_000));
    }
    instance.rooms[0].turnaround = YEAR;
    instance.rooms[0].seats = 1_000_000;
    instance.equipment = vec![equipment("lathe", 1_000_000)];
    instance.requests = ["a", "b"]
        .map(|id| Request {
            lessons: 10_000,
            headcount: 1_000_000,
            days_between_min: 1_000_000,
            previous: vec![placed(YEAR, "room", &[]), placed(-YEAR, "room", &[])],
            ..request(&format!("r-{id}"), id)
        })
        .to_vec();
    instance.requests[0].windows[0].preference = -1_000_000;
    instance.requests[0].rooms.preference = BTreeMap::from([(RoomId::new("room"), -1_000_000)]);
    for method in [Method::Greedy, Method::Optimal] {
        let plan = solved_with(&instance, &options(600.0, method)).unwrap();
        assert_eq!(plan.assignments.len(), 1, "a year passes until the room is free again");
    }
}
