//! A stream of random calls is answered alike by a server on SQLite, by one on PostgreSQL and by a model in memory that
//! was written from the rules alone, and leaves all three in the same state. Keys come twice, versions are stale, and
//! whoever calls may have no right, no login or no organization any more. GONGXUN_FAULTS_SEED repeats a stream.

mod model;
mod step;

use super::desk::{Desk, any_draft, said};
use super::doors::store;
use super::faults::{Dice, scale};
use backend::store::requests::RequestFilter;
use backend::store::{Store, audit, memberships, people, requests, rounds, runs, standings};
use domain::api::*;
use domain::id::*;
use domain::request::RequestDraft;
use domain::round::{Round, RoundState};
use domain::time::Week;
use model::Model;
use std::collections::{BTreeMap, BTreeSet};
use step::Sent;
use tests::databases::Kind;
use tests::server::{Client, Setup};

/// Who calls: logins of the demo, and whoever has none.
const VISITOR: &str = "visitor";
const CALLERS: [&str; 8] = [
    VISITOR,
    "li.jishi",
    "luo.zhiyuan",
    "ma.zhigao",
    "wang.jishi",
    "chen.paike",
    "yang.shenji",
    "duan.xitong",
];
/// Rounds of weeks far enough ahead, made for the stream.
const ROUNDS: u64 = 60;

/// One server with a client for everybody who calls.
struct Side {
    desk: Desk,
    store: Store,
    clients: BTreeMap<&'static str, Client>,
    /// Entries of the audit log that the demo left.
    before: i64,
}

impl Side {
    async fn open(kind: Kind, made: &[Round]) -> Self {
        let desk = Desk::with(kind, Setup::with(&["--no-worker"])).await;
        let store = store(&desk).await;
        let tx = store.write().await.expect("a transaction");
        for round in made {
            rounds::insert(&tx, &alliance(), round).await.expect("a new round");
        }
        let before = audit::head(&tx, &alliance()).await.expect("the head").seq;
        tx.commit().await.expect("a commit");
        let clients = CALLERS.iter().map(|who| (*who, desk.server.visitor())).collect();
        Self {
            desk,
            store,
            clients,
            before,
        }
    }

    async fn send(&self, sent: &Sent) -> (u16, Vec<u8>) {
        let client = &self.clients[sent.who];
        let password = |login: &str| self.desk.server.login(login).password.clone();
        sent.step.send(client, sent.who, &sent.key, password).await
    }
}

fn alliance() -> AllianceId {
    AllianceId::new("chuxiong")
}

/// Rounds that no holiday of the demo touches, open for longer than any stream takes.
fn made() -> Vec<Round> {
    let today = backend::clock::civil_now("Asia/Shanghai").0;
    let mut week = Week::of(today).next().next();
    let round = |n: u64| {
        week = week.next();
        Round {
            id: RoundId::new(format!("stream-{n}")),
            week,
            state: RoundState::Open,
            cut_off_min: week.epoch_min(),
            version: 1,
            published: None,
        }
    };
    (0..ROUNDS).map(round).collect()
}

/// What every organization of a caller may ask for, the same in every week.
async fn drafts(side: &Side, rounds: &[Round]) -> BTreeMap<String, RequestDraft> {
    let mut drafts = BTreeMap::new();
    for login in ["li.jishi", "luo.zhiyuan", "ma.zhigao"] {
        let client = side.desk.signed_in(login).await;
        for round in rounds.iter().step_by(10) {
            let form = ReadForm {
                round: Some(round.id.clone()),
                id: None,
            };
            let draft = any_draft(&client.call(&form).await.expect("a form"));
            let check = CheckDraft {
                round: round.id.clone(),
                draft: draft.clone(),
            };
            assert_eq!(client.call(&check).await.expect("judged").violations, [], "{login}");
            let organization = login.split('.').nth(1).expect("logins name it").to_owned();
            let known = drafts.insert(organization, draft.clone());
            assert!(known.is_none_or(|known| known == draft));
        }
        client.call(&SignOut {}).await.expect("out again");
    }
    drafts
}

/// What is compared: rows without the times and without what only one server knows.
#[derive(Debug, PartialEq, Eq, Default)]
struct State {
    /// With what they ask for.
    requests: BTreeSet<(String, String, String, String, i64, String, String)>,
    rounds: BTreeSet<(String, String, i64)>,
    runs: BTreeSet<(String, String, bool)>,
    people: BTreeSet<(String, String, Option<String>, bool)>,
    memberships: BTreeSet<(String, Option<String>, String)>,
    standings: BTreeSet<(String, String, i64)>,
    /// Event, who, about what; in order.
    log: Vec<(String, String, String)>,
}

async fn state(side: &Side, made: &[Round], model: &Model) -> State {
    let (tx, a) = (side.store.read().await.expect("a read"), alliance());
    let mut state = State::default();
    let word = |word: &'static str| word.to_owned();
    for round in made {
        let now = rounds::get(&tx, &a, &round.id)
            .await
            .expect("a row")
            .expect("the round");
        state
            .rounds
            .insert((now.id.to_string(), word(now.state.into()), now.version));
        let filter = RequestFilter {
            round: Some(round.id.clone()),
            ..Default::default()
        };
        for request in requests::list(&tx, &a, &filter).await.expect("rows") {
            state.requests.insert((
                request.id.to_string(),
                request.round.to_string(),
                request.organization.to_string(),
                word(request.state.into()),
                request.version,
                request.created_by.to_string(),
                serde_json::to_value(&request.draft).expect("plain data").to_string(),
            ));
        }
        for run in runs::list(&tx, &a, &round.id).await.expect("rows") {
            state
                .runs
                .insert((run.id.to_string(), word(run.state.into()), run.stop_asked));
        }
    }
    let held = memberships::all(&tx, &a).await.expect("rows");
    for person in people::list(&tx, &a).await.expect("rows") {
        if !CALLERS.contains(&person.login.as_str()) {
            continue;
        }
        let id = person.id.to_string();
        for seat in held.get(&person.id).into_iter().flatten() {
            let organization = seat.organization.as_ref().map(ToString::to_string);
            state
                .memberships
                .insert((id.clone(), organization, word(seat.role.into())));
        }
        let organization = person.organization.map(|one| one.to_string());
        state
            .people
            .insert((id, word(person.role.into()), organization, person.active));
    }
    for organization in model.organizations() {
        let last = standings::get(&tx, &a, &OrganizationId::new(organization))
            .await
            .expect("a standing");
        state
            .standings
            .insert((organization.to_owned(), word(last.state.into()), last.version));
    }
    for entry in audit::after(&tx, &a, side.before, 1_000_000).await.expect("the log") {
        state.log.push((entry.event, entry.actor, entry.subject));
    }
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_calls_is_answered_alike_and_ends_alike() {
    let mut dice = Dice::thrown("twin stream");
    let made = made();
    let (one, other) = tokio::join!(Side::open(Kind::Sqlite, &made), Side::open(Kind::Postgres, &made));
    let drafts = drafts(&one, &made).await;
    let before = audit_head(&one).await;
    let (one, other) = (Side { before, ..one }, other);
    let mut model = Model::new(&made, &drafts);
    let calls = if scale() == 1 { 1000 } else { 10_000 };
    let (mut last, mut well, mut seen) = (None, 0, BTreeMap::<&str, [usize; 2]>::new());
    for n in 0..calls {
        let sent = Sent::thrown(&mut dice, &model, last.as_ref());
        let (here, there) = tokio::join!(one.send(&sent), other.send(&sent));
        let wanted = model.answer(&sent);
        let codes = [&here, &there].map(|(status, body)| (*status, code(body)));
        let told = format!("call {n}, {sent:?}: {codes:?}, and the model says {wanted}");
        assert!(codes[0] == codes[1] && here.0 == wanted, "{told}");
        let kind = seen.entry(sent.step.name()).or_default();
        kind[usize::from(wanted == 200)] += 1;
        well += usize::from(wanted == 200);
        last = Some(sent);
    }
    println!("refused and taken: {seen:?}");
    assert!(
        well * 5 > calls && well * 10 < calls * 9,
        "{well} of {calls} calls were taken: {seen:?}"
    );
    let (here, there) = (state(&one, &made, &model).await, state(&other, &made, &model).await);
    assert_eq!(here, there, "the databases differ");
    let thought = model.state();
    assert_eq!(here.requests, thought.requests);
    assert_eq!(here, thought, "the model differs");
    for side in [&one, &other] {
        let verified = side.desk.run(&["verify"]).await;
        assert!(verified.status.success(), "{}", said(&verified));
    }
}

async fn audit_head(side: &Side) -> i64 {
    let tx = side.store.read().await.expect("a read");
    audit::head(&tx, &alliance()).await.expect("the head").seq
}

/// The stable code of a problem; nothing of a reply.
fn code(body: &[u8]) -> String {
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    problem.map_or_else(String::new, |problem| <&str>::from(problem.code).to_owned())
}
