//! The check of a finished plan: the referee's violations, and every figure of the plan computed anew.
//!
//! It reads only the two files and shares no code with the model, the board or the assembling.

use crate::instance::sha256;
use domain::instance::Instance;
use domain::plan::Plan;
use domain::timetable::conflicts;
use domain::violation::Violation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Every hard rule that is broken.
    pub violations: Vec<Violation>,
    /// Figures of the plan that are not what the assignments give.
    pub wrong: Vec<Wrong>,
    pub lessons: i64,
    pub lessons_asked: i64,
    pub minutes: i64,
    pub jain: f64,
    pub level_min: f64,
}

/// A figure that differs from its recomputation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// A JSON pointer into the plan.
    pub path: String,
    pub stated: String,
    pub recomputed: String,
}

impl Report {
    /// No rule broken and no figure wrong.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.wrong.is_empty()
    }
}

pub fn check(instance: &Instance, plan: &Plan) -> Report {
    let mut wrong = Vec::new();
    let mut expect = |path: String, stated: String, recomputed: String| {
        if stated != recomputed {
            wrong.push(Wrong {
                path,
                stated,
                recomputed,
            });
        }
    };
    expect("/format".into(), plan.format.clone(), domain::plan::FORMAT.into());
    expect(
        "/instance_sha256".into(),
        plan.instance_sha256.clone(),
        sha256(instance),
    );
    let minutes_of: BTreeMap<_, _> = instance.requests.iter().map(|r| (&r.id, r)).collect();
    let mut placed: BTreeMap<&domain::id::RequestId, i64> = BTreeMap::new();
    plan.assignments
        .iter()
        .for_each(|a| *placed.entry(&a.request).or_insert(0) += 1);
    let order = |a: &domain::plan::Assignment| (a.request.clone(), a.start, a.lesson);
    let sorted = plan
        .assignments
        .windows(2)
        .all(|pair| order(&pair[0]) <= order(&pair[1]));
    expect(
        "/assignments".into(),
        if sorted { "sorted" } else { "unsorted" }.into(),
        "sorted".into(),
    );

    let missing: BTreeMap<&domain::id::RequestId, i64> = plan
        .unplaced
        .iter()
        .map(|unplaced| (&unplaced.request, unplaced.lessons))
        .collect();
    for request in &instance.requests {
        let left = request.lessons - placed.get(&request.id).copied().unwrap_or(0);
        let stated = missing.get(&request.id).copied().unwrap_or(0);
        expect(
            format!("/unplaced/{}", request.id),
            stated.to_string(),
            left.to_string(),
        );
    }
    let mut levels = Vec::new();
    for (n, member) in instance.organizations.iter().enumerate() {
        let own = || instance.requests.iter().filter(|r| r.organization == member.id);
        let asked: i64 = own().map(|r| r.lessons * r.minutes).sum();
        let granted: i64 = own().map(|r| placed.get(&r.id).copied().unwrap_or(0) * r.minutes).sum();
        let level = (member.history + granted) as f64 / member.weight;
        levels.push(level);
        let stated = plan.organizations.iter().find(|o| o.id == member.id);
        let figures = |asked: i64, granted: i64, level: f64| format!("{asked} {granted} {level:.6}");
        let stated = stated.map_or("none".into(), |o| figures(o.asked, o.granted, o.level));
        expect(format!("/organizations/{n}"), stated, figures(asked, granted, level));
    }
    let (jain, level_min) = summary(&levels);
    expect(
        "/fairness/jain".into(),
        format!("{:.6}", plan.fairness.jain),
        format!("{jain:.6}"),
    );
    expect(
        "/fairness/level_min".into(),
        format!("{:.6}", plan.fairness.level_min),
        format!("{level_min:.6}"),
    );
    let minutes = plan
        .assignments
        .iter()
        .filter_map(|a| minutes_of.get(&a.request))
        .map(|r| r.minutes)
        .sum();
    Report {
        violations: conflicts(instance, &plan.assignments),
        wrong,
        lessons: plan.assignments.len() as i64,
        lessons_asked: instance.requests.iter().map(|r| r.lessons).sum(),
        minutes,
        jain,
        level_min,
    }
}

/// Jain's index and the lowest level.
fn summary(levels: &[f64]) -> (f64, f64) {
    let (sum, squares) = levels
        .iter()
        .fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    let jain = if squares == 0.0 {
        1.0
    } else {
        sum * sum / (squares * levels.len() as f64)
    };
    let lowest = levels.iter().copied().fold(f64::INFINITY, f64::min);
    (jain, if levels.is_empty() { 0.0 } else { lowest })
}
