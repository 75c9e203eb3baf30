//! A week whose parts have nothing to do with each other: each gets what it gets by itself.

use crate::week::*;
use domain::id::*;
use domain::instance::{Instance, InstructorNeed, Member, Request};
use domain::plan::Plan;
use solver::{Method, Options, check, solve};
use std::cell::Cell;

/// Two members who want more than a room and its teacher have, under names of their own.
fn base(name: &str, opened: i64, weight: f64) -> Instance {
    let mut instance = morning();
    let named = |what: &str| format!("{name}-{what}");
    instance.organizations = vec![
        Member {
            weight,
            ..member(&named("a"))
        },
        member(&named("b")),
    ];
    instance.rooms = vec![room(&named("room"))];
    instance.rooms[0].open = vec![hours(opened)];
    instance.rooms[0].features = vec![FeatureId::new(named("trade"))];
    instance.instructors = vec![teacher(&named("li"))];
    instance.requests = ["a", "b"]
        .map(|member| Request {
            lessons: 5,
            rooms: domain::instance::RoomNeed {
                features: vec![FeatureId::new(named("trade"))],
                ..Default::default()
            },
            instructors: InstructorNeed {
                count: 1,
                any_of: Some(vec![InstructorId::new(named("li"))]),
                ..InstructorNeed::default()
            },
            ..request(&named(&format!("of-{member}")), &named(member))
        })
        .to_vec();
    instance
}

fn beside(mut one: Instance, other: Instance) -> Instance {
    one.organizations.extend(other.organizations);
    one.rooms.extend(other.rooms);
    one.instructors.extend(other.instructors);
    one.requests.extend(other.requests);
    one
}

fn both() -> Instance {
    beside(base("north", 4, 1.0), base("south", 3, 2.0))
}

/// Id, granted and claim of each member.
fn shares(plan: &Plan) -> Vec<(String, i64, f64)> {
    let of = |member: &domain::plan::Granted| {
        let claim = member.claim.expect("shares were computed").round();
        (member.id.to_string(), member.granted, claim)
    };
    plan.organizations.iter().map(of).collect()
}

#[test]
fn each_gets_what_it_gets_by_itself() {
    let (north, south, plan) = (
        solved(&base("north", 4, 1.0)),
        solved(&base("south", 3, 2.0)),
        solved(&both()),
    );
    assert_eq!(shares(&plan), [shares(&north), shares(&south)].concat());
    assert_eq!(timetable(&plan), [timetable(&north), timetable(&south)].concat());
    assert_eq!(plan.certificate, [north.certificate, south.certificate].concat());
    let granted = |plan: &Plan| plan.stages.iter().find(|stage| stage.name == "granted").unwrap().value;
    assert_eq!(granted(&plan), (4 + 3) as f64 * 60.0);
}

#[test]
fn a_member_who_asks_in_both_is_shared_between_them() {
    let mut instance = both();
    // North's a asks in the south, too: there is one week, and the hours of both count for it.
    instance.requests[2].organization = OrganizationId::new("north-a");
    let plan = solved(&instance);
    let claims: Vec<f64> = shares(&plan).into_iter().map(|(_, _, claim)| claim).collect();
    assert_eq!(claims, [140.0, 140.0, 0.0, 140.0]);
}

#[test]
fn a_lost_hour_in_one_moves_nothing_in_the_other() {
    let plan = solved(&both());
    let mut lost = remembered(both(), &plan);
    lost.rooms[0].open = vec![hours(3)];
    let repaired = solved_with(&lost, &options(600.0, Method::Optimal)).expect("the week is sound");
    let south = |plan: &Plan| -> Vec<String> {
        let lines = timetable(plan).into_iter();
        lines.filter(|line| line.starts_with("south")).collect()
    };
    assert_eq!(south(&repaired), south(&plan));
    assert_eq!(repaired.assignments.len(), plan.assignments.len() - 1);
}

/// One that is most of the week, and two that are solved side by side.
fn three() -> Instance {
    let mut large = base("large", 9, 1.0);
    for n in 0..8 {
        let mut more = large.requests[n % 2].clone();
        more.id = RequestId::new(format!("large-more-{n}"));
        more.lessons = 1;
        large.requests.push(more);
    }
    beside(large, both())
}

#[test]
fn large_and_small_ones_get_what_they_get_by_themselves() {
    let plan = solved(&three());
    let kept = |prefix: &str| -> Vec<(String, i64, f64)> {
        let of = shares(&plan).into_iter();
        of.filter(|(id, _, _)| id.starts_with(prefix)).collect()
    };
    assert_eq!(kept("north"), shares(&solved(&base("north", 4, 1.0))));
    assert_eq!(kept("south"), shares(&solved(&base("south", 3, 2.0))));
    let large = kept("large");
    assert_eq!(large.iter().map(|(_, granted, _)| granted).sum::<i64>(), 9 * 60);
    assert_eq!(
        large.iter().map(|(_, _, claim)| *claim as i64).collect::<Vec<_>>(),
        [270, 270]
    );
}

#[test]
fn the_same_budget_of_nodes_gives_the_same_bytes_side_by_side() {
    let options = Options {
        nodes: Some(500),
        threads: 2,
        ..options(600.0, Method::Optimal)
    };
    let bytes = || serde_json::to_string(&solved_with(&three(), &options).expect("the week is sound")).unwrap();
    assert_eq!(bytes(), bytes());
}

/// The clock stands still, so nothing but the order ends it; what is told before it comes from all components.
#[test]
fn whoever_is_told_to_stop_side_by_side_keeps_a_sound_plan() {
    let instance = both();
    let options = Options {
        threads: 2,
        ..options(1e6, Method::Optimal)
    };
    let told = Cell::new(0);
    let mut hear = |_: solver::Progress| told.set(told.get() + 1);
    let plan = solve(&instance, &options, &mut hear, &|| 0.0, &|| 2 < told.get()).expect("the week is sound");
    assert!(2 < told.get());
    assert!(check(&instance, &plan).is_clean());
}
