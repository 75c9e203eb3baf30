//! Requests: numbers, versions, states and stories.

use super::world::*;
use backend::store::requests::{self, Counted, RequestFilter, RequestRecord, StoryRecord};
use backend::store::{StoreError, rounds};
use domain::api::Missing;
use domain::id::*;
use domain::plan::{Reason, Remedy};
use domain::request::RequestState;
use domain::time::Span;
use rstest::rstest;
use sea_orm::strum::VariantArray;
use tests::databases::Kind;

fn story(state: RequestState, at_min: i64, note: &str) -> StoryRecord {
    StoryRecord {
        state,
        at_min,
        by: PersonId::new("bob"),
        note: note.into(),
    }
}

#[rstest]
#[tokio::test]
async fn numbers_count_within_a_round_and_an_organization(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    rounds::insert(&tx, a, &round("r2", 1)).await.unwrap();
    let in_round = |id: &str, round: &str| RequestRecord {
        round: RoundId::new(round),
        number: 77,
        ..request_record(id)
    };
    assert_eq!(requests::insert(&tx, a, &in_round("q1", "r1")).await, Ok(1001));
    let of_another = RequestRecord {
        organization: OrganizationId::new("o2"),
        ..in_round("q4", "r1")
    };
    assert_eq!(requests::insert(&tx, a, &of_another).await, Ok(2001));
    assert_eq!(requests::insert(&tx, a, &in_round("q2", "r1")).await, Ok(1002));
    assert_eq!(requests::insert(&tx, a, &in_round("q3", "r2")).await, Ok(1001));
    assert_eq!(
        requests::get(&tx, a, &RequestId::new("q2"))
            .await
            .unwrap()
            .unwrap()
            .number,
        1002
    );
}

/// Whoever asks for more than a thousand has numbers of its own all the same.
#[rstest]
#[tokio::test]
async fn a_thousand_requests_take_no_number_of_another_member(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    let (r1, o1) = (RoundId::new("r1"), OrganizationId::new("o1"));
    let many: Vec<RequestRecord> = (0..1000).map(|n| request_record(&format!("q{n}"))).collect();
    let step = story(RequestState::Draft, 100, "");
    assert_eq!(requests::insert(&tx, a, &request_record("before")).await, Ok(1001));
    assert_eq!(
        requests::insert_many(&tx, a, (&r1, &o1), &many, &step).await,
        Ok(1_000_001)
    );
    assert_eq!(requests::insert(&tx, a, &request_record("after")).await, Ok(1002));
    let of_another = RequestRecord {
        organization: OrganizationId::new("o2"),
        ..request_record("another")
    };
    assert_eq!(requests::insert(&tx, a, &of_another).await, Ok(2001));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_members_at_once_get_forty_numbers(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tries = (0..40).map(|n| {
        let (store, alliance) = (world.store.clone(), world.alliance.clone());
        tokio::spawn(async move {
            let tx = store.write().await?;
            let number = requests::insert(&tx, &alliance, &request_record(&format!("q{n}"))).await?;
            tx.commit().await?;
            Ok::<i64, StoreError>(number)
        })
    });
    let answers = futures::future::join_all(tries).await;
    let mut numbers: Vec<i64> = answers.into_iter().map(|number| number.unwrap().unwrap()).collect();
    numbers.sort();
    assert_eq!(numbers, (1001..=1040).collect::<Vec<_>>());
}

#[rstest]
#[tokio::test]
async fn a_request_comes_back_as_it_was_changed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let a = &world.alliance;
    let held_by = vec![RequestId::new("q7")];
    let reasons = vec![Reason::RoomTaken {
        room: RoomId::new("cnc"),
        span: Span::new(480, 580),
        held_by,
    }];
    let would_fit = vec![Remedy::OtherWindow {
        start: 600,
        room: RoomId::new("cnc"),
    }];
    let mut changed = RequestRecord {
        number: 1001,
        state: RequestState::PartlyConfirmed,
        updated_at_min: 900,
        note: Some("请补充人数".into()),
        granted_lessons: Some(2),
        missing: Some(Missing {
            lessons: 1,
            reasons,
            would_fit,
        }),
        ..request_record("q1")
    };
    changed.draft.lessons = 3;
    let tx = world.store.write().await.unwrap();
    requests::update(&tx, a, &changed, 1).await.unwrap();
    changed.version = 2;
    assert_eq!(requests::get(&tx, a, &changed.id).await.unwrap(), Some(changed.clone()));
    assert_eq!(requests::update(&tx, a, &changed, 1).await, Err(StoreError::Stale));
    let plain = RequestRecord {
        number: 1001,
        version: 3,
        ..request_record("q1")
    };
    requests::update(&tx, a, &plain, 2).await.unwrap();
    assert_eq!(requests::get(&tx, a, &plain.id).await.unwrap(), Some(plain));
}

#[rstest]
#[tokio::test]
async fn lists_are_filtered_and_counted_and_states_move_together(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    for (n, state) in RequestState::VARIANTS.iter().chain(&[RequestState::Draft]).enumerate() {
        let organization = OrganizationId::new(if n % 2 == 0 { "o1" } else { "o2" });
        let request = RequestRecord {
            state: *state,
            organization,
            ..request_record(&format!("q{n}"))
        };
        requests::insert(&tx, a, &request).await.unwrap();
    }
    let count = async |filter: RequestFilter| requests::list(&tx, a, &filter).await.unwrap().len();
    assert_eq!(count(RequestFilter::default()).await, 13);
    assert_eq!(
        count(RequestFilter {
            state: Some(RequestState::Draft),
            ..Default::default()
        })
        .await,
        2
    );
    assert_eq!(
        count(RequestFilter {
            organization: Some(OrganizationId::new("o2")),
            ..Default::default()
        })
        .await,
        6
    );
    assert_eq!(
        count(RequestFilter {
            round: Some(RoundId::new("r2")),
            ..Default::default()
        })
        .await,
        0
    );
    let numbers: Vec<i64> = requests::list(&tx, a, &Default::default())
        .await
        .unwrap()
        .iter()
        .map(|one| one.number)
        .collect();
    assert_eq!(numbers, (1001..=1007).chain(2001..=2006).collect::<Vec<_>>());

    let r1 = RoundId::new("r1");
    assert_eq!(
        requests::set_states(&tx, a, &r1, RequestState::Draft, RequestState::Expired, 555).await,
        Ok(2)
    );
    let counts = requests::counts(&tx, a, &r1, Counted::OfAll).await.unwrap();
    assert_eq!(
        (
            counts.get(&RequestState::Draft),
            counts[&RequestState::Expired],
            counts.len()
        ),
        (None, 3, 11)
    );
    let moved = requests::get(&tx, a, &RequestId::new("q0")).await.unwrap().unwrap();
    assert_eq!(
        (moved.state, moved.version, moved.updated_at_min),
        (RequestState::Expired, 2, 555)
    );
}

#[rstest]
#[tokio::test]
async fn a_story_is_told_in_its_order(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    world.ask("q2").await;
    let (a, q1) = (&world.alliance, RequestId::new("q1"));
    let tx = world.store.write().await.unwrap();
    let steps = [
        story(RequestState::Draft, 100, ""),
        story(RequestState::Returned, 90, "人数？"),
        story(RequestState::Submitted, 95, ""),
    ];
    for step in &steps {
        requests::add_step(&tx, a, &q1, step).await.unwrap();
    }
    assert_eq!(requests::story(&tx, a, &q1).await.unwrap(), steps);
    assert_eq!(requests::story(&tx, a, &RequestId::new("q2")).await.unwrap(), []);
    assert_eq!(
        requests::add_step(&tx, a, &RequestId::new("none"), &steps[0]).await,
        Err(StoreError::NotFound)
    );
}
