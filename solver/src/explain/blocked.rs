//! What stands in the way of a request's places, told by thing and time.
//!
//! Candidate starts that a thing blocks one after another are one run, and a run is one reason: no lesson of the request
//! finds the thing free within its span. A start at which the thing is free ends the run, so that nothing is called taken
//! while it is not.

use super::{Standing, ids};
use crate::board::{Board, Obstacle};
use crate::placement::Place;
use crate::world::{Lesson, World};
use domain::plan::Reason;
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Cohort(usize),
    Room(usize),
    Equipment(usize),
    Instructors,
}

/// What blocks a start, or all starts of a run.
#[derive(Debug, Clone)]
struct Block {
    span: Span,
    /// Handles.
    held_by: BTreeSet<usize>,
    placements: usize,
    needed: i64,
    free: i64,
}

/// One reason for each run, those that block the most places first.
pub fn blocked(board: &Board, request: usize, all: &[Standing]) -> Vec<Reason> {
    let mut runs: Vec<(Thing, Block)> = Vec::new();
    for (thing, blocks) in by_thing(board.world, request, all) {
        let starts = starts_of(thing, all);
        let mut before: Option<i64> = None;
        for start in starts {
            let Some(block) = blocks.get(&start) else {
                before = None;
                continue;
            };
            let goes_on = before.is_some_and(|before| World::day(before) == World::day(start));
            match runs.last_mut().filter(|_| goes_on) {
                Some((_, run)) => join(run, block),
                None => runs.push((thing, block.clone())),
            }
            before = Some(start);
        }
    }
    runs.sort_by_key(|(thing, run)| (std::cmp::Reverse(run.placements), *thing, run.span));
    runs.into_iter().map(|(thing, run)| spoken(board, thing, run)).collect()
}

fn join(run: &mut Block, block: &Block) {
    run.span = Span::new(run.span.from, run.span.until.max(block.span.until));
    run.held_by.extend(&block.held_by);
    run.placements += block.placements;
    run.free = run.free.min(block.free);
}

/// What blocks by thing and start.
fn by_thing(world: &World, request: usize, all: &[Standing]) -> BTreeMap<Thing, BTreeMap<i64, Block>> {
    let mut found: BTreeMap<Thing, BTreeMap<i64, Block>> = BTreeMap::new();
    for (place, obstacles) in all {
        let span = world.span(request, place.start);
        for obstacle in obstacles {
            let Some((thing, block)) = block(obstacle, span) else {
                continue;
            };
            let blocks = found.entry(thing).or_default();
            let known = blocks.get_mut(&place.start);
            match known {
                Some(known) => join(known, &block),
                None => {
                    blocks.insert(place.start, block);
                }
            }
        }
    }
    if let Some(blocks) = found.get_mut(&Thing::Instructors) {
        let free = starts_with_people(all);
        blocks.retain(|start, _| !free.contains(start));
    }
    found
}

fn block(obstacle: &Obstacle, span: Span) -> Option<(Thing, Block)> {
    let (thing, needed, free) = match obstacle {
        Obstacle::Room { room, .. } => (Thing::Room(*room), 0, 0),
        Obstacle::Cohort { cohort, .. } => (Thing::Cohort(*cohort), 0, 0),
        Obstacle::Equipment {
            equipment,
            needed,
            free,
            ..
        } => (Thing::Equipment(*equipment), *needed, *free),
        Obstacle::Instructors { .. } => (Thing::Instructors, 0, 0),
        Obstacle::Days | Obstacle::Quota | Obstacle::Lessons => return None,
    };
    let block = Block {
        span,
        held_by: obstacle.held_by().iter().copied().collect(),
        placements: 1,
        needed,
        free,
    };
    Some((thing, block))
}

/// Starts at which some free room has its people: they are lacking only elsewhere, where the way is too long.
fn starts_with_people(all: &[Standing]) -> BTreeSet<i64> {
    let has = |obstacles: &[Obstacle]| {
        let lacks = |one: &Obstacle| matches!(one, Obstacle::Room { .. } | Obstacle::Instructors { .. });
        !obstacles.iter().any(lacks)
    };
    let with_people = all.iter().filter(|(_, obstacles)| has(obstacles));
    with_people.map(|(place, _)| place.start).collect()
}

/// Candidate starts for which a thing matters, ascending.
fn starts_of(thing: Thing, all: &[Standing]) -> BTreeSet<i64> {
    let concerns = |place: &Place| match thing {
        Thing::Room(room) => place.room == room,
        _ => true,
    };
    let places = all.iter().map(|(place, _)| place);
    places
        .filter(|place| concerns(place))
        .map(|place| place.start)
        .collect()
}

fn spoken(board: &Board, thing: Thing, run: Block) -> Reason {
    let world = board.world;
    let lessons = || run.held_by.iter().flat_map(|handle| &board.lessons[*handle]);
    let held_by = ids(world, &lessons().map(|lesson| lesson.request).collect());
    let span = run.span;
    match thing {
        Thing::Room(n) => Reason::RoomTaken {
            room: world.instance.rooms[n].id.clone(),
            span: within(span, lessons().map(|lesson| kept_clear(world, n, lesson))),
            held_by,
        },
        Thing::Cohort(n) => Reason::CohortBusy {
            cohort: world.cohorts[n].clone(),
            span: within(span, lessons().map(|lesson| world.span(lesson.request, lesson.start))),
            held_by,
        },
        Thing::Instructors => Reason::NoInstructor { span, held_by },
        Thing::Equipment(n) => Reason::EquipmentShort {
            equipment: world.instance.equipment[n].id.clone(),
            span,
            needed: run.needed,
            free: run.free.max(0),
            held_by,
        },
    }
}

/// When another lesson may not be in a room because of this one: while it holds its own, and the turnaround before.
fn kept_clear(world: &World, room: usize, lesson: &Lesson) -> Span {
    let hold = world.room_hold(lesson.request, lesson.start, lesson.room);
    Span::new(hold.from - world.rooms[room].turnaround, hold.until)
}

/// The part of a span that lies between the first and the last minute held.
fn within(span: Span, held: impl Iterator<Item = Span> + Clone) -> Span {
    let from = held.clone().map(|held| held.from).min().unwrap_or(span.from);
    let until = held.map(|held| held.until).max().unwrap_or(span.until);
    let clipped = Span::new(span.from.max(from), span.until.min(until));
    if clipped.is_empty() { span } else { clipped }
}
