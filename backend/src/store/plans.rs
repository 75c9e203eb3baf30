//! Draft timetables of a round, with the instance that each was made for.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, PersonId, PlanId, RoundId, RunId};
use domain::plan::Plan;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq)]
pub struct PlanRecord {
    pub id: PlanId,
    pub round: RoundId,
    pub run: Option<RunId>,
    pub version: i64,
    /// The instance's JSON; never changed.
    pub instance: String,
    pub plan: Plan,
    pub label: String,
    /// A coordinator changed what the solver answered.
    pub edited: bool,
    /// Everybody who did.
    pub editors: BTreeSet<PersonId>,
    pub approved: Option<PersonId>,
    pub made_by: PersonId,
    pub created_at_min: i64,
    pub discarded: bool,
}

table! {
    plan_rows "plans" {
        key { alliance_id: String, id: String }
        round_id: String,
        run_id: Option<String>,
        version: i64,
        instance: String,
        plan: String,
        label: String,
        edited: bool,
        approved: Option<String>,
        made_by: String,
        created_at_min: i64,
        discarded: bool,
        editors: String,
    }
}
use plan_rows::{ActiveModel, Column, Entity, Model};

pub async fn insert(tx: &Tx, alliance: &AllianceId, plan: &PlanRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: key(&plan.id),
        round_id: key(&plan.round),
        run_id: key_or_null(&plan.run),
        version: plan.version,
        instance: plan.instance.clone(),
        plan: json(&plan.plan)?,
        label: plan.label.clone(),
        edited: plan.edited,
        approved: key_or_null(&plan.approved),
        made_by: key(&plan.made_by),
        created_at_min: plan.created_at_min,
        discarded: plan.discarded,
        editors: json(&plan.editors)?,
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

pub async fn get(tx: &Tx, alliance: &AllianceId, plan: &PlanId) -> Result<Option<PlanRecord>, StoreError> {
    Entity::find_by_id((key(alliance), key(plan)))
        .one(tx)
        .await?
        .map(read)
        .transpose()
}

/// What a change is measured against before a plan is read: a plan and its instance are large, and most of what
/// comes too late is known by this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    pub round: RoundId,
    pub version: i64,
    pub discarded: bool,
}

/// How a plan stands, held until the transaction ends: who waits for it sees what the one before has made of it.
pub async fn hold(tx: &Tx, alliance: &AllianceId, plan: &PlanId) -> Result<Option<Stand>, StoreError> {
    read_stand(tx, standing(alliance, plan).lock_exclusive()).await
}

/// How a plan stands.
pub async fn stand(tx: &Tx, alliance: &AllianceId, plan: &PlanId) -> Result<Option<Stand>, StoreError> {
    read_stand(tx, standing(alliance, plan)).await
}

fn standing(alliance: &AllianceId, plan: &PlanId) -> Select<Entity> {
    let columns = [Column::RoundId, Column::Version, Column::Discarded];
    Entity::find_by_id((key(alliance), key(plan)))
        .select_only()
        .columns(columns)
}

async fn read_stand(tx: &Tx, row: Select<Entity>) -> Result<Option<Stand>, StoreError> {
    let row: Option<(String, i64, bool)> = row.into_tuple().one(tx).await?;
    let stand = |(round, version, discarded)| {
        Ok(Stand {
            round: id("plans.round_id", round)?,
            version,
            discarded,
        })
    };
    row.map(stand).transpose()
}

/// All plans of a round, discarded ones too, oldest first.
pub async fn list(tx: &Tx, alliance: &AllianceId, round: &RoundId) -> Result<Vec<PlanRecord>, StoreError> {
    of_rounds(tx, alliance, std::slice::from_ref(round)).await
}

/// The plans of several rounds, in the same order.
pub async fn of_rounds(tx: &Tx, alliance: &AllianceId, rounds: &[RoundId]) -> Result<Vec<PlanRecord>, StoreError> {
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::RoundId.is_in(rounds.iter().map(key)));
    let rows = rows.order_by_asc(Column::CreatedAtMin).order_by_asc(Column::Id);
    rows.all(tx).await?.into_iter().map(read).collect()
}

/// Compares the stored version with `expected` and swaps the plan in as version `expected` + 1.
///
/// Round, run, instance, maker and creation stay what they were.
pub async fn update(tx: &Tx, alliance: &AllianceId, plan: &PlanRecord, expected: i64) -> Result<(), StoreError> {
    let change = ActiveModel {
        version: set(expected + 1),
        plan: set(json(&plan.plan)?),
        label: set(plan.label.clone()),
        edited: set(plan.edited),
        editors: set(json(&plan.editors)?),
        approved: set(key_or_null(&plan.approved)),
        discarded: set(plan.discarded),
        ..Default::default()
    };
    let compared = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(key(alliance)));
    let compared = compared
        .filter(Column::Id.eq(key(&plan.id)))
        .filter(Column::Version.eq(expected));
    swapped(compared.exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<PlanRecord, StoreError> {
    Ok(PlanRecord {
        id: id("plans.id", row.id)?,
        round: id("plans.round_id", row.round_id)?,
        run: id_or_null("plans.run_id", row.run_id)?,
        version: row.version,
        instance: row.instance,
        plan: from_json("plans.plan", &row.plan)?,
        label: row.label,
        edited: row.edited,
        editors: from_json("plans.editors", &row.editors)?,
        approved: id_or_null("plans.approved", row.approved)?,
        made_by: id("plans.made_by", row.made_by)?,
        created_at_min: row.created_at_min,
        discarded: row.discarded,
    })
}
