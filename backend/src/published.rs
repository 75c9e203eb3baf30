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
}

impl Published {
    pub fn find(&self, query: &str, now_ms: i64) -> Option<Arc<Kept>> {
        let shelf = self.0.read().expect("no holder panics");
        shelf.kept.get(query).filter(|kept| now_ms < kept.until_ms).cloned()
    }

    /// To be taken before the database is read.
    pub fn edition(&self) -> u64 {
        self.0.read().expect("no holder panics").edition
    }

    /// Keeps a reply, unless something was published since its edition was taken.
    pub fn keep(&self, edition: u64, query: String, reply: Kept) -> Arc<Kept> {
        let reply = Arc::new(reply);
        let mut shelf = self.0.write().expect("no holder panics");
        if shelf.edition == edition {
            if shelf.kept.len() >= KEPT_MAX {
                shelf.kept.clear();
            }
            shelf.kept.insert(query, reply.clone());
        }
        reply
    }

    pub fn forget(&self) {
        let mut shelf = self.0.write().expect("no holder panics");
        shelf.edition += 1;
        shelf.kept.clear();
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
    fn equal_content_has_one_tag_and_long_content_a_twin() {
        let (a, b) = (Kept::new(vec![b'x'; 5000], 1), Kept::new(vec![b'x'; 5000], 2));
        assert_eq!(a.tag, b.tag);
        assert!(a.gzip.is_some_and(|twin| twin.len() < 500));
        assert!(Kept::new(b"short".to_vec(), 1).gzip.is_none());
    }
}
