//! Reads how many tests passed and failed out of what each test runner prints at its end.
//! A runner that printed no summary (it did not build, it crashed) gives `None`, and whoever asked counts a failure.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    pub const PASS: Self = Self { passed: 1, failed: 0 };
    pub const FAIL: Self = Self { passed: 0, failed: 1 };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// `Summary [ 0.02s] 5/6 tests run: 3 passed (1 slow, 1 flaky), 1 failed, 1 timed out, 2 skipped`.
/// Whatever was neither passed nor skipped has failed: failures, time-outs, tests that could not start.
pub fn nextest(text: &str) -> Option<Tally> {
    let text = plain(text);
    let line = text
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Summary ["))?;
    let counts = without_parentheses(line.split_once("run:")?.1);
    let mut tally = Tally::default();
    for count in counts.split(',') {
        let (number, what) = count.trim().split_once(' ')?;
        let number = number.parse::<u32>().ok()?;
        match what.trim() {
            "passed" => tally.passed += number,
            "skipped" => {}
            _ => tally.failed += number,
        }
    }
    Some(tally)
}

/// Every `test result: ok. 3 passed; 1 failed; 0 ignored; …` line, one a test binary.
pub fn cargo_test(text: &str) -> Option<Tally> {
    let text = plain(text);
    let mut sum = None;
    for line in text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("test result: "))
    {
        let counts = line.split_once(". ")?.1;
        let tally = sum.get_or_insert(Tally::default());
        *tally += Tally {
            passed: number_before(counts, "passed")?,
            failed: number_before(counts, "failed")?,
        };
    }
    sum
}

/// The `# pass 3` and `# fail 1` lines at the end of Node's TAP report; a cancelled test has failed.
pub fn node(text: &str) -> Option<Tally> {
    let count = |name: &str| {
        let lines = text.lines().rev();
        lines
            .filter_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.trim().parse::<u32>().ok())
            .next()
    };
    Some(Tally {
        passed: count("pass ")?,
        failed: count("fail ")? + count("cancelled ").unwrap_or(0),
    })
}

fn number_before(counts: &str, word: &str) -> Option<u32> {
    counts
        .split(';')
        .find_map(|count| count.trim().strip_suffix(word)?.trim().parse().ok())
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The text without terminal colours: an escape, `[`, up to a letter.
fn plain(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |kept, piece| {
        kept + piece
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u32, failed: u32) -> Option<Tally> {
        Some(Tally { passed, failed })
    }

    #[test]
    fn nextest_counts_everything_that_did_not_pass_as_failed() {
        let summary = "     Summary [   0.023s] 3 tests run: 3 passed, 0 skipped\n";
        assert_eq!(nextest(summary), tally(3, 0));
        let summary = "     Summary [  60.1s] 7/9 tests run: 4 passed (1 slow, 1 flaky), 1 failed, 1 timed out, 1 exec failed, 2 skipped";
        assert_eq!(nextest(summary), tally(4, 3));
        assert_eq!(
            nextest("     Summary [   0.1s] 1 test run: 1 passed, 4 skipped\nerror: test run failed"),
            tally(1, 0)
        );
    }

    #[test]
    fn nextest_is_read_through_colours() {
        let summary = "\u{1b}[31;1m     Summary\u{1b}[0m [   0.02s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m1\u{1b}[0m \u{1b}[32mpassed\u{1b}[0m, \u{1b}[1m1\u{1b}[0m \u{1b}[31mfailed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped";
        assert_eq!(nextest(summary), tally(1, 1));
    }

    #[test]
    fn cargo_test_sums_the_binaries() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(cargo_test(text), tally(4, 2));
    }

    #[test]
    fn node_counts_cancelled_as_failed() {
        let text = "TAP version 13\n# Subtest: signs in\nok 1 - signs in\n1..4\n# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n";
        assert_eq!(node(text), tally(2, 2));
    }

    #[test]
    fn no_summary_is_no_tally() {
        assert_eq!(nextest("error: could not compile `domain`"), None);
        assert_eq!(cargo_test("error: could not compile `domain`"), None);
        assert_eq!(node(""), None);
    }
}
