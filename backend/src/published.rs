//! Replies that are the same for every visitor, kept in memory until something is published: the week that a whole city
//! looks up on Monday morning costs no database.
//!
//! What is kept is forgotten when this process publishes, when the pulse of the database tells that another one has, and
//! at midnight, because a week's view knows which day is today. While the database is away, what is kept is still shown.

use crate::store::Stamps;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, RwLock};
use tokio::sync::watch;

/// Replies that are kept; asking for more different ones begins anew.
const KEPT_MAX: usize = 2000;
/// Bytes of all that is kept, twins and what was asked included.
const BYTES_MAX: usize = 32 * 1024 * 1024;
/// A shorter reply is not worth compressing.
const PLAIN_MAX: usize = 1024;

/// A reply with its compressed twin and its tag.
pub struct Kept {
    pub plain: Bytes,
    pub gzip: Option<Bytes>,
    /// Of the content, quoted, as a header has it.
    pub tag: String,
    /// Unix milliseconds.
    until_ms: i64,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.plain.len() + self.gzip.as_ref().map_or(0, Bytes::len) + self.tag.len()
    }

    pub fn new(plain: Vec<u8>, until_ms: i64) -> Self {
        let tag = format!("\"{}\"", &hex::encode(Sha256::digest(&plain))[..32]);
        let gzip = (plain.len() > PLAIN_MAX).then(|| gzipped(&plain)).flatten();
        Self {
            plain: plain.into(),
            gzip,
            tag,
            until_ms,
        }
    }
}

fn gzipped(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[derive(Default)]
pub struct Published(RwLock<Shelf>);

#[derive(Default)]
struct Shelf {
    /// Rises whenever everything is forgotten.
    edition: u64,
    kept: HashMap<String, Arc<Kept>>,
    bytes: usize,
}

impl Shelf {
    fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }
}

impl Published {
    /// What was answered to the same call, however it was spelt.
    pub fn find(&self, asked: &str, now_ms: i64) -> Option<Arc<Kept>> {
        let shelf = self.0.read().expect("no holder panics");
        shelf.kept.get(asked).filter(|kept| now_ms < kept.until_ms).cloned()
    }

    /// To be taken before the database is read.
    pub fn edition(&self) -> u64 {
        self.0.read().expect("no holder panics").edition
    }

    /// Keeps a reply, unless something was published since its edition was taken.
    pub fn keep(&self, edition: u64, asked: String, reply: Kept) -> Arc<Kept> {
        let reply = Arc::new(reply);
        let mut shelf = self.0.write().expect("no holder panics");
        let bytes = asked.len() + reply.bytes();
        if shelf.edition == edition && bytes <= BYTES_MAX {
            if shelf.kept.len() >= KEPT_MAX || shelf.bytes + bytes > BYTES_MAX {
                shelf.clear();
            }
            shelf.bytes += bytes;
            let before = shelf.kept.insert(asked.clone(), reply.clone());
            shelf.bytes -= before.map_or(0, |before| asked.len() + before.bytes());
        }
        reply
    }

    pub fn forget(&self) {
        let mut shelf = self.0.write().expect("no holder panics");
        shelf.edition += 1;
        shelf.clear();
    }

    /// Forgets whenever another stamp is found, until the pulse ends.
    pub async fn follow(&self, mut stamps: watch::Receiver<Option<Stamps>>) {
        let mut last: Option<Stamps> = None;
        while stamps.changed().await.is_ok() {
            let found = stamps.borrow_and_update().clone();
            if found.is_some() && found != last {
                self.forget();
                last = found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_publication_is_not_kept_after_it() {
        let published = Published::default();
        let edition = published.edition();
        published.keep(edition, "week".into(), Kept::new(b"old".to_vec(), 10));
        assert!(published.find("week", 9).is_some() && published.find("week", 10).is_none());
        published.forget();
        assert!(published.find("week", 0).is_none());
        published.keep(edition, "week".into(), Kept::new(b"old".to_vec(), 10));
        assert!(published.find("week", 0).is_none());
    }

    #[test]
    fn what_is_kept_is_bounded_in_bytes() {
        let published = Published::default();
        // Nothing that compresses.
        let noise = |seed: u64| {
            let numbers = (0..128 * 1024_u64).map(move |n| (n ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56);
            numbers.map(|byte| byte as u8).collect::<Vec<u8>>()
        };
        for n in 0..400 {
            published.keep(0, format!("week {n}"), Kept::new(noise(n), 10));
            let shelf = published.0.read().expect("no holder panics");
            let held = shelf.kept.iter().map(|(asked, kept)| asked.len() + kept.bytes());
            assert_eq!(held.sum::<usize>(), shelf.bytes);
            assert!(shelf.bytes <= BYTES_MAX && !shelf.kept.is_empty(), "{}", shelf.bytes);
        }
        published.keep(0, "week 399".into(), Kept::new(b"new".to_vec(), 10));
        published.forget();
        assert_eq!(published.0.read().expect("no holder panics").bytes, 0);
    }

    #[test]
    fn equal_content_has_one_tag_and_long_content_a_twin() {
        let (a, b) = (Kept::new(vec![b'x'; 5000], 1), Kept::new(vec![b'x'; 5000], 2));
        assert_eq!(a.tag, b.tag);
        assert!(a.gzip.is_some_and(|twin| twin.len() < 500));
        assert!(Kept::new(b"short".to_vec(), 1).gzip.is_none());
    }
}
