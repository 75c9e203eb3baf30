//! One-time invitations, found by the SHA-256 of their token. Whether one is still good is the caller's decision.

use super::columns::*;
use super::table::table;
use super::{StoreError, Tx};
use domain::id::{AllianceId, InvitationId, OrganizationId, PersonId};
use domain::people::Role;
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRecord {
    pub id: InvitationId,
    /// Lower-case hex.
    pub token_sha256: String,
    pub role: Role,
    pub organization: Option<OrganizationId>,
    /// Nobody, when it was made on the command line.
    pub invited_by: Option<PersonId>,
    pub expires_ms: i64,
    pub accepted_by: Option<PersonId>,
}

table! {
    invitation_rows "invitations" {
        key { alliance_id: String, id: String }
        token_sha256: String,
        role: String,
        organization_id: Option<String>,
        invited_by: Option<String>,
        expires_ms: i64,
        accepted_by: Option<String>,
    }
}
use invitation_rows::{Column, Entity, Model};

pub async fn insert(tx: &Tx, alliance: &AllianceId, invitation: &InvitationRecord) -> Result<(), StoreError> {
    let row = Model {
        alliance_id: key(alliance),
        id: key(&invitation.id),
        token_sha256: invitation.token_sha256.clone(),
        role: word(invitation.role),
        organization_id: key_or_null(&invitation.organization),
        invited_by: key_or_null(&invitation.invited_by),
        expires_ms: invitation.expires_ms,
        accepted_by: key_or_null(&invitation.accepted_by),
    };
    insert_all::<Entity, _>(tx, vec![row]).await
}

/// The invitation and its alliance: like a session, it is asked for before the alliance is known.
pub async fn find(tx: &Tx, token_sha256: &str) -> Result<Option<(AllianceId, InvitationRecord)>, StoreError> {
    let row = Entity::find()
        .filter(Column::TokenSha256.eq(token_sha256))
        .one(tx)
        .await?;
    row.map(|row| Ok((id("invitations.alliance_id", row.alliance_id.clone())?, read(row)?)))
        .transpose()
}

/// Takes an invitation for a person; false when somebody was faster.
pub async fn accept(
    tx: &Tx,
    alliance: &AllianceId,
    invitation: &InvitationId,
    person: &PersonId,
) -> Result<bool, StoreError> {
    let taken = Entity::update_many().col_expr(Column::AcceptedBy, Expr::value(key(person)));
    let taken = taken
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(invitation)))
        .filter(Column::AcceptedBy.is_null());
    Ok(taken.exec(tx).await?.rows_affected > 0)
}

/// What is still open of an organization's invitations, or of everybody's.
pub async fn open(
    tx: &Tx,
    alliance: &AllianceId,
    organization: Option<&OrganizationId>,
    now_ms: i64,
) -> Result<Vec<InvitationRecord>, StoreError> {
    let mut rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::AcceptedBy.is_null())
        .filter(Column::ExpiresMs.gt(now_ms));
    if let Some(organization) = organization {
        rows = rows.filter(Column::OrganizationId.eq(key(organization)));
    }
    let rows = rows.order_by_asc(Column::Id).all(tx).await?;
    rows.into_iter().map(read).collect()
}

/// What a person has invited and nobody has accepted, late or not.
pub async fn open_by(tx: &Tx, alliance: &AllianceId, maker: &PersonId) -> Result<Vec<InvitationRecord>, StoreError> {
    let rows = Entity::find()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::InvitedBy.eq(key(maker)))
        .filter(Column::AcceptedBy.is_null());
    rows.all(tx).await?.into_iter().map(read).collect()
}

/// Takes back an invitation that nobody has accepted.
pub async fn delete(tx: &Tx, alliance: &AllianceId, invitation: &InvitationId) -> Result<(), StoreError> {
    let open = Entity::delete_many()
        .filter(Column::AllianceId.eq(key(alliance)))
        .filter(Column::Id.eq(key(invitation)))
        .filter(Column::AcceptedBy.is_null());
    found(open.exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<InvitationRecord, StoreError> {
    Ok(InvitationRecord {
        id: id("invitations.id", row.id)?,
        token_sha256: row.token_sha256,
        role: from_word("invitations.role", &row.role)?,
        organization: id_or_null("invitations.organization_id", row.organization_id)?,
        invited_by: id_or_null("invitations.invited_by", row.invited_by)?,
        expires_ms: row.expires_ms,
        accepted_by: id_or_null("invitations.accepted_by", row.accepted_by)?,
    })
}
