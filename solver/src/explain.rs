//! Why a lesson is unplaced, read off the finished board.
//!
//! A request whose domain is empty by itself names the rule that empties it. Otherwise every candidate placement is
//! asked what stands in its way, and the answers are gathered by thing and day, the most frequent first. What would
//! have helped is in `remedy`. It lacks: the true price of forcing a lesson in, which needs a solve of its own.

use crate::board::{Board, Obstacle};
use crate::levels::level;
use crate::needs::Needs;
use crate::placement::{Candidates, Place};
use crate::remedy::{Remedies, Widened};
use crate::world::{Lesson, World};
use domain::id::RequestId;
use domain::plan::{Reason, Unplaced};
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Reasons given for one request.
const REASONS_MAX: usize = 6;

/// Reasons for everything that is missing. What would have helped is looked for only as long as nobody cancels.
pub fn unplaced(world: &World, lessons: &[Lesson], cancelled: &dyn Fn() -> bool) -> Vec<Unplaced> {
    let mut board = Board::with(world, lessons);
    let missing = |board: &Board, n: usize| world.request(n).lessons - board.of_request[n].len() as i64;
    let short: Vec<usize> = (0..world.requests.len()).filter(|n| missing(&board, *n) > 0).collect();
    if short.is_empty() {
        return Vec::new();
    }
    let helped: &[usize] = if cancelled() { &[] } else { &short };
    let needs = Needs::of(world);
    let widened = Widened::of(world, helped);
    let mut remedies = Remedies::new(world, lessons, &widened);
    let mut list = Vec::with_capacity(short.len());
    for request in short.iter().copied() {
        let lessons = missing(&board, request);
        let places = Candidates::places(world, &needs, request);
        let reasons = if places.is_empty() {
            impossible(world, request)
        } else {
            reasons(&mut board, request, &places)
        };
        let would_fit = if cancelled() { Vec::new() } else { remedies.of(request) };
        list.push(Unplaced {
            request: world.request(request).id.clone(),
            lessons,
            reasons,
            would_fit,
        });
    }
    list
}

/// What is missing, without a reason.
pub fn counted(world: &World, lessons: &[Lesson]) -> Vec<Unplaced> {
    let mut missing: Vec<i64> = world.instance.requests.iter().map(|request| request.lessons).collect();
    lessons.iter().for_each(|lesson| missing[lesson.request] -= 1);
    let short = missing.into_iter().enumerate().filter(|(_, lessons)| 0 < *lessons);
    let bare = |(request, lessons): (usize, i64)| Unplaced {
        request: world.request(request).id.clone(),
        lessons,
        reasons: Vec::new(),
        would_fit: Vec::new(),
    };
    short.map(bare).collect()
}

/// What blocks by what: a thing, and the day on which it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Cohort(usize),
    Room(usize),
    Equipment(usize),
    Instructors,
}

struct Block {
    span: Span,
    held_by: BTreeSet<usize>,
    placements: usize,
    needed: i64,
    free: i64,
}

/// The rule that leaves a request no place even in an empty week.
fn impossible(world: &World, request: usize) -> Vec<Reason> {
    let rule = Candidates::of(world, request).emptied_by();
    let reason = rule.map(|rule| Reason::ImpossibleAlone { rule: rule.to_owned() });
    reason.into_iter().collect()
}

fn reasons(board: &mut Board, request: usize, places: &[Place]) -> Vec<Reason> {
    let world = board.world;
    let all: Vec<(i64, Vec<Obstacle>)> = places
        .iter()
        .map(|p| (p.start, board.obstacles(request, p.start, p.room)))
        .collect();
    let every = |wanted: &dyn Fn(&[Obstacle]) -> bool| all.iter().all(|(_, obstacles)| wanted(obstacles));
    let asked = world.request(request);
    let organization = world.requests[request].organization;
    let mut reasons = Vec::new();
    if let Some(quota) = world.instance.organizations[organization].quota
        && every(&|obstacles| obstacles.contains(&Obstacle::Quota))
    {
        reasons.push(Reason::Quota {
            quota,
            granted: board.granted[organization],
        });
    }
    if every(&|obstacles| obstacles.contains(&Obstacle::Days)) {
        let (per_day_max, days_between_min) = (asked.per_day_max, asked.days_between_min);
        reasons.push(Reason::DaysUsed {
            per_day_max,
            days_between_min,
        });
    }
    if asked.all_or_nothing {
        reasons.push(Reason::AllOrNothing {
            fit: fitting(board, request, places),
            asked: asked.lessons,
        });
    }
    reasons.extend(standing(board, request, &all));
    reasons.extend(blocked(world, board, &all, request));
    reasons.truncate(REASONS_MAX);
    reasons
}

/// How many lessons of an all-or-nothing request fit beside the plan, first fit.
fn fitting(board: &mut Board, request: usize, places: &[Place]) -> i64 {
    let handles: Vec<usize> = places
        .iter()
        .filter_map(|p| board.try_place(request, p.start, p.room))
        .collect();
    let before = board.of_request[request].len() - handles.len();
    let fit = (before + handles.len()) as i64;
    handles.into_iter().for_each(|handle| {
        board.remove(handle);
    });
    fit
}

/// Whether tier or fair share stands behind every obstacle.
fn standing(board: &Board, request: usize, all: &[(i64, Vec<Obstacle>)]) -> Vec<Reason> {
    let world = board.world;
    let own_tier = world.request(request).tier;
    let organization = world.requests[request].organization;
    let level_of = |organization: usize| level(world, organization, board.granted[organization]);
    let own = level_of(organization);
    let holder = |handle: &usize| board.lessons[*handle].as_ref().expect("it holds something").request;
    let holders: Vec<BTreeSet<usize>> = all
        .iter()
        .map(|(_, list)| list.iter().flat_map(held_by).map(holder).collect())
        .collect();
    let higher = |n: &usize| world.request(*n).tier < own_tier;
    let poorer = |n: &usize| {
        let other = world.requests[*n].organization;
        other != organization && world.request(*n).tier <= own_tier && level_of(other) <= own
    };
    // Its own lessons gain it nothing by making room.
    let own_or =
        |n: &usize, poorer: &dyn Fn(&usize) -> bool| world.requests[*n].organization == organization || poorer(n);
    let mut reasons = Vec::new();
    if holders.iter().all(|held| held.iter().any(higher)) {
        let held: BTreeSet<usize> = holders.iter().flatten().copied().filter(|n| higher(n)).collect();
        reasons.push(Reason::LowerTier {
            tier: own_tier,
            held_by: ids(world, &held),
        });
    } else if holders.iter().flatten().any(&poorer)
        && holders.iter().all(|held| held.iter().any(|n| own_or(n, &poorer)))
    {
        let others = holders
            .iter()
            .flatten()
            .filter(|n| poorer(n))
            .map(|n| level_of(world.requests[*n].organization));
        let level_min = others.fold(own, f64::min).floor() as i64;
        reasons.push(Reason::FairShareReached {
            level: own.floor() as i64,
            level_min,
        });
    }
    reasons
}

fn held_by(obstacle: &Obstacle) -> &[usize] {
    match obstacle {
        Obstacle::Room { held_by, .. }
        | Obstacle::Cohort { held_by, .. }
        | Obstacle::Equipment { held_by, .. }
        | Obstacle::Instructors { held_by } => held_by,
        Obstacle::Days | Obstacle::Quota | Obstacle::Lessons => &[],
    }
}

/// The obstacles gathered by thing and day, the most frequent first.
fn blocked(world: &World, board: &Board, all: &[(i64, Vec<Obstacle>)], request: usize) -> Vec<Reason> {
    let mut blocks: BTreeMap<(Thing, i64), Block> = BTreeMap::new();
    for (start, obstacles) in all {
        let span = world.span(request, *start);
        for obstacle in obstacles {
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
                Obstacle::Days | Obstacle::Quota | Obstacle::Lessons => continue,
            };
            let none = || Block {
                span,
                held_by: BTreeSet::new(),
                placements: 0,
                needed,
                free,
            };
            let block = blocks.entry((thing, World::day(*start))).or_insert_with(none);
            block.span = Span::new(block.span.from.min(span.from), block.span.until.max(span.until));
            block.free = block.free.min(free);
            block.placements += 1;
            let holders = held_by(obstacle)
                .iter()
                .map(|n| board.lessons[*n].as_ref().expect("it holds").request);
            block.held_by.extend(holders);
        }
    }
    let mut blocks: Vec<((Thing, i64), Block)> = blocks.into_iter().collect();
    blocks.sort_by_key(|(key, block)| (std::cmp::Reverse(block.placements), *key));
    blocks
        .into_iter()
        .map(|((thing, _), block)| spoken(world, thing, block))
        .collect()
}

fn spoken(world: &World, thing: Thing, block: Block) -> Reason {
    let (span, held_by) = (block.span, ids(world, &block.held_by));
    match thing {
        Thing::Room(n) => Reason::RoomTaken {
            room: world.instance.rooms[n].id.clone(),
            span,
            held_by,
        },
        Thing::Cohort(n) => Reason::CohortBusy {
            cohort: world.cohorts[n].clone(),
            span,
            held_by,
        },
        Thing::Instructors => Reason::NoInstructor { span, held_by },
        Thing::Equipment(n) => {
            let equipment = world.instance.equipment[n].id.clone();
            Reason::EquipmentShort {
                equipment,
                span,
                needed: block.needed,
                free: block.free,
                held_by,
            }
        }
    }
}

fn ids(world: &World, requests: &BTreeSet<usize>) -> Vec<RequestId> {
    requests.iter().map(|n| world.request(*n).id.clone()).collect()
}
