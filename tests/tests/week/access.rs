//! The matrix, walked against a live server: every role makes every call, to things that are not there, to the own
//! organization's and to another's. What the matrix says is what the server answers, and a refusal tells nothing.

use super::desk::{Desk, any_draft, form, lathe_draft, open_round};
use domain::access::{Grant, Told, row};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use serde_json::{Value, json};
use strum::VariantArray;
use tests::databases::Kind;
use tests::server::Client;

/// What calls are made to.
pub struct Things {
    pub round: RoundId,
    /// A submitted request of the organization that none of the walkers belongs to.
    pub foreign: RequestId,
    pub draft: Value,
}

pub fn contract(call: CallName) -> (Method, &'static str) {
    let name: &str = call.into();
    let known = CALLS.iter().find(|(known, _, _)| *known == name);
    known
        .map(|(_, method, path)| (*method, *path))
        .expect("every call is in the route table")
}

/// A well-formed call; a new one does not compile here before it has a sample.
pub fn sample(call: CallName, things: &Things, request: &str) -> Value {
    use CallName::*;
    let Things { round, draft, .. } = things;
    match call {
        SignIn => json!({ "login": "nobody", "password": "wrong" }),
        AcceptInvitation => json!({ "token": "nothing", "login": "new", "name": "新", "password": "wrong" }),
        JoinAsSelf => json!({ "token": "nothing" }),
        LinkIdentity => json!({ "ticket": "nothing", "password": "wrong" }),
        ActFor => json!({ "organization": "nowhere" }),
        ListOrganizations | ListPeople => json!({}),
        AdmitOrganization => {
            json!({ "id": "new", "name": "", "name_en": "", "seal": "", "kind": "school", "weight": 1.0 })
        }
        SuspendOrganization => json!({ "id": "nowhere", "version": 0, "reason": "三次爽约", "until": "2099-01-01" }),
        LiftSuspension | ReadmitOrganization => json!({ "id": "nowhere", "version": 0 }),
        LetOrganizationLeave => json!({ "id": "nowhere", "version": 0, "reason": "自愿" }),
        InvitePerson => json!({ "role": "requester", "organization": "nowhere", "days": 0 }),
        RevokeInvitation => json!({ "id": "nothing" }),
        SetSecondFactorRule => json!({ "alliance": "nowhere", "required": false }),
        SetRole => json!({ "person": "nobody", "organization": "nowhere", "role": "requester" }),
        TakeRole => json!({ "person": "nobody", "organization": "nowhere" }),
        DeactivatePerson | ReactivatePerson | ReadDuties => json!({ "person": "nobody" }),
        HandOverLesson => {
            json!({ "person": "nobody", "week": "2026-03-02", "request": request, "lesson": 1, "to": "nobody" })
        }
        HandOver => json!({ "request": request, "from": "nobody", "to": "nobody" }),
        SetOwnPhone => json!({ "phone": "12" }),
        RevealOwnPhone | ExportOwnData => json!({}),
        SetPhone => json!({ "person": "nobody", "phone": "13812345678" }),
        RevealPhone | ErasePerson => json!({ "person": "nobody" }),
        EndSession => json!({ "id": "nothing" }),
        ChangePassword => json!({ "old": "wrong", "new": "wrong" }),
        StartSecondFactor | EndSecondFactor | UnlinkIdentity => json!({ "password": "wrong" }),
        ConfirmSecondFactor => json!({ "code": "000000" }),
        SignOut | ReadAccount | ReadSession | ReadHome | ReadCatalog | ListRounds => json!({}),
        ReadThingWeek => json!({ "kind": "room", "id": "nowhere" }),
        ListRequests | ReadFairness => json!({}),
        ReadRequest => json!({ "id": request }),
        ReadForm => json!({ "id": request }),
        CheckDraft => json!({ "round": round, "draft": draft }),
        ReadTemplate => json!({}),
        PreviewImport => json!({ "round": round, "file": "" }),
        ImportRequests => json!({ "round": round, "file": "", "sha256": "", "to_become": "drafts" }),
        SaveDraft | SubmitRequest => json!({ "id": request, "round": round, "version": 1, "draft": draft }),
        AmendRequest => json!({ "id": request, "version": 1, "draft": draft }),
        WithdrawRequest => json!({ "id": request, "version": 99 }),
        ReturnRequest => json!({ "id": request, "version": 99, "note": "请补充" }),
        ReadRound => json!({ "id": round }),
        CloseRound | ReopenRound => json!({ "id": "nowhere", "version": 1 }),
        StartRun => json!({ "id": "run", "round": "nowhere", "from_plan": null, "seconds": 1 }),
        ReadRun | StopRun => json!({ "id": "nowhere" }),
        ReadBoard => json!({ "plan": "nowhere" }),
        ReadMoves => json!({ "plan": "nowhere", "request": request, "lesson": 1 }),
        MoveLesson => {
            json!({ "plan": "nowhere", "version": 1, "request": request, "lesson": 1, "start": 480, "room": "r",
                              "instructors": null, "pin": false })
        }
        PinLesson => json!({ "plan": "nowhere", "version": 1, "request": request, "lesson": 1, "pinned": true }),
        RemoveLesson => json!({ "plan": "nowhere", "version": 1, "request": request, "lesson": 1 }),
        ApprovePlan | DiscardPlan => json!({ "plan": "nowhere", "version": 1 }),
        PublishPlan => json!({ "plan": "nowhere", "version": 1, "round_version": 1 }),
        ReadTimetable => json!({ "by": "room" }),
        ReadAudit | ListNotices => json!({}),
        SendNoticeAgain => json!({ "id": request }),
    }
}

/// Calls that answer a wrong password, whoever gives it.
pub fn asks_for_a_password(call: CallName) -> bool {
    use CallName::*;
    matches!(
        call,
        SignIn
            | ChangePassword
            | StartSecondFactor
            | ConfirmSecondFactor
            | EndSecondFactor
            | LinkIdentity
            | UnlinkIdentity
    )
}

/// Calls that name a request, whose owner decides.
pub fn names_a_request(call: CallName) -> bool {
    use CallName::*;
    matches!(
        call,
        ReadRequest | ReadForm | SaveDraft | SubmitRequest | AmendRequest | WithdrawRequest | ReturnRequest
    )
}

/// Status and code that the matrix asks for, when it refuses.
pub fn refusal(call: CallName, role: Option<Role>) -> Option<(u16, &'static str)> {
    match (row(call).grant(role), row(call).told) {
        (Grant::No, _) if role.is_none() => Some((401, "sign_in_needed")),
        (Grant::No, Told::Refused) => Some((403, "forbidden")),
        (Grant::No, Told::Hidden) => Some((404, "not_found")),
        _ => None,
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_from_every_call_what_the_matrix_says(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let owner = desk.signed_in("luo.zhiyuan").await;
    let form = form(&owner).await;
    let (coordinator, _) = desk.coordinators().await;
    let things = Things {
        round: open_round(&coordinator).await.round.id,
        foreign: form.id.clone(),
        draft: serde_json::to_value(any_draft(&form)).expect("plain data"),
    };
    let submit = SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: any_draft(&form),
    };
    owner.call(&submit).await.expect("the owner asks");
    let secret = form.id.to_string();

    let mut walkers: Vec<(Option<Role>, Client)> = vec![(None, desk.server.visitor())];
    for role in Role::VARIANTS {
        let login = desk.server.login_of(*role);
        assert_ne!(login.login, "luo.zhiyuan");
        walkers.push((
            Some(*role),
            desk.server.client(login).await.expect("the demo's login works"),
        ));
    }
    for (role, client) in &walkers {
        // Signing out comes last, or nobody would be left to walk.
        let calls = CallName::VARIANTS.iter().filter(|call| **call != CallName::SignOut);
        for call in calls.chain([&CallName::SignOut]) {
            walk(client, *role, *call, &things, &secret).await;
        }
    }
}

async fn walk(client: &Client, role: Option<Role>, call: CallName, things: &Things, secret: &str) {
    let (method, path) = contract(call);
    let missing = sample(call, things, "nowhere");
    let (status, answer) = client.send(method, path, &missing).await;
    let code = answer["code"].as_str().unwrap_or_default().to_owned();
    let at = format!("{call:?} by {role:?} answers {status} {code}");
    if let Some((wanted, wanted_code)) = refusal(call, role) {
        assert_eq!((status, code.as_str()), (wanted, wanted_code), "{at}");
        // Before anything else is looked at: a body that says nothing is refused in the same words.
        let (status, again) = client.send(method, path, &json!({ "nonsense": true })).await;
        assert_eq!(
            (status, again["code"].as_str().unwrap_or_default()),
            (wanted, wanted_code),
            "{at}"
        );
    } else if !asks_for_a_password(call) {
        assert!(!matches!(status, 401 | 403 | 500..), "{at}");
    }
    if !names_a_request(call) {
        return;
    }
    let (status, foreign) = client
        .send(method, path, &sample(call, things, things.foreign.as_str()))
        .await;
    let reaches = matches!(row(call).grant(role), Grant::Filed | Grant::All);
    let code = foreign["code"].as_str().unwrap_or_default();
    if reaches {
        assert!(
            !matches!(status, 401 | 403 | 404 | 500..),
            "{call:?} by {role:?} does not reach it: {status} {code}"
        );
        return;
    }
    let wanted = refusal(call, role).unwrap_or((404, "not_found"));
    assert_eq!(
        (status, code),
        wanted,
        "{call:?} by {role:?} to another organization's request"
    );
    let text = foreign.to_string();
    assert!(
        !text.contains(secret) && !text.contains("zhiyuan"),
        "{call:?} by {role:?} tells of it: {text}"
    );
    // A thing that is another's and a thing that is not there are told in the same words.
    let (mut here, mut gone) = (foreign, answer);
    let creates = matches!(call, CallName::SaveDraft | CallName::SubmitRequest);
    for problem in [&mut here, &mut gone] {
        problem["request_id"] = Value::Null;
    }
    assert!(creates || here == gone, "{call:?} by {role:?}: {here} is not {gone}");
}

/// The audit log is the auditor's: no other role finds the page, and none of them sees it named.
#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_read_by_the_auditor_alone() {
    let desk = Desk::open(Kind::Sqlite).await;
    for role in Role::VARIANTS {
        let client = desk.server.client(desk.server.login_of(*role)).await.expect("a login");
        let (status, page) = client.page("/audit").await;
        let reads = *role == Role::Auditor;
        assert_eq!(status, if reads { 200 } else { 404 }, "{role:?}");
        assert_eq!(page.contains("session.opened"), reads, "{role:?}");
        let (_, home) = client.page("/").await;
        assert_eq!(home.contains("href=\"/audit\""), reads, "{role:?}");
    }
    let (status, _) = desk.server.visitor().page("/audit").await;
    assert_eq!(status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_paged_and_filtered() {
    let desk = Desk::open(Kind::Sqlite).await;
    let auditor = desk
        .server
        .client(desk.server.login_of(Role::Auditor))
        .await
        .expect("the auditor");
    let all = ReadAudit {
        event: None,
        actor: None,
        subject: None,
        before: None,
    };
    // The demo's running week has left its own entries.
    let before = auditor.call(&all).await.expect("a page");
    assert_eq!(before.entries[0].event, "session.opened");
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    for version in 0..60 {
        let mut draft = lathe_draft(&form);
        draft.purpose = format!("数控 {version}");
        let save = SaveDraft {
            id: form.id.clone(),
            round: form.round.id.clone(),
            version,
            draft,
        };
        trainer.call(&save).await.expect("a draft");
    }
    let first = auditor.call(&all).await.expect("a page");
    assert_eq!((first.entries.len(), first.head_seq), (50, before.head_seq + 61));
    assert_eq!(first.entries[0].event, "request.drafted");
    let second = auditor
        .call(&ReadAudit {
            before: first.next,
            ..all.clone()
        })
        .await
        .expect("the next page");
    assert_eq!((second.entries.len() as i64, second.next), (first.head_seq - 50, None));
    assert_eq!(first.entries[49].seq, second.entries[0].seq + 1);
    let drafts = ReadAudit {
        event: Some("request.drafted".into()),
        actor: Some("li.jishi".into()),
        ..all.clone()
    };
    let drafts = auditor.call(&drafts).await.expect("drafts");
    assert!(drafts.entries.iter().all(|entry| entry.subject == form.id.as_str()) && drafts.next.is_some());
    let nobody = ReadAudit {
        actor: Some("nobody".into()),
        ..all
    };
    assert!(auditor.call(&nobody).await.expect("no entries").entries.is_empty());
    // Neither the purpose nor a name is in the log; the name stands beside it.
    let text = serde_json::to_string(&drafts.entries).expect("plain data");
    assert!(!text.contains("数控") && !text.contains("李雪梅"), "{text}");
    assert_eq!(drafts.people.get("li.jishi").map(String::as_str), Some("李雪梅"));
}
