//! The referee, rule by rule, and against a slow oracle that looks at every minute.
//!
//! `week` is the small world that all tables share; a table changes what its rule is about and nothing else.

mod dice;
mod equipment;
mod instructors;
mod lessons;
mod oracle;
mod properties;
mod requests;
mod rooms;
mod week;

use domain::timetable::rules;

#[test]
fn every_rule_has_a_breaking_case() {
    let tables = [
        include_str!("lessons.rs"),
        include_str!("rooms.rs"),
        include_str!("equipment.rs"),
        include_str!("instructors.rs"),
        include_str!("requests.rs"),
    ]
    .concat();
    for code in rules() {
        let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let variant: String = code.split('_').map(capital).collect();
        assert!(tables.contains(&format!("{variant} {{")), "no table breaks {code}");
    }
}
