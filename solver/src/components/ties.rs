//! Which parts of a week have nothing to do with each other.

use super::Component;
use crate::needs::Needs;
use crate::world::World;
use std::collections::BTreeMap;

/// Components with a request, in the order of their first one.
pub(super) fn components(world: &World) -> Vec<Component> {
    let needs = Needs::of(world);
    let mut ties = Ties::of(world);
    for (request, facts) in world.requests.iter().enumerate() {
        let own = ties.request(request);
        let mut tied = vec![ties.organization(facts.organization)];
        let pins = facts.pinned.iter();
        let rooms = needs.rooms[needs.rooms_of[request]].members.iter().copied();
        let rooms = rooms.chain(pins.clone().map(|pin| pin.room));
        tied.extend(
            rooms
                .flat_map(|room| &world.rooms[room].related)
                .map(|room| ties.room(*room)),
        );
        let people = facts.instructors.iter().chain(pins.flat_map(|pin| &pin.instructors));
        tied.extend(people.map(|n| ties.instructor(*n)));
        tied.extend(facts.cohorts.iter().map(|n| ties.cohort(*n)));
        for (equipment, _) in &facts.equipment {
            tied.push(ties.equipment(*equipment));
            tied.extend(world.equipment[*equipment].1.map(|room| ties.room(room)));
        }
        tied.into_iter().for_each(|other| ties.tie(own, other));
    }
    let mut found: BTreeMap<usize, Component> = BTreeMap::new();
    for request in 0..world.requests.len() {
        let root = ties.root(ties.request(request));
        found.entry(root).or_default().requests.push(request);
    }
    let mut collect =
        |count: usize, node: &dyn Fn(&Ties, usize) -> usize, list: fn(&mut Component) -> &mut Vec<usize>| {
            for n in 0..count {
                let at = node(&ties, n);
                let root = ties.root(at);
                if let Some(component) = found.get_mut(&root) {
                    list(component).push(n);
                }
            }
        };
    collect(world.instance.organizations.len(), &Ties::organization, |c| {
        &mut c.organizations
    });
    collect(world.rooms.len(), &Ties::room, |c| &mut c.rooms);
    collect(world.instance.instructors.len(), &Ties::instructor, |c| {
        &mut c.instructors
    });
    collect(world.equipment.len(), &Ties::equipment, |c| &mut c.equipment);
    let mut components: Vec<Component> = found.into_values().collect();
    components.sort_by_key(|component| component.requests[0]);
    components
}

/// A forest over everything in the week; what has one root is one component.
struct Ties {
    parents: Vec<usize>,
    /// Where the nodes of each kind begin.
    organizations: usize,
    rooms: usize,
    instructors: usize,
    equipment: usize,
    cohorts: usize,
}

impl Ties {
    fn of(world: &World) -> Self {
        let organizations = world.requests.len();
        let rooms = organizations + world.instance.organizations.len();
        let instructors = rooms + world.rooms.len();
        let equipment = instructors + world.instance.instructors.len();
        let cohorts = equipment + world.equipment.len();
        Self {
            parents: (0..cohorts + world.cohorts.len()).collect(),
            organizations,
            rooms,
            instructors,
            equipment,
            cohorts,
        }
    }

    fn request(&self, n: usize) -> usize {
        n
    }
    fn organization(&self, n: usize) -> usize {
        self.organizations + n
    }
    fn room(&self, n: usize) -> usize {
        self.rooms + n
    }
    fn instructor(&self, n: usize) -> usize {
        self.instructors + n
    }
    fn equipment(&self, n: usize) -> usize {
        self.equipment + n
    }
    fn cohort(&self, n: usize) -> usize {
        self.cohorts + n
    }

    fn root(&mut self, node: usize) -> usize {
        let mut at = node;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}
