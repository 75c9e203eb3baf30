//! The first sheet that a workbook shows, cell by cell: a whole sheet is as large as its farthest cell says.

use super::{Table, Unreadable};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use domain::sheet::Line;
use std::io::Cursor;

pub fn read(archive: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let unknown = |error: calamine::XlsxError| Unreadable::Unknown(error.to_string());
    let mut workbook = Xlsx::new(Cursor::new(archive)).map_err(unknown)?;
    let sheets = workbook.sheets_metadata().iter();
    let mut shown = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    let first = shown.next().map(|sheet| sheet.name.clone());
    let first = first.ok_or_else(|| Unreadable::Unknown("no sheet is shown".into()))?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(unknown)?;
    let mut table = Table::default();
    let mut last_row = 0;
    while let Some(cell) = cells.next_cell().map_err(unknown)? {
        let (row, column) = cell.get_position();
        if row < last_row {
            return Err(Unreadable::Unknown("rows are not in their order".into()));
        }
        last_row = row;
        table.add(i64::from(row) + 1, column as usize, &text(cell.get_value()))?;
    }
    Ok(table.lines)
}

/// What a cell shows, as far as its value says it.
fn text(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // In brackets, so that it is no note.
        DataRef::Error(error) => format!("({error})"),
    }
}
