//! Neighbourhood search: free a few lessons, hold the rest, solve the small program, keep what is better.
//!
//! Neighbourhoods, in turn: the lessons of one trade (requests that share rooms) on a few days, and those of two
//! organizations, the lowest levels first. What is held leaves the program before HiGHS sees it. As many
//! neighbourhoods as there are threads are solved side by side from the same values; their changes are taken one
//! after another where they go together. The search ends when a whole round of them brings nothing, or the time is
//! out. It proves nothing; bounds come from elsewhere.

use crate::contest::Standing;
use crate::model::Model;
use crate::part::{Index, Part};
use crate::program::{Running, Verdict};
use crate::search::{Search, StageProgram};
use crate::world::World;
use crate::{solution, travel};
use std::collections::{BTreeMap, BTreeSet};

/// Longest time for one neighbourhood, and the nodes of its search tree.
const SECONDS_MAX: f64 = 4.0;
const NODES_MAX: i32 = 2000;
/// Repeated tries in a row.
const TRIES_MAX: usize = 3;
/// Placement columns freed at once, at first and at most.
const COLUMNS_LEAST: usize = 1500;
const COLUMNS_MAX: usize = 12_000;

/// Under which name, and counted how, it is told what a search finds.
#[derive(Debug, Clone, Copy)]
pub enum Told<'t> {
    /// Minutes in tiers up to one, of each organization no more than so many; a bound of them if there is one.
    Minutes {
        stage: &'t str,
        tier: usize,
        at_most: &'t [f64],
        bound: Option<f64>,
    },
    /// What the stage counts.
    Worth {
        stage: &'t str,
    },
    Nothing,
}

/// Improves values of a stage; returns the best found.
pub fn improve_near(
    search: &mut Search,
    stage: &mut StageProgram,
    values: Vec<f64>,
    told: Told,
    seconds: f64,
) -> Vec<f64> {
    let turns = Turns::of(search, &BTreeSet::new());
    improve(search, stage, values, (turns, told), seconds)
}

/// The same, looking only at the trades of some requests.
pub fn improve_around(
    search: &mut Search,
    stage: &mut StageProgram,
    values: Vec<f64>,
    requests: &BTreeSet<usize>,
    seconds: f64,
) -> Vec<f64> {
    let turns = Turns::of(search, requests);
    improve(search, stage, values, (turns, Told::Nothing), seconds)
}

/// The part of a stage in which every trade that is decided keeps its lessons, whatever the values say of the others.
pub fn among_contested(search: &Search, stage: &StageProgram, values: &[f64]) -> Part {
    let is_open = |request: usize| {
        let standing = search
            .contest
            .as_ref()
            .map(|contest| contest.standing(search.trades.of[request]));
        standing.is_none_or(|standing| standing != Standing::Settled)
    };
    among(search, stage, values, is_open)
}

/// The part of a stage in which some requests may have their lessons anywhere, and the others keep theirs.
pub fn among(search: &Search, stage: &StageProgram, values: &[f64], is_free: impl Fn(usize) -> bool) -> Part {
    let placements = search.model.placements.iter().enumerate();
    let freed: BTreeSet<usize> = placements.filter(|(_, p)| is_free(p.request)).map(|(n, _)| n).collect();
    let freedom = Freedom::of(search, stage);
    Part::of(stage, &freedom.index, values, freedom.with(&search.model, &freed))
}

fn improve(
    search: &mut Search,
    stage: &mut StageProgram,
    values: Vec<f64>,
    (mut turns, told): (Turns, Told),
    seconds: f64,
) -> Vec<f64> {
    let began = search.run.elapsed();
    let mut values = values;
    let freedom = Freedom::of(search, stage);
    let mut idle = 0;
    // Neighbourhoods whose change did not go with another one, or with the way between two sites.
    let mut again: Vec<BTreeSet<usize>> = Vec::new();
    let mut tries = 0;
    loop {
        if idle >= turns.round() {
            idle = 0;
            if !turns.grow() {
                break;
            }
        }
        let left = (seconds - (search.run.elapsed() - began)).min(search.run.left());
        if left <= 0.0 {
            break;
        }
        let side_by_side = search.side_by_side.max(1);
        let mut under_way: Vec<(BTreeSet<usize>, Part, Running)> = Vec::new();
        for _ in 0..side_by_side {
            let freed = again.pop().unwrap_or_else(|| turns.next(search, &values));
            let part = Part::of(stage, &freedom.index, &values, freedom.with(&search.model, &freed));
            if let Some(running) = part.started(search, stage, left.min(SECONDS_MAX), NODES_MAX) {
                under_way.push((freed, part, running));
            }
        }
        for (freed, part, running) in under_way {
            idle += 1;
            let Some(answer) = running.answer(&part.program, &|| search.run.is_overdue()) else {
                continue;
            };
            if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
                continue;
            }
            let moved = part.merged(&values, &answer.values);
            if stage.worth(&moved) <= stage.worth(&values) + 1e-6 {
                continue;
            }
            if taken(search, stage, &moved) {
                values = moved;
                idle = 0;
                told.tell(search, stage, &values);
            } else if tries < TRIES_MAX {
                tries += 1;
                again.push(freed);
            } else {
                tries = 0;
            }
        }
    }
    search.turn = turns.turn;
    values
}

impl Told<'_> {
    fn tell(self, search: &Search, stage: &StageProgram, values: &[f64]) {
        match self {
            Self::Minutes {
                stage,
                tier,
                at_most,
                bound,
            } => {
                let granted = search.model.granted.iter().map(|columns| values[columns[tier]]);
                let minutes = granted.zip(at_most).map(|(minutes, most)| minutes.min(*most)).sum();
                search.run.found(stage, minutes, bound);
            }
            Self::Worth { stage: name } => search.run.found(name, stage.worth(values), None),
            Self::Nothing => {}
        }
    }
}

/// Whether all rows hold, travel included. Broken travel becomes rows, so that it is not tried again.
fn taken(search: &mut Search, stage: &mut StageProgram, values: &[f64]) -> bool {
    stage.program.holds(values) && !search.cut(stage, values)
}

/// What is freed with placements: all that they take from pools and classes, and everything that is neither a lesson
/// nor a room nor a person.
pub struct Freedom {
    /// Neither a placement nor taken from a pool or class.
    others: Vec<usize>,
    pub index: Index,
}

impl Freedom {
    pub fn of(search: &Search, stage: &StageProgram) -> Self {
        let model = &search.model;
        let mut other = vec![true; stage.program.columns.len()];
        other[..model.placements.len()].fill(false);
        for groups in [&model.rooms, &model.people] {
            let columns = groups
                .list
                .iter()
                .flat_map(|group| group.offers.iter().filter_map(|(_, column)| *column));
            columns.for_each(|column| other[column] = false);
        }
        Self {
            others: (0..other.len()).filter(|n| other[*n]).collect(),
            index: Index::of(&stage.program),
        }
    }

    /// Columns, ascending.
    pub fn with(&self, model: &Model, freed: &BTreeSet<usize>) -> Vec<usize> {
        let mut columns: BTreeSet<usize> = freed.iter().chain(&self.others).copied().collect();
        for groups in [&model.rooms, &model.people] {
            let touched: BTreeSet<usize> = freed.iter().filter_map(|column| groups.of_column[*column]).collect();
            for group in touched {
                columns.extend(groups.list[group].offers.iter().filter_map(|(_, column)| *column));
            }
        }
        columns.into_iter().collect()
    }
}

/// Which neighbourhood comes next.
struct Turns {
    turn: usize,
    /// Placement columns freed at once; grows when a whole round brings nothing.
    size: usize,
    /// Placement columns of each trade, day by day.
    trades: Vec<Vec<Vec<usize>>>,
    columns: usize,
    /// Only trades, no organizations.
    around: bool,
}

impl Turns {
    /// All trades, or those of some requests.
    fn of(search: &Search, around: &BTreeSet<usize>) -> Self {
        let model = &search.model;
        let trade_of = &search.trades.of;
        let mut trades: BTreeMap<usize, BTreeMap<i64, Vec<usize>>> = BTreeMap::new();
        for (column, p) in model.placements.iter().enumerate() {
            let day = World::day(p.start);
            trades
                .entry(trade_of[p.request])
                .or_default()
                .entry(day)
                .or_default()
                .push(column);
        }
        let wanted: BTreeSet<usize> = around.iter().map(|request| trade_of[*request]).collect();
        trades.retain(|trade, _| wanted.is_empty() || wanted.contains(trade));
        let columns = trades.values().flat_map(|days| days.values()).map(Vec::len).sum();
        Self {
            turn: search.turn,
            size: COLUMNS_LEAST,
            trades: trades.into_values().map(|days| days.into_values().collect()).collect(),
            columns,
            around: !around.is_empty(),
        }
    }

    /// Neighbourhoods of this size after which nothing new is to be expected.
    fn round(&self) -> usize {
        3 + (3 * self.columns).div_ceil(self.size)
    }

    /// Whether larger neighbourhoods are left.
    fn grow(&mut self) -> bool {
        let small = self.size < self.columns.min(COLUMNS_MAX);
        self.size = (self.size * 3).div_ceil(2);
        small
    }

    fn next(&mut self, search: &Search, values: &[f64]) -> BTreeSet<usize> {
        self.turn += 1;
        if self.turn % 4 == 3 && !self.around {
            self.organizations(search, values)
        } else {
            self.cells()
        }
    }

    /// Days of a trade, then of the next ones, until the size is reached; another first day and another way from
    /// trade to trade in each round.
    fn cells(&self) -> BTreeSet<usize> {
        let mut freed = BTreeSet::new();
        // Requests without a place at all have no trade to look in.
        if self.trades.is_empty() {
            return freed;
        }
        let count = self.trades.len();
        let round = self.turn / count;
        for n in 0..count {
            let days = &self.trades[(self.turn + n * (1 + round % count.saturating_sub(1).max(1))) % count];
            for k in 0..days.len() {
                let day = &days[(round + k) % days.len()];
                if !freed.is_empty() && freed.len() + day.len() > self.size {
                    return freed;
                }
                freed.extend(day.iter().copied());
            }
        }
        freed
    }

    /// An organization of the lowest levels, and any others.
    fn organizations(&self, search: &Search, values: &[f64]) -> BTreeSet<usize> {
        let model = &search.model;
        let members = &model.world.instance.organizations;
        let level = |n: usize| {
            let granted = model.granted[n].last().map_or(0.0, |column| values[*column]);
            (members[n].history as f64 + granted) / members[n].weight
        };
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| level(*a).total_cmp(&level(*b)));
        let mut chosen = vec![order[(self.turn / 4) % order.len()]];
        let most = (self.size * members.len() / self.columns.max(1)).max(2);
        chosen.extend((1..most).map(|n| order[(self.turn * 7 + n * 11) % order.len()]));
        let of = |n: &usize| chosen.contains(&model.world.requests[model.placements[*n].request].organization);
        (0..model.placements.len()).filter(of).collect()
    }
}

/// The lessons that values stand for.
pub fn offered(search: &mut Search, values: &[f64], tier: usize) {
    let lessons = solution::lessons(&search.model, values);
    if travel::add_all_of_broken(&mut search.model, values).is_empty() {
        search.offer(lessons, tier);
    }
}

#[cfg(test)]
mod tests;
