//! Ways to a place: where a lesson could go, and who would have to make room for it.

use super::Chains;
use crate::board::Obstacle;
use crate::placement::{Place, available};
use crate::world::World;

/// Lessons that one placement may put out.
const EJECTED_MAX: usize = 3;

/// A place for a lesson, and who must go.
pub(super) struct Way {
    pub place: Place,
    pub ejected: Vec<usize>,
    order: u64,
}

impl Chains<'_, '_> {
    /// Ways to a place that put out few, the fewest first.
    pub(super) fn ways(&mut self, request: usize) -> Vec<Way> {
        let world = self.board.world;
        let mut ways = Vec::new();
        let mut at: Option<(i64, Option<Vec<usize>>)> = None;
        for n in 0..self.places[request].len() {
            let place = self.places[request][n];
            if at.as_ref().is_none_or(|(start, _)| *start != place.start) {
                at = Some((place.start, self.in_the_way_then(request, place.start)));
            }
            let Some((_, Some(then))) = &at else { continue };
            let mut ejected = then.clone();
            ejected.extend(self.board.room_holders(request, place.start, place.room));
            if world.requests[request].instructor_count == 0 {
                self.way(&mut ways, place, ejected);
            } else {
                self.ways_to_people(&mut ways, request, place, &ejected);
            }
        }
        ways.sort_unstable_by_key(|way| (way.ejected.len(), way.order));
        ways
    }

    /// With the people who are free, or else with each one who is not.
    fn ways_to_people(&mut self, ways: &mut Vec<Way>, request: usize, place: Place, ejected: &[usize]) {
        let world = self.board.world;
        let span = world.span(request, place.start);
        let count = world.requests[request].instructor_count;
        let mut free = 0;
        let mut busy: Vec<Vec<usize>> = Vec::new();
        for person in available(world, request, place.start) {
            if self.board.can_teach(person, request, place.start, place.room) {
                free += 1;
                if free == count {
                    break;
                }
            } else {
                let held_by: Vec<usize> = self.board.teacher_holders(person, span, place.room).collect();
                // Who is at a limit is not made free by this.
                if !held_by.is_empty() && held_by.len() <= EJECTED_MAX {
                    busy.push(held_by);
                }
            }
        }
        if free == count {
            self.way(ways, place, ejected.to_vec());
        } else if free + 1 == count {
            for held_by in busy {
                let mut ejected = ejected.to_vec();
                ejected.extend(held_by);
                self.way(ways, place, ejected);
            }
        }
    }

    fn way(&mut self, ways: &mut Vec<Way>, place: Place, mut ejected: Vec<usize>) {
        ejected.sort_unstable();
        ejected.dedup();
        if ejected.is_empty() || ejected.len() > EJECTED_MAX || ejected.iter().any(|handle| self.stays(*handle)) {
            return;
        }
        let order = self.dice.throw();
        ways.push(Way { place, ejected, order });
    }

    /// Who must go whatever the room and the people; `None` where that would not do.
    fn in_the_way_then(&self, request: usize, start: i64) -> Option<Vec<usize>> {
        let world = self.board.world;
        let facts = &world.requests[request];
        let mut ejected: Vec<usize> = Vec::new();
        match self.board.limit_reached(request, start) {
            Some(Obstacle::Days) => {
                let apart = world.request(request).days_between_min;
                let near = |handle: &&usize| {
                    let lesson = self.board.lessons[**handle].as_ref().expect("a placed lesson");
                    (World::day(lesson.start) - World::day(start)).abs() <= apart
                };
                ejected.extend(self.board.of_request[request].iter().filter(near));
            }
            Some(_) => return None,
            None => {}
        }
        for cohort in &facts.cohorts {
            ejected.extend(self.board.cohort_holders(request, start, *cohort));
        }
        if let Some(Obstacle::Equipment {
            needed, free, held_by, ..
        }) = self.board.equipment_shortage(request, start)
        {
            // The largest holders, until enough is free; whether that was enough is seen when the lesson is placed.
            let units = |handle: &usize| {
                let lesson = self.board.lessons[*handle].as_ref().expect("a placed lesson");
                let needs = world.requests[lesson.request].equipment.iter();
                needs.map(|(_, units)| *units).max().unwrap_or(0)
            };
            let mut held_by: Vec<usize> = held_by;
            held_by.sort_by_key(|handle| (std::cmp::Reverse(units(handle)), *handle));
            let mut short = needed - free;
            for handle in held_by {
                if short <= 0 {
                    break;
                }
                short -= units(&handle);
                ejected.push(handle);
            }
        }
        (ejected.len() <= EJECTED_MAX).then_some(ejected)
    }
}
