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

/// Longest week, in minutes, whose sums of lessons are listed; beyond it every minute counts as attainable.
const SUMS_MAX: i64 = 200_000;

pub struct Rungs<'w> {
    world: &'w World,
    /// Attainable minutes by organization, ascending, from what is fixed up to its cap.
    pub minutes: Vec<Vec<i64>>,
}

/// "Can a plan be as good at all lower levels, and have fewer at the last one?"
pub enum Question {
    /// So many can rise no further that the answer is no.
    Never,
    /// Columns `b[·,m]`, and how many of them may be 1 in a fairer plan.
    Asked { last: Vec<usize>, most: f64 },
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
            let mut sums = if cap <= SUMS_MAX { lesson_sums(own, cap) } else { (0..=cap).collect() };
            sums.retain(|sum| least <= *sum);
            minutes.push(sums);
        }
        Self { world, minutes }
    }

    /// The least attainable minutes whose level is not below (or, `beyond`, lies above) a level.
    fn reach(&self, organization: usize, threshold: f64, beyond: bool) -> Option<i64> {
        let rungs = &self.minutes[organization];
        let short = |minutes: &i64| {
            let level = level(self.world, organization, *minutes);
            if same(level, threshold) { beyond } else { level < threshold }
        };
        rungs.get(rungs.partition_point(short)).copied()
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
        let mut choices: Vec<Vec<Choice>> = (0..self.minutes.len()).map(|n| self.choices(n, thresholds)).collect();
        let counted = |v: &f64| levels.iter().filter(|level| **level < *v || same(**level, *v)).count() as i64;
        let stuck = |j: usize| choices.iter().filter(|list| list.last().is_none_or(|top| top.0 <= j)).count() as i64;
        let allowed: Vec<i64> = thresholds
            .iter()
            .enumerate()
            .map(|(j, v)| counted(v) - stuck(j) - i64::from(j == last))
            .collect();
        if allowed.iter().any(|most| *most < 0) {
            return Question::Never;
        }
        // Where nobody who can rise may stay, the lower choices go.
        for list in &mut choices {
            let top = list.last().map_or(0, |top| top.0);
            let closed = (0..top.min(thresholds.len())).rev().find(|j| allowed[*j] == 0);
            list.retain(|choice| closed.is_none_or(|closed| closed < choice.0));
        }
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); thresholds.len()];
        for (list, granted) in choices.iter().zip(granted) {
            chain(program, *granted, list, &mut rows);
        }
        let columns = rows[last].iter().map(|(column, _)| *column).collect();
        for (row, most) in rows.into_iter().zip(&allowed).take(last).filter(|(row, _)| !row.is_empty()) {
            program.at_most(*most as f64, row);
        }
        Question::Asked { last: columns, most: allowed[last] as f64 }
    }
}

/// One organization's chain; its columns count in the rows of the levels from theirs up to its highest choice.
fn chain(program: &mut Program, granted: usize, choices: &[Choice], rows: &mut [Vec<(usize, f64)>]) {
    let Some((top, most)) = choices.last().copied() else { return };
    let mut terms = vec![(granted, 1.0)];
    let mut before: Option<usize> = None;
    for pair in choices.windows(2) {
        let column = program.column(0.0, 1.0, true);
        terms.push((column, (pair[1].1 - pair[0].1) as f64));
        if let Some(before) = before.replace(column) {
            program.at_most(0.0, vec![(before, 1.0), (column, -1.0)]);
        }
        let until = pair[1].0.min(top);
        rows[pair[0].0..until].iter_mut().for_each(|row| row.push((column, 1.0)));
    }
    program.at_least(most as f64, terms);
}

pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * (1.0 + a.abs())
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
    }
}
