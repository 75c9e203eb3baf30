//! Neighbourhood search: free a few requests, hold the rest, solve the small program, keep what is fairer.
//!
//! Neighbourhoods, in turn: all requests that ask for the rooms of one pool, and all requests of two organizations,
//! the lowest levels first. Each is small enough to be solved in a second or two; when a whole round of them brings
//! nothing, or the time is out, the search ends. It proves nothing; bounds come from elsewhere.

use crate::fairness::fixed;
use crate::levels::{granted, level};
use crate::program::{Ask, Kind, Verdict};
use crate::search::{Search, StageProgram};
use crate::{solution, travel};
use std::collections::BTreeSet;

/// Longest time for one neighbourhood.
const SECONDS_MAX: f64 = 3.0;
/// Requests freed at once.
const REQUESTS_MAX: usize = 60;

pub fn improve_near(
    search: &mut Search,
    tier: usize,
    seconds: f64,
    stage_of: impl Fn(&Search) -> (StageProgram, Option<Vec<f64>>),
) {
    let began = search.run.elapsed();
    let mut idle = 0;
    let mut turn = search.run.options.seed.unsigned_abs() as usize;
    let rounds = 2 * search
        .model
        .pools
        .rooms
        .len()
        .max(search.model.world.instance.organizations.len());
    while idle < rounds {
        let left = (seconds - (search.run.elapsed() - began)).min(search.run.left());
        if left <= 0.0 {
            break;
        }
        turn += 1;
        let freed = freed(search, tier, turn);
        let (stage, warm) = stage_of(search);
        let better = warm.is_some_and(|warm| solved_near(search, tier, stage, &warm, &freed, left.min(SECONDS_MAX)));
        idle = if better { 0 } else { idle + 1 };
    }
}

/// The requests of this turn's neighbourhood.
fn freed(search: &Search, tier: usize, turn: usize) -> BTreeSet<usize> {
    let model = &search.model;
    let in_tier = |n: &usize| model.world.request(*n).tier <= model.tiers[tier];
    if turn % 2 == 0 {
        let pool = (turn / 2) % model.pools.rooms.len().max(1);
        let asks = |n: &usize| {
            model.placements[model.of_request[*n].clone()]
                .iter()
                .any(|p| p.pool == pool)
        };
        let asking: Vec<usize> = (0..model.of_request.len()).filter(|n| in_tier(n) && asks(n)).collect();
        // A stretch of them, another one in each round.
        let from = if asking.is_empty() {
            0
        } else {
            (turn * 17) % asking.len()
        };
        return asking
            .iter()
            .cycle()
            .skip(from)
            .take(REQUESTS_MAX.min(asking.len()))
            .copied()
            .collect();
    }
    let now = granted(model.world, &search.best, model.tiers[tier]);
    let mut order: Vec<usize> = (0..now.len()).collect();
    order.sort_by(|a, b| level(model.world, *a, now[*a]).total_cmp(&level(model.world, *b, now[*b])));
    let low = order[(turn / 2) % order.len().div_ceil(2)];
    let other = order[(turn / 2 * 7 + 1) % order.len()];
    let of = |n: &usize| [low, other].contains(&model.world.requests[*n].organization);
    (0..model.of_request.len())
        .filter(|n| in_tier(n) && of(n))
        .take(2 * REQUESTS_MAX)
        .collect()
}

/// Solves with everything but the freed requests held; true if a fairer plan came of it.
fn solved_near(
    search: &mut Search,
    tier: usize,
    mut stage: StageProgram,
    warm: &[f64],
    freed: &BTreeSet<usize>,
    seconds: f64,
) -> bool {
    for (column, _) in search
        .model
        .placements
        .iter()
        .enumerate()
        .filter(|(_, p)| !freed.contains(&p.request))
    {
        fixed(&mut stage.program.columns[column], warm[column]);
    }
    for team in search.model.teams.iter().filter(|team| !freed.contains(&team.request)) {
        fixed(&mut stage.program.columns[team.column], warm[team.column]);
    }
    let options = search.run.options;
    let (sense, threads, seed) = (stage.sense, options.threads, options.seed);
    let kind = Kind::Integer { warm: Some(warm) };
    let answer = stage.program.solve(&Ask {
        sense,
        cost: &stage.cost,
        kind,
        seconds,
        threads,
        seed,
    });
    if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
        return false;
    }
    if !travel::add_broken(&mut search.model, &answer.values).is_empty() {
        return false;
    }
    let lessons = solution::lessons(&search.model, &answer.values);
    search.offer(lessons, tier)
}
