//! A broken rule has the same name on both databases.

use super::world::*;
use backend::store::alliances::AllianceRecord;
use backend::store::sessions::{SessionRecord, Way};
use backend::store::timetable::AssignmentRecord;
use backend::store::{StoreError, alliances, catalog, people, plans, requests, rounds, runs, sessions, timetable};
use domain::id::*;
use domain::people::{Person, Role};
use domain::time::Span;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::Kind;

/// Tries one write in a transaction of its own, which must be refused.
macro_rules! refused {
    ($world:ident, |$tx:ident| $write:expr) => {{
        let $tx = $world.store.write().await.unwrap();
        rule($write.await)
    }};
}

#[rstest]
#[tokio::test]
async fn what_must_be_unique_is_refused_by_name(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    let tx = world.store.write().await.unwrap();
    let a = &world.alliance;
    runs::insert(&tx, a, &run_record("j1")).await.unwrap();
    timetable::publish(&tx, a, &[assignment("l1", 1, Span::new(0, 10))], &[])
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let twin = Person {
        id: PersonId::new("ann2"),
        ..person("ann", Role::Requester)
    };
    assert_eq!(
        refused!(world, |tx| people::insert(&tx, a, &twin, "hash", 0)),
        "a_login_is_unique"
    );
    assert_eq!(
        refused!(world, |tx| rounds::insert(&tx, a, &round("r9", 0))),
        "a_week_has_one_round"
    );
    assert_eq!(
        refused!(world, |tx| runs::insert(&tx, a, &run_record("j2"))),
        "a_round_has_one_active_run"
    );
    let again = [assignment("l2", 1, Span::new(50, 60))];
    assert_eq!(
        refused!(world, |tx| timetable::publish(&tx, a, &again, &[])),
        "a_lesson_is_placed_once"
    );
    let number = "INSERT INTO requests SELECT alliance_id, 'q2', number, round_id, organization_id, state, version, draft, \
                  created_by, created_at_min, updated_at_min, note, granted_lessons, missing FROM requests";
    let twice = refused!(world, |tx| async {
        tx.execute_unprepared(number).await.map_err(StoreError::from)
    });
    assert_eq!(twice, "a_number_is_unique_in_its_round");
}

#[rstest]
#[tokio::test]
async fn a_taken_id_is_refused_by_name(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    world.ask("q1").await;
    world.draw("p1").await;
    let a = &world.alliance;
    assert_eq!(
        refused!(world, |tx| alliances::insert(&tx, &alliance_record("a"))),
        "id_is_taken"
    );
    assert_eq!(
        refused!(world, |tx| rounds::insert(&tx, a, &round("r1", 5))),
        "id_is_taken"
    );
    assert_eq!(
        refused!(world, |tx| requests::insert(&tx, a, &request_record("q1"))),
        "id_is_taken"
    );
    assert_eq!(
        refused!(world, |tx| plans::insert(&tx, a, &plan_record("p1"))),
        "id_is_taken"
    );
}

#[rstest]
#[tokio::test]
async fn what_is_not_there_cannot_be_named(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let stranger = SessionRecord {
        token_sha256: "ab".into(),
        person: PersonId::new("nobody"),
        created_ms: 0,
        last_seen_ms: 0,
        expires_ms: 1,
        opened_by: Way::Password,
    };
    assert_eq!(
        refused!(world, |tx| sessions::insert(&tx, a, &stranger)),
        "reference_exists"
    );
    let lesson = AssignmentRecord {
        request: RequestId::new("gone"),
        ..assignment("l1", 1, Span::new(0, 10))
    };
    assert_eq!(
        refused!(world, |tx| timetable::publish(&tx, a, &[lesson], &[])),
        "reference_exists"
    );
    let tx = world.store.write().await.unwrap();
    let lost = requests::RequestRecord {
        round: RoundId::new("gone"),
        ..request_record("q1")
    };
    assert_eq!(requests::insert(&tx, a, &lost).await, Err(StoreError::NotFound));
}

/// A catalog may be replaced in any order, so its references are checked at commit.
#[rstest]
#[tokio::test]
async fn a_catalog_that_drops_what_is_still_named_is_refused_at_commit(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let world = World::new(kind).await;
    let mut smaller = small_catalog();
    smaller
        .organizations
        .retain(|member| member.id != OrganizationId::new("o1"));
    let tx = world.store.write().await.unwrap();
    catalog::replace(&tx, &world.alliance, &smaller).await.unwrap();
    assert_eq!(rule(tx.commit().await), "reference_exists");
    let tx = world.store.read().await.unwrap();
    assert_eq!(catalog::load(&tx, &world.alliance).await.unwrap(), small_catalog());
}

#[rstest]
#[tokio::test]
async fn senseless_figures_are_refused_by_name(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let backwards = AllianceRecord {
        travel_default_min: -1,
        ..alliance_record("b")
    };
    assert_eq!(
        refused!(world, |tx| alliances::insert(&tx, &backwards)),
        "travel_takes_no_negative_time"
    );
    let mut weightless = small_catalog();
    weightless.organizations[0].weight = 0.0;
    assert_eq!(
        refused!(world, |tx| catalog::replace(&tx, a, &weightless)),
        "a_weight_is_positive"
    );
    let mut circular = small_catalog();
    circular.rooms[0].part_of = Some(circular.rooms[0].id.clone());
    assert_eq!(
        refused!(world, |tx| catalog::replace(&tx, a, &circular)),
        "a_room_is_not_part_of_itself"
    );
    let lesson = assignment("l1", 1, Span::new(10, 10));
    assert_eq!(
        refused!(world, |tx| timetable::publish(&tx, a, &[lesson], &[])),
        "a_lesson_ends_after_it_begins"
    );
}
