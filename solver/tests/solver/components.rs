//! A week whose parts have nothing to do with each other: each gets what it gets by itself.

use crate::week::*;
use domain::id::*;
use domain::instance::{Instance, InstructorNeed, Member, Request};
use domain::plan::Plan;
use solver::Method;

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
