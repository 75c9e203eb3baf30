//! Chains on weeks small enough to see, and on generated ones.

use super::*;
use crate::greedy;
use crate::levels::{fairer, granted, standing};
use crate::solve::broken;
use crate::world::tests::{request, tiny};
use domain::id::RoomId;
use domain::instance::Instance;
use std::cell::Cell;

/// Nobody stops it.
const ENDLESS: Watch = Watch {
    stops: &|| false,
    is_over: &|| false,
    gained: &|_| {},
};

fn without_people(mut instance: Instance) -> Instance {
    instance.requests.iter_mut().for_each(|r| r.instructors.count = 0);
    instance
}

/// What first fit does, and what the chains make of it.
fn both(instance: &Instance) -> (Vec<i64>, Vec<i64>) {
    let world = World::new(instance);
    let places = greedy::places(&world);
    let first = greedy::plan(&world, &places);
    let mut chains = Chains::of(&world, &places, &first, 1, ENDLESS);
    chains.improve(2);
    let lessons = chains.lessons();
    assert_eq!(broken(&world, &lessons), []);
    assert!(fairer(&standing(&world, &lessons), &standing(&world, &first)).is_ge());
    let minutes = |lessons: &[Lesson]| granted(&world, lessons, i64::MAX);
    (minutes(&first), minutes(&lessons))
}

#[test]
fn whoever_can_go_elsewhere_makes_room() {
    let mut instance = without_people(tiny());
    instance
        .rooms
        .iter_mut()
        .for_each(|room| room.open = vec![domain::time::Span::new(480, 540)]);
    instance.requests[1].rooms.any_of = Some(vec![RoomId::new("x")]);
    assert_eq!(both(&instance), (vec![60, 0], vec![60, 60]));
}

#[test]
fn who_has_much_leaves_a_lesson_to_who_has_nothing() {
    let mut instance = without_people(tiny());
    instance.rooms.truncate(1);
    instance.requests.push(request("r3", "a"));
    instance.requests[2].instructors.count = 0;
    instance.requests[1].windows[0].span = domain::time::Span::new(480, 540);
    assert_eq!(both(&instance), (vec![120, 0], vec![60, 60]));
}

#[test]
fn all_or_nothing_comes_in_whole_or_not_at_all() {
    let mut instance = without_people(tiny());
    instance.rooms.truncate(1);
    instance.requests[0].lessons = 2;
    instance.requests[1].lessons = 2;
    instance.requests[1].all_or_nothing = true;
    let (_, after) = both(&instance);
    assert!(after == [120, 0] || after == [0, 120], "{after:?}");
}

#[test]
fn a_generated_week_is_sound_and_no_less_fair_than_first_fit() {
    for seed in 1..=3 {
        both(&crate::generate(crate::Size::Small, seed));
    }
}

/// How often chains ask within themselves, if they are over after so many times, and whatever they ask after that.
fn asked(over_after: u64) -> (u64, u64) {
    let world = World::new(&crate::generate(crate::Size::Small, 2));
    let places = greedy::places(&world);
    let (within, after) = (Cell::new(0), Cell::new(0));
    let is_late = || {
        let late = over_after < within.get();
        after.set(after.get() + u64::from(late));
        late
    };
    let watch = Watch {
        stops: &is_late,
        is_over: &|| {
            within.set(within.get() + 1);
            is_late()
        },
        gained: &|_| {},
    };
    Chains::of(&world, &places, &greedy::plan(&world, &places), 1, watch).improve(2);
    (within.get(), after.get())
}

#[test]
fn a_chain_under_way_ends_as_soon_as_it_hears_that_it_is_over() {
    let (all, none) = asked(u64::MAX);
    assert!(100 < all && none == 0, "{all}");
    for over_after in [0, all / 2, all - 1] {
        let (_, after) = asked(over_after);
        assert!((1..20).contains(&after), "{after}");
    }
}
