//! Which column holds which field, by the headings.

use super::write::NOTE_STARTS;
use super::{COLUMNS_MAX, Fault, FaultCode, Field, Line, shown};
use strum::VariantArray;

/// Where the fields stand.
pub struct Columns {
    /// The row of the headings.
    pub row: i64,
    /// What each column of the file holds, from the left.
    fields: Vec<Held>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Held {
    Field(Field),
    /// The heading is a note: the column is nobody's business.
    Note,
    /// There is no heading, so there must be no cell.
    Nothing,
}

impl Columns {
    pub fn of(headings: Option<&Line>) -> (Self, Vec<Fault>) {
        let row = headings.map_or(1, |line| line.row);
        let mut columns = Self {
            row,
            fields: Vec::new(),
        };
        let mut faults = Vec::new();
        let texts = headings.map(|line| line.cells.as_slice()).unwrap_or_default();
        for text in texts.iter().take(COLUMNS_MAX) {
            let at = columns.fields.len();
            let held = held(text);
            let code = match held {
                None => Some(FaultCode::HeadingUnknown),
                Some(Held::Field(_)) if columns.fields.contains(&held.unwrap_or(Held::Nothing)) => {
                    Some(FaultCode::HeadingTwice)
                }
                Some(_) => None,
            };
            faults.extend(code.map(|code| fault_at(row, at, None, code, text)));
            columns.fields.push(held.unwrap_or(Held::Nothing));
        }
        for field in Field::NEEDED.into_iter().filter(|field| !columns.has(*field)) {
            // Whoever marks only what they would like best has said enough of when.
            if field == Field::Windows && columns.has(Field::PreferredWindows) {
                continue;
            }
            faults.push(fault_at(row, 0, Some(field), FaultCode::HeadingMissing, ""));
        }
        (columns, faults)
    }

    fn has(&self, field: Field) -> bool {
        self.fields.contains(&Held::Field(field))
    }

    pub fn held(&self, at: usize) -> Held {
        self.fields.get(at).copied().unwrap_or(Held::Nothing)
    }

    /// The column of a field; a field that the file leaves out is spoken of in the first.
    fn at(&self, field: Option<Field>) -> usize {
        let place = |field: Field| self.fields.iter().position(|held| *held == Held::Field(field));
        let found = field.and_then(|field| match field {
            Field::Windows => place(Field::Windows).or(place(Field::PreferredWindows)),
            field => place(field),
        });
        found.or(place(Field::Purpose)).unwrap_or_default()
    }

    /// Whether a cell that could not be read is what a rule of this field would speak of.
    pub fn share(&self, unread: Option<Field>, field: Field) -> bool {
        let whole = |field: Field| match field {
            Field::PreferredWindows => Field::Windows,
            Field::WantedInstructors | Field::Skills => Field::Instructors,
            field => field,
        };
        unread.is_some_and(|unread| whole(unread) == whole(field))
    }

    pub fn fault(&self, row: i64, field: Option<Field>, code: FaultCode, text: impl AsRef<str>) -> Fault {
        fault_at(row, self.at(field), field, code, text.as_ref())
    }

    /// For sorting: columns count AA after Z.
    pub fn place(&self, column: &str) -> (usize, String) {
        (column.len(), column.to_owned())
    }
}

pub fn fault_at(row: i64, at: usize, field: Option<Field>, code: FaultCode, text: &str) -> Fault {
    Fault {
        row,
        column: letters(at),
        field,
        code,
        text: shown(text),
        violation: None,
    }
}

/// `A`, `B`, …, `Z`, `AA`: the name of a column by its place from 0.
pub fn letters(at: usize) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    match at / 26 {
        0 => last.to_string(),
        before => letters(before - 1) + &last.to_string(),
    }
}

fn held(heading: &str) -> Option<Held> {
    let heading = bare(heading);
    if heading.is_empty() {
        return Some(Held::Nothing);
    }
    if heading.starts_with(NOTE_STARTS) {
        return Some(Held::Note);
    }
    let is_called = |field: &&Field| field.headings().iter().any(|name| bare(name) == heading);
    Field::VARIANTS.iter().find(is_called).map(|field| Held::Field(*field))
}

/// Without spaces, stars of required fields and capitals.
fn bare(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊' | '\u{feff}'));
    kept.flat_map(char::to_lowercase).collect()
}
