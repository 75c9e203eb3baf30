//! Scarce hours: what one more room, instructor or set of units in one half day would grant, and it is true when tried.
//!
//! Prices read off a relaxation say little of whole lessons, so every claim here is tried: the thing is added to the
//! week for that span alone, everything planned stays as it is, and what found no place is placed in order of level.
//! What is granted then and was not without it is the gain, and the plan has passed the referee. Which things are tried
//! first follows from how much of what is missing they could hold at all. A further room is a twin of a known one
//! without the equipment that is fixed in it, and whoever names the one would take the other; a further instructor has the skills and the agreement of a known one.
//! It lacks: gains that need planned lessons to move.

use crate::greedy::{places_of, plan_from};
use crate::levels::granted;
use crate::needs::Needs;
use crate::placement::{Place, starts};
use crate::solve::broken;
use crate::world::{Lesson, World};
use domain::id::{InstructorId, RoomId};
use domain::instance::{Instance, UnitsOut};
use domain::plan::{Extra, Scarce};
use domain::time::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Things tried for one plan, and shown.
const TRIES_MAX: usize = 24;
const SHOWN_MAX: usize = 12;
/// A try takes a copy of the week, so weeks of more requests have fewer, but some.
const REQUESTS_USUAL: usize = 5_000;
const TRIES_LEAST: usize = 4;
/// Ends the id of the twin that is tried, as often as it takes to be nobody else's.
const TWIN: &str = "~further";

/// The largest gains first, tried side by side.
pub fn scarce(world: &World, lessons: &[Lesson], threads: u32, cancelled: &dyn Fn() -> bool) -> Vec<Scarce> {
    let missing = missing(world, lessons);
    if missing.is_empty() {
        return Vec::new();
    }
    let without = gain(world, lessons, &missing, world.instance.clone()).unwrap_or(0);
    let candidates = candidates(world, &missing);
    let (next, unwanted) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = |cancelled: &dyn Fn() -> bool| {
        let mut own = Vec::new();
        while let Some((what, span)) = candidates.get(next.fetch_add(1, Ordering::Relaxed)) {
            // Only one of the threads can ask whether the solve is still wanted.
            if unwanted.fetch_or(cancelled(), Ordering::Relaxed) {
                break;
            }
            let with = gain(world, lessons, &missing, widened(&world.instance, what, *span));
            let minutes = with.unwrap_or(0) - without;
            let (what, span) = (what.clone(), *span);
            own.extend((0 < minutes).then_some(Scarce { what, span, minutes }));
        }
        own
    };
    let mut found: Vec<Scarce> = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(|| work(&|| false))).collect();
        let own = work(cancelled);
        let others = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_default());
        own.into_iter().chain(others).collect()
    });
    found.sort_by(|a, b| (b.minutes, a.span, &a.what).cmp(&(a.minutes, b.span, &b.what)));
    found.truncate(SHOWN_MAX);
    found
}

/// How many lessons requests lack, of those that lack some.
fn missing(world: &World, lessons: &[Lesson]) -> BTreeMap<usize, i64> {
    let mut missing: BTreeMap<usize, i64> = (0..world.requests.len())
        .map(|n| (n, world.request(n).lessons))
        .collect();
    for lesson in lessons {
        *missing.entry(lesson.request).or_insert(0) -= 1;
    }
    missing.retain(|_, lessons| 0 < *lessons);
    missing
}

/// What could hold most of what is missing, in that order.
fn candidates(world: &World, missing: &BTreeMap<usize, i64>) -> Vec<(Extra, Span)> {
    let needs = Needs::of(world);
    let instance = &world.instance;
    let mut worth: BTreeMap<(Extra, Span), i64> = BTreeMap::new();
    for (request, lessons) in missing {
        let rooms = &needs.rooms[needs.rooms_of[*request]].members;
        let seats = |room: &usize| (instance.rooms[*room].seats, Reverse(*room));
        let Some(room) = rooms.iter().copied().max_by_key(seats) else {
            continue;
        };
        let spans: BTreeSet<Span> = rooms
            .iter()
            .flat_map(|room| instance.rooms[*room].open.clone())
            .collect();
        let mut extras = vec![Extra::Room {
            like: instance.rooms[room].id.clone(),
        }];
        let teachers = &world.requests[*request].instructors;
        extras.extend(teachers.first().map(|n| Extra::Instructor {
            like: instance.instructors[*n].id.clone(),
        }));
        let kinds = world.requests[*request].equipment.iter();
        extras.extend(kinds.map(|(kind, units)| Extra::Units {
            equipment: instance.equipment[*kind].id.clone(),
            units: *units,
        }));
        for span in spans {
            let held = starts(world, *request).filter(|start| span.contains(world.span(*request, *start)));
            if held.take(1).count() == 0 {
                continue;
            }
            let minutes = (world.minutes(*request) * lessons).min(span.minutes());
            for extra in &extras {
                *worth.entry((extra.clone(), span)).or_insert(0) += minutes;
            }
        }
    }
    let mut candidates: Vec<((Extra, Span), i64)> = worth.into_iter().collect();
    candidates.sort_by_key(|(_, minutes)| Reverse(*minutes));
    let size = world.requests.len().max(REQUESTS_USUAL);
    candidates.truncate((TRIES_MAX * REQUESTS_USUAL / size).max(TRIES_LEAST));
    candidates.into_iter().map(|(candidate, _)| candidate).collect()
}

/// The week with one thing more, for one span.
pub fn widened(instance: &Instance, what: &Extra, span: Span) -> Instance {
    let mut wide = instance.clone();
    match what {
        Extra::Room { like } => {
            let mut id = RoomId::new(format!("{like}{TWIN}"));
            while wide.rooms.iter().any(|room| room.id == id) {
                id = RoomId::new(format!("{id}{TWIN}"));
            }
            let twin = wide.rooms.iter().find(|room| room.id == *like).cloned();
            wide.rooms.extend(twin.map(|room| domain::instance::Room {
                id: id.clone(),
                part_of: None,
                open: vec![span],
                blackouts: Vec::new(),
                ..room
            }));
            let named = wide.requests.iter_mut().flat_map(|request| &mut request.rooms.any_of);
            with_twin(named, like, &id);
        }
        Extra::Instructor { like } => {
            let mut id = InstructorId::new(format!("{like}{TWIN}"));
            while wide.instructors.iter().any(|one| one.id == id) {
                id = InstructorId::new(format!("{id}{TWIN}"));
            }
            let twin = wide.instructors.iter().find(|one| one.id == *like).cloned();
            wide.instructors.extend(twin.map(|one| domain::instance::Instructor {
                id: id.clone(),
                available: vec![span],
                ..one
            }));
            let named = wide
                .requests
                .iter_mut()
                .flat_map(|request| &mut request.instructors.any_of);
            with_twin(named, like, &id);
        }
        Extra::Units { equipment, units } => {
            let until = wide.calendar.until;
            for kind in wide.equipment.iter_mut().filter(|kind| kind.id == *equipment) {
                kind.units += units;
                let others = [Span::new(0, span.from), Span::new(span.until, until)];
                let out = |span: Span| UnitsOut { span, units: *units };
                kind.blackouts
                    .extend(others.into_iter().filter(|span| span.from < span.until).map(out));
            }
        }
    }
    wide
}

/// Whoever names the known one would take its twin.
fn with_twin<'a, Id: Clone + PartialEq + 'a>(named: impl Iterator<Item = &'a mut Vec<Id>>, like: &Id, twin: &Id) {
    let lists = named.filter(|list| list.contains(like));
    lists.for_each(|list| list.push(twin.clone()));
}

/// Minutes that a changed week grants more with everything planned as it is; `None` if it does not hold that.
fn gain(world: &World, lessons: &[Lesson], missing: &BTreeMap<usize, i64>, changed: Instance) -> Option<i64> {
    let wide = World::new(&changed);
    let needs = Needs::of(&wide);
    let mut places: Vec<Vec<Place>> = vec![Vec::new(); wide.requests.len()];
    for request in missing.keys() {
        places[*request] = places_of(&wide, &needs, *request);
    }
    let kept = carried(world, &wide, lessons);
    let found = plan_from(&wide, &places, &kept);
    let before = granted(world, lessons, i64::MAX);
    let after = granted(&wide, &found, i64::MAX);
    let nobody_loses = before.iter().zip(&after).all(|(before, after)| before <= after);
    let more = after.iter().sum::<i64>() - before.iter().sum::<i64>();
    (nobody_loses && broken(&wide, &found).is_empty()).then_some(more)
}

/// The same lessons in another world's indices; requests are the same in both.
fn carried(world: &World, wide: &World, lessons: &[Lesson]) -> Vec<Lesson> {
    let room = |n: usize| {
        let id = &world.instance.rooms[n].id;
        wide.instance
            .rooms
            .binary_search_by(|room| room.id.cmp(id))
            .expect("rooms only grow")
    };
    let person = |n: &usize| {
        let id = &world.instance.instructors[*n].id;
        let people = &wide.instance.instructors;
        people.binary_search_by(|one| one.id.cmp(id)).expect("people only grow")
    };
    let carried = |lesson: &Lesson| Lesson {
        room: room(lesson.room),
        instructors: lesson.instructors.iter().map(person).collect(),
        ..lesson.clone()
    };
    lessons.iter().map(carried).collect()
}
