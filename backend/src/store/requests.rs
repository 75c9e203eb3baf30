//! Drafts and requests, and the story of each.

mod counts;
mod numbers;

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::api::Missing;
use domain::id::{AllianceId, OrganizationId, PersonId, RequestId, RoundId};
use domain::request::{RequestDraft, RequestState};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{ExprTrait, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

pub use counts::{Counted, counts, counts_of_all};

#[derive(Debug, Clone, PartialEq)]
pub struct RequestRecord {
    pub id: RequestId,
    /// Counts within the round and the organization; assigned by `insert`.
    pub number: i64,
    pub round: RoundId,
    pub organization: OrganizationId,
    pub state: RequestState,
    pub version: i64,
    pub draft: RequestDraft,
    pub created_by: PersonId,
    pub created_at_min: i64,
    pub updated_at_min: i64,
    pub note: Option<String>,
    /// Known from the published moment on.
    pub granted_lessons: Option<i64>,
    pub missing: Option<Missing>,
}

/// What to list; what is not named is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFilter {
    pub round: Option<RoundId>,
    pub organization: Option<OrganizationId>,
    pub state: Option<RequestState>,
    /// Only what was submitted once.
    pub filed: bool,
}

/// One step of a request's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryRecord {
    pub state: RequestState,
    pub at_min: i64,
    pub by: PersonId,
    pub note: String,
}

table! {
    request_rows "requests" {
        key { alliance_id: String, id: String }
        number: i64,
        round_id: String,
        organization_id: String,
        state: String,
        version: i64,
        draft: String,
        created_by: String,
        created_at_min: i64,
        updated_at_min: i64,
        note: Option<String>,
        granted_lessons: Option<i64>,
        missing: Option<String>,
    }
}
use request_rows::{ActiveModel, Column, Entity, Model};

table! {
    step_rows "request_steps" {
        key { alliance_id: String, request_id: String, step: i64 }
        state: String,
        at_min: i64,
        by_person: String,
        note: String,
    }
}

/// Stores a new draft or request under its organization's next number in the round, and answers the number.
pub async fn insert(tx: &Tx, alliance: &AllianceId, request: &RequestRecord) -> Result<i64, StoreError> {
    let number = numbers::next(tx, alliance, (&request.round, &request.organization), 1).await?;
    let row = written(alliance, request, number)?;
    insert_all::<Entity, _>(tx, vec![row]).await?;
    Ok(number)
}

/// Stores many new ones of one organization in a round under its next numbers, each with the first step of its story;
/// answers the first number.
pub async fn insert_many(
    tx: &Tx,
    alliance: &AllianceId,
    (round, organization): (&RoundId, &OrganizationId),
    requests: &[RequestRecord],
    step: &StoryRecord,
) -> Result<i64, StoreError> {
    let first = numbers::next(tx, alliance, (round, organization), requests.len() as i64).await?;
    let numbered = requests.iter().zip(first..);
    let rows = numbered.map(|(request, number)| written(alliance, request, number));
    insert_all::<Entity, _>(tx, rows.collect::<Result<_, _>>()?).await?;
    let steps = requests.iter().map(|request| step_row(alliance, &request.id, 1, step));
    insert_all::<step_rows::Entity, _>(tx, steps.collect()).await?;
    Ok(first)
}

fn written(alliance: &AllianceId, request: &RequestRecord, number: i64) -> Result<Model, StoreError> {
    Ok(Model {
        alliance_id: key(alliance),
        id: key(&request.id),
        number,
        round_id: key(&request.round),
        organization_id: key(&request.organization),
        state: word(request.state),
        version: request.version,
        draft: json(&request.draft)?,
        created_by: key(&request.created_by),
        created_at_min: request.created_at_min,
        updated_at_min: request.updated_at_min,
        note: request.note.clone(),
        granted_lessons: request.granted_lessons,
        missing: json_or_null(&request.missing)?,
    })
}

pub async fn get(tx: &Tx, alliance: &AllianceId, request: &RequestId) -> Result<Option<RequestRecord>, StoreError> {
    Entity::find_by_id((key(alliance), key(request)))
        .one(tx)
        .await?
        .map(read)
        .transpose()
}

/// By round, then number.
pub async fn list(tx: &Tx, alliance: &AllianceId, filter: &RequestFilter) -> Result<Vec<RequestRecord>, StoreError> {
    let mut rows = of(alliance);
    if let Some(round) = &filter.round {
        rows = rows.filter(Column::RoundId.eq(key(round)));
    }
    if let Some(organization) = &filter.organization {
        rows = rows.filter(Column::OrganizationId.eq(key(organization)));
    }
    if let Some(state) = filter.state {
        rows = rows.filter(Column::State.eq(word(state)));
    }
    if filter.filed {
        let never = [RequestState::Draft, RequestState::Withdrawn, RequestState::Expired].map(word);
        let submitted = submissions(alliance).select_only().column(step_rows::Column::RequestId);
        let once = Condition::any()
            .add(Column::State.is_not_in(never))
            .add(Column::Id.in_subquery(submitted.into_query()));
        rows = rows.filter(once);
    }
    let rows = rows.order_by_asc(Column::RoundId).order_by_asc(Column::Number);
    rows.all(tx).await?.into_iter().map(read).collect()
}

fn submissions(alliance: &AllianceId) -> Select<step_rows::Entity> {
    step_rows::Entity::find()
        .filter(step_rows::Column::AllianceId.eq(key(alliance)))
        .filter(step_rows::Column::State.eq(word(RequestState::Submitted)))
}

/// Whether a request was ever more than a draft.
pub async fn was_filed(tx: &Tx, alliance: &AllianceId, request: &RequestId) -> Result<bool, StoreError> {
    let submitted = submissions(alliance).filter(step_rows::Column::RequestId.eq(key(request)));
    Ok(submitted.count(tx).await? > 0)
}

/// What a person answers for, by round, then number.
pub async fn of_person(tx: &Tx, alliance: &AllianceId, person: &PersonId) -> Result<Vec<RequestRecord>, StoreError> {
    let rows = of(alliance).filter(Column::CreatedBy.eq(key(person)));
    let rows = rows.order_by_asc(Column::RoundId).order_by_asc(Column::Number);
    rows.all(tx).await?.into_iter().map(read).collect()
}

/// Compares the stored version with `expected` and swaps the request in as version `expected` + 1.
///
/// Number, round, organization and creation stay what they were.
pub async fn update(tx: &Tx, alliance: &AllianceId, request: &RequestRecord, expected: i64) -> Result<(), StoreError> {
    let change = ActiveModel {
        state: set(word(request.state)),
        version: set(expected + 1),
        draft: set(json(&request.draft)?),
        updated_at_min: set(request.updated_at_min),
        note: set(request.note.clone()),
        granted_lessons: set(request.granted_lessons),
        missing: set(json_or_null(&request.missing)?),
        ..Default::default()
    };
    let compared = Entity::update_many()
        .set(change)
        .filter(Column::AllianceId.eq(key(alliance)));
    let compared = compared
        .filter(Column::Id.eq(key(&request.id)))
        .filter(Column::Version.eq(expected));
    swapped(compared.exec(tx).await?.rows_affected)
}

/// Somebody else answers for a request; only from whoever did until now.
pub async fn hand_over(
    tx: &Tx,
    alliance: &AllianceId,
    request: &RequestId,
    from: &PersonId,
    to: &PersonId,
) -> Result<(), StoreError> {
    let handed = Entity::update_many().col_expr(Column::CreatedBy, Expr::value(key(to)));
    let handed = handed
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(request)))
        .filter(Column::CreatedBy.eq(key(from)));
    swapped(handed.exec(tx).await?.rows_affected)
}

/// Moves every request of a round that is in state `from` to `to`; says how many. Their versions rise.
pub async fn set_states(
    tx: &Tx,
    alliance: &AllianceId,
    round: &RoundId,
    from: RequestState,
    to: RequestState,
    at_min: i64,
) -> Result<u64, StoreError> {
    move_all(tx, alliance, round, (from, to), at_min, None).await
}

async fn move_all(
    tx: &Tx,
    alliance: &AllianceId,
    round: &RoundId,
    (from, to): (RequestState, RequestState),
    at_min: i64,
    only: Option<SimpleExpr>,
) -> Result<u64, StoreError> {
    let change = ActiveModel {
        state: set(word(to)),
        updated_at_min: set(at_min),
        ..Default::default()
    };
    let moved = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1));
    let moved = moved
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::RoundId.eq(key(round)));
    let moved = match only {
        Some(only) => moved.filter(only),
        None => moved,
    };
    Ok(moved.filter(Column::State.eq(word(from))).exec(tx).await?.rows_affected)
}

/// Proposes what a plan was made from: of a round, the submitted ones with these ids.
pub async fn propose(
    tx: &Tx,
    alliance: &AllianceId,
    round: &RoundId,
    planned: &[RequestId],
    at_min: i64,
) -> Result<(), StoreError> {
    let (from, to) = (RequestState::Submitted, RequestState::Proposed);
    for planned in planned.chunks(PLANNED_MAX) {
        let only = Column::Id.is_in(planned.iter().map(key));
        move_all(tx, alliance, round, (from, to), at_min, Some(only)).await?;
    }
    Ok(())
}

/// Ids of one statement.
const PLANNED_MAX: usize = 1000;

/// Adds the next step. The request's row is locked first, so that steps are counted one by one.
pub async fn add_step(
    tx: &Tx,
    alliance: &AllianceId,
    request: &RequestId,
    step: &StoryRecord,
) -> Result<(), StoreError> {
    let row = Entity::find_by_id((key(alliance), key(request)))
        .lock(LockType::NoKeyUpdate)
        .select_only();
    let known: Option<i64> = row.column(Column::Version).into_tuple().one(tx).await?;
    known.ok_or(StoreError::NotFound)?;
    let steps = steps_of(alliance, request)
        .select_only()
        .column_as(step_rows::Column::Step.max(), "last");
    let last: Option<Option<i64>> = steps.into_tuple().one(tx).await?;
    let row = step_row(alliance, request, last.flatten().unwrap_or(0) + 1, step);
    insert_all::<step_rows::Entity, _>(tx, vec![row]).await
}

fn step_row(alliance: &AllianceId, request: &RequestId, number: i64, step: &StoryRecord) -> step_rows::Model {
    step_rows::Model {
        alliance_id: key(alliance),
        request_id: key(request),
        step: number,
        state: word(step.state),
        at_min: step.at_min,
        by_person: key(&step.by),
        note: step.note.clone(),
    }
}

/// First step first.
pub async fn story(tx: &Tx, alliance: &AllianceId, request: &RequestId) -> Result<Vec<StoryRecord>, StoreError> {
    let rows = steps_of(alliance, request)
        .order_by_asc(step_rows::Column::Step)
        .all(tx)
        .await?;
    let read = |row: step_rows::Model| {
        Ok(StoryRecord {
            state: from_word("request_steps.state", &row.state)?,
            at_min: row.at_min,
            by: id("request_steps.by_person", row.by_person)?,
            note: row.note,
        })
    };
    rows.into_iter().map(read).collect()
}

fn of(alliance: &AllianceId) -> Select<Entity> {
    Entity::find().filter(Column::AllianceId.eq(key(alliance)))
}

fn steps_of(alliance: &AllianceId, request: &RequestId) -> Select<step_rows::Entity> {
    let of_alliance = step_rows::Entity::find().filter(step_rows::Column::AllianceId.eq(key(alliance)));
    of_alliance.filter(step_rows::Column::RequestId.eq(key(request)))
}

fn read(row: Model) -> Result<RequestRecord, StoreError> {
    Ok(RequestRecord {
        id: id("requests.id", row.id)?,
        number: row.number,
        round: id("requests.round_id", row.round_id)?,
        organization: id("requests.organization_id", row.organization_id)?,
        state: from_word("requests.state", &row.state)?,
        version: row.version,
        draft: from_json("requests.draft", &row.draft)?,
        created_by: id("requests.created_by", row.created_by)?,
        created_at_min: row.created_at_min,
        updated_at_min: row.updated_at_min,
        note: row.note,
        granted_lessons: row.granted_lessons,
        missing: from_json_or_null("requests.missing", &row.missing)?,
    })
}
