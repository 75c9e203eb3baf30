//! The second factor where an alliance asks for it: whoever must have one and has none reaches the own account alone.

use super::desk::{Desk, code, enrolled, open_round};
use domain::access::Bar;
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use rstest::rstest;
use serde_json::json;
use strum::VariantArray;
use tests::databases::Kind;
use tests::server::Client;

const NEW: &str = "彝乡的火把照亮三月的夜";
const NEEDED: Option<ProblemCode> = Some(ProblemCode::SecondFactorNeeded);

async fn of_role(desk: &Desk, role: Role) -> (Client, String) {
    let login = desk.server.login_of(role);
    let client = desk.server.client(login).await.expect("a login");
    (client, login.password.clone())
}

fn rule(required: bool) -> SetSecondFactorRule {
    SetSecondFactorRule {
        alliance: AllianceId::new("chuxiong"),
        required,
    }
}

/// Where a page leads, when it leads on.
async fn leads_to(client: &Client, path: &str) -> Option<String> {
    let reply = client.http.get(format!("{}{path}", client.url)).send().await;
    let reply = reply.expect("an answer");
    let to = reply.headers().get("location")?;
    Some(to.to_str().expect("text").to_owned())
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_needs_a_second_factor_has_the_own_account_and_nothing_else(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (admin, _) = of_role(&desk, Role::SystemAdmin).await;
    let (coordinator, password) = of_role(&desk, Role::Coordinator).await;
    let (trainer, _) = of_role(&desk, Role::Requester).await;
    let round = open_round(&coordinator).await.round.id;
    assert_eq!(code(&coordinator, &rule(true)).await, Some(ProblemCode::Forbidden));
    let elsewhere = SetSecondFactorRule {
        alliance: AllianceId::new("dali"),
        required: true,
    };
    assert_eq!(code(&admin, &elsewhere).await, Some(ProblemCode::NotFound));
    assert!(admin.call(&rule(true)).await.expect("set").second_factor_required);
    assert_eq!(
        code(&admin, &rule(false)).await,
        NEEDED,
        "it holds for whoever set it, too"
    );

    // Every call of the contract, with a body that says nothing: the bar comes before anything else is looked at.
    for call in CallName::VARIANTS {
        let name: &str = (*call).into();
        let (_, method, path) = CALLS.iter().find(|(known, _, _)| *known == name).expect("a call");
        if *call == CallName::SignOut {
            continue;
        }
        let (status, answer) = coordinator.send(*method, path, &json!({ "nonsense": true })).await;
        let barred = (status, answer["code"].as_str()) == (403, Some("second_factor_needed"));
        assert_eq!(
            barred,
            !Bar::SecondFactor.lets(*call),
            "{name} answers {status} {answer}"
        );
    }
    let events = format!("/api/v1/runs/events?id=run-of-{round}");
    assert_eq!(coordinator.page(&events).await.0, 403);
    for path in [
        "/",
        "/rounds",
        "/requests",
        "/timetable",
        "/catalog",
        "/people",
        "/audit",
        "/nowhere",
    ] {
        let known = path != "/nowhere";
        assert_eq!(
            leads_to(&coordinator, path).await.as_deref(),
            known.then_some("/account"),
            "{path}"
        );
    }
    let (status, page) = coordinator.page("/account").await;
    assert!(status == 200 && page.contains("请先开启第二道验证"), "{status}");
    assert!(
        !page.contains("href=\"/rounds\""),
        "nothing is offered that does not open"
    );
    assert_eq!(code(&trainer, &ReadHome {}).await, None, "others go on");
    let session = coordinator.call(&ReadSession {}).await.expect("who it is");
    assert_eq!(session.bar, Some(Bar::SecondFactor));

    enrolled(&coordinator, &password).await;
    assert_eq!(code(&coordinator, &ReadHome {}).await, None, "everything opens again");
    assert_eq!(leads_to(&coordinator, "/rounds").await, None);
    let end = EndSecondFactor {
        password: Password(password.clone()),
    };
    coordinator.call(&end).await.expect("for another phone");
    assert_eq!(code(&coordinator, &ReadHome {}).await, NEEDED);
    coordinator.call(&SignOut {}).await.expect("going is always possible");
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn another_role_needs_its_second_factor_from_the_next_request(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (admin, password) = of_role(&desk, Role::SystemAdmin).await;
    enrolled(&admin, &password).await;
    admin.call(&rule(true)).await.expect("set");
    let trainer = desk.signed_in("li.jishi").await;
    let set = |role| SetRole {
        person: PersonId::new("li.jishi"),
        organization: Some(OrganizationId::new("jishi")),
        role,
    };
    assert_eq!(code(&trainer, &ReadHome {}).await, None);
    admin.call(&set(Role::OrganizationAdmin)).await.expect("promoted");
    assert_eq!(code(&trainer, &ReadHome {}).await, NEEDED);
    admin.call(&set(Role::Requester)).await.expect("and back");
    assert_eq!(code(&trainer, &ReadHome {}).await, None);
    admin.call(&set(Role::OrganizationAdmin)).await.expect("promoted again");
    admin.call(&rule(false)).await.expect("nobody is asked any more");
    assert_eq!(code(&trainer, &ReadHome {}).await, None);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_alliance_that_is_opened_asks_its_first_person_for_a_second_factor(#[case] kind: Kind) {
    let desk = Desk::empty(kind).await;
    let path = desk.bootstrap().await;
    let first = desk.server.visitor();
    let join = AcceptInvitation {
        token: Password(path.trim_start_matches("/join/").to_owned()),
        login: "duan.hong".into(),
        name: "段宏".into(),
        password: Password(NEW.into()),
        identity: None,
    };
    let session = first.call(&join).await.expect("joined");
    assert_eq!(session.bar, Some(Bar::SecondFactor));
    assert_eq!(code(&first, &ListPeople { organization: None }).await, NEEDED);
    enrolled(&first, NEW).await;
    let people = first.call(&ListPeople { organization: None }).await.expect("people");
    assert!(people.second_factor_required && people.people[0].second_factor);
}

/// As a browser without scripts goes: from the form of the page to the recovery codes.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_behind_the_bar_leads_through_it() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (admin, password) = of_role(&desk, Role::SystemAdmin).await;
    admin.call(&rule(true)).await.expect("set");
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let reply = admin
            .http
            .post(format!("{}{path}", admin.url))
            .form(fields)
            .send()
            .await;
        let reply = reply.expect("an answer");
        (reply.status().as_u16(), reply.text().await.expect("a page"))
    };
    let (status, _) = post("/people/invite", &[("role", "requester"), ("days", "7")]).await;
    assert_eq!(status, 303, "a form leads to what takes the bar away");
    let (status, page) = post("/account/second-factor", &[("password", "wrong")]).await;
    assert!(status == 401 && page.contains("请先开启第二道验证"), "{status}");
    let (status, page) = post("/account/second-factor", &[("password", &password)]).await;
    assert_eq!(status, 200);
    let secret = page.split("secret=").nth(1).and_then(|rest| rest.split('&').next());
    let secret = backend::totp::from_base32(secret.expect("a secret")).expect("base32");
    let now = backend::totp::code(&secret, backend::clock::now_ms());
    let (status, page) = post("/account/second-factor/confirm", &[("code", &now)]).await;
    assert!(status == 200 && page.contains("恢复码"), "{status}");
    assert_eq!(leads_to(&admin, "/people").await, None);
}
