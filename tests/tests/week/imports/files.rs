//! Files as people have them, as nobody should send them, and as the server gives them.

use super::*;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn every_usual_encoding_says_the_same_and_a_formula_stays_text(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let mut table = rows(&form, 3);
    table[1][0] = "=1+1".into();
    table[2][0] = "@sum, \"quoted\"".into();
    let text = String::from_utf8(csv(&table)).expect("text");
    let bare = text.trim_start_matches('\u{feff}');
    let gbk = encoding_rs::GBK.encode(bare).0.into_owned();
    let semicolons = table.iter().map(|row| {
        let quoted = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(";")
    });
    let semicolons = semicolons.collect::<Vec<_>>().join("\n");
    let workbook = spreadsheets::xlsx(&[SheetTable {
        name: "a".into(),
        rows: table.clone(),
    }])
    .expect("a workbook");
    let files = [
        text.clone().into_bytes(),
        bare.into(),
        gbk,
        semicolons.into_bytes(),
        workbook,
    ];
    for file in &files {
        let preview = trainer.call(&preview_of(&form, file)).await.expect("a preview");
        assert_eq!(preview.faults, []);
        let purposes: Vec<_> = preview.rows.iter().map(|row| row.draft.purpose.as_str()).collect();
        assert_eq!(purposes, ["=1+1", "@sum, \"quoted\"", "观摩 3"]);
    }
    let import = import_of(&form, &files[4], Become::Submitted);
    trainer.call(&import).await.expect("imported");
    assert!(asked(&trainer).await.iter().any(|row| row.purpose == "=1+1"));
}

fn packed(name: &str, part: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).expect("a part");
    writer.write_all(part).expect("a part");
    writer.finish().expect("an archive").into_inner()
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_should_send_gets_a_problem_and_the_server_goes_on(#[case] kind: Kind) {
    use ProblemCode::*;
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let bomb = packed("xl/worksheets/sheet1.xml", &vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000, "it is small: {}", bomb.len());
    let promise = packed("xl/sharedStrings.xml", br#"<sst uniqueCount="99999999999"></sst>"#);
    let files: [(&[u8], ProblemCode); 6] = [
        (&bomb, TooLarge),
        (&promise, TooLarge),
        (&"x\n".repeat(20_000).into_bytes(), TooLarge),
        (&vec![b'x'; FILE_BYTES_MAX + 1], TooLarge),
        (b"PK\x03\x04 and nothing else", UnsupportedMedia),
        (&[0xd0, 0xcf, 0x11, 0xe0, 0], UnsupportedMedia),
    ];
    for (file, wanted) in files {
        let import = import_of(&form, file, Become::Drafts);
        assert_eq!(code(&trainer, &preview_of(&form, file)).await, Some(wanted));
        assert_eq!(code(&trainer, &import).await, Some(wanted));
    }
    let call = PreviewImport {
        file: FileText("not base64!".into()),
        ..preview_of(&form, b"")
    };
    assert_eq!(code(&trainer, &call).await, Some(Malformed));
    let huge = serde_json::to_string(&preview_of(&form, &vec![b'x'; 7 * 1024 * 1024])).expect("plain data");
    let (status, _) = trainer.post(PreviewImport::PATH, huge.clone()).await;
    assert_eq!(status, 413, "more than a body may have");
    // Only these calls take so much.
    let (status, _) = trainer.post(CheckDraft::PATH, huge[..300 * 1024].to_owned()).await;
    assert_eq!(status, 413);
    assert_eq!(desk.server.visitor().page("/readyz").await.0, 200);
    assert_eq!(head(&desk).await.entries, []);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_template_holds_nothing_to_import_and_its_example_can_be_imported(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let template = trainer.call(&ReadTemplate {}).await.expect("a template");
    for path in ["/requests/import/template.csv", "/requests/import/template.xlsx"] {
        let reply = trainer
            .http
            .get(format!("{}{path}", trainer.url))
            .send()
            .await
            .expect("an answer");
        let kept = reply.headers()["content-disposition"]
            .to_str()
            .expect("plain")
            .to_owned();
        assert!(kept.starts_with("attachment; filename=\"template."), "{kept}");
        let file = reply.bytes().await.expect("a file");
        let preview = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
        let codes: Vec<_> = preview.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(
            (codes.as_slice(), preview.rows.len()),
            (&[FaultCode::RowsMissing][..], 0),
            "{path}"
        );
    }
    let mut filled = template.tables[0].rows.clone();
    let example = filled.last_mut().expect("an example");
    example[0] = example[0].trim_start_matches("# ").to_owned();
    let preview = trainer
        .call(&preview_of(&form, &csv(&filled)))
        .await
        .expect("a preview");
    assert_eq!((preview.faults, preview.rows.len()), (vec![], 1));
    for page in ["/requests/import", "/requests/import/template.csv"] {
        assert_eq!(
            desk.server.visitor().page(page).await.0,
            303,
            "a visitor is led to the door"
        );
        let (coordinator, _) = desk.coordinators().await;
        assert_eq!(coordinator.page(page).await.0, 403);
    }
}
