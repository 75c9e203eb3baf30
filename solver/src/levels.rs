//! The fairness order of plans: tier by tier, levels sorted upward, compared lexicographically (leximin).
//!
//! `level_o = (history_o + granted_o) / weight_o`, where in tier t only lessons of tiers ≤ t count as granted.
//! A plan is fairer when, in the first tier that differs, its first differing level is the higher one.

use crate::world::{Lesson, World};
use std::cmp::Ordering;

/// Two levels closer than this are equal: weights are fractions, and sums of them are not exact.
pub const SAME: f64 = 1e-6;

/// Minutes granted by organization in tiers up to one.
pub fn granted(world: &World, lessons: &[Lesson], tier: i64) -> Vec<i64> {
    let mut granted = vec![0; world.instance.organizations.len()];
    for lesson in lessons
        .iter()
        .filter(|lesson| world.request(lesson.request).tier <= tier)
    {
        granted[world.requests[lesson.request].organization] += world.minutes(lesson.request);
    }
    granted
}

pub fn level(world: &World, organization: usize, granted: i64) -> f64 {
    let member = &world.instance.organizations[organization];
    (member.history + granted) as f64 / member.weight
}

/// Levels of one tier, ascending.
pub fn ascending(world: &World, granted: &[i64]) -> Vec<f64> {
    let mut levels: Vec<f64> = granted
        .iter()
        .enumerate()
        .map(|(n, minutes)| level(world, n, *minutes))
        .collect();
    levels.sort_by(f64::total_cmp);
    levels
}

/// One list of ascending levels for each tier.
pub fn standing(world: &World, lessons: &[Lesson]) -> Vec<Vec<f64>> {
    world
        .tiers()
        .into_iter()
        .map(|tier| ascending(world, &granted(world, lessons, tier)))
        .collect()
}

/// `Greater` means that `a` is fairer.
pub fn fairer(a: &[Vec<f64>], b: &[Vec<f64>]) -> Ordering {
    a.iter()
        .zip(b)
        .map(|(a, b)| leximin(a, b))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Compares two ascending lists of equal length.
pub fn leximin(a: &[f64], b: &[f64]) -> Ordering {
    let differs = a.iter().zip(b).find(|(a, b)| (*a - *b).abs() > SAME * (1.0 + a.abs()));
    differs.map_or(Ordering::Equal, |(a, b)| a.total_cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_off_counts_first() {
        assert_eq!(leximin(&[1.0, 9.0], &[2.0, 2.0]), Ordering::Less);
        assert_eq!(leximin(&[2.0, 3.0], &[2.0, 2.0]), Ordering::Greater);
        assert_eq!(leximin(&[2.0, 2.0 + 1e-9], &[2.0, 2.0]), Ordering::Equal);
        assert_eq!(
            fairer(&[vec![1.0], vec![5.0]], &[vec![1.0], vec![4.0]]),
            Ordering::Greater
        );
    }
}
