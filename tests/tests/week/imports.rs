//! Requests out of a spreadsheet: a preview that writes nothing, and an import of every row or of none.

mod files;

use super::desk::{Desk, code, form, said};
use backend::clock::new_id;
use backend::spreadsheets;
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::api::*;
use domain::people::Role;
use domain::request::RequestState;
use domain::sheet::{FaultCode, Field};
use domain::violation::Violation;
use rstest::rstest;
use sha2::{Digest, Sha256};
use tests::databases::Kind;
use tests::server::Client;

const HEADINGS: [&str; 4] = ["实训内容", "班级", "人数", "可行时段"];
const MORNINGS: &str = "周一至周四 08:00-11:40";

/// Headings and rows, of which each asks for the least that can be asked.
pub fn rows(form: &FormView, count: usize) -> Vec<Vec<String>> {
    let cohort = form.cohorts.first().expect("every member has a class").id.to_string();
    let row = |n: usize| [format!("观摩 {n}"), cohort.clone(), "20".into(), MORNINGS.into()].to_vec();
    let headings = HEADINGS.map(String::from).to_vec();
    std::iter::once(headings).chain((1..=count).map(row)).collect()
}

pub fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    spreadsheets::csv(rows).expect("a file")
}

pub fn preview_of(form: &FormView, file: &[u8]) -> PreviewImport {
    PreviewImport {
        round: form.round.id.clone(),
        file: FileText(BASE64_STANDARD.encode(file)),
    }
}

pub fn import_of(form: &FormView, file: &[u8], to_become: Become) -> ImportRequests {
    let PreviewImport { round, file: text } = preview_of(form, file);
    ImportRequests {
        round,
        file: text,
        sha256: hex::encode(Sha256::digest(file)),
        to_become,
    }
}

/// What the organization has asked for.
pub async fn asked(client: &Client) -> Vec<RequestRow> {
    let all = ListRequests {
        round: None,
        organization: None,
        state: None,
    };
    client.call(&all).await.expect("the own list").requests
}

async fn head(desk: &Desk) -> AuditView {
    let auditor = desk
        .server
        .client(desk.server.login_of(Role::Auditor))
        .await
        .expect("the auditor");
    let newest = ReadAudit {
        event: Some("requests.imported".into()),
        actor: None,
        subject: None,
        before: None,
    };
    auditor.call(&newest).await.expect("the log")
}

#[rstest]
#[case(Kind::Sqlite, Become::Submitted)]
#[case(Kind::Postgres, Become::Drafts)]
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_writes_nothing_and_an_import_is_one_commit(#[case] kind: Kind, #[case] to_become: Become) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let file = csv(&rows(&form, 300));
    let before = (asked(&trainer).await, head(&desk).await.entries);
    let preview = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
    assert_eq!(
        (preview.rows.len(), preview.faults.as_slice(), &preview.barred),
        (300, &[][..], &None)
    );
    assert_eq!((preview.rows[0].row, preview.rows[0].draft.headcount), (2, 20));
    assert_eq!((asked(&trainer).await, head(&desk).await.entries), before);

    let import = import_of(&form, &file, to_become);
    assert_eq!(import.sha256, preview.sha256);
    let key = new_id();
    // A second click, and a third one at the same moment.
    let clicks = (0..3).map(|_| trainer.call_under(&key, &import));
    let replies: Vec<_> = futures::future::join_all(clicks).await;
    let made = replies[0].clone().expect("imported");
    assert!(replies.iter().all(|reply| reply.as_ref() == Ok(&made)), "{replies:?}");
    assert_eq!((made.requests, made.state), (300, to_become.state()));

    let after = asked(&trainer).await;
    let fresh: Vec<_> = after.iter().filter(|row| !before.0.contains(row)).collect();
    assert_eq!(fresh.len(), 300);
    assert!(
        fresh
            .iter()
            .all(|row| row.state == to_become.state() && row.version == 1)
    );
    assert_eq!((&fresh[0].reference, &fresh[299].reference), (&made.first, &made.last));
    let one = trainer
        .call(&ReadRequest {
            id: fresh[7].id.clone(),
        })
        .await
        .expect("one of them");
    assert_eq!((one.draft, one.story.len()), (preview.rows[7].draft.clone(), 1));
    let entries = head(&desk).await.entries;
    assert_eq!(entries.len(), 1, "one entry of the log");
    assert_eq!(
        (entries[0].subject.as_str(), entries[0].facts["requests"].as_str()),
        (form.round.id.as_str(), "300")
    );
    let again = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
    assert!(
        again.rows.iter().all(|row| row.same_as.is_some()),
        "whoever asks twice is told"
    );
    assert_eq!(again.rows[0].same_as.as_ref(), Some(&made.first));
    let verdict = desk.run(&["verify"]).await;
    assert!(verdict.status.success(), "{}", said(&verdict));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn fifty_faults_in_five_hundred_rows_are_all_told_and_nothing_is_imported(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let mut rows = rows(&form, 500);
    let ways = [
        (0, "", "A", "purpose_missing"),
        (1, "没有的班", "B", "name_unknown"),
        (2, "二十", "C", "number_unreadable"),
        (2, "0", "C", "headcount_out_of_range"),
        (3, "周八 8:00-9:00", "D", "time_unreadable"),
    ];
    let mut expected = Vec::new();
    for n in 0..50 {
        let (at, bad, column, why) = ways[n % ways.len()];
        let line = 1 + n * 10;
        rows[line][at] = bad.into();
        expected.push((line as i64 + 1, column.to_owned(), why.to_owned()));
    }
    let before = asked(&trainer).await;
    for file in [
        csv(&rows),
        spreadsheets::xlsx(&[SheetTable {
            name: "a".into(),
            rows: rows.clone(),
        }])
        .expect("a workbook"),
    ] {
        let preview = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
        let told = preview.faults.iter().map(|fault| {
            let rule = fault.violation.as_ref().map(Violation::code);
            (
                fault.row,
                fault.column.clone(),
                rule.unwrap_or(fault.code.into()).to_owned(),
            )
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!((preview.rows.len(), preview.faults_total), (500, 50));
        let refused = trainer
            .call(&import_of(&form, &file, Become::Drafts))
            .await
            .expect_err("not one row");
        assert_eq!((refused.status, refused.code), (422, ProblemCode::RulesBroken));
        let told = refused.violations.into_iter().map(|broken| match broken {
            Violation::RowRefused { row, column, why } => (row, column, why),
            other => panic!("{other:?}"),
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }
    assert_eq!(asked(&trainer).await, before);
    assert_eq!(head(&desk).await.entries, []);
    let page = trainer.page("/requests/import").await;
    assert_eq!(page.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_what_was_previewed_and_the_own() {
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    let stranger = desk.signed_in("zhao.yunneng").await;
    let (own, other) = (form(&trainer).await, form(&stranger).await);
    let file = csv(&rows(&own, 2));
    let swapped = ImportRequests {
        file: FileText(BASE64_STANDARD.encode(csv(&rows(&own, 3)))),
        ..import_of(&own, &file, Become::Drafts)
    };
    assert_eq!(code(&trainer, &swapped).await, Some(ProblemCode::Stale));
    // Another organization's class is as unknown as one that is not there, by id and by name.
    let mut foreign = rows(&other, 2);
    foreign[2][1] = other.cohorts[0].name.clone();
    let preview = trainer
        .call(&preview_of(&own, &csv(&foreign)))
        .await
        .expect("a preview");
    let told: Vec<_> = preview
        .faults
        .iter()
        .map(|fault| (fault.row, fault.code, fault.field))
        .collect();
    let unknown = |row| (row, FaultCode::NameUnknown, Some(Field::Cohorts));
    assert_eq!(told, [unknown(2), unknown(3)]);
    assert_eq!(
        code(&trainer, &import_of(&own, &csv(&foreign), Become::Drafts)).await,
        Some(ProblemCode::RulesBroken)
    );
    let nowhere = PreviewImport {
        round: domain::id::RoundId::new("nowhere"),
        ..preview_of(&own, &file)
    };
    assert_eq!(code(&trainer, &nowhere).await, Some(ProblemCode::NotFound));
    assert_eq!(head(&desk).await.entries, []);
    let imported = trainer
        .call(&import_of(&own, &file, Become::Drafts))
        .await
        .expect("the own");
    assert_eq!(imported.state, RequestState::Draft);
    assert!(
        asked(&stranger)
            .await
            .iter()
            .all(|row| !row.purpose.starts_with("观摩 "))
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_imports_nothing_even_when_that_is_so_only_since_the_preview(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let file = csv(&rows(&form, 2));
    let preview = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
    assert_eq!((preview.faults_total, preview.barred), (0, None));
    let admin = desk
        .server
        .client(desk.server.login_of(Role::SystemAdmin))
        .await
        .expect("the admin");
    let suspend = SuspendOrganization {
        id: form.setting.organization.clone(),
        version: 0,
        reason: "三次爽约".into(),
        until: form.round.week.day(60),
    };
    admin.call(&suspend).await.expect("suspended");
    for to_become in [Become::Drafts, Become::Submitted] {
        let refused = trainer
            .call(&import_of(&form, &file, to_become))
            .await
            .expect_err("suspended");
        assert_eq!(refused.violations.len(), 1);
        assert_eq!(refused.violations[0].code(), "member_suspended");
    }
    let preview = trainer.call(&preview_of(&form, &file)).await.expect("a preview");
    assert_eq!(preview.barred.map(|broken| broken.code()), Some("member_suspended"));
    let (coordinator, _) = desk.coordinators().await;
    let close = CloseRound {
        id: form.round.id.clone(),
        version: form.round.version,
    };
    coordinator.call(&close).await.expect("closed");
    assert_eq!(
        code(&trainer, &preview_of(&form, &file)).await,
        Some(ProblemCode::WrongState)
    );
    assert_eq!(
        code(&trainer, &import_of(&form, &file, Become::Drafts)).await,
        Some(ProblemCode::WrongState)
    );
    assert_eq!(head(&desk).await.entries, []);
}
