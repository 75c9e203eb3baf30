//! Nothing is wasted: whoever still has a place when everything else is decided is served.
//!
//! Stages settle among plans that stand equal, and a repair moves lessons without looking at those that were never
//! placed, so at the end a place may be free for somebody. It goes to the lowest level first, as in `greedy`; of requests
//! for all lessons or none, more than the first fit is tried. Nothing is moved or taken back, so no pin, level or proof
//! is touched: where a level is proved, nothing is found that would raise it.

use crate::board::Board;
use crate::greedy::fill;
use crate::levels::{granted, level};
use crate::opening::close_minutes;
use crate::placement::Place;
use crate::solve::{Run, broken};
use crate::wholes::most_placed;
use crate::world::{Lesson, World};

/// The lessons with everything that still fits, unless nobody waits for it.
pub fn filled(run: &mut Run, places: &[Vec<Place>], lessons: Vec<Lesson>) -> Vec<Lesson> {
    if (run.cancelled)() {
        return lessons;
    }
    let (world, began) = (run.world, run.elapsed());
    let mut board = Board::with(world, &lessons);
    fill(&mut board, places);
    // A whole that leaves no room for the rest is followed by what the rest can still have.
    if fill_wholes(&mut board, places) {
        fill(&mut board, places);
    }
    let full = board.placed();
    if full.len() == lessons.len() || !broken(world, &full).is_empty() {
        return lessons;
    }
    let value = granted(world, &full, i64::MAX).iter().sum::<i64>() as f64;
    let asked: i64 = (0..world.instance.organizations.len()).map(|n| world.asked(n)).sum();
    let known = run.stages.iter().rev().find(|stage| stage.name == "granted");
    let bound = known.map_or(asked as f64, |stage| stage.bound).max(value);
    close_minutes(run, "filled", &full, began, Some(bound));
    full
}

/// Requests for all lessons or none that are missing altogether, by tier and level. True if one was placed.
fn fill_wholes(board: &mut Board, places: &[Vec<Place>]) -> bool {
    let world = board.world;
    let mut waiting: Vec<usize> = (0..world.requests.len()).filter(|n| waits(world, board, *n)).collect();
    let mut any = false;
    while !waiting.is_empty() {
        let rank = |n: &usize| {
            let organization = world.requests[*n].organization;
            let level = level(world, organization, board.granted[organization]);
            (world.request(*n).tier, level, *n)
        };
        let first = (0..waiting.len()).min_by(|a, b| {
            let (a, b) = (rank(&waiting[*a]), rank(&waiting[*b]));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let request = waiting.swap_remove(first.expect("somebody waits"));
        let wanted = world.request(request).lessons.max(0) as usize;
        let found = most_placed(board, request, &places[request], wanted);
        if found.len() == wanted {
            found.into_iter().for_each(|lesson| {
                board.place(lesson);
            });
            any = true;
        }
    }
    any
}

fn waits(world: &World, board: &Board, request: usize) -> bool {
    let asked = world.request(request);
    asked.all_or_nothing && 1 < asked.lessons && board.of_request[request].is_empty()
}
