//! What the operating system must provide, and its installation where that is missing.
//! Only Debian's and Ubuntu's package tool is known; elsewhere one sentence says what to install by hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::command::{self, find_program, is_root, say};
use crate::postgres;

/// Something to be found on the machine, and the package that brings it.
pub struct Need {
    pub what: &'static str,
    pub package: &'static str,
    pub is_present: fn() -> bool,
}

/// The solver is C++ built by cmake, and its bindings are generated through libclang.
pub const FOR_BUILD: &[Need] = &[
    Need {
        what: "a C and C++ compiler",
        package: "build-essential",
        is_present: has_compilers,
    },
    Need {
        what: "cmake",
        package: "cmake",
        is_present: || find_program("cmake").is_some(),
    },
    Need {
        what: "libclang",
        package: "libclang-dev",
        is_present: has_libclang,
    },
];

/// Schemathesis lives in a virtual environment.
pub const FOR_PYTHON: &[Need] = &[Need {
    what: "Python with virtual environments",
    package: "python3-venv",
    is_present: || command::quiet(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok(),
}];

/// The tests run on both databases and in a real browser that draws Chinese.
pub const FOR_TEST: &[Need] = &[
    Need {
        what: "PostgreSQL 15 or newer",
        package: "postgresql",
        is_present: || postgres::programs().is_ok(),
    },
    Need {
        what: "Chromium",
        package: "chromium",
        is_present: || chromium().is_ok(),
    },
    Need {
        what: "Chinese fonts",
        package: "fonts-noto-cjk",
        is_present: has_chinese_font,
    },
    Need {
        what: "Node",
        package: "nodejs",
        is_present: || find_program("node").is_some(),
    },
    Need {
        what: "npm",
        package: "npm",
        is_present: || find_program("npm").is_some(),
    },
];

/// Installs the packages of whatever is not present, and looks again.
pub fn install_missing<'n>(needs: impl Iterator<Item = &'n Need>) -> Result<()> {
    let missing: Vec<&Need> = needs.filter(|need| !(need.is_present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let by_hand = format!("sudo apt-get update && sudo apt-get install -y {}", packages.join(" "));
    say(&format!("install {}", packages.join(", ")));
    apt_install(&packages).with_context(|| format!("install by hand, then try again: {by_hand}"))?;
    for need in missing {
        let Need {
            what,
            package,
            is_present,
        } = need;
        ensure!(
            is_present(),
            "the package {package} is installed but {what} is still not found; install it by hand"
        );
    }
    Ok(())
}

fn apt_install(packages: &[&str]) -> Result<()> {
    ensure!(find_program("apt-get").is_some(), "this machine has no apt-get");
    command::run(as_root("apt-get")?.args(["update", "-qq"]))?;
    let mut install = as_root("apt-get")?;
    install
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages);
    command::run(install.stdin(Stdio::null()))
}

fn as_root(program: &str) -> Result<Command> {
    if is_root() {
        let mut command = Command::new(program);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Ok(command);
    }
    let may_sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    if !may_sudo {
        bail!("installing needs the superuser, and sudo would ask for a password");
    }
    let mut command = Command::new("sudo");
    command.args(["-n", "DEBIAN_FRONTEND=noninteractive", program]);
    Ok(command)
}

/// The system's browser. Ubuntu's `chromium-browser` is last: it may be a stub that only starts a snap.
pub fn chromium() -> Result<PathBuf> {
    ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"]
        .into_iter()
        .find_map(find_program)
        .context("no Chromium is installed; run: sudo apt-get install -y chromium")
}

fn has_compilers() -> bool {
    ["cc", "c++", "make"]
        .into_iter()
        .all(|program| find_program(program).is_some())
}

fn has_libclang() -> bool {
    let named = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let versioned = folder_entries(Path::new("/usr/lib"))
        .into_iter()
        .filter(|path| starts_with(path, "llvm"));
    let folders = versioned
        .map(|llvm| llvm.join("lib"))
        .chain(["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from))
        .chain(
            folder_entries(Path::new("/usr/lib"))
                .into_iter()
                .filter(|path| is_multiarch(path)),
        )
        .chain(named);
    folders
        .flat_map(|folder| folder_entries(&folder))
        .any(|file| is_libclang(&file))
}

/// `libclang.so.1` or `libclang-14.so.1`; `libclang-cpp.so.14` is another library.
fn is_libclang(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let version = name.strip_prefix("libclang-").and_then(|rest| rest.chars().next());
    name.starts_with("libclang.so") || version.is_some_and(|first| first.is_ascii_digit())
}

fn has_chinese_font() -> bool {
    command::quiet(Command::new("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.trim().is_empty())
}

fn is_multiarch(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-linux-gnu")
}

fn starts_with(path: &Path, prefix: &str) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
}

/// The paths in a folder, sorted; none if the folder cannot be read.
pub fn folder_entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_of_the_c_interface_is_told_from_its_cpp_sister() {
        for name in ["libclang.so", "libclang.so.1", "libclang-14.so.1", "libclang-19.so"] {
            assert!(is_libclang(Path::new(name)), "{name}");
        }
        for name in ["libclang-cpp.so.14", "libclang_rt.asan.so", "libclang.a"] {
            assert!(!is_libclang(Path::new(name)), "{name}");
        }
    }
}
