//! Doors of several processes, and behind a proxy; and what is noted of them.

use super::desk::{Desk, code};
use super::doors::{sql, store};
use domain::api::*;
use domain::password::Password;
use domain::people::Role;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::{Login, Server, Setup};

fn entry(login: &Login, password: &str) -> SignIn {
    SignIn {
        login: login.login.clone(),
        password: Password(password.into()),
        code: None,
    }
}

/// One more server on the desk's database.
async fn beside(desk: &Desk, args: &[&str]) -> Server {
    let keys = backend::config::Config::keys_in(desk.server.data_dir());
    let keys = keys.to_str().expect("a plain path");
    let args = [args, &["--key-file", keys]].concat();
    let setup = Setup {
        database_url: Some(desk.database_url()),
        empty: true,
        args: args.iter().map(ToString::to_string).collect(),
        ..Setup::default()
    };
    let server = tokio::task::spawn_blocking(move || Server::start(&setup)).await;
    server.expect("no panic").expect("it serves")
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn several_processes_count_wrong_tries_together(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let other = beside(&desk, &[]).await;
    let login = desk.server.login("li.jishi");
    for server in [&desk.server, &other] {
        for _ in 0..4 {
            let wrong = code(&server.visitor(), &entry(login, "wrong")).await;
            assert_eq!(wrong, Some(ProblemCode::BadCredentials));
        }
    }
    for server in [&desk.server, &other] {
        let right = code(&server.visitor(), &entry(login, &login.password)).await;
        assert_eq!(right, Some(ProblemCode::TooManyTries));
    }
    let store = store(&desk).await;
    let tx = store.write().await.expect("a transaction");
    backend::store::tries::forget_before(&tx, i64::MAX)
        .await
        .expect("time passes");
    tx.commit().await.expect("a commit");
    assert_eq!(
        code(&other.visitor(), &entry(login, &login.password)).await,
        None,
        "not for good"
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn many_at_one_time_do_not_slip_through_together(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let login = desk.server.login("li.jishi");
    let tries = (0..20).map(|n| {
        let (visitor, call) = (desk.server.visitor(), entry(login, &format!("wrong {n}")));
        async move { code(&visitor, &call).await }
    });
    let told = futures::future::join_all(tries).await;
    let judged = told
        .iter()
        .filter(|told| **told == Some(ProblemCode::BadCredentials))
        .count();
    assert_eq!(judged, 8, "{told:?}");
}

/// Wrong passwords of those who have signed in are counted for each alone, however many there are.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_inside_shut_nobody_else() {
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    let login = desk.server.login("li.jishi");
    let store = store(&desk).await;
    for n in 0..120 {
        let of_another = format!(
            "INSERT INTO tries (alliance_id, id, login_sha256, address, at_ms) \
             SELECT id, 'other-{n}', 'of-{n}', 'account', {} FROM alliances",
            backend::clock::now_ms()
        );
        sql(&store, &of_another).await;
    }
    let confirm = |password: &str| StartSecondFactor {
        password: Password(password.into()),
    };
    assert_eq!(code(&trainer, &confirm(&login.password)).await, None);
    for _ in 0..8 {
        assert_eq!(
            code(&trainer, &confirm("wrong")).await,
            Some(ProblemCode::BadCredentials)
        );
    }
    assert_eq!(
        code(&trainer, &confirm(&login.password)).await,
        Some(ProblemCode::TooManyTries)
    );
}

/// Tries as a proxy passes them on.
async fn through(server: &Server, client: &str, call: &SignIn) -> u16 {
    let address = format!("{}{}", server.url, SignIn::PATH);
    let request = server
        .visitor()
        .http
        .post(address)
        .header("x-forwarded-for", client)
        .json(call);
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_says_who_knocks() {
    let desk = Desk::open(Kind::Sqlite).await;
    let proxied = beside(&desk, &["--trusted-proxies", "127.0.0.0/8"]).await;
    let login = desk.server.login("li.jishi");
    let (wrong, right) = (entry(login, "wrong"), entry(login, &login.password));
    for _ in 0..8 {
        assert_eq!(through(&proxied, "198.51.100.1", &wrong).await, 401);
    }
    assert_eq!(through(&proxied, "198.51.100.1", &right).await, 429);
    assert_eq!(through(&proxied, "198.51.100.2", &right).await, 200);
    // Without a list nobody is believed: another address does not open again.
    for _ in 0..8 {
        assert_eq!(through(&desk.server, "198.51.100.3", &wrong).await, 401);
    }
    assert_eq!(through(&desk.server, "198.51.100.4", &right).await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_to_come_by_tls_alone_when_the_server_stands_behind_it() {
    let desk = Desk::empty(Kind::Sqlite).await;
    let told = async |server: &Server| {
        let reply = server
            .visitor()
            .http
            .get(format!("{}/nowhere", server.url))
            .send()
            .await;
        let reply = reply.expect("an answer");
        reply
            .headers()
            .get("strict-transport-security")
            .map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(told(&desk.server).await, None);
    let behind = beside(&desk, &["--secure-cookies"]).await;
    assert_eq!(told(&behind).await.as_deref(), Some("max-age=31536000"));
    let chosen = beside(&desk, &["--secure-cookies", "--hsts-days", "0"]).await;
    assert_eq!(told(&chosen).await, None);
}

/// No script reads the cookie, no other site sends it, and behind TLS no other host or path can set it.
#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_a_session_is_kept_to_the_server() {
    let desk = Desk::open(Kind::Sqlite).await;
    let behind = beside(&desk, &["--secure-cookies"]).await;
    let login = desk.server.login("li.jishi");
    for (server, begins, secure) in [(&desk.server, "gongxun=", false), (&behind, "__Host-gongxun=", true)] {
        let address = format!("{}{}", server.url, SignIn::PATH);
        let sent = server.visitor().http.post(address).json(&entry(login, &login.password));
        let reply = sent.send().await.expect("an answer");
        let cookie = reply.headers()["set-cookie"].to_str().expect("text").to_owned();
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts[0].starts_with(begins), "{cookie}");
        assert!(
            ["HttpOnly", "SameSite=Lax", "Path=/"]
                .iter()
                .all(|part| parts.contains(part)),
            "{cookie}"
        );
        assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
        assert!(!parts.iter().any(|part| part.starts_with("Domain=")), "{cookie}");
    }
}

/// Whoever watches over the server reads who was not let in, without a name.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_is_in_the_log_by_hash_and_address() {
    let logs = tempfile::tempdir().expect("a folder");
    let folder = logs.path().to_str().expect("a plain path").to_owned();
    let desk = Desk::with(Kind::Sqlite, Setup::with(&["--log-dir", &folder])).await;
    let login = desk.server.login("li.jishi");
    for _ in 0..9 {
        code(&desk.server.visitor(), &entry(login, "wrong")).await;
    }
    let log = logged(logs.path());
    let hash = &backend::session::token_hash("li.jishi")[..16];
    let refused: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("a sign-in was refused"))
        .collect();
    assert!(
        refused
            .iter()
            .all(|line| line.contains(hash) && line.contains("127.0.0.1")),
        "{log}"
    );
    let told = ["BadCredentials", "TooManyTries"].map(|code| refused.iter().filter(|line| line.contains(code)).count());
    assert_eq!(told, [8, 1]);
    assert!(!log.contains("li.jishi"));
}

/// Behind a proxy that nobody trusts, everybody is counted under one address: the log says so at the start.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_nobody_trusts_is_doubted() {
    let desk = Desk::empty(Kind::Sqlite).await;
    for (proxies, doubted) in [(&[][..], true), (&["--trusted-proxies", "127.0.0.0/8"][..], false)] {
        let logs = tempfile::tempdir().expect("a folder");
        let folder = logs.path().to_str().expect("a plain path");
        let _server = beside(&desk, &[&["--secure-cookies", "--log-dir", folder], proxies].concat()).await;
        assert_eq!(logged(logs.path()).contains("name it by --trusted-proxies"), doubted);
    }
}

/// Everything that a server has logged.
fn logged(folder: &std::path::Path) -> String {
    let files = std::fs::read_dir(folder).expect("the folder");
    let text = |file: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(file.expect("a file").path());
    files.map(|file| text(file).expect("text")).collect()
}

/// Once for each time: further knocks change nothing, and of a login that nobody has only that is told.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn tries_that_are_used_up_are_in_the_audit_log(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let known = desk.server.login("li.jishi");
    let person = desk.signed_in("li.jishi").await;
    let person = person
        .call(&ReadSession {})
        .await
        .expect("a session")
        .person
        .to_string();
    let auditor = desk.server.client(desk.server.login_of(Role::Auditor)).await;
    let auditor = auditor.expect("the auditor");
    let used_up = ReadAudit {
        event: Some("account.tries_used_up".into()),
        actor: None,
        subject: None,
        before: None,
    };
    let stranger = desk.server.visitor();
    let unknown = Login {
        login: "nobody.knows".into(),
        ..known.clone()
    };
    for (login, told) in [(known, vec![person.as_str()]), (&unknown, vec!["nobody", &person])] {
        for n in 0..10 {
            let before = auditor.call(&used_up).await.expect("a page").entries.len();
            assert!(code(&stranger, &entry(login, "wrong")).await.is_some());
            let after = auditor.call(&used_up).await.expect("a page").entries;
            assert_eq!(after.len() - before, usize::from(n == 7), "{n}");
            assert!(
                after
                    .iter()
                    .all(|entry| entry.actor == "visitor" && entry.facts.is_empty())
            );
        }
        let entries = auditor.call(&used_up).await.expect("a page").entries;
        let subjects: Vec<&str> = entries.iter().map(|entry| entry.subject.as_str()).collect();
        assert_eq!(subjects, told, "the latest first");
    }
}
