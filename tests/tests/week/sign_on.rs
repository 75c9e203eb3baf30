//! Single sign-on against a provider of the test's own: an identity opens what its person linked, and nothing that a
//! provider, or somebody in its name, says wrongly opens anything.

mod way;
mod ways;

use super::desk::{Desk, code, enrolled};
use super::doors::{sql, store};
use backend::store::audit;
use backend::{clock, totp};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use reqwest::header;
use rstest::rstest;
use serde_json::json;
use std::path::Path;
use tests::databases::Kind;
use tests::provider::{CLIENT, Fault, Provider, SECRET};
use tests::server::{Client, Setup};
use way::{PUBLIC, get, hidden, linked, post, round_trip, there};

const NEW: &str = "彝乡的火把照亮三月的夜";

/// A server that sends people to the provider.
async fn with(kind: Kind, provider: &Provider) -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup {
        args: flags(provider, folder.path()),
        ..Setup::default()
    };
    Desk::with(kind, setup).await
}

/// What tells a server of the provider; it reads the secret in the folder when it starts.
fn flags(provider: &Provider, folder: &Path) -> Vec<String> {
    let secret = folder.join("secret");
    std::fs::write(&secret, SECRET).expect("a secret");
    let flags = [
        ("--oidc-issuer", provider.issuer.as_str()),
        ("--oidc-client-id", CLIENT),
        ("--oidc-client-secret-file", secret.to_str().expect("a plain path")),
        ("--public-url", PUBLIC),
        ("--oidc-strong-acr", "gold"),
    ];
    flags
        .iter()
        .flat_map(|(flag, value)| [flag.to_string(), value.to_string()])
        .collect()
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_opens_what_its_person_linked_and_unlinked_it_opens_nothing(#[case] kind: Kind) {
    let provider = Provider::start().await;
    let desk = with(kind, &provider).await;
    // The subject is the very login of somebody: nobody is found by that.
    provider.says("li.jishi", Fault::None, json!({ "email": "li.jishi@chuxiong.example" }));
    let visitor = desk.server.visitor();
    let (status, _, page) = round_trip(&visitor, "").await;
    assert!(status == 401 && page.contains("这个身份还没有绑定账号"), "{status}");
    assert_eq!(code(&visitor, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));

    let password = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    let (status, _, page) = linked(&client, "wrong").await;
    assert_eq!(status, 401, "{page}");
    let (status, to, _) = linked(&client, &password).await;
    assert_eq!((status, to.as_str()), (303, "/account?done=linked"));
    let account = client.call(&ReadAccount {}).await.expect("the account");
    assert_eq!(account.sign_on.and_then(|one| one.linked).as_deref(), Some("li.jishi"));

    let (status, to, _) = round_trip(&visitor, "?back=/requests").await;
    assert_eq!((status, to.as_str()), (303, "/requests"));
    let session = visitor.call(&ReadSession {}).await.expect("signed in");
    assert_eq!(session.person.as_str(), "li.jishi");
    let before = client.call(&ReadAccount {}).await.expect("the account").sessions;
    round_trip(&visitor, "").await;
    let after = client.call(&ReadAccount {}).await.expect("the account").sessions;
    assert_eq!(
        before.len(),
        after.len(),
        "a new session in the place of the one that was brought"
    );
    let fresh = after
        .iter()
        .filter(|session| !before.iter().any(|old| old.id == session.id));
    assert_eq!(fresh.count(), 1);
    let (store, alliance) = (store(&desk).await, AllianceId::new("chuxiong"));
    let tx = store.read().await.expect("a read");
    let log = audit::after(&tx, &alliance, 0, 10_000).await.expect("the log");
    drop(tx);
    let opened = log
        .iter()
        .rev()
        .find(|entry| entry.event == "session.opened")
        .expect("an entry");
    assert!(
        opened.facts.contains("single_sign_on") && !opened.facts.contains('@'),
        "{opened:?}"
    );
    assert!(log.iter().any(|entry| entry.event == "account.identity_linked"));

    // Nobody else takes it, and it takes nobody else's place.
    let other = desk.signed_in("luo.zhiyuan").await;
    let (status, _, page) = linked(&other, &desk.server.login("luo.zhiyuan").password).await;
    assert!(status == 409 && page.contains("已被占用"), "{status}");
    provider.says("another", Fault::None, json!({}));
    let (status, _, page) = round_trip(&client, "?link=1").await;
    assert_eq!(status, 303, "{page}");
    assert!(
        !client.page("/account").await.1.contains("name=\"ticket\""),
        "one of an issuer"
    );

    provider.says("li.jishi", Fault::None, json!({}));
    sql(&store, "UPDATE people SET active = false WHERE id = 'li.jishi'").await;
    let (status, _, page) = round_trip(&desk.server.visitor(), "").await;
    assert!(
        status == 401 && page.contains("这个身份还没有绑定账号"),
        "a login that is shut: {status}"
    );
    sql(&store, "UPDATE people SET active = true WHERE id = 'li.jishi'").await;
    assert_eq!(round_trip(&desk.server.visitor(), "").await.0, 303);

    let unlink = UnlinkIdentity {
        password: Password(password),
    };
    assert_eq!(
        client
            .call(&unlink)
            .await
            .expect("unlinked")
            .sign_on
            .and_then(|one| one.linked),
        None
    );
    assert_eq!(round_trip(&desk.server.visitor(), "").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_says_wrongly_opens_nothing() {
    let provider = Provider::start().await;
    let desk = with(Kind::Sqlite, &provider).await;
    let client = desk.signed_in("li.jishi").await;
    provider.says("li.jishi", Fault::None, json!({}));
    linked(&client, &desk.server.login("li.jishi").password).await;
    for fault in [
        Fault::Nonce,
        Fault::Audience,
        Fault::Expired,
        Fault::Issuer,
        Fault::Unsigned,
        Fault::SignedBySecret,
        Fault::Forged,
        Fault::UnknownKey,
        Fault::NoToken,
    ] {
        provider.says("li.jishi", fault, json!({}));
        let visitor = desk.server.visitor();
        let (status, _, page) = round_trip(&visitor, "").await;
        assert!(
            status == 401 && page.contains("统一身份认证没有通过"),
            "{fault:?}: {status}"
        );
        assert!(
            page.contains("autocomplete=\"current-password\""),
            "a password still opens"
        );
        assert_eq!(
            code(&visitor, &ReadSession {}).await,
            Some(ProblemCode::SignInNeeded),
            "{fault:?}"
        );
        let (status, _, _) = round_trip(&client, "?link=1").await;
        assert_eq!(status, 401, "{fault:?} links nothing");
    }
    provider.says("luo.zhiyuan", Fault::Altered, json!({}));
    assert_eq!(round_trip(&desk.server.visitor(), "").await.0, 401);
    provider.says("li.jishi", Fault::None, json!({}));
    assert_eq!(round_trip(&desk.server.visitor(), "").await.0, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_good_once_for_whoever_set_out() {
    let provider = Provider::start().await;
    let desk = with(Kind::Sqlite, &provider).await;
    let client = desk.signed_in("li.jishi").await;
    provider.says("li.jishi", Fault::None, json!({}));
    linked(&client, &desk.server.login("li.jishi").password).await;
    let refused = async |client: &Client, address: &str| {
        let (status, _, page) = get(client, address).await;
        assert!(
            status == 401 && page.contains("统一身份认证没有通过"),
            "{address}: {status}"
        );
    };
    let (visitor, stranger) = (desk.server.visitor(), desk.server.visitor());
    // An answer that is brought to another browser, which has set out for itself or has not.
    let back = there(&visitor, "").await;
    refused(&stranger, &back).await;
    there(&stranger, "").await;
    refused(&stranger, &back).await;
    // Another state, and none.
    let state = back.split("state=").nth(1).expect("a state").to_owned();
    for wrong in [
        back.replace(&state, "another"),
        back.replace(&format!("&state={state}"), ""),
    ] {
        let visitor = desk.server.visitor();
        there(&visitor, "").await;
        refused(&visitor, &wrong).await;
    }
    // A code that has opened, brought again with what its browser took along.
    let visitor = desk.server.visitor();
    let set_out = visitor
        .http
        .get(format!("{}/sign-on", visitor.url))
        .send()
        .await
        .expect("an answer");
    let cookies = set_out.headers().get_all(header::SET_COOKIE).iter();
    let cookies: Vec<&str> = cookies
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .collect();
    let to = set_out.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let back = get(&visitor, &to).await.1.replace(PUBLIC, &visitor.url);
    let again = async || {
        let request = desk
            .server
            .visitor()
            .http
            .get(&back)
            .header(header::COOKIE, cookies.join("; "));
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(again().await, 303);
    assert_eq!(again().await, 401, "a code opens once");
    assert_eq!(
        get(&visitor, &format!("{}/sign-on/back?error=access_denied", visitor.url))
            .await
            .0,
        401
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_unless_the_provider_has_asked_for_one(#[case] kind: Kind) {
    let provider = Provider::start().await;
    let desk = with(kind, &provider).await;
    let password = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    provider.says("u-1", Fault::None, json!({ "amr": ["pwd"], "acr": "silver" }));
    linked(&client, &password).await;
    let (secret, _) = enrolled(&client, &password).await;
    let visitor = desk.server.visitor();
    let (status, to, _) = round_trip(&visitor, "?back=/requests").await;
    assert_eq!((status, to.as_str()), (303, "/sign-on/code?back=%2Frequests"));
    assert_eq!(code(&visitor, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
    assert!(visitor.page(&to).await.1.contains("身份已确认"));
    let typed = |code: &str| [("code", code.to_owned()), ("back", "/requests".to_owned())];
    let enter = async |client: &Client, code: &str| {
        let sent = client
            .http
            .post(format!("{}/sign-on/code", client.url))
            .form(&typed(code))
            .send();
        sent.await.expect("an answer").status().as_u16()
    };
    assert_eq!(enter(&visitor, "000").await, 401);
    assert_eq!(enter(&desk.server.visitor(), "000").await, 401, "without a ticket");
    assert_eq!(
        enter(&visitor, &totp::code(&secret, clock::now_ms() + 30_000)).await,
        303
    );
    assert_eq!(code(&visitor, &ReadSession {}).await, None);

    for strong in [json!({ "amr": ["pwd", "mfa"] }), json!({ "acr": "gold" })] {
        provider.says("u-1", Fault::None, strong);
        let visitor = desk.server.visitor();
        assert_eq!(round_trip(&visitor, "").await.1, "/");
        assert_eq!(code(&visitor, &ReadSession {}).await, None);
    }

    // Wrong codes are counted like those at the door.
    provider.says("u-1", Fault::None, json!({}));
    let stranger = desk.server.visitor();
    round_trip(&stranger, "").await;
    for _ in 0..8 {
        assert_eq!(enter(&stranger, "000").await, 401);
    }
    assert_eq!(enter(&stranger, "000").await, 429);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_links_an_identity_on_the_way(#[case] kind: Kind) {
    let provider = Provider::start().await;
    let desk = with(kind, &provider).await;
    let admin = desk
        .server
        .client(desk.server.login_of(Role::OrganizationAdmin))
        .await
        .expect("an admin");
    let invite = InvitePerson {
        role: Role::Requester,
        organization: Some(OrganizationId::new("jishi")),
        days: 7,
    };
    let (link, other) = (
        admin.call(&invite).await.expect("a link"),
        admin.call(&invite).await.expect("another"),
    );
    let token = |link: &InvitationLink| link.path.trim_start_matches("/join/").to_owned();
    provider.says("u-2", Fault::None, json!({}));
    let guest = desk.server.visitor();
    let (status, to, _) = round_trip(&guest, &format!("?join={}", token(&link))).await;
    assert_eq!((status, &to), (303, &link.path));
    let (_, page) = guest.page(&link.path).await;
    assert!(page.contains("u-2@chuxiong"), "its owner sees which one");
    let ticket = hidden(&page, "identity");
    let join = |token: String, login: &str, ticket: &str| AcceptInvitation {
        token: Password(token),
        login: login.into(),
        name: "新来的".into(),
        password: Password(NEW.into()),
        identity: Some(Password(ticket.into())),
    };
    let elsewhere = join(token(&other), "guest.one", &ticket);
    assert_eq!(
        code(&guest, &elsewhere).await,
        Some(ProblemCode::SignOnRefused),
        "for one invitation"
    );
    let made_up = join(token(&link), "guest.one", "0000.0000");
    assert_eq!(code(&guest, &made_up).await, Some(ProblemCode::SignOnRefused));
    let fields = [
        ("login", "guest.one"),
        ("name", "新来的"),
        ("password", NEW),
        ("identity", &ticket),
    ];
    assert_eq!(post(&guest, &link.path, &fields).await.0, 303);
    let visitor = desk.server.visitor();
    assert_eq!(round_trip(&visitor, "").await.1, "/");
    assert_eq!(visitor.call(&ReadSession {}).await.expect("signed in").name, "新来的");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_said_and_a_password_still_opens() {
    let provider = Provider::start().await;
    let desk = with(Kind::Sqlite, &provider).await;
    let visitor = desk.server.visitor();
    assert!(visitor.page("/sign-in").await.1.contains("用统一身份认证登录"));
    let back = there(&visitor, "").await;
    provider.stop().await;
    let (status, _, page) = get(&visitor, &back).await;
    assert!(status == 503 && page.contains("统一身份认证暂时联系不上"), "{status}");
    assert!(page.contains("autocomplete=\"current-password\""));
    desk.signed_in("li.jishi").await;
    // Without a provider in the settings there is neither a button nor a way.
    let without = Desk::open(Kind::Sqlite).await;
    let visitor = without.server.visitor();
    assert!(!visitor.page("/sign-in").await.1.contains("/sign-on"));
    for path in ["/sign-on", "/sign-on/back?code=1&state=1"] {
        assert_eq!(visitor.page(path).await.0, 404, "{path}");
    }
}
