//! Between lessons and columns: a plan as the values of a model, and the values of a model as a plan.
//!
//! The model counts rooms and people by need. Dealing them out to the lessons is free: a pin takes its own, and who is
//! to stay, then who was somewhere in the previous plan takes that again, then a request keeps to what its other
//! lessons have.

use crate::model::{Group, Groups, Model};
use crate::names::{Unnamed, named};
use crate::world::{Lesson, World};
use std::collections::BTreeMap;

/// The values that say what the lessons say; `None` if a lesson has no column.
pub fn values(model: &Model, lessons: &[Lesson]) -> Option<Vec<f64>> {
    let world = model.world;
    let mut values = vec![0.0; model.program.columns.len()];
    let mut placed = vec![0; world.requests.len()];
    for lesson in lessons {
        let column = model.column_of(lesson.request, lesson.start, world.rooms[lesson.room].site)?;
        values[column] += 1.0;
        placed[lesson.request] += 1;
        count(&model.rooms, column, model.pools.of_room[lesson.room], &mut values)?;
        for person in &lesson.instructors {
            count(&model.people, column, model.pools.of_instructor[*person], &mut values)?;
        }
        if let Some(used) = model.days.get(&(lesson.request, World::day(lesson.start))) {
            values[*used] = 1.0;
        }
        for (tier, column) in model
            .tiers
            .iter()
            .zip(&model.granted[world.requests[lesson.request].organization])
        {
            if world.request(lesson.request).tier <= *tier {
                values[*column] += world.minutes(lesson.request) as f64;
            }
        }
    }
    for (request, whole) in &model.wholes {
        values[*whole] = if placed[*request] > 0 { 1.0 } else { 0.0 };
    }
    for (tier, kept) in &model.kept {
        let minutes = values[model.granted[kept.organization][*tier]];
        values[kept.column] = kept.value(world, minutes);
    }
    Some(values)
}

/// Counts one of an offer for a lesson; `None` where its group has no such offer.
fn count(groups: &Groups, lesson: usize, offer: usize, values: &mut [f64]) -> Option<()> {
    let group = &groups.list[groups.of_column[lesson]?];
    match group.column_of(offer) {
        Some(column) => values[column] += 1.0,
        None if group.offers(offer) => {}
        None => return None,
    }
    Some(())
}

/// Named lessons; the values must be whole.
pub fn lessons(model: &Model, values: &[f64]) -> Vec<Lesson> {
    lessons_with(model, values, &[])
}

/// The same with some lessons, which the values count, wholly as they are, as far as the names allow it.
pub fn lessons_with(model: &Model, values: &[f64], staying: &[&Lesson]) -> Vec<Lesson> {
    let mut of_rooms: Vec<Vec<usize>> = vec![Vec::new(); model.rooms.list.len()];
    let mut of_people: Vec<Vec<usize>> = vec![Vec::new(); model.people.list.len()];
    let mut unnamed = Vec::new();
    for (column, p) in model.placements.iter().enumerate() {
        for _ in 0..whole(values[column]) {
            of_rooms[model.rooms.of_column[column].expect("every lesson needs a room")].push(unnamed.len());
            if let Some(group) = model.people.of_column[column] {
                of_people[group].push(unnamed.len());
            }
            unnamed.push(Unnamed {
                request: p.request,
                start: p.start,
                pool: usize::MAX,
                classes: Vec::new(),
                pin: None,
                stays: None,
            });
        }
    }
    take_pins(model, &mut unnamed);
    take_staying(&mut unnamed, staying);
    let mut used = BTreeMap::new();
    for (group, lessons) in model.rooms.list.iter().zip(&of_rooms) {
        deal(model, group, lessons, values, &mut unnamed, &ROOMS, &mut used);
    }
    let mut used = BTreeMap::new();
    for (group, lessons) in model.people.list.iter().zip(&of_people) {
        deal(model, group, lessons, values, &mut unnamed, &PEOPLE, &mut used);
    }
    // A lesson without a pool can only come from values that break the model's rows.
    unnamed.retain(|lesson| lesson.pool != usize::MAX);
    named(model, unnamed)
}

fn whole(value: f64) -> usize {
    value.round().max(0.0) as usize
}

/// The first lessons of a request at a pin's start and site are the pins.
fn take_pins(model: &Model, unnamed: &mut [Unnamed]) {
    for (request, facts) in model.world.requests.iter().enumerate() {
        for pin in &facts.pinned {
            let own =
                |lesson: &&mut Unnamed| lesson.request == request && lesson.start == pin.start && lesson.pin.is_none();
            if let Some(lesson) = unnamed.iter_mut().find(own) {
                lesson.pin = Some(pin.clone());
            }
        }
    }
}

/// Others of a request at a start are those that stay.
fn take_staying(unnamed: &mut [Unnamed], staying: &[&Lesson]) {
    for lesson in staying.iter().filter(|lesson| !lesson.pinned) {
        let at = unnamed.partition_point(|other| other.request < lesson.request);
        let own = |other: &&mut Unnamed| other.start == lesson.start && other.pin.is_none() && other.stays.is_none();
        let of_request = unnamed[at..]
            .iter_mut()
            .take_while(|other| other.request == lesson.request);
        if let Some(other) = of_request.into_iter().find(own) {
            other.stays = Some((*lesson).clone());
        }
    }
}

/// What is dealt out: how many a lesson takes, what it had before, and where it is written down.
struct Kind {
    wanted: fn(&Model, usize) -> usize,
    before: fn(&Model, &Lesson) -> Vec<usize>,
    give: fn(&mut Unnamed, usize),
    has: fn(&Unnamed) -> usize,
}

const ROOMS: Kind = Kind {
    wanted: |_, _| 1,
    before: |model, lesson| vec![model.pools.of_room[lesson.room]],
    give: |lesson, pool| lesson.pool = pool,
    has: |lesson| usize::from(lesson.pool != usize::MAX),
};

const PEOPLE: Kind = Kind {
    wanted: |model, request| model.world.requests[request].instructor_count,
    before: |model, lesson| {
        let classes = lesson.instructors.iter().map(|n| model.pools.of_instructor[*n]);
        classes.collect()
    },
    give: |lesson, class| lesson.classes.push(class),
    has: |lesson| lesson.classes.len(),
};

/// Deals the counted offers of a group out to its lessons.
fn deal(
    model: &Model,
    group: &Group,
    lessons: &[usize],
    values: &[f64],
    unnamed: &mut [Unnamed],
    kind: &Kind,
    used: &mut BTreeMap<(usize, usize), usize>,
) {
    if lessons.is_empty() {
        return;
    }
    let everyone = lessons.iter().map(|n| (kind.wanted)(model, unnamed[*n].request)).sum();
    let mut left: BTreeMap<usize, usize> = BTreeMap::new();
    for (of, column) in &group.offers {
        let count = column.map_or(everyone, |column| whole(values[column]));
        left.insert(*of, count);
    }
    let facts = |request: usize| &model.world.requests[request];
    let mut give = |n: usize, of: usize, unnamed: &mut [Unnamed]| {
        let lesson = &mut unnamed[n];
        let open = (kind.has)(lesson) < (kind.wanted)(model, lesson.request);
        if let Some(count) = left.get_mut(&of).filter(|count| open && **count > 0) {
            *count -= 1;
            (kind.give)(lesson, of);
            *used.entry((lesson.request, of)).or_insert(0) += 1;
        }
    };
    for n in lessons {
        let lesson = &unnamed[*n];
        if let Some(known) = lesson.pin.as_ref().or(lesson.stays.as_ref()).cloned() {
            (kind.before)(model, &known)
                .into_iter()
                .for_each(|of| give(*n, of, unnamed));
        }
    }
    for n in lessons {
        for before in &facts(unnamed[*n].request).previous {
            if before.start == unnamed[*n].start && unnamed[*n].pin.is_none() {
                (kind.before)(model, before)
                    .into_iter()
                    .for_each(|of| give(*n, of, unnamed));
            }
        }
    }
    for n in lessons {
        deal_rest(
            group,
            *n,
            unnamed,
            (kind.wanted)(model, unnamed[*n].request),
            kind,
            &mut left,
            used,
        );
    }
}

/// The rest of one lesson: first what its request has elsewhere, then what there is most of.
fn deal_rest(
    group: &Group,
    lesson: usize,
    unnamed: &mut [Unnamed],
    wanted: usize,
    kind: &Kind,
    left: &mut BTreeMap<usize, usize>,
    used: &mut BTreeMap<(usize, usize), usize>,
) {
    let request = unnamed[lesson].request;
    while (kind.has)(&unnamed[lesson]) < wanted {
        let open = group.offers.iter().map(|(of, _)| *of).filter(|of| left[of] > 0);
        let worth = |of: &usize| {
            (
                used.get(&(request, *of)).copied().unwrap_or(0),
                left[of],
                std::cmp::Reverse(*of),
            )
        };
        let Some(of) = open.max_by_key(worth) else { return };
        left.entry(of).and_modify(|count| *count -= 1);
        (kind.give)(&mut unnamed[lesson], of);
        *used.entry((request, of)).or_insert(0) += 1;
    }
}
