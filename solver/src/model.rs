//! The hard rules as an integer program. One function a rule, named as the rule.
//!
//! Sets: requests r, starts s, room pools p, sites k, instructor classes c, days d, organizations o, tiers t.
//! - `x[r,s,p]` integer: lessons of r that start at s in pool p; one column for each candidate placement.
//! - `z[r,s,k,c]` integer: instructors of class c who teach r's lessons at s at site k.
//! - `w[r,d]` binary: r has a lesson on day d; only where days must lie apart and a day may hold several lessons.
//! - `b[r]` binary: r gets all its lessons; only for all or nothing.
//! - `G[o,t]`: minutes granted to o in tiers ≤ t.
//!
//! Rows, with `[.]` the minutes that a lesson holds a thing (for a room including its turnaround):
//! - lessons          Σ_{s,p} x[r,s,p] ≤ n_r, or = n_r · b[r]
//! - room             Σ_{[x] ∋ m} x[r,s,p] ≤ |p| for each minute m; a room with bays: one row for each way from a
//!   bay to its outermost room, which is exact, because exactly the rooms on such a way exclude each other
//! - cohort           Σ_{r ∈ cohort, [x] ∋ m} x ≤ 1
//! - equipment        Σ_{[x] ∋ m} units_r · x ≤ units − out(m)
//! - instructor count Σ_c z[r,s,k,c] = count_r · Σ_{p at k} x[r,s,p]
//! - instructor       Σ_{[z] ∋ m} z ≤ |c|;  Σ_{d} minutes · z ≤ day_max;  Σ minutes · z ≤ week_max
//! - days             Σ_{s ∈ d} x ≤ per_day_max (· w[r,d]);  Σ_{d..d+between} w[r,·] ≤ 1
//! - quota            G[o,last] ≤ quota_o;   granted  G[o,t] = G[o,t−1] + Σ_{tier_r = t} minutes_r · x
//! - pinned           x ≥ 1, z ≥ 1 at the pin
//!
//! Minutes m run only over those at which something starts and whose row is not contained in the next one: clique
//! rows of an interval graph, never pairs. Travel is added lazily (`travel`). Objectives are the stages' business.
//! It is longer than 400 lines because the families of constraints are read side by side.

use crate::board::minutes_on;
use crate::placement::{Candidates, available};
use crate::pools::Pools;
use crate::program::Program;
use crate::world::World;
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

pub struct Model<'w> {
    pub world: &'w World,
    pub program: Program,
    pub pools: Pools,
    /// Column n is placement n.
    pub placements: Vec<Placement>,
    pub of_request: Vec<std::ops::Range<usize>>,
    pub teams: Vec<Team>,
    pub team_at: BTreeMap<(usize, i64, usize, usize), usize>,
    /// `w` and `b` columns.
    pub days: BTreeMap<(usize, i64), usize>,
    pub wholes: BTreeMap<usize, usize>,
    pub tiers: Vec<i64>,
    /// `granted[o][t]` column.
    pub granted: Vec<Vec<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    pub request: usize,
    pub start: i64,
    pub pool: usize,
    pub site: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    pub request: usize,
    pub start: i64,
    pub site: usize,
    pub class: usize,
    pub column: usize,
}

/// A column that holds so much of a thing for a span.
struct Hold {
    span: Span,
    column: usize,
    amount: f64,
}

impl<'w> Model<'w> {
    pub fn new(world: &'w World, candidates: &[Candidates]) -> Self {
        let mut model = Self {
            world,
            program: Program::default(),
            pools: Pools::of(world, candidates),
            placements: Vec::new(),
            of_request: Vec::new(),
            teams: Vec::new(),
            team_at: BTreeMap::new(),
            days: BTreeMap::new(),
            wholes: BTreeMap::new(),
            tiers: world.tiers(),
            granted: Vec::new(),
        };
        for (request, domain) in candidates.iter().enumerate() {
            model.placement_columns(request, domain);
        }
        for request in 0..world.requests.len() {
            model.team_columns(request);
        }
        model.lessons();
        model.room_clash();
        model.cohort_clash();
        model.equipment_short();
        model.instructor_count();
        model.instructor_clash();
        model.instructor_day_and_week_max();
        model.per_day_max_and_days_between();
        model.granted_and_quota();
        model.pinned_moved();
        model
    }

    pub fn column_of(&self, request: usize, start: i64, room: usize) -> Option<usize> {
        let range = self.of_request[request].clone();
        let wanted = (start, self.pools.of_room[room]);
        self.placements[range.clone()]
            .binary_search_by_key(&wanted, |p| (p.start, p.pool))
            .ok()
            .map(|n| range.start + n)
    }

    /// Most lessons of a request that can run side by side.
    fn side_by_side(&self, request: usize) -> i64 {
        let asked = self.world.request(request);
        let alone = !self.world.requests[request].cohorts.is_empty();
        asked
            .lessons
            .min(asked.per_day_max.unwrap_or(i64::MAX))
            .min(if alone { 1 } else { i64::MAX })
    }

    fn placement_columns(&mut self, request: usize, domain: &Candidates) {
        let begin = self.placements.len();
        let spots: BTreeSet<(i64, usize)> = domain
            .places
            .iter()
            .map(|p| (p.start, self.pools.of_room[p.room]))
            .collect();
        for (start, pool) in spots {
            let most = self
                .side_by_side(request)
                .min(self.pools.rooms[pool].len() as i64)
                .max(0);
            self.program.column(0.0, most as f64, true);
            let site = self.world.rooms[self.pools.rooms[pool][0]].site;
            self.placements.push(Placement {
                request,
                start,
                pool,
                site,
            });
        }
        self.of_request.push(begin..self.placements.len());
    }

    fn team_columns(&mut self, request: usize) {
        let count = self.world.requests[request].instructor_count as i64;
        if count == 0 {
            return;
        }
        let spots: BTreeSet<(i64, usize)> = self.placements[self.of_request[request].clone()]
            .iter()
            .map(|p| (p.start, p.site))
            .collect();
        for (start, site) in spots {
            let classes: BTreeSet<usize> = available(self.world, request, start)
                .map(|n| self.pools.of_instructor[n])
                .collect();
            for class in classes {
                let most = (count * self.side_by_side(request)).min(self.pools.classes[class].len() as i64);
                let column = self.program.column(0.0, most as f64, true);
                self.team_at.insert((request, start, site, class), column);
                self.teams.push(Team {
                    request,
                    start,
                    site,
                    class,
                    column,
                });
            }
        }
    }

    fn lessons(&mut self) {
        for request in 0..self.of_request.len() {
            let asked = self.world.request(request);
            let mut terms: Vec<(usize, f64)> = self.of_request[request].clone().map(|n| (n, 1.0)).collect();
            if asked.all_or_nothing {
                let whole = self.program.column(0.0, 1.0, true);
                self.wholes.insert(request, whole);
                terms.push((whole, -(asked.lessons as f64)));
                self.program.equal(0.0, terms);
            } else if !terms.is_empty() {
                self.program.at_most(asked.lessons as f64, terms);
            }
        }
    }

    fn room_clash(&mut self) {
        let mut by_pool: Vec<Vec<usize>> = vec![Vec::new(); self.pools.rooms.len()];
        self.placements
            .iter()
            .enumerate()
            .for_each(|(column, p)| by_pool[p.pool].push(column));
        for pool in 0..by_pool.len() {
            let first = self.pools.rooms[pool][0];
            if self.has_bays(first) {
                continue;
            }
            let way: Vec<usize> = std::iter::once(first).chain(self.wholes_above(first)).collect();
            let on_way = way.iter().flat_map(|room| &by_pool[self.pools.of_room[*room]]);
            let holds = on_way.map(|column| {
                let p = self.placements[*column];
                let room = self.pools.rooms[p.pool][0];
                Hold {
                    span: self.world.room_hold(p.request, p.start, room),
                    column: *column,
                    amount: 1.0,
                }
            });
            let holds: Vec<Hold> = holds.collect();
            let most = self.pools.rooms[pool].len() as f64;
            self.clique_rows(holds, &[], |_| most);
        }
    }

    fn has_bays(&self, room: usize) -> bool {
        let rooms = &self.world.instance.rooms;
        self.world.rooms[room]
            .related
            .iter()
            .any(|n| rooms[*n].part_of.as_ref() == Some(&rooms[room].id))
    }

    /// The rooms that a room is part of, the nearest first.
    fn wholes_above(&self, room: usize) -> Vec<usize> {
        let rooms = &self.world.instance.rooms;
        let whole = |n: &usize| {
            rooms[*n]
                .part_of
                .as_ref()
                .and_then(|id| rooms.binary_search_by(|r| r.id.cmp(id)).ok())
        };
        std::iter::successors(whole(&room), whole).collect()
    }

    fn cohort_clash(&mut self) {
        let mut holds: Vec<Vec<Hold>> = self.world.cohorts.iter().map(|_| Vec::new()).collect();
        for (column, p) in self.placements.iter().enumerate() {
            let span = self.world.span(p.request, p.start);
            for cohort in &self.world.requests[p.request].cohorts {
                holds[*cohort].push(Hold {
                    span,
                    column,
                    amount: 1.0,
                });
            }
        }
        holds.into_iter().for_each(|list| self.clique_rows(list, &[], |_| 1.0));
    }

    fn equipment_short(&mut self) {
        let mut holds: Vec<Vec<Hold>> = self.world.equipment.iter().map(|_| Vec::new()).collect();
        for (column, p) in self.placements.iter().enumerate() {
            let span = self.world.span(p.request, p.start);
            for (equipment, units) in &self.world.requests[p.request].equipment {
                holds[*equipment].push(Hold {
                    span,
                    column,
                    amount: *units as f64,
                });
            }
        }
        let world = self.world;
        for (equipment, list) in holds.into_iter().enumerate() {
            let kind = &world.instance.equipment[equipment];
            let changes: Vec<i64> = kind
                .blackouts
                .iter()
                .flat_map(|out| [out.span.from, out.span.until])
                .collect();
            let left = |minute: i64| {
                let out = kind
                    .blackouts
                    .iter()
                    .filter(|out| out.span.from <= minute && minute < out.span.until);
                (kind.units - out.map(|out| out.units).sum::<i64>()).max(0) as f64
            };
            self.clique_rows(list, &changes, left);
        }
    }

    fn instructor_count(&mut self) {
        let mut rows: BTreeMap<(usize, i64, usize), Vec<(usize, f64)>> = BTreeMap::new();
        for team in &self.teams {
            rows.entry((team.request, team.start, team.site))
                .or_default()
                .push((team.column, 1.0));
        }
        for (column, p) in self.placements.iter().enumerate() {
            let count = self.world.requests[p.request].instructor_count;
            if count > 0 {
                rows.entry((p.request, p.start, p.site))
                    .or_default()
                    .push((column, -(count as f64)));
            }
        }
        rows.into_values().for_each(|terms| {
            self.program.equal(0.0, terms);
        });
    }

    fn instructor_clash(&mut self) {
        let mut holds: Vec<Vec<Hold>> = self.pools.classes.iter().map(|_| Vec::new()).collect();
        for team in &self.teams {
            let span = self.world.span(team.request, team.start);
            holds[team.class].push(Hold {
                span,
                column: team.column,
                amount: 1.0,
            });
        }
        for (class, list) in holds.into_iter().enumerate() {
            let most = self.pools.classes[class].len() as f64;
            self.clique_rows(list, &[], |_| most);
        }
    }

    /// Who has a limit is a class of one, so the row speaks of one person.
    fn instructor_day_and_week_max(&mut self) {
        let mut of_class: Vec<Vec<Team>> = vec![Vec::new(); self.pools.classes.len()];
        self.teams.iter().for_each(|team| of_class[team.class].push(*team));
        for (class, teams) in of_class.into_iter().enumerate() {
            let person = &self.world.instance.instructors[self.pools.classes[class][0]];
            let span = |team: &Team| self.world.span(team.request, team.start);
            if let Some(week_max) = person.week_max {
                let terms = teams
                    .iter()
                    .map(|team| (team.column, span(team).minutes() as f64))
                    .collect();
                self.program.at_most(week_max as f64, terms);
            }
            let Some(day_max) = person.day_max else { continue };
            let mut days: BTreeMap<i64, Vec<(usize, f64)>> = BTreeMap::new();
            for team in &teams {
                let span = span(team);
                for day in World::day(span.from)..=World::day(span.until - 1) {
                    days.entry(day)
                        .or_default()
                        .push((team.column, minutes_on(day, span) as f64));
                }
            }
            days.into_values().for_each(|terms| {
                self.program.at_most(day_max as f64, terms);
            });
        }
    }

    fn per_day_max_and_days_between(&mut self) {
        for request in 0..self.of_request.len() {
            let asked = self.world.request(request);
            let most = asked.per_day_max.unwrap_or(asked.lessons).min(asked.lessons);
            let between = asked.days_between_min;
            if most >= asked.lessons && (between == 0 || asked.lessons < 2) {
                continue;
            }
            let mut days: BTreeMap<i64, Vec<(usize, f64)>> = BTreeMap::new();
            for column in self.of_request[request].clone() {
                days.entry(World::day(self.placements[column].start))
                    .or_default()
                    .push((column, 1.0));
            }
            if between == 0 || most > 1 {
                for (day, terms) in &mut days {
                    let mut terms = terms.clone();
                    if between > 0 {
                        let used = self.program.column(0.0, 1.0, true);
                        self.days.insert((request, *day), used);
                        terms.push((used, -(most as f64)));
                    }
                    self.program.at_most(if between > 0 { 0.0 } else { most as f64 }, terms);
                }
            }
            if between > 0 {
                self.days_apart(request, between, &days);
            }
        }
    }

    /// In any stretch of `between + 1` days at most one is used.
    fn days_apart(&mut self, request: usize, between: i64, days: &BTreeMap<i64, Vec<(usize, f64)>>) {
        for day in days.keys() {
            let near = days.range(*day..=day.saturating_add(between));
            let terms = near.flat_map(|(near, terms)| match self.days.get(&(request, *near)) {
                Some(used) => vec![(*used, 1.0)],
                None => terms.clone(),
            });
            let terms = terms.collect();
            self.program.at_most(1.0, terms);
        }
    }

    fn granted_and_quota(&mut self) {
        for (organization, member) in self.world.instance.organizations.iter().enumerate() {
            let own = |n: &usize| self.world.requests[*n].organization == organization;
            let own: Vec<usize> = (0..self.world.requests.len()).filter(own).collect();
            let mut columns: Vec<usize> = Vec::new();
            for tier in &self.tiers {
                let column = self
                    .program
                    .column(0.0, member.quota.map_or(f64::INFINITY, |quota| quota as f64), false);
                let of_tier = own.iter().filter(|n| self.world.request(**n).tier == *tier);
                let minutes = |n: &usize| self.world.minutes(*n) as f64;
                let mut terms: Vec<(usize, f64)> = of_tier
                    .flat_map(|n| self.of_request[*n].clone().map(|c| (c, minutes(n))).collect::<Vec<_>>())
                    .collect();
                terms.extend(columns.last().map(|lower| (*lower, 1.0)));
                terms.push((column, -1.0));
                self.program.equal(0.0, terms);
                columns.push(column);
            }
            self.granted.push(columns);
        }
    }

    fn pinned_moved(&mut self) {
        for (request, facts) in self.world.requests.iter().enumerate() {
            for pin in &facts.pinned {
                let site = self.world.rooms[pin.room].site;
                let place = self.column_of(request, pin.start, pin.room);
                let people = pin
                    .instructors
                    .iter()
                    .map(|n| (request, pin.start, site, self.pools.of_instructor[*n]));
                let people: Vec<usize> = people.filter_map(|key| self.team_at.get(&key).copied()).collect();
                place
                    .into_iter()
                    .chain(people)
                    .for_each(|column| self.program.columns[column].lower = 1.0);
            }
        }
    }

    /// Rows of what is held at each minute where a hold starts or the capacity changes, without those that another
    /// row contains and those that cannot be broken.
    fn clique_rows(&mut self, mut holds: Vec<Hold>, changes: &[i64], capacity: impl Fn(i64) -> f64) {
        holds.sort_by_key(|hold| (hold.span.from, hold.span.until, hold.column));
        let mut minutes: Vec<i64> = holds
            .iter()
            .map(|hold| hold.span.from)
            .chain(changes.iter().copied())
            .collect();
        minutes.sort_unstable();
        minutes.dedup();
        let mut active: Vec<&Hold> = Vec::new();
        let mut waiting = holds.iter().peekable();
        for (n, minute) in minutes.iter().enumerate() {
            active.retain(|hold| *minute < hold.span.until);
            while let Some(hold) = waiting.next_if(|hold| hold.span.from <= *minute) {
                active.push(hold);
            }
            let most = capacity(*minute);
            let contained = minutes
                .get(n + 1)
                .is_some_and(|next| capacity(*next) <= most && active.iter().all(|hold| *next < hold.span.until));
            let could = active
                .iter()
                .map(|hold| hold.amount * self.program.columns[hold.column].upper)
                .sum::<f64>();
            if !contained && most < could {
                self.program
                    .at_most(most, active.iter().map(|hold| (hold.column, hold.amount)).collect());
            }
        }
    }
}
