//! Independent components of a week: members, rooms, people, machines and groups that no request ties to each other.
//!
//! What one component is granted takes nothing from another, so the fairest plan of the week is that of each by itself:
//! sorted levels of a union are as high as they can be exactly where those of each component are. Programs of the
//! components are smaller, and so are the proofs by more than in proportion. One that is most of what is left has all
//! threads, the others are solved side by side; each has its part of the budget, and what one leaves of its time goes to
//! the next. Most weeks are one component, because members train in several trades. It lacks: components that only a
//! member's level ties together.

mod ties;

use crate::crew::side_by_side;
use crate::fairness::{Fair, Shares, improved};
use crate::greedy;
use crate::meter::Meter;
use crate::placement::Place;
use crate::run::{News, Run};
use crate::solve::{Options, Progress, relative_gap};
use crate::world::{Lesson, World};
use domain::instance::Instance;
use domain::plan::Stage;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use ties::components;

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
    for (component, (fair, own_stages)) in components.iter().zip(each(run, &components, &baseline)) {
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

/// What one component comes to by itself, and its stages.
type Solved = (Fair, Vec<Stage>);

/// Each component's, in their order.
fn each(run: &Run, components: &[Component], baseline: &[Lesson]) -> Vec<Solved> {
    let mut order: Vec<usize> = (0..components.len()).collect();
    order.sort_by(|a, b| components[*b].effort().total_cmp(&components[*a].effort()));
    let effort = |order: &[usize]| order.iter().map(|n| components[*n].effort()).sum::<f64>();
    let all = effort(&order);
    let mut found: Vec<Option<Solved>> = components.iter().map(|_| None).collect();
    let mut rest = order.as_slice();
    while let [largest, others @ ..] = rest
        && effort(others) < effort(&[*largest])
    {
        let own = effort(&[*largest]);
        let options = options(run, run.options.threads, run.left() * own / effort(rest), own / all);
        let mut hears = |line: Progress| run.tell(&line.stage, line.incumbent, line.bound);
        let host = Host {
            clock: run.clock,
            cancelled: run.cancelled,
            hears: &mut hears,
        };
        found[*largest] = Some(alone(run.world, &components[*largest], baseline, &options, host));
        rest = others;
    }
    let chosen: Vec<(&Component, f64)> = rest
        .iter()
        .map(|n| (&components[*n], components[*n].effort() / all))
        .collect();
    for (n, solved) in rest.iter().zip(beside(run, &chosen, baseline)) {
        found[*n] = solved;
    }
    let solved = found.into_iter().zip(components);
    let unsolved = |component: &Component| (Fair::unproved(component.own(baseline)), Vec::new());
    solved
        .map(|(solved, component)| solved.unwrap_or_else(|| unsolved(component)))
        .collect()
}

/// Components side by side, in a thread each, with the part of the whole effort that each takes; none where one
/// panicked. The clock and whoever hears how it goes belong to this thread, which passes on the time and what is told.
fn beside(run: &Run, components: &[(&Component, f64)], baseline: &[Lesson]) -> Vec<Option<Solved>> {
    let (world, began, seconds) = (run.world, (run.clock)(), run.left());
    let crew = f64::from(run.options.threads.max(1));
    let all: f64 = components.iter().map(|(_, part)| part).sum();
    let given: Vec<Options> = components
        .iter()
        .map(|(_, part)| options(run, 1, seconds * (part / all * crew).min(1.0), *part))
        .collect();
    let now = AtomicU64::new(began.to_bits());
    let lines: Mutex<Vec<Progress>> = Mutex::new(Vec::new());
    let noted = || lines.lock().unwrap_or_else(PoisonError::into_inner);
    let tell = || {
        let lines: Vec<Progress> = noted().drain(..).collect();
        lines
            .iter()
            .for_each(|line| run.tell(&line.stage, line.incumbent, line.bound));
    };
    let heard = || {
        now.store((run.clock)().to_bits(), Ordering::Relaxed);
        tell();
        (run.cancelled)()
    };
    let found = side_by_side(run.options.threads, components.len(), &heard, |n, unwanted| {
        let clock = || f64::from_bits(now.load(Ordering::Relaxed));
        let left = seconds - (clock() - began);
        let options = Options {
            seconds: given[n].seconds.min(left),
            ..given[n].clone()
        };
        let host = Host {
            clock: &clock,
            cancelled: &|| unwanted.load(Ordering::Relaxed),
            hears: &mut |line| noted().push(line),
        };
        alone(world, components[n].0, baseline, &options, host)
    });
    tell();
    found
}

/// What a component may take: so many threads and seconds, and its part of the work, where that is counted.
fn options(run: &Run, threads: u32, seconds: f64, part: f64) -> Options {
    Options {
        seconds,
        nodes: run.options.nodes.map(|nodes| (nodes as f64 * part) as u64),
        threads,
        ..run.options.clone()
    }
}

/// The clock, the way out, and who hears how it goes.
struct Host<'h> {
    clock: &'h dyn Fn() -> f64,
    cancelled: &'h dyn Fn() -> bool,
    hears: &'h mut dyn FnMut(Progress),
}

/// One component by itself.
fn alone(whole: &World, component: &Component, baseline: &[Lesson], options: &Options, host: Host) -> Solved {
    let mut own = World::new(&component.instance(whole));
    for (request, facts) in component.requests.iter().zip(&mut own.requests) {
        facts.fits_alone = whole.requests[*request].fits_alone;
    }
    let mut alone = Run {
        world: &own,
        options,
        clock: host.clock,
        cancelled: host.cancelled,
        news: News::to(host.hears, &|_| {}),
        began: (host.clock)(),
        meter: options.nodes.map_or_else(Meter::uncounted, |_| Meter::counting()),
        kept: 0.0,
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
