//! A backup: one file with every row of one snapshot of the database, the ends of its audit logs, and the SHA-256 of all
//! of it.
//!
//! It is a dump of our own and not the databases' tools', because one file then serves both databases (and moves an
//! alliance from one to the other), needs no program beside this one, and can be judged line by line. It is read in a
//! transaction that cannot write, so the server goes on.
//!
//! The format `gongxun-backup-1` is gzip over lines of JSON: a head, for each table its name and columns and then its rows
//! as lists, and an end with the number of rows and the hash of every line before it.

use crate::store::audit::Head;
use crate::store::copy::{self, Filling, Shut};
use crate::store::{Reader, StoreConfig, StoreError, alliances, audit};
use anyhow::{Context, bail, ensure};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

const FORMAT: &str = "gongxun-backup-1";
/// Rows that are handed to the database at one time.
const CHUNK: usize = 500;

/// What a backup says of itself before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub format: String,
    /// Unix milliseconds.
    pub taken_at_ms: i64,
    /// The schema's steps: only a program with the same ones restores it.
    pub steps: Vec<String>,
    pub heads: Vec<End>,
}

/// Where the audit log of an alliance ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub alliance: domain::id::AllianceId,
    pub seq: i64,
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Row(Vec<Json>),
    Table { table: String, columns: Vec<String> },
    End { rows: u64, sha256: String },
    About(About),
}

impl About {
    pub fn heads(&self) -> Vec<Head> {
        let head = |end: &End| Head {
            alliance: end.alliance.clone(),
            seq: end.seq,
            sha256: end.sha256.clone(),
        };
        self.heads.iter().map(head).collect()
    }
}

/// Writes a backup; the file is there wholly or not at all.
pub async fn take(store: &Reader, path: &Path, now_ms: i64) -> anyhow::Result<(About, u64)> {
    let unfinished = path.with_extension("unfinished");
    let written = write(store, &unfinished, now_ms).await;
    let named = written.and_then(|taken| {
        std::fs::rename(&unfinished, path)?;
        Ok(taken)
    });
    if named.is_err() {
        // It may never have been begun.
        let _ = std::fs::remove_file(&unfinished);
    }
    named.with_context(|| format!("cannot write {}", path.display()))
}

async fn write(store: &Reader, unfinished: &Path, now_ms: i64) -> anyhow::Result<(About, u64)> {
    let tx = store.read().await?;
    let mut heads = Vec::new();
    for alliance in alliances::list(&tx).await? {
        let head = audit::head(&tx, &alliance.id).await?;
        heads.push(End {
            alliance: head.alliance,
            seq: head.seq,
            sha256: head.sha256,
        });
    }
    let about = About {
        format: FORMAT.into(),
        taken_at_ms: now_ms,
        steps: migrations::steps(),
        heads,
    };
    let mut writer = Writer::begin(unfinished)?;
    writer.line(&Line::About(about.clone()))?;
    for table in copy::tables(&tx).await? {
        let columns = table.columns.iter().map(|(name, _)| name.clone()).collect();
        writer.line(&Line::Table {
            table: table.name.clone(),
            columns,
        })?;
        let mut row = |row| writer.row(row).map_err(|error| StoreError::Broken(error.to_string()));
        copy::read(&tx, &table, &mut row).await?;
    }
    let rows = writer.end()?;
    Ok((about, rows))
}

struct Writer {
    file: GzEncoder<BufWriter<File>>,
    sha256: Sha256,
    rows: u64,
}

impl Writer {
    fn begin(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path)?;
        Ok(Self {
            file: GzEncoder::new(BufWriter::new(file), Compression::default()),
            sha256: Sha256::new(),
            rows: 0,
        })
    }

    fn line(&mut self, line: &Line) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.sha256.update(&text);
        Ok(self.file.write_all(&text)?)
    }

    fn row(&mut self, row: Vec<Json>) -> anyhow::Result<()> {
        self.rows += 1;
        self.line(&Line::Row(row))
    }

    /// The end, on the disk before it is called a backup.
    fn end(mut self) -> anyhow::Result<u64> {
        let sha256 = hex::encode(self.sha256.clone().finalize());
        self.line(&Line::End {
            rows: self.rows,
            sha256,
        })?;
        let file = self.file.finish()?.into_inner()?;
        file.sync_all()?;
        Ok(self.rows)
    }
}

/// Reads a file to its end and judges whether it is what was written, without touching any database.
pub fn check(path: &Path) -> anyhow::Result<About> {
    let mut about = None;
    let mut rows = 0;
    walk(path, |line| {
        match line {
            Line::About(found) => about = Some(found),
            Line::Row(_) => rows += 1,
            Line::Table { .. } | Line::End { .. } => {}
        }
        Ok(())
    })?;
    let about = about.context("it has no head")?;
    ensure!(about.format == FORMAT, "it is not a {FORMAT}");
    ensure!(
        about.steps == migrations::steps(),
        "it was written by another version of the schema: restore it with that `gongxun`, then run `gongxun migrate`"
    );
    Ok(about)
}

/// Every line of a whole and unaltered file; an error names what is wrong with it.
fn walk(path: &Path, mut each: impl FnMut(Line) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut reader = BufReader::new(GzDecoder::new(BufReader::new(file)));
    let (mut sha256, mut counted) = (Sha256::new(), 0);
    let mut text = Vec::new();
    loop {
        text.clear();
        let damaged = || format!("{} is damaged or no backup", path.display());
        if reader.read_until(b'\n', &mut text).with_context(damaged)? == 0 {
            bail!("{} ends too early: it is not whole", path.display());
        }
        match serde_json::from_slice(&text).with_context(damaged)? {
            Line::End { rows, sha256: noted } => {
                let whole = hex::encode(sha256.finalize()) == noted && rows == counted;
                ensure!(whole, "{} was altered since it was written", path.display());
                text.clear();
                let rest = reader.read_until(b'\n', &mut text).with_context(damaged)?;
                ensure!(rest == 0, "{} was altered since it was written", path.display());
                return Ok(());
            }
            line => {
                counted += u64::from(matches!(line, Line::Row(_)));
                sha256.update(&text);
                each(line)?;
            }
        }
    }
}

/// Fills an empty database from a file that has been checked, in one commit, without the ways in that were open then: how many
/// rows the file had, and what was shut.
pub async fn restore(path: &Path, config: &StoreConfig) -> anyhow::Result<(u64, Shut)> {
    let filling = Filling::begin(config).await?;
    let (sender, mut chunks) = tokio::sync::mpsc::channel::<Chunk>(2);
    let path = path.to_owned();
    // The file is read and unpacked beside the database's work.
    let reading = tokio::task::spawn_blocking(move || chunked(&path, |chunk| sender.blocking_send(chunk).is_ok()));
    let mut rows = 0;
    while let Some(chunk) = chunks.recv().await {
        rows += chunk.rows.len() as u64;
        filling.add(&chunk.table, &chunk.columns, &chunk.rows).await?;
    }
    reading.await??;
    let shut = filling.shut_doors().await?;
    filling.commit().await?;
    Ok((rows, shut))
}

#[derive(Default)]
struct Chunk {
    table: String,
    columns: Vec<String>,
    rows: Vec<Vec<Json>>,
}

fn chunked(path: &Path, mut send: impl FnMut(Chunk) -> bool) -> anyhow::Result<()> {
    let mut chunk = Chunk::default();
    let mut full = |chunk: &mut Chunk, next: Chunk| {
        let rows = std::mem::replace(chunk, next);
        ensure!(rows.rows.is_empty() || send(rows), "the database refused");
        Ok(())
    };
    walk(path, |line| match line {
        Line::Table { table, columns } => full(
            &mut chunk,
            Chunk {
                table,
                columns,
                rows: Vec::new(),
            },
        ),
        Line::Row(row) => {
            chunk.rows.push(row);
            match chunk.rows.len() < CHUNK {
                true => Ok(()),
                false => {
                    let (table, columns) = (chunk.table.clone(), chunk.columns.clone());
                    full(
                        &mut chunk,
                        Chunk {
                            table,
                            columns,
                            rows: Vec::new(),
                        },
                    )
                }
            }
        }
        Line::About(_) | Line::End { .. } => Ok(()),
    })?;
    full(&mut chunk, Chunk::default())
}
