//! Fairness, tier by tier: claims, the fair integer plan, the exact order, each fixed by bounds before the next.
//!
//! The fair integer plan maximises Σ φ_o(G_o) with φ_o concave and piecewise linear: a minute is worth the more the
//! further it lies below the claim, and the more the lower the claim's level is, since whoever is lowest counts
//! first. Among the lesson-sized plans it finds one close to the claims quickly; which of them is leximin is
//! `ladder`'s business.

use crate::certificate::{Limit, Thing};
use crate::claims::{Claims, Water};
use crate::compress::Compressed;
use crate::contest::Standing;
use crate::gaps;
use crate::ladder::exact_order;
use crate::levels::{ascending, granted};
use crate::memoryless;
use crate::model::Model;
use crate::near::{Told, improve_near, offered};
use crate::needs::Needs;
use crate::opening::{bounded_alone, chained, restored};
use crate::pins::hold_pins;
use crate::placement::Place;
use crate::quality;
use crate::replan::{mostly_planned, repaired};
use crate::rungs::Rungs;
use crate::search::{Search, StageProgram};
use crate::solve::{Run, broken, relative_gap};
use crate::trades::Trades;
use crate::world::Lesson;
use domain::certificate::Stop;
use domain::instance::Member;
use domain::plan::Stage;
use highs::Sense;

/// With more places than this the program would not be read in time.
const PLACES_MAX: usize = 2_000_000;
/// Where no more columns are contested, the exact order finds the fair plan by itself.
const CONTESTED_COLUMNS_MAX: usize = 15_000;
/// Of larger programs, everybody keeps what they have in the last tier, whoever stands where.
const WHOLE_COLUMNS_MAX: usize = 5_000;
/// Part of a claim and what a minute within it is worth.
const SLOPES: [(f64, f64); 5] = [(0.8, 100.0), (0.1, 40.0), (0.05, 20.0), (0.03, 14.0), (0.02, 10.0)];
/// Part of the budget for ejection chains.
const CHAINS_PART: f64 = 0.1;
const CHAINS_PART_LARGE: f64 = 0.6;
/// Part of a tier's time, after its shares, for the fair plan; the exact order finds plans too.
const FAIR_PART: f64 = 0.2;
/// How much more a minute may be worth to the lowest than to the highest.
const LOWEST_MAX: f64 = 30.0;

/// What fairness found, and what is known of it.
pub struct Fair {
    pub lessons: Vec<Lesson>,
    /// Whether every stage is proved.
    pub proved: bool,
    pub shares: Shares,
}

/// The fair shares of a week; each list is empty where it was not computed.
#[derive(Default)]
pub struct Shares {
    /// By organization, minutes over all tiers.
    pub claims: Vec<f64>,
    /// Why none of them is higher, tier by tier.
    pub certificate: Vec<Stop>,
    /// The claims as if nobody had a history.
    pub memoryless: Vec<f64>,
}

impl Fair {
    /// Lessons of which nothing is known.
    pub fn unproved(lessons: Vec<Lesson>) -> Self {
        Self {
            lessons,
            proved: false,
            shares: Shares::default(),
        }
    }
}

/// The fairest lessons found.
pub fn improved<'r>(run: &mut Run<'r>, places: &[Vec<Place>], baseline: Vec<Lesson>) -> Fair {
    let world = run.world;
    if world.requests.is_empty() {
        // A week without wishes is fair as it is.
        return Fair {
            lessons: baseline,
            proved: true,
            shares: Shares {
                claims: vec![0.0; world.instance.organizations.len()],
                certificate: Vec::new(),
                memoryless: vec![0.0; world.instance.organizations.len()],
            },
        };
    }
    let planned = mostly_planned(world, baseline.len());
    let compressed = Compressed::of(world, &Needs::of(world));
    let places = compressed.places(places);
    let moved = compressed.moved(&baseline);
    let mut best = if broken(world, &moved).is_empty() {
        moved
    } else {
        baseline
    };
    let large = places.iter().map(Vec::len).sum::<usize>() > PLACES_MAX;
    if planned {
        best = restored(run, &places, best);
    } else {
        best = chained(run, &places, best, if large { CHAINS_PART_LARGE } else { CHAINS_PART });
    }
    if large {
        return bounded_alone(run, best);
    }
    if (run.cancelled)() {
        // Not even the program is read.
        return Fair::unproved(best);
    }
    let model = Model::new(world);
    let trades = Trades::of(world, &model.needs);
    let mut search = Search {
        run,
        model,
        compressed: &compressed,
        trades: &trades,
        places: &places,
        best,
        proved: true,
        cuts: Vec::new(),
        contest: None,
        side_by_side: 1,
        turn: 0,
    };
    search.side_by_side = search.run.options.threads.max(1) as usize;
    search.turn = (search.run.options.seed.rem_euclid(1000)) as usize;
    if !hold_pins(&mut search) {
        return Fair::unproved(search.best);
    }
    if planned {
        return repaired(&mut search);
    }
    let shares = exact(&mut search);
    quality::granted(&mut search);
    quality::quality(&mut search);
    let seconds = search.run.left();
    gaps::fewer(&mut search, seconds);
    Fair {
        lessons: search.best,
        proved: search.proved,
        shares,
    }
}

/// Tier by tier.
pub fn exact(search: &mut Search) -> Shares {
    let base = search.model.program.clone();
    let mut shares = tier_by_tier(search);
    let remembers = |member: &Member| 0 < member.history;
    shares.memoryless = if search.model.world.instance.organizations.iter().any(remembers) {
        memoryless::shares(search, base)
    } else {
        shares.claims.clone()
    };
    shares
}

/// Each tier made fair and fixed before the next. Gives the last claims.
fn tier_by_tier(search: &mut Search) -> Shares {
    let mut shares = Shares::default();
    let mut chained_last = search.best.clone();
    for tier in 0..search.model.tiers.len() {
        // A plan that programs found is good where they looked; what it has elsewhere is left to chance.
        if search.best != chained_last {
            search.best = chained(search.run, search.places, search.best.clone(), CHAINS_PART);
            chained_last.clone_from(&search.best);
        }
        let seconds = share(search, tier);
        search.cuts.clear();
        shares.claims = one_tier(search, tier, &mut shares.certificate, seconds);
        fix(search, tier);
        search.run.offer(&search.best);
    }
    if !search.proved {
        // What was fixed tier by tier may have left room that nobody looked for since.
        search.best = chained(search.run, search.places, search.best.clone(), CHAINS_PART);
    }
    shares
}

/// Seconds for a tier: by what it asks beside the tiers after it; the quality stage keeps a part of the budget.
fn share(search: &Search, tier: usize) -> f64 {
    let tiers = &search.model.tiers;
    let world = search.model.world;
    let asked = |tier: i64| {
        let own = (0..world.requests.len()).filter(|n| world.request(*n).tier == tier);
        own.map(|n| world.minutes(n) * world.request(n).lessons).sum::<i64>() as f64
    };
    let all: f64 = tiers.iter().map(|tier| asked(*tier)).sum();
    let weight = |tier: &i64| asked(*tier) + 0.1 * all;
    let rest: f64 = tiers[tier..].iter().map(weight).sum();
    search.run.left() * 0.9 * weight(&tiers[tier]) / rest
}

/// Gives the claims of the tier, if they are all known, and adds to their certificate.
fn one_tier(search: &mut Search, tier: usize, certificate: &mut Vec<Stop>, seconds: f64) -> Vec<f64> {
    let number = search.model.tiers[tier];
    if !search.everybody_full(tier) {
        search.look_at_trades(tier, seconds * 0.2);
    }
    if search.everybody_full(tier) {
        let caps = search.caps(tier);
        let value: f64 = caps.iter().sum();
        search.run.close(Stage {
            name: format!("tier {number} fairness"),
            value,
            bound: value,
            gap: 0.0,
            seconds: 0.0,
            rows: 0,
            columns: 0,
        });
        return caps;
    }
    let began = search.run.elapsed();
    let mut claims = shares(search, tier, seconds * 0.6);
    certificate.append(&mut claims.stops);
    let left = seconds - (search.run.elapsed() - began);
    fair_plan(search, tier, &claims, left * FAIR_PART);
    let left = seconds - (search.run.elapsed() - began);
    exact_order(search, tier, left);
    if claims.complete { claims.minutes } else { Vec::new() }
}

/// The fair shares.
fn shares(search: &mut Search, tier: usize, seconds: f64) -> Claims {
    let began = search.run.elapsed();
    let water = Water::of(search, tier, search.run.options.threads);
    let run = &search.run;
    let claims = water.filled(&|| run.left() <= 0.0 || run.elapsed() - began >= seconds);
    close_claims(search, tier, &claims, began);
    claims
}

fn close_claims(search: &mut Search, tier: usize, claims: &Claims, began: f64) {
    let members = &search.model.world.instance.organizations;
    let level = |(minutes, member): (&f64, &Member)| (member.history as f64 + minutes) / member.weight;
    let lowest = claims
        .minutes
        .iter()
        .zip(members)
        .map(level)
        .fold(f64::INFINITY, f64::min);
    search.proved &= claims.complete;
    search.cuts.extend(claims.cuts.iter().cloned());
    let unsettled = claims.minutes.len() - claims.settled;
    search.run.close(Stage {
        name: format!("tier {} claims", search.model.tiers[tier]),
        value: lowest,
        bound: lowest,
        gap: unsettled as f64 / claims.minutes.len().max(1) as f64,
        seconds: search.run.elapsed() - began,
        rows: claims.size.0,
        columns: claims.size.1,
    });
}

/// Piece by piece, from the best lessons.
fn improve(
    search: &mut Search,
    stage: &mut StageProgram,
    (warm, claims): (Option<Vec<f64>>, &Claims),
    tier: usize,
    seconds: f64,
) {
    if let Some(warm) = warm {
        let told = Told::Minutes {
            stage: &stage_name(search, tier),
            tier,
            at_most: &claims.minutes,
            bound: claims.complete.then(|| claims.minutes.iter().sum()),
        };
        let values = improve_near(search, stage, warm, told, seconds);
        offered(search, &values, tier);
    }
}

/// What was reached in this tier stays. Where the levels are proved, only their sorted list does, since another
/// organization in the same place may leave more to the next tier; otherwise, what everybody has.
fn fix(search: &mut Search, tier: usize) {
    let last = tier + 1 == search.model.tiers.len();
    let small = search.model.program.columns.len() <= WHOLE_COLUMNS_MAX;
    let minutes = granted(search.model.world, &search.best, search.model.tiers[tier]);
    if (small || !last) && search.proved && !search.everybody_full(tier) {
        let levels = ascending(search.model.world, &minutes);
        let rungs = Rungs::of(search, tier);
        let columns: Vec<usize> = search.model.granted.iter().map(|columns| columns[tier]).collect();
        let first = search.model.program.rows.len();
        let kept = rungs.keep(&mut search.model.program, &columns, &levels);
        search.model.kept.extend(kept.into_iter().map(|kept| (tier, kept)));
        search.model.mark_from(first, Limit::always(Thing::EarlierTier));
        return;
    }
    fix_minutes(search, tier);
}

/// What everybody has stays the least that they have.
pub fn fix_minutes(search: &mut Search, tier: usize) {
    let minutes = granted(search.model.world, &search.best, search.model.tiers[tier]);
    for (columns, minutes) in search.model.granted.iter().zip(minutes) {
        let column = &mut search.model.program.columns[columns[tier]];
        column.lower = column.lower.max(minutes as f64);
    }
}

/// What the stage is called.
fn stage_name(search: &Search, tier: usize) -> String {
    format!("tier {} fairness", search.model.tiers[tier])
}

fn fair_plan(search: &mut Search, tier: usize, claims: &Claims, seconds: f64) {
    let began = search.run.elapsed();
    let whole = search.stage(tier, Sense::Maximise);
    let (mut stage, warm) = fair_stage(search, whole, tier, &claims.minutes);
    let (rows, columns) = (stage.program.rows.len() as i64, stage.program.columns.len() as i64);
    let open = search.contested(tier, Sense::Maximise, Standing::Settled);
    if CONTESTED_COLUMNS_MAX < open.program.columns_used() && !within_a_lesson(search, tier, claims) {
        improve(search, &mut stage, (warm, claims), tier, seconds);
    }
    let minutes = granted(search.model.world, &search.best, search.model.tiers[tier]);
    let met = |(granted, claim): (&i64, &f64)| claim.min(*granted as f64);
    let value: f64 = minutes.iter().zip(&claims.minutes).map(met).sum();
    let bound: f64 = claims.minutes.iter().sum();
    search.run.close(Stage {
        name: stage_name(search, tier),
        value,
        bound: if claims.complete {
            bound
        } else {
            search.caps(tier).iter().sum()
        },
        gap: if claims.complete {
            relative_gap(value, bound)
        } else {
            1.0
        },
        seconds: search.run.elapsed() - began,
        rows,
        columns,
    });
}

/// Whether nobody misses as much of its share as its longest lesson, so that only the exact order is left to find.
fn within_a_lesson(search: &Search, tier: usize, claims: &Claims) -> bool {
    let world = search.model.world;
    let now = granted(world, &search.best, search.model.tiers[tier]);
    let longest = |organization: usize| {
        let own = (0..world.requests.len()).filter(|n| world.requests[*n].organization == organization);
        own.map(|n| world.minutes(n)).max().unwrap_or(0) as f64
    };
    let near = |(n, claim): (usize, &f64)| *claim - (now[n] as f64) < longest(n);
    claims.complete && claims.minutes.iter().enumerate().all(near)
}

/// The fair plan's objective put to a stage, and the best lessons as values of it, if it is the whole.
fn fair_stage(search: &Search, stage: StageProgram, tier: usize, claims: &[f64]) -> (StageProgram, Option<Vec<f64>>) {
    let world = search.model.world;
    let mut stage = stage;
    let mut warm = search.warm(tier);
    let level = |n: usize| {
        let member = &world.instance.organizations[n];
        (member.history as f64 + claims[n]) / member.weight
    };
    let highest = (0..claims.len()).map(level).fold(0.0, f64::max);
    for (organization, claim) in claims.iter().enumerate() {
        let granted = search.model.granted[organization][tier];
        let factor = (highest / level(organization).max(1.0)).powi(3).clamp(1.0, LOWEST_MAX);
        let mut rest = warm.as_ref().map_or(0.0, |values| values[granted]);
        let parts = SLOPES.map(|(part, slope)| (part * claim, slope * factor / 60.0));
        let mut terms = vec![(granted, -1.0)];
        for (upper, slope) in parts.into_iter().chain([(f64::INFINITY, 1.0 / 60.0)]) {
            terms.push((stage.column(0.0, upper, slope), 1.0));
            let piece = rest.min(upper);
            rest -= piece;
            warm.iter_mut().for_each(|values| values.push(piece));
        }
        stage.program.equal(0.0, terms);
    }
    (stage, warm)
}
