//! Rules about what the pool offers: rooms, equipment, qualifications, instructors.

use super::*;
use crate::instance::{EquipmentNeed, Room};
use crate::time::{MINUTES_PER_DAY, Span};

/// The rooms that could host the draft by themselves, whatever the hour.
pub fn suitable<'a>(draft: &RequestDraft, setting: &'a Setting) -> Vec<&'a Room> {
    let asked = |room: &&Room| draft.rooms.is_empty() || draft.rooms.contains(&room.id);
    let equipped = |room: &&Room| draft.equipment.iter().all(|need| serves(setting, need, room));
    let fits = |room: &&Room| has_features(draft, room) && room.seats >= draft.headcount;
    setting
        .world
        .rooms
        .iter()
        .filter(asked)
        .filter(fits)
        .filter(equipped)
        .collect()
}

fn has_features(draft: &RequestDraft, room: &Room) -> bool {
    draft.features.iter().all(|feature| room.features.contains(feature))
}

fn serves(setting: &Setting, need: &EquipmentNeed, room: &Room) -> bool {
    let kind = setting.world.equipment.iter().find(|kind| kind.id == need.id);
    // An unknown equipment is reported once, by name, and not again as a room that lacks it.
    kind.is_none_or(|kind| match &kind.room {
        Some(fixed) => *fixed == room.id,
        None => kind.site == room.site,
    })
}

pub fn rooms(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    let featured = featured(draft, setting);
    let equipped = |room: &&&Room| draft.equipment.iter().all(|need| serves(setting, need, room));
    let seats = |room: &&Room| room.seats;
    // Where no room has all the equipment, that is said by the equipment's own rule.
    let seats_equipped = featured.iter().filter(equipped).map(seats).max();
    let Some(seats_max) = seats_equipped.or_else(|| featured.iter().map(seats).max()) else {
        return broken.push(Violation::NoRoomHasFeatures {
            features: draft.features.clone(),
        });
    };
    if draft.headcount > seats_max {
        broken.push(Violation::NoRoomHasSeats {
            seats_max,
            headcount: draft.headcount,
        });
    }
}

/// The rooms asked for that have the features, however small and whatever stands in them.
fn featured<'a>(draft: &RequestDraft, setting: &'a Setting) -> Vec<&'a Room> {
    let asked = |room: &&Room| draft.rooms.is_empty() || draft.rooms.contains(&room.id);
    let rooms = setting.world.rooms.iter().filter(asked);
    rooms.filter(|room| has_features(draft, room)).collect()
}

pub fn equipment(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    // Rooms that serve every kind so far: kinds that stand in different rooms cannot be had together.
    let mut left = featured(draft, setting);
    for need in &draft.equipment {
        let Some(kind) = setting.world.equipment.iter().find(|kind| kind.id == need.id) else {
            continue;
        };
        if !(1..=kind.units).contains(&need.units) {
            let (equipment, units, units_max) = (need.id.clone(), need.units, kind.units);
            broken.push(Violation::EquipmentUnitsOutOfRange {
                equipment,
                units,
                units_max,
            });
        }
        let serving: Vec<&Room> = left
            .iter()
            .copied()
            .filter(|room| serves(setting, need, room))
            .collect();
        if serving.is_empty() {
            broken.push(Violation::EquipmentElsewhere {
                equipment: need.id.clone(),
            });
        } else {
            left = serving;
        }
    }
}

pub fn qualifications(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    let guarded = draft
        .equipment
        .iter()
        .filter(|need| setting.qualification_needed.contains(&need.id));
    for need in guarded {
        for cohort in setting.cohorts.iter().filter(|own| draft.cohorts.contains(&own.id)) {
            match cohort
                .qualifications
                .iter()
                .filter(|q| q.equipment == need.id)
                .map(|q| q.until)
                .max()
            {
                None => broken.push(Violation::QualificationMissing {
                    cohort: cohort.id.clone(),
                    equipment: need.id.clone(),
                }),
                Some(until) => {
                    broken.extend(
                        first_day_after(draft, setting, until).map(|day| Violation::QualificationExpires {
                            cohort: cohort.id.clone(),
                            equipment: need.id.clone(),
                            day,
                        }),
                    )
                }
            }
        }
    }
}

/// The first day asked for on which something valid before `until` no longer is.
fn first_day_after(draft: &RequestDraft, setting: &Setting, until: chrono::NaiveDate) -> Option<i64> {
    let asked = |day: &i64| {
        let whole = Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY);
        draft
            .windows
            .iter()
            .any(|window| !window.span.is_empty() && window.span.overlaps(whole))
    };
    (0..7).filter(asked).find(|day| setting.week.day(*day) >= until)
}

pub fn instructors(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    if !(0..=INSTRUCTORS_MAX).contains(&draft.instructors) {
        let (min, max, count) = (0, INSTRUCTORS_MAX, draft.instructors);
        return broken.push(Violation::InstructorCountOutOfRange { min, max, count });
    }
    for (skill, level) in draft
        .skills
        .iter()
        .filter(|(_, level)| !(1..=SKILL_LEVEL_MAX).contains(*level))
    {
        let (skill, min, max, level) = (skill.clone(), 1, SKILL_LEVEL_MAX, *level);
        broken.push(Violation::SkillLevelOutOfRange { skill, min, max, level });
    }
    let wanted = |id: &InstructorId| draft.wanted_instructors.is_empty() || draft.wanted_instructors.contains(id);
    let serving =
        |served: &Option<Vec<OrganizationId>>| served.as_ref().is_none_or(|list| list.contains(&setting.organization));
    let teaches = |skills: &std::collections::BTreeMap<SkillId, i64>| {
        draft
            .skills
            .iter()
            .all(|(skill, level)| skills.get(skill).is_some_and(|have| have >= level))
    };
    let pool = setting.world.instructors.iter();
    let found = pool
        .filter(|p| wanted(&p.id) && serving(&p.organizations) && teaches(&p.skills))
        .count() as i64;
    if found < draft.instructors {
        broken.push(Violation::NoInstructorTeaches {
            needed: draft.instructors,
            found,
        });
    }
}
