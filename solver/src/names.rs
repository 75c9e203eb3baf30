//! Names at the end: rooms for pools, people for classes, numbered units for equipment.
//!
//! Lessons that hold a member of a pool are intervals; going through them by start and taking a free member needs
//! exactly as many members as the busiest minute holds, so a plan within capacity never fails here. Who was there
//! in the previous plan is named first; where somebody is then without a member at all, whoever is in the way of the
//! fewest is named anew. Otherwise a request keeps to one member where it can.

use crate::model::Model;
use crate::world::{Lesson, World};
use domain::plan::UnitsHeld;
use domain::time::Span;
use std::collections::BTreeSet;

/// Minutes.
const WEEK: i64 = 7 * 24 * 60;

/// A lesson whose room and people are still counted, not named.
#[derive(Debug, Clone)]
pub struct Unnamed {
    pub request: usize,
    pub start: i64,
    pub pool: usize,
    /// One entry for each instructor.
    pub classes: Vec<usize>,
    pub pin: Option<Lesson>,
    /// What it is to stay, if its names are free; what is named otherwise gives way.
    pub stays: Option<Lesson>,
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
        let stays = lesson.stays.is_some();
        let hold = world.room_hold(lesson.request, lesson.start, model.pools.rooms[lesson.pool][0]);
        rooms[lesson.pool].push(Wish {
            lesson: n,
            request: lesson.request,
            span: hold,
            stays,
            before: match &lesson.stays {
                Some(known) => vec![known.room],
                None => before().map(|p| p.room).collect(),
            },
        });
        for class in &lesson.classes {
            let span = world.span(lesson.request, lesson.start);
            people[*class].push(Wish {
                lesson: n,
                request: lesson.request,
                span,
                stays,
                before: match &lesson.stays {
                    Some(known) => known.instructors.clone(),
                    None => before().flat_map(|p| p.instructors.clone()).collect(),
                },
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
    /// Whether it is to stay, which comes before having been there.
    stays: bool,
    before: Vec<usize>,
}

/// Lesson and member, for every wish.
fn shared_out(members: &[usize], wishes: &[Wish]) -> Vec<(usize, usize)> {
    if let [only] = members {
        return wishes.iter().map(|wish| (wish.lesson, *only)).collect();
    }
    let mut anew = BTreeSet::new();
    loop {
        // To keep to one member is nice; to leave no gaps makes room.
        let in_the_way = match colored(members, wishes, &anew, Choice::Used) {
            Ok(given) => return given,
            Err(in_the_way) => in_the_way,
        };
        match colored(members, wishes, &anew, Choice::Tight) {
            Ok(given) => return given,
            // More than there are members, which no values within capacity say.
            Err(_) if in_the_way.is_empty() => return Vec::new(),
            Err(_) => anew.extend(in_the_way),
        }
    }
}

/// Which of the free members is taken.
#[derive(Clone, Copy)]
enum Choice {
    /// One that the request has already.
    Used,
    /// The one that is free for the shortest time around.
    Tight,
}

/// Gives each wish a member that is free throughout; first those who keep theirs, except those that are named anew.
/// Where there is none, the indices of those who keep theirs and are in the way.
fn colored(
    members: &[usize],
    wishes: &[Wish],
    anew: &BTreeSet<usize>,
    choice: Choice,
) -> Result<Vec<(usize, usize)>, BTreeSet<usize>> {
    let mut held: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
    let mut given: Vec<(usize, usize)> = Vec::with_capacity(wishes.len());
    let mut keeping: BTreeSet<usize> = BTreeSet::new();
    let spans = |held: &[usize]| held.iter().map(|other| wishes[*other].span).collect::<Vec<_>>();
    let is_free = |held: &[usize], span: Span| !spans(held).iter().any(|other| other.overlaps(span));
    let mut keepers: Vec<usize> = (0..wishes.len()).filter(|n| !anew.contains(n)).collect();
    keepers.sort_by_key(|n| !wishes[*n].stays);
    for n in keepers {
        let wish = &wishes[n];
        let mine = |at: &usize| wish.before.contains(&members[*at]) && is_free(&held[*at], wish.span);
        if let Some(at) = (0..members.len()).find(mine) {
            held[at].push(n);
            given.push((wish.lesson, members[at]));
            keeping.insert(n);
        }
    }
    let mut open: Vec<usize> = (0..wishes.len()).filter(|n| !keeping.contains(n)).collect();
    open.sort_by_key(|n| (wishes[*n].span, wishes[*n].request, wishes[*n].lesson));
    for n in open {
        let wish = &wishes[n];
        let fits = (0..members.len()).filter(|at| is_free(&held[*at], wish.span));
        let used = |at: usize| held[at].iter().any(|other| wishes[*other].request == wish.request);
        let worth = |at: &usize| match choice {
            Choice::Used => (i64::from(!used(*at)), *at),
            Choice::Tight => (room_around(&spans(&held[*at]), wish.span), *at),
        };
        let Some(at) = fits.min_by_key(worth) else {
            return Err(in_the_way(&held, wishes, &keeping, wish));
        };
        held[at].push(n);
        given.push((wish.lesson, members[at]));
    }
    Ok(given)
}

/// Minutes between what comes before and what comes after, without bound as a week.
fn room_around(held: &[Span], span: Span) -> i64 {
    let before = held
        .iter()
        .map(|other| other.until)
        .filter(|until| *until <= span.from)
        .max();
    let after = held
        .iter()
        .map(|other| other.from)
        .filter(|from| span.until <= *from)
        .min();
    after.unwrap_or(span.until + WEEK) - before.unwrap_or(span.from - WEEK)
}

/// Of the member where it costs the least, those who keep theirs and leave this wish no place.
fn in_the_way(held: &[Vec<usize>], wishes: &[Wish], keeping: &BTreeSet<usize>, wish: &Wish) -> BTreeSet<usize> {
    let keep = |n: &&usize| keeping.contains(n) && wishes[**n].span.overlaps(wish.span);
    let of_member = |held: &Vec<usize>| held.iter().filter(keep).copied().collect::<BTreeSet<usize>>();
    let sets = held.iter().map(of_member).filter(|set| !set.is_empty());
    let cost = |set: &BTreeSet<usize>| (set.iter().filter(|n| wishes[**n].stays).count(), set.len());
    sets.min_by_key(cost).unwrap_or_default()
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
