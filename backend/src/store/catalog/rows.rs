//! The tables of the catalog. `position` keeps the order in which things were written.

use crate::store::table::table;

/// Kinds of words.
pub const FEATURE: &str = "feature";
pub const SKILL: &str = "skill";

table! {
    organization_rows "organizations" {
        key { alliance_id: String, id: String }
        position: i64,
        name: String,
        name_en: String,
        seal: String,
        kind: String,
        weight: f64,
        quota_min: Option<i64>,
    }
}

table! {
    base_rows "bases" {
        key { alliance_id: String, id: String }
        position: i64,
        name: String,
        kind: String,
        host_id: Option<String>,
        address: String,
        open: String,
        safety_induction: bool,
    }
}

table! {
    room_rows "rooms" {
        key { alliance_id: String, id: String }
        position: i64,
        base_id: String,
        center: String,
        name: String,
        part_of: Option<String>,
        features: String,
        seats: i64,
        open: Option<String>,
        turnaround_min: i64,
    }
}

table! {
    equipment_rows "equipment" {
        key { alliance_id: String, id: String }
        position: i64,
        base_id: String,
        room_id: Option<String>,
        name: String,
        units: i64,
        qualification_needed: bool,
    }
}

table! {
    word_rows "words" {
        key { alliance_id: String, kind: String, id: String }
        position: i64,
        name: String,
        name_en: String,
    }
}

table! {
    instructor_rows "instructors" {
        key { alliance_id: String, id: String }
        position: i64,
        name: String,
        kind: String,
        industry: String,
        organization_id: String,
        skills: String,
        available: String,
        day_max_min: Option<i64>,
        agreed_from: String,
        agreed_until: String,
        week_max_min: Option<i64>,
        serves: Option<String>,
    }
}

table! {
    cohort_rows "cohorts" {
        key { alliance_id: String, id: String }
        position: i64,
        organization_id: String,
        name: String,
        kind: String,
        headcount: i64,
        qualifications: String,
    }
}

table! {
    blackout_rows "blackouts" {
        key { alliance_id: String, id: String }
        position: i64,
        what: String,
        from_min: i64,
        until_min: i64,
        reason: String,
    }
}

table! {
    travel_rows "travel" {
        key { alliance_id: String, one_base_id: String, other_base_id: String }
        position: i64,
        minutes: i64,
    }
}

table! {
    special_day_rows "special_days" {
        key { alliance_id: String, date: String }
        position: i64,
        name: String,
        kind: String,
    }
}
