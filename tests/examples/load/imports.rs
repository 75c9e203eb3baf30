//! Ten thousand requests out of a spreadsheet.

use crate::figures::submission;
use crate::table::Table;
use anyhow::{Context, Result, ensure};
use backend::clock::Stopwatch;
use backend::spreadsheets;
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::api::*;
use domain::people::Role;
use domain::sheet::ROWS_MAX;
use sha2::{Digest, Sha256};
use tests::server::Server;

/// The template's example ten thousand times, in both kinds of files; and what it takes to import it, as drafts, which no
/// solver has to plan.
pub async fn imported(table: &mut Table, server: &Server) -> Result<()> {
    let failed = |problem: Problem| anyhow::anyhow!("{problem:?}");
    let client = server.client(server.login_of(Role::Requester)).await?;
    let template = client
        .call(&ReadTemplate {})
        .await
        .map_err(failed)?
        .tables
        .remove(0)
        .rows;
    let example = template.last().context("an example")?.clone();
    let row = |n: usize| {
        std::iter::once(format!("观摩 {n}"))
            .chain(example.iter().skip(1).cloned())
            .collect()
    };
    let rows: Vec<Vec<String>> = template.into_iter().take(1).chain((0..ROWS_MAX).map(row)).collect();
    let text = spreadsheets::csv(&rows).map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let name = "a".to_owned();
    let book = spreadsheets::xlsx(&[SheetTable { name, rows }]).map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let round = submission(&client).await?.round;
    let (mut told, mut slowest) = (Vec::new(), 0.0_f64);
    for (kind, file) in [("text", &text), ("workbook", &book)] {
        let call = PreviewImport {
            round: round.clone(),
            file: FileText(BASE64_STANDARD.encode(file)),
        };
        let watch = Stopwatch::start();
        let view = client.call(&call).await.map_err(failed)?;
        let took = watch.seconds();
        slowest = slowest.max(took);
        told.push(format!("{kind} {took:.2} s"));
        ensure!(
            (view.rows.len(), view.faults_total) == (ROWS_MAX, 0),
            "{:?}",
            view.faults.first()
        );
    }
    let what = format!("import of {ROWS_MAX} rows, preview");
    table.row(&what, told.join(", "), ("10 s", slowest <= 10.0), "3 s");
    let call = ImportRequests {
        round,
        sha256: hex::encode(Sha256::digest(&text)),
        file: FileText(BASE64_STANDARD.encode(&text)),
        to_become: Become::Drafts,
    };
    let watch = Stopwatch::start();
    client.call(&call).await.map_err(failed)?;
    table.row(
        "the same imported, in one commit",
        format!("{:.2} s", watch.seconds()),
        ("", true),
        "",
    );
    Ok(())
}
