//! The accept loop: bounded connections, a limit on reading a request's head, a graceful end.
//!
//! `axum::serve` has no header timeout, so the loop is our own over hyper.

use crate::app::App;
use crate::config::{CONNECTIONS_MAX, HEADER_TIMEOUT_S};
use crate::jobs;
use crate::router::router;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// How long open requests may take to finish once the end was asked for.
const DRAIN: Duration = Duration::from_secs(10);

/// A body up to this size has come with its head, so nothing of it is left on the wire.
const BODY_DRAINED_MAX: u64 = 4 * 1024;

/// Serves until told to end; prints where, once it is ready to answer.
pub async fn serve(app: App, end: CancellationToken) -> anyhow::Result<()> {
    let listener = TcpListener::bind(app.config.listen).await?;
    let routes = router(app.clone());
    let worker = app
        .config
        .worker
        .then(|| tokio::spawn(jobs::work(app.clone(), end.clone())));
    println!("listening on http://{}", listener.local_addr()?);
    accept(listener, routes, &end).await;
    if let Some(worker) = worker {
        worker.await?;
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an end that was asked for comes in bounded time"
)]
async fn accept(listener: TcpListener, routes: Router, end: &CancellationToken) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_TIMEOUT_S))
        .max_headers(64);
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            _ = end.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        // A refused accept (too many open files) is the next loop's business.
        let Ok((stream, peer)) = accepted else { continue };
        let routes = routes.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            answer(routes.clone(), request)
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(seat);
        });
    }
    drop(listener);
    tokio::select! {
        _ = graceful.shutdown() => {}
        _ = tokio::time::sleep(DRAIN) => tracing::warn!("some requests did not finish in time"),
    }
}

/// A refusal may leave a long body unread; hyper then closes the connection, and the client must know before it sends
/// the next request on it.
async fn answer(routes: Router, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let long = request
        .body()
        .size_hint()
        .upper()
        .is_none_or(|bytes| bytes > BODY_DRAINED_MAX);
    let mut reply = routes.oneshot(request).await?;
    if long && !reply.status().is_success() {
        reply
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(reply)
}
