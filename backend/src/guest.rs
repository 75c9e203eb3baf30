//! The solver's child process: started with bounded memory, listened to, stopped, and killed when late.
//!
//! The child is this same binary (`gongxun solve`). Closing its standard input asks it to stop with the best
//! plan it has, which also happens by itself when this process dies.

use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::WORKER_TICK_MS;
use crate::jobs::{Told, Watch};
use crate::store::runs::RunRecord;
use domain::api::ProgressPoint;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Address space of a child, KiB: 6 GiB covers the largest week with room to spare.
const MEMORY_KIB: u64 = 6 * 1024 * 1024;

/// How a child's work ended.
pub enum Ending {
    Answer {
        plan: Vec<u8>,
        stopped: bool,
    },
    /// A stable word that says why, for `frontend::text`.
    Failed(String),
    /// The lease was lost.
    Lost,
    /// This process ends.
    HandedBack,
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
            Ending::Failed("solver_not_started".into())
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
    tokio::spawn(async move {
        let mut reader = BufReader::new(stderr).lines();
        while let Ok(Some(line)) = reader.next_line().await {
            match serde_json::from_str::<ProgressPoint>(&line) {
                Ok(point) => {
                    if sender.send(point).await.is_err() {
                        break;
                    }
                }
                Err(_) => tracing::info!(line, "solver"),
            }
        }
    });
    Ok(Guest { child, stdin, lines })
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
    let limit = run.seconds_max as f64 * 1.1 + 5.0;
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
        if watch_time.seconds() > limit {
            let _ = guest.child.kill().await;
            return Ending::Failed("solver_too_late".into());
        }
    }
}

async fn answer(status: std::io::Result<ExitStatus>, stopped: bool, folder: &Path) -> Ending {
    match status {
        Ok(status) if status.success() => match tokio::fs::read(folder.join("plan.json")).await {
            Ok(plan) => Ending::Answer { plan, stopped },
            Err(_) => Ending::Failed("answer_missing".into()),
        },
        Ok(status) if status.code() == Some(2) => Ending::Failed("instance_refused".into()),
        Ok(status) if status.code().is_none() => Ending::Failed("solver_killed".into()),
        _ => Ending::Failed("solver_failed".into()),
    }
}
