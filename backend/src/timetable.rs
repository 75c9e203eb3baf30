//! The published week: by room, organization, instructor or cohort. It is read from the immutable snapshot.
//!
//! A visitor sees who trains where and when; a member also sees which groups; what is trained is shown to its
//! own organization, to the instructors of the lesson and to coordinators.

use crate::app::{App, Caller};
use crate::catalog::today_in;
use crate::names;
use crate::problem::Problem;
use crate::store::timetable::SnapshotRecord;
use crate::store::{Tx, alliances, timetable};
use domain::access::Actor;
use domain::api::*;
use domain::catalog::Catalog;
use domain::id::*;
use domain::people::{Cohort, Role};
use domain::time::Week;

pub async fn read(app: App, caller: Caller, call: ReadTimetable) -> Result<TimetableView, Problem> {
    caller.may(CallName::ReadTimetable)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let alliance = alliances::get(&tx, &caller.alliance).await?;
    let weeks: Vec<Week> = timetable::snapshots(&tx, &caller.alliance)
        .await?
        .into_iter()
        .map(|(week, _)| week)
        .collect();
    let week = call
        .week
        .or_else(|| nearest(&weeks, caller.week()))
        .unwrap_or_else(|| caller.week());
    let snapshot = timetable::snapshot(&tx, &caller.alliance, week).await?;
    let all: Vec<SittingView> = match &snapshot {
        Some(snapshot) => serde_json::from_str(&snapshot.body).map_err(|error| Problem::internal(error.to_string()))?,
        None => Vec::new(),
    };
    let all: Vec<SittingView> = all
        .into_iter()
        .map(|sitting| veiled(sitting, caller.actor.as_ref()))
        .collect();
    let choices = choices(&catalog, call.by, names::known_cohorts(&caller, &all));
    let id = call.id.or_else(|| own_choice(call.by, caller.actor.as_ref(), &choices));
    let title = id
        .as_ref()
        .and_then(|id| choices.iter().find(|choice| choice.id == *id))
        .map(|choice| choice.name.clone());
    // A group that a member cannot name in this week has nothing in it, whether it is another's or nobody's.
    let has_nothing = call.by == TimetableBy::Cohort && caller.actor.is_some();
    if id.is_some() && title.is_none() && !has_nothing {
        return Err(Problem::not_found());
    }
    let concerns = |sitting: &SittingView| id.as_ref().is_none_or(|id| is_of(sitting, call.by, id));
    let shown: Vec<SittingView> = all.into_iter().filter(concerns).collect();
    Ok(TimetableView {
        week,
        by: call.by,
        title: title.unwrap_or_default(),
        choices,
        published_at_min: snapshot.as_ref().map(|snapshot| snapshot.published_at_min),
        published_version: snapshot.as_ref().map_or(0, |snapshot| snapshot.version),
        today: today_in(&caller, week),
        periods: alliance.periods,
        special_days: catalog.special_days.clone(),
        names: names::with_cohorts(names::of(&catalog), &catalog, names::known_cohorts(&caller, &shown)),
        sittings: shown,
        weeks,
        id,
    })
}

/// The published week to open with: this one or the next to come, else the latest.
fn nearest(weeks: &[Week], now: Week) -> Option<Week> {
    weeks
        .iter()
        .copied()
        .filter(|week| *week >= now)
        .min()
        .or_else(|| weeks.iter().copied().max())
}

fn choices(catalog: &Catalog, by: TimetableBy, known: impl Fn(&Cohort) -> bool) -> Vec<Choice> {
    let choice = |id: &dyn ToString, name: &str| Choice {
        id: id.to_string(),
        name: name.to_owned(),
    };
    match by {
        TimetableBy::Room => catalog.rooms.iter().map(|room| choice(&room.id, &room.name)).collect(),
        TimetableBy::Organization => catalog.organizations.iter().map(|o| choice(&o.id, &o.name)).collect(),
        TimetableBy::Instructor => catalog
            .instructors
            .iter()
            .map(|person| choice(&person.id, &person.name))
            .collect(),
        // Which groups there are is for members: the own ones, and those of the week's lessons.
        TimetableBy::Cohort => catalog
            .cohorts
            .iter()
            .filter(|cohort| known(cohort))
            .map(|cohort| choice(&cohort.id, &cohort.name))
            .collect(),
    }
}

/// A person's own timetable when they did not choose.
fn own_choice(by: TimetableBy, actor: Option<&Actor>, choices: &[Choice]) -> Option<String> {
    let own = match by {
        TimetableBy::Organization => actor
            .and_then(|actor| actor.organization.as_ref())
            .map(ToString::to_string),
        TimetableBy::Instructor => actor
            .and_then(|actor| actor.instructor.as_ref())
            .map(ToString::to_string),
        TimetableBy::Room | TimetableBy::Cohort => None,
    };
    own.or_else(|| choices.first().map(|choice| choice.id.clone()))
}

fn is_of(sitting: &SittingView, by: TimetableBy, id: &str) -> bool {
    match by {
        TimetableBy::Room => sitting.room.as_str() == id,
        TimetableBy::Organization => sitting.organization.as_str() == id,
        TimetableBy::Instructor => sitting.instructors.iter().any(|person| person.as_str() == id),
        TimetableBy::Cohort => sitting.cohorts.iter().any(|cohort| cohort.as_str() == id),
    }
}

/// What this reader may know of a published lesson.
fn veiled(sitting: SittingView, actor: Option<&Actor>) -> SittingView {
    let Some(actor) = actor else {
        return SittingView {
            purpose: None,
            cohorts: Vec::new(),
            ..sitting
        };
    };
    let own = actor.organization.as_ref() == Some(&sitting.organization);
    let teaches = actor
        .instructor
        .as_ref()
        .is_some_and(|id| sitting.instructors.contains(id));
    let purpose = sitting
        .purpose
        .filter(|_| own || teaches || actor.role == Role::Coordinator);
    SittingView { purpose, ..sitting }
}

/// The published lessons of one request, for whoever may see the request.
pub async fn sittings_of(
    tx: &Tx,
    caller: &Caller,
    week: Week,
    request: &RequestId,
) -> Result<Vec<SittingView>, Problem> {
    let all = published(tx, caller, week).await?;
    Ok(all.into_iter().filter(|sitting| sitting.request == *request).collect())
}

/// Every published lesson of this week and of those to come, unveiled, by week.
pub async fn published_from(tx: &Tx, caller: &Caller, first: Week) -> Result<Vec<(Week, Vec<SittingView>)>, Problem> {
    let snapshots = timetable::snapshots_from(tx, &caller.alliance, first).await?;
    let lessons = |snapshot: SnapshotRecord| {
        let lessons = serde_json::from_str(&snapshot.body);
        let lessons = lessons.map_err(|error| Problem::internal(error.to_string()))?;
        Ok((snapshot.week, lessons))
    };
    snapshots.into_iter().map(lessons).collect()
}

/// Every published lesson of a week, unveiled.
pub async fn published(tx: &Tx, caller: &Caller, week: Week) -> Result<Vec<SittingView>, Problem> {
    let Some(snapshot) = timetable::snapshot(tx, &caller.alliance, week).await? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&snapshot.body).map_err(|error| Problem::internal(error.to_string()))
}
