//! Tables as files that a spreadsheet opens. A text stays a text in both: in a workbook by its kind, in bare text by an
//! apostrophe before whatever would be a formula.

use crate::problem::Problem;
use domain::api::SheetTable;
use domain::sheet::is_formula;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Tells spreadsheets that the text is in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

pub fn csv(rows: &[Vec<String>]) -> Result<Vec<u8>, Problem> {
    let failed = |error: csv::Error| Problem::internal(error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    for row in rows {
        let cells = row.iter().map(|cell| match is_formula(cell) {
            true => format!("'{cell}"),
            false => cell.clone(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Problem::internal(error.to_string()))
}

/// One sheet a table, with its first row as headings that stay in sight.
pub fn xlsx(tables: &[SheetTable]) -> Result<Vec<u8>, Problem> {
    workbook(tables).map_err(|error| Problem::internal(error.to_string()))
}

fn workbook(tables: &[SheetTable]) -> Result<Vec<u8>, XlsxError> {
    const WIDTH_MIN: usize = 10;
    const WIDTH_MAX: usize = 36;
    let headings = Format::new()
        .set_bold()
        .set_background_color(0xE8_EE_F4)
        .set_text_wrap();
    let usual = Format::new().set_num_format("@").set_text_wrap();
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?.set_freeze_panes(1, 0)?;
        let columns = table.rows.first().map(Vec::len).unwrap_or_default();
        for column in 0..columns {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let width = cells.map(|cell| width(cell)).max().unwrap_or_default();
            let width = width.clamp(WIDTH_MIN, WIDTH_MAX) as f64;
            // As text, whatever is typed there: a spreadsheet makes dates of times.
            sheet
                .set_column_width(column as u16, width)?
                .set_column_format(column as u16, &usual)?;
        }
        for (row, cells) in table.rows.iter().enumerate() {
            let format = if row == 0 { &headings } else { &usual };
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string_with_format(row as u32, column as u16, cell, format)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// In columns of a screen: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() + 2
}
