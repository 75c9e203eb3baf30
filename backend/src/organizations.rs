//! Members of the alliance: admitted, suspended with a reason and an end, let go, taken back. What a standing forbids is a
//! rule of requests (`domain::rules`), not decided here.

use crate::app::{App, Caller};
use crate::problem::Problem;
use crate::store::standings::StepRecord;
use crate::store::{Change, Finished, Tx, catalog, memberships, people, standings};
use domain::api::*;
use domain::id::OrganizationId;
use domain::people::Organization;
use domain::rules::check_plain;
use domain::standing::{REASON_LEN_MAX, Standing, StandingAction};
use domain::time::{MINUTES_PER_DAY, Week, epoch_min};
use domain::violation::Violation;
use std::collections::BTreeMap;

const NAME_LEN_MAX: i64 = 60;
const SEAL_LEN_MAX: i64 = 2;
const WEIGHT_MAX: f64 = 100.0;

pub async fn list(app: App, caller: Caller, _: ListOrganizations) -> Result<OrganizationsView, Problem> {
    caller.may(CallName::ListOrganizations)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    view(&tx, &caller, &catalog.organizations).await
}

async fn view(tx: &Tx, caller: &Caller, members: &[Organization]) -> Result<OrganizationsView, Problem> {
    let steps = standings::all(tx, &caller.alliance).await?;
    let names = people::names(tx, &caller.alliance).await?;
    let held = memberships::all(tx, &caller.alliance).await?;
    let now = standings::of_all(tx, &caller.alliance).await?;
    let mut organizations = Vec::new();
    for member in members {
        let own = steps.iter().filter(|step| step.organization == member.id);
        let told = own.map(|step| StandingStep {
            state: step.state,
            reason: step.reason.clone(),
            until_at_min: step.until_at_min,
            at_min: step.at_min,
            by: names.get(&step.by).cloned().unwrap_or_default(),
        });
        let inside = held.values().flatten();
        let standing = now.get(&member.id).cloned().unwrap_or_else(Standing::good);
        organizations.push(MemberView {
            organization: member.clone(),
            standing: standing.at(caller.now_at_min),
            steps: told.collect(),
            people: inside
                .filter(|held| held.organization.as_ref() == Some(&member.id))
                .count() as i64,
        });
    }
    Ok(OrganizationsView {
        organizations,
        now_at_min: caller.now_at_min,
    })
}

/// Whose requests of a week are left out of planning, and why.
pub async fn barred(tx: &Tx, caller: &Caller, week: Week) -> Result<BTreeMap<OrganizationId, Violation>, Problem> {
    let all = standings::of_all(tx, &caller.alliance).await?;
    let barred = all.into_iter().filter_map(|(organization, standing)| {
        let standing = standing.at(caller.now_at_min);
        Some((organization, standing.barred_in_week(week.epoch_min())?))
    });
    Ok(barred.collect())
}

/// The reply of a write: the list as it now is, read past the cache, which still has the catalog of before.
async fn done(change: Change, caller: &Caller) -> Result<Finished<OrganizationsView>, Problem> {
    let members = catalog::load(&change, &caller.alliance).await?.organizations;
    let view = view(&change, caller, &members).await?;
    Ok(change.done(view))
}

pub async fn admit(
    _: App,
    caller: Caller,
    change: Change,
    call: AdmitOrganization,
) -> Result<Finished<OrganizationsView>, Problem> {
    let text = |text: &str| text.trim().to_owned();
    let member = Organization {
        id: call.id,
        name: text(&call.name),
        name_en: text(&call.name_en),
        seal: text(&call.seal),
        kind: call.kind,
        weight: call.weight,
        quota: None,
    };
    let mut broken = check_plain("name", &member.name, 1, NAME_LEN_MAX);
    broken.extend(check_plain("name_en", &member.name_en, 1, NAME_LEN_MAX));
    broken.extend(check_plain("seal", &member.seal, 1, SEAL_LEN_MAX));
    if !(member.weight > 0.0 && member.weight <= WEIGHT_MAX) {
        return Err(Problem::malformed("weight: more than 0, at most 100"));
    }
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    catalog::admit(&change, &caller.alliance, &member).await?;
    change.fact("kind", <&'static str>::from(member.kind));
    done(change, &caller).await
}

pub async fn suspend(
    _: App,
    caller: Caller,
    change: Change,
    call: SuspendOrganization,
) -> Result<Finished<OrganizationsView>, Problem> {
    let until_at_min = epoch_min(call.until);
    let until = (caller.now_at_min..caller.now_at_min + 10 * 366 * MINUTES_PER_DAY).contains(&(until_at_min - 1));
    if !until {
        let (field, id) = ("until".into(), call.until.to_string());
        return Err(Problem::broken(vec![Violation::UnknownThing { field, id }]));
    }
    let why = (call.reason, Some(until_at_min));
    step(change, &caller, call.id, call.version, StandingAction::Suspend, why).await
}

pub async fn lift(
    _: App,
    caller: Caller,
    change: Change,
    call: LiftSuspension,
) -> Result<Finished<OrganizationsView>, Problem> {
    let why = (String::new(), None);
    step(change, &caller, call.id, call.version, StandingAction::Lift, why).await
}

pub async fn leave(
    _: App,
    caller: Caller,
    change: Change,
    call: LetOrganizationLeave,
) -> Result<Finished<OrganizationsView>, Problem> {
    let why = (call.reason, None);
    step(change, &caller, call.id, call.version, StandingAction::Leave, why).await
}

pub async fn readmit(
    _: App,
    caller: Caller,
    change: Change,
    call: ReadmitOrganization,
) -> Result<Finished<OrganizationsView>, Problem> {
    let why = (String::new(), None);
    step(change, &caller, call.id, call.version, StandingAction::Readmit, why).await
}

/// One step of a standing; `why` is its reason and its end.
async fn step(
    change: Change,
    caller: &Caller,
    organization: OrganizationId,
    version: i64,
    action: StandingAction,
    (reason, until_at_min): (String, Option<i64>),
) -> Result<Finished<OrganizationsView>, Problem> {
    let members = catalog::load(&change, &caller.alliance).await?.organizations;
    if !members.iter().any(|member| member.id == organization) {
        return Err(Problem::not_found());
    }
    let said = matches!(action, StandingAction::Suspend | StandingAction::Leave);
    let reason = reason.trim().to_owned();
    let broken = check_plain("reason", &reason, i64::from(said), REASON_LEN_MAX);
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    let now = standings::get(&change, &caller.alliance, &organization).await?;
    let state = now.at(caller.now_at_min).state.after(action)?;
    let next = StepRecord {
        organization,
        state,
        reason,
        until_at_min,
        at_min: caller.now_at_min,
        by: caller.actor()?.person.clone(),
    };
    standings::step(&change, &caller.alliance, version, &next).await?;
    change.fact("version", version + 1);
    if let Some(until) = until_at_min {
        change.fact("until_at_min", until);
    }
    done(change, caller).await
}
