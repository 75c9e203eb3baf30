//! Many hands on one thing at one moment: one of them has it, the others are told so, and nothing breaks.

use super::desk::{Desk, open_round, solved};
use domain::api::*;
use rstest::rstest;
use tests::databases::Kind;

const CLIENTS: usize = 64;
const ROUNDS: usize = 30;

/// 64 calls that pin one lesson of the same version of a plan: one is taken, 63 are stale.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn one_of_64_changes_of_a_plan_wins(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, second) = desk.coordinators().await;
    let round = open_round(&coordinator).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    coordinator.call(&close).await.expect("the round closes");
    let plan = solved(&coordinator, &round.id, None, 1).await.plan.expect("a plan");
    let board = coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    let (lesson, mut version) = (&board.lessons[0], board.plan.version);
    for n in 0..ROUNDS {
        let pin = PinLesson {
            plan: plan.clone(),
            version,
            request: lesson.request.clone(),
            lesson: lesson.lesson,
            pinned: n % 2 == 0,
        };
        let tries = (0..CLIENTS).map(|client| if client % 2 == 0 { &coordinator } else { &second });
        let answers = futures::future::join_all(tries.map(|client| client.call(&pin))).await;
        let won: Vec<i64> = answers.iter().flatten().map(|board| board.plan.version).collect();
        let stale = |answer: &&Result<BoardView, Problem>| answer.as_ref().is_err_and(|p| p.code == ProblemCode::Stale);
        let told = answers.iter().filter(stale).count();
        assert_eq!(
            (won.as_slice(), told),
            ([version + 1].as_slice(), CLIENTS - 1),
            "round {n}"
        );
        version += 1;
    }
}
