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
use domain::api::{ProblemCode, ReadRun, RunState, RunView};
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
        let all = stream::once(future::ready(Ok(now))).chain(stream::select(told.map(Ok), looks));
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

/// Each different view once; the last is the first one that says the run has ended, and nothing more is waited for then. A
/// database that is away for a while ends nothing.
fn until_ended(
    views: impl Stream<Item = Result<RunView, Problem>> + Send,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let views = Box::pin(views);
    stream::unfold((views, None), |(mut views, last)| async move {
        if last.as_ref().is_some_and(has_ended) {
            return None;
        }
        let view = fresh(&mut views, last.as_ref()).await?;
        let event = Event::default().json_data(&view).unwrap_or_default();
        Some((Ok(event), (views, Some(view))))
    })
}

/// The next view that differs, if the run can still be read.
async fn fresh(
    views: &mut (impl Stream<Item = Result<RunView, Problem>> + Unpin),
    last: Option<&RunView>,
) -> Option<RunView> {
    loop {
        match views.next().await? {
            Ok(view) if last != Some(&view) => return Some(view),
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::Unavailable => {}
            Err(_) => return None,
        }
    }
}

fn has_ended(view: &RunView) -> bool {
    matches!(view.state, RunState::Done | RunState::Stopped | RunState::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{RoundId, RunId};

    fn run(state: RunState) -> Result<RunView, Problem> {
        Ok(RunView {
            id: RunId::new("run"),
            round: RoundId::new("round"),
            state,
            seconds_max: 20,
            started_at_min: None,
            plan: None,
            failure: None,
            progress: Vec::new(),
        })
    }

    /// How many events come of these views, after which nothing comes any more and nothing ends.
    async fn told(views: Vec<Result<RunView, Problem>>) -> usize {
        until_ended(stream::iter(views).chain(stream::pending())).count().await
    }

    #[tokio::test]
    async fn the_end_of_a_run_ends_its_stream_although_nothing_follows() {
        let views = vec![run(RunState::Running), run(RunState::Running), run(RunState::Failed)];
        assert_eq!(told(views).await, 2);
    }

    #[tokio::test]
    async fn a_database_that_is_away_for_a_while_ends_nothing() {
        let away = Err(Problem::new(ProblemCode::Unavailable));
        assert_eq!(told(vec![run(RunState::Running), away, run(RunState::Done)]).await, 2);
    }

    #[tokio::test]
    async fn who_may_not_read_the_run_any_more_is_told_nothing_more() {
        let gone = Err(Problem::not_found());
        assert_eq!(told(vec![run(RunState::Running), gone]).await, 1);
    }
}
