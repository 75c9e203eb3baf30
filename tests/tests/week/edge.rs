//! The server's edge over bare sockets: who is slow, endless or silent is cut off, and everybody else is served.

use super::desk::{Desk, form, lathe_draft, open_round};
use domain::api::*;
use domain::id::RunId;
use rstest::rstest;
use std::time::Duration;
use tests::databases::Kind;
use tests::server::Setup;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than any of the limits below, and short enough to fail a test.
const PATIENCE: Duration = Duration::from_secs(20);

async fn desk(kind: Kind, args: &[&str]) -> Desk {
    Desk::with(kind, Setup::with(args)).await
}

pub async fn connect(desk: &Desk) -> TcpStream {
    let address = desk.server.url.trim_start_matches("http://");
    TcpStream::connect(address).await.expect("the server takes connections")
}

/// Everything until the server closes.
pub async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the server closes");
    // A reset is an end too.
    let _ = read;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Status and code of one exchange that the server ends.
async fn told(desk: &Desk, request: &[u8]) -> String {
    let mut stream = connect(desk).await;
    // The server may close before it has read all of it.
    let _ = stream.write_all(request).await;
    rest(stream).await
}

pub async fn is_well(desk: &Desk) {
    assert_eq!(desk.server.visitor().page("/healthz").await, (200, "ok".into()));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_and_a_silent_connection_are_cut_off(#[case] kind: Kind) {
    let desk = desk(kind, &["--header-timeout-s", "1"]).await;
    let mut halves = Vec::new();
    for _ in 0..100 {
        let mut half = connect(&desk).await;
        half.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ")
            .await
            .expect("half a head");
        halves.push(half);
    }
    let silent = connect(&desk).await;
    let mut served = connect(&desk).await;
    served
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .expect("a request");
    is_well(&desk).await;
    for half in halves {
        assert!(!rest(half).await.contains("200 OK"));
    }
    assert_eq!(rest(silent).await, "");
    assert!(
        rest(served).await.starts_with("HTTP/1.1 200 OK"),
        "then nothing was asked of it"
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_answered_and_cut_off(#[case] kind: Kind) {
    let desk = desk(kind, &["--body-timeout-s", "1"]).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        SignIn::PATH
    );
    let answer = told(&desk, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(
        answer.contains("\"code\":\"too_slow\"") && answer.contains("connection: close"),
        "{answer}"
    );
    is_well(&desk).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_endless_body_and_a_huge_head_are_refused(#[case] kind: Kind) {
    let desk = desk(kind, &["--header-timeout-s", "1"]).await;
    let mut endless = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        SignIn::PATH
    );
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    (0..100).for_each(|_| endless.push_str(&chunk));
    let mut stream = connect(&desk).await;
    let (mut reading, mut writing) = stream.split();
    let sending = async {
        let _ = writing.write_all(endless.as_bytes()).await;
        std::future::pending::<()>().await
    };
    let mut answer = vec![0; 4096];
    let count = tokio::select! {
        count = reading.read(&mut answer) => count.expect("an answer"),
        _ = sending => 0,
    };
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(
        answer.starts_with("HTTP/1.1 413") && answer.contains("connection: close"),
        "{answer}"
    );
    for head in [
        format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(64 * 1024)),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: 1\r\n".repeat(100)),
        format!("GET /?{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(64 * 1024)),
    ] {
        let answer = told(&desk, head.as_bytes()).await;
        let refused = ["HTTP/1.1 431", "HTTP/1.1 414", "HTTP/1.1 400"]
            .iter()
            .any(|status| answer.starts_with(status));
        assert!(refused || answer.is_empty(), "{}", &answer[..answer.len().min(200)]);
    }
    for nonsense in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = told(&desk, nonsense.as_bytes()).await;
        assert!(
            !answer.contains(" 200 ") && !answer.contains(" 500 "),
            "{nonsense:?}: {answer}"
        );
    }
    is_well(&desk).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_beyond_the_cap_waits_for_a_seat(#[case] kind: Kind) {
    let desk = desk(kind, &["--connections-max", "4", "--header-timeout-s", "1"]).await;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(connect(&desk).await);
    }
    let mut late = connect(&desk).await;
    late.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .expect("a request");
    assert!(rest(late).await.starts_with("HTTP/1.1 200 OK"));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_loses_its_connection(#[case] kind: Kind) {
    let desk = desk(kind, &["--write-timeout-s", "1"]).await;
    let mut deaf = connect(&desk).await;
    let many = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2000);
    let _ = deaf.write_all(many.as_bytes()).await;
    // The figures tell when the server has let go; each look is a connection of its own.
    let look = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let let_go = async {
        loop {
            if told(&desk, look)
                .await
                .lines()
                .any(|line| line == "gongxun_connections 1")
            {
                return;
            }
        }
    };
    timeout(PATIENCE, let_go).await.expect("the connection ends");
    drop(deaf);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_end_drains_what_is_asked_and_frees_the_run(#[case] kind: Kind) {
    let mut desk = desk(kind, &[]).await;
    let (coordinator, _) = desk.coordinators().await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let submit = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: lathe_draft(&new),
    };
    let round = open_round(&coordinator).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    // What is on its way when the end is asked for is answered like ever.
    let submitted = trainer.call(&submit).await.expect("submitted");
    let closed = coordinator.call(&close).await.expect("closed").round;
    let run = RunId::new(backend::clock::new_id());
    let start = StartRun {
        id: run.clone(),
        round: closed.id.clone(),
        from_plan: None,
        seconds: 300,
    };
    coordinator.call(&start).await.expect("the run starts");
    let address = format!("{}/api/v1/runs/events?id={run}", coordinator.url);
    let mut events = coordinator.http.get(address).send().await.expect("events");
    let mut told = String::new();
    while !told.contains(r#""state":"running""#) {
        let chunk = events.chunk().await.expect("the stream").expect("it goes on");
        told.push_str(&String::from_utf8_lossy(&chunk));
    }
    let ended = tokio::task::spawn_blocking(move || {
        let status = desk.server.stop();
        (desk, status)
    });
    while events.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
    let (ended, status) = timeout(PATIENCE, ended).await.expect("in time").expect("no panic");
    assert!(status.expect("an end").success());

    let again = ended.reopen(&["--no-worker"]).await;
    let coordinator = again.coordinators().await.0;
    let view = coordinator.call(&ReadRun { id: run }).await.expect("the run");
    assert_eq!(
        view.state,
        RunState::Queued,
        "nobody waits for the lease of a process that has ended"
    );
    let kept = again
        .signed_in("li.jishi")
        .await
        .call(&ReadRequest { id: submitted.id })
        .await;
    kept.expect("what was acknowledged is there");
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn figures_have_paths_and_no_ids(#[case] kind: Kind) {
    let desk = desk(kind, &[]).await;
    let visitor = desk.server.visitor();
    visitor.page("/catalog/room/secret-room").await;
    visitor.page("/no/such/place").await;
    let (status, figures) = visitor.page("/metrics").await;
    assert_eq!(status, 200);
    for needed in [
        "gongxun_requests_total{",
        "gongxun_request_seconds_bucket{",
        "gongxun_database_up 1",
    ] {
        assert!(figures.contains(needed), "{needed}: {figures}");
    }
    assert!(
        figures.contains(r#"path="none""#) && figures.contains(r#"path="/catalog/"#),
        "{figures}"
    );
    assert!(
        !figures.contains("secret-room") && !figures.contains("/no/such"),
        "{figures}"
    );
}

/// A hash takes 19 MiB for a blink. What glibc keeps of them stays in the heap of every thread that has made one.
#[cfg(target_env = "gnu")]
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_passwords_took_goes_back_to_the_system(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let logins = desk.server.logins.iter().take(16);
    let all = logins.map(|login| desk.server.client(login));
    for signed_in in futures::future::join_all(all).await {
        signed_in.expect("signed in");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", desk.server.pid())).expect("a status");
    let held = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let held = held.and_then(|text| text.split_whitespace().next()).expect("a figure");
    let held_mib = held.parse::<u64>().expect("KiB") / 1024;
    assert!(held_mib < 64, "{held_mib} MiB are held");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_too_much_waits_and_nobody_else() {
    let desk = Desk::with(Kind::Sqlite, Setup::with(&["--writes-per-minute", "60"])).await;
    let flood = desk.server.visitor();
    let refused = loop {
        let address = format!("{}{}", flood.url, SignOut::PATH);
        let reply = flood
            .http
            .post(address)
            .header("accept-language", "en")
            .json(&SignOut {})
            .send();
        let reply = reply.await.expect("an answer");
        if reply.status() == 429 {
            break reply;
        }
        assert!(reply.status().is_success(), "{}", reply.status());
    };
    let wait = refused
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok());
    assert_eq!(wait, Some("1"));
    let problem: Problem = refused.json().await.expect("a problem");
    assert_eq!(
        (problem.code, problem.title.as_str()),
        (ProblemCode::TooManyTries, "Too many tries")
    );
    assert_eq!(flood.page("/timetable").await.0, 200, "who reads is not counted");
    let other = desk.server.visitor_from(std::net::Ipv4Addr::new(127, 0, 0, 2));
    other.call(&SignOut {}).await.expect("another address");
}
