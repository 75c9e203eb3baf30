//! Running other programs, and saying so in one line first.
//! No shell is involved: arguments are passed as they are.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail, ensure};

/// One line that says what happens next.
pub fn say(text: &str) {
    println!("==> {text}");
}

/// Runs to the end with our own input and output; a failure names the command to repeat by hand.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    ensure!(status.success(), "`{}` failed ({status})", line(command));
    Ok(())
}

/// Runs quietly and returns what was printed; on failure the error carries it.
pub fn quiet(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}): {}",
            line(command),
            output.status,
            format!("{stdout}{stderr}").trim()
        );
    }
    Ok(stdout)
}

/// What a relayed program printed on both its outputs, and whether it ended well.
pub struct Relayed {
    pub text: String,
    pub success: bool,
}

/// Runs with its output shown as it comes and kept as well, for reading a summary out of it.
pub fn relay(command: &mut Command) -> Result<Relayed> {
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    let stdout = child.stdout.take().context("the child's output is piped")?;
    let stderr = child.stderr.take().context("the child's errors are piped")?;
    let errors = thread::spawn(move || copy_lines(stderr, std::io::stderr()));
    let mut text = copy_lines(stdout, std::io::stdout())?;
    text += &errors
        .join()
        .map_err(|_| anyhow!("the thread that shows errors panicked"))??;
    let success = child.wait()?.success();
    Ok(Relayed { text, success })
}

fn copy_lines(from: impl Read, mut to: impl Write) -> Result<String> {
    let mut from = BufReader::new(from);
    let mut kept = String::new();
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes)? > 0 {
        to.write_all(&bytes)?;
        kept += &String::from_utf8_lossy(&bytes);
        bytes.clear();
    }
    Ok(kept)
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The first program of this name on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Whether this process is the superuser, who needs no sudo and whom PostgreSQL refuses to run as.
pub fn is_root() -> bool {
    quiet(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relay_keeps_both_outputs_and_the_verdict() {
        let relayed = relay(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert_eq!(relayed.text, "out\nerr\n");
        assert!(!relayed.success);
    }

    #[test]
    fn a_failing_command_is_named_with_what_it_said() {
        let error = quiet(Command::new("sh").args(["-c", "echo no room >&2; exit 1"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("sh -c") && error.contains("no room"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("gongxun-no-such-program"))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "`gongxun-no-such-program` could not be started");
    }
}
