//! Rungs: the levels that sums of an organization's lessons can reach, and what it means to stand above one.
//!
//! Let `v_1 < … < v_m` be the lowest distinct levels of a plan, all proved but the last. A plan that is fairer and first
//! differs at `v_m` has at every `v_j` below as many organizations as this one and at `v_m` fewer; so each of its
//! organizations stands at one of the `v_j`, or above `v_m`. These are the options of an organization: the minutes `e_j`
//! with which it stands exactly at `v_j`, where its lessons have such a sum, and last the least sum above `v_m`. With
//! the binary `b[o,j]`, "o stands at or below `v_j`", the chain `G_o ≥ e_last − Σ_j (e_next(j) − e_j) · b[o,j]`,
//! `b[o,j] ≤ b[o,next(j)]`, says just that. Its relaxation is tight, because a fraction of b buys only a fraction of
//! one rung. Counting heads instead of Ogryczak's shortfall sums ("On direct methods for lexicographic min-max
//! optimization", 2006) is what lets every single organization be rounded up.

use crate::levels::{SAME, level};
use crate::program::Program;
use crate::search::Search;
use crate::world::World;
use std::ops::RangeInclusive;

/// Longest week, in minutes, whose sums of lessons are listed; beyond it every minute counts as attainable.
const SUMS_MAX: i64 = 200_000;

pub struct Rungs<'w> {
    world: &'w World,
    /// Attainable minutes by organization, from what is fixed up to its cap.
    minutes: Vec<Sums>,
}

enum Sums {
    /// Ascending.
    Listed(Vec<i64>),
    /// Every minute.
    Each(RangeInclusive<i64>),
}

impl Sums {
    /// The least one that is not short, where none above one that is not is.
    fn reach(&self, short: impl Fn(&i64) -> bool) -> Option<i64> {
        match self {
            Self::Listed(sums) => sums.get(sums.partition_point(short)).copied(),
            Self::Each(minutes) => {
                let (mut from, mut until) = (*minutes.start(), minutes.end() + 1);
                while from < until {
                    let middle = from.midpoint(until);
                    if short(&middle) {
                        from = middle + 1;
                    } else {
                        until = middle;
                    }
                }
                minutes.contains(&from).then_some(from)
            }
        }
    }
}

/// "Can a plan be as good at all lower levels, and have fewer at the last one?"
pub enum Question {
    /// So many can rise no further that the answer is no.
    Never,
    /// Columns `b[·,m]`, how many of them may be 1 in a fairer plan, and all columns that were added.
    Asked {
        last: Vec<usize>,
        most: f64,
        added: Vec<Kept>,
    },
}

/// A binary column: the organization may stand at or below the level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    pub column: usize,
    pub organization: usize,
    pub threshold: f64,
}

impl Kept {
    /// 1 where the organization stands at or below the level with so many minutes.
    pub fn value(&self, world: &World, minutes: f64) -> f64 {
        let member = &world.instance.organizations[self.organization];
        let level = (member.history as f64 + minutes) / member.weight;
        let stays = level < self.threshold || same(level, self.threshold);
        if stays { 1.0 } else { 0.0 }
    }
}

/// Index of the level (its number, or one more for above them all) and minutes.
type Choice = (usize, i64);

impl<'w> Rungs<'w> {
    pub fn of(search: &Search<'_, 'w>, tier: usize) -> Self {
        let world = search.model.world;
        let mut own: Vec<Vec<(i64, i64)>> = vec![Vec::new(); world.instance.organizations.len()];
        for request in 0..world.requests.len() {
            let asked = world.request(request);
            if asked.tier <= search.model.tiers[tier] && !search.model.of_request[request].is_empty() {
                let lesson = (world.minutes(request), asked.lessons);
                let whole = (lesson.0 * lesson.1, 1);
                own[world.requests[request].organization].push(if asked.all_or_nothing { whole } else { lesson });
            }
        }
        let mut minutes = Vec::new();
        for (organization, own) in own.iter().enumerate() {
            let columns = &search.model.granted[organization][..=tier];
            let column = |n: &usize| search.model.program.columns[*n];
            let least = columns.iter().map(|n| column(n).lower).fold(0.0, f64::max).round() as i64;
            let cap = columns.last().map_or(0.0, |n| column(n).upper) as i64;
            minutes.push(if cap <= SUMS_MAX {
                let mut sums = lesson_sums(own, cap);
                sums.retain(|sum| least <= *sum);
                Sums::Listed(sums)
            } else {
                Sums::Each(least..=cap)
            });
        }
        Self { world, minutes }
    }

    /// The least attainable minutes whose level is not below (or, `beyond`, lies above) a level.
    fn reach(&self, organization: usize, threshold: f64, beyond: bool) -> Option<i64> {
        let short = |minutes: &i64| {
            let level = level(self.world, organization, *minutes);
            if same(level, threshold) {
                beyond
            } else {
                level < threshold
            }
        };
        self.minutes[organization].reach(short)
    }

    fn choices(&self, organization: usize, thresholds: &[f64]) -> Vec<Choice> {
        let exact = |(j, v): (usize, &f64)| {
            let minutes = self.reach(organization, *v, false)?;
            same(level(self.world, organization, minutes), *v).then_some((j, minutes))
        };
        let beyond = self.reach(organization, thresholds[thresholds.len() - 1], true);
        let mut choices: Vec<Choice> = thresholds.iter().enumerate().filter_map(exact).collect();
        choices.extend(beyond.map(|minutes| (thresholds.len(), minutes)));
        choices
    }

    /// Adds the chain of every organization to a program whose columns `granted` are the minutes. `levels` are the
    /// plan's, ascending; `thresholds` its lowest distinct ones, all proved but the last.
    pub fn ask(&self, program: &mut Program, granted: &[usize], levels: &[f64], thresholds: &[f64]) -> Question {
        let last = thresholds.len() - 1;
        let Some((mut rows, allowed)) = self.chains(program, granted, levels, thresholds, 1) else {
            return Question::Never;
        };
        let added = each_once(&rows);
        let asked = rows.pop().unwrap_or_default();
        for (row, most) in rows.into_iter().zip(&allowed).filter(|(row, _)| !row.is_empty()) {
            program.at_most(*most as f64, terms(&row));
        }
        let columns = asked.iter().map(|kept| kept.column).collect();
        Question::Asked {
            last: columns,
            most: allowed[last] as f64,
            added,
        }
    }

    /// Holds the program to plans whose sorted levels are these, whoever stands where. The new columns are returned.
    pub fn keep(&self, program: &mut Program, granted: &[usize], levels: &[f64]) -> Vec<Kept> {
        let mut thresholds = levels.to_vec();
        thresholds.dedup_by(|a, b| same(*a, *b));
        let Some((rows, allowed)) = self.chains(program, granted, levels, &thresholds, 0) else {
            return Vec::new();
        };
        let kept = each_once(&rows);
        for (row, most) in rows.into_iter().zip(&allowed).filter(|(row, _)| !row.is_empty()) {
            program.at_most(*most as f64, terms(&row));
        }
        kept
    }

    /// Adds the chains; gives by level the columns that count there and how many may. `None` where too many can rise
    /// no further; `fewer` is asked at the last level.
    fn chains(
        &self,
        program: &mut Program,
        granted: &[usize],
        levels: &[f64],
        thresholds: &[f64],
        fewer: i64,
    ) -> Option<(Vec<Vec<Kept>>, Vec<i64>)> {
        let last = thresholds.len() - 1;
        let mut choices: Vec<Vec<Choice>> = (0..self.minutes.len()).map(|n| self.choices(n, thresholds)).collect();
        let counted = |v: &f64| levels.iter().filter(|level| **level < *v || same(**level, *v)).count() as i64;
        let stuck = |j: usize| {
            choices
                .iter()
                .filter(|list| list.last().is_none_or(|top| top.0 <= j))
                .count() as i64
        };
        let allowed: Vec<i64> = thresholds
            .iter()
            .enumerate()
            .map(|(j, v)| counted(v) - stuck(j) - if j == last { fewer } else { 0 })
            .collect();
        if allowed.iter().any(|most| *most < 0) {
            return None;
        }
        // Where nobody who can rise may stay, the lower choices go.
        for list in &mut choices {
            let top = list.last().map_or(0, |top| top.0);
            let closed = (0..top.min(thresholds.len())).rev().find(|j| allowed[*j] == 0);
            list.retain(|choice| closed.is_none_or(|closed| closed < choice.0));
        }
        let mut rows: Vec<Vec<Kept>> = vec![Vec::new(); thresholds.len()];
        for (organization, list) in choices.iter().enumerate() {
            for (from, until, column) in chain(program, granted[organization], list) {
                let threshold = thresholds[from];
                let kept = Kept {
                    column,
                    organization,
                    threshold,
                };
                rows[from..until.min(thresholds.len())]
                    .iter_mut()
                    .for_each(|row| row.push(kept));
            }
        }
        Some((rows, allowed))
    }
}

fn each_once(rows: &[Vec<Kept>]) -> Vec<Kept> {
    let mut kept: Vec<Kept> = rows.iter().flatten().copied().collect();
    kept.sort_by_key(|kept| kept.column);
    kept.dedup_by_key(|kept| kept.column);
    kept
}

fn terms(row: &[Kept]) -> Vec<(usize, f64)> {
    row.iter().map(|kept| (kept.column, 1.0)).collect()
}

/// One organization's chain: its columns, each with the levels from which and until which it counts.
fn chain(program: &mut Program, granted: usize, choices: &[Choice]) -> Vec<(usize, usize, usize)> {
    let Some((_, most)) = choices.last().copied() else {
        return Vec::new();
    };
    let mut terms = vec![(granted, 1.0)];
    let mut columns: Vec<(usize, usize, usize)> = Vec::new();
    for pair in choices.windows(2) {
        let column = program.column(0.0, 1.0, true);
        terms.push((column, (pair[1].1 - pair[0].1) as f64));
        if let Some((_, _, before)) = columns.last() {
            program.at_most(0.0, vec![(*before, 1.0), (column, -1.0)]);
        }
        columns.push((pair[0].0, pair[1].0, column));
    }
    program.at_least(most as f64, terms);
    columns
}

pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * (1.0 + a.abs())
}

/// Sums of at most so many of each, up to a cap. So many are put together from 1, 2, 4, … and a rest.
fn lesson_sums(own: &[(i64, i64)], cap: i64) -> Vec<i64> {
    let mut reached = vec![false; cap as usize + 1];
    reached[0] = true;
    for (minutes, lessons) in own {
        let mut left = (*lessons).min(cap / minutes);
        let mut part = 1;
        while 0 < left {
            let together = minutes * part.min(left);
            for sum in (together..=cap).rev() {
                reached[sum as usize] |= reached[(sum - together) as usize];
            }
            left -= part.min(left);
            part *= 2;
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
        let five: Vec<i64> = (0..=5).map(|n| 7 * n).collect();
        assert_eq!(lesson_sums(&[(7, 5)], 1_000), five);
        assert_eq!(lesson_sums(&[(7, i64::MAX)], 40), five);
    }

    #[test]
    fn every_minute_is_reached_like_a_listed_one() {
        let listed = Sums::Listed((3..=40).collect());
        let each = Sums::Each(3..=40);
        for least in 0..45 {
            let short = |minutes: &i64| *minutes < least;
            assert_eq!(listed.reach(short), each.reach(short), "{least}");
        }
    }
}
