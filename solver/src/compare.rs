//! Two plans of one instance side by side: who gets more, who moves.

use domain::id::*;
use domain::instance::Instance;
use domain::plan::{Assignment, Plan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub organizations: Vec<OrganizationChange>,
    /// Only requests that changed.
    pub requests: Vec<RequestChange>,
    pub moves: Vec<Move>,
    /// Lessons at the same start in the same room with the same instructors.
    pub unchanged: i64,
    pub minutes: (i64, i64),
    pub jain: (f64, f64),
    pub level_min: (f64, f64),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationChange {
    pub id: OrganizationId,
    pub granted: (i64, i64),
    pub level: (f64, f64),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestChange {
    pub id: RequestId,
    pub lessons: (i64, i64),
    pub moved: i64,
}

/// A lesson that is elsewhere; one side is `None` when it came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub request: RequestId,
    pub before: Option<Spot>,
    pub after: Option<Spot>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    pub start: i64,
    pub room: RoomId,
    pub instructors: Vec<InstructorId>,
}

pub fn compare(instance: &Instance, before: &Plan, after: &Plan) -> Comparison {
    let (old, new) = (spots(before), spots(after));
    let mut moves = Vec::new();
    let mut requests = Vec::new();
    let mut unchanged = 0;
    let mut ids: Vec<&RequestId> = instance.requests.iter().map(|r| &r.id).collect();
    ids.sort();
    for id in ids {
        let (was, is) = (
            old.get(id).cloned().unwrap_or_default(),
            new.get(id).cloned().unwrap_or_default(),
        );
        let kept = was.iter().filter(|spot| is.contains(spot)).count();
        unchanged += kept as i64;
        let changed = moved(id, &was, &is);
        if !changed.is_empty() {
            let lessons = (was.len() as i64, is.len() as i64);
            let both = changed
                .iter()
                .filter(|m| m.before.is_some() && m.after.is_some())
                .count() as i64;
            requests.push(RequestChange {
                id: id.clone(),
                lessons,
                moved: both,
            });
        }
        moves.extend(changed);
    }
    let total = |plan: &Plan| plan.organizations.iter().map(|o| o.granted).sum();
    Comparison {
        organizations: organizations(instance, before, after),
        requests,
        moves,
        unchanged,
        minutes: (total(before), total(after)),
        jain: (before.fairness.jain, after.fairness.jain),
        level_min: (before.fairness.level_min, after.fairness.level_min),
    }
}

fn spots(plan: &Plan) -> BTreeMap<RequestId, Vec<Spot>> {
    let mut spots: BTreeMap<RequestId, Vec<Spot>> = BTreeMap::new();
    let spot = |a: &Assignment| Spot {
        start: a.start,
        room: a.room.clone(),
        instructors: a.instructors.clone(),
    };
    plan.assignments
        .iter()
        .for_each(|a| spots.entry(a.request.clone()).or_default().push(spot(a)));
    spots.values_mut().for_each(|list| list.sort());
    spots
}

/// Pairs what is left after the unchanged lessons, in order of start.
fn moved(request: &RequestId, was: &[Spot], is: &[Spot]) -> Vec<Move> {
    let gone: Vec<&Spot> = was.iter().filter(|spot| !is.contains(spot)).collect();
    let came: Vec<&Spot> = is.iter().filter(|spot| !was.contains(spot)).collect();
    let pair = |n: usize| Move {
        request: request.clone(),
        before: gone.get(n).copied().cloned(),
        after: came.get(n).copied().cloned(),
    };
    (0..gone.len().max(came.len())).map(pair).collect()
}

fn organizations(instance: &Instance, before: &Plan, after: &Plan) -> Vec<OrganizationChange> {
    let figures = |plan: &Plan, id: &OrganizationId| {
        plan.organizations
            .iter()
            .find(|o| o.id == *id)
            .map_or((0, 0.0), |o| (o.granted, o.level))
    };
    let mut ids: Vec<&OrganizationId> = instance.organizations.iter().map(|o| &o.id).collect();
    ids.sort();
    let change = |id: &OrganizationId| {
        let (old, new) = (figures(before, id), figures(after, id));
        OrganizationChange {
            id: id.clone(),
            granted: (old.0, new.0),
            level: (old.1, new.1),
        }
    };
    ids.into_iter().map(change).collect()
}
