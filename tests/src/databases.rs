//! A private database for every test, of both kinds.
//!
//! SQLite is a file in a directory of its own. PostgreSQL is a copy of a template that is migrated once a
//! process, in the cluster that `GONGXUN_TEST_POSTGRES` names (the URL of a superuser of a throw-away
//! cluster), or else in one that is made for this process and goes with it. A machine without PostgreSQL
//! fails these tests; nothing is skipped.

use anyhow::{Context, Result, ensure};
use backend::store::{Store, StoreConfig};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tokio::sync::OnceCell;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// One test's database; it goes when this goes.
pub struct TestDatabase {
    pub kind: Kind,
    pub url: String,
    home: Home,
}

/// Where a test database lives, and what is to be cleared away.
enum Home {
    Directory { _kept: TempDir },
    Server { admin_url: String, name: String },
}

impl TestDatabase {
    /// With the whole schema and no rows.
    pub async fn migrated(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let database = Self::empty(kind).await;
                Store::migrate(&database.config())
                    .await
                    .expect("a new file takes every step");
                database
            }
            Kind::Postgres => {
                let cluster = cluster().await;
                Self::on(cluster, &cluster.template)
                    .await
                    .expect("a copy of the template")
            }
        }
    }

    /// Without any table.
    pub async fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => {
                let directory = tempfile::tempdir().expect("a directory for the test's file");
                let url = format!("sqlite://{}?mode=rwc", directory.path().join("test.sqlite").display());
                Self {
                    kind,
                    url,
                    home: Home::Directory { _kept: directory },
                }
            }
            Kind::Postgres => Self::on(cluster().await, "template0").await.expect("a new database"),
        }
    }

    /// Settings for a test: few connections, because many tests share one server.
    pub fn config(&self) -> StoreConfig {
        StoreConfig {
            connections_max: 4,
            ..StoreConfig::new(&self.url)
        }
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.config()).await.expect("the test's database opens")
    }

    async fn on(cluster: &Cluster, template: &str) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "gongxun_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        // An earlier process of the same number may have been killed before it cleared away.
        run(
            &cluster.admin_url,
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await?;
        run(
            &cluster.admin_url,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await?;
        let home = Home::Server {
            admin_url: cluster.admin_url.clone(),
            name: name.clone(),
        };
        Ok(Self {
            kind: Kind::Postgres,
            url: with_database(&cluster.admin_url, &name),
            home,
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Home::Server { admin_url, name } = &self.home else {
            return;
        };
        let (admin_url, sql) = (
            admin_url.clone(),
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
        // A thread of its own: the test's runtime may be the one that is dropping this.
        let cleared = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(run(&admin_url, &sql))
        });
        if !matches!(cleared.join(), Ok(Ok(()))) {
            eprintln!("the test database {name} could not be dropped");
        }
    }
}

/// How many wait for a lock in a PostgreSQL database.
pub async fn waiting(store: &Store) -> Result<i64> {
    let ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let tx = store.read().await?;
    let row = tx
        .query_one_raw(Statement::from_string(DbBackend::Postgres, ask))
        .await?;
    Ok(row.context("a count")?.try_get_by_index(0)?)
}

/// A PostgreSQL server with a migrated template.
struct Cluster {
    admin_url: String,
    template: String,
    /// Ours, when nobody named one: it stops when its standard input ends, which is when this process ends.
    _server: Option<Child>,
}

async fn cluster() -> &'static Cluster {
    static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
    let ready = CLUSTER.get_or_try_init(prepare).await;
    ready.expect("a PostgreSQL server: install it, or name a throw-away cluster in GONGXUN_TEST_POSTGRES")
}

async fn prepare() -> Result<Cluster> {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests, read once")]
    let named = std::env::var("GONGXUN_TEST_POSTGRES").ok();
    let (admin_url, server) = match named {
        Some(url) => (url, None),
        None => start_server(FORGETFUL).map(|(url, server)| (url, Some(server)))?,
    };
    let template = format!("gongxun_template_{}", std::process::id());
    run(&admin_url, &format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)")).await?;
    run(&admin_url, &format!("CREATE DATABASE {template} TEMPLATE template0")).await?;
    Store::migrate(&StoreConfig::new(with_database(&admin_url, &template))).await?;
    Ok(Cluster {
        admin_url,
        template,
        _server: server,
    })
}

/// Makes a cluster in a new directory, says where once it answers, and clears it away when standard input ends.
/// It listens on a socket in that directory only.
const SERVER: &str = r#"
trap '' INT TERM HUP
PATH="$PATH:$(pg_config --bindir 2>/dev/null):$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
home="$(mktemp -d)" && cd "$home" || exit 1
initdb --pgdata=data --username=gongxun --auth=trust --encoding=UTF8 --no-locale --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
options="-k $home -c listen_addresses= -c max_connections=400 $1"
pg_ctl --pgdata=data --log=server.log --options="$options" --wait start >pg_ctl.log 2>&1 || { cat pg_ctl.log server.log >&2; exit 1; }
# The server and every process of it.
all() {
    server="$(head -n 1 data/postmaster.pid)"
    kill "-$1" "$server" $(cat "/proc/$server/task/$server/children")
}
echo "$home"
while read -r word; do
    case "$word" in
        stop) pg_ctl --pgdata=data --mode=immediate stop >/dev/null 2>&1 ;;
        start) pg_ctl --pgdata=data --log=server.log --options="$options" --wait start >/dev/null 2>&1 ;;
        hang) all STOP ;;
        go) all CONT ;;
    esac
    echo "$word"
done
all CONT
pg_ctl --pgdata=data --mode=immediate stop >/dev/null 2>&1
cd / && rm -rf "$home"
"#;

/// PostgreSQL refuses to run as root.
const AS_ORDINARY_USER: &str = r#"
if [ "$(id -u)" -ne 0 ]; then exec sh -c "$1" sh "$2"; fi
exec runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" -- sh -c "$1" sh "$2"
"#;

/// Nothing in a test's database is worth an fsync.
const FORGETFUL: &str = "-c fsync=off -c full_page_writes=off";

fn start_server(options: &str) -> Result<(String, Child)> {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", AS_ORDINARY_USER, "sh", SERVER, options])
        .current_dir("/");
    let mut server = shell
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("a shell")?;
    let output = server.stdout.as_mut().context("the shell's output")?;
    let mut home = String::new();
    // Nothing more comes before something is asked for, so the reader takes nothing away.
    BufReader::new(output).read_line(&mut home)?;
    let home = home.trim();
    ensure!(!home.is_empty(), "PostgreSQL did not start; its reasons stand above");
    Ok((format!("postgres://gongxun@localhost/postgres?host={home}"), server))
}

/// A PostgreSQL server of one test, which may stop and start it.
pub struct OwnServer {
    url: String,
    server: Child,
    answers: BufReader<ChildStdout>,
}

impl OwnServer {
    pub fn start() -> Result<Self> {
        Self::with(FORGETFUL)
    }

    /// One that syncs every commit, as it must where data is kept.
    pub fn durable() -> Result<Self> {
        Self::with("-c fsync=on")
    }

    fn with(options: &str) -> Result<Self> {
        let (url, mut server) = start_server(options)?;
        let answers = server.stdout.take().context("the shell's output")?;
        Ok(Self {
            url,
            server,
            answers: BufReader::new(answers),
        })
    }

    /// A new database without any table.
    pub async fn database(&self, name: &str) -> Result<String> {
        run(&self.url, &format!("CREATE DATABASE {name} TEMPLATE template0")).await?;
        Ok(with_database(&self.url, name))
    }

    /// Ends every connection at once, as a crash does.
    pub fn stop(&mut self) -> Result<()> {
        self.tell("stop")
    }

    pub fn start_again(&mut self) -> Result<()> {
        self.tell("start")
    }

    /// Keeps every connection and says nothing more.
    pub fn hang(&mut self) -> Result<()> {
        self.tell("hang")
    }

    pub fn go_on(&mut self) -> Result<()> {
        self.tell("go")
    }

    fn tell(&mut self, word: &str) -> Result<()> {
        let input = self.server.stdin.as_mut().context("the shell's input")?;
        writeln!(input, "{word}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        ensure!(answer.trim() == word, "the server's shell has ended");
        Ok(())
    }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (head, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(head, query)| (head, format!("?{query}")));
    let host = head.find("://").map_or(0, |at| at + 3);
    let end = head[host..].find('/').map_or(head.len(), |at| host + at);
    format!("{}/{name}{query}", &head[..end])
}

async fn run(url: &str, sql: &str) -> Result<()> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let database = sea_orm::Database::connect(options).await?;
    database.execute_unprepared(sql).await?;
    Ok(database.close().await?)
}
