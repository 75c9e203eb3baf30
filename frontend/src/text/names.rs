//! Names of what a view mentions by id. An id without a name is shown as it is rather than hidden.

use super::Lang;
use domain::api::{NameBook, OrganizationName};
use domain::id::*;
use std::collections::BTreeMap;
use std::fmt::Display;

fn named<K: Ord + Display>(book: &BTreeMap<K, String>, id: &K) -> String {
    book.get(id).cloned().unwrap_or_else(|| id.to_string())
}

pub fn room(names: &NameBook, id: &RoomId) -> String {
    named(&names.rooms, id)
}
pub fn base(names: &NameBook, id: &BaseId) -> String {
    named(&names.bases, id)
}
pub fn equipment(names: &NameBook, id: &EquipmentId) -> String {
    named(&names.equipment, id)
}
pub fn instructor(names: &NameBook, id: &InstructorId) -> String {
    named(&names.instructors, id)
}
pub fn cohort(names: &NameBook, id: &CohortId) -> String {
    named(&names.cohorts, id)
}
pub fn feature(names: &NameBook, id: &FeatureId) -> String {
    named(&names.features, id)
}
pub fn skill(names: &NameBook, id: &SkillId) -> String {
    named(&names.skills, id)
}
/// Reference and purpose, as far as the reader may know them.
pub fn request(names: &NameBook, id: &RequestId) -> String {
    named(&names.requests, id)
}
pub fn organization(lang: Lang, names: &NameBook, id: &OrganizationId) -> String {
    names
        .organizations
        .get(id)
        .map_or_else(|| id.to_string(), |name| organization_name(lang, name))
}
/// The English name when the reader wants it and there is one.
pub fn organization_name(lang: Lang, name: &OrganizationName) -> String {
    let english = Some(&name.name_en).filter(|en| lang == Lang::En && !en.is_empty());
    english.unwrap_or(&name.name).clone()
}

/// Several names as one text: `甲、乙`, `A, B`.
pub fn list(lang: Lang, names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().collect::<Vec<_>>().join(lang.pick("、", ", "))
}
/// `1–4、7`: ascending numbers with their runs drawn together.
pub fn numbers(lang: Lang, numbers: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let run = |(first, last): (i64, i64)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    list(lang, runs.into_iter().map(run))
}
pub fn cohorts(lang: Lang, names: &NameBook, ids: &[CohortId]) -> String {
    list(lang, ids.iter().map(|id| cohort(names, id)))
}
pub fn instructors(lang: Lang, names: &NameBook, ids: &[InstructorId]) -> String {
    list(lang, ids.iter().map(|id| instructor(names, id)))
}
pub fn features(lang: Lang, names: &NameBook, ids: &[FeatureId]) -> String {
    list(lang, ids.iter().map(|id| feature(names, id)))
}

/// A book without a name.
pub fn nobody() -> NameBook {
    NameBook {
        organizations: BTreeMap::new(),
        bases: BTreeMap::new(),
        rooms: BTreeMap::new(),
        equipment: BTreeMap::new(),
        instructors: BTreeMap::new(),
        cohorts: BTreeMap::new(),
        features: BTreeMap::new(),
        skills: BTreeMap::new(),
        requests: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_numbers_are_drawn_together() {
        assert_eq!(numbers(Lang::Zh, &[1, 2, 3, 5, 7, 8]), "1–3、5、7–8");
        assert_eq!(numbers(Lang::En, &[4]), "4");
        assert_eq!(numbers(Lang::En, &[]), "");
    }
}
