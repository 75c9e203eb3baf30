//! What must hold between the plans of an instance and of a changed one.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::Plan;
use domain::time::Span;
use proptest::prelude::*;

/// Three organizations that ask for more than one or two rooms and a teacher can give.
fn scarce() -> impl Strategy<Value = Instance> {
    let request = (0..3usize, 1..=3i64, any::<bool>(), 0..3i64, 20..50i64);
    (prop::collection::vec(request, 3..7), 1..=2usize).prop_map(|(requests, rooms)| {
        let mut instance = morning();
        instance.organizations.push(member("c"));
        instance.rooms = (0..rooms).map(|n| room(&format!("room{n}"))).collect();
        instance.instructors = vec![teacher("li")];
        for (n, (organization, lessons, taught, from, headcount)) in requests.into_iter().enumerate() {
            let mut request = request_of(n, ["a", "b", "c"][organization]);
            request.lessons = lessons;
            request.headcount = headcount;
            request.instructors.count = i64::from(taught);
            request.windows[0].span = Span::new(EIGHT + from * HOUR, EIGHT + 4 * HOUR);
            instance.requests.push(request);
        }
        instance
    })
}

fn request_of(n: usize, organization: &str) -> Request {
    Request {
        cohorts: vec![CohortId::new(format!("class-{organization}-{}", n % 2))],
        ..request(&format!("r{n}"), organization)
    }
}

fn levels(plan: &Plan) -> Vec<i64> {
    let mut levels: Vec<i64> = plan.organizations.iter().map(|o| o.level.round() as i64).collect();
    levels.sort_unstable();
    levels
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_room_never_lowers_the_levels(instance in scarce()) {
        let mut more = instance.clone();
        more.rooms.push(room("another"));
        prop_assert!(levels(&solved(&more)) >= levels(&solved(&instance)));
    }

    #[test]
    fn new_names_in_another_order_change_nothing(instance in scarce()) {
        let mut renamed = instance.clone();
        for (n, room) in renamed.rooms.iter_mut().enumerate() {
            room.id = RoomId::new(format!("z{}", 9 - n));
        }
        for (n, request) in renamed.requests.iter_mut().enumerate() {
            request.id = RequestId::new(format!("q{}", 9 - n));
        }
        renamed.requests.reverse();
        prop_assert_eq!(levels(&solved(&renamed)), levels(&solved(&instance)));
    }

    #[test]
    fn a_request_that_got_nothing_can_go_without_changing_a_level(instance in scarce()) {
        let plan = solved(&instance);
        let lessons = |id: &RequestId| plan.assignments.iter().filter(|a| a.request == *id).count();
        let mut without = instance.clone();
        without.requests.retain(|request| lessons(&request.id) > 0);
        prop_assert_eq!(levels(&solved(&without)), levels(&plan));
    }

    #[test]
    fn an_unchanged_week_keeps_its_plan(instance in scarce()) {
        let plan = solved(&instance);
        let mut again = instance.clone();
        for a in &plan.assignments {
            let spot = Placed { start: a.start, room: a.room.clone(), instructors: a.instructors.clone() };
            again.requests.iter_mut().filter(|r| r.id == a.request).for_each(|r| r.previous.push(spot.clone()));
        }
        prop_assert_eq!(timetable(&solved(&again)), timetable(&plan));
    }

    #[test]
    fn nobody_is_granted_more_than_the_claims_allow_the_lowest(instance in scarce()) {
        let plan = solved(&instance);
        let claims: Vec<f64> = plan.organizations.iter().filter_map(|o| o.claim).collect();
        prop_assert_eq!(claims.len(), plan.organizations.len());
        let lowest_claim = claims.into_iter().fold(f64::INFINITY, f64::min);
        prop_assert!(levels(&plan)[0] as f64 <= lowest_claim + 1.0);
    }
}
