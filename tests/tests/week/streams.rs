//! What is told as it happens.

use super::desk::{Desk, closed_round};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use tests::databases::Kind;
use tests::server::{Client, Setup};

async fn lose_the_login(system: &Client, person: PersonId) {
    system.call(&DeactivatePerson { person }).await.expect("deactivated");
}

async fn lose_the_role(system: &Client, person: PersonId) {
    let auditor = SetRole {
        person,
        organization: None,
        role: Role::Auditor,
    };
    system.call(&auditor).await.expect("another role");
}

/// A stream that tells of a run ends with the session, and with the role, of whoever listens.
#[rstest]
#[case::login(Kind::Sqlite, true)]
#[case::role(Kind::Postgres, false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_does_not_outlive_what_it_was_opened_by(#[case] kind: Kind, #[case] login: bool) {
    // A solver that never ends, so that nothing but the loss ends the stream.
    let folder = tempfile::tempdir().expect("a folder");
    let solver = folder.path().join("solver");
    fs::write(&solver, "#!/bin/sh\nexec tail -f /dev/null\n").expect("the script is written");
    fs::set_permissions(&solver, fs::Permissions::from_mode(0o755)).expect("the script may run");
    let setup = Setup {
        solver: Some(solver),
        ..Setup::default()
    };
    let desk = Desk::with(kind, setup).await;
    let (first, second) = desk.coordinators().await;
    let system = desk.server.client(desk.server.login_of(Role::SystemAdmin)).await;
    let system = system.expect("the system admin");
    let round = closed_round(&first).await;
    let start = StartRun {
        id: RunId::new(backend::clock::new_id()),
        round: round.id,
        from_plan: None,
        seconds: 600,
    };
    first.call(&start).await.expect("the run starts");
    let listener = second.call(&ReadSession {}).await.expect("a session").person;
    let address = format!("{}/api/v1/runs/events?id={}", second.url, start.id);
    let events = second.http.get(address).send().await.expect("events");
    assert!(events.status().is_success(), "{}", events.status());
    match login {
        true => lose_the_login(&system, listener).await,
        false => lose_the_role(&system, listener).await,
    }
    let told = events.text().await.expect("the stream ends");
    assert!(told.contains("data:") && !told.contains("\"failed\""), "{told}");
    let run = first.call(&ReadRun { id: start.id }).await.expect("the run");
    assert!(matches!(run.state, RunState::Queued | RunState::Running), "{run:?}");
}
