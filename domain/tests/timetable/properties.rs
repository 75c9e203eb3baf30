//! What holds for every timetable: the referee agrees with the oracle, forgets all order and survives garbage.

use crate::dice::Dice;
use crate::oracle::{Oracle, Pairs, pair};
use crate::week::{self, With};
use domain::id::*;
use domain::instance::*;
use domain::plan::Assignment;
use domain::time::Span;
use domain::timetable::{conflicts, rules};
use domain::violation::{At, Violation};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeSet;

const SITES: [&str; 2] = ["s0", "s1"];
const ROOMS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const INSTRUCTORS: [&str; 3] = ["i0", "i1", "i2"];
const COHORTS: [&str; 3] = ["c0", "c1", "c2"];
const REQUESTS: [&str; 4] = ["r0", "r1", "r2", "r3"];

fn spans() -> impl Strategy<Value = Vec<Span>> {
    vec(
        (0i64..40, -2i64..30).prop_map(|(from, minutes)| Span::new(from, from + minutes)),
        0..7,
    )
}

prop_compose! {
    /// Part of an earlier room or of none, so that the rooms are a forest.
    fn room(n: usize)(
        whole in 0usize..8, turnaround in 0i64..4, site in select(&SITES[..]), open in spans(), blackouts in spans()
    ) -> Room {
        let part_of = (whole < n).then(|| ROOMS[whole]);
        Room { turnaround, open, blackouts, ..week::room(ROOMS[n], site, part_of) }
    }
}

prop_compose! {
    fn request(id: &'static str)(
        minutes in 1i64..9,
        cohorts in subsequence(&COHORTS[..], 0..3),
        windows in spans(),
        per_day_max in option::of(0i64..3),
        all_or_nothing in any::<bool>(),
    ) -> Request {
        let windows = windows.into_iter().map(|span| Window { span, preference: 0 }).collect();
        let cohorts = cohorts.into_iter().map(CohortId::new).collect();
        Request { lessons: 12, minutes, cohorts, windows, per_day_max, all_or_nothing, ..week::request(id, "yizhong") }
    }
}

prop_compose! {
    fn instructor(id: &'static str)(
        available in spans(), day_max in option::of(0i64..30), week_max in option::of(0i64..30)
    ) -> Instructor {
        Instructor { available, day_max, week_max, ..week::instructor(id) }
    }
}

prop_compose! {
    /// A world of a hundred minutes in which nearly everything is contested.
    fn instance()(
        rooms in (0..ROOMS.len()).map(room).collect::<Vec<_>>(),
        requests in Vec::from(REQUESTS.map(request)),
        instructors in Vec::from(INSTRUCTORS.map(instructor)),
        units in 0i64..6,
        out in vec((spans(), 0i64..3), 0..3),
        travel in (0i64..9, 0i64..9),
        quota in option::of(0i64..40),
        listed in any::<bool>(),
    ) -> Instance {
        let blackouts = out.into_iter().flat_map(|(spans, units)| spans.into_iter().map(move |span| UnitsOut { span, units }));
        let mut instance = week::week();
        instance.calendar.start_step = 1;
        instance.travel.default = travel.0;
        let pair = (SiteId::new(SITES[1]), SiteId::new(SITES[0]), travel.1);
        instance.travel.pairs = if listed { vec![pair] } else { vec![] };
        instance.organizations[0].quota = quota;
        instance.equipment.truncate(1);
        instance.equipment[0].units = units;
        instance.equipment[0].blackouts = blackouts.collect();
        Instance { rooms, requests, instructors, ..instance }
    }
}

prop_compose! {
    fn lesson(n: usize)(
        request in select(&REQUESTS[..]),
        start in 0i64..30,
        room in select(&ROOMS[..]),
        instructors in subsequence(&INSTRUCTORS[..], 0..3),
        units in subsequence(vec![1, 2, 3i64], 0..3),
    ) -> Assignment {
        let name = format!("{request}/{}", n + 1);
        week::lesson(&name, start, room).by(&instructors).with("lathe", &units)
    }
}

/// Up to nine lessons, each with its own number.
fn lessons() -> impl Strategy<Value = Vec<Assignment>> {
    (0usize..10).prop_flat_map(|count| (0..count).map(lesson).collect::<Vec<_>>())
}

/// Every named pair is one, and every lesson of a pair is named.
fn agrees(found: &Pairs, expected: &Pairs) -> Result<(), TestCaseError> {
    let named = |pairs: &Pairs| -> BTreeSet<(String, At)> {
        let both = |(thing, (a, b)): (&String, &(At, At))| [(thing.clone(), a.clone()), (thing.clone(), b.clone())];
        pairs
            .iter()
            .flat_map(|(thing, pairs)| pairs.iter().flat_map(move |pair| both((thing, pair))))
            .collect()
    };
    for (thing, pairs) in found {
        let all = expected.get(thing).cloned().unwrap_or_default();
        prop_assert!(pairs.is_subset(&all), "{thing}: {pairs:?} is not in {all:?}");
    }
    prop_assert_eq!(named(found), named(expected));
    Ok(())
}

fn pairs(found: &[Violation], of: impl Fn(&Violation) -> Option<(String, &At, &At)>) -> Pairs {
    let mut pairs = Pairs::new();
    for (thing, a, b) in found.iter().filter_map(of) {
        pairs.entry(thing).or_default().insert(pair(a.clone(), b.clone()));
    }
    pairs
}

fn named(found: &[Violation], of: impl Fn(&Violation) -> Option<&At>) -> BTreeSet<At> {
    found.iter().filter_map(of).cloned().collect()
}

proptest! {
    #[test]
    fn clashes_are_those_of_the_oracle(instance in instance(), lessons in lessons()) {
        use Violation::*;
        let found = conflicts(&instance, &lessons);
        let oracle = Oracle { instance: &instance, lessons: &lessons };
        let rooms = pairs(&found, |v| match v {
            RoomClash { at, other, .. } => Some(("room".into(), at, other)),
            _ => None,
        });
        agrees(&rooms, &oracle.room_clashes())?;
        let instructors = pairs(&found, |v| match v {
            InstructorClash { at, other, instructor } => Some((instructor.to_string(), at, other)),
            _ => None,
        });
        agrees(&instructors, &oracle.instructor_clashes())?;
        let cohorts = pairs(&found, |v| match v {
            CohortClash { at, other, cohort } => Some((cohort.to_string(), at, other)),
            _ => None,
        });
        agrees(&cohorts, &oracle.cohort_clashes())?;
        let units = pairs(&found, |v| match v {
            EquipmentClash { at, other, equipment, unit } => Some((format!("{equipment}#{unit}"), at, other)),
            _ => None,
        });
        agrees(&units, &oracle.unit_clashes())?;
    }

    #[test]
    fn shortages_of_equipment_are_those_of_the_oracle(instance in instance(), lessons in lessons()) {
        let short = |v: Violation| match v {
            Violation::EquipmentShort { at, units, units_max, .. } => Some((at, units, units_max)),
            _ => None,
        };
        let found: BTreeSet<_> = conflicts(&instance, &lessons).into_iter().filter_map(short).collect();
        prop_assert_eq!(found, Oracle { instance: &instance, lessons: &lessons }.shortages());
    }

    #[test]
    fn spans_are_judged_as_the_oracle_judges_them(instance in instance(), lessons in lessons()) {
        use Violation::*;
        let found = conflicts(&instance, &lessons);
        let oracle = Oracle { instance: &instance, lessons: &lessons };
        let closed = named(&found, |v| if let RoomClosed { at, .. } = v { Some(at) } else { None });
        prop_assert_eq!(closed, oracle.closed());
        let out = named(&found, |v| if let RoomBlackout { at, .. } = v { Some(at) } else { None });
        prop_assert_eq!(out, oracle.blacked_out());
        let outside = named(&found, |v| if let OutsideWindows { at, .. } = v { Some(at) } else { None });
        let windows = |lesson: &Assignment| {
            vec![instance.request(&lesson.request).unwrap().windows.iter().map(|window| window.span).collect()]
        };
        prop_assert_eq!(outside, oracle.uncovered(windows));
        let absent = named(&found, |v| if let InstructorUnavailable { at, .. } = v { Some(at) } else { None });
        let available = |lesson: &Assignment| -> Vec<Vec<Span>> {
            lesson.instructors.iter().map(|id| instance.instructor(id).unwrap().available.clone()).collect()
        };
        prop_assert_eq!(absent, oracle.uncovered(available));
    }

    #[test]
    fn late_arrivals_are_those_of_the_oracle(instance in instance(), lessons in lessons()) {
        let oracle = Oracle { instance: &instance, lessons: &lessons };
        let clashes = oracle.instructor_clashes();
        let mut late = pairs(&conflicts(&instance, &lessons), |v| match v {
            Violation::TravelTooShort { at, other, instructor, .. } => Some((instructor.to_string(), at, other)),
            _ => None,
        });
        late.retain(|instructor, _| !clashes.contains_key(instructor));
        prop_assert_eq!(late, oracle.late_arrivals());
    }

    #[test]
    fn no_order_of_any_list_changes_the_answer(instance in instance(), lessons in lessons(), seed in any::<u64>()) {
        let expected = conflicts(&instance, &lessons);
        let (mut instance, mut lessons, mut dice) = (instance, lessons, Dice(seed));
        dice.shuffle_all(&mut instance, &mut lessons);
        prop_assert_eq!(conflicts(&instance, &lessons), expected);
    }

    #[test]
    fn garbage_is_judged_and_never_panics(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let (instance, mut lessons) = (dice.instance(), dice.lessons());
        let found = conflicts(&instance, &lessons);
        prop_assert!(found.is_sorted() && found.windows(2).all(|two| two[0] != two[1]));
        let codes: BTreeSet<&str> = rules().collect();
        prop_assert!(found.iter().all(|violation| codes.contains(violation.code())));
        dice.shuffle(&mut lessons);
        prop_assert_eq!(conflicts(&instance, &lessons), found);
    }
}
