//! The public catalog: what there is, and each thing's week of free and busy.

use crate::app::{App, Caller};
use crate::names;
use crate::problem::Problem;
use crate::store::{alliances, timetable};
use domain::api::*;
use domain::catalog::{Catalog, Out};
use domain::id::*;
use domain::instance::{EquipmentNeed, Instance};
use domain::people;
use domain::time::{self, MINUTES_PER_DAY, MINUTES_PER_WEEK, Span, Week};

pub async fn read(app: App, caller: Caller, _: ReadCatalog) -> Result<CatalogView, Problem> {
    caller.may(CallName::ReadCatalog)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    Ok(CatalogView {
        bases: catalog.bases.iter().map(|base| base_view(&catalog, base)).collect(),
        rooms: catalog.rooms.iter().map(|room| room_view(&catalog, room)).collect(),
        equipment: catalog.equipment.iter().map(equipment_view).collect(),
        instructors: catalog.instructors.iter().map(instructor_view).collect(),
        features: catalog.features.clone(),
        skills: catalog.skills.clone(),
        names: names::of(&catalog),
    })
}

/// A thing's week. Only published lessons are busy; who trains is said, what and which group is not.
pub async fn read_week(app: App, caller: Caller, call: ReadThingWeek) -> Result<ThingWeekView, Problem> {
    caller.may(CallName::ReadThingWeek)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let week = call.week.unwrap_or_else(|| caller.week());
    let alliance = alliances::get(&tx, &caller.alliance).await?;
    let published = timetable::assignments(&tx, &caller.alliance, week).await?;
    let world = catalog.world(week);
    let (name, detail) = thing(&catalog, call.kind, &call.id).ok_or_else(Problem::not_found)?;
    let family = related_rooms(&catalog, &call.id);
    let busy = published.iter().filter_map(|assignment| {
        let units = match call.kind {
            ThingKind::Room => i64::from(family.contains(&assignment.room)),
            ThingKind::Instructor => i64::from(assignment.instructors.iter().any(|id| id.as_str() == call.id)),
            ThingKind::Equipment => {
                let held = assignment.equipment.iter().find(|held| held.id.as_str() == call.id);
                held.map_or(0, |held| held.units.len() as i64)
            }
        };
        let span = assignment.span.shifted(-week.epoch_min());
        (units > 0).then(|| BusySpan {
            span,
            organization: Some(assignment.organization.clone()),
            units,
        })
    });
    Ok(ThingWeekView {
        kind: call.kind,
        name,
        detail,
        week,
        today: today_in(&caller, week),
        periods: alliance.periods,
        special_days: catalog.special_days.clone(),
        open: hours(&world, call.kind, &call.id),
        closed: closures(&catalog, call.kind, &call.id, week),
        busy: busy.collect(),
        names: names::of(&catalog),
        id: call.id,
    })
}

/// Which day of a week today is, when it lies in it.
pub fn today_in(caller: &Caller, week: Week) -> Option<i64> {
    let days = caller.today.signed_duration_since(week.monday()).num_days();
    (0..7).contains(&days).then_some(days)
}

fn thing(catalog: &Catalog, kind: ThingKind, id: &str) -> Option<(String, ThingDetail)> {
    let none = ThingDetail {
        room: None,
        equipment: None,
        instructor: None,
    };
    match kind {
        ThingKind::Room => {
            let room = catalog.rooms.iter().find(|room| room.id.as_str() == id)?;
            Some((
                room.name.clone(),
                ThingDetail {
                    room: Some(room_view(catalog, room)),
                    ..none
                },
            ))
        }
        ThingKind::Equipment => {
            let kind = catalog.equipment.iter().find(|kind| kind.id.as_str() == id)?;
            Some((
                kind.name.clone(),
                ThingDetail {
                    equipment: Some(equipment_view(kind)),
                    ..none
                },
            ))
        }
        ThingKind::Instructor => {
            let person = catalog.instructors.iter().find(|person| person.id.as_str() == id)?;
            Some((
                person.name.clone(),
                ThingDetail {
                    instructor: Some(instructor_view(person)),
                    ..none
                },
            ))
        }
    }
}

/// The room with the rooms it is part of and its bays: they exclude each other.
fn related_rooms(catalog: &Catalog, id: &str) -> Vec<RoomId> {
    let parent = |id: &RoomId| {
        catalog
            .rooms
            .iter()
            .find(|room| room.id == *id)
            .and_then(|room| room.part_of.clone())
    };
    let above = |id: &RoomId| {
        std::iter::successors(parent(id), parent)
            .take(catalog.rooms.len())
            .collect::<Vec<_>>()
    };
    let Some(room) = catalog.rooms.iter().find(|room| room.id.as_str() == id) else {
        return Vec::new();
    };
    let ancestors = above(&room.id);
    let bays = catalog
        .rooms
        .iter()
        .filter(|other| above(&other.id).contains(&room.id))
        .map(|bay| bay.id.clone());
    ancestors.iter().cloned().chain(bays).chain([room.id.clone()]).collect()
}

fn hours(world: &Instance, kind: ThingKind, id: &str) -> Vec<Span> {
    let of_site = |site: &SiteId| {
        let rooms = world.rooms.iter().filter(|room| room.site == *site);
        time::joined(rooms.flat_map(|room| room.open.iter().copied()))
    };
    match kind {
        ThingKind::Room => world.rooms.iter().find(|r| r.id.as_str() == id).map(|r| r.open.clone()),
        ThingKind::Instructor => world
            .instructors
            .iter()
            .find(|i| i.id.as_str() == id)
            .map(|i| i.available.clone()),
        ThingKind::Equipment => world
            .equipment
            .iter()
            .find(|e| e.id.as_str() == id)
            .map(|e| match &e.room {
                Some(room) => world.room(room).map(|room| room.open.clone()).unwrap_or_default(),
                None => of_site(&e.site),
            }),
    }
    .unwrap_or_default()
}

fn closures(catalog: &Catalog, kind: ThingKind, id: &str, week: Week) -> Vec<ClosedSpan> {
    let base = match kind {
        ThingKind::Room => catalog
            .rooms
            .iter()
            .find(|room| room.id.as_str() == id)
            .map(|room| &room.base),
        ThingKind::Equipment => catalog
            .equipment
            .iter()
            .find(|kind| kind.id.as_str() == id)
            .map(|kind| &kind.base),
        ThingKind::Instructor => None,
    };
    let concerns = |out: &Out| match out {
        Out::Base(closed) => base == Some(closed),
        Out::Room(room) => kind == ThingKind::Room && room.as_str() == id,
        Out::Unit { equipment, .. } => kind == ThingKind::Equipment && equipment.as_str() == id,
        Out::Instructor(person) => kind == ThingKind::Instructor && person.as_str() == id,
    };
    let whole = [Span::new(0, MINUTES_PER_WEEK)];
    let of_week = |span: Span| time::common(&[span.shifted(-week.epoch_min())], &whole);
    let out = catalog.blackouts.iter().filter(|blackout| concerns(&blackout.out));
    let mut closed: Vec<ClosedSpan> = out
        .flat_map(|blackout| {
            of_week(blackout.span)
                .into_iter()
                .map(|span| (span, blackout.reason.clone()))
        })
        .map(|(span, reason)| ClosedSpan { span, reason })
        .collect();
    let holidays = (0..7).filter(|day| time::teaches_as(week, *day, &catalog.special_days).is_none());
    closed.extend(holidays.map(|day| {
        let name = catalog
            .special_days
            .iter()
            .find(|special| special.date == week.day(day))
            .map(|s| s.name.clone());
        let span = Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY);
        ClosedSpan {
            span,
            reason: name.unwrap_or_default(),
        }
    }));
    closed
}

fn base_view(catalog: &Catalog, base: &domain::catalog::Base) -> BaseView {
    let mut centers: Vec<String> = Vec::new();
    for room in catalog.rooms.iter().filter(|room| room.base == base.id) {
        if !centers.contains(&room.center) {
            centers.push(room.center.clone());
        }
    }
    BaseView {
        id: base.id.clone(),
        name: base.name.clone(),
        kind: base.kind,
        host: base.host.clone(),
        address: base.address.clone(),
        open: base.open.clone(),
        safety_induction: base.safety_induction,
        centers,
    }
}

pub fn room_view(catalog: &Catalog, room: &domain::catalog::Room) -> RoomView {
    let base = catalog.bases.iter().find(|base| base.id == room.base);
    let open = room
        .open
        .clone()
        .or_else(|| base.map(|base| base.open.clone()))
        .unwrap_or_default();
    let fixed = catalog
        .equipment
        .iter()
        .filter(|kind| kind.room.as_ref() == Some(&room.id));
    RoomView {
        id: room.id.clone(),
        base: room.base.clone(),
        center: room.center.clone(),
        name: room.name.clone(),
        part_of: room.part_of.clone(),
        features: room.features.clone(),
        seats: room.seats,
        open,
        turnaround_min: room.turnaround_min,
        equipment: fixed
            .map(|kind| EquipmentNeed {
                id: kind.id.clone(),
                units: kind.units,
            })
            .collect(),
    }
}

pub fn equipment_view(kind: &domain::catalog::Equipment) -> EquipmentView {
    EquipmentView {
        id: kind.id.clone(),
        base: kind.base.clone(),
        room: kind.room.clone(),
        name: kind.name.clone(),
        units: kind.units,
        qualification_needed: kind.qualification_needed,
    }
}

pub fn instructor_view(person: &people::Instructor) -> InstructorView {
    InstructorView {
        id: person.id.clone(),
        name: person.name.clone(),
        kind: person.kind,
        industry: person.industry.clone(),
        organization: person.organization.clone(),
        skills: person.skills.clone(),
        available: person.available.clone(),
        week_max_min: person.agreement.week_max_min,
        serves_everyone: person.agreement.organizations.is_none(),
        agreement_until: person.agreement.until.to_string(),
    }
}
