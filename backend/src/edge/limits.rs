//! How long a request may take, and what it gets when it takes longer; nobody waits for ever, and nobody is left without
//! an answer.

use crate::config::Limits;
use crate::http;
use crate::problem::Problem;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::Next;
use domain::api::ProblemCode;
use hyper::body::{Frame, Incoming, SizeHint};
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;

/// Answers a request that has no reply in time. What it had begun is dropped with its transaction, or has committed.
pub async fn in_time(State(limits): State<Limits>, request: Request, next: Next) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let reply = tokio::time::timeout(Duration::from_secs(limits.request_timeout_s), next.run(request));
    reply.await.unwrap_or_else(|_| {
        let late = Problem {
            hint: "no reply in time".into(),
            ..Problem::new(ProblemCode::TimedOut)
        };
        late.into_response(lang, &http::request_id())
    })
}

/// A programmer's mistake ends one request and not its connection.
pub fn after_panic(panic: Box<dyn Any + Send>) -> Response<Body> {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Problem::internal(format!("panicked: {words}")).into_response(Default::default(), &http::request_id())
}

/// A body that has not come wholly in time.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

/// Whether reading a body failed because it came too slowly, and not because it was too large.
pub fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A request's body with a deadline for all of it: a sender who drips is as slow as one who stops.
pub struct InTime {
    body: Incoming,
    deadline: Pin<Box<Sleep>>,
}

impl InTime {
    #[expect(clippy::disallowed_methods, reason = "a deadline, and nobody sleeps for it")]
    pub fn new(body: Incoming, limit: Duration) -> Self {
        let deadline = Box::pin(tokio::time::sleep(limit));
        Self { body, deadline }
    }
}

impl HttpBody for InTime {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(TooSlow.into())));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
