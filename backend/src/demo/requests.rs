//! What is asked for a week: the drafts that the members' trainers have submitted.
//!
//! Everybody likes the middle of the week and the morning, so the popular rooms, lifts and masters run out. A draw
//! that breaks a rule is drawn again: the rules are not repeated here.

use super::cohorts::{BY_HAND, COHORTS, Row};
use super::history::round_id;
use super::trades::{Trade, trade};
use super::{DemoRequest, Dice, setting};
use domain::catalog::{Catalog, Room};
use domain::id::*;
use domain::instance::{EquipmentNeed, Window};
use domain::people::{CohortKind, Instructor, Person, Role};
use domain::request::RequestDraft;
use domain::rules::{self, Setting};
use domain::time::{DayPart, PeriodTable, Week};
use std::collections::BTreeMap;

/// Draws until a draft is given up; a handful is enough.
const DRAWS_MAX: usize = 200;

/// One week of requests: how many, what their ids begin with, and how well liked each day is.
pub struct Asked {
    pub week: Week,
    pub requests: usize,
    pub prefix: &'static str,
    pub days: &'static [(i64, usize)],
}

/// An ordinary week.
pub const USUAL_DAYS: &[(i64, usize)] = &[(0, 4), (1, 6), (2, 6), (3, 5), (4, 4), (5, 2)];
/// Friday is a holiday, and its make-up Sunday is not much liked.
pub const HOLIDAY_DAYS: &[(i64, usize)] = &[(0, 4), (1, 6), (2, 6), (3, 5), (5, 2), (6, 2)];

pub fn submitted(catalog: &Catalog, people: &[Person], asked: &Asked, dice: &mut Dice) -> Vec<DemoRequest> {
    let mut settings: BTreeMap<&str, Setting> = BTreeMap::new();
    for (organization, _) in COHORTS {
        settings.insert(
            organization,
            setting(catalog, asked.week, &OrganizationId::new(*organization)),
        );
    }
    let mut askers: Vec<(&str, &Row)> = COHORTS
        .iter()
        .flat_map(|(id, rows)| rows.iter().map(|row| (*id, row)))
        .collect();
    askers.retain(|(_, row)| !BY_HAND.contains(&row.0));
    dice.shuffle(&mut askers);
    let mut requests = Vec::with_capacity(asked.requests);
    for (n, (organization, row)) in askers.iter().cycle().take(asked.requests).enumerate() {
        let setting = &settings[organization];
        requests.push(DemoRequest {
            id: RequestId::new(format!("{}-{:03}", asked.prefix, n + 1)),
            round: round_id(asked.week),
            organization: setting.organization.clone(),
            person: requester(people, &setting.organization),
            draft: valid_draft(catalog, setting, Asker { row, days: asked.days }, dice),
        });
    }
    requests
}

fn requester(people: &[Person], organization: &OrganizationId) -> PersonId {
    let asks = |person: &&Person| person.role == Role::Requester && person.organization.as_ref() == Some(organization);
    people
        .iter()
        .find(asks)
        .map(|person| person.id.clone())
        .expect("every member has a requester")
}

/// A cohort and the days of the week that it asks for.
struct Asker<'a> {
    row: &'a Row,
    days: &'static [(i64, usize)],
}

fn valid_draft(catalog: &Catalog, setting: &Setting, asker: Asker, dice: &mut Dice) -> RequestDraft {
    let mut drawn = (0..DRAWS_MAX).map(|_| draft(catalog, setting, &asker, dice));
    drawn
        .find(|draft| rules::check(draft, setting).is_empty())
        .expect("a cohort's trade has places and teachers")
}

fn draft(catalog: &Catalog, setting: &Setting, asker: &Asker, dice: &mut Dice) -> RequestDraft {
    let Asker { row, days } = asker;
    let cohort = setting
        .cohorts
        .iter()
        .find(|own| own.id.as_str() == row.0)
        .expect("the cohort is its member's own");
    let trade = trade(dice.one_of(row.4));
    let periods = dice.weighted(trade.periods);
    let lessons = dice.weighted(&[(1, 9), (2, 8), (3, 3)]);
    let tier = dice.weighted(&[(2, 80), (1, 8), (3, 12)]);
    let taught = Taught::draw(catalog, setting, trade, dice);
    // Larger groups come in halves.
    let headcount = if cohort.headcount > trade.group_max {
        (cohort.headcount + 1) / 2
    } else {
        cohort.headcount
    };
    RequestDraft {
        purpose: purpose(dice.one_of(trade.purposes), tier),
        tier,
        lessons,
        minutes: catalog
            .periods
            .lesson_minutes(periods)
            .expect("trades ask for one to four periods"),
        headcount,
        cohorts: vec![cohort.id.clone()],
        per_day_max: Some(1),
        days_between_min: i64::from(lessons == 2 && dice.percent(20)),
        all_or_nothing: lessons > 1 && dice.percent(10),
        windows: windows(
            &catalog.periods,
            &When {
                days,
                kind: cohort.kind,
                lessons,
                periods,
            },
            dice,
        ),
        rooms: wanted_rooms(catalog, trade, dice),
        features: trade.features.iter().map(|feature| FeatureId::new(*feature)).collect(),
        equipment: equipment(catalog, trade, headcount, dice),
        instructors: taught.count,
        skills: taught.skills,
        wanted_instructors: taught.wanted,
    }
}

/// Assessments come first and open practice last, and both say so.
fn purpose(text: &str, tier: i64) -> String {
    match tier {
        1 => format!("{text}·等级认定"),
        3 => format!("{text}·开放练习"),
        _ => text.to_owned(),
    }
}

fn equipment(catalog: &Catalog, trade: &Trade, headcount: i64, dice: &mut Dice) -> Vec<EquipmentNeed> {
    let (id, heads_per_unit) = dice.one_of(trade.equipment);
    let Some(kind) = catalog.equipment.iter().find(|kind| kind.id.as_str() == id) else {
        return Vec::new();
    };
    let units = (headcount + heads_per_unit - 1) / heads_per_unit;
    vec![EquipmentNeed {
        id: kind.id.clone(),
        units: units.min(kind.units),
    }]
}

/// One in seven names rooms; the others take any that will do.
fn wanted_rooms(catalog: &Catalog, trade: &Trade, dice: &mut Dice) -> Vec<RoomId> {
    if !dice.percent(15) {
        return Vec::new();
    }
    let offers = |room: &&Room| {
        trade
            .features
            .iter()
            .all(|id| room.features.contains(&FeatureId::new(*id)))
    };
    let suitable = catalog.rooms.iter().filter(offers);
    let mut rooms: Vec<RoomId> = suitable.map(|room| room.id.clone()).collect();
    dice.shuffle(&mut rooms);
    rooms.truncate(2);
    rooms
}

/// Who stands in front: the member's own teacher, one of the pool, or a team.
struct Taught {
    count: i64,
    skills: BTreeMap<SkillId, i64>,
    wanted: Vec<InstructorId>,
}

impl Taught {
    fn draw(catalog: &Catalog, setting: &Setting, trade: &Trade, dice: &mut Dice) -> Self {
        let count = dice.weighted(&[(0, 35), (1, 60), (2, 5)]);
        if count == 0 {
            return Self {
                count,
                skills: BTreeMap::new(),
                wanted: Vec::new(),
            };
        }
        let skill = SkillId::new(trade.skill);
        let serves = |served: &Option<Vec<OrganizationId>>| {
            served.as_ref().is_none_or(|ids| ids.contains(&setting.organization))
        };
        let teaches = |person: &&Instructor| person.skills.get(&skill).is_some_and(|level| *level >= trade.level);
        let suitable = catalog
            .instructors
            .iter()
            .filter(teaches)
            .filter(|person| serves(&person.agreement.organizations));
        let mut wanted: Vec<InstructorId> = suitable.map(|person| person.id.clone()).collect();
        dice.shuffle(&mut wanted);
        wanted.truncate(if dice.percent(20) { 2 } else { 0 });
        Self {
            count,
            skills: BTreeMap::from([(skill, trade.level)]),
            wanted,
        }
    }
}

/// What the windows depend on.
struct When {
    days: &'static [(i64, usize)],
    kind: CohortKind,
    lessons: i64,
    periods: usize,
}

/// Some days more than there are lessons, and on each the part of the day that suits.
fn windows(table: &PeriodTable, when: &When, dice: &mut Dice) -> Vec<Window> {
    let mut days = when.days.to_vec();
    let spare = dice.weighted(&[(1, 3), (2, 4), (3, 3)]);
    let mut windows = Vec::new();
    for _ in 0..(when.lessons + spare).min(when.days.len() as i64) {
        let day = dice.weighted(&days);
        days.retain(|(other, _)| *other != day);
        windows.extend(windows_of_day(table, day, when, dice));
    }
    windows.sort_by_key(|window| window.span);
    windows
}

fn windows_of_day(table: &PeriodTable, day: i64, when: &When, dice: &mut Dice) -> Vec<Window> {
    let part = part_of_day(when, dice);
    let of_part: Vec<usize> = (0..table.0.len()).filter(|n| table.0[*n].part == part).collect();
    // Most take the whole part of the day; a few mark just enough periods of it.
    let whole = when.periods >= of_part.len() || dice.percent(75);
    let first = if whole {
        0
    } else {
        dice.below(of_part.len() - when.periods + 1)
    };
    let marked = if whole {
        &of_part[..]
    } else {
        &of_part[first..first + when.periods]
    };
    let preference = i64::from(dice.percent(50));
    let mut spans = table.windows(day, |n| marked.contains(&n));
    if part != DayPart::Afternoon && dice.percent(40) {
        spans.extend(table.windows(day, |n| table.0[n].part == DayPart::Afternoon));
    }
    let windows = spans.into_iter().enumerate();
    windows
        .map(|(n, span)| Window {
            span,
            preference: if n == 0 { preference } else { 0 },
        })
        .collect()
}

/// Classes come by day; people at work and people who look for work also come in the evening.
fn part_of_day(when: &When, dice: &mut Dice) -> DayPart {
    let evening = match (when.periods, when.kind) {
        (3.., _) => 0,
        (_, CohortKind::Staff | CohortKind::JobSeekers) => 8,
        _ => 2,
    };
    dice.weighted(&[
        (DayPart::Morning, 6),
        (DayPart::Afternoon, 4),
        (DayPart::Evening, evening),
    ])
}
