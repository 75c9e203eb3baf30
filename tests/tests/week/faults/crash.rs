//! Power cuts at a chosen sync.

use super::{Dice, scale};
use crate::week::desk::{Desk, any_draft, closed_round, form, run, said, solved};
use backend::clock::new_id;
use domain::api::*;
use domain::id::*;
use std::path::Path;
use tests::databases::Kind;
use tests::server::{Client, Server, Setup};
use tests::syncs::Cut;

/// A copy of the files that a server has left.
pub fn copied(from: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let files = std::fs::read_dir(from).expect("the server has ended and left its files");
    for file in files.flatten().filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("a copy");
    }
    copy
}

/// A copy of a server's data, served by a process that will cut its own power.
async fn doomed(from: &Path, n: u32, tools: &Path) -> (Server, Cut, tempfile::TempDir) {
    let copy = copied(from);
    let cut = Cut::at(n, tools).expect("a compiler");
    let setup = Setup {
        empty: true,
        data_dir: Some(copy.path().to_owned()),
        environment: cut.environment(),
        ..Setup::with(&["--no-worker"])
    };
    let server = tokio::task::spawn_blocking(move || Server::start(&setup))
        .await
        .expect("no panic");
    (server.expect("it starts"), cut, copy)
}

/// A write that may find the power cut: its reply, when there is one.
pub async fn tried<C: Call>(client: &Client, key: &str, call: &C) -> Option<u16> {
    let request = client
        .http
        .post(format!("{}{}", client.url, C::PATH))
        .header(KEY_HEADER, key)
        .json(call);
    request.send().await.ok().map(|reply| reply.status().as_u16())
}

async fn after_the_cut(mut server: Server, folder: &Path) -> Server {
    // A cut that never came (fewer syncs than that) is an end of ours.
    let _ = server.kill();
    let _ = server.wait();
    let setup = Setup {
        empty: true,
        data_dir: Some(folder.to_owned()),
        ..Setup::with(&["--no-worker"])
    };
    let again = tokio::task::spawn_blocking(move || Server::start(&setup))
        .await
        .expect("no panic");
    again.expect("it starts again")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_power_cut_is_there_after_it() {
    let mut dice = Dice::thrown("power cuts");
    let mut desk = Desk::with(Kind::Sqlite, Setup::with(&["--no-worker"])).await;
    desk.server.stop().expect("it ends");
    let tools = tempfile::tempdir().expect("a folder");
    let cuts: Vec<u32> = match scale() {
        1 => (0..4).map(|_| 1 + dice.below(40) as u32).collect(),
        _ => (1..=200).collect(),
    };
    for n in cuts {
        let (server, cut, folder) = doomed(desk.server.data_dir(), n, tools.path()).await;
        let trainer = server.client(server.login("li.jishi")).await.expect("signed in");
        let new = form(&trainer).await;
        cut.arm().expect("armed");
        let mut acknowledged = Vec::new();
        let unknown = loop {
            let submit = SubmitRequest {
                id: RequestId::new(new_id()),
                round: new.round.id.clone(),
                version: 0,
                draft: any_draft(&new),
            };
            let key = new_id();
            match tried(&trainer, &key, &submit).await {
                Some(200) => acknowledged.push(submit.id),
                Some(status) => panic!("cut {n}: {status}"),
                None => break (key, submit),
            }
            assert!(acknowledged.len() < 500, "cut {n} does not come");
        };
        let again = after_the_cut(server, folder.path()).await;
        let trainer = again.client(again.login("li.jishi")).await.expect("signed in");
        for id in &acknowledged {
            let kept = trainer.call(&ReadRequest { id: id.clone() }).await;
            assert!(kept.is_ok(), "cut {n}: {id} was acknowledged and is lost");
        }
        // The same write once more: whatever became of it, there is one effect.
        let (key, submit) = unknown;
        assert_eq!(tried(&trainer, &key, &submit).await, Some(200), "cut {n}");
        verified(&again, folder.path(), &format!("cut {n}")).await;
    }
}

pub async fn verified(server: &Server, folder: &Path, when: &str) {
    let url = backend::config::Config::sqlite_url(server.data_dir());
    let verified = run(&["verify"], folder, &url).await;
    assert!(verified.status.success(), "{when}: {}", said(&verified));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_in_an_approval_or_a_publication_leaves_all_of_it_or_nothing() {
    let mut desk = Desk::open(Kind::Sqlite).await;
    let (first, _) = desk.coordinators().await;
    let round = closed_round(&first).await;
    let plan = solved(&first, &round.id, None, 1).await.plan.expect("a plan");
    desk.server.stop().expect("it ends");
    let tools = tempfile::tempdir().expect("a folder");
    let mut cuts = 0;
    for n in 1..=200 {
        let (mut server, cut, folder) = doomed(desk.server.data_dir(), n, tools.path()).await;
        let logins: Vec<_> = server
            .logins
            .iter()
            .filter(|login| login.role == domain::people::Role::Coordinator)
            .collect();
        let approver = server.client(logins[1]).await.expect("a coordinator");
        let board = approver
            .call(&ReadBoard { plan: plan.clone() })
            .await
            .expect("the board");
        cut.arm().expect("armed");
        let approve = ApprovePlan {
            plan: plan.clone(),
            version: board.plan.version,
        };
        let approved = tried(&approver, &new_id(), &approve).await == Some(200);
        let publish = PublishPlan {
            plan: plan.clone(),
            version: approve.version + 1,
            round_version: board.round.version,
        };
        let published = approved && tried(&approver, &new_id(), &publish).await == Some(200);
        // Both were done, and the power is still there: they have no more syncs than that.
        let is_beyond = published && !server.has_ended().expect("its state");
        cuts += u32::from(!is_beyond);
        let again = after_the_cut(server, folder.path()).await;
        let coordinator = again
            .client(
                again
                    .logins
                    .iter()
                    .find(|login| login.role == domain::people::Role::Coordinator)
                    .expect("one"),
            )
            .await
            .expect("signed in");
        let board = coordinator
            .call(&ReadBoard { plan: plan.clone() })
            .await
            .expect("the board");
        assert!(
            !approved || board.plan.approved.is_some(),
            "cut {n}: an approval was acknowledged and is lost"
        );
        let week = ReadTimetable {
            week: Some(round.week),
            by: TimetableBy::Room,
            id: None,
        };
        let seen = again.visitor().call(&week).await.expect("public");
        assert!(
            !published || seen.published_version == 1,
            "cut {n}: a publication was acknowledged and is lost"
        );
        verified(&again, folder.path(), &format!("cut {n}")).await;
        if is_beyond {
            break;
        }
    }
    println!("an approval and a publication: {cuts} power cuts");
    // Each of the two syncs what it commits.
    assert!((2..200).contains(&cuts), "{cuts} power cuts");
}
