//! The public account of a week: who asked and got, every level, and how the weeks before went.

use crate::app::{App, Caller};
use crate::names;
use crate::problem::Problem;
use crate::store::{ledger, plans, rounds, timetable};
use domain::api::*;
use domain::fairness::{LedgerLine, histories, jain};
use domain::id::*;
use domain::plan::{Stage, Status};
use domain::time::Week;

/// How many past weeks a trend shows.
const TREND_WEEKS: usize = 12;

pub async fn read(app: App, caller: Caller, call: ReadFairness) -> Result<FairnessView, Problem> {
    caller.may(CallName::ReadFairness)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let all = ledger::all(&tx, &caller.alliance).await?;
    let mut weeks: Vec<Week> = all.iter().map(|(week, _)| *week).collect();
    weeks.dedup();
    weeks.sort();
    weeks.dedup();
    let week = call.week.or_else(|| weeks.last().copied());
    let of_week = |at: Week| all.iter().filter(move |(week, _)| *week == at).map(|(_, line)| line);
    let found: Vec<&LedgerLine> = week.into_iter().flat_map(of_week).collect();
    let before = week.and_then(|week| weeks.iter().copied().rfind(|earlier| *earlier < week));
    let due = |id: &OrganizationId| {
        let line = before
            .into_iter()
            .flat_map(of_week)
            .find(|line| line.organization == *id);
        line.map_or(0, |line| line.due_min)
    };
    let weighed: Vec<(f64, i64)> = catalog.organizations.iter().map(|o| (o.weight, due(&o.id))).collect();
    let line = |(member, history_min): (&domain::people::Organization, i64)| {
        let line = (*found.iter().find(|line| line.organization == member.id)?).clone();
        let level = (history_min + line.granted_min) as f64 / member.weight;
        let trend = trend(&all, &member.id, week);
        Some(FairLine {
            organization: member.id.clone(),
            weight: member.weight,
            history_min,
            level,
            ledger: line,
            trend,
        })
    };
    let lines: Vec<FairLine> = catalog
        .organizations
        .iter()
        .zip(histories(&weighed))
        .filter_map(line)
        .collect();
    let levels: Vec<f64> = lines.iter().map(|line| line.level).collect();
    let (stages, proved) = proof(&tx, &caller, week).await?;
    let own = caller.actor.as_ref().and_then(|actor| actor.organization.clone());
    let published = match week {
        Some(week) => timetable::snapshot(&tx, &caller.alliance, week).await?.is_some(),
        None => false,
    };
    Ok(FairnessView {
        week,
        weeks,
        published,
        has_run: week.is_some_and(|week| week < caller.week()),
        asked_min: lines.iter().map(|line| line.ledger.asked_min).sum(),
        granted_min: lines.iter().map(|line| line.ledger.granted_min).sum(),
        jain: jain(&levels),
        level_min: levels.iter().copied().fold(f64::INFINITY, f64::min).min(f64::MAX),
        lines,
        proved,
        stages,
        names: names::of(&catalog),
        own,
    })
}

/// granted/claim of the weeks up to this one, oldest first.
fn trend(all: &[(Week, LedgerLine)], id: &OrganizationId, until: Option<Week>) -> Vec<f64> {
    let mut own: Vec<&(Week, LedgerLine)> = all
        .iter()
        .filter(|(week, line)| line.organization == *id && until.is_none_or(|until| *week <= until))
        .collect();
    own.sort_by_key(|(week, _)| *week);
    let skip = own.len().saturating_sub(TREND_WEEKS);
    own[skip..]
        .iter()
        .map(|(_, line)| line.granted_min as f64 / line.claim_min.max(1) as f64)
        .collect()
}

/// The stages of the plan that was published, and whether every one was proved.
async fn proof(tx: &crate::store::Tx, caller: &Caller, week: Option<Week>) -> Result<(Vec<Stage>, bool), Problem> {
    let Some(week) = week else {
        return Ok((Vec::new(), false));
    };
    let round = rounds::by_week(tx, &caller.alliance, week).await?;
    let Some(plan) = round.and_then(|round| round.published) else {
        return Ok((Vec::new(), false));
    };
    let Some(record) = plans::get(tx, &caller.alliance, &plan).await? else {
        return Ok((Vec::new(), false));
    };
    let proved = record.plan.status == Status::Optimal && !record.edited;
    Ok((record.plan.stages, proved))
}
