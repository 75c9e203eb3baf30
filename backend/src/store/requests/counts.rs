//! How many requests are in which state.

use super::of;
use super::request_rows::Column;
use crate::store::columns::*;
use crate::store::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, RoundId};
use domain::request::RequestState;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// Whose requests are counted before their week is published; from then on the ledger tells of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted<'a> {
    OfAll,
    Of(&'a OrganizationId),
    OfNobody,
}

/// What a request becomes when its week is published, and later.
const PUBLIC: [RequestState; 4] = [
    RequestState::Confirmed,
    RequestState::PartlyConfirmed,
    RequestState::NotGranted,
    RequestState::Completed,
];

impl Counted<'_> {
    fn condition(self) -> Condition {
        let public = Column::State.is_in(PUBLIC.map(word));
        match self {
            Counted::OfAll => Condition::all(),
            Counted::Of(own) => Condition::any().add(public).add(Column::OrganizationId.eq(key(own))),
            Counted::OfNobody => Condition::all().add(public),
        }
    }
}

/// How many requests of a round are in which state; states without any are left out.
pub async fn counts(
    tx: &Tx,
    alliance: &AllianceId,
    round: &RoundId,
    whose: Counted<'_>,
) -> Result<BTreeMap<RequestState, i64>, StoreError> {
    let states = of(alliance)
        .filter(Column::RoundId.eq(key(round)))
        .filter(whose.condition())
        .select_only()
        .column(Column::State);
    let counted = states.column_as(Column::Id.count(), "requests").group_by(Column::State);
    let rows: Vec<(String, i64)> = counted.into_tuple().all(tx).await?;
    rows.into_iter()
        .map(|(state, count)| Ok((from_word("requests.state", &state)?, count)))
        .collect()
}

/// The same for every round; rounds without requests are left out.
pub async fn counts_of_all(
    tx: &Tx,
    alliance: &AllianceId,
    whose: Counted<'_>,
) -> Result<BTreeMap<RoundId, BTreeMap<RequestState, i64>>, StoreError> {
    let states = of(alliance).filter(whose.condition()).select_only();
    let states = states.column(Column::RoundId).column(Column::State);
    let counted = states.column_as(Column::Id.count(), "requests");
    let counted = counted.group_by(Column::RoundId).group_by(Column::State);
    let mut of_round = BTreeMap::<RoundId, BTreeMap<RequestState, i64>>::new();
    for (round, state, count) in counted.into_tuple::<(String, String, i64)>().all(tx).await? {
        let round = id("requests.round_id", round)?;
        let state = from_word("requests.state", &state)?;
        of_round.entry(round).or_default().insert(state, count);
    }
    Ok(of_round)
}
