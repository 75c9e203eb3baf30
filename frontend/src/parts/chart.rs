//! Pictures as inline SVG, each with a table twin beside it. No text inside but names and the level.

use super::mark;
use crate::text::{Lang, fairness as say, names, time};
use domain::api::{FairLine, FairnessView};
use leptos::prelude::*;

/// A line of a path with one decimal, which is finer than a pixel.
fn at(x: f64, y: f64) -> String {
    format!("{x:.1} {y:.1}")
}

/// Connected vessels: width is weight, floor is history, height is the ask, one level line for all.
pub fn water(lang: Lang, view: &FairnessView) -> AnyView {
    const WIDTH: f64 = 1000.0;
    const LEFT: f64 = 46.0;
    const TOP: f64 = 14.0;
    const BOTTOM: f64 = 214.0;
    let gap = 10.0;
    let weights: f64 = view.lines.iter().map(|line| line.weight).sum();
    let room = WIDTH - LEFT - gap * view.lines.len() as f64 - 24.0 * view.lines.len() as f64;
    let highest = view.lines.iter().map(full).fold(1.0, f64::max);
    let y = |level: f64| BOTTOM - (level / highest).clamp(0.0, 1.0) * (BOTTOM - TOP);
    let mut x = LEFT;
    let mut vessels = Vec::new();
    for line in &view.lines {
        let width = 24.0 + room.max(0.0) * line.weight / weights.max(f64::MIN_POSITIVE);
        vessels.push(vessel(view, line, x, width, y));
        x += width + gap;
    }
    let level = water_level(&view.lines);
    let line = level.map(|level| {
        let surface = y(level.max(0.0));
        let d = format!("M{} H{WIDTH}", at(LEFT, surface));
        view! {
            <path class="level" d=d></path>
            <text class="on-level" x="0" y=format!("{:.1}", surface + 4.0)>{say::level_line(lang)}</text>
        }
    });
    let said = level.unwrap_or(view.level_min).round() as i64;
    view! {
        <svg class="water" viewBox="0 0 1000 262" role="img" aria-label=say::water_label(lang, &time::hours(said))>
            {vessels}
            {line}
            <text class="left" x="0" y="233">{say::organization(lang)}</text>
            <text class="left" x="0" y="252">{say::weight(lang)}</text>
        </svg>
    }
    .into_any()
}

/// Where the water stands: the lowest level of those that asked for more. Vessels that are full say nothing about it.
fn water_level(lines: &[FairLine]) -> Option<f64> {
    let open = lines
        .iter()
        .filter(|line| line.ledger.granted_min < line.ledger.asked_min);
    open.map(|line| line.level).min_by(f64::total_cmp)
}

/// The level that a member would reach with all it asked for.
fn full(line: &FairLine) -> f64 {
    (line.history_min + line.ledger.asked_min.max(line.ledger.granted_min)) as f64 / line.weight.max(f64::MIN_POSITIVE)
}

fn vessel(view: &FairnessView, line: &FairLine, x: f64, width: f64, y: impl Fn(f64) -> f64) -> AnyView {
    let weight = line.weight.max(f64::MIN_POSITIVE);
    let floor = y(line.history_min as f64 / weight);
    let surface = y((line.history_min + line.ledger.granted_min) as f64 / weight);
    let (top, bottom) = (y(full(line)), y(0.0));
    let block = |from: f64, until: f64| format!("M{} h{width:.1} V{until:.1} H{x:.1} z", at(x, from));
    let satisfied = line.ledger.granted_min >= line.ledger.asked_min;
    let tick = satisfied.then(|| {
        let d = format!("M{} l4 4 7 -8", at(x + width / 2.0 - 5.0, top - 8.0));
        view! { <path class="done" d=d></path> }
    });
    let own = (view.own.as_ref() == Some(&line.organization))
        .then(|| view! { <path class="own" d=block(top, bottom)></path> });
    let seal = view
        .names
        .organizations
        .get(&line.organization)
        .map_or_else(String::new, |name| name.seal.clone());
    let middle = format!("{:.1}", x + width / 2.0);
    view! {
        <path class="vessel" d=block(top, bottom)></path>
        <path class="floor" d=block(floor, bottom)></path>
        <path class="given" d=block(surface, floor)></path>
        {own}
        {tick}
        <text class="name" x=middle.clone() y="233">{seal}</text>
        <text x=middle y="252">{format!("{}", line.weight)}</text>
    }
    .into_any()
}

/// Asked as a frame, granted as a bar, the fair claim as a mark; all on the scale of the largest ask.
pub fn share(line: &FairLine, largest_min: i64) -> AnyView {
    let x = |minutes: i64| minutes.max(0) as f64 / largest_min.max(1) as f64 * 196.0 + 1.0;
    let asked = format!("M1 4h{:.1}v14H1z", x(line.ledger.asked_min) - 1.0);
    let granted = format!("M1 8h{:.1}v6H1z", x(line.ledger.granted_min) - 1.0);
    let claim = format!("M{:.1} 3h2v16h-2z", x(line.ledger.claim_min) - 1.0);
    view! {
        <svg class="share" viewBox="0 0 200 22" preserveAspectRatio="none" aria-hidden="true">
            <path class="asked" d=asked></path>
            <path class="granted" d=granted></path>
            <path class="claim" d=claim></path>
        </svg>
    }
    .into_any()
}

/// Granted over claim of past weeks; the dashed line is 1.
pub fn spark(lang: Lang, trend: &[f64]) -> AnyView {
    if trend.len() < 2 {
        return view! { <span class="quiet">{say::no_trend(lang)}</span> }.into_any();
    }
    let step = 110.0 / (trend.len() - 1) as f64;
    let point = |(n, value): (usize, &f64)| (n as f64 * step, 22.0 - value.clamp(0.0, 2.0) * 10.0);
    let points: Vec<(f64, f64)> = trend.iter().enumerate().map(point).collect();
    let d = format!(
        "M{}",
        points.iter().map(|(x, y)| at(*x, *y)).collect::<Vec<_>>().join(" ")
    );
    let (x, y) = points[points.len() - 1];
    let label = trend
        .iter()
        .map(|value| format!("{value:.2}"))
        .collect::<Vec<_>>()
        .join(lang.pick("、", ", "));
    view! {
        <svg class="spark" viewBox="0 0 112 24" role="img" aria-label=label>
            <path class="one" d="M0 12h112"></path>
            <path d=d></path>
            <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="2"></circle>
        </svg>
    }
    .into_any()
}

/// The name beside a row of the table twin.
pub fn row_name(lang: Lang, view: &FairnessView, line: &FairLine) -> AnyView {
    let own = (view.own.as_ref() == Some(&line.organization))
        .then(|| mark::badge(mark::Tone::Mine, super::icon::Icon::Person, say::own(lang)));
    let name = names::organization(lang, &view.names, &line.organization);
    view! { <span class="who">{mark::seal(lang, &view.names, &line.organization)} {name} {own}</span> }.into_any()
}
