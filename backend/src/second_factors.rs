//! Secrets of second factors: each is sealed by a key for one person, so that neither the database alone nor a row that was
//! moved to somebody else makes a code. Turning a second factor on and off is `account`.

use crate::app::App;
use crate::changes::own_deed;
use crate::clock;
use crate::keys::Keys;
use crate::problem::Problem;
use crate::store::second_factors::{self as rows, FactorRecord, Sealed};
use crate::store::{Change, StoreError, Tx, alliances};
use anyhow::{Context, bail};
use domain::event::Event;
use domain::id::{AllianceId, PersonId};
use std::collections::BTreeSet;

const PURPOSE: &str = "second factor";
/// The newest key, and the one before it: another process may have sealed with that one a moment ago.
const KEYS_KEPT: usize = 2;

pub fn sealed(keys: &Keys, alliance: &AllianceId, person: &PersonId, secret: &[u8]) -> anyhow::Result<Sealed> {
    keys.seal(PURPOSE, &[alliance.as_str(), person.as_str()], secret)
}

fn opened(keys: &Keys, alliance: &AllianceId, person: &PersonId, sealed: &Sealed) -> anyhow::Result<Vec<u8>> {
    // What no start has sealed yet.
    if sealed.key.is_empty() {
        return Ok(sealed.bytes.clone());
    }
    keys.open(PURPOSE, &[alliance.as_str(), person.as_str()], sealed)
}

/// The secret of a person's second factor; nothing where its key is not here, which is a loud line in the log: recovery
/// codes go on opening.
pub fn secret(app: &App, alliance: &AllianceId, person: &PersonId, factor: &FactorRecord) -> Option<Vec<u8>> {
    opened(&app.keys, alliance, person, &factor.sealed)
        .inspect_err(|error| tracing::error!(%error, %person, "a second factor does not open"))
        .ok()
}

/// Puts a secret that is to be confirmed in the place of any other.
pub async fn put(
    app: &App,
    change: &Change,
    alliance: &AllianceId,
    person: &PersonId,
    secret: &[u8],
) -> Result<(), Problem> {
    let sealed =
        sealed(&app.keys, alliance, person, secret).map_err(|error| Problem::internal(format!("{error:#}")))?;
    Ok(rows::put(change, alliance, person, &sealed).await?)
}

/// Sees at the start that the keys are those of the database, makes the first one, and seals what is not sealed by the newest.
pub async fn begin(app: &App) -> anyhow::Result<()> {
    let (keys, path) = (&app.keys, app.keys.path().display());
    let named = named(app).await?;
    let mut ids = keys.ids()?;
    if ids.is_empty() && named.is_empty() && !app.config.key_file_given {
        ids.push(keys.add()?);
    }
    let missing: Vec<&String> = named.iter().filter(|id| !ids.contains(id)).collect();
    if let Some(id) = missing.first() {
        bail!(
            "secrets of this database are sealed by the key {id}, which is not in {path}: bring the file, or name it by \
             --key-file; where it is lost for good, `gongxun keys rotate` goes on without it"
        );
    }
    let newest = ids
        .last()
        .with_context(|| format!("{path} holds no key: copy it from another machine, or run `gongxun keys rotate`"))?;
    seal_all(app, newest).await
}

/// The keys that the alliances say they are sealed with.
async fn named(app: &App) -> Result<BTreeSet<String>, StoreError> {
    let tx = app.read().await?;
    let all = alliances::list(&tx).await?;
    Ok(all.into_iter().filter_map(|alliance| alliance.key).collect())
}

/// A new key, and everything that opens sealed anew with it; says its name. What does not open, because its key was lost,
/// stays as it is: its owner comes in by a recovery code and turns on another.
pub async fn rotate(app: &App) -> anyhow::Result<String> {
    let newest = app.keys.add()?;
    seal_all(app, &newest).await?;
    app.keys.keep(KEYS_KEPT)?;
    Ok(newest)
}

/// Seals everything with the newest key that is not sealed by it, in one commit.
async fn seal_all(app: &App, newest: &str) -> anyhow::Result<()> {
    let change = app.work().await?;
    for alliance in alliances::list(&change).await? {
        let all = rows::all(&change, &alliance.id).await?;
        let mut sealed_anew = 0_i64;
        for (person, was) in all.iter().filter(|(_, sealed)| sealed.key != newest) {
            let Ok(secret) = opened(&app.keys, &alliance.id, person, was) else {
                tracing::error!(%person, key = was.key, "a second factor does not open and stays as it is");
                continue;
            };
            let is = sealed(&app.keys, &alliance.id, person, &secret)?;
            rows::reseal(&change, &alliance.id, person, was, &is).await?;
            sealed_anew += 1;
        }
        let another = alliance.key.as_deref() != Some(newest);
        if another {
            alliances::name_key(&change, &alliance.id, newest).await?;
        }
        if sealed_anew > 0 || (another && alliance.key.is_some()) {
            told(&change, &alliance, Event::SecretsSealed, alliance.id.to_string());
            change.fact("secrets", sealed_anew);
        }
    }
    app.commit(change.done(())).await?;
    Ok(())
}

/// What the program has done by itself.
fn told(change: &Change, alliance: &alliances::AllianceRecord, event: Event, subject: String) {
    let at_min = clock::civil_now(&alliance.zone).1;
    change.deed(own_deed(&alliance.id, at_min, event, subject));
}

/// How many secrets are sealed by keys that are here, and those of them that do not open.
pub async fn judged(tx: &Tx, alliance: &AllianceId, keys: &Keys) -> Result<(i64, Vec<String>), StoreError> {
    let ids = keys.ids().map_err(|error| StoreError::Broken(format!("{error:#}")))?;
    let all = rows::all(tx, alliance).await?;
    let here: Vec<_> = all.iter().filter(|(_, sealed)| ids.contains(&sealed.key)).collect();
    let broken = here
        .iter()
        .filter(|(person, sealed)| opened(keys, alliance, person, sealed).is_err())
        .map(|(person, _)| format!("the second factor of {person} does not open"));
    Ok((here.len() as i64, broken.collect()))
}
