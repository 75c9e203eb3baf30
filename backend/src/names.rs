//! The names that a view's ids stand for.

use crate::app::Caller;
use crate::store::requests::RequestRecord;
use domain::api::{CallName, NameBook, OrganizationName, SittingView};
use domain::catalog::{Catalog, Named};
use domain::id::*;
use domain::people::Cohort;
use domain::time::Week;
use std::collections::{BTreeMap, BTreeSet};

/// Everything of the catalog; requests are named by `with_requests`, for those who may know them.
pub fn of(catalog: &Catalog) -> NameBook {
    let organization = |o: &domain::people::Organization| OrganizationName {
        name: o.name.clone(),
        name_en: o.name_en.clone(),
        seal: o.seal.clone(),
        kind: o.kind,
    };
    NameBook {
        organizations: catalog
            .organizations
            .iter()
            .map(|o| (o.id.clone(), organization(o)))
            .collect(),
        bases: catalog.bases.iter().map(|b| (b.id.clone(), b.name.clone())).collect(),
        rooms: catalog.rooms.iter().map(|r| (r.id.clone(), r.name.clone())).collect(),
        equipment: catalog
            .equipment
            .iter()
            .map(|e| (e.id.clone(), e.name.clone()))
            .collect(),
        instructors: catalog
            .instructors
            .iter()
            .map(|i| (i.id.clone(), i.name.clone()))
            .collect(),
        cohorts: BTreeMap::new(),
        features: words(&catalog.features, FeatureId::new),
        skills: words(&catalog.skills, SkillId::new),
        requests: BTreeMap::new(),
    }
}

fn words<T: Ord>(named: &[Named], id: impl Fn(String) -> T) -> BTreeMap<T, String> {
    named
        .iter()
        .map(|word| (id(word.id.clone()), word.name.clone()))
        .collect()
}

/// Names the cohorts that `known` lets through.
pub fn with_cohorts(mut book: NameBook, catalog: &Catalog, known: impl Fn(&Cohort) -> bool) -> NameBook {
    let cohorts = catalog.cohorts.iter().filter(|cohort| known(cohort));
    book.cohorts = cohorts.map(|cohort| (cohort.id.clone(), cohort.name.clone())).collect();
    book
}

/// Which cohorts a reader may know by name: a name stays inside its organization until a lesson is published, except for
/// whoever plans.
pub fn known_cohorts(caller: &Caller, published: &[SittingView]) -> impl Fn(&Cohort) -> bool {
    let plans = caller.may(CallName::ReadBoard).is_ok();
    let own = caller.actor.as_ref().and_then(|actor| actor.organization.clone());
    let published: BTreeSet<CohortId> = published.iter().flat_map(|lesson| lesson.cohorts.clone()).collect();
    move |cohort| plans || own.as_ref() == Some(&cohort.organization) || published.contains(&cohort.id)
}

/// Names requests by reference and purpose.
pub fn with_requests<'a>(
    mut book: NameBook,
    week: Week,
    requests: impl IntoIterator<Item = &'a RequestRecord>,
) -> NameBook {
    let label = |r: &RequestRecord| format!("{} {}", reference(week, r.number), r.draft.purpose);
    book.requests = requests
        .into_iter()
        .map(|request| (request.id.clone(), label(request)))
        .collect();
    book
}

/// What people quote: ISO week and running number.
pub fn reference(week: Week, number: i64) -> String {
    format!("S{:02}-{number:04}", week.iso().1)
}
