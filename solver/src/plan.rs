//! From lessons to the plan file: numbering, figures, order. It decides nothing.

use crate::fairness::Shares;
use crate::levels;
use crate::names::numbered_units;
use crate::world::{Lesson, World};
use domain::plan::{Assignment, FORMAT, Fairness, Granted, Plan, Scarce, Solver, Stage, Status, Unplaced};

/// What a run adds to the lessons.
pub struct Record {
    pub status: Status,
    pub stages: Vec<Stage>,
    pub solver: Solver,
    pub unplaced: Vec<Unplaced>,
    pub scarce: Vec<Scarce>,
    pub shares: Shares,
}

pub fn assemble(world: &World, lessons: &[Lesson], record: Record) -> Plan {
    let mut organizations = granted(world, lessons);
    for (member, claim) in organizations.iter_mut().zip(record.shares.claims) {
        member.claim = Some(claim);
    }
    for (member, claim) in organizations.iter_mut().zip(record.shares.memoryless) {
        member.memoryless = Some(claim);
    }
    Plan {
        format: FORMAT.into(),
        instance_sha256: world.sha256.clone(),
        status: record.status,
        assignments: assignments(world, lessons),
        unplaced: record.unplaced,
        fairness: fairness(&organizations),
        organizations,
        certificate: record.shares.certificate,
        stages: record.stages,
        scarce: record.scarce,
        solver: record.solver,
    }
}

/// Sorted by request, then start; lessons are numbered in that order, units by `names`.
pub fn assignments(world: &World, lessons: &[Lesson]) -> Vec<Assignment> {
    let mut lessons = lessons.to_vec();
    lessons.sort();
    let units = numbered_units(world, &lessons);
    let mut number = 0;
    let mut list = Vec::with_capacity(lessons.len());
    for (n, (lesson, equipment)) in lessons.iter().zip(units).enumerate() {
        number = if n > 0 && lessons[n - 1].request == lesson.request {
            number + 1
        } else {
            1
        };
        list.push(Assignment {
            request: world.request(lesson.request).id.clone(),
            lesson: number,
            start: lesson.start,
            room: world.instance.rooms[lesson.room].id.clone(),
            equipment,
            instructors: lesson
                .instructors
                .iter()
                .map(|n| world.instance.instructors[*n].id.clone())
                .collect(),
            pinned: lesson.pinned,
        });
    }
    list
}

pub fn granted(world: &World, lessons: &[Lesson]) -> Vec<Granted> {
    let minutes = levels::granted(world, lessons, i64::MAX);
    let of = |(n, granted): (usize, i64)| Granted {
        id: world.instance.organizations[n].id.clone(),
        asked: world.asked(n),
        granted,
        level: levels::level(world, n, granted),
        claim: None,
        memoryless: None,
    };
    minutes.into_iter().enumerate().map(of).collect()
}

/// Jain's index (Σx)² / (n·Σx²) of the levels; 1 when there is nothing to share.
pub fn fairness(organizations: &[Granted]) -> Fairness {
    let levels: Vec<f64> = organizations.iter().map(|o| o.level).collect();
    let sum: f64 = levels.iter().sum();
    let squares: f64 = levels.iter().map(|level| level * level).sum();
    let jain = if squares > 0.0 {
        sum * sum / (levels.len() as f64 * squares)
    } else {
        1.0
    };
    let level_min = levels.iter().copied().reduce(f64::min).unwrap_or(0.0);
    Fairness { jain, level_min }
}
