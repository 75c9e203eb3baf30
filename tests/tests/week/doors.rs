//! The doors: sign-in, sessions, passwords, second factor, and who may knock from where.

use super::desk::{Desk, code, said};
use backend::clock;
use backend::store::{Store, StoreConfig};
use backend::totp;
use domain::api::*;
use domain::password::Password;
use domain::people::Role;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use std::net::Ipv4Addr;
use tests::databases::Kind;
use tests::server::Login;

const NEW: &str = "彝乡的火把照亮三月的夜";

pub async fn store(desk: &Desk) -> Store {
    Store::open(&StoreConfig::new(desk.database_url()))
        .await
        .expect("the server's database opens")
}

/// What only time or somebody else does, done by hand.
pub async fn sql(store: &Store, statement: &str) {
    let tx = store.write().await.expect("a transaction");
    tx.execute_unprepared(statement).await.expect("the statement is right");
    tx.commit().await.expect("a commit");
}

fn entry(login: &Login, password: &str, code: Option<String>) -> SignIn {
    SignIn {
        login: login.login.clone(),
        password: Password(password.into()),
        code,
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_by_their_owner(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (first, second) = (desk.signed_in("li.jishi").await, desk.signed_in("li.jishi").await);
    let other = desk.signed_in("luo.zhiyuan").await;
    let account = first.call(&ReadAccount {}).await.expect("the own account");
    assert_eq!(account.sessions.len(), 2);
    assert_eq!(account.sessions.iter().filter(|session| session.here).count(), 1);
    let there = account
        .sessions
        .iter()
        .find(|session| !session.here)
        .expect("the second one");
    let end = EndSession { id: there.id.clone() };
    assert_eq!(
        code(&other, &end).await,
        Some(ProblemCode::NotFound),
        "another's session is not there"
    );
    let left = first.call(&end).await.expect("it ends").sessions;
    assert!(left.len() == 1 && left[0].here);
    assert_eq!(code(&second, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
    assert_eq!(code(&first, &ReadSession {}).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_is_a_new_session_and_ends_the_one_that_was_brought() {
    let desk = Desk::open(Kind::Sqlite).await;
    let login = desk.server.login("li.jishi");
    let client = desk.signed_in("li.jishi").await;
    let before = client.call(&ReadAccount {}).await.expect("an account").sessions;
    client
        .call(&entry(login, &login.password, None))
        .await
        .expect("once more");
    let after = client.call(&ReadAccount {}).await.expect("an account").sessions;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before[0].id, after[0].id);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[values(
        "last_seen_ms = last_seen_ms - 43200001",
        "expires_ms = 1",
        "created_ms = 0, expires_ms = created_ms"
    )]
    time: &str,
) {
    let desk = Desk::open(kind).await;
    let client = desk.signed_in("li.jishi").await;
    assert_eq!(code(&client, &ReadSession {}).await, None);
    sql(&store(&desk).await, &format!("UPDATE sessions SET {time}")).await;
    assert_eq!(code(&client, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn another_role_holds_from_the_next_request(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let round = super::desk::open_round(&coordinator).await.round;
    let store = store(&desk).await;
    let own = coordinator.call(&ReadSession {}).await.expect("a session").person;
    sql(
        &store,
        &format!("UPDATE people SET role = 'auditor' WHERE id = '{own}'"),
    )
    .await;
    let close = CloseRound {
        id: round.id,
        version: round.version,
    };
    assert_eq!(code(&coordinator, &close).await, Some(ProblemCode::Forbidden));
    let all = ReadAudit {
        event: None,
        actor: None,
        subject: None,
        before: None,
    };
    assert_eq!(code(&coordinator, &all).await, None);
    sql(&store, &format!("UPDATE people SET active = false WHERE id = '{own}'")).await;
    assert_eq!(code(&coordinator, &all).await, Some(ProblemCode::SignInNeeded));
}

/// A stranger who tries one login from one place shuts out neither its owner elsewhere nor anybody else there.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_tries_shut_one_login_at_one_place() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (login, neighbour) = (desk.server.login("li.jishi"), desk.server.login("luo.zhiyuan"));
    let stranger = desk.server.visitor();
    for _ in 0..8 {
        assert_eq!(
            code(&stranger, &entry(login, "wrong", None)).await,
            Some(ProblemCode::BadCredentials)
        );
    }
    let right = entry(login, &login.password, None);
    assert_eq!(
        code(&stranger, &right).await,
        Some(ProblemCode::TooManyTries),
        "shut, whatever the password"
    );
    assert_eq!(
        code(&stranger, &entry(neighbour, &neighbour.password, None)).await,
        None
    );
    let elsewhere = desk.server.visitor_from(Ipv4Addr::new(127, 0, 0, 2));
    assert_eq!(code(&elsewhere, &right).await, None);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let login = desk.server.login("li.jishi");
    let (client, other) = (desk.signed_in("li.jishi").await, desk.signed_in("li.jishi").await);
    let change = |old: &str, new: &str| ChangePassword {
        old: Password(old.into()),
        new: Password(new.into()),
    };
    let broken = async |new: &str| {
        let problem = client.call(&change(&login.password, new)).await.expect_err("refused");
        problem
            .violations
            .iter()
            .map(|broken| broken.code())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(broken("short").await, "password_length");
    assert_eq!(broken("password1234").await, "password_guessable");
    assert_eq!(broken("qwertyuiop").await, "password_guessable");
    assert_eq!(broken("li.jishi-2026").await, "password_is_login");
    assert_eq!(
        code(&client, &change("wrong", NEW)).await,
        Some(ProblemCode::BadCredentials)
    );
    assert_eq!(code(&other, &ReadSession {}).await, None, "nothing has changed yet");

    let key = clock::new_id();
    let call = change(&login.password, NEW);
    let first = client.send_under(Some(&key), &call).await;
    assert_eq!(first.0, 200);
    assert_eq!(client.send_under(Some(&key), &call).await, first, "the same once more");
    assert_eq!(code(&client, &ReadSession {}).await, None);
    assert_eq!(code(&other, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
    let visitor = desk.server.visitor();
    assert_eq!(
        code(&visitor, &entry(login, &login.password, None)).await,
        Some(ProblemCode::BadCredentials)
    );
    assert_eq!(code(&visitor, &entry(login, NEW, None)).await, None);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_once_it_is_confirmed(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let login = desk.server.login_of(Role::Coordinator);
    let client = desk.server.client(login).await.expect("signed in");
    let password = || Password(login.password.clone());
    let wrong = StartSecondFactor {
        password: Password("wrong".into()),
    };
    assert_eq!(code(&client, &wrong).await, Some(ProblemCode::BadCredentials));
    let told = client
        .call(&StartSecondFactor { password: password() })
        .await
        .expect("a secret");
    let visitor = desk.server.visitor();
    assert_eq!(
        code(&visitor, &entry(login, &login.password, None)).await,
        None,
        "it is not confirmed yet"
    );

    let secret = totp::from_base32(&told.secret).expect("base32");
    let at = |later_ms: i64| totp::code(&secret, clock::now_ms() + later_ms);
    let confirm = |code: String| ConfirmSecondFactor { code };
    assert_eq!(
        code(&client, &confirm("12345".into())).await,
        Some(ProblemCode::BadCredentials)
    );
    let codes = client.call(&confirm(at(-30_000))).await.expect("confirmed").codes;
    assert_eq!(codes.len(), 10);

    let visitor = desk.server.visitor();
    assert_eq!(
        code(&visitor, &entry(login, &login.password, None)).await,
        Some(ProblemCode::CodeNeeded)
    );
    let with = |code: String| entry(login, &login.password, Some(code));
    assert_eq!(
        code(&visitor, &with("000".into())).await,
        Some(ProblemCode::BadCredentials)
    );
    let fresh = at(30_000);
    assert_eq!(code(&visitor, &with(fresh.clone())).await, None);
    assert_eq!(
        code(&visitor, &with(fresh)).await,
        Some(ProblemCode::BadCredentials),
        "a code opens once"
    );
    assert_eq!(code(&visitor, &with(codes[3].to_uppercase())).await, None);
    assert_eq!(
        code(&visitor, &with(codes[3].clone())).await,
        Some(ProblemCode::BadCredentials),
        "so does a recovery code"
    );
    let account = client.call(&ReadAccount {}).await.expect("the account");
    assert!(account.second_factor && account.recovery_codes_left == 9);

    client
        .call(&EndSecondFactor { password: password() })
        .await
        .expect("taken away");
    assert_eq!(
        code(&desk.server.visitor(), &entry(login, &login.password, None)).await,
        None
    );
}

/// The first person of an empty server: no password anywhere, a link that is good once.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_first_person_comes_in_by_a_link_that_is_good_once(#[case] kind: Kind) {
    let desk = Desk::empty(kind).await;
    let path = desk.bootstrap().await;
    let visitor = desk.server.visitor();
    let (status, page) = visitor.page(&path).await;
    assert!(status == 200 && page.contains("系统管理员"), "{status}");
    assert_eq!(visitor.page("/join/0000").await.0, 404);
    let token = path.trim_start_matches("/join/").to_owned();
    let join = |login: &str, password: &str| AcceptInvitation {
        token: Password(token.clone()),
        login: login.into(),
        name: "段宏".into(),
        password: Password(password.into()),
        identity: None,
    };
    let broken = visitor.call(&join("d", "short")).await.expect_err("refused").violations;
    assert_eq!(
        broken.iter().map(|broken| broken.code()).collect::<Vec<_>>(),
        ["login_ill_formed"]
    );
    assert_eq!(
        code(&visitor, &join("duan.hong", "short")).await,
        Some(ProblemCode::RulesBroken)
    );
    let session = visitor.call(&join("duan.hong", NEW)).await.expect("joined");
    assert_eq!((session.role, session.name.as_str()), (Role::SystemAdmin, "段宏"));
    assert_eq!(
        code(&visitor, &ReadSession {}).await,
        None,
        "the cookie came with the reply"
    );
    let late = desk.server.visitor();
    assert_eq!(
        code(&late, &join("duan.er", NEW)).await,
        Some(ProblemCode::NotFound),
        "it is used"
    );
    assert_eq!(late.page(&path).await.0, 404);
    let sign_in = SignIn {
        login: "duan.hong".into(),
        password: Password(NEW.into()),
        code: None,
    };
    assert_eq!(code(&late, &sign_in).await, None);
    let judged = backend::audit::verify(&store(&desk).await.reader(), &desk.anchored())
        .await
        .expect("a verdict");
    assert!(judged[0].findings.is_empty() && judged[0].head_seq >= 4, "{judged:?}");
}

/// A slip of the hand founds nothing, and an alliance that is founded later takes no door from the first one.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn another_alliance_is_founded_only_where_that_is_said(#[case] kind: Kind) {
    let desk = Desk::empty(kind).await;
    let path = desk.bootstrap().await;
    let join = AcceptInvitation {
        identity: None,
        token: Password(path.trim_start_matches("/join/").to_owned()),
        login: "duan".into(),
        name: "段工".into(),
        password: Password(NEW.into()),
    };
    desk.server.visitor().call(&join).await.expect("the first person");
    // It comes before the other one in the alphabet.
    let slip = ["user", "bootstrap", "--alliance", "chuxiogn"];
    let refused = desk.run(&slip).await;
    assert!(
        !refused.status.success() && said(&refused).contains("chuxiong"),
        "{}",
        said(&refused)
    );
    let founded = desk.run(&[&slip[..], &["--beside-others"]].concat()).await;
    assert!(founded.status.success(), "{}", said(&founded));
    let entry = SignIn {
        login: "duan".into(),
        password: Password(NEW.into()),
        code: None,
    };
    assert_eq!(code(&desk.server.visitor(), &entry).await, None);
}
