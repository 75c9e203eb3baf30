//! The numbers that requests are quoted by. They count within a round and an organization, because a draft has one already:
//! numbers of one count would tell every member how many others have drafted meanwhile.

use crate::store::columns::*;
use crate::store::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, RoundId};
use sea_orm::{ConnectionTrait, Statement};

/// A member has so many numbers in a round, after so many times its place among the members; whoever needs more has the
/// wider ones.
const NARROW: i64 = 1_000;
const WIDE: i64 = 1_000_000;

/// The first of so many next numbers.
///
/// Whoever came before for the same is waited for: two inserts at the same moment must not count to the same number.
pub async fn next(
    tx: &Tx,
    alliance: &AllianceId,
    (round, organization): (&RoundId, &OrganizationId),
    many: i64,
) -> Result<i64, StoreError> {
    tx.queue_up(&format!("numbers/{alliance}/{round}/{organization}"))
        .await?;
    let last = |width: i64| {
        format!(
            "(SELECT number FROM requests WHERE alliance_id = $1 AND round_id = $3 \
             AND number >= (1 + position) * {width} AND number < (2 + position) * {width} ORDER BY number DESC LIMIT 1)"
        )
    };
    let sql = format!(
        "SELECT 1 + position AS place, {} AS narrow, {} AS wide FROM organizations WHERE alliance_id = $1 AND id = $2 \
         AND EXISTS (SELECT 1 FROM rounds WHERE alliance_id = $1 AND id = $3)",
        last(NARROW),
        last(WIDE)
    );
    let values = [key(alliance).into(), key(organization).into(), key(round).into()];
    let ask = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let row = tx.query_one_raw(ask).await?.ok_or(StoreError::NotFound)?;
    let place: i64 = row.try_get("", "place")?;
    for (width, name) in [(NARROW, "narrow"), (WIDE, "wide")] {
        let last = row.try_get::<Option<i64>>("", name)?.unwrap_or(place * width);
        if last + many < (place + 1) * width {
            return Ok(last + 1);
        }
    }
    Err(StoreError::Broken(
        "column requests.number: a round has no more of them".into(),
    ))
}
