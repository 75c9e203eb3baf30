//! The published lessons that a person teaches, and handing one over: to somebody of the pool whom the referee accepts, by
//! somebody's decision. The week is shown anew, as its next version; what was shown before stays as it was.

use super::reached;
use crate::app::{App, Caller};
use crate::people::duties;
use crate::plans::moves;
use crate::problem::Problem;
use crate::store::requests::{RequestFilter, RequestRecord};
use crate::store::timetable::{AssignmentRecord, SnapshotRecord};
use crate::store::{Change, Fact, Finished, StoreError, Tx, requests, timetable};
use domain::access::Object;
use domain::api::*;
use domain::catalog::Catalog;
use domain::id::{InstructorId, RequestId};
use domain::instance::{Instance, Member};
use domain::people::{Instructor, Organization, Person};
use domain::plan::Assignment;
use domain::time::Week;
use domain::timetable::conflicts;
use domain::violation::Violation;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The lessons of this week and later that are not over, with those who could take them.
pub async fn of(tx: &Tx, caller: &Caller, catalog: &Catalog, person: &Person) -> Result<Vec<LessonDuty>, Problem> {
    let Some(instructor) = &person.instructor else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for snapshot in timetable::snapshots_from(tx, &caller.alliance, caller.week()).await? {
        let shown = shown(&snapshot)?;
        let ahead: Vec<&SittingView> = shown
            .iter()
            .filter(|lesson| lesson.instructors.contains(instructor) && is_ahead(caller, lesson))
            .collect();
        if ahead.is_empty() {
            continue;
        }
        let week = PublishedWeek::of(tx, caller, catalog, &snapshot).await?;
        for lesson in ahead {
            let free = |one: &&Instructor| {
                week.against(lesson, instructor, &one.id)
                    .is_some_and(|told| told.is_empty())
            };
            let takers = within_reach(caller, catalog)
                .filter(|one| week.could_teach(lesson, &one.id))
                .filter(free);
            found.push(LessonDuty {
                takers: takers.map(|one| one.id.clone()).collect(),
                lesson: veiled(lesson.clone()),
            });
        }
    }
    Ok(found)
}

fn shown(snapshot: &SnapshotRecord) -> Result<Vec<SittingView>, Problem> {
    serde_json::from_str(&snapshot.body).map_err(|error| Problem::internal(error.to_string()))
}

fn is_ahead(caller: &Caller, lesson: &SittingView) -> bool {
    lesson.week.epoch_min() + lesson.span.from >= caller.now_at_min
}

/// What is trained is the asking organization's business.
fn veiled(lesson: SittingView) -> SittingView {
    SittingView {
        purpose: None,
        cohorts: Vec::new(),
        ..lesson
    }
}

/// Whom the caller may put in somebody's place.
fn within_reach<'c>(caller: &Caller, catalog: &'c Catalog) -> impl Iterator<Item = &'c Instructor> {
    catalog.instructors.iter().filter(move |one| {
        let owner = Some(&one.organization);
        let object = Object {
            owner,
            ..Object::default()
        };
        caller.may_to(CallName::HandOverLesson, &object).is_ok()
    })
}

/// A published week as the referee sees it: its lessons in the world of now.
struct PublishedWeek {
    world: Instance,
    lessons: Vec<Assignment>,
}

impl PublishedWeek {
    async fn of(tx: &Tx, caller: &Caller, catalog: &Catalog, snapshot: &SnapshotRecord) -> Result<Self, Problem> {
        let filter = RequestFilter {
            round: Some(snapshot.round.clone()),
            ..Default::default()
        };
        let asked = requests::list(tx, &caller.alliance, &filter).await?;
        let placed = timetable::assignments(tx, &caller.alliance, snapshot.week).await?;
        let requests: BTreeSet<&RequestId> = placed.iter().map(|lesson| &lesson.request).collect();
        let is_placed = |request: &&RequestRecord| requests.contains(&request.id);
        let request = |one: &RequestRecord| one.draft.to_instance(one.id.clone(), one.organization.clone());
        let member = |one: &Organization| Member {
            id: one.id.clone(),
            weight: one.weight,
            history: 0,
            quota: one.quota,
        };
        Ok(Self {
            world: Instance {
                organizations: catalog.organizations.iter().map(member).collect(),
                requests: asked.iter().filter(is_placed).map(request).collect(),
                ..catalog.world(snapshot.week)
            },
            lessons: placed.iter().map(|lesson| on_the_week(lesson, snapshot.week)).collect(),
        })
    }

    /// Whoever lacks a skill need not be tried.
    fn could_teach(&self, lesson: &SittingView, person: &InstructorId) -> bool {
        let person = self.world.instructors.iter().find(|one| one.id == *person);
        let request = self.world.request(&lesson.request);
        request
            .zip(person)
            .is_some_and(|(request, person)| moves::could_teach(request, person))
    }

    /// What the referee has against another person in somebody's place that it had not before; nothing to judge where the
    /// lesson is not taught by the one, or by the other already. Only the other's own lessons can stand against it.
    fn against(&self, lesson: &SittingView, from: &InstructorId, to: &InstructorId) -> Option<Vec<Violation>> {
        let is_it = |one: &&Assignment| one.request == lesson.request && one.lesson == lesson.lesson;
        let now = self.lessons.iter().find(is_it)?;
        let then = Assignment {
            instructors: replaced(&now.instructors, from, to)?,
            ..now.clone()
        };
        let others = self
            .lessons
            .iter()
            .filter(|one| !is_it(one) && one.instructors.contains(to));
        let mut lessons: Vec<Assignment> = others.cloned().collect();
        lessons.push(now.clone());
        let before = conflicts(&self.world, &lessons);
        lessons.pop();
        lessons.push(then);
        let mut after = conflicts(&self.world, &lessons);
        after.retain(|broken| !before.contains(broken));
        Some(after)
    }
}

fn on_the_week(lesson: &AssignmentRecord, week: Week) -> Assignment {
    Assignment {
        request: lesson.request.clone(),
        lesson: lesson.lesson,
        start: lesson.span.from - week.epoch_min(),
        room: lesson.room.clone(),
        equipment: lesson.equipment.clone(),
        instructors: lesson.instructors.clone(),
        pinned: false,
    }
}

fn replaced(people: &[InstructorId], from: &InstructorId, to: &InstructorId) -> Option<Vec<InstructorId>> {
    let fits = people.contains(from) && !people.contains(to);
    let other = |one: &InstructorId| if one == from { to.clone() } else { one.clone() };
    fits.then(|| people.iter().map(other).collect())
}

pub async fn hand_over(
    app: App,
    caller: Caller,
    change: Change,
    call: HandOverLesson,
) -> Result<Finished<DutiesView>, Problem> {
    let (person, _) = reached(&change, &caller, CallName::HandOverLesson, &call.person).await?;
    let from = person.instructor.ok_or_else(Problem::not_found)?;
    let catalog = app.catalog(&change, &caller.alliance).await?;
    let to = within_reach(&caller, &catalog).find(|one| one.id == call.to);
    let to = to.ok_or_else(Problem::not_found)?;
    // Of two who hand over at one moment, the second one sees what the first has done.
    timetable::queue_up(&change, &caller.alliance).await?;
    let snapshot = timetable::snapshot(&change, &caller.alliance, call.week).await?;
    let snapshot = snapshot.ok_or_else(Problem::not_found)?;
    let mut shown = shown(&snapshot)?;
    let lesson = shown
        .iter_mut()
        .find(|one| one.request == call.request && one.lesson == call.lesson);
    let lesson = lesson.ok_or_else(Problem::not_found)?;
    let week = PublishedWeek::of(&change, &caller, &catalog, &snapshot).await?;
    // Somebody else has decided meanwhile, or it is over.
    let Some(broken) = week
        .against(lesson, &from, &to.id)
        .filter(|_| is_ahead(&caller, lesson))
    else {
        return Err(StoreError::Stale.into());
    };
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    let row = taught(&change, &caller, &call.request, (call.week, call.lesson)).await?;
    let instructors = replaced(&row.instructors, &from, &to.id).ok_or(StoreError::Stale)?;
    lesson.instructors.clone_from(&instructors);
    let row = AssignmentRecord { instructors, ..row };
    let units = (format!("instructor:{from}"), format!("instructor:{}", to.id));
    timetable::hand_over(&change, &caller.alliance, &row, (&units.0, &units.1)).await?;
    let after = next(&caller, snapshot, &shown)?;
    timetable::snapshot_insert(&change, &caller.alliance, &after).await?;
    change.fact("week", Fact::id(&after.week.monday()));
    change.fact("lesson", call.lesson);
    change.fact("from", Fact::id(&from));
    change.fact("to", Fact::id(&to.id));
    change.fact("version", after.version);
    change.fact("sha256", Fact::id(&after.sha256));
    let view = duties::view(&app, &change, &caller, &call.person).await?;
    Ok(change.done(view))
}

async fn taught(
    tx: &Tx,
    caller: &Caller,
    request: &RequestId,
    (week, lesson): (Week, i64),
) -> Result<AssignmentRecord, Problem> {
    let rows = timetable::assignments(tx, &caller.alliance, week).await?;
    let row = rows
        .into_iter()
        .find(|row| row.request == *request && row.lesson == lesson);
    row.ok_or_else(Problem::not_found)
}

/// The week as it is shown from now on.
fn next(caller: &Caller, before: SnapshotRecord, shown: &[SittingView]) -> Result<SnapshotRecord, Problem> {
    let body = serde_json::to_string(shown).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(SnapshotRecord {
        version: before.version + 1,
        sha256: hex::encode(Sha256::digest(body.as_bytes())),
        body,
        published_at_min: caller.now_at_min,
        ..before
    })
}
