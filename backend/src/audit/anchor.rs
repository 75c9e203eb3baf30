//! The anchor: a file beside the database, one line for every end that an audit log has had.
//!
//! It is only ever added to, by every process of the machine, and copied away by whoever trusts the machine less.

use crate::own_files::as_its_folder;
use crate::store::audit::Head;
use anyhow::Context;
use domain::id::AllianceId;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const FILE: &str = "audit-heads.log";
/// More than any line has.
const LINE_BYTES_MAX: u64 = 512;

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
        let lines: String = heads.iter().map(line).collect();
        let noted = self.file().and_then(|mut file| {
            // Held until the file is closed: half of a line that another one is writing was not cut off. Where there are no
            // locks, a line is worth more than the risk.
            if let Err(error) = file.lock() {
                tracing::warn!(%error, path = %self.path.display(), "the anchor cannot be locked");
            }
            drop_what_was_cut_off(&file)?;
            file.write_all(lines.as_bytes())
        });
        if let Err(error) = noted {
            tracing::error!(%error, path = %self.path.display(), "the end of the audit log could not be noted");
        }
    }

    fn file(&self) -> std::io::Result<File> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&self.path)?;
        as_its_folder(&self.path);
        Ok(file)
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

    /// Every end that was noted; nothing when there is no file yet. A last line without its end was never finished.
    pub fn read(&self) -> anyhow::Result<Vec<Head>> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.path.display())),
        };
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
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

/// A last line without its end was never finished: the power was cut, or the disk full. The next one would go on in it, and
/// then somebody seems to have altered it.
fn drop_what_was_cut_off(file: &File) -> std::io::Result<()> {
    let end = file.metadata()?.len();
    let mut tail = vec![0; end.min(LINE_BYTES_MAX) as usize];
    let from = end - tail.len() as u64;
    file.read_exact_at(&mut tail, from)?;
    match tail.iter().rposition(|byte| *byte == b'\n') {
        Some(last) if last + 1 < tail.len() => file.set_len(from + last as u64 + 1),
        None if from == 0 => file.set_len(0),
        _ => Ok(()),
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

    fn fresh_folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("gongxun-anchor-{}", crate::clock::new_id()));
        std::fs::create_dir(&folder).expect("a folder");
        folder
    }

    fn head(seq: i64) -> Head {
        Head {
            alliance: AllianceId::new("chuxiong"),
            seq,
            sha256: "5a".repeat(32),
        }
    }

    /// The half of a line is one that somebody is about to end, who holds the file; it is waited for.
    #[test]
    fn a_line_that_another_one_is_writing_is_waited_for() {
        let folder = fresh_folder();
        let anchor = Anchor::in_dir(&folder);
        let mut other = anchor.file().expect("the file");
        other.lock().expect("held");
        let whole = line(&head(1));
        let (half, rest) = whole.split_at(20);
        other.write_all(half.as_bytes()).expect("half of it");
        let noting = std::thread::spawn({
            let anchor = anchor.clone();
            move || anchor.note(&[head(2)])
        });
        let is_waiting = || {
            let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
            let inode = std::os::unix::fs::MetadataExt::ino(&other.metadata().expect("about it"));
            locks
                .lines()
                .any(|lock| lock.contains("->") && lock.contains(&format!(":{inode} ")))
        };
        while !is_waiting() && !noting.is_finished() {
            std::thread::yield_now();
        }
        other.write_all(rest.as_bytes()).expect("the rest");
        drop(other);
        noting.join().expect("no panic");
        assert_eq!(anchor.read().expect("it reads"), [head(1), head(2)]);
        std::fs::remove_dir_all(&folder).expect("it goes");
    }

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let folder = fresh_folder();
        let anchor = Anchor::in_dir(&folder);
        let whole = line(&head(2));
        for bytes in 1..whole.len() {
            std::fs::write(anchor.path(), line(&head(1)) + &whole[..bytes]).expect("the power is cut");
            anchor.note(&[head(3)]);
            assert_eq!(anchor.read().expect("it reads"), [head(1), head(3)], "{bytes} bytes");
        }
        std::fs::write(anchor.path(), &whole[..9]).expect("before the first is whole");
        anchor.note(&[head(3)]);
        assert_eq!(anchor.read().expect("it reads"), [head(3)]);
        std::fs::remove_dir_all(&folder).expect("it goes");
    }
}
