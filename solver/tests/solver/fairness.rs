//! Who gets the hours when not everybody can have them.

use crate::week::*;
use domain::instance::Request;
use solver::Method;

fn granted(instance: &domain::instance::Instance) -> Vec<i64> {
    solved(instance).organizations.iter().map(|o| o.granted).collect()
}

#[test]
fn four_hours_are_shared_evenly_however_much_one_asks() {
    let mut instance = morning();
    instance.requests = vec![
        Request {
            lessons: 10,
            ..request("r1", "a")
        },
        Request {
            lessons: 2,
            ..request("r2", "b")
        },
    ];
    assert_eq!(granted(&instance), [120, 120]);
}

#[test]
fn weight_and_history_count() {
    let mut instance = morning();
    instance.requests = vec![
        Request {
            lessons: 4,
            ..request("r1", "a")
        },
        Request {
            lessons: 4,
            ..request("r2", "b")
        },
    ];
    instance.organizations[0].weight = 3.0;
    assert_eq!(granted(&instance), [180, 60]);
    instance.organizations[0].weight = 1.0;
    instance.organizations[1].history = 120;
    assert_eq!(granted(&instance), [180, 60]);
}

#[test]
fn what_one_does_not_ask_for_goes_to_the_others() {
    let mut instance = morning();
    instance.requests = vec![
        request("r1", "a"),
        Request {
            lessons: 4,
            ..request("r2", "b")
        },
    ];
    assert_eq!(granted(&instance), [60, 180]);
}

#[test]
fn a_lower_tier_never_displaces_a_higher_one() {
    let mut instance = morning();
    instance.requests = vec![
        Request {
            lessons: 4,
            tier: 2,
            ..request("r1", "a")
        },
        Request {
            lessons: 3,
            ..request("r2", "b")
        },
    ];
    assert_eq!(granted(&instance), [60, 180]);
    instance.requests[0].tier = 1;
    assert_eq!(granted(&instance), [120, 120]);
}

/// First fit puts the long lesson where it shuts out the other organization; the optimum does not.
#[test]
fn the_optimum_is_fairer_than_the_baseline_where_first_fit_goes_wrong() {
    let mut instance = morning();
    instance.rooms[0].open = vec![hours(2)];
    instance.requests = vec![request("r1", "a"), request("r2", "b")];
    instance.requests[1].windows[0].span = hours(1);
    let baseline = solved_with(&instance, &options(600.0, Method::Greedy)).unwrap();
    assert_eq!(baseline.assignments.len(), 1);
    assert_eq!(granted(&instance), [60, 60]);
}

#[test]
fn preferences_decide_among_equally_fair_plans() {
    let mut instance = morning();
    instance.requests = vec![request("r1", "a")];
    instance.requests[0].windows.push(domain::instance::Window {
        span: hours(1).shifted(120),
        preference: 3,
    });
    assert_eq!(timetable(&solved(&instance)), ["r1 600 room"]);
}
