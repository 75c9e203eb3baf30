//! What can go wrong with a database, in the words of a use case. Nothing of sea-orm or a driver leaves.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is down, its disk is full, or no connection became free in time.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Somebody else held what was needed for too long; the same again may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The schema refused; the constraint is named after the rule. A row that breaks several rules at once is
    /// refused by whichever the database looks at first.
    #[error("the rule `{constraint}` refused")]
    Conflict { constraint: String },
    /// The row has moved on since the version that the change was made against.
    #[error("the row has changed since")]
    Stale,
    #[error("there is no such row")]
    NotFound,
    /// A programmer's mistake, or a database that is not what this program expects.
    #[error("{0}")]
    Broken(String),
}

/// Refused because the id is taken: the same write a second time, or a clash of ids.
pub(in crate::store) const ID_IS_TAKEN: &str = "id_is_taken";
/// Refused because a named thing is not there, or is still named by something. SQLite does not say which.
pub(in crate::store) const REFERENCE_EXISTS: &str = "reference_exists";
const ONE_PLACE_AT_A_TIME: &str = "one_place_at_a_time";

/// SQLite reports the columns of a broken unique rule, PostgreSQL its name.
const UNIQUE_RULES: &[(&str, &str)] = &[
    ("people.alliance_id, people.login", "a_login_is_unique"),
    ("rounds.alliance_id, rounds.week", "a_week_has_one_round"),
    ("erasures.alliance_id, erasures.number", "a_number_is_given_once"),
    (
        "requests.alliance_id, requests.round_id, requests.number",
        "a_number_is_unique_in_its_round",
    ),
    ("runs.alliance_id, runs.round_id", "a_round_has_one_active_run"),
    (
        "assignments.alliance_id, assignments.request_id, assignments.lesson",
        "a_lesson_is_placed_once",
    ),
];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) => StoreError::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause))
            | DbErr::Conn(RuntimeErr::SqlxError(cause)) => judged(cause),
            DbErr::RecordNotFound(_) => StoreError::NotFound,
            DbErr::RecordNotUpdated => StoreError::Stale,
            other => StoreError::Broken(other.to_string()),
        }
    }
}

fn judged(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(refusal) if refusal.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() => {
            postgres(
                refusal.code().as_deref().unwrap_or_default(),
                refusal.constraint(),
                refusal.message(),
            )
        }
        sqlx::Error::Database(refusal) => sqlite(refusal.code().as_deref().unwrap_or_default(), refusal.message()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable(error.to_string()),
        other => StoreError::Broken(other.to_string()),
    }
}

fn refused(rule: &str) -> StoreError {
    StoreError::Conflict {
        constraint: rule.to_owned(),
    }
}

/// By SQLSTATE, <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn postgres(code: &str, constraint: Option<&str>, message: &str) -> StoreError {
    match code {
        // A second identical occupancy may meet the primary key before the exclusion: it is the same rule.
        "23505" if constraint == Some("occupancy_pkey") => refused(ONE_PLACE_AT_A_TIME),
        "23505" => refused(
            constraint
                .filter(|name| !name.ends_with("_pkey"))
                .unwrap_or(ID_IS_TAKEN),
        ),
        "23503" => refused(REFERENCE_EXISTS),
        "23P01" | "23514" | "23000" => refused(constraint.unwrap_or(message)),
        // Serialization, deadlock, lock timeout, cancelled by statement timeout, ended for standing still.
        "40001" | "40P01" | "55P03" | "57014" | "25P03" => StoreError::Busy(message.to_owned()),
        // Connection, resources, shutdown, start-up.
        _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => StoreError::Broken(format!("{message} (SQLSTATE {code})")),
    }
}

/// By extended result code, <https://www.sqlite.org/rescode.html>.
fn sqlite(code: &str, message: &str) -> StoreError {
    let of = |prefix: &str| message.strip_prefix(prefix).unwrap_or(message).to_owned();
    match code.parse::<u32>().unwrap_or_default() {
        1555 | 2067 => refused(unique_rule(&of("UNIQUE constraint failed: "))),
        275 => refused(&of("CHECK constraint failed: ")),
        787 => refused(REFERENCE_EXISTS),
        // Raised by a trigger, whose message is the rule.
        1811 => refused(message),
        // Busy, locked: the low byte is the primary code.
        code if matches!(code & 0xff, 5 | 6) => StoreError::Busy(message.to_owned()),
        // Disk error, disk full, cannot open.
        code if matches!(code & 0xff, 10 | 13 | 14) => StoreError::Unavailable(message.to_owned()),
        _ => StoreError::Broken(format!("{message} (SQLite {code})")),
    }
}

fn unique_rule(columns: &str) -> &str {
    match UNIQUE_RULES.iter().find(|(broken, _)| *broken == columns) {
        Some((_, rule)) => rule,
        None if columns.starts_with("occupancy.") => ONE_PLACE_AT_A_TIME,
        None => ID_IS_TAKEN,
    }
}
