//! The demo's coming week several times over, side by side: as many members, bases and requests as a timetable of
//! thousands of lessons takes.

use anyhow::{Context, Result};
use backend::clock;
use backend::config::Config;
use backend::demo::{self, Demo};
use backend::store::requests::RequestRecord;
use backend::store::{Store, StoreConfig, catalog, requests};
use domain::catalog::Catalog;
use domain::request::RequestState;
use domain::time::Week;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use tests::server::Server;

/// Puts so many copies of the open round's world and requests beside what a fresh demo has.
pub async fn multiply(server: &Server, times: usize) -> Result<()> {
    let store = Store::open(&StoreConfig::new(Config::sqlite_url(server.data_dir()))).await?;
    let week = Week::of(clock::civil_now("Asia/Shanghai").0);
    let demo = demo::alliance(week, demo::SEED_DEFAULT);
    let ids = ids(&demo.catalog);
    let tx = store.write().await?;
    let mut whole = demo.catalog.clone();
    for n in 1..times {
        append(&mut whole, copied(&demo.catalog, &ids, n)?);
    }
    catalog::replace(&tx, &demo.alliance, &whole).await?;
    for n in 1..times {
        for record in asked(&demo, &ids, n)? {
            requests::insert(&tx, &demo.alliance, &record).await?;
        }
    }
    tx.commit().await?;
    Ok(store.close().await?)
}

/// Every id that a copy has under another name; what things are called (skills, features) they share.
fn ids(catalog: &Catalog) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    ids.extend(catalog.organizations.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.bases.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.rooms.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.equipment.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.instructors.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.cohorts.iter().map(|one| one.id.to_string()));
    ids.extend(catalog.blackouts.iter().map(|one| one.id.clone()));
    ids
}

fn append(whole: &mut Catalog, more: Catalog) {
    whole.travel.extend(more.travel);
    whole.organizations.extend(more.organizations);
    whole.bases.extend(more.bases);
    whole.rooms.extend(more.rooms);
    whole.equipment.extend(more.equipment);
    whole.instructors.extend(more.instructors);
    whole.cohorts.extend(more.cohorts);
    whole.blackouts.extend(more.blackouts);
}

fn copied<T: Serialize + DeserializeOwned>(of: &T, ids: &BTreeSet<String>, n: usize) -> Result<T> {
    let mut value = serde_json::to_value(of)?;
    rename(&mut value, ids, n);
    serde_json::from_value(value).context("a copy")
}

fn rename(value: &mut Value, ids: &BTreeSet<String>, n: usize) {
    match value {
        Value::String(text) if ids.contains(text) => *text = format!("{text}-{n}"),
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, ids, n)),
        // A kind is a word, also where something is called by the same one.
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(name, _)| !matches!(name.as_str(), "kind" | "what"))
            .for_each(|(_, value)| rename(value, ids, n)),
        _ => {}
    }
}

fn asked(demo: &Demo, ids: &BTreeSet<String>, n: usize) -> Result<Vec<RequestRecord>> {
    let record = |request: &demo::DemoRequest| {
        Ok(RequestRecord {
            id: format!("{}-{n}", request.id).try_into().ok().context("an id")?,
            number: 0,
            round: request.round.clone(),
            organization: copied(&request.organization, ids, n)?,
            state: RequestState::Submitted,
            version: 1,
            draft: copied(&request.draft, ids, n)?,
            created_by: request.person.clone(),
            created_at_min: 0,
            updated_at_min: 0,
            note: None,
            granted_lessons: None,
            missing: None,
        })
    };
    demo.requests.iter().map(record).collect()
}
