//! A disk without room: who writes is told so in words and loses nothing, who reads goes on, and once there is room again
//! the same write succeeds. The room ends at a byte of the dice's choosing, in the middle of whatever is being written.

use super::desk::{Desk, any_draft, closed_round, form, run, said, solved};
use super::doors::sql;
use super::faults::crash::{copied, tried, verified};
use super::faults::{Dice, scale};
use backend::clock::new_id;
use backend::store::{Store, StoreConfig};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use domain::request::RequestDraft;
use std::path::Path;
use tests::databases::Kind;
use tests::full_disk::Disk;
use tests::server::{Client, Server, Setup};

/// A copy of a server's data, on a disk that can be filled.
async fn served(from: &Path, bytes: u64, tools: &Path) -> (Server, Disk, tempfile::TempDir) {
    let copy = copied(from);
    let disk = Disk::with_room(bytes, tools).expect("a compiler");
    let setup = Setup {
        empty: true,
        data_dir: Some(copy.path().to_owned()),
        environment: disk.environment(),
        ..Setup::with(&["--no-worker"])
    };
    let server = tokio::task::spawn_blocking(move || Server::start(&setup)).await;
    (server.expect("no panic").expect("it starts"), disk, copy)
}

fn asked(new: &FormView) -> SubmitRequest {
    let draft = RequestDraft {
        purpose: "观摩".repeat(20),
        ..any_draft(new)
    };
    SubmitRequest {
        id: RequestId::new(new_id()),
        round: new.round.id.clone(),
        version: 0,
        draft,
    }
}

/// Refused in words, as what passes.
async fn is_told(client: &Client, key: &str, call: &impl Call, bytes: u64) {
    let (status, reply) = client.send_under(Some(key), call).await;
    let problem: Problem = serde_json::from_slice(&reply).expect("a problem");
    assert_eq!((status, problem.code), (503, ProblemCode::Unavailable), "{bytes} bytes");
    assert!(
        !problem.title.is_empty() && !problem.detail.contains("disk"),
        "{problem:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_loses_nothing() {
    let mut dice = Dice::thrown("full disk");
    let mut desk = Desk::with(Kind::Sqlite, Setup::with(&["--no-worker"])).await;
    desk.server.stop().expect("it ends");
    let rooms = (0..3 * scale()).map(|_| dice.below(300_000) as u64);
    for bytes in [0].into_iter().chain(rooms) {
        let tools = tempfile::tempdir().expect("a folder");
        let (mut server, disk, folder) = served(desk.server.data_dir(), bytes, tools.path()).await;
        let trainer = server.client(server.login("li.jishi")).await.expect("signed in");
        let new = form(&trainer).await;
        // That a session is used is noted once a minute; it is due.
        let url = backend::config::Config::sqlite_url(server.data_dir());
        let store = Store::open(&StoreConfig::new(url)).await.expect("it opens");
        sql(&store, "UPDATE sessions SET last_seen_ms = last_seen_ms - 120000").await;
        store.close().await.expect("it closes");

        disk.fill().expect("filled");
        let mut acknowledged = Vec::new();
        let refused = loop {
            let (key, submit) = (new_id(), asked(&new));
            match tried(&trainer, &key, &submit).await {
                Some(200) => acknowledged.push(submit.id),
                Some(503) => break (key, submit),
                other => panic!("{bytes} bytes: {other:?}"),
            }
            assert!(acknowledged.len() < 500, "{bytes} bytes never end");
        };
        for _ in 0..3 {
            is_told(&trainer, &refused.0, &refused.1, bytes).await;
        }
        let nobody = trainer
            .call(&ReadRequest {
                id: refused.1.id.clone(),
            })
            .await;
        assert_eq!(
            nobody.expect_err("nothing is there by half").code,
            ProblemCode::NotFound
        );
        assert_eq!(
            trainer.page("/requests").await.0,
            200,
            "{bytes} bytes: who reads goes on"
        );
        let visitor = server.visitor();
        assert_eq!(visitor.page("/timetable").await.0, 200);
        let comes_in = server.client(server.login("luo.zhiyuan")).await;
        assert!(comes_in.is_err(), "coming in is a write");
        assert_eq!(visitor.page("/readyz").await.0, 200, "it goes on serving");

        disk.clear().expect("cleared");
        assert_eq!(
            tried(&trainer, &refused.0, &refused.1).await,
            Some(200),
            "{bytes} bytes"
        );
        acknowledged.push(refused.1.id);
        server.client(server.login("luo.zhiyuan")).await.expect("signed in");
        for id in &acknowledged {
            let kept = trainer.call(&ReadRequest { id: id.clone() }).await;
            assert!(kept.is_ok(), "{bytes} bytes: {id} was acknowledged and is lost");
        }
        verified(&server, folder.path(), &format!("{bytes} bytes")).await;
        server.kill().expect("it ends");
        verified(&server, folder.path(), &format!("{bytes} bytes, after a kill")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_that_finds_no_room_is_none() {
    let mut dice = Dice::thrown("full disk of a publication");
    let mut desk = Desk::open(Kind::Sqlite).await;
    let (first, second) = desk.coordinators().await;
    let round = closed_round(&first).await;
    let plan = solved(&first, &round.id, None, 1).await.plan.expect("a plan");
    let board = first.call(&ReadBoard { plan: plan.clone() }).await.expect("the board");
    let approve = ApprovePlan {
        plan: plan.clone(),
        version: board.plan.version,
    };
    let approved = second.call(&approve).await.expect("approved");
    let publish = PublishPlan {
        plan,
        version: approved.plan.version,
        round_version: approved.round.version,
    };
    desk.server.stop().expect("it ends");
    for bytes in (0..2 * scale()).map(|_| dice.below(200_000) as u64) {
        let tools = tempfile::tempdir().expect("a folder");
        let (server, disk, folder) = served(desk.server.data_dir(), bytes, tools.path()).await;
        let mut coordinators = server.logins.iter().filter(|login| login.role == Role::Coordinator);
        let coordinator = coordinators.next().expect("the demo has two");
        let coordinator = server.client(coordinator).await.expect("signed in");
        let week = ReadTimetable {
            week: Some(round.week),
            by: TimetableBy::Room,
            id: None,
        };
        let version = async || {
            let seen = server.visitor().call(&week).await.expect("public");
            seen.published_version
        };
        disk.fill().expect("filled");
        let key = new_id();
        is_told(&coordinator, &key, &publish, bytes).await;
        assert_eq!(version().await, 0, "{bytes} bytes: nothing of it is seen");
        verified(&server, folder.path(), &format!("{bytes} bytes")).await;
        disk.clear().expect("cleared");
        assert_eq!(tried(&coordinator, &key, &publish).await, Some(200), "{bytes} bytes");
        assert_eq!(version().await, 1);
        verified(&server, folder.path(), &format!("{bytes} bytes, then more")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_finds_no_room_leaves_no_file() {
    let desk = Desk::with(Kind::Sqlite, Setup::with(&["--no-worker"])).await;
    let tools = tempfile::tempdir().expect("a folder");
    let disk = Disk::with_room(10_000, tools.path()).expect("a compiler");
    disk.fill().expect("filled");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("monday.backup");
    let mut command = std::process::Command::new(tests::binary().expect("the program is built"));
    command
        .args(["backup", "--data-dir"])
        .arg(desk.server.data_dir())
        .arg(&file);
    command.envs(disk.environment());
    let told = command.output().expect("it runs");
    assert!(!told.status.success(), "{}", said(&told));
    assert!(said(&told).contains("monday.backup"), "{}", said(&told));
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "nothing half is left"
    );
    let words = ["backup", file.to_str().expect("a plain path")];
    let taken = run(&words, desk.server.data_dir(), &desk.database_url()).await;
    assert!(taken.status.success(), "{}", said(&taken));
}
