//! Four eyes: whoever made a plan, by a run or by hand, is not the one who approves it.

use super::desk::{Desk, closed_round, code, solved};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use tests::databases::Kind;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_changed_a_plan_does_not_approve_it(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (maker, editor) = desk.coordinators().await;
    let round = closed_round(&maker).await;
    let plan = solved(&maker, &round.id, None, 1).await.plan.expect("a plan");
    let read = ReadRound { id: round.id.clone() };
    let offered = editor.call(&read).await.expect("the round").approvable;
    assert_eq!(offered.as_slice(), std::slice::from_ref(&plan));
    let board = editor.call(&ReadBoard { plan: plan.clone() }).await.expect("the board");
    let lesson = &board.lessons[0];
    let remove = RemoveLesson {
        plan: plan.clone(),
        version: board.plan.version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
    };
    let board = editor.call(&remove).await.expect("a lesson is taken out");
    assert!(!board.may_approve);
    let approve = ApprovePlan {
        plan: plan.clone(),
        version: board.plan.version,
    };
    for client in [&maker, &editor] {
        assert!(client.call(&read).await.expect("the round").approvable.is_empty());
        assert_eq!(code(client, &approve).await, Some(ProblemCode::FourEyes));
    }

    // A third one has neither made nor changed it.
    let system = desk.server.client(desk.server.login_of(Role::SystemAdmin)).await;
    let make_coordinator = SetRole {
        person: PersonId::new("li.jishi"),
        organization: None,
        role: Role::Coordinator,
    };
    system
        .expect("the system admin")
        .call(&make_coordinator)
        .await
        .expect("a third coordinator");
    let third = desk.signed_in("li.jishi").await;
    third.call(&ActFor { organization: None }).await.expect("acts as that");
    assert_eq!(third.call(&read).await.expect("the round").approvable, [plan]);
    third.call(&approve).await.expect("approved");
}
