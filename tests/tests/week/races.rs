//! Many hands on one thing at one moment: one of them has it, the others are told so, and nothing breaks.

use super::desk::{Desk, closed_round, solved};
use domain::api::*;
use domain::id::RoomId;
use rstest::rstest;
use tests::databases::Kind;
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
