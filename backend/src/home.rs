//! What waits for the person who comes in.

use crate::app::{App, Caller};
use crate::names;
use crate::plans;
use crate::problem::Problem;
use crate::rounds;
use crate::session;
use crate::store::requests::{RequestFilter, RequestRecord};
use crate::store::{Tx, alliances, plans as plan_rows, requests, rounds as round_rows};
use crate::timetable;
use domain::access::Actor;
use domain::api::*;
use domain::id::RoundId;
use domain::people::Role;
use domain::request::RequestState;
use domain::round::{Round, RoundState};

/// How many lessons and results the page shows.
const NEXT_MAX: usize = 8;

pub async fn read(app: App, caller: Caller, _: ReadHome) -> Result<HomeView, Problem> {
    caller.may(CallName::ReadHome)?;
    let actor = caller.actor()?.clone();
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let all = round_rows::list(&tx, &caller.alliance).await?;
    let collecting = rounds::collecting_of(&all, &caller);
    // What the list of rounds does not show is not shown here either.
    let shown = match caller.may(CallName::ListRounds) {
        Ok(()) => rounds::summaries(&tx, &caller, &all).await?,
        Err(_) => Vec::new(),
    };
    let tasks = match actor.role {
        Role::Coordinator => coordinator_tasks(&tx, &caller, &actor, &all, &shown).await?,
        Role::Requester | Role::OrganizationAdmin => member_tasks(&tx, &caller, &actor, &all, collecting).await?,
        Role::Instructor | Role::Auditor | Role::SystemAdmin => Vec::new(),
    };
    let next = next(&tx, &caller, &actor, &all).await?;
    let names = names::with_cohorts(names::of(&catalog), &catalog, names::known_cohorts(&caller, &next));
    Ok(HomeView {
        session: session::view(&app, &tx, &actor, &caller.name).await?,
        now_at_min: caller.now_at_min,
        round: collecting.and_then(|open| shown.iter().find(|summary| summary.id == open.id).cloned()),
        tasks,
        next,
        rounds: shown,
        names,
    })
}

async fn coordinator_tasks(
    tx: &Tx,
    caller: &Caller,
    actor: &Actor,
    all: &[Round],
    shown: &[RoundSummary],
) -> Result<Vec<Task>, Problem> {
    let four_eyes = alliances::get(tx, &caller.alliance).await?.four_eyes;
    let reviewed = all.iter().filter(|round| round.state == RoundState::Review);
    let reviewed: Vec<RoundId> = reviewed.map(|round| round.id.clone()).collect();
    let drafts = plan_rows::of_rounds(tx, &caller.alliance, &reviewed).await?;
    let mut tasks = Vec::new();
    for round in all {
        let submitted = shown
            .iter()
            .find(|summary| summary.id == round.id)
            .map_or(0, |summary| summary.submitted);
        let (id, week) = (round.id.clone(), round.week);
        match round.state {
            RoundState::Open => tasks.push(Task::CloseRound {
                round: id,
                week,
                submitted,
            }),
            RoundState::Closed => tasks.push(Task::RunSolver {
                round: id,
                week,
                submitted,
            }),
            RoundState::Review => {
                let mut own = drafts.iter().filter(|plan| plan.round == round.id);
                let Some(plan) = own.rfind(|plan| !plan.discarded) else {
                    continue;
                };
                let unplaced = plan.plan.unplaced.iter().map(|missing| missing.lessons).sum();
                let waits_for_me = four_eyes && plans::may_approve(plan, round, four_eyes, &actor.person);
                let plan = plan.id.clone();
                tasks.push(match waits_for_me {
                    true => Task::ApprovePlan { round: id, week, plan },
                    false => Task::ReviewPlan {
                        round: id,
                        week,
                        plan,
                        unplaced,
                    },
                });
            }
            RoundState::Planning | RoundState::Published | RoundState::Running | RoundState::Settled => {}
        }
    }
    Ok(tasks)
}

async fn member_tasks(
    tx: &Tx,
    caller: &Caller,
    actor: &Actor,
    all: &[Round],
    collecting: Option<&Round>,
) -> Result<Vec<Task>, Problem> {
    let filter = RequestFilter {
        organization: actor.organization.clone(),
        ..Default::default()
    };
    let own = requests::list(tx, &caller.alliance, &filter).await?;
    let mut tasks: Vec<Task> = own.iter().filter_map(|request| task_of(request, all)).collect();
    tasks.extend(collecting.map(|round| Task::AskForTime {
        round: round.id.clone(),
        week: round.week,
        cut_off_at_min: round.cut_off_min,
    }));
    let results = own.iter().filter(|request| is_fresh_result(request, all, caller));
    tasks.extend(results.take(NEXT_MAX).map(|request| Task::ReadResult {
        request: request.id.clone(),
        purpose: request.draft.purpose.clone(),
        state: request.state,
    }));
    Ok(tasks)
}

/// A draft to finish or a note to answer, while the round still collects.
fn task_of(request: &RequestRecord, all: &[Round]) -> Option<Task> {
    let round = all
        .iter()
        .find(|round| round.id == request.round && round.state == RoundState::Open)?;
    let (id, purpose) = (request.id.clone(), request.draft.purpose.clone());
    match request.state {
        RequestState::Draft => Some(Task::FinishDraft {
            request: id,
            purpose,
            cut_off_at_min: round.cut_off_min,
        }),
        RequestState::Returned => Some(Task::AnswerReturn {
            request: id,
            purpose,
            note: request.note.clone().unwrap_or_default(),
        }),
        _ => None,
    }
}

/// A result of a published week that has not begun.
fn is_fresh_result(request: &RequestRecord, all: &[Round], caller: &Caller) -> bool {
    use RequestState::{Confirmed, NotGranted, PartlyConfirmed};
    let round = all.iter().find(|round| round.id == request.round);
    let fresh = round.is_some_and(|round| round.state.is_public() && round.week > caller.week());
    fresh && matches!(request.state, Confirmed | PartlyConfirmed | NotGranted)
}

/// The person's own or their organization's next lessons.
async fn next(tx: &Tx, caller: &Caller, actor: &Actor, all: &[Round]) -> Result<Vec<SittingView>, Problem> {
    let mut next = Vec::new();
    let published = timetable::published_from(tx, caller, caller.week()).await?;
    for (week, sittings) in published {
        let public = all.iter().any(|round| round.week == week && round.state.is_public());
        let mine = |sitting: &SittingView| match (&actor.instructor, &actor.organization) {
            (Some(instructor), _) => sitting.instructors.contains(instructor),
            (None, Some(organization)) => sitting.organization == *organization,
            (None, None) => false,
        };
        let still_ahead = |sitting: &SittingView| week.epoch_min() + sitting.span.until > caller.now_at_min;
        let found = sittings.into_iter().filter(|_| public);
        next.extend(found.filter(mine).filter(still_ahead));
    }
    next.sort_by_key(|sitting| sitting.week.epoch_min() + sitting.span.from);
    next.truncate(NEXT_MAX);
    Ok(next)
}
