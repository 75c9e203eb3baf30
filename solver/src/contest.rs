//! What is contested at all: trade by trade, who could have how much, and whether all could have it at once.
//!
//! In most trades of a week everybody can have the most that they could have there alone. Such a trade decides
//! nothing: whatever fairness gives, its organizations get their caps, so it stands in a program as one column for each
//! of them. Only the other trades keep their lessons there, often one in four, which makes water-filling and the proofs
//! of the exact order as many times smaller. Trades are looked at as if nothing linked them (`trades::alone`), so
//! whatever follows is a bound; where a cohort or a person links them after all, it may be one that no plan reaches.

mod look;

use crate::crew::side_by_side;
use crate::solve::Run;
use crate::trades::Trades;
use crate::world::Lesson;
use look::Look;
use std::sync::atomic::AtomicBool;

/// How much of a trade is still to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Everybody has the most that they could have there.
    Settled,
    /// With fractions of lessons everybody could have it; with whole ones, perhaps not.
    Free,
    Contested,
}

pub struct Contest {
    trades: Vec<Outlook>,
}

#[derive(Clone)]
struct Outlook {
    standing: Standing,
    /// `most[o][t]`, minutes that the organization could have here in tiers up to that one.
    most: Vec<Vec<f64>>,
    /// Minutes that all together could have here.
    all: f64,
    /// Whether its lessons stand in programs whatever could be had here, because they were in the way of others.
    opened: bool,
    /// Whether it was looked at to the end; if not, there is no harm in looking once more.
    is_known: bool,
}

impl Contest {
    /// What lessons leave open in these tiers; `before` is what was known when the tiers before the last were looked
    /// at. Without time, everything that the lessons do not settle is contested.
    pub fn of(
        run: &Run,
        trades: &Trades,
        tiers: &[i64],
        (lessons, before): (&[Lesson], Option<&Contest>),
        seconds: f64,
    ) -> Self {
        let list = &trades.list;
        let (world, seed, meter) = (run.world, run.options.seed, &run.meter);
        let known = |trade: usize| {
            let before = before.map(|before| &before.trades[trade]);
            before.is_some_and(|outlook| outlook.is_of(tiers) && outlook.is_known)
        };
        // Programs take longer than in proportion to what is in them.
        let effort = |trade: usize| (list[trade].requests.len() as f64).powi(2);
        let efforts: f64 = (0..list.len()).filter(|trade| !known(*trade)).map(effort).sum();
        let all_seconds = seconds.max(0.0) * f64::from(run.options.threads.max(1));
        let look = |trade: usize, unwanted: &AtomicBool, ask: fn(&Look) -> Outlook| {
            ask(&Look {
                world,
                trade: &list[trade],
                tiers,
                lessons,
                before: before.map(|before| &before.trades[trade]),
                seconds: all_seconds * effort(trade) / efforts.max(1.0),
                seed,
                meter,
                unwanted,
            })
        };
        let found = side_by_side(
            run.options.threads,
            list.len(),
            &|| run.is_overdue(),
            |trade, unwanted| look(trade, unwanted, |look| look.outlook()),
        );
        // Whatever was not seen is contested, and no bound.
        let unseen = |trade: usize| look(trade, &AtomicBool::new(true), |look| look.unknown());
        let trades = found.into_iter().enumerate();
        Self {
            trades: trades
                .map(|(trade, outlook)| outlook.unwrap_or_else(|| unseen(trade)))
                .collect(),
        }
    }

    /// Most minutes of an organization in all trades, tiers up to this index.
    pub fn most(&self, organization: usize, tier: usize) -> f64 {
        self.trades.iter().map(|trade| trade.most[organization][tier]).sum()
    }

    /// The same in the trades that stand no worse than this.
    pub fn most_where(&self, standing: Standing, organization: usize, tier: usize) -> f64 {
        let such = (0..self.trades.len()).filter(|trade| self.standing(*trade) <= standing);
        such.map(|trade| self.trades[trade].most[organization][tier]).sum()
    }

    /// Minutes that no plan passes in all.
    pub fn all(&self) -> f64 {
        self.trades.iter().map(|trade| trade.all).sum()
    }

    pub fn standing(&self, trade: usize) -> Standing {
        let outlook = &self.trades[trade];
        if outlook.opened {
            Standing::Contested
        } else {
            outlook.standing
        }
    }

    /// Whether trades were let in.
    pub fn is_opened(&self) -> bool {
        self.trades.iter().any(|trade| trade.opened)
    }

    /// Keeps the lessons of trades in programs from now on; true if one of them had been left out.
    pub fn open(&mut self, trades: impl IntoIterator<Item = usize>) -> bool {
        let mut any = false;
        for trade in trades {
            any |= self.standing(trade) < Standing::Contested;
            self.trades[trade].opened = true;
        }
        any
    }

    /// Whether every trade was looked at to the end.
    pub fn is_known(&self) -> bool {
        self.trades.iter().all(|trade| trade.is_known)
    }
}

impl Outlook {
    /// Whether it speaks of these tiers.
    fn is_of(&self, tiers: &[i64]) -> bool {
        self.most.first().map(Vec::len) == Some(tiers.len())
    }
}

#[cfg(test)]
mod tests;
