//! PostgreSQL goes away and comes back: an answer in time while it is away, and no restart of ours.

use super::desk::Desk;
use backend::clock::Stopwatch;
use domain::api::*;
use tests::databases::{Kind, OwnServer};
use tests::server::{Client, Setup};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_needs_no_restart() {
    let mut postgres = OwnServer::start().expect("a PostgreSQL server");
    let setup = Setup {
        database_url: Some(postgres.database("outage").await.expect("a database")),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Postgres, setup).await;
    let trainer = desk.signed_in("li.jishi").await;
    for _ in 0..2 {
        trainer.call(&ReadHome {}).await.expect("served");
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
        let refused = trainer.call(&ReadHome {}).await.expect_err("away");
        assert_eq!(refused.code, ProblemCode::Unavailable);
        postgres.start_again().expect("it starts");
        back(&trainer).await;
    }
}

/// Asks until the server says that it is ready.
async fn back(client: &Client) {
    let began = Stopwatch::start();
    while client.page("/readyz").await.0 != 200 {
        assert!(began.seconds() < 5.0, "the database is back, the server is not");
    }
}
