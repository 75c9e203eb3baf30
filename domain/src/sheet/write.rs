//! A draft as the cells of a row, so that reading them gives the draft again; and what keeps a text from being a formula.

use super::names::{Book, Names};
use super::{Field, times};
use crate::request::RequestDraft;
use strum::VariantArray;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// What this one takes for that of a note.
pub const NOTE_STARTS: [char; 2] = ['#', '＃'];

/// Whether a spreadsheet that opens a file of bare text would take this for a formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS)
}

/// A text as a cell: what would be taken for a formula or a note begins with an apostrophe.
fn guarded(text: &str) -> String {
    match is_guarded(text) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A cell as its text: that apostrophe is no part of it.
pub fn unguarded(cell: &str) -> &str {
    let text = cell.strip_prefix('\'');
    text.filter(|text| is_guarded(text)).unwrap_or(cell)
}

/// Apostrophes before such a beginning count as one, or taking a guard away would take one of the text's own.
fn is_guarded(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    is_formula(bare) || bare.starts_with(NOTE_STARTS)
}

/// The cells of a draft, in the order of the fields. A window that reaches over midnight cannot be written in one row and
/// is left out.
pub fn write(draft: &RequestDraft, book: &Book) -> Vec<String> {
    let cells = Field::VARIANTS.iter().map(|field| cell(*field, draft, book));
    cells.map(|cell| guarded(&cell)).collect()
}

fn cell(field: Field, draft: &RequestDraft, book: &Book) -> String {
    match field {
        Field::Purpose => draft.purpose.clone(),
        Field::Cohorts => list(&draft.cohorts, &book.cohorts),
        Field::Headcount => draft.headcount.to_string(),
        Field::Lessons => draft.lessons.to_string(),
        Field::Minutes => draft.minutes.to_string(),
        Field::Windows => windows(draft, false),
        Field::PreferredWindows => windows(draft, true),
        Field::Tier => draft.tier.to_string(),
        Field::PerDayMax => draft.per_day_max.map_or_else(|| "不限".into(), |n| n.to_string()),
        Field::DaysBetweenMin => draft.days_between_min.to_string(),
        Field::AllOrNothing => if draft.all_or_nothing { "是" } else { "否" }.into(),
        Field::Rooms => list(&draft.rooms, &book.rooms),
        Field::Features => list(&draft.features, &book.features),
        Field::Equipment => counted(
            draft.equipment.iter().map(|need| (&need.id, need.units)),
            &book.equipment,
        ),
        Field::Instructors => draft.instructors.to_string(),
        Field::Skills => counted(draft.skills.iter().map(|(id, level)| (id, *level)), &book.skills),
        Field::WantedInstructors => list(&draft.wanted_instructors, &book.instructors),
    }
}

fn list<T: ToString>(ids: &[T], names: &Names) -> String {
    let written = ids.iter().map(|id| names.written(&id.to_string()));
    written.collect::<Vec<_>>().join("；")
}

fn counted<'a, T: ToString + 'a>(things: impl Iterator<Item = (&'a T, i64)>, names: &Names) -> String {
    let written = things.map(|(id, amount)| format!("{}×{amount}", names.written(&id.to_string())));
    written.collect::<Vec<_>>().join("；")
}

fn windows(draft: &RequestDraft, preferred: bool) -> String {
    let of_kind = draft
        .windows
        .iter()
        .filter(|window| (window.preference > 0) == preferred);
    let written = of_kind.filter_map(|window| times::written(window.span));
    written.collect::<Vec<_>>().join("；")
}
