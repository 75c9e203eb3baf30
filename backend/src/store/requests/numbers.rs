//! The numbers that requests are quoted by. They count within a round and an organization, because a draft has one already:
//! numbers of one count would tell every member how many others have drafted meanwhile.

use super::{Column, of};
use crate::store::catalog::organization_position;
use crate::store::columns::*;
use crate::store::rounds::round_rows;
use crate::store::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, RoundId};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// Numbers that a member has in a round, after so many times its place among the members; whoever needs more has the
/// wider ones.
const WIDTHS: [i64; 2] = [1_000, 1_000_000];

/// The first of so many next numbers.
///
/// The round's row is locked first: two inserts at the same moment must not count to the same number.
pub async fn next(
    tx: &Tx,
    alliance: &AllianceId,
    (round, organization): (&RoundId, &OrganizationId),
    many: i64,
) -> Result<i64, StoreError> {
    let row = round_rows::Entity::find_by_id((key(alliance), key(round))).lock(LockType::NoKeyUpdate);
    row.one(tx).await?.ok_or(StoreError::NotFound)?;
    let place = 1 + organization_position(tx, alliance, organization).await?;
    for width in WIDTHS {
        let (from, until) = (place * width, (place + 1) * width);
        let numbers = of(alliance).filter(Column::RoundId.eq(key(round))).select_only();
        let last: Option<Option<i64>> = numbers
            .column_as(Column::Number.max(), "last")
            .filter(Column::Number.gte(from))
            .filter(Column::Number.lt(until))
            .into_tuple()
            .one(tx)
            .await?;
        let last = last.flatten().unwrap_or(from);
        if last + many < until {
            return Ok(last + 1);
        }
    }
    Err(StoreError::Broken(
        "column requests.number: a round has no more of them".into(),
    ))
}
