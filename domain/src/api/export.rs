//! The file `gongxun-person-1`: everything that is kept about one person, section by section, without secrets.

use super::views::views;
use crate::id::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const EXPORT_FORMAT: &str = "gongxun-person-1";

views! {
    /// One file about one person. A section is a table of the database, with its own column names; one without rows is
    /// there too, so that its reader sees that nothing is kept. Columns named `…_at_min` are civil minutes since 1970-01-01 of the
    /// alliance's zone, `…_ms` unix milliseconds.
    PersonExport { format: String, alliance: AllianceId, person: PersonId, made_at_min: i64, sections: Vec<ExportSection> }
}

/// `about` says in Chinese and English what the rows are; `left_out` are columns that are secrets, or the work of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportSection {
    pub table: String,
    pub about: String,
    pub about_en: String,
    pub left_out: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub rows: Vec<BTreeMap<String, Cell>>,
}

/// Any value of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Flag(bool),
    Whole(i64),
    Real(f64),
    Text(String),
    List(Vec<Cell>),
    Fields(BTreeMap<String, Cell>),
    Nothing(()),
}
