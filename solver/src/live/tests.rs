//! What stays with HiGHS, and what becomes of it when HiGHS fails.

use super::*;
use crate::program::Kind;
use std::cell::Cell;

static UNCOUNTED: Meter = Meter::uncounted();

/// Two columns of at most 1, which add up to at most 1.5; the first one counts twice.
fn live(threads: u32) -> Live {
    let mut program = Program::default();
    let columns: Vec<usize> = (0..2).map(|_| program.column(0.0, 1.0, false)).collect();
    program.at_most(1.5, columns.iter().map(|n| (*n, 1.0)).collect());
    let ask = Ask {
        sense: Sense::Maximise,
        cost: &[2.0, 1.0],
        kind: Kind::Vertex,
        seconds: 60.0,
        threads,
        seed: 1,
        meter: &UNCOUNTED,
        cancelled: &|| false,
    };
    Live::of(&program, &ask, &[])
}

fn values(answer: &Answer) -> (Verdict, Vec<i64>) {
    let tenths = answer.values.iter().map(|value| (10.0 * value).round() as i64);
    (answer.verdict, tenths.collect())
}

#[test]
fn it_goes_on_with_other_bounds_and_costs() {
    let mut live = live(1);
    assert_eq!(values(&live.solve(&|| false)), (Verdict::Proved, vec![10, 5]));
    live.bound(0, 0.0, 0.2);
    assert_eq!(values(&live.solve(&|| false)), (Verdict::Proved, vec![2, 10]));
    live.cost(1, -1.0);
    assert_eq!(values(&live.solve(&|| false)), (Verdict::Proved, vec![2, 0]));
}

/// HiGHS knows no such number of threads, and its binding panics.
#[test]
fn a_binding_that_panics_gives_no_answer_and_nothing_after_it() {
    let mut live = live(u32::MAX);
    for _ in 0..2 {
        assert_eq!(live.solve(&|| false).verdict, Verdict::Nothing);
        live.cost(0, 1.0);
    }
}

#[test]
fn what_is_not_wanted_is_not_solved() {
    let mut live = live(1);
    let asked = Cell::new(0);
    let at_once = || {
        asked.set(asked.get() + 1);
        true
    };
    assert_eq!(live.solve(&at_once).verdict, Verdict::Nothing);
    assert_eq!(asked.get(), 1);
}
