//! Nothing is wasted: no lesson is left out of a finished plan that could be added to it as it is.

use crate::brute::{all_lessons, tiny_week};
use crate::week::*;
use domain::instance::Instance;
use domain::plan::{Assignment, Plan};
use domain::time::Span;
use domain::timetable::conflicts;
use proptest::prelude::*;
use solver::{Method, Size, check, generate, solve};

/// A request of which something is missing and could be added, all that is missing where all or none is asked.
fn wasted(instance: &Instance, plan: &Plan) -> Option<String> {
    let lessons = all_lessons(instance);
    plan.unplaced.iter().find_map(|missing| {
        let own: Vec<&Assignment> = lessons.iter().filter(|a| a.request == missing.request).collect();
        let asked = instance.request(&missing.request).expect("asked for");
        let together = if asked.all_or_nothing { missing.lessons } else { 1 };
        fits(instance, &plan.assignments, &own, together as usize).then(|| missing.request.to_string())
    })
}

/// Whether so many more lessons can be added, whoever they are.
fn fits(instance: &Instance, placed: &[Assignment], own: &[&Assignment], together: usize) -> bool {
    if together == 0 {
        return conflicts(instance, placed).is_empty();
    }
    (0..own.len()).any(|n| {
        let number = 1 + placed.iter().filter(|a| a.request == own[n].request).count() as i64;
        let lesson = Assignment {
            lesson: number,
            ..own[n].clone()
        };
        let more: Vec<Assignment> = placed.iter().cloned().chain([lesson]).collect();
        fits(instance, &more, &own[n..], together - 1)
    })
}

/// A plan of the first fit remembered in a week in which a room then closes for an hour.
fn changed(instance: &Instance, hour: i64) -> Instance {
    let before = solved_with(instance, &options(0.0, Method::Greedy)).expect("the instance is sound");
    let mut changed = remembered(instance.clone(), &before);
    let closed = Span::new(EIGHT + hour * HOUR, EIGHT + (hour + 1) * HOUR);
    changed.rooms[0].blackouts.push(closed);
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_still_fits_is_never_left_out(instance in tiny_week(), hour in 0..2i64) {
        let plan = solved(&instance);
        prop_assert_eq!(wasted(&instance, &plan), None);
        let repaired = changed(&instance, hour);
        let plan = solved_with(&repaired, &options(600.0, Method::Optimal)).expect("the instance is sound");
        prop_assert_eq!(wasted(&repaired, &plan), None);
    }
}

/// A repair of a town looks at what was lost only; what else could be served is seen to at the end.
#[test]
fn a_repaired_town_has_no_room_for_what_it_leaves_out() {
    let instance = generate(Size::Town, 2);
    let greedy = options(0.0, Method::Greedy);
    let plan = solved_with(&instance, &greedy).expect("a plan");
    let mut changed = remembered(instance, &plan);
    let pinned = |room: &domain::instance::Room| {
        let pins = changed.requests.iter().flat_map(|request| &request.pinned);
        pins.map(|pin| &pin.room).any(|id| *id == room.id)
    };
    let lost = changed
        .rooms
        .iter()
        .rposition(|room| !pinned(room))
        .expect("a room without pins");
    changed.rooms[lost].open.clear();
    let nodes = solver::Options {
        nodes: Some(500),
        explain: false,
        ..options(0.0, Method::Optimal)
    };
    let plan = solve(&changed, &nodes, &mut |_| {}, &|| 0.0, &|| false).expect("a plan");
    assert!(check(&changed, &plan).is_clean());
    // First fit with everything pinned finds nothing more.
    let mut pinned = remembered(changed.clone(), &plan);
    pinned.requests.iter_mut().for_each(|request| {
        let own = plan.assignments.iter().filter(|a| a.request == request.id);
        request.pinned = own
            .map(|a| domain::instance::Placed {
                start: a.start,
                room: a.room.clone(),
                instructors: a.instructors.clone(),
            })
            .collect();
    });
    let more = solved_with(&pinned, &greedy).expect("a plan");
    assert_eq!(more.assignments.len(), plan.assignments.len());
}
