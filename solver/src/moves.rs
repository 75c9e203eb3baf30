//! Fewest moves: of the plans in which everybody has as much as now, one that leaves the most lessons of the previous
//! plan wholly as they were, and how many any such plan must change.
//!
//! A lesson is kept when its start, its room and its people are. Rooms of one pool and people of one class stand for each
//! other in the program, so lessons that are alike there share a column `k[r,s,k,p,C]`: at most as many as the previous
//! plan had, as stay at that start, as are dealt from pool p and from the classes C.
//!
//! The trades that lost something are solved to the end with the rest held as it is; beside that, the relaxation of the
//! whole week bounds what any plan can keep. The two mostly meet: seen in six weeks of towns and cities, the best of
//! those trades was the best of the week, and at city size the relaxation, rounded, said the same.

use crate::bounds::safe_bound;
use crate::levels::granted;
use crate::near::among;
use crate::program::{Ask, Kind, Running, Verdict};
use crate::search::{Search, StageProgram};
use crate::solution;
use crate::solve::relative_gap;
use crate::travel;
use crate::world::{Lesson, World};
use domain::plan::Stage;
use highs::Sense;
use std::collections::{BTreeMap, BTreeSet};

/// Part of what is left for the trades that lost something.
const NEAR_PART: f64 = 0.8;
/// The relaxation is asked again, for what everybody has now, and the whole week in integers, where so many times what
/// the relaxation took is left.
const AGAIN_FACTOR: f64 = 1.5;
const WHOLE_FACTOR: f64 = 3.0;
/// Minutes of a few lessons: what was found for so many more or fewer proves nearly as much.
const ALIKE_MIN: i64 = 300;
/// Questions in a row.
const TRIES_MAX: usize = 6;

/// Lessons that are alike for the program: column, pool, classes.
type Like = (usize, usize, Vec<usize>);
type Spot<'l> = (usize, i64, usize, &'l [usize]);

/// The relaxation of the whole week under way: how many lessons can stay where they were at most.
pub struct Proof {
    stage: StageProgram,
    running: Option<Running>,
    began: f64,
    /// What all had together when it began.
    minutes: i64,
}

impl Proof {
    /// Begins while what everybody will have is still looked for, as if it were what everybody has now.
    pub fn begun(search: &Search) -> Self {
        let last = search.model.tiers.len() - 1;
        let mut stage = search.stage(last, Sense::Maximise);
        keep_whole(search, &mut stage, &mut None, 1.0);
        hold_minutes(search, &mut stage);
        let ask = Ask {
            sense: stage.sense,
            cost: &stage.cost,
            kind: Kind::Relaxed,
            seconds: search.run.left(),
            threads: 1,
            seed: search.run.options.seed,
            meter: &search.run.meter,
            cancelled: search.run.cancelled,
        };
        // Where all of it stays, nothing is to be shown.
        let world = search.model.world;
        let all_stay = kept(world, &search.best).len() == previous(world).count();
        let running = if all_stay { None } else { stage.program.start(&ask) };
        Self {
            stage,
            running,
            began: search.run.elapsed(),
            minutes: minutes_of(search),
        }
    }

    /// The same for what everybody has now; multipliers that were found for nearly the same minutes will do.
    fn brought_up_to_date(self, search: &Search) -> Self {
        let apart = (minutes_of(search) - self.minutes).abs();
        if apart <= ALIKE_MIN { self } else { Self::begun(search) }
    }

    /// Most lessons that any plan leaves as they were in which everybody has what everybody has now; also the seconds
    /// that it took.
    fn most_kept(mut self, search: &Search) -> Option<(usize, f64)> {
        let running = self.running.take()?;
        let answer = running.answer(&self.stage.program, &|| search.run.is_overdue())?;
        hold_minutes(search, &mut self.stage);
        let StageProgram { program, cost, sense } = &self.stage;
        if answer.row_duals.len() != program.rows.len() {
            return None;
        }
        let bound = safe_bound(program, *sense, cost, &answer.row_duals);
        let seconds = search.run.elapsed() - self.began;
        bound.is_finite().then(|| ((bound + 1e-6).floor() as usize, seconds))
    }
}

fn minutes_of(search: &Search) -> i64 {
    granted(search.model.world, &search.best, i64::MAX).iter().sum()
}

/// Moves as few as can be, everybody having as much as now.
pub fn fewest(search: &mut Search, proof: Proof) {
    let began = search.run.elapsed();
    let world = search.model.world;
    let proof = proof.brought_up_to_date(search);
    let trades = touched(search);
    let mut asked = Asked::of(search);
    let mut most = asked.staying.most;
    let is_open = |search: &Search, most: usize| kept(world, &search.best).len() < most;
    if is_open(search, most) {
        asked.within(search, &trades);
    }
    if is_open(search, most) {
        let known = proof.most_kept(search);
        most = known.map_or(most, |(bound, _)| most.min(bound));
        let enough = |search: &Search, factor: f64| known.is_some_and(|(_, took)| factor * took < search.run.left());
        if is_open(search, most) && enough(search, AGAIN_FACTOR) {
            let again = Proof::begun(search).most_kept(search);
            most = again.map_or(most, |(bound, _)| most.min(bound));
        }
        if is_open(search, most) && enough(search, WHOLE_FACTOR) {
            most = most.min(asked.whole(search).unwrap_or(most));
        }
    }
    let all = previous(world).count();
    let (value, bound) = ((all - kept(world, &search.best).len()) as f64, (all - most) as f64);
    search.run.close(Stage {
        name: "moves".into(),
        value,
        bound,
        gap: relative_gap(value, bound),
        seconds: search.run.elapsed() - began,
        rows: asked.stage.program.rows.len() as i64,
        columns: asked.stage.program.columns.len() as i64,
    });
}

/// Nobody gets less than now, in any tier.
fn hold_minutes(search: &Search, stage: &mut StageProgram) {
    for (tier, number) in search.model.tiers.iter().enumerate() {
        let minutes = granted(search.model.world, &search.best, *number);
        for (columns, minutes) in search.model.granted.iter().zip(minutes) {
            stage.program.columns[columns[tier]].lower = minutes as f64;
        }
    }
}

/// How many can stay, of a whole week.
struct Asked {
    stage: StageProgram,
    staying: Staying,
    /// The lessons that stand, if they have columns.
    warm: Option<Vec<f64>>,
}

impl Asked {
    fn of(search: &Search) -> Self {
        let last = search.model.tiers.len() - 1;
        let mut stage = search.stage(last, Sense::Maximise);
        let mut warm = search.warm(last);
        let staying = keep_whole(search, &mut stage, &mut warm, 1.0);
        Self { stage, staying, warm }
    }

    /// Solves some trades, the rest held. Where somebody then could not get from one site to another in time, that is
    /// forbidden, and only those days are solved again; if that does not do, all of it.
    fn within(&mut self, search: &mut Search, trades: &BTreeSet<usize>) {
        let Some(warm) = self.warm.clone() else { return };
        let until = search.run.elapsed() + NEAR_PART * search.run.left();
        let all: BTreeSet<usize> = trades
            .iter()
            .flat_map(|n| &search.trades.list[*n].requests)
            .copied()
            .collect();
        let (mut values, mut free) = (warm.clone(), all.clone());
        let mut days = BTreeSet::new();
        for _ in 0..TRIES_MAX {
            let part = among(search, &self.stage, &values, |request| free.contains(&request));
            match part.solved(search, &self.stage, until - search.run.elapsed()) {
                Some(answer) => values = part.merged(&values, &answer.values),
                None if free == all => return,
                None => {
                    (values, free) = (warm.clone(), all.clone());
                    continue;
                }
            }
            let known = self.stage.program.rows.len();
            if !search.cut(&mut self.stage, &values) {
                self.take(search, &values);
                return;
            }
            days.extend(travel::days_of(&search.model, &self.stage.program.rows[known..]));
            let there = travel::on_days(&search.model, &values, &days);
            free = all.intersection(&there).copied().collect();
        }
    }

    /// Solves all in integers; gives how many no plan passes, if it comes to that.
    fn whole(&mut self, search: &mut Search) -> Option<usize> {
        let last = search.model.tiers.len() - 1;
        let mut warm = search.warm(last)?;
        warm.extend(self.staying.values(search));
        // A plan that keeps more may have given somebody more, too.
        hold_minutes(search, &mut self.stage);
        let whole = Kind::Integer {
            warm: Some(&warm),
            nodes: i32::MAX,
        };
        let answer = search.solve(&self.stage, whole, NEAR_PART * search.run.left());
        if !matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) {
            return None;
        }
        if !search.cut(&mut self.stage, &answer.values) {
            self.take(search, &answer.values);
        }
        answer.bound.is_finite().then(|| (answer.bound + 1e-6).floor() as usize)
    }

    /// Takes what keeps more, where nobody loses.
    fn take(&self, search: &mut Search, values: &[f64]) {
        let staying = self.staying.lessons(search, values);
        let lessons = solution::lessons_with(&search.model, values, &staying);
        let kept = |lessons: &[Lesson]| kept(search.model.world, lessons).len();
        if kept(&search.best) < kept(&lessons) {
            search.settle(lessons);
        }
    }
}

/// Lessons that are wholly as in the previous plan.
pub fn kept<'l>(world: &World, lessons: &'l [Lesson]) -> Vec<&'l Lesson> {
    let same = |lesson: &&Lesson| {
        world.requests[lesson.request]
            .previous
            .iter()
            .any(|before| before.place() == lesson.place())
    };
    lessons.iter().filter(same).collect()
}

/// The columns of the lessons that could stay, by what is alike.
pub struct Staying {
    columns: Vec<(Like, usize)>,
    /// How many could stay, were each of them alone.
    pub most: usize,
}

impl Staying {
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().map(|(_, column)| *column)
    }

    /// How many of each stay now.
    fn values(&self, search: &Search) -> Vec<f64> {
        let now = likes_of(search, kept(search.model.world, &search.best));
        let of = |(like, _): &(Like, usize)| now.get(like).map_or(0.0, |lessons| lessons.len() as f64);
        self.columns.iter().map(of).collect()
    }

    /// The lessons that values leave as they were; of those that are alike, those that stay now come first.
    fn lessons<'w>(&self, search: &Search<'_, 'w>, values: &[f64]) -> Vec<&'w Lesson> {
        let mut of = likes_of(search, previous(search.model.world));
        let now: BTreeSet<Spot> = search.best.iter().map(Lesson::place).collect();
        let mut staying = Vec::new();
        for (like, column) in &self.columns {
            let mut lessons = of.remove(like).unwrap_or_default();
            lessons.sort_by_key(|lesson| !now.contains(&lesson.place()));
            staying.extend(lessons.into_iter().take(values[*column].round().max(0.0) as usize));
        }
        staying
    }
}

/// A column for lessons of the previous plan that are alike, each worth `cost`; to values of the base, how many stay
/// now is added.
pub fn keep_whole(search: &Search, stage: &mut StageProgram, warm: &mut Option<Vec<f64>>, cost: f64) -> Staying {
    let model = &search.model;
    let mut at_start: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut dealt: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut staying = Staying {
        columns: Vec::new(),
        most: 0,
    };
    for (like, lessons) in likes_of(search, previous(model.world)) {
        if stage.program.columns[like.0].upper <= 0.0 {
            continue;
        }
        let column = stage.column(0.0, lessons.len() as f64, cost);
        staying.most += lessons.len();
        let (start, pool, classes) = like.clone();
        staying.columns.push((like, column));
        at_start.entry(start).or_default().push((column, 1.0));
        let rooms = model.rooms.of_column[start].and_then(|group| model.rooms.list[group].column_of(pool));
        let people = classes.into_iter().filter_map(|class| {
            let group = model.people.of_column[start]?;
            model.people.list[group].column_of(class)
        });
        for of in rooms.into_iter().chain(people) {
            dealt.entry(of).or_default().push((column, 1.0));
        }
    }
    for (of, mut terms) in at_start.into_iter().chain(dealt) {
        terms.push((of, -1.0));
        stage.program.at_most(0.0, terms);
    }
    if let Some(values) = warm {
        values.extend(staying.values(search));
    }
    staying
}

/// Lessons by what is alike, without those that have no place any more.
fn likes_of<'l>(search: &Search, lessons: impl IntoIterator<Item = &'l Lesson>) -> BTreeMap<Like, Vec<&'l Lesson>> {
    let mut likes: BTreeMap<Like, Vec<&Lesson>> = BTreeMap::new();
    for lesson in lessons {
        let like = like(search, lesson);
        like.into_iter()
            .for_each(|like| likes.entry(like).or_default().push(lesson));
    }
    likes
}

fn previous(world: &World) -> impl Iterator<Item = &Lesson> {
    world.requests.iter().flat_map(|facts| &facts.previous)
}

/// `None` where its room or one of its people does not offer itself any more.
fn like(search: &Search, lesson: &Lesson) -> Option<Like> {
    let model = &search.model;
    let column = model.column_of(lesson.request, lesson.start, model.world.rooms[lesson.room].site)?;
    let pool = model.pools.of_room[lesson.room];
    let classes = lesson.instructors.iter().map(|n| model.pools.of_instructor[*n]);
    let mut classes: Vec<usize> = classes.collect();
    classes.sort_unstable();
    let room = model.rooms.of_column[column].is_some_and(|group| model.rooms.list[group].offers(pool));
    let people = model.people.of_column[column];
    let there = |class: &usize| people.is_some_and(|group| model.people.list[group].offers(*class));
    (room && classes.iter().all(there)).then_some((column, pool, classes))
}

/// Trades with a lesson of the previous plan that cannot stay, or is not there any more.
fn touched(search: &Search) -> BTreeSet<usize> {
    let world = search.model.world;
    let standing: BTreeSet<Spot> = search.best.iter().map(Lesson::place).collect();
    let gone = |lesson: &&Lesson| !standing.contains(&lesson.place());
    let lost = previous(world).filter(gone);
    lost.map(|lesson| search.trades.of[lesson.request]).collect()
}
