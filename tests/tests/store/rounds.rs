//! Rounds: one a week, and a stale page changes nothing.

use super::world::*;
use backend::store::{StoreError, rounds};
use domain::id::*;
use domain::round::{Round, RoundState};
use rstest::rstest;
use sea_orm::strum::VariantArray;
use tests::databases::Kind;

#[rstest]
#[tokio::test]
async fn rounds_are_found_by_id_and_week_and_listed_latest_first(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    // Across a turn of the year, where text order and time order could part.
    for (id, n) in [("r2", 50), ("r3", 20)] {
        rounds::insert(&tx, a, &round(id, n)).await.unwrap();
    }
    let order: Vec<RoundId> = rounds::list(&tx, a)
        .await
        .unwrap()
        .into_iter()
        .map(|round| round.id)
        .collect();
    assert_eq!(order, [RoundId::new("r2"), RoundId::new("r3"), RoundId::new("r1")]);
    assert_eq!(
        rounds::get(&tx, a, &RoundId::new("r3")).await.unwrap(),
        Some(round("r3", 20))
    );
    assert_eq!(rounds::by_week(&tx, a, week(50)).await.unwrap(), Some(round("r2", 50)));
    assert_eq!(rounds::by_week(&tx, a, week(51)).await.unwrap(), None);
    assert_eq!(rounds::get(&tx, a, &RoundId::new("none")).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn a_change_against_an_old_version_is_stale(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    let closed = Round {
        state: RoundState::Closed,
        published: Some(PlanId::new("p1")),
        cut_off_min: 7,
        ..round("r1", 0)
    };
    rounds::update(&tx, a, &closed, 1).await.unwrap();
    assert_eq!(
        rounds::get(&tx, a, &closed.id).await.unwrap(),
        Some(Round {
            version: 2,
            ..closed.clone()
        })
    );
    assert_eq!(rounds::update(&tx, a, &closed, 1).await, Err(StoreError::Stale));
    assert_eq!(rounds::update(&tx, a, &closed, 3).await, Err(StoreError::Stale));
    assert_eq!(
        rounds::update(&tx, a, &round("none", 3), 1).await,
        Err(StoreError::Stale)
    );
    // A stale answer is not a failed statement: what else was done may still commit.
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn every_state_is_stored(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    for (version, state) in (1..).zip(RoundState::VARIANTS) {
        rounds::update(
            &tx,
            &world.alliance,
            &Round {
                state: *state,
                ..round("r1", 0)
            },
            version,
        )
        .await
        .unwrap();
        let stored = rounds::get(&tx, &world.alliance, &RoundId::new("r1"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((stored.state, stored.version), (*state, version + 1));
    }
}

/// Two coordinators publish at the same moment: one does, the other is told that the page was stale.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_16_coordinators_changes_a_round(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    for version in 1..=10 {
        let tries = (0..16).map(|_| {
            let (store, alliance) = (world.store.clone(), world.alliance.clone());
            tokio::spawn(async move {
                let tx = store.write().await?;
                rounds::update(&tx, &alliance, &round("r1", 0), version).await?;
                tx.commit().await
            })
        });
        let answers: Vec<_> = futures::future::join_all(tries)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        let stale = answers
            .iter()
            .filter(|answer| **answer == Err(StoreError::Stale))
            .count();
        assert_eq!((won, stale), (1, 15), "{answers:?}");
    }
}
