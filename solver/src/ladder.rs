//! The exact order: proves the plan's levels leximin from below, or finds a fairer plan.
//!
//! For a level v of the plan let v⁺ be the next level that any organization could have, and
//! `D(u) = Σ_o max(0, u − level_o)`, which is convex in u. Whoever is fairer at v, and equal below, has a smaller
//! `D(v⁺)` and no larger D at every smaller level of the plan (between them D lies below its chords). So one integer
//! program for each distinct level decides: D(u) ≤ D_plan(u) for the levels below, D(v⁺) smaller by half a rung.
//! If it has no solution, the level is proved; otherwise the solution is fairer, and the proof goes on from it.
//! No program is needed where as many organizations as stand at v or below can never rise above it, because all they
//! asked, or their cap, ends there.
//! The ordered values are Ogryczak's and Śliwiński's, "On direct methods for lexicographic min-max optimization", 2006.

use crate::levels::{SAME, ascending, granted, level};
use crate::program::Verdict;
use crate::search::{Search, StageProgram};
use domain::plan::Stage;
use highs::Sense;

/// Longest week, in minutes, whose sums of lessons are listed; beyond it every minute counts as attainable.
const SUMS_MAX: i64 = 200_000;

pub fn exact_order(search: &mut Search, tier: usize, seconds: f64) {
    let began = search.run.elapsed();
    let attainable = attainable(search, tier);
    let count = attainable.len();
    let mut rows = 0;
    let mut columns = 0;
    let mut rank = 0;
    // Levels of the plan that are proved, with what they add up to.
    let mut proved: Vec<f64> = Vec::new();
    while rank < count {
        let levels = plan_levels(search, tier);
        let lowest = levels[rank];
        let at_level = levels.iter().filter(|level| same(**level, lowest)).count();
        if !proved.iter().any(|level| same(*level, lowest)) {
            let next = next_rung(&attainable, lowest);
            let stuck = attainable
                .iter()
                .filter(|list| list.last().is_some_and(|most| *most < lowest || same(*most, lowest)))
                .count();
            if let Some(next) = next.filter(|_| stuck < rank + at_level) {
                let mut stage = rung(search, tier, &levels, &proved, lowest, next);
                rows = stage.program.rows.len() as i64;
                columns = stage.program.columns.len() as i64;
                let left = seconds - (search.run.elapsed() - began);
                let answer = search.integer(&mut stage, None, tier, left);
                match answer.verdict {
                    Verdict::Infeasible => {}
                    _ if plan_levels(search, tier) != levels => continue,
                    _ => break,
                }
            }
            proved.push(lowest);
        }
        rank = levels
            .iter()
            .filter(|level| **level < lowest || same(**level, lowest))
            .count();
        search.run.tell(
            &format!("tier {} order", search.model.tiers[tier]),
            Some(rank as f64),
            Some(count as f64),
        );
    }
    search.proved &= rank == count;
    let name = format!("tier {} order", search.model.tiers[tier]);
    let (value, bound) = (rank as f64, count as f64);
    let gap = if rank == count { 0.0 } else { (bound - value) / bound };
    let seconds = search.run.elapsed() - began;
    search.run.close(Stage {
        name,
        value,
        bound,
        gap,
        seconds,
        rows,
        columns,
    });
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * (1.0 + a.abs())
}

fn plan_levels(search: &Search, tier: usize) -> Vec<f64> {
    let world = search.model.world;
    ascending(world, &granted(world, &search.best, search.model.tiers[tier]))
}

fn next_rung(attainable: &[Vec<f64>], level: f64) -> Option<f64> {
    let above = |list: &Vec<f64>| list.iter().copied().find(|rung| *rung > level && !same(*rung, level));
    attainable.iter().filter_map(above).min_by(f64::total_cmp)
}

fn rung(search: &Search, tier: usize, levels: &[f64], proved: &[f64], lowest: f64, next: f64) -> StageProgram {
    let mut stage = search.stage(tier, Sense::Minimise);
    let short = |u: f64| levels.iter().map(|level| (u - level).max(0.0)).sum::<f64>();
    for u in proved.iter().chain([&lowest]) {
        let sum = shortfalls(search, tier, &mut stage, *u, 0.0);
        let most = short(*u);
        stage.program.at_most(most + SAME * (1.0 + most), sum);
    }
    let sum = shortfalls(search, tier, &mut stage, next, 1.0);
    stage.program.at_most(short(next) - 0.5 * (next - lowest), sum);
    stage
}

/// Columns `d_o ≥ u − (h_o + G_o)/w_o`, each with a cost; their sum is returned.
pub fn shortfalls(search: &Search, tier: usize, stage: &mut StageProgram, u: f64, cost: f64) -> Vec<(usize, f64)> {
    let mut sum = Vec::new();
    for (organization, member) in search.model.world.instance.organizations.iter().enumerate() {
        let short = stage.column(0.0, f64::INFINITY, cost);
        let terms = vec![(short, member.weight), (search.model.granted[organization][tier], 1.0)];
        stage.program.at_least(u * member.weight - member.history as f64, terms);
        sum.push((short, 1.0));
    }
    sum
}

/// For each organization the levels that sums of its lessons give, ascending, from what is fixed up to its cap.
fn attainable(search: &Search, tier: usize) -> Vec<Vec<f64>> {
    let world = search.model.world;
    let mut lists = Vec::new();
    for (organization, member) in world.instance.organizations.iter().enumerate() {
        let counts = |n: &usize| {
            world.requests[*n].organization == organization
                && world.request(*n).tier <= search.model.tiers[tier]
                && !search.model.of_request[*n].is_empty()
        };
        let own: Vec<(i64, i64)> = (0..world.requests.len())
            .filter(counts)
            .map(|n| (world.minutes(n), world.request(n).lessons))
            .collect();
        let asked: i64 = own.iter().map(|(minutes, lessons)| minutes * lessons).sum();
        let cap = member.quota.map_or(asked, |quota| quota.min(asked));
        let least = search.model.program.columns[search.model.granted[organization][tier]].lower as i64;
        let sums = if cap <= SUMS_MAX {
            lesson_sums(&own, cap)
        } else {
            (0..=cap).collect()
        };
        lists.push(
            sums.into_iter()
                .filter(|sum| least <= *sum)
                .map(|sum| level(world, organization, sum))
                .collect(),
        );
    }
    lists
}

/// Sums of at most so many of each, up to a cap.
fn lesson_sums(own: &[(i64, i64)], cap: i64) -> Vec<i64> {
    let mut reached = vec![false; cap as usize + 1];
    reached[0] = true;
    for (minutes, lessons) in own {
        for _ in 0..*lessons {
            for sum in (*minutes..=cap).rev() {
                reached[sum as usize] |= reached[(sum - minutes) as usize];
            }
        }
    }
    (0..=cap).filter(|sum| reached[*sum as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_lessons_are_the_rungs() {
        assert_eq!(lesson_sums(&[(40, 1), (60, 2)], 150), [0, 40, 60, 100, 120]);
        assert_eq!(next_rung(&[vec![0.0, 2.0], vec![1.0]], 0.0), Some(1.0));
        assert_eq!(next_rung(&[vec![0.0, 2.0]], 2.0), None);
    }
}
