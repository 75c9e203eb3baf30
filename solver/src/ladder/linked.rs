//! What follows where an answer of the trades does not go with the rest of the week.

use super::{ASKED_PART, Asked, Outcome, Walk, plan_levels};
use crate::bounds::{cuts, safe_bound};
use crate::contest::Standing;
use crate::counts::Counts;
use crate::near::{among_contested, offered};
use crate::program::Verdict;
use crate::race::{self, Race};
use crate::search::Search;
use highs::Sense;
use std::collections::BTreeSet;
use std::ops::Range;

/// Larger programs are never asked as a whole.
const ASKED_COLUMNS_MAX: usize = 15_000;
/// Placements of a program up to which all trades that are in the way are let in at once.
const LET_IN_COLUMNS_MAX: usize = 10_000;

impl Walk<'_> {
    /// The trades gave an answer that does not go with the rest of the week. Two questions at one time: is there one that
    /// goes with it as it stands, and is there still one when those that would lose are asked with the others? Where no
    /// trade is left, the whole is asked.
    pub(super) fn linked(
        &mut self,
        search: &mut Search,
        levels: &[f64],
        (thresholds, losers): (&[f64], BTreeSet<usize>),
        seconds: f64,
    ) -> Outcome {
        let began = search.run.elapsed();
        let Some(mut whole) = self.asked(search.stage(self.tier, Sense::Minimise), levels, thresholds) else {
            return Outcome::Proved;
        };
        let values = self.values(search, &whole);
        whole.hold_to_fewer();
        let held = values.map(|values| (among_contested(search, &whole.stage, &values), values));
        let opened = let_in(search, losers);
        if opened {
            self.unrefuted.clear();
        }
        let rows = search.model.program.rows.len();
        let wider = opened.then(|| search.contested(self.tier, Sense::Minimise, Standing::Settled));
        let mut wider = wider.and_then(|stage| self.asked(stage, levels, thresholds));
        if opened && wider.is_none() {
            return Outcome::Proved;
        }
        wider.iter_mut().for_each(Asked::hold_to_fewer);
        let questions = held.iter().map(|(part, _)| race::Asked::part(part, Sense::Minimise));
        let questions = questions.chain(wider.iter().map(|wider| {
            let counts = Counts::of(search, &wider.stage, self.tier);
            race::Asked::whole(&wider.stage, counts)
        }));
        let mut race = Race::of(
            search,
            questions.collect(),
            (seconds * ASKED_PART).min(search.run.left()),
        );
        while let Some((question, answer)) = race.next(search) {
            match &held {
                Some((part, values)) if question == 0 => {
                    if matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
                        offered(search, &part.merged(values, &answer.values), self.tier);
                    }
                    if plan_levels(search, self.tier) != levels {
                        return Outcome::Found;
                    }
                    if rows < search.model.program.rows.len() {
                        return Outcome::Again;
                    }
                }
                _ => match self.outcome(search, &answer, levels) {
                    settled @ (Outcome::Proved | Outcome::Found) => return settled,
                    // The same answer again: yet another trade is in its way.
                    Outcome::Linked(losers) => {
                        let_in(search, losers);
                    }
                    Outcome::Again | Outcome::Unknown => {}
                },
            }
        }
        drop(race);
        if opened {
            return Outcome::Again;
        }
        let left = seconds - (search.run.elapsed() - began);
        self.of_the_whole(search, levels, thresholds, left)
    }

    /// Asks the whole week, if it is not too large for that.
    fn of_the_whole(&mut self, search: &mut Search, levels: &[f64], thresholds: &[f64], seconds: f64) -> Outcome {
        let began = search.run.elapsed();
        let stage = search.stage(self.tier, Sense::Minimise);
        if ASKED_COLUMNS_MAX < stage.program.columns_used() {
            return Outcome::Unknown;
        }
        let own = stage.program.rows.len();
        let Some(mut asked) = self.asked(stage, levels, thresholds) else {
            return Outcome::Proved;
        };
        let rows = own..asked.stage.program.rows.len();
        if self.relaxation_refutes(search, &mut asked, rows, seconds) || self.refuted(search, levels, thresholds) {
            return Outcome::Proved;
        }
        asked.hold_to_fewer();
        let left = seconds - (search.run.elapsed() - began);
        let answer = search.integer(&mut asked.stage, None, self.tier, left);
        match answer.verdict {
            Verdict::Infeasible => Outcome::Proved,
            _ if plan_levels(search, self.tier) != levels => Outcome::Found,
            _ => Outcome::Unknown,
        }
    }

    /// Whether even fractions of lessons leave no fairer plan; what the duals prove is kept as cuts.
    fn relaxation_refutes(&self, search: &mut Search, asked: &mut Asked, rows: Range<usize>, seconds: f64) -> bool {
        let Asked { stage, most, .. } = asked;
        let answer = search.relaxed(stage, seconds);
        if answer.verdict != Verdict::Proved {
            return false;
        }
        let found = cuts(&stage.program, &self.granted, &answer.row_duals, |row| {
            !rows.contains(&row)
        });
        search.cuts.extend(found);
        // The count is whole.
        safe_bound(&stage.program, stage.sense, &stage.cost, &answer.row_duals) > *most + 1e-6
    }
}

/// Lets these trades in, or only the smallest of them, where the program would become large; true if one of them was
/// left out before.
fn let_in(search: &mut Search, trades: BTreeSet<usize>) -> bool {
    let columns = |trades: &BTreeSet<usize>| {
        let placements = search.model.placements.iter();
        let asked = placements.filter(|p| {
            let trade = search.trades.of[p.request];
            let contest = search.contest.as_ref();
            trades.contains(&trade) || contest.is_none_or(|contest| contest.standing(trade) > Standing::Settled)
        });
        asked
            .filter(|p| !search.compressed.leaves_out(p.request, p.start))
            .count()
    };
    let size = |trade: &usize| search.trades.list[*trade].requests.len();
    let chosen = if columns(&trades) <= LET_IN_COLUMNS_MAX {
        trades
    } else {
        trades.into_iter().min_by_key(size).into_iter().collect()
    };
    search.contest.as_mut().is_some_and(|contest| contest.open(chosen))
}
