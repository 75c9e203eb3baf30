//! Plans: what was solved and what was made of it.

use super::world::*;
use backend::store::plans::{self, PlanRecord};
use backend::store::{StoreError, runs};
use domain::certificate::{Bottleneck, Limit, Stop, Stopped};
use domain::id::*;
use domain::plan::{Assignment, Extra, Granted, Plan, Reason, Remedy, Scarce, Stage, UnitsHeld, Unplaced};
use domain::time::Span;
use rstest::rstest;
use tests::databases::Kind;

fn full_plan() -> Plan {
    let (cnc, q1) = (RoomId::new("cnc"), RequestId::new("q1"));
    let equipment = vec![UnitsHeld {
        id: EquipmentId::new("mill"),
        units: vec![1, 2],
    }];
    let instructors = vec![InstructorId::new("wang")];
    Plan {
        assignments: vec![Assignment {
            request: q1.clone(),
            lesson: 1,
            start: 480,
            room: cnc.clone(),
            equipment,
            instructors,
            pinned: true,
        }],
        unplaced: vec![Unplaced {
            request: q1,
            lessons: 1,
            reasons: vec![Reason::FairShareReached {
                level: 700,
                level_min: 300,
            }],
            would_fit: vec![Remedy::Shorter {
                minutes: 45,
                start: 600,
                room: cnc,
            }],
        }],
        organizations: vec![Granted {
            id: OrganizationId::new("o1"),
            asked: 200,
            granted: 100,
            level: 66.25,
            claim: Some(112.5),
            memoryless: Some(120.0),
        }],
        certificate: vec![Stop {
            tier: 1,
            level: 112.5,
            members: vec![Stopped {
                organization: OrganizationId::new("o1"),
                part: 1.0,
            }],
            by: vec![Bottleneck {
                what: Limit::Rooms {
                    rooms: vec![RoomId::new("cnc")],
                    spans: vec![Span::new(480, 720)],
                },
                price: 0.5,
            }],
        }],
        scarce: vec![Scarce {
            what: Extra::Room {
                like: RoomId::new("cnc"),
            },
            span: Span::new(480, 720),
            minutes: 210,
        }],
        stages: vec![Stage {
            name: "placed".into(),
            value: 3.0,
            bound: 3.5,
            gap: 0.125,
            seconds: 1.75,
            rows: 10,
            columns: 20,
        }],
        ..empty_plan()
    }
}

#[rstest]
#[tokio::test]
async fn a_plan_comes_back_as_it_was_written_and_changed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    runs::insert(&tx, a, &run_record("j1")).await.unwrap();
    let written = PlanRecord {
        run: Some(RunId::new("j1")),
        plan: full_plan(),
        ..plan_record("p1")
    };
    plans::insert(&tx, a, &written).await.unwrap();
    plans::insert(
        &tx,
        a,
        &PlanRecord {
            created_at_min: 299,
            ..plan_record("p2")
        },
    )
    .await
    .unwrap();
    assert_eq!(plans::get(&tx, a, &written.id).await.unwrap(), Some(written.clone()));
    assert_eq!(plans::get(&tx, a, &PlanId::new("none")).await.unwrap(), None);

    let approved = Some(PersonId::new("bob"));
    let changed = PlanRecord {
        version: 2,
        plan: empty_plan(),
        label: "二".into(),
        edited: true,
        editors: ["ann", "bob"].map(PersonId::new).into(),
        approved,
        discarded: true,
        ..written
    };
    plans::update(&tx, a, &changed, 1).await.unwrap();
    assert_eq!(plans::update(&tx, a, &changed, 1).await, Err(StoreError::Stale));
    let all = plans::list(&tx, a, &RoundId::new("r1")).await.unwrap();
    assert_eq!(
        all,
        [
            PlanRecord {
                created_at_min: 299,
                ..plan_record("p2")
            },
            changed
        ]
    );
}

#[rstest]
#[tokio::test]
async fn a_change_does_not_touch_what_was_solved(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.draw("p1").await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    let forged = PlanRecord {
        instance: "another".into(),
        created_at_min: 1,
        made_by: PersonId::new("ann"),
        ..plan_record("p1")
    };
    plans::update(&tx, a, &forged, 1).await.unwrap();
    let stored = plans::get(&tx, a, &forged.id).await.unwrap();
    assert_eq!(
        stored,
        Some(PlanRecord {
            version: 2,
            ..plan_record("p1")
        })
    );
}
