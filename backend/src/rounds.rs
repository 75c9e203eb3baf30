//! The week's cycle as a coordinator drives it: list, read, close, reopen.

use crate::app::{App, Caller};
use crate::organizations;
use crate::plans;
use crate::problem::Problem;
use crate::runs;
use crate::store::plans::PlanRecord;
use crate::store::requests::{Counted, RequestRecord};
use crate::store::{Change, Finished, Tx, alliances, plans as plan_rows, requests, rounds, runs as run_rows};
use domain::access::may_call;
use domain::api::*;
use domain::id::*;
use domain::request::{RequestAction, RequestState};
use domain::round::{Round, RoundAction, RoundState};
use std::collections::BTreeMap;

pub async fn list(app: App, caller: Caller, _: ListRounds) -> Result<RoundsView, Problem> {
    caller.may(CallName::ListRounds)?;
    let tx = app.read().await?;
    let all = rounds::list(&tx, &caller.alliance).await?;
    Ok(RoundsView {
        rounds: summaries(&tx, &caller, &all).await?,
    })
}

pub async fn read(app: App, caller: Caller, call: ReadRound) -> Result<RoundView, Problem> {
    caller.may(CallName::ReadRound)?;
    let tx = app.read().await?;
    let round = get(&tx, &caller, &call.id).await?;
    view(&tx, &caller, round).await
}

pub async fn close(_: App, caller: Caller, change: Change, call: CloseRound) -> Result<Finished<RoundView>, Problem> {
    let round = transit(&change, &caller, &call.id, call.version, RoundAction::Close).await?;
    for state in [RequestState::Draft, RequestState::Returned] {
        let expired = state.after(RequestAction::Expire)?;
        requests::set_states(&change, &caller.alliance, &round.id, state, expired, caller.now_at_min).await?;
    }
    let view = view(&change, &caller, round).await?;
    Ok(change.done(view))
}

/// Collects again. Drafts that expired at the close stay expired: their owners may ask anew.
pub async fn reopen(_: App, caller: Caller, change: Change, call: ReopenRound) -> Result<Finished<RoundView>, Problem> {
    let round = transit(&change, &caller, &call.id, call.version, RoundAction::Reopen).await?;
    let view = view(&change, &caller, round).await?;
    Ok(change.done(view))
}

/// A round the caller may see.
pub async fn get(tx: &Tx, caller: &Caller, id: &RoundId) -> Result<Round, Problem> {
    rounds::get(tx, &caller.alliance, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// One legal transition, compared and swapped on the version.
pub async fn transit(
    tx: &Tx,
    caller: &Caller,
    id: &RoundId,
    version: i64,
    action: RoundAction,
) -> Result<Round, Problem> {
    let round = get(tx, caller, id).await?;
    let after = Round {
        state: round.state.after(action)?,
        ..round
    };
    rounds::update(tx, &caller.alliance, &after, version).await?;
    get(tx, caller, id).await
}

/// The open round whose cut-off is next.
pub async fn collecting(tx: &Tx, caller: &Caller) -> Result<Option<Round>, Problem> {
    let all = rounds::list(tx, &caller.alliance).await?;
    Ok(collecting_of(&all, caller).cloned())
}

/// The same of rounds that were read already.
pub fn collecting_of<'a>(all: &'a [Round], caller: &Caller) -> Option<&'a Round> {
    let open = all
        .iter()
        .filter(|round| round.state == RoundState::Open && caller.now_at_min < round.cut_off_min);
    open.min_by_key(|round| round.cut_off_min)
}

/// The figures of rounds as the caller may know them.
pub async fn summaries(tx: &Tx, caller: &Caller, all: &[Round]) -> Result<Vec<RoundSummary>, Problem> {
    let counts = requests::counts_of_all(tx, &caller.alliance, counted_for(caller)).await?;
    let none = BTreeMap::new();
    let summary = |round: &Round| summed(round, counts.get(&round.id).unwrap_or(&none));
    Ok(all.iter().map(summary).collect())
}

pub async fn summary(tx: &Tx, caller: &Caller, round: &Round) -> Result<RoundSummary, Problem> {
    let counts = requests::counts(tx, &caller.alliance, &round.id, counted_for(caller)).await?;
    Ok(summed(round, &counts))
}

/// What somebody asks for is its own organization's business until the week is published, and so is that it asks. Whoever
/// decides when a round closes is told how many have asked and how many drafts would expire.
fn counted_for(caller: &Caller) -> Counted<'_> {
    let own = caller.actor.as_ref().and_then(|actor| actor.organization.as_ref());
    match (caller.may(CallName::CloseRound), own) {
        (Ok(()), _) => Counted::OfAll,
        (Err(_), Some(own)) => Counted::Of(own),
        (Err(_), None) => Counted::OfNobody,
    }
}

fn summed(round: &Round, counts: &BTreeMap<RequestState, i64>) -> RoundSummary {
    let of = |states: &[RequestState]| states.iter().filter_map(|state| counts.get(state)).sum();
    use RequestState::*;
    RoundSummary {
        id: round.id.clone(),
        week: round.week,
        state: round.state,
        cut_off_at_min: round.cut_off_min,
        version: round.version,
        submitted: of(&[Submitted, Proposed, Confirmed, PartlyConfirmed, NotGranted, Completed]),
        drafts: of(&[Draft, Returned]),
        published_plan: round.published.clone(),
    }
}

/// Figures for everybody who may read rounds; runs and plans for those who plan.
pub async fn view(tx: &Tx, caller: &Caller, round: Round) -> Result<RoundView, Problem> {
    let may_plan = may_call(caller.actor.as_ref(), CallName::PublishPlan).is_ok();
    let own = caller
        .actor
        .as_ref()
        .and_then(|actor| actor.organization.clone())
        .filter(|_| !may_plan);
    let filter = requests::RequestFilter {
        round: Some(round.id.clone()),
        organization: own.clone(),
        ..Default::default()
    };
    let found = requests::list(tx, &caller.alliance, &filter).await?;
    let asking = |state: RequestState| {
        !matches!(
            state,
            RequestState::Draft | RequestState::Withdrawn | RequestState::Expired
        )
    };
    let counts = counted(&found, |state| match state {
        // A proposal is not public: outside it still counts as submitted.
        RequestState::Proposed if !may_plan => RequestState::Submitted,
        state => state,
    });
    let four_eyes = alliances::get(tx, &caller.alliance).await?.four_eyes;
    let (mut run_views, mut plans) = (Vec::new(), Vec::new());
    if may_plan {
        run_views = run_rows::list(tx, &caller.alliance, &round.id)
            .await?
            .iter()
            .map(runs::view)
            .collect();
        plans = plan_rows::list(tx, &caller.alliance, &round.id).await?;
        plans.retain(|plan| !plan.discarded);
    }
    let person = caller.actor.as_ref().map(|actor| &actor.person);
    let approvable = |plan: &&PlanRecord| person.is_some_and(|id| plans::may_approve(plan, &round, four_eyes, id));
    let of_round = match own {
        // The own requests are not all of the round's.
        Some(_) => summary(tx, caller, &round).await?,
        None => summed(&round, &counted(&found, |state| state)),
    };
    Ok(RoundView {
        round: of_round,
        now_at_min: caller.now_at_min,
        four_eyes,
        counts,
        asked_min: found
            .iter()
            .filter(|record| asking(record.state))
            .map(|record| record.draft.asked_min())
            .sum(),
        runs: run_views,
        approvable: plans.iter().filter(approvable).map(|plan| plan.id.clone()).collect(),
        plans: plans.iter().map(plans::summary).collect(),
        left_out: match may_plan && !round.state.is_public() {
            true => left_out(tx, caller, &round, &found).await?,
            false => Vec::new(),
        },
        may_plan,
    })
}

fn counted(found: &[RequestRecord], shown: impl Fn(RequestState) -> RequestState) -> BTreeMap<RequestState, i64> {
    let mut counts = BTreeMap::new();
    for record in found {
        *counts.entry(shown(record.state)).or_insert(0) += 1;
    }
    counts
}

/// Whose requests would not be planned now: those of members that are suspended in the week, or gone.
async fn left_out(tx: &Tx, caller: &Caller, round: &Round, found: &[RequestRecord]) -> Result<Vec<LeftOut>, Problem> {
    let waits = |record: &&RequestRecord| matches!(record.state, RequestState::Submitted | RequestState::Proposed);
    let barred = organizations::barred(tx, caller, round.week).await?;
    let rows = barred.into_iter().filter_map(|(organization, why)| {
        let own = found
            .iter()
            .filter(waits)
            .filter(|record| record.organization == organization);
        let requests = own.count() as i64;
        (requests > 0).then_some(LeftOut {
            organization,
            requests,
            why,
        })
    });
    Ok(rows.collect())
}
