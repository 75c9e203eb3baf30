//! The anchor: a file beside the database, one line for every end that an audit log has had.
//!
//! It is only ever added to, by every process of the machine, and copied away by whoever trusts the machine less.

use crate::store::audit::Head;
use anyhow::Context;
use domain::id::AllianceId;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const FILE: &str = "audit-heads.log";

#[derive(Debug, Clone)]
pub struct Anchor {
    path: PathBuf,
}

impl Anchor {
    pub fn in_dir(data_dir: &Path) -> Self {
        Self {
            path: data_dir.join(FILE),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the new ends of logs. What they tell of is committed already: a file that cannot be written is a loud line
    /// in the log, not a refusal.
    pub fn note(&self, heads: &[Head]) {
        if heads.is_empty() {
            return;
        }
        // One write a commit, so that the lines of two processes do not mix.
        let lines: String = heads.iter().map(line).collect();
        let noted = self.file().and_then(|mut file| {
            let begun = if ends_in_a_line(&file)? { "" } else { "\n" };
            file.write_all(format!("{begun}{lines}").as_bytes())
        });
        if let Err(error) = noted {
            tracing::error!(%error, path = %self.path.display(), "the end of the audit log could not be noted");
        }
    }

    fn file(&self) -> std::io::Result<File> {
        OpenOptions::new().read(true).append(true).create(true).open(&self.path)
    }

    /// Puts the file aside, under the moment's number, and begins another with these ends.
    pub fn begin_anew(&self, heads: &[Head], now_ms: i64) -> anyhow::Result<()> {
        if self.path.exists() {
            let aside = self.path.with_extension(format!("until-{now_ms}.log"));
            std::fs::rename(&self.path, &aside).with_context(|| format!("cannot make {}", aside.display()))?;
        }
        self.note(heads);
        Ok(())
    }

    /// Every end that was noted; nothing when there is no file yet. A line that was cut off (the power was, or the disk
    /// full) was never finished; what it would have said is in the next one.
    pub fn read(&self) -> anyhow::Result<Vec<Head>> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.path.display())),
        };
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let whole = whole.filter(|line| !is_cut_off(line.trim_end()));
        whole
            .map(|line| {
                parsed(line.trim_end()).with_context(|| format!("{}: not a line of it: {line:?}", self.path.display()))
            })
            .collect()
    }
}

fn line(head: &Head) -> String {
    format!("{} {} {}\n", head.alliance, head.seq, head.sha256)
}

/// Nothing of a line has been written yet, or all of it.
fn ends_in_a_line(file: &File) -> std::io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte == *b"\n")
}

/// The beginning of a line and no more.
fn is_cut_off(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_begun = |text: &str| text.len() < 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match words[..] {
        [_] => true,
        [_, number] => is_number(number),
        [_, number, sha256] => is_number(number) && is_begun(sha256),
        _ => false,
    }
}

/// `alliance seq sha256`, as in the file and as the command prints it.
pub fn parsed(line: &str) -> Option<Head> {
    let mut words = line.split(' ');
    let head = Head {
        alliance: AllianceId::try_from(words.next()?.to_owned()).ok()?,
        seq: words.next()?.parse().ok()?,
        sha256: words.next().filter(|sha256| sha256.len() == 64)?.to_owned(),
    };
    words.next().is_none().then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let folder = std::env::temp_dir().join(format!("gongxun-anchor-{}", crate::clock::new_id()));
        std::fs::create_dir(&folder).expect("a folder");
        let anchor = Anchor::in_dir(&folder);
        let head = |seq: i64| Head {
            alliance: AllianceId::new("chuxiong"),
            seq,
            sha256: "5a".repeat(32),
        };
        anchor.note(&[head(1)]);
        let whole = line(&head(2));
        for bytes in 1..whole.len() {
            let kept = std::fs::read_to_string(anchor.path()).expect("lines");
            std::fs::write(anchor.path(), kept + &whole[..bytes]).expect("the power is cut");
            anchor.note(&[head(3)]);
            let read = anchor.read().expect("it reads");
            assert_eq!((&read[0], read.last()), (&head(1), Some(&head(3))), "{bytes} bytes");
        }
        std::fs::write(anchor.path(), "chuxiong 1 altered\n").expect("by somebody");
        assert!(anchor.read().is_err());
        std::fs::remove_dir_all(&folder).expect("it goes");
    }
}
