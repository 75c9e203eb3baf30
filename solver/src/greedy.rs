//! The greedy baseline: organizations in order of level, first fit.
//!
//! Tier by tier, the organization with the lowest level places one lesson of its first request that still fits
//! somewhere; preferred places come first, then early ones, then the room that fewest others can use. It is the warm
//! start, the fallback, and the plan that every other plan is held to. It never takes anything back.

use crate::board::Board;
use crate::levels::level;
use crate::needs::Needs;
use crate::placement::{Candidates, Place};
use crate::world::{Lesson, World};

/// Every candidate place of each request, the ones to try first in front.
pub fn places(world: &World) -> Vec<Vec<Place>> {
    let needs = Needs::of(world);
    (0..world.requests.len())
        .map(|request| places_of(world, &needs, request))
        .collect()
}

/// Those of one request.
pub fn places_of(world: &World, needs: &Needs, request: usize) -> Vec<Place> {
    let seats_left = |room: usize| world.instance.rooms[room].seats - world.request(request).headcount;
    let mut list = Candidates::places(world, needs, request);
    list.sort_by_cached_key(|p| {
        let preference = world.preference(request, p.start, p.room);
        (-preference, p.start, seats_left(p.room), p.room)
    });
    list
}

/// Lessons that obey every hard rule, pins included.
pub fn plan(world: &World, places: &[Vec<Place>]) -> Vec<Lesson> {
    let mut board = Board::with_pins(world);
    fill(&mut board, places);
    board.placed()
}

/// Starts from lessons that fit together (a previous plan, a stage's answer), and fills up. Whoever can stay as it is
/// stays, before anybody who needs other people takes them.
pub fn plan_from(world: &World, places: &[Vec<Place>], kept: &[Lesson]) -> Vec<Lesson> {
    let mut kept = kept.to_vec();
    kept.sort_by_key(|lesson| (world.request(lesson.request).tier, lesson.clone()));
    plan_of(world, places, &kept, &[])
}

/// The same, the first ones before the others.
pub fn plan_of(world: &World, places: &[Vec<Place>], first: &[Lesson], then: &[Lesson]) -> Vec<Lesson> {
    let mut board = Board::with_pins(world);
    let displaced = kept_of(&mut board, first, then);
    drop_halves(&mut board);
    // Who lost its place looks for another one before anybody who had none.
    for request in displaced {
        place_next(&mut board, request, &places[request]);
    }
    fill(&mut board, places);
    board.placed()
}

/// Only lessons that were there: all of the first ones, if they go together, and of the others what goes with them.
pub fn beside(world: &World, first: &[Lesson], then: &[Lesson]) -> Vec<Lesson> {
    let mut board = Board::with_pins(world);
    kept_of(&mut board, first, then);
    board.placed()
}

/// Puts lessons where they were, and gives the requests of those that cannot stay there.
fn kept_of(board: &mut Board, first: &[Lesson], then: &[Lesson]) -> Vec<usize> {
    let kept = first.iter().chain(then).filter(|lesson| !lesson.pinned);
    let changed: Vec<&Lesson> = kept.filter(|lesson| !stayed(board, lesson)).collect();
    let mut displaced = Vec::new();
    for lesson in changed {
        let stays = can_be_there(board, lesson) && board.try_place(lesson.request, lesson.start, lesson.room).is_some();
        if !stays {
            displaced.push(lesson.request);
        }
    }
    displaced
}

/// Puts a lesson where it was with the people it had, if that is still possible.
fn stayed(board: &mut Board, lesson: &Lesson) -> bool {
    let world = board.world;
    let there: Vec<usize> = crate::placement::available(world, lesson.request, lesson.start).collect();
    let whole = lesson.instructors.len() == world.requests[lesson.request].instructor_count;
    let people = lesson
        .instructors
        .iter()
        .all(|n| there.contains(n) && board.can_teach(*n, lesson.request, lesson.start, lesson.room));
    let stays =
        whole && people && can_be_there(board, lesson) && board.has_room(lesson.request, lesson.start, lesson.room);
    if stays {
        board.place(Lesson {
            pinned: false,
            ..lesson.clone()
        });
    }
    stays
}

fn can_be_there(board: &Board, lesson: &Lesson) -> bool {
    let forbidden = crate::placement::forbidden(board.world, lesson.request, lesson.start, lesson.room);
    forbidden.is_none() && board.world.starts.contains(&lesson.start)
}

/// Takes away what is left of all-or-nothing requests that are not whole. Pins stay: they are whole or contradict.
fn drop_halves(board: &mut Board) {
    for request in 0..board.world.requests.len() {
        let asked = board.world.request(request);
        if asked.all_or_nothing && (board.of_request[request].len() as i64) < asked.lessons {
            unplace(board, request, 0);
        }
    }
}

fn unplace(board: &mut Board, request: usize, keep: usize) {
    let pinned = |board: &Board, handle: usize| board.lessons[handle].as_ref().is_some_and(|lesson| lesson.pinned);
    let own: Vec<usize> = board.of_request[request].iter().skip(keep).copied().collect();
    own.into_iter()
        .filter(|handle| !pinned(board, *handle))
        .collect::<Vec<_>>()
        .into_iter()
        .for_each(|handle| {
            board.remove(handle);
        });
}

/// Places lessons until nothing more fits.
pub fn fill(board: &mut Board, places: &[Vec<Place>]) {
    let world = board.world;
    finish_pinned_halves(board, places);
    for tier in world.tiers() {
        let mut open: Vec<Vec<usize>> = vec![Vec::new(); world.instance.organizations.len()];
        for request in (0..world.requests.len())
            .rev()
            .filter(|n| world.request(*n).tier == tier)
        {
            open[world.requests[request].organization].push(request);
        }
        loop {
            let waiting = (0..open.len()).filter(|n| !open[*n].is_empty());
            let lowest = waiting.min_by(|a, b| {
                level(world, *a, board.granted[*a])
                    .total_cmp(&level(world, *b, board.granted[*b]))
                    .then(a.cmp(b))
            });
            let Some(organization) = lowest else { break };
            let request = *open[organization].last().expect("it waits");
            if !place_next(board, request, &places[request]) {
                open[organization].pop();
            }
        }
    }
}

/// A pinned lesson of an all-or-nothing request obliges to place the others before anybody takes their room.
fn finish_pinned_halves(board: &mut Board, places: &[Vec<Place>]) {
    for (request, places) in places.iter().enumerate() {
        if board.world.request(request).all_or_nothing && !board.world.requests[request].pinned.is_empty() {
            place_next(board, request, places);
        }
    }
}

/// One lesson, or all that are missing when all or none was asked. False when nothing more can be placed.
fn place_next(board: &mut Board, request: usize, places: &[Place]) -> bool {
    let asked = board.world.request(request);
    let before = board.of_request[request].len();
    let wanted = if asked.all_or_nothing {
        asked.lessons.max(0) as usize
    } else {
        before + 1
    };
    for place in places {
        while board.of_request[request].len() < wanted && board.try_place(request, place.start, place.room).is_some() {}
        if board.of_request[request].len() >= wanted {
            break;
        }
    }
    if board.of_request[request].len() < wanted {
        unplace(board, request, before);
    }
    board.of_request[request].len() > before
}
