//! Requests written in a spreadsheet: a table of texts becomes drafts, or faults with row and column; and back again, for
//! the template. How a file becomes a table is somebody else's business, and what a draft must obey is `rules`': here every
//! row is judged by the same table of rules as the form.
//!
//! The first row that says something holds the headings, in Chinese or English, in any order. A row whose first cell begins
//! with `#` is a note. An empty cell is what an untouched form holds.

mod cells;
mod columns;
mod names;
#[cfg(test)]
mod tests;
mod times;
mod write;

pub use names::{Book, Name, Names};
pub use write::{is_formula, write};

use crate::id::is_bidi_control;
use crate::request::RequestDraft;
use crate::rules::{self, Setting};
use crate::violation::Violation;
use cells::Cells;
use columns::Columns;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// Requests of one file.
pub const ROWS_MAX: usize = 10_000;
/// Faults that are listed; all are counted.
pub const FAULTS_MAX: usize = 2_000;
/// Characters of one cell.
pub const CELL_CHARS_MAX: usize = 2_000;
/// Entries of one cell.
pub const LIST_MAX: usize = 80;
/// Columns that are looked at; a form has far fewer fields.
pub const COLUMNS_MAX: usize = 60;

/// A row of a table, and the number that a spreadsheet shows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub row: i64,
    pub cells: Vec<String>,
}

/// A column of the sheet.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Field {
    Purpose,
    Cohorts,
    Headcount,
    Lessons,
    Minutes,
    Windows,
    PreferredWindows,
    Tier,
    PerDayMax,
    DaysBetweenMin,
    AllOrNothing,
    Rooms,
    Features,
    Equipment,
    Instructors,
    Skills,
    WantedInstructors,
}

impl Field {
    /// In Chinese and in English; both are read.
    pub const fn headings(self) -> [&'static str; 2] {
        match self {
            Field::Purpose => ["实训内容", "Purpose"],
            Field::Cohorts => ["班级", "Cohorts"],
            Field::Headcount => ["人数", "Group size"],
            Field::Lessons => ["课次数", "Lessons"],
            Field::Minutes => ["每课次分钟", "Minutes each"],
            Field::Windows => ["可行时段", "Possible times"],
            Field::PreferredWindows => ["首选时段", "Preferred times"],
            Field::Tier => ["优先级", "Tier"],
            Field::PerDayMax => ["每天至多", "At most a day"],
            Field::DaysBetweenMin => ["至少隔几天", "Days between"],
            Field::AllOrNothing => ["全排或不排", "All or none"],
            Field::Rooms => ["实训室", "Rooms"],
            Field::Features => ["功能条件", "Features"],
            Field::Equipment => ["设备", "Equipment"],
            Field::Instructors => ["导师人数", "Instructors"],
            Field::Skills => ["技能与等级", "Skills and levels"],
            Field::WantedInstructors => ["希望的导师", "Wanted instructors"],
        }
    }

    /// Without these nothing can be asked for; the others may be left out.
    pub const NEEDED: [Field; 4] = [Field::Purpose, Field::Cohorts, Field::Headcount, Field::Windows];

    /// The column that a broken rule of the form sits in.
    fn of_rule(broken: &Violation) -> Option<Field> {
        let name = broken.field()?;
        Field::VARIANTS
            .iter()
            .copied()
            .find(|field| name == <&str>::from(*field))
    }
}

/// What is wrong with a cell.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FaultCode {
    HeadingMissing,
    HeadingUnknown,
    HeadingTwice,
    RowsMissing,
    RowsTooMany,
    CellTooLong,
    ListTooLong,
    NumberUnreadable,
    ChoiceUnreadable,
    TimeUnreadable,
    NameUnknown,
    /// Several things are called so: their ids tell them apart.
    NameAmbiguous,
    /// The row was read, and breaks a rule of the form.
    RuleBroken,
}

/// One fault, where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    /// As a spreadsheet counts, from 1.
    pub row: i64,
    /// As a spreadsheet counts, from A.
    pub column: String,
    pub field: Option<Field>,
    pub code: FaultCode,
    /// What stands there and could not be read, cut to what fits on a line.
    pub text: String,
    pub violation: Option<Violation>,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    pub row: i64,
    pub draft: RequestDraft,
}

/// What a table says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub rows: Vec<ReadRow>,
    /// The first of them, by row and column.
    pub faults: Vec<Fault>,
    pub faults_total: usize,
    /// What stands against asking at all, whatever the rows say.
    pub barred: Option<Violation>,
}

impl Reading {
    /// Whether everything in it may be asked for.
    pub fn is_clean(&self) -> bool {
        self.faults_total == 0 && self.barred.is_none()
    }

    fn fault(&mut self, fault: Fault) {
        self.faults_total += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }
}

/// Reads a table against the names of the catalog, and judges every row by the rules of the form.
pub fn read(table: &[Line], book: &Book, setting: &Setting) -> Reading {
    let mut reading = Reading {
        barred: setting.standing.barred(),
        ..Reading::default()
    };
    let mut lines = table.iter().filter(|line| says_something(line));
    let (columns, faults) = Columns::of(lines.next());
    let has_headings = faults.is_empty();
    faults.into_iter().for_each(|fault| reading.fault(fault));
    if !has_headings {
        // Under headings that are not understood every cell would be one more fault.
        return reading;
    }
    for line in lines {
        if reading.rows.len() == ROWS_MAX {
            reading.fault(columns.fault(line.row, None, FaultCode::RowsTooMany, ROWS_MAX.to_string()));
            return reading;
        }
        let (draft, faults) = row(line, &columns, book, setting);
        faults.into_iter().for_each(|fault| reading.fault(fault));
        reading.rows.push(ReadRow { row: line.row, draft });
    }
    if reading.rows.is_empty() {
        let row = columns.row + 1;
        reading.fault(columns.fault(row, None, FaultCode::RowsMissing, String::new()));
    }
    reading
}

/// Neither blank nor a note.
fn says_something(line: &Line) -> bool {
    let first = line.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty());
    first.is_some_and(|text| !text.starts_with(write::NOTE_STARTS))
}

/// One row with its faults, by column.
fn row(line: &Line, columns: &Columns, book: &Book, setting: &Setting) -> (RequestDraft, Vec<Fault>) {
    let mut cells = Cells::of(line, columns);
    let draft = cells.draft(book);
    let (unread, mut rules_broken) = (cells.faults, Vec::new());
    let broken = rules::check(&draft, setting).into_iter();
    for broken in broken.filter(|broken| Some(broken) != setting.standing.barred().as_ref()) {
        let field = Field::of_rule(&broken);
        // A cell that could not be read holds what an untouched form holds, of which nothing is to be said.
        if field.is_some_and(|field| unread.iter().any(|fault| columns.share(fault.field, field))) {
            continue;
        }
        let mut fault = columns.fault(line.row, field, FaultCode::RuleBroken, String::new());
        fault.violation = Some(broken);
        rules_broken.push(fault);
    }
    let mut faults: Vec<Fault> = unread.into_iter().chain(rules_broken).collect();
    faults.sort_by_key(|fault| columns.place(&fault.column));
    (draft, faults)
}

/// A text that is repeated to whoever wrote it: plain, and short.
fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let plain = text.chars().filter(|c| !c.is_control() && !is_bidi_control(*c));
    plain.take(CHARS_MAX).collect()
}
