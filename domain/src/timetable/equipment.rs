//! The rules of a lesson's equipment: the right number of units, in the right place, each with one lesson at a time.

use super::court::{Court, Lesson, overlaps, saturated};
use crate::id::EquipmentId;
use crate::instance::Equipment;
use crate::time::Span;
use crate::violation::Violation;
use std::collections::{BTreeMap, BTreeSet};

/// A lesson holds exactly the units that the request needs: different numbers from 1 to the number of units there are.
///
/// An unknown equipment has no units, and one that was not asked for is needed 0 times.
pub fn equipment_wrong(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for lesson in &court.lessons {
        let ids: BTreeSet<&EquipmentId> = lesson.units.keys().chain(lesson.asked.units.keys()).copied().collect();
        for id in ids {
            let needed = lesson.asked.units.get(id).copied().unwrap_or(0);
            let units = counted(court, lesson, id, needed);
            if units != needed {
                found.push(Violation::EquipmentWrong {
                    at: lesson.at(),
                    equipment: id.clone(),
                    units,
                    needed,
                });
            }
        }
    }
    found
}

/// How many units a lesson holds: those written, or, if their number is right, those that are different and exist.
fn counted(court: &Court, lesson: &Lesson, id: &EquipmentId, needed: i64) -> i64 {
    let Some(held) = lesson.units.get(id) else { return 0 };
    let written = held.written as i64;
    if written != needed {
        return written;
    }
    let units_max = court.world.equipment.get(id).map_or(0, |equipment| equipment.units);
    held.numbers
        .iter()
        .filter(|number| (1..=units_max).contains(*number))
        .count() as i64
}

/// Equipment serves at its own site, and fixed equipment in its own room only: neither in a bay of that room nor in
/// the room that it is a bay of.
pub fn equipment_elsewhere_at(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for lesson in &court.lessons {
        let Some(room) = lesson.place.map(|place| place.room) else {
            continue;
        };
        let serves = |equipment: &Equipment| {
            equipment.site == room.site && equipment.room.as_ref().is_none_or(|fixed| *fixed == room.id)
        };
        let in_use = lesson.units.iter().filter(|(_, held)| !held.numbers.is_empty());
        let held = in_use.filter_map(|(id, _)| court.world.equipment.get(id));
        for equipment in held.filter(|equipment| !serves(equipment)) {
            found.push(Violation::EquipmentElsewhereAt {
                at: lesson.at(),
                equipment: equipment.id.clone(),
            });
        }
    }
    found
}

/// At no minute are more units held than there are, less those that are out.
///
/// Every lesson that holds units at such a minute is named, with the figures of its first one.
pub fn equipment_short(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.units.keys().copied()) {
        let Some(equipment) = court.world.equipment.get(id) else {
            continue;
        };
        let shortages = shortages(equipment, &lessons);
        for lesson in lessons
            .into_iter()
            .filter(|lesson| !lesson.span.is_empty() && !lesson.units[id].numbers.is_empty())
        {
            let ended = shortages.partition_point(|shortage| shortage.span.until <= lesson.span.from);
            let Some(first) = shortages
                .get(ended)
                .filter(|shortage| shortage.span.from < lesson.span.until)
            else {
                continue;
            };
            let (units, units_max) = (saturated(first.held), saturated(first.left));
            found.push(Violation::EquipmentShort {
                at: lesson.at(),
                equipment: id.clone(),
                units,
                units_max,
            });
        }
    }
    found
}

/// A stretch in which `held` units are in use and fewer, `left`, are there to be used.
struct Shortage {
    span: Span,
    held: i128,
    left: i128,
}

/// The shortages of one equipment, ascending and disjoint.
fn shortages(equipment: &Equipment, lessons: &[&Lesson]) -> Vec<Shortage> {
    // By how much the units held and the units out change, by minute. Wide sums, because they must come back to zero.
    let mut changes: BTreeMap<i64, (i128, i128)> = BTreeMap::new();
    let mut change = |span: Span, held: i128, out: i128| {
        for (minute, sign) in [(span.from, 1), (span.until, -1)] {
            let sum = changes.entry(minute).or_default();
            *sum = (sum.0 + sign * held, sum.1 + sign * out);
        }
    };
    for lesson in lessons.iter().filter(|lesson| !lesson.span.is_empty()) {
        change(lesson.span, lesson.units[&equipment.id].numbers.len() as i128, 0);
    }
    for blackout in equipment.blackouts.iter().filter(|blackout| !blackout.span.is_empty()) {
        change(blackout.span, 0, i128::from(blackout.units.max(0)));
    }
    let minutes: Vec<i64> = changes.keys().copied().collect();
    let (mut held, mut out) = (0, 0);
    let mut shortages = Vec::new();
    for stretch in minutes.windows(2) {
        let (more_held, more_out) = changes[&stretch[0]];
        (held, out) = (held + more_held, out + more_out);
        let left = (i128::from(equipment.units) - out).max(0);
        if left < held {
            shortages.push(Shortage {
                span: Span::new(stretch[0], stretch[1]),
                held,
                left,
            });
        }
    }
    shortages
}

/// A numbered unit is with one lesson at a time.
pub fn equipment_clash(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for ((id, unit), lessons) in court.by(numbered) {
        for (earlier, later) in overlaps(&lessons) {
            let (at, other) = (earlier.at(), later.at());
            found.push(Violation::EquipmentClash {
                at,
                other,
                equipment: id.clone(),
                unit,
            });
        }
    }
    found
}

/// Every single unit that a lesson holds.
fn numbered<'c>(lesson: &'c Lesson) -> impl Iterator<Item = (&'c EquipmentId, i64)> {
    lesson
        .units
        .iter()
        .flat_map(|(id, held)| held.numbers.iter().map(move |number| (*id, *number)))
}
