//! Why no share is higher: what is named is used up, and with less of it the level falls by what was said.

use crate::week::*;
use domain::certificate::{Limit, Stop};
use domain::id::*;
use domain::instance::{EquipmentNeed, Instance, InstructorNeed, Member, Request};
use domain::plan::{Granted, Plan};
use domain::time::{Span, without};
use rstest::rstest;
use solver::{Method, Options, Size, generate};
use std::collections::BTreeSet;

/// Two members who want five hours each of a morning of four.
fn wanted() -> Instance {
    let mut instance = morning();
    instance.requests = ["a", "b"]
        .map(|member| Request {
            lessons: 5,
            ..request(&format!("of-{member}"), member)
        })
        .to_vec();
    instance
}

fn members(stop: &Stop) -> Vec<&str> {
    stop.members
        .iter()
        .map(|stopped| stopped.organization.as_str())
        .collect()
}

/// What is named, without its price.
fn named(stop: &Stop) -> Vec<Limit> {
    stop.by.iter().map(|bottleneck| bottleneck.what.clone()).collect()
}

fn levels(stops: &[Stop]) -> Vec<i64> {
    stops.iter().map(|stop| stop.level.round() as i64).collect()
}

fn only(instance: &Instance) -> Stop {
    let plan = solved(instance);
    assert_eq!(plan.certificate.len(), 1, "{:?}", plan.certificate);
    plan.certificate[0].clone()
}

#[test]
fn a_full_room_stops_both_and_one_hour_of_it_is_worth_half_an_hour_to_each() {
    let stop = only(&wanted());
    assert_eq!((stop.tier, stop.level), (1, 120.0));
    assert_eq!(members(&stop), ["a", "b"]);
    assert!(stop.members.iter().all(|stopped| (stopped.part - 0.5).abs() < 1e-6));
    let rooms = vec![RoomId::new("room")];
    let spans = vec![hours(4)];
    assert_eq!(named(&stop), [Limit::Rooms { rooms, spans }]);
    // A second room for the morning would be four hours more, two for each.
    assert!((stop.by[0].price - 120.0).abs() < 1e-6, "{:?}", stop.by);
}

#[test]
fn people_machines_groups_and_their_own_limits_are_named() {
    let mut instance = wanted();
    instance.rooms.push(room("second"));
    instance.rooms.push(room("third"));
    instance.instructors = vec![teacher("li")];
    let taught = InstructorNeed {
        count: 1,
        ..InstructorNeed::default()
    };
    instance
        .requests
        .iter_mut()
        .for_each(|one| one.instructors = taught.clone());
    let (spans, instructor) = (vec![hours(4)], InstructorId::new("li"));
    let instructors = vec![instructor.clone()];
    assert_eq!(named(&only(&instance)), [Limit::Instructors { instructors, spans }]);

    instance.instructors[0].week_max = Some(120);
    let week = Span::new(0, 7 * DAY);
    assert_eq!(
        named(&only(&instance)),
        [Limit::InstructorHours {
            instructor: instructor.clone(),
            spans: vec![week]
        }]
    );
    instance.instructors[0].week_max = None;
    instance.instructors[0].day_max = Some(120);
    let spans = vec![Span::new(0, DAY)];
    assert_eq!(named(&only(&instance)), [Limit::InstructorHours { instructor, spans }]);

    let mut instance = wanted();
    instance.rooms.push(room("second"));
    instance.equipment = vec![equipment("lathe", 1)];
    let lathe = EquipmentNeed {
        id: EquipmentId::new("lathe"),
        units: 1,
    };
    instance
        .requests
        .iter_mut()
        .for_each(|one| one.equipment = vec![lathe.clone()]);
    let (equipment, spans) = (EquipmentId::new("lathe"), vec![hours(4)]);
    assert_eq!(named(&only(&instance)), [Limit::Equipment { equipment, spans }]);

    let mut instance = wanted();
    instance.rooms.push(room("second"));
    let both = vec![CohortId::new("class-1")];
    instance.requests.iter_mut().for_each(|one| one.cohorts = both.clone());
    let (cohort, spans) = (CohortId::new("class-1"), vec![hours(4)]);
    assert_eq!(named(&only(&instance)), [Limit::Cohort { cohort, spans }]);
}

#[test]
fn whoever_has_all_it_asked_or_its_cap_stops_by_itself_and_the_other_rises_on() {
    let mut instance = wanted();
    instance.requests[0].lessons = 1;
    let stops = solved(&instance).certificate;
    assert_eq!(levels(&stops), [60, 180]);
    assert_eq!([members(&stops[0]), members(&stops[1])], [["a"], ["b"]]);
    let organization = OrganizationId::new("a");
    assert_eq!(named(&stops[0]), [Limit::Asked { organization }]);

    let mut instance = wanted();
    instance.organizations[0].quota = Some(60);
    let stops = solved(&instance).certificate;
    let organization = OrganizationId::new("a");
    assert_eq!(named(&stops[0]), [Limit::Quota { organization }]);
    assert_eq!(levels(&stops), [60, 180]);
}

#[test]
fn a_week_with_room_for_all_needs_no_proof() {
    let mut instance = wanted();
    instance.requests.iter_mut().for_each(|one| one.lessons = 2);
    assert_eq!(solved(&instance).certificate, []);
}

#[test]
fn every_tier_has_its_own_levels() {
    let mut instance = wanted();
    instance.requests[0].tier = 2;
    instance.requests[1].tier = 2;
    instance.requests.extend(["a", "b"].map(|member| Request {
        lessons: 3,
        ..request(&format!("first-of-{member}"), member)
    }));
    let stops = solved(&instance).certificate;
    let tiers: Vec<i64> = stops.iter().map(|stop| stop.tier).collect();
    assert_eq!((tiers, levels(&stops)), (vec![1, 2], vec![120, 120]));
}

/// All tiers in one, so that the claims are those of the certificate.
fn generated(seed: u64) -> Instance {
    let mut instance = generate(Size::Small, seed);
    instance.requests.iter_mut().for_each(|one| one.tier = 1);
    instance
}

/// The shares are known long before the work is done.
fn planned(instance: &Instance) -> Plan {
    let few = Options {
        nodes: Some(100),
        ..options(600.0, Method::Optimal)
    };
    solved_with(instance, &few).expect("a generated week is sound")
}

#[rstest]
fn everybody_stops_once_at_its_own_level(#[values(1, 2, 3)] seed: u64) {
    let instance = generated(seed);
    let plan = planned(&instance);
    let levels: Vec<f64> = plan.certificate.iter().map(|stop| stop.level).collect();
    assert!(levels.windows(2).all(|pair| pair[0] <= pair[1] + 1e-6), "{levels:?}");
    let mut seen = BTreeSet::new();
    for stop in &plan.certificate {
        assert!(!stop.by.is_empty(), "nothing stops {}", stop.level);
        assert!((stop.members.iter().map(|stopped| stopped.part).sum::<f64>() - 1.0).abs() < 1e-6);
        for stopped in &stop.members {
            assert!(seen.insert(stopped.organization.clone()), "{stopped:?} stops twice");
            let known = |id: &OrganizationId| *id == stopped.organization;
            let member = instance.organizations.iter().find(|member| known(&member.id)).unwrap();
            let share = plan.organizations.iter().find(|member| known(&member.id)).unwrap();
            let level = (member.history as f64 + share.claim.unwrap()) / member.weight;
            assert!((level - stop.level).abs() < 1e-3, "{level}, not {}", stop.level);
        }
    }
    assert_eq!(seen.len(), instance.organizations.len());
}

/// With one less of what stops the first level, no share of a whole week stands as high as before.
#[rstest]
fn with_one_less_the_level_falls_by_its_price_at_least(
    #[values(1.0, 2.5)] weight: f64,
    #[values(2, 4)] opened: i64,
    #[values(1, 3)] taught: i64,
) {
    let mut instance = wanted();
    instance.organizations.push(member("c"));
    instance.organizations[0].weight = weight;
    instance.rooms.push(room("second"));
    instance.rooms[1].open = vec![hours(opened)];
    instance.instructors = vec![teacher("li"), teacher("wang")];
    instance.instructors[0].available = vec![hours(taught)];
    instance.requests[0].minutes = 45;
    instance.requests.push(Request {
        lessons: 5,
        minutes: 90,
        ..request("of-c", "c")
    });
    let needs = InstructorNeed {
        count: 1,
        ..InstructorNeed::default()
    };
    instance.requests[1..]
        .iter_mut()
        .for_each(|one| one.instructors = needs.clone());
    assert!(
        0 < tried_with_less(&instance),
        "neither rooms nor people stop the first level"
    );
}

/// The lowest level of the shares.
fn lowest(instance: &Instance, plan: &Plan) -> f64 {
    let members = plan.organizations.iter().zip(&instance.organizations);
    let level = |(share, member): (&Granted, &Member)| (member.history as f64 + share.claim.unwrap()) / member.weight;
    members.map(level).fold(f64::INFINITY, f64::min)
}

/// How many things were tried.
fn tried_with_less(instance: &Instance) -> usize {
    let before = solved(instance);
    let first = &before.certificate[0];
    assert!((lowest(instance, &before) - first.level).abs() < 1e-3);
    let mut tried = 0;
    for bottleneck in &first.by {
        let mut less = instance.clone();
        match &bottleneck.what {
            Limit::Rooms { rooms, spans } => {
                let room = less.rooms.iter_mut().find(|room| room.id == rooms[0]).unwrap();
                room.blackouts.extend(spans);
            }
            Limit::Instructors { instructors, spans } => {
                let one = less
                    .instructors
                    .iter_mut()
                    .find(|one| one.id == instructors[0])
                    .unwrap();
                one.available = without(&one.available, spans);
            }
            _ => continue,
        }
        let (level, price) = (lowest(&less, &solved(&less)), bottleneck.price);
        assert!(
            level <= first.level - price + 1e-3,
            "{level} for {price} of {}",
            first.level
        );
        tried += 1;
    }
    tried
}
