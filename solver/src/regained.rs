//! Trades that are decided regain what an answer of the contested ones took from them.
//!
//! Such an answer knows nothing of them, so it takes people and groups that they need. One after another, by a program
//! of its own, each gets its lessons back around those of the answer, at other times or with other people, or together
//! with a trade of the answer, whose lessons then move as well; trades meet in so little that it nearly always can.

use crate::contest::Standing;
use crate::greedy::beside;
use crate::near::Freedom;
use crate::part::Part;
use crate::program::{Ask, Kind, Root, Verdict};
use crate::search::{Search, StageProgram};
use crate::solution;
use crate::world::Lesson;
use std::collections::BTreeSet;

/// Longest time for one program.
const SECONDS_MAX: f64 = 2.0;

/// The lessons with as many of each request in these trades as are wanted; `None` where a trade does not get them. Those
/// of later tiers stay as far as that leaves them room.
pub fn regained(
    search: &Search,
    lessons: &[Lesson],
    wanted: &[Lesson],
    trades: &BTreeSet<usize>,
    tier: usize,
) -> Option<Vec<Lesson>> {
    if trades.is_empty() {
        return Some(lessons.to_vec());
    }
    let (later, lessons): (Vec<Lesson>, Vec<Lesson>) = lessons
        .iter()
        .cloned()
        .partition(|lesson| search.is_later(lesson.request, tier));
    let mut counts = vec![0; search.model.world.requests.len()];
    wanted.iter().for_each(|lesson| counts[lesson.request] += 1);
    let week = search.week(tier);
    let mut state = State {
        search,
        freedom: Freedom::of(search, &week),
        week,
        counts,
        values: solution::values(&search.model, &lessons)?,
        tier,
    };
    let contested = (0..search.trades.list.len()).filter(|trade| state.is_contested(*trade));
    let contested: Vec<usize> = contested.collect();
    for trade in trades {
        let alone = [*trade].into();
        let others = contested.iter().filter(|other| *other != trade);
        let pairs = others.map(|other| [*trade, *other].into());
        let all = contested.iter().chain([trade]).copied().collect();
        let mut together = [alone].into_iter().chain(pairs).chain([all]);
        together.find(|trades: &BTreeSet<usize>| state.has(trades))?;
    }
    let lessons = solution::lessons(&search.model, &state.values);
    Some(beside(search.model.world, &lessons, &later))
}

struct State<'s, 'r> {
    search: &'s Search<'s, 'r>,
    week: StageProgram,
    freedom: Freedom,
    /// Lessons of each request.
    counts: Vec<usize>,
    values: Vec<f64>,
    tier: usize,
}

impl State<'_, '_> {
    fn is_contested(&self, trade: usize) -> bool {
        let contest = self.search.contest.as_ref();
        contest.is_some_and(|contest| contest.standing(trade) > Standing::Settled)
    }

    /// Whether these trades can have all their lessons around those of the others; then they do.
    fn has(&mut self, trades: &BTreeSet<usize>) -> bool {
        let (search, model) = (self.search, &self.search.model);
        let requests = trades.iter().flat_map(|trade| &search.trades.list[*trade].requests);
        let requests: Vec<usize> = requests.copied().filter(|n| !search.is_later(*n, self.tier)).collect();
        let freed = requests.iter().flat_map(|request| model.of_request[*request].clone());
        let columns = self.freedom.with(model, &freed.collect());
        let mut part = Part::of(&self.week, &self.freedom.index, &self.values, columns);
        for request in requests {
            let own = model.of_request[request].clone();
            let terms = own.filter_map(|column| Some((part.columns.binary_search(&column).ok()?, 1.0)));
            part.program.equal(self.counts[request] as f64, terms.collect());
        }
        let answer = part.program.solve(&Ask {
            sense: self.week.sense,
            cost: &part.cost,
            kind: Kind::Question { root: Root::Simplex },
            seconds: SECONDS_MAX.min(search.run.left()),
            threads: 1,
            seed: search.run.options.seed,
            meter: &search.run.meter,
            cancelled: &|| search.run.is_overdue(),
        });
        let found = matches!(answer.verdict, Verdict::Proved | Verdict::Stopped);
        if found {
            self.values = part.merged(&self.values, &answer.values);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::Contest;
    use crate::search::tests::searched;
    use crate::world::World;
    use crate::world::tests::{request, teacher, tiny};
    use domain::id::{CohortId, FeatureId};
    use domain::instance::Instance;
    use domain::time::Span;

    /// Two trades with a room and a teacher each; one group trains in both, in one for an hour of two, in the other at
    /// eight, if at all.
    fn one_group_in_two_trades() -> Instance {
        let mut instance = tiny();
        instance.instructors.push(teacher("wang"));
        instance.rooms[1].features = vec![FeatureId::new("welding")];
        instance.requests[1].rooms.features = vec![FeatureId::new("welding")];
        for request in &mut instance.requests {
            request.cohorts = vec![CohortId::new("group")];
        }
        instance.rooms[1].open = vec![Span::new(480, 540)];
        instance
    }

    fn lesson(request: usize, start: i64) -> Lesson {
        Lesson {
            request,
            start,
            room: request,
            instructors: vec![request],
            pinned: false,
        }
    }

    /// Request and start of all lessons, after an answer took eight o'clock for the second trade.
    fn starts(instance: &Instance) -> Option<Vec<(usize, i64)>> {
        let best = [lesson(0, 480)];
        searched(instance, |search| {
            let trades = search.trades;
            let tiers = search.model.world.tiers();
            search.contest = Some(Contest::of(search.run, trades, &tiers, (&best, None), 0.0));
            let wanted = [best[0].clone(), lesson(1, 480)];
            let lessons = regained(search, &[lesson(1, 480)], &wanted, &[trades.of[0]].into(), 0)?;
            Some(lessons.iter().map(|lesson| (lesson.request, lesson.start)).collect())
        })
    }

    #[test]
    fn a_lesson_that_lost_its_hour_to_its_own_group_gets_another_one() {
        assert_eq!(starts(&one_group_in_two_trades()), Some(vec![(0, 540), (1, 480)]));
    }

    #[test]
    fn where_there_is_no_other_hour_there_is_no_such_plan() {
        let mut instance = one_group_in_two_trades();
        instance.rooms[0].open = vec![Span::new(480, 540)];
        assert_eq!(starts(&instance), None);
    }

    #[test]
    fn a_trade_of_the_answer_moves_as_well_if_need_be() {
        let mut instance = one_group_in_two_trades();
        instance.rooms[0].open = vec![Span::new(480, 540)];
        instance.rooms[1].open = vec![Span::new(480, 600)];
        assert_eq!(starts(&instance), Some(vec![(0, 480), (1, 540)]));
    }

    #[test]
    fn lessons_of_later_tiers_stay_where_there_is_room() {
        let mut instance = one_group_in_two_trades();
        let mut later = request("r3", "b");
        later.tier = 2;
        later.rooms.features = vec![FeatureId::new("cnc")];
        instance.requests.push(later);
        let world = World::new(&instance);
        assert_eq!(world.tiers(), [1, 2]);
        let before = [lesson(0, 480), lesson(1, 480)];
        let third = Lesson {
            room: 0,
            instructors: vec![0],
            ..lesson(2, 480)
        };
        let kept = searched(&instance, |search| {
            let lessons = [lesson(1, 480), third.clone()];
            regained(search, &lessons, &before, &[search.trades.of[0]].into(), 0)
        });
        let kept = kept.expect("there is room at nine");
        let starts: Vec<(usize, i64)> = kept.iter().map(|lesson| (lesson.request, lesson.start)).collect();
        assert_eq!(starts, [(0, 540), (1, 480), (2, 480)]);
    }
}
