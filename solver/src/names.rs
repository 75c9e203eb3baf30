//! Names at the end: rooms for pools, people for classes, numbered units for equipment.
//!
//! Lessons that hold a member of a pool are intervals; going through them by start and taking a free member needs
//! exactly as many members as the busiest minute holds, so a plan within capacity never fails here. Who was there
//! in the previous plan is named first where that works; otherwise a request keeps to one member where it can.

use crate::model::Model;
use crate::world::{Lesson, World};
use domain::plan::UnitsHeld;
use domain::time::Span;

/// A lesson whose room and people are still counted, not named.
#[derive(Debug, Clone)]
pub struct Unnamed {
    pub request: usize,
    pub start: i64,
    pub pool: usize,
    /// One entry for each instructor.
    pub classes: Vec<usize>,
    pub pin: Option<Lesson>,
}

pub fn named(model: &Model, unnamed: Vec<Unnamed>) -> Vec<Lesson> {
    let world = model.world;
    let mut rooms: Vec<Vec<Wish>> = vec![Vec::new(); model.pools.rooms.len()];
    let mut people: Vec<Vec<Wish>> = vec![Vec::new(); model.pools.classes.len()];
    for (n, lesson) in unnamed.iter().enumerate().filter(|(_, lesson)| lesson.pin.is_none()) {
        let before = || {
            world.requests[lesson.request]
                .previous
                .iter()
                .filter(|p| p.start == lesson.start)
        };
        let hold = world.room_hold(lesson.request, lesson.start, model.pools.rooms[lesson.pool][0]);
        let before_rooms = before().map(|p| p.room).collect();
        rooms[lesson.pool].push(Wish {
            lesson: n,
            request: lesson.request,
            span: hold,
            before: before_rooms,
        });
        for class in &lesson.classes {
            let span = world.span(lesson.request, lesson.start);
            let before = before().flat_map(|p| p.instructors.clone()).collect();
            people[*class].push(Wish {
                lesson: n,
                request: lesson.request,
                span,
                before,
            });
        }
    }
    let mut lessons: Vec<Lesson> = unnamed
        .iter()
        .map(|u| Lesson {
            request: u.request,
            start: u.start,
            room: usize::MAX,
            instructors: Vec::new(),
            pinned: false,
        })
        .collect();
    for (pool, wishes) in rooms.iter().enumerate() {
        shared_out(&model.pools.rooms[pool], wishes)
            .into_iter()
            .for_each(|(n, room)| lessons[n].room = room);
    }
    for (class, wishes) in people.iter().enumerate() {
        let members = shared_out(&model.pools.classes[class], wishes);
        members
            .into_iter()
            .for_each(|(n, person)| lessons[n].instructors.push(person));
    }
    for (lesson, unnamed) in lessons.iter_mut().zip(unnamed) {
        lesson.instructors.sort_unstable();
        if let Some(pin) = unnamed.pin {
            *lesson = pin;
        }
    }
    // A lesson without a name can only come from values that break the model's rows.
    lessons.retain(|lesson| lesson.room != usize::MAX);
    lessons.sort();
    lessons
}

#[derive(Debug, Clone)]
struct Wish {
    lesson: usize,
    request: usize,
    span: Span,
    before: Vec<usize>,
}

/// Lesson and member, for every wish.
fn shared_out(members: &[usize], wishes: &[Wish]) -> Vec<(usize, usize)> {
    if let [only] = members {
        return wishes.iter().map(|wish| (wish.lesson, *only)).collect();
    }
    colored(members, wishes, true)
        .or_else(|| colored(members, wishes, false))
        .unwrap_or_default()
}

/// Gives each wish a member that is free throughout; first those who keep theirs, if that is wanted.
fn colored(members: &[usize], wishes: &[Wish], keep: bool) -> Option<Vec<(usize, usize)>> {
    let mut held: Vec<Vec<(Span, usize)>> = vec![Vec::new(); members.len()];
    let mut given: Vec<(usize, usize)> = Vec::with_capacity(wishes.len());
    let mut open: Vec<&Wish> = Vec::new();
    let free = |held: &[(Span, usize)], span: Span| !held.iter().any(|(other, _)| other.overlaps(span));
    for wish in wishes {
        let mine = |n: &usize| keep && wish.before.contains(&members[*n]) && free(&held[*n], wish.span);
        match (0..members.len()).find(mine) {
            Some(n) => {
                held[n].push((wish.span, wish.request));
                given.push((wish.lesson, members[n]));
            }
            None => open.push(wish),
        }
    }
    open.sort_by_key(|wish| (wish.span, wish.request, wish.lesson));
    for wish in open {
        let fits = (0..members.len()).filter(|n| free(&held[*n], wish.span));
        let used = |n: usize| held[n].iter().any(|(_, request)| *request == wish.request);
        let n = fits.min_by_key(|n| (!used(*n), *n))?;
        held[n].push((wish.span, wish.request));
        given.push((wish.lesson, members[n]));
    }
    Some(given)
}

/// For each lesson the units that it holds, equipment in id order.
pub fn numbered_units(world: &World, lessons: &[Lesson]) -> Vec<Vec<UnitsHeld>> {
    let mut held: Vec<Vec<UnitsHeld>> = vec![Vec::new(); lessons.len()];
    for equipment in 0..world.equipment.len() {
        for (lesson, units) in number_one(world, equipment, lessons) {
            held[lesson].push(UnitsHeld {
                id: world.instance.equipment[equipment].id.clone(),
                units,
            });
        }
    }
    held
}

/// A stretch that holds units; outages (`None`) come before the lessons that start with them.
type Stretch = (i64, Option<usize>, Span, i64);

fn number_one(world: &World, equipment: usize, lessons: &[Lesson]) -> Vec<(usize, Vec<i64>)> {
    let kind = &world.instance.equipment[equipment];
    let needed = |lesson: &Lesson| {
        let needs = &world.requests[lesson.request].equipment;
        needs.iter().find(|(n, _)| *n == equipment).map(|(_, units)| *units)
    };
    let outages = kind
        .blackouts
        .iter()
        .map(|out| (out.span.from, None, out.span, out.units));
    let mut stretches: Vec<Stretch> = outages.collect();
    for (n, lesson) in lessons.iter().enumerate() {
        let span = world.span(lesson.request, lesson.start);
        stretches.extend(needed(lesson).map(|units| (span.from, Some(n), span, units)));
    }
    stretches.sort();
    let mut free_from = vec![i64::MIN; kind.units.max(0) as usize];
    let mut numbered = Vec::new();
    for (from, lesson, span, units) in stretches {
        let free = (0..free_from.len()).filter(|n| free_from[*n] <= from);
        let taken: Vec<usize> = free.take(units.max(0) as usize).collect();
        taken.iter().for_each(|n| free_from[*n] = span.until);
        numbered.extend(lesson.map(|lesson| (lesson, taken.iter().map(|n| *n as i64 + 1).collect())));
    }
    numbered
}
