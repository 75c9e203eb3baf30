//! After fairness: most minutes, then a good timetable among the equally fair ones.
//!
//! Quality maximises, in one weighted sum: 1,000 for each lesson that keeps the start that it had in the previous plan,
//! 500 more for its room and 300 for its instructors; 10 for each point of preference (window, room, instructor). That
//! a request keeps to one room and to the same people is seen to when rooms and people are dealt out (`solution`,
//! `names`). It lacks: gaps between the lessons of a cohort.

use crate::contest::Contest;
use crate::levels::granted as granted_minutes;
use crate::model::Groups;
use crate::moves::{keep_whole, kept};
use crate::near::{among, improve_near, offered};
use crate::needs::Need;
use crate::program::Verdict;
use crate::search::{Search, StageProgram};
use crate::solution;
use crate::solve::relative_gap;
use crate::world::Lesson;
use domain::plan::Stage;
use highs::Sense;
use std::collections::{BTreeMap, BTreeSet};

/// What a lesson is worth that keeps its start, its room or its instructors.
const KEPT: f64 = 1000.0;
const KEPT_ROOM: f64 = 500.0;
const KEPT_PEOPLE: f64 = 300.0;
const PREFERRED: f64 = 10.0;
/// Part of what is left for a bound of the hours that fairness did not leave behind.
const BOUND_PART: f64 = 0.6;
/// Part of what is left for the lessons that moved.
const MOVED_PART: f64 = 0.5;
const PREFERENCE_MAX: i64 = 50;
/// Larger programs are improved piece by piece.
const WHOLE_COLUMNS_MAX: usize = 5_000;

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
        let warm = search.warm(last);
        let seconds = search.run.left() * 0.3;
        bound = if columns as usize <= WHOLE_COLUMNS_MAX {
            let answer = search.integer(&mut stage, warm, last, seconds);
            if answer.bound.is_finite() { answer.bound } else { most }
        } else {
            if let Some(warm) = warm {
                let values = improve_near(search, &mut stage, warm, seconds);
                offered(search, &values, last);
            }
            // What was not looked at to the end when it would have helped fairness still bounds the hours.
            if search.contest.as_ref().is_none_or(|contest| !contest.is_known()) {
                search.look_at_trades(last, search.run.left() * BOUND_PART);
            }
            search.contest.as_ref().map_or(most, Contest::all)
        };
        bound = bound.min(most);
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
    let (mut stage, mut warm) = preferred(search);
    keep(search, &mut stage, &mut warm);
    let before = warm.as_deref().map_or(f64::NEG_INFINITY, |values| stage.worth(values));
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let most = most(&stage);
    let mut found = None;
    if before >= most - 1e-6 {
        found = Some((before, before));
    } else if stage.program.columns.len() <= WHOLE_COLUMNS_MAX {
        found = search.integer_quality(&mut stage, warm.clone(), last, before);
    }
    if found.is_none()
        && let Some(warm) = warm
    {
        let seconds = search.run.left();
        let values = improve_near(search, &mut stage, warm, seconds);
        let lessons = solution::lessons(&search.model, &values);
        let worth = stage.worth(&values);
        let better = worth > before + 1e-6 && search.settle(lessons);
        found = Some((if better { worth } else { before }, most));
    }
    let (value, bound) = found.unwrap_or((before, most));
    let bound = if bound.is_finite() { bound.min(most) } else { most };
    let gap = relative_gap(value, bound);
    search.proved &= gap == 0.0;
    let seconds = search.run.elapsed() - began;
    // A plan file has no infinity.
    let value = if value.is_finite() { value } else { 0.0 };
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

/// The best places for what does not stay as it was in the previous plan, everything else staying.
pub fn quality_of_moved(search: &mut Search) {
    let began = search.run.elapsed();
    let (mut stage, mut warm) = preferred(search);
    let staying = keep_whole(search, &mut stage, &mut warm, 0.0);
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let (mut value, mut bound) = (0.0, 0.0);
    if let Some(warm) = warm {
        staying
            .columns()
            .for_each(|column| stage.program.columns[column].lower = warm[column]);
        (value, bound) = (stage.worth(&warm), most(&stage));
        let moved = moved(search);
        let part = among(search, &stage, &warm, |request| moved.contains(&request));
        if let Some(answer) = part.solved(search, &stage, MOVED_PART * search.run.left()) {
            let values = part.merged(&warm, &answer.values);
            let stay = kept(search.model.world, &search.best);
            let lessons = solution::lessons_with(&search.model, &values, &stay);
            let keeps = stay.len() <= kept(search.model.world, &lessons).len();
            let before: f64 = part.warm.iter().zip(&part.cost).map(|(value, cost)| value * cost).sum();
            bound = value + (answer.bound - before).max(0.0);
            if keeps && !search.cut(&mut stage, &values) && search.settle(lessons) {
                value = stage.worth(&values);
            }
        }
    }
    search.run.close(Stage {
        name: "quality".into(),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: search.run.elapsed() - began,
        rows,
        columns,
    });
}

/// Requests with a lesson that is not where one was in the previous plan.
fn moved(search: &Search) -> BTreeSet<usize> {
    let world = search.model.world;
    let mut stay = vec![0; world.requests.len()];
    for lesson in kept(world, &search.best) {
        stay[lesson.request] += 1;
    }
    let mut planned = vec![0; world.requests.len()];
    search.best.iter().for_each(|lesson| planned[lesson.request] += 1);
    (0..world.requests.len()).filter(|n| stay[*n] < planned[*n]).collect()
}

/// A bound without a solve: every column at its best.
fn most(stage: &StageProgram) -> f64 {
    let best = |(column, cost): (&crate::program::Column, &f64)| {
        if *cost == 0.0 {
            0.0
        } else {
            (column.upper * cost).max(column.lower * cost)
        }
    };
    stage.program.columns.iter().zip(&stage.cost).map(best).sum()
}

/// The whole week with what preferences are worth, and the best lessons as values of it, if they have columns.
fn preferred(search: &Search) -> (StageProgram, Option<Vec<f64>>) {
    let mut stage = search.whole_stage(Sense::Maximise);
    weigh_placements(search, &mut stage);
    weigh_offers(search, &mut stage);
    (stage, search.warm(search.model.tiers.len().saturating_sub(1)))
}

fn weigh_placements(search: &Search, stage: &mut StageProgram) {
    let world = search.model.world;
    for (column, p) in search.model.placements.iter().enumerate() {
        let preference = world.window_preference(p.request, p.start);
        stage.cost[column] = PREFERRED * preference.clamp(-PREFERENCE_MAX, PREFERENCE_MAX) as f64;
    }
}

/// What rooms and people are worth to the lessons that they are dealt to.
fn weigh_offers(search: &Search, stage: &mut StageProgram) {
    let model = &search.model;
    let mut weigh = |groups: &Groups, needs: &[Need], members: &[Vec<usize>]| {
        for take in groups.takes() {
            let need = &needs[groups.list[take.group].key.0];
            let Ok(at) = need.members.binary_search(&members[take.of][0]) else {
                continue;
            };
            let worth = need.worth[at].clamp(-PREFERENCE_MAX, PREFERENCE_MAX);
            stage.cost[take.column] += PREFERRED * worth as f64 * take.amount;
        }
    };
    weigh(&model.rooms, &model.needs.rooms, &model.pools.rooms);
    weigh(&model.people, &model.needs.people, &model.pools.classes);
}

/// A column for each kept start, and for each pool and class that lessons of the previous plan can keep: no more than
/// stay, and no more than are dealt from it.
fn keep(search: &Search, stage: &mut StageProgram, warm: &mut Option<Vec<f64>>) {
    let model = &search.model;
    let mut starts: BTreeMap<usize, f64> = BTreeMap::new();
    let mut rooms: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut people: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let previous = |request: usize| model.world.requests[request].previous.iter();
    for lesson in (0..model.of_request.len()).flat_map(previous) {
        let site = model.world.rooms[lesson.room].site;
        let Some(column) = model.column_of(lesson.request, lesson.start, site) else {
            continue;
        };
        *starts.entry(column).or_insert(0.0) += 1.0;
        let room = (model.rooms.of_column[column], model.pools.of_room[lesson.room]);
        room.0
            .into_iter()
            .for_each(|group| rooms.entry((group, room.1)).or_default().push(column));
        for class in classes(search, lesson) {
            let group = model.people.of_column[column];
            group
                .into_iter()
                .for_each(|group| people.entry((group, class)).or_default().push(column));
        }
    }
    let mut column = |stage: &mut StageProgram, count: f64, cost: f64, limits: Vec<Vec<(usize, f64)>>| {
        let kept = stage.column(0.0, count, cost);
        let sum = |values: &[f64], terms: &[(usize, f64)]| terms.iter().map(|(n, f)| values[*n] * f).sum::<f64>();
        if let Some(values) = warm {
            let value = limits.iter().map(|terms| sum(values, terms)).fold(count, f64::min);
            values.push(value);
        }
        for mut terms in limits {
            terms.iter_mut().for_each(|term| term.1 = -term.1);
            terms.push((kept, 1.0));
            stage.program.at_most(0.0, terms);
        }
    };
    for (start, count) in starts {
        column(stage, count, KEPT, vec![vec![(start, 1.0)]]);
    }
    for (groups, kept, cost) in [(&model.rooms, rooms, KEPT_ROOM), (&model.people, people, KEPT_PEOPLE)] {
        for ((group, of), mut lessons) in kept {
            let count = lessons.len() as f64;
            lessons.sort_unstable();
            lessons.dedup();
            let dealt = groups.list[group].column_of(of).map(|column| vec![(column, 1.0)]);
            if !groups.list[group].offers(of) {
                continue;
            }
            let staying = lessons.into_iter().map(|lesson| (lesson, count)).collect();
            column(
                stage,
                count,
                cost,
                [Some(staying), dealt].into_iter().flatten().collect(),
            );
        }
    }
}

fn classes(search: &Search, lesson: &Lesson) -> Vec<usize> {
    lesson
        .instructors
        .iter()
        .map(|n| search.model.pools.of_instructor[*n])
        .collect()
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
