//! `solve`, `check`, `compare`, `generate`: the solver on files, without a server or a database.

use super::{Check, Compare, Generate, MethodFlag, ProgressFlag, SizeFlag, Solve};
use crate::clock::Stopwatch;
use anyhow::Context;
use domain::instance::Instance;
use domain::plan::Plan;
use frontend::text::{self, Lang, names};
use solver::{Failure, Method, Options, Size};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The instance contradicts itself or cannot be read.
const BAD_INSTANCE: u8 = 2;

pub fn solve(flags: Solve) -> anyhow::Result<ExitCode> {
    let Some(instance) = instance(&flags.instance)? else {
        return Ok(ExitCode::from(BAD_INSTANCE));
    };
    let options = options(&flags, &instance);
    let stop = Arc::new(AtomicBool::new(false));
    if flags.stop_on_end_of_input {
        stop_at_end_of_input(stop.clone());
    }
    let watch = Stopwatch::start();
    let mut tell = |progress: solver::Progress| match flags.progress {
        ProgressFlag::Json => eprintln!("{}", serde_json::to_string(&progress).unwrap_or_default()),
        ProgressFlag::Text => eprintln!("{}", line(&progress)),
        ProgressFlag::None => {}
    };
    let cancelled = || stop.load(Ordering::Relaxed);
    let keeps = |plan: &dyn Fn() -> Option<Plan>| {
        let kept = flags.output.as_deref().filter(|path| is_replaceable(path));
        if let Some((path, plan)) = kept.and_then(|path| Some((path, plan()?)))
            && let Err(error) = write(path, &plan)
        {
            // The solve goes on: it may still be written in the end.
            eprintln!("{error:#}");
        }
    };
    let heard = (&mut tell as &mut dyn FnMut(solver::Progress), &keeps as solver::Keeps);
    let plan = match solver::solve_keeping(&instance, &options, heard, &|| watch.seconds(), &cancelled) {
        Ok(plan) => plan,
        Err(Failure::Contradiction { problems }) => {
            report(&problems);
            return Ok(ExitCode::from(BAD_INSTANCE));
        }
        Err(failure) => anyhow::bail!("{failure}"),
    };
    match &flags.output {
        Some(path) => write(path, &plan)?,
        None => println!("{}", serde_json::to_string_pretty(&plan)?),
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a plan file: the whole of it or nothing, whatever ends this process meanwhile.
fn write(path: &Path, plan: &Plan) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(plan)? + "\n";
    let written = if is_replaceable(path) {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".part");
        std::fs::write(&beside, json).and_then(|()| std::fs::rename(&beside, path))
    } else {
        std::fs::write(path, json)
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// A pipe or a terminal keeps nothing, and no file may take its name.
fn is_replaceable(path: &Path) -> bool {
    path.is_file() || !path.exists()
}

fn options(flags: &Solve, instance: &Instance) -> Options {
    let own = Options::of(instance);
    Options {
        seconds: flags.seconds.unwrap_or(own.seconds),
        threads: flags.threads.unwrap_or(own.threads),
        // Seconds that are asked for here count, whatever the file says.
        nodes: flags.nodes.or(own.nodes.filter(|_| flags.seconds.is_none())),
        seed: flags.seed.unwrap_or(own.seed),
        method: match flags.method {
            MethodFlag::Optimal => Method::Optimal,
            MethodFlag::Greedy => Method::Greedy,
        },
        explain: true,
    }
}

/// Whoever started this process keeps its standard input open for as long as it wants to wait.
fn stop_at_end_of_input(stop: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        // An error ends the input as well as its end does.
        let _ = std::io::stdin().read_to_end(&mut rest);
        stop.store(true, Ordering::Relaxed);
    });
}

fn line(progress: &solver::Progress) -> String {
    let figure = |name: &str, value: Option<f64>| value.map(|value| format!(" {name} {value:.3}")).unwrap_or_default();
    let figures = [
        figure("incumbent", progress.incumbent),
        figure("bound", progress.bound),
        figure("gap", progress.gap),
    ];
    format!("{:8.2} s  {}{}", progress.seconds, progress.stage, figures.concat())
}

pub fn check(flags: Check) -> anyhow::Result<ExitCode> {
    let Some(instance) = instance(&flags.instance)? else {
        return Ok(ExitCode::from(BAD_INSTANCE));
    };
    let plan = plan(&flags.plan)?;
    let report = solver::check(&instance, &plan);
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        let nobody = names::nobody();
        for violation in &report.violations {
            let words = text::violation(Lang::En, violation, &nobody);
            println!("{}: {} {}", violation.code(), words.title, words.detail);
        }
        for wrong in &report.wrong {
            println!(
                "{}: stated {}, recomputed {}",
                wrong.path, wrong.stated, wrong.recomputed
            );
        }
        let (lessons, asked, minutes) = (report.lessons, report.lessons_asked, report.minutes);
        println!(
            "{lessons} of {asked} lessons, {minutes} minutes, lowest level {:.1}, Jain {:.4}",
            report.level_min, report.jain
        );
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub fn compare(flags: Compare) -> anyhow::Result<ExitCode> {
    let Some(instance) = instance(&flags.instance)? else {
        return Ok(ExitCode::from(BAD_INSTANCE));
    };
    let comparison = solver::compare(&instance, &plan(&flags.before)?, &plan(&flags.after)?);
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&comparison)?);
    } else {
        print_comparison(&comparison);
    }
    Ok(ExitCode::SUCCESS)
}

fn print_comparison(comparison: &solver::Comparison) {
    let arrow = |(before, after): (i64, i64)| format!("{before} -> {after}");
    println!("minutes {}", arrow(comparison.minutes));
    println!(
        "lowest level {:.1} -> {:.1}",
        comparison.level_min.0, comparison.level_min.1
    );
    println!("Jain {:.4} -> {:.4}", comparison.jain.0, comparison.jain.1);
    println!(
        "{} lessons stay, {} change",
        comparison.unchanged,
        comparison.moves.len()
    );
    for change in &comparison.organizations {
        println!("organization {}: granted {} minutes", change.id, arrow(change.granted));
    }
    for change in &comparison.requests {
        println!(
            "request {}: lessons {}, {} moved",
            change.id,
            arrow(change.lessons),
            change.moved
        );
    }
}

pub fn generate(flags: Generate) -> anyhow::Result<ExitCode> {
    let size = match flags.size {
        SizeFlag::Small => Size::Small,
        SizeFlag::Town => Size::Town,
        SizeFlag::City => Size::City,
        SizeFlag::Province => Size::Province,
    };
    println!("{}", serde_json::to_string(&solver::generate(size, flags.seed))?);
    Ok(ExitCode::SUCCESS)
}

/// The instance, or every problem on standard error.
fn instance(path: &Path) -> anyhow::Result<Option<Instance>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    match solver::parse(&text) {
        Ok(instance) => Ok(Some(instance)),
        Err(problems) => {
            report(&problems);
            Ok(None)
        }
    }
}

fn report(problems: &[solver::Problem]) {
    for problem in problems {
        eprintln!("{problem}");
    }
    eprintln!("the instance is refused: {} problems, listed above", problems.len());
}

fn plan(path: &Path) -> anyhow::Result<Plan> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no gongxun-plan-1", path.display()))
}
