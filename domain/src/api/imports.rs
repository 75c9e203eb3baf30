//! What the calls about importing requests say.

use super::views::views;
use super::{NameBook, RoundSummary};
use crate::id::*;
use crate::request::{RequestDraft, RequestState};
use crate::sheet::Fault;
use crate::violation::Violation;
use serde::{Deserialize, Serialize};

/// Bytes of a spreadsheet's file.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// The bytes of a file in base64 (RFC 4648, section 4), `.csv` or `.xlsx`. What it is, the file itself says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Byte))]
pub struct FileText(pub String);

/// What the rows of a file become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Become {
    /// To be looked at and submitted one by one.
    Drafts,
    Submitted,
}

impl Become {
    pub fn state(self) -> RequestState {
        match self {
            Become::Drafts => RequestState::Draft,
            Become::Submitted => RequestState::Submitted,
        }
    }
}

views! {
    /// The tables of a template: the first is to be filled in, the other lists what its cells may name. In it, rows that
    /// begin with `#` are notes.
    TemplateView { name: String, tables: Vec<SheetTable> }
    SheetTable { name: String, rows: Vec<Vec<String>> }

    /// A file as it would be imported. It can be, when there are no faults and nothing is barred.
    ImportView {
        round: RoundSummary,
        now_at_min: i64,
        /// Of the file's bytes, to be given back when it is imported.
        sha256: String,
        rows: Vec<ImportRow>,
        /// By row and column: all of them, or the first two thousand.
        faults: Vec<Fault>,
        faults_total: i64,
        /// What stands against asking at all, whatever the rows say.
        barred: Option<Violation>,
        names: NameBook,
    }
    /// A row as it was understood; `same_as` is the reference of a request of this round that asks for the very same.
    ImportRow { row: i64, draft: RequestDraft, same_as: Option<String> }
    /// What an import has made: as many requests, from the first to the last reference.
    ImportedView { round: RoundId, state: RequestState, requests: i64, first: String, last: String }
}
