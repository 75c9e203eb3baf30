//! Equal needs: requests that the same rooms suit, and requests that the same instructors could teach.
//!
//! Lessons of equal need, equal start and equal length are interchangeable as far as rooms (or people) go, so the
//! model counts them together and `solution` deals the rooms out afterwards. That is what keeps it small: at the size
//! of a city a few dozen needs stand for 1,500 requests. A request with pins has needs of its own, because its pins
//! must find their names again. Windows and cohorts are not part of a need; they stay with the request.

use crate::placement::room_rule;
use crate::world::World;
use domain::id::{EquipmentId, FeatureId, RoomId};
use domain::instance::Request;
use std::collections::BTreeMap;

/// Whom (or what) a need accepts, ascending, and what each is worth to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub members: Vec<usize>,
    pub worth: Vec<i64>,
}

pub struct Needs {
    pub rooms: Vec<Need>,
    /// By request.
    pub rooms_of: Vec<usize>,
    pub people: Vec<Need>,
    pub people_of: Vec<usize>,
}

/// All of a request that `room_rule` reads, and its preferences.
type RoomKey<'w> = (
    &'w Option<Vec<RoomId>>,
    &'w [FeatureId],
    i64,
    Vec<&'w EquipmentId>,
    &'w BTreeMap<RoomId, i64>,
);

impl Needs {
    pub fn of(world: &World) -> Self {
        let mut known: BTreeMap<RoomKey, Need> = BTreeMap::new();
        let mut rooms = Numbered::default();
        let mut people = Numbered::default();
        let (mut rooms_of, mut people_of) = (Vec::new(), Vec::new());
        for (request, facts) in world.requests.iter().enumerate() {
            let own = (!facts.pinned.is_empty()).then_some(request);
            let key = room_key(world.request(request));
            let need = known.entry(key).or_insert_with(|| rooms_wanted(world, request)).clone();
            rooms_of.push(rooms.number(need, own));
            let worth = facts.instructors.iter().map(|n| world.teacher_preference(request, *n));
            let need = Need {
                members: facts.instructors.clone(),
                worth: worth.collect(),
            };
            people_of.push(people.number(need, own));
        }
        Self {
            rooms: rooms.list,
            rooms_of,
            people: people.list,
            people_of,
        }
    }
}

fn room_key(request: &Request) -> RoomKey<'_> {
    let rooms = &request.rooms;
    let mut kinds: Vec<&EquipmentId> = request.equipment.iter().map(|need| &need.id).collect();
    kinds.sort();
    kinds.dedup();
    (
        &rooms.any_of,
        &rooms.features,
        request.headcount,
        kinds,
        &rooms.preference,
    )
}

fn rooms_wanted(world: &World, request: usize) -> Need {
    let members: Vec<usize> = (0..world.rooms.len())
        .filter(|room| room_rule(world, request, *room).is_none())
        .collect();
    let worth = members
        .iter()
        .map(|room| world.room_preference(request, *room))
        .collect();
    Need { members, worth }
}

/// Needs in order of first sight, each once.
#[derive(Default)]
struct Numbered {
    list: Vec<Need>,
    at: BTreeMap<NeedKey, usize>,
}

/// Members, what they are worth, and the request itself where it keeps to itself.
type NeedKey = (Vec<usize>, Vec<i64>, Option<usize>);

impl Numbered {
    fn number(&mut self, need: Need, own: Option<usize>) -> usize {
        let key = (need.members.clone(), need.worth.clone(), own);
        *self.at.entry(key).or_insert_with(|| {
            self.list.push(need);
            self.list.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::tiny;
    use domain::instance::Placed;

    #[test]
    fn equal_wishes_are_one_need_and_a_pin_makes_its_own() {
        let mut instance = tiny();
        let needs = Needs::of(&World::new(&instance));
        assert_eq!((needs.rooms.len(), needs.people.len()), (1, 1));
        instance.requests[0].headcount = 41;
        instance.requests[1].pinned = vec![Placed {
            start: 480,
            room: RoomId::new("x"),
            instructors: vec![],
        }];
        let needs = Needs::of(&World::new(&instance));
        assert_eq!(needs.rooms[needs.rooms_of[0]].members, [0usize; 0]);
        assert_eq!(needs.rooms[needs.rooms_of[1]].members, [0, 1]);
        assert_ne!(needs.people_of[0], needs.people_of[1]);
    }
}
