//! Notices against a real receiver that takes, refuses, hangs and comes back: each is delivered at least once under its
//! own id, and what nobody takes waits for a coordinator.

use super::desk::Desk;
use super::doors::store;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use backend::notices::delivery::signature;
use backend::store::audit;
use domain::api::*;
use domain::id::{AllianceId, NoticeId};
use rstest::rstest;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::databases::Kind;
use tests::server::{Client, Setup};
use tokio::sync::watch;

const SECRET: &str = "a-secret-of-the-tests-0123456789";
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Takes,
    Refuses,
    Hangs,
}

/// A receiver; it counts each id that it took.
#[derive(Clone)]
struct Receiver {
    mood: Arc<Mutex<Mood>>,
    taken: Arc<watch::Sender<BTreeMap<String, usize>>>,
    url: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let receiver = Self {
            mood: Arc::new(Mutex::new(Mood::Takes)),
            taken: Arc::new(watch::channel(BTreeMap::new()).0),
            url: format!("http://{}/hook", listener.local_addr().expect("an address")),
        };
        let routes = Router::new()
            .route("/hook", axum::routing::post(Self::hook))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        receiver
    }

    async fn hook(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
        let header = |name: &str| headers[name].to_str().expect("plain").to_owned();
        let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        assert_eq!(header("webhook-signature"), signature(SECRET, &id, &timestamp, &body));
        let told: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(told["id"], id.as_str());
        let mood = *receiver.mood.lock().expect("no holder panics");
        match mood {
            Mood::Refuses => return StatusCode::INTERNAL_SERVER_ERROR,
            Mood::Hangs => std::future::pending().await,
            Mood::Takes => receiver.taken.send_modify(|taken| *taken.entry(id).or_default() += 1),
        }
        StatusCode::NO_CONTENT
    }

    fn is_now(&self, mood: Mood) {
        *self.mood.lock().expect("no holder panics") = mood;
    }

    /// Waits until every one of these was taken.
    async fn has(&self, ids: &[String]) {
        let mut taken = self.taken.subscribe();
        let all = taken.wait_for(|taken| ids.iter().all(|id| taken.contains_key(id)));
        let all = tokio::time::timeout(PATIENCE, all).await;
        all.expect("they are delivered").expect("the receiver lives");
    }

    fn flags(&self, folder: &std::path::Path) -> Vec<String> {
        let file = folder.join("secret");
        std::fs::write(&file, format!("{SECRET}\n")).expect("written");
        let file = file.display().to_string();
        let words = [
            "--webhook-url",
            &self.url,
            "--webhook-secret-file",
            &file,
            "--webhook-timeout-s",
            "1",
            "--webhook-backoff-ms",
            "20",
            "--webhook-tries-max",
            "3",
        ];
        words.map(str::to_owned).to_vec()
    }
}

/// Every id of the log, which is every notice.
async fn told(desk: &Desk) -> Vec<String> {
    let store = store(desk).await;
    let tx = store.read().await.expect("a read");
    let log = audit::after(&tx, &AllianceId::new("chuxiong"), 0, 1000)
        .await
        .expect("the log");
    log.into_iter().map(|entry| entry.id).collect()
}

async fn dead(coordinator: &Client) -> Vec<NoticeView> {
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            let view = coordinator.call(&ListNotices {}).await.expect("a coordinator sees it");
            if view.waiting == 0 {
                return view.dead;
            }
        }
    });
    waited.await.expect("everything is taken or dead")
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_waits_for_a_coordinator_and_is_sent_again(#[case] kind: Kind) {
    let receiver = Receiver::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup {
        args: receiver.flags(folder.path()),
        ..Setup::default()
    };
    let desk = Desk::with(kind, setup).await;
    let (coordinator, _) = desk.coordinators().await;
    receiver.has(&told(&desk).await).await;
    assert!(dead(&coordinator).await.is_empty());

    for (mood, failure) in [(Mood::Refuses, "status 500"), (Mood::Hangs, "no answer in time")] {
        receiver.is_now(mood);
        let trainer = desk.signed_in("li.jishi").await;
        let left = dead(&coordinator).await;
        let notice = left.last().expect("nobody took it");
        assert_eq!(
            (notice.event.as_str(), notice.tries, notice.failure.as_str()),
            ("session.opened", 3, failure)
        );
        let hidden = trainer.call(&ListNotices {}).await.expect_err("not for a trainer");
        assert_eq!(hidden.code, ProblemCode::NotFound);
    }
    let left = dead(&coordinator).await;
    let (status, page) = coordinator.page("/notices").await;
    assert!(status == 200 && page.contains(left[0].id.as_str()), "{page}");

    receiver.is_now(Mood::Takes);
    for notice in &left {
        let again = SendNoticeAgain { id: notice.id.clone() };
        coordinator.call(&again).await.expect("put back");
        assert_eq!(
            coordinator
                .call(&again)
                .await
                .expect_err("it is not dead any more")
                .code,
            ProblemCode::NotFound
        );
    }
    receiver.has(&told(&desk).await).await;
    assert!(dead(&coordinator).await.is_empty());
    let unknown = SendNoticeAgain {
        id: NoticeId::new("none"),
    };
    assert_eq!(
        coordinator.call(&unknown).await.expect_err("none").code,
        ProblemCode::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_when_the_server_was_killed_is_delivered_by_the_next() {
    let receiver = Receiver::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let flags = receiver.flags(folder.path());
    receiver.is_now(Mood::Hangs);
    let setup = Setup {
        args: flags.clone(),
        ..Setup::default()
    };
    let mut desk = Desk::with(Kind::Sqlite, setup).await;
    desk.signed_in("li.jishi").await;
    desk.server.kill().expect("killed");
    receiver.is_now(Mood::Takes);
    let words: Vec<&str> = flags.iter().map(String::as_str).collect();
    let desk = desk.reopen(&words).await;
    receiver.has(&told(&desk).await).await;
}
