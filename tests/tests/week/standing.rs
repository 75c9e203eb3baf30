//! A member that is suspended after it has asked: what it asked for is left out while the suspension reaches into the week,
//! the member and the coordinator read why, and it counts again once the suspension is lifted.

use super::desk::{Desk, board, open_round, published, solved, submitted};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use domain::plan::Reason;
use domain::request::RequestState;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;

fn zhiyuan() -> OrganizationId {
    OrganizationId::new("zhiyuan")
}

async fn ask(client: &Client) -> RequestId {
    submitted(client).await.id
}

async fn read(client: &Client, id: &RequestId) -> RequestView {
    client.call(&ReadRequest { id: id.clone() }).await.expect("readable")
}

async fn suspend(admin: &Client, version: i64, until: chrono::NaiveDate) {
    let call = SuspendOrganization {
        id: zhiyuan(),
        version,
        reason: "三次爽约".into(),
        until,
    };
    admin.call(&call).await.expect("suspended");
}

/// Whether a plan knows anything of the member's requests.
fn has(board: &BoardView) -> bool {
    let placed = board.lessons.iter().any(|lesson| lesson.organization == zhiyuan());
    placed || board.unplaced.iter().any(|missing| missing.organization == zhiyuan())
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_member_suspended_after_it_asked_is_left_out_until_it_is_lifted(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = desk
        .server
        .client(desk.server.login_of(Role::SystemAdmin))
        .await
        .expect("a login");
    let (owner, other) = (desk.signed_in("luo.zhiyuan").await, desk.signed_in("li.jishi").await);
    let (coordinator, second) = desk.coordinators().await;
    let (asked, others) = (ask(&owner).await, ask(&other).await);
    let round = open_round(&coordinator).await.round;
    let look = async || {
        coordinator
            .call(&ReadRound { id: round.id.clone() })
            .await
            .expect("the round")
    };

    suspend(&admin, 0, round.week.monday()).await;
    assert_eq!(look().await.left_out, [], "the week begins when the suspension is over");
    assert_eq!(read(&owner, &asked).await.left_out, None);
    suspend(&admin, 1, round.week.monday() + chrono::Days::new(1)).await;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    let left_out = coordinator.call(&close).await.expect("closed").left_out;
    assert_eq!(left_out.len(), 1);
    assert_eq!(
        (&left_out[0].organization, left_out[0].why.code()),
        (&zhiyuan(), "member_suspended")
    );
    assert!(left_out[0].requests > 0);
    for reader in [&owner, &coordinator] {
        let why = read(reader, &asked).await.left_out.expect("a reason");
        assert_eq!(why.code(), "member_suspended");
        let (_, page) = reader.page(&format!("/requests/{asked}")).await;
        assert!(page.contains("现在不参加排课") && page.contains("三次爽约"));
    }
    let (_, page) = coordinator.page(&format!("/rounds/{}", round.id)).await;
    assert!(page.contains("不参加排课的单位") && page.contains("三次爽约"));
    assert_eq!(read(&other, &others).await.left_out, None);
    let told = other
        .call(&ReadRound { id: round.id.clone() })
        .await
        .expect("the round");
    assert_eq!(
        told.left_out,
        [],
        "why another member is left out is not theirs to read"
    );

    let without = solved(&coordinator, &round.id, None, 1).await.plan.expect("a plan");
    assert!(!has(&board(&coordinator, &without).await));
    assert_eq!(
        read(&coordinator, &asked).await.state,
        RequestState::Submitted,
        "it is not proposed"
    );
    assert_eq!(read(&coordinator, &others).await.state, RequestState::Proposed);

    let lift = LiftSuspension {
        id: zhiyuan(),
        version: 2,
    };
    admin.call(&lift).await.expect("lifted");
    assert_eq!(look().await.left_out, []);
    let with = solved(&coordinator, &round.id, None, 1)
        .await
        .plan
        .expect("another plan");
    let whole = board(&coordinator, &with).await;
    assert!(has(&whole), "it counts again");
    assert!(whole.lessons.iter().any(|lesson| lesson.organization == zhiyuan()));
    assert_eq!(read(&coordinator, &asked).await.state, RequestState::Proposed);

    // Suspended between run and publishing: the plan that has its lessons is refused with the reason, the other one holds.
    suspend(&admin, 3, round.week.monday() + chrono::Days::new(30)).await;
    let refused = published(&coordinator, &second, &with)
        .await
        .expect_err("its lessons are in it");
    let codes: Vec<_> = refused.violations.iter().map(|broken| broken.code()).collect();
    assert_eq!(
        (refused.code, codes),
        (ProblemCode::RulesBroken, vec!["member_suspended"])
    );
    published(&coordinator, &second, &without).await.expect("published");
    let result = read(&owner, &asked).await;
    assert_eq!((result.state, result.left_out), (RequestState::NotGranted, None));
    let missing = result.missing.expect("a reason");
    let rule = "member_suspended".to_owned();
    assert_eq!((missing.lessons, missing.reasons), (1, vec![Reason::LeftOut { rule }]));
    let (_, page) = owner.page(&format!("/requests/{asked}")).await;
    assert!(page.contains("没有参加排课"), "the page says why");
    let books = ReadFairness { week: Some(round.week) };
    let books = owner.call(&books).await.expect("public").lines;
    let line = books
        .iter()
        .find(|line| line.organization == zhiyuan())
        .expect("a line");
    assert_eq!(
        (line.ledger.asked_min, line.ledger.claim_min),
        (0, 0),
        "nothing is owed"
    );
}
