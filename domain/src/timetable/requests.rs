//! The rules of what was asked: the lesson's number and time, its cohorts, and all lessons of a request together.

use super::court::{Asked, Court, Lesson, overlaps, saturated};
use crate::id::{InstructorId, OrganizationId, RoomId};
use crate::instance::{Placed, day_of};
use crate::violation::Violation;
use std::collections::{BTreeMap, BTreeSet};

/// A lesson belongs to a request of the week.
pub fn unknown_request(court: &Court) -> Vec<Violation> {
    court
        .strangers
        .iter()
        .map(|id| Violation::UnknownRequest { request: (*id).clone() })
        .collect()
}

/// The lessons of a request have different numbers from 1 to as many as were asked for.
pub fn lesson_number(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (_, twins) in court.by(|lesson| [(&lesson.assignment.request, lesson.assignment.lesson)]) {
        let lessons = twins[0].asked.request.lessons;
        if twins.len() > 1 || !(1..=lessons).contains(&twins[0].assignment.lesson) {
            found.push(Violation::LessonNumber {
                at: twins[0].at(),
                lessons,
            });
        }
    }
    found
}

/// A lesson starts at an allowed minute and ends within the horizon.
pub fn start_not_allowed(court: &Court) -> Vec<Violation> {
    let within = |lesson: &Lesson| 0 <= lesson.span.from && lesson.span.until <= court.world.calendar.until;
    let allowed = |lesson: &Lesson| within(lesson) && court.world.allows_start(lesson.span.from);
    let wrong = court.lessons.iter().filter(|lesson| !allowed(lesson));
    wrong
        .map(|lesson| Violation::StartNotAllowed {
            at: lesson.at(),
            start: lesson.span.from,
        })
        .collect()
}

/// A lesson lies in the union of its request's windows; windows that touch join.
pub fn outside_windows(court: &Court) -> Vec<Violation> {
    let outside = court
        .lessons
        .iter()
        .filter(|lesson| !lesson.asked.windows.hold(lesson.span));
    outside
        .map(|lesson| Violation::OutsideWindows {
            at: lesson.at(),
            span: lesson.span,
        })
        .collect()
}

/// A cohort is in one place at a time.
pub fn cohort_clash(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.asked.cohorts.iter().copied()) {
        for (earlier, later) in overlaps(&lessons) {
            found.push(Violation::CohortClash {
                at: earlier.at(),
                other: later.at(),
                cohort: id.clone(),
            });
        }
    }
    found
}

/// At most `per_day_max` lessons of a request begin on one day.
pub fn per_day_max(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for ((request, day), lessons) in court.by(|lesson| [(&lesson.assignment.request, day_of(lesson.span.from))]) {
        let Some(per_day_max) = lessons[0].asked.request.per_day_max else {
            continue;
        };
        let lessons = lessons.len() as i64;
        if per_day_max < lessons {
            found.push(Violation::PerDayMax {
                request: request.clone(),
                day,
                lessons,
                per_day_max,
            });
        }
    }
    found
}

/// Two lessons of a request on different days lie more than `days_between_min` days apart, so that 1 means not on
/// consecutive days; how many share one day is the business of `per_day_max`.
pub fn days_between(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (_, lessons) in court.by(|lesson| [&lesson.assignment.request]) {
        let days_between_min = lessons[0].asked.request.days_between_min;
        // The lessons ascend, so if any two are too near, two neighbours are.
        for pair in lessons.windows(2) {
            let days = day_of(pair[1].span.from) - day_of(pair[0].span.from);
            if 0 < days && days <= days_between_min {
                found.push(Violation::DaysBetween {
                    at: pair[0].at(),
                    other: pair[1].at(),
                    days_between_min,
                });
            }
        }
    }
    found
}

/// The minutes granted to an organization are at most its quota.
pub fn quota_exceeded(court: &Court) -> Vec<Violation> {
    let mut granted: BTreeMap<&OrganizationId, i128> = BTreeMap::new();
    for lesson in &court.lessons {
        *granted.entry(&lesson.asked.request.organization).or_default() +=
            i128::from(lesson.asked.request.minutes.max(0));
    }
    let mut found = Vec::new();
    for member in court.world.organizations {
        let minutes = granted.get(&member.id).copied().unwrap_or(0);
        if let Some(quota) = member.quota.filter(|quota| i128::from(*quota) < minutes) {
            let (organization, minutes) = (member.id.clone(), saturated(minutes));
            found.push(Violation::QuotaExceeded {
                organization,
                minutes,
                quota,
            });
        }
    }
    found
}

/// Each pinned placement has a lesson of its request of its own, at that start, in that room, with exactly those
/// instructors.
pub fn pinned_moved(court: &Court) -> Vec<Violation> {
    let lessons = court.by(|lesson| [&lesson.assignment.request]);
    let mut found = Vec::new();
    for (id, Asked { request, .. }) in court
        .world
        .requests
        .iter()
        .filter(|(_, asked)| !asked.request.pinned.is_empty())
    {
        let mut free: BTreeMap<Spot, usize> = BTreeMap::new();
        for lesson in lessons.get(id).into_iter().flatten() {
            *free.entry(spot_of_lesson(lesson)).or_default() += 1;
        }
        for pin in &request.pinned {
            match free.get_mut(&spot_of_pin(pin)).filter(|free| **free > 0) {
                Some(free) => *free -= 1,
                None => {
                    let (request, room) = (request.id.clone(), pin.room.clone());
                    found.push(Violation::PinnedMoved {
                        request,
                        start: pin.start,
                        room,
                    });
                }
            }
        }
    }
    found
}

/// Start, room and instructors: all that a pin fixes.
type Spot<'c> = (i64, &'c RoomId, BTreeSet<&'c InstructorId>);

fn spot_of_lesson<'c>(lesson: &'c Lesson) -> Spot<'c> {
    (
        lesson.assignment.start,
        &lesson.assignment.room,
        lesson.assignment.instructors.iter().collect(),
    )
}

fn spot_of_pin(pin: &Placed) -> Spot<'_> {
    (pin.start, &pin.room, pin.instructors.iter().collect())
}

/// A request for all lessons or none has all of them or none.
pub fn not_all_lessons(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (request, lessons) in court.by(|lesson| [&lesson.assignment.request]) {
        let asked = lessons[0].asked.request;
        let numbers: BTreeSet<i64> = lessons.iter().map(|lesson| lesson.assignment.lesson).collect();
        let placed = numbers
            .iter()
            .filter(|number| (1..=asked.lessons).contains(*number))
            .count() as i64;
        if asked.all_or_nothing && placed < asked.lessons {
            found.push(Violation::NotAllLessons {
                request: request.clone(),
                lessons: placed,
                asked: asked.lessons,
            });
        }
    }
    found
}
