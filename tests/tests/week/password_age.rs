//! Passwords under 等保 2.0: they age, and those before the present one are not taken again. ASVS does neither.

use super::desk::{Desk, code};
use super::doors::{sql, store};
use backend::store::former_passwords;
use domain::access::Bar;
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use rstest::rstest;
use serde_json::json;
use strum::VariantArray;
use tests::databases::Kind;
use tests::server::{Client, Server};

pub const DENGBAO: [&str; 2] = ["--password-profile", "dengbao"];

/// The demo, served again under other rules.
async fn under(kind: Kind, args: &[&str]) -> Desk {
    let desk = Desk::open(kind).await;
    let logins = desk.server.logins.clone();
    let mut desk = desk.reopen(args).await;
    desk.server.logins = logins;
    desk
}

/// Time passes for every password.
pub async fn days_pass(desk: &Desk, days: i64) {
    let passed = format!(
        "UPDATE people SET password_set_ms = password_set_ms - {}",
        days * 86_400_000
    );
    sql(&store(desk).await, &passed).await;
}

fn change(old: &str, new: &str) -> ChangePassword {
    ChangePassword {
        old: Password(old.into()),
        new: Password(new.into()),
    }
}

async fn comes_in(server: &Server, login: &str, password: &str) -> Client {
    let client = server.visitor();
    let entry = SignIn {
        login: login.into(),
        password: Password(password.into()),
        code: None,
    };
    client.call(&entry).await.expect("signed in");
    client
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_opens_only_the_way_to_a_new_one(#[case] kind: Kind) {
    let desk = under(kind, &DENGBAO).await;
    let password = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    days_pass(&desk, 89).await;
    assert_eq!(code(&client, &ReadHome {}).await, None);
    let account = client.call(&ReadAccount {}).await.expect("the account");
    let home = client.call(&ReadHome {}).await.expect("home");
    let left_min = account.password_until_min.expect("it ages") - home.now_at_min;
    assert!((1..=1440).contains(&left_min), "{left_min}");

    days_pass(&desk, 1).await;
    for call in CallName::VARIANTS.iter().filter(|call| **call != CallName::SignOut) {
        let name: &str = (*call).into();
        let (_, method, path) = CALLS.iter().find(|(known, _, _)| *known == name).expect("a call");
        let (status, answer) = client.send(*method, path, &json!({ "nonsense": true })).await;
        let barred = (status, answer["code"].as_str()) == (403, Some("password_expired"));
        assert_eq!(barred, !Bar::Password.lets(*call), "{name} answers {status} {answer}");
    }
    let again = comes_in(&desk.server, "li.jishi", &password).await;
    assert_eq!(
        again.call(&ReadSession {}).await.expect("who it is").bar,
        Some(Bar::Password)
    );
    let (status, page) = again.page("/account").await;
    assert!(
        status == 200 && page.contains("请先修改密码") && !page.contains("第二道验证"),
        "{status}"
    );
    assert_eq!(again.page("/requests").await.0, 303);
    let fields = [("key", "k-1"), ("old", password.as_str()), ("new", "Huoba-zhaoliang-7")];
    let form = again.http.post(format!("{}/account/password", again.url)).form(&fields);
    assert_eq!(form.send().await.expect("an answer").status(), 303);
    assert_eq!(code(&again, &ReadHome {}).await, None, "everything opens again");
    assert_eq!(code(&client, &ReadSession {}).await, Some(ProblemCode::SignInNeeded));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_present_password_and_five_before_it_are_not_taken_again(#[case] kind: Kind) {
    let desk = under(kind, &DENGBAO).await;
    let first = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    let nth = |n: usize| format!("Huoba-{n}-zhaoliang-Sanyue");
    let refused = async |old: &str, new: &str| {
        let problem = client.call(&change(old, new)).await.expect_err("refused");
        problem
            .violations
            .first()
            .map(|broken| broken.code())
            .unwrap_or_default()
    };
    client.call(&change(&first, &nth(0))).await.expect("changed");
    assert_eq!(refused(&nth(0), &nth(0)).await, "password_used", "the present one");
    for n in 1..=6 {
        client.call(&change(&nth(n - 1), &nth(n))).await.expect("changed");
    }
    for n in 1..=6 {
        assert_eq!(refused(&nth(6), &nth(n)).await, "password_used", "{n}");
    }
    let store = store(&desk).await;
    let tx = store.read().await.expect("a read");
    let kept = former_passwords::of(&tx, &AllianceId::new("chuxiong"), &PersonId::new("li.jishi")).await;
    let kept = kept.expect("hashes");
    assert!(
        kept.len() == 5 && kept.iter().all(|hash| hash.starts_with("$argon2id$")),
        "{kept:?}"
    );
    drop(tx);
    client
        .call(&change(&nth(6), &nth(0)))
        .await
        .expect("the sixth before is forgotten");
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn under_asvs_a_password_neither_ages_nor_is_remembered(#[case] kind: Kind) {
    let desk = under(kind, &[]).await;
    let first = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    days_pass(&desk, 10_000).await;
    assert_eq!(code(&client, &ReadHome {}).await, None);
    assert_eq!(
        client
            .call(&ReadAccount {})
            .await
            .expect("the account")
            .password_until_min,
        None
    );
    client
        .call(&change(&first, "彝乡的火把照亮三月的夜"))
        .await
        .expect("changed");
    let store = store(&desk).await;
    let tx = store.read().await.expect("a read");
    let kept = former_passwords::of(&tx, &AllianceId::new("chuxiong"), &PersonId::new("li.jishi")).await;
    assert!(kept.expect("hashes").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_are_a_setting_and_none_is_never() {
    let desk = under(Kind::Sqlite, &[&DENGBAO[..], &["--password-days", "0"]].concat()).await;
    let client = desk.signed_in("li.jishi").await;
    days_pass(&desk, 10_000).await;
    assert_eq!(code(&client, &ReadHome {}).await, None);
    let logins = desk.server.logins.clone();
    let mut desk = desk
        .reopen(&[&DENGBAO[..], &["--password-days", "20000"]].concat())
        .await;
    desk.server.logins = logins;
    let client = desk.signed_in("li.jishi").await;
    assert_eq!(code(&client, &ReadHome {}).await, None);
    days_pass(&desk, 10_000).await;
    assert_eq!(code(&client, &ReadHome {}).await, Some(ProblemCode::PasswordExpired));
}
