//! The instance file: parsing, canonical form and its hash.
//!
//! Canonical means: every list whose order has no meaning is sorted (and, where it is a set, freed of repetition),
//! so that two files that mean the same have the same hash and the same plan. What an instance may not say is in
//! `problems`; its compiled form is in `world`.

use domain::id::{InstructorId, RoomId};
use domain::instance::{Instance, Placed, Request};
use domain::time::{Span, joined};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub use crate::problems::problems;

/// One contradiction of an instance file: where, which rule, with what figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// A JSON pointer (RFC 6901) into the file.
    pub path: String,
    /// Stable, snake case.
    pub code: String,
    pub params: BTreeMap<String, String>,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, code: &str, params: &[(&str, String)]) -> Self {
        let params = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        Self {
            path: path.into(),
            code: code.to_owned(),
            params,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {}",
            if self.path.is_empty() { "/" } else { &self.path },
            self.code
        )?;
        self.params
            .iter()
            .try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

/// Reads an instance file. An ill-formed file is one problem `not_an_instance`; a contradictory one gives them all.
pub fn parse(json: &str) -> Result<Instance, Vec<Problem>> {
    let instance: Instance = serde_json::from_str(json).map_err(|error| {
        let at = [
            ("line", error.line().to_string()),
            ("column", error.column().to_string()),
            ("message", error.to_string()),
        ];
        vec![Problem::new("", "not_an_instance", &at)]
    })?;
    let problems = problems(&instance);
    if problems.is_empty() {
        Ok(instance)
    } else {
        Err(problems)
    }
}

/// The same instance with every list in its one order.
pub fn canonical(instance: &Instance) -> Instance {
    let mut sorted = instance.clone();
    if let Some(starts) = &mut sorted.calendar.starts {
        as_set(starts);
    }
    for (a, b, _) in &mut sorted.travel.pairs {
        if b < a {
            std::mem::swap(a, b);
        }
    }
    as_set(&mut sorted.travel.pairs);
    sorted.organizations.sort_by(|a, b| a.id.cmp(&b.id));
    sorted.rooms.sort_by(|a, b| a.id.cmp(&b.id));
    for room in &mut sorted.rooms {
        as_set(&mut room.features);
        as_set(&mut room.open);
        room.blackouts = joined(room.blackouts.iter().copied());
    }
    sorted.equipment.sort_by(|a, b| a.id.cmp(&b.id));
    for equipment in &mut sorted.equipment {
        equipment.blackouts.sort_by_key(|out| (out.span, out.units));
    }
    sorted.instructors.sort_by(|a, b| a.id.cmp(&b.id));
    for instructor in &mut sorted.instructors {
        instructor.available = joined(instructor.available.iter().copied());
        instructor.organizations.iter_mut().for_each(as_set);
    }
    sorted.requests.sort_by(|a, b| a.id.cmp(&b.id));
    sorted.requests.iter_mut().for_each(canonical_request);
    sorted
}

fn canonical_request(request: &mut Request) {
    as_set(&mut request.cohorts);
    request.windows.sort_by_key(|window| (window.span, window.preference));
    request.rooms.any_of.iter_mut().for_each(as_set);
    as_set(&mut request.rooms.features);
    // To need nothing of an equipment is not to need it.
    request.equipment.retain(|need| need.units != 0);
    request
        .equipment
        .sort_by(|a, b| (&a.id, a.units).cmp(&(&b.id, b.units)));
    request.instructors.any_of.iter_mut().for_each(as_set);
    fn key(placed: &Placed) -> (i64, &RoomId, &[InstructorId]) {
        (placed.start, &placed.room, &placed.instructors)
    }
    for placed in [&mut request.pinned, &mut request.previous] {
        placed.iter_mut().for_each(|lesson| as_set(&mut lesson.instructors));
        placed.sort_by(|a: &Placed, b: &Placed| key(a).cmp(&key(b)));
    }
}

fn as_set<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}

/// SHA-256 of the canonical JSON, lower-case hex: the name of an instance in every plan made from it.
pub fn sha256(instance: &Instance) -> String {
    let json = serde_json::to_vec(&canonical(instance)).expect("an instance is plain data");
    hex::encode(Sha256::digest(&json))
}

/// Whether one span of the list holds all of the lesson.
pub(crate) fn holds(spans: &[Span], lesson: Span) -> bool {
    spans.iter().any(|span| span.contains(lesson))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::tiny;
    use domain::id::EquipmentId;
    use domain::instance::EquipmentNeed;

    #[test]
    fn the_order_of_lists_does_not_change_the_hash() {
        let mut instance = tiny();
        let units = |units| EquipmentNeed {
            id: EquipmentId::new("lathe"),
            units,
        };
        let with = |person| Placed {
            start: 480,
            room: RoomId::new("x"),
            instructors: vec![InstructorId::new(person)],
        };
        // Lists with an id twice, or a place twice, too.
        instance.requests[0].equipment = vec![units(1), units(2)];
        instance.requests[0].previous = vec![with("zhang"), with("li")];
        let mut turned = instance.clone();
        turned.rooms.reverse();
        turned.requests.reverse();
        turned.requests.iter_mut().for_each(|request| request.windows.reverse());
        turned
            .requests
            .iter_mut()
            .for_each(|request| request.equipment.reverse());
        turned
            .requests
            .iter_mut()
            .for_each(|request| request.previous.reverse());
        assert_eq!(sha256(&instance), sha256(&turned));
        turned.requests[0].minutes += 1;
        assert_ne!(sha256(&instance), sha256(&turned));
    }

    #[test]
    fn an_unknown_field_and_a_bad_id_are_not_an_instance() {
        let good = serde_json::to_string(&tiny()).unwrap();
        assert!(parse(&good).is_ok());
        for bad in [
            "{".to_owned(),
            good.replacen("\"zone\"", "\"zona\"", 1),
            good.replacen("\"r1\"", "\"\"", 1),
        ] {
            assert_eq!(parse(&bad).unwrap_err()[0].code, "not_an_instance");
        }
    }
}
