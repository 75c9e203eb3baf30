//! The accept loop: bounded connections, limits on reading a request and on writing its reply, a graceful end.
//!
//! `axum::serve` has no header timeout, so the loop is our own over hyper. What a request may do is `edge`.

use crate::app::App;
use crate::config::{HEAD_BYTES_MAX, HEADERS_MAX, Limits};
use crate::edge::figures;
use crate::edge::limits::InTime;
use crate::jobs;
use crate::notices::delivery;
use crate::router::router;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use metrics::gauge;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// A body up to this size has come with its head, so nothing of it is left on the wire.
const BODY_DRAINED_MAX: u64 = 4 * 1024;
/// How long to wait when no connection can be accepted: the machine has no more files to open.
const NO_FILES: Duration = Duration::from_millis(50);

/// Serves until told to end; prints where, once it is ready to answer.
pub async fn serve(app: App) -> anyhow::Result<()> {
    let listener = TcpListener::bind(app.config.listen).await?;
    app.sweep().await;
    let routes = router(app.clone());
    let worker = app.config.worker.then(|| tokio::spawn(jobs::work(app.clone())));
    figures::begin();
    let delivery = tokio::spawn(delivery::deliver(app.clone()));
    let pulse = tokio::spawn(app.clone().watch());
    let figures = tokio::spawn(figures::upkeep());
    if let Some(doubt) = app.config.doubt() {
        tracing::warn!("{doubt}");
    }
    println!("listening on http://{}", listener.local_addr()?);
    accept(listener, routes, &app).await;
    figures.abort();
    if let Some(worker) = worker {
        worker.await?;
    }
    delivery.await?;
    pulse.await?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an end that was asked for comes in bounded time"
)]
async fn accept(listener: TcpListener, routes: Router, app: &App) {
    let limits = app.config.limits;
    let seats = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    let http = http(limits);
    let body_timeout = Duration::from_secs(limits.body_timeout_s);
    loop {
        let seat = tokio::select! {
            _ = app.end.cancelled() => break,
            seat = seats.clone().acquire_owned() => seat.expect("nobody closes the seats"),
        };
        let accepted = tokio::select! {
            _ = app.end.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(NO_FILES).await;
            continue;
        };
        let routes = routes.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(|body| Body::new(InTime::new(body, body_timeout)));
            request.extensions_mut().insert(ConnectInfo(peer));
            answer(routes.clone(), request)
        });
        // Small replies go out at once, not when the next one is ready too.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(Duration::from_secs(limits.write_timeout_s)));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        tokio::spawn(async move {
            let open = gauge!(figures::CONNECTIONS);
            open.increment(1.0);
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            open.decrement(1.0);
            drop(seat);
        });
    }
    drop(listener);
    tokio::select! {
        _ = graceful.shutdown() => {}
        _ = tokio::time::sleep(Duration::from_secs(limits.drain_timeout_s)) => {
            tracing::warn!("some requests did not finish in time");
        }
    }
}

fn http(limits: Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // The same timer runs while a connection waits for its next request, so it is the idle timeout too.
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.header_timeout_s))
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    http
}

/// A refusal may leave a long body unread; hyper then closes the connection, and the client must know before it sends
/// the next request on it.
async fn answer(routes: Router, request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let long = request
        .body()
        .size_hint()
        .upper()
        .is_none_or(|bytes| bytes > BODY_DRAINED_MAX);
    let mut reply = routes.oneshot(request).await?;
    let is_broken_off = reply.status() == StatusCode::REQUEST_TIMEOUT;
    if is_broken_off || (long && !reply.status().is_success()) {
        reply
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(reply)
}
