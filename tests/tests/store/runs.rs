//! Leased work: who lost the lease changes nothing.

use super::world::*;
use backend::store::runs::{self, RunRecord};
use backend::store::{StoreError, rounds};
use domain::api::{ProgressPoint, RunState};
use domain::id::*;
use rstest::rstest;
use tests::databases::Kind;

const LEASE_MS: i64 = 15_000;

fn point(seconds: f64) -> ProgressPoint {
    ProgressPoint {
        stage: "placed".into(),
        incumbent: Some(0.1 + 0.2),
        bound: Some(1e300),
        gap: None,
        seconds,
    }
}

async fn queue(world: &World, run: &RunRecord) {
    let tx = world.store.write().await.unwrap();
    runs::insert(&tx, &world.alliance, run).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(world: &World, now_ms: i64) -> Option<RunRecord> {
    let tx = world.store.write().await.unwrap();
    let claimed = runs::claim(&tx, "worker", now_ms, LEASE_MS).await.unwrap();
    tx.commit().await.unwrap();
    claimed.map(|(_, run)| run)
}

#[rstest]
#[tokio::test]
async fn a_run_goes_from_queue_to_plan(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let (a, id, r1) = (&world.alliance, RunId::new("j1"), RoundId::new("r1"));
    let queued = RunRecord {
        from_plan: Some(PlanId::new("p0")),
        progress: vec![point(0.5)],
        ..run_record("j1")
    };
    queue(&world, &queued).await;
    let tx = world.store.write().await.unwrap();
    assert_eq!(runs::get(&tx, a, &id).await.unwrap(), Some(queued.clone()));
    assert_eq!(runs::active(&tx, a, &r1).await.unwrap(), Some(id.clone()));

    let (alliance, mut run) = runs::claim(&tx, "worker", 1_000, LEASE_MS).await.unwrap().unwrap();
    let claimed = RunRecord {
        state: RunState::Running,
        generation: 1,
        tries: 1,
        ..queued
    };
    assert_eq!((&alliance, &run), (a, &claimed));
    assert!(runs::claim(&tx, "another", 1_000, LEASE_MS).await.unwrap().is_none());

    assert!(runs::mark_started(&tx, a, &id, 1, 210).await.unwrap());
    assert!(
        runs::add_progress(&tx, a, &id, 1, &[point(1.5), point(2.5)])
            .await
            .unwrap()
    );
    assert!(runs::add_progress(&tx, a, &id, 1, &[point(3.5)]).await.unwrap());
    runs::ask_stop(&tx, a, &id).await.unwrap();
    assert!(
        runs::finish(&tx, a, &id, 1, RunState::Stopped, Some(&PlanId::new("p1")), None)
            .await
            .unwrap()
    );
    run = RunRecord {
        state: RunState::Stopped,
        started_at_min: Some(210),
        stop_asked: true,
        plan: Some(PlanId::new("p1")),
        progress: [0.5, 1.5, 2.5, 3.5].map(point).to_vec(),
        ..run
    };
    assert_eq!(runs::list(&tx, a, &r1).await.unwrap(), [run]);
    assert_eq!(runs::active(&tx, a, &r1).await.unwrap(), None);
    assert_eq!(
        runs::ask_stop(&tx, a, &RunId::new("none")).await,
        Err(StoreError::NotFound)
    );
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_worker_that_lost_its_lease_changes_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let (a, id) = (&world.alliance, RunId::new("j1"));
    queue(&world, &run_record("j1")).await;
    assert_eq!(claim(&world, 1_000).await.unwrap().generation, 1);
    assert!(
        claim(&world, 1_000 + LEASE_MS).await.is_none(),
        "the lease lasts to its end"
    );
    assert_eq!(claim(&world, 1_001 + LEASE_MS).await.unwrap().generation, 2);

    let tx = world.store.write().await.unwrap();
    assert!(!runs::heartbeat(&tx, a, &id, 1, 20_000, LEASE_MS).await.unwrap());
    assert!(!runs::mark_started(&tx, a, &id, 1, 210).await.unwrap());
    assert!(!runs::add_progress(&tx, a, &id, 1, &[point(1.0)]).await.unwrap());
    assert!(
        !runs::finish(&tx, a, &id, 1, RunState::Done, Some(&PlanId::new("p1")), None)
            .await
            .unwrap()
    );
    let run = runs::get(&tx, a, &id).await.unwrap().unwrap();
    assert_eq!(
        (run.state, run.generation, run.tries, run.plan, run.progress.len()),
        (RunState::Running, 2, 2, None, 0)
    );

    assert!(runs::heartbeat(&tx, a, &id, 2, 20_000, LEASE_MS).await.unwrap());
    assert!(
        runs::finish(&tx, a, &id, 2, RunState::Failed, None, Some("crashed"))
            .await
            .unwrap()
    );
    assert!(
        !runs::finish(&tx, a, &id, 2, RunState::Done, None, None).await.unwrap(),
        "an ended run stays ended"
    );
    assert_eq!(
        runs::get(&tx, a, &id).await.unwrap().unwrap().failure.as_deref(),
        Some("crashed")
    );
}

#[rstest]
#[tokio::test]
async fn a_heartbeat_keeps_the_lease(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    queue(&world, &run_record("j1")).await;
    claim(&world, 0).await.unwrap();
    let tx = world.store.write().await.unwrap();
    assert!(
        runs::heartbeat(&tx, &world.alliance, &RunId::new("j1"), 1, 10_000, LEASE_MS)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    assert!(claim(&world, 25_000).await.is_none());
    assert_eq!(claim(&world, 25_001).await.unwrap().generation, 2);
}

#[rstest]
#[tokio::test]
async fn a_run_that_lost_three_workers_has_failed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    queue(&world, &run_record("j1")).await;
    for now_ms in [0, 20_000, 40_000] {
        assert!(claim(&world, now_ms).await.is_some());
    }
    assert!(claim(&world, 60_000).await.is_none(), "there is no fourth try");
    let tx = world.store.write().await.unwrap();
    assert_eq!(runs::fail_exhausted(&tx, 55_000).await.unwrap(), []);
    assert_eq!(
        runs::fail_exhausted(&tx, 60_000).await.unwrap(),
        [(AllianceId::new("a"), RunId::new("j1"))]
    );
    assert_eq!(runs::fail_exhausted(&tx, 60_000).await.unwrap(), []);
    let run = runs::get(&tx, &world.alliance, &RunId::new("j1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (run.state, run.failure.as_deref()),
        (RunState::Failed, Some("tries_exhausted"))
    );
    runs::insert(&tx, &world.alliance, &run_record("j2")).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn the_oldest_run_of_any_alliance_comes_first(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.found("b").await;
    let tx = world.store.write().await.unwrap();
    let at = |id: &str, queued_at_min: i64| RunRecord {
        queued_at_min,
        ..run_record(id)
    };
    runs::insert(&tx, &AllianceId::new("a"), &at("late", 300))
        .await
        .unwrap();
    runs::insert(&tx, &AllianceId::new("b"), &at("early", 200))
        .await
        .unwrap();
    let first = runs::claim(&tx, "w1", 0, LEASE_MS).await.unwrap().unwrap();
    let second = runs::claim(&tx, "w2", 0, LEASE_MS).await.unwrap().unwrap();
    assert_eq!((first.0.as_str(), first.1.id.as_str()), ("b", "early"));
    assert_eq!((second.0.as_str(), second.1.id.as_str()), ("a", "late"));
}

/// Many workers look at once: every run is taken by exactly one.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_run_is_claimed_twice(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    for n in 1..=10 {
        let round = round(&format!("week{n}"), n);
        rounds::insert(&tx, &world.alliance, &round).await.unwrap();
        let run = RunRecord {
            round: round.id,
            ..run_record(&format!("j{n}"))
        };
        runs::insert(&tx, &world.alliance, &run).await.unwrap();
    }
    tx.commit().await.unwrap();
    let workers = (0..30).map(|n| {
        let store = world.store.clone();
        tokio::spawn(async move {
            let tx = store.write().await.unwrap();
            let claimed = runs::claim(&tx, &format!("w{n}"), 0, LEASE_MS).await.unwrap();
            tx.commit().await.unwrap();
            claimed.map(|(_, run)| run.id)
        })
    });
    let answers = futures::future::join_all(workers).await;
    let mut claimed: Vec<RunId> = answers.into_iter().filter_map(Result::unwrap).collect();
    let all = claimed.len();
    claimed.sort();
    claimed.dedup();
    assert_eq!((all, claimed.len()), (10, 10));
}
