//! `audit verify`: whether the audit log is whole, and where it ends.

use super::serving;
use super::{Audit, AuditCommand, Verify};
use crate::audit::{self, Anchor, Judgement};
use crate::store::Store;
use crate::store::audit::Head;
use anyhow::Context;
use std::net::SocketAddr;
use std::process::ExitCode;

pub fn audit(flags: Audit) -> anyhow::Result<ExitCode> {
    match flags.command {
        AuditCommand::Verify(flags) => verify(flags),
    }
}

fn verify(flags: Verify) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let mut heads = Anchor::in_dir(&config.data_dir).read()?;
    for noted in &flags.noted {
        heads.push(head(noted)?);
    }
    let judged = serving::runtime()?.block_on(async {
        let store = Store::open(&serving::store_config(&config)).await?;
        audit::verify(&store.reader(), &heads).await
    })?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&judged)?);
    } else {
        judged.iter().for_each(say);
    }
    let whole = judged.iter().all(|judged| judged.findings.is_empty());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn head(noted: &str) -> anyhow::Result<Head> {
    audit::parsed(noted)
        .with_context(|| format!("--noted takes `alliance number sha256` as this command prints it, not {noted:?}"))
}

fn say(judged: &Judgement) {
    // The line to note elsewhere, and to give to --noted one day.
    println!("{} {} {}", judged.alliance, judged.head_seq, judged.head_sha256);
    let anchored = judged.anchored;
    match judged.findings.as_slice() {
        [] => println!("  whole: {} entries, {anchored} of its ends anchored", judged.head_seq),
        findings => findings.iter().for_each(|finding| println!("  {}", finding)),
    }
}
