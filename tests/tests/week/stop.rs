//! The end of a server that many write to: what it acknowledged is there, what it did not is there once or not at all.

use super::desk::{Desk, any_draft, form, said};
use backend::clock::new_id;
use domain::api::*;
use domain::id::RequestId;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

/// Hands that write at one time, of one member each.
const HANDS: [&str; 4] = ["li.jishi", "luo.zhiyuan", "ma.zhigao", "qi.minzhuan"];
/// Writes that are acknowledged before the end is asked for.
const WRITES: usize = 24;

/// Submits again and again until the server lets nobody in: what was acknowledged, and what was not answered.
async fn writes(
    trainer: Client,
    form: FormView,
    told: mpsc::UnboundedSender<()>,
) -> (Vec<RequestId>, Vec<SubmitRequest>) {
    let mut acknowledged = Vec::new();
    loop {
        let submit = SubmitRequest {
            id: RequestId::new(new_id()),
            round: form.round.id.clone(),
            version: 0,
            draft: any_draft(&form),
        };
        let address = format!("{}{}", trainer.url, SubmitRequest::PATH);
        let sent = trainer
            .http
            .post(address)
            .header(KEY_HEADER, new_id())
            .json(&submit)
            .send()
            .await;
        match sent {
            Ok(reply) if reply.status() == 200 => acknowledged.push(submit.id),
            Ok(reply) => {
                assert_eq!(reply.status(), 503, "an end is no failure");
                return (acknowledged, vec![submit]);
            }
            Err(_) => return (acknowledged, vec![submit]),
        }
        // Whoever counts may have seen enough.
        let _ = told.send(());
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_end_in_the_middle_of_many_writes_loses_nothing(#[case] kind: Kind) {
    let mut desk = Desk::open(kind).await;
    let (told, mut counted) = mpsc::unbounded_channel();
    let mut hands = Vec::new();
    for login in HANDS {
        let trainer = desk.signed_in(login).await;
        let form = form(&trainer).await;
        hands.push((login, tokio::spawn(writes(trainer, form, told.clone()))));
    }
    for _ in 0..WRITES {
        counted.recv().await.expect("they write");
    }
    let (desk, status) = tokio::task::spawn_blocking(move || {
        let status = desk.server.stop();
        (desk, status)
    })
    .await
    .expect("no panic");
    assert!(status.expect("an end").success());
    let logins = desk.server.logins.clone();
    let mut desk = desk.reopen(&["--no-worker"]).await;
    desk.server.logins = logins;
    let mut kept = 0;
    for (login, hand) in hands {
        let (acknowledged, unanswered) = hand.await.expect("no panic");
        let trainer = desk.signed_in(login).await;
        for id in &acknowledged {
            let one = trainer
                .call(&ReadRequest { id: id.clone() })
                .await
                .expect("it is there");
            assert_eq!((one.version, one.story.len()), (1, 1), "wholly, and once");
        }
        for submit in unanswered {
            match trainer.call(&ReadRequest { id: submit.id }).await {
                Ok(one) => assert_eq!((one.version, one.story.len()), (1, 1), "wholly, and once"),
                Err(problem) => assert_eq!(problem.code, ProblemCode::NotFound),
            }
        }
        kept += acknowledged.len();
    }
    assert!(WRITES <= kept, "{kept}");
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// A call whose body is still on its way when the end is asked for is waited for, and answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_under_way_at_the_end_is_answered() {
    let mut desk = Desk::open(Kind::Sqlite).await;
    let address = desk.server.url.trim_start_matches("http://").to_owned();
    let mut open = tokio::net::TcpStream::connect(&address).await.expect("connected");
    let path = SignIn::PATH;
    let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n");
    // It is told to go on once its head has been read.
    say(&mut open, &format!("{head}expect: 100-continue\r\n\r\n")).await;
    let mut go_on = [0; 25];
    open.read_exact(&mut go_on).await.expect("it may go on");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    desk.server.signal("TERM").expect("asked");
    let mut beside = tokio::net::TcpStream::connect(&address).await;
    while beside.is_ok() {
        // Until nobody is let in any more, the end has not begun.
        beside = tokio::net::TcpStream::connect(&address).await;
    }
    say(&mut open, "{}").await;
    let mut answer = String::new();
    open.read_to_string(&mut answer)
        .await
        .expect("an answer, and then the end");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let status = tokio::task::spawn_blocking(move || desk.server.wait()).await;
    assert!(status.expect("no panic").expect("an end").success());
}

async fn say(stream: &mut tokio::net::TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("it is taken");
}
