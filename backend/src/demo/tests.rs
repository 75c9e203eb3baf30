//! The demo holds what its tables promise, whatever the seed.

mod week;

use super::*;
use domain::rules;
use domain::time::{DayKind, MINUTES_PER_DAY, teaches_as};
use std::collections::BTreeSet;

fn week_today() -> Week {
    Week::of(chrono::NaiveDate::from_ymd_opt(2026, 11, 26).unwrap())
}

fn demo(seed: u64) -> Demo {
    alliance(week_today(), seed)
}

/// Panics on an id that stands twice.
fn unique<'a>(what: &str, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for id in ids {
        assert!(seen.insert(id), "{what} {id} stands twice");
    }
    seen
}

#[test]
fn the_alliance_has_its_size() {
    let demo = demo(SEED_DEFAULT);
    let catalog = &demo.catalog;
    let whole = |room: &&domain::catalog::Room| room.base.as_str() == "public" && room.part_of.is_none();
    let public: Vec<_> = catalog.rooms.iter().filter(whole).collect();
    let centers: BTreeSet<_> = public.iter().map(|room| &room.center).collect();
    let bays = catalog.rooms.iter().filter(|room| room.part_of.is_some()).count();
    assert_eq!((catalog.bases.len(), centers.len(), public.len(), bays), (5, 6, 24, 3));
    assert_eq!(
        (
            catalog.organizations.len(),
            catalog.instructors.len(),
            catalog.cohorts.len()
        ),
        (14, 40, 60)
    );
    assert_eq!((demo.requests.len(), demo.requests_now.len()), (REQUESTS, REQUESTS_NOW));
    assert_eq!((demo.ledger.len(), demo.rounds.len()), (PAST_WEEKS, PAST_WEEKS + 2));
    assert_eq!(
        catalog
            .equipment
            .iter()
            .filter(|kind| kind.qualification_needed)
            .count(),
        2
    );
    let lathe = catalog
        .equipment
        .iter()
        .find(|kind| kind.id.as_str() == "lathe")
        .unwrap();
    assert_eq!(
        (lathe.units, lathe.room.as_ref().map(RoomId::as_str)),
        (12, Some("cnc"))
    );
    let by_hand = catalog.cohorts.iter().find(|cohort| cohort.name == "数控2401").unwrap();
    assert_eq!((by_hand.headcount, by_hand.organization.as_str()), (36, "jishi"));
}

#[test]
fn ids_and_logins_are_unique_and_seals_have_two_characters() {
    let Demo {
        catalog,
        people,
        rounds,
        requests_now,
        requests,
        ..
    } = &demo(SEED_DEFAULT);
    unique("organization", catalog.organizations.iter().map(|x| x.id.as_str()));
    unique("seal", catalog.organizations.iter().map(|x| x.seal.as_str()));
    unique("feature", catalog.features.iter().map(|x| x.id.as_str()));
    unique("skill", catalog.skills.iter().map(|x| x.id.as_str()));
    unique("base", catalog.bases.iter().map(|x| x.id.as_str()));
    unique("room", catalog.rooms.iter().map(|x| x.id.as_str()));
    unique("room name", catalog.rooms.iter().map(|x| x.name.as_str()));
    unique("equipment", catalog.equipment.iter().map(|x| x.id.as_str()));
    unique("instructor", catalog.instructors.iter().map(|x| x.id.as_str()));
    unique("instructor name", catalog.instructors.iter().map(|x| x.name.as_str()));
    unique("cohort", catalog.cohorts.iter().map(|x| x.id.as_str()));
    unique("blackout", catalog.blackouts.iter().map(|x| x.id.as_str()));
    unique("person", people.iter().map(|x| x.id.as_str()));
    unique("login", people.iter().map(|x| x.login.as_str()));
    unique("round", rounds.iter().map(|x| x.id.as_str()));
    unique("request", requests_now.iter().chain(requests).map(|x| x.id.as_str()));
    assert!(
        catalog
            .organizations
            .iter()
            .all(|member| member.seal.chars().count() == 2)
    );
}

#[test]
fn whatever_is_named_exists() {
    let Demo {
        catalog,
        people,
        rounds,
        requests_now,
        requests,
        ledger,
        ..
    } = &demo(SEED_DEFAULT);
    let organizations = unique("organization", catalog.organizations.iter().map(|x| x.id.as_str()));
    let features = unique("feature", catalog.features.iter().map(|x| x.id.as_str()));
    let skills = unique("skill", catalog.skills.iter().map(|x| x.id.as_str()));
    let bases = unique("base", catalog.bases.iter().map(|x| x.id.as_str()));
    let rooms = unique("room", catalog.rooms.iter().map(|x| x.id.as_str()));
    let instructors = unique("instructor", catalog.instructors.iter().map(|x| x.id.as_str()));
    let persons = unique("person", people.iter().map(|x| x.id.as_str()));
    assert!(
        catalog
            .bases
            .iter()
            .flat_map(|base| &base.host)
            .all(|id| organizations.contains(id.as_str()))
    );
    assert!(
        catalog
            .travel
            .iter()
            .all(|(a, b, _)| bases.contains(a.as_str()) && bases.contains(b.as_str()))
    );
    for room in &catalog.rooms {
        assert!(bases.contains(room.base.as_str()) && room.part_of.iter().all(|id| rooms.contains(id.as_str())));
        assert!(
            room.features.iter().all(|id| features.contains(id.as_str())),
            "{}",
            room.id
        );
    }
    for kind in &catalog.equipment {
        let fixed = kind
            .room
            .as_ref()
            .map(|id| catalog.rooms.iter().find(|room| room.id == *id).unwrap());
        assert!(
            bases.contains(kind.base.as_str()) && fixed.is_none_or(|room| room.base == kind.base),
            "{}",
            kind.id
        );
    }
    for person in &catalog.instructors {
        let served = person.agreement.organizations.iter().flatten();
        assert!(
            served
                .chain([&person.organization])
                .all(|id| organizations.contains(id.as_str())),
            "{}",
            person.id
        );
        assert!(
            person
                .skills
                .iter()
                .all(|(id, level)| skills.contains(id.as_str()) && (1..=5).contains(level))
        );
    }
    for person in people {
        assert!(
            person.organization.iter().all(|id| organizations.contains(id.as_str())),
            "{}",
            person.login
        );
        assert!(
            person.instructor.iter().all(|id| instructors.contains(id.as_str())),
            "{}",
            person.login
        );
    }
    for request in requests_now.iter().chain(requests) {
        assert!(rounds.iter().any(|round| round.id == request.round), "{}", request.id);
        assert!(persons.contains(request.person.as_str()) && organizations.contains(request.organization.as_str()));
    }
    for (_, lines) in ledger {
        let named: BTreeSet<&str> = lines.iter().map(|line| line.organization.as_str()).collect();
        assert_eq!(named, organizations);
    }
}

#[test]
fn every_member_has_a_requester_who_asks() {
    let demo = demo(SEED_DEFAULT);
    for member in &demo.catalog.organizations {
        let asks = |request: &&DemoRequest| request.organization == member.id;
        assert!(
            demo.requests.iter().any(|request| asks(&request)),
            "{} asks for nothing",
            member.name
        );
        for request in demo.requests.iter().filter(asks) {
            let person = demo.people.iter().find(|person| person.id == request.person).unwrap();
            assert_eq!(person.organization.as_ref(), Some(&member.id));
        }
    }
}

#[test]
fn every_draft_passes_the_rules_for_many_seeds() {
    for seed in (0..20).chain([SEED_DEFAULT]) {
        let demo = demo(seed);
        for (week, requests) in [
            (week_today(), &demo.requests_now),
            (week_today().next(), &demo.requests),
        ] {
            for member in &demo.catalog.organizations {
                let setting = setting(&demo.catalog, week, &member.id);
                for request in requests.iter().filter(|request| request.organization == member.id) {
                    let broken = rules::check(&request.draft, &setting);
                    assert_eq!(broken, [], "seed {seed}, {}: {:?}", request.id, request.draft);
                }
            }
        }
        let lessons: i64 = demo.requests.iter().map(|request| request.draft.lessons).sum();
        assert!((250..=310).contains(&lessons), "seed {seed} asks for {lessons} lessons");
    }
}

#[test]
fn the_seed_decides_everything_and_nothing_else_does() {
    assert_eq!(demo(7), demo(7));
    assert_ne!(demo(7).requests, demo(8).requests);
    assert_ne!(demo(7).ledger, demo(8).ledger);
    assert_eq!(demo(7).catalog, demo(8).catalog);
}

#[test]
fn the_coming_week_has_a_holiday_and_its_make_up_day() {
    let demo = demo(SEED_DEFAULT);
    let (week, special) = (week_today().next(), &demo.catalog.special_days);
    assert_eq!(
        (teaches_as(week, 4, special), teaches_as(week, 6, special)),
        (None, Some(4))
    );
    assert!(
        special
            .iter()
            .any(|day| day.kind == DayKind::Holiday && !day.name.is_empty())
    );
    let world = demo.catalog.world(week);
    let open_on = |day: i64| {
        world
            .rooms
            .iter()
            .flat_map(|room| &room.open)
            .any(|span| span.from / MINUTES_PER_DAY == day)
    };
    assert!(!open_on(4) && open_on(6));
    // The week after has no special day, and its Sunday is closed.
    let after = demo.catalog.world(week.next());
    assert!(
        after
            .rooms
            .iter()
            .flat_map(|room| &room.open)
            .all(|span| span.from / MINUTES_PER_DAY < 6)
    );
}

#[test]
fn closures_and_an_ending_agreement_show_in_the_coming_week() {
    let demo = demo(SEED_DEFAULT);
    let world = demo.catalog.world(week_today().next());
    assert!(world.rooms.iter().any(|room| !room.blackouts.is_empty()));
    assert!(world.equipment.iter().any(|kind| !kind.blackouts.is_empty()));
    let last_day = |id: &str| {
        world
            .instructor(&InstructorId::new(id))
            .unwrap()
            .available
            .last()
            .unwrap()
            .from
            / MINUTES_PER_DAY
    };
    assert_eq!(last_day("lu_meiying"), 2);
    let away = world.instructor(&InstructorId::new("wu_xiaodong")).unwrap();
    assert!(away.available.iter().all(|span| span.from >= 2 * MINUTES_PER_DAY));
    assert!(world.instructors.iter().all(|person| !person.available.is_empty()));
}

#[test]
fn the_ledger_grants_no_more_than_asked_and_uses_no_more_than_granted() {
    let demo = demo(SEED_DEFAULT);
    for (_, lines) in &demo.ledger {
        for line in lines {
            let used = line.used_min + line.lost_min;
            assert!(
                0 <= line.used_min && used <= line.granted_min && line.granted_min <= line.asked_min,
                "{line:?}"
            );
            assert!(line.claim_min <= line.asked_min, "{line:?}");
        }
    }
    assert!(demo.ledger.last().unwrap().1.iter().any(|line| line.due_min != 0));
}
