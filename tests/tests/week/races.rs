//! Many hands on one thing at one moment: one of them has it, the others are told so, and nothing breaks.

use super::desk::{Desk, any_draft, closed_round, form, open_round, solved};
use super::doors::store;
use domain::api::*;
use domain::id::RoomId;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::{Kind, waiting};
use tests::server::Client;

const CLIENTS: usize = 64;
const ROUNDS: usize = 200;

/// 64 calls that take one lesson to one free place, of the same version of a plan: one is taken, 63 are stale.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn one_of_64_tries_for_a_slot_wins(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, second) = desk.coordinators().await;
    let round = closed_round(&coordinator).await;
    let plan = solved(&coordinator, &round.id, None, 1).await.plan.expect("a plan");
    let board = coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    let slots = two_slots(&coordinator, &board).await;
    for (n, version) in (board.plan.version..).take(ROUNDS).enumerate() {
        let wanted = MoveLesson {
            version,
            ..slots[n % 2].clone()
        };
        let tries = (0..CLIENTS).map(|client| if client % 2 == 0 { &coordinator } else { &second });
        let answers = futures::future::join_all(tries.map(|client| client.call(&wanted))).await;
        let won: Vec<i64> = answers.iter().flatten().map(|board| board.plan.version).collect();
        let stale = |answer: &&Result<BoardView, Problem>| answer.as_ref().is_err_and(|p| p.code == ProblemCode::Stale);
        let told = answers.iter().filter(stale).count();
        assert_eq!(
            (won.as_slice(), told),
            ([version + 1].as_slice(), CLIENTS - 1),
            "round {n}"
        );
    }
}

/// Another place that a lesson may have, and the one where it stands: from either it may go to the other.
async fn two_slots(coordinator: &Client, board: &BoardView) -> [MoveLesson; 2] {
    for lesson in single_lessons(board) {
        let read = ReadMoves {
            plan: board.plan.id.clone(),
            request: lesson.request.clone(),
            lesson: lesson.lesson,
        };
        let moves = coordinator.call(&read).await.expect("the board answers");
        let keeps_people =
            |option: &&MoveOption| option.verdict != Verdict::Refused && option.instructors == lesson.instructors;
        if let Some(free) = moves.options.iter().find(keeps_people) {
            let to = |start: i64, room: &RoomId| MoveLesson {
                plan: board.plan.id.clone(),
                version: 0,
                request: lesson.request.clone(),
                lesson: lesson.lesson,
                start,
                room: room.clone(),
                instructors: Some(lesson.instructors.clone()),
                pin: false,
            };
            return [to(free.start, &free.room), to(lesson.span.from, &lesson.room)];
        }
    }
    panic!("no lesson of the plan can move");
}

/// Lessons that keep their number wherever they go, because their request has no other.
pub fn single_lessons(board: &BoardView) -> impl Iterator<Item = &LessonView> {
    let only = |lesson: &&LessonView| {
        let same = board.lessons.iter().filter(|other| other.request == lesson.request);
        same.count() == 1
    };
    board.lessons.iter().filter(only)
}

/// Requests that meet a close: what is acknowledged is in the closed round, what comes later is refused.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_by_a_round_that_has_closed(#[case] kind: Kind) {
    const ASKED: usize = 4;
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let (coordinator, _) = desk.coordinators().await;
    let mut submits = Vec::new();
    for _ in 0..ASKED {
        let open = form(&trainer).await;
        submits.push(SubmitRequest {
            id: open.id.clone(),
            round: open.round.id.clone(),
            version: 0,
            draft: any_draft(&open),
        });
    }
    let round = open_round(&coordinator).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    let store = store(&desk).await;
    let busy = store.write().await.expect("a transaction");
    let lock = "SELECT 1 FROM rounds FOR UPDATE";
    if kind == Kind::Postgres {
        busy.execute_unprepared(lock).await.expect("a lock");
    }
    // The close waits first, and then everybody who was still let in.
    let until = async |wait: i64| while kind == Kind::Postgres && waiting(&store).await.expect("a count") < wait {};
    let asking = async {
        until(1).await;
        futures::future::join_all(submits.iter().map(|submit| trainer.call(submit))).await
    };
    let released = async {
        until(1 + ASKED as i64).await;
        busy.commit().await.expect("a commit");
    };
    let (closed, told, ()) = tokio::join!(coordinator.call(&close), asking, released);
    let closed = closed.expect("it closes");
    let taken = told.iter().filter(|told| told.is_ok()).count();
    assert_eq!(closed.round.submitted, round.submitted + taken as i64, "{told:?}");
    let refused = |told: &&Result<RequestView, Problem>| {
        told.as_ref()
            .is_err_and(|problem| problem.code == ProblemCode::WrongState)
    };
    assert_eq!(told.iter().filter(refused).count(), ASKED - taken, "{told:?}");
    let after = coordinator.call(&ReadRound { id: round.id }).await.expect("the round");
    assert_eq!(after.round.submitted, closed.round.submitted);
}
