//! Files of spreadsheets: bytes to a table of texts, and tables to bytes. Whoever sends a file is believed nothing: what it
//! unpacks to is bounded before it is parsed, and what is parsed is bounded while it comes.
//!
//! What the texts mean is `domain::sheet`'s business. Formulas are never computed: of a cell that has one, the value that
//! the file holds is read.

mod archive;
mod bare_text;
#[cfg(test)]
mod tests;
mod workbook;
mod written;

pub use written::{csv, xlsx};

use crate::problem::Problem;
use domain::api::ProblemCode;
use domain::sheet::{CELL_CHARS_MAX, COLUMNS_MAX, Line, ROWS_MAX};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Rows beside the requests: headings and notes.
const OTHER_ROWS_MAX: usize = 500;
/// Bytes of all texts together: in a workbook thousands of cells may share one.
const TABLE_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Files that are read at one time: each takes a core, and some memory.
const READERS: usize = 2;

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("not a spreadsheet: {0}")]
    Unknown(String),
    #[error("too large: {0}")]
    TooLarge(&'static str),
}

impl From<Unreadable> for Problem {
    fn from(why: Unreadable) -> Self {
        let code = match why {
            Unreadable::Unknown(_) => ProblemCode::UnsupportedMedia,
            Unreadable::TooLarge(_) => ProblemCode::TooLarge,
        };
        Self {
            hint: why.to_string(),
            ..Self::new(code)
        }
    }
}

/// Where files are read: off the threads that serve, and few at a time.
pub struct ReadingRoom(Arc<Semaphore>);

impl Default for ReadingRoom {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(READERS)))
    }
}

impl ReadingRoom {
    /// Does something long with a file. Whoever has gone away keeps the seat until it is done, so that nobody gets more than
    /// there are by going away.
    pub async fn occupied<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Problem> + Send + 'static,
    {
        let seat = self.0.clone().acquire_owned().await;
        let seat = seat.map_err(|error| Problem::internal(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            work()
        });
        // A panic is a library's about a file that it did not expect.
        done.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a spreadsheet could not be read");
            Err(Unreadable::Unknown("reading it failed".into()).into())
        })
    }
}

/// The rows that say something, of a workbook's first sheet or of a file of bare text.
pub fn read(file: &[u8]) -> Result<Vec<Line>, Unreadable> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const OLD_WORKBOOK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
    if file.starts_with(ZIP) {
        workbook::read(&archive::bounded(file)?)
    } else if file.starts_with(OLD_WORKBOOK) {
        Err(Unreadable::Unknown("an .xls or encrypted workbook".into()))
    } else {
        bare_text::read(file)
    }
}

/// A table while it grows.
#[derive(Default)]
struct Table {
    lines: Vec<Line>,
    bytes: usize,
}

impl Table {
    /// Adds a cell; rows come in their order, and `row` counts from 1.
    fn add(&mut self, row: i64, column: usize, text: &str) -> Result<(), Unreadable> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if column >= COLUMNS_MAX {
            return Err(Unreadable::TooLarge("columns"));
        }
        // One character more than may be: then the reader of the table says that it is too long.
        let end = text
            .char_indices()
            .nth(CELL_CHARS_MAX + 1)
            .map_or(text.len(), |(at, _)| at);
        let text = &text[..end];
        self.bytes += text.len();
        if self.bytes > TABLE_BYTES_MAX {
            return Err(Unreadable::TooLarge("texts"));
        }
        if self.lines.last().is_none_or(|line| line.row != row) {
            if self.lines.len() == ROWS_MAX + OTHER_ROWS_MAX {
                return Err(Unreadable::TooLarge("rows"));
            }
            let cells = Vec::new();
            self.lines.push(Line { row, cells });
        }
        let cells = &mut self.lines.last_mut().expect("just seen or added").cells;
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text.to_owned();
        Ok(())
    }
}
