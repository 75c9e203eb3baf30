//! What is missing of a plan that was changed by hand, explained like that of a solve.

use crate::explain;
use crate::world::World;
use domain::instance::{Instance, Placed};
use domain::plan::{Assignment, Unplaced};

/// Reasons and verified changes for every lesson without a place, by request. The plan must have passed the referee.
pub fn refusals(mut instance: Instance, assignments: &[Assignment]) -> Vec<Unplaced> {
    for request in &mut instance.requests {
        let own = assignments.iter().filter(|lesson| lesson.request == request.id);
        request.previous = own.map(placed).collect();
    }
    let world = World::new(&instance);
    let lessons: Vec<_> = world.requests.iter().flat_map(|facts| facts.previous.clone()).collect();
    explain::unplaced(&world, &lessons, &|| false)
}

fn placed(lesson: &Assignment) -> Placed {
    Placed {
        start: lesson.start,
        room: lesson.room.clone(),
        instructors: lesson.instructors.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::tests::options;
    use crate::world::tests::tiny;
    use crate::{Options, solve};
    use domain::id::RoomId;
    use domain::plan::Remedy;
    use domain::time::Span;

    /// Two requests of one hour in a week that has two hours in one room.
    fn solved() -> (Instance, Vec<Assignment>) {
        let mut instance = tiny();
        instance.rooms.truncate(1);
        instance.rooms[0].open = vec![Span::new(480, 600)];
        let options = Options {
            explain: true,
            ..options()
        };
        let plan = solve(&instance, &options, &mut |_| {}, &|| 0.0, &|| false).expect("a plan");
        assert_eq!((plan.assignments.len(), plan.unplaced.as_slice()), (2, &[][..]));
        (instance, plan.assignments)
    }

    #[test]
    fn a_lesson_that_was_taken_out_has_its_reasons_and_what_would_fit() {
        let (mut instance, mut placed) = solved();
        let out = placed.pop().expect("two lessons");
        // It may only be where the other one is.
        let asked = instance.requests.iter_mut().find(|request| request.id == out.request);
        asked.expect("its request").windows[0].span = Span::new(placed[0].start, placed[0].start + 60);
        let told = refusals(instance, &placed);
        assert_eq!((told.len(), &told[0].request, told[0].lessons), (1, &out.request, 1));
        assert!(!told[0].reasons.is_empty());
        let fits = Remedy::OtherWindow {
            start: out.start,
            room: RoomId::new("x"),
        };
        assert!(told[0].would_fit.contains(&fits), "{told:?}");
    }

    #[test]
    fn of_a_plan_with_everything_nothing_is_missing() {
        let (instance, placed) = solved();
        assert_eq!(refusals(instance, &placed), []);
    }
}
