//! Spreadsheets with faults at places of the dice's choosing, in every usual encoding, and files with bytes that nobody wrote:
//! every fault is told by row and column, and of a file with one nothing is imported.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, code, form};
use crate::week::imports::{asked, import_of, preview_of, rows};
use backend::spreadsheets;
use domain::api::*;
use domain::violation::Violation;
use rstest::rstest;
use std::collections::BTreeSet;
use tests::databases::Kind;

type Table = Vec<Vec<String>>;

/// What a cell should not say: the cell's place in its row, its words, and what is told of it.
const BAD: [(usize, &str, &str); 11] = [
    (0, "", "purpose_missing"),
    (0, "  ", "purpose_missing"),
    (1, "没有的班", "name_unknown"),
    (1, "'; DROP TABLE cohorts --", "name_unknown"),
    (2, "二十", "number_unreadable"),
    (2, "2.5.1", "number_unreadable"),
    (2, "0", "headcount_out_of_range"),
    (2, "-1", "headcount_out_of_range"),
    (3, "周八 8:00-9:00", "time_unreadable"),
    (3, "周一 24:01-25:00", "time_unreadable"),
    (3, "=NOW()", "time_unreadable"),
];
const PURPOSES: [&str; 8] = [
    "数控车削",
    "=1+1",
    "@sum, \"quoted\"",
    "半;分;号",
    "a,b",
    "'apostrophe",
    "'; DROP TABLE requests --",
    "<b>焊接</b>",
];

/// Rows that are right but for some cells, and what is to be told of these.
fn thrown(dice: &mut Dice, new: &FormView) -> (Table, BTreeSet<(i64, String, String)>) {
    let mut table = rows(new, 1 + dice.below(60));
    let mut due = BTreeSet::new();
    for (at, row) in table.iter_mut().enumerate().skip(1) {
        row[0] = format!("{} {at}", dice.one(&PURPOSES));
    }
    let bad = if dice.below(3) == 0 { 0 } else { dice.below(8) };
    for _ in 0..bad {
        let line = 1 + dice.below(table.len() - 1);
        // One fault a row: what a second one hides is another test's business.
        if due.iter().any(|(row, _, _)| *row == line as i64 + 1) {
            continue;
        }
        let (place, words, told) = *dice.one(&BAD);
        table[line][place] = words.into();
        let column = ["A", "B", "C", "D"][place];
        due.insert((line as i64 + 1, column.to_owned(), told.to_owned()));
    }
    (table, due)
}

/// The table as one of the programs of this world would save it.
fn saved(dice: &mut Dice, table: &Table) -> (&'static str, Vec<u8>) {
    let separated = |by: &str, end: &str| {
        let line = |row: &Vec<String>| {
            let cells = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            cells.collect::<Vec<_>>().join(by)
        };
        table.iter().map(line).collect::<Vec<_>>().join(end)
    };
    match dice.below(6) {
        0 => ("csv", spreadsheets::csv(table).expect("a file")),
        1 => ("without a mark", separated(",", "\r\n").into_bytes()),
        2 => ("GBK", encoding_rs::GBK.encode(&separated(",", "\r\n")).0.into_owned()),
        3 => ("semicolons", separated(";", "\n").into_bytes()),
        4 => ("tabs", separated("\t", "\n").into_bytes()),
        _ => {
            let sheet = SheetTable {
                name: "a".into(),
                rows: table.clone(),
            };
            ("workbook", spreadsheets::xlsx(&[sheet]).expect("a workbook"))
        }
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_file_is_told_and_a_file_without_is_imported_whole(#[case] kind: Kind) {
    let mut dice = Dice::thrown("files");
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let mut count = asked(&trainer).await.len();
    for n in 0..24 * scale() {
        let (table, due) = thrown(&mut dice, &new);
        let (kind, file) = saved(&mut dice, &table);
        let at = format!("{n} {kind} {table:?}");
        let preview = trainer
            .call(&preview_of(&new, &file))
            .await
            .unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        let told = preview.faults.iter().map(|fault| {
            let rule = fault.violation.as_ref().map(Violation::code);
            let why = rule.unwrap_or(fault.code.into()).to_owned();
            (fault.row, fault.column.clone(), why)
        });
        assert_eq!(told.collect::<BTreeSet<_>>(), due, "{at}");
        let purposes = preview.rows.iter().map(|row| row.draft.purpose.trim());
        let written = table.iter().skip(1).map(|row| row[0].trim());
        assert!(purposes.eq(written), "{at}: {:?}", preview.rows);
        let to_become = *dice.one(&[Become::Drafts, Become::Submitted]);
        let imported = code(&trainer, &import_of(&new, &file, to_become)).await;
        assert_eq!(imported, (!due.is_empty()).then_some(ProblemCode::RulesBroken), "{at}");
        count += if due.is_empty() { table.len() - 1 } else { 0 };
        assert_eq!(asked(&trainer).await.len(), count, "{at}");
    }
    is_whole(&desk).await;
}

/// A good file after an accident.
fn broken(dice: &mut Dice, mut file: Vec<u8>) -> Vec<u8> {
    for _ in 0..1 + dice.below(3) {
        let (from, len) = (dice.below(file.len().max(1)), dice.below(200));
        let until = (from + len).min(file.len());
        match dice.below(5) {
            0 => file.truncate(from),
            1 => drop(file.drain(from..until)),
            2 => {
                let twice = file[from..until].to_vec();
                file.splice(from..from, twice);
            }
            3 => {
                let junk: Vec<u8> = (0..len).map(|_| dice.byte()).collect();
                file.splice(from..until, junk);
            }
            _ => {
                for byte in &mut file[from..until] {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
    file
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_after_an_accident_is_read_or_refused_and_never_half_imported(#[case] kind: Kind) {
    let mut dice = Dice::thrown("broken files");
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let mut count = asked(&trainer).await.len();
    let (mut read, mut refused) = (0, 0);
    for n in 0..80 * scale() {
        let (table, _) = thrown(&mut dice, &new);
        let (kind, file) = saved(&mut dice, &table);
        let file = broken(&mut dice, file);
        let at = format!("{n} {kind} {:?}", String::from_utf8_lossy(&file));
        let preview = trainer.call(&preview_of(&new, &file)).await;
        let import = trainer.call(&import_of(&new, &file, Become::Drafts)).await;
        match (preview, import) {
            (Ok(preview), Ok(imported)) => {
                assert_eq!(
                    (preview.faults_total, preview.rows.len() as i64),
                    (0, imported.requests),
                    "{at}"
                );
                count += preview.rows.len();
                read += 1;
            }
            (Ok(preview), Err(problem)) => {
                assert!(preview.faults_total > 0, "{at}: {problem:?}");
                assert_eq!(problem.code, ProblemCode::RulesBroken, "{at}");
                read += 1;
            }
            (Err(unread), Err(problem)) => {
                let codes = [
                    ProblemCode::UnsupportedMedia,
                    ProblemCode::TooLarge,
                    ProblemCode::Malformed,
                    ProblemCode::RulesBroken,
                ];
                assert!(codes.contains(&unread.code), "{at}: {unread:?}");
                assert_eq!(unread.code, problem.code, "{at}");
                refused += 1;
            }
            (Err(unread), Ok(_)) => panic!("{at}: {unread:?}"),
        }
        assert_eq!(asked(&trainer).await.len(), count, "{at}");
    }
    println!("broken files: {read} read, {refused} refused");
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    is_whole(&desk).await;
}
