//! The board: lessons placed so far, and what still fits. The greedy baseline, the naming of people and the
//! explanations ask it; the integer model does not, and the referee shares nothing with it.
//!
//! Travel is held between every two lessons of an instructor, which is the same as between neighbours whenever the
//! travel times obey the triangle inequality, and stricter otherwise.

mod obstacle;

use crate::held::Held;
use crate::placement::{Place, available, minutes_on};
use crate::world::{Lesson, World};
use domain::time::Span;

pub use obstacle::Obstacle;

pub struct Board<'w> {
    pub world: &'w World,
    /// By handle; a removed lesson leaves a hole, and the last hole is filled first, so that undoing steps in reverse
    /// brings every handle back.
    pub lessons: Vec<Option<Lesson>>,
    holes: Vec<usize>,
    rooms: Vec<Held>,
    instructors: Vec<Held>,
    cohorts: Vec<Held>,
    equipment: Vec<Held>,
    /// Minutes from each site to the farthest.
    reach: Vec<i64>,
    pub of_request: Vec<Vec<usize>>,
    pub granted: Vec<i64>,
}

impl<'w> Board<'w> {
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            lessons: Vec::new(),
            holes: Vec::new(),
            rooms: vec![Held::default(); world.rooms.len()],
            instructors: vec![Held::default(); world.instance.instructors.len()],
            cohorts: vec![Held::default(); world.cohorts.len()],
            equipment: vec![Held::default(); world.equipment.len()],
            reach: world
                .travel
                .iter()
                .map(|to| to.iter().copied().max().unwrap_or(0))
                .collect(),
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
        self.rooms[lesson.room].take(hold, handle);
        let people = lesson.instructors.iter();
        people.for_each(|n| self.instructors[*n].take(span, handle));
        facts.cohorts.iter().for_each(|n| self.cohorts[*n].take(span, handle));
        let machines = facts.equipment.iter();
        machines.for_each(|(n, _)| self.equipment[*n].take(span, handle));
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
        self.rooms[lesson.room].give_back(handle);
        let people = lesson.instructors.iter();
        people.for_each(|n| self.instructors[*n].give_back(handle));
        facts.cohorts.iter().for_each(|n| self.cohorts[*n].give_back(handle));
        let machines = facts.equipment.iter();
        machines.for_each(|(n, _)| self.equipment[*n].give_back(handle));
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
        let lesson = self.taught_at(request, start, room)?;
        Some(self.place(lesson))
    }

    /// Puts a lesson at the first of these places, ascending by start, that everything allows.
    pub fn try_places(&mut self, request: usize, places: &[Place]) -> Option<usize> {
        let mut at = None;
        let free = |place: &Place| {
            let (start, allowed) = match at {
                Some((start, allowed)) if start == place.start => (start, allowed),
                _ => (place.start, self.has_time(request, place.start)),
            };
            at = Some((start, allowed));
            let is_free = allowed && self.is_room_free(request, start, place.room);
            is_free.then(|| self.taught_at(request, start, place.room)).flatten()
        };
        let lesson = places.iter().find_map(free)?;
        Some(self.place(lesson))
    }

    /// A lesson there with the instructors who are free for it, if there are enough.
    fn taught_at(&self, request: usize, start: i64, room: usize) -> Option<Lesson> {
        let instructors = self.free_team(request, start, room)?;
        Some(Lesson {
            request,
            start,
            room,
            instructors,
            pinned: false,
        })
    }

    /// Whether everything but the instructors allows a placement.
    pub fn has_room(&self, request: usize, start: i64, room: usize) -> bool {
        self.is_room_free(request, start, room) && self.has_time(request, start)
    }

    fn is_room_free(&self, request: usize, start: i64, room: usize) -> bool {
        let hold = self.world.room_hold(request, start, room);
        let mut related = self.world.rooms[room].related.iter();
        related.all(|n| self.rooms[*n].is_free(hold))
    }

    /// Whether all that does not depend on the room allows a lesson then, but for the instructors.
    fn has_time(&self, request: usize, start: i64) -> bool {
        let span = self.world.span(request, start);
        let mut cohorts = self.world.requests[request].cohorts.iter();
        self.limit_reached(request, start).is_none()
            && cohorts.all(|n| self.cohorts[*n].is_free(span))
            && self.equipment_shortage(request, start).is_none()
    }

    pub fn fits(&self, request: usize, start: i64, room: usize) -> bool {
        self.has_room(request, start, room) && self.free_team(request, start, room).is_some()
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
        related.flat_map(move |n| self.rooms[*n].meeting(hold))
    }

    pub fn cohort_holders(&self, request: usize, start: i64, cohort: usize) -> impl Iterator<Item = usize> + '_ {
        self.cohorts[cohort].meeting(self.world.span(request, start))
    }

    pub fn equipment_shortage(&self, request: usize, start: i64) -> Option<Obstacle> {
        self.shortages(request, start).next()
    }

    fn shortages(&self, request: usize, start: i64) -> impl Iterator<Item = Obstacle> + '_ {
        let span = self.world.span(request, start);
        let short = move |(equipment, needed): &(usize, i64)| {
            let free = self.units_free(*equipment, span);
            (free < *needed).then(|| Obstacle::Equipment {
                equipment: *equipment,
                needed: *needed,
                free,
                held_by: self.equipment[*equipment].meeting(span).collect(),
            })
        };
        self.world.requests[request].equipment.iter().filter_map(short)
    }

    /// Units free at the worst minute of a span.
    pub fn units_free(&self, equipment: usize, span: Span) -> i64 {
        let kind = &self.world.instance.equipment[equipment];
        let held = &self.equipment[equipment];
        if kind.blackouts.is_empty() && held.is_surely_free(span) {
            return kind.units;
        }
        let units = |handle: usize| {
            let request = self.lessons[handle].as_ref().expect("held by a placed lesson").request;
            let needs = &self.world.requests[request].equipment;
            needs
                .iter()
                .find(|(n, _)| *n == equipment)
                .map_or(0, |(_, units)| *units)
        };
        let out = kind.blackouts.iter().map(|out| (out.span, out.units));
        let met = out.chain(held.iter().map(|(span, handle)| (span, units(handle))));
        let met: Vec<(Span, i64)> = met.filter(|(held, _)| held.overlaps(span)).collect();
        // Most are taken at a moment when one of them begins.
        let at = |minute: i64| {
            let then = met
                .iter()
                .filter(|(held, _)| held.from <= minute && minute < held.until);
            then.map(|(_, units)| *units).sum::<i64>()
        };
        kind.units
            - met
                .iter()
                .map(|(held, _)| at(held.from.max(span.from)))
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
                self.instructors[*n].count(),
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
        self.is_near_nobody(instructor, span, room) && self.within_limits(instructor, span)
    }

    fn is_near_nobody(&self, instructor: usize, span: Span, room: usize) -> bool {
        let reach = self.reach[self.world.rooms[room].site];
        self.instructors[instructor].is_surely_free(Span::new(span.from - reach, span.until + reach))
            || self.teacher_holders(instructor, span, room).next().is_none()
    }

    /// Lessons that keep an instructor from teaching in a room then, the way between two sites included.
    pub fn teacher_holders(&self, instructor: usize, span: Span, room: usize) -> impl Iterator<Item = usize> + '_ {
        let site = self.world.rooms[room].site;
        let near = move |(held, handle): &(Span, usize)| {
            let other = self.lessons[*handle].as_ref().expect("held by a placed lesson").room;
            let travel = self.world.travel[site][self.world.rooms[other].site];
            held.from < span.until + travel && span.from < held.until + travel
        };
        self.instructors[instructor]
            .iter()
            .filter(near)
            .map(|(_, handle)| handle)
    }

    /// When somebody teaches.
    pub fn taught(&self, instructor: usize) -> impl Iterator<Item = Span> + '_ {
        self.instructors[instructor].iter().map(|(span, _)| span)
    }

    fn within_limits(&self, instructor: usize, span: Span) -> bool {
        !self.fills_week(instructor, span) && self.filled_days(instructor, span).next().is_none()
    }

    /// Whether a lesson would be too much for an instructor's week.
    fn fills_week(&self, instructor: usize, span: Span) -> bool {
        let taught = || self.taught(instructor).map(Span::minutes).sum::<i64>();
        let week_max = self.world.instance.instructors[instructor].week_max;
        week_max.is_some_and(|most| taught() + span.minutes() > most)
    }

    /// Days for which a lesson would be too much.
    fn filled_days(&self, instructor: usize, span: Span) -> impl Iterator<Item = i64> + '_ {
        let day_max = self.world.instance.instructors[instructor].day_max;
        let taught = move |day: i64| self.held_on(instructor, day).map(|(minutes, _)| minutes).sum::<i64>();
        let days = day_max.map(|_| World::day(span.from)..=World::day(span.until - 1));
        let full = move |day: &i64| day_max.is_some_and(|most| taught(*day) + minutes_on(*day, span) > most);
        days.into_iter().flatten().filter(full)
    }

    /// Minutes of an instructor's lessons that lie on a day, and the lessons.
    fn held_on(&self, instructor: usize, day: i64) -> impl Iterator<Item = (i64, usize)> + '_ {
        let on = move |(held, handle): (Span, usize)| (minutes_on(day, held), handle);
        self.instructors[instructor]
            .iter()
            .map(on)
            .filter(|(minutes, _)| 0 < *minutes)
    }
}
