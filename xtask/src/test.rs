//! Judges the tree: formatting, lints, both halves built, every Rust test on both databases, the browser journeys.
//! Steps run in order and a failing one does not stop the others, unless they need what it makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::command::{self, find_program};
use crate::packages::{self, folder_entries};
use crate::postgres::Cluster;
use crate::prepare::{self, Purpose};
use crate::report::Report;
use crate::tally::{self, Tally};
use crate::workspace::Workspace;
use crate::{npm, wasm};

const RUST_TESTS: &str = "Rust tests";
const JOURNEYS: &str = "browser journeys";

pub fn run(workspace: &Workspace, filter: Option<&str>, shots: Option<PathBuf>) -> Result<ExitCode> {
    prepare::prepare(workspace, Purpose::Test)?;
    let mut report = Report::default();
    if filter.is_none() {
        lint(workspace, &mut report);
    }
    let built = report
        .check("build the browser's half", || wasm::build(workspace))
        .is_some();
    let built = built
        & report
            .check("build the programs", || build_programs(workspace))
            .is_some();
    match report.check("PostgreSQL for this run", Cluster::start) {
        Some(cluster) => report.tests(RUST_TESTS, || rust_tests(workspace, &cluster, filter)),
        None => report.not_run(RUST_TESTS, "PostgreSQL did not start"),
    }
    if filter.is_none() {
        report.tests("documentation tests", || doc_tests(workspace));
    }
    if built {
        let shots = shots.unwrap_or_else(|| workspace.target.join("shots"));
        report.tests(JOURNEYS, || journeys(workspace, filter, &shots));
    } else {
        report.not_run(JOURNEYS, "the build failed");
    }
    Ok(report.finish())
}

fn lint(workspace: &Workspace, report: &mut Report) {
    report.check("formatting", || {
        command::run(workspace.cargo("fmt").args(["--all", "--check"]))
    });
    report.check("lints", || {
        command::run(
            workspace
                .cargo("clippy")
                .args(["--workspace", "--all-targets", "--", "-D", "warnings"]),
        )
    });
    report.check("lints of the browser's half", || {
        let mut clippy = workspace.cargo("clippy");
        clippy.args(["--package", "frontend", "--target", prepare::WASM_TARGET]);
        command::run(clippy.args([
            "--no-default-features",
            "--features",
            "board,form,desk",
            "--",
            "-D",
            "warnings",
        ]))
    });
}

/// The whole workspace, although only one program is wanted: its dependencies then have the features that the tests give
/// them, and are compiled once.
fn build_programs(workspace: &Workspace) -> Result<()> {
    command::run(workspace.cargo("build").args(["--workspace", "--bins"]))
}

/// With nextest where it is installed, which runs each test in its own process; else with cargo's own runner.
fn rust_tests(workspace: &Workspace, cluster: &Cluster, filter: Option<&str>) -> Result<Tally> {
    let has_nextest = find_program("cargo-nextest").is_some();
    let mut runner = if has_nextest {
        let mut nextest = workspace.cargo("nextest");
        nextest.args(["run", "--workspace", "--no-fail-fast", "--no-tests=pass"]);
        nextest
    } else {
        let mut cargo_test = workspace.cargo("test");
        cargo_test.args(["--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        cargo_test
    };
    runner
        .args(filter)
        .env("GONGXUN_TEST_POSTGRES", cluster.url())
        .env("GONGXUN_SITE_DIR", workspace.site())
        .env("GONGXUN_BIN", workspace.binary());
    counted(
        &mut runner,
        if has_nextest { tally::nextest } else { tally::cargo_test },
    )
}

fn doc_tests(workspace: &Workspace) -> Result<Tally> {
    counted(
        workspace.cargo("test").args(["--workspace", "--doc", "--no-fail-fast"]),
        tally::cargo_test,
    )
}

/// The runner's own count; a runner that failed without counting a failure is one failure itself.
fn counted(runner: &mut Command, read: fn(&str) -> Option<Tally>) -> Result<Tally> {
    let relayed = command::relay(runner)?;
    verdict(read(&relayed.text), relayed.success)
}

fn verdict(tally: Option<Tally>, success: bool) -> Result<Tally> {
    let mut tally = match (tally, success) {
        (Some(tally), _) => tally,
        (None, false) => Tally::default(),
        (None, true) => anyhow::bail!("the runner ended well but printed no summary that can be read"),
    };
    if !success && tally.failed == 0 {
        tally += Tally::FAIL;
    }
    Ok(tally)
}

/// Node's own test runner over the files of `tests/browser`. What a person reads goes to the screen, what is counted to a file.
fn journeys(workspace: &Workspace, filter: Option<&str>, shots: &Path) -> Result<Tally> {
    let files = journey_files(&workspace.journeys(), filter)?;
    if files.is_empty() {
        return Ok(Tally::default());
    }
    fs::create_dir_all(shots).with_context(|| format!("{} cannot be made", shots.display()))?;
    let counts = workspace.target.join("journeys.tap");
    let mut node = Command::new(npm::node(workspace)?);
    node.current_dir(workspace.journeys())
        .args([
            "--test",
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
            "--test-reporter=tap",
        ])
        .arg(format!("--test-reporter-destination={}", counts.display()))
        .args(filter.map(|filter| format!("--test-name-pattern={}", escaped(filter))))
        .args(files)
        .env("GONGXUN_BIN", workspace.binary())
        .env("GONGXUN_SITE_DIR", workspace.site())
        .env("GONGXUN_SHOTS", shots)
        .env("GONGXUN_CHROMIUM", packages::chromium()?);
    let success = node.status().context("Node could not be started")?.success();
    verdict(tally::node(&fs::read_to_string(counts)?), success)
}

/// With a filter only the files that mention it, because a journey's server is started whether or not its tests run.
fn journey_files(folder: &Path, filter: Option<&str>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in folder_entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_journey = name.ends_with(".journey.mjs") || name.ends_with(".test.mjs");
        if is_journey && filter.is_none_or(|filter| fs::read_to_string(&path).is_ok_and(|text| text.contains(filter))) {
            files.push(path);
        }
    }
    ensure!(
        filter.is_some() || !files.is_empty(),
        "{} holds no journeys",
        folder.display()
    );
    Ok(files)
}

/// The filter is plain text for cargo's runners, so Node's regular expression must take it as such.
fn escaped(filter: &str) -> String {
    let mut escaped = String::new();
    for c in filter.chars() {
        if r".*+?^${}()|[]\/".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_that_failed_without_saying_so_is_a_failure() {
        let passed = Tally { passed: 3, failed: 0 };
        assert_eq!(verdict(Some(passed), true).unwrap(), passed);
        assert_eq!(verdict(Some(passed), false).unwrap(), Tally { passed: 3, failed: 1 });
        assert_eq!(verdict(None, false).unwrap(), Tally::FAIL);
        assert!(verdict(None, true).is_err());
    }

    #[test]
    fn the_filter_is_plain_text_for_node_too() {
        assert_eq!(escaped("signs in (twice)"), r"signs in \(twice\)");
        assert_eq!(escaped("登录"), "登录");
    }
}
