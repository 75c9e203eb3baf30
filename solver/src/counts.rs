//! How many lessons each request gets, before which.
//!
//! That thousands of lessons must be whole is what makes a question hard, and not what decides it. Lessons in rooms
//! alone are intervals on a line, and their programs have whole vertices; what refuses fractions is that a request gets
//! a whole number of lessons and an organization stands on a rung. So a question is asked with these sums whole and
//! single lessons in fractions: where that has no answer, there is none. Where it has one, the sums are held, and block
//! after block is made whole, the others as they stand, so that as many lessons of decided trades as can be may stay; with
//! sums held, trades meet only in people, groups and movable equipment. Where no whole lessons are found for the sums,
//! nothing is known. An answer takes a second or two of a town's week so, all at once three to fifteen; that there is none
//! is shown no sooner, and now and then far later.

use crate::near::Freedom;
use crate::part::{Index, Part};
use crate::program::{Ask, Hand, Program, Root, Running, Solved};
use crate::search::{Search, StageProgram};
use crate::solution;
use crate::world::Lesson;
use highs::HighsModelStatus;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is whole but for rounding.
const ROUNDING: f64 = 1e-6;

pub struct Counts {
    /// Columns of the lessons of each request.
    lessons: Vec<Vec<usize>>,
    /// Columns that may be fractions while sums are looked for: lessons, and the rooms and people they take.
    loose: Vec<usize>,
    /// Columns to be made whole together, by trades that share some.
    blocks: Vec<Vec<usize>>,
    /// The whole week, without what minutes come to, since sums are held.
    week: StageProgram,
    index: Index,
    /// The lessons of decided trades, which may go, but should not.
    decided: Vec<f64>,
}

impl Counts {
    /// Of the lessons that are open in a stage of this tier.
    pub fn of(search: &Search, stage: &StageProgram, tier: usize) -> Option<Arc<Self>> {
        let model = &search.model;
        let open = |column: &usize| 0.0 < stage.program.columns[*column].upper;
        let of_request = model.of_request.iter().map(|range| range.clone().filter(open));
        let lessons = of_request
            .map(Iterator::collect)
            .filter(|of: &Vec<usize>| !of.is_empty());
        let offers = [&model.rooms, &model.people]
            .into_iter()
            .flat_map(|groups| &groups.list);
        let offers = offers.flat_map(|group| group.offers.iter().filter_map(|(_, column)| *column));
        let week = search.week(tier);
        let freedom = Freedom::of(search, &week);
        let blocks = blocks(search, open).into_iter();
        let blocks = blocks.map(|freed| freedom.with(model, &freed)).collect();
        let is_decided = |lesson: &&Lesson| {
            let columns = model.of_request[lesson.request].clone();
            !search.is_later(lesson.request, tier) && !columns.into_iter().any(|column| open(&column))
        };
        let decided: Vec<Lesson> = search.best.iter().filter(is_decided).cloned().collect();
        Some(Arc::new(Self {
            lessons: lessons.collect(),
            loose: (0..model.placements.len()).chain(offers).collect(),
            blocks,
            index: freedom.index,
            week,
            decided: solution::values(model, &decided)?,
        }))
    }

    /// Begins to look for an answer.
    pub fn start(self: &Arc<Self>, program: &Program, ask: &Ask) -> Option<Running> {
        if ask.seconds <= 0.0 {
            return None;
        }
        let (counts, whole, cost) = (Arc::clone(self), program.clone(), ask.cost.to_vec());
        Some(program.begin_with(ask, true, move |hand| counts.answer(hand, &whole, &cost)))
    }

    fn answer(&self, hand: &Hand, program: &Program, cost: &[f64]) -> Option<Solved> {
        let (relaxed, cost) = self.relaxed(program, cost);
        let mut found = hand.asked(&relaxed, &cost, Root::Simplex)?;
        if found.feasible {
            found.values = self.block_by_block(hand, &mut found)?;
            found.values.resize(program.columns.len(), 0.0);
            found.status = HighsModelStatus::ReachedSolutionLimit;
        }
        Some(found)
    }

    /// Whole in sums.
    fn relaxed(&self, program: &Program, cost: &[f64]) -> (Program, Vec<f64>) {
        let (mut relaxed, mut cost) = (program.clone(), cost.to_vec());
        self.loose
            .iter()
            .for_each(|column| relaxed.columns[*column].integer = false);
        for lessons in &self.lessons {
            let most = lessons.iter().map(|column| relaxed.columns[*column].upper).sum();
            let sum = relaxed.column(0.0, most, true);
            cost.push(0.0);
            let terms = lessons.iter().map(|column| (*column, 1.0));
            relaxed.equal(0.0, terms.chain([(sum, -1.0)]).collect());
        }
        (relaxed, cost)
    }

    /// Whole values of the week's columns; the work for them is added to what was found before.
    fn block_by_block(&self, hand: &Hand, found: &mut Solved) -> Option<Vec<f64>> {
        let mut values = self.decided.clone();
        for (value, found) in values.iter_mut().zip(&found.values).filter(|(_, found)| 0.0 < **found) {
            let is_whole = (found - found.round()).abs() < ROUNDING;
            *value += if is_whole { found.round() } else { *found };
        }
        for block in &self.blocks {
            let part = self.block(block, &values);
            let solved = hand.asked(&part.program, &part.cost, Root::Simplex)?;
            found.simplex += solved.simplex;
            found.interior += solved.interior;
            if !solved.feasible {
                return None;
            }
            values = part.merged(&values, &solved.values);
        }
        Some(values)
    }

    /// The part of the week in which a block is made whole with the sums that it has, and decided lessons may go.
    fn block(&self, block: &[usize], values: &[f64]) -> Part {
        let may_go = (0..values.len()).filter(|column| 0.0 < self.decided[*column]);
        let columns: BTreeSet<usize> = may_go.chain(block.iter().copied()).collect();
        let mut part = Part::of(&self.week, &self.index, values, columns.into_iter().collect());
        let Program { columns, rows } = &mut part.program;
        for (column, bounds) in part.columns.iter().zip(columns.iter_mut()) {
            if block.binary_search(column).is_err() {
                bounds.upper = self.decided[*column];
            }
        }
        // Fractions of blocks whose turn comes later may leave too little; they give way then.
        for row in rows {
            let least = |(n, factor): &(usize, f64)| {
                let column = columns[*n];
                factor * if 0.0 < *factor { column.lower } else { column.upper }
            };
            row.upper = row.upper.max(row.terms.iter().map(least).sum());
        }
        for lessons in &self.lessons {
            let sum: f64 = lessons.iter().map(|column| values[*column]).sum();
            let at = |column: &usize| part.columns.binary_search(column).ok();
            let terms: Vec<(usize, f64)> = lessons.iter().filter_map(|column| Some((at(column)?, 1.0))).collect();
            if !terms.is_empty() {
                part.program.equal(sum.round(), terms);
            }
        }
        part
    }
}

/// Placements of trades that share people's columns.
fn blocks(search: &Search, open: impl Fn(&usize) -> bool) -> Vec<BTreeSet<usize>> {
    let model = &search.model;
    let trade = |column: usize| search.trades.of[model.placements[column].request];
    let mut first: Vec<usize> = (0..search.trades.list.len()).collect();
    for group in &model.people.list {
        let trades: BTreeSet<usize> = group.lessons.iter().map(|(column, _)| first[trade(*column)]).collect();
        if let (Some(least), true) = (trades.first().copied(), 1 < trades.len()) {
            first.iter_mut().filter(|n| trades.contains(n)).for_each(|n| *n = least);
        }
    }
    let mut blocks: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for column in (0..model.placements.len()).filter(open) {
        blocks.entry(first[trade(column)]).or_default().insert(column);
    }
    blocks.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Verdict;
    use crate::race::{Asked, Race};
    use crate::search::tests::searched;
    use crate::solve::broken;
    use crate::world::tests::{request, teacher, tiny};
    use domain::id::CohortId;
    use domain::instance::Instance;
    use domain::time::Span;
    use highs::Sense;

    /// What is said, by sums and in the end, to the question whether all together can have so many minutes; and the
    /// lessons of the last answer, which passed the referee.
    fn asked(instance: &Instance, minutes: f64) -> (Verdict, Verdict, usize) {
        searched(instance, |search| {
            let mut stage = search.stage(0, Sense::Minimise);
            let granted = search.model.granted.iter().map(|columns| (columns[0], 1.0));
            stage.program.at_least(minutes, granted.collect());
            let counts = Counts::of(search, &stage, 0).expect("no lesson is without a column");
            let ask = Ask {
                sense: Sense::Minimise,
                cost: &stage.cost,
                kind: crate::program::Kind::Question { root: Root::Simplex },
                seconds: 60.0,
                threads: 1,
                seed: 1,
                meter: &search.run.meter,
                cancelled: &|| false,
            };
            let running = counts.start(&stage.program, &ask).expect("there is time");
            let by_sums = running.answer(&stage.program, &|| false);
            let by_sums = by_sums.map_or(Verdict::Nothing, |answer| answer.verdict);
            let mut race = Race::of(search, vec![Asked::whole(&stage, Some(counts))], 60.0);
            let (_, answer) = race.next(search).expect("there is time");
            drop(race);
            let mut lessons = Vec::new();
            if answer.verdict != Verdict::Infeasible {
                lessons = solution::lessons(&search.model, &answer.values);
            }
            assert!(broken(search.model.world, &lessons).is_empty(), "{lessons:?}");
            (by_sums, answer.verdict, lessons.len())
        })
    }

    #[test]
    fn an_answer_in_sums_is_dealt_out_to_whole_lessons() {
        assert_eq!(asked(&tiny(), 120.0), (Verdict::Stopped, Verdict::Stopped, 2));
    }

    /// An hour and a half of the only teacher, for lessons of an hour; one and a half of them would fit.
    #[test]
    fn half_a_lesson_is_no_answer() {
        let mut instance = tiny();
        instance.instructors[0].available = vec![Span::new(480, 570)];
        instance.calendar.start_step = 30;
        assert_eq!(asked(&instance, 60.0).2, 1);
        assert_eq!(asked(&instance, 90.0), (Verdict::Infeasible, Verdict::Infeasible, 0));
    }

    /// Three lessons, two hours, and each two of the lessons share a group: half of each at eight and half at nine would
    /// be three whole sums.
    #[test]
    fn where_whole_sums_say_nothing_it_is_asked_at_once() {
        let mut instance = tiny();
        instance.requests.push(request("r3", "b"));
        for (n, groups) in [["a", "b"], ["b", "c"], ["c", "a"]].into_iter().enumerate() {
            instance.requests[n].cohorts = groups.map(CohortId::new).to_vec();
        }
        for n in 3..5 {
            instance.rooms.push(domain::instance::Room {
                id: domain::id::RoomId::new(format!("z{n}")),
                ..instance.rooms[0].clone()
            });
            instance.instructors.push(teacher(&format!("teacher-{n}")));
        }
        assert_eq!(asked(&instance, 120.0).2, 2);
        assert_eq!(asked(&instance, 180.0), (Verdict::Nothing, Verdict::Infeasible, 0));
    }
}
