//! What keeps the data: a backup brings everything back into either kind of database, but for the ways in, and an old or
//! altered one is found before it does harm. What the program writes is its own user's.

use super::desk::{Desk, form, lathe_draft, run, said};
use super::doors::store;
use backend::store::Store;
use domain::api::*;
use domain::people::Role;
use rstest::rstest;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use tests::databases::{Kind, TestDatabase};

fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[rstest]
#[case(Kind::Sqlite, Kind::Postgres)]
#[case(Kind::Postgres, Kind::Sqlite)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_one_database_comes_back_in_the_other(#[case] from: Kind, #[case] into: Kind) {
    let desk = Desk::open(from).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let submit = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: lathe_draft(&new),
    };
    trainer.call(&submit).await.expect("submitted");
    let admin = desk.server.client(desk.server.login_of(Role::SystemAdmin)).await;
    let invite = InvitePerson {
        role: Role::Coordinator,
        organization: None,
        days: 7,
    };
    admin.expect("signed in").call(&invite).await.expect("a link");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("monday.backup");
    let taken = desk.run(&["backup", path(&file)]).await;
    assert!(taken.status.success(), "{}", said(&taken));

    let other = TestDatabase::empty(into).await;
    let restored = run(&["restore", path(&file)], folder.path(), &other.url).await;
    assert!(restored.status.success(), "{}", said(&restored));
    let shut = "2 sessions of the backup are ended and 1 open invitations taken back";
    assert!(said(&restored).contains(shut), "{}", said(&restored));
    let (was, is) = (store(&desk).await, other.open().await);
    let (was, is) = (was.read().await.expect("a read"), is.read().await.expect("a read"));
    let tables = backend::store::copy::tables(&was).await.expect("tables");
    assert!(
        tables.len() > 20,
        "every table is copied, and not only {}",
        tables.len()
    );
    for table in tables {
        let mut rows = [Vec::new(), Vec::new()];
        for (tx, rows) in [&was, &is].into_iter().zip(&mut rows) {
            let known = backend::store::copy::tables(tx).await.expect("tables");
            let known = known
                .iter()
                .find(|known| known.name == table.name)
                .expect("the same tables");
            backend::store::copy::read(tx, known, &mut |row| {
                rows.push(format!("{row:?}"));
                Ok(())
            })
            .await
            .expect("rows");
            // The two kinds of database sort texts in their own ways.
            rows.sort();
        }
        // Whoever came in before the backup comes in anew, and whoever was invited is invited anew.
        let ways_in = match table.name.as_str() {
            "sessions" => 2,
            "invitations" => 1,
            _ => 0,
        };
        assert_eq!(rows[0].len(), rows[1].len() + ways_in, "{}", table.name);
        if ways_in == 0 {
            assert_eq!(rows[0], rows[1], "{}", table.name);
        }
    }
    let again = run(&["restore", path(&file)], folder.path(), &other.url).await;
    assert!(
        !again.status.success() && said(&again).contains("not empty"),
        "{}",
        said(&again)
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_drill_restores_verifies_boots_signs_in_and_reads(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let scratch = TestDatabase::empty(kind).await;
    let drilled = desk.run(&["drill", "--scratch-url", &scratch.url]).await;
    let told = said(&drilled);
    assert!(drilled.status.success(), "{told}");
    for needed in [
        "restored ",
        "I10  holds",
        "booted at",
        "signed in as",
        "read the week of",
        "went well",
    ] {
        assert!(told.contains(needed), "{needed}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_tells_nobody_outside_anything() {
    let desk = Desk::open(Kind::Sqlite).await;
    let outside = TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "a-secret-of-the-tests-0123456789").expect("written");
    let url = format!("http://{}/hook", outside.local_addr().expect("an address"));
    let mut drill = std::process::Command::new(tests::binary().expect("the program is built"));
    drill.arg("drill").arg("--data-dir").arg(desk.server.data_dir());
    drill
        .env("GONGXUN_WEBHOOK_URL", url)
        .env("GONGXUN_WEBHOOK_SECRET_FILE", secret);
    let drilled = tokio::task::spawn_blocking(move || drill.output()).await;
    let drilled = drilled.expect("no panic").expect("it runs");
    assert!(drilled.status.success(), "{}", said(&drilled));
    // Whoever had called would still be waiting.
    outside.set_nonblocking(true).expect("a listener");
    let nobody = outside.accept().expect_err("nobody has called");
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

/// Each file below a folder that somebody else than its owner may read, write or run.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let about = entry.metadata().expect("its mode");
        if about.permissions().mode() & 0o077 != 0 {
            open.push(format!("{} {:o}", entry.path().display(), about.permissions().mode()));
        }
        if about.is_dir() {
            open.extend(open_to_others(&entry.path()));
        }
    }
    open
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_writes_is_read_by_its_own_user_alone(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    desk.signed_in("li.jishi").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| path(&folder.path().join(name)).to_owned();
    let (backup, person, log) = (file("a.backup"), file("person.json"), file("log"));
    for words in [
        vec!["backup", &backup],
        vec!["user", "export", "--alliance", "chuxiong", "li.jishi", "-o", &person],
        vec!["verify", "--log-dir", &log],
    ] {
        let done = desk.run(&words).await;
        assert!(done.status.success(), "{words:?}: {}", said(&done));
    }
    let written = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(written, 3, "backup, export and log");
    assert_eq!(open_to_others(folder.path()), Vec::<String>::new());
    assert!(desk.server.data_dir().join("audit-heads.log").exists());
    assert_eq!(open_to_others(desk.server.data_dir()), Vec::<String>::new());
}

/// Not one step of the schema was taken.
async fn is_untouched(target: &TestDatabase) -> bool {
    let why = Store::open(&target.config())
        .await
        .expect_err("there is nothing to open");
    why.to_string()
        .contains(&format!("{} steps older", migrations::steps().len()))
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_old_and_an_altered_backup_are_found(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("old.backup");
    assert!(desk.run(&["backup", path(&file)]).await.status.success());
    // Coming in is a change that was acknowledged after the backup.
    desk.signed_in("li.jishi").await;
    let target = TestDatabase::empty(kind).await;
    let refused = run(&["restore", path(&file)], desk.server.data_dir(), &target.url).await;
    assert!(
        !refused.status.success() && said(&refused).contains("ends before it"),
        "{}",
        said(&refused)
    );
    let last = desk.anchored().pop().expect("an end");
    let noted = format!("{} {} {}", last.alliance, last.seq, last.sha256);
    let refused = run(&["restore", path(&file), "--noted", &noted], folder.path(), &target.url).await;
    assert!(!refused.status.success(), "{}", said(&refused));

    let bytes = std::fs::read(&file).expect("the file");
    let mut altered = bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let foreign = std::fs::read(desk.server.data_dir().join("demo-logins.json")).expect("another file");
    for (bad, why) in [
        (&altered[..], "an altered one"),
        (&bytes[..middle], "half of one"),
        (&bytes[..bytes.len() - 1], "all but the last byte"),
        (&foreign[..], "another file"),
        (b"", "an empty one"),
    ] {
        let place = folder.path().join("new");
        let other = folder.path().join("bad.backup");
        std::fs::write(&other, bad).expect("written");
        for command in ["restore", "drill"] {
            let refused = run(&[command, path(&other)], &place, &target.url).await;
            let told = said(&refused);
            let named = told.contains("bad.backup is damaged or no backup")
                || told.contains("bad.backup was altered")
                || told.contains("bad.backup ends too early");
            assert!(!refused.status.success() && named, "{command} of {why}: {told}");
            assert!(!told.contains("panicked"), "{command} of {why}: {told}");
            assert!(!place.exists(), "{command} of {why} leaves something behind");
        }
        let refused = run(&["restore", path(&folder.path().join("none"))], &place, &target.url).await;
        assert!(
            !refused.status.success() && said(&refused).contains("cannot open"),
            "{}",
            said(&refused)
        );
    }
    assert!(is_untouched(&target).await, "nothing was written to the database");
    let accepted = run(
        &["restore", path(&file), "--older"],
        desk.server.data_dir(),
        &target.url,
    )
    .await;
    assert!(accepted.status.success(), "{}", said(&accepted));
    let verified = run(&["verify"], desk.server.data_dir(), &target.url).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// Half a year of server log is the least; the audit log is never shortened by anything, see `store::audit`.
#[tokio::test]
async fn fewer_days_of_log_than_the_law_asks_for_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (days, taken) in [
        ("183", false),
        ("0", false),
        ("-1", false),
        ("184", true),
        ("3650", true),
    ] {
        let words = ["migrate", &format!("--log-days={days}")];
        let url = backend::config::Config::sqlite_url(folder.path());
        let told = run(&words, folder.path(), &url).await;
        assert_eq!(told.status.success(), taken, "{days}: {}", said(&told));
        assert!(taken || said(&told).contains("184"), "{days}: {}", said(&told));
    }
    let mut command = std::process::Command::new(tests::binary().expect("the program is built"));
    command.args(["migrate", "--data-dir"]).arg(folder.path());
    let by_setting = command.env("GONGXUN_LOG_DAYS", "30").output().expect("it runs");
    assert!(
        !by_setting.status.success() && said(&by_setting).contains("184"),
        "{}",
        said(&by_setting)
    );
}

/// A journal or a container's log would keep the codes of colors.
#[test]
fn a_log_that_goes_to_no_terminal_is_plain() {
    let folder = tempfile::tempdir().expect("a folder");
    // Without a proxy that is trusted, it begins with a doubt.
    let mut server = Command::new(tests::binary().expect("the program"))
        .args(["serve", "--listen", "127.0.0.1:0", "--secure-cookies", "--data-dir"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(server.stderr.take().expect("its words"));
    let mut doubt = String::new();
    said.read_line(&mut doubt).expect("a line");
    server.kill().expect("it is killed");
    server.wait().expect("it ends");
    assert!(doubt.contains(" WARN ") && !doubt.contains('\u{1b}'), "{doubt:?}");
}
