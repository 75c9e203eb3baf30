//! Faults with fresh dice each run: nonsense calls, hands that act at one time, power cuts at a chosen sync. Each ends
//! with every invariant verified. The seed is printed; GONGXUN_FAULTS_SEED repeats it, GONGXUN_FAULTS_SCALE multiplies
//! what is tried, up to all of it (`cargo xtask faults`).

use super::desk::{Desk, any_draft, closed_round, form, open_round, said, solved};
use backend::clock::{new_id, now_ms};
use domain::api::*;
use domain::id::*;
use rstest::rstest;
use serde_json::{Value, json};
use std::path::Path;
use tests::databases::Kind;
use tests::server::{Client, Server, Setup};
use tests::syncs::Cut;

/// A small generator (SplitMix64): a run is repeated by its seed alone.
pub struct Dice(u64);

impl Dice {
    #[expect(
        clippy::disallowed_methods,
        reason = "a run is told by its environment which one to repeat"
    )]
    pub fn thrown(what: &str) -> Self {
        let given = std::env::var("GONGXUN_FAULTS_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| now_ms().unsigned_abs());
        println!("{what}: GONGXUN_FAULTS_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let n = self.below(of.len());
        &of[n]
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a run is told by its environment how much to try"
)]
pub fn scale() -> usize {
    std::env::var("GONGXUN_FAULTS_SCALE")
        .ok()
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(1)
}

async fn is_whole(desk: &Desk) {
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// A value that may stand anywhere and is right nowhere, or only by luck.
fn nonsense(dice: &mut Dice, depth: usize) -> Value {
    let texts = [
        "",
        " ",
        "\0",
        "\u{202e}",
        "nowhere",
        "2026-W53",
        "2027-02-29",
        "24:00",
        "=1+1",
        "' OR 1=1 --",
        "长",
    ];
    let numbers = [-1, 0, 1, 53, 1440, 10_080, 1_000_000_000, i64::MAX, i64::MIN];
    match dice.below(if depth < 3 { 8 } else { 5 }) {
        0 => json!(dice.one(&texts)),
        1 => json!(dice.one(&numbers)),
        2 => Value::Null,
        3 => json!(dice.one(&["x", "长"]).repeat(dice.one(&[10, 1000, 5000]).to_owned())),
        4 => json!(dice.below(2) == 0),
        5 => (0..dice.below(4)).map(|_| nonsense(dice, depth + 1)).collect(),
        _ => {
            let names = [
                "id", "round", "version", "draft", "purpose", "lessons", "windows", "span", "plan", "week", "by",
            ];
            let field = |_| (dice.one(&names).to_string(), nonsense(dice, depth + 1));
            Value::Object((0..4).map(field).collect())
        }
    }
}

/// A good call with some of its values turned into nonsense.
fn spoiled(dice: &mut Dice, value: &Value) -> Value {
    if dice.below(4) == 0 {
        return nonsense(dice, 0);
    }
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| (name.clone(), spoiled(dice, value));
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(list) => list.iter().map(|value| spoiled(dice, value)).collect(),
        other => other.clone(),
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_gets_a_problem_and_breaks_nothing(#[case] kind: Kind) {
    let mut dice = Dice::thrown("nonsense");
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let clients = [desk.signed_in("li.jishi").await, coordinator, desk.server.visitor()];
    let new = form(&clients[0]).await;
    let good = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: any_draft(&new),
    };
    let good = serde_json::to_value(&good).expect("plain data");
    for n in 0..400 * scale() {
        // Signing out would end what the rest is about.
        let calls: Vec<_> = CALLS.iter().filter(|(name, _, _)| *name != "SignOut").collect();
        let (name, method, path) = *dice.one(&calls);
        let call = spoiled(&mut dice, &good);
        let (status, reply) = match method {
            Method::Post => dice.one(&clients).post(path, call.to_string()).await,
            Method::Get => {
                let pairs: Vec<String> = call
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| {
                        format!(
                            "{name}={}",
                            value
                                .to_string()
                                .bytes()
                                .map(|byte| format!("%{byte:02x}"))
                                .collect::<String>()
                        )
                    })
                    .collect();
                let address = format!("{path}?{}", pairs.join("&"));
                let address = &address[..address.len().min(8000)];
                let (status, text) = dice.one(&clients).page(address).await;
                (status, serde_json::from_str(&text).unwrap_or_default())
            }
        };
        assert!(status < 500, "{n} {name} {call}: {status} {reply}");
        assert!(
            status < 400 || reply["code"].is_string(),
            "{n} {name} {call}: {status} {reply}"
        );
    }
    is_whole(&desk).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn two_coordinators_at_one_time_leave_one_truth(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (first, second) = desk.coordinators().await;
    let round = open_round(&first).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    let (a, b) = tokio::join!(first.call(&close), second.call(&close));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|won| **won).count(), 1);
    let plan = solved(&first, &round.id, None, 1).await.plan.expect("a plan");
    let board = first.call(&ReadBoard { plan: plan.clone() }).await.expect("the board");
    let version = board.plan.version;
    let discard = DiscardPlan {
        plan: plan.clone(),
        version,
    };
    let approve = ApprovePlan {
        plan: plan.clone(),
        version,
    };
    let (approved, discarded) = tokio::join!(second.call(&approve), first.call(&discard));
    assert!(approved.is_ok() != discarded.is_ok(), "{approved:?} {discarded:?}");
    if let Ok(board) = approved {
        let publish = PublishPlan {
            plan,
            version: board.plan.version,
            round_version: board.round.version,
        };
        let hands = (0..16).map(|n| if n % 2 == 0 { &first } else { &second });
        let told = futures::future::join_all(hands.map(|hand| hand.call(&publish))).await;
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
        let refused = told.iter().filter_map(|told| told.as_ref().err());
        for problem in refused {
            let expected = [ProblemCode::Stale, ProblemCode::WrongState, ProblemCode::Taken];
            assert!(expected.contains(&problem.code), "{problem:?}");
        }
    }
    is_whole(&desk).await;
}

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
    let verified = super::desk::run(&["verify"], folder, &url).await;
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
