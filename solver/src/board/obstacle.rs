//! What stands in the way of a placement, by the rule and by the lessons that hold the thing.

use super::Board;
use crate::placement::available;

/// Lessons are handles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    Room {
        room: usize,
        held_by: Vec<usize>,
    },
    Cohort {
        cohort: usize,
        held_by: Vec<usize>,
    },
    Equipment {
        equipment: usize,
        needed: i64,
        free: i64,
        held_by: Vec<usize>,
    },
    Instructors {
        held_by: Vec<usize>,
    },
    Days,
    Quota,
    Lessons,
}

impl Obstacle {
    /// Handles of the lessons that hold the thing; a request's own limits are held by nobody.
    pub fn held_by(&self) -> &[usize] {
        match self {
            Self::Room { held_by, .. }
            | Self::Cohort { held_by, .. }
            | Self::Equipment { held_by, .. }
            | Self::Instructors { held_by } => held_by,
            Self::Days | Self::Quota | Self::Lessons => &[],
        }
    }
}

impl Board<'_> {
    /// Everything that stands in the way, the request's own limits first. Empty means that it fits.
    pub fn obstacles(&self, request: usize, start: i64, room: usize) -> Vec<Obstacle> {
        let mut found: Vec<Obstacle> = self.limit_reached(request, start).into_iter().collect();
        for cohort in &self.world.requests[request].cohorts {
            let held_by: Vec<usize> = self.cohort_holders(request, start, *cohort).collect();
            if !held_by.is_empty() {
                found.push(Obstacle::Cohort {
                    cohort: *cohort,
                    held_by,
                });
            }
        }
        let held_by: Vec<usize> = self.room_holders(request, start, room).collect();
        if !held_by.is_empty() {
            found.push(Obstacle::Room { room, held_by });
        }
        found.extend(self.shortages(request, start));
        if self.free_team(request, start, room).is_none() {
            found.push(Obstacle::Instructors {
                held_by: self.team_holders(request, start, room),
            });
        }
        found
    }

    /// The lessons that keep qualified people from teaching this one: those that they hold then, those too near in time
    /// and too far away, and those that fill their day or their week.
    fn team_holders(&self, request: usize, start: i64, room: usize) -> Vec<usize> {
        let span = self.world.span(request, start);
        let mut held_by: Vec<usize> = Vec::new();
        for person in available(self.world, request, start) {
            held_by.extend(self.teacher_holders(person, span, room));
            for day in self.filled_days(person, span) {
                held_by.extend(self.held_on(person, day).map(|(_, handle)| handle));
            }
            if self.fills_week(person, span) {
                held_by.extend(self.instructors[person].iter().map(|(_, handle)| handle));
            }
        }
        held_by.sort_unstable();
        held_by.dedup();
        held_by
    }
}
