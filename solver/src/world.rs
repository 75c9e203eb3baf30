//! The compiled instance: canonical, with dense indices instead of ids. Everything later speaks in these indices.
//!
//! Index order is id order, so a loop over indices never depends on the order of the file. It holds what is fixed
//! before any lesson is placed; what depends on placements is in `placement` and `board`.

use crate::instance::{canonical, sha256};
use domain::id::*;
use domain::instance::{Instance, Placed, Request, day_of};
use domain::time::{Span, joined};
use std::collections::BTreeMap;

pub struct World {
    pub instance: Instance,
    pub sha256: String,
    pub starts: Vec<i64>,
    pub rooms: Vec<RoomFacts>,
    pub requests: Vec<RequestFacts>,
    pub cohorts: Vec<CohortId>,
    /// `travel[a][b]` minutes between sites.
    pub travel: Vec<Vec<i64>>,
    /// Index of the site of each equipment, and its fixed room.
    pub equipment: Vec<(usize, Option<usize>)>,
}

pub struct RoomFacts {
    pub site: usize,
    /// Itself, its ancestors and its descendants: whom a lesson here excludes.
    pub related: Vec<usize>,
    pub turnaround: i64,
}

pub struct RequestFacts {
    pub organization: usize,
    pub cohorts: Vec<usize>,
    pub equipment: Vec<(usize, i64)>,
    /// Joined windows, ascending.
    pub windows: Vec<Span>,
    /// Instructors who could teach it at some time: asked, skilled and serving.
    pub instructors: Vec<usize>,
    pub instructor_count: usize,
    /// False where all or none is asked and an empty week would not hold them all; found out by `alone`.
    pub fits_alone: bool,
    pub pinned: Vec<Lesson>,
    pub previous: Vec<Lesson>,
}

/// A placed lesson in dense indices.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lesson {
    pub request: usize,
    pub start: i64,
    pub room: usize,
    pub instructors: Vec<usize>,
    pub pinned: bool,
}

impl Lesson {
    /// What it holds, whether it is pinned or not: request, start, room, people.
    pub fn place(&self) -> (usize, i64, usize, &[usize]) {
        (self.request, self.start, self.room, &self.instructors)
    }
}

impl World {
    /// Expects an instance without `problems`.
    pub fn new(instance: &Instance) -> Self {
        let sha256 = sha256(instance);
        let instance = canonical(instance);
        let room_at: BTreeMap<&RoomId, usize> = instance.rooms.iter().enumerate().map(|(n, r)| (&r.id, n)).collect();
        let site_ids: BTreeMap<&SiteId, usize> = {
            let ids = instance
                .rooms
                .iter()
                .map(|r| &r.site)
                .chain(instance.equipment.iter().map(|e| &e.site));
            let mut ids: Vec<&SiteId> = ids.collect();
            ids.sort();
            ids.dedup();
            ids.into_iter().enumerate().map(|(n, id)| (id, n)).collect()
        };
        let travel = site_ids
            .keys()
            .map(|a| site_ids.keys().map(|b| instance.travel.between(a, b)).collect())
            .collect();
        let mut cohorts: Vec<CohortId> = instance.requests.iter().flat_map(|r| r.cohorts.clone()).collect();
        cohorts.sort();
        cohorts.dedup();
        let equipment_facts =
            |e: &domain::instance::Equipment| (site_ids[&e.site], e.room.as_ref().map(|id| room_at[id]));
        let requests = compiled_requests(&instance, &room_at, &cohorts);
        Self {
            sha256,
            starts: instance.calendar.all_starts(),
            rooms: compiled_rooms(&instance, &room_at, &site_ids),
            requests,
            cohorts,
            travel,
            equipment: instance.equipment.iter().map(equipment_facts).collect(),
            instance,
        }
    }

    pub fn request(&self, request: usize) -> &Request {
        &self.instance.requests[request]
    }
    pub fn minutes(&self, request: usize) -> i64 {
        self.instance.requests[request].minutes
    }
    pub fn span(&self, request: usize, start: i64) -> Span {
        Span::new(start, start + self.minutes(request))
    }
    /// The lesson and the empty time after it.
    pub fn room_hold(&self, request: usize, start: i64, room: usize) -> Span {
        Span::new(start, start + self.minutes(request) + self.rooms[room].turnaround)
    }
    /// What an organization asked, minutes.
    pub fn asked(&self, organization: usize) -> i64 {
        let own = |n: &usize| self.requests[*n].organization == organization;
        (0..self.requests.len())
            .filter(own)
            .map(|n| self.minutes(n) * self.request(n).lessons)
            .sum()
    }
    /// Tiers that occur, most urgent first.
    pub fn tiers(&self) -> Vec<i64> {
        let mut tiers: Vec<i64> = self.instance.requests.iter().map(|r| r.tier).collect();
        tiers.sort_unstable();
        tiers.dedup();
        tiers
    }
    /// What a time and a room are worth to a request.
    pub fn preference(&self, request: usize, start: i64, room: usize) -> i64 {
        self.window_preference(request, start) + self.room_preference(request, room)
    }
    /// The best preference of the windows that a lesson touches.
    pub fn window_preference(&self, request: usize, start: i64) -> i64 {
        let span = self.span(request, start);
        let windows = self.request(request).windows.iter();
        windows
            .filter(|w| w.span.overlaps(span))
            .map(|w| w.preference)
            .max()
            .unwrap_or(0)
    }
    pub fn room_preference(&self, request: usize, room: usize) -> i64 {
        let worth = &self.request(request).rooms.preference;
        worth.get(&self.instance.rooms[room].id).copied().unwrap_or(0)
    }
    pub fn teacher_preference(&self, request: usize, instructor: usize) -> i64 {
        let id = &self.instance.instructors[instructor].id;
        self.request(request)
            .instructors
            .preference
            .get(id)
            .copied()
            .unwrap_or(0)
    }
    pub fn day(start: i64) -> i64 {
        day_of(start)
    }
}

fn compiled_rooms(
    instance: &Instance,
    room_at: &BTreeMap<&RoomId, usize>,
    site_ids: &BTreeMap<&SiteId, usize>,
) -> Vec<RoomFacts> {
    let mut related: Vec<Vec<usize>> = (0..instance.rooms.len()).map(|n| vec![n]).collect();
    for n in 0..instance.rooms.len() {
        let mut at = n;
        while let Some(whole) = instance.rooms[at].part_of.as_ref().map(|id| room_at[id]) {
            related[n].push(whole);
            related[whole].push(n);
            at = whole;
        }
    }
    related.iter_mut().for_each(|list| list.sort_unstable());
    let facts = |(room, related): (&domain::instance::Room, Vec<usize>)| RoomFacts {
        site: site_ids[&room.site],
        related,
        turnaround: room.turnaround,
    };
    instance.rooms.iter().zip(related).map(facts).collect()
}

fn compiled_requests(
    instance: &Instance,
    room_at: &BTreeMap<&RoomId, usize>,
    cohorts: &[CohortId],
) -> Vec<RequestFacts> {
    let organization_at: BTreeMap<_, _> = instance
        .organizations
        .iter()
        .enumerate()
        .map(|(n, o)| (&o.id, n))
        .collect();
    let equipment_at: BTreeMap<_, _> = instance.equipment.iter().enumerate().map(|(n, e)| (&e.id, n)).collect();
    let instructor_at: BTreeMap<_, _> = instance
        .instructors
        .iter()
        .enumerate()
        .map(|(n, i)| (&i.id, n))
        .collect();
    let lesson = |request: usize, pinned: bool, placed: &Placed| Lesson {
        request,
        start: placed.start,
        room: room_at[&placed.room],
        instructors: placed.instructors.iter().map(|id| instructor_at[id]).collect(),
        pinned,
    };
    let known = |placed: &&Placed| {
        room_at.contains_key(&placed.room) && placed.instructors.iter().all(|id| instructor_at.contains_key(id))
    };
    let mut qualified_by: BTreeMap<QualifiedKey, Vec<usize>> = BTreeMap::new();
    let restricted = instance.instructors.iter().any(|one| one.organizations.is_some());
    let mut instructors_of = |request: &'_ Request| -> Vec<usize> {
        if request.instructors.count <= 0 {
            return Vec::new();
        }
        let need = &request.instructors;
        let organization = restricted.then(|| request.organization.clone());
        let key = (need.any_of.clone(), need.skills.clone(), organization);
        qualified_by
            .entry(key)
            .or_insert_with(|| qualified(instance, request))
            .clone()
    };
    let facts = |(n, request): (usize, &Request)| RequestFacts {
        organization: organization_at[&request.organization],
        cohorts: request
            .cohorts
            .iter()
            .map(|id| cohorts.binary_search(id).expect("listed above"))
            .collect(),
        equipment: units_needed(request, &equipment_at),
        windows: joined(request.windows.iter().map(|window| window.span)),
        instructors: instructors_of(request),
        instructor_count: request.instructors.count.max(0) as usize,
        fits_alone: true,
        pinned: request.pinned.iter().map(|placed| lesson(n, true, placed)).collect(),
        previous: request
            .previous
            .iter()
            .filter(known)
            .map(|placed| lesson(n, false, placed))
            .collect(),
    };
    instance.requests.iter().enumerate().map(facts).collect()
}

/// All of a request that decides who could teach it.
type QualifiedKey = (
    Option<Vec<InstructorId>>,
    BTreeMap<SkillId, i64>,
    Option<OrganizationId>,
);

/// An equipment that is asked for twice adds up. What a canonical request names, it needs.
fn units_needed(request: &Request, equipment_at: &BTreeMap<&EquipmentId, usize>) -> Vec<(usize, i64)> {
    let mut units: BTreeMap<usize, i64> = BTreeMap::new();
    for need in &request.equipment {
        *units.entry(equipment_at[&need.id]).or_insert(0) += need.units;
    }
    units.into_iter().collect()
}

/// Asked for (if any are named), skilled enough in every skill, and serving the organization.
fn qualified(instance: &Instance, request: &Request) -> Vec<usize> {
    let fits = |instructor: &domain::instance::Instructor| {
        let need = &request.instructors;
        need.any_of.as_ref().is_none_or(|ids| ids.contains(&instructor.id))
            && need
                .skills
                .iter()
                .all(|(skill, level)| *level <= instructor.skills.get(skill).copied().unwrap_or(0))
            && instructor
                .organizations
                .as_ref()
                .is_none_or(|ids| ids.contains(&request.organization))
    };
    instance
        .instructors
        .iter()
        .enumerate()
        .filter(|(_, i)| fits(i))
        .map(|(n, _)| n)
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::instance::*;

    /// Two organizations, one request each of one hour, two rooms, one teacher, Monday 8:00–10:00.
    pub fn tiny() -> Instance {
        let room = |id: &str| Room {
            id: RoomId::new(id),
            site: SiteId::new("base"),
            part_of: None,
            features: vec![FeatureId::new("cnc")],
            seats: 40,
            open: vec![Span::new(480, 600)],
            blackouts: vec![],
            turnaround: 0,
        };
        let member = |id: &str| Member {
            id: OrganizationId::new(id),
            weight: 1.0,
            history: 0,
            quota: None,
        };
        Instance {
            format: FORMAT.into(),
            calendar: Calendar {
                monday: "2026-11-30".into(),
                zone: "Asia/Shanghai".into(),
                until: 10080,
                start_step: 60,
                starts: None,
            },
            travel: Travel {
                default: 30,
                pairs: vec![],
            },
            organizations: vec![member("a"), member("b")],
            rooms: vec![room("x"), room("y")],
            equipment: vec![],
            instructors: vec![teacher("zhang")],
            requests: vec![request("r1", "a"), request("r2", "b")],
            budget: Budget::default(),
        }
    }

    pub fn teacher(id: &str) -> Instructor {
        Instructor {
            id: InstructorId::new(id),
            skills: BTreeMap::from([(SkillId::new("cnc"), 2)]),
            available: vec![Span::new(480, 600)],
            organizations: None,
            week_max: None,
            day_max: None,
        }
    }

    pub fn request(id: &str, organization: &str) -> Request {
        Request {
            id: RequestId::new(id),
            organization: OrganizationId::new(organization),
            tier: 1,
            lessons: 1,
            minutes: 60,
            headcount: 30,
            cohorts: vec![CohortId::new(format!("c-{id}"))],
            per_day_max: None,
            days_between_min: 0,
            all_or_nothing: false,
            windows: vec![Window {
                span: Span::new(480, 600),
                preference: 0,
            }],
            rooms: RoomNeed {
                any_of: None,
                features: vec![FeatureId::new("cnc")],
                preference: BTreeMap::new(),
            },
            equipment: vec![],
            instructors: InstructorNeed {
                count: 1,
                skills: BTreeMap::from([(SkillId::new("cnc"), 1)]),
                any_of: None,
                preference: BTreeMap::new(),
            },
            pinned: vec![],
            previous: vec![],
        }
    }

    #[test]
    fn bays_relate_to_their_room_but_not_to_each_other() {
        let mut instance = tiny();
        for bay in ["x1", "x2"] {
            let mut room = instance.rooms[0].clone();
            room.id = RoomId::new(bay);
            room.part_of = Some(RoomId::new("x"));
            instance.rooms.push(room);
        }
        let world = World::new(&instance);
        assert_eq!(world.rooms[0].related, [0, 1, 2]);
        assert_eq!(world.rooms[1].related, [0, 1]);
        assert_eq!(world.rooms[3].related, [3]);
    }
}
