//! The cells of one row as the fields of a draft. What cannot be read is a fault, and the field stays untouched.

use super::columns::{Columns, Held, fault_at};
use super::names::{Book, Meant, Names};
use super::write::unguarded;
use super::{CELL_CHARS_MAX, Fault, FaultCode, Field, LIST_MAX, Line, times};
use crate::id::*;
use crate::instance::{EquipmentNeed, Window};
use crate::request::RequestDraft;
use std::collections::BTreeMap;

/// Between the entries of a list.
pub const SEPARATORS: [char; 6] = ['、', '；', ';', '，', ',', '\n'];
/// Between a thing and how many of it.
pub const TIMES: [char; 4] = ['×', '*', ':', '：'];
/// Far beyond every amount of the trade.
const AMOUNT_MAX: i64 = 1_000_000;

pub struct Cells<'a> {
    row: i64,
    texts: BTreeMap<Field, (usize, &'a str)>,
    pub faults: Vec<Fault>,
}

impl<'a> Cells<'a> {
    pub fn of(line: &'a Line, columns: &Columns) -> Self {
        let mut cells = Self {
            row: line.row,
            texts: BTreeMap::new(),
            faults: Vec::new(),
        };
        for (at, text) in line.cells.iter().enumerate() {
            let text = unguarded(text.trim());
            match columns.held(at) {
                _ if text.is_empty() => {}
                Held::Note => {}
                Held::Nothing => cells.refuse(at, None, FaultCode::HeadingUnknown, text),
                Held::Field(field) if text.chars().nth(CELL_CHARS_MAX).is_some() => {
                    cells.refuse(at, Some(field), FaultCode::CellTooLong, text);
                }
                Held::Field(field) => {
                    cells.texts.insert(field, (at, text));
                }
            }
        }
        cells
    }

    fn refuse(&mut self, at: usize, field: Option<Field>, code: FaultCode, text: &str) {
        self.faults.push(fault_at(self.row, at, field, code, text));
    }

    /// The draft that the row asks for.
    pub fn draft(&mut self, book: &Book) -> RequestDraft {
        let blank = RequestDraft::blank();
        let mut windows = self.windows(Field::Windows, 0, book);
        windows.extend(self.windows(Field::PreferredWindows, 1, book));
        windows.sort_by_key(|window| (window.span.from, window.span.until, window.preference));
        RequestDraft {
            purpose: self
                .texts
                .get(&Field::Purpose)
                .map(|(_, text)| *text)
                .unwrap_or_default()
                .to_owned(),
            tier: self.number(Field::Tier, blank.tier),
            lessons: self.number(Field::Lessons, blank.lessons),
            minutes: self.number(Field::Minutes, blank.minutes),
            headcount: self.number(Field::Headcount, blank.headcount),
            cohorts: self.named(Field::Cohorts, &book.cohorts, CohortId::new),
            per_day_max: self.limit(Field::PerDayMax, blank.per_day_max),
            days_between_min: self.number(Field::DaysBetweenMin, blank.days_between_min),
            all_or_nothing: self.choice(Field::AllOrNothing, blank.all_or_nothing),
            windows,
            rooms: self.named(Field::Rooms, &book.rooms, RoomId::new),
            features: self.named(Field::Features, &book.features, FeatureId::new),
            equipment: self.equipment(book),
            instructors: self.number(Field::Instructors, blank.instructors),
            skills: self.skills(book),
            wanted_instructors: self.named(Field::WantedInstructors, &book.instructors, InstructorId::new),
        }
    }

    fn number(&mut self, field: Field, usual: i64) -> i64 {
        let Some((at, text)) = self.texts.get(&field).copied() else {
            return usual;
        };
        whole(text).unwrap_or_else(|| {
            self.refuse(at, Some(field), FaultCode::NumberUnreadable, text);
            usual
        })
    }

    /// A number, or the word for no limit.
    fn limit(&mut self, field: Field, usual: Option<i64>) -> Option<i64> {
        let is_open = |text: &str| ["不限", "nolimit", "-"].contains(&plain(text).as_str());
        match self.texts.get(&field) {
            None => usual,
            Some((_, text)) if is_open(text) => None,
            Some(_) => Some(self.number(field, usual.unwrap_or_default())),
        }
    }

    fn choice(&mut self, field: Field, usual: bool) -> bool {
        let Some((at, text)) = self.texts.get(&field).copied() else {
            return usual;
        };
        match plain(text).as_str() {
            "是" | "yes" | "y" | "true" | "1" | "√" | "✓" => true,
            "否" | "no" | "n" | "false" | "0" | "×" | "-" => false,
            _ => {
                self.refuse(at, Some(field), FaultCode::ChoiceUnreadable, text);
                usual
            }
        }
    }

    /// The entries of a list, unless there are too many.
    fn entries(&mut self, field: Field, separators: &[char]) -> (usize, Vec<&'a str>) {
        let Some((at, text)) = self.texts.get(&field).copied() else {
            return (0, Vec::new());
        };
        let entries = text.split(separators).map(str::trim).filter(|entry| !entry.is_empty());
        let entries: Vec<&str> = entries.take(LIST_MAX + 1).collect();
        if entries.len() > LIST_MAX {
            self.refuse(at, Some(field), FaultCode::ListTooLong, &LIST_MAX.to_string());
            return (at, Vec::new());
        }
        (at, entries)
    }

    fn id(&mut self, at: usize, field: Field, text: &str, names: &Names) -> Option<String> {
        let code = match names.meant(text) {
            Meant::One(id) => return Some(id.to_owned()),
            Meant::Nothing => FaultCode::NameUnknown,
            Meant::Several => FaultCode::NameAmbiguous,
        };
        self.refuse(at, Some(field), code, text);
        None
    }

    fn named<T>(&mut self, field: Field, names: &Names, id: impl Fn(String) -> T) -> Vec<T> {
        // A name may hold what stands between names elsewhere.
        if let Some(Meant::One(whole)) = self.texts.get(&field).map(|(_, text)| names.meant(text)) {
            return vec![id(whole.to_owned())];
        }
        let (at, entries) = self.entries(field, &SEPARATORS);
        let found = entries.into_iter().filter_map(|entry| self.id(at, field, entry, names));
        found.map(id).collect()
    }

    /// Things with how many, or how well: `数控车床×10`, `turning 3`.
    fn counted(&mut self, field: Field, names: &Names) -> Vec<(String, i64)> {
        let (at, entries) = self.entries(field, &SEPARATORS);
        let mut counted = Vec::new();
        for entry in entries {
            let (name, amount) = match names.meant(entry) {
                Meant::Nothing => split_amount(entry),
                Meant::One(_) | Meant::Several => (entry, Some(1)),
            };
            match amount {
                None => self.refuse(at, Some(field), FaultCode::NumberUnreadable, entry),
                Some(amount) => counted.extend(self.id(at, field, name, names).map(|id| (id, amount))),
            }
        }
        counted
    }

    fn equipment(&mut self, book: &Book) -> Vec<EquipmentNeed> {
        let counted = self.counted(Field::Equipment, &book.equipment).into_iter();
        let need = |(id, units)| EquipmentNeed {
            id: EquipmentId::new(id),
            units,
        };
        counted.map(need).collect()
    }

    fn skills(&mut self, book: &Book) -> BTreeMap<SkillId, i64> {
        let counted = self.counted(Field::Skills, &book.skills).into_iter();
        counted.map(|(id, level)| (SkillId::new(id), level)).collect()
    }

    fn windows(&mut self, field: Field, preference: i64, book: &Book) -> Vec<Window> {
        let (at, entries) = self.entries(field, &times::SEPARATORS);
        let mut windows = Vec::new();
        for entry in entries {
            match times::read(entry, &book.periods) {
                Some(spans) => windows.extend(spans.into_iter().map(|span| Window { span, preference })),
                None => self.refuse(at, Some(field), FaultCode::TimeUnreadable, entry),
            }
        }
        windows
    }
}

/// Full-width letters and digits as narrow ones, without spaces and capitals.
pub fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    let kept = text.chars().filter(|c| !c.is_whitespace()).map(narrow);
    kept.flat_map(char::to_lowercase).collect()
}

/// A whole number, also as a spreadsheet stores it: `36`, `36.0`.
pub fn whole(text: &str) -> Option<i64> {
    let text = plain(text);
    let (before, after) = text.split_once('.').unwrap_or((&text, "0"));
    let is_whole = !after.is_empty() && after.chars().all(|c| c == '0');
    let number = before.parse::<i64>().ok().filter(|_| is_whole)?;
    (-AMOUNT_MAX..=AMOUNT_MAX).contains(&number).then_some(number)
}

/// A thing and its amount, 1 where none is written; `None` is an amount that is no number.
fn split_amount(entry: &str) -> (&str, Option<i64>) {
    let at = entry.rfind(|c: char| TIMES.contains(&c) || c.is_whitespace());
    let Some(at) = at else {
        return (entry, Some(1));
    };
    let (name, rest) = entry.split_at(at);
    let amount = rest.trim_start_matches(|c: char| TIMES.contains(&c) || c.is_whitespace());
    let amount = amount.trim_end_matches(['台', '套', '级']);
    match whole(amount) {
        Some(amount) => (
            name.trim_end_matches(|c: char| TIMES.contains(&c) || c.is_whitespace()),
            Some(amount),
        ),
        // `数控 车床` is a name with a space in it; `车床×多` is an amount that says nothing.
        None if rest.starts_with(TIMES) => (name, None),
        None => (entry, Some(1)),
    }
}
