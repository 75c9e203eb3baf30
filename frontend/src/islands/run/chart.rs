//! The gap closing, as a small picture: the bound comes down, the plan comes up. Its words stand beside it.

use super::counts_minutes;
use crate::text::{Lang, board as words, time as said};
use domain::api::ProgressPoint;
use leptos::prelude::*;

const WIDTH: f64 = 168.0;
const TOP: f64 = 4.0;
const BOTTOM: f64 = 58.0;

/// `(seconds, placed, bound)` in minutes of lessons, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures(Vec<(f64, f64, f64)>);

/// The points that say both how much is placed and how much could be; `None` before there is one.
pub fn figures(progress: &[ProgressPoint]) -> Option<Figures> {
    let both = |point: &ProgressPoint| Some((point.seconds, point.incumbent?, point.bound?));
    let points: Vec<_> = progress
        .iter()
        .filter(|point| counts_minutes(&point.stage))
        .filter_map(both)
        .collect();
    (!points.is_empty()).then_some(Figures(points))
}

impl Figures {
    fn last(&self) -> (f64, f64, f64) {
        self.0[self.0.len() - 1]
    }
    /// How many minutes more any plan could place at most.
    pub fn more_min(&self) -> i64 {
        let (_, placed, bound) = self.last();
        (bound - placed).max(0.0).round() as i64
    }

    /// `(x, y placed, y bound)` within the picture. One point alone is drawn as a level line.
    fn points(&self) -> Vec<(f64, f64, f64)> {
        let until = self.last().0.max(f64::MIN_POSITIVE);
        let values = || self.0.iter().flat_map(|(_, placed, bound)| [*placed, *bound]);
        let (least, most) = (
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        let y = |value: f64| {
            if most > least {
                BOTTOM - (value - least) / (most - least) * (BOTTOM - TOP)
            } else {
                (TOP + BOTTOM) / 2.0
            }
        };
        let mut points: Vec<_> = self
            .0
            .iter()
            .map(|(at, placed, bound)| ((at / until).clamp(0.0, 1.0) * WIDTH, y(*placed), y(*bound)))
            .collect();
        if points.len() == 1 {
            points.insert(0, (0.0, points[0].1, points[0].2));
            points[1].0 = WIDTH;
        }
        points
    }
}

/// `M0.0 4.0 L22.0 8.0`.
fn line(points: impl Iterator<Item = (f64, f64)>) -> String {
    let steps: Vec<String> = points.map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}", steps.join(" L"))
}

pub fn draw(lang: Lang, figures: &Figures) -> impl IntoView + use<> {
    let points = figures.points();
    let bound = line(points.iter().map(|(x, _, bound)| (*x, *bound)));
    let found = line(points.iter().map(|(x, placed, _)| (*x, *placed)));
    let there = points.iter().map(|(x, _, bound)| (*x, *bound));
    let back = points.iter().rev().map(|(x, placed, _)| (*x, *placed));
    let between = format!("{}z", line(there.chain(back)));
    let (x, y, _) = points[points.len() - 1];
    let (_, placed, most) = figures.last();
    let (placed, most) = (said::hours(placed.round() as i64), said::hours(most.round() as i64));
    let label = words::run_chart(lang, placed.clone(), most.clone());
    view! {
        <svg class="closing" viewBox="0 -12 176 84" role="img" aria-label=label>
            <path class="between" d=between></path>
            <path class="axis" d="M0 63.5h176"></path>
            <path class="bound" d=bound></path>
            <path class="found" d=found></path>
            <circle class="end" cx=format!("{x:.1}") cy=format!("{y:.1}") r="3"></circle>
            <text x="0" y="-3">{words::run_bound(lang, most)}</text>
            <text x="0" y="72">{words::run_placed(lang, placed)}</text>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(stage: &str, incumbent: Option<f64>, bound: Option<f64>, seconds: f64) -> ProgressPoint {
        ProgressPoint {
            stage: stage.into(),
            incumbent,
            bound,
            gap: None,
            seconds,
        }
    }

    #[test]
    fn only_points_with_both_figures_in_minutes_are_drawn() {
        let progress = [
            point("greedy", Some(600.0), Some(900.0), 1.0),
            point("tier 1 order", Some(3.0), Some(9.0), 2.0),
            point("granted", None, Some(800.0), 3.0),
            point("granted", Some(780.0), Some(800.0), 4.0),
        ];
        let figures = figures(&progress).expect("two points");
        assert_eq!(figures.0.len(), 2);
        assert_eq!(figures.more_min(), 20);
        let points = figures.points();
        assert!(points.iter().all(|(x, placed, bound)| *x <= WIDTH && placed >= bound));
    }

    #[test]
    fn a_single_or_level_figure_is_drawn_without_dividing_by_zero() {
        let figures = figures(&[point("greedy", Some(600.0), Some(600.0), 0.0)]).expect("one point");
        assert!(
            figures
                .points()
                .iter()
                .all(|(x, a, b)| x.is_finite() && a.is_finite() && b.is_finite())
        );
        assert_eq!(super::figures(&[]), None);
    }
}
