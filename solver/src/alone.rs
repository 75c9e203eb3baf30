//! Requests for all lessons or none that even an empty week would not hold.
//!
//! A relaxation gives such a request half of what it wants, so that it would have a claim and its organization be owed
//! for ever what nothing can grant. So each of them is looked at alone, before anything else: mostly first fit places
//! all its lessons in the empty week, and for the few others a program of this one request says how many any week could
//! hold. What is shown to be impossible has no place from then on (`placement`). It lacks: requests that are possible
//! alone and not beside the pins of others.

use crate::board::Board;
use crate::meter::Meter;
use crate::model::Model;
use crate::needs::Needs;
use crate::placement::Candidates;
use crate::program::{Ask, Kind, Verdict};
use crate::solve::Options;
use crate::wholes::most_placed;
use crate::world::World;
use domain::instance::{Instance, Request};
use highs::Sense;

/// Requests that have a program, and what each may take.
const PROGRAMS_MAX: usize = 200;
const SECONDS_MAX: f64 = 1.0;
const NODES_MAX: i32 = 500;

/// Marks what is impossible. With pins it is left to the stages, which find the contradiction.
pub fn look(world: &mut World, options: &Options, meter: &Meter, cancelled: &dyn Fn() -> bool) {
    let mut impossible = doubtful(world);
    impossible.truncate(PROGRAMS_MAX);
    impossible.retain(|request| {
        let asked = world.request(*request);
        let most = || most_lessons(&alone(&world.instance, asked), options, meter, cancelled);
        !cancelled() && most().is_some_and(|most| most < asked.lessons)
    });
    for request in impossible {
        world.requests[request].fits_alone = false;
    }
}

/// Whoever has places, and not enough of them at first sight.
fn doubtful(world: &World) -> Vec<usize> {
    let together = |n: &usize| {
        let asked = world.request(*n);
        asked.all_or_nothing && 1 < asked.lessons && world.requests[*n].pinned.is_empty()
    };
    let together: Vec<usize> = (0..world.requests.len()).filter(together).collect();
    if together.is_empty() {
        return together;
    }
    let needs = Needs::of(world);
    let mut empty = Board::new(world);
    let mut lacks_room = |n: &usize| {
        let places = Candidates::places(world, &needs, *n);
        let wanted = world.request(*n).lessons.max(0) as usize;
        !places.is_empty() && most_placed(&mut empty, *n, &places, wanted).len() < wanted
    };
    together.into_iter().filter(|n| lacks_room(n)).collect()
}

/// The week with nothing but one request, which takes what it can get.
fn alone(instance: &Instance, asked: &Request) -> Instance {
    let own = |member: &&domain::instance::Member| member.id == asked.organization;
    Instance {
        format: instance.format.clone(),
        calendar: instance.calendar.clone(),
        travel: instance.travel.clone(),
        organizations: instance.organizations.iter().filter(own).cloned().collect(),
        rooms: instance.rooms.clone(),
        equipment: instance.equipment.clone(),
        instructors: instance.instructors.clone(),
        requests: vec![Request {
            all_or_nothing: false,
            previous: Vec::new(),
            ..asked.clone()
        }],
        budget: instance.budget.clone(),
    }
}

/// No week holds more lessons of the one request; `None` where that is not known.
fn most_lessons(instance: &Instance, options: &Options, meter: &Meter, cancelled: &dyn Fn() -> bool) -> Option<i64> {
    let world = World::new(instance);
    let model = Model::new(&world);
    let mut cost = vec![0.0; model.program.columns.len()];
    model.of_request[0].clone().for_each(|column| cost[column] = 1.0);
    let answer = model.program.solve(&Ask {
        sense: Sense::Maximise,
        cost: &cost,
        kind: Kind::Integer {
            warm: None,
            nodes: NODES_MAX,
        },
        seconds: SECONDS_MAX,
        threads: options.threads,
        seed: options.seed,
        meter,
        cancelled,
    });
    let known = matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) && answer.bound.is_finite();
    known.then(|| (answer.bound + 1e-6).floor() as i64)
}
