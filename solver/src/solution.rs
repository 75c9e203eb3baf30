//! Between lessons and columns: a plan as the values of a model, and the values of a model as a plan.

use crate::model::Model;
use crate::names::{Unnamed, named};
use crate::world::{Lesson, World};
use std::collections::BTreeMap;

/// The values that say what the lessons say; `None` if a lesson has no column.
pub fn values(model: &Model, lessons: &[Lesson]) -> Option<Vec<f64>> {
    let world = model.world;
    let mut values = vec![0.0; model.program.columns.len()];
    let mut placed = vec![0; world.requests.len()];
    for lesson in lessons {
        values[model.column_of(lesson.request, lesson.start, lesson.room)?] += 1.0;
        placed[lesson.request] += 1;
        let site = world.rooms[lesson.room].site;
        for person in &lesson.instructors {
            let key = (lesson.request, lesson.start, site, model.pools.of_instructor[*person]);
            values[*model.team_at.get(&key)?] += 1.0;
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
    Some(values)
}

/// Named lessons; the values must be whole.
pub fn lessons(model: &Model, values: &[f64]) -> Vec<Lesson> {
    let mut people: BTreeMap<(usize, i64, usize), Vec<usize>> = BTreeMap::new();
    for team in &model.teams {
        let list = people.entry((team.request, team.start, team.site)).or_default();
        (0..whole(values[team.column])).for_each(|_| list.push(team.class));
    }
    let mut unnamed = Vec::new();
    for (column, p) in model.placements.iter().enumerate() {
        for _ in 0..whole(values[column]) {
            unnamed.push(Unnamed {
                request: p.request,
                start: p.start,
                pool: p.pool,
                classes: Vec::new(),
                pin: None,
            });
        }
    }
    take_pins(model, &mut unnamed, &mut people);
    for lesson in unnamed.iter_mut().filter(|lesson| lesson.pin.is_none()) {
        let site = model.world.rooms[model.pools.rooms[lesson.pool][0]].site;
        let count = model.world.requests[lesson.request].instructor_count;
        if let Some(list) = people.get_mut(&(lesson.request, lesson.start, site)) {
            lesson.classes = list.drain(..count.min(list.len())).collect();
        }
    }
    named(model, unnamed)
}

fn whole(value: f64) -> usize {
    value.round().max(0.0) as usize
}

/// A pin's lesson takes its own people before the others of the same request and start choose.
fn take_pins(model: &Model, unnamed: &mut [Unnamed], people: &mut BTreeMap<(usize, i64, usize), Vec<usize>>) {
    for (request, facts) in model.world.requests.iter().enumerate() {
        for pin in &facts.pinned {
            let pool = model.pools.of_room[pin.room];
            let own =
                |lesson: &&mut Unnamed| lesson.request == request && lesson.start == pin.start && lesson.pool == pool;
            let Some(lesson) = unnamed.iter_mut().find(own) else {
                continue;
            };
            lesson.pin = Some(pin.clone());
            let site = model.world.rooms[pin.room].site;
            let Some(list) = people.get_mut(&(request, pin.start, site)) else {
                continue;
            };
            for person in &pin.instructors {
                let class = model.pools.of_instructor[*person];
                if let Some(at) = list.iter().position(|held| *held == class) {
                    list.remove(at);
                }
            }
        }
    }
}
