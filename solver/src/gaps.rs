//! Gaps: after preferences, less waiting of instructors between two lessons of a day.
//!
//! All of before is held: what everybody has, every point of preference, the number of rooms of a request, pins, and
//! what stays as it was in the previous plan. One lesson after another is taken out and put where instructors wait
//! least, with the same people or with others, until none can be put better. A day on which somebody comes only for that
//! counts like two hours of waiting, or every gap would be mended by one more way to the base. It lacks a bound: that
//! nobody can wait less than not at all is all that is known.

use crate::board::Board;
use crate::moves::kept;
use crate::placement::{Place, available};
use crate::search::Search;
use crate::solve::relative_gap;
use crate::world::{Lesson, World};
use domain::plan::Stage;
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of waiting that another day of coming is worth.
const DAY_MINUTES: i64 = 120;
/// Rounds over all lessons.
const ROUNDS_MAX: usize = 8;

pub fn fewer(search: &mut Search, seconds: f64) {
    let began = search.run.elapsed();
    let world = search.model.world;
    let staying: BTreeSet<&Lesson> = kept(world, &search.best).into_iter().collect();
    let mut board = Board::with(world, &search.best);
    let moves = |lesson: &Lesson| !lesson.pinned && !lesson.instructors.is_empty() && !staying.contains(lesson);
    let open: Vec<usize> = (0..search.best.len()).filter(|n| moves(&search.best[*n])).collect();
    let stops = || search.run.stops(began, seconds);
    let mut moved = 0;
    for _ in 0..ROUNDS_MAX {
        // Handles of a board that only ever puts back what it took out stay those of the lessons.
        let better = open
            .iter()
            .filter(|handle| !stops() && put_better(&mut board, **handle, search.places));
        let count = better.count();
        if count == 0 {
            break;
        }
        moved += count;
    }
    if 0 < moved {
        search.settle(board.placed());
    }
    let value = waiting(world, &search.best) as f64;
    search.run.close(Stage {
        name: "gaps".into(),
        value,
        bound: 0.0,
        gap: relative_gap(value, 0.0),
        seconds: search.run.elapsed() - began,
        rows: 0,
        columns: 0,
    });
}

/// Minutes that all instructors wait between two lessons of a day.
pub fn waiting(world: &World, lessons: &[Lesson]) -> i64 {
    let board = Board::with(world, lessons);
    let people = 0..world.instance.instructors.len();
    people.map(|person| waits(&by_day(board.taught(person)))).sum()
}

type Days = BTreeMap<i64, Vec<Span>>;

fn by_day(spans: impl Iterator<Item = Span>) -> Days {
    let mut days = Days::new();
    spans.for_each(|span| days.entry(World::day(span.from)).or_default().push(span));
    days
}

fn waits(days: &Days) -> i64 {
    let wait = |spans: &Vec<Span>| {
        let from = spans.iter().map(|span| span.from).min().unwrap_or(0);
        let until = spans.iter().map(|span| span.until).max().unwrap_or(0);
        until - from - spans.iter().map(|span| span.minutes()).sum::<i64>()
    };
    days.values().map(wait).sum()
}

/// What somebody's week costs, with one more lesson or without.
fn cost_with(board: &Board, person: usize, more: Option<Span>) -> i64 {
    let days = by_day(board.taught(person).chain(more));
    waits(&days) + DAY_MINUTES * days.len() as i64
}

/// Takes a lesson out and puts it where instructors wait least; false where that is its own place.
fn put_better(board: &mut Board, handle: usize, places: &[Vec<Place>]) -> bool {
    let lesson = board.remove(handle);
    let own = board.world.span(lesson.request, lesson.start);
    let before = added(board, &lesson.instructors, own);
    let best = places[lesson.request]
        .iter()
        .take_while(|place| worth(board.world, &lesson) <= worth_of(board.world, &lesson, place))
        .filter(|place| keeps_rooms(board, &lesson, place.room))
        .filter(|place| board.has_room(lesson.request, place.start, place.room))
        .filter_map(|place| with_team(board, &lesson, place))
        .min_by_key(|(cost, _)| *cost)
        .filter(|(cost, _)| *cost < before);
    let is_better = best.is_some();
    board.place(best.map_or(lesson, |(_, better)| better));
    is_better
}

fn worth(world: &World, lesson: &Lesson) -> i64 {
    world.preference(lesson.request, lesson.start, lesson.room)
}

fn worth_of(world: &World, lesson: &Lesson, place: &Place) -> i64 {
    world.preference(lesson.request, place.start, place.room)
}

/// Whether a request has no more rooms with this one than it has with the lesson's.
fn keeps_rooms(board: &Board, lesson: &Lesson, room: usize) -> bool {
    let others = board.of_request[lesson.request].iter();
    let mut others = others
        .flat_map(|handle| &board.lessons[*handle])
        .map(|other| other.room);
    room == lesson.room || others.clone().any(|other| other == room) || !others.any(|other| other == lesson.room)
}

/// What a lesson adds to the cost of these people.
fn added(board: &Board, people: &[usize], span: Span) -> i64 {
    let more = |person: &usize| cost_with(board, *person, Some(span)) - cost_with(board, *person, None);
    people.iter().map(more).sum()
}

/// The lesson at another place with the people whom that costs least, of those who are preferred as much as its own.
fn with_team(board: &Board, lesson: &Lesson, place: &Place) -> Option<(i64, Lesson)> {
    let (world, request) = (board.world, lesson.request);
    let span = world.span(request, place.start);
    let liked = |person: &usize| world.teacher_preference(request, *person);
    let can_teach = |person: &usize| board.can_teach(*person, request, place.start, place.room);
    let mut free: Vec<usize> = available(world, request, place.start).filter(can_teach).collect();
    free.sort_by_cached_key(|person| (-liked(person), added(board, &[*person], span), *person));
    free.truncate(lesson.instructors.len());
    let preferred = |people: &[usize]| people.iter().map(liked).sum::<i64>();
    if free.len() < lesson.instructors.len() || preferred(&free) < preferred(&lesson.instructors) {
        return None;
    }
    free.sort_unstable();
    let cost = added(board, &free, span);
    let lesson = Lesson {
        start: place.start,
        room: place.room,
        instructors: free,
        ..lesson.clone()
    };
    Some((cost, lesson))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::tests::options;
    use crate::world::tests::{teacher, tiny};
    use crate::{Options, solve};
    use domain::instance::{Instance, Window};

    /// Two requests of one hour for the only teacher, each at any hour of a morning of one day.
    fn morning() -> Instance {
        let mut instance = tiny();
        let whole = || vec![Span::new(480, 720)];
        instance.rooms.iter_mut().for_each(|room| room.open = whole());
        instance
            .instructors
            .iter_mut()
            .for_each(|person| person.available = whole());
        for request in &mut instance.requests {
            request.instructors.count = 1;
            request.windows = vec![Window {
                span: Span::new(480, 720),
                preference: 0,
            }];
        }
        instance
    }

    fn solved(instance: &Instance) -> (World, Vec<Lesson>, Vec<Stage>) {
        let plan = solve(instance, &Options { ..options() }, &mut |_| {}, &|| 0.0, &|| false).expect("a plan");
        assert!(crate::check(instance, &plan).is_clean());
        let mut again = instance.clone();
        for request in &mut again.requests {
            let own = plan.assignments.iter().filter(|lesson| lesson.request == request.id);
            request.previous = own
                .map(|lesson| domain::instance::Placed {
                    start: lesson.start,
                    room: lesson.room.clone(),
                    instructors: lesson.instructors.clone(),
                })
                .collect();
        }
        let world = World::new(&again);
        let lessons = world.requests.iter().flat_map(|facts| facts.previous.clone()).collect();
        (world, lessons, plan.stages)
    }

    #[test]
    fn one_teacher_s_lessons_lie_side_by_side() {
        let mut instance = morning();
        // The first can only be at eight; the second would be anywhere.
        instance.requests[0].windows[0].span = Span::new(480, 540);
        instance.requests[1].windows[0].span = Span::new(540, 720);
        let (world, lessons, stages) = solved(&instance);
        assert_eq!((lessons.len(), waiting(&world, &lessons)), (2, 0));
        assert_eq!(
            stages.last().map(|stage| (stage.name.as_str(), stage.value)),
            Some(("gaps", 0.0))
        );
    }

    #[test]
    fn a_gap_that_is_preferred_stays() {
        let mut instance = morning();
        instance.requests[0].windows[0].span = Span::new(480, 540);
        instance.requests[1].windows = [(540, 660, 0), (660, 720, 1)]
            .map(|(from, until, preference)| Window {
                span: Span::new(from, until),
                preference,
            })
            .to_vec();
        let (world, lessons, stages) = solved(&instance);
        assert_eq!(waiting(&world, &lessons), 120);
        assert_eq!(stages.last().map(|stage| stage.value), Some(120.0));
    }

    #[test]
    fn of_two_people_one_comes_for_both_lessons() {
        let mut instance = morning();
        instance.instructors.push(teacher("wang"));
        instance.instructors[1].available = vec![Span::new(480, 720)];
        let (world, lessons, _) = solved(&instance);
        let people: BTreeSet<usize> = lessons.iter().flat_map(|lesson| lesson.instructors.clone()).collect();
        assert_eq!((people.len(), waiting(&world, &lessons)), (1, 0));
    }
}
