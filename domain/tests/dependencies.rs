//! What may stand where, held by a test: the crates that `domain` knows, and the words that belong to one place each.
//!
//! The sources are read as text, without comments; that is enough to find a path such as `axum::`, and a name that is
//! hidden behind another one is the compiler's and the reader's business. To give a word a new place, edit the tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All that the words and the law may be built on.
const DOMAIN_MAY_USE: [&str; 6] = ["serde", "chrono", "uuid", "thiserror", "strum", "utoipa"];

/// Of these, what only a feature brings in.
const DOMAIN_MAY_USE_OPTIONALLY: [&str; 1] = ["utoipa"];

/// Words of the code and the only places for them: a file, or a folder with a slash at its end.
struct Limit {
    words: &'static [&'static str],
    within: &'static str,
    only_in: &'static [&'static str],
    because: &'static str,
}

const LIMITS: [Limit; 7] = [
    Limit {
        words: &["sea_orm::", "sea_orm_migration::"],
        within: "",
        only_in: &["backend/src/store/", "backend/src/store.rs", "migrations/", "tests/"],
        because: "a use case speaks to the store, and the store alone to the database",
    },
    Limit {
        words: &["axum::"],
        within: "",
        only_in: &[
            "backend/src/edge/",
            "backend/src/door.rs",
            "backend/src/headers.rs",
            "backend/src/http.rs",
            "backend/src/http/",
            "backend/src/openapi.rs",
            "backend/src/pages.rs",
            "backend/src/pages/",
            "backend/src/problem.rs",
            "backend/src/router.rs",
            "backend/src/serve.rs",
            "backend/src/session.rs",
            "backend/src/site.rs",
            "backend/src/sse.rs",
            "tests/",
        ],
        because: "a use case knows nothing of HTTP",
    },
    Limit {
        words: &[".work()"],
        within: "backend/src/",
        only_in: &[
            "backend/src/account.rs",
            "backend/src/app.rs",
            "backend/src/commands/user.rs",
            "backend/src/invitations.rs",
            "backend/src/jobs.rs",
            "backend/src/notices/delivery.rs",
            "backend/src/personal.rs",
            "backend/src/second_factors.rs",
            "backend/src/session.rs",
            "backend/src/session/",
            "backend/src/sign_on.rs",
            "backend/src/store/",
            "backend/src/tries.rs",
        ],
        because: "a use case writes in the change that it is handed, which has its key",
    },
    Limit {
        words: &["good_lp::", "highs::", "highs_sys::"],
        within: "",
        only_in: &["solver/src/"],
        because: "only the solver knows mathematics",
    },
    Limit {
        words: &["SystemTime::now", "Instant::now", "Utc::now", "Local::now"],
        within: "",
        only_in: &[
            "backend/src/clock.rs",
            "xtask/",
            "tests/",
            "backend/tests/",
            "domain/tests/",
            "solver/tests/",
            "solver/examples/",
        ],
        because: "time comes in as a value; backend/src/clock.rs reads the only clock",
    },
    Limit {
        words: &["fetch_with_str", "fetch_with_request", "window.fetch", "window().fetch"],
        within: "",
        only_in: &["frontend/src/client.rs", "frontend/src/client/"],
        because: "every call of the browser goes through one function",
    },
    Limit {
        words: &["async fn", "async move", "async {", "async |", ".await"],
        within: "domain/",
        only_in: &[],
        because: "the domain waits for nothing",
    },
];

/// A longer file says why in its module comment, with these words.
const LINES_MAX: usize = 400;
const LONGER_BECAUSE: &str = "longer than 400 lines because";

/// Folders, at any depth, that hold nothing of ours; so do hidden ones.
const SKIPPED: [&str; 2] = ["target", "node_modules"];

/// This file names every word.
const THIS_FILE: &str = "domain/tests/dependencies.rs";

#[test]
fn domain_is_built_on_little() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs, because it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let domain = packages
        .iter()
        .find(|package| package["name"] == "domain")
        .expect("the workspace has a domain");
    // The kind of a normal dependency is null.
    let normal = |one: &&serde_json::Value| one["kind"].is_null();
    for one in domain["dependencies"].as_array().expect("a list").iter().filter(normal) {
        let name = one["name"].as_str().expect("a name");
        assert!(DOMAIN_MAY_USE.contains(&name), "domain must not depend on {name}");
        let optional = one["optional"] == true;
        assert_eq!(
            optional,
            DOMAIN_MAY_USE_OPTIONALLY.contains(&name),
            "{name} is optional or not"
        );
    }
}

#[test]
fn a_word_stands_only_in_its_place() {
    let sources = sources();
    let mut strays = BTreeSet::new();
    for limit in &LIMITS {
        let judged = |path: &str| path.starts_with(limit.within) && !is_in(path, limit.only_in);
        for (path, text) in sources.iter().filter(|(path, _)| judged(path)) {
            for (n, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in limit.words.iter().filter(|word| says(code, word)) {
                    strays.insert(format!("{path}:{}: `{word}`, but {}", n + 1, limit.because));
                }
            }
        }
    }
    assert!(strays.is_empty(), "{}", list(&strays));
}

#[test]
fn a_long_file_says_why() {
    let unexplained = |(path, text): &(String, String)| {
        let lines = text.lines().count();
        let comment: Vec<&str> = text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(str::trim)
            .collect();
        let explained = lines <= LINES_MAX || comment.join(" ").contains(LONGER_BECAUSE);
        (!explained).then(|| format!("{path}: {lines} lines; split it, or say that it is {LONGER_BECAUSE} …"))
    };
    let found: BTreeSet<String> = sources().iter().filter_map(unexplained).collect();
    assert!(found.is_empty(), "{}", list(&found));
}

#[test]
fn every_place_in_the_tables_is_told_from_its_neighbours() {
    assert!(is_in("backend/src/store/tx.rs", &["backend/src/store/"]));
    assert!(is_in("backend/src/sse.rs", &["backend/src/sse.rs"]));
    assert!(!is_in("backend/src/sse.rs.rs", &["backend/src/sse.rs"]));
    assert!(!is_in("domain/tests/a.rs", &["tests/"]));
    assert!(says("use axum::Router;", "axum::") && says("(std::time::Instant::now)()", "Instant::now"));
    assert!(!says("use my_axum::Router;", "axum::") && !says("use sea_orm_migration::X;", "sea_orm::"));
    assert!(!says("prefetch_with_string()", "fetch_with_str"));
}

fn is_in(path: &str, places: &[&str]) -> bool {
    places
        .iter()
        .any(|place| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

/// Whether the code has the word at the beginning of a name, or anywhere if the word begins with a sign.
fn says(code: &str, word: &str) -> bool {
    let of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    let begins_a_name = word.starts_with(of_a_name);
    code.match_indices(word)
        .any(|(at, _)| !begins_a_name || !code[..at].ends_with(of_a_name))
}

fn list(found: &BTreeSet<String>) -> String {
    found.iter().map(|line| format!("\n  {line}")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
        .to_owned()
}

/// Every Rust file of the workspace by its path from the root, with slashes, and its text.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .expect("a folder of the workspace can be read")
            .flatten()
        {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let from_root = path.strip_prefix(&root).expect("it lies in the workspace");
            let from_root = from_root.to_string_lossy().replace('\\', "/");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let is_ours = !name.starts_with('.') && !SKIPPED.contains(&name.as_str());
                folders.extend(is_ours.then_some(path));
            } else if name.ends_with(".rs") && from_root != THIS_FILE {
                // A file that vanishes while it is being read was not part of the workspace.
                sources.extend(fs::read_to_string(&path).ok().map(|text| (from_root, text)));
            }
        }
    }
    assert!(sources.len() > 1, "the workspace has sources");
    sources
}
