//! Views of importing requests.

use super::{names, now_at_min, planning, round};
use domain::api::{ImportRow, ImportView, ProblemCode};
use domain::round::RoundState;
use domain::sheet::{Fault, FaultCode, Field};
use domain::violation::Violation;
use frontend::pages::imports::Start;

pub fn start() -> Start {
    Start {
        rounds: vec![round(RoundState::Open)],
        wanted: None,
        refused: Some((ProblemCode::UnsupportedMedia, vec![])),
    }
}

pub fn clean() -> ImportView {
    let row = |row: i64| ImportRow {
        row,
        draft: planning::draft(),
        same_as: (row == 3).then(|| "S49-0012".into()),
    };
    ImportView {
        round: round(RoundState::Open),
        now_at_min: now_at_min(),
        sha256: "0".repeat(64),
        rows: (2..5).map(row).collect(),
        faults: vec![],
        faults_total: 0,
        barred: None,
        names: names(),
    }
}

pub fn faulty() -> ImportView {
    let unread = Fault {
        row: 2,
        column: "C".into(),
        field: Some(Field::Headcount),
        code: FaultCode::NumberUnreadable,
        text: "三十六".into(),
        violation: None,
    };
    let broken = Fault {
        row: 3,
        field: Some(Field::Purpose),
        column: "A".into(),
        code: FaultCode::RuleBroken,
        text: String::new(),
        violation: Some(Violation::PurposeMissing),
    };
    ImportView {
        faults: vec![unread, broken],
        faults_total: 2_500,
        ..clean()
    }
}

pub fn barred() -> ImportView {
    ImportView {
        barred: Some(Violation::MemberLeft),
        ..clean()
    }
}
