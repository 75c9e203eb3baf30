//! Neighbourhood search: free a few lessons, hold the rest, solve the small program, keep what is better.
//!
//! Neighbourhoods, in turn: the lessons of one trade (requests that share rooms) on a few days, and those of two
//! organizations, the lowest levels first. What is held leaves the program before HiGHS sees it. As many
//! neighbourhoods as there are threads are solved side by side from the same values; their changes are taken one
//! after another where they go together. The search ends when a whole round of them brings nothing, or the time is
//! out. It proves nothing; bounds come from elsewhere.

use crate::program::{Ask, Kind, Program, Running, Verdict};
use crate::search::{Search, StageProgram};
use crate::{solution, travel};
use std::collections::{BTreeMap, BTreeSet};

/// Longest time for one neighbourhood, and the nodes of its search tree.
const SECONDS_MAX: f64 = 4.0;
const NODES_MAX: i32 = 2000;
/// Placement columns freed at once.
const COLUMNS_MAX: usize = 2500;

/// Improves values of a stage; returns the best found.
pub fn improve_near(search: &mut Search, stage: &mut StageProgram, values: Vec<f64>, seconds: f64) -> Vec<f64> {
    let began = search.run.elapsed();
    let mut values = values;
    let mut turns = Turns::of(search);
    let mut idle = 0;
    while idle < turns.round() {
        let left = (seconds - (search.run.elapsed() - began)).min(search.run.left());
        if left <= 0.0 {
            break;
        }
        let side_by_side = search.run.options.threads.max(1) as usize;
        let mut under_way: Vec<(Small, Running)> = Vec::new();
        for _ in 0..side_by_side {
            let freed = turns.next(search, &values);
            let small = Small::of(search, stage, &values, &freed);
            if let Some(running) = small.started(search, stage, left.min(SECONDS_MAX)) {
                under_way.push((small, running));
            }
        }
        for (small, running) in under_way {
            idle += 1;
            let Some(answer) = running.answer(&small.program, search.run.cancelled) else { continue };
            if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
                continue;
            }
            let moved = small.merged(&values, &answer.values);
            if stage.worth(&moved) > stage.worth(&values) + 1e-6 && taken(search, stage, &moved) {
                values = moved;
                idle = 0;
            }
        }
    }
    values
}

/// Whether all rows hold, travel included. Broken travel becomes rows, so that it is not tried again.
fn taken(search: &mut Search, stage: &mut StageProgram, values: &[f64]) -> bool {
    stage.program.holds(values) && !search.cut(stage, values)
}

/// The program of what is freed.
struct Small {
    program: Program,
    cost: Vec<f64>,
    warm: Vec<f64>,
    /// Columns of the whole, by column of the small program.
    columns: Vec<usize>,
}

impl Small {
    /// Frees placements, what they take from pools and classes, and everything that is not a lesson, a room or a person.
    fn of(search: &Search, stage: &StageProgram, values: &[f64], freed: &BTreeSet<usize>) -> Self {
        let model = &search.model;
        let mut free = vec![true; stage.program.columns.len()];
        for column in 0..model.placements.len() {
            free[column] = freed.contains(&column);
        }
        for groups in [&model.rooms, &model.people] {
            for group in &groups.list {
                let touched = group.lessons.iter().any(|(column, _)| freed.contains(column));
                group.offers.iter().filter_map(|(_, column)| *column).for_each(|column| free[column] = touched);
            }
        }
        let mut at = vec![usize::MAX; free.len()];
        let columns: Vec<usize> = (0..free.len()).filter(|n| free[*n]).collect();
        let mut program = Program::default();
        for (n, column) in columns.iter().enumerate() {
            at[*column] = n;
            program.columns.push(stage.program.columns[*column]);
        }
        for row in &stage.program.rows {
            let (moving, held): (Vec<_>, Vec<_>) = row.terms.iter().partition(|(column, _)| free[*column]);
            if !moving.is_empty() {
                let rest: f64 = held.iter().map(|(column, factor)| values[*column] * factor).sum();
                let terms = moving.into_iter().map(|(column, factor)| (at[column], factor)).collect();
                program.row(row.lower - rest, row.upper - rest, terms);
            }
        }
        Self {
            program,
            cost: columns.iter().map(|column| stage.cost[*column]).collect(),
            warm: columns.iter().map(|column| values[*column]).collect(),
            columns,
        }
    }

    fn started(&self, search: &Search, stage: &StageProgram, seconds: f64) -> Option<Running> {
        self.program.start(&Ask {
            sense: stage.sense,
            cost: &self.cost,
            kind: Kind::Integer { warm: Some(&self.warm), nodes: NODES_MAX },
            seconds,
            threads: 1,
            seed: search.run.options.seed,
            cancelled: search.run.cancelled,
        })
    }

    /// The whole's values with what this program changed. Columns that both sides change by sums, such as the
    /// granted minutes, take the difference.
    fn merged(&self, values: &[f64], found: &[f64]) -> Vec<f64> {
        let mut merged = values.to_vec();
        for ((column, before), after) in self.columns.iter().zip(&self.warm).zip(found) {
            if before != after {
                merged[*column] += after - before;
            }
        }
        merged
    }
}

/// Which neighbourhood comes next.
struct Turns {
    turn: usize,
    /// Placement columns of each trade, by day.
    trades: Vec<BTreeMap<i64, Vec<usize>>>,
}

impl Turns {
    fn of(search: &Search) -> Self {
        let model = &search.model;
        let mut trade_of: Vec<usize> = (0..model.needs.rooms.len()).collect();
        let mut first_at: BTreeMap<usize, usize> = BTreeMap::new();
        for (need, wanted) in model.needs.rooms.iter().enumerate() {
            for room in &wanted.members {
                // Rooms that exclude each other belong to the same trade.
                for room in &model.world.rooms[*room].related {
                    let other = *first_at.entry(*room).or_insert(need);
                    let (a, b) = (root(&trade_of, need), root(&trade_of, other));
                    trade_of[a.max(b)] = a.min(b);
                }
            }
        }
        let mut trades: BTreeMap<usize, BTreeMap<i64, Vec<usize>>> = BTreeMap::new();
        for (column, p) in model.placements.iter().enumerate() {
            let trade = root(&trade_of, model.needs.rooms_of[p.request]);
            let day = crate::world::World::day(p.start);
            trades.entry(trade).or_default().entry(day).or_default().push(column);
        }
        Self {
            turn: search.run.options.seed.unsigned_abs() as usize % 1000,
            trades: trades.into_values().collect(),
        }
    }

    /// Neighbourhoods after which nothing new is to be expected.
    fn round(&self) -> usize {
        let stretches = |days: &BTreeMap<i64, Vec<usize>>| 1 + columns(days) / COLUMNS_MAX;
        2 * self.trades.iter().map(stretches).sum::<usize>() + 8
    }

    fn next(&mut self, search: &Search, values: &[f64]) -> BTreeSet<usize> {
        self.turn += 1;
        if self.trades.is_empty() {
            return BTreeSet::new();
        }
        let round = self.turn / self.trades.len();
        if round % 3 == 2 {
            return self.organizations(search, values);
        }
        let days = &self.trades[self.turn % self.trades.len()];
        let mut freed = BTreeSet::new();
        let order: Vec<&Vec<usize>> = days.values().collect();
        for n in 0..order.len() {
            // Another first day, and another stride, in each round.
            let stride = 1 + round % 2 * usize::from(order.len() % 2 == 1);
            let day = order[(round + n * stride) % order.len()];
            if freed.is_empty() || freed.len() + day.len() <= COLUMNS_MAX {
                freed.extend(day.iter().copied());
            }
        }
        freed
    }

    /// Two organizations: one of the lowest levels, and any other.
    fn organizations(&self, search: &Search, values: &[f64]) -> BTreeSet<usize> {
        let model = &search.model;
        let members = &model.world.instance.organizations;
        let level = |n: usize| {
            let granted = model.granted[n].last().map_or(0.0, |column| values[*column]);
            (members[n].history as f64 + granted) / members[n].weight
        };
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| level(*a).total_cmp(&level(*b)));
        let low = order[(self.turn / 2) % order.len().div_ceil(2)];
        let other = order[(self.turn * 7 + 1) % order.len()];
        let of = |n: &usize| [low, other].contains(&model.world.requests[model.placements[*n].request].organization);
        (0..model.placements.len()).filter(of).take(2 * COLUMNS_MAX).collect()
    }
}

fn root(of: &[usize], mut at: usize) -> usize {
    while of[at] != at {
        at = of[at];
    }
    at
}

fn columns(days: &BTreeMap<i64, Vec<usize>>) -> usize {
    days.values().map(Vec::len).sum()
}

/// The lessons that values stand for.
pub fn offered(search: &mut Search, values: &[f64], tier: usize) {
    let lessons = solution::lessons(&search.model, values);
    if travel::add_broken(&mut search.model, values).is_empty() {
        search.offer(lessons, tier);
    }
}
