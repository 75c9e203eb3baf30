//! The steps of members' standings. Whether a suspension is over is the caller's decision.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, OrganizationId, PersonId};
use domain::standing::{Standing, StandingState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    pub organization: OrganizationId,
    pub state: StandingState,
    pub reason: String,
    pub until_at_min: Option<i64>,
    pub at_min: i64,
    pub by: PersonId,
}

table! {
    step_rows "standing_steps" {
        key { alliance_id: String, organization_id: String, version: i64 }
        state: String,
        reason: String,
        until_at_min: Option<i64>,
        at_min: i64,
        person_id: String,
    }
}
use step_rows::{Column, Entity, Model};

/// The next step of a standing that was at this version; `Stale` when somebody was faster.
pub async fn step(tx: &Tx, alliance: &AllianceId, version: i64, step: &StepRecord) -> Result<(), StoreError> {
    if get(tx, alliance, &step.organization).await?.version != version {
        return Err(StoreError::Stale);
    }
    let row = Model {
        alliance_id: key(alliance),
        organization_id: key(&step.organization),
        version: version + 1,
        state: word(step.state),
        reason: step.reason.clone(),
        until_at_min: step.until_at_min,
        at_min: step.at_min,
        person_id: key(&step.by),
    };
    // Of two at one time the primary key takes one.
    match insert_all::<Entity, _>(tx, vec![row]).await {
        Err(StoreError::Conflict { .. }) => Err(StoreError::Stale),
        other => other,
    }
}

/// The last step of a member's standing.
pub async fn get(tx: &Tx, alliance: &AllianceId, organization: &OrganizationId) -> Result<Standing, StoreError> {
    let last = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::OrganizationId.eq(key(organization)))
        .order_by_desc(Column::Version)
        .one(tx)
        .await?;
    last.map_or_else(|| Ok(Standing::good()), standing)
}

/// How every member that has ever taken a step stands.
pub async fn of_all(tx: &Tx, alliance: &AllianceId) -> Result<BTreeMap<OrganizationId, Standing>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .order_by_asc(Column::Version);
    let mut last = BTreeMap::new();
    for row in rows.all(tx).await? {
        let organization = id("standing_steps.organization_id", row.organization_id.clone())?;
        last.insert(organization, standing(row)?);
    }
    Ok(last)
}

fn standing(row: Model) -> Result<Standing, StoreError> {
    Ok(Standing {
        state: from_word("standing_steps.state", &row.state)?,
        reason: row.reason,
        until_at_min: row.until_at_min,
        version: row.version,
    })
}

/// Every step, by member, oldest first.
pub async fn all(tx: &Tx, alliance: &AllianceId) -> Result<Vec<StepRecord>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .order_by_asc(Column::OrganizationId)
        .order_by_asc(Column::Version)
        .all(tx)
        .await?;
    let read = |row: Model| {
        Ok(StepRecord {
            organization: id("standing_steps.organization_id", row.organization_id)?,
            state: from_word("standing_steps.state", &row.state)?,
            reason: row.reason,
            until_at_min: row.until_at_min,
            at_min: row.at_min,
            by: id("standing_steps.person_id", row.person_id)?,
        })
    };
    rows.into_iter().map(read).collect()
}
