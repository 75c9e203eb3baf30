//! The plain forms of importing: a file in, its preview out; the file once more, and the import. The page of a preview
//! holds the file itself, because no server keeps it.

use super::forms::{key, keyed};
use super::{Visit, filter, sheet, show};
use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::config::FILE_BODY_BYTES_MAX;
use crate::door::redirect;
use crate::edge::plain;
use crate::http;
use crate::imports;
use crate::problem::Problem;
use crate::rounds;
use crate::spreadsheets;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::api::*;
use domain::id::RoundId;
use domain::round::RoundState;
use frontend::pages::imports::Start;
use frontend::text::imports as say;
use frontend::{Section, pages, paths};
use multer::Multipart;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize, Default)]
struct OfRound {
    round: Option<RoundId>,
}

pub async fn start(State(app): State<App>, RawQuery(query): RawQuery, parts: Parts) -> Response<Body> {
    let wanted = filter::<OfRound>(query).unwrap_or_default().round;
    started(app, parts, wanted, None).await
}

/// The first page, with what was wrong with a file.
async fn started(app: App, mut parts: Parts, wanted: Option<RoundId>, refused: Option<Problem>) -> Response<Body> {
    // The language switch comes back to the page, whatever was posted to.
    parts.uri = Uri::from_static(paths::IMPORT);
    let status = refused.as_ref().map_or(StatusCode::OK, Problem::status);
    let mut reply = show(app, parts, Section::Requests, async move |visit: Visit| {
        let (app, caller) = visit.each();
        caller.may(CallName::PreviewImport)?;
        let now_at_min = caller.now_at_min;
        let all = rounds::list(app, caller, ListRounds {}).await?.rounds;
        let takes = |round: &RoundSummary| round.state == RoundState::Open && now_at_min < round.cut_off_at_min;
        let start = Start {
            rounds: all.into_iter().filter(takes).collect(),
            wanted,
            refused: refused.map(|problem| (problem.code, problem.violations)),
        };
        sheet(say::title(visit.lang), move || {
            pages::imports::start(visit.lang, &start)
        })
    })
    .await;
    if reply.status().is_success() {
        *reply.status_mut() = status;
    }
    reply
}

pub async fn preview(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let read = async {
        let caller = allowed::<PreviewImport>(&app, &parts).await?;
        let sent = Sent::read(Request::from_parts(parts.clone(), body)).await?;
        let call = PreviewImport {
            round: sent.fields::<Round>()?.round,
            file: sent.file,
        };
        let file = call.file.clone();
        Ok((imports::preview(app.clone(), caller, call).await?, file))
    };
    match read.await {
        Ok((view, file)) => previewed(app, parts, view, file, None).await,
        Err(problem) => again(app, parts, None, problem).await,
    }
}

pub async fn import(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut tried = None;
    let done = async {
        let caller = allowed::<ImportRequests>(&app, &parts).await?;
        let sent = Sent::read(Request::from_parts(parts.clone(), body)).await?;
        let Confirmed {
            round,
            sha256,
            to_become,
        } = sent.fields()?;
        let given = key(sent.key)?;
        let call = ImportRequests {
            round,
            file: sent.file,
            sha256,
            to_become,
        };
        tried = Some(call.clone());
        let (prepare, use_case) = (&imports::prepared, &imports::import);
        changes::after(&app, &caller, given, call, prepare, use_case).await
    };
    let problem = match done.await {
        Ok(_) => return redirect(&imported_at(tried.map(|call| call.round)), None),
        Err(problem) => problem,
    };
    match tried {
        // The world has changed since the preview: another one says what is wrong now.
        Some(call) if problem.code == ProblemCode::RulesBroken => {
            let look = PreviewImport {
                round: call.round,
                file: call.file.clone(),
            };
            let looked =
                async { imports::preview(app.clone(), allowed::<PreviewImport>(&app, &parts).await?, look).await };
            match looked.await {
                Ok(view) => previewed(app, parts, view, call.file, Some(problem)).await,
                Err(problem) => again(app, parts, None, problem).await,
            }
        }
        tried => again(app, parts, tried.map(|call| call.round), problem).await,
    }
}

fn imported_at(round: Option<RoundId>) -> String {
    let round = round.map(|round| round.to_string()).unwrap_or_default();
    paths::with_query(paths::REQUESTS, &[("round", &round), ("done", "imported")])
}

/// A page of its own for what no other file would mend; else the first page once more.
async fn again(app: App, parts: Parts, round: Option<RoundId>, problem: Problem) -> Response<Body> {
    use ProblemCode::*;
    match problem.code {
        UnsupportedMedia | TooLarge | TooSlow | Stale | Malformed | WrongState => {
            started(app, parts, round, Some(problem)).await
        }
        _ => super::error(&app, &parts, problem).await,
    }
}

async fn previewed(
    app: App,
    mut parts: Parts,
    view: ImportView,
    file: FileText,
    refused: Option<Problem>,
) -> Response<Body> {
    parts.uri = Uri::from_static(paths::IMPORT);
    let status = refused.as_ref().map_or(StatusCode::OK, Problem::status);
    let mut reply = show(app, parts, Section::Requests, async move |visit: Visit| {
        let fresh = clock::new_id();
        let told = refused.map(|problem| (problem.code, Vec::new()));
        sheet(say::title(visit.lang), move || {
            pages::imports::preview(visit.lang, &view, &file.0, &fresh, told)
        })
    })
    .await;
    if reply.status().is_success() {
        *reply.status_mut() = status;
    }
    reply
}

async fn allowed<C: Call>(app: &App, parts: &Parts) -> Result<Caller, Problem> {
    let caller = http::caller(app, &parts.headers, http::lang_of(&parts.headers)).await?;
    caller.may(C::CALL)?;
    Ok(caller)
}

#[derive(Deserialize)]
struct Round {
    round: RoundId,
}

#[derive(Deserialize)]
struct Confirmed {
    round: RoundId,
    sha256: String,
    to_become: Become,
}

/// A form that brings a file: as it was chosen, or as the page of its preview kept it.
struct Sent {
    pairs: Vec<(String, String)>,
    file: FileText,
    key: Option<domain::id::WriteKey>,
}

impl Sent {
    async fn read(request: Request) -> Result<Self, Problem> {
        let boundary = boundary(request.headers())?;
        let body = http::body_up_to(request, FILE_BODY_BYTES_MAX).await?;
        let malformed = |error: multer::Error| Problem::malformed(error.to_string());
        let whole = futures::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
        let mut form = Multipart::new(whole, boundary);
        let (mut pairs, mut file) = (Vec::new(), None);
        while let Some(field) = form.next_field().await.map_err(malformed)? {
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "file" => file = Some(BASE64_STANDARD.encode(field.bytes().await.map_err(malformed)?)),
                "kept" => file = Some(field.text().await.map_err(malformed)?),
                _ => pairs.push((name, field.text().await.map_err(malformed)?)),
            }
        }
        let (key, pairs) = keyed(pairs);
        let file = FileText(file.ok_or_else(|| Problem::malformed("no file"))?);
        Ok(Self { pairs, file, key })
    }

    /// The other fields, judged like those of every form.
    fn fields<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let text = serde_urlencoded::to_string(&self.pairs).map_err(|error| Problem::malformed(error.to_string()))?;
        plain::form(text.as_bytes())
    }
}

fn boundary(headers: &HeaderMap) -> Result<String, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default());
    boundary.map_err(|_| Problem::new(ProblemCode::UnsupportedMedia))
}

pub async fn template_csv(State(app): State<App>, parts: Parts) -> Response<Body> {
    template(app, parts, "csv", "text/csv; charset=utf-8", |view| {
        // Bare text has one table: the names follow as notes.
        let mut rows = view.tables.first().map(|table| table.rows.clone()).unwrap_or_default();
        rows.extend(view.tables.iter().skip(1).flat_map(|table| notes(&table.rows)));
        spreadsheets::csv(&rows)
    })
    .await
}

/// Each column as one row: its heading, then its cells.
fn notes(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let headings = rows.first().map(Vec::as_slice).unwrap_or_default();
    let column = |at: usize| {
        rows.iter()
            .skip(1)
            .filter_map(move |row| row.get(at).filter(|cell| !cell.is_empty()))
    };
    let note = |(at, heading): (usize, &String)| {
        let cells = column(at).cloned();
        std::iter::once(format!("# {heading}")).chain(cells).collect()
    };
    headings.iter().enumerate().map(note).collect()
}

pub async fn template_xlsx(State(app): State<App>, parts: Parts) -> Response<Body> {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    template(app, parts, "xlsx", KIND, |view| spreadsheets::xlsx(&view.tables)).await
}

/// A file to be kept, by its name.
async fn template(
    app: App,
    parts: Parts,
    ending: &str,
    kind: &str,
    write: impl FnOnce(&TemplateView) -> Result<Vec<u8>, Problem>,
) -> Response<Body> {
    let made = async {
        let caller = allowed::<ReadTemplate>(&app, &parts).await?;
        let view = imports::template(app.clone(), caller, ReadTemplate {}).await?;
        Ok((write(&view)?, view.name))
    };
    match made.await {
        Ok((file, name)) => {
            // RFC 6266: a plain name for whoever reads no other.
            let name = paths::encoded(&format!("{name}.{ending}"));
            let kept = format!("attachment; filename=\"template.{ending}\"; filename*=UTF-8''{name}");
            let reply = Response::builder()
                .header(header::CONTENT_TYPE, kind)
                .header(header::CONTENT_DISPOSITION, kept)
                .header(header::CACHE_CONTROL, "no-store")
                .body(Body::from(file));
            reply.expect("a response of known parts")
        }
        Err(problem) => super::error(&app, &parts, problem).await,
    }
}
