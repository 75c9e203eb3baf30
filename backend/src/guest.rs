//! The solver's child process: started with bounded memory, listened to, stopped, and killed when late.
//!
//! The child is this same binary (`gongxun solve`). Closing its standard input asks it to stop with the best
//! plan it has, which also happens by itself when this process dies. It is told nothing of this process's settings, and what
//! it says is taken only as far as a solver would say it.

use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::WORKER_TICK_MS;
use crate::jobs::{Told, Watch};
use crate::store::runs::RunRecord;
use domain::api::ProgressPoint;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Address space of a child, KiB: 6 GiB covers the largest week with room to spare.
const MEMORY_KIB: u64 = 6 * 1024 * 1024;

/// More than a line of progress has.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// So much of what a child says besides is logged, so that nobody's log fills a disk.
const LOGGED_BYTES_MAX: usize = 64 * 1024;

/// More than the plan of the largest week has.
const PLAN_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// All that a child is told of the environment: where programs, libraries and scratch files lie, and how loud it is.
const TOLD: [&str; 5] = ["PATH", "LD_LIBRARY_PATH", "TMPDIR", "RUST_LOG", "RUST_BACKTRACE"];

/// How a child's work ended.
pub enum Ending {
    Answer {
        plan: Vec<u8>,
        stopped: bool,
    },
    Failed {
        /// A stable word that says why, for `frontend::text`.
        reason: &'static str,
        /// What the plan file held all the same.
        kept: Option<Vec<u8>>,
    },
    /// The lease was lost.
    Lost,
    /// This process ends.
    HandedBack,
}

impl Ending {
    /// Where nothing may be kept.
    fn failed(reason: &'static str) -> Self {
        Self::Failed { reason, kept: None }
    }
}

/// Solves a run in a child process within limit × 1.1 + 5 s.
pub async fn solve(app: &App, run: &RunRecord, watch: Watch<'_>) -> Ending {
    let folder = app
        .config
        .data_dir
        .join("runs")
        .join(format!("{}-{}", run.id, run.generation));
    let ending = match spawn(app, run, &folder).await {
        Ok(guest) => listen(guest, run, &app.end, watch, &folder).await,
        Err(error) => {
            tracing::error!(%error, run = %run.id, "a solver process could not be started");
            Ending::failed("solver_not_started")
        }
    };
    if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
        tracing::debug!(%error, "a run's folder stays");
    }
    ending
}

struct Guest {
    child: Child,
    /// Dropped to ask for the best plan so far.
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<ProgressPoint>,
}

async fn spawn(app: &App, run: &RunRecord, folder: &Path) -> std::io::Result<Guest> {
    tokio::fs::create_dir_all(folder).await?;
    tokio::fs::write(folder.join("instance.json"), &run.instance).await?;
    // The shell only sets the limit and then becomes the solver.
    let bounded = format!("ulimit -v {MEMORY_KIB} && exec \"$0\" \"$@\"");
    let mut child = Command::new("/bin/sh")
        .args(["-c", &bounded])
        .arg(solver_binary(app)?)
        .args([
            "solve",
            "instance.json",
            "-o",
            "plan.json",
            "--progress",
            "json",
            "--stop-on-end-of-input",
        ])
        .args(["--seconds", &run.seconds_max.to_string()])
        .current_dir(folder)
        .env_clear()
        .envs(TOLD.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdin = child.stdin.take();
    let stderr = child
        .stderr
        .take()
        .ok_or_else(|| std::io::Error::other("no standard error"))?;
    let (sender, lines) = mpsc::channel(64);
    tokio::spawn(hear(stderr, sender));
    Ok(Guest { child, stdin, lines })
}

/// Hands on every line of progress; what else is said is logged, until it is too much.
async fn hear(stderr: ChildStderr, sender: mpsc::Sender<ProgressPoint>) {
    let mut reader = BufReader::new(stderr);
    let mut left = LOGGED_BYTES_MAX;
    while let Ok(Some(line)) = next_line(&mut reader).await {
        match serde_json::from_slice::<ProgressPoint>(&line) {
            Ok(point) => {
                if sender.send(point).await.is_err() {
                    break;
                }
            }
            Err(_) => {
                if let Some(after) = left.checked_sub(line.len()) {
                    tracing::info!(line = %String::from_utf8_lossy(&line), "solver");
                    left = after;
                }
            }
        }
    }
}

/// The next line without its end, of a longer one a piece; nothing after the last.
async fn next_line(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await?;
    line.pop_if(|last| *last == b'\n');
    Ok((read > 0).then_some(line))
}

/// This very program, also when its file was replaced by a newer one while it runs; so it is the running one's link and
/// not its path.
fn solver_binary(app: &App) -> std::io::Result<PathBuf> {
    let own = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    match &app.config.solver {
        Some(other) => Ok(other.clone()),
        None if own.exists() => Ok(own),
        None => std::env::current_exe(),
    }
}

/// Forwards progress and keeps the lease until the child ends, is told to stop, or is late.
async fn listen(mut guest: Guest, run: &RunRecord, end: &CancellationToken, watch: Watch<'_>, folder: &Path) -> Ending {
    let seconds = run.seconds_max as f64;
    // Explanations may outlast the budget; whoever is still at them is asked to come to an end before it is made to.
    let (asked_at, killed_at) = (seconds * 1.05 + 3.0, seconds * 1.1 + 5.0);
    let watch_time = Stopwatch::start();
    let mut tick = tokio::time::interval(Duration::from_millis(WORKER_TICK_MS));
    let mut fresh: Vec<ProgressPoint> = Vec::new();
    let mut stopped = false;
    loop {
        tokio::select! {
            status = guest.child.wait() => {
                while let Ok(point) = guest.lines.try_recv() {
                    fresh.push(point);
                }
                let _ = watch.report(&fresh).await;
                return answer(status, stopped, folder).await;
            }
            Some(point) = guest.lines.recv() => fresh.push(point),
            _ = end.cancelled() => return Ending::HandedBack,
            _ = tick.tick() => match watch.report(&std::mem::take(&mut fresh)).await {
                Ok(Told::GoOn) => {}
                Ok(Told::Stop) => {
                    stopped = true;
                    guest.stdin.take();
                }
                Ok(Told::Lost) => return Ending::Lost,
                Err(error) => tracing::warn!(%error, run = %run.id, "a run's progress could not be saved"),
            },
        }
        if watch_time.seconds() > asked_at && guest.stdin.take().is_some() {
            stopped = true;
        }
        if watch_time.seconds() > killed_at {
            let _ = guest.child.kill().await;
            return late_or_dead("solver_too_late", folder).await;
        }
    }
}

async fn answer(status: std::io::Result<ExitStatus>, stopped: bool, folder: &Path) -> Ending {
    match status {
        Ok(status) if status.success() => match read_plan(folder).await {
            Ok(plan) if plan.len() as u64 > PLAN_BYTES_MAX => Ending::failed("answer_too_large"),
            Ok(plan) => Ending::Answer { plan, stopped },
            Err(_) => Ending::failed("answer_missing"),
        },
        Ok(status) if status.code() == Some(2) => Ending::failed("instance_refused"),
        Ok(status) if status.code().is_none() => late_or_dead("solver_killed", folder).await,
        _ => late_or_dead("solver_failed", folder).await,
    }
}

/// A solver writes the plans that it finds on its way, each as a whole, so the last one may stand for what never came.
async fn late_or_dead(reason: &'static str, folder: &Path) -> Ending {
    let plan = read_plan(folder).await.ok();
    Ending::Failed {
        reason,
        kept: plan.filter(|plan| plan.len() as u64 <= PLAN_BYTES_MAX),
    }
}

/// No more of it than shows that it is too large.
async fn read_plan(folder: &Path) -> std::io::Result<Vec<u8>> {
    let mut plan = Vec::new();
    let file = File::open(folder.join("plan.json")).await?;
    file.take(PLAN_BYTES_MAX + 1).read_to_end(&mut plan).await?;
    Ok(plan)
}
