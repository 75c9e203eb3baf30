//! One write of the API, once: its key is taken, its use case runs, and effect, reply, audit entry and outbox row commit
//! together. A repeated key gets the reply that the first one got.

use crate::app::{App, Caller};
use crate::clock;
use crate::problem::Problem;
use crate::store::answers::{self, Claim};
use crate::store::{Begun, By, Change, Deed, Finished};
use domain::api::{ProblemCode, WriteCall};
use domain::event::Event;
use domain::id::{AllianceId, WriteKey};
use domain::password::UNSHOWN;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Runs a use case inside a change, unless its key has been answered already; the reply is JSON.
pub async fn once<C, F, Fut>(
    app: &App,
    caller: &Caller,
    key: WriteKey,
    call: C,
    use_case: &F,
) -> Result<Vec<u8>, Problem>
where
    C: WriteCall,
    F: Fn(App, Caller, Change, C) -> Fut,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>>,
{
    let no_preparation = async |_: App, _: Caller, _: C| Ok::<(), Problem>(());
    let use_case = |app: App, caller: Caller, change: Change, call: C, (): ()| use_case(app, caller, change, call);
    after(app, caller, key, call, &no_preparation, &use_case).await
}

/// The same for a use case that needs something first that would hold up every other writer, like a password's hash. It
/// is not made again for a key that has been answered.
pub async fn after<C, P, Prepare, Preparing, F, Fut>(
    app: &App,
    caller: &Caller,
    key: WriteKey,
    call: C,
    prepare: &Prepare,
    use_case: &F,
) -> Result<Vec<u8>, Problem>
where
    C: WriteCall,
    Prepare: Fn(App, Caller, C) -> Preparing,
    Preparing: Future<Output = Result<P, Problem>>,
    F: Fn(App, Caller, Change, C, P) -> Fut,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>>,
{
    let claim = Claim {
        person: person(caller),
        key,
        call: C::NAME,
        body_sha256: told_apart(app, &call)?,
        at_ms: clock::now_ms(),
    };
    let subject = call.subject().unwrap_or_else(|| person(caller));
    let deed = deed(caller, C::EVENT, subject);
    if let Some(reply) = answered(app, caller, &claim).await? {
        return Ok(reply);
    }
    let prepared = match prepare(app.clone(), caller.clone(), call.clone()).await {
        Ok(prepared) => prepared,
        // The same click may have been done meanwhile, by which this one comes too late.
        Err(problem) => return answered(app, caller, &claim).await?.ok_or(problem),
    };
    match app.change(claim, deed).await? {
        Begun::Answered(reply) => Ok(reply),
        Begun::Reused => Err(Problem::new(ProblemCode::KeyReused)),
        Begun::Fresh(change) => {
            let finished = use_case(app.clone(), caller.clone(), change, call, prepared).await?;
            Ok(app.commit(finished).await?)
        }
    }
}

/// The reply that a key has had, before anything is done.
async fn answered(app: &App, caller: &Caller, claim: &Claim) -> Result<Option<Vec<u8>>, Problem> {
    let tx = app.read().await?;
    match answers::find(&tx, &caller.alliance, claim).await? {
        Some(None) => Err(Problem::new(ProblemCode::KeyReused)),
        known => Ok(known.flatten()),
    }
}

/// What tells a call from another one under the same key, 64 hex digits. Where it has something in it that is not
/// shown, like a password, it takes a key from outside the database to try which one it was.
fn told_apart<C: WriteCall>(app: &App, call: &C) -> Result<String, Problem> {
    let printed = format!("{call:?}");
    let internal = |error: &dyn std::fmt::Display| Problem::internal(error.to_string());
    if printed.contains(UNSHOWN) {
        let whole = serde_json::to_vec(call).map_err(|error| internal(&error))?;
        let tag = app.keys.tag("answers", &whole).map_err(|error| internal(&error))?;
        if let Some(tag) = tag {
            return Ok(hex::encode(tag));
        }
    }
    Ok(hex::encode(Sha256::digest(printed)))
}

/// What a caller does, before it is done.
pub fn deed(caller: &Caller, event: Event, subject: String) -> Deed {
    let by = caller.actor.clone().map_or(By::Visitor, By::Person);
    made((&caller.alliance, by), caller.now_at_min, event, subject)
}

/// What the program has done by itself, or for whoever runs it.
pub fn own_deed(alliance: &AllianceId, at_min: i64, event: Event, subject: String) -> Deed {
    made((alliance, By::System), at_min, event, subject)
}

fn made((alliance, by): (&AllianceId, By), at_min: i64, event: Event, subject: String) -> Deed {
    Deed {
        id: clock::new_id(),
        alliance: alliance.clone(),
        by,
        at_ms: clock::now_ms(),
        at_min,
        event,
        subject,
        facts: BTreeMap::new(),
    }
}

/// Keys belong to a person; all visitors share one space of keys, which nobody guesses.
fn person(caller: &Caller) -> String {
    caller
        .actor
        .as_ref()
        .map_or_else(|| "visitor".into(), |actor| actor.person.to_string())
}
