//! Coming in for the first time: a one-time invitation, which its guest turns into a login with a password that nobody
//! else has ever known, or into one more membership of the login they have. The first comes from the command line.

use crate::account;
use crate::app::{App, Caller};
use crate::changes;
use crate::clock;
use crate::problem::Problem;
use crate::session::{self, token_hash};
use crate::sign_on;
use crate::store::invitations::InvitationRecord;
use crate::store::sessions::Way;
use crate::store::{Change, Fact, Finished, StoreError, alliances, invitations, memberships, people};
use domain::access::Actor;
use domain::api::*;
use domain::event::Event;
use domain::id::{AllianceId, PersonId};
use domain::people::{Membership, Person, Role};
use domain::violation::Violation;

const NAME_LEN_MAX: i64 = 40;
const LOGIN_LEN_MIN: i64 = 3;
const LOGIN_LEN_MAX: i64 = 32;

/// Days that an invitation may last.
const DAYS: std::ops::RangeInclusive<i64> = 1..=30;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// A link into a role that the caller may give.
pub async fn invite(app: App, caller: Caller, call: InvitePerson) -> Result<InvitationLink, Problem> {
    let (organization, role) = (call.organization, call.role);
    let seat = Membership { organization, role };
    crate::people::may_give(&caller, CallName::InvitePerson, &seat)?;
    if !DAYS.contains(&call.days) {
        return Err(Problem::malformed("days: 1 to 30"));
    }
    let by = caller.actor()?.person.clone();
    let (invitation, token) = made(role, seat.organization, Some(by), call.days * DAY_MS);
    let change = app.work().await?;
    crate::people::in_turn(&change, &caller).await?;
    let deed = changes::deed(&caller, Event::PersonInvited, invitation.id.to_string());
    add(&change, deed, &invitation).await?;
    let zone = alliances::get(&change, &caller.alliance).await?.zone;
    app.commit(change.done(())).await?;
    Ok(InvitationLink {
        path: frontend::paths::join(&token),
        expires_at_min: clock::civil_at(&zone, invitation.expires_ms),
        id: invitation.id,
        role,
    })
}

/// Takes an invitation back, as long as nobody has accepted it.
pub async fn revoke(
    app: App,
    caller: Caller,
    change: Change,
    call: RevokeInvitation,
) -> Result<Finished<PeopleView>, Problem> {
    let open = invitations::open(&change, &caller.alliance, None, clock::now_ms()).await?;
    let invitation = open.into_iter().find(|open| open.id == call.id);
    let invitation = invitation.ok_or_else(Problem::not_found)?;
    let (organization, role) = (invitation.organization, invitation.role);
    crate::people::may_give(&caller, CallName::RevokeInvitation, &Membership { organization, role })
        .map_err(|_| Problem::not_found())?;
    crate::people::in_turn(&change, &caller).await?;
    invitations::delete(&change, &caller.alliance, &call.id).await?;
    crate::people::answered(&app, change, &caller).await
}

/// Takes back what somebody has invited and could not invite as what they hold now: a link does not outlive what it was made
/// with.
pub async fn outlived(
    change: &Change,
    alliance: &AllianceId,
    maker: &PersonId,
    held: &[Membership],
) -> Result<(), StoreError> {
    let gives = |held: &Membership, open: &InvitationRecord| {
        let reaches = held.role == Role::SystemAdmin || held.organization == open.organization;
        reaches && held.role.may_give().contains(&open.role)
    };
    let mut taken_back = 0;
    for open in invitations::open_by(change, alliance, maker).await? {
        if !held.iter().any(|held| gives(held, &open)) {
            invitations::delete(change, alliance, &open.id).await?;
            taken_back += 1;
        }
    }
    if taken_back > 0 {
        change.fact("invitations", taken_back);
    }
    Ok(())
}

/// Whoever has a login takes the invitation for it, and acts as that from now on.
pub async fn join_as_self(
    app: App,
    caller: Caller,
    change: Change,
    call: JoinAsSelf,
) -> Result<Finished<SessionView>, Problem> {
    let (alliance, invitation) = open(&app, &call.token.0).await?;
    let person = caller.actor()?.person.clone();
    // Nobody gives a role to themselves, by no way round.
    if invitation.invited_by.as_ref() == Some(&person) {
        return Err(Problem::new(ProblemCode::Forbidden));
    }
    crate::people::in_turn(&change, &caller).await?;
    let accepted = invitations::accept(&change, &caller.alliance, &invitation.id, &person).await?;
    if alliance != caller.alliance || !accepted {
        return Err(Problem::not_found());
    }
    let (organization, role) = (invitation.organization, invitation.role);
    let seat = Membership { organization, role };
    memberships::put(&change, &caller.alliance, &person, &seat).await?;
    if caller.actor()?.role == Role::SystemAdmin {
        keeps_an_admin(&change, &caller.alliance).await?;
    }
    change.fact("invitation", Fact::id(&invitation.id));
    change.fact("role", <&'static str>::from(role));
    let held = memberships::of(&change, &caller.alliance, &person).await?;
    outlived(&change, &caller.alliance, &person, &held).await?;
    session::acting(&app, change, &caller, &seat).await
}

/// Whoever takes another role in the place of the last admin's leaves nobody who could let anybody in.
async fn keeps_an_admin(change: &Change, alliance: &AllianceId) -> Result<(), Problem> {
    let left = memberships::with_people(change, alliance).await?;
    match left
        .iter()
        .any(|(person, held)| person.active && held.role == Role::SystemAdmin)
    {
        true => Ok(()),
        false => Err(Problem::new(ProblemCode::WrongState)),
    }
}

/// An invitation that can still be accepted; any other is not there.
pub async fn open(app: &App, token: &str) -> Result<(AllianceId, InvitationRecord), Problem> {
    let tx = app.read().await?;
    let found = invitations::find(&tx, &token_hash(token)).await?;
    let good =
        |invitation: &InvitationRecord| invitation.accepted_by.is_none() && clock::now_ms() < invitation.expires_ms;
    found
        .filter(|(_, invitation)| good(invitation))
        .ok_or_else(Problem::not_found)
}

/// A new person and the first session of it; the token leaves once.
pub async fn accept(app: &App, caller: &Caller, call: AcceptInvitation) -> Result<(SessionView, String), Problem> {
    let (alliance, invitation) = open(app, &call.token.0).await?;
    let (login, name) = (call.login.trim().to_lowercase(), call.name.trim().to_owned());
    check(&login, &name)?;
    account::check(app, &call.password, &login)?;
    let hash = session::hashed(app, call.password).await?;
    let person = Person {
        id: PersonId::new(clock::new_id()),
        login,
        name,
        role: invitation.role,
        organization: invitation.organization.clone(),
        instructor: None,
        active: true,
    };
    let by = Caller {
        actor: Some(actor_of(&alliance, &person)),
        name: person.name.clone(),
        alliance,
        ..caller.clone()
    };
    let change = app.work().await?;
    joined(&change, &by, &invitation, &person, &hash).await?;
    if let Some(identity) = &call.identity {
        sign_on::link_new(app, &change, &by, &person.id, &call.token.0, &identity.0).await?;
    }
    let opened = session::open(app, &change, &by, &person, Way::Password, clock::now_ms()).await?;
    app.commit(change.done(())).await?;
    Ok(opened)
}

async fn joined(
    change: &Change,
    by: &Caller,
    invitation: &InvitationRecord,
    person: &Person,
    hash: &str,
) -> Result<(), Problem> {
    people::insert(change, &by.alliance, person, hash, clock::now_ms()).await?;
    if !invitations::accept(change, &by.alliance, &invitation.id, &person.id).await? {
        return Err(Problem::not_found());
    }
    change.deed(changes::deed(by, Event::PersonJoined, person.id.to_string()));
    change.fact("invitation", Fact::id(&invitation.id));
    change.fact("role", <&'static str>::from(person.role));
    Ok(())
}

fn actor_of(alliance: &AllianceId, person: &Person) -> Actor {
    Actor {
        alliance: alliance.clone(),
        person: person.id.clone(),
        role: person.role,
        organization: person.organization.clone(),
        instructor: None,
        bar: None,
    }
}

fn check(login: &str, name: &str) -> Result<(), Problem> {
    let mut broken = Vec::new();
    let len = login.chars().count() as i64;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if !(LOGIN_LEN_MIN..=LOGIN_LEN_MAX).contains(&len) || !login.chars().all(plain) {
        let (min, max) = (LOGIN_LEN_MIN, LOGIN_LEN_MAX);
        broken.push(Violation::LoginIllFormed { min, max });
    }
    let len = name.chars().count() as i64;
    if !(1..=NAME_LEN_MAX).contains(&len) {
        broken.push(Violation::NameLength { max: NAME_LEN_MAX, len });
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Problem::broken(broken))
    }
}

/// A new invitation and its token, which is told once.
pub fn made(
    role: Role,
    organization: Option<domain::id::OrganizationId>,
    invited_by: Option<PersonId>,
    lasts_ms: i64,
) -> (InvitationRecord, String) {
    let token = session::new_token();
    let invitation = InvitationRecord {
        id: domain::id::InvitationId::new(clock::new_id()),
        token_sha256: token_hash(&token),
        role,
        organization,
        invited_by,
        expires_ms: clock::now_ms() + lasts_ms,
        accepted_by: None,
    };
    (invitation, token)
}

/// Stores an invitation with its event.
pub async fn add(change: &Change, deed: crate::store::Deed, invitation: &InvitationRecord) -> Result<(), Problem> {
    invitations::insert(change, &deed.alliance, invitation).await?;
    change.deed(deed);
    change.fact("role", <&'static str>::from(invitation.role));
    Ok(())
}

/// The alliance of the first person: founded with an empty catalog when there is none. Beside others it is founded only where
/// that is said: else a slip of the hand would make an alliance.
pub async fn founded(
    change: &Change,
    wanted: &alliances::AllianceRecord,
    beside_others: bool,
) -> Result<AllianceId, Problem> {
    let known = alliances::list(change).await?;
    if let Some(alliance) = known.iter().find(|alliance| alliance.id == wanted.id) {
        return Ok(alliance.id.clone());
    }
    if let Some(first) = known.first().filter(|_| !beside_others) {
        return Err(Problem::malformed(format!(
            "there is no alliance {}, but there is {}: say --beside-others to found another one",
            wanted.id, first.id
        )));
    }
    alliances::insert(change, wanted).await?;
    Ok(wanted.id.clone())
}
