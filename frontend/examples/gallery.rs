//! Draws every page with hand-made views into a folder, in both languages, to look at them without a server:
//! `cargo run -p frontend --features ssr --example gallery -- FOLDER`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use frontend::Lang;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "gallery".into());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    let mut sheets: Vec<_> = std::fs::read_dir(style)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    let rank = |path: &Path| {
        ["tokens.css", "base.css"]
            .iter()
            .position(|first| path.ends_with(first))
            .unwrap_or(2)
    };
    sheets.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    let css: Vec<String> = sheets
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect();
    std::fs::write(folder.join("style.css"), css.join("\n"))?;
    for lang in Lang::ALL {
        for sheet in samples::gallery::sheets(lang) {
            let name = format!("{}.{}.html", sheet.name, lang.code());
            std::fs::write(folder.join(name), samples::gallery::html(lang, sheet, "style.css"))?;
        }
    }
    Ok(())
}
