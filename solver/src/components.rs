//! Independent components of a week: members, rooms, people, machines and groups that no request ties to each other.
//!
//! What one component is granted takes nothing from another, so the fairest plan of the week is that of each by itself:
//! sorted levels of a union are as high as they can be exactly where those of each component are. Programs of the
//! components are smaller, and so are the proofs by more than in proportion. They are solved one after another, each with
//! all threads and with its part of the budget; what one leaves of its time goes to the next. Most weeks are one
//! component, because members train in several trades. It lacks: components that only a member's level ties together.

use crate::fairness::{Fair, Shares, improved};
use crate::greedy;
use crate::meter::Meter;
use crate::needs::Needs;
use crate::placement::Place;
use crate::run::{News, Run};
use crate::solve::{Options, relative_gap};
use crate::world::{Lesson, World};
use domain::instance::Instance;
use domain::plan::Stage;
use std::collections::BTreeMap;

/// One component, in the indices of the whole week, ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Component {
    organizations: Vec<usize>,
    requests: Vec<usize>,
    rooms: Vec<usize>,
    instructors: Vec<usize>,
    equipment: Vec<usize>,
}

/// The fairest lessons found, component by component where there are several.
pub fn fairest(run: &mut Run, places: &[Vec<Place>], baseline: Vec<Lesson>) -> Fair {
    let world = run.world;
    let components = components(world);
    if components.len() < 2 {
        return improved(run, places, baseline);
    }
    let count = world.instance.organizations.len();
    let (mut claims, mut memoryless) = (vec![0.0; count], vec![0.0; count]);
    let (mut lessons, mut certificate) = (Vec::new(), Vec::new());
    let (mut stages, mut proved, mut known) = (Vec::new(), true, true);
    let mut rest: f64 = components.iter().map(Component::effort).sum();
    for component in &components {
        let part = component.effort() / rest;
        rest -= component.effort();
        let (fair, own_stages) = alone(run, component, &baseline, part);
        proved &= fair.proved;
        known &= fair.shares.claims.len() == component.organizations.len()
            && fair.shares.memoryless.len() == component.organizations.len();
        if known {
            for (n, organization) in component.organizations.iter().enumerate() {
                claims[*organization] = fair.shares.claims[n];
                memoryless[*organization] = fair.shares.memoryless[n];
            }
        }
        certificate.extend(fair.shares.certificate);
        lessons.extend(fair.lessons.into_iter().map(|lesson| component.whole(lesson)));
        stages.push(own_stages);
    }
    lessons.sort();
    together(stages).into_iter().for_each(|stage| run.close(stage));
    run.offer(&lessons);
    // The shares of some would be taken for those of all.
    let shares = if known {
        Shares {
            claims,
            certificate,
            memoryless,
        }
    } else {
        Shares::default()
    };
    Fair {
        lessons,
        proved,
        shares,
    }
}

/// One component by itself, with a part of what is left of the budget; and its stages.
fn alone(run: &Run, component: &Component, baseline: &[Lesson], part: f64) -> (Fair, Vec<Stage>) {
    let mut own = World::new(&component.instance(run.world));
    for (request, facts) in component.requests.iter().zip(&mut own.requests) {
        facts.fits_alone = run.world.requests[*request].fits_alone;
    }
    let options = Options {
        seconds: run.left() * part,
        nodes: run.options.nodes.map(|nodes| (nodes as f64 * part) as u64),
        ..run.options.clone()
    };
    let mut hears = |line: crate::Progress| run.tell(&line.stage, line.incumbent, line.bound);
    let mut alone = Run {
        world: &own,
        options: &options,
        clock: run.clock,
        cancelled: run.cancelled,
        news: News::to(&mut hears, &|_| {}),
        began: (run.clock)(),
        meter: options.nodes.map_or_else(Meter::uncounted, |_| Meter::counting()),
        stages: Vec::new(),
    };
    let places = greedy::places(&own);
    let fair = improved(&mut alone, &places, component.own(baseline));
    (fair, alone.stages)
}

impl Component {
    /// Programs take longer than in proportion.
    fn effort(&self) -> f64 {
        (self.requests.len() as f64).powi(2)
    }

    /// The week with nothing else in it.
    fn instance(&self, world: &World) -> Instance {
        let whole = &world.instance;
        Instance {
            organizations: picked(&whole.organizations, &self.organizations),
            rooms: picked(&whole.rooms, &self.rooms),
            equipment: picked(&whole.equipment, &self.equipment),
            instructors: picked(&whole.instructors, &self.instructors),
            requests: picked(&whole.requests, &self.requests),
            format: whole.format.clone(),
            calendar: whole.calendar.clone(),
            travel: whole.travel.clone(),
            budget: whole.budget.clone(),
        }
    }

    /// Its own of some lessons, in its indices, which are in the order of ids like those of the week.
    fn own(&self, lessons: &[Lesson]) -> Vec<Lesson> {
        let own = |lesson: &Lesson| {
            Some(Lesson {
                request: self.requests.binary_search(&lesson.request).ok()?,
                room: self.rooms.binary_search(&lesson.room).ok()?,
                instructors: lesson
                    .instructors
                    .iter()
                    .map(|n| self.instructors.binary_search(n).ok())
                    .collect::<Option<_>>()?,
                ..lesson.clone()
            })
        };
        lessons.iter().filter_map(own).collect()
    }

    fn whole(&self, lesson: Lesson) -> Lesson {
        Lesson {
            request: self.requests[lesson.request],
            room: self.rooms[lesson.room],
            instructors: lesson.instructors.iter().map(|n| self.instructors[*n]).collect(),
            ..lesson
        }
    }
}

fn picked<T: Clone>(list: &[T], chosen: &[usize]) -> Vec<T> {
    chosen.iter().map(|n| list[*n].clone()).collect()
}

/// Components with a request, in the order of their first one.
fn components(world: &World) -> Vec<Component> {
    let needs = Needs::of(world);
    let mut ties = Ties::of(world);
    for (request, facts) in world.requests.iter().enumerate() {
        let own = ties.request(request);
        let mut tied = vec![ties.organization(facts.organization)];
        let pins = facts.pinned.iter();
        let rooms = needs.rooms[needs.rooms_of[request]].members.iter().copied();
        let rooms = rooms.chain(pins.clone().map(|pin| pin.room));
        tied.extend(
            rooms
                .flat_map(|room| &world.rooms[room].related)
                .map(|room| ties.room(*room)),
        );
        let people = facts.instructors.iter().chain(pins.flat_map(|pin| &pin.instructors));
        tied.extend(people.map(|n| ties.instructor(*n)));
        tied.extend(facts.cohorts.iter().map(|n| ties.cohort(*n)));
        for (equipment, _) in &facts.equipment {
            tied.push(ties.equipment(*equipment));
            tied.extend(world.equipment[*equipment].1.map(|room| ties.room(room)));
        }
        tied.into_iter().for_each(|other| ties.tie(own, other));
    }
    let mut found: BTreeMap<usize, Component> = BTreeMap::new();
    for request in 0..world.requests.len() {
        let root = ties.root(ties.request(request));
        found.entry(root).or_default().requests.push(request);
    }
    let mut collect =
        |count: usize, node: &dyn Fn(&Ties, usize) -> usize, list: fn(&mut Component) -> &mut Vec<usize>| {
            for n in 0..count {
                let at = node(&ties, n);
                let root = ties.root(at);
                if let Some(component) = found.get_mut(&root) {
                    list(component).push(n);
                }
            }
        };
    collect(world.instance.organizations.len(), &Ties::organization, |c| {
        &mut c.organizations
    });
    collect(world.rooms.len(), &Ties::room, |c| &mut c.rooms);
    collect(world.instance.instructors.len(), &Ties::instructor, |c| {
        &mut c.instructors
    });
    collect(world.equipment.len(), &Ties::equipment, |c| &mut c.equipment);
    let mut components: Vec<Component> = found.into_values().collect();
    components.sort_by_key(|component| component.requests[0]);
    components
}

/// A forest over everything in the week; what has one root is one component.
struct Ties {
    parents: Vec<usize>,
    /// Where the nodes of each kind begin.
    organizations: usize,
    rooms: usize,
    instructors: usize,
    equipment: usize,
    cohorts: usize,
}

impl Ties {
    fn of(world: &World) -> Self {
        let organizations = world.requests.len();
        let rooms = organizations + world.instance.organizations.len();
        let instructors = rooms + world.rooms.len();
        let equipment = instructors + world.instance.instructors.len();
        let cohorts = equipment + world.equipment.len();
        Self {
            parents: (0..cohorts + world.cohorts.len()).collect(),
            organizations,
            rooms,
            instructors,
            equipment,
            cohorts,
        }
    }

    fn request(&self, n: usize) -> usize {
        n
    }
    fn organization(&self, n: usize) -> usize {
        self.organizations + n
    }
    fn room(&self, n: usize) -> usize {
        self.rooms + n
    }
    fn instructor(&self, n: usize) -> usize {
        self.instructors + n
    }
    fn equipment(&self, n: usize) -> usize {
        self.equipment + n
    }
    fn cohort(&self, n: usize) -> usize {
        self.cohorts + n
    }

    fn root(&mut self, node: usize) -> usize {
        let mut at = node;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}

/// Stages of one name are one, the first of each component, then the second: their minutes, ranks and worths add up; of
/// claims, the lowest level counts.
fn together(components: Vec<Vec<Stage>>) -> Vec<Stage> {
    let mut found: Vec<Stage> = Vec::new();
    for stages in components {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for stage in stages {
            let before = seen.entry(stage.name.clone()).or_insert(0);
            let mut same = found.iter_mut().filter(|known| known.name == stage.name);
            match same.nth(*before) {
                Some(sum) => add(sum, &stage),
                None => found.push(stage),
            }
            *before += 1;
        }
    }
    found
}

fn add(sum: &mut Stage, stage: &Stage) {
    let is_level = stage.name.starts_with("tier") && stage.name.ends_with("claims");
    let gap = sum.gap.max(stage.gap);
    if is_level {
        sum.value = sum.value.min(stage.value);
        sum.bound = sum.bound.min(stage.bound);
    } else {
        sum.value += stage.value;
        sum.bound += stage.bound;
    }
    // Where one bound says nothing, the sum of bounds says no more.
    let is_known = !is_level && gap < 1.0;
    sum.gap = if is_known {
        relative_gap(sum.value, sum.bound)
    } else {
        gap
    };
    sum.seconds += stage.seconds;
    sum.rows += stage.rows;
    sum.columns += stage.columns;
}

#[cfg(test)]
mod tests;
