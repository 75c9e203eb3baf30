//! People with a login, as the admins of their organizations see them: who is there, in which role, by which invitation.
//!
//! An organization's admin reaches whoever has a membership inside, and gives and takes roles there alone; a login that
//! has memberships elsewhere too is not theirs to shut. What somebody leaves behind is `people::duties`.

pub mod duties;
pub mod lessons;

use crate::app::{App, Caller};
use crate::clock;
use crate::invitations::outlived;
use crate::names;
use crate::problem::Problem;
use crate::store::{
    Change, Fact, Finished, Tx, alliances, invitations, memberships, people, phones, second_factors, sessions,
};
use domain::access::{Actor, Object};
use domain::api::*;
use domain::catalog::Catalog;
use domain::id::{OrganizationId, PersonId};
use domain::people::{Membership, Person, Role};
use std::collections::BTreeMap;

pub async fn list(app: App, caller: Caller, call: ListPeople) -> Result<PeopleView, Problem> {
    let wanted = scope(&caller, CallName::ListPeople, call.organization)?;
    let tx = app.read().await?;
    view(&app, &tx, &caller, wanted).await
}

/// Whose people a call is about: an organization's admin has no other than the own.
fn scope(caller: &Caller, call: CallName, asked: Option<OrganizationId>) -> Result<Option<OrganizationId>, Problem> {
    caller.may(call)?;
    let actor = caller.actor()?;
    let organization = match is_of_the_alliance(actor) {
        true => asked,
        false => asked.or_else(|| actor.organization.clone()),
    };
    let owner = organization.as_ref();
    caller.may_to(
        call,
        &Object {
            owner,
            ..Object::default()
        },
    )?;
    match (owner, is_of_the_alliance(actor)) {
        (None, false) => Err(Problem::new(ProblemCode::Forbidden)),
        _ => Ok(organization),
    }
}

fn is_of_the_alliance(actor: &Actor) -> bool {
    actor.role == Role::SystemAdmin
}

/// A membership as it is read: with the names of its organization.
pub fn membership_view(catalog: &Catalog, held: &Membership) -> MembershipView {
    let member = catalog
        .organizations
        .iter()
        .find(|member| Some(&member.id) == held.organization.as_ref());
    MembershipView {
        organization: held.organization.clone(),
        name: member.map(|member| member.name.clone()).unwrap_or_default(),
        name_en: member.map(|member| member.name_en.clone()).unwrap_or_default(),
        role: held.role,
    }
}

async fn view(app: &App, tx: &Tx, caller: &Caller, wanted: Option<OrganizationId>) -> Result<PeopleView, Problem> {
    let actor = caller.actor()?;
    let catalog = app.catalog(tx, &caller.alliance).await?;
    let held = memberships::all(tx, &caller.alliance).await?;
    let factors = second_factors::confirmed(tx, &caller.alliance).await?;
    let known = people::list(tx, &caller.alliance).await?;
    let masked = phones::masked(tx, &caller.alliance).await?;
    let none = Vec::new();
    let rows = known.iter().filter_map(|person| {
        let all = held.get(&person.id).unwrap_or(&none);
        let inside = |held: &&Membership| wanted.is_none() || held.organization == wanted;
        let seen: Vec<_> = all
            .iter()
            .filter(inside)
            .map(|held| membership_view(&catalog, held))
            .collect();
        let belongs = wanted.is_none() || !seen.is_empty();
        belongs.then(|| PersonRow {
            id: person.id.clone(),
            name: person.name.clone(),
            login: person.login.clone(),
            phone: masked.get(&person.id).cloned(),
            active: person.active,
            second_factor: factors.contains(&person.id),
            own: person.id == actor.person,
            shared: seen.len() < all.len(),
            memberships: seen,
        })
    });
    let rows = rows.collect();
    let invitations = open_invitations(tx, caller, wanted.as_ref(), &known).await?;
    Ok(PeopleView {
        alliance: caller.alliance.clone(),
        second_factor_required: alliances::get(tx, &caller.alliance).await?.second_factor_required,
        into: into(actor, &catalog),
        roles: actor.role.may_give().to_vec(),
        names: names::of(&catalog),
        organization: wanted,
        people: rows,
        invitations,
    })
}

async fn open_invitations(
    tx: &Tx,
    caller: &Caller,
    wanted: Option<&OrganizationId>,
    known: &[Person],
) -> Result<Vec<InvitationRow>, Problem> {
    let zone = alliances::get(tx, &caller.alliance).await?.zone;
    let names: BTreeMap<&PersonId, &String> = known.iter().map(|person| (&person.id, &person.name)).collect();
    let open = invitations::open(tx, &caller.alliance, wanted, clock::now_ms()).await?;
    let row = |open: invitations::InvitationRecord| InvitationRow {
        id: open.id,
        role: open.role,
        organization: open.organization,
        by: open
            .invited_by
            .as_ref()
            .and_then(|by| names.get(by))
            .map(|name| name.to_string())
            .unwrap_or_default(),
        expires_at_min: clock::civil_at(&zone, open.expires_ms),
    };
    Ok(open.into_iter().map(row).collect())
}

/// Where the reader may invite into.
fn into(actor: &Actor, catalog: &Catalog) -> Vec<MembershipView> {
    let own = |member: &Option<OrganizationId>| is_of_the_alliance(actor) || *member == actor.organization;
    let members = catalog.organizations.iter().map(|member| Some(member.id.clone()));
    let alliance = is_of_the_alliance(actor).then_some(None);
    let places = members.chain(alliance).filter(own);
    let seat = |organization| Membership {
        organization,
        role: Role::Requester,
    };
    places
        .map(|organization| membership_view(catalog, &seat(organization)))
        .collect()
}

/// Whether an actor may give and take this role there.
pub fn may_give(caller: &Caller, call: CallName, seat: &Membership) -> Result<(), Problem> {
    let owner = seat.organization.as_ref();
    caller.may_to(
        call,
        &Object {
            owner,
            ..Object::default()
        },
    )?;
    let fits = seat.role.is_of_a_member() == seat.organization.is_some();
    match fits && caller.actor()?.role.may_give().contains(&seat.role) {
        true => Ok(()),
        false => Err(Problem::new(ProblemCode::Forbidden)),
    }
}

/// A person whom the caller reaches, with all memberships; anybody else is not there, nor is who was erased.
pub async fn reached(
    tx: &Tx,
    caller: &Caller,
    call: CallName,
    id: &PersonId,
) -> Result<(Person, Vec<Membership>), Problem> {
    caller.may(call)?;
    let person = people::get_unerased(tx, &caller.alliance, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let held = memberships::of(tx, &caller.alliance, id).await?;
    let actor = caller.actor()?;
    let inside = |held: &Membership| held.organization.is_some() && held.organization == actor.organization;
    match is_of_the_alliance(actor) || held.iter().any(inside) {
        true => Ok((person, held)),
        false => Err(Problem::not_found()),
    }
}

/// What people may do is changed by one at a time, and by whoever is still who they were when they asked: of two admins
/// who take each other's role at one moment, one has lost it by then.
pub async fn in_turn(change: &Change, caller: &Caller) -> Result<(), Problem> {
    memberships::hold(change, &caller.alliance).await?;
    let actor = caller.actor()?;
    let now = people::get(change, &caller.alliance, &actor.person).await?;
    let same = |now: &Person| now.active && now.role == actor.role && now.organization == actor.organization;
    match now.is_some_and(|now| same(&now)) {
        true => Ok(()),
        false => Err(Problem::new(ProblemCode::Forbidden)),
    }
}

/// Nobody judges the own login: so an alliance never loses its last admin.
pub fn not_oneself(caller: &Caller, person: &PersonId) -> Result<(), Problem> {
    match caller.actor()?.person == *person {
        true => Err(Problem::new(ProblemCode::Forbidden)),
        false => Ok(()),
    }
}

pub async fn set_role(
    app: App,
    caller: Caller,
    change: Change,
    call: SetRole,
) -> Result<Finished<PeopleView>, Problem> {
    let seat = Membership {
        organization: call.organization,
        role: call.role,
    };
    let (person, held) = reached(&change, &caller, CallName::SetRole, &call.person).await?;
    may_give(&caller, CallName::SetRole, &seat)?;
    not_oneself(&caller, &person.id)?;
    in_turn(&change, &caller).await?;
    let is_there = held.iter().any(|known| known.organization == seat.organization);
    if !is_there && !is_of_the_alliance(caller.actor()?) {
        return Err(Problem::not_found());
    }
    memberships::put(&change, &caller.alliance, &person.id, &seat).await?;
    if person.organization == seat.organization || held.is_empty() {
        people::act(&change, &caller.alliance, &person.id, &seat).await?;
    }
    told(&change, &seat);
    let held = memberships::of(&change, &caller.alliance, &person.id).await?;
    outlived(&change, &caller.alliance, &person.id, &held).await?;
    answered(&app, change, &caller).await
}

pub async fn take_role(
    app: App,
    caller: Caller,
    change: Change,
    call: TakeRole,
) -> Result<Finished<PeopleView>, Problem> {
    let (person, held) = reached(&change, &caller, CallName::TakeRole, &call.person).await?;
    not_oneself(&caller, &person.id)?;
    in_turn(&change, &caller).await?;
    let taken = held.iter().find(|known| known.organization == call.organization);
    let taken = taken.ok_or_else(Problem::not_found)?;
    may_give(&caller, CallName::TakeRole, taken)?;
    memberships::delete(&change, &caller.alliance, &person.id, call.organization.as_ref()).await?;
    let left = memberships::of(&change, &caller.alliance, &person.id).await?;
    if person.organization == call.organization {
        // Whoever has nothing left asks for nobody: the least of the roles, in no organization.
        let nothing = Membership {
            organization: None,
            role: Role::Requester,
        };
        let other = left.first().unwrap_or(&nothing);
        people::act(&change, &caller.alliance, &person.id, other).await?;
    }
    told(&change, taken);
    outlived(&change, &caller.alliance, &person.id, &left).await?;
    answered(&app, change, &caller).await
}

/// The alliance's own rule; whoever lacks what it asks for is led to the own account from the next request on.
pub async fn set_second_factor_rule(
    app: App,
    caller: Caller,
    change: Change,
    call: SetSecondFactorRule,
) -> Result<Finished<PeopleView>, Problem> {
    if call.alliance != caller.alliance {
        return Err(Problem::not_found());
    }
    in_turn(&change, &caller).await?;
    alliances::require_second_factor(&change, &caller.alliance, call.required).await?;
    change.fact("required", i64::from(call.required));
    answered(&app, change, &caller).await
}

fn told(change: &Change, seat: &Membership) {
    change.fact("role", <&'static str>::from(seat.role));
    if let Some(organization) = &seat.organization {
        change.fact("organization", Fact::id(organization));
    }
}

/// The page as it now is for the caller.
pub async fn answered(app: &App, change: Change, caller: &Caller) -> Result<Finished<PeopleView>, Problem> {
    let wanted = scope(caller, CallName::ListPeople, None)?;
    let view = view(app, &change, caller, wanted).await?;
    Ok(change.done(view))
}

/// Shuts a login: its sessions and the links that it has made end with the same commit.
pub async fn deactivate(
    app: App,
    caller: Caller,
    change: Change,
    call: DeactivatePerson,
) -> Result<Finished<DutiesView>, Problem> {
    let person = whole(&change, &caller, CallName::DeactivatePerson, &call.person).await?;
    in_turn(&change, &caller).await?;
    people::set_active(&change, &caller.alliance, &person, false).await?;
    sessions::delete_of(&change, &caller.alliance, &person).await?;
    outlived(&change, &caller.alliance, &person, &[]).await?;
    let view = duties::view(&app, &change, &caller, &person).await?;
    Ok(change.done(view))
}

pub async fn reactivate(
    app: App,
    caller: Caller,
    change: Change,
    call: ReactivatePerson,
) -> Result<Finished<DutiesView>, Problem> {
    let person = whole(&change, &caller, CallName::ReactivatePerson, &call.person).await?;
    in_turn(&change, &caller).await?;
    people::set_active(&change, &caller.alliance, &person, true).await?;
    let view = duties::view(&app, &change, &caller, &person).await?;
    Ok(change.done(view))
}

/// A person all of whose memberships the caller may give and take.
async fn whole(tx: &Tx, caller: &Caller, call: CallName, id: &PersonId) -> Result<PersonId, Problem> {
    let (person, held) = reached(tx, caller, call, id).await?;
    not_oneself(caller, &person.id)?;
    let actor = caller.actor()?;
    let own = |held: &Membership| is_of_the_alliance(actor) || may_give(caller, call, held).is_ok();
    match held.iter().all(own) {
        true => Ok(person.id),
        false => Err(Problem::new(ProblemCode::Forbidden)),
    }
}
