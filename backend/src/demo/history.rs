//! What happened before: eight settled weeks in the ledger, and the rounds.
//!
//! The running week's round stands open here: its timetable is made and published when the demo opens.

use super::{Dice, PAST_WEEKS};
use domain::fairness::{LedgerLine, due_after};
use domain::id::*;
use domain::people::Organization;
use domain::round::{Round, RoundState};
use domain::time::Week;

/// The ledger counts in lessons of two periods.
const LESSON_MIN: i64 = 100;
/// Lessons that a member of weight 1 asks for in a typical week.
const TYPICAL_LESSONS: f64 = 14.0;
/// A fair week grants so much of what all ask.
const SUPPLY: f64 = 0.82;

/// The settled weeks before `today`, oldest first.
fn past_weeks(today: Week) -> Vec<Week> {
    let mut weeks: Vec<Week> = std::iter::successors(Some(today.previous()), |week| Some(week.previous()))
        .take(PAST_WEEKS)
        .collect();
    weeks.reverse();
    weeks
}

pub fn round_id(week: Week) -> RoundId {
    RoundId::new(format!("round-{}", week.monday()))
}

/// A week's round takes requests until its Monday begins; those of the ledger are settled.
pub fn rounds(today: Week) -> Vec<Round> {
    let round = |week: Week, state: RoundState| Round {
        id: round_id(week),
        week,
        state,
        cut_off_min: week.epoch_min(),
        version: 1,
        published: None,
    };
    let settled = past_weeks(today)
        .into_iter()
        .map(|week| round(week, RoundState::Settled));
    let asked = [today, today.next()].map(|week| round(week, RoundState::Open));
    settled.chain(asked).collect()
}

/// One line for every member and settled week; what is due is carried from week to week.
pub fn ledger(members: &[Organization], today: Week, dice: &mut Dice) -> Vec<(Week, Vec<LedgerLine>)> {
    let mut due = vec![0; members.len()];
    let mut ledger = Vec::with_capacity(PAST_WEEKS);
    for (n, week) in past_weeks(today).into_iter().enumerate() {
        let asked: Vec<i64> = members.iter().map(|member| asked_min(member, dice)).collect();
        let claims = fair_claims(members, &asked);
        let mut lines = Vec::with_capacity(members.len());
        for (m, member) in members.iter().enumerate() {
            let mut line = line(member, asked[m], claims[m], dice);
            // Half-way there was a power cut.
            line.lost_min = if n == PAST_WEEKS / 2 && m % 3 == 0 {
                LESSON_MIN.min(line.used_min)
            } else {
                0
            };
            line.used_min -= line.lost_min;
            due[m] = due_after(due[m], &line, typical_min(member));
            line.due_min = due[m];
            lines.push(line);
        }
        ledger.push((week, lines));
    }
    ledger
}

fn typical_min(member: &Organization) -> i64 {
    (member.weight * TYPICAL_LESSONS) as i64 * LESSON_MIN
}

/// Whole lessons around the typical week: from two thirds of it to a half more.
fn asked_min(member: &Organization, dice: &mut Dice) -> i64 {
    typical_min(member) * (67 + dice.below(84) as i64) / 100 / LESSON_MIN * LESSON_MIN
}

/// Whole lessons near the claim; now and then one of them is not used.
fn line(member: &Organization, asked_min: i64, claim_min: i64, dice: &mut Dice) -> LedgerLine {
    let rounded_up = if dice.percent(50) { LESSON_MIN - 1 } else { 0 };
    let granted_min = ((claim_min + rounded_up) / LESSON_MIN * LESSON_MIN).min(asked_min);
    let missed = if dice.percent(25) { LESSON_MIN } else { 0 };
    LedgerLine {
        organization: member.id.clone(),
        asked_min,
        claim_min,
        granted_min,
        used_min: (granted_min - missed).max(0),
        lost_min: 0,
        due_min: 0,
    }
}

/// Water-filling: one level for all that asked for more, everything for those that asked for less.
fn fair_claims(members: &[Organization], asked: &[i64]) -> Vec<i64> {
    let supply = SUPPLY * asked.iter().sum::<i64>() as f64;
    let level_of = |m: &usize| asked[*m] as f64 / members[*m].weight;
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| level_of(a).total_cmp(&level_of(b)));
    let mut left = supply;
    let mut weight_left: f64 = members.iter().map(|member| member.weight).sum();
    let mut claims = vec![0; members.len()];
    for m in order {
        let share = left / weight_left * members[m].weight;
        claims[m] = asked[m].min(share as i64);
        left -= claims[m] as f64;
        weight_left -= members[m].weight;
    }
    claims
}
