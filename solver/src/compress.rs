//! Starts that matter: a start that another one of the same request can always take the place of is left out.
//!
//! Start s' does as well as s when every lesson that would meet one at s' would also meet one at s: then a lesson
//! moves from s to s' in any timetable, and everything still fits. "Meet" is meant with every gap that a rule can ask
//! for between two lessons (0, turnarounds, travel). For what is exclusive this is plain; for equipment, lessons that
//! hold one minute of s' all meet s, so by Helly's theorem they and s share a minute, where there was enough. The day,
//! the rooms that are open, the people who are there and the units that work must be no fewer at s'.
//! Of a half day of four periods this leaves, for lessons of two, the first and the last start; it is the rule of
//! dominated columns, seen before there are columns. Fairness looks at these starts only; quality looks at all.

use crate::needs::Needs;
use crate::placement::{Place, available, open_throughout, starts};
use crate::world::{Lesson, World};
use domain::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Starts of a day that others are compared with, those with the fewest neighbours.
const COMPARED_MAX: usize = 24;

pub struct Compressed {
    /// By request: a start that is left out, and the one that does as well.
    instead: Vec<BTreeMap<i64, i64>>,
}

impl Compressed {
    pub fn of(world: &World, needs: &Needs) -> Self {
        let mut crowd = Crowd::of(world);
        let mut offers = Offers::default();
        let instead = (0..world.requests.len())
            .map(|request| left_out(world, needs, request, &mut crowd, &mut offers))
            .collect();
        Self { instead }
    }

    pub fn leaves_out(&self, request: usize, start: i64) -> bool {
        self.instead[request].contains_key(&start)
    }

    /// The places without the starts that are left out.
    pub fn places(&self, places: &[Vec<Place>]) -> Vec<Vec<Place>> {
        let kept = |(request, list): (usize, &Vec<Place>)| {
            let stays = |place: &&Place| !self.leaves_out(request, place.start);
            list.iter().filter(stays).copied().collect()
        };
        places.iter().enumerate().map(kept).collect()
    }

    /// The same timetable on the starts that matter.
    pub fn moved(&self, lessons: &[Lesson]) -> Vec<Lesson> {
        let moved = |lesson: &Lesson| {
            let instead = self.instead[lesson.request].get(&lesson.start);
            Lesson {
                start: *instead.filter(|_| !lesson.pinned).unwrap_or(&lesson.start),
                ..lesson.clone()
            }
        };
        lessons.iter().map(moved).collect()
    }
}

fn left_out(
    world: &World,
    needs: &Needs,
    request: usize,
    crowd: &mut Crowd,
    offers: &mut Offers,
) -> BTreeMap<i64, i64> {
    let facts = &world.requests[request];
    let minutes = world.minutes(request);
    if !facts.pinned.is_empty() {
        return BTreeMap::new();
    }
    let own: Vec<i64> = starts(world, request).collect();
    // The better ones first: few neighbours, then what is preferred.
    let mut order: Vec<(usize, i64, i64)> = own
        .iter()
        .map(|start| {
            (
                crowd.neighbours(minutes, *start),
                -world.window_preference(request, *start),
                *start,
            )
        })
        .collect();
    order.sort_unstable();
    let mut kept: Vec<i64> = Vec::new();
    let mut instead = BTreeMap::new();
    for (_, _, start) in order {
        let stays = facts.previous.iter().any(|lesson| lesson.start == start);
        let span = Span::new(start, start + minutes);
        let better = kept.iter().filter(|_| !stays).find(|other| {
            crowd.does_as_well(minutes, **other, start)
                && offers.are_no_fewer(world, needs, request, (**other, start))
                && units_are_no_fewer(world, request, Span::new(**other, **other + minutes), span)
        });
        match better {
            Some(other) => {
                instead.insert(start, *other);
            }
            None => kept.push(start),
        }
    }
    instead
}

/// Whether every failure of a needed equipment that a lesson would meet at `there` holds all through `here` as well.
fn units_are_no_fewer(world: &World, request: usize, there: Span, here: Span) -> bool {
    world.requests[request].equipment.iter().all(|(equipment, _)| {
        let out = world.instance.equipment[*equipment].blackouts.iter();
        out.filter(|out| out.span.overlaps(there))
            .all(|out| out.span.from <= here.from && here.until <= out.span.until)
    })
}

/// Which lessons could meet one at a start.
struct Crowd {
    /// Lengths of lessons, each with the starts that such lessons may have, ascending.
    lessons: Vec<(i64, Vec<i64>)>,
    gaps: Vec<i64>,
    /// By length and start: the starts of the day that do as well.
    known: BTreeMap<(i64, i64), Vec<i64>>,
}

impl Crowd {
    fn of(world: &World) -> Self {
        let mut lessons: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for (request, facts) in world.requests.iter().enumerate() {
            let own = lessons.entry(world.minutes(request)).or_default();
            own.extend(starts(world, request));
            own.extend(facts.pinned.iter().map(|lesson| lesson.start));
        }
        let turnarounds = world.rooms.iter().map(|room| room.turnaround);
        let ways = world.travel.iter().flatten().copied();
        let gaps: BTreeSet<i64> = std::iter::once(0).chain(turnarounds).chain(ways).collect();
        Self {
            lessons: lessons
                .into_iter()
                .map(|(minutes, starts)| (minutes, starts.into_iter().collect()))
                .collect(),
            gaps: gaps.into_iter().collect(),
            known: BTreeMap::new(),
        }
    }

    /// Indices of the lessons of one length that meet a span, with a gap.
    fn met(starts: &[i64], minutes: i64, span: Span, gap: i64) -> (usize, usize) {
        let from = starts.partition_point(|start| start + minutes + gap <= span.from);
        let until = starts.partition_point(|start| *start < span.until + gap);
        (from, until)
    }

    fn neighbours(&self, minutes: i64, start: i64) -> usize {
        let span = Span::new(start, start + minutes);
        let count = |(minutes, starts): &(i64, Vec<i64>)| {
            let (from, until) = Self::met(starts, *minutes, span, 0);
            until - from
        };
        self.lessons.iter().map(count).sum()
    }

    fn does_as_well(&mut self, minutes: i64, other: i64, start: i64) -> bool {
        if !self.known.contains_key(&(minutes, start)) {
            let found = self.better_starts(minutes, start);
            self.known.insert((minutes, start), found);
        }
        self.known[&(minutes, start)].contains(&other)
    }

    fn better_starts(&self, minutes: i64, start: i64) -> Vec<i64> {
        let all = self.lessons.iter().find(|(length, _)| *length == minutes);
        let same_days = |other: &i64| {
            World::day(*other) == World::day(start)
                && World::day(other + minutes - 1) == World::day(start + minutes - 1)
        };
        let mut day: Vec<i64> = all
            .iter()
            .flat_map(|(_, starts)| starts.iter().copied())
            .filter(same_days)
            .collect();
        day.sort_by_key(|other| (self.neighbours(minutes, *other), *other));
        day.truncate(COMPARED_MAX);
        day.retain(|other| *other != start && self.meets_no_more(minutes, *other, start));
        day
    }

    /// Whether whatever meets a lesson at `other` meets one at `start`.
    fn meets_no_more(&self, minutes: i64, other: i64, start: i64) -> bool {
        let (there, here) = (Span::new(other, other + minutes), Span::new(start, start + minutes));
        self.gaps.iter().all(|gap| {
            self.lessons.iter().all(|(length, starts)| {
                let (from, until) = Self::met(starts, *length, there, *gap);
                let (least, most) = Self::met(starts, *length, here, *gap);
                from >= until || (least <= from && until <= most)
            })
        })
    }
}

/// Rooms that are open and people who are there, by need, start and length.
#[derive(Default)]
struct Offers {
    rooms: BTreeMap<(usize, i64, i64), Vec<usize>>,
    people: BTreeMap<(usize, i64, i64), Vec<usize>>,
}

impl Offers {
    fn are_no_fewer(&mut self, world: &World, needs: &Needs, request: usize, starts: (i64, i64)) -> bool {
        let (there, here) = (
            self.at(world, needs, request, starts.0),
            self.at(world, needs, request, starts.1),
        );
        let holds = |more: &[usize], fewer: &[usize]| fewer.iter().all(|n| more.binary_search(n).is_ok());
        holds(&there.0, &here.0) && holds(&there.1, &here.1)
    }

    fn at(&mut self, world: &World, needs: &Needs, request: usize, start: i64) -> (Vec<usize>, Vec<usize>) {
        let minutes = world.minutes(request);
        let span = Span::new(start, start + minutes);
        let need = needs.rooms_of[request];
        let rooms = self.rooms.entry((need, start, minutes)).or_insert_with(|| {
            let members = needs.rooms[need].members.iter().copied();
            members.filter(|room| open_throughout(world, *room, span)).collect()
        });
        let need = needs.people_of[request];
        let people = self
            .people
            .entry((need, start, minutes))
            .or_insert_with(|| available(world, request, start).collect());
        (rooms.clone(), people.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::greedy;
    use crate::solve::broken;
    use crate::world::tests::tiny;

    fn compressed(world: &World) -> Compressed {
        Compressed::of(world, &Needs::of(world))
    }

    /// Half a day of four periods.
    fn half_day() -> domain::instance::Instance {
        let mut instance = tiny();
        let span = Span::new(480, 700);
        instance.calendar.starts = Some(vec![480, 535, 600, 655]);
        instance.rooms.iter_mut().for_each(|room| room.open = vec![span]);
        instance
            .instructors
            .iter_mut()
            .for_each(|person| person.available = vec![span]);
        for request in &mut instance.requests {
            request.minutes = 100;
            request.windows[0].span = span;
        }
        instance
    }

    #[test]
    fn a_start_in_the_middle_of_a_half_day_is_left_out() {
        let world = World::new(&half_day());
        let kept: Vec<i64> = starts(&world, 0)
            .filter(|start| !compressed(&world).leaves_out(0, *start))
            .collect();
        assert_eq!(kept, [480, 600]);
    }

    #[test]
    fn a_start_stays_where_another_room_is_open_or_the_plan_had_it() {
        let mut instance = half_day();
        instance.rooms[1].open = vec![Span::new(535, 635)];
        let world = World::new(&instance);
        assert!(!compressed(&world).leaves_out(0, 535));
        let mut instance = half_day();
        instance.requests[0].previous = vec![domain::instance::Placed {
            start: 535,
            room: domain::id::RoomId::new("x"),
            instructors: vec![domain::id::InstructorId::new("zhang")],
        }];
        let world = World::new(&instance);
        assert!(!compressed(&world).leaves_out(0, 535));
        assert!(compressed(&world).leaves_out(1, 535));
    }

    #[test]
    fn a_timetable_on_the_starts_that_matter_is_sound() {
        for (size, seed) in [(crate::Size::Small, 1), (crate::Size::Small, 2), (crate::Size::Town, 3)] {
            let world = World::new(&crate::generate(size, seed));
            // First fit takes the early ones; the late ones first leaves lessons in the middle.
            let mut places = greedy::places(&world);
            places
                .iter_mut()
                .for_each(|list| list.sort_by_key(|place| (std::cmp::Reverse(place.start % 110), *place)));
            let lessons = greedy::plan(&world, &places);
            let moved = compressed(&world).moved(&lessons);
            assert_ne!(moved, lessons);
            assert_eq!(broken(&world, &moved), []);
        }
    }
}
