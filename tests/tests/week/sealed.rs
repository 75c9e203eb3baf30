//! Secrets that are sealed by a key outside the database: a stolen copy makes no codes, and nothing is lost on the way.

use super::desk::{Desk, enrolled, run, said};
use super::doors::{sql, store};
use backend::config::Config;
use backend::keys::Keys;
use backend::store::second_factors::{self, Sealed};
use backend::{clock, totp};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use rstest::rstest;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tests::databases::{Kind, TestDatabase};
use tests::server::{Server, Setup};

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// The sealed secret of a person.
async fn row(desk: &Desk, person: &str) -> Sealed {
    let store = store(desk).await;
    let tx = store.read().await.expect("a read");
    let found = second_factors::get(&tx, &AllianceId::new("chuxiong"), &PersonId::new(person)).await;
    found.expect("a row").expect("a second factor").sealed
}

/// Signs in by password and a code; the code of the step after the one that confirmed.
async fn opens(server: &Server, login: &str, secret: &[u8]) -> Option<ProblemCode> {
    comes_in(server, login, totp::code(secret, clock::now_ms() + 30_000)).await
}

async fn comes_in(server: &Server, login: &str, code: String) -> Option<ProblemCode> {
    let entry = SignIn {
        login: login.to_owned(),
        password: Password(server.login(login).password.clone()),
        code: Some(code),
    };
    let told = server.visitor().call(&entry).await;
    told.err().map(|problem| problem.code)
}

/// What time does to codes that have opened.
async fn later(desk: &Desk) {
    sql(&store(desk).await, "UPDATE second_factors SET last_step = 0").await;
}

/// A person of the demo with a second factor: its secret and the recovery codes.
async fn with_factor(desk: &Desk, login: &str) -> (Vec<u8>, Vec<String>) {
    let password = desk.server.login(login).password.clone();
    enrolled(&desk.signed_in(login).await, &password).await
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_lies_sealed_and_opens_for_its_own_person_alone(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (secret, _) = with_factor(&desk, "li.jishi").await;
    let (other, _) = with_factor(&desk, "luo.zhiyuan").await;
    let file = Config::keys_in(desk.server.data_dir());
    let mode = std::fs::metadata(&file).expect("the keys").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let sealed = row(&desk, "li.jishi").await;
    assert_eq!(
        Keys::in_file(&file).ids().expect("keys"),
        std::slice::from_ref(&sealed.key)
    );
    assert!(!hex::encode(&sealed.bytes).contains(&hex::encode(&secret)));
    assert_eq!(opens(&desk.server, "li.jishi", &secret).await, None);
    let verified = desk.run(&["verify"]).await;
    assert!(
        verified.status.success() && said(&verified).contains("its person (2 looked at)"),
        "{}",
        said(&verified)
    );

    // Whoever can write to the database gives another the own secret: it opens nothing.
    let moved = format!(
        "UPDATE second_factors SET sealed_hex = '{}'",
        hex::encode(&sealed.bytes)
    );
    sql(&store(&desk).await, &moved).await;
    later(&desk).await;
    for code in [&secret, &other] {
        let told = opens(&desk.server, "luo.zhiyuan", code).await;
        assert_eq!(told, Some(ProblemCode::BadCredentials));
    }
    assert_eq!(opens(&desk.server, "li.jishi", &secret).await, None);
    let verified = desk.run(&["verify"]).await;
    let told = said(&verified);
    assert!(
        !verified.status.success() && told.contains("the second factor of luo.zhiyuan"),
        "{told}"
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_version_left_as_it_was_is_sealed_at_the_start(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (secret, _) = with_factor(&desk, "li.jishi").await;
    let plain = format!(
        "UPDATE second_factors SET key_id = '', sealed_hex = '{}'",
        hex::encode(&secret)
    );
    sql(&store(&desk).await, &plain).await;
    sql(&store(&desk).await, "UPDATE alliances SET key_id = NULL").await;
    let logins = desk.server.logins.clone();
    let mut desk = desk.reopen(&[]).await;
    desk.server.logins = logins;
    let sealed = row(&desk, "li.jishi").await;
    assert!(!sealed.key.is_empty() && sealed.bytes != secret);
    later(&desk).await;
    assert_eq!(opens(&desk.server, "li.jishi", &secret).await, None);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn another_key_takes_over_while_the_server_goes_on(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (secret, _) = with_factor(&desk, "li.jishi").await;
    let mut before = row(&desk, "li.jishi").await.key;
    for _ in 0..2 {
        let rotated = desk.run(&["keys", "rotate"]).await;
        assert!(rotated.status.success(), "{}", said(&rotated));
        let after = row(&desk, "li.jishi").await.key;
        assert_ne!(after, before);
        let file = Keys::in_file(&Config::keys_in(desk.server.data_dir()));
        assert_eq!(
            file.ids().expect("keys"),
            [before, after.clone()],
            "the newest and the one before"
        );
        before = after;
        later(&desk).await;
        assert_eq!(
            opens(&desk.server, "li.jishi", &secret).await,
            None,
            "the server has read the file again"
        );
    }
    let (other, _) = with_factor(&desk, "luo.zhiyuan").await;
    assert_eq!(row(&desk, "luo.zhiyuan").await.key, before);
    assert_eq!(opens(&desk.server, "luo.zhiyuan", &other).await, None);
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_no_key_and_without_one_recovery_codes_still_open(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (secret, codes) = with_factor(&desk, "li.jishi").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("monday.backup");
    assert!(desk.run(&["backup", text(&file)]).await.status.success());
    let into = TestDatabase::empty(kind).await;
    let restored = run(&["restore", text(&file)], folder.path(), &into.url).await;
    let told = said(&restored);
    assert!(
        restored.status.success() && told.contains("its person (0 looked at)"),
        "{told}"
    );
    let keys = Config::keys_in(desk.server.data_dir());
    let verified = run(&["verify", "--key-file", text(&keys)], folder.path(), &into.url).await;
    assert!(
        said(&verified).contains("its person (1 looked at)"),
        "{}",
        said(&verified)
    );

    let there = Setup {
        database_url: Some(into.url.clone()),
        empty: true,
        data_dir: Some(folder.path().to_owned()),
        ..Setup::default()
    };
    let start = async |setup: Setup| {
        tokio::task::spawn_blocking(move || Server::start(&setup))
            .await
            .expect("no panic")
    };
    assert!(
        start(there.clone()).await.is_err(),
        "it makes no other key beside sealed secrets"
    );
    assert!(!Config::keys_in(folder.path()).exists());
    let rotated = run(&["keys", "rotate"], folder.path(), &into.url).await;
    assert!(rotated.status.success(), "{}", said(&rotated));
    let mut server = start(there).await.expect("it goes on without the old one");
    server.logins = desk.server.logins.clone();
    let told = opens(&server, "li.jishi", &secret).await;
    assert_eq!(told, Some(ProblemCode::BadCredentials));
    assert_eq!(comes_in(&server, "li.jishi", codes[0].clone()).await, None);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_lost_every_way_is_helped_from_the_command_line(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let password = desk.server.login("li.jishi").password.clone();
    let client = desk.signed_in("li.jishi").await;
    enrolled(&client, &password).await;
    let forget = ["user", "forget-second-factor", "--alliance", "chuxiong", "--login"];
    let nobody = desk.run(&[&forget[..], &["nobody"]].concat()).await;
    assert!(!nobody.status.success());
    let forgotten = desk.run(&[&forget[..], &["li.jishi"]].concat()).await;
    assert!(forgotten.status.success(), "{}", said(&forgotten));
    let gone = client.call(&ReadSession {}).await.expect_err("every session ends");
    assert_eq!(gone.code, ProblemCode::SignInNeeded);
    desk.signed_in("li.jishi").await;
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}
