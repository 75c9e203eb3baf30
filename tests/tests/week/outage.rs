//! PostgreSQL goes away and comes back: an answer in time while it is away, no restart of ours, and nothing lost of what was
//! being written.

use super::desk::{Desk, any_draft, form, run, said};
use super::faults::{Dice, scale};
use backend::clock::{Stopwatch, new_id};
use domain::api::*;
use domain::id::RequestId;
use std::collections::BTreeSet;
use tests::databases::{Kind, OwnServer};
use tests::server::{Client, Setup};
use tokio::sync::mpsc;

/// The published week, as visitors are answered from memory.
const WEEK: &str = "/api/v1/timetable?by=room";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_needs_no_restart() {
    let mut postgres = OwnServer::start().expect("a PostgreSQL server");
    let setup = Setup {
        database_url: Some(postgres.database("outage").await.expect("a database")),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Postgres, setup).await;
    let trainer = desk.signed_in("li.jishi").await;
    let visitor = desk.server.visitor();
    for _ in 0..2 {
        trainer.call(&ReadHome {}).await.expect("served");
        assert_eq!(visitor.page(WEEK).await.0, 200);
        postgres.stop().expect("it stops");
        let asked = async |path: &str| {
            let began = Stopwatch::start();
            let (status, _) = trainer.page(path).await;
            assert!(began.seconds() < 2.0, "{path} took {} s", began.seconds());
            status
        };
        assert_eq!(asked("/readyz").await, 503);
        assert_eq!(asked("/api/v1/home").await, 503);
        assert_eq!(asked("/requests").await, 503);
        assert_eq!(asked("/healthz").await, 200);
        assert_eq!(visitor.page(WEEK).await.0, 200, "it was kept");
        let refused = trainer.call(&ReadHome {}).await.expect_err("away");
        assert_eq!(refused.code, ProblemCode::Unavailable);
        postgres.start_again().expect("it starts");
        back(&trainer).await;
    }
}

/// One that hangs holds every connection, and nothing says that it is away: whoever waits for it is answered all the same,
/// and nobody waits once that is known.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_is_one_that_is_away() {
    let mut postgres = OwnServer::start().expect("a PostgreSQL server");
    let setup = Setup {
        database_url: Some(postgres.database("hanging").await.expect("a database")),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Postgres, setup).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let visitor = desk.server.visitor();
    assert_eq!(visitor.page(WEEK).await.0, 200);
    postgres.hang().expect("it hangs");
    let (key, submit) = (
        new_id(),
        SubmitRequest {
            id: form.id.clone(),
            round: form.round.id.clone(),
            version: 0,
            draft: any_draft(&form),
        },
    );
    let (read, (written, body)) = tokio::join!(trainer.page("/api/v1/home"), trainer.send_under(Some(&key), &submit));
    assert_eq!(
        (read.0, written),
        (503, 503),
        "{} {}",
        read.1,
        String::from_utf8_lossy(&body)
    );
    assert_eq!(trainer.page("/readyz").await.0, 503);
    assert_eq!(trainer.page("/requests").await.0, 503);
    assert_eq!(trainer.page("/healthz").await.0, 200);
    assert_eq!(visitor.page(WEEK).await.0, 200, "it was kept");
    postgres.go_on().expect("it goes on");
    back(&trainer).await;
    let first = trainer.send_under(Some(&key), &submit).await;
    assert_eq!(first.0, 200, "{}", String::from_utf8_lossy(&first.1));
    assert_eq!(trainer.send_under(Some(&key), &submit).await, first, "one effect");
}

/// Asks until the server says that it is ready.
async fn back(client: &Client) {
    let began = Stopwatch::start();
    while client.page("/readyz").await.0 != 200 {
        assert!(began.seconds() < 5.0, "the database is back, the server is not");
    }
}

/// Hands that write at one time, of one member each.
const HANDS: [&str; 8] = [
    "li.jishi",
    "luo.zhiyuan",
    "ma.zhigao",
    "qi.minzhuan",
    "yang.weixiao",
    "pu.nongxiao",
    "zhao.yunneng",
    "wang.dianxin",
];

/// One who asks again and again, until the database is away.
struct Hand {
    trainer: Client,
    form: FormView,
    acknowledged: BTreeSet<RequestId>,
}

impl Hand {
    /// Submits until one is not acknowledged: its key, and what was sent under it.
    async fn write(mut self, told: mpsc::UnboundedSender<()>) -> (Self, String, SubmitRequest) {
        loop {
            let submit = SubmitRequest {
                id: RequestId::new(new_id()),
                round: self.form.round.id.clone(),
                version: 0,
                draft: any_draft(&self.form),
            };
            let key = new_id();
            match self.trainer.send_under(Some(&key), &submit).await {
                (200, _) => self.acknowledged.insert(submit.id),
                (503, _) => return (self, key, submit),
                (status, body) => panic!("{status} {}", String::from_utf8_lossy(&body)),
            };
            told.send(()).expect("somebody counts");
        }
    }

    async fn is_kept(&self) {
        let mine = ListRequests {
            round: Some(self.form.round.id.clone()),
            organization: None,
            state: None,
        };
        let listed = self.trainer.call(&mine).await.expect("the own list").requests;
        let kept: BTreeSet<_> = listed.into_iter().map(|row| row.id).collect();
        let lost: Vec<_> = self.acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_while_many_write_keeps_what_was_acknowledged_and_has_the_rest_once() {
    let mut dice = Dice::thrown("outages");
    let mut postgres = OwnServer::durable().expect("a PostgreSQL server");
    let setup = Setup {
        database_url: Some(postgres.database("writes").await.expect("a database")),
        ..Setup::with(&["--no-worker"])
    };
    let url = setup.database_url.clone().expect("just set");
    let desk = Desk::with(Kind::Postgres, setup).await;
    let mut hands = Vec::new();
    for login in HANDS {
        let trainer = desk.signed_in(login).await;
        let form = form(&trainer).await;
        let acknowledged = BTreeSet::new();
        hands.push(Hand {
            trainer,
            form,
            acknowledged,
        });
    }
    let (mut unanswered, mut done) = (0, 0);
    for n in 0..2 * scale() {
        let (told, mut counted) = mpsc::unbounded_channel();
        let writing: Vec<_> = hands
            .drain(..)
            .map(|hand| tokio::spawn(hand.write(told.clone())))
            .collect();
        for _ in 0..HANDS.len() + dice.below(64) {
            counted.recv().await.expect("they write");
        }
        // All of them go on meanwhile, so it stops in the middle of what they do.
        tokio::task::block_in_place(|| postgres.stop()).expect("it stops");
        let tried = futures::future::join_all(writing).await;
        tokio::task::block_in_place(|| postgres.start_again()).expect("it starts");
        back(&desk.server.visitor()).await;
        for tried in tried {
            let (mut hand, key, submit) = tried.expect("no panic");
            hand.is_kept().await;
            let call = ReadRequest { id: submit.id.clone() };
            unanswered += 1;
            done += usize::from(hand.trainer.call(&call).await.is_ok());
            let first = hand.trainer.send_under(Some(&key), &submit).await;
            assert_eq!(first.0, 200, "outage {n}");
            assert_eq!(hand.trainer.send_under(Some(&key), &submit).await, first, "outage {n}");
            let asked = hand.trainer.call(&call).await.expect("it is there");
            assert_eq!((asked.version, asked.story.len()), (1, 1), "outage {n}: one effect");
            hand.acknowledged.insert(submit.id);
            hands.push(hand);
        }
        let verified = run(&["verify"], desk.server.data_dir(), &url).await;
        assert!(verified.status.success(), "outage {n}: {}", said(&verified));
    }
    println!("outages: of {unanswered} writes without an answer {done} had been done");
}
