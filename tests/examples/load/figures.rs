//! What is measured, on which database.

use crate::flood::{flood, get, post};
use crate::imports::imported;
use crate::manifold;
use crate::table::Table;
use anyhow::{Context, Result, ensure};
use backend::clock::{Stopwatch, new_id};
use domain::api::*;
use domain::id::RunId;
use domain::instance::Window;
use domain::password::Password;
use domain::people::Role;
use domain::request::RequestDraft;
use domain::time::Span;
use std::io::Write;
use std::time::Duration;
use tests::databases::OwnServer;
use tests::server::{Client, Login, Server, Setup};
use tests::statements::{STATEMENTS_MAX, readings};

/// How often the disk takes four kibibytes for good.
pub fn syncs_per_second() -> Result<f64> {
    const SYNCS: u32 = 200;
    let mut file = tempfile::tempfile()?;
    let watch = Stopwatch::start();
    for _ in 0..SYNCS {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
    }
    Ok(f64::from(SYNCS) / watch.seconds())
}

async fn started(setup: Setup) -> Result<Server> {
    tokio::task::spawn_blocking(move || Server::start(&setup)).await?
}

/// Seconds of planning: it is the publication that is measured.
const PLANNING_S: i64 = 5;
/// So many of the demo's weeks have about two thousand lessons.
const WEEKS: usize = 9;

pub async fn on_sqlite(table: &mut Table, long: Duration, rounds: usize) -> Result<()> {
    let mut server = started(Setup::default()).await?;
    let idle = resident_mib(&server, "VmRSS:")?;
    published(table, &server, long).await?;
    private(table, &server, long).await?;
    submitted(table, &server, long, "SQLite FULL", 60, "150/s").await?;
    one_winner(table, &server, rounds).await?;
    imported(table, &server).await?;
    // Beside what the floods have asked for, nobody would get anything.
    let planned = started(Setup::default()).await?;
    statements(table, &planned).await?;
    manifold::multiply(&planned, WEEKS).await?;
    publication(table, &planned).await?;
    let peak = "VmHWM:";
    let loaded = resident_mib(&server, peak)?.max(resident_mib(&planned, peak)?);
    drop(planned);
    table.row(
        "resident memory idle / under load",
        format!("{idle} / {loaded} MiB"),
        ("128 / 512 MiB", idle <= 128 && loaded <= 512),
        "64 / 256 MiB",
    );
    let begin = |data_dir: &std::path::Path| Setup {
        empty: true,
        data_dir: Some(data_dir.to_owned()),
        ..Setup::default()
    };
    server.kill()?;
    let (setup, watch) = (begin(server.data_dir()), Stopwatch::start());
    let mut again = started(setup).await?;
    ready(&again.visitor()).await;
    let took = watch.seconds();
    table.row("kill -9 to ready", format!("{took:.2} s"), ("5 s", took <= 5.0), "2 s");
    again.stop()?;
    let (setup, watch) = (begin(server.data_dir()), Stopwatch::start());
    let last = started(setup).await?;
    ready(&last.visitor()).await;
    let took = watch.seconds();
    table.row(
        "cold start to ready",
        format!("{took:.2} s"),
        ("5 s", took <= 5.0),
        "2 s",
    );
    Ok(())
}

pub async fn on_postgres(table: &mut Table, long: Duration, url: &str, postgres: &mut OwnServer) -> Result<()> {
    let setup = Setup {
        database_url: Some(url.to_owned()),
        ..Setup::default()
    };
    let server = started(setup).await?;
    submitted(table, &server, long, "PostgreSQL", 200, "600/s").await?;
    let visitor = server.visitor();
    postgres.stop()?;
    let (mut slowest, whole) = (0.0_f64, Stopwatch::start());
    while whole.seconds() < 2.0 {
        let watch = Stopwatch::start();
        ensure!(
            visitor.page("/requests").await.0 == 503 || visitor.page("/readyz").await.0 == 503,
            "it is away"
        );
        slowest = slowest.max(watch.seconds());
    }
    postgres.start_again()?;
    let watch = Stopwatch::start();
    ready(&visitor).await;
    let back = watch.seconds();
    table.row(
        "database down: slowest answer / recovery",
        format!("{slowest:.2} s / {back:.2} s"),
        ("2 s / 5 s", slowest <= 2.0 && back <= 5.0),
        "0.2 s / 2 s",
    );
    Ok(())
}

async fn ready(visitor: &Client) {
    while visitor.page("/readyz").await.0 != 200 {}
}

async fn published(table: &mut Table, server: &Server, long: Duration) -> Result<()> {
    let path = format!("{}?by=room", ReadTimetable::PATH);
    let found = flood(&server.url, 64, long, |_, _| get(&path, "")).await?;
    table.row(
        "published week as JSON, 64 connections",
        found.told(),
        ("8,000/s, p99 30 ms", found.holds(200, 8_000.0, 30.0)),
        "20,000/s, p99 10 ms",
    );
    let visitor = server.visitor();
    let reply = visitor.http.get(format!("{}{path}", server.url)).send().await?;
    let tag = reply.headers().get("etag").context("a tag")?.to_str()?.to_owned();
    let known = format!("if-none-match: {tag}\r\n");
    let found = flood(&server.url, 64, long, |_, _| get(&path, &known)).await?;
    let floor = ("10,000/s", found.holds(304, 10_000.0, f64::INFINITY));
    table.row("the same with If-None-Match", found.told(), floor, "25,000/s");
    let found = flood(&server.url, 32, long, |_, _| get("/timetable", "")).await?;
    table.row(
        "week page rendered, 32 connections",
        found.told(),
        ("150/s", found.holds(200, 150.0, f64::INFINITY)),
        "500/s, p99 120 ms",
    );
    Ok(())
}

/// The cookie of a session, as a header.
async fn session(server: &Server, login: &Login) -> Result<String> {
    let call = SignIn {
        login: login.login.clone(),
        password: Password(login.password.clone()),
        code: None,
    };
    let visitor = server.visitor();
    let reply = visitor
        .http
        .post(format!("{}{}", server.url, SignIn::PATH))
        .json(&call)
        .send()
        .await?;
    let cookie = reply.headers().get("set-cookie").context("a cookie")?.to_str()?;
    let pair = cookie.split(';').next().context("a pair")?;
    Ok(format!("cookie: {pair}\r\n"))
}

async fn private(table: &mut Table, server: &Server, long: Duration) -> Result<()> {
    let cookie = session(server, server.login_of(Role::Requester)).await?;
    let found = flood(&server.url, 32, long, |_, _| get(ListRequests::PATH, &cookie)).await?;
    table.row(
        "private list from the database, 32 connections",
        found.told(),
        ("500/s", found.holds(200, 500.0, f64::INFINITY)),
        "1,500/s",
    );
    Ok(())
}

/// A request that no rule refuses; its id is new.
pub async fn submission(client: &Client) -> Result<SubmitRequest> {
    let form = client.call(&ReadForm { round: None, id: None }).await;
    let form = form.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let cohort = form.cohorts.first().context("every member has a class")?;
    let morning = |day: i64| Window {
        span: Span::new(day * 1440 + 480, day * 1440 + 700),
        preference: 0,
    };
    Ok(SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: RequestDraft {
            purpose: "观摩".into(),
            lessons: 1,
            headcount: cohort.headcount.min(20),
            cohorts: vec![cohort.id.clone()],
            windows: (0..4).map(morning).collect(),
            ..RequestDraft::blank()
        },
    })
}

async fn submitted(
    table: &mut Table,
    server: &Server,
    long: Duration,
    kind: &str,
    floor: u32,
    goal: &str,
) -> Result<()> {
    // As on the last evening: many members, each from a connection or two.
    let mut members = Vec::new();
    for login in server.logins.iter().filter(|login| login.role == Role::Requester) {
        let call = submission(&server.client(login).await?).await?;
        let body = serde_json::to_string(&call)?;
        members.push((session(server, login).await?, body, call.id));
    }
    let write = |hand: usize, _: usize| {
        let (cookie, body, id) = &members[hand % members.len()];
        let own = body.replace(id.as_str(), &new_id());
        post(
            SubmitRequest::PATH,
            &format!("{cookie}{KEY_HEADER}: {}\r\n", new_id()),
            &own,
        )
    };
    let found = flood(&server.url, 16, long, write).await?;
    table.row(
        &format!("submit a request, {kind}, 16 connections of {} members", members.len()),
        found.told(),
        (&format!("{floor}/s"), found.holds(200, f64::from(floor), f64::INFINITY)),
        goal,
    );
    Ok(())
}

/// One row a page, as whoever reads most on it.
async fn statements(table: &mut Table, server: &Server) -> Result<()> {
    for reading in readings(server).await? {
        // The first reading also finds what is kept from one to the next.
        reading.statements().await?;
        let asked = reading.statements().await?;
        let what = format!("SQL statements of {}, {}", reading.path, reading.who);
        let floor = (&*STATEMENTS_MAX.to_string(), asked <= STATEMENTS_MAX);
        table.row(&what, asked.to_string(), floor, "6");
    }
    Ok(())
}

async fn one_winner(table: &mut Table, server: &Server, rounds: usize) -> Result<()> {
    let client = server.client(server.login_of(Role::Requester)).await?;
    let mut slow: Vec<f64> = Vec::new();
    for _ in 0..rounds {
        let call = submission(&client).await?;
        // Each hand asks for something else: the same once more would be no second request.
        let hands = (0..64).map(|hand| {
            let mut own = call.clone();
            own.draft.purpose = format!("观摩 {hand}");
            let client = &client;
            async move {
                let watch = Stopwatch::start();
                let answer = client.call(&own).await;
                (answer, watch.seconds())
            }
        });
        let answers = futures::future::join_all(hands).await;
        let won = answers.iter().filter(|(answer, _)| answer.is_ok()).count();
        ensure!(won == 1, "{won} hands have it");
        let told = answers.iter().filter_map(|(answer, _)| answer.as_ref().err());
        for problem in told {
            ensure!(problem.status < 500, "{problem:?}");
        }
        slow.extend(answers.iter().map(|(_, seconds)| seconds * 1000.0));
    }
    slow.sort_by(f64::total_cmp);
    let p99 = slow[slow.len() * 99 / 100];
    let measured = format!("one winner each in {rounds} rounds, no 5xx, p99 {p99:.0} ms");
    table.row(
        "64 clients, one request",
        measured,
        // Anything else has ended the run.
        ("one winner each, no 5xx", true),
        "p99 300 ms",
    );
    Ok(())
}

/// The open week, planned for some seconds and published.
async fn publication(table: &mut Table, server: &Server) -> Result<()> {
    let failed = |problem: Problem| anyhow::anyhow!("{problem:?}");
    let coordinators: Vec<_> = server
        .logins
        .iter()
        .filter(|login| login.role == Role::Coordinator)
        .collect();
    let (first, second) = (
        server.client(coordinators[0]).await?,
        server.client(coordinators[1]).await?,
    );
    let rounds = first.call(&ListRounds {}).await.map_err(failed)?.rounds;
    let open = rounds
        .iter()
        .find(|round| round.state == domain::round::RoundState::Open)
        .context("an open round")?;
    let close = CloseRound {
        id: open.id.clone(),
        version: open.version,
    };
    first.call(&close).await.map_err(failed)?;
    let id = RunId::new(new_id());
    let start = StartRun {
        id: id.clone(),
        round: open.id.clone(),
        from_plan: None,
        seconds: PLANNING_S,
    };
    first.call(&start).await.map_err(failed)?;
    let events = first
        .http
        .get(format!("{}/api/v1/runs/events?id={id}", first.url))
        .send()
        .await?;
    events.text().await?;
    let run = first.call(&ReadRun { id }).await.map_err(failed)?;
    let plan = run.plan.context("a plan")?;
    let board = first.call(&ReadBoard { plan: plan.clone() }).await.map_err(failed)?;
    let lessons = board.lessons.len();
    let approve = ApprovePlan {
        plan: plan.clone(),
        version: board.plan.version,
    };
    let approved = second.call(&approve).await.map_err(failed)?;
    let publish = PublishPlan {
        plan,
        version: approved.plan.version,
        round_version: approved.round.version,
    };
    let watch = Stopwatch::start();
    first.call(&publish).await.map_err(failed)?;
    let took = watch.seconds();
    table.row(
        &format!("publish {lessons} assignments"),
        format!("{took:.2} s"),
        ("3 s for 2,000", took <= 3.0 * lessons as f64 / 2000.0),
        "1 s for 2,000",
    );
    Ok(())
}

fn resident_mib(server: &Server, figure: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid()))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(figure))
        .context("a figure")?;
    let kib: u64 = line.split_whitespace().next().context("a number")?.parse()?;
    Ok(kib / 1024)
}
