//! Realistic instances for benches and demonstrations, from a size and a seed.
//!
//! An alliance of vocational schools that share training bases: workshops by trade, some divided into bays, a period
//! table of ten periods a day, evening lessons now and then, specialised instructors who serve one region, requests
//! of one to four lessons in a few half days. Demand is about a fifth above what the bottlenecks can serve. The
//! generator is deterministic (splitmix64) and knows nothing of the solver. It lacks: history of earlier weeks beyond
//! one figure for each organization, and a previous plan.

use crate::dice::Dice;
use domain::id::*;
use domain::instance::*;
use domain::time::Span;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Small,
    Town,
    City,
    Province,
}

impl Size {
    pub const ALL: [(&'static str, Size); 4] = [
        ("small", Size::Small),
        ("town", Size::Town),
        ("city", Size::City),
        ("province", Size::Province),
    ];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, size)| *size)
    }

    fn figures(self) -> Figures {
        let figures = |organizations, requests, rooms, instructors, regions| Figures {
            organizations,
            requests,
            rooms,
            instructors,
            regions,
        };
        match self {
            Size::Small => figures(10, 150, 15, 25, 1),
            Size::Town => figures(22, 450, 45, 70, 1),
            Size::City => figures(60, 1500, 120, 200, 1),
            Size::Province => figures(600, 20_000, 1600, 2600, 14),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub organizations: usize,
    pub requests: usize,
    pub rooms: usize,
    pub instructors: usize,
    pub regions: usize,
}

const TRADES: [&str; 8] = [
    "cnc",
    "welding",
    "electric",
    "auto",
    "robot",
    "nursing",
    "kitchen",
    "computing",
];
/// Starts of the ten periods of a day.
const PERIODS: [i64; 10] = [480, 535, 600, 655, 840, 895, 960, 1015, 1140, 1195];
/// First and last minute of morning, afternoon and evening.
const PARTS: [(i64, i64); 3] = [(480, 700), (840, 1060), (1140, 1240)];
const DAYS: i64 = 5;
/// Lessons a week that are asked for per room; about a sixth of them find no place.
const ROOM_LESSONS: f64 = 13.5;
const SITES_OF_REGION: usize = 3;

pub fn generate(size: Size, seed: u64) -> Instance {
    generate_from(size.figures(), seed)
}

/// The same for any figures.
pub fn generate_from(figures: Figures, seed: u64) -> Instance {
    let mut dice = Dice::of(seed ^ 0x6f6e_6778_756e_0001);
    let rooms = rooms(figures, &mut dice);
    let equipment = equipment(&rooms, &mut dice);
    let organizations = (0..figures.organizations).map(|n| member(n, &mut dice)).collect();
    let instructors = (0..figures.instructors)
        .map(|n| instructor(n, figures, &mut dice))
        .collect();
    let mut instance = Instance {
        format: FORMAT.into(),
        calendar: Calendar {
            monday: "2026-11-30".into(),
            zone: "Asia/Shanghai".into(),
            until: 7 * 1440,
            start_step: 5,
            starts: Some((0..7).flat_map(|day| PERIODS.map(|start| day * 1440 + start)).collect()),
        },
        travel: travel(figures),
        organizations,
        rooms,
        equipment,
        instructors,
        requests: Vec::new(),
        budget: Budget::default(),
    };
    let makers = (0..figures.requests)
        .map(|n| request(n, figures, &instance, &mut dice))
        .collect();
    instance.requests = makers;
    pin_some(&mut instance);
    instance
}

fn site(region: usize, number: usize) -> SiteId {
    SiteId::new(format!("base-{region:02}-{number}"))
}

/// Half an hour between the bases of a region, two hours between regions.
fn travel(figures: Figures) -> Travel {
    let mut pairs = Vec::new();
    for region in 0..figures.regions {
        for a in 0..SITES_OF_REGION {
            pairs.extend((a + 1..SITES_OF_REGION).map(|b| (site(region, a), site(region, b), 30)));
        }
    }
    Travel { default: 120, pairs }
}

fn half_days(keep: impl FnMut(i64, usize) -> bool) -> Vec<Span> {
    let mut keep = keep;
    let mut spans = Vec::new();
    for day in 0..DAYS {
        for (part, (from, until)) in PARTS.iter().enumerate() {
            if keep(day, part) {
                spans.push(Span::new(day * 1440 + from, day * 1440 + until));
            }
        }
    }
    spans
}

/// Workshops by trade; one in ten is divided into two bays, which count as rooms.
fn rooms(figures: Figures, dice: &mut Dice) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    while rooms.len() < figures.rooms {
        let number = rooms.len();
        let trade = number % TRADES.len();
        let region = (number / TRADES.len()) % figures.regions;
        let whole = Room {
            id: RoomId::new(format!("room-{number:04}")),
            site: site(region, trade % SITES_OF_REGION),
            part_of: None,
            features: vec![FeatureId::new(TRADES[trade])],
            seats: [32, 40, 48][dice.below(3)],
            open: half_days(|_, part| part < 2),
            blackouts: if dice.percent(8) {
                vec![Span::new(2 * 1440 + 840, 2 * 1440 + 1060)]
            } else {
                vec![]
            },
            turnaround: if TRADES[trade] == "welding" { 10 } else { 0 },
        };
        if dice.percent(10) && rooms.len() + 3 <= figures.rooms {
            let bay = |n: usize| Room {
                id: RoomId::new(format!("{}-{n}", whole.id)),
                part_of: Some(whole.id.clone()),
                seats: whole.seats / 2,
                ..whole.clone()
            };
            rooms.extend([bay(1), bay(2)]);
        }
        rooms.push(whole);
    }
    rooms
}

/// Sets of machines that a base lends to its rooms, one kind for each base and trade.
fn equipment(rooms: &[Room], dice: &mut Dice) -> Vec<Equipment> {
    let mut kinds: BTreeMap<(SiteId, FeatureId), i64> = BTreeMap::new();
    for room in rooms.iter().filter(|room| room.part_of.is_none()) {
        *kinds.entry((room.site.clone(), room.features[0].clone())).or_insert(0) += 1;
    }
    let mut list = Vec::new();
    for ((site, trade), rooms) in kinds {
        let out = UnitsOut {
            span: Span::new(1440 + 480, 1440 + 700),
            units: 2,
        };
        list.push(Equipment {
            id: EquipmentId::new(format!("{trade}-{site}")),
            site,
            room: None,
            units: (rooms * 8).max(10),
            blackouts: if dice.percent(15) { vec![out] } else { vec![] },
        });
    }
    list
}

fn member(n: usize, dice: &mut Dice) -> Member {
    Member {
        id: OrganizationId::new(format!("school-{n:03}")),
        weight: [1.0, 1.0, 1.0, 1.5, 2.0][dice.below(5)],
        history: 50 * dice.below(8) as i64,
        quota: None,
    }
}

/// Teaches a trade at level 1 to 3, one in three a second one; some travel between bases because of that.
fn instructor(n: usize, figures: Figures, dice: &mut Dice) -> Instructor {
    let region = (n / TRADES.len()) % figures.regions;
    let mut skills = BTreeMap::from([(skill(n % TRADES.len(), region), 1 + dice.below(3) as i64)]);
    if dice.percent(33) {
        skills.insert(skill(dice.below(TRADES.len()), region), 1 + dice.below(2) as i64);
    }
    Instructor {
        id: InstructorId::new(format!("teacher-{n:04}")),
        skills,
        available: half_days(|_, part| part < 2 && dice.percent(85)),
        organizations: None,
        week_max: if dice.percent(50) { Some(1200) } else { None },
        day_max: if dice.percent(30) { Some(330) } else { None },
    }
}

fn skill(trade: usize, region: usize) -> SkillId {
    SkillId::new(format!("{}-{region:02}", TRADES[trade]))
}

/// Demand is steered by the number of lessons: the trades are asked for evenly, as the rooms are built.
fn request(n: usize, figures: Figures, instance: &Instance, dice: &mut Dice) -> Request {
    let organization = dice.below(figures.organizations);
    let home = organization % figures.regions;
    let region = if dice.percent(10) {
        dice.below(figures.regions)
    } else {
        home
    };
    let trade = dice.below(TRADES.len());
    let site = site(region, trade % SITES_OF_REGION);
    let (lessons, minutes) = lessons_of(figures, dice);
    let mut windows: Vec<Window> = half_days(|_, part| part < 2 && dice.percent(45))
        .into_iter()
        .map(|span| Window { span, preference: 0 })
        .collect();
    windows
        .iter_mut()
        .for_each(|window| window.preference = dice.below(3) as i64);
    let kind = EquipmentId::new(format!("{}-{site}", TRADES[trade]));
    let units = instance.equipment.iter().find(|e| e.id == kind).map_or(0, |e| e.units);
    let equipment = if units > 0 && dice.percent(30) {
        vec![EquipmentNeed {
            id: kind,
            units: 6.min(units),
        }]
    } else {
        vec![]
    };
    let needs_teacher = dice.percent(60);
    let skills = BTreeMap::from([(skill(trade, region), 1 + i64::from(dice.percent(25)))]);
    Request {
        id: RequestId::new(format!("r{n:05}")),
        organization: OrganizationId::new(format!("school-{organization:03}")),
        tier: 1 + i64::from(dice.percent(85)) + i64::from(dice.percent(10)),
        lessons,
        minutes,
        headcount: [16, 24, 30, 36, 40][dice.below(5)],
        cohorts: vec![CohortId::new(format!("class-{organization:03}-{}", dice.below(12)))],
        per_day_max: if lessons > 1 { Some(1) } else { None },
        days_between_min: i64::from(lessons == 2 && dice.percent(20)),
        all_or_nothing: lessons > 1 && dice.percent(5),
        windows,
        rooms: RoomNeed {
            any_of: None,
            features: vec![FeatureId::new(TRADES[trade])],
            preference: BTreeMap::new(),
        },
        equipment,
        instructors: InstructorNeed {
            count: i64::from(needs_teacher),
            skills: if needs_teacher { skills } else { BTreeMap::new() },
            any_of: None,
            preference: BTreeMap::new(),
        },
        pinned: vec![],
        previous: vec![],
    }
}

/// Two or four periods; the more requests share a room, the fewer lessons each asks for.
fn lessons_of(figures: Figures, dice: &mut Dice) -> (i64, i64) {
    let minutes = if dice.percent(20) { 220 } else { 100 };
    let mean = ROOM_LESSONS * figures.rooms as f64 / figures.requests as f64;
    let lessons = mean.floor() as i64 + i64::from(dice.percent((mean.fract() * 100.0) as u64));
    let spread = if lessons > 1 { dice.below(3) as i64 - 1 } else { 0 };
    ((lessons + spread).clamp(1, 4), minutes)
}

/// About one request in a hundred is fixed by agreement; the greedy baseline says where it could be.
fn pin_some(instance: &mut Instance) {
    let world = crate::world::World::new(instance);
    let pinned: Vec<(usize, Placed)> = crate::greedy::plan(&world, &crate::greedy::places(&world))
        .into_iter()
        .filter(|lesson| lesson.request % 100 == 7 && !world.request(lesson.request).all_or_nothing)
        .map(|lesson| {
            let name = |n: &usize| world.instance.instructors[*n].id.clone();
            let room = world.instance.rooms[lesson.room].id.clone();
            let instructors = lesson.instructors.iter().map(name).collect();
            (
                lesson.request,
                Placed {
                    start: lesson.start,
                    room,
                    instructors,
                },
            )
        })
        .collect();
    for (request, placed) in pinned {
        let id = &world.instance.requests[request].id;
        let asked = instance
            .requests
            .iter_mut()
            .find(|r| r.id == *id)
            .expect("the world has the same requests");
        if asked.pinned.is_empty() {
            asked.pinned.push(placed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_instance_without_problems() {
        for size in [Size::Small, Size::Town] {
            let instance = generate(size, 7);
            assert_eq!(crate::problems(&instance), []);
            assert_eq!(instance, generate(size, 7));
            assert_ne!(instance, generate(size, 8));
        }
    }
}
