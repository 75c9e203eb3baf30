//! Changes by hand: move, place, pin, take out. The referee decides; nothing is saved that it refuses.

use super::{foreseen, instance, save, under_review};
use crate::app::{App, Caller};
use crate::problem::Problem;
use crate::store::plans::PlanRecord;
use crate::store::{Change, Fact, Finished};
use domain::api::*;
use domain::id::*;
use domain::instance::Instance;
use domain::plan::{Assignment, Plan};
use domain::timetable::conflicts;
use tokio::sync::OwnedSemaphorePermit;

/// A plan as a change of this version would leave it; nobody else foresees one until the change has come to its end.
#[derive(Debug)]
pub struct Foreseen {
    after: PlanRecord,
    _turn: Option<OwnedSemaphorePermit>,
}

/// The plan as a move would leave it. Why lessons are missing then takes long to find out, so it comes before the change.
pub async fn moved(app: App, caller: Caller, call: MoveLesson) -> Result<Foreseen, Problem> {
    let turn = app.foreseeing.clone().acquire_owned().await.ok();
    let tx = app.read().await?;
    let (record, _) = foreseen(&tx, &caller, &call.plan, call.version).await?;
    drop(tx);
    let world = instance(&record)?;
    let mut placed = record.plan.assignments.clone();
    let hand = take(&mut placed, &world, &record.plan, &call.request, call.lesson)?;
    let lesson = Assignment {
        start: call.start,
        room: call.room,
        pinned: call.pin,
        ..hand
    };
    let lesson = match call.instructors {
        Some(instructors) => Assignment { instructors, ..lesson },
        None => super::moves::staffed(&world, &placed, lesson.clone()).unwrap_or(lesson),
    };
    placed.push(super::moves::equipped(&world, &placed, lesson));
    let after = redone(record, world, placed, &caller.actor()?.person).await?;
    Ok(Foreseen { after, _turn: turn })
}

pub async fn move_lesson(
    app: App,
    caller: Caller,
    change: Change,
    call: MoveLesson,
    foreseen: Foreseen,
) -> Result<Finished<BoardView>, Problem> {
    change.fact("request", Fact::id(&call.request));
    under_review(&change, &caller, &call.plan, call.version).await?;
    save(&app, &caller, change, foreseen.after, call.version).await
}

pub async fn pin(app: App, caller: Caller, change: Change, call: PinLesson) -> Result<Finished<BoardView>, Problem> {
    change.fact("request", Fact::id(&call.request));
    let (mut record, _) = under_review(&change, &caller, &call.plan, call.version).await?;
    let mut lessons = record.plan.assignments.iter_mut();
    let lesson = lessons.find(|lesson| lesson.request == call.request && lesson.lesson == call.lesson);
    lesson.ok_or_else(Problem::not_found)?.pinned = call.pinned;
    save(&app, &caller, change, record, call.version).await
}

/// The plan without a lesson.
pub async fn removed(app: App, caller: Caller, call: RemoveLesson) -> Result<Foreseen, Problem> {
    let turn = app.foreseeing.clone().acquire_owned().await.ok();
    let tx = app.read().await?;
    let (record, _) = foreseen(&tx, &caller, &call.plan, call.version).await?;
    drop(tx);
    if call.lesson < 1 {
        return Err(Problem::not_found());
    }
    let world = instance(&record)?;
    let mut placed = record.plan.assignments.clone();
    take(&mut placed, &world, &record.plan, &call.request, call.lesson)?;
    let after = redone(record, world, placed, &caller.actor()?.person).await?;
    Ok(Foreseen { after, _turn: turn })
}

pub async fn remove(
    app: App,
    caller: Caller,
    change: Change,
    call: RemoveLesson,
    foreseen: Foreseen,
) -> Result<Finished<BoardView>, Problem> {
    change.fact("request", Fact::id(&call.request));
    under_review(&change, &caller, &call.plan, call.version).await?;
    save(&app, &caller, change, foreseen.after, call.version).await
}

/// Takes a lesson in hand: out of the plan, or (lesson 0) one that has no place yet.
pub fn take(
    placed: &mut Vec<Assignment>,
    world: &Instance,
    plan: &Plan,
    request: &RequestId,
    lesson: i64,
) -> Result<Assignment, Problem> {
    if let Some(at) = placed.iter().position(|p| p.request == *request && p.lesson == lesson) {
        return Ok(placed.remove(at));
    }
    let missing = plan
        .unplaced
        .iter()
        .any(|missing| missing.request == *request && missing.lessons > 0);
    let asked = world
        .request(request)
        .filter(|_| lesson == 0 && missing)
        .ok_or_else(Problem::not_found)?;
    let taken: Vec<i64> = placed
        .iter()
        .filter(|p| p.request == *request)
        .map(|p| p.lesson)
        .collect();
    let number = (1..=asked.lessons)
        .find(|n| !taken.contains(n))
        .ok_or_else(Problem::not_found)?;
    Ok(Assignment {
        request: request.clone(),
        lesson: number,
        start: 0,
        room: RoomId::new("-"),
        equipment: Vec::new(),
        instructors: Vec::new(),
        pinned: false,
    })
}

/// The plan with these lessons, judged, renumbered and with every figure counted again.
async fn redone(
    mut record: PlanRecord,
    world: Instance,
    mut placed: Vec<Assignment>,
    by: &PersonId,
) -> Result<PlanRecord, Problem> {
    let broken = conflicts(&world, &placed);
    if !broken.is_empty() {
        return Err(Problem::broken(broken));
    }
    renumber(&mut placed);
    let mut plan = record.plan.clone();
    plan.assignments = placed;
    plan.unplaced = super::refusals(world.clone(), &plan).await?;
    plan.recount(&world);
    record.editors.insert(by.clone());
    // What was approved was another plan.
    Ok(PlanRecord {
        plan,
        edited: true,
        approved: None,
        ..record
    })
}

/// Lessons are numbered by start within their request.
fn renumber(placed: &mut [Assignment]) {
    placed.sort_by(|a, b| (&a.request, a.start, &a.room).cmp(&(&b.request, b.start, &b.room)));
    let mut number = 0;
    for i in 0..placed.len() {
        number = if i > 0 && placed[i].request == placed[i - 1].request {
            number + 1
        } else {
            1
        };
        placed[i].lesson = number;
    }
}
