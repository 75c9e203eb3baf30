//! The rules of a lesson's instructors: who may teach it, and what one person can do in a week.
//!
//! An instructor whom nobody knows is reported once, by `unknown_instructor`; no other rule speaks of them.

use super::court::{Court, Lesson, Teacher, overlaps, saturated, successions};
use crate::instance::day_of;
use crate::time::{MINUTES_PER_DAY, Span};
use crate::violation::Violation;
use std::collections::BTreeMap;

/// A lesson is taught by people of the pool.
pub fn unknown_instructor(court: &Court) -> Vec<Violation> {
    let taught = court
        .lessons
        .iter()
        .flat_map(|lesson| lesson.instructors.iter().map(move |id| (lesson, *id)));
    let unknown = taught.filter(|(_, id)| !court.world.instructors.contains_key(id));
    unknown
        .map(|(lesson, id)| Violation::UnknownInstructor {
            at: lesson.at(),
            instructor: id.clone(),
        })
        .collect()
}

/// A lesson has exactly as many instructors as the request needs, each a different person.
pub fn instructor_count(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for lesson in &court.lessons {
        let needed = lesson.asked.request.instructors.count;
        let written = lesson.assignment.instructors.len() as i64;
        let count = if written == needed {
            lesson.instructors.len() as i64
        } else {
            written
        };
        if count != needed {
            found.push(Violation::InstructorCount {
                at: lesson.at(),
                count,
                needed,
            });
        }
    }
    found
}

/// A lesson is taught by those whom the request names, if it names any.
pub fn instructor_not_asked(court: &Court) -> Vec<Violation> {
    let asked_for = |lesson: &Lesson, teacher: &Teacher| {
        lesson
            .asked
            .instructors
            .as_ref()
            .is_none_or(|any_of| any_of.contains(&teacher.instructor.id))
    };
    let others = taught(court).filter(|(lesson, teacher)| !asked_for(lesson, teacher));
    others
        .map(|(lesson, teacher)| Violation::InstructorNotAsked {
            at: lesson.at(),
            instructor: teacher.instructor.id.clone(),
        })
        .collect()
}

/// Each instructor of a lesson has each needed skill at its level or above; a skill that is not listed is at level 0.
pub fn skill_short(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (lesson, teacher) in taught(court) {
        for (skill, &needed) in &lesson.asked.request.instructors.skills {
            let level = teacher.instructor.skills.get(skill).copied().unwrap_or(0);
            if level < needed {
                let (at, instructor) = (lesson.at(), teacher.instructor.id.clone());
                found.push(Violation::SkillShort {
                    at,
                    instructor,
                    skill: skill.clone(),
                    level,
                    needed,
                });
            }
        }
    }
    found
}

/// An instructor teaches for the organizations that the agreement serves.
pub fn instructor_not_serving(court: &Court) -> Vec<Violation> {
    let serves = |lesson: &Lesson, teacher: &Teacher| {
        teacher
            .serves
            .as_ref()
            .is_none_or(|served| served.contains(&lesson.asked.request.organization))
    };
    let beyond = taught(court).filter(|(lesson, teacher)| !serves(lesson, teacher));
    beyond
        .map(|(lesson, teacher)| Violation::InstructorNotServing {
            at: lesson.at(),
            instructor: teacher.instructor.id.clone(),
        })
        .collect()
}

/// An instructor is available throughout a lesson; spans that touch join.
pub fn instructor_unavailable(court: &Court) -> Vec<Violation> {
    let absent = taught(court).filter(|(lesson, teacher)| !teacher.available.hold(lesson.span));
    absent
        .map(|(lesson, teacher)| Violation::InstructorUnavailable {
            at: lesson.at(),
            instructor: teacher.instructor.id.clone(),
            span: lesson.span,
        })
        .collect()
}

/// An instructor teaches one lesson at a time.
pub fn instructor_clash(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.instructors.iter().copied()) {
        if !court.world.instructors.contains_key(id) {
            continue;
        }
        for (earlier, later) in overlaps(&lessons) {
            let (at, other) = (earlier.at(), later.at());
            found.push(Violation::InstructorClash {
                at,
                other,
                instructor: id.clone(),
            });
        }
    }
    found
}

/// Between two lessons in a row at different sites there is time to travel, overnight too.
pub fn travel_too_short(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.instructors.iter().copied()) {
        if !court.world.instructors.contains_key(id) {
            continue;
        }
        let apart = successions(&lessons)
            .into_iter()
            .filter(|(earlier, later)| !earlier.span.overlaps(later.span));
        for (earlier, later) in apart {
            let (Some(from), Some(to)) = (earlier.place, later.place) else {
                continue;
            };
            let needed = court.world.travel(&from.room.site, &to.room.site);
            let minutes = later.span.from.saturating_sub(earlier.span.until);
            if minutes < needed {
                let (at, other) = (earlier.at(), later.at());
                found.push(Violation::TravelTooShort {
                    at,
                    other,
                    instructor: id.clone(),
                    minutes,
                    needed,
                });
            }
        }
    }
    found
}

/// The minutes that an instructor teaches within one day are at most `day_max`; a lesson over midnight counts in both.
pub fn instructor_day_max(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.instructors.iter().copied()) {
        let limit = court
            .world
            .instructors
            .get(id)
            .and_then(|teacher| teacher.instructor.day_max);
        let Some(day_max) = limit else { continue };
        let mut taught: BTreeMap<i64, i128> = BTreeMap::new();
        for (day, minutes) in lessons.iter().flat_map(|lesson| by_day(lesson.span)) {
            *taught.entry(day).or_default() += i128::from(minutes);
        }
        for (day, minutes) in taught.into_iter().filter(|(_, minutes)| i128::from(day_max) < *minutes) {
            let (instructor, minutes) = (id.clone(), saturated(minutes));
            found.push(Violation::InstructorDayMax {
                instructor,
                day,
                minutes,
                day_max,
            });
        }
    }
    found
}

/// Minutes of a span by day. A span of more than a week, which no lesson is, is counted for its first eight days.
fn by_day(span: Span) -> Vec<(i64, i64)> {
    let until = span.until.min(span.from.saturating_add(8 * MINUTES_PER_DAY));
    if until <= span.from {
        return Vec::new();
    }
    let midnight = |day: i64| day.saturating_mul(MINUTES_PER_DAY);
    let within = |day: i64| until.min(midnight(day + 1)) - span.from.max(midnight(day));
    (day_of(span.from)..=day_of(until - 1))
        .map(|day| (day, within(day)))
        .collect()
}

/// The minutes that an instructor teaches in the week are at most `week_max`.
pub fn instructor_week_max(court: &Court) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, lessons) in court.by(|lesson| lesson.instructors.iter().copied()) {
        let limit = court
            .world
            .instructors
            .get(id)
            .and_then(|teacher| teacher.instructor.week_max);
        let Some(week_max) = limit else { continue };
        let minutes: i128 = lessons
            .iter()
            .map(|lesson| i128::from(lesson.span.until) - i128::from(lesson.span.from))
            .sum();
        if i128::from(week_max) < minutes {
            let (instructor, minutes) = (id.clone(), saturated(minutes));
            found.push(Violation::InstructorWeekMax {
                instructor,
                minutes,
                week_max,
            });
        }
    }
    found
}

/// The lessons together with each of their instructors who is known.
fn taught<'c>(court: &'c Court) -> impl Iterator<Item = (&'c Lesson<'c>, &'c Teacher<'c>)> {
    let teachers = |lesson: &'c Lesson<'c>| {
        lesson
            .instructors
            .iter()
            .filter_map(|id| court.world.instructors.get(id))
    };
    court
        .lessons
        .iter()
        .flat_map(move |lesson| teachers(lesson).map(move |teacher| (lesson, teacher)))
}
