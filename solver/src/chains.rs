//! Ejection chains: a missing lesson takes a place, whoever held it takes another one, and so on until all stand.
//!
//! What the augmenting path is to a matching, this is to a timetable: it finds the few moves that make room, where
//! first fit sees a full house. A chain ends when everybody it put out stands again; or, where that is fairer, with a
//! few lessons left out: of a later tier, of organizations that stay above where the one that gains stood, or less of
//! the same organization. So no step is ever less fair than the one before, in the order of `levels`.
//! Glover, "Ejection chains, reference structures and alternating path methods for traveling salesman problems", 1996.
//!
//! In one chain a lesson is put out once, as a vertex is visited once. Effort grows only when less brings nothing;
//! after that some lessons wander to other free places, and the missing ones try again. It proves nothing. Its steps
//! are counted, so that the same seed gives the same plan wherever the time suffices.

mod wander;
mod ways;

use crate::board::Board;
use crate::dice::Dice;
use crate::levels::SAME;
use crate::placement::Place;
use crate::world::{Lesson, World};
use std::collections::HashSet;

const EFFORTS: [Effort; 4] = [
    Effort { depth: 1, tries: 60 },
    Effort { depth: 2, tries: 400 },
    Effort { depth: 4, tries: 2_000 },
    Effort {
        depth: 6,
        tries: 10_000,
    },
];
/// A chain asks once in so many places that it tries whether it is over.
const TRIES_UNASKED: usize = 16;

/// What chains ask and tell while they work.
#[derive(Clone, Copy)]
pub struct Watch<'c> {
    /// Whether to stop; asked at every step, which is work.
    pub stops: &'c dyn Fn() -> bool,
    /// The same within a chain, however many places it may still try.
    pub is_over: &'c dyn Fn() -> bool,
    /// Told the minutes of all when there is a fairer plan than before.
    pub gained: &'c dyn Fn(i64),
}

pub struct Chains<'c, 'w> {
    board: Board<'w>,
    places: &'c [Vec<Place>],
    watch: Watch<'c>,
    /// Requests of each organization.
    own: Vec<Vec<usize>>,
    dice: Dice,
    /// Lessons (request, start) that stay where they are for the rest of this chain.
    settled: HashSet<(usize, i64)>,
    trail: Vec<Step>,
    /// Places that this chain may still try.
    tries: usize,
    /// Who gains by this chain, if a lesson may be left out for it.
    gains: Option<Gain>,
}

/// Depth of a chain, and how many places may be tried in it.
#[derive(Clone, Copy)]
struct Effort {
    depth: usize,
    tries: usize,
}

enum Step {
    Placed(usize),
    Removed(Lesson),
}

#[derive(Clone, Copy)]
struct Gain {
    request: usize,
    /// Of its organization, before.
    level: f64,
    /// What its organization gains in all.
    minutes: i64,
    /// How many may still be left out.
    may_leave: usize,
}

impl<'c, 'w> Chains<'c, 'w> {
    pub fn of(world: &'w World, places: &'c [Vec<Place>], lessons: &[Lesson], seed: i64, watch: Watch<'c>) -> Self {
        let mut own = vec![Vec::new(); world.instance.organizations.len()];
        for (request, facts) in world.requests.iter().enumerate() {
            own[facts.organization].push(request);
        }
        Self {
            board: Board::with(world, lessons),
            places,
            watch,
            own,
            dice: Dice::of(seed as u64),
            settled: HashSet::new(),
            trail: Vec::new(),
            tries: 0,
            gains: None,
        }
    }

    pub fn lessons(&self) -> Vec<Lesson> {
        self.board.placed()
    }

    /// Improves until nothing is missing, until so many rounds of wandering in a row brought nothing, or until told
    /// to stop. True if anything came of it.
    pub fn improve(&mut self, idle_max: usize) -> bool {
        let mut any = false;
        for effort in EFFORTS {
            while !self.stops() && self.pass(effort) {
                any = true;
            }
        }
        let mut idle = 0;
        while idle < idle_max && !self.stops() && self.wander() {
            if self.pass(EFFORTS[1 + idle % 2]) {
                any = true;
                idle = 0;
            } else {
                idle += 1;
            }
        }
        any
    }

    /// Gives back what a plan had before, by the shortest chains only: whoever else must move moves once.
    pub fn restore(&mut self) {
        let world = self.board.world;
        for effort in &EFFORTS[..2] {
            for request in 0..world.requests.len() {
                let before = world.requests[request].previous.len();
                while self.board.of_request[request].len() < before && !self.stops() && self.fits_in(request, *effort) {
                }
            }
        }
    }

    fn stops(&self) -> bool {
        (self.watch.stops)()
    }

    /// Every missing lesson tries once, the lowest organizations first. True if one of them succeeded.
    fn pass(&mut self, effort: Effort) -> bool {
        let mut any = false;
        for tier in self.board.world.tiers() {
            let mut waiting: Vec<Vec<usize>> = (0..self.own.len()).map(|n| self.missing(n, tier)).collect();
            loop {
                let lowest = (0..waiting.len())
                    .filter(|n| !waiting[*n].is_empty())
                    .map(|n| (self.level(n, tier), n))
                    .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let Some((_, organization)) = lowest.filter(|_| !self.stops()) else {
                    break;
                };
                let request = waiting[organization].pop().expect("it waits");
                while self.fits_in(request, effort) || self.trades_in(request, effort) {
                    any = true;
                    (self.watch.gained)(self.board.granted.iter().sum());
                }
            }
        }
        any
    }

    /// Requests of an organization in a tier that lack lessons and have a place to try, the last one first.
    fn missing(&self, organization: usize, tier: i64) -> Vec<usize> {
        let world = self.board.world;
        let lacks = |n: &usize| {
            let asked = world.request(*n);
            asked.tier == tier
                && !self.places[*n].is_empty()
                && (self.board.of_request[*n].len() as i64) < asked.lessons
        };
        self.own[organization].iter().rev().copied().filter(lacks).collect()
    }

    fn level(&self, organization: usize, tier: i64) -> f64 {
        let world = self.board.world;
        let counts = |n: &&usize| world.request(**n).tier <= tier;
        let minutes = |n: &usize| world.minutes(*n) * self.board.of_request[*n].len() as i64;
        let granted: i64 = self.own[organization].iter().filter(counts).map(minutes).sum();
        crate::levels::level(world, organization, granted)
    }

    /// One lesson more (or all that are missing, where all or none was asked) without loss to anybody.
    fn fits_in(&mut self, request: usize, effort: Effort) -> bool {
        let asked = self.board.world.request(request);
        let missing = asked.lessons - self.board.of_request[request].len() as i64;
        let count = if asked.all_or_nothing { missing } else { missing.min(1) };
        self.begin(effort);
        let done = 0 < count && (0..count).all(|_| self.insert(request, effort.depth));
        if !done {
            self.undo(0);
        }
        done
    }

    /// One lesson more (or all that are missing) at the cost of others, where that is fairer.
    fn trades_in(&mut self, request: usize, effort: Effort) -> bool {
        let world = self.board.world;
        let asked = world.request(request);
        let missing = asked.lessons - self.board.of_request[request].len() as i64;
        let count = if asked.all_or_nothing { missing } else { missing.min(1) };
        if count <= 0 {
            return false;
        }
        self.begin(effort);
        self.gains = Some(Gain {
            request,
            level: self.level(world.requests[request].organization, asked.tier),
            minutes: count * asked.minutes,
            may_leave: count as usize + 1,
        });
        let done = (0..count).all(|_| self.insert(request, effort.depth));
        if !done {
            self.undo(0);
        }
        done
    }

    fn begin(&mut self, effort: Effort) {
        self.settled.clear();
        self.trail.clear();
        self.tries = effort.tries;
        self.gains = None;
    }

    /// Gives a lesson of the request a place, at worst by putting others out, who then find places of their own.
    fn insert(&mut self, request: usize, depth: usize) -> bool {
        if let Some(handle) = self.board.try_places(request, &self.places[request]) {
            self.settle(handle);
            return true;
        }
        if depth == 0 {
            return false;
        }
        for way in self.ways(request) {
            if self.tries == 0 || (self.tries.is_multiple_of(TRIES_UNASKED) && (self.watch.is_over)()) {
                self.tries = 0;
                return false;
            }
            self.tries -= 1;
            let (mark, gains) = (self.trail.len(), self.gains);
            // Who was put out by a way that failed has been visited, and stays.
            if way.ejected.iter().any(|handle| self.is_settled(*handle)) {
                continue;
            }
            let ejected: Vec<usize> = way.ejected.iter().map(|handle| self.eject(*handle)).collect();
            if let Some(handle) = self.board.try_place(request, way.place.start, way.place.room) {
                self.settle(handle);
                let again = ejected
                    .iter()
                    .all(|lesson| self.insert(*lesson, depth - 1) || self.leave_out(*lesson));
                if again {
                    return true;
                }
            }
            self.undo(mark);
            self.gains = gains;
        }
        false
    }

    fn key(&self, handle: usize) -> (usize, i64) {
        let lesson = self.board.lessons[handle].as_ref().expect("a placed lesson");
        (lesson.request, lesson.start)
    }

    fn is_settled(&self, handle: usize) -> bool {
        self.settled.contains(&self.key(handle))
    }

    /// Pinned, or visited by this chain.
    fn stays(&self, handle: usize) -> bool {
        self.is_settled(handle) || self.board.lessons[handle].as_ref().is_none_or(|lesson| lesson.pinned)
    }

    fn settle(&mut self, handle: usize) {
        self.settled.insert(self.key(handle));
        self.trail.push(Step::Placed(handle));
    }

    /// Gives the request of the lesson that goes.
    fn eject(&mut self, handle: usize) -> usize {
        self.settled.insert(self.key(handle));
        let lesson = self.board.remove(handle);
        let request = lesson.request;
        self.trail.push(Step::Removed(lesson));
        request
    }

    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            match self.trail.pop() {
                Some(Step::Placed(handle)) => {
                    self.board.remove(handle);
                }
                Some(Step::Removed(lesson)) => {
                    self.board.place(lesson);
                }
                None => {}
            }
        }
    }

    /// Leaves a lesson that was put out where it is, for the one that gains, if that is fairer: everybody who loses
    /// must stay above where the one that gains stood. With one lesson of all or nothing, all of it goes.
    fn leave_out(&mut self, request: usize) -> bool {
        let world = self.board.world;
        let Some(Gain {
            request: winner,
            level,
            minutes,
            may_leave,
        }) = self.gains
        else {
            return false;
        };
        let loser = world.request(request);
        let own = world.requests[request].organization;
        if may_leave == 0 || request == winner || loser.tier < world.request(winner).tier {
            return false;
        }
        let mark = self.trail.len();
        let mut lost = loser.minutes;
        if loser.all_or_nothing {
            let rest = self.board.of_request[request].clone();
            if rest.iter().any(|handle| self.stays(*handle)) {
                return false;
            }
            lost += loser.minutes * rest.len() as i64;
            rest.into_iter().for_each(|handle| {
                self.eject(handle);
            });
        }
        let same = own == world.requests[winner].organization;
        let later = world.request(winner).tier < loser.tier;
        // Everything is out already, so this is the level after the loss.
        let above = || level + SAME * (1.0 + level.abs()) < self.level(own, loser.tier);
        let fairer = later || if same { lost < minutes } else { above() };
        if fairer {
            let minutes = if same && !later { minutes - lost } else { minutes };
            let may_leave = may_leave - 1;
            self.gains = Some(Gain {
                request: winner,
                level,
                minutes,
                may_leave,
            });
        } else {
            self.undo(mark);
        }
        fairer
    }
}

#[cfg(test)]
mod tests;
