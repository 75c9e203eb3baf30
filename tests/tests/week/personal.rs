//! What is kept about a person: shown with its middle hidden, handed out whole to the person alone, and erased so that
//! nothing of it is left in any table or in the database's file.

mod marked;
mod swept;

use super::desk::{Desk, code, said};
use super::doors::store;
use backend::clock::new_id;
use backend::store::audit;
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use domain::phone::PhoneText;
use marked::{Marked, dump, in_files, tables_with};
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeMap;
use tests::databases::Kind;
use tests::server::Client;

const TYPED: &str = "138 0000 5678";
const NUMBER: &str = "+8613800005678";
const MASKED: &str = "138****5678";

async fn of_role(desk: &Desk, role: Role) -> Client {
    desk.server.client(desk.server.login_of(role)).await.expect("a login")
}

fn typed(number: &str) -> PhoneText {
    PhoneText(number.into())
}

fn alliance() -> AllianceId {
    AllianceId::new("chuxiong")
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_shown_with_its_middle_hidden_and_each_sight_of_it_is_noted(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (trainer, admin) = (
        desk.signed_in("li.jishi").await,
        of_role(&desk, Role::OrganizationAdmin).await,
    );
    let system = of_role(&desk, Role::SystemAdmin).await;
    let person = PersonId::new("li.jishi");
    let reveal = RevealPhone { person: person.clone() };
    assert_eq!(
        code(&admin, &reveal).await,
        Some(ProblemCode::NotFound),
        "there is none"
    );
    let wrong = trainer.call(&SetOwnPhone { phone: typed("12345") }).await;
    assert_eq!(wrong.expect_err("no number").violations[0].code(), "phone_ill_formed");
    let account = trainer.call(&SetOwnPhone { phone: typed(TYPED) }).await.expect("kept");
    assert_eq!(account.phone.as_deref(), Some(MASKED));

    let everybody = ListPeople { organization: None };
    let listed = admin.call(&everybody).await.expect("people").people;
    let row = listed.iter().find(|row| row.id == person).expect("a colleague");
    assert_eq!(row.phone.as_deref(), Some(MASKED));
    let duties = admin
        .call(&ReadDuties { person: person.clone() })
        .await
        .expect("duties");
    assert_eq!(duties.phone.as_deref(), Some(MASKED));
    for (client, path) in [
        (&trainer, "/account"),
        (&admin, "/people"),
        (&admin, "/people/of/li.jishi"),
        (&system, "/people"),
    ] {
        let (status, page) = client.page(path).await;
        assert!(status == 200 && page.contains(MASKED), "{path}: {status}");
        assert!(!page.contains("13800005678"), "{path} shows it in full");
    }

    let before = entries(&desk, "person.phone_revealed").await;
    for refused in [Role::Coordinator, Role::Auditor, Role::Requester, Role::Instructor] {
        let client = of_role(&desk, refused).await;
        assert_eq!(
            code(&client, &reveal).await,
            Some(ProblemCode::Forbidden),
            "{refused:?}"
        );
    }
    let foreign = RevealPhone {
        person: PersonId::new("luo.zhiyuan"),
    };
    assert_eq!(code(&admin, &foreign).await, Some(ProblemCode::NotFound), "another's");
    assert_eq!(entries(&desk, "person.phone_revealed").await, before, "nobody saw it");
    for n in 1..=3 {
        let seen = match n {
            1 => admin.call(&reveal).await,
            2 => system.call(&reveal).await,
            _ => trainer.call(&RevealOwnPhone {}).await,
        };
        assert_eq!(seen.expect("it is shown").number, NUMBER);
        assert_eq!(entries(&desk, "person.phone_revealed").await, before + n);
    }
    let store = store(&desk).await;
    let dump = dump(&store).await;
    assert_eq!(tables_with(&dump, "13800005678"), ["phones"], "it stands in one place");
    assert_eq!(
        tables_with(&dump, "0000 5678"),
        Vec::<String>::new(),
        "as it was typed, nowhere"
    );

    let set = SetPhone {
        person: person.clone(),
        phone: typed(""),
    };
    let gone = admin.call(&set).await.expect("taken away");
    assert_eq!(gone.phone, None);
    assert_eq!(code(&trainer, &RevealOwnPhone {}).await, Some(ProblemCode::NotFound));
}

/// How many entries of an event there are.
async fn entries(desk: &Desk, event: &str) -> usize {
    let store = store(desk).await;
    let tx = store.read().await.expect("a read");
    let all = audit::after(&tx, &alliance(), 0, 10_000).await.expect("the log");
    all.iter().filter(|entry| entry.event == event).count()
}

/// The forms of the pages, without scripts: a number in full is the answer to who asked, and on no page after it.
#[tokio::test(flavor = "multi_thread")]
async fn the_forms_show_a_number_once_and_hand_out_the_file() {
    let desk = Desk::open(Kind::Sqlite).await;
    let trainer = desk.signed_in("li.jishi").await;
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let post = async |client: &Client, path: &str, fields: &[(&str, &str)]| {
        let request = client.http.post(format!("{}{path}", client.url)).form(fields);
        let reply = request.send().await.expect("an answer");
        (reply.status().as_u16(), reply.text().await.expect("a page"))
    };
    let key = new_id();
    let (status, _) = post(&trainer, "/account/phone", &[("key", &key), ("phone", TYPED)]).await;
    assert_eq!(status, 303);
    let (status, page) = post(&trainer, "/account/phone/reveal", &[]).await;
    assert!(status == 200 && page.contains(NUMBER));
    assert!(!trainer.page("/account").await.1.contains(NUMBER), "once");
    let (status, page) = post(&admin, "/people/phone/reveal", &[("person", "li.jishi")]).await;
    assert!(status == 200 && page.contains(NUMBER));
    assert!(!admin.page("/people/of/li.jishi").await.1.contains(NUMBER), "once");
    let key = new_id();
    let bad = [("key", key.as_str()), ("person", "li.jishi"), ("phone", "12")];
    let (status, page) = post(&admin, "/people/phone", &bad).await;
    assert!(status == 422 && page.contains("电话号码不合格式"), "{status}");
    let (status, file) = post(&trainer, "/account/export", &[]).await;
    let file: PersonExport = serde_json::from_str(&file).expect("the file");
    assert_eq!((status, file.person.as_str()), (200, "li.jishi"));
    for (role, wanted) in [(Role::OrganizationAdmin, 404), (Role::SystemAdmin, 200)] {
        let client = of_role(&desk, role).await;
        assert_eq!(client.page("/people/of/li.jishi/erase").await.0, wanted, "{role:?}");
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn everything_about_a_person_is_in_one_file_and_no_secret(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let marked = Marked::join(&desk).await;
    marked.exercise(&desk).await;
    let export = marked.client.call(&ExportOwnData {}).await.expect("the file");
    assert_eq!(export.format, EXPORT_FORMAT);
    let sections: BTreeMap<&str, &ExportSection> = export
        .sections
        .iter()
        .map(|section| (section.table.as_str(), section))
        .collect();
    let store = store(&desk).await;
    for (table, rows) in dump(&store).await {
        let id = Value::String(marked.person.to_string());
        let names_them = |row: &&Vec<Value>| row.contains(&id);
        let found = rows.iter().filter(names_them).count();
        let kept = sections
            .get(table.name.as_str())
            .map_or(0, |section| section.rows.len());
        // The file was made before its own entry and notice were.
        let later = usize::from(matches!(table.name.as_str(), "audit" | "outbox"));
        assert!(kept + later >= found, "{}: {kept} of {found} rows", table.name);
        let whose = |name: &str| name.ends_with("_by") || name.contains("person") || name == "approved";
        let column = table.columns.iter().find(|(name, _)| whose(name));
        assert!(
            column.is_none() || sections.contains_key(table.name.as_str()),
            "{} has {column:?}, and no section",
            table.name
        );
    }
    for filled in [
        "people",
        "phones",
        "memberships",
        "sessions",
        "second_factors",
        "tries",
        "invitations",
        "answers",
        "requests",
        "request_steps",
        "standing_steps",
        "instructors",
        "audit",
        "outbox",
    ] {
        assert!(!sections[filled].rows.is_empty(), "{filled} is empty");
    }
    let text = serde_json::to_string(&export).expect("plain data");
    let named = serde_json::to_string(&marked.name).expect("a text");
    for known in [&named, &marked.login, &marked.number] {
        assert!(text.contains(known), "{known} is not in it");
    }
    for section in &export.sections {
        let secret = |name: &&String| {
            ["sha256", "hash", "secret", "token"]
                .iter()
                .any(|word| name.contains(word))
        };
        // The chain of the audit log is no secret: it is what anybody compares.
        let secret = section.rows.iter().flat_map(BTreeMap::keys).find(secret);
        assert!(
            secret.is_none() || section.table == "audit",
            "{}: {secret:?}",
            section.table
        );
    }
    let path = desk.server.data_dir().join("person.json");
    let output = path.to_str().expect("a plain path");
    let words = [
        "user",
        "export",
        "--alliance",
        "chuxiong",
        &marked.login,
        "--output",
        output,
    ];
    let exported = desk.run(&words).await;
    assert!(exported.status.success(), "{}", said(&exported));
    let file: PersonExport = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("the same form");
    let rows = |export: &PersonExport, table: &str| {
        let section = export.sections.iter().find(|section| section.table == table);
        section.expect("a section").rows.clone()
    };
    for table in ["people", "phones", "requests", "request_steps", "memberships"] {
        assert_eq!(rows(&file, table), rows(&export, table), "{table}");
    }
    let nobody = desk.run(&["user", "export", "--alliance", "chuxiong", "nobody"]).await;
    assert!(
        !nobody.status.success() && said(&nobody).contains("nobody"),
        "{}",
        said(&nobody)
    );
}

#[derive(Clone, Copy, PartialEq)]
enum By {
    Call,
    Command,
}

#[rstest]
#[case(Kind::Sqlite, By::Call)]
#[case(Kind::Sqlite, By::Command)]
#[case(Kind::Postgres, By::Call)]
#[case(Kind::Postgres, By::Command)]
#[tokio::test(flavor = "multi_thread")]
async fn of_whoever_is_erased_no_byte_is_left_and_the_history_stays(#[case] kind: Kind, #[case] by: By) {
    let desk = Desk::open(kind).await;
    let marked = Marked::join(&desk).await;
    let asked = marked.exercise(&desk).await;
    let store = store(&desk).await;
    let before = dump(&store).await;
    for (mark, tables) in [
        (&marked.login, &["answers", "people"][..]),
        (&marked.number, &["phones"]),
        (&marked.masked, &["answers"]),
        (&marked.login[2..].to_owned(), &["answers", "instructors", "people"]),
    ] {
        assert_eq!(tables_with(&before, mark), tables, "before: {mark}");
    }
    if kind == Kind::Sqlite {
        assert!(
            in_files(&desk, &marked.login) && in_files(&desk, &marked.number),
            "before"
        );
    }

    let (system, key) = (of_role(&desk, Role::SystemAdmin).await, new_id());
    let person = marked.person.clone();
    let erase = ErasePerson { person: person.clone() };
    match by {
        By::Call => {
            let (status, reply) = system.send_under(Some(&key), &erase).await;
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&reply));
            assert_eq!(
                system.send_under(Some(&key), &erase).await,
                (200, reply),
                "once more is the same"
            );
        }
        By::Command => {
            let words = ["user", "erase", "--alliance", "chuxiong", &marked.login];
            let asked = desk.run(&words).await;
            assert!(
                !asked.status.success() && said(&asked).contains("--yes"),
                "{}",
                said(&asked)
            );
            let done = desk.run(&[&words[..], &["--yes"]].concat()).await;
            assert!(done.status.success(), "{}", said(&done));
        }
    }

    let after = dump(&store).await;
    for mark in marked.marks() {
        assert_eq!(tables_with(&after, mark), Vec::<String>::new(), "{mark} is left");
        assert!(
            kind != Kind::Sqlite || !in_files(&desk, mark),
            "{mark} is left in the file"
        );
    }
    assert_eq!(
        code(&marked.client, &ReadSession {}).await,
        Some(ProblemCode::SignInNeeded),
        "out at once"
    );
    assert!(marked.sign_in(&desk, marked::NEW).await.is_none(), "no way back in");
    assert_eq!(
        code(&system, &ReadDuties { person: person.clone() }).await,
        Some(ProblemCode::NotFound)
    );
    assert_eq!(
        code(&system, &ErasePerson { person: person.clone() }).await,
        Some(ProblemCode::NotFound)
    );
    let listed = system
        .call(&ListPeople { organization: None })
        .await
        .expect("people")
        .people;
    assert!(listed.iter().all(|row| row.id != person));

    let placeholder = "已注销人员 1 / Erased person 1";
    let trainer = desk.signed_in("li.jishi").await;
    let story = trainer.call(&ReadRequest { id: asked }).await.expect("readable").story;
    assert_eq!(story[0].by, placeholder);
    let timetable = ReadTimetable {
        week: None,
        by: TimetableBy::Instructor,
        id: Some("he_zhenghong".into()),
    };
    let week = trainer.call(&timetable).await.expect("public");
    assert_eq!(week.title, placeholder);
    let auditor = of_role(&desk, Role::Auditor).await;
    let all = ReadAudit {
        event: Some("person.erased".into()),
        actor: None,
        subject: None,
        before: None,
    };
    let log = auditor.call(&all).await.expect("the log");
    assert_eq!(log.entries.len(), 1);
    assert_eq!(log.entries[0].facts.get("number").map(String::as_str), Some("1"));
    assert_eq!(log.people.get(person.as_str()).map(String::as_str), Some(placeholder));
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// Nobody erases the own login; another alliance's or organization's admin erases nobody.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_alliance_s_admin_erases_and_not_the_own_login() {
    let desk = Desk::open(Kind::Sqlite).await;
    let system = of_role(&desk, Role::SystemAdmin).await;
    let own = ErasePerson {
        person: PersonId::new("duan.xitong"),
    };
    assert_eq!(code(&system, &own).await, Some(ProblemCode::Forbidden));
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let other = ErasePerson {
        person: PersonId::new("li.jishi"),
    };
    assert_eq!(code(&admin, &other).await, Some(ProblemCode::NotFound));
    desk.signed_in("li.jishi").await;
}
