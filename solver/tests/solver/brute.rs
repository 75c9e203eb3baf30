//! Against brute force: on tiny weeks the levels of the plan are the leximin ones of all plans, by trying them all.
//!
//! The search adds one lesson after another and asks only the referee; it shares nothing with the solver.

use crate::week::*;
use domain::id::*;
use domain::instance::*;
use domain::plan::{Assignment, Status, UnitsHeld};
use domain::time::Span;
use domain::timetable::conflicts;
use proptest::prelude::*;
use solver::{Method, Options};

/// Levels of tier 1, then of both tiers, each ascending, in thousandths.
type Standing = [Vec<i64>; 2];

fn standing(instance: &Instance, assignments: &[Assignment]) -> Standing {
    [1, 2].map(|tier| {
        let level = |member: &Member| {
            let own = |a: &&Assignment| {
                let request = instance.request(&a.request).unwrap();
                request.organization == member.id && request.tier <= tier
            };
            let granted: i64 = assignments
                .iter()
                .filter(own)
                .map(|a| instance.request(&a.request).unwrap().minutes)
                .sum();
            ((member.history + granted) as f64 / member.weight * 1000.0).round() as i64
        };
        let mut levels: Vec<i64> = instance.organizations.iter().map(level).collect();
        levels.sort_unstable();
        levels
    })
}

/// Every lesson that could be, one after another, in ascending order so that no set is tried twice.
pub fn all_lessons(instance: &Instance) -> Vec<Assignment> {
    let mut list = Vec::new();
    for request in &instance.requests {
        for start in instance.calendar.all_starts() {
            for room in &instance.rooms {
                let one = |instructors: &[InstructorId], equipment: &[UnitsHeld]| Assignment {
                    request: request.id.clone(),
                    lesson: 1,
                    start,
                    room: room.id.clone(),
                    equipment: equipment.to_vec(),
                    instructors: instructors.to_vec(),
                    pinned: false,
                };
                for people in teams(instance, request) {
                    list.extend(units(instance, request).iter().map(|held| one(&people, held)));
                }
            }
        }
    }
    list.retain(|a| conflicts(&without_wholes(instance), std::slice::from_ref(a)).is_empty());
    list
}

/// So many of some things, in every way.
fn chosen<T: Clone>(of: &[T], count: usize) -> Vec<Vec<T>> {
    let masks = (0..1_u32 << of.len()).filter(|mask| mask.count_ones() as usize == count);
    let taken = |mask: u32| {
        (0..of.len())
            .filter(|n| mask >> n & 1 == 1)
            .map(|n| of[n].clone())
            .collect()
    };
    masks.map(taken).collect()
}

fn teams(instance: &Instance, request: &Request) -> Vec<Vec<InstructorId>> {
    let all: Vec<InstructorId> = instance.instructors.iter().map(|person| person.id.clone()).collect();
    chosen(&all, request.instructors.count as usize)
}

/// Which units could be held; nobody here asks for two kinds.
fn units(instance: &Instance, request: &Request) -> Vec<Vec<UnitsHeld>> {
    let Some(need) = request.equipment.first() else {
        return vec![vec![]];
    };
    let kind = instance.equipment.iter().find(|kind| kind.id == need.id).unwrap();
    let numbers: Vec<i64> = (1..=kind.units).collect();
    let held = |units: Vec<i64>| {
        let id = need.id.clone();
        vec![UnitsHeld { id, units }]
    };
    chosen(&numbers, need.units as usize).into_iter().map(held).collect()
}

/// All-or-nothing and pins are the rules here that more lessons can mend, so the search looks at them only at the end.
fn without_wholes(instance: &Instance) -> Instance {
    let mut instance = instance.clone();
    for request in &mut instance.requests {
        request.all_or_nothing = false;
        request.pinned.clear();
    }
    instance
}

fn best(instance: &Instance) -> Standing {
    let lessons = all_lessons(instance);
    let loose = without_wholes(instance);
    let mut best: Standing = Default::default();
    let mut stack: Vec<(usize, Vec<Assignment>)> = vec![(0, vec![])];
    while let Some((from, placed)) = stack.pop() {
        let better = standing(instance, &placed) > best;
        if better && conflicts(instance, &placed).is_empty() {
            best = standing(instance, &placed);
        }
        for (n, lesson) in lessons.iter().enumerate().skip(from) {
            let mut more = placed.clone();
            let number = 1 + placed.iter().filter(|a| a.request == lesson.request).count() as i64;
            more.push(Assignment {
                lesson: number,
                ..lesson.clone()
            });
            if conflicts(&loose, &more).is_empty() {
                stack.push((n, more));
            }
        }
    }
    best
}

prop_compose! {
    fn tiny_request(n: usize)(
        organization in 0..3usize,
        tier in 1..=2i64,
        lessons in 1..=2i64,
        minutes in prop::sample::select(vec![60i64, 60, 120]),
        cohort in 0..2usize,
        taught in any::<bool>(),
        from in 0..2i64,
        all_or_nothing in prop::bool::weighted(0.2),
        per_day_max in prop::sample::select(vec![None, Some(1)]),
        days_between_min in 0..=1i64,
        headcount in prop::sample::select(vec![20i64, 20, 30]),
    ) -> Request {
        let mut request = request(&format!("r{n}"), ["a", "b", "c"][organization]);
        request.windows = [0, DAY].map(|day| Window { span: hours(3 - from).shifted(day + from * HOUR), preference: 0 }).to_vec();
        request.cohorts = vec![CohortId::new(["c1", "c2"][cohort])];
        request.instructors.count = i64::from(taught);
        Request { tier, lessons, minutes, all_or_nothing, per_day_max, days_between_min, headcount, ..request }
    }
}

prop_compose! {
    pub fn tiny_week()(
        requests in (tiny_request(1), tiny_request(2), tiny_request(3)),
        weight in prop::sample::select(vec![1.0, 2.0, 1.5]),
        history in prop::sample::select(vec![0i64, 60, 90]),
        quota in prop::sample::select(vec![None, None, Some(60i64)]),
        second in prop::sample::select(vec![None, Some(false), Some(true)]),
        turnaround in prop::sample::select(vec![0i64, 0, 30]),
        day_max in prop::sample::select(vec![None, Some(60i64)]),
        tuesday in any::<bool>(),
    ) -> Instance {
        let mut instance = morning();
        instance.organizations.push(member("c"));
        instance.organizations[0].weight = weight;
        instance.organizations[1].history = history;
        instance.organizations[2].quota = quota;
        let open: Vec<Span> = [Some(hours(2)), tuesday.then(|| hours(1).shifted(DAY))].into_iter().flatten().collect();
        instance.rooms[0].open = open.clone();
        instance.rooms[0].turnaround = turnaround;
        // No second room, one at another site, or a bay of the first.
        if let Some(bay) = second {
            let site = SiteId::new(if bay { "base" } else { "plant" });
            let part_of = bay.then(|| RoomId::new("room"));
            instance.rooms.push(Room { site, part_of, seats: 25, open, ..room("second") });
        }
        instance.instructors = vec![Instructor { day_max, ..teacher("li") }];
        instance.requests = vec![requests.0, requests.1, requests.2];
        instance
    }
}

prop_compose! {
    /// A request for one hour, for a room of two that may be alike, for people and machines.
    fn furnished_request(n: usize)(
        organization in 0..3usize,
        lessons in prop::sample::select(if n == 1 { vec![1i64, 2] } else { vec![1] }),
        cohort in 0..2usize,
        teachers in prop::sample::select(vec![0i64, 0, 1, 2]),
        skilled in prop::bool::weighted(0.3),
        units in prop::sample::select(vec![None, None, Some(1i64), Some(2), Some(0)]),
        wants in prop::sample::select(vec![None, None, Some("room"), Some("twin")]),
        cnc in prop::bool::weighted(0.3),
    ) -> Request {
        let mut request = request(&format!("r{n}"), ["a", "b", "c"][organization]);
        request.lessons = lessons;
        request.cohorts = vec![CohortId::new(["c1", "c2"][cohort])];
        request.instructors.count = teachers;
        request.instructors.skills = skilled.then(|| (SkillId::new("lathe"), 2)).into_iter().collect();
        request.equipment = units.map(|units| EquipmentNeed { id: EquipmentId::new("lathe"), units }).into_iter().collect();
        request.rooms.any_of = wants.map(|id| vec![RoomId::new(id)]);
        request.rooms.features = cnc.then(|| FeatureId::new("cnc")).into_iter().collect();
        request
    }
}

prop_compose! {
    /// Two rooms and two people that are alike, or differ in one thing.
    fn furnished_week()(
        requests in (furnished_request(1), furnished_request(2), furnished_request(3)),
        twin_cnc in any::<bool>(),
        shut in prop::sample::select(vec![None, None, Some(0i64), Some(1)]),
        levels in (prop::sample::select(vec![2i64, 2, 1]), prop::sample::select(vec![2i64, 2, 1])),
        serves in prop::sample::select(vec![None, None, Some("a")]),
        week_max in prop::sample::select(vec![None, None, Some(HOUR)]),
        lathes in 1..=2i64,
        out in prop::sample::select(vec![0i64, 0, 1]),
        fixed in prop::bool::weighted(0.3),
        pin in prop::bool::weighted(0.3),
    ) -> Instance {
        let mut instance = morning();
        instance.organizations.push(member("c"));
        let cnc = |has: bool| has.then(|| FeatureId::new("cnc")).into_iter().collect();
        let open = vec![hours(2)];
        let blackouts = shut.map(|hour| hours(1).shifted(hour * HOUR)).into_iter().collect();
        instance.rooms = vec![
            Room { open: open.clone(), features: cnc(true), ..room("room") },
            Room { open, features: cnc(twin_cnc), blackouts, ..room("twin") },
        ];
        let skill = |level: i64| [(SkillId::new("lathe"), level)].into();
        instance.instructors = vec![
            Instructor { skills: skill(levels.0), week_max, ..teacher("li") },
            Instructor {
                skills: skill(levels.1),
                organizations: serves.map(|id| vec![OrganizationId::new(id)]),
                ..teacher("zhang")
            },
        ];
        let outage = UnitsOut { span: hours(1), units: out };
        instance.equipment = vec![Equipment {
            room: fixed.then(|| RoomId::new("room")),
            blackouts: (0 < out).then_some(outage).into_iter().collect(),
            ..equipment("lathe", lathes)
        }];
        instance.requests = vec![requests.0, requests.1, requests.2];
        if pin {
            let people = ["li", "zhang"];
            let team = &people[..instance.requests[0].instructors.count as usize];
            instance.requests[0].pinned = vec![placed(EIGHT, "room", team)];
        }
        instance
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rooms_people_and_machines_that_are_alike_or_nearly_are_shared_as_well_as_can_be(instance in furnished_week()) {
        // A pin that cannot hold is no week.
        prop_assume!(solver::problems(&instance).is_empty());
        let plan = solved(&instance);
        prop_assert_eq!(standing(&instance, &plan.assignments), best(&instance));
    }

    #[test]
    fn the_plan_is_leximin_among_all_plans(instance in tiny_week()) {
        let plan = solved(&instance);
        prop_assert_eq!(standing(&instance, &plan.assignments), best(&instance));
    }

    #[test]
    fn questions_side_by_side_prove_the_same(instance in tiny_week()) {
        let side_by_side = Options { threads: 2, ..options(600.0, Method::Optimal) };
        let plan = solved_with(&instance, &side_by_side).expect("the instance is sound");
        prop_assert_eq!(plan.status, Status::Optimal);
        prop_assert_eq!(standing(&instance, &plan.assignments), best(&instance));
    }
}
