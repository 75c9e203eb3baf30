//! Standings of members, and what people may act as.

use super::world::*;
use backend::store::standings::StepRecord;
use backend::store::{StoreError, catalog, memberships, people, requests, standings};
use domain::id::*;
use domain::people::{Membership, Role};
use domain::standing::{Standing, StandingState};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::Kind;

fn step(state: StandingState, until_at_min: Option<i64>) -> StepRecord {
    StepRecord {
        organization: OrganizationId::new("o1"),
        state,
        reason: "三次爽约".into(),
        until_at_min,
        at_min: 500,
        by: PersonId::new("bob"),
    }
}

#[rstest]
#[tokio::test]
async fn the_last_step_is_the_standing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let (a, o1) = (&world.alliance, OrganizationId::new("o1"));
    let tx = world.store.write().await.unwrap();
    assert_eq!(standings::get(&tx, a, &o1).await.unwrap(), Standing::good());
    let suspended = step(StandingState::Suspended, Some(900));
    standings::step(&tx, a, 0, &suspended).await.unwrap();
    assert_eq!(standings::step(&tx, a, 0, &suspended).await, Err(StoreError::Stale));
    let left = step(StandingState::Left, None);
    standings::step(&tx, a, 1, &left).await.unwrap();
    let now = standings::get(&tx, a, &o1).await.unwrap();
    assert_eq!((now.state, now.version), (StandingState::Left, 2));
    assert_eq!(standings::all(&tx, a).await.unwrap(), [suspended, left]);
    // An import of the catalog leaves the standing as it is.
    catalog::replace(&tx, a, &small_catalog()).await.unwrap();
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_suspension_without_an_end_is_refused(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    let sql = "INSERT INTO standing_steps VALUES ('a', 'o1', 1, 'suspended', 'r', NULL, 5, 'bob')";
    let refused = tx.execute_unprepared(sql).await.unwrap_err();
    assert!(refused.to_string().contains("a_suspension_has_an_end"), "{refused}");
}

#[rstest]
#[tokio::test]
async fn a_person_has_one_role_a_seat_and_acts_as_one(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let (a, ann) = (&world.alliance, PersonId::new("ann"));
    let seat = |organization: Option<&str>, role| Membership {
        organization: organization.map(OrganizationId::new),
        role,
    };
    let tx = world.store.write().await.unwrap();
    let first = seat(Some("o1"), Role::Requester);
    assert_eq!(
        memberships::of(&tx, a, &ann).await.unwrap(),
        std::slice::from_ref(&first),
        "it comes with the person"
    );
    let (second, office) = (seat(Some("o2"), Role::OrganizationAdmin), seat(None, Role::Auditor));
    for given in [&second, &office, &second] {
        memberships::put(&tx, a, &ann, given).await.unwrap();
    }
    assert_eq!(
        memberships::of(&tx, a, &ann).await.unwrap(),
        [office, first, second.clone()]
    );
    assert_eq!(memberships::all(&tx, a).await.unwrap()[&ann].len(), 3);
    people::act(&tx, a, &ann, &second).await.unwrap();
    let acting = people::get(&tx, a, &ann).await.unwrap().unwrap();
    assert_eq!(
        (acting.organization, acting.role),
        (second.organization.clone(), second.role)
    );
    let o2 = second.organization.as_ref();
    assert!(memberships::delete(&tx, a, &ann, o2).await.unwrap());
    assert!(!memberships::delete(&tx, a, &ann, o2).await.unwrap());
    people::set_active(&tx, a, &ann, false).await.unwrap();
    assert!(!people::get(&tx, a, &ann).await.unwrap().unwrap().active);
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_request_is_handed_over_by_whoever_answers_for_it(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let (a, q1) = (&world.alliance, RequestId::new("q1"));
    let (ann, bob) = (PersonId::new("ann"), PersonId::new("bob"));
    let tx = world.store.write().await.unwrap();
    requests::hand_over(&tx, a, &q1, &ann, &bob).await.unwrap();
    assert_eq!(requests::get(&tx, a, &q1).await.unwrap().unwrap().created_by, bob);
    assert_eq!(
        requests::hand_over(&tx, a, &q1, &ann, &bob).await,
        Err(StoreError::Stale)
    );
}
