//! How many requests are in which state.

use super::of;
use super::request_rows::Column;
use crate::store::columns::*;
use crate::store::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, RoundId};
use domain::request::RequestState;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use std::collections::BTreeMap;

/// Whose drafts are counted; what was submitted counts whoever asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts<'a> {
    OfAll,
    Of(&'a OrganizationId),
    OfNobody,
}

impl Drafts<'_> {
    fn counted(self) -> Condition {
        let filed = Column::State.is_not_in([RequestState::Draft, RequestState::Returned].map(word));
        match self {
            Drafts::OfAll => Condition::all(),
            Drafts::Of(own) => Condition::any().add(filed).add(Column::OrganizationId.eq(key(own))),
            Drafts::OfNobody => Condition::all().add(filed),
        }
    }
}

/// How many requests of a round are in which state; states without any are left out.
pub async fn counts(
    tx: &Tx,
    alliance: &AllianceId,
    round: &RoundId,
    drafts: Drafts<'_>,
) -> Result<BTreeMap<RequestState, i64>, StoreError> {
    let states = of(alliance)
        .filter(Column::RoundId.eq(key(round)))
        .filter(drafts.counted())
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
    drafts: Drafts<'_>,
) -> Result<BTreeMap<RoundId, BTreeMap<RequestState, i64>>, StoreError> {
    let states = of(alliance).filter(drafts.counted()).select_only();
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
