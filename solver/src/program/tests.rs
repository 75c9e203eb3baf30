//! What one program answers.

use super::*;

static UNCOUNTED: Meter = Meter::uncounted();

fn ask<'a>(cost: &'a [f64], kind: Kind<'a>) -> Ask<'a> {
    Ask {
        sense: Sense::Maximise,
        cost,
        kind,
        seconds: 60.0,
        threads: 1,
        seed: 1,
        meter: &UNCOUNTED,
        cancelled: &|| false,
    }
}

#[test]
fn a_relaxation_has_duals_and_an_integer_program_a_bound() {
    let mut program = Program::default();
    let columns: Vec<usize> = (0..2).map(|_| program.column(0.0, 1.0, true)).collect();
    program.at_most(3.0, columns.iter().map(|n| (*n, 2.0)).collect());
    let relaxed = program.solve(&ask(&[1.0, 1.0], Kind::Relaxed));
    assert_eq!(relaxed.verdict, Verdict::Proved);
    assert!((relaxed.value - 1.5).abs() < 1e-6 && relaxed.row_duals[0].abs() > 0.4);
    let integer = program.solve(&ask(
        &[1.0, 1.0],
        Kind::Integer {
            warm: Some(&[1.0, 0.0]),
            nodes: i32::MAX,
        },
    ));
    assert_eq!(
        (integer.verdict, integer.value, integer.bound),
        (Verdict::Proved, 1.0, 1.0)
    );
}

#[test]
fn an_impossible_program_and_an_empty_budget_say_so() {
    let mut program = Program::default();
    let column = program.column(0.0, 1.0, true);
    program.at_least(2.0, vec![(column, 1.0)]);
    assert_eq!(
        program
            .solve(&ask(&[1.0], Kind::Integer { warm: None, nodes: 1 }))
            .verdict,
        Verdict::Infeasible
    );
    let hurried = Ask {
        seconds: 0.0,
        ..ask(&[1.0], Kind::Relaxed)
    };
    assert_eq!(program.solve(&hurried).verdict, Verdict::Nothing);
}

/// Waits end where nobody else ends them: the other end of the channel is held, and says nothing.
#[test]
fn an_answer_that_does_not_come_is_not_waited_for_without_end() {
    let (silent, answer) = channel::<()>();
    let mut patience = Patience { polls: 1.0 };
    assert_eq!(patience.wait(&answer, &|| false), None);
    assert_eq!(Patience::with(f64::INFINITY).wait(&answer, &|| true), None);
    drop(silent);
    assert_eq!(Patience::with(f64::INFINITY).wait(&answer, &|| false), None);
}

/// HiGHS knows no such number of threads, and its binding panics.
#[test]
fn a_binding_that_panics_gives_no_answer() {
    let mut program = Program::default();
    program.column(0.0, 1.0, true);
    let asked = Ask {
        threads: u32::MAX,
        ..ask(&[1.0], Kind::Integer { warm: None, nodes: 1 })
    };
    assert_eq!(program.solve(&asked).verdict, Verdict::Nothing);
}
