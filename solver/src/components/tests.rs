//! Weeks of two members who share something or nothing.

use super::*;
use crate::world::tests::{request, teacher, tiny};
use domain::id::{CohortId, InstructorId, RoomId};

/// Two members; each names a room and a teacher of its own.
fn apart() -> Instance {
    let mut instance = tiny();
    instance.instructors.push(teacher("wang"));
    for (n, (room, person)) in [("x", "zhang"), ("y", "wang")].into_iter().enumerate() {
        instance.requests[n].rooms.any_of = Some(vec![RoomId::new(room)]);
        instance.requests[n].instructors.any_of = Some(vec![InstructorId::new(person)]);
    }
    instance
}

fn count(instance: &Instance) -> usize {
    components(&World::new(instance)).len()
}

#[test]
fn whatever_two_requests_could_share_ties_them() {
    assert_eq!(count(&apart()), 2);
    let mut room = apart();
    room.requests[1].rooms.any_of = None;
    assert_eq!(count(&room), 1);
    let mut person = apart();
    person.requests[1].instructors.any_of = None;
    assert_eq!(count(&person), 1);
    let mut group = apart();
    group.requests[1].cohorts = vec![CohortId::new("c-r1")];
    assert_eq!(count(&group), 1);
    let mut member = apart();
    member.requests.push(request("r3", "a"));
    assert_eq!(count(&member), 1);
    let mut bay = apart();
    bay.rooms[1].part_of = Some(RoomId::new("x"));
    assert_eq!(count(&bay), 1);
}

#[test]
fn lessons_find_their_component_and_their_way_back() {
    let world = World::new(&apart());
    let lesson = |request: usize| Lesson {
        request,
        start: 480,
        room: request,
        // Wang stands before Zhang.
        instructors: vec![1 - request],
        pinned: false,
    };
    for (n, component) in components(&world).iter().enumerate() {
        let own = component.own(&[lesson(0), lesson(1)]);
        assert_eq!((own[0].request, own[0].room, own[0].instructors[0]), (0, 0, 0));
        assert_eq!(own.len(), 1);
        assert_eq!(component.whole(own[0].clone()), lesson(n));
        assert_eq!(component.instance(&world).requests.len(), 1);
    }
}

#[test]
fn stages_of_one_name_add_up_and_an_unknown_bound_stays_unknown() {
    let stage = |name: &str, value: f64, bound: f64, gap: f64| Stage {
        name: name.into(),
        value,
        bound,
        gap,
        seconds: 1.0,
        rows: 2,
        columns: 3,
    };
    let one = vec![
        stage("chains", 90.0, 100.0, 0.1),
        stage("tier 1 claims", 60.0, 60.0, 0.0),
        stage("chains", 95.0, 100.0, 0.05),
        stage("gaps", 10.0, 0.0, 1.0),
    ];
    let other = vec![
        stage("chains", 100.0, 100.0, 0.0),
        stage("tier 1 claims", 40.0, 40.0, 0.5),
        stage("gaps", 0.0, 0.0, 0.0),
    ];
    let sums = together(vec![one, other]);
    let told: Vec<(f64, f64, f64)> = sums.iter().map(|sum| (sum.value, sum.bound, sum.gap)).collect();
    assert_eq!(
        told,
        [
            (190.0, 200.0, 0.05),
            (40.0, 40.0, 0.5),
            (95.0, 100.0, 0.05),
            (10.0, 0.0, 1.0)
        ]
    );
    assert_eq!((sums[0].seconds, sums[0].rows, sums[0].columns), (2.0, 4, 6));
}
