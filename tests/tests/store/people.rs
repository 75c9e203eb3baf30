//! People and their sessions.

use super::world::*;
use backend::store::personal::PLACES;
use backend::store::sessions::{SessionRecord, Way};
use backend::store::{copy, people, sessions};
use domain::id::*;
use domain::people::{Person, Role};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use sea_orm::strum::VariantArray;
use tests::databases::Kind;

#[rstest]
#[tokio::test]
async fn a_person_is_found_by_login_and_by_id(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.read().await.unwrap();
    let (ann, a) = (person("ann", Role::Requester), &world.alliance);
    assert_eq!(
        people::by_login(&tx, a, "ann").await.unwrap(),
        Some((ann.clone(), "hash of ann".into()))
    );
    assert_eq!(people::get(&tx, a, &ann.id).await.unwrap(), Some(ann));
    assert_eq!(people::by_login(&tx, a, "nobody").await.unwrap(), None);
    assert_eq!(people::by_login(&tx, &AllianceId::new("b"), "ann").await.unwrap(), None);
    let names: Vec<_> = people::names(&tx, a).await.unwrap().into_values().collect();
    assert_eq!(names, ["ann 老师", "bob 老师"]);
}

#[rstest]
#[tokio::test]
async fn every_role_is_stored(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    for (n, role) in Role::VARIANTS.iter().enumerate() {
        let written = Person {
            organization: None,
            active: n % 2 == 0,
            ..person(&format!("p{n}"), *role)
        };
        people::insert(&tx, &world.alliance, &written, "", 0).await.unwrap();
        assert_eq!(
            people::get(&tx, &world.alliance, &written.id).await.unwrap(),
            Some(written)
        );
    }
}

fn session(token: &str, who: &str, expires_ms: i64) -> SessionRecord {
    SessionRecord {
        token_sha256: token.into(),
        person: PersonId::new(who),
        created_ms: 1_000,
        last_seen_ms: 1_000,
        expires_ms,
        opened_by: if who == "bob" { Way::Provider } else { Way::Password },
    }
}

#[rstest]
#[tokio::test]
async fn a_session_lives_from_sign_in_to_its_end(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let a = &world.alliance;
    let tx = world.store.write().await.unwrap();
    for (token, who, expires_ms) in [("t1", "ann", 5_000), ("t2", "ann", 9_000), ("t3", "bob", 9_000)] {
        sessions::insert(&tx, a, &session(token, who, expires_ms))
            .await
            .unwrap();
    }
    sessions::touch(&tx, "t1", 2_000).await.unwrap();
    let seen = SessionRecord {
        last_seen_ms: 2_000,
        ..session("t1", "ann", 5_000)
    };
    let ann = person("ann", Role::Requester);
    let found = sessions::find(&tx, "t1").await.unwrap().unwrap();
    assert_eq!((found.alliance, found.session, found.person), (a.clone(), seen, ann));
    assert_eq!(sessions::find(&tx, "unknown").await.unwrap(), None);

    assert_eq!(sessions::delete_expired(&tx, 4_999).await.unwrap(), 0);
    assert_eq!(sessions::delete_expired(&tx, 5_000).await.unwrap(), 1);
    assert_eq!(sessions::find(&tx, "t1").await.unwrap(), None);

    sessions::delete_of(&tx, a, &PersonId::new("ann")).await.unwrap();
    assert_eq!(sessions::find(&tx, "t2").await.unwrap(), None);
    sessions::delete(&tx, "t3").await.unwrap();
    assert_eq!(sessions::find(&tx, "t3").await.unwrap(), None);
    sessions::delete(&tx, "t3").await.unwrap();
    sessions::touch(&tx, "t3", 3_000).await.unwrap();
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_session_ends_with_its_person(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.write().await.unwrap();
    sessions::insert(&tx, &world.alliance, &session("t1", "ann", 9_000))
        .await
        .unwrap();
    tx.execute_unprepared("DELETE FROM people WHERE id = 'ann'")
        .await
        .unwrap();
    assert_eq!(sessions::find(&tx, "t1").await.unwrap(), None);
}

/// What the export of a person lists is there, whatever the schema becomes.
#[rstest]
#[tokio::test]
async fn every_place_of_the_export_is_a_table(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::new(kind).await;
    let tx = world.store.read().await.unwrap();
    let tables = copy::tables(&tx).await.unwrap();
    for place in PLACES {
        assert!(tables.iter().any(|table| table.name == place.table), "{}", place.table);
    }
}
