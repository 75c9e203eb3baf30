//! Several processes on one PostgreSQL behave as one: two that serve, three that work, and none that must be restarted.

use super::desk::{Desk, ended, open_round, run, said, solved};
use backend::clock::Stopwatch;
use domain::api::*;
use domain::id::RunId;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tests::databases::{Kind, OwnServer};
use tests::server::{Client, Server, Setup, Worker};

/// A solver that does not answer before a file lies beside it: whoever runs it holds its lease until it loses it.
fn hanging(folder: &Path) -> PathBuf {
    let (solver, awake) = (folder.join("solver"), folder.join("awake"));
    let program = tests::binary().expect("the program is built");
    let script = format!(
        "#!/bin/sh\n[ -e {} ] || exec tail -f /dev/null\nexec {} \"$@\"\n",
        awake.display(),
        program.display()
    );
    fs::write(&solver, script).expect("the script is written");
    fs::set_permissions(&solver, fs::Permissions::from_mode(0o755)).expect("the script may run");
    solver
}

async fn started<T: Send + 'static>(start: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> T {
    tokio::task::spawn_blocking(start)
        .await
        .expect("no panic")
        .expect("it starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_serve_and_three_that_work_are_one() {
    let mut postgres = OwnServer::start().expect("a PostgreSQL server");
    let url = postgres.database("shared").await.expect("a database");
    let setup = Setup {
        database_url: Some(url.clone()),
        ..Setup::with(&["--no-worker"])
    };
    let desk = Desk::with(Kind::Postgres, setup.clone()).await;
    let mut second = Setup { empty: true, ..setup };
    let keys = backend::config::Config::keys_in(desk.server.data_dir());
    second
        .args
        .extend(["--key-file".into(), keys.to_str().expect("a plain path").into()]);
    let second: Server = started(move || Server::start(&second)).await;
    let elsewhere = |client: &Client| Client {
        http: client.http.clone(),
        url: second.url.clone(),
    };

    // A session of the one is a session of the other, and what one does the other knows.
    let (planner, approver) = desk.coordinators().await;
    let planner_there = elsewhere(&planner);
    let round = open_round(&planner_there).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    planner_there.call(&close).await.expect("closed there");
    let stale = planner.call(&close).await.expect_err("closed already");
    assert!(
        matches!(stale.code, ProblemCode::WrongState | ProblemCode::Stale),
        "{stale:?}"
    );

    // A worker that stops in the middle loses its run to another; what it says when it wakes is not heard.
    let folder = tempfile::tempdir().expect("a folder");
    let on = |solver| Setup {
        database_url: Some(url.clone()),
        solver,
        ..Setup::default()
    };
    let stuck = Worker::start(&on(Some(hanging(folder.path())))).expect("a worker");
    let id = RunId::new(backend::clock::new_id());
    let start = StartRun {
        id: id.clone(),
        round: round.id.clone(),
        from_plan: None,
        seconds: 2,
    };
    planner.call(&start).await.expect("the run starts");
    while planner_there
        .call(&ReadRun { id: id.clone() })
        .await
        .expect("the run")
        .state
        != RunState::Running
    {}
    stuck.signal("STOP").expect("stopped");
    let workers = [
        Worker::start(&on(None)).expect("a worker"),
        Worker::start(&on(None)).expect("a worker"),
    ];
    let done = ended(&planner_there, &id).await;
    assert_eq!((done.state, done.failure), (RunState::Done, None));
    fs::write(folder.path().join("awake"), "").expect("written");
    stuck.signal("CONT").expect("awake");

    // PostgreSQL goes away and comes back under all of them.
    postgres.stop().expect("it stops");
    postgres.start_again().expect("it starts");
    for client in [&planner, &planner_there] {
        let watch = Stopwatch::start();
        while client.page("/readyz").await.0 != 200 {
            assert!(watch.seconds() < 5.0, "{} does not come back", client.url);
        }
    }
    let plan = solved(&planner_there, &round.id, None, 1)
        .await
        .plan
        .expect("the workers came back too");
    let plans = planner
        .call(&ReadRound { id: round.id.clone() })
        .await
        .expect("the round")
        .plans;
    assert_eq!(plans.len(), 2, "the worker that woke has saved nothing");

    // Both serve the week from memory, and both follow.
    let week = ReadTimetable {
        week: Some(round.week),
        by: TimetableBy::Organization,
        id: None,
    };
    let visitors = [desk.server.visitor(), second.visitor()];
    for visitor in &visitors {
        assert_eq!(visitor.call(&week).await.expect("public").published_version, 0);
    }
    let board = planner
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    let approve = ApprovePlan {
        plan: plan.clone(),
        version: board.plan.version,
    };
    let approved = elsewhere(&approver).call(&approve).await.expect("approved");
    let publish = PublishPlan {
        plan,
        version: approved.plan.version,
        round_version: approved.round.version,
    };
    planner.call(&publish).await.expect("published");
    let watch = Stopwatch::start();
    assert_eq!(
        visitors[0].call(&week).await.expect("public").published_version,
        1,
        "at once where it was done"
    );
    while visitors[1].call(&week).await.expect("public").published_version != 1 {
        assert!(watch.seconds() < 2.0, "the other process does not follow");
    }
    let verified = run(&["verify"], folder.path(), &url).await;
    assert!(verified.status.success(), "{}", said(&verified));
    drop(workers);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_that_is_known_is_not_sent_again() {
    let desk = Desk::open(Kind::Sqlite).await;
    let visitor = desk.server.visitor();
    let address = format!("{}{}?by=room", visitor.url, ReadTimetable::PATH);
    let ask = async |name: &str, value: &str| {
        let asked = visitor.http.get(&address).header(name, value).send().await;
        asked.expect("an answer")
    };
    let first = ask("accept-encoding", "identity").await;
    let tag = first.headers()["etag"].to_str().expect("a tag").to_owned();
    let body = first.bytes().await.expect("a body");
    let known = ask("if-none-match", &tag).await;
    assert_eq!(
        (known.status().as_u16(), known.bytes().await.expect("no body").len()),
        (304, 0)
    );
    let other = ask("if-none-match", "\"another\"").await;
    assert_eq!(other.status(), 200);
    let twin = ask("accept-encoding", "gzip").await;
    assert_eq!(twin.headers()["content-encoding"], "gzip");
    assert!(twin.bytes().await.expect("a body").len() < body.len());
    // Whoever has signed in sees more, and nothing of it is kept for others.
    let trainer = desk.signed_in("li.jishi").await;
    let own = trainer.http.get(&address).send().await.expect("an answer");
    assert_eq!(own.headers()["cache-control"], "no-store");
    assert_ne!(own.bytes().await.expect("a body"), body);
    assert_eq!(
        ask("accept-encoding", "identity").await.bytes().await.expect("a body"),
        body
    );
}
