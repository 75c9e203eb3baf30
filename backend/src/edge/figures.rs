//! Figures of the process in the text format of Prometheus. Labels have few values: the matched path, never the address.

use crate::clock::Stopwatch;
use crate::store;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, Response};
use axum::middleware::Next;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

const REQUESTS: &str = "gongxun_requests_total";
const SECONDS: &str = "gongxun_request_seconds";
const STATEMENTS: &str = "gongxun_statements_total";
const IN_FLIGHT: &str = "gongxun_requests_in_flight";
pub const CONNECTIONS: &str = "gongxun_connections";
pub const DATABASE_UP: &str = "gongxun_database_up";
pub const RUNS: &str = "gongxun_runs_total";

/// Up to these seconds; the last ones are what limits cut off.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// How often samples are folded together, also when nobody reads them.
const UPKEEP: Duration = Duration::from_secs(5);

/// The figures of this process, begun when first asked for.
fn figures() -> &'static PrometheusHandle {
    static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();
    FIGURES.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)
            .expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::error!("somebody else records this process's figures");
        }
        describe_counter!(REQUESTS, "Requests that were answered.");
        describe_histogram!(SECONDS, "From a request's head to its reply's head.");
        describe_counter!(
            STATEMENTS,
            "Statements that the database was asked on the way to replies."
        );
        describe_gauge!(IN_FLIGHT, "Requests without a reply yet.");
        describe_gauge!(CONNECTIONS, "Open connections.");
        describe_gauge!(DATABASE_UP, "1 while the database answers.");
        describe_counter!(RUNS, "Solver runs that this process ended, by how.");
        handle
    })
}

/// From here on figures are kept; what came before is lost.
pub fn begin() {
    figures();
}

/// Keeps the figures small until the process ends.
pub async fn upkeep() {
    let mut tick = tokio::time::interval(UPKEEP);
    loop {
        tick.tick().await;
        figures().run_upkeep();
    }
}

pub async fn metrics() -> ([(&'static str, &'static str); 1], String) {
    let kind = ("content-type", "text/plain; version=0.0.4; charset=utf-8");
    ([kind], figures().render())
}

/// Counts and times every request.
pub async fn counted(request: Request, next: Next) -> Response<Body> {
    let watch = Stopwatch::start();
    let method = known(request.method());
    // What matches no route is one figure, or whoever asks for nonsense could fill the memory.
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let in_flight = gauge!(IN_FLIGHT);
    in_flight.increment(1.0);
    let leaving = Leaving(in_flight);
    let (reply, statements) = store::counting(next.run(request)).await;
    drop(leaving);
    let status = reply.status().as_str().to_owned();
    counter!(REQUESTS, "method" => method, "path" => path.clone(), "status" => status).increment(1);
    counter!(STATEMENTS, "path" => path.clone()).increment(statements);
    histogram!(SECONDS, "path" => path).record(watch.seconds());
    reply
}

/// Whoever invents methods is one figure.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

/// Also when the request is dropped before it has a reply.
struct Leaving(metrics::Gauge);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
