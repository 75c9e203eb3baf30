//! A week that allows everything, so that each test takes away one thing.
//!
//! ```text
//! site base   hall ─┬─ bay1          site plant   press
//!                   └─ bay2 ── corner
//!             lab
//! lathe: 4 units, movable at base · crane: 1 unit, fixed in hall
//! zhang and li teach everything · base and plant are 45 minutes apart
//! r1 and r2: yizhong · r3: erzhong · each 3 lessons of 120 minutes, needing nothing
//! ```

use domain::id::*;
use domain::instance::*;
use domain::plan::{Assignment, UnitsHeld};
use domain::time::{MINUTES_PER_DAY, Span};
use domain::timetable::conflicts;
use domain::violation::{At, Violation};
use std::collections::BTreeMap;

pub const WHOLE: Span = Span::new(0, 7 * MINUTES_PER_DAY);

pub fn week() -> Instance {
    Instance {
        format: FORMAT.into(),
        calendar: Calendar {
            monday: "2026-11-30".into(),
            zone: "Asia/Shanghai".into(),
            until: WHOLE.until,
            start_step: 10,
            starts: None,
        },
        travel: Travel {
            default: 30,
            pairs: vec![(SiteId::new("base"), SiteId::new("plant"), 45)],
        },
        organizations: ["yizhong", "erzhong"]
            .map(|id| Member {
                id: OrganizationId::new(id),
                weight: 1.0,
                history: 0,
                quota: None,
            })
            .into(),
        rooms: vec![
            room("hall", "base", None),
            room("bay1", "base", Some("hall")),
            room("bay2", "base", Some("hall")),
            room("corner", "base", Some("bay2")),
            room("lab", "base", None),
            room("press", "plant", None),
        ],
        equipment: vec![equipment("lathe", None, 4), equipment("crane", Some("hall"), 1)],
        instructors: ["zhang", "li"].map(instructor).into(),
        requests: vec![
            request("r1", "yizhong"),
            request("r2", "yizhong"),
            request("r3", "erzhong"),
        ],
        budget: Budget::default(),
    }
}

pub fn room(id: &str, site: &str, part_of: Option<&str>) -> Room {
    Room {
        id: RoomId::new(id),
        site: SiteId::new(site),
        part_of: part_of.map(RoomId::new),
        features: Vec::new(),
        seats: 40,
        open: vec![WHOLE],
        blackouts: Vec::new(),
        turnaround: 0,
    }
}

fn equipment(id: &str, room: Option<&str>, units: i64) -> Equipment {
    Equipment {
        id: EquipmentId::new(id),
        site: SiteId::new("base"),
        room: room.map(RoomId::new),
        units,
        blackouts: Vec::new(),
    }
}

pub fn instructor(id: &str) -> Instructor {
    Instructor {
        id: InstructorId::new(id),
        skills: BTreeMap::new(),
        available: vec![WHOLE],
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
        lessons: 3,
        minutes: 120,
        headcount: 30,
        cohorts: Vec::new(),
        per_day_max: None,
        days_between_min: 0,
        all_or_nothing: false,
        windows: vec![Window {
            span: WHOLE,
            preference: 0,
        }],
        rooms: RoomNeed::default(),
        equipment: Vec::new(),
        instructors: InstructorNeed::default(),
        pinned: Vec::new(),
        previous: Vec::new(),
    }
}

/// The things of the week by id, to be changed.
pub trait Things {
    fn room_mut(&mut self, id: &str) -> &mut Room;
    fn equipment_mut(&mut self, id: &str) -> &mut Equipment;
    fn instructor_mut(&mut self, id: &str) -> &mut Instructor;
    fn request_mut(&mut self, id: &str) -> &mut Request;
}

impl Things for Instance {
    fn room_mut(&mut self, id: &str) -> &mut Room {
        self.rooms.iter_mut().find(|room| room.id.as_str() == id).unwrap()
    }
    fn equipment_mut(&mut self, id: &str) -> &mut Equipment {
        self.equipment
            .iter_mut()
            .find(|equipment| equipment.id.as_str() == id)
            .unwrap()
    }
    fn instructor_mut(&mut self, id: &str) -> &mut Instructor {
        self.instructors
            .iter_mut()
            .find(|instructor| instructor.id.as_str() == id)
            .unwrap()
    }
    fn request_mut(&mut self, id: &str) -> &mut Request {
        self.requests
            .iter_mut()
            .find(|request| request.id.as_str() == id)
            .unwrap()
    }
}

/// `"r1/2"`: the second lesson of r1.
pub fn lesson(name: &str, start: i64, room: &str) -> Assignment {
    let (request, lesson) = name.split_once('/').unwrap();
    Assignment {
        request: RequestId::new(request),
        lesson: lesson.parse().unwrap(),
        start,
        room: RoomId::new(room),
        equipment: Vec::new(),
        instructors: Vec::new(),
        pinned: false,
    }
}

/// The same lesson with more to it.
pub trait With: Sized {
    fn by(self, instructors: &[&str]) -> Self;
    fn with(self, equipment: &str, units: &[i64]) -> Self;
}

impl With for Assignment {
    fn by(mut self, instructors: &[&str]) -> Self {
        self.instructors
            .extend(instructors.iter().copied().map(InstructorId::new));
        self
    }
    fn with(mut self, equipment: &str, units: &[i64]) -> Self {
        self.equipment.push(UnitsHeld {
            id: EquipmentId::new(equipment),
            units: units.into(),
        });
        self
    }
}

pub fn at(name: &str) -> At {
    let (request, lesson) = name.split_once('/').unwrap();
    At {
        request: RequestId::new(request),
        lesson: lesson.parse().unwrap(),
    }
}

/// Minute of the week; day 0 is Monday.
pub fn on(day: i64, hour: i64, minute: i64) -> i64 {
    day * MINUTES_PER_DAY + hour * 60 + minute
}

pub fn monday(hour: i64, minute: i64) -> i64 {
    on(0, hour, minute)
}

/// The changed week and these lessons break exactly these rules.
#[track_caller]
pub fn check(change: impl FnOnce(&mut Instance), lessons: &[Assignment], expected: &[Violation]) {
    let mut week = week();
    change(&mut week);
    assert_eq!(conflicts(&week, lessons), expected);
}

/// A week as it is.
pub fn unchanged(_: &mut Instance) {}
