//! What a person answers for, and handing it over: one request at a time, by somebody's decision. What is taught is
//! `lessons`.

use super::{lessons, reached};
use crate::app::{App, Caller};
use crate::names;
use crate::problem::Problem;
use crate::store::{Change, Fact, Finished, Tx, memberships, phones, requests, rounds};
use domain::api::*;
use domain::id::{OrganizationId, PersonId};
use domain::people::{Membership, Person, Role};
use domain::request::RequestState;
use domain::round::Round;

pub async fn read(app: App, caller: Caller, call: ReadDuties) -> Result<DutiesView, Problem> {
    caller.may(CallName::ReadDuties)?;
    let tx = app.read().await?;
    view(&app, &tx, &caller, &call.person).await
}

/// What is under way: its week is not over, and nobody has ended it.
fn is_under_way(state: RequestState) -> bool {
    use RequestState::*;
    matches!(
        state,
        Draft | Submitted | Returned | Proposed | Confirmed | PartlyConfirmed
    )
}

pub async fn view(app: &App, tx: &Tx, caller: &Caller, id: &PersonId) -> Result<DutiesView, Problem> {
    let (person, held) = reached(tx, caller, CallName::ReadDuties, id).await?;
    let actor = caller.actor()?;
    let catalog = app.catalog(tx, &caller.alliance).await?;
    let own = |organization: &OrganizationId| {
        actor.role == Role::SystemAdmin || actor.organization.as_ref() == Some(organization)
    };
    let ahead: Vec<Round> = rounds::list(tx, &caller.alliance).await?;
    let ahead = ahead.into_iter().filter(|round| round.week >= caller.week());
    let answered_for = requests::of_person(tx, &caller.alliance, &person.id).await?;
    let mut open = Vec::new();
    for round in ahead {
        let duties = answered_for
            .iter()
            .filter(|r| r.round == round.id && own(&r.organization));
        // A draft is its organization's business, also towards the alliance's admin; see `domain::access`.
        let duties = duties
            .filter(|r| is_under_way(r.state) && (actor.role != Role::SystemAdmin || r.state != RequestState::Draft));
        open.extend(duties.map(|request| row(&round, request.clone())));
    }
    Ok(DutiesView {
        lessons: lessons::of(tx, caller, &catalog, &person).await?,
        colleagues: colleagues(tx, caller, &person, &own).await?,
        shared: held
            .iter()
            .any(|held| held.organization.as_ref().is_none_or(|place| !own(place)))
            && actor.role != Role::SystemAdmin,
        own: person.id == actor.person,
        erasable: person.id != actor.person && caller.may(CallName::ErasePerson).is_ok(),
        phone: phones::get(tx, &caller.alliance, &person.id)
            .await?
            .map(|phone| phone.masked()),
        requests: open,
        names: names::of(&catalog),
        person: person.id,
        name: person.name,
        active: person.active,
    })
}

fn row(round: &Round, request: requests::RequestRecord) -> DutyRow {
    DutyRow {
        reference: names::reference(round.week, request.number),
        week: round.week,
        organization: request.organization,
        // A proposal is not public before its round is.
        state: match request.state {
            RequestState::Proposed => RequestState::Submitted,
            state => state,
        },
        purpose: request.draft.purpose,
        id: request.id,
    }
}

/// Who could take over: active people of the organizations that the reader decides for.
async fn colleagues(
    tx: &Tx,
    caller: &Caller,
    person: &Person,
    own: &impl Fn(&OrganizationId) -> bool,
) -> Result<Vec<Colleague>, Problem> {
    let all = memberships::with_people(tx, &caller.alliance).await?;
    let others = all
        .into_iter()
        .filter(|(other, _)| other.active && other.id != person.id);
    let found = others.filter(|(_, held)| may_answer(held)).filter_map(|(other, held)| {
        Some(Colleague {
            organization: held.organization.filter(|place| own(place))?,
            id: other.id,
            name: other.name,
        })
    });
    Ok(found.collect())
}

fn may_answer(held: &Membership) -> bool {
    matches!(held.role, Role::Requester | Role::OrganizationAdmin)
}

pub async fn hand_over(
    app: App,
    caller: Caller,
    change: Change,
    call: HandOver,
) -> Result<Finished<DutiesView>, Problem> {
    let (from, _) = reached(&change, &caller, CallName::HandOver, &call.from).await?;
    let (to, held) = reached(&change, &caller, CallName::HandOver, &call.to).await?;
    let request = requests::get(&change, &caller.alliance, &call.request).await?;
    let request = request.ok_or_else(Problem::not_found)?;
    let owner = Some(&request.organization);
    caller.may_to(
        CallName::HandOver,
        &domain::access::Object {
            owner,
            ..Default::default()
        },
    )?;
    let fits = |held: &Membership| held.organization.as_ref() == owner && may_answer(held);
    if !to.active || !held.iter().any(fits) {
        return Err(Problem::new(ProblemCode::WrongState));
    }
    requests::hand_over(&change, &caller.alliance, &request.id, &from.id, &to.id).await?;
    change.fact("from", Fact::id(&from.id));
    change.fact("to", Fact::id(&to.id));
    let view = view(&app, &change, &caller, &from.id).await?;
    Ok(change.done(view))
}
