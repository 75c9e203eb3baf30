//! After fairness: most minutes, then a good timetable among the equally fair ones.
//!
//! Quality maximises, in one weighted sum: 1,000 for each lesson that stays where the previous plan had it and 100
//! more when it keeps its people; 10 for each point of preference (window, room, instructor); −1 for each room that a
//! request uses, so that a request keeps to one. It lacks: gaps between the lessons of a cohort.

use crate::levels::granted as granted_minutes;
use crate::program::Verdict;
use crate::search::{Search, StageProgram};
use crate::solution;
use crate::solve::relative_gap;
use domain::plan::Stage;
use highs::Sense;
use std::collections::BTreeMap;

const KEPT: f64 = 1000.0;
const KEPT_PEOPLE: f64 = 100.0;
const PREFERRED: f64 = 10.0;
const PREFERENCE_MAX: i64 = 50;
const ONE_ROOM: f64 = 1.0;

/// Most minutes in all, nobody below what fairness gave. Nothing is left to do where fairness is proved: a plan with
/// more minutes would be fairer.
pub fn granted(search: &mut Search) {
    let began = search.run.elapsed();
    let last = search.model.tiers.len().saturating_sub(1);
    let total = |search: &Search| {
        granted_minutes(search.model.world, &search.best, i64::MAX)
            .iter()
            .sum::<i64>() as f64
    };
    let most: f64 = search.caps(last).iter().sum();
    let mut stage = search.stage(last, Sense::Maximise);
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let mut bound = total(search);
    if !search.proved && bound < most {
        for columns in &search.model.granted {
            columns.last().into_iter().for_each(|column| stage.cost[*column] = 1.0);
        }
        let warm = search.warm();
        let seconds = search.run.left() * 0.3;
        let answer = search.integer(&mut stage, warm, last, seconds);
        let known = matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) && answer.bound.is_finite();
        bound = if known { answer.bound.min(most) } else { most };
        fix_last(search, last);
    }
    let value = total(search);
    let gap = relative_gap(value, bound);
    search.proved &= gap == 0.0;
    let seconds = search.run.elapsed() - began;
    search.run.close(Stage {
        name: "granted".into(),
        value,
        bound,
        gap,
        seconds,
        rows,
        columns,
    });
}

fn fix_last(search: &mut Search, last: usize) {
    let minutes = granted_minutes(search.model.world, &search.best, i64::MAX);
    for (columns, minutes) in search.model.granted.iter().zip(minutes) {
        if let Some(column) = columns.get(last) {
            search.model.program.columns[*column].lower = minutes as f64;
        }
    }
}

/// The best of the equally fair timetables.
pub fn quality(search: &mut Search) {
    let began = search.run.elapsed();
    let last = search.model.tiers.len().saturating_sub(1);
    let mut stage = search.stage(last, Sense::Maximise);
    weigh_placements(search, &mut stage);
    weigh_people(search, &mut stage);
    let used = one_room(search, &mut stage);
    let warm = search.warm().map(|mut values| {
        let rooms = used
            .iter()
            .map(|columns| columns.iter().any(|column| values[*column] > 0.5));
        let rooms: Vec<f64> = rooms.map(|used| if used { 1.0 } else { 0.0 }).collect();
        values.extend(rooms);
        values
    });
    let worth = |values: &[f64]| {
        values
            .iter()
            .zip(&stage.cost)
            .map(|(value, cost)| value * cost)
            .sum::<f64>()
    };
    let before = warm.as_deref().map_or(f64::NEG_INFINITY, worth);
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let answer = search.integer_quality(&mut stage, warm, last, before);
    let (value, bound) = match answer {
        Some((value, bound)) => (value, bound),
        None => (before, f64::INFINITY),
    };
    let gap = if bound.is_finite() {
        relative_gap(value, bound)
    } else {
        1.0
    };
    search.proved &= gap == 0.0;
    let seconds = search.run.elapsed() - began;
    // A plan file has no infinity; without a bound the gap of 1 says that nothing is known.
    let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
    let (value, bound) = (finite(value), finite(bound));
    search.run.close(Stage {
        name: "quality".into(),
        value,
        bound,
        gap,
        seconds,
        rows,
        columns,
    });
}

fn weigh_placements(search: &Search, stage: &mut StageProgram) {
    let world = search.model.world;
    for (column, p) in search.model.placements.iter().enumerate() {
        let room = search.model.pools.rooms[p.pool][0];
        let preference = world
            .preference(p.request, p.start, room)
            .clamp(-PREFERENCE_MAX, PREFERENCE_MAX);
        let before = &world.requests[p.request].previous;
        let kept = before
            .iter()
            .any(|b| b.start == p.start && search.model.pools.of_room[b.room] == p.pool);
        stage.cost[column] = PREFERRED * preference as f64 + if kept { KEPT } else { 0.0 };
    }
}

fn weigh_people(search: &Search, stage: &mut StageProgram) {
    let world = search.model.world;
    for team in &search.model.teams {
        let person = search.model.pools.classes[team.class][0];
        let count = world.requests[team.request].instructor_count as f64;
        let preference = world
            .teacher_preference(team.request, person)
            .clamp(-PREFERENCE_MAX, PREFERENCE_MAX);
        let before = world.requests[team.request]
            .previous
            .iter()
            .filter(|b| b.start == team.start);
        let mut people = before.flat_map(|b| &b.instructors);
        let kept = people.any(|n| search.model.pools.of_instructor[*n] == team.class);
        stage.cost[team.column] = (PREFERRED * preference as f64 + if kept { KEPT_PEOPLE } else { 0.0 }) / count;
    }
}

/// One column for each request of several lessons and each pool that it may use; their placements are returned.
fn one_room(search: &Search, stage: &mut StageProgram) -> Vec<Vec<usize>> {
    let mut used = Vec::new();
    for (request, range) in search.model.of_request.iter().enumerate() {
        let lessons = search.model.world.request(request).lessons;
        let mut by_pool: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for column in range.clone() {
            by_pool
                .entry(search.model.placements[column].pool)
                .or_default()
                .push(column);
        }
        if lessons < 2 || by_pool.len() < 2 {
            continue;
        }
        for columns in by_pool.into_values() {
            let column = stage.column(0.0, 1.0, -ONE_ROOM);
            let mut terms: Vec<(usize, f64)> = columns.iter().map(|n| (*n, 1.0)).collect();
            terms.push((column, -(lessons as f64)));
            stage.program.columns[column].integer = true;
            stage.program.at_most(0.0, terms);
            used.push(columns);
        }
    }
    used
}

impl Search<'_, '_> {
    /// Value and bound; the lessons are taken when they are worth more than those that stand.
    fn integer_quality(
        &mut self,
        stage: &mut StageProgram,
        warm: Option<Vec<f64>>,
        tier: usize,
        before: f64,
    ) -> Option<(f64, f64)> {
        let seconds = self.run.left();
        let answer = self.integer(stage, warm, tier, seconds);
        if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
            return None;
        }
        if answer.value <= before + 1e-6 {
            return Some((before, answer.bound.max(before)));
        }
        let lessons = solution::lessons(&self.model, &answer.values);
        let taken = self.settle(lessons);
        Some((if taken { answer.value } else { before }, answer.bound))
    }
}
