//! The folder that the server hands to browsers: every file under a name that carries the hash of its content, with its
//! compressed twins, and `manifest.json` from plain to hashed name, by which the server finds them.
//! A file that already stands there is never written again: the same name means the same content.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::packages::folder_entries;

const MANIFEST: &str = "manifest.json";

/// Formats that are not compressed already.
const COMPRESSIBLE: [&str; 8] = ["wasm", "js", "mjs", "css", "svg", "json", "txt", "webmanifest"];

/// The site as it is being put together; nothing is visible to a server before `finish`.
pub struct Site {
    folder: PathBuf,
    manifest: BTreeMap<String, String>,
    files: BTreeSet<String>,
}

impl Site {
    pub fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self {
            folder,
            manifest: BTreeMap::new(),
            files: BTreeSet::from([MANIFEST.to_owned()]),
        })
    }

    /// Publishes `bytes` as `<stem>-<hash>.<extension>`, which the manifest gives for `key`.
    pub fn publish(&mut self, key: &str, file_name: &str, bytes: &[u8]) -> Result<()> {
        let hashed = hashed_name(file_name, bytes);
        self.write_once(hashed.clone(), || Ok(bytes.to_vec()))?;
        if COMPRESSIBLE.contains(&extension(file_name)) {
            self.write_once(format!("{hashed}.br"), || brotli(bytes))?;
            self.write_once(format!("{hashed}.gz"), || gzip(bytes))?;
        }
        self.manifest.insert(key.to_owned(), hashed);
        Ok(())
    }

    /// Writes the manifest in one motion and takes away files of earlier builds.
    pub fn finish(self) -> Result<BTreeMap<String, String>> {
        let text = serde_json::to_string_pretty(&self.manifest)? + "\n";
        write_whole(&self.folder.join(MANIFEST), text.as_bytes())?;
        for path in folder_entries(&self.folder) {
            let is_current = path
                .file_name()
                .is_some_and(|name| self.files.contains(name.to_string_lossy().as_ref()));
            if !is_current {
                fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
            }
        }
        Ok(self.manifest)
    }

    fn write_once(&mut self, name: String, bytes: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
        let path = self.folder.join(&name);
        if !path.is_file() {
            write_whole(&path, &bytes()?)?;
        }
        self.files.insert(name);
        Ok(())
    }
}

/// A reader sees the old file or the new one, never half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    fs::write(&partial, bytes)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| path.display().to_string())
}

/// The content's hash as 16 hexadecimal digits: short enough to read, long enough never to meet twice.
pub fn content_hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

fn hashed_name(file_name: &str, bytes: &[u8]) -> String {
    let hash = content_hash(bytes);
    match file_name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{file_name}-{hash}"),
    }
}

fn extension(file_name: &str) -> &str {
    file_name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &params)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own, which cargo keeps under its target directory's reach: the system's temporary folder.
    fn fresh_folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("gongxun-site-{test}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        folder_entries(folder)
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn publish_names_by_content_and_compresses_only_what_gains() {
        let folder = fresh_folder("publish");
        let mut site = Site::open(folder.clone()).unwrap();
        site.publish("css", "style.css", b"a{}").unwrap();
        site.publish("icon.png", "icon.png", b"png").unwrap();
        let manifest = site.finish().unwrap();
        let (css, icon) = (&manifest["css"], &manifest["icon.png"]);
        assert_eq!(
            names(&folder),
            [
                icon.clone(),
                MANIFEST.into(),
                css.clone(),
                format!("{css}.br"),
                format!("{css}.gz")
            ]
        );
        assert!(css.starts_with("style-") && css.ends_with(".css"), "{css}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn finish_takes_away_what_an_earlier_build_left() {
        let folder = fresh_folder("finish");
        for content in ["a{}", "b{}"] {
            let mut site = Site::open(folder.clone()).unwrap();
            site.publish("css", "style.css", content.as_bytes()).unwrap();
            site.finish().unwrap();
        }
        let expected = hashed_name("style.css", b"b{}");
        assert_eq!(
            names(&folder),
            [
                MANIFEST.into(),
                expected.clone(),
                format!("{expected}.br"),
                format!("{expected}.gz")
            ]
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
