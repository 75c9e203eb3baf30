//! Two databases, one behaviour: a stream of random calls gets the same answers and ends in the same state.

use super::world::*;
use backend::store::outbox::OutboxRecord;
use backend::store::plans::PlanRecord;
use backend::store::requests::RequestRecord;
use backend::store::runs::RunRecord;
use backend::store::timetable::AssignmentRecord;
use backend::store::{StoreError, Tx, ledger, outbox, plans, requests, rounds, runs, timetable};
use domain::api::RunState;
use domain::fairness::LedgerLine;
use domain::id::*;
use domain::request::RequestState;
use domain::round::{Round, RoundState};
use domain::time::Span;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tests::databases::Kind;

/// Few ids and versions, so that calls meet each other.
#[derive(Debug, Clone)]
enum Call {
    Collecting(Collecting),
    Planning(Planning),
}

#[rustfmt::skip]
#[derive(Debug, Clone)]
enum Collecting {
    Round { id: u8, week: u64 },
    Close { id: u8, version: i64 },
    Ask { id: u8, round: u8 },
    Amend { id: u8, version: i64 },
    Expire { round: u8 },
    Settle { week: u64, due_min: i64 },
    Tell { id: u8 },
}

#[rustfmt::skip]
#[derive(Debug, Clone)]
enum Planning {
    Queue { id: u8, round: u8 },
    Claim { now_ms: i64 },
    Finish { id: u8, generation: i64 },
    Fail { now_ms: i64 },
    Draw { id: u8, round: u8 },
    Hold { lesson: u8, request: u8, from: i64, minutes: i64 },
}

#[rustfmt::skip]
fn any_call() -> impl Strategy<Value = Call> {
    let collecting = prop_oneof![
        (0..5_u8, 0..5_u64).prop_map(|(id, week)| Collecting::Round { id, week }),
        (0..5_u8, 1..4_i64).prop_map(|(id, version)| Collecting::Close { id, version }),
        (0..9_u8, 0..5_u8).prop_map(|(id, round)| Collecting::Ask { id, round }),
        (0..9_u8, 1..4_i64).prop_map(|(id, version)| Collecting::Amend { id, version }),
        (0..5_u8).prop_map(|round| Collecting::Expire { round }),
        (0..5_u64, -9..9_i64).prop_map(|(week, due_min)| Collecting::Settle { week, due_min }),
        (0..5_u8).prop_map(|id| Collecting::Tell { id }),
    ];
    let planning = prop_oneof![
        (0..5_u8, 0..5_u8).prop_map(|(id, round)| Planning::Queue { id, round }),
        (0..90_000_i64).prop_map(|now_ms| Planning::Claim { now_ms }),
        (0..5_u8, 1..4_i64).prop_map(|(id, generation)| Planning::Finish { id, generation }),
        (0..90_000_i64).prop_map(|now_ms| Planning::Fail { now_ms }),
        (0..5_u8, 0..5_u8).prop_map(|(id, round)| Planning::Draw { id, round }),
        (0..9_u8, 0..9_u8, 0..40_i64, 0..15_i64)
            .prop_map(|(lesson, request, from, minutes)| Planning::Hold { lesson, request, from, minutes }),
    ];
    prop_oneof![collecting.prop_map(Call::Collecting), planning.prop_map(Call::Planning)]
}

#[tokio::test]
async fn both_databases_answer_alike_and_end_alike() {
    let mut runner = TestRunner::deterministic();
    let (one, other) = (World::new(Kind::Sqlite).await, World::new(Kind::Postgres).await);
    let calls = proptest::collection::vec(any_call(), 400)
        .new_tree(&mut runner)
        .unwrap()
        .current();
    let mut done = 0;
    for (n, call) in calls.iter().enumerate() {
        let (here, there) = (act(&one, call).await, act(&other, call).await);
        // A row that breaks several rules at once is refused by whichever the database looks at first.
        let refused = |answer: &Result<_, _>| matches!(answer, Err(StoreError::Conflict { .. }));
        let alike = here == there || (refused(&here) && refused(&there));
        assert!(alike, "call {n}, {call:?}: {here:?} or {there:?}");
        done += usize::from(here.is_ok());
    }
    assert!(
        (100..350).contains(&done),
        "{done} of 400 calls passed: the stream tries too little"
    );
    assert_eq!(state(&one).await, state(&other).await);
}

/// One call in a transaction of its own; the answer as text.
async fn act(world: &World, call: &Call) -> Result<String, StoreError> {
    let tx = world.store.write().await?;
    let said = match call {
        Call::Collecting(call) => collect(&tx, &world.alliance, call).await?,
        Call::Planning(call) => plan(&tx, &world.alliance, call).await?,
    };
    tx.commit().await?;
    Ok(said)
}

async fn collect(tx: &Tx, a: &AllianceId, call: &Collecting) -> Result<String, StoreError> {
    Ok(match call {
        Collecting::Round { id, week } => rounds::insert(tx, a, &round(&format!("r{id}"), *week)).await?.said(),
        Collecting::Close { id, version } => {
            let closed = Round {
                state: RoundState::Closed,
                ..round(&format!("r{id}"), 0)
            };
            rounds::update(tx, a, &closed, *version).await?.said()
        }
        Collecting::Ask { id, round } => {
            let request = RequestRecord {
                round: in_round(round),
                ..request_record(&format!("q{id}"))
            };
            requests::insert(tx, a, &request).await?.said()
        }
        Collecting::Amend { id, version } => {
            let request = RequestRecord {
                note: Some("改".into()),
                ..request_record(&format!("q{id}"))
            };
            requests::update(tx, a, &request, *version).await?.said()
        }
        Collecting::Expire { round } => {
            let (from, to) = (RequestState::Draft, RequestState::Expired);
            requests::set_states(tx, a, &in_round(round), from, to, 5).await?.said()
        }
        Collecting::Settle { week: n, due_min } => {
            let line = LedgerLine {
                due_min: *due_min,
                ..settled("o1")
            };
            ledger::put(tx, a, week(*n), &[line]).await?.said()
        }
        Collecting::Tell { id } => {
            let (id, kind, subject) = (format!("n{id}"), "k".to_owned(), "s".to_owned());
            let notice = OutboxRecord {
                id,
                kind,
                subject,
                body: serde_json::Value::Null,
                at_min: 1,
            };
            outbox::add(tx, a, &notice).await?.said()
        }
    })
}

async fn plan(tx: &Tx, a: &AllianceId, call: &Planning) -> Result<String, StoreError> {
    Ok(match call {
        Planning::Queue { id, round } => {
            let run = RunRecord {
                round: in_round(round),
                ..run_record(&format!("j{id}"))
            };
            runs::insert(tx, a, &run).await?.said()
        }
        Planning::Claim { now_ms } => runs::claim(tx, "w", *now_ms, 15_000).await?.said(),
        Planning::Finish { id, generation } => {
            let id = RunId::new(format!("j{id}"));
            runs::finish(tx, a, &id, *generation, RunState::Failed, None, Some("x"))
                .await?
                .said()
        }
        Planning::Fail { now_ms } => runs::fail_exhausted(tx, *now_ms).await?.said(),
        Planning::Draw { id, round } => {
            let plan = PlanRecord {
                round: in_round(round),
                ..plan_record(&format!("p{id}"))
            };
            plans::insert(tx, a, &plan).await?.said()
        }
        Planning::Hold {
            lesson,
            request,
            from,
            minutes,
        } => {
            let (id, span) = (format!("l{lesson}"), Span::new(*from, from + minutes));
            let request = RequestId::new(format!("q{request}"));
            let row = AssignmentRecord {
                request,
                ..assignment(&id, i64::from(*lesson), span)
            };
            timetable::publish(tx, a, &[row], &[holds(&id, "room/cnc", span)])
                .await?
                .said()
        }
    })
}

fn in_round(n: &u8) -> RoundId {
    RoundId::new(format!("r{n}"))
}

trait Said: std::fmt::Debug {
    fn said(&self) -> String {
        format!("{self:?}")
    }
}
impl<T: std::fmt::Debug> Said for T {}

async fn state(world: &World) -> String {
    let tx = world.store.read().await.unwrap();
    let a = &world.alliance;
    let mut told = rounds::list(&tx, a).await.unwrap().said();
    for round in rounds::list(&tx, a).await.unwrap() {
        told += &runs::list(&tx, a, &round.id).await.unwrap().said();
        told += &plans::list(&tx, a, &round.id).await.unwrap().said();
        told += &requests::counts(&tx, a, &round.id, requests::Counted::OfAll)
            .await
            .unwrap()
            .said();
        told += &timetable::assignments(&tx, a, round.week).await.unwrap().said();
    }
    told += &requests::list(&tx, a, &Default::default()).await.unwrap().said();
    told += &timetable::occupancy(&tx, a, &["room/cnc".to_owned()], Span::new(0, 100))
        .await
        .unwrap()
        .said();
    told += &ledger::all(&tx, a).await.unwrap().said();
    told + &outbox::pending(&tx, a).await.unwrap().said()
}
