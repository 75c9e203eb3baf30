//! What the referee needs to hear of a plan to judge one more lesson of it.
//!
//! No rule of the contract binds a lesson to anything but those that share its room, its people, its cohorts, its
//! equipment, its request or its organization's cap. So a week of just these requests is judged like the whole week,
//! in time that does not grow with the week.

use crate::plan::assignments;
use crate::world::{Lesson, World};
use domain::instance::{Instance, Request};
use domain::timetable::conflicts;
use std::collections::BTreeSet;

pub struct Hearing<'w> {
    world: &'w World,
    of_request: Vec<Vec<Lesson>>,
    /// Requests by the room, person, cohort, equipment and organization that they hold something of.
    rooms: Vec<BTreeSet<usize>>,
    people: Vec<BTreeSet<usize>>,
    cohorts: Vec<BTreeSet<usize>>,
    equipment: Vec<BTreeSet<usize>>,
    organizations: Vec<BTreeSet<usize>>,
}

impl<'w> Hearing<'w> {
    pub fn of(world: &'w World, lessons: &[Lesson]) -> Self {
        let none = |count: usize| vec![BTreeSet::new(); count];
        let mut hearing = Self {
            world,
            of_request: vec![Vec::new(); world.requests.len()],
            rooms: none(world.rooms.len()),
            people: none(world.instance.instructors.len()),
            cohorts: none(world.cohorts.len()),
            equipment: none(world.equipment.len()),
            organizations: none(world.instance.organizations.len()),
        };
        for lesson in lessons {
            let (request, facts) = (lesson.request, &world.requests[lesson.request]);
            hearing.of_request[request].push(lesson.clone());
            hearing.rooms[lesson.room].insert(request);
            for person in &lesson.instructors {
                hearing.people[*person].insert(request);
            }
            for cohort in &facts.cohorts {
                hearing.cohorts[*cohort].insert(request);
            }
            for (equipment, _) in &facts.equipment {
                hearing.equipment[*equipment].insert(request);
            }
            hearing.organizations[facts.organization].insert(request);
        }
        hearing
    }

    /// Whether the plan may stand with this request changed and one more lesson of it.
    pub fn accepts(&self, changed: &Request, lesson: &Lesson) -> bool {
        self.accepts_all(changed, std::slice::from_ref(lesson))
    }

    /// The same with several more lessons of it, at least one.
    pub fn accepts_all(&self, changed: &Request, more: &[Lesson]) -> bool {
        let world = self.world;
        let subject = more[0].request;
        let facts = &world.requests[subject];
        let mut wanted = BTreeSet::from([subject]);
        let rooms = more.iter().flat_map(|lesson| &world.rooms[lesson.room].related);
        let rooms = rooms.map(|n| &self.rooms[*n]);
        let people = more
            .iter()
            .flat_map(|lesson| &lesson.instructors)
            .map(|n| &self.people[*n]);
        let cohorts = facts.cohorts.iter().map(|n| &self.cohorts[*n]);
        let equipment = facts.equipment.iter().map(|(n, _)| &self.equipment[*n]);
        let own = [&self.organizations[facts.organization]];
        for list in rooms.chain(people).chain(cohorts).chain(equipment).chain(own) {
            wanted.extend(list);
        }
        let mut lessons: Vec<Lesson> = wanted
            .iter()
            .flat_map(|n| self.of_request[*n].iter().cloned())
            .collect();
        lessons.extend(more.iter().cloned());
        let (small, lessons) = self.cut_out(&wanted, changed, lessons);
        conflicts(&small.instance, &assignments(&small, &lessons)).is_empty()
    }

    /// A week of some requests and what they hold, and the lessons in its indices.
    fn cut_out(&self, wanted: &BTreeSet<usize>, changed: &Request, lessons: Vec<Lesson>) -> (World, Vec<Lesson>) {
        let world = self.world;
        let whole = &world.instance;
        let subject = lessons.last().expect("the lesson in question").request;
        let mut rooms: BTreeSet<usize> = BTreeSet::new();
        let mut people: BTreeSet<usize> = BTreeSet::new();
        let mut equipment: BTreeSet<usize> = BTreeSet::new();
        for lesson in &lessons {
            rooms.extend(&world.rooms[lesson.room].related);
            people.extend(&lesson.instructors);
        }
        for request in wanted {
            equipment.extend(world.requests[*request].equipment.iter().map(|(n, _)| *n));
        }
        rooms.extend(equipment.iter().filter_map(|n| world.equipment[*n].1));
        // A bay may be related to a room that is related to more: every room that is named must be there.
        let above: Vec<usize> = rooms
            .iter()
            .flat_map(|n| world.rooms[*n].related.iter().copied())
            .collect();
        rooms.extend(above);
        let organizations: BTreeSet<usize> = wanted.iter().map(|n| world.requests[*n].organization).collect();
        let request = |n: &usize| match *n == subject {
            true => changed.clone(),
            false => whole.requests[*n].clone(),
        };
        let instance = Instance {
            format: whole.format.clone(),
            calendar: whole.calendar.clone(),
            travel: whole.travel.clone(),
            organizations: organizations.iter().map(|n| whole.organizations[*n].clone()).collect(),
            rooms: rooms.iter().map(|n| whole.rooms[*n].clone()).collect(),
            equipment: equipment.iter().map(|n| whole.equipment[*n].clone()).collect(),
            instructors: people.iter().map(|n| whole.instructors[*n].clone()).collect(),
            requests: wanted.iter().map(request).collect(),
            budget: whole.budget.clone(),
        };
        let small = World::new(&instance);
        // Indices are in order of id in both, so a set's order is the small world's order.
        let at = |set: &BTreeSet<usize>, n: usize| set.range(..n).count();
        let moved = |lesson: Lesson| Lesson {
            request: at(wanted, lesson.request),
            room: at(&rooms, lesson.room),
            instructors: lesson.instructors.iter().map(|n| at(&people, *n)).collect(),
            ..lesson
        };
        let lessons = lessons.into_iter().map(moved).collect();
        (small, lessons)
    }
}

#[cfg(test)]
mod tests;
