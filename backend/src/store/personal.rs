//! Where a person stands in the database, table by table: what an export holds.
//!
//! One row a place. A column that is added to a table is exported by itself; a secret is left out by name. A test compares
//! the list with every table that names a person.

use super::copy::{self, Kind};
use super::{StoreError, Tx};
use domain::id::{AllianceId, InstructorId, PersonId};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde_json::{Map, Value as Json};

/// Whose rows of a table are meant.
pub enum Whose {
    /// Of whom one of these columns names.
    Person(&'static [&'static str]),
    /// Of whom these columns name, or this text names among others.
    PersonOrIn(&'static [&'static str], &'static str),
    /// Of the instructor whom this column names.
    Instructor(&'static str),
    /// Of the instructor whom this list names among others.
    AmongInstructors(&'static str),
    /// Of the login with this hash.
    Login(&'static str),
}

pub struct Place {
    pub table: &'static str,
    pub about: &'static str,
    pub about_en: &'static str,
    pub whose: Whose,
    /// Secrets, and what is not about the person.
    pub left_out: &'static [&'static str],
}

const fn place(
    table: &'static str,
    about: &'static str,
    about_en: &'static str,
    whose: Whose,
    left_out: &'static [&'static str],
) -> Place {
    Place {
        table,
        about,
        about_en,
        whose,
        left_out,
    }
}

use Whose::*;

#[rustfmt::skip]
pub const PLACES: &[Place] = &[
    place("people", "账号：登录名、姓名、现在的角色和单位", "the login, the name, as what the person acts now", Person(&["id"]), &["password_hash"]),
    place("phones", "电话号码", "the phone number", Person(&["person_id"]), &[]),
    place("memberships", "在各单位的角色", "roles in organizations and in the alliance", Person(&["person_id"]), &[]),
    place("sessions", "登录中的设备", "open sessions", Person(&["person_id"]), &["token_sha256"]),
    place("second_factors", "第二道验证是否开启", "whether the second factor is on", Person(&["person_id"]), &["sealed_hex"]),
    place("recovery_codes", "未用的恢复码，一行一个", "recovery codes that are left, a row each", Person(&["person_id"]), &["code_sha256"]),
    place("former_passwords", "用过的密码，只留校验值，一行一个", "passwords that were used, known by hash alone, a row each", Person(&["person_id"]), &["password_hash"]),
    place("identities", "绑定的统一身份", "linked identities at identity providers", Person(&["person_id"]), &[]),
    place("tries", "最近的登录尝试及其地址", "recent tries at this login, and from where", Login("login_sha256"), &["login_sha256"]),
    place("invitations", "发出的和接受的邀请", "invitations made and accepted", Person(&["invited_by", "accepted_by"]), &["token_sha256"]),
    place("answers", "一周内的写操作，回复不在其中", "writes of the last week, without their replies", Person(&["person_id"]), &["body_sha256", "reply"]),
    place("requests", "负责的申请", "requests the person answers for", Person(&["created_by"]), &[]),
    place("request_steps", "在申请上做过的每一步", "every step the person took on a request", Person(&["by_person"]), &[]),
    place("runs", "启动过的求解", "solver runs the person started", Person(&["started_by"]), &["instance"]),
    place("plans", "编排、修改和批准的方案", "plans the person made, changed or approved", PersonOrIn(&["made_by", "approved"], "editors"), &["instance", "plan"]),
    place("standing_steps", "对成员单位做过的决定", "decisions about members of the alliance", Person(&["person_id"]), &[]),
    place("instructors", "在产业导师库中的条目", "the entry in the pool of instructors", Instructor("id"), &[]),
    place("assignments", "承担的课次", "lessons the person teaches", AmongInstructors("instructors"), &[]),
    place("audit", "审计日志中由本人所做或关于本人的条目", "entries of the audit log by or about the person", PersonOrIn(&["actor", "subject"], "facts"), &[]),
    place("outbox", "关于本人的通知", "notices about the person", PersonOrIn(&["subject"], "body"), &[]),
    place("erasures", "注销记录", "that the person was erased", Person(&["person_id"]), &[]),
];

/// Columns that hold JSON, and are read as such.
const STRUCTURED: &[&str] = &[
    "draft",
    "missing",
    "facts",
    "body",
    "skills",
    "available",
    "serves",
    "instructors",
    "cohorts",
    "equipment",
    "editors",
];

/// Who is asked about.
pub struct Who<'a> {
    pub alliance: &'a AllianceId,
    pub person: &'a PersonId,
    pub instructor: Option<&'a InstructorId>,
    pub login_sha256: &'a str,
}

/// The rows of every place, as JSON objects.
pub async fn everything(tx: &Tx, who: &Who<'_>) -> Result<Vec<(&'static Place, Vec<Map<String, Json>>)>, StoreError> {
    let tables = copy::tables(tx).await?;
    let mut found = Vec::with_capacity(PLACES.len());
    for place in PLACES {
        found.push((place, rows(tx, who, place, &tables).await?));
    }
    Ok(found)
}

async fn rows(
    tx: &Tx,
    who: &Who<'_>,
    place: &Place,
    tables: &[copy::Table],
) -> Result<Vec<Map<String, Json>>, StoreError> {
    let Some((condition, values)) = place.whose.condition(tx, who) else {
        return Ok(Vec::new());
    };
    let table = tables.iter().find(|table| table.name == place.table);
    let table = table.ok_or_else(|| StoreError::Broken(format!("there is no table {}", place.table)))?;
    let shown = |(name, _): &&(String, Kind)| name != "alliance_id" && !place.left_out.contains(&name.as_str());
    let columns: Vec<&(String, Kind)> = table.columns.iter().filter(shown).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let order: Vec<String> = (1..=names.len()).map(|n| n.to_string()).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE alliance_id = $1 AND ({condition}) ORDER BY {}",
        names.join(", "),
        place.table,
        order.join(", ")
    );
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let mut rows = Vec::new();
    for found in tx.query_all_raw(statement).await? {
        let mut row = Map::new();
        for (n, (name, kind)) in columns.iter().enumerate() {
            row.insert(name.clone(), structured(name, copy::value(&found, n, *kind)?));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn structured(column: &str, value: Json) -> Json {
    let text = value.as_str().filter(|_| STRUCTURED.contains(&column));
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
}

impl Whose {
    /// The condition over `$1`, the alliance, and `$2`, with both; nothing when there can be no row.
    fn condition(&self, tx: &Tx, who: &Who<'_>) -> Option<(String, Vec<Value>)> {
        let values = |id: &str| vec![who.alliance.as_str().into(), id.into()];
        let any = |columns: &[&str]| {
            let each: Vec<String> = columns.iter().map(|column| format!("{column} = $2")).collect();
            each.join(" OR ")
        };
        // A list or an object of JSON holds an id between quotes.
        let among = |column: &str| match tx.get_database_backend() {
            DbBackend::Sqlite => format!("instr({column}, '\"' || $2 || '\"') > 0"),
            _ => format!("strpos({column}, '\"' || $2 || '\"') > 0"),
        };
        Some(match self {
            Person(columns) => (any(columns), values(who.person.as_str())),
            PersonOrIn(columns, text) => (
                format!("{} OR {}", any(columns), among(text)),
                values(who.person.as_str()),
            ),
            Instructor(column) => (any(&[column]), values(who.instructor?.as_str())),
            AmongInstructors(column) => (among(column), values(who.instructor?.as_str())),
            Login(column) => (any(&[column]), values(who.login_sha256)),
        })
    }
}
