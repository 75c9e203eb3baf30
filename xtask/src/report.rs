//! The course of a test run: each step timed, none able to stop the others, the sum on the last line.
//! What the steps are and which of them need each other is decided in `test`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::command::say;
use crate::tally::Tally;

#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    tally: Tally,
}

impl Report {
    /// A step that holds or does not: it counts as one. What it yields is needed by later steps.
    pub fn check<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        let mut yielded = None;
        self.tests(name, || {
            yielded = Some(work()?);
            Ok(Tally::PASS)
        });
        yielded
    }

    /// A step that runs tests and counts them itself.
    pub fn tests(&mut self, name: &'static str, work: impl FnOnce() -> Result<Tally>) {
        say(name);
        let started = now();
        let tally = work().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Tally::FAIL
        });
        self.steps.push(Step {
            name,
            took: now() - started,
            tally,
        });
    }

    /// A step whose needs failed counts as one failure, so that no missing tool makes a run look whole.
    pub fn not_run(&mut self, name: &'static str, because: &str) {
        eprintln!("{name}: not run, because {because}");
        self.steps.push(Step {
            name,
            took: Duration::ZERO,
            tally: Tally::FAIL,
        });
    }

    /// One line a step, then the sum as the last line.
    pub fn finish(self) -> ExitCode {
        let mut sum = Tally::default();
        say("summary");
        for Step { name, took, tally } in self.steps {
            let Tally { passed, failed } = tally;
            println!(
                "{:>7.1} s  {passed:>5} passed {failed:>4} failed  {name}",
                took.as_secs_f64()
            );
            sum += tally;
        }
        println!("{} passed, {} failed", sum.passed, sum.failed);
        if sum.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    #[cfg(test)]
    fn sum(&self) -> Tally {
        let mut sum = Tally::default();
        self.steps.iter().for_each(|step| sum += step.tally);
        sum
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is for the reader only; nothing depends on it"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failing_step_counts_and_does_not_stop_the_next() {
        let mut report = Report::default();
        assert_eq!(report.check("yields", || Ok(7)), Some(7));
        assert_eq!(report.check::<()>("fails", || bail!("no room")), None);
        report.tests("counts itself", || Ok(Tally { passed: 5, failed: 1 }));
        report.not_run("needs the failed one", "it failed");
        assert_eq!(report.sum(), Tally { passed: 6, failed: 3 });
    }
}
