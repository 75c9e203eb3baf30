//! What a member gains by splitting into several of a part of its weight each, that ask for what it asked for.
//!
//! Where everybody wants the same hours, nothing. Where it wants some hours that nobody else wants, something: a level
//! counts all hours, so the part that asks only for contested ones stands lower than the whole did. No rule by which the
//! levels `(history + granted) / weight` are leximin can be without that, as the second test shows.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::Plan;
use domain::time::Span;
use proptest::prelude::*;

/// Requests for single hours of a room, by organization.
fn week(open: i64, members: &[(&str, f64)], asked: &[(&str, &str, i64)]) -> Instance {
    let mut instance = morning();
    instance.organizations = members
        .iter()
        .map(|(id, weight)| Member {
            weight: *weight,
            ..member(id)
        })
        .collect();
    instance.rooms = ["common", "own"]
        .map(|id| Room {
            open: vec![hours(open)],
            ..room(id)
        })
        .to_vec();
    for (n, (organization, room, lessons)) in asked.iter().enumerate() {
        let mut request = request(&format!("r{n}"), organization);
        request.lessons = *lessons;
        request.rooms.any_of = Some(vec![RoomId::new(*room)]);
        request.windows[0].span = Span::new(0, DAY);
        instance.requests.push(request);
    }
    instance
}

/// Minutes of all members whose name begins so: shares, to the minute, and what was granted.
fn of(plan: &Plan, name: &str) -> (i64, i64) {
    let own: Vec<_> = plan
        .organizations
        .iter()
        .filter(|o| o.id.as_str().starts_with(name))
        .collect();
    let claims: f64 = own.iter().filter_map(|o| o.claim).sum();
    (claims.round() as i64, own.iter().map(|o| o.granted).sum())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_everybody_wants_the_same_hours_splitting_brings_nothing(
        open in 2..=8i64,
        parts in prop::collection::vec(1..=4i64, 2..=4),
        others in prop::collection::vec((1..=8i64, prop::sample::select(vec![0.5, 1.0, 2.0])), 1..=3),
    ) {
        let rivals: Vec<String> = (0..others.len()).map(|n| format!("rival{n}")).collect();
        let names: Vec<String> = (0..parts.len()).map(|n| format!("part{n}")).collect();
        let theirs = || rivals.iter().zip(&others).map(|(id, (lessons, _))| (id.as_str(), "common", *lessons));
        let weights = || rivals.iter().zip(&others).map(|(id, (_, weight))| (id.as_str(), *weight));
        let whole: Vec<_> = weights().chain([("part", 1.0)]).collect();
        let asked: Vec<_> = theirs().chain(parts.iter().map(|lessons| ("part", "common", *lessons))).collect();
        let before = solved(&week(open, &whole, &asked));
        let part = 1.0 / parts.len() as f64;
        let split: Vec<_> = weights().chain(names.iter().map(|id| (id.as_str(), part))).collect();
        let own = names.iter().zip(&parts).map(|(id, lessons)| (id.as_str(), "common", *lessons));
        let asked: Vec<_> = theirs().chain(own).collect();
        let after = solved(&week(open, &split, &asked));
        prop_assert!(of(&after, "part").0 <= of(&before, "part").0 + 1, "{:?} {:?}", of(&before, "part"), of(&after, "part"));
    }
}

/// Six hours of its own and six that another one wants, too. The whole stands at six hours by what nobody else wants, so
/// the common hours go to the other; of the parts, the one that wants the common hours stands at none.
#[test]
fn hours_that_nobody_else_wants_count_so_a_part_without_them_stands_lower() {
    let asked =
        |own: &'static str, common: &'static str| [(own, "own", 6), (common, "common", 6), ("rival", "common", 6)];
    let whole = week(6, &[("whole", 1.0), ("rival", 1.0)], &asked("whole", "whole"));
    let plan = solved(&whole);
    assert_eq!((of(&plan, "whole"), of(&plan, "rival")), ((360, 360), (360, 360)));
    let parts = [("part-own", 0.5), ("part-common", 0.5), ("rival", 1.0)];
    let split = solved(&week(6, &parts, &asked("part-own", "part-common")));
    let minutes = |name: &str| of(&split, name).1;
    assert_eq!(
        (minutes("part-own"), minutes("part-common"), minutes("rival")),
        (360, 120, 240)
    );
    // Whoever would give the parts no more than the whole had leaves one of them at no hour, which is less fair by the
    // definition of fairness.
    assert_eq!(of(&split, "part-common").0, 120);
}
