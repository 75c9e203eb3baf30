//! A change commits its effect, its reply, its audit entry and its outbox row together, or nothing of them.

use super::world::*;
use backend::store::answers::Claim;
use backend::store::{Begun, By, Change, Deed, Fact, Finished, StoreError, Tx, audit, outbox, requests};
use domain::event::Event;
use domain::id::*;
use rstest::rstest;
use tests::databases::Kind;

pub fn claim(person: &str, key: &str) -> Claim {
    Claim {
        person: person.into(),
        key: WriteKey::new(key),
        call: "SubmitRequest",
        body_sha256: "of the body".into(),
        at_ms: 1_000,
    }
}

pub fn deed(world: &World, n: i64) -> Deed {
    Deed {
        id: format!("deed-{n}"),
        alliance: world.alliance.clone(),
        by: By::System,
        at_ms: 1_000 + n,
        at_min: 10 + n,
        event: Event::RequestSubmitted,
        subject: format!("q{n}"),
        facts: [("version", Fact::Number(n))].into(),
    }
}

async fn begun(world: &World, claim: Claim, n: i64) -> Change {
    match world.store.change(claim, deed(world, n)).await.unwrap() {
        Begun::Fresh(change) => change,
        Begun::Answered(_) | Begun::Reused => panic!("the key {n} is new"),
    }
}

/// A request, and the change that it is.
async fn asking(world: &World, claim: Claim, n: i64) -> Finished<String> {
    let change = begun(world, claim, n).await;
    requests::insert(&change, &world.alliance, &request_record(&format!("q{n}")))
        .await
        .unwrap();
    change.done(format!("reply {n}"))
}

/// Requests, entries and notices that are there.
async fn there(world: &World) -> (usize, usize, usize) {
    let tx: Tx = world.store.read().await.unwrap();
    let filter = requests::RequestFilter { ..Default::default() };
    let asked = requests::list(&tx, &world.alliance, &filter).await.unwrap();
    let entries = audit::after(&tx, &world.alliance, 0, 1_000).await.unwrap();
    let notices = outbox::pending(&tx, &world.alliance).await.unwrap();
    (asked.len(), entries.len(), notices.len())
}

#[rstest]
#[tokio::test]
async fn a_change_commits_with_everything_that_belongs_to_it(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let committed = asking(&world, claim("ann", "k1"), 1).await.commit().await.unwrap();
    assert_eq!(committed.reply, br#""reply 1""#);
    assert_eq!(there(&world).await, (1, 1, 1));
    let tx = world.store.read().await.unwrap();
    let entry = audit::after(&tx, &world.alliance, 0, 1).await.unwrap().remove(0);
    let notice = outbox::pending(&tx, &world.alliance).await.unwrap().remove(0);
    assert_eq!(
        (entry.seq, &entry.id, &notice.id),
        (1, &"deed-1".to_owned(), &"deed-1".to_owned())
    );
    assert_eq!(
        (entry.event.as_str(), notice.kind.as_str()),
        ("request.submitted", "request.submitted")
    );
    assert_eq!((entry.subject.as_str(), notice.subject.as_str()), ("q1", "q1"));
    assert_eq!(
        (entry.facts.as_str(), notice.body.to_string().as_str()),
        (r#"{"version":1}"#, r#"{"version":1}"#)
    );
    assert_eq!(committed.heads, [audit::head(&tx, &world.alliance).await.unwrap()]);
}

#[rstest]
#[tokio::test]
async fn a_change_that_is_not_finished_leaves_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    drop(asking(&world, claim("ann", "k1"), 1).await);
    assert_eq!(there(&world).await, (0, 0, 0));
    // Its key is free again.
    asking(&world, claim("ann", "k1"), 2).await.commit().await.unwrap();
    assert_eq!(there(&world).await, (1, 1, 1));
}

#[rstest]
#[tokio::test]
async fn what_the_schema_refuses_takes_everything_with_it(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    asking(&world, claim("ann", "k1"), 1).await.commit().await.unwrap();
    // The same deed again: its notice and its entry are there already, and the new request goes with them.
    let change = begun(&world, claim("ann", "k2"), 1).await;
    requests::insert(&change, &world.alliance, &request_record("q2"))
        .await
        .unwrap();
    assert!(change.done(()).commit().await.is_err());
    assert_eq!(there(&world).await, (1, 1, 1));
}

#[rstest]
#[tokio::test]
async fn a_key_belongs_to_one_person_and_one_body(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    asking(&world, claim("ann", "k1"), 1).await.commit().await.unwrap();
    let again = world.store.change(claim("ann", "k1"), deed(&world, 2)).await.unwrap();
    assert!(matches!(again, Begun::Answered(reply) if reply == br#""reply 1""#));
    let others = [
        Claim {
            body_sha256: "of another".into(),
            ..claim("ann", "k1")
        },
        Claim {
            call: "AmendRequest",
            ..claim("ann", "k1")
        },
    ];
    for other in others {
        let answer = world.store.change(other, deed(&world, 3)).await.unwrap();
        assert!(matches!(answer, Begun::Reused));
    }
    asking(&world, claim("bob", "k1"), 4).await.commit().await.unwrap();
    assert_eq!(there(&world).await, (2, 2, 2));
}

#[rstest]
#[tokio::test]
async fn what_was_so_already_leaves_a_reply_and_no_trace(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let change = begun(&world, claim("ann", "k1"), 1).await;
    change.unchanged("as it was").commit().await.unwrap();
    assert_eq!(there(&world).await, (0, 0, 0));
    let again = world.store.change(claim("ann", "k1"), deed(&world, 2)).await.unwrap();
    assert!(matches!(again, Begun::Answered(reply) if reply == br#""as it was""#));
}

/// Of many at one time under one key one has the effect, and every other gets its reply.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn many_under_one_key_are_one(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let hand = async |n: i64| match world.store.change(claim("ann", "k1"), deed(&world, n)).await? {
        Begun::Fresh(change) => {
            requests::insert(&change, &world.alliance, &request_record(&format!("q{n}"))).await?;
            Ok::<_, StoreError>(change.done(n).commit().await?.reply)
        }
        Begun::Answered(reply) => Ok(reply),
        Begun::Reused => panic!("the body is the same"),
    };
    let replies = futures::future::try_join_all((0..16).map(hand)).await.unwrap();
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    assert_eq!(there(&world).await, (1, 1, 1));
}

/// Writers of one alliance meet at the head: the log has no gap, whoever comes when.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_no_gap_under_many_hands(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let hand = async |n: i64| {
        let finished = asking(&world, claim("ann", &format!("k{n}")), n).await;
        // Every third changes its mind.
        if n % 3 != 0 {
            finished.commit().await.unwrap();
        }
    };
    futures::future::join_all((0..24).map(hand)).await;
    assert_eq!(there(&world).await, (16, 16, 16));
    let judged = backend::audit::verify(&world.store.reader(), &[]).await.unwrap();
    assert_eq!((judged[0].head_seq, judged[0].findings.len()), (16, 0));
}

#[rstest]
#[tokio::test]
async fn work_without_an_event_leaves_no_trace(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let change = world.store.work().await.unwrap();
    requests::insert(&change, &world.alliance, &request_record("q1"))
        .await
        .unwrap();
    assert_eq!(change.done(()).commit().await.unwrap().heads, []);
    assert_eq!(there(&world).await, (1, 0, 0));
}

#[rstest]
#[tokio::test]
async fn old_replies_are_forgotten(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    asking(&world, claim("ann", "k1"), 1).await.commit().await.unwrap();
    let tx = world.store.write().await.unwrap();
    assert_eq!(backend::store::answers::forget_before(&tx, 1_000).await.unwrap(), 0);
    assert_eq!(backend::store::answers::forget_before(&tx, 1_001).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let again = world.store.change(claim("ann", "k1"), deed(&world, 2)).await.unwrap();
    assert!(matches!(again, Begun::Fresh(_)));
}
