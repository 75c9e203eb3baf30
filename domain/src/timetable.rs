//! The referee: judges a timetable against one week's world.
//!
//! Whoever places a lesson asks here: the form's preview, a walk-in, the solver, a coordinator's move, `gongxun check`.
//! Every hard rule of the contract is one line of `RULES`, one function with one sentence, and one `Violation`.
//! The referee only judges: it proposes nothing, knows no preference and no fairness, and never panics, whatever it
//! is given. It takes for granted what `Instance::problems` sees to, that ids are unique in their list; of twins the
//! first counts. All rules together take O(n log n): each looks lessons up by key and sweeps them in order of start.

mod court;
mod equipment;
mod instructors;
mod requests;
mod rooms;
mod spans;

use crate::instance::Instance;
use crate::plan::Assignment;
use crate::violation::Violation;
use court::{Court, World};

type Rule = fn(&Court) -> Vec<Violation>;

/// Every hard rule under the code of the one violation that it finds.
const RULES: [(&str, Rule); 31] = [
    // The lesson and its time.
    ("unknown_request", requests::unknown_request),
    ("lesson_number", requests::lesson_number),
    ("start_not_allowed", requests::start_not_allowed),
    ("outside_windows", requests::outside_windows),
    // Its room.
    ("unknown_room", rooms::unknown_room),
    ("room_closed", rooms::room_closed),
    ("room_blackout", rooms::room_blackout),
    ("room_not_asked", rooms::room_not_asked),
    ("feature_missing", rooms::feature_missing),
    ("seats_short", rooms::seats_short),
    ("room_clash", rooms::room_clash),
    // Its equipment.
    ("equipment_wrong", equipment::equipment_wrong),
    ("equipment_elsewhere_at", equipment::equipment_elsewhere_at),
    ("equipment_short", equipment::equipment_short),
    ("equipment_clash", equipment::equipment_clash),
    // Its instructors.
    ("unknown_instructor", instructors::unknown_instructor),
    ("instructor_count", instructors::instructor_count),
    ("instructor_not_asked", instructors::instructor_not_asked),
    ("skill_short", instructors::skill_short),
    ("instructor_not_serving", instructors::instructor_not_serving),
    ("instructor_unavailable", instructors::instructor_unavailable),
    ("instructor_clash", instructors::instructor_clash),
    ("travel_too_short", instructors::travel_too_short),
    ("instructor_day_max", instructors::instructor_day_max),
    ("instructor_week_max", instructors::instructor_week_max),
    // All lessons of a cohort, a request, an organization.
    ("cohort_clash", requests::cohort_clash),
    ("per_day_max", requests::per_day_max),
    ("days_between", requests::days_between),
    ("quota_exceeded", requests::quota_exceeded),
    ("pinned_moved", requests::pinned_moved),
    ("not_all_lessons", requests::not_all_lessons),
];

/// Every hard rule that the assignments break, sorted, each once; empty means the timetable may stand.
///
/// The order of the lists, of the instance and of the assignments, never changes the answer. Of lessons that clash
/// not every pair is named, but every lesson is: each with the lesson before it that keeps the thing longest.
pub fn conflicts(instance: &Instance, assignments: &[Assignment]) -> Vec<Violation> {
    let world = World::of(instance);
    let court = Court::of(&world, assignments);
    let mut found: Vec<Violation> = RULES.iter().flat_map(|(_, rule)| rule(&court)).collect();
    found.sort();
    found.dedup();
    found
}

/// The codes of the hard rules, in the order in which they are judged.
pub fn rules() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(code, _)| *code)
}
