//! Where a lesson in hand could go: every start of every suitable room with the referee's word and the price.

use super::edit::take;
use super::{get, instance};
use crate::app::{App, Caller};
use crate::problem::Problem;
use domain::api::*;
use domain::id::*;
use domain::instance::{Instance, Instructor, Request};
use domain::plan::{Assignment, UnitsHeld};
use domain::time::Span;
use domain::timetable::conflicts;
use domain::violation::Violation;

pub async fn read(app: App, caller: Caller, call: ReadMoves) -> Result<MovesView, Problem> {
    caller.may(CallName::ReadMoves)?;
    let tx = app.read().await?;
    let record = get(&tx, &caller, &call.plan).await?;
    drop(tx);
    let world = instance(&record)?;
    let mut placed = record.plan.assignments.clone();
    let hand = take(&mut placed, &world, &record.plan, &call.request, call.lesson)?;
    let stands = call.lesson > 0;
    let answer = tokio::task::spawn_blocking(move || answers(&world, &placed, &hand, stands));
    let (options, unsuitable, minutes) = answer.await.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(MovesView {
        request: call.request,
        lesson: call.lesson,
        minutes,
        options,
        unsuitable,
    })
}

/// The board's answer, in order of start, then room. A lesson that `stands` somewhere may go anywhere but there.
fn answers(
    world: &Instance,
    placed: &[Assignment],
    hand: &Assignment,
    stands: bool,
) -> (Vec<MoveOption>, Vec<UnsuitableRoom>, i64) {
    let Some(request) = world.request(&hand.request) else {
        return (Vec::new(), Vec::new(), 0);
    };
    let preference_now = if stands { preference(request, hand) } else { 0 };
    let (mut options, mut unsuitable) = (Vec::new(), Vec::new());
    for room in &world.rooms {
        if let Some(violation) = unsuitable_for(world, hand, &room.id) {
            unsuitable.push(UnsuitableRoom {
                room: room.id.clone(),
                violation,
            });
            continue;
        }
        let long_enough = |start: &i64| {
            let span = Span::new(*start, start + request.minutes);
            room.open.iter().any(|open| open.contains(span))
        };
        let elsewhere = |start: &i64| !(stands && *start == hand.start && room.id == hand.room);
        let starts = world.calendar.all_starts().into_iter();
        for start in starts.filter(long_enough).filter(elsewhere) {
            let lesson = Assignment {
                start,
                room: room.id.clone(),
                ..hand.clone()
            };
            options.push(option(world, placed, request, lesson, preference_now));
        }
    }
    options.sort_by(|a, b| (a.start, &a.room).cmp(&(b.start, &b.room)));
    (options, unsuitable, request.minutes)
}

fn option(
    world: &Instance,
    others: &[Assignment],
    request: &Request,
    lesson: Assignment,
    preference_now: i64,
) -> MoveOption {
    let before = lesson.instructors.clone();
    let lesson = equipped(world, others, lesson);
    let staffed = staffed(world, others, lesson.clone());
    let settled = staffed.clone().unwrap_or(lesson);
    let preference = preference(request, &settled);
    let same_people = before.is_empty() || before == settled.instructors;
    let verdict = match staffed {
        None => Verdict::Refused,
        Some(_) if same_people && preference >= preference_now => Verdict::Free,
        Some(_) => Verdict::Soft,
    };
    let violations = if verdict == Verdict::Refused {
        broken_by(world, others, &settled)
    } else {
        Vec::new()
    };
    let (start, room, instructors) = (settled.start, settled.room, settled.instructors);
    MoveOption {
        start,
        room,
        verdict,
        violations,
        preference,
        preference_now,
        instructors,
    }
}

/// The first rule of the room itself that no hour can change.
fn unsuitable_for(world: &Instance, hand: &Assignment, room: &RoomId) -> Option<Violation> {
    let lesson = Assignment {
        room: room.clone(),
        ..hand.clone()
    };
    let lasting = |violation: &Violation| {
        matches!(
            violation,
            Violation::RoomNotAsked { .. }
                | Violation::FeatureMissing { .. }
                | Violation::SeatsShort { .. }
                | Violation::EquipmentElsewhereAt { .. }
        )
    };
    conflicts(world, &[lesson]).into_iter().find(lasting)
}

/// What the referee says of this lesson among the others.
fn broken_by(world: &Instance, others: &[Assignment], lesson: &Assignment) -> Vec<Violation> {
    let mut all = others.to_vec();
    all.push(lesson.clone());
    conflicts(world, &all)
}

/// The lesson with the lowest-numbered free units; with too few free the referee will say so.
pub fn equipped(world: &Instance, others: &[Assignment], lesson: Assignment) -> Assignment {
    let Some(request) = world.request(&lesson.request) else {
        return lesson;
    };
    let span = Span::new(lesson.start, lesson.start.saturating_add(request.minutes));
    let held_then = |other: &&Assignment| {
        let minutes = world.request(&other.request).map_or(0, |asked| asked.minutes);
        Span::new(other.start, other.start + minutes).overlaps(span)
    };
    let held = |id: &EquipmentId| -> Vec<i64> {
        let then = others.iter().filter(held_then).flat_map(|other| &other.equipment);
        then.filter(|held| held.id == *id)
            .flat_map(|held| held.units.iter().copied())
            .collect()
    };
    let choose = |need: &domain::instance::EquipmentNeed| {
        let units = world
            .equipment
            .iter()
            .find(|kind| kind.id == need.id)
            .map_or(0, |kind| kind.units);
        let taken = held(&need.id);
        let free = (1..=units).filter(|unit| !taken.contains(unit));
        UnitsHeld {
            id: need.id.clone(),
            units: free.take(need.units.max(0) as usize).collect(),
        }
    };
    Assignment {
        equipment: request.equipment.iter().map(choose).collect(),
        ..lesson
    }
}

/// The lesson with people the referee accepts: the same as before if possible, else the most preferred ones.
pub fn staffed(world: &Instance, others: &[Assignment], lesson: Assignment) -> Option<Assignment> {
    let request = world.request(&lesson.request)?;
    let lesson = equipped(world, others, lesson);
    let needed = request.instructors.count.max(0) as usize;
    if lesson.instructors.len() == needed && broken_by(world, others, &lesson).is_empty() {
        return Some(lesson);
    }
    if needed == 0 {
        return None;
    }
    // Another person cannot mend a rule that has nothing to do with people.
    let bare = Assignment {
        instructors: Vec::new(),
        ..lesson.clone()
    };
    if broken_by(world, others, &bare)
        .iter()
        .any(|violation| !matches!(violation, Violation::InstructorCount { .. }))
    {
        return None;
    }
    let mut pool: Vec<&Instructor> = world
        .instructors
        .iter()
        .filter(|person| could_teach(request, person))
        .collect();
    pool.sort_by_key(|person| {
        (
            -request.instructors.preference.get(&person.id).copied().unwrap_or(0),
            person.id.clone(),
        )
    });
    let mut chosen: Vec<InstructorId> = Vec::new();
    for person in pool {
        let mut team = chosen.clone();
        team.push(person.id.clone());
        let trial = Assignment {
            instructors: team.clone(),
            ..lesson.clone()
        };
        let broken = broken_by(world, others, &trial);
        if broken
            .iter()
            .all(|violation| matches!(violation, Violation::InstructorCount { .. }))
        {
            chosen = team;
        }
        if chosen.len() == needed {
            return Some(Assignment {
                instructors: chosen,
                ..lesson
            });
        }
    }
    None
}

/// Whether a person may stand in a lesson of a request at all, at whatever hour.
pub fn could_teach(request: &Request, person: &Instructor) -> bool {
    let need = &request.instructors;
    need.any_of.as_ref().is_none_or(|wanted| wanted.contains(&person.id))
        && need
            .skills
            .iter()
            .all(|(skill, level)| person.skills.get(skill).is_some_and(|have| have >= level))
        && person
            .organizations
            .as_ref()
            .is_none_or(|served| served.contains(&request.organization))
}

/// The wishes a placement meets: the window's, the room's and the people's.
fn preference(request: &Request, lesson: &Assignment) -> i64 {
    let span = Span::new(lesson.start, lesson.start + request.minutes);
    let window = request
        .windows
        .iter()
        .filter(|window| window.span.overlaps(span))
        .map(|window| window.preference)
        .min();
    let room = request.rooms.preference.get(&lesson.room).copied().unwrap_or(0);
    let people: i64 = lesson
        .instructors
        .iter()
        .filter_map(|id| request.instructors.preference.get(id))
        .sum();
    window.unwrap_or(0) + room + people
}
