//! A person whose name, login and number stand nowhere else, and everything that might copy them; and where a text stands
//! in a database.

use super::{of_role, typed};
use crate::week::desk::{Desk, submitted};
use crate::week::doors::{sql, store};
use backend::clock::new_id;
use backend::store::Store;
use backend::store::copy::{self, Table};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use flate2::read::ZlibDecoder;
use serde_json::Value;
use std::io::Read;
use tests::server::Client;

pub const NEW: &str = "彝乡的火把照亮三月的夜";

/// A person with a name, a login and a number that stand nowhere else.
pub struct Marked {
    pub client: Client,
    pub person: PersonId,
    pub name: String,
    pub login: String,
    pub number: String,
    pub masked: String,
}

impl Marked {
    pub async fn join(desk: &Desk) -> Self {
        let admin = of_role(desk, Role::OrganizationAdmin).await;
        let invite = InvitePerson {
            role: Role::Requester,
            organization: Some(OrganizationId::new("jishi")),
            days: 7,
        };
        let link = admin.call(&invite).await.expect("a link");
        let dice = new_id().replace('-', "");
        let tail = &dice[20..];
        let digits: String = tail
            .bytes()
            .chain(*b"0000")
            .filter_map(|c| char::from(c).to_digit(16))
            .map(|digit| (digit % 10).to_string())
            .take(8)
            .collect();
        let (name, login) = (format!("彝\"{tail}"), format!("m.{tail}"));
        let client = desk.server.visitor();
        let join = AcceptInvitation {
            identity: None,
            token: Password(link.path.trim_start_matches("/join/").to_owned()),
            login: login.clone(),
            name: name.clone(),
            password: Password(NEW.into()),
        };
        let person = client.call(&join).await.expect("joined").person;
        Self {
            client,
            person,
            name,
            login,
            masked: format!("139****{}", &digits[4..]),
            number: format!("139{digits}"),
        }
    }

    /// Every call that might copy who it is into a row, by the person and by others.
    pub async fn exercise(&self, desk: &Desk) -> RequestId {
        let (own, person) = (&self.client, self.person.clone());
        let (admin, system) = (
            of_role(desk, Role::OrganizationAdmin).await,
            of_role(desk, Role::SystemAdmin).await,
        );
        let (coordinator, _) = desk.coordinators().await;
        own.call(&SetOwnPhone {
            phone: typed(&self.number),
        })
        .await
        .expect("a phone");
        let elsewhere = self.sign_in(desk, NEW).await.expect("another session");
        let sessions = own.call(&ReadAccount {}).await.expect("the account").sessions;
        let other = sessions.into_iter().find(|session| !session.here).expect("the other");
        own.call(&EndSession { id: other.id }).await.expect("it ends");
        drop(elsewhere);
        assert!(self.sign_in(desk, "wrong").await.is_none(), "a try that stays");
        let password = Password(NEW.into());
        own.call(&StartSecondFactor { password }).await.expect("a secret");
        let phone = typed(&self.number);
        admin
            .call(&SetPhone {
                person: person.clone(),
                phone,
            })
            .await
            .expect("the same");
        let role = |organization: Option<&str>, role| SetRole {
            person: person.clone(),
            organization: organization.map(OrganizationId::new),
            role,
        };
        admin
            .call(&role(Some("jishi"), Role::OrganizationAdmin))
            .await
            .expect("an admin");
        let invite = InvitePerson {
            role: Role::Requester,
            organization: Some(OrganizationId::new("jishi")),
            days: 7,
        };
        own.call(&invite).await.expect("a link");

        let (asked, round) = self.ask(own).await;
        let handed = self.ask(own).await.0;
        let note = "请补充说明".to_owned();
        let version = 1;
        let give_back = ReturnRequest {
            id: asked.clone(),
            version,
            note,
        };
        coordinator.call(&give_back).await.expect("the story names them");
        let hand = HandOver {
            request: handed,
            from: person.clone(),
            to: PersonId::new("li.jishi"),
        };
        admin.call(&hand).await.expect("handed over");
        let trainer = desk.signed_in("li.jishi").await;
        let back = HandOver {
            request: self.ask(&trainer).await.0,
            from: PersonId::new("li.jishi"),
            to: person.clone(),
        };
        admin.call(&back).await.expect("the colleague's page names them");

        // As one of the alliance, too: decisions about members, and a run of the solver.
        system
            .call(&role(None, Role::SystemAdmin))
            .await
            .expect("of the alliance");
        own.call(&ActFor { organization: None }).await.expect("acts for it");
        let until = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date")
            + chrono::Days::new((round.cut_off_at_min / 1440) as u64 + 30);
        let suspend = SuspendOrganization {
            id: OrganizationId::new("pengxie"),
            version: 0,
            reason: "三次爽约".into(),
            until,
        };
        own.call(&suspend).await.expect("suspended");
        let lift = LiftSuspension {
            id: OrganizationId::new("pengxie"),
            version: 1,
        };
        system.call(&lift).await.expect("the story of the member names them");
        let store = store(desk).await;
        let (name, id) = (self.name.clone(), &self.person);
        sql(
            &store,
            &format!("UPDATE instructors SET name = '{name}' WHERE id = 'he_zhenghong'"),
        )
        .await;
        sql(
            &store,
            &format!("UPDATE people SET instructor_id = 'he_zhenghong' WHERE id = '{id}'"),
        )
        .await;
        sql(&store, "UPDATE alliances SET catalog_version = catalog_version + 1").await;
        // A reply with the name book of everybody.
        let seen = trainer
            .call(&ReadRequest {
                id: self.ask(&trainer).await.0,
            })
            .await;
        assert!(
            seen.expect("readable")
                .names
                .instructors
                .values()
                .any(|known| *known == self.name)
        );
        let timetable = ReadTimetable {
            week: None,
            by: TimetableBy::Instructor,
            id: Some("he_zhenghong".into()),
        };
        let week = desk.server.visitor().call(&timetable).await.expect("public");
        assert_eq!(week.title, self.name, "kept in memory for visitors");
        asked
    }

    /// Submits the least; says what and into which round.
    async fn ask(&self, client: &Client) -> (RequestId, RoundSummary) {
        let open = submitted(client).await;
        (open.id, open.round)
    }

    pub async fn sign_in(&self, desk: &Desk, password: &str) -> Option<Client> {
        let client = desk.server.visitor();
        let call = SignIn {
            login: self.login.clone(),
            password: Password(password.into()),
            code: None,
        };
        client.call(&call).await.ok().map(|_| client)
    }

    /// What must be nowhere afterwards. The name as it is, and as it stands in JSON.
    pub fn marks(&self) -> [&str; 4] {
        let tail = &self.login[2..];
        [tail, &self.login, &self.number, &self.masked]
    }
}

/// Every row of every table as text, with kept replies as they were sent.
pub async fn dump(store: &Store) -> Vec<(Table, Vec<Vec<Value>>)> {
    let tx = store.read().await.expect("a read");
    let mut all = Vec::new();
    for table in copy::tables(&tx).await.expect("tables") {
        let mut rows = Vec::new();
        let mut keep = |row: Vec<Value>| {
            rows.push(row.into_iter().map(inflated).collect());
            Ok(())
        };
        copy::read(&tx, &table, &mut keep).await.expect("rows");
        all.push((table, rows));
    }
    all
}

fn inflated(cell: Value) -> Value {
    let Some(hex) = cell.get("hex").and_then(Value::as_str) else {
        return cell;
    };
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
        .collect();
    let mut text = String::new();
    ZlibDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .expect("a kept reply is compressed text");
    Value::String(text)
}

/// Tables in which a text stands, in whatever column.
pub fn tables_with(dump: &[(Table, Vec<Vec<Value>>)], text: &str) -> Vec<String> {
    let has = |rows: &Vec<Vec<Value>>| rows.iter().flatten().any(|cell| cell.to_string().contains(text));
    dump.iter()
        .filter(|(_, rows)| has(rows))
        .map(|(table, _)| table.name.clone())
        .collect()
}

/// Whether a text stands in any file of the embedded database, the log of writes included.
pub fn in_files(desk: &Desk, text: &str) -> bool {
    let files = std::fs::read_dir(desk.server.data_dir())
        .expect("the data directory")
        .flatten();
    let mut ours = files.filter(|file| file.file_name().to_string_lossy().starts_with("gongxun.sqlite"));
    ours.any(|file| {
        let bytes = std::fs::read(file.path()).expect("a file");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}
