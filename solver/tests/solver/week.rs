//! A small Monday morning to bend: one room open from 8:00 to 12:00, lessons of an hour, starts on the hour.

use domain::id::*;
use domain::instance::*;
use domain::plan::{Plan, Status};
use domain::time::Span;
use solver::{Failure, Method, Options, check, solve};
use std::collections::BTreeMap;

pub const HOUR: i64 = 60;
pub const EIGHT: i64 = 480;
pub const DAY: i64 = 1440;

pub fn morning() -> Instance {
    Instance {
        format: FORMAT.into(),
        calendar: Calendar {
            monday: "2026-11-30".into(),
            zone: "Asia/Shanghai".into(),
            until: 7 * DAY,
            start_step: HOUR,
            starts: None,
        },
        travel: Travel {
            default: 60,
            pairs: vec![],
        },
        organizations: vec![member("a"), member("b")],
        rooms: vec![room("room")],
        equipment: vec![],
        instructors: vec![],
        requests: vec![],
        budget: Budget::default(),
    }
}

pub fn member(id: &str) -> Member {
    Member {
        id: OrganizationId::new(id),
        weight: 1.0,
        history: 0,
        quota: None,
    }
}

pub fn room(id: &str) -> Room {
    Room {
        id: RoomId::new(id),
        site: SiteId::new("base"),
        part_of: None,
        features: vec![],
        seats: 40,
        open: vec![hours(4)],
        blackouts: vec![],
        turnaround: 0,
    }
}

pub fn teacher(id: &str) -> Instructor {
    Instructor {
        id: InstructorId::new(id),
        skills: BTreeMap::new(),
        available: vec![Span::new(0, 7 * DAY)],
        organizations: None,
        week_max: None,
        day_max: None,
    }
}

pub fn equipment(id: &str, units: i64) -> Equipment {
    Equipment {
        id: EquipmentId::new(id),
        site: SiteId::new("base"),
        room: None,
        units,
        blackouts: vec![],
    }
}

/// One lesson of an hour, any time of the week, no cohort, nobody to teach it.
pub fn request(id: &str, organization: &str) -> Request {
    Request {
        id: RequestId::new(id),
        organization: OrganizationId::new(organization),
        tier: 1,
        lessons: 1,
        minutes: HOUR,
        headcount: 30,
        cohorts: vec![],
        per_day_max: None,
        days_between_min: 0,
        all_or_nothing: false,
        windows: vec![Window {
            span: Span::new(0, 7 * DAY),
            preference: 0,
        }],
        rooms: RoomNeed::default(),
        equipment: vec![],
        instructors: InstructorNeed::default(),
        pinned: vec![],
        previous: vec![],
    }
}

/// The first hours of Monday from 8:00.
pub fn hours(n: i64) -> Span {
    Span::new(EIGHT, EIGHT + n * HOUR)
}

pub fn placed(start: i64, room: &str, instructors: &[&str]) -> Placed {
    let instructors = instructors.iter().map(|id| InstructorId::new(*id)).collect();
    Placed {
        start,
        room: RoomId::new(room),
        instructors,
    }
}

pub fn options(seconds: f64, method: Method) -> Options {
    Options {
        seconds,
        nodes: None,
        threads: 1,
        seed: 1,
        method,
        explain: true,
    }
}

/// The clock stands still: budgets then only say what one stage may use, and nothing here waits for them.
pub fn solved_with(instance: &Instance, options: &Options) -> Result<Plan, Failure> {
    let plan = solve(instance, options, &mut |_| {}, &|| 0.0, &|| false)?;
    let report = check(instance, &plan);
    assert!(report.is_clean(), "{report:?}");
    Ok(plan)
}

/// The proved plan.
pub fn solved(instance: &Instance) -> Plan {
    let plan = solved_with(instance, &options(600.0, Method::Optimal)).expect("the instance is sound");
    assert_eq!(plan.status, Status::Optimal, "{:?}", plan.stages);
    plan
}

/// How many lessons the best plan has.
pub fn lessons(instance: &Instance) -> usize {
    solved(instance).assignments.len()
}

/// `request start room instructors` of each lesson.
pub fn timetable(plan: &Plan) -> Vec<String> {
    let names = |ids: &[InstructorId]| ids.iter().map(|id| format!(" {id}")).collect::<String>();
    plan.assignments
        .iter()
        .map(|a| format!("{} {} {}{}", a.request, a.start, a.room, names(&a.instructors)))
        .collect()
}

/// The plan as the `previous` of each request.
pub fn remembered(mut instance: Instance, plan: &Plan) -> Instance {
    for a in &plan.assignments {
        let spot = Placed {
            start: a.start,
            room: a.room.clone(),
            instructors: a.instructors.clone(),
        };
        instance
            .requests
            .iter_mut()
            .filter(|r| r.id == a.request)
            .for_each(|r| r.previous.push(spot.clone()));
    }
    instance
}
