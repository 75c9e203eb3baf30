//! What the server writes into its log while people come, ask, mistype and are refused: nothing of what they said.

use super::desk::{Desk, asked, code, form};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use domain::phone::PhoneText;
use rstest::rstest;
use std::path::Path;
use tests::databases::Kind;
use tests::server::Setup;

const PURPOSE: &str = "月光试训";
const WRONG: &str = "三月三的火把没有点亮";
const CHOSEN: &str = "彝乡的火把照亮三月的夜";
const NAME: &str = "鲁阿果";
const PHONE: &str = "13987650123";
const NOTE: &str = "请补充月光材料";

fn log(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).expect("the log's folder");
    let texts = files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a log is text"));
    texts.collect()
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_nothing_of_what_people_say(#[case] kind: Kind) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_string_lossy().into_owned();
    let setup = Setup {
        // More than anybody lets it tell.
        environment: vec![("RUST_LOG".into(), "debug".into())],
        ..Setup::with(&["--log-dir", &path])
    };
    let mut desk = Desk::with(kind, setup).await;
    let trainer = desk.signed_in("li.jishi").await;
    let (coordinator, _) = desk.coordinators().await;
    let admin = desk.server.client(desk.server.login_of(Role::SystemAdmin)).await;
    let admin = admin.expect("the alliance's admin");

    // Somebody asks, is given it back, asks for nonsense, and looks for what is not there.
    let open = form(&trainer).await;
    let request = asked(&trainer, &open, PURPOSE, true).await;
    let give_back = ReturnRequest {
        id: request.id.clone(),
        version: request.version,
        note: NOTE.into(),
    };
    coordinator.call(&give_back).await.expect("given back");
    let mut nonsense = super::desk::any_draft(&open);
    nonsense.purpose = PURPOSE.into();
    nonsense.lessons = 0;
    let submit = SubmitRequest {
        id: RequestId::new(backend::clock::new_id()),
        round: open.round.id.clone(),
        version: 0,
        draft: nonsense,
    };
    assert_eq!(code(&trainer, &submit).await, Some(ProblemCode::RulesBroken));
    let (status, _) = trainer
        .send(
            Method::Post,
            SubmitRequest::PATH,
            &serde_json::json!({ "draft": PURPOSE }),
        )
        .await;
    assert_eq!(status, 400);
    assert_eq!(trainer.page(&format!("/requests/{PURPOSE}?note={NOTE}")).await.0, 404);

    // Somebody mistypes, comes in by a link, and leaves a number.
    let wrong = SignIn {
        login: "li.jishi".into(),
        password: Password(WRONG.into()),
        code: None,
    };
    assert_eq!(
        code(&desk.server.visitor(), &wrong).await,
        Some(ProblemCode::BadCredentials)
    );
    let invite = InvitePerson {
        role: Role::Requester,
        organization: Some(OrganizationId::new("jishi")),
        days: 7,
    };
    let token = admin.call(&invite).await.expect("a link").path.replace("/join/", "");
    let guest = desk.server.visitor();
    assert_eq!(guest.page(&format!("/join/{token}")).await.0, 200);
    let join = AcceptInvitation {
        token: Password(token.clone()),
        login: "lu.aguo".into(),
        name: NAME.into(),
        password: Password(CHOSEN.into()),
        identity: None,
    };
    guest.call(&join).await.expect("joined");
    let phone = PhoneText(PHONE.into());
    guest.call(&SetOwnPhone { phone }).await.expect("kept");
    let erase = ErasePerson {
        person: guest.call(&ReadSession {}).await.expect("a session").person,
    };
    admin.call(&erase).await.expect("erased");

    desk.server.stop().expect("it ends");
    let told = log(folder.path());
    assert!(told.contains("a sign-in was refused"), "{told}");
    let password = &desk.server.login("li.jishi").password;
    for said in [PURPOSE, WRONG, CHOSEN, NAME, PHONE, &PHONE[3..], NOTE, &token, password] {
        let at = told.lines().find(|line| line.contains(said));
        assert_eq!(at, None, "{said}");
        // As an address or JSON spells it.
        let spelt: String = said.bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert!(
            !told.contains(&spelt) && !told.contains(&spelt.to_lowercase()),
            "{said}"
        );
    }
}
