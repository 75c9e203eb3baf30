//! The hard rules as an integer program: its rows. One function a rule, named as the rule; columns are in `model`.
//!
//! With `[.]` the minutes that a lesson holds a thing (for a room including its turnaround):
//! - lessons          Σ_{s,k} x[r,s,k] ≤ n_r, or = n_r · b[r]
//! - rooms dealt out  Σ_p y[T,s,l,k,p] = Σ_{r of T and l} x[r,s,k]
//! - people dealt out Σ_c z[Q,s,l,k,c] = Σ_{r of Q and l} count_r · x[r,s,k]
//! - room             Σ_{[y] ∋ m} y ≤ |p| for each minute m; a room with bays: one row for each way from a bay to its
//!   outermost room, which is exact, because exactly the rooms on such a way exclude each other
//! - instructor       Σ_{[z] ∋ m} z ≤ |c|;  Σ_{d} minutes · z ≤ day_max;  Σ minutes · z ≤ week_max
//! - cohort           Σ_{r ∈ cohort, [x] ∋ m} x ≤ 1
//! - equipment        Σ_{[x] ∋ m} units_r · x ≤ units − out(m)
//! - days             Σ_{s ∈ d} x ≤ per_day_max (· w[r,d]);  Σ_{d..d+between} w[r,·] ≤ 1
//! - quota            G[o,last] ≤ quota_o;   granted  G[o,t] = G[o,t−1] + Σ_{tier_r = t} minutes_r · x
//!
//! Minutes m run only over those at which something starts and whose row is not contained in the next one: clique
//! rows of an interval graph, never pairs. Travel is added lazily (`travel`).

use crate::certificate::{Limit, Thing};
use crate::model::{Groups, Model};
use crate::placement::minutes_on;
use crate::program::Program;
use crate::world::World;
use domain::time::{MINUTES_PER_DAY, Span};
use std::collections::BTreeMap;

/// A column that holds so much of a thing for a span.
struct Hold {
    span: Span,
    column: usize,
    amount: f64,
}

impl Model<'_> {
    pub(crate) fn rows(&mut self) {
        self.lessons();
        dealt_out(&mut self.program, &self.rooms);
        dealt_out(&mut self.program, &self.people);
        self.mark_none();
        self.room_clash();
        self.cohort_clash();
        self.equipment_short();
        self.instructor_clash();
        self.instructor_day_and_week_max();
        self.per_day_max_and_days_between();
        self.granted_and_quota();
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
                self.mark_none();
            } else if !terms.is_empty() {
                self.program.at_most(asked.lessons as f64, terms);
                self.mark(Limit::always(Thing::Lessons(request)));
            }
        }
    }

    fn room_clash(&mut self) {
        let mut by_pool: Vec<Vec<(Span, usize, f64)>> = vec![Vec::new(); self.pools.rooms.len()];
        for take in self.rooms.takes() {
            let span = self.rooms.list[take.group].span();
            let turnaround = self.world.rooms[self.pools.rooms[take.of][0]].turnaround;
            let hold = Span::new(span.from, span.until + turnaround);
            by_pool[take.of].push((hold, take.column, take.amount));
        }
        for pool in 0..by_pool.len() {
            let first = self.pools.rooms[pool][0];
            if self.has_bays(first) {
                continue;
            }
            let way = std::iter::once(first).chain(self.wholes_above(first));
            let on_way = way.flat_map(|room| by_pool[self.pools.of_room[room]].clone());
            let holds = on_way
                .map(|(span, column, amount)| Hold { span, column, amount })
                .collect();
            let most = self.pools.rooms[pool].len() as f64;
            self.clique_rows(holds, &[], Thing::Rooms(pool), |_| most);
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
        for (cohort, list) in holds.into_iter().enumerate() {
            self.clique_rows(list, &[], Thing::Cohort(cohort), |_| 1.0);
        }
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
            self.clique_rows(list, &changes, Thing::Equipment(equipment), left);
        }
    }

    fn instructor_clash(&mut self) {
        let mut holds: Vec<Vec<Hold>> = self.pools.classes.iter().map(|_| Vec::new()).collect();
        for take in self.people.takes() {
            let span = self.people.list[take.group].span();
            let (column, amount) = (take.column, take.amount);
            holds[take.of].push(Hold { span, column, amount });
        }
        for (class, list) in holds.into_iter().enumerate() {
            let most = self.pools.classes[class].len() as f64;
            self.clique_rows(list, &[], Thing::People(class), |_| most);
        }
    }

    /// Who has a limit is a class of one, so the row speaks of one person.
    fn instructor_day_and_week_max(&mut self) {
        let mut of_class: Vec<Vec<Hold>> = self.pools.classes.iter().map(|_| Vec::new()).collect();
        for take in self.people.takes() {
            let span = self.people.list[take.group].span();
            let (column, amount) = (take.column, take.amount);
            of_class[take.of].push(Hold { span, column, amount });
        }
        for (class, holds) in of_class.into_iter().enumerate() {
            let person = &self.world.instance.instructors[self.pools.classes[class][0]];
            if let Some(week_max) = person.week_max {
                let terms = holds
                    .iter()
                    .map(|hold| (hold.column, hold.amount * hold.span.minutes() as f64));
                self.program.at_most(week_max as f64, terms.collect());
                self.mark(Limit::always(Thing::Hours(class)));
            }
            let Some(day_max) = person.day_max else { continue };
            let mut days: BTreeMap<i64, Vec<(usize, f64)>> = BTreeMap::new();
            for hold in &holds {
                for day in World::day(hold.span.from)..=World::day(hold.span.until - 1) {
                    let minutes = hold.amount * minutes_on(day, hold.span) as f64;
                    days.entry(day).or_default().push((hold.column, minutes));
                }
            }
            for (day, terms) in days {
                self.program.at_most(day_max as f64, terms);
                let span = Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY);
                self.mark(Limit::within(Thing::Hours(class), span));
            }
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
            self.mark(Limit::always(Thing::Days(request)));
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

    /// No more than was asked and can be placed at all, and no more than the quota.
    fn granted_and_quota(&mut self) {
        let world = self.world;
        let mut own: Vec<Vec<usize>> = vec![Vec::new(); world.instance.organizations.len()];
        for request in (0..self.of_request.len()).filter(|n| !self.of_request[*n].is_empty()) {
            own[world.requests[request].organization].push(request);
        }
        for (member, own) in world.instance.organizations.iter().zip(own) {
            let mut columns: Vec<usize> = Vec::new();
            let mut rows: Vec<usize> = Vec::new();
            let mut asked = 0;
            for tier in &self.tiers {
                let mut terms: Vec<(usize, f64)> = columns.last().map(|lower| (*lower, 1.0)).into_iter().collect();
                for request in own.iter().filter(|n| world.request(**n).tier == *tier) {
                    asked += world.minutes(*request) * world.request(*request).lessons;
                    let minutes = world.minutes(*request) as f64;
                    terms.extend(self.of_request[*request].clone().map(|column| (column, minutes)));
                }
                let most = member.quota.map_or(asked, |quota| quota.min(asked));
                let column = self.program.column(0.0, most as f64, false);
                terms.push((column, -1.0));
                rows.push(self.program.equal(0.0, terms));
                columns.push(column);
            }
            self.granted.push(columns);
            self.granted_rows.push(rows);
        }
        self.mark_none();
    }

    /// Rows of what is held at each minute where a hold starts or the capacity changes, without those that another
    /// row contains and those that cannot be broken.
    fn clique_rows(&mut self, mut holds: Vec<Hold>, changes: &[i64], thing: Thing, capacity: impl Fn(i64) -> f64) {
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
                let ends = active.iter().map(|hold| hold.span.until).min();
                let until = minutes.get(n + 1).copied().into_iter().chain(ends).min();
                self.mark(Limit::within(thing, Span::new(*minute, until.unwrap_or(*minute))));
            }
        }
    }
}

/// What the lessons of a group need is taken from its offers.
fn dealt_out(program: &mut Program, groups: &Groups) {
    for group in &groups.list {
        let taken = group.offers.iter().filter_map(|(_, column)| Some(((*column)?, 1.0)));
        let mut terms: Vec<(usize, f64)> = taken.collect();
        if !terms.is_empty() {
            terms.extend(group.lessons.iter().map(|(column, amount)| (*column, -amount)));
            program.equal(0.0, terms);
        }
    }
}
