//! The compiled site: hashed assets with their compressed siblings, read once at the start and served from memory.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use std::collections::HashMap;
use std::path::Path;

#[derive(Default)]
pub struct Site {
    /// Plain name → hashed name, from `manifest.json`.
    pub manifest: HashMap<String, String>,
    files: HashMap<String, Asset>,
}

struct Asset {
    kind: &'static str,
    plain: bytes::Bytes,
    brotli: Option<bytes::Bytes>,
    gzip: Option<bytes::Bytes>,
}

impl Site {
    /// Without a compiled site pages still read, only islands sleep; that is said once in the log.
    pub fn read(dir: &Path) -> Self {
        let manifest = std::fs::read(dir.join("manifest.json"))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        let Some(manifest): Option<HashMap<String, String>> = manifest else {
            tracing::warn!(dir = %dir.display(), "no compiled site here: run `cargo xtask wasm` or set GONGXUN_SITE_DIR");
            return Self::default();
        };
        let read = |name: &str| std::fs::read(dir.join(name)).ok().map(bytes::Bytes::from);
        let asset = |name: &String| {
            let plain = read(name)?;
            let (brotli, gzip) = (read(&format!("{name}.br")), read(&format!("{name}.gz")));
            Some((
                name.clone(),
                Asset {
                    kind: content_type(name),
                    plain,
                    brotli,
                    gzip,
                },
            ))
        };
        let files = manifest.values().filter_map(asset).collect();
        Self { manifest, files }
    }

    /// The address of an asset by its plain name.
    pub fn address(&self, name: &str) -> String {
        self.manifest
            .get(name)
            .map(|hashed| format!("/assets/{hashed}"))
            .unwrap_or_default()
    }

    pub fn respond(&self, name: &str, headers: &HeaderMap) -> Response<Body> {
        let Some(asset) = self.files.get(name) else {
            let missing = Response::builder().status(StatusCode::NOT_FOUND).body(Body::empty());
            return missing.expect("a response of known parts");
        };
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let (coding, bytes) = match (&asset.brotli, &asset.gzip) {
            (Some(brotli), _) if accepted.contains("br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepted.contains("gzip") => (Some("gzip"), gzip),
            _ => (None, &asset.plain),
        };
        let mut reply = Response::builder()
            .header(header::CONTENT_TYPE, asset.kind)
            .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
            .header(header::VARY, "accept-encoding");
        if let Some(coding) = coding {
            reply = reply.header(header::CONTENT_ENCODING, coding);
        }
        reply
            .body(Body::from(bytes.clone()))
            .expect("a response of known parts")
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("wasm") => "application/wasm",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
