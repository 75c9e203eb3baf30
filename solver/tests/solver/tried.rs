//! A change that is offered, made as it is told and brought before the referee.

use domain::id::*;
use domain::instance::*;
use domain::plan::{Plan, Remedy, Spot};
use domain::time::Span;
use domain::timetable::conflicts;
use solver::placement::forbidden;
use solver::plan::assignments;
use solver::world::{Lesson, World};

/// Whether the referee accepts the plan with a change made as it is told.
pub fn stands(week: &Instance, plan: &Plan, id: &RequestId, remedy: &Remedy) -> bool {
    let mut changed = week.clone();
    let asked = changed
        .requests
        .iter_mut()
        .find(|request| request.id == *id)
        .expect("asked for");
    let apart = Request {
        id: RequestId::new("zz-apart"),
        pinned: vec![],
        ..asked.clone()
    };
    let one = |start: &i64, room: &RoomId| {
        vec![Spot {
            start: *start,
            room: room.clone(),
        }]
    };
    let mut split = None;
    let places = match remedy {
        Remedy::OtherWindow { start, room } => {
            asked.windows.push(Window {
                span: Span::new(*start, start + asked.minutes),
                preference: 0,
            });
            one(start, room)
        }
        Remedy::OtherRoom { start, room } => {
            asked.rooms.any_of.iter_mut().for_each(|list| list.push(room.clone()));
            one(start, room)
        }
        Remedy::Shorter { minutes, start, room } => {
            asked.minutes = *minutes;
            one(start, room)
        }
        Remedy::SmallerGroup { headcount, start, room } => {
            asked.headcount = *headcount;
            one(start, room)
        }
        Remedy::FewerUnits {
            equipment,
            units,
            start,
            room,
        } => {
            let needs = asked.equipment.iter_mut().filter(|need| need.id == *equipment);
            needs.for_each(|need| need.units = *units);
            one(start, room)
        }
        Remedy::WithoutInstructor { start, room } => {
            split = Some(Request {
                instructors: InstructorNeed::default(),
                ..apart
            });
            one(start, room)
        }
        Remedy::TwoGroups { headcount, places } => {
            split = Some(Request {
                headcount: *headcount,
                lessons: 2,
                all_or_nothing: true,
                ..apart
            });
            places.clone()
        }
        Remedy::TwoLessons { minutes, places } => {
            split = Some(Request {
                minutes: *minutes,
                lessons: 2,
                all_or_nothing: true,
                ..apart
            });
            places.clone()
        }
        Remedy::FewerLessons { lessons, places } => {
            asked.all_or_nothing = false;
            assert_eq!(*lessons, places.len() as i64);
            places.clone()
        }
    };
    // Of all or nothing, the place of one lesson is told, and the others must find theirs.
    let whole = asked.all_or_nothing && 1 < asked.lessons;
    let more = if whole {
        asked.lessons as usize - places.len()
    } else {
        0
    };
    let subject = split.as_ref().map_or(id, |split| &split.id).clone();
    changed.requests.extend(split);
    let world = World::new(&changed);
    let subject = world.instance.requests.iter().position(|r| r.id == subject).unwrap();
    let room = |id: &RoomId| world.instance.rooms.iter().position(|room| room.id == *id).unwrap();
    let lessons = lessons_of(&world, plan);
    let spots = places.iter().map(|place| (place.start, vec![room(&place.room)]));
    let anywhere = (0..more).map(|_| (i64::MIN, (0..world.rooms.len()).collect()));
    placed(&world, subject, &lessons, &spots.chain(anywhere).collect::<Vec<_>>())
}

/// The plan in the indices of a changed week.
fn lessons_of(world: &World, plan: &Plan) -> Vec<Lesson> {
    let week = &world.instance;
    let person = |id: &InstructorId| week.instructors.iter().position(|one| one.id == *id).unwrap();
    let lesson = |a: &domain::plan::Assignment| Lesson {
        request: week.requests.iter().position(|r| r.id == a.request).unwrap(),
        start: a.start,
        room: week.rooms.iter().position(|room| room.id == a.room).unwrap(),
        instructors: a.instructors.iter().map(person).collect(),
        pinned: a.pinned,
    };
    plan.assignments.iter().map(lesson).collect()
}

/// Whether lessons of a request can be put there with some people, one after another; a start that is not given is any.
fn placed(world: &World, request: usize, lessons: &[Lesson], places: &[(i64, Vec<usize>)]) -> bool {
    let Some(((start, rooms), rest)) = places.split_first() else {
        return conflicts(&world.instance, &assignments(world, lessons)).is_empty();
    };
    let mut loose = world.instance.clone();
    loose.requests[request].all_or_nothing = false;
    let starts = if *start == i64::MIN {
        world.starts.clone()
    } else {
        vec![*start]
    };
    let everywhere = starts
        .iter()
        .flat_map(|start| rooms.iter().map(move |room| (*start, *room)));
    for (start, room) in everywhere.filter(|(start, room)| forbidden(world, request, *start, *room).is_none()) {
        for instructors in teams(world, request) {
            let mut more = lessons.to_vec();
            more.push(Lesson {
                request,
                start,
                room,
                instructors,
                pinned: false,
            });
            let fits = conflicts(&loose, &assignments(world, &more)).is_empty();
            if fits && placed(world, request, &more, rest) {
                return true;
            }
        }
    }
    false
}

/// Everybody who could teach it, alone or in pairs.
fn teams(world: &World, request: usize) -> Vec<Vec<usize>> {
    let facts = &world.requests[request];
    match facts.instructor_count {
        0 => vec![vec![]],
        1 => facts.instructors.iter().map(|n| vec![*n]).collect(),
        _ => {
            let pairs = facts.instructors.iter().enumerate();
            pairs
                .flat_map(|(k, a)| facts.instructors[k + 1..].iter().map(move |b| vec![*a, *b]))
                .collect()
        }
    }
}
