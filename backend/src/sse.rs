//! Live progress of a solver run as server-sent events: each event's data is the run as `RunView`.

use crate::app::App;
use crate::http;
use crate::problem::Problem;
use crate::runs;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::api::{ReadRun, RunState, RunView};
use futures::{Stream, StreamExt, future, stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::{BroadcastStream, IntervalStream};

pub const EVENTS: &str = "/api/v1/runs/events";

/// How often the run is read again, for runs that another process works on.
const REREAD: Duration = Duration::from_secs(1);
const HEARTBEAT: Duration = Duration::from_secs(15);

/// `GET /api/v1/runs/events?id=…`: the run now, then every change, until it has ended or can no longer be read.
pub async fn run_events(State(app): State<App>, request: Request) -> Response<Body> {
    let lang = http::lang_of(request.headers());
    let reply = async {
        let headers = request.headers().clone();
        let caller = http::caller(&app, &headers, lang).await?;
        let call = http::decode::<ReadRun>(request).await?;
        // Listening begins before the first look, so that no change falls between the two.
        let changes = BroadcastStream::new(app.runs.subscribe());
        let now = runs::read(app.clone(), caller.clone(), call.clone()).await?;
        let id = call.id.clone();
        let told = changes.filter_map(move |change| future::ready(change.ok().filter(|run: &RunView| run.id == id)));
        let looks = reread(app.clone(), headers, call);
        let views = stream::select(told.map(Ok), looks);
        let readable = views.take_while(|view| future::ready(view.is_ok()));
        let all = stream::once(future::ready(now)).chain(readable.filter_map(|view| future::ready(view.ok())));
        let end = app.end.clone();
        Ok(Sse::new(until_ended(all).take_until(end.cancelled_owned()))
            .keep_alive(KeepAlive::new().interval(HEARTBEAT))
            .into_response())
    };
    reply
        .await
        .unwrap_or_else(|problem: Problem| problem.into_response(lang, &http::request_id()))
}

/// The run as the database has it, once a second, for whoever the session then is: a stream ends with the session, and with
/// the role that it was opened by.
fn reread(app: App, headers: HeaderMap, call: ReadRun) -> impl Stream<Item = Result<RunView, Problem>> {
    let ticks = IntervalStream::new(tokio::time::interval(REREAD));
    ticks.skip(1).then(move |_| {
        let (app, headers, call) = (app.clone(), headers.clone(), call.clone());
        async move {
            let app = app.at_one_moment().await?;
            let caller = http::caller(&app, &headers, http::lang_of(&headers)).await?;
            runs::read(app, caller, call).await
        }
    })
}

/// Each different view once; the last is the first one that says the run has ended.
fn until_ended(views: impl Stream<Item = RunView>) -> impl Stream<Item = Result<Event, Infallible>> {
    let mut last: Option<RunView> = None;
    let mut ended = false;
    views
        .take_while(move |view| {
            let go_on = !ended;
            ended = matches!(view.state, RunState::Done | RunState::Stopped | RunState::Failed);
            future::ready(go_on)
        })
        .filter_map(move |view| {
            let fresh = last.as_ref() != Some(&view);
            last = Some(view.clone());
            let event = Event::default().json_data(&view).unwrap_or_default();
            future::ready(fresh.then_some(Ok(event)))
        })
}
