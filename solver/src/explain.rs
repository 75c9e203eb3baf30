//! Why a lesson is unplaced, read off the finished board.
//!
//! A request whose domain is empty by itself names the rule that empties it. Otherwise every candidate placement is
//! asked what stands in its way, and the answers are gathered by thing and time (`blocked`); whether tier or fair share
//! stands behind them is asked as well (`standing`). What would have helped is in `remedy`. It lacks: the true price of
//! forcing a lesson in, which needs a solve of its own.

mod blocked;
mod standing;

use crate::board::{Board, Obstacle};
use crate::needs::Needs;
use crate::placement::{Candidates, Place};
use crate::remedy::{Remedies, Widened};
use crate::wholes::most_placed;
use crate::world::{Lesson, World};
use blocked::blocked;
use domain::id::RequestId;
use domain::plan::{Reason, Unplaced};
use standing::Stands;
use std::collections::BTreeSet;

/// Reasons given for one request.
const REASONS_MAX: usize = 6;

/// A candidate place and what stands in its way.
type Standing = (Place, Vec<Obstacle>);

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
    let mut stands = Stands::of(world);
    let mut list = Vec::with_capacity(short.len());
    for request in short.iter().copied() {
        let lessons = missing(&board, request);
        let places = Candidates::places(world, &needs, request);
        let reasons = if places.is_empty() {
            impossible(world, request)
        } else {
            reasons(&mut board, &mut stands, request, &places)
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

/// The rule that leaves a request no place even in an empty week.
fn impossible(world: &World, request: usize) -> Vec<Reason> {
    let rule = Candidates::of(world, request).emptied_by(world);
    let reason = rule.map(|rule| Reason::ImpossibleAlone { rule: rule.to_owned() });
    reason.into_iter().collect()
}

fn reasons<'w>(board: &mut Board<'w>, stands: &mut Stands<'w>, request: usize, places: &[Place]) -> Vec<Reason> {
    let world = board.world;
    let all: Vec<Standing> = places
        .iter()
        .map(|p| (*p, board.obstacles(request, p.start, p.room)))
        .collect();
    let every = |wanted: Obstacle| all.iter().all(|(_, obstacles)| obstacles.contains(&wanted));
    let asked = world.request(request);
    let organization = world.requests[request].organization;
    let mut reasons = Vec::new();
    if let Some(quota) = world.instance.organizations[organization].quota
        && every(Obstacle::Quota)
    {
        let granted = board.granted[organization];
        reasons.push(Reason::Quota { quota, granted });
    }
    if every(Obstacle::Days) {
        let (per_day_max, days_between_min) = (asked.per_day_max, asked.days_between_min);
        reasons.push(Reason::DaysUsed {
            per_day_max,
            days_between_min,
        });
    }
    if !reasons.is_empty() {
        // Where its own limits leave nothing, what others hold does not matter.
        return reasons;
    }
    if asked.all_or_nothing {
        let before = board.of_request[request].len();
        let missing = (asked.lessons as usize).saturating_sub(before);
        let fit = before + most_placed(board, request, places, missing).len();
        reasons.push(Reason::AllOrNothing {
            fit: fit as i64,
            asked: asked.lessons,
        });
    }
    reasons.extend(stands.reason(board, request, &all));
    reasons.extend(blocked(board, request, &all));
    reasons.truncate(REASONS_MAX);
    reasons
}

fn ids(world: &World, requests: &BTreeSet<usize>) -> Vec<RequestId> {
    requests.iter().map(|n| world.request(*n).id.clone()).collect()
}
