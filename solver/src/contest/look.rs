//! How one trade is looked at.

use super::{Outlook, Standing};
use crate::bounds::safe_bound;
use crate::compress::Compressed;
use crate::levels::granted;
use crate::live::{Live, SIMPLEX_COLUMNS_MAX};
use crate::meter::Meter;
use crate::model::Model;
use crate::program::{Ask, Kind, Program, Verdict};
use crate::trades::{Trade, alone};
use crate::world::{Lesson, World};
use highs::Sense;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// Limits of one organization's program in one trade.
const SECONDS_MAX: f64 = 0.5;
const NODES_MAX: i32 = 200;
/// Minutes that are rounding.
const ROUNDING: f64 = 1e-3;

/// One trade, looked at by itself.
pub(super) struct Look<'l> {
    pub world: &'l World,
    pub trade: &'l Trade,
    pub tiers: &'l [i64],
    pub lessons: &'l [Lesson],
    pub before: Option<&'l Outlook>,
    pub seconds: f64,
    pub seed: i64,
    pub meter: &'l Meter,
    /// Set when nobody waits for it any more.
    pub unwanted: &'l AtomicBool,
}

impl Look<'_> {
    pub(super) fn outlook(&self) -> Outlook {
        let own = |lesson: &&Lesson| self.trade.requests.binary_search(&lesson.request).is_ok();
        let lessons: Vec<Lesson> = self.lessons.iter().filter(own).cloned().collect();
        let by_tier: Vec<Vec<i64>> = self.tiers.iter().map(|t| granted(self.world, &lessons, *t)).collect();
        let count = self.world.instance.organizations.len();
        let now: Vec<Vec<f64>> = (0..count)
            .map(|o| by_tier.iter().map(|minutes| minutes[o] as f64).collect())
            .collect();
        // What could be had does not depend on the lessons.
        let same = self.before.filter(|before| before.is_of(self.tiers));
        let mut outlook = match same {
            Some(before) if before.is_known || self.seconds <= 0.0 => before.clone(),
            _ => self.looked_at(&now),
        };
        if now == outlook.most {
            outlook.standing = Standing::Settled;
        }
        outlook.all = outlook.all.min(each(&outlook.most));
        outlook
    }

    /// Without a look: all could be had that was asked, and all of it is contested.
    pub(super) fn unknown(&self) -> Outlook {
        let most = self.asked();
        Outlook {
            standing: Standing::Contested,
            all: each(&most),
            most,
            opened: false,
            is_known: false,
        }
    }

    fn is_unwanted(&self) -> bool {
        self.unwanted.load(Ordering::Relaxed)
    }

    fn looked_at(&self, now: &[Vec<f64>]) -> Outlook {
        let mut outlook = self.unknown();
        if now == outlook.most {
            outlook.is_known = true;
        } else if 0.0 < self.seconds {
            let split = self.relaxed(now, &mut outlook);
            if outlook.standing == Standing::Free {
                self.whole(now, &mut outlook.most, &split);
            }
        }
        outlook
    }

    /// Minutes asked, by organization and tier, or less where less is known.
    fn asked(&self) -> Vec<Vec<f64>> {
        let world = self.world;
        let mut asked = vec![vec![0.0; self.tiers.len()]; world.instance.organizations.len()];
        for request in &self.trade.requests {
            let minutes = (world.minutes(*request) * world.request(*request).lessons) as f64;
            let of = &mut asked[world.requests[*request].organization];
            let counts = of
                .iter_mut()
                .zip(self.tiers)
                .filter(|(_, t)| world.request(*request).tier <= **t);
            counts.for_each(|(sum, _)| *sum += minutes);
        }
        let known = self.before.iter().flat_map(|before| &before.most);
        for (asked, known) in asked.iter_mut().zip(known) {
            let lower = asked.iter_mut().zip(known);
            lower.for_each(|(asked, known)| *asked = asked.min(*known));
        }
        asked
    }

    /// Lowers what could be had by the relaxation, one organization after another, from vertex to vertex; the trade is
    /// free if all that can be had at once. Gives who can have it only with fractions of lessons, as far as that is
    /// seen.
    fn relaxed(&self, now: &[Vec<f64>], outlook: &mut Outlook) -> BTreeSet<(usize, usize)> {
        let most = &mut outlook.most;
        let world = alone(self.world, &self.trade.requests, &self.trade.rooms);
        let model = Model::new(&world);
        let compressed = Compressed::of(&world, &model.needs);
        let mut program = model.program.clone();
        for (column, p) in model.placements.iter().enumerate() {
            let later = self
                .tiers
                .last()
                .is_some_and(|last| *last < world.request(p.request).tier);
            let pinned = !world.requests[p.request].pinned.is_empty();
            if compressed.leaves_out(p.request, p.start) || (later && !pinned) {
                program.columns[column].upper = 0.0;
            }
        }
        model.close_groups(&mut program);
        // The column of an organization's minutes in tiers up to one of the whole's, if any is asked there.
        let column = |organization: usize, tier: usize| {
            let at = model.tiers.partition_point(|t| *t <= self.tiers[tier]);
            Some(model.granted[organization][at.checked_sub(1)?])
        };
        let own = own_columns(&model);
        let is_split = |organization: usize, values: &[f64]| {
            let apart = |column: &usize| (values[*column] - values[*column].round()).abs();
            own[organization].iter().any(|column| 1e-6 < apart(column))
        };
        let mut split = BTreeSet::new();
        let mut cost = vec![0.0; program.columns.len()];
        if SIMPLEX_COLUMNS_MAX < program.columns_used() {
            let last = self.tiers.len() - 1;
            let columns = (0..most.len()).filter_map(|organization| column(organization, last));
            columns.for_each(|column| cost[column] = 1.0);
            outlook.all = self.at_once(&program, &cost);
            outlook.is_known = outlook.all.is_finite();
            return split;
        }
        let all = (0..most.len()).flat_map(|o| (0..self.tiers.len()).map(move |t| (o, t)));
        let counted: Vec<usize> = all.clone().filter_map(|(o, t)| column(o, t)).collect();
        counted.iter().for_each(|column| cost[*column] += 1.0);
        let unwanted = || self.is_unwanted();
        let mut live = Live::of(
            &program,
            &Ask {
                sense: Sense::Maximise,
                cost: &cost,
                kind: Kind::Vertex,
                seconds: self.seconds,
                threads: 1,
                seed: self.seed,
                meter: self.meter,
                cancelled: &unwanted,
            },
            &[],
        );
        let together = live.solve(&unwanted);
        if together.verdict != Verdict::Proved {
            return split;
        }
        counted.iter().for_each(|column| live.cost(*column, 0.0));
        for (organization, tier) in all {
            if most[organization][tier] <= now[organization][tier] {
                continue;
            }
            let Some(column) = column(organization, tier) else {
                continue;
            };
            if self.is_unwanted() {
                return split;
            }
            // One vertex often has the most of many.
            let mut values = &together.values;
            let answer;
            if together.values[column] + ROUNDING < most[organization][tier] {
                live.cost(column, 1.0);
                answer = live.solve(&unwanted);
                live.cost(column, 0.0);
                if answer.verdict != Verdict::Proved {
                    return split;
                }
                most[organization][tier] = most[organization][tier].min(answer.value + ROUNDING);
                values = &answer.values;
            }
            if is_split(organization, values) {
                split.insert((organization, tier));
            }
        }
        outlook.is_known = true;
        let wanted: f64 = most.iter().flatten().sum();
        if wanted <= together.value + ROUNDING * (1 + counted.len()) as f64 {
            outlook.standing = Standing::Free;
        } else {
            let last = self.tiers.len() - 1;
            let columns = (0..most.len()).filter_map(|organization| column(organization, last));
            columns.for_each(|column| live.cost(column, 1.0));
            let answer = live.solve(&unwanted);
            if answer.verdict == Verdict::Proved {
                outlook.all = (answer.value + ROUNDING).floor();
            }
        }
        most.iter_mut().flatten().for_each(|minutes| *minutes = minutes.floor());
        split
    }

    /// A bound on the minutes of all, for a trade that is too large to go from vertex to vertex.
    fn at_once(&self, program: &Program, cost: &[f64]) -> f64 {
        let sense = Sense::Maximise;
        let unwanted = || self.is_unwanted();
        let answer = program.solve(&Ask {
            sense,
            cost,
            kind: Kind::Relaxed,
            seconds: self.seconds,
            threads: 1,
            seed: self.seed,
            meter: self.meter,
            cancelled: &unwanted,
        });
        if answer.row_duals.len() == program.rows.len() {
            safe_bound(program, sense, cost, &answer.row_duals)
        } else {
            f64::INFINITY
        }
    }

    /// Lowers it further for who has less and got it in fractions, by the integer program of its own lessons.
    fn whole(&self, now: &[Vec<f64>], most: &mut [Vec<f64>], split: &BTreeSet<(usize, usize)>) {
        for (organization, tier) in split.iter().copied() {
            if now[organization][tier] < most[organization][tier] && !self.is_unwanted() {
                let of = |n: &&usize| {
                    self.world.requests[**n].organization == organization
                        && self.world.request(**n).tier <= self.tiers[tier]
                };
                let requests: Vec<usize> = self.trade.requests.iter().filter(of).copied().collect();
                let world = alone(self.world, &requests, &self.trade.rooms);
                let model = Model::new(&world);
                let mut cost = vec![0.0; model.program.columns.len()];
                let minutes = model.granted[organization].last();
                minutes.into_iter().for_each(|column| cost[*column] = 1.0);
                let unwanted = || self.is_unwanted();
                let answer = model.program.solve(&Ask {
                    sense: Sense::Maximise,
                    cost: &cost,
                    kind: Kind::Integer {
                        warm: None,
                        nodes: NODES_MAX,
                    },
                    seconds: self.seconds.min(SECONDS_MAX),
                    threads: 1,
                    seed: self.seed,
                    meter: self.meter,
                    cancelled: &unwanted,
                });
                if matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) && answer.bound.is_finite() {
                    let most = &mut most[organization][tier];
                    *most = most.min((answer.bound + ROUNDING).floor());
                }
            }
        }
    }
}

/// Minutes of all in all tiers.
fn each(most: &[Vec<f64>]) -> f64 {
    most.iter().filter_map(|of| of.last()).sum()
}

/// By organization, all columns that its lessons have a part in.
fn own_columns(model: &Model) -> Vec<BTreeSet<usize>> {
    let mut own = vec![BTreeSet::new(); model.granted.len()];
    let organization = |request: usize| model.world.requests[request].organization;
    for (column, p) in model.placements.iter().enumerate() {
        let columns = &mut own[organization(p.request)];
        columns.insert(column);
        for groups in [&model.rooms, &model.people] {
            let offers = groups.of_column[column]
                .iter()
                .flat_map(|group| &groups.list[*group].offers);
            columns.extend(offers.filter_map(|(_, column)| *column));
        }
    }
    let of_days = model.days.iter().map(|((request, _), column)| (*request, *column));
    let of_wholes = model.wholes.iter().map(|(request, column)| (*request, *column));
    for (request, column) in of_days.chain(of_wholes) {
        own[organization(request)].insert(column);
    }
    own
}
