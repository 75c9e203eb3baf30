//! Builds the browser's half: cargo, then wasm-bindgen as a library, then wasm-opt where it is installed, then the style
//! sheets and assets, all published into the site folder.
//! It runs before the server is built, from the same tree: an island's name is a hash of its source, so a server and a
//! module of different trees do not find each other's islands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{self, say};
use crate::npm;
use crate::packages::folder_entries;
use crate::site::{Site, content_hash};
use crate::workspace::Workspace;
use crate::{css, prepare};

/// The modules, one for each kind of page: the feature that it is built with, and what a page loads it as
/// (`board-<hash>.js` and `board-<hash>.wasm`).
const MODULES: [&str; 3] = ["board", "form", "desk"];

/// Features of WebAssembly that rustc's output uses; every browser since 2022 has them.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

pub fn build(workspace: &Workspace) -> Result<()> {
    say("wasm: build the browser's half");
    let mut site = Site::open(workspace.site())?;
    for name in MODULES {
        let bound = bind_once(workspace, name, &compile(workspace, name)?)?;
        let (wasm, js) = (format!("{name}.wasm"), format!("{name}.js"));
        site.publish(&wasm, &wasm, &fs::read(bound.join(format!("{name}_bg.wasm")))?)?;
        site.publish(&js, &js, &fs::read(bound.join(&js))?)?;
    }
    site.publish(
        "css",
        "style.css",
        style(&workspace.root.join("frontend/style"))?.as_bytes(),
    )?;
    publish_assets(&mut site, &workspace.root.join("frontend/assets"))?;
    let manifest = site.finish()?;
    say(&format!("wasm: {}", sizes(&workspace.site(), &manifest)?));
    Ok(())
}

fn compile(workspace: &Workspace, name: &str) -> Result<Vec<u8>> {
    let target = prepare::WASM_TARGET;
    command::run(
        workspace
            .cargo("build")
            .args(["--package", "frontend", "--profile", "wasm", "--target", target])
            .args(["--no-default-features", "--features", name]),
    )?;
    let path = workspace.target.join(target).join("wasm/frontend.wasm");
    fs::read(&path).with_context(|| format!("{} is missing", path.display()))
}

/// The folder of the bound and optimised pair, made anew only when cargo's output or the tools have changed.
fn bind_once(workspace: &Workspace, name: &str, module: &[u8]) -> Result<PathBuf> {
    let wasm_opt = npm::wasm_opt(workspace);
    let tools = if wasm_opt.is_some() {
        WASM_OPT.join(" ")
    } else {
        "bound only".to_owned()
    };
    let shelf = workspace.target.join("wasm-bound").join(name);
    let folder = shelf.join(content_hash(&[module, tools.as_bytes()].concat()));
    if folder.is_dir() {
        return Ok(folder);
    }
    if shelf.is_dir() {
        fs::remove_dir_all(&shelf)?;
    }
    let partial = shelf.join("partial");
    bind(name, module, &partial)?;
    if let Some(mut wasm_opt) = wasm_opt {
        say("wasm: wasm-opt");
        let path = partial.join(format!("{name}_bg.wasm"));
        command::run(wasm_opt.args(WASM_OPT).arg(&path).arg("-o").arg(&path))?;
    }
    fs::rename(&partial, &folder)?;
    Ok(folder)
}

fn bind(name: &str, module: &[u8], folder: &Path) -> Result<()> {
    say(&format!("wasm: wasm-bindgen {name}"));
    let mut output = Bindgen::new()
        .input_bytes(name, module.to_vec())
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page names the hashed module itself, so no plain name is left in the script.
        .omit_default_module_path(true)
        .generate_output()
        .context("wasm-bindgen refused the module")?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency brings JavaScript files of its own, which the site does not publish; leave that feature off"
    );
    output.emit(folder).context("wasm-bindgen could not write its output")
}

fn style(folder: &Path) -> Result<String> {
    let names = file_names(folder)
        .into_iter()
        .filter(|name| name.ends_with(".css"))
        .collect();
    let mut all = String::new();
    for name in css::in_order(names) {
        all += &css::minify(&fs::read_to_string(folder.join(&name)).with_context(|| name.clone())?);
        all.push('\n');
    }
    Ok(all)
}

fn publish_assets(site: &mut Site, folder: &Path) -> Result<()> {
    for name in file_names(folder) {
        site.publish(&name, &name, &fs::read(folder.join(&name))?)?;
    }
    Ok(())
}

fn file_names(folder: &Path) -> Vec<String> {
    let files = folder_entries(folder).into_iter().filter(|path| path.is_file());
    files
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect()
}

/// `board-….wasm 412 kB (118 kB br), …` for modules and styles.
fn sizes(folder: &Path, manifest: &BTreeMap<String, String>) -> Result<String> {
    let mut parts = Vec::new();
    let keys = MODULES.map(|name| [format!("{name}.wasm"), format!("{name}.js")]);
    for key in keys.as_flattened().iter().map(String::as_str).chain(["css"]) {
        let name = &manifest[key];
        let plain = fs::metadata(folder.join(name))?.len();
        let compressed = fs::metadata(folder.join(format!("{name}.br")))?.len();
        parts.push(format!(
            "{name} {} kB ({} kB br)",
            plain.div_ceil(1000),
            compressed.div_ceil(1000)
        ));
    }
    Ok(parts.join(", "))
}
