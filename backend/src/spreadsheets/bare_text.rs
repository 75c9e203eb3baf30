//! Files of bare text: in UTF-8, in what a byte order mark says, or else in GB18030, as older Chinese programs write; cells
//! between commas, semicolons or tabs.

use super::{Table, Unreadable};
use csv::{ReaderBuilder, StringRecord};
use domain::sheet::Line;
use encoding_rs::{Encoding, GB18030};

pub fn read(file: &[u8]) -> Result<Vec<Line>, Unreadable> {
    let text = decoded(file)?.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut record = StringRecord::new();
    // A spreadsheet shows a cell of several lines in one row.
    let mut lines_within = 0;
    while reader
        .read_record(&mut record)
        .map_err(|error| Unreadable::Unknown(error.to_string()))?
    {
        let row = record.position().map_or(0, |position| shown_at(&text, position)) - lines_within;
        for (column, cell) in record.iter().enumerate() {
            table.add(row, column, cell)?;
            lines_within += cell.matches('\n').count() as i64;
        }
    }
    Ok(table.lines)
}

/// The line that a record begins in. Its position is that before the empty lines which the reader passes over.
fn shown_at(text: &str, position: &csv::Position) -> i64 {
    let rest = text.get(position.byte() as usize..).unwrap_or_default();
    let passed_over = rest.bytes().take_while(|byte| *byte == b'\n').count();
    position.line() as i64 + passed_over as i64
}

fn decoded(file: &[u8]) -> Result<String, Unreadable> {
    let (text, is_broken) = match (Encoding::for_bom(file), std::str::from_utf8(file)) {
        (Some((encoding, mark)), _) => encoding.decode_without_bom_handling(&file[mark..]),
        (None, Ok(text)) => (text.into(), false),
        (None, Err(_)) => GB18030.decode_without_bom_handling(file),
    };
    match is_broken || text.contains('\0') {
        true => Err(Unreadable::Unknown("neither a workbook nor text".into())),
        false => Ok(text.into_owned()),
    }
}

/// What stands between the headings most often.
fn delimiter(text: &str) -> u8 {
    let mut lines = text.lines().map(|line| line.trim_start_matches([' ', '"']));
    let headings = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '＃']));
    let headings = headings.unwrap_or_default();
    let count = |delimiter: &u8| headings.bytes().filter(|byte| byte == delimiter).count();
    // Of equals the last one is taken, which is the usual one.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
