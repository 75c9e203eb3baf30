//! The solver measured on generated weeks: what it grants, how fairly, how far that is proved, in what time and memory.
//!
//! `bench --size city --seeds 5 --seconds 30 --threads 2` prints a table in Markdown. Every week is solved in a process
//! of its own, so that its peak memory is its own; `--one` is how it calls itself. Every plan goes through
//! `solver::check`, which shares no code with the model.

use domain::plan::Plan;
use solver::{Method, Options, Size, check, generate, solve};
use std::process::{Command, ExitCode};

struct Args {
    sizes: Vec<String>,
    seeds: u64,
    seconds: Option<f64>,
    nodes: Option<u64>,
    threads: u32,
    one: bool,
    log: bool,
    replan: bool,
}

fn main() -> ExitCode {
    let args = match read(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    if args.one {
        return one(&args);
    }
    print_table(&args)
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args {
        sizes: Vec::new(),
        seeds: 1,
        seconds: None,
        nodes: None,
        threads: 2,
        one: false,
        log: false,
        replan: false,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        let number = |text: String| text.parse::<f64>().map_err(|error| format!("{text}: {error}"));
        match word.as_str() {
            "--size" => args.sizes.push(value()?),
            "--seeds" => args.seeds = number(value()?)? as u64,
            "--seconds" => args.seconds = Some(number(value()?)?),
            "--nodes" => args.nodes = Some(number(value()?)? as u64),
            "--threads" => args.threads = number(value()?)? as u32,
            "--one" => args.one = true,
            "--log" => args.log = true,
            "--replan" => args.replan = true,
            other => return Err(format!("unknown word {other}; see the head of the file")),
        }
    }
    if args.sizes.is_empty() {
        args.sizes = ["small", "town", "city", "province"].map(str::to_owned).to_vec();
    }
    Ok(args)
}

/// Seconds that the figures of the design allow; of the ten minutes of a province, four.
fn goal(size: &str) -> f64 {
    match size {
        "small" => 2.0,
        "town" => 15.0,
        "city" => 30.0,
        _ => 240.0,
    }
}

const HEAD: &str = "| week | granted greedy → optimal, h | lowest five levels greedy → optimal | Jain | of the claims | worst below claim, min | levels proved | at, s | gaps by stage | first plan, s | seconds | columns | MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

fn print_table(args: &Args) -> ExitCode {
    println!("{HEAD}");
    let mut times: Vec<(f64, f64)> = Vec::new();
    let mut failed = false;
    for size in &args.sizes {
        let mut sum = (0.0, 0.0);
        for seed in 1..=args.seeds {
            let exe = std::env::current_exe().expect("a running program has a file");
            let mut command = Command::new(exe);
            command.args(["--one", "--size", size, "--seeds", &seed.to_string()]);
            command.args(["--threads", &args.threads.to_string()]);
            args.seconds.iter().for_each(|seconds| {
                command.args(["--seconds", &seconds.to_string()]);
            });
            args.nodes.iter().for_each(|nodes| {
                command.args(["--nodes", &nodes.to_string()]);
            });
            command.args(args.log.then_some("--log"));
            command.args(args.replan.then_some("--replan"));
            let output = command.output().expect("it starts itself");
            let text = String::from_utf8_lossy(&output.stdout);
            let (row, figures) = text.trim().rsplit_once('#').unwrap_or((text.trim(), ""));
            println!("{row}");
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            failed |= !output.status.success();
            let mut figures = figures.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
            let (lessons, seconds) = (figures.next().unwrap_or(1.0), figures.next().unwrap_or(0.0));
            sum = (sum.0 + lessons, sum.1 + seconds);
        }
        times.push(sum);
    }
    for pair in times.windows(2) {
        let exponent = (pair[1].1 / pair[0].1).ln() / (pair[1].0 / pair[0].0).ln();
        println!("\ngrowth exponent of the seconds to the last level by lessons asked: {exponent:.2}");
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// One week: one row, then the figures for the exponent.
fn one(args: &Args) -> ExitCode {
    let name = args.sizes[0].as_str();
    let instance = match Size::named(name) {
        Some(size) => generate(size, args.seeds),
        None => {
            let text = std::fs::read_to_string(name).expect("a size or a file");
            solver::parse(&text).expect("a sound instance")
        }
    };
    let options = |seconds: f64, method: Method| Options {
        seconds,
        nodes: args.nodes,
        threads: args.threads,
        seed: 1,
        method,
        // The baseline is only compared with.
        explain: method == Method::Optimal,
    };
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
    let began = std::time::Instant::now();
    let clock = || began.elapsed().as_secs_f64();
    let mut first = None;
    // Since when the last of the levels is known that will be.
    let mut ordered = 0.0;
    let mut tell = |progress: solver::Progress| {
        first.get_or_insert(progress.seconds);
        if progress.stage.ends_with("order") || progress.stage.ends_with("fairness") {
            ordered = progress.seconds;
        }
        if args.log {
            let figure = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{x:.3}"));
            eprintln!(
                "{:8.2} {:20} {} / {} gap {}",
                progress.seconds,
                progress.stage,
                figure(progress.incumbent),
                figure(progress.bound),
                figure(progress.gap.map(|gap| gap * 100.0)),
            );
        }
    };
    let greedy = solve(&instance, &options(0.0, Method::Greedy), &mut |_| {}, &clock, &|| false).expect("a plan");
    let from = clock();
    let seconds = args.seconds.unwrap_or(goal(name));
    let plan = solve(
        &instance,
        &options(seconds, Method::Optimal),
        &mut tell,
        &clock,
        &|| false,
    )
    .expect("a plan");
    let took = clock() - from;
    if args.log {
        let searched = plan.solver.seconds;
        let refused = plan.unplaced.len();
        eprintln!("{:8.2} explained {refused} refusals in {:.2} s", took, took - searched);
    }
    let report = check(&instance, &plan);
    let lessons: i64 = instance.requests.iter().map(|request| request.lessons).sum();
    let lowest = |plan: &Plan| {
        let mut levels: Vec<f64> = plan.organizations.iter().map(|o| o.level).collect();
        levels.sort_by(f64::total_cmp);
        levels
            .iter()
            .take(5)
            .map(|level| format!("{level:.0}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let hours = |plan: &Plan| plan.organizations.iter().map(|o| o.granted).sum::<i64>() as f64 / 60.0;
    let claims: f64 = plan.organizations.iter().filter_map(|o| o.claim).sum();
    let met: f64 = plan
        .organizations
        .iter()
        .filter_map(|o| Some(o.claim?.min(o.granted as f64)))
        .sum();
    let below = plan
        .organizations
        .iter()
        .filter_map(|o| Some(o.claim? - o.granted as f64))
        .fold(0.0, f64::max);
    let order = plan.stages.iter().rev().find(|stage| stage.name.ends_with("order"));
    let order = order.map_or("-".to_owned(), |stage| format!("{:.0}/{:.0}", stage.value, stage.bound));
    let gaps: Vec<String> = plan
        .stages
        .iter()
        .skip(1)
        .map(|s| format!("{} {:.2} %", s.name, s.gap * 100.0))
        .collect();
    let columns = plan.stages.iter().map(|stage| stage.columns).max().unwrap_or(0);
    println!(
        "| {name} {} | {:.1} → {:.1} | {} → {} | {:.3} → {:.3} | {} | {below:.0} | {order} | {ordered:.1} | {} | {:.2} | {took:.1} | {columns} | {:.0} |# {lessons} {ordered}",
        args.seeds,
        hours(&greedy),
        hours(&plan),
        lowest(&greedy),
        lowest(&plan),
        greedy.fairness.jain,
        plan.fairness.jain,
        if claims > 0.0 {
            format!("{:.3} %", 100.0 * met / claims)
        } else {
            "unknown".to_owned()
        },
        gaps.join(", "),
        first.unwrap_or(took),
        peak_mebibytes(),
    );
    if args.replan {
        replan(args, &instance, &plan);
    }
    if !report.is_clean() {
        eprintln!("{name} {}: the referee refuses the plan: {report:?}", args.seeds);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The same week after a room and an instructor were lost, in two seconds and in sixty.
fn replan(args: &Args, instance: &domain::instance::Instance, plan: &Plan) {
    let mut changed = instance.clone();
    for a in &plan.assignments {
        let (start, room, instructors) = (a.start, a.room.clone(), a.instructors.clone());
        let asked = changed.requests.iter_mut().find(|request| request.id == a.request);
        asked
            .expect("a planned request")
            .previous
            .push(domain::instance::Placed {
                start,
                room,
                instructors,
            });
    }
    let pinned = |id: &domain::id::RoomId| instance.requests.iter().any(|r| r.pinned.iter().any(|p| p.room == *id));
    let room = changed
        .rooms
        .iter_mut()
        .rev()
        .find(|room| !pinned(&room.id))
        .expect("a room");
    room.open.clear();
    let lost = room.id.clone();
    let busy = |id: &domain::id::InstructorId| {
        instance
            .requests
            .iter()
            .any(|r| r.pinned.iter().any(|p| p.instructors.contains(id)))
    };
    let person = changed
        .instructors
        .iter_mut()
        .find(|person| !busy(&person.id))
        .expect("an instructor");
    person.available.clear();
    let gone = person.id.clone();
    let displaced = plan
        .assignments
        .iter()
        .filter(|a| a.room == lost || a.instructors.contains(&gone))
        .count();
    for seconds in [2.0, 60.0] {
        #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
        let began = std::time::Instant::now();
        let options = Options {
            seconds,
            nodes: None,
            threads: args.threads,
            seed: 1,
            method: Method::Optimal,
            explain: true,
        };
        let clock = || began.elapsed().as_secs_f64();
        let again = solve(&changed, &options, &mut |_| {}, &clock, &|| false).expect("a plan");
        let took = clock();
        let comparison = solver::compare(&changed, plan, &again);
        let moves = comparison.moves.iter().filter(|m| m.before.is_some()).count();
        let clean = check(&changed, &again).is_clean();
        let least = again.stages.iter().find(|stage| stage.name == "moves");
        let least = least.map_or("unknown".to_owned(), |stage| format!("{:.0}", stage.bound));
        eprintln!(
            "re-plan: {displaced} displaced, {moves} moved or gone, at least {least} in any plan, {} → {} min granted, {took:.1} s, sound {clean}",
            comparison.minutes.0, comparison.minutes.1
        );
    }
}

/// The process's own peak, where the system tells it.
fn peak_mebibytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) / 1024.0
}
