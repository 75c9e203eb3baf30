//! What there is to book: bases with centres, rooms and their bays, equipment with numbered units, closures.
//!
//! Weekly hours are minutes of the week; closures are civil minutes since 1970-01-01 (`time::epoch_min`).

use crate::id::*;
use crate::instance;
use crate::people::{Cohort, Instructor, Organization};
use crate::time::{self, PeriodTable, Span, SpecialDay, Week};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    pub id: BaseId,
    pub name: String,
    pub kind: BaseKind,
    /// Who hosts it; a public base has none.
    pub host: Option<OrganizationId>,
    pub address: String,
    /// Weekly opening hours.
    pub open: Vec<Span>,
    pub safety_induction: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BaseKind {
    Public,
    School,
    /// 校中厂
    PlantInSchool,
    /// 厂中校
    SchoolInPlant,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub base: BaseId,
    /// The centre of the base that it belongs to.
    pub center: String,
    pub name: String,
    /// The room that this is a bay of.
    pub part_of: Option<RoomId>,
    pub features: Vec<FeatureId>,
    pub seats: i64,
    /// Weekly hours of its own; `None` takes the base's.
    pub open: Option<Vec<Span>>,
    pub turnaround_min: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equipment {
    pub id: EquipmentId,
    pub base: BaseId,
    /// Fixed to this room; `None` moves inside the base.
    pub room: Option<RoomId>,
    pub name: String,
    /// Units are numbered from 1.
    pub units: i64,
    /// Cohorts need a qualification to run it.
    pub qualification_needed: bool,
}

/// A word of the catalog: what a feature or skill is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Named {
    pub id: String,
    pub name: String,
    pub name_en: String,
}

/// Closed or broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blackout {
    pub id: String,
    pub out: Out,
    /// Civil minutes since 1970-01-01.
    pub span: Span,
    pub reason: String,
}

/// What is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "id", rename_all = "snake_case")]
pub enum Out {
    Base(BaseId),
    Room(RoomId),
    Unit { equipment: EquipmentId, number: i64 },
    Instructor(InstructorId),
}

/// Everything that planning a week needs to know, besides the requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    pub zone: String,
    pub periods: PeriodTable,
    pub special_days: Vec<SpecialDay>,
    pub travel: Vec<(BaseId, BaseId, i64)>,
    pub travel_default_min: i64,
    pub features: Vec<Named>,
    pub skills: Vec<Named>,
    pub organizations: Vec<Organization>,
    pub bases: Vec<Base>,
    pub rooms: Vec<Room>,
    pub equipment: Vec<Equipment>,
    pub instructors: Vec<Instructor>,
    pub cohorts: Vec<Cohort>,
    pub blackouts: Vec<Blackout>,
    /// Instructors whose login is shut: what is published of them stands until it is handed over, and they teach nothing
    /// that is not.
    pub gone: BTreeSet<InstructorId>,
}

impl Catalog {
    /// The world of one week without members and requests: dates resolved, closures cut to minutes of the week.
    ///
    /// A holiday closes by empty hours, a make-up day by the hours of the day it teaches as.
    pub fn world(&self, week: Week) -> instance::Instance {
        instance::Instance {
            format: instance::FORMAT.into(),
            calendar: self.calendar(week),
            travel: self.travel(),
            organizations: Vec::new(),
            rooms: self.rooms.iter().map(|room| self.room_in_week(room, week)).collect(),
            equipment: self
                .equipment
                .iter()
                .map(|kind| self.equipment_in_week(kind, week))
                .collect(),
            instructors: self
                .instructors
                .iter()
                .map(|person| self.instructor_in_week(person, week))
                .collect(),
            requests: Vec::new(),
            budget: instance::Budget::default(),
        }
    }

    fn calendar(&self, week: Week) -> instance::Calendar {
        let of_day = |day: i64| {
            self.periods
                .0
                .iter()
                .map(move |period| day * time::MINUTES_PER_DAY + period.span.from)
        };
        instance::Calendar {
            monday: week.monday().to_string(),
            zone: self.zone.clone(),
            until: time::MINUTES_PER_WEEK,
            start_step: 5,
            starts: Some((0..7).flat_map(of_day).collect()),
        }
    }

    fn travel(&self) -> instance::Travel {
        let site = |base: &BaseId| SiteId::new(base.as_str());
        let pairs = self
            .travel
            .iter()
            .map(|(a, b, minutes)| (site(a), site(b), *minutes))
            .collect();
        instance::Travel {
            default: self.travel_default_min,
            pairs,
        }
    }

    fn room_in_week(&self, room: &Room, week: Week) -> instance::Room {
        let base = self.bases.iter().find(|base| base.id == room.base);
        let weekly = room
            .open
            .as_deref()
            .or(base.map(|base| base.open.as_slice()))
            .unwrap_or_default();
        let closed = |out: &Out| {
            matches!(out, Out::Room(id) if *id == room.id) || matches!(out, Out::Base(id) if *id == room.base)
        };
        instance::Room {
            id: room.id.clone(),
            site: SiteId::new(room.base.as_str()),
            part_of: room.part_of.clone(),
            features: room.features.clone(),
            seats: room.seats,
            open: time::hours_in_week(weekly, week, &self.special_days),
            blackouts: self.blackouts_in_week(week, closed),
            turnaround: room.turnaround_min,
        }
    }

    fn equipment_in_week(&self, kind: &Equipment, week: Week) -> instance::Equipment {
        let out_now = |number: i64| move |out: &Out| matches!(out, Out::Unit { equipment, number: n } if *equipment == kind.id && *n == number);
        let spans = (1..=kind.units).flat_map(|number| self.blackouts_in_week(week, out_now(number)));
        instance::Equipment {
            id: kind.id.clone(),
            site: SiteId::new(kind.base.as_str()),
            room: kind.room.clone(),
            units: kind.units,
            blackouts: spans.map(|span| instance::UnitsOut { span, units: 1 }).collect(),
        }
    }

    fn instructor_in_week(&self, person: &Instructor, week: Week) -> instance::Instructor {
        let away = self.blackouts_in_week(week, |out| matches!(out, Out::Instructor(id) if *id == person.id));
        let agreed = |day: i64| (person.agreement.from..person.agreement.until).contains(&week.day(day));
        let days = (0..7).filter(|day| agreed(*day)).map(|day| Span::new(day, day + 1));
        let covered: Vec<Span> = days
            .map(|d| Span::new(d.from * time::MINUTES_PER_DAY, d.until * time::MINUTES_PER_DAY))
            .collect();
        let hours = match self.gone.contains(&person.id) {
            true => Vec::new(),
            false => time::hours_in_week(&person.available, week, &self.special_days),
        };
        instance::Instructor {
            id: person.id.clone(),
            skills: person.skills.clone(),
            available: time::without(&time::common(&hours, &covered), &away),
            organizations: person.agreement.organizations.clone(),
            week_max: person.agreement.week_max_min,
            day_max: person.day_max_min,
        }
    }

    fn blackouts_in_week(&self, week: Week, concerns: impl Fn(&Out) -> bool) -> Vec<Span> {
        let whole = [Span::new(0, time::MINUTES_PER_WEEK)];
        let spans: Vec<Span> = self
            .blackouts
            .iter()
            .filter(|b| concerns(&b.out))
            .map(|b| b.span.shifted(-week.epoch_min()))
            .collect();
        time::common(&spans, &whole)
    }
}
