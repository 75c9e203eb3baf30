//! Why a level of the fair shares is no higher: read off the duals of the rise that ended there.
//!
//! At the optimum of `max t`, `G_o − w_o·t ≥ −h_o`, the duals λ of those rows (`Σ λ_o·w_o = 1`) and the prices y of all
//! other rows and bounds give `t = Σ λ_o·h_o + Σ y·capacity`, and `Σ λ_o·(h_o + G_o)` is no more than that in any plan
//! (linear programming duality). So whatever has a price is what stops the level, and nothing else does; y is also what
//! the level gains by one more of it, at the margin. Rows say what they limit when they are built; a bound of a column
//! says it by what the column counts. A thing is named once, with all its spans.

use crate::model::Model;
use crate::program::Program;
use domain::certificate as said;
use domain::certificate::{Bottleneck, Stop, Stopped};
use domain::time::{Span, joined};
use std::collections::BTreeMap;

/// Lower prices are rounding.
const PRICE_MIN: f64 = 1e-6;

/// What a row limits, and when; an empty span is always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    thing: Thing,
    span: Span,
}

/// In the indices of world and pools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Rooms(usize),
    People(usize),
    /// Of a class of one: what that person may teach.
    Hours(usize),
    Way(usize),
    Equipment(usize),
    Cohort(usize),
    Lessons(usize),
    Days(usize),
    Member(usize),
    /// Of a member: what it has in trades that are not contested.
    Elsewhere(usize),
    EarlierTier,
}

impl Limit {
    pub fn always(thing: Thing) -> Self {
        Self::within(thing, Span::new(0, 0))
    }

    pub fn within(thing: Thing, span: Span) -> Self {
        Self { thing, span }
    }
}

/// A rise that has ended: its program, with the duals of the rows in the solver's sign.
pub struct Ended<'e> {
    pub program: &'e Program,
    pub values: &'e [f64],
    pub duals: &'e [f64],
    pub cost: &'e [f64],
    /// `bounds` of the model.
    pub bounds: &'e BTreeMap<usize, Limit>,
    /// The first row `G_o − w_o·t + e_o ≥ −h_o`; below it stand the rows of the week.
    pub first: usize,
    /// The column of t, after those of the model and, by organization and tier, those of what is not contested.
    pub level: usize,
    pub tier: usize,
}

/// The level, who stops there, and what stops them.
pub fn stop(model: &Model, ended: &Ended, members: &[usize]) -> Stop {
    let weight = |n: &usize| model.world.instance.organizations[*n].weight;
    let part = |n: &usize| -ended.duals[ended.first + n] * weight(n);
    // Raising a row's bound lowers the level, so these are negative where duals are derivatives.
    let turn = members.iter().map(part).sum::<f64>().signum();
    let parts: f64 = members.iter().map(|n| turn * part(n)).sum();
    let stopped = |n: &usize| Stopped {
        organization: model.world.instance.organizations[*n].id.clone(),
        part: turn * part(n) / parts,
    };
    let priced = match full(model, ended, members) {
        Some(member) => vec![(Limit::always(Thing::Member(member)), 1.0 / weight(&member))],
        None => priced(model, ended, turn),
    };
    Stop {
        tier: model.tiers[ended.tier],
        level: ended.values[ended.level],
        members: members.iter().map(stopped).collect(),
        by: bottlenecks(model, priced),
    }
}

/// The only one who stops, if it has its most: then nothing else needs a price, whatever else is used up.
fn full(model: &Model, ended: &Ended, members: &[usize]) -> Option<usize> {
    let [member] = members else { return None };
    let column = model.granted[*member][ended.tier];
    let upper = ended.program.columns[column].upper;
    (upper <= ended.values[column] + 1e-6 * (1.0 + upper)).then_some(*member)
}

/// Everything that has a price.
fn priced(model: &Model, ended: &Ended, turn: f64) -> Vec<(Limit, f64)> {
    let mut reduced = ended.cost.to_vec();
    let mut found: Vec<(Limit, f64)> = Vec::new();
    for (n, (row, dual)) in ended.program.rows.iter().zip(ended.duals).enumerate() {
        let price = turn * dual;
        row.terms
            .iter()
            .for_each(|(column, factor)| reduced[*column] -= price * factor);
        if n < ended.first
            && let Some(limit) = row.limit
        {
            found.push((model.limits[limit], price));
        }
    }
    let bounds = reduced.iter().enumerate().filter(|(_, price)| PRICE_MIN < **price);
    found.extend(bounds.filter_map(|(column, price)| Some((of_bound(model, ended, column)?, *price))));
    found.retain(|(_, price)| PRICE_MIN < *price);
    found
}

/// What the upper bounds of the model's columns limit, by column; of lessons, see `of_lessons`.
pub fn bounds(model: &Model) -> BTreeMap<usize, Limit> {
    let mut bounds = BTreeMap::new();
    for (groups, thing) in [
        (&model.rooms, Thing::Rooms as fn(usize) -> Thing),
        (&model.people, Thing::People),
    ] {
        for group in &groups.list {
            let counted = group.offers.iter().filter_map(|(of, column)| Some((*of, (*column)?)));
            bounds.extend(counted.map(|(of, column)| (column, Limit::within(thing(of), group.span()))));
        }
    }
    let wholes = model
        .wholes
        .iter()
        .map(|(request, column)| (*column, Thing::Lessons(*request)));
    let days = model
        .days
        .iter()
        .map(|((request, _), column)| (*column, Thing::Days(*request)));
    let members = model.granted.iter().enumerate();
    let members = members.flat_map(|(n, columns)| columns.iter().map(move |column| (*column, Thing::Member(n))));
    let always = wholes.chain(days).chain(members);
    bounds.extend(always.map(|(column, thing)| (column, Limit::always(thing))));
    bounds
}

fn of_bound(model: &Model, ended: &Ended, column: usize) -> Option<Limit> {
    if column < model.placements.len() {
        return Some(of_lessons(model, column, ended.program.columns[column].upper));
    }
    let own = model.program.columns.len();
    let elsewhere = || {
        (own..ended.level)
            .contains(&column)
            .then(|| Thing::Elsewhere((column - own) / (ended.tier + 1)))
    };
    ended
        .bounds
        .get(&column)
        .copied()
        .or_else(|| elsewhere().map(Limit::always))
}

/// So many lessons at one time at most: all of the request, or what its group or its day allows.
fn of_lessons(model: &Model, column: usize, upper: f64) -> Limit {
    let (world, p) = (model.world, model.placements[column]);
    match world.requests[p.request].cohorts.first() {
        _ if world.request(p.request).lessons as f64 <= upper => Limit::always(Thing::Lessons(p.request)),
        Some(cohort) => Limit::within(Thing::Cohort(*cohort), world.span(p.request, p.start)),
        None => Limit::always(Thing::Days(p.request)),
    }
}

/// With names, each thing once, the highest price first.
fn bottlenecks(model: &Model, priced: Vec<(Limit, f64)>) -> Vec<Bottleneck> {
    let mut of: BTreeMap<Thing, (Vec<Span>, f64)> = BTreeMap::new();
    for (limit, price) in priced {
        let (spans, sum) = of.entry(limit.thing).or_default();
        spans.push(limit.span);
        *sum += price;
    }
    let named = of.into_iter().map(|(thing, (spans, price))| Bottleneck {
        what: named(model, thing, spans),
        price,
    });
    let mut found: Vec<Bottleneck> = named.collect();
    found.sort_by(|a, b| b.price.total_cmp(&a.price).then_with(|| a.what.cmp(&b.what)));
    found
}

fn named(model: &Model, thing: Thing, spans: Vec<Span>) -> said::Limit {
    let instance = &model.world.instance;
    let joined = || joined(spans.iter().copied());
    let person = |class: usize| instance.instructors[model.pools.classes[class][0]].id.clone();
    match thing {
        Thing::Rooms(pool) => {
            let rooms = model.pools.rooms[pool].iter();
            let rooms = rooms.map(|n| instance.rooms[*n].id.clone()).collect();
            said::Limit::Rooms { rooms, spans: joined() }
        }
        Thing::People(class) => {
            let people = model.pools.classes[class].iter();
            let instructors = people.map(|n| instance.instructors[*n].id.clone()).collect();
            said::Limit::Instructors {
                instructors,
                spans: joined(),
            }
        }
        Thing::Hours(class) => said::Limit::InstructorHours {
            instructor: person(class),
            spans: hours(&spans, instance.calendar.until),
        },
        Thing::Way(class) => said::Limit::Way {
            instructor: person(class),
        },
        Thing::Equipment(n) => said::Limit::Equipment {
            equipment: instance.equipment[n].id.clone(),
            spans: joined(),
        },
        Thing::Cohort(n) => said::Limit::Cohort {
            cohort: model.world.cohorts[n].clone(),
            spans: joined(),
        },
        Thing::Lessons(n) => said::Limit::Lessons {
            request: instance.requests[n].id.clone(),
        },
        Thing::Days(n) => said::Limit::Days {
            request: instance.requests[n].id.clone(),
        },
        Thing::Member(n) => {
            let organization = instance.organizations[n].id.clone();
            let quota = instance.organizations[n].quota;
            if quota.is_some_and(|quota| quota < model.world.asked(n)) {
                said::Limit::Quota { organization }
            } else {
                said::Limit::Asked { organization }
            }
        }
        Thing::Elsewhere(n) => said::Limit::Elsewhere {
            organization: instance.organizations[n].id.clone(),
        },
        Thing::EarlierTier => said::Limit::EarlierTier,
    }
}

/// Days that lie side by side stay apart, since each is a limit of its own; always is the week.
fn hours(spans: &[Span], until: i64) -> Vec<Span> {
    let known = |span: &Span| if span.is_empty() { Span::new(0, until) } else { *span };
    let mut spans: Vec<Span> = spans.iter().map(known).collect();
    spans.sort_unstable();
    spans
}
