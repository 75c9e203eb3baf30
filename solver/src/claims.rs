//! Claims: the leximin of the LP relaxation, by water-filling. No integer plan stands fairer, so it is the certificate.
//!
//! Raise the common level t of all organizations that are still rising: max t with `G_o − w_o·t ≥ −h_o`. Those whose
//! row has a dual at the optimum can rise no further; their level is fixed at t, and the rest rises on.
//! Ogryczak, Pióro, Tomaszewski, "Telecommunications network design and max-min optimization problem", 2005.
//! The program stays with HiGHS (`live`), where a rise goes on from the vertex of the one before: some ten milliseconds
//! of the contested trades of a city, so that whoever is simply full may take a rise of its own. Tried and dropped:
//! interior point for each rise, 0.6 s at that size, with a concave program beforehand that guesses who will be full.

use crate::bounds::{Cut, cuts};
use crate::certificate::{self, Ended, Limit, stop};
use crate::contest::Standing;
use crate::live::Live;
use crate::meter::Meter;
use crate::model::Model;
use crate::program::{Ask, Kind, Verdict};
use crate::search::{Search, StageProgram};
use domain::certificate::Stop;
use highs::Sense;
use std::collections::BTreeMap;

/// A row with a smaller dual does not block. The duals of the climbing rows, weighted, add up to 1.
const DUAL_MIN: f64 = 1e-4;

pub struct Claims {
    /// Minutes by organization in tiers up to this one; a bound on the sorted levels when `complete`.
    pub minutes: Vec<f64>,
    pub complete: bool,
    /// Organizations whose claim is known.
    pub settled: usize,
    pub cuts: Vec<Cut>,
    /// Why no level is higher, ascending.
    pub stops: Vec<Stop>,
    /// Rows and columns.
    pub size: (i64, i64),
}

pub struct Water<'s, 'w> {
    model: &'s Model<'w>,
    tier: usize,
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
    minutes: Vec<f64>,
    cuts: Vec<Cut>,
    stops: Vec<Stop>,
    /// For the certificate, if there is to be one.
    bounds: Option<BTreeMap<usize, Limit>>,
    /// For all solves together.
    seconds: f64,
    threads: u32,
    seed: i64,
    meter: Meter,
}

impl<'s, 'w> Water<'s, 'w> {
    pub fn of(search: &'s Search<'_, 'w>, tier: usize, threads: u32) -> Self {
        let members = &search.model.world.instance.organizations;
        let histories = members.iter().map(|member| member.history as f64).collect();
        Self {
            bounds: Some(certificate::bounds(&search.model)),
            ..Self::with(search, tier, threads, histories)
        }
    }

    /// With other histories than the week's, and without a certificate.
    pub fn with(search: &'s Search<'_, 'w>, tier: usize, threads: u32, histories: Vec<f64>) -> Self {
        let mut stage = search.contested(tier, Sense::Maximise, Standing::Free);
        let level = stage.column(0.0, f64::INFINITY, 1.0);
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
            model: &search.model,
            tier,
            histories,
            stage,
            level,
            first,
            eased,
            granted,
            minutes: search.caps(tier),
            cuts: Vec::new(),
            stops: Vec::new(),
            bounds: None,
            seconds: search.run.left(),
            threads,
            seed: search.run.options.seed,
            meter: search.run.meter.clone(),
        }
    }

    /// With so many seconds for all solves together, in place of what is left of the budget.
    pub fn within(self, seconds: f64) -> Self {
        Self { seconds, ..self }
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
        let mut rising: Vec<usize> = (0..self.minutes.len()).collect();
        let changing = [self.level].into_iter().chain(self.eased.iter().copied());
        let changing: Vec<usize> = changing.chain(self.granted.iter().copied()).collect();
        // Not kept in self, because HiGHS's models stay in their thread.
        let mut live = Live::of(&self.stage.program, &self.ask(cancelled), &changing);
        self.eased.iter().for_each(|ease| live.bound(*ease, 0.0, 0.0));
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
            stops: self.stops,
            size: (
                self.stage.program.rows.len() as i64,
                self.stage.program.columns.len() as i64,
            ),
        }
    }

    fn ask<'a>(&'a self, cancelled: &'a dyn Fn() -> bool) -> Ask<'a> {
        Ask {
            sense: Sense::Maximise,
            cost: &self.stage.cost,
            kind: Kind::Vertex,
            seconds: self.seconds,
            threads: self.threads,
            seed: self.seed,
            meter: &self.meter,
            cancelled,
        }
    }

    /// One rise of the common level; gives who can rise no further, or `None` without an answer.
    fn rise(&mut self, rising: &[usize], live: &mut Live, cancelled: &dyn Fn() -> bool) -> Option<Vec<usize>> {
        let answer = live.solve(cancelled);
        if answer.verdict != Verdict::Proved {
            return None;
        }
        let first = self.first;
        let found = cuts(&self.stage.program, &self.granted, &answer.row_duals, |row| row < first);
        self.cuts.extend(found);
        for organization in rising {
            self.minutes[*organization] = answer.values[self.granted[*organization]].max(0.0);
        }
        let members = &self.model.world.instance.organizations;
        let reached = answer.values[self.level];
        let dual = |n: &usize| answer.row_duals[first + n].abs() * members[*n].weight;
        let highest = rising.iter().map(dual).fold(0.0, f64::max);
        let blocked = rising.iter().copied().filter(|n| dual(n) >= highest.min(DUAL_MIN));
        let blocked: Vec<usize> = blocked.collect();
        if let Some(bounds) = &self.bounds {
            let ended = Ended {
                program: &self.stage.program,
                values: &answer.values,
                duals: &answer.row_duals,
                cost: &self.stage.cost,
                bounds,
                first,
                level: self.level,
                tier: self.tier,
            };
            self.stops.push(stop(self.model, &ended, &blocked));
        }
        for organization in &blocked {
            let claim = (reached * members[*organization].weight - self.histories[*organization]).max(0.0);
            self.minutes[*organization] = claim;
            let granted = self.granted[*organization];
            let column = &mut self.stage.program.columns[granted];
            column.lower = column.lower.max(claim - 1e-6 * (1.0 + claim));
            live.bound(granted, column.lower, column.upper);
            live.bound(self.eased[*organization], 0.0, f64::INFINITY);
        }
        Some(blocked)
    }
}
