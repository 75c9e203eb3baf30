//! The keys that secrets of the database are sealed with, and that what was sent in secret is known again by. They lie in a
//! file beside it and in none of its backups: whoever has only one of the two has nothing.
//!
//! The file holds a key a line, in hex, the newest last. The newest seals; the others still open what they sealed. A key is
//! called by the beginning of its own hash, so that a name cannot stand for another key. The file is read again before
//! anything is sealed, and when a key is asked for that is not known: another process may have changed it.

use crate::own_files::as_its_folder;
use crate::store::second_factors::Sealed;
use anyhow::{Context, bail, ensure};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const KEY_LEN: usize = 32;
/// Hex digits of a key's name.
const ID_LEN: usize = 16;

pub struct Keys {
    path: PathBuf,
    known: Mutex<Vec<Key>>,
}

#[derive(Clone)]
struct Key {
    id: String,
    bytes: [u8; KEY_LEN],
}

impl Key {
    fn new(bytes: [u8; KEY_LEN]) -> Self {
        let id = hex::encode(Sha256::digest(bytes))[..ID_LEN].to_owned();
        Self { id, bytes }
    }

    fn parsed(line: &str) -> anyhow::Result<Self> {
        let bytes = hex::decode(line.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        Ok(Self::new(bytes.context("a key is 64 hex digits on a line")?))
    }

    /// ChaCha20-Poly1305 (RFC 8439). "Less safe" says that nonces are the caller's to choose: here they are random.
    fn cipher(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &self.bytes).expect("a key of the cipher's length"))
    }
}

/// What a secret belongs to: it opens for nothing else.
fn about(purpose: &str, parts: &[&str]) -> Aad<Vec<u8>> {
    let mut text = purpose.to_owned();
    for part in parts {
        // No id holds this character, so that two lists never read the same.
        text.push('\0');
        text.push_str(part);
    }
    Aad::from(text.into_bytes())
}

impl Keys {
    /// The keys of a file, which is read when one of them is asked for.
    pub fn in_file(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            known: Mutex::default(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file: the names of its keys, the newest last; nothing when there is no file.
    pub fn ids(&self) -> anyhow::Result<Vec<String>> {
        Ok(self.read()?.into_iter().map(|key| key.id).collect())
    }

    fn read(&self) -> anyhow::Result<Vec<Key>> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.path.display())),
        };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let keys = lines.map(Key::parsed).collect::<anyhow::Result<Vec<_>>>();
        let keys = keys.with_context(|| self.path.display().to_string())?;
        self.known.lock().expect("no holder panics").clone_from(&keys);
        Ok(keys)
    }

    /// Adds a new key, with which everything is sealed from now on; says its name. Its owner alone may read the file.
    pub fn add(&self) -> anyhow::Result<String> {
        let mut keys = self.read()?;
        let key = Key::new(rand::random());
        keys.push(key.clone());
        self.write(&keys)?;
        Ok(key.id)
    }

    /// Forgets all but the newest keys.
    pub fn keep(&self, newest: usize) -> anyhow::Result<()> {
        let keys = self.read()?;
        self.write(&keys[keys.len().saturating_sub(newest)..])
    }

    /// The whole file or the old one, on the disk before anything is sealed with what is in it.
    fn write(&self, keys: &[Key]) -> anyhow::Result<()> {
        let unfinished = self.path.with_extension("unfinished");
        let refused = || format!("cannot write {}", unfinished.display());
        let lines: String = keys.iter().map(|key| hex::encode(key.bytes) + "\n").collect();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&unfinished).with_context(refused)?;
        file.write_all(lines.as_bytes()).with_context(refused)?;
        file.sync_all().with_context(refused)?;
        as_its_folder(&unfinished);
        std::fs::rename(&unfinished, &self.path).with_context(|| format!("cannot name {}", self.path.display()))?;
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .with_context(refused)?;
        }
        self.read().map(|_| ())
    }

    /// Seals a secret with the newest key.
    pub fn seal(&self, purpose: &str, parts: &[&str], secret: &[u8]) -> anyhow::Result<Sealed> {
        let keys = self.read()?;
        let key = keys
            .last()
            .with_context(|| format!("{} holds no key", self.path.display()))?;
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = secret.to_vec();
        let sealed = key.cipher().seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            about(purpose, parts),
            &mut text,
        );
        ensure!(sealed.is_ok(), "a secret is too long to be sealed");
        Ok(Sealed {
            key: key.id.clone(),
            bytes: [&nonce[..], &text].concat(),
        })
    }

    /// By which somebody with the newest key knows a text again, and nobody without one can try which text it was
    /// (HMAC-SHA-256, RFC 2104, by a key of its own for each purpose); nothing as long as there is no key.
    pub fn tag(&self, purpose: &str, text: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
        let by = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
        let newest = self.read()?.pop();
        Ok(newest.map(|key| by(by(&key.bytes, purpose.as_bytes()).as_ref(), text).as_ref().to_vec()))
    }

    /// Opens what was sealed for the same purpose and parts.
    pub fn open(&self, purpose: &str, parts: &[&str], sealed: &Sealed) -> anyhow::Result<Vec<u8>> {
        let key = match self.find(&sealed.key) {
            Some(key) => key,
            None => {
                self.read()?;
                self.find(&sealed.key)
                    .with_context(|| format!("the key {} is not in {}", sealed.key, self.path.display()))?
            }
        };
        let Some((nonce, text)) = sealed.bytes.split_first_chunk::<NONCE_LEN>() else {
            bail!("it is too short to have been sealed");
        };
        let mut text = text.to_vec();
        let opened = key
            .cipher()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), about(purpose, parts), &mut text);
        match opened {
            Ok(secret) => Ok(secret.to_vec()),
            Err(_) => bail!("it was altered, or sealed for something else"),
        }
    }

    fn find(&self, id: &str) -> Option<Key> {
        let known = self.known.lock().expect("no holder panics");
        known.iter().find(|key| key.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn keys(name: &str) -> Keys {
        let folder = std::env::temp_dir().join(format!("gongxun-keys-{}-{}", name, crate::clock::new_id()));
        std::fs::create_dir(&folder).expect("a folder");
        Keys::in_file(&folder.join("gongxun.key"))
    }

    #[test]
    fn a_secret_opens_for_what_it_was_sealed_for_and_nothing_else() {
        let keys = keys("about");
        assert!(
            keys.seal("factor", &["a", "li"], b"secret").is_err(),
            "there is no key yet"
        );
        keys.add().expect("a key");
        let sealed = keys.seal("factor", &["a", "li"], b"secret").expect("sealed");
        assert_eq!(keys.open("factor", &["a", "li"], &sealed).expect("opened"), b"secret");
        for (purpose, parts) in [
            ("factor", &["a", "luo"][..]),
            ("factor", &["b", "li"]),
            ("factor", &["a"]),
            ("ticket", &["a", "li"]),
        ] {
            assert!(keys.open(purpose, parts, &sealed).is_err(), "{purpose} {parts:?}");
        }
        let mut altered = sealed.clone();
        altered.bytes[NONCE_LEN] ^= 1;
        assert!(keys.open("factor", &["a", "li"], &altered).is_err());
        let short = Sealed {
            bytes: vec![0; 3],
            ..sealed.clone()
        };
        assert!(keys.open("factor", &["a", "li"], &short).is_err());
        let again = keys.seal("factor", &["a", "li"], b"secret").expect("sealed");
        assert_ne!(again, sealed, "no two look the same");
    }

    #[test]
    fn a_tag_hangs_on_key_purpose_and_text() {
        let keys = keys("tag");
        assert_eq!(keys.tag("a", b"text").expect("readable"), None, "there is no key yet");
        keys.add().expect("a key");
        let tag = |purpose: &str, text: &[u8]| keys.tag(purpose, text).expect("readable").expect("a tag");
        let known = tag("a", b"text");
        assert_eq!(tag("a", b"text"), known);
        assert_ne!(tag("b", b"text"), known);
        assert_ne!(tag("a", b"texts"), known);
        keys.add().expect("a newer key");
        assert_ne!(tag("a", b"text"), known);
    }

    #[test]
    fn the_newest_key_seals_and_older_ones_open_until_they_are_forgotten() {
        let (first, second) = (keys("first"), keys("second"));
        first.add().expect("a key");
        let old = first.seal("factor", &["li"], b"secret").expect("sealed");
        let other = Keys::in_file(first.path());
        let newest = first.add().expect("a newer key");
        let new = other
            .seal("factor", &["li"], b"secret")
            .expect("sealed by another process");
        assert_eq!(new.key, newest);
        assert!(other.open("factor", &["li"], &old).is_ok());
        assert!(second.open("factor", &["li"], &old).is_err(), "another file");
        first.keep(1).expect("forgotten");
        assert!(first.open("factor", &["li"], &old).is_err());
        assert!(first.open("factor", &["li"], &new).is_ok());
        let mode = std::fs::metadata(first.path()).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
