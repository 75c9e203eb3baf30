//! What the referee says of the part is what it says of the whole week.

use super::*;
use crate::generate::{Size, generate};
use crate::greedy;
use crate::placement::Place;
use proptest::prelude::*;

/// Lessons to judge in each week.
const LESSONS: usize = 300;

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_part_is_judged_like_the_whole_week(seed in 1..1000_u64, turns in prop::collection::vec(any::<prop::sample::Index>(), LESSONS)) {
        let instance = generate(Size::Small, seed);
        let world = World::new(&instance);
        let places = greedy::places(&world);
        let lessons = greedy::plan(&world, &places);
        let hearing = Hearing::of(&world, &lessons);
        let candidates: Vec<(usize, Place)> = places
            .iter()
            .enumerate()
            .flat_map(|(request, places)| places.iter().map(move |place| (request, *place)))
            .collect();
        let (mut accepted, mut refused) = (0, 0);
        for turn in turns {
            let (request, place) = *turn.get(&candidates);
            let team = world.requests[request].instructors.iter().copied();
            let lesson = Lesson {
                request,
                start: place.start,
                room: place.room,
                instructors: team.take(world.request(request).instructors.count as usize).collect(),
                pinned: false,
            };
            let whole: Vec<Lesson> = lessons.iter().chain([&lesson]).cloned().collect();
            let stands = conflicts(&world.instance, &assignments(&world, &whole)).is_empty();
            prop_assert_eq!(hearing.accepts(world.request(request), &lesson), stands);
            if stands { accepted += 1 } else { refused += 1 }
        }
        prop_assert!(0 < refused, "{} accepted", accepted);
    }
}
