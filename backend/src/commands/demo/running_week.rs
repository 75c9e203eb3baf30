//! The demo's running week, brought to its timetable by the calls that a coordinator makes: close, plan, approve,
//! publish, all before the week began. The baseline plans it at once, and the same on every machine; the referee
//! judges it like any answer.

use crate::app::{App, Caller};
use crate::demo::{Demo, history};
use crate::guest::Ending;
use crate::jobs;
use crate::problem::Problem;
use crate::store::{Change, Finished};
use crate::{changes, clock, plans, rounds, runs};
use anyhow::Context;
use domain::access::Actor;
use domain::api::*;
use domain::id::*;
use domain::instance::Instance;
use domain::people::Role;
use domain::time::MINUTES_PER_DAY;
use frontend::text::Lang;
use solver::{Method, Options};

/// Wednesday noon of the week before.
pub fn asked_at_min(demo: &Demo) -> i64 {
    demo.week_today.previous().epoch_min() + 2 * MINUTES_PER_DAY + 12 * 60
}

/// Friday, four in the afternoon, of the week before.
fn published_at_min(demo: &Demo) -> i64 {
    demo.week_today.previous().epoch_min() + 4 * MINUTES_PER_DAY + 16 * 60
}

pub async fn publish(app: &App, demo: &Demo) -> anyhow::Result<()> {
    let round = history::round_id(demo.week_today);
    let mut coordinators = demo.people.iter().filter(|person| person.role == Role::Coordinator);
    let mut next = || Some(caller(demo, &coordinators.next()?.id));
    let (planner, approver) = next().zip(next()).context("the demo has two coordinators")?;
    let read = ReadRound { id: round.clone() };
    let open = rounds::read(app.clone(), planner.clone(), read.clone()).await;
    let version = open.map_err(refused)?.round.version;
    let close = CloseRound {
        id: round.clone(),
        version,
    };
    done(app, &planner, close, &rounds::close).await?;
    plan(app, &planner, round).await?;
    let planned = rounds::read(app.clone(), planner.clone(), read)
        .await
        .map_err(refused)?;
    let made = planned.plans.first().context("the referee takes the baseline's plan")?;
    let approve = ApprovePlan {
        plan: made.id.clone(),
        version: made.version,
    };
    let board = done(app, &approver, approve, &plans::approve).await?;
    let publish = PublishPlan {
        plan: board.plan.id,
        version: board.plan.version,
        round_version: board.round.version,
    };
    let key = WriteKey::new(clock::new_id());
    changes::after(
        app,
        &planner,
        key,
        publish,
        &plans::publish::explained,
        &plans::publish::publish,
    )
    .await
    .map_err(refused)?;
    Ok(())
}

/// One write as a browser would send it, under a key of its own.
async fn done<C, F, Fut>(app: &App, caller: &Caller, call: C, use_case: &F) -> anyhow::Result<C::Reply>
where
    C: WriteCall,
    F: Fn(App, Caller, Change, C) -> Fut,
    Fut: Future<Output = Result<Finished<C::Reply>, Problem>>,
{
    let key = WriteKey::new(clock::new_id());
    let reply = changes::once(app, caller, key, call, use_case).await.map_err(refused)?;
    Ok(serde_json::from_slice(&reply)?)
}

/// A run like any other, but for the solver: it is the baseline, in this process.
async fn plan(app: &App, planner: &Caller, round: RoundId) -> anyhow::Result<()> {
    let start = StartRun {
        id: RunId::new(clock::new_id()),
        round,
        from_plan: None,
        seconds: 1,
    };
    done(app, planner, start, &runs::start).await?;
    let job = jobs::claim(app, &clock::new_id()).await?.context("the run waits")?;
    let instance: Instance = serde_json::from_str(&job.run.instance)?;
    let options = Options {
        seconds: 0.0,
        nodes: None,
        method: Method::Greedy,
        ..Options::of(&instance)
    };
    let plan = solver::solve(&instance, &options, &mut |_| {}, &|| 0.0, &|| false)?;
    let answer = Ending::Answer {
        plan: serde_json::to_vec(&plan)?,
        stopped: false,
    };
    Ok(jobs::conclude(app, &job, answer, planner.now_at_min).await?)
}

fn caller(demo: &Demo, person: &PersonId) -> Caller {
    let now_at_min = published_at_min(demo);
    Caller {
        alliance: demo.alliance.clone(),
        actor: Some(Actor {
            alliance: demo.alliance.clone(),
            person: person.clone(),
            role: Role::Coordinator,
            organization: None,
            instructor: None,
            bar: None,
        }),
        name: String::new(),
        session: None,
        lang: Lang::Zh,
        today: demo.week_today.previous().day(4),
        now_at_min,
    }
}

fn refused(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("the demo's week was refused: {problem:?}")
}
