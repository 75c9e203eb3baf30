//! I2: who is in two places at one time by the lessons themselves, and what a lesson needs and does not hold.

use crate::plans::publish::bays;
use crate::store::invariants::{HeldRow, LessonRow};
use domain::catalog::Catalog;
use std::collections::{BTreeMap, HashMap, HashSet};

type Held<'a> = HashMap<&'a str, Vec<&'a HeldRow>>;

pub fn astray(catalog: &Catalog, lessons: &[LessonRow], occupied: &[HeldRow]) -> Vec<String> {
    let mut held: Held = HashMap::new();
    for row in occupied {
        held.entry(row.assignment.as_str()).or_default().push(row);
    }
    let mut places: BTreeMap<String, Vec<(i64, i64, &str)>> = BTreeMap::new();
    let mut broken = Vec::new();
    for lesson in lessons {
        let own = held.get(lesson.assignment.as_str()).map_or(&[][..], Vec::as_slice);
        let people = people(lesson);
        let needed = people.iter().cloned().chain(units(lesson));
        let missing = needed
            .filter(|unit| !is_held(own, unit, lesson))
            .chain(room_missing(catalog, lesson, own));
        broken.extend(missing.map(|unit| format!("{unit} is not held by {}", lesson.assignment)));
        for unit in people {
            let place = (lesson.from_min, lesson.until_min, lesson.assignment.as_str());
            places.entry(unit).or_default().push(place);
        }
    }
    for (unit, mut spans) in places {
        spans.sort_unstable();
        let clashes = spans.windows(2).filter(|pair| pair[1].0 < pair[0].1);
        broken.extend(clashes.map(|pair| format!("{unit} is in {} and in {}", pair[0].2, pair[1].2)));
    }
    broken
}

fn people(lesson: &LessonRow) -> Vec<String> {
    let instructors = lesson.instructors.iter().map(|id| format!("instructor:{id}"));
    let cohorts = lesson.cohorts.iter().map(|id| format!("cohort:{id}"));
    instructors.chain(cohorts).collect()
}

fn units(lesson: &LessonRow) -> impl Iterator<Item = String> {
    let numbered = |kind: &domain::plan::UnitsHeld| {
        let number = |number: &i64| format!("unit:{}#{number}", kind.id);
        kind.units.iter().map(number).collect::<Vec<_>>()
    };
    lesson.equipment.iter().flat_map(numbered)
}

fn is_held(own: &[&HeldRow], unit: &str, lesson: &LessonRow) -> bool {
    let whole =
        |row: &&HeldRow| row.unit == unit && (row.from_min, row.until_min) == (lesson.from_min, lesson.until_min);
    own.iter().any(whole)
}

/// A room is held by its bays, through its turnaround. The catalog may have divided or joined rooms since, so what counts is
/// that something is held, and all bays of the room or none.
fn room_missing(catalog: &Catalog, lesson: &LessonRow, own: &[&HeldRow]) -> Vec<String> {
    let covers = |row: &&&HeldRow| row.from_min <= lesson.from_min && lesson.until_min <= row.until_min;
    let rooms = own.iter().filter(covers).map(|row| row.unit.as_str());
    let held: HashSet<&str> = rooms.filter(|unit| unit.starts_with("room:")).collect();
    let bays = bays(catalog, &lesson.room).into_iter().map(|bay| format!("room:{bay}"));
    let (there, missing): (Vec<_>, Vec<_>) = bays.partition(|bay| held.contains(bay.as_str()));
    match (held.is_empty(), there.is_empty()) {
        (true, _) => vec![format!("room:{}", lesson.room)],
        (false, true) => Vec::new(),
        (false, false) => missing,
    }
}
