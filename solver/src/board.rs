//! The board: lessons placed so far, and what still fits. The greedy baseline, the naming of people and the
//! explanations ask it; the integer model does not, and the referee shares nothing with it.
//!
//! Travel is held between every two lessons of an instructor, which is the same as between neighbours whenever the
//! travel times obey the triangle inequality, and stricter otherwise.

use crate::placement::{available, minutes_on};
use crate::world::{Lesson, World};
use domain::time::Span;
use std::collections::BTreeMap;

pub struct Board<'w> {
    pub world: &'w World,
    /// By handle; a removed lesson leaves a hole, and the last hole is filled first, so that undoing steps in reverse
    /// brings every handle back.
    pub lessons: Vec<Option<Lesson>>,
    holes: Vec<usize>,
    rooms: Vec<Vec<(Span, usize)>>,
    instructors: Vec<Vec<(Span, usize)>>,
    cohorts: Vec<Vec<(Span, usize)>>,
    equipment: Vec<Vec<(Span, usize)>>,
    pub of_request: Vec<Vec<usize>>,
    pub granted: Vec<i64>,
}

/// What stands in the way of a placement, by the rule and by the lessons (handles) that hold the thing.
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

impl<'w> Board<'w> {
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            lessons: Vec::new(),
            holes: Vec::new(),
            rooms: vec![Vec::new(); world.rooms.len()],
            instructors: vec![Vec::new(); world.instance.instructors.len()],
            cohorts: vec![Vec::new(); world.cohorts.len()],
            equipment: vec![Vec::new(); world.equipment.len()],
            of_request: vec![Vec::new(); world.requests.len()],
            granted: vec![0; world.instance.organizations.len()],
        }
    }

    /// With the pinned lessons, which come before everything.
    pub fn with_pins(world: &'w World) -> Self {
        let mut board = Self::new(world);
        world.requests.iter().flat_map(|facts| &facts.pinned).for_each(|pin| {
            board.place(pin.clone());
        });
        board
    }

    pub fn with(world: &'w World, lessons: &[Lesson]) -> Self {
        let mut board = Self::new(world);
        lessons.iter().for_each(|lesson| {
            board.place(lesson.clone());
        });
        board
    }

    /// Takes the lesson as it is, without asking whether it fits.
    pub fn place(&mut self, lesson: Lesson) -> usize {
        let handle = self.holes.pop().unwrap_or(self.lessons.len());
        let facts = &self.world.requests[lesson.request];
        let span = self.world.span(lesson.request, lesson.start);
        let hold = self.world.room_hold(lesson.request, lesson.start, lesson.room);
        self.rooms[lesson.room].push((hold, handle));
        lesson
            .instructors
            .iter()
            .for_each(|n| self.instructors[*n].push((span, handle)));
        facts.cohorts.iter().for_each(|n| self.cohorts[*n].push((span, handle)));
        facts
            .equipment
            .iter()
            .for_each(|(n, _)| self.equipment[*n].push((span, handle)));
        self.of_request[lesson.request].push(handle);
        self.granted[facts.organization] += self.world.minutes(lesson.request);
        if handle == self.lessons.len() {
            self.lessons.push(None);
        }
        self.lessons[handle] = Some(lesson);
        handle
    }

    pub fn remove(&mut self, handle: usize) -> Lesson {
        let lesson = self.lessons[handle].take().expect("a placed lesson is removed once");
        let facts = &self.world.requests[lesson.request];
        let gone = |list: &mut Vec<(Span, usize)>| list.retain(|(_, held)| *held != handle);
        gone(&mut self.rooms[lesson.room]);
        lesson.instructors.iter().for_each(|n| gone(&mut self.instructors[*n]));
        facts.cohorts.iter().for_each(|n| gone(&mut self.cohorts[*n]));
        facts.equipment.iter().for_each(|(n, _)| gone(&mut self.equipment[*n]));
        self.of_request[lesson.request].retain(|held| *held != handle);
        self.granted[facts.organization] -= self.world.minutes(lesson.request);
        self.holes.push(handle);
        lesson
    }

    /// The lessons that stand, sorted.
    pub fn placed(&self) -> Vec<Lesson> {
        let mut lessons: Vec<Lesson> = self.lessons.iter().flatten().cloned().collect();
        lessons.sort();
        lessons
    }

    /// Puts a lesson there if everything allows it. The placement itself must have passed the filter.
    pub fn try_place(&mut self, request: usize, start: i64, room: usize) -> Option<usize> {
        if !self.has_room(request, start, room) {
            return None;
        }
        let instructors = self.free_team(request, start, room)?;
        Some(self.place(Lesson {
            request,
            start,
            room,
            instructors,
            pinned: false,
        }))
    }

    /// Whether everything but the instructors allows a placement.
    pub fn has_room(&self, request: usize, start: i64, room: usize) -> bool {
        self.limit_reached(request, start).is_none()
            && self.room_holders(request, start, room).next().is_none()
            && self.world.requests[request]
                .cohorts
                .iter()
                .all(|n| self.cohort_holders(request, start, *n).next().is_none())
            && self.equipment_shortage(request, start).is_none()
    }

    pub fn fits(&self, request: usize, start: i64, room: usize) -> bool {
        self.has_room(request, start, room) && self.free_team(request, start, room).is_some()
    }

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

    /// The request's number of lessons, its days and its organization's cap.
    pub fn limit_reached(&self, request: usize, start: i64) -> Option<Obstacle> {
        let asked = self.world.request(request);
        let organization = self.world.requests[request].organization;
        let own = &self.of_request[request];
        if own.len() as i64 >= asked.lessons {
            return Some(Obstacle::Lessons);
        }
        let quota = self.world.instance.organizations[organization].quota;
        if quota.is_some_and(|quota| self.granted[organization] + asked.minutes > quota) {
            return Some(Obstacle::Quota);
        }
        let day = World::day(start);
        let days = own
            .iter()
            .flat_map(|handle| &self.lessons[*handle])
            .map(|lesson| World::day(lesson.start));
        let same = days.clone().filter(|other| *other == day).count() as i64;
        let near = days
            .map(|other| (other - day).abs())
            .any(|apart| 0 < apart && apart <= asked.days_between_min);
        (near || asked.per_day_max.is_some_and(|most| same >= most)).then_some(Obstacle::Days)
    }

    pub fn room_holders(&self, request: usize, start: i64, room: usize) -> impl Iterator<Item = usize> + '_ {
        let hold = self.world.room_hold(request, start, room);
        let related = self.world.rooms[room].related.iter();
        related.flat_map(move |n| {
            self.rooms[*n]
                .iter()
                .filter(move |(held, _)| held.overlaps(hold))
                .map(|(_, handle)| *handle)
        })
    }

    pub fn cohort_holders(&self, request: usize, start: i64, cohort: usize) -> impl Iterator<Item = usize> + '_ {
        let span = self.world.span(request, start);
        self.cohorts[cohort]
            .iter()
            .filter(move |(held, _)| held.overlaps(span))
            .map(|(_, handle)| *handle)
    }

    pub fn equipment_shortage(&self, request: usize, start: i64) -> Option<Obstacle> {
        self.shortages(request, start).next()
    }

    fn shortages(&self, request: usize, start: i64) -> impl Iterator<Item = Obstacle> + '_ {
        let span = self.world.span(request, start);
        let short = move |(equipment, needed): &(usize, i64)| {
            let free = self.units_free(*equipment, span);
            let met = self.equipment[*equipment]
                .iter()
                .filter(|(held, _)| held.overlaps(span));
            let held_by = met.map(|(_, handle)| *handle).collect();
            (free < *needed).then_some(Obstacle::Equipment {
                equipment: *equipment,
                needed: *needed,
                free,
                held_by,
            })
        };
        self.world.requests[request].equipment.iter().filter_map(short)
    }

    /// Units free at the worst minute of a span.
    pub fn units_free(&self, equipment: usize, span: Span) -> i64 {
        let mut changes: BTreeMap<i64, i64> = BTreeMap::new();
        let mut hold = |held: Span, units: i64| {
            if held.overlaps(span) {
                *changes.entry(held.from.max(span.from)).or_insert(0) += units;
                *changes.entry(held.until).or_insert(0) -= units;
            }
        };
        let kind = &self.world.instance.equipment[equipment];
        kind.blackouts.iter().for_each(|out| hold(out.span, out.units));
        for (held, handle) in &self.equipment[equipment] {
            let request = self.lessons[*handle].as_ref().expect("held by a placed lesson").request;
            let needs = &self.world.requests[request].equipment;
            hold(
                *held,
                needs
                    .iter()
                    .find(|(n, _)| *n == equipment)
                    .map_or(0, |(_, units)| *units),
            );
        }
        let mut used = 0;
        let inside = changes.range(span.from..span.until);
        kind.units
            - inside
                .map(|(_, change)| {
                    used += change;
                    used
                })
                .max()
                .unwrap_or(0)
    }

    /// Instructors for a lesson: the preferred, then the least sought, then the least used; `None` if too few are free.
    pub fn free_team(&self, request: usize, start: i64, room: usize) -> Option<Vec<usize>> {
        let count = self.world.requests[request].instructor_count;
        if count == 0 {
            return Some(Vec::new());
        }
        let mut free: Vec<usize> = available(self.world, request, start)
            .filter(|n| self.can_teach(*n, request, start, room))
            .collect();
        free.sort_by_key(|n| {
            let sought = self.world.instance.instructors[*n].skills.len();
            (
                -self.world.teacher_preference(request, *n),
                sought,
                self.instructors[*n].len(),
                *n,
            )
        });
        free.truncate(count);
        free.sort_unstable();
        (free.len() == count).then_some(free)
    }

    /// Free at that time, within the limits, and able to travel. Qualification and availability are the caller's.
    pub fn can_teach(&self, instructor: usize, request: usize, start: i64, room: usize) -> bool {
        let span = self.world.span(request, start);
        self.teacher_holders(instructor, span, room).next().is_none() && self.within_limits(instructor, span)
    }

    /// Lessons that keep an instructor from teaching in a room then, the way between two sites included.
    pub fn teacher_holders(&self, instructor: usize, span: Span, room: usize) -> impl Iterator<Item = usize> + '_ {
        let site = self.world.rooms[room].site;
        let near = move |(held, handle): &&(Span, usize)| {
            let other = self.lessons[*handle].as_ref().expect("held by a placed lesson").room;
            let travel = self.world.travel[site][self.world.rooms[other].site];
            held.from < span.until + travel && span.from < held.until + travel
        };
        self.instructors[instructor]
            .iter()
            .filter(near)
            .map(|(_, handle)| *handle)
    }

    /// When somebody teaches.
    pub fn taught(&self, instructor: usize) -> impl Iterator<Item = Span> + '_ {
        self.instructors[instructor].iter().map(|(span, _)| *span)
    }

    fn within_limits(&self, instructor: usize, span: Span) -> bool {
        !self.fills_week(instructor, span) && self.filled_days(instructor, span).next().is_none()
    }

    /// Whether a lesson would be too much for an instructor's week.
    fn fills_week(&self, instructor: usize, span: Span) -> bool {
        let taught = self.instructors[instructor].iter();
        let taught: i64 = taught.map(|(held, _)| held.minutes()).sum();
        let week_max = self.world.instance.instructors[instructor].week_max;
        week_max.is_some_and(|most| taught + span.minutes() > most)
    }

    /// Days for which a lesson would be too much.
    fn filled_days(&self, instructor: usize, span: Span) -> impl Iterator<Item = i64> + '_ {
        let day_max = self.world.instance.instructors[instructor].day_max;
        let days = World::day(span.from)..=World::day(span.until - 1);
        let taught = move |day: i64| self.held_on(instructor, day).map(|(minutes, _)| minutes).sum::<i64>();
        let full = move |day: &i64| day_max.is_some_and(|most| taught(*day) + minutes_on(*day, span) > most);
        days.filter(full)
    }

    /// Minutes of an instructor's lessons that lie on a day, and the lessons.
    fn held_on(&self, instructor: usize, day: i64) -> impl Iterator<Item = (i64, usize)> + '_ {
        let on = move |(held, handle): &(Span, usize)| (minutes_on(day, *held), *handle);
        self.instructors[instructor]
            .iter()
            .map(on)
            .filter(|(minutes, _)| 0 < *minutes)
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
                held_by.extend(self.instructors[person].iter().map(|(_, handle)| *handle));
            }
        }
        held_by.sort_unstable();
        held_by.dedup();
        held_by
    }
}
