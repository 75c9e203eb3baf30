//! Claims: the leximin of the LP relaxation, by water-filling. No integer plan stands fairer, so it is the certificate.
//!
//! Raise the common level t of all organizations that are still rising: max t with `G_o − w_o·t ≥ −h_o`. Those whose
//! row has a dual at the (interior) optimum can rise no further; their level is fixed at t, and the rest rises on.
//! Ogryczak, Pióro, Tomaszewski, "Telecommunications network design and max-min optimization problem", 2005.
//! One concave program guesses first who will simply be full, so that only the contested rise one by one.
//! The filling needs nothing of the search but the program, so it runs beside it where there is a second thread.

use crate::bounds::{Cut, cuts, safe_bound};
use crate::contest::Standing;
use crate::levels::SAME;
use crate::live::{COLUMNS_MAX, Live, SIMPLEX_COLUMNS_MAX};
use crate::meter::Meter;
use crate::program::{Answer, Ask, Kind, Program, Verdict};
use crate::search::{Search, StageProgram};
use crate::world::World;
use highs::Sense;

/// Steps of the guess.
const STEPS: usize = 8;
/// Who is guessed to be so many minutes short of its cap is taken to be full: to be wrong costs one program more, and
/// so does not to see it.
const NEARLY: f64 = 30.0;
/// How far above a guessed level the true one may end.
const AHEAD: f64 = 1.0005;
/// Minutes below a cap that are no rounding.
const SHORT_MIN: f64 = 0.05;
/// A row with a smaller dual does not block. The duals of the climbing rows, weighted, add up to 1.
const DUAL_MIN: f64 = 1e-4;

pub struct Claims {
    /// Minutes by organization in tiers up to this one; a bound on the sorted levels when `complete`.
    pub minutes: Vec<f64>,
    pub complete: bool,
    /// Organizations whose claim is known.
    pub settled: usize,
    pub cuts: Vec<Cut>,
    /// Rows and columns.
    pub size: (i64, i64),
}

impl Claims {
    /// Nothing but what could be had at most.
    pub fn unknown(caps: &[f64]) -> Self {
        Self {
            minutes: caps.to_vec(),
            complete: false,
            settled: 0,
            cuts: Vec::new(),
            size: (0, 0),
        }
    }
}

pub struct Water<'w> {
    world: &'w World,
    /// Minutes received lately, by organization.
    histories: Vec<f64>,
    stage: StageProgram,
    /// The column of t.
    level: usize,
    /// The first row `G_o − w_o·t + e_o ≥ −h_o`, one for each organization, and the columns e, which hold nobody
    /// down who does not climb.
    first: usize,
    eased: Vec<usize>,
    /// Columns of the minutes.
    granted: Vec<usize>,
    /// Most minutes that each organization could have.
    caps: Vec<f64>,
    minutes: Vec<f64>,
    /// Organizations that are probably content with their cap.
    full: Vec<usize>,
    /// Levels by organization as guessed; empty without a guess.
    guessed: Vec<f64>,
    cuts: Vec<Cut>,
    /// For one solve.
    seconds: f64,
    threads: u32,
    seed: i64,
    meter: Meter,
}

impl<'w> Water<'w> {
    pub fn of(search: &Search<'_, 'w>, tier: usize, threads: u32) -> Self {
        let members = &search.model.world.instance.organizations;
        let histories = members.iter().map(|member| member.history as f64).collect();
        Self::with(search, tier, threads, histories)
    }

    /// With other histories than the week's.
    pub fn with(search: &Search<'_, 'w>, tier: usize, threads: u32, histories: Vec<f64>) -> Self {
        let mut stage = search.contested(tier, Sense::Maximise, Standing::Free);
        let level = stage.column(0.0, f64::INFINITY, 1.0);
        let caps = search.caps(tier);
        let world = search.model.world;
        let granted: Vec<usize> = search.model.granted.iter().map(|columns| columns[tier]).collect();
        let first = stage.program.rows.len();
        let mut eased = Vec::new();
        for ((member, history), granted) in world.instance.organizations.iter().zip(&histories).zip(&granted) {
            let ease = stage.column(0.0, f64::INFINITY, 0.0);
            eased.push(ease);
            let terms = vec![(*granted, 1.0), (level, -member.weight), (ease, 1.0)];
            stage.program.at_least(-history, terms);
        }
        Self {
            world,
            histories,
            stage,
            level,
            first,
            eased,
            granted,
            minutes: caps.clone(),
            caps,
            full: Vec::new(),
            guessed: Vec::new(),
            cuts: Vec::new(),
            seconds: search.run.left(),
            threads,
            seed: search.run.options.seed,
            meter: search.run.meter.clone(),
        }
    }

    /// Everybody keeps at least so many minutes in the tiers up to an earlier one.
    pub fn keep(&mut self, columns: &[usize], minutes: &[f64]) {
        for (column, minutes) in columns.iter().zip(minutes) {
            let column = &mut self.stage.program.columns[*column];
            column.lower = column.lower.max(minutes - 1e-6 * (1.0 + minutes));
        }
    }

    /// Fills until all are settled or the answer is no longer wanted.
    pub fn filled(mut self, cancelled: &dyn Fn() -> bool) -> Claims {
        let mut rising: Vec<usize> = (0..self.caps.len()).collect();
        if !cancelled() {
            self.guess(cancelled);
        }
        // Not kept in self, because HiGHS's models stay in their thread.
        let mut live = None;
        while !rising.is_empty() && !cancelled() {
            let Some(settled) = self.rise(&rising, &mut live, cancelled) else {
                break;
            };
            rising.retain(|organization| !settled.contains(organization));
        }
        Claims {
            complete: rising.is_empty(),
            settled: self.minutes.len() - rising.len(),
            minutes: self.minutes,
            cuts: self.cuts,
            size: (
                self.stage.program.rows.len() as i64,
                self.stage.program.columns.len() as i64,
            ),
        }
    }

    fn ask<'a>(&'a self, cost: &'a [f64], cancelled: &'a dyn Fn() -> bool) -> Ask<'a> {
        Ask {
            sense: Sense::Maximise,
            cost,
            kind: Kind::Relaxed,
            seconds: self.seconds,
            threads: self.threads,
            seed: self.seed,
            meter: &self.meter,
            cancelled,
        }
    }

    /// The bounds that a climb changes, on the model that stays with HiGHS or on one made for the occasion.
    fn climbed(&self, program: &Program, live: &mut Option<Live>, cancelled: &dyn Fn() -> bool) -> Answer {
        if program.columns_used() > COLUMNS_MAX {
            return program.solve(&self.ask(&self.stage.cost, cancelled));
        }
        let changing: Vec<usize> = [self.level]
            .iter()
            .chain(&self.eased)
            .chain(&self.granted)
            .copied()
            .collect();
        let live = live.get_or_insert_with(|| Live::of(program, &self.ask(&self.stage.cost, cancelled), &changing));
        for column in changing {
            live.bound(column, program.columns[column].lower, program.columns[column].upper);
        }
        live.solve()
    }

    /// One concave program in place of many rises: halving the worth of a minute from step to step of the level
    /// comes close to leximin, and shows who will be full.
    fn guess(&mut self, cancelled: &dyn Fn() -> bool) {
        let members = &self.world.instance.organizations;
        let least = |n: usize| self.level_of(n, 0.0);
        let caps = (0..members.len()).map(|n| self.level_of(n, self.caps[n]));
        let low = (0..members.len()).map(least).fold(f64::INFINITY, f64::min);
        let step = ((caps.fold(0.0, f64::max) - low) / STEPS as f64).max(1e-3);
        let mut program = self.stage.program.clone();
        program.columns[self.level].upper = 0.0;
        let mut cost = vec![0.0; program.columns.len()];
        for (n, member) in members.iter().enumerate() {
            let mut terms = vec![(self.granted[n], -1.0)];
            for k in 0..STEPS {
                let from = (low + step * k as f64).max(least(n));
                let until = low + step * (k + 1) as f64;
                if from < until {
                    let most = (until - from) * member.weight + 1e-6;
                    terms.push((program.column(0.0, most, false), 1.0));
                    cost.push(0.5_f64.powi(k as i32));
                }
            }
            program.equal(0.0, terms);
        }
        let answer = program.solve(&self.ask(&cost, cancelled));
        if answer.verdict == Verdict::Proved {
            self.minutes = self
                .granted
                .iter()
                .map(|column| answer.values[*column].max(0.0))
                .collect();
            self.guessed = (0..members.len()).map(|n| self.level_of(n, self.minutes[n])).collect();
            let full = |n: &usize| self.caps[*n] - self.minutes[*n] <= NEARLY;
            self.full = (0..members.len()).filter(full).collect();
        }
    }

    /// One rise of the common level; gives who is settled by it, or `None` without an answer.
    ///
    /// Those who are probably full are first taken to be content: they get their cap, and only the others rise. If
    /// the level passes every such cap, they are content indeed, since whoever is fairer would have to give them at
    /// least as much; otherwise those with a cap above the level rise too, unless the duals show that they would not
    /// change it.
    fn rise(&mut self, rising: &[usize], live: &mut Option<Live>, cancelled: &dyn Fn() -> bool) -> Option<Vec<usize>> {
        let mut content: Vec<usize> = rising.iter().copied().filter(|n| self.full.contains(n)).collect();
        // Whose cap lies above where the level will probably end would only ask for more than may be had by then.
        let contested = rising.iter().filter(|n| !self.full.contains(n));
        let next = contested.filter_map(|n| self.guessed.get(*n).copied()).reduce(f64::min);
        let soon = |n: &usize| next.is_none_or(|next| self.level_of(*n, self.caps[*n]) <= next * AHEAD);
        content.retain(soon);
        loop {
            let climbing: Vec<usize> = rising.iter().copied().filter(|n| !content.contains(n)).collect();
            let climb = self.climb((&climbing, &content), live, cancelled);
            if climb.answer.verdict == Verdict::Infeasible && !content.is_empty() {
                let short = self.short(&content, cancelled);
                self.full.retain(|n| !short.contains(n));
                content.retain(|n| !short.contains(n));
                continue;
            }
            if climb.answer.verdict != Verdict::Proved {
                return None;
            }
            let passed = |n: &usize| {
                climbing.is_empty()
                    || self.level_of(*n, self.caps[*n]) <= climb.reached + SAME * (1.0 + climb.reached.abs())
            };
            if !content.iter().all(passed) {
                content.retain(passed);
                if !self.is_highest(&climb) {
                    continue;
                }
            }
            for organization in rising {
                self.minutes[*organization] = climb.answer.values[self.granted[*organization]].max(0.0);
            }
            return Some(self.settle(&climb, &climbing, content));
        }
    }

    /// Who of the content cannot have its cap where as much as possible is given to all of them; all, if that is not
    /// known.
    fn short(&self, content: &[usize], cancelled: &dyn Fn() -> bool) -> Vec<usize> {
        let mut program = self.stage.program.clone();
        program.columns[self.level].upper = 0.0;
        let mut cost = vec![0.0; program.columns.len()];
        let mut columns = Vec::new();
        for organization in content {
            let column = program.column(0.0, f64::INFINITY, false);
            cost.push(-1.0);
            let terms = vec![(self.granted[*organization], 1.0), (column, 1.0)];
            program.at_least(self.caps[*organization] - 1e-6, terms);
            columns.push(column);
        }
        let kind = if SIMPLEX_COLUMNS_MAX < program.columns_used() {
            Kind::Relaxed
        } else {
            Kind::Vertex
        };
        let answer = program.solve(&Ask {
            kind,
            ..self.ask(&cost, cancelled)
        });
        let is_served = |column: &usize| answer.verdict == Verdict::Proved && answer.values[*column] <= SHORT_MIN;
        let found: Vec<usize> = content
            .iter()
            .zip(&columns)
            .filter(|(_, column)| !is_served(column))
            .map(|(organization, _)| *organization)
            .collect();
        if found.is_empty() { content.to_vec() } else { found }
    }

    /// Solves with the rows of the climbing and the caps of the content.
    fn climb(
        &mut self,
        (climbing, content): (&[usize], &[usize]),
        live: &mut Option<Live>,
        cancelled: &dyn Fn() -> bool,
    ) -> Climb {
        let mut program = self.stage.program.clone();
        // Without anybody climbing the level would be unbounded.
        program.columns[self.level].upper = if climbing.is_empty() { 0.0 } else { f64::INFINITY };
        for organization in climbing {
            program.columns[self.eased[*organization]].upper = 0.0;
        }
        let loose = program.clone();
        for organization in content {
            let column = &mut program.columns[self.granted[*organization]];
            column.lower = column.lower.max(self.caps[*organization] - 1e-6);
        }
        let answer = self.climbed(&program, live, cancelled);
        let mut reached = 0.0;
        if answer.verdict == Verdict::Proved {
            reached = answer.values[self.level];
            let first = self.first;
            let found = cuts(&loose, &self.granted, &answer.row_duals, |row| row < first);
            self.cuts.extend(found);
        }
        Climb { answer, loose, reached }
    }

    /// Whether the level is the highest even without the demands of the content.
    fn is_highest(&self, climb: &Climb) -> bool {
        let mut loose = climb.loose.clone();
        loose.columns[self.level].upper = 2.0 * climb.reached.abs() + 1.0;
        let bound = safe_bound(&loose, Sense::Maximise, &self.stage.cost, &climb.answer.row_duals);
        bound <= climb.reached + 1e-5 * (1.0 + climb.reached.abs())
    }

    fn level_of(&self, organization: usize, minutes: f64) -> f64 {
        let weight = self.world.instance.organizations[organization].weight;
        (self.histories[organization] + minutes) / weight
    }

    /// Fixes the content at their caps and the blocked at the level reached.
    fn settle(&mut self, climb: &Climb, climbing: &[usize], content: Vec<usize>) -> Vec<usize> {
        let members = &self.world.instance.organizations;
        let dual = |n: &usize| climb.answer.row_duals[self.first + n].abs() * members[*n].weight;
        let highest = climbing.iter().map(dual).fold(0.0, f64::max);
        let blocked = climbing.iter().copied().filter(|n| dual(n) >= highest.min(DUAL_MIN));
        let share = |n: usize| (climb.reached * members[n].weight - self.histories[n]).max(0.0);
        let claims: Vec<(usize, f64)> = blocked
            .map(|n| (n, share(n)))
            .chain(content.into_iter().map(|n| (n, self.caps[n])))
            .collect();
        for (organization, claim) in &claims {
            self.minutes[*organization] = *claim;
            let column = &mut self.stage.program.columns[self.granted[*organization]];
            column.lower = column.lower.max(claim - 1e-6 * (1.0 + claim));
        }
        claims.into_iter().map(|(organization, _)| organization).collect()
    }
}

/// One solve of a rise.
struct Climb {
    answer: Answer,
    /// The program without the demands of the content.
    loose: Program,
    reached: f64,
}
