//! Scarce hours are true when tried: the week is really widened, everything planned is pinned, and the baseline fills up.

use crate::week::{hours, morning, request, room, teacher};
use domain::id::{InstructorId, RoomId};
use domain::instance::{Instance, Placed, Room};
use domain::plan::{Extra, Plan};
use rstest::rstest;
use solver::scarce::widened;
use solver::{Method, Options, Size, check, generate, solve};

fn solved(instance: &Instance, explain: bool) -> Plan {
    let options = Options {
        seconds: 0.0,
        nodes: None,
        threads: 1,
        seed: 1,
        method: Method::Greedy,
        explain,
    };
    solve(instance, &options, &mut |_| {}, &|| 0.0, &|| false).expect("a generated week has a plan")
}

/// The week with everything planned in it pinned.
fn pinned(instance: &Instance, plan: &Plan) -> Instance {
    let mut fixed = instance.clone();
    for request in &mut fixed.requests {
        let own = plan.assignments.iter().filter(|lesson| lesson.request == request.id);
        request.pinned = own
            .map(|lesson| Placed {
                start: lesson.start,
                room: lesson.room.clone(),
                instructors: lesson.instructors.clone(),
            })
            .collect();
    }
    fixed
}

#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
fn what_one_more_would_grant_is_granted_when_there_is_one_more(#[case] seed: u64) {
    let week = generate(Size::Small, seed);
    let plan = solved(&week, true);
    assert!(check(&week, &plan).is_clean());
    assert!(!plan.scarce.is_empty(), "a fifth more is asked than can be served");
    let total = |plan: &Plan| plan.organizations.iter().map(|member| member.granted).sum::<i64>();
    for scarce in &plan.scarce {
        let wide = pinned(&widened(&week, &scarce.what, scarce.span), &plan);
        let served = solved(&wide, false);
        assert!(check(&wide, &served).is_clean(), "{scarce:?}");
        assert!(total(&plan) + scarce.minutes <= total(&served), "{scarce:?}");
        let lower = |(before, after): (&domain::plan::Granted, &domain::plan::Granted)| after.granted < before.granted;
        assert!(
            !plan.organizations.iter().zip(&served.organizations).any(lower),
            "{scarce:?}"
        );
    }
    let sorted = plan.scarce.windows(2).all(|pair| pair[1].minutes <= pair[0].minutes);
    assert!(sorted, "the largest gain comes first");
}

#[test]
fn a_room_that_nobody_lacks_is_not_scarce() {
    let week = generate(Size::Small, 1);
    let plan = solved(&week, true);
    let served = |room: &domain::instance::Room| {
        let lacking = plan.unplaced.iter().map(|missing| &missing.request);
        let requests: Vec<_> = lacking
            .filter_map(|id| week.requests.iter().find(|r| r.id == *id))
            .collect();
        requests
            .iter()
            .any(|r| r.rooms.features.iter().all(|feature| room.features.contains(feature)))
    };
    let named = plan.scarce.iter().filter_map(|scarce| match &scarce.what {
        Extra::Room { like } => week.rooms.iter().find(|room| room.id == *like),
        _ => None,
    });
    let mut count = 0;
    for room in named {
        assert!(served(room), "{}", room.id);
        count += 1;
    }
    assert!(count > 0, "some room is scarce");
}

/// Another hour of the room that is named, or of a room like the teacher's: whoever names one takes its twin, and the
/// twin's id is nobody else's.
#[test]
fn whoever_names_a_room_or_a_teacher_would_take_another_like_it() {
    let mut week = morning();
    week.rooms[0].open = vec![hours(1)];
    week.rooms.push(Room {
        features: vec![],
        open: vec![],
        ..room("room~further")
    });
    week.instructors = vec![teacher("li"), teacher("li~further")];
    week.instructors[1].available = vec![];
    week.requests = vec![request("r1", "a"), request("r2", "b")];
    for request in &mut week.requests {
        request.rooms.any_of = Some(vec![RoomId::new("room")]);
        request.instructors.any_of = Some(vec![InstructorId::new("li")]);
        request.instructors.count = 1;
        request.windows[0].span = hours(2);
    }
    let plan = solved(&week, true);
    let more = |what: Extra| {
        let wide = widened(&week, &what, hours(2));
        assert_eq!(solver::problems(&wide), []);
        solved(&wide, false).assignments.len()
    };
    assert_eq!(plan.assignments.len(), 1);
    let like = || RoomId::new("room");
    assert_eq!(more(Extra::Room { like: like() }), 2);
    let like = InstructorId::new("li");
    let wide = widened(&week, &Extra::Instructor { like }, hours(2));
    let named = wide.requests[0].instructors.any_of.as_ref().map(Vec::len);
    assert_eq!((wide.instructors.len(), named), (3, Some(2)));
    assert_eq!(solver::problems(&wide), []);
}
