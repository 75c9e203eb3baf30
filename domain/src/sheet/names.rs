//! What the cells call things: by name or by id, as far as the asking organization may know them.

use super::cells::{SEPARATORS, TIMES, plain};
use crate::catalog::{Catalog, Named};
use crate::id::OrganizationId;
use crate::time::PeriodTable;
use std::collections::BTreeMap;

/// The names of a week's catalog, as one organization reads them: another's cohorts are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    pub periods: PeriodTable,
    pub cohorts: Names,
    pub rooms: Names,
    pub features: Names,
    pub equipment: Names,
    pub instructors: Names,
    pub skills: Names,
}

impl Book {
    pub fn of(catalog: &Catalog, organization: &OrganizationId) -> Self {
        let own = catalog
            .cohorts
            .iter()
            .filter(|cohort| cohort.organization == *organization);
        let words = |words: &[Named]| {
            let word = |word: &Named| Name {
                id: word.id.clone(),
                name: word.name.clone(),
                name_en: word.name_en.clone(),
            };
            Names::of(words.iter().map(word))
        };
        Self {
            periods: catalog.periods.clone(),
            cohorts: Names::of(own.map(|cohort| Name::new(&cohort.id, &cohort.name))),
            rooms: Names::of(catalog.rooms.iter().map(|room| Name::new(&room.id, &room.name))),
            features: words(&catalog.features),
            equipment: Names::of(catalog.equipment.iter().map(|kind| Name::new(&kind.id, &kind.name))),
            instructors: Names::of(
                catalog
                    .instructors
                    .iter()
                    .map(|person| Name::new(&person.id, &person.name)),
            ),
            skills: words(&catalog.skills),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub id: String,
    pub name: String,
    /// Empty where there is none.
    pub name_en: String,
}

impl Name {
    pub fn new(id: &impl ToString, name: &str) -> Self {
        Self {
            id: id.to_string(),
            name: name.to_owned(),
            name_en: String::new(),
        }
    }
}

/// Things of one kind by what they may be called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub all: Vec<Name>,
    ids: BTreeMap<String, usize>,
    called: BTreeMap<String, Vec<usize>>,
}

/// What a text stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant<'a> {
    One(&'a str),
    Nothing,
    Several,
}

impl Names {
    pub fn of(names: impl IntoIterator<Item = Name>) -> Self {
        let all: Vec<Name> = names.into_iter().collect();
        let mut called = BTreeMap::<String, Vec<usize>>::new();
        for (at, name) in all.iter().enumerate() {
            for text in [&name.name, &name.name_en] {
                let things = called.entry(plain(text)).or_default();
                if !text.is_empty() && things.last() != Some(&at) {
                    things.push(at);
                }
            }
        }
        let ids = all.iter().enumerate().map(|(at, name)| (name.id.clone(), at)).collect();
        Self { all, ids, called }
    }

    /// An id is always what it says; a name is, when only one thing has it.
    pub fn meant(&self, text: &str) -> Meant<'_> {
        let text = text.trim();
        if let Some((id, _)) = self.ids.get_key_value(text) {
            return Meant::One(id);
        }
        match self.called.get(&plain(text)).map(Vec::as_slice) {
            Some([one]) => Meant::One(&self.all[*one].id),
            None | Some([]) => Meant::Nothing,
            Some(_) => Meant::Several,
        }
    }

    /// What to write for an id so that it is read as this id: the name where it can be told from all others.
    pub fn written(&self, id: &str) -> String {
        let name = self.ids.get(id).map(|at| self.all[*at].name.as_str());
        let is_one_word = |name: &&str| !name.contains(SEPARATORS) && !name.contains(TIMES);
        let name = name
            .filter(is_one_word)
            .filter(|name| self.meant(name) == Meant::One(id));
        name.unwrap_or(id).to_owned()
    }
}
