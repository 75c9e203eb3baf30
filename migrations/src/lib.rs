//! The schema of both databases, in readable steps.
//!
//! A step is prose: why, then what. Nearly all of it is one SQL text for both databases, because the types
//! `TEXT`, `BIGINT`, `BOOLEAN` and `DOUBLE PRECISION` mean the same to SQLite and PostgreSQL; what only one of
//! them can say stands apart. Steps go forward only and are never edited after landing: a change is a new step.
//!
//! Conventions: every row carries its `alliance_id`, which is the first part of every key, so that alliances
//! never meet and rows can be partitioned. Ids are texts. Times named `…_at_min` and `…_min` are civil
//! minutes, `…_ms` unix milliseconds; a week is the ISO date of its Monday; lists are JSON texts. A constraint
//! is named after the rule that it holds. A reference is checked at commit where a whole catalog may be
//! replaced under it, so that the order of the rows does not matter.

mod step;

mod s0001_alliances;
mod s0002_catalog;
mod s0003_people;
mod s0004_rounds;
mod s0005_plans;
mod s0006_timetable;
mod s0007_ledger;
mod s0008_outbox;
mod s0009_audit;
mod s0010_answers;
mod s0011_doors;
mod s0012_members;
mod s0013_tries;
mod s0014_deliveries;
mod s0015_second_factor_rule;
mod s0016_sealed_factors;
mod s0017_password_age;
mod s0018_identities;
mod s0020_personal_data;
mod s0021_session_ways;
mod s0022_plan_editors;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All steps, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let steps = [
            s0001_alliances::STEP,
            s0002_catalog::STEP,
            s0003_people::STEP,
            s0004_rounds::STEP,
            s0005_plans::STEP,
            s0006_timetable::STEP,
            s0007_ledger::STEP,
            s0008_outbox::STEP,
            s0009_audit::STEP,
            s0010_answers::STEP,
            s0011_doors::STEP,
            s0012_members::STEP,
            s0013_tries::STEP,
            s0014_deliveries::STEP,
            s0015_second_factor_rule::STEP,
            s0016_sealed_factors::STEP,
            s0017_password_age::STEP,
            s0018_identities::STEP,
            s0020_personal_data::STEP,
            s0021_session_ways::STEP,
            s0022_plan_editors::STEP,
        ];
        steps
            .into_iter()
            .map(|step| Box::new(step) as Box<dyn MigrationTrait>)
            .collect()
    }
}

/// Names of all steps, in order: what the store compares a database with before it opens it.
pub fn steps() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect()
}
