//! Files as people have them, and files as nobody should.

use super::archive::UNPACKED_BYTES_MAX;
use super::*;
use domain::api::SheetTable;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn rows(read: Result<Vec<Line>, Unreadable>) -> Vec<(i64, Vec<String>)> {
    let lines = read.expect("it is a spreadsheet").into_iter();
    lines.map(|line| (line.row, line.cells)).collect()
}

fn cells(row: i64, cells: &[&str]) -> (i64, Vec<String>) {
    (row, cells.iter().map(ToString::to_string).collect())
}

#[test]
fn bare_text_is_read_in_every_usual_encoding_and_with_every_usual_delimiter() {
    let expected = [cells(1, &["实训内容", "人数"]), cells(3, &["车削, 一", "36"])];
    let text = "实训内容,人数\r\n\r\n\"车削, 一\",36\r\n";
    let semicolons = "实训内容;人数\n\n车削, 一;36\n";
    let tabs = "实训内容\t人数\r\r车削, 一\t36";
    let utf16 = |text: &str| {
        let units = [0xfeff].into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    for text in [text, semicolons, tabs] {
        assert_eq!(rows(read(text.as_bytes())), expected, "{text}");
        assert_eq!(rows(read(&gbk(text))), expected, "GBK {text}");
        assert_eq!(
            rows(read(format!("\u{feff}{text}").as_bytes())),
            expected,
            "mark {text}"
        );
        assert_eq!(rows(read(&utf16(text))), expected, "UTF-16 {text}");
    }
}

#[test]
fn a_row_is_counted_as_a_spreadsheet_counts_it() {
    let text = "# note\n\na,b\n\"two\nlines\",\"and\r\nmore\"\n\nlast,row\n";
    let expected = [
        cells(1, &["# note"]),
        cells(3, &["a", "b"]),
        cells(4, &["two\nlines", "and\nmore"]),
        cells(6, &["last", "row"]),
    ];
    assert_eq!(rows(read(text.as_bytes())), expected);
}

fn table(rows: &[&[&str]]) -> SheetTable {
    let cells = |row: &&[&str]| row.iter().map(ToString::to_string).collect();
    SheetTable {
        name: "实训申请".into(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[test]
fn what_is_written_is_read_back_and_no_formula_is_in_it() {
    let written = table(&[
        &["实训内容", "人数"],
        &["=1+1", "+86"],
        &["a,b;\"c\"", "两\n行"],
        &["", "-3"],
    ]);
    let expected = written.rows.iter().enumerate();
    let expected: Vec<_> = expected.map(|(at, row)| (at as i64 + 1, row.clone())).collect();
    let book = xlsx(std::slice::from_ref(&written)).expect("a workbook");
    assert_eq!(rows(read(&book)), expected);
    let mut packed = ZipArchive::new(Cursor::new(&book)).expect("an archive");
    let mut sheet = String::new();
    let mut part = packed.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
    std::io::Read::read_to_string(&mut part, &mut sheet).expect("text");
    assert!(!sheet.contains("<f>"), "{sheet}");
    let text = csv(&written.rows).expect("a file");
    assert!(text.starts_with("\u{feff}".as_bytes()));
    let read = rows(read(&text));
    assert_eq!(read[1].1, ["'=1+1", "'+86"], "no spreadsheet takes it for a formula");
    assert_eq!((&read[2], &read[3].1[1]), (&expected[2], &"'-3".to_owned()));
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook by hand, with these cells and these shared texts.
fn book(sheet: &str, shared: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    let parts = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", PACKAGE.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ];
    packed(&parts.iter().chain(more).copied().collect::<Vec<_>>())
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, part) in parts {
        writer.start_file(*name, deflated).expect("a part");
        writer.write_all(part).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}

const SHARED: &str = r#"<sst uniqueCount="1"><si><t>共训</t></si></sst>"#;

#[test]
fn a_workbook_gives_the_values_that_it_holds_and_computes_nothing() {
    let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"><v>36</v></c></row>
        <row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="inlineStr"><is><t>=1+1</t></is></c><c r="C3" t="b"><v>1</v></c>
        <c r="D3" t="e"><v>#REF!</v></c><c r="E3"><v>1.5</v></c></row>"#;
    let expected = [
        cells(1, &["共训", "", "36"]),
        cells(3, &["2", "=1+1", "TRUE", "(#REF!)", "1.5"]),
    ];
    assert_eq!(rows(read(&book(sheet, SHARED, &[]))), expected);
}

#[test]
fn a_file_that_is_no_spreadsheet_is_said_to_be_none() {
    let unknown = |file: &[u8]| {
        assert!(
            matches!(read(file), Err(Unreadable::Unknown(_))),
            "{:?}",
            &file[..file.len().min(40)]
        )
    };
    unknown(b"PK\x03\x04 and nothing else");
    unknown(&packed(&[("a.txt", b"text")]));
    unknown(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    unknown(&[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F']);
    unknown(b"text\0with a hole");
    let book = book("", SHARED, &[]);
    for cut in [10, book.len() / 2, book.len() - 1] {
        unknown(&book[..cut]);
    }
    assert_eq!(read(b""), Ok(vec![]));
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_before_it_is_parsed() {
    let bomb = vec![b' '; UNPACKED_BYTES_MAX as usize + 1];
    let file = book("", SHARED, &[("xl/worksheets/sheet2.xml", &bomb)]);
    assert!(file.len() < 100_000, "it is small: {}", file.len());
    assert_eq!(read(&file), Err(Unreadable::TooLarge("unpacked")));
    // Each by itself is small enough.
    let many: Vec<String> = (0..40).map(|n| format!("xl/p{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &bomb[..1024 * 1024])).collect();
    assert_eq!(read(&book("", SHARED, &parts)), Err(Unreadable::TooLarge("unpacked")));
    // What nobody needs is not unpacked at all.
    let unneeded: [(&str, &[u8]); 2] = [("xl/media/image1.png", &bomb), ("xl/styles.xml", &bomb)];
    assert_eq!(read(&book("", SHARED, &unneeded)), Ok(vec![]));
    let names: Vec<String> = (0..600).map(|n| format!("e{n}")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(read(&packed(&entries)), Err(Unreadable::TooLarge("entries")));
}

/// Sizes in the archive's own list may say anything.
#[test]
fn an_archive_that_lies_about_its_sizes_gains_nothing() {
    let bomb = vec![b' '; UNPACKED_BYTES_MAX as usize + 1];
    let mut file = book("", SHARED, &[("xl/worksheets/sheet2.xml", &bomb)]);
    let told = (bomb.len() as u32).to_le_bytes();
    let mut at = 0;
    while let Some(found) = file[at..].windows(4).position(|bytes| bytes == told) {
        file[at + found..at + found + 4].copy_from_slice(&10_u32.to_le_bytes());
        at += found;
    }
    assert!(at > 0, "the size stands in it");
    assert!(read(&file).is_err());
}

#[test]
fn room_is_made_for_no_more_than_a_file_can_hold() {
    for promise in ["9999999999999", "99999999999999999999999999", " = '+00000099999999'"] {
        let promise = if promise.contains('=') {
            promise.into()
        } else {
            format!("=\"{promise}\"")
        };
        let shared = format!("<sst uniqueCount{promise}><si><t>x</t></si></sst>");
        assert_eq!(
            read(&book("", &shared, &[])),
            Err(Unreadable::TooLarge("shared texts")),
            "{shared}"
        );
    }
    let wide = SHARED.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    assert!(matches!(
        read(&packed(&[("xl/sharedStrings.xml", &wide)])),
        Err(Unreadable::Unknown(_))
    ));
}

#[test]
fn rows_columns_and_texts_are_bounded_while_they_come() {
    let far = r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#;
    assert_eq!(read(&book(far, SHARED, &[])), Err(Unreadable::TooLarge("columns")));
    let deep = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    assert_eq!(
        rows(read(&book(deep, SHARED, &[]))).len(),
        2,
        "a far cell costs nothing"
    );
    let rows = "x\n".repeat(ROWS_MAX + OTHER_ROWS_MAX + 1);
    assert_eq!(read(rows.as_bytes()), Err(Unreadable::TooLarge("rows")));
    // One long text that very many cells share.
    let shared = format!("<sst uniqueCount=\"1\"><si><t>{}</t></si></sst>", "长".repeat(2_000));
    let row = |n: usize| format!(r#"<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>"#);
    let sheet: String = (1..=5_000).map(row).collect();
    assert_eq!(read(&book(&sheet, &shared, &[])), Err(Unreadable::TooLarge("texts")));
    let long = read("长".repeat(5_000).as_bytes()).expect("one cell");
    assert_eq!(long[0].cells[0].chars().count(), CELL_CHARS_MAX + 1);
}

/// A library that did not expect a file ends one reading, and not the seat that it was read in.
#[tokio::test]
async fn a_panic_is_a_file_that_cannot_be_read_and_seats_are_given_back() {
    let room = ReadingRoom::default();
    for _ in 0..=READERS {
        let read: Result<(), Problem> = room.occupied(|| panic!("an unexpected file")).await;
        assert_eq!(read.expect_err("refused").code, ProblemCode::UnsupportedMedia);
    }
    assert_eq!(room.0.available_permits(), READERS);
    assert_eq!(room.occupied(|| Ok(1)).await.ok(), Some(1));
}

/// Whoever goes away while a file is read leaves the seat taken until it has been.
#[tokio::test]
async fn no_more_files_are_read_at_one_time_than_there_are_seats() {
    let room = ReadingRoom::default();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let work = move || {
        begun.send(()).expect("somebody listens");
        // Ends with the sender.
        let _ = may_go_on.recv();
        Ok(())
    };
    let mut reading = Box::pin(room.occupied(work));
    assert!(futures::poll!(reading.as_mut()).is_pending());
    has_begun.recv().expect("it has begun");
    drop(reading);
    assert_eq!(room.0.available_permits(), READERS - 1);
    drop(go_on);
    let all = room.0.acquire_many(READERS as u32).await.expect("the room stays open");
    assert_eq!(all.num_permits(), READERS);
}

/// Each byte of the archive changed, each byte of the sheet left out.
#[test]
fn a_damaged_workbook_is_read_or_refused() {
    let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>"#;
    let whole = book(sheet, SHARED, &[]);
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut file = whole.clone();
            file[at] ^= change;
            // Whatever comes of it, it ends.
            let _ = read(&file);
        }
    }
    for at in 0..sheet.len() {
        let cut = format!("{}{}", &sheet[..at], &sheet[at + 1..]);
        let _ = read(&book(&cut, SHARED, &[]));
    }
}
