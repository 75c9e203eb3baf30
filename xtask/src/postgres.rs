//! A PostgreSQL cluster for one test run: made in a fresh folder by an ordinary user, listening on loopback only, and
//! gone at the end, also after Ctrl-C or a kill.
//! It does not sync to disk, so tests that cut the power need a cluster of their own.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::command::{self, find_program, is_root};
use crate::packages::folder_entries;

/// The oldest release on which the tests are known to hold.
const MAJOR_MIN: u32 = 15;

/// Settings of a cluster that is thrown away. Parallel workers stay off: small containers have too little shared memory.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 400
fsync = off
synchronous_commit = off
full_page_writes = off
max_parallel_workers_per_gather = 0
";

/// Waits for its input to end, which happens however the parent dies, then stops the server and removes the folder.
const GUARD: &str = r#"trap "" INT TERM HUP; cat >/dev/null; folder=$1; shift; "$@" >/dev/null 2>&1; rm -rf "$folder""#;

/// A running cluster; dropping it stops the server and removes its folder.
pub struct Cluster {
    port: u16,
    guard: Child,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let owner = owner()?;
        let folder = fresh_folder(owner.as_deref())?;
        let data = folder.join("data");
        let run_as_owner = |program: &str| as_owner(owner.as_deref(), &programs.join(program), &folder);

        let mut stop = run_as_owner("pg_ctl");
        stop.args(["stop", "--mode=immediate", "--pgdata"]).arg(&data);
        let guard = guard(&folder, &stop)?;
        // From here on the folder is taken away whatever happens.
        let mut cluster = Self { port: 0, guard };

        let mut initdb = run_as_owner("initdb");
        initdb.args([
            "--username=gongxun",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--pgdata",
        ]);
        command::quiet(initdb.arg(&data))?;
        cluster.port = free_port()?;
        configure(&data, cluster.port, &folder)?;

        let log = folder.join("log");
        let mut start = run_as_owner("pg_ctl");
        start
            .args(["start", "--wait", "--silent", "--pgdata"])
            .arg(&data)
            .arg("--log")
            .arg(&log);
        // The server would inherit a pipe and hold it open for ever, so nothing is captured: its words are in the log.
        let status = start
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        ensure!(
            status.success(),
            "PostgreSQL did not start: {}",
            fs::read_to_string(&log).unwrap_or_default().trim()
        );
        Ok(cluster)
    }

    /// The superuser's address; tests make databases of their own.
    pub fn url(&self) -> String {
        format!("postgres://gongxun@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("PostgreSQL's guard could not be awaited: {error}");
        }
    }
}

/// In a process group of its own, so that a Ctrl-C in the terminal does not reach it.
fn guard(folder: &Path, stop: &Command) -> Result<Child> {
    Command::new("sh")
        .args(["-c", GUARD, "sh"])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .stdin(Stdio::piped())
        .process_group(0)
        .spawn()
        .context("PostgreSQL's guard could not be started")
}

fn configure(data: &Path, port: u16, sockets: &Path) -> Result<()> {
    let mut file = OpenOptions::new().append(true).open(data.join("postgresql.conf"))?;
    write!(
        file,
        "{SETTINGS}port = {port}\nunix_socket_directories = '{}'\n",
        sockets.display()
    )?;
    Ok(())
}

/// Nobody holds this port now; should someone take it before PostgreSQL does, the start fails and says so.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn fresh_folder(owner: Option<&str>) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("gongxun-postgres-{}", std::process::id()));
    fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    if let Some(owner) = owner {
        command::quiet(Command::new("chown").arg(owner).arg(&folder))?;
    }
    Ok(folder)
}

/// PostgreSQL refuses to run as the superuser, who therefore lends the cluster to an ordinary user.
fn owner() -> Result<Option<String>> {
    if !is_root() {
        return Ok(None);
    }
    let exists = |user: &&str| command::quiet(Command::new("id").arg(user)).is_ok();
    let user = ["postgres", "nobody"].into_iter().find(exists);
    user.map(|user| Some(user.to_owned()))
        .context("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

fn as_owner(owner: Option<&str>, program: &Path, folder: &Path) -> Command {
    let mut command = match owner {
        None => Command::new(program),
        Some(owner) => {
            let mut command = Command::new("runuser");
            command.args(["-u", owner, "--"]).arg(program);
            command
        }
    };
    command.current_dir(folder);
    command
}

/// The folder of the newest server programs: Debian's, which are not on the search path, or else those that are.
pub fn programs() -> Result<PathBuf> {
    let packaged = folder_entries(Path::new("/usr/lib/postgresql"))
        .into_iter()
        .map(|version| version.join("bin"));
    let on_path = find_program("initdb").and_then(|program| Some(program.parent()?.to_owned()));
    packaged
        .chain(on_path)
        .filter(|folder| {
            ["initdb", "pg_ctl", "postgres"]
                .iter()
                .all(|program| folder.join(program).is_file())
        })
        .filter_map(|folder| {
            Some((
                major(&command::quiet(Command::new(folder.join("initdb")).arg("--version")).ok()?)?,
                folder,
            ))
        })
        .filter(|(major, _)| *major >= MAJOR_MIN)
        .max_by_key(|(major, _)| *major)
        .map(|(_, folder)| folder)
        .with_context(|| {
            format!("no PostgreSQL {MAJOR_MIN} or newer is installed; run: sudo apt-get install -y postgresql")
        })
}

/// The 15 of `initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_reads_releases_and_betas() {
        assert_eq!(major("initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("initdb (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("initdb"), None);
    }
}
