//! Rounds.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, RoundId};
use domain::round::Round;
use domain::time::Week;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

table! {
    round_rows "rounds" {
        key { alliance_id: String, id: String }
        week: String,
        state: String,
        cut_off_min: i64,
        version: i64,
        published_plan: Option<String>,
    }
}
use round_rows::{ActiveModel, Column, Entity, Model};

pub async fn insert(tx: &Tx, alliance: &AllianceId, round: &Round) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: key(&round.id),
        week: week(round.week),
        state: word(round.state),
        cut_off_min: round.cut_off_min,
        version: round.version,
        published_plan: key_or_null(&round.published),
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

pub async fn get(tx: &Tx, alliance: &AllianceId, round: &RoundId) -> Result<Option<Round>, StoreError> {
    Entity::find_by_id((key(alliance), key(round)))
        .one(tx)
        .await?
        .map(read)
        .transpose()
}

/// The same, and as it is until the transaction ends: whoever closes it waits for what is asked in it, and whoever asks
/// waits for a close that has begun.
pub async fn hold(tx: &Tx, alliance: &AllianceId, round: &RoundId) -> Result<Option<Round>, StoreError> {
    let row = Entity::find_by_id((key(alliance), key(round))).lock(LockType::NoKeyUpdate);
    row.one(tx).await?.map(read).transpose()
}

pub async fn by_week(tx: &Tx, alliance: &AllianceId, of: Week) -> Result<Option<Round>, StoreError> {
    let row = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Week.eq(week(of)));
    row.one(tx).await?.map(read).transpose()
}

/// All rounds, latest week first.
pub async fn list(tx: &Tx, alliance: &AllianceId) -> Result<Vec<Round>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .order_by_desc(Column::Week);
    rows.all(tx).await?.into_iter().map(read).collect()
}

/// Compares the stored version with `expected` and swaps the round in as version `expected` + 1.
pub async fn update(tx: &Tx, alliance: &AllianceId, round: &Round, expected: i64) -> Result<(), StoreError> {
    let change = ActiveModel {
        state: set(word(round.state)),
        cut_off_min: set(round.cut_off_min),
        version: set(expected + 1),
        published_plan: set(key_or_null(&round.published)),
        ..Default::default()
    };
    let compared = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(key(alliance)));
    let compared = compared
        .filter(Column::Id.eq(key(&round.id)))
        .filter(Column::Version.eq(expected));
    swapped(compared.exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<Round, StoreError> {
    Ok(Round {
        id: id("rounds.id", row.id)?,
        week: from_week("rounds.week", &row.week)?,
        state: from_word("rounds.state", &row.state)?,
        cut_off_min: row.cut_off_min,
        version: row.version,
        published: id_or_null("rounds.published_plan", row.published_plan)?,
    })
}
