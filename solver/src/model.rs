//! The hard rules as an integer program: its columns. The rows are in `rows`.
//!
//! Sets: requests r, starts s, lengths l, sites k, room needs T, room pools p, instructor needs Q, classes c, days d,
//! organizations o, tiers t. `T(r)`, `Q(r)` are the needs of a request (`needs`).
//! - `x[r,s,k]` integer: lessons of r that start at s at site k.
//! - `y[T,s,l,k,p]` integer: how many of the lessons of need T, start s, length l at site k get a room of pool p.
//! - `z[Q,s,l,k,c]` integer: how many places of instructors of those lessons are filled from class c.
//! - `w[r,d]` binary: r has a lesson on day d; only where days must lie apart and a day may hold several lessons.
//! - `b[r]` binary: r gets all its lessons; only for all or nothing.
//! - `G[o,t]`: minutes granted to o in tiers ≤ t.
//!
//! y and z count lessons of equal need together, which loses nothing: whoever has equal needs can trade rooms and
//! people freely, so any dealing out of the counted rooms is a timetable (`solution`). Where only one pool or class
//! offers itself, no column is needed: the lessons hold it themselves. Objectives are the stages' business.

use crate::certificate::Limit;
use crate::needs::Needs;
use crate::placement::{could_teach, open_throughout, starts};
use crate::pools::Pools;
use crate::program::Program;
use crate::rungs::Kept;
use crate::world::World;
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

pub struct Model<'w> {
    pub world: &'w World,
    pub program: Program,
    pub needs: Needs,
    pub pools: Pools,
    /// Column n is placement n.
    pub placements: Vec<Placement>,
    pub of_request: Vec<std::ops::Range<usize>>,
    /// Lessons that share rooms, and lessons that share people.
    pub rooms: Groups,
    pub people: Groups,
    /// `w` and `b` columns.
    pub days: BTreeMap<(usize, i64), usize>,
    pub wholes: BTreeMap<usize, usize>,
    pub tiers: Vec<i64>,
    /// `granted[o][t]` column.
    pub granted: Vec<Vec<usize>>,
    /// `granted_rows[o][t]`, the rows that add it up.
    pub granted_rows: Vec<Vec<usize>>,
    /// What rows limit; and while they are built, how many have been told so.
    pub limits: Vec<Limit>,
    marked: usize,
    /// Columns that hold the sorted levels of a finished tier (its index), whoever stands where.
    pub kept: Vec<(usize, Kept)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    pub request: usize,
    pub start: i64,
    pub site: usize,
}

/// Interchangeable lessons: need, start, minutes, site.
pub type GroupKey = (usize, i64, i64, usize);

#[derive(Debug, Clone)]
pub struct Group {
    pub key: GroupKey,
    /// Columns of the lessons, and how many members each lesson takes.
    pub lessons: Vec<(usize, f64)>,
    /// Pools or classes that offer themselves, ascending, with their columns; `None` where it is the only one.
    pub offers: Vec<(usize, Option<usize>)>,
}

#[derive(Debug, Clone, Default)]
pub struct Groups {
    pub list: Vec<Group>,
    pub at: BTreeMap<GroupKey, usize>,
    /// Group of each placement column; `None` where a request needs nobody.
    pub of_column: Vec<Option<usize>>,
}

/// A column that takes so many of a pool or class for the lessons of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Take {
    pub group: usize,
    /// Pool or class.
    pub of: usize,
    pub column: usize,
    pub amount: f64,
}

impl Group {
    pub fn start(&self) -> i64 {
        self.key.1
    }
    pub fn site(&self) -> usize {
        self.key.3
    }
    pub fn span(&self) -> Span {
        Span::new(self.key.1, self.key.1 + self.key.2)
    }
    /// The column that counts one of the offers; `None` where the lessons count themselves.
    pub fn column_of(&self, offer: usize) -> Option<usize> {
        let at = self.offers.binary_search_by_key(&offer, |(of, _)| *of).ok()?;
        self.offers[at].1
    }
    pub fn offers(&self, offer: usize) -> bool {
        self.offers.binary_search_by_key(&offer, |(of, _)| *of).is_ok()
    }
}

impl Groups {
    /// All that takes from a pool or class: y or z columns, or the lessons themselves.
    pub fn takes(&self) -> impl Iterator<Item = Take> + '_ {
        let of_group = |(group, one): (usize, &Group)| -> Vec<Take> {
            let mut takes = Vec::new();
            for (of, column) in &one.offers {
                let of = *of;
                match column {
                    Some(column) => takes.push(Take {
                        group,
                        of,
                        column: *column,
                        amount: 1.0,
                    }),
                    None => takes.extend(one.lessons.iter().map(|(column, amount)| {
                        let (column, amount) = (*column, *amount);
                        Take {
                            group,
                            of,
                            column,
                            amount,
                        }
                    })),
                }
            }
            takes
        };
        self.list.iter().enumerate().flat_map(of_group)
    }

    fn join(&mut self, key: GroupKey, column: usize, amount: f64) {
        let group = *self.at.entry(key).or_insert_with(|| {
            self.list.push(Group {
                key,
                lessons: Vec::new(),
                offers: Vec::new(),
            });
            self.list.len() - 1
        });
        self.list[group].lessons.push((column, amount));
        self.of_column[column] = Some(group);
    }

    /// Gives each group its offers, with a column each where there are several.
    fn offer(&mut self, program: &mut Program, offers: impl Fn(&Group) -> BTreeMap<usize, i64>) {
        for group in &mut self.list {
            let found = offers(group);
            let alone = found.len() == 1;
            let most = |n: &(usize, f64)| n.1 * program.columns[n.0].upper;
            let lessons: f64 = group.lessons.iter().map(most).sum();
            for (of, members) in found {
                let column = (!alone).then(|| program.column(0.0, lessons.min(members as f64), true));
                group.offers.push((of, column));
            }
        }
    }
}

impl<'w> Model<'w> {
    pub fn new(world: &'w World) -> Self {
        let needs = Needs::of(world);
        let mut model = Self {
            world,
            program: Program::default(),
            pools: Pools::of(world, &needs),
            needs,
            placements: Vec::new(),
            of_request: Vec::new(),
            rooms: Groups::default(),
            people: Groups::default(),
            days: BTreeMap::new(),
            wholes: BTreeMap::new(),
            tiers: world.tiers(),
            granted: Vec::new(),
            granted_rows: Vec::new(),
            limits: Vec::new(),
            marked: 0,
            kept: Vec::new(),
        };
        model.placement_columns();
        model.groups();
        model.rows();
        model.pinned_moved();
        model
    }

    pub fn column_of(&self, request: usize, start: i64, site: usize) -> Option<usize> {
        let range = self.of_request[request].clone();
        self.placements[range.clone()]
            .binary_search_by_key(&(start, site), |p| (p.start, p.site))
            .ok()
            .map(|n| range.start + n)
    }

    /// Closes what could be dealt out only to lessons that have no column left.
    pub fn close_groups(&self, program: &mut Program) {
        for group in self.rooms.list.iter().chain(&self.people.list) {
            let open = |(column, _): &(usize, f64)| 0.0 < program.columns[*column].upper;
            if !group.lessons.iter().any(open) {
                for column in group.offers.iter().filter_map(|(_, column)| *column) {
                    program.columns[column].upper = 0.0;
                    program.columns[column].lower = 0.0;
                }
            }
        }
        let Program { columns, rows } = program;
        for row in rows.iter_mut() {
            row.terms.retain(|(column, _)| 0.0 < columns[*column].upper);
        }
        // What granted rows add up may be nothing; they still tie two columns, and stay.
        rows.retain(|row| !row.terms.is_empty());
    }

    /// Says what the rows since the last time limit.
    pub(crate) fn mark(&mut self, limit: Limit) {
        self.mark_from(self.marked, limit);
        self.marked = self.program.rows.len();
    }

    /// Says what rows limit that were added to a model that is built.
    pub fn mark_from(&mut self, first: usize, limit: Limit) {
        self.limits.push(limit);
        let limit = Some(self.limits.len() - 1);
        let new = self.program.rows[first..].iter_mut();
        new.for_each(|row| row.limit = limit);
    }

    /// The rows since the last time only say what columns stand for.
    pub(crate) fn mark_none(&mut self) {
        self.marked = self.program.rows.len();
    }

    /// Most lessons of a request that can run side by side.
    fn side_by_side(&self, request: usize) -> i64 {
        let asked = self.world.request(request);
        let alone = !self.world.requests[request].cohorts.is_empty();
        asked
            .lessons
            .min(asked.per_day_max.unwrap_or(i64::MAX))
            .min(if alone { 1 } else { i64::MAX })
            .max(0)
    }

    fn placement_columns(&mut self) {
        let world = self.world;
        // Sites with a room, by need, start and length; the last one may be asked for again.
        let mut sites: BTreeMap<(usize, i64, i64), Vec<usize>> = BTreeMap::new();
        for request in 0..world.requests.len() {
            let begin = self.placements.len();
            let (need, minutes) = (self.needs.rooms_of[request], world.minutes(request));
            let most = self.side_by_side(request) as f64;
            for start in starts(world, request) {
                let found = sites.entry((need, start, minutes)).or_insert_with(|| {
                    let open = |room: &&usize| open_throughout(world, **room, Span::new(start, start + minutes));
                    let rooms = self.needs.rooms[need].members.iter().filter(open);
                    let sites: BTreeSet<usize> = rooms.map(|room| world.rooms[*room].site).collect();
                    sites.into_iter().collect()
                });
                for site in found {
                    self.program.column(0.0, most, true);
                    self.placements.push(Placement {
                        request,
                        start,
                        site: *site,
                    });
                }
            }
            self.of_request.push(begin..self.placements.len());
        }
    }

    fn groups(&mut self) {
        let world = self.world;
        self.rooms.of_column = vec![None; self.placements.len()];
        self.people.of_column = vec![None; self.placements.len()];
        for (column, p) in self.placements.iter().enumerate() {
            let minutes = world.minutes(p.request);
            let key = (self.needs.rooms_of[p.request], p.start, minutes, p.site);
            self.rooms.join(key, column, 1.0);
            let count = world.requests[p.request].instructor_count;
            if count > 0 {
                let key = (self.needs.people_of[p.request], p.start, minutes, p.site);
                self.people.join(key, column, count as f64);
            }
        }
        let (needs, pools) = (&self.needs, &self.pools);
        self.rooms.offer(&mut self.program, |group| {
            let rooms = needs.rooms[group.key.0].members.iter();
            let fits = |room: &&usize| {
                world.rooms[**room].site == group.site() && open_throughout(world, **room, group.span())
            };
            counted(rooms.filter(fits).map(|room| pools.of_room[*room]))
        });
        self.people.offer(&mut self.program, |group| {
            let people = needs.people[group.key.0].members.iter();
            let there = |n: &&usize| could_teach(world, **n, group.span());
            counted(people.filter(there).map(|n| pools.of_instructor[*n]))
        });
    }

    /// A pinned request has needs, hence groups, of its own, so a pin is a lower bound.
    fn pinned_moved(&mut self) {
        let mut pins: BTreeMap<usize, f64> = BTreeMap::new();
        for (request, facts) in self.world.requests.iter().enumerate() {
            for pin in &facts.pinned {
                let site = self.world.rooms[pin.room].site;
                let Some(column) = self.column_of(request, pin.start, site) else {
                    continue;
                };
                *pins.entry(column).or_insert(0.0) += 1.0;
                let rooms = &self.rooms.list[self.rooms.of_column[column].expect("every lesson needs a room")];
                let place = rooms.column_of(self.pools.of_room[pin.room]);
                let people = self.people.of_column[column].map(|group| &self.people.list[group]);
                let team = |n: &usize| people.and_then(|group| group.column_of(self.pools.of_instructor[*n]));
                for column in place.into_iter().chain(pin.instructors.iter().filter_map(team)) {
                    *pins.entry(column).or_insert(0.0) += 1.0;
                }
            }
        }
        for (column, count) in pins {
            self.program.columns[column].lower = count;
        }
    }
}

/// How often each occurs.
fn counted(list: impl Iterator<Item = usize>) -> BTreeMap<usize, i64> {
    let mut counts = BTreeMap::new();
    list.for_each(|n| *counts.entry(n).or_insert(0) += 1);
    counts
}
