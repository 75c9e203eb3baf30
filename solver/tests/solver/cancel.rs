//! A solve that is cancelled ends soon with the plan that it has, whatever it is at.

use crate::week::*;
use rstest::rstest;
use solver::{Method, Options, Size, check, generate, solve};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// A second is meant; a busy machine and an unoptimised build may take a few. A solve that does not listen takes minutes.
const SOON: Duration = Duration::from_secs(15);

/// The clock of the solve stands still, so no budget ends it. It is cancelled so many questions after the news of a stage,
/// which is in the middle of the next one.
#[rstest]
#[case("greedy", 0)]
#[case("greedy", 100)]
#[case("chains", 0)]
#[case("chains", 20)]
#[case("claims", 0)]
#[case("fairness", 10)]
#[case("order", 0)]
fn whoever_is_told_to_stop_stops_soon(#[case] stage: &str, #[case] questions: u64) {
    let instance = generate(Size::Town, 3);
    let options = Options {
        threads: 2,
        explain: false,
        ..options(1e6, Method::Optimal)
    };
    let (left, told) = (Cell::new(None), Cell::new(None));
    let mut later = 0;
    let mut hear = |line: solver::Progress| {
        later += u64::from(told.get().is_some());
        if line.stage.ends_with(stage) && left.get().is_none() {
            left.set(Some(questions));
        }
    };
    let cancelled = || {
        match left.get() {
            Some(0) if told.get().is_none() => told.set(Some(now())),
            Some(questions) => left.set(Some(questions.saturating_sub(1))),
            None => {}
        }
        told.get().is_some()
    };
    let plan = solve(&instance, &options, &mut hear, &|| 0.0, &cancelled).unwrap();
    let took = told.get().expect("it came that far").elapsed();
    assert!(check(&instance, &plan).is_clean());
    assert!(later < 20, "{later} lines after that");
    assert!(took < SOON, "{took:?}");
}

#[expect(clippy::disallowed_methods, reason = "how soon is what is asked here")]
fn now() -> Instant {
    Instant::now()
}
