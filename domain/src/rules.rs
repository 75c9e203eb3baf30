//! The rules of a request: one function, one sentence each; the form, the API and the import ask the same table.
//!
//! A rule says what is wrong with the draft by itself; what competes with others is the solver's and the
//! referee's business. Rules run in the order of `RULES` and all of them run: a person sees everything at once.

mod places;
mod shape;
#[cfg(test)]
pub(crate) mod tests;
mod windows;

use crate::id::*;
use crate::instance::Instance;
use crate::people::Cohort;
use crate::request::RequestDraft;
use crate::standing::Standing;
use crate::time::{SpecialDay, Week};
use crate::violation::Violation;
use serde::{Deserialize, Serialize};

pub const PURPOSE_LEN_MAX: i64 = 120;
pub const NOTE_LEN_MAX: i64 = 400;
pub const LESSONS_MAX: i64 = 20;
pub const MINUTES_MIN: i64 = 15;
pub const MINUTES_MAX: i64 = 600;
pub const HEADCOUNT_MAX: i64 = 500;
pub const TIER_MAX: i64 = 3;
pub const WINDOWS_MAX: i64 = 80;
pub const INSTRUCTORS_MAX: i64 = 4;
pub const SKILL_LEVEL_MAX: i64 = 5;

/// What a draft is judged against: one week's world and the asking organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub week: Week,
    pub organization: OrganizationId,
    /// Minutes a week, when the member has a cap.
    pub quota: Option<i64>,
    /// Of the organization, at this moment.
    pub standing: Standing,
    /// The world of the week; its list of requests is empty.
    pub world: Instance,
    /// The organization's own cohorts.
    pub cohorts: Vec<Cohort>,
    pub special_days: Vec<SpecialDay>,
    /// Equipment that a cohort may run only with a qualification.
    pub qualification_needed: Vec<EquipmentId>,
}

type Rule = fn(&RequestDraft, &Setting, &mut Vec<Violation>);

/// Every rule of a draft, in reading order of the form.
pub const RULES: &[(&str, Rule)] = &[
    ("the organization is in good standing", shape::standing),
    ("the purpose is said in at most 120 plain characters", shape::purpose),
    ("lessons, minutes and tier are in range", shape::amounts),
    ("the limits a day and between days are in range", shape::day_limits),
    ("the cohorts are the organization's own", shape::cohorts),
    (
        "the head count is at least one and at most that of the cohorts",
        shape::headcount,
    ),
    ("everything named exists, once", shape::known_things),
    ("some room has the features and the seats", places::rooms),
    (
        "equipment is there in that number where a suitable room is",
        places::equipment,
    ),
    (
        "cohorts are qualified for the equipment on the days asked",
        places::qualifications,
    ),
    (
        "enough instructors of the pool teach it for this organization",
        places::instructors,
    ),
    ("windows lie in the week and are long enough", windows::spans),
    ("windows meet opening hours of a suitable room", windows::open),
    ("there are enough days for the lessons", windows::days),
    ("the organization's weekly cap is kept", shape::quota),
];

/// Every broken rule, in the order of the form.
pub fn check(draft: &RequestDraft, setting: &Setting) -> Vec<Violation> {
    let mut broken = Vec::new();
    for (_, rule) in RULES {
        rule(draft, setting, &mut broken);
    }
    broken.dedup();
    broken
}

/// What even a draft must keep: text that can be stored and shown, lists of a sane length.
pub fn check_text(draft: &RequestDraft) -> Vec<Violation> {
    let mut broken = Vec::new();
    let purpose = &draft.purpose;
    let len = purpose.chars().count() as i64;
    if len > PURPOSE_LEN_MAX {
        broken.push(Violation::PurposeTooLong {
            len_max: PURPOSE_LEN_MAX,
            len,
        });
    }
    if purpose.chars().any(|c| c.is_control() || is_bidi_control(c)) {
        broken.push(Violation::TextForbidden {
            field: "purpose".into(),
        });
    }
    let windows = draft.windows.len() as i64;
    if windows > WINDOWS_MAX {
        broken.push(Violation::WindowsTooMany {
            max: WINDOWS_MAX,
            windows,
        });
    }
    broken
}

/// A coordinator's note: said, plain, and short enough to be read.
pub fn check_note(note: &str) -> Vec<Violation> {
    if note.trim().is_empty() {
        return vec![Violation::TextForbidden { field: "note".into() }];
    }
    check_plain("note", note, 1, NOTE_LEN_MAX)
}

/// A text of so many plain characters, at least and at most.
pub fn check_plain(field: &str, text: &str, min: i64, max: i64) -> Vec<Violation> {
    let len = text.chars().count() as i64;
    if (min..=max).contains(&len) && !text.chars().any(|c| c.is_control() || is_bidi_control(c)) {
        return Vec::new();
    }
    vec![Violation::TextForbidden { field: field.into() }]
}
