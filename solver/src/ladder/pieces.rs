//! A level that no question settles: a fairer plan is looked for near the one that is there.

use super::{Asked, Walk};
use crate::levels::{granted, level};
use crate::near::{improve_around, offered};
use crate::rungs::same;
use crate::search::Search;
use std::collections::{BTreeMap, BTreeSet};

impl Walk<'_> {
    /// Requests that lack lessons, of the organizations that stand at a level.
    fn missing_at(&self, search: &Search, lowest: f64) -> BTreeSet<usize> {
        let world = search.model.world;
        let number = search.model.tiers[self.tier];
        let now = granted(world, &search.best, number);
        let mut placed: BTreeMap<usize, i64> = BTreeMap::new();
        for lesson in &search.best {
            *placed.entry(lesson.request).or_insert(0) += 1;
        }
        let lacks = |n: &usize| {
            let (asked, organization) = (world.request(*n), world.requests[*n].organization);
            asked.tier <= number
                && placed.get(n).copied().unwrap_or(0) < asked.lessons
                && same(level(world, organization, now[organization]), lowest)
        };
        (0..world.requests.len()).filter(lacks).collect()
    }

    /// Looks for a fairer plan in neighbourhoods of this one, among the trades of those who lack lessons at the level.
    pub(super) fn piece_by_piece(&self, search: &mut Search, asked: Asked, threshold: f64, seconds: f64) {
        let Some(mut values) = self.values(search, &asked) else {
            return;
        };
        let Asked { mut stage, last, .. } = asked;
        let before: f64 = last.iter().map(|column| values[*column]).sum();
        if stage.program.holds(&values) {
            let around = self.missing_at(search, threshold);
            values = improve_around(search, &mut stage, values, &around, seconds);
            if last.iter().map(|column| values[*column]).sum::<f64>() < before - 0.5 {
                offered(search, &values, self.tier);
            }
        }
    }
}
