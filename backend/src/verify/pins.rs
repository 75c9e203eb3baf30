//! I9: pins of a plan's instance that its answer does not keep.

use crate::store::invariants::{Facts, PlanRow};
use domain::id::{InstructorId, RoomId};
use domain::instance::{Instance, Request};
use domain::plan::{Assignment, Plan};
use std::collections::BTreeSet;

/// All that a pin fixes.
type Spot<'a> = (i64, &'a RoomId, BTreeSet<&'a InstructorId>);

/// `moved` tells what was moved or taken out by hand: the plan, and of which request. Those pins are in the hand's keeping.
pub fn lost(row: &PlanRow, moved: &[(String, Facts)]) -> Vec<String> {
    let parsed = (
        serde_json::from_str::<Instance>(&row.instance),
        serde_json::from_str::<Plan>(&row.plan),
    );
    let (Ok(instance), Ok(plan)) = parsed else {
        return vec![format!("plan {} cannot be read", row.id)];
    };
    let by_hand = |request: &Request| {
        let of_it = |(plan, facts): &(String, Facts)| {
            *plan == row.id && facts.get("request").and_then(|fact| fact.as_str()) == Some(request.id.as_str())
        };
        moved.iter().any(of_it)
    };
    let kept = instance.requests.iter().filter(|request| !by_hand(request));
    kept.flat_map(|request| of_request(row, request, &plan)).collect()
}

/// Each pin has a lesson of its own.
fn of_request(row: &PlanRow, request: &Request, plan: &Plan) -> Vec<String> {
    let own = plan.assignments.iter().filter(|lesson| lesson.request == request.id);
    let mut free: Vec<Spot> = own.map(spot_of_lesson).collect();
    let mut lost = Vec::new();
    for pin in &request.pinned {
        let spot: Spot = (pin.start, &pin.room, pin.instructors.iter().collect());
        match free.iter().position(|other| *other == spot) {
            Some(at) => drop(free.swap_remove(at)),
            None => lost.push(format!(
                "plan {}: request {} at minute {}",
                row.id, request.id, pin.start
            )),
        }
    }
    lost
}

fn spot_of_lesson(lesson: &Assignment) -> Spot<'_> {
    (lesson.start, &lesson.room, lesson.instructors.iter().collect())
}
