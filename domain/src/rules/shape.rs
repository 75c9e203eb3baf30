//! Rules that look at the draft's own numbers and names.

use super::*;
use std::collections::BTreeSet;

pub fn standing(_: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    broken.extend(setting.standing.barred());
}

pub fn purpose(draft: &RequestDraft, _: &Setting, broken: &mut Vec<Violation>) {
    if draft.purpose.trim().is_empty() {
        broken.push(Violation::PurposeMissing);
    }
    broken.extend(
        check_text(draft)
            .into_iter()
            .filter(|violation| violation.field() == Some("purpose")),
    );
}

pub fn amounts(draft: &RequestDraft, _: &Setting, broken: &mut Vec<Violation>) {
    if !(1..=LESSONS_MAX).contains(&draft.lessons) {
        broken.push(Violation::LessonsOutOfRange {
            min: 1,
            max: LESSONS_MAX,
            lessons: draft.lessons,
        });
    }
    if !(MINUTES_MIN..=MINUTES_MAX).contains(&draft.minutes) {
        broken.push(Violation::MinutesOutOfRange {
            min: MINUTES_MIN,
            max: MINUTES_MAX,
            minutes: draft.minutes,
        });
    }
    if !(1..=TIER_MAX).contains(&draft.tier) {
        broken.push(Violation::TierOutOfRange {
            min: 1,
            max: TIER_MAX,
            tier: draft.tier,
        });
    }
}

pub fn day_limits(draft: &RequestDraft, _: &Setting, broken: &mut Vec<Violation>) {
    if let Some(per_day_max) = draft.per_day_max.filter(|n| !(1..=LESSONS_MAX).contains(n)) {
        broken.push(Violation::PerDayMaxOutOfRange {
            min: 1,
            max: LESSONS_MAX,
            per_day_max,
        });
    }
    if !(0..=6).contains(&draft.days_between_min) {
        broken.push(Violation::DaysBetweenOutOfRange {
            min: 0,
            max: 6,
            days_between_min: draft.days_between_min,
        });
    }
}

pub fn cohorts(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    if draft.cohorts.is_empty() {
        broken.push(Violation::CohortMissing);
    }
    for cohort in &draft.cohorts {
        if !setting
            .cohorts
            .iter()
            .any(|own| own.id == *cohort && own.organization == setting.organization)
        {
            broken.push(Violation::ForeignCohort { cohort: cohort.clone() });
        }
    }
}

pub fn headcount(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    if !(1..=HEADCOUNT_MAX).contains(&draft.headcount) {
        broken.push(Violation::HeadcountOutOfRange {
            min: 1,
            max: HEADCOUNT_MAX,
            headcount: draft.headcount,
        });
    }
    let named: Vec<_> = setting
        .cohorts
        .iter()
        .filter(|own| draft.cohorts.contains(&own.id))
        .collect();
    let cohorts = named.iter().fold(0_i64, |sum, own| sum.saturating_add(own.headcount));
    if !named.is_empty() && draft.headcount > cohorts {
        broken.push(Violation::HeadcountAboveCohorts {
            cohorts,
            headcount: draft.headcount,
        });
    }
}

pub fn known_things(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    let world = &setting.world;
    let features: BTreeSet<_> = world.rooms.iter().flat_map(|room| &room.features).collect();
    let skills: BTreeSet<_> = world
        .instructors
        .iter()
        .flat_map(|person| person.skills.keys())
        .collect();
    let equipment: Vec<_> = draft.equipment.iter().map(|need| &need.id).collect();
    let skills_asked: Vec<_> = draft.skills.keys().collect();
    look("cohorts", &draft.cohorts.iter().collect::<Vec<_>>(), |_| true, broken);
    look(
        "rooms",
        &draft.rooms.iter().collect::<Vec<_>>(),
        |id| world.room(id).is_some(),
        broken,
    );
    look(
        "features",
        &draft.features.iter().collect::<Vec<_>>(),
        |id| features.contains(id),
        broken,
    );
    look(
        "equipment",
        &equipment,
        |id| world.equipment.iter().any(|kind| kind.id == **id),
        broken,
    );
    look("skills", &skills_asked, |id| skills.contains(id), broken);
    let wanted: Vec<_> = draft.wanted_instructors.iter().collect();
    look("instructors", &wanted, |id| world.instructor(id).is_some(), broken);
}

/// Reports each id of a field that does not exist or stands twice.
fn look<T: Ord + ToString>(field: &str, ids: &[&T], exists: impl Fn(&&T) -> bool, broken: &mut Vec<Violation>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        let (field, text) = (field.to_owned(), id.to_string());
        if !seen.insert(*id) {
            broken.push(Violation::DuplicateThing { field, id: text });
        } else if !exists(id) {
            broken.push(Violation::UnknownThing { field, id: text });
        }
    }
}

pub fn quota(draft: &RequestDraft, setting: &Setting, broken: &mut Vec<Violation>) {
    let asked = draft.asked_min();
    if let Some(quota) = setting.quota.filter(|quota| asked > *quota) {
        broken.push(Violation::AboveQuota { quota, asked });
    }
}
