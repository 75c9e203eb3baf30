//! A catalog comes back as it was written.

use super::world::*;
use backend::store::{StoreError, alliances, catalog};
use chrono::NaiveDate;
use domain::catalog::{BaseKind, Blackout, Catalog, Equipment, Named, Out};
use domain::id::*;
use domain::people::{
    Agreement, Cohort, CohortKind, Instructor, InstructorKind, Organization, OrganizationKind, Qualification,
};
use domain::time::{DayKind, Span, SpecialDay};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rstest::rstest;
use tests::databases::Kind;

async fn round_trip(world: &World, written: &Catalog) {
    let tx = world.store.write().await.unwrap();
    catalog::replace(&tx, &world.alliance, written).await.unwrap();
    tx.commit().await.unwrap();
    let tx = world.store.read().await.unwrap();
    assert_eq!(&catalog::load(&tx, &world.alliance).await.unwrap(), written);
}

#[rstest]
#[tokio::test]
async fn everything_comes_back_as_it_was_written(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    round_trip(&world, &rich_catalog()).await;
    round_trip(&world, &small_catalog()).await;
}

#[rstest]
#[tokio::test]
async fn any_catalog_comes_back_as_it_was_written(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..20 {
        let written = any_catalog().new_tree(&mut runner).unwrap().current();
        round_trip(&world, &written).await;
    }
}

/// More rows than one statement takes values.
#[rstest]
#[tokio::test]
async fn a_large_catalog_is_written_in_several_statements(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let mut large = small_catalog();
    large.rooms = (0..6_000).map(|n| room(&format!("room{n}"), "b1")).collect();
    large.rooms[0].part_of = Some(RoomId::new("room5999"));
    round_trip(&world, &large).await;
}

#[rstest]
#[tokio::test]
async fn every_change_raises_the_version(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    let before = alliances::get(&tx, &world.alliance).await.unwrap().catalog_version;
    alliances::bump_catalog(&tx, &world.alliance).await.unwrap();
    catalog::replace(&tx, &world.alliance, &rich_catalog()).await.unwrap();
    let after = alliances::get(&tx, &world.alliance).await.unwrap();
    assert_eq!(
        (after.catalog_version, after.zone.as_str(), after.travel_default_min),
        (before + 2, "Asia/Urumqi", 45)
    );
}

#[rstest]
#[tokio::test]
async fn an_unknown_alliance_has_no_catalog(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let nobody = AllianceId::new("nobody");
    let tx = world.store.write().await.unwrap();
    assert_eq!(catalog::load(&tx, &nobody).await, Err(StoreError::NotFound));
    assert_eq!(
        catalog::replace(&tx, &nobody, &small_catalog()).await,
        Err(StoreError::NotFound)
    );
    assert_eq!(alliances::get(&tx, &nobody).await, Err(StoreError::NotFound));
    assert_eq!(alliances::list(&tx).await.unwrap().len(), 1);
}

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// One of everything, with every optional field once given and once not. Nothing is in the order of its id.
fn rich_catalog() -> Catalog {
    let make_up = DayKind::MakeUp { teaches_as: 2 };
    let make_up_day = SpecialDay {
        date: date(2026, 10, 10),
        name: "调休".into(),
        kind: make_up,
    };
    let holiday = SpecialDay {
        date: date(2026, 10, 1),
        name: "国庆节".into(),
        kind: DayKind::Holiday,
    };
    let mut hosted = base("b0");
    hosted.kind = BaseKind::PlantInSchool;
    hosted.host = Some(OrganizationId::new("o2"));
    let mut bay = room("cnc-左", "b1");
    bay.part_of = Some(RoomId::new("cnc"));
    bay.features = vec![FeatureId::new("dust"), FeatureId::new("crane")];
    bay.open = Some(vec![Span::new(480, 700), Span::new(840, 1060)]);
    Catalog {
        zone: "Asia/Urumqi".into(),
        special_days: vec![make_up_day, holiday],
        travel: vec![(BaseId::new("b1"), BaseId::new("b0"), 25)],
        travel_default_min: 45,
        features: vec![
            named("dust", "除尘", "dust extraction"),
            named("crane", "行车", "crane"),
        ],
        skills: vec![named("weld", "焊接", "welding"), named("crane", "起重", "lifting")],
        organizations: vec![
            organization("o2"),
            Organization {
                kind: OrganizationKind::Enterprise,
                weight: 0.1 + 0.2,
                quota: None,
                ..organization("o1")
            },
        ],
        bases: vec![base("b1"), hosted],
        rooms: vec![bay, room("cnc", "b1"), room("lab", "b0")],
        equipment: vec![equipment("mill", Some("cnc"), true), equipment("cart", None, false)],
        instructors: vec![
            instructor(
                "wang",
                Some(vec![OrganizationId::new("o2"), OrganizationId::new("o1")]),
                Some(960),
            ),
            instructor("li", None, None),
        ],
        cohorts: vec![
            cohort("数控2401"),
            Cohort {
                qualifications: vec![],
                ..cohort("焊接2402")
            },
        ],
        blackouts: vec![
            blackout("x4", Out::Base(BaseId::new("b1"))),
            blackout("x2", Out::Room(RoomId::new("cnc"))),
            blackout(
                "x3",
                Out::Unit {
                    equipment: EquipmentId::new("mill"),
                    number: 2,
                },
            ),
            blackout("x1", Out::Instructor(InstructorId::new("li"))),
        ],
        ..small_catalog()
    }
}

fn named(id: &str, name: &str, name_en: &str) -> Named {
    Named {
        id: id.into(),
        name: name.into(),
        name_en: name_en.into(),
    }
}

fn equipment(id: &str, room: Option<&str>, qualification_needed: bool) -> Equipment {
    let room = room.map(RoomId::new);
    Equipment {
        id: EquipmentId::new(id),
        base: BaseId::new("b1"),
        room,
        name: format!("设备 {id}"),
        units: 12,
        qualification_needed,
    }
}

fn instructor(id: &str, serves: Option<Vec<OrganizationId>>, most: Option<i64>) -> Instructor {
    let (from, until) = (date(2025, 9, 1), date(2028, 9, 1));
    Instructor {
        id: InstructorId::new(id),
        name: format!("{id} 师傅"),
        kind: InstructorKind::HeritageMaster,
        industry: "数控加工".into(),
        organization: OrganizationId::new("o1"),
        skills: [(SkillId::new("weld"), 5), (SkillId::new("crane"), 1)].into(),
        available: vec![Span::new(480, 700)],
        day_max_min: most.map(|minutes| minutes / 4),
        agreement: Agreement {
            from,
            until,
            week_max_min: most,
            organizations: serves,
        },
    }
}

fn cohort(id: &str) -> Cohort {
    let until = date(2028, 2, 29);
    Cohort {
        id: CohortId::new(id),
        organization: OrganizationId::new("o2"),
        name: format!("{id} 班"),
        kind: CohortKind::OrderClass,
        headcount: 38,
        qualifications: vec![Qualification {
            equipment: EquipmentId::new("mill"),
            until,
        }],
    }
}

fn blackout(id: &str, out: Out) -> Blackout {
    Blackout {
        id: id.into(),
        out,
        span: Span::new(29_500_000, 29_501_440),
        reason: "检修；'引号' \"双\" \\".into(),
    }
}

/// Catalogs with any text that a column can hold, any numbers, and rooms that are parts of later rooms.
fn any_catalog() -> impl Strategy<Value = Catalog> {
    let text = || "[^\\x00]{0,12}";
    let weekly = || {
        proptest::collection::vec(
            (0..10_000_i64, 1..500_i64).prop_map(|(from, len)| Span::new(from, from + len)),
            0..4,
        )
    };
    let member = (text(), text(), 0.001..1e6_f64, proptest::option::of(0..=i64::MAX));
    let place = (
        text(),
        text(),
        0..=i64::MAX,
        proptest::option::of(weekly()),
        any::<bool>(),
    );
    let members = proptest::collection::vec(member, 1..6);
    let places = proptest::collection::vec(place, 1..8);
    (members, places, weekly(), text(), any::<bool>()).prop_map(|(members, places, open, address, safety_induction)| {
        let mut written = small_catalog();
        written
            .organizations
            .extend(
                members
                    .into_iter()
                    .enumerate()
                    .map(|(n, (name, seal, weight, quota))| Organization {
                        name,
                        seal,
                        weight,
                        quota,
                        ..organization(&format!("m{n}"))
                    }),
            );
        written.bases.push(domain::catalog::Base {
            address,
            open,
            safety_induction,
            ..base("b9")
        });
        let last = places.len() - 1;
        written.rooms.extend(
            places
                .into_iter()
                .enumerate()
                .map(|(n, (center, name, seats, open, is_part))| {
                    let part_of = (is_part && n != last).then(|| RoomId::new(format!("p{last}")));
                    domain::catalog::Room {
                        center,
                        name,
                        seats,
                        open,
                        part_of,
                        ..room(&format!("p{n}"), "b9")
                    }
                }),
        );
        written
    })
}
