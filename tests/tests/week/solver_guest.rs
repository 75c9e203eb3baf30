//! A solver that is killed, hangs, is too large or lies leaves the round usable, and no plan behind but one that it had
//! written before and that the referee accepts.

use super::desk::{Desk, closed_round, open_round, solved};
use domain::api::*;
use domain::plan::{Plan, Status};
use domain::round::RoundState;
use rstest::rstest;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tests::databases::Kind;
use tests::server::Setup;

const LIES: &str = r#"#!/bin/sh
echo '{"format":"gongxun-plan-1","instance_sha256":"0","status":"optimal","assignments":[],"unplaced":[],"organizations":[],"fairness":{"jain":1.0,"level_min":0.0},"stages":[],"solver":{"name":"liar","version":"1","seed":1,"threads":1,"seconds":0.0}}' > plan.json
"#;

/// A program in the solver's place.
pub fn written(folder: &Path, script: &str) -> PathBuf {
    let solver = folder.join("solver");
    fs::write(&solver, script).expect("the script is written");
    fs::set_permissions(&solver, fs::Permissions::from_mode(0o755)).expect("the script may run");
    solver
}

#[rstest]
#[case::killed("#!/bin/sh\nkill -9 $$\n", "solver_killed")]
// Its memory has a bound, or it would have ended without an answer.
#[case::bounded("#!/bin/sh\n[ \"$(ulimit -v)\" = unlimited ] || kill -9 $$\n", "solver_killed")]
#[case::hanging("#!/bin/sh\nexec tail -f /dev/null\n", "solver_too_late")]
#[case::crashing("#!/bin/sh\nexit 1\n", "solver_failed")]
#[case::silent("#!/bin/sh\nexit 0\n", "answer_missing")]
#[case::babbling("#!/bin/sh\necho nonsense > plan.json\n", "answer_unreadable")]
#[case::lying(LIES, "answer_refused")]
#[case::endless("#!/bin/sh\nhead -c 100000000 /dev/zero > plan.json\n", "answer_too_large")]
#[case::shouting("#!/bin/sh\nhead -c 100000000 /dev/zero >&2\n", "answer_missing")]
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_solver_leaves_no_plan_and_a_usable_round(#[case] script: &str, #[case] reason: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let solver = written(folder.path(), script);
    let desk = Desk::with(
        Kind::Sqlite,
        Setup {
            solver: Some(solver.clone()),
            ..Setup::default()
        },
    )
    .await;
    let (coordinator, _) = desk.coordinators().await;
    let round = open_round(&coordinator).await.round;
    let closed = coordinator
        .call(&CloseRound {
            id: round.id.clone(),
            version: round.version,
        })
        .await
        .expect("closed");

    let run = solved(&coordinator, &closed.round.id, None, 1).await;
    assert_eq!((run.state, run.failure.as_deref()), (RunState::Failed, Some(reason)));
    let after = coordinator
        .call(&ReadRound { id: round.id.clone() })
        .await
        .expect("the round");
    assert_eq!((after.round.state, after.plans.len()), (RoundState::Closed, 0));

    // The round is usable: the right program in the same place makes a plan.
    fs::remove_file(&solver).expect("the script goes");
    std::os::unix::fs::symlink(tests::binary().expect("the program"), &solver).expect("a link to the program");
    let run = solved(&coordinator, &closed.round.id, None, 1).await;
    assert_eq!((run.state, run.failure), (RunState::Done, None));
}

/// The right program finds its first plan; what comes then is a case's.
fn after_a_first_plan(then: &str) -> String {
    let program = tests::binary().expect("the program");
    let first = format!(
        "'{}' solve instance.json -o plan.json --seconds 0 2>/dev/null",
        program.display()
    );
    format!("#!/bin/sh\n{first}\n{then}\n")
}

#[rstest]
#[case::killed("kill -9 $$", Some("solver_killed"))]
#[case::crashing("exit 1", Some("solver_failed"))]
#[case::deaf("exec tail -f /dev/null", Some("solver_too_late"))]
#[case::late("cat", None)]
#[tokio::test(flavor = "multi_thread")]
async fn a_solver_that_comes_to_no_end_leaves_the_plan_that_it_had(#[case] then: &str, #[case] reason: Option<&str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup {
        solver: Some(written(folder.path(), &after_a_first_plan(then))),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Sqlite, setup).await;
    let (coordinator, _) = desk.coordinators().await;
    let round = closed_round(&coordinator).await;
    let run = solved(&coordinator, &round.id, None, 1).await;
    assert_eq!((run.state, run.failure.as_deref()), (RunState::Stopped, reason));
    let after = coordinator
        .call(&ReadRound { id: round.id.clone() })
        .await
        .expect("the round");
    assert_eq!((after.round.state, after.plans.len()), (RoundState::Review, 1));
}

#[rstest]
#[case::nonsense("#!/bin/sh\necho nonsense > plan.json\nkill -9 $$\n".to_owned())]
#[case::lies(format!("{LIES}kill -9 $$\n"))]
#[case::half(after_a_first_plan("mv plan.json plan.json.part; kill -9 $$"))]
#[case::cut_off(after_a_first_plan("head -c 1000 plan.json > half; mv half plan.json; kill -9 $$"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_solver_that_dies_leaves_no_plan_that_is_none(#[case] script: String) {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup {
        solver: Some(written(folder.path(), &script)),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Sqlite, setup).await;
    let (coordinator, _) = desk.coordinators().await;
    let round = closed_round(&coordinator).await;
    let run = solved(&coordinator, &round.id, None, 1).await;
    assert_eq!(
        (run.state, run.failure.as_deref(), run.plan),
        (RunState::Failed, Some("solver_killed"), None)
    );
}

/// Killed as soon as it tells of something after the first plan, which is then a whole one.
#[test]
fn a_solver_writes_its_first_plan_before_it_looks_for_a_better_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (week, plan) = (folder.path().join("week.json"), folder.path().join("plan.json"));
    let instance = solver::generate(solver::Size::Town, 1);
    fs::write(&week, serde_json::to_string(&instance).expect("plain data")).expect("the week is written");
    let mut child = Command::new(tests::binary().expect("the program"))
        .arg("solve")
        .arg(&week)
        .arg("-o")
        .arg(&plan)
        .args(["--seconds", "600", "--progress", "json"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let said = BufReader::new(child.stderr.take().expect("its words"));
    let told = said.lines().map_while(Result::ok).find(|line| line.contains("chains"));
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    assert!(told.is_some(), "it ended before");
    let kept: Plan = serde_json::from_slice(&fs::read(&plan).expect("a plan")).expect("a whole one");
    assert!(solver::check(&instance, &kept).is_clean());
    assert_eq!((kept.status, kept.assignments.is_empty()), (Status::Feasible, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solver_is_told_no_setting_of_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = folder.path().join("told");
    let setup = Setup {
        solver: Some(written(
            folder.path(),
            &format!("#!/bin/sh\nenv > {}\n", told.display()),
        )),
        environment: [
            ("GONGXUN_WEBHOOK_TRIES", "7"),
            ("DATABASE_URL", "postgres://somebody:secret@somewhere"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Sqlite, setup).await;
    let (coordinator, _) = desk.coordinators().await;
    let round = closed_round(&coordinator).await;
    let run = solved(&coordinator, &round.id, None, 1).await;
    assert_eq!(run.failure.as_deref(), Some("answer_missing"));
    let told = fs::read_to_string(told).expect("it ran");
    assert!(told.contains("PATH="), "{told}");
    assert!(!told.contains("GONGXUN") && !told.contains("secret"), "{told}");
}
