//! Which changes of a request are looked at, and what each makes of it.
//!
//! A change lifts one demand as far as it goes; what is really needed of it is found on the board.

use crate::world::World;
use domain::instance::{Request, Window};
use domain::time::Span;

/// Lengths of shorter lessons that are tried for one request.
const LENGTHS_MAX: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Not all or none.
    Fewer,
    Room,
    Window,
    Shorter {
        minutes: i64,
    },
    TwoLessons {
        minutes: i64,
    },
    Units {
        equipment: usize,
    },
    Group,
    TwoGroups {
        headcount: i64,
    },
    NoInstructor,
}

impl Change {
    pub fn is_shorter(self) -> bool {
        matches!(self, Self::Shorter { .. })
    }

    /// Whether the missing lessons become a request of their own, and what is placed stays as it was asked for.
    pub fn is_apart(self) -> bool {
        matches!(
            self,
            Self::TwoLessons { .. } | Self::TwoGroups { .. } | Self::NoInstructor
        )
    }
}

/// The changes that could make a difference, in the order in which they are offered. Shorter lessons stand next to each
/// other, the longest first. Of a request for all lessons or none, only those that name one figure for all of them.
pub fn changes(world: &World, request: usize) -> Vec<Change> {
    let asked = world.request(request);
    let whole = asked.all_or_nothing && 1 < asked.lessons;
    let rooms = &world.instance.rooms;
    let mut list = Vec::new();
    if whole {
        list.push(Change::Fewer);
    } else {
        list.extend(asked.rooms.any_of.is_some().then_some(Change::Room));
        list.push(Change::Window);
    }
    let lengths = shorter(world, asked.minutes);
    list.extend(lengths.iter().map(|minutes| Change::Shorter { minutes: *minutes }));
    if !whole {
        list.extend(half(&lengths, asked.minutes).map(|minutes| Change::TwoLessons { minutes }));
    }
    let kinds = world.requests[request].equipment.iter();
    let several = kinds.filter(|(_, units)| 1 < *units);
    list.extend(several.map(|(equipment, _)| Change::Units { equipment: *equipment }));
    let half_group = (asked.headcount + 1) / 2;
    if rooms.iter().any(|room| room.seats < asked.headcount) {
        list.push(Change::Group);
        let holds_half = rooms
            .iter()
            .any(|room| half_group <= room.seats && room.seats < asked.headcount);
        if !whole && 1 < asked.headcount && holds_half {
            list.push(Change::TwoGroups { headcount: half_group });
        }
    }
    list.extend((0 < asked.instructors.count).then_some(Change::NoInstructor));
    list
}

/// Shorter lengths on the time grid, the longest first: multiples of the step, and those that other requests ask for. By
/// a period table, only the latter, since a lesson ends with a period. Of too many, those of a coarser grid.
fn shorter(world: &World, asked: i64) -> Vec<i64> {
    let calendar = &world.instance.calendar;
    let step = calendar.start_step.max(1);
    let grid = match calendar.starts {
        Some(_) => 0,
        None => (asked - 1) / step,
    };
    let apart = (grid as usize).div_ceil(LENGTHS_MAX).max(1);
    let mut lengths: Vec<i64> = (1..=grid).rev().step_by(apart).map(|n| n * step).collect();
    lengths.extend(world.instance.requests.iter().map(|request| request.minutes));
    lengths.retain(|minutes| *minutes < asked);
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    lengths.dedup();
    lengths.truncate(2 * LENGTHS_MAX);
    lengths
}

/// The length of which two make up a lesson best, the longer one if two do so alike; none if they make up less than three
/// quarters of it.
fn half(lengths: &[i64], asked: i64) -> Option<i64> {
    let best = lengths
        .iter()
        .copied()
        .min_by_key(|minutes| (2 * minutes - asked).abs());
    best.filter(|minutes| 3 * asked <= 8 * minutes)
}

/// The request with one demand lifted as far as it goes.
pub fn widest(world: &World, request: usize, change: Change) -> Request {
    let mut varied = world.request(request).clone();
    varied.pinned.clear();
    varied.previous.clear();
    match change {
        Change::Fewer => varied.all_or_nothing = false,
        Change::Room => varied.rooms.any_of = None,
        Change::Window => {
            varied.windows = vec![Window {
                span: Span::new(0, world.instance.calendar.until),
                preference: 0,
            }];
        }
        Change::Shorter { minutes } => varied.minutes = minutes,
        Change::Units { equipment } => {
            let id = &world.instance.equipment[equipment].id;
            let needs = varied.equipment.iter_mut();
            needs.filter(|need| need.id == *id).for_each(|need| need.units = 1);
        }
        Change::Group => varied.headcount = 0,
        Change::NoInstructor => varied.instructors = Default::default(),
        // One lesson more than was asked, since two stand in for one.
        Change::TwoLessons { minutes } => (varied.minutes, varied.lessons) = (minutes, varied.lessons + 1),
        Change::TwoGroups { headcount } => (varied.headcount, varied.lessons) = (headcount, varied.lessons + 1),
    }
    if change.is_apart() {
        varied.all_or_nothing = false;
    }
    varied
}
