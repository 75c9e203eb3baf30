//! The rules of a lesson's room: what it is, when it is open, and who else holds it or a part of it.

use super::court::{Asked, Court, Lesson, Place};
use crate::id::RoomId;
use crate::violation::Violation;
use std::collections::BTreeMap;

/// A lesson is in a room of the pool.
pub fn unknown_room(court: &Court) -> Vec<Violation> {
    let homeless = court.lessons.iter().filter(|lesson| lesson.place.is_none());
    homeless
        .map(|lesson| Violation::UnknownRoom {
            at: lesson.at(),
            room: lesson.assignment.room.clone(),
        })
        .collect()
}

/// A lesson lies inside one open span of its room; two spans that touch remain two.
pub fn room_closed(court: &Court) -> Vec<Violation> {
    let closed = placed(court).filter(|(lesson, place)| !place.open.hold(lesson.span));
    closed
        .map(|(lesson, place)| Violation::RoomClosed {
            at: lesson.at(),
            room: place.room.id.clone(),
            span: lesson.span,
        })
        .collect()
}

/// A lesson shares no minute with a blackout of its own room; its turnaround may.
pub fn room_blackout(court: &Court) -> Vec<Violation> {
    let met = placed(court).flat_map(|(lesson, place)| {
        place
            .blackouts
            .meeting(lesson.span)
            .iter()
            .map(move |span| (lesson, place, *span))
    });
    met.map(|(lesson, place, blackout)| Violation::RoomBlackout {
        at: lesson.at(),
        room: place.room.id.clone(),
        blackout,
    })
    .collect()
}

/// A lesson is in one of the rooms that the request names, if it names any.
pub fn room_not_asked(court: &Court) -> Vec<Violation> {
    let asked_for = |asked: &Asked, room| asked.rooms.as_ref().is_none_or(|any_of| any_of.contains(room));
    let elsewhere = court
        .lessons
        .iter()
        .filter(|lesson| !asked_for(lesson.asked, &lesson.assignment.room));
    elsewhere
        .map(|lesson| Violation::RoomNotAsked {
            at: lesson.at(),
            room: lesson.assignment.room.clone(),
        })
        .collect()
}

/// The room has every feature that the request needs.
pub fn feature_missing(court: &Court) -> Vec<Violation> {
    let needs = placed(court).flat_map(|(lesson, place)| {
        lesson
            .asked
            .request
            .rooms
            .features
            .iter()
            .map(move |need| (lesson, place, need))
    });
    let missing = needs.filter(|(_, place, feature)| !place.features.contains(feature));
    missing
        .map(|(lesson, place, feature)| {
            let (at, room) = (lesson.at(), place.room.id.clone());
            Violation::FeatureMissing {
                at,
                room,
                feature: feature.clone(),
            }
        })
        .collect()
}

/// The room has a seat for each head.
pub fn seats_short(court: &Court) -> Vec<Violation> {
    let headcount = |lesson: &Lesson| lesson.asked.request.headcount;
    let crowded = placed(court).filter(|(lesson, place)| place.room.seats < headcount(lesson));
    crowded
        .map(|(lesson, place)| Violation::SeatsShort {
            at: lesson.at(),
            room: place.room.id.clone(),
            seats: place.room.seats,
            headcount: headcount(lesson),
        })
        .collect()
}

/// Nobody holds a room, or anything that it is part of or that is part of it, while a lesson holds it.
///
/// A lesson holds its room for its own minutes and the turnaround of the room that it is in. Between a room and its
/// bay it is therefore the turnaround of the earlier lesson's room that counts.
pub fn room_clash(court: &Court) -> Vec<Violation> {
    let mut stays: BTreeMap<&RoomId, Vec<Stay>> = BTreeMap::new();
    for (lesson, place) in placed(court).filter(|(lesson, _)| !lesson.hold.is_empty()) {
        stays.entry(&place.room.id).or_default().push(Stay::Whole(lesson));
        for room in court.world.above(place.room) {
            stays.entry(room).or_default().push(Stay::Part(lesson));
        }
    }
    stays
        .into_iter()
        .flat_map(|(room, stays)| clashes(room, stays))
        .collect()
}

/// A lesson as one room sees it.
enum Stay<'c> {
    /// It holds the room itself.
    Whole(&'c Lesson<'c>),
    /// It holds a part of the room, at whatever depth; two parts do not disturb each other.
    Part(&'c Lesson<'c>),
}

/// The clashes in one room; the stays are ascending by start.
///
/// Parts are compared with the next whole that comes and then forgotten, but for the one that stays longest: each
/// lesson of a clash is named, and the sweep takes as many steps as there are stays.
fn clashes(room: &RoomId, stays: Vec<Stay>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut clash = |earlier: &Lesson, later: &Lesson| {
        if later.hold.from < earlier.hold.until {
            found.push(Violation::RoomClash {
                at: earlier.at(),
                other: later.at(),
                room: room.clone(),
            });
        }
    };
    let mut whole: Option<&Lesson> = None;
    let mut parts: Vec<&Lesson> = Vec::new();
    for stay in stays {
        let (Stay::Whole(lesson) | Stay::Part(lesson)) = stay;
        if let Some(whole) = whole {
            clash(whole, lesson);
        }
        if let Stay::Part(lesson) = stay {
            parts.push(lesson);
            continue;
        }
        parts.iter().for_each(|part| clash(part, lesson));
        parts = parts
            .into_iter()
            .max_by_key(|part| part.hold.until)
            .into_iter()
            .collect();
        whole = whole
            .filter(|whole| lesson.hold.until <= whole.hold.until)
            .or(Some(lesson));
    }
    found
}

/// The lessons whose room is known.
fn placed<'c>(court: &'c Court) -> impl Iterator<Item = (&'c Lesson<'c>, &'c Place<'c>)> {
    court
        .lessons
        .iter()
        .filter_map(|lesson| lesson.place.map(|place| (lesson, place)))
}
