//! The ways of a request before the round closes, and who may know of it.

use super::desk::{Desk, form, lathe_draft};
use domain::api::*;
use domain::people::Role;
use domain::request::{RequestDraft, RequestState};
use rstest::rstest;
use tests::databases::Kind;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_drafted_returned_amended_and_withdrawn(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let (coordinator, _) = desk.coordinators().await;
    let form = form(&trainer).await;
    let (id, round) = (form.id.clone(), form.round.id.clone());

    // A draft is saved with its faults and cannot be submitted with them.
    let faulty = RequestDraft {
        purpose: "未完成".into(),
        ..RequestDraft::blank()
    };
    let save = SaveDraft {
        id: id.clone(),
        round: round.clone(),
        version: 0,
        draft: faulty.clone(),
    };
    let saved = trainer.call(&save).await.expect("a draft is saved");
    assert_eq!((saved.state, saved.version), (RequestState::Draft, 1));
    let hidden = coordinator
        .call(&ReadRequest { id: id.clone() })
        .await
        .expect_err("a draft is its owner's");
    assert_eq!(hidden.code, ProblemCode::NotFound);
    let submit = SubmitRequest {
        id: id.clone(),
        round: round.clone(),
        version: 1,
        draft: faulty,
    };
    let refused = trainer.call(&submit).await.expect_err("a faulty draft is refused");
    assert_eq!(refused.code, ProblemCode::RulesBroken);
    assert!(
        refused.violations.len() > 1,
        "every broken rule is listed: {:?}",
        refused.violations
    );

    let draft = lathe_draft(&form);
    let submitted = trainer
        .call(&SubmitRequest {
            draft: draft.clone(),
            ..submit
        })
        .await
        .expect("mended and submitted");
    let give_back = ReturnRequest {
        id: id.clone(),
        version: submitted.version,
        note: "请写明工件".into(),
    };
    let returned = coordinator.call(&give_back).await.expect("a coordinator gives it back");
    assert_eq!(returned.state, RequestState::Returned);
    let answered = RequestDraft {
        purpose: "数控车削实训：阶梯轴".into(),
        ..draft
    };
    let submit = SubmitRequest {
        id: id.clone(),
        round,
        version: returned.version,
        draft: answered.clone(),
    };
    let submitted = trainer.call(&submit).await.expect("answered and submitted");
    let stale = AmendRequest {
        id: id.clone(),
        version: 1,
        draft: RequestDraft {
            lessons: 3,
            ..answered.clone()
        },
    };
    assert_eq!(
        trainer.call(&stale).await.expect_err("an old page").code,
        ProblemCode::Stale
    );
    let amend = AmendRequest {
        version: submitted.version,
        ..stale
    };
    let amended = trainer.call(&amend).await.expect("amended until the cut-off");
    assert_eq!(amended.draft.lessons, 3);
    let withdraw = WithdrawRequest {
        id: id.clone(),
        version: amended.version,
    };
    assert_eq!(
        trainer.call(&withdraw).await.expect("withdrawn").state,
        RequestState::Withdrawn
    );
    assert_eq!(
        trainer.call(&withdraw).await.expect_err("withdrawn once").code,
        ProblemCode::WrongState
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_request_does_not_exist() {
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let submit = SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: lathe_draft(&form),
    };
    trainer.call(&submit).await.expect("submitted");
    let stranger = desk.signed_in("zhao.yunneng").await;
    let id = form.id.clone();
    let read = stranger
        .call(&ReadRequest { id: id.clone() })
        .await
        .expect_err("not theirs");
    let withdraw = stranger
        .call(&WithdrawRequest {
            id: id.clone(),
            version: 1,
        })
        .await
        .expect_err("not theirs");
    let taken = stranger.call(&submit).await.expect_err("not theirs");
    assert_eq!([read.code, withdraw.code, taken.code], [ProblemCode::NotFound; 3]);
    let listed = stranger
        .call(&ListRequests {
            round: None,
            organization: None,
            state: None,
        })
        .await
        .expect("own list");
    assert!(!listed.requests.is_empty() && listed.requests.iter().all(|row| row.id != id));
    let auditor = desk
        .server
        .client(desk.server.login_of(Role::Auditor))
        .await
        .expect("an auditor");
    assert_eq!(
        auditor.call(&ReadRequest { id }).await.expect_err("not theirs").code,
        ProblemCode::NotFound
    );
}
