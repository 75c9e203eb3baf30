//! A workbook's archive, unpacked within bounds and packed anew without compression, so that what parses it meets nothing
//! that has not been counted: no lying size, no entry that overlaps another, no part that nobody needs.

use super::Unreadable;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const ENTRIES_MAX: usize = 500;
/// Bytes of all parts together, unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// So many times its packed size an archive may unpack to; a sheet of like rows has thirty to sixty.
const RATIO_MAX: u64 = 200;
/// What any archive may unpack to, however small it is.
const UNPACKED_BYTES_MIN: u64 = 1024 * 1024;

/// The parts that are read, without compression.
pub fn bounded(file: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let unknown = |error: zip::result::ZipError| Unreadable::Unknown(error.to_string());
    let mut packed = ZipArchive::new(Cursor::new(file)).map_err(unknown)?;
    if packed.len() > ENTRIES_MAX {
        return Err(Unreadable::TooLarge("entries"));
    }
    let ratio_bound = (file.len() as u64).saturating_mul(RATIO_MAX).max(UNPACKED_BYTES_MIN);
    let mut left = UNPACKED_BYTES_MAX.min(ratio_bound);
    let mut plain = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for at in 0..packed.len() {
        let entry = packed.by_index(at).map_err(unknown)?;
        let name = entry.name().map_err(unknown)?.into_owned();
        if !is_needed(&name) {
            continue;
        }
        let mut part = Vec::new();
        // Sizes that the archive tells are not believed: what comes out is counted.
        let unpacked = entry.take(left + 1).read_to_end(&mut part);
        unpacked.map_err(|error| Unreadable::Unknown(error.to_string()))?;
        left = left
            .checked_sub(part.len() as u64)
            .ok_or(Unreadable::TooLarge("unpacked"))?;
        harmless(&part)?;
        plain.start_file(name, stored).map_err(unknown)?;
        plain
            .write_all(&part)
            .map_err(|error| Unreadable::Unknown(error.to_string()))?;
    }
    Ok(plain.finish().map_err(unknown)?.into_inner())
}

/// Styles, themes, pictures and the rest are left out: no cell's text is in them, and a style is copied into every cell's
/// format, which a small file can make a large thing of.
fn is_needed(name: &str) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_markup = last.ends_with(".xml") || last.ends_with(".rels");
    is_markup && last != "styles.xml" && !last.starts_with("theme")
}

/// Markup in UTF-8, as every writer of workbooks makes it, that promises no more shared texts than it can hold: room for as
/// many as it says is made at once.
fn harmless(part: &[u8]) -> Result<(), Unreadable> {
    let text = std::str::from_utf8(part).map_err(|_| Unreadable::Unknown("a part is not in UTF-8".into()))?;
    if text.contains('\0') {
        return Err(Unreadable::Unknown("a part is not text".into()));
    }
    let promised = |rest: &str| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let digits = value.trim_start_matches(['"', '\'', '+', '0']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        // What is too long for a number is more than anything can hold.
        (end > 0).then(|| digits[..end].parse::<usize>().unwrap_or(usize::MAX))
    };
    let most = text.split("uniqueCount").skip(1).filter_map(promised).max();
    const TEXT_BYTES_MIN: usize = "<si/>".len();
    match most.is_some_and(|most| most > part.len() / TEXT_BYTES_MIN) {
        true => Err(Unreadable::TooLarge("shared texts")),
        false => Ok(()),
    }
}
