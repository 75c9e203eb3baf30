//! What an instance may not say: every contradiction of a file, each with its place, a stable code and figures.
//!
//! A request that cannot be placed is no contradiction; it is reported in the plan. Pins are judged last, by the
//! referee itself, and only when the rest of the file is sound, because its answers would mean nothing before. How large
//! a number may be is in `large`.

mod large;

use crate::instance::{Problem, canonical};
use crate::plan::assignments;
use crate::world::{Lesson, World};
use domain::instance::{FORMAT, Instance, InstructorNeed, Placed, Request, RoomNeed};
use domain::time::{Span, Week};
use domain::timetable::conflicts;
use domain::violation::Violation;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// Every contradiction, sorted; empty means that the instance can be solved.
pub fn problems(instance: &Instance) -> Vec<Problem> {
    let known = Known::of(instance);
    let mut found = Findings(Vec::new());
    calendar(instance, &mut found);
    organizations(instance, &mut found);
    rooms(instance, &known, &mut found);
    equipment(instance, &known, &mut found);
    instructors(instance, &known, &mut found);
    for (n, asked) in instance.requests.iter().enumerate() {
        request(&format!("/requests/{n}"), asked, &known, &mut found);
    }
    found.duplicates("/requests", instance.requests.iter().map(|r| r.id.as_str()));
    large::numbers(instance, &mut found);
    if found.0.is_empty() {
        pins(instance, &mut found);
    }
    found.0.sort();
    found.0.dedup();
    found.0
}

struct Known<'i> {
    organizations: BTreeSet<&'i str>,
    rooms: BTreeMap<&'i str, &'i domain::instance::Room>,
    equipment: BTreeSet<&'i str>,
    instructors: BTreeSet<&'i str>,
}

impl<'i> Known<'i> {
    fn of(instance: &'i Instance) -> Self {
        Self {
            organizations: instance.organizations.iter().map(|o| o.id.as_str()).collect(),
            rooms: instance.rooms.iter().map(|r| (r.id.as_str(), r)).collect(),
            equipment: instance.equipment.iter().map(|e| e.id.as_str()).collect(),
            instructors: instance.instructors.iter().map(|i| i.id.as_str()).collect(),
        }
    }
}

struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, path: impl Into<String>, code: &str, params: &[(&str, String)]) {
        self.0.push(Problem::new(path, code, params));
    }
    fn at_least(&mut self, path: String, min: i64, value: i64) {
        if value < min {
            let code = if min == 0 { "negative" } else { "not_positive" };
            self.add(path, code, &[("value", value.to_string())]);
        }
    }
    fn optional(&mut self, path: String, value: Option<i64>) {
        value
            .into_iter()
            .for_each(|value| self.at_least(path.clone(), 0, value));
    }
    fn spans<'s>(&mut self, path: &str, spans: impl IntoIterator<Item = &'s Span>) {
        for (n, span) in spans.into_iter().enumerate() {
            let figures = [("from", span.from.to_string()), ("until", span.until.to_string())];
            if span.is_empty() {
                self.add(format!("{path}/{n}"), "span_backwards", &figures);
            } else if span.from < 0 {
                self.add(format!("{path}/{n}"), "span_before_monday", &figures);
            }
        }
    }
    fn known(&mut self, path: String, is_known: bool, id: &impl Display) {
        if !is_known {
            self.add(path, "unknown_id", &[("id", id.to_string())]);
        }
    }
    fn duplicates<'i>(&mut self, path: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (n, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.add(format!("{path}/{n}/id"), "duplicate_id", &[("id", id.to_owned())]);
            }
        }
    }
}

fn calendar(instance: &Instance, found: &mut Findings) {
    if instance.format != FORMAT {
        found.add(
            "/format",
            "bad_format",
            &[("expected", FORMAT.into()), ("found", instance.format.clone())],
        );
    }
    let calendar = &instance.calendar;
    if !is_monday(&calendar.monday) {
        found.add(
            "/calendar/monday",
            "not_a_monday",
            &[("found", calendar.monday.clone())],
        );
    }
    found.at_least("/calendar/until".into(), 1, calendar.until);
    found.at_least("/calendar/start_step".into(), 1, calendar.start_step);
    for (n, start) in calendar.starts.iter().flatten().enumerate() {
        if *start < 0 || calendar.until <= *start {
            found.add(
                format!("/calendar/starts/{n}"),
                "start_outside_horizon",
                &[("start", start.to_string())],
            );
        }
    }
    found.at_least("/travel/default".into(), 0, instance.travel.default);
    let mut seen = BTreeMap::new();
    for (n, (a, b, minutes)) in instance.travel.pairs.iter().enumerate() {
        found.at_least(format!("/travel/pairs/{n}/2"), 0, *minutes);
        let pair = if a <= b { (a, b) } else { (b, a) };
        if *seen.entry(pair).or_insert(minutes) != minutes {
            found.add(
                format!("/travel/pairs/{n}"),
                "travel_contradicts",
                &[("a", a.to_string()), ("b", b.to_string())],
            );
        }
    }
    found.at_least("/budget/seconds".into(), 0, instance.budget.seconds);
    found.at_least("/budget/threads".into(), 1, instance.budget.threads);
    found.at_least("/budget/seed".into(), 0, instance.budget.seed);
    found.optional("/budget/nodes".into(), instance.budget.nodes);
}

fn organizations(instance: &Instance, found: &mut Findings) {
    for (n, member) in instance.organizations.iter().enumerate() {
        let path = format!("/organizations/{n}");
        if !(member.weight.is_finite() && 0.0 < member.weight) {
            found.add(
                format!("{path}/weight"),
                "not_positive",
                &[("value", member.weight.to_string())],
            );
        }
        found.at_least(format!("{path}/history"), 0, member.history);
        found.optional(format!("{path}/quota"), member.quota);
    }
    found.duplicates("/organizations", instance.organizations.iter().map(|o| o.id.as_str()));
}

fn rooms(instance: &Instance, known: &Known, found: &mut Findings) {
    for (n, room) in instance.rooms.iter().enumerate() {
        let path = format!("/rooms/{n}");
        found.at_least(format!("{path}/seats"), 0, room.seats);
        found.at_least(format!("{path}/turnaround"), 0, room.turnaround);
        found.spans(&format!("{path}/open"), &room.open);
        found.spans(&format!("{path}/blackouts"), &room.blackouts);
        let Some(whole) = &room.part_of else { continue };
        match known.rooms.get(whole.as_str()) {
            None => found.known(format!("{path}/part_of"), false, whole),
            Some(whole) if whole.site != room.site => {
                found.add(
                    format!("{path}/part_of"),
                    "part_at_another_site",
                    &[("id", whole.id.to_string())],
                );
            }
            Some(_) => {}
        }
        let mut at = Some(whole);
        let mut steps = 0;
        while let Some(id) = at.filter(|_| steps <= instance.rooms.len()) {
            steps += 1;
            at = known.rooms.get(id.as_str()).and_then(|room| room.part_of.as_ref());
        }
        if at.is_some() {
            found.add(
                format!("{path}/part_of"),
                "part_of_itself",
                &[("id", room.id.to_string())],
            );
        }
    }
    found.duplicates("/rooms", instance.rooms.iter().map(|r| r.id.as_str()));
}

fn equipment(instance: &Instance, known: &Known, found: &mut Findings) {
    for (n, kind) in instance.equipment.iter().enumerate() {
        let path = format!("/equipment/{n}");
        found.at_least(format!("{path}/units"), 0, kind.units);
        found.spans(&format!("{path}/blackouts"), kind.blackouts.iter().map(|out| &out.span));
        for (k, out) in kind.blackouts.iter().enumerate() {
            found.at_least(format!("{path}/blackouts/{k}/units"), 0, out.units);
        }
        let Some(id) = &kind.room else { continue };
        match known.rooms.get(id.as_str()) {
            None => found.known(format!("{path}/room"), false, id),
            Some(room) if room.site != kind.site => {
                found.add(
                    format!("{path}/room"),
                    "room_at_another_site",
                    &[("id", id.to_string())],
                );
            }
            Some(_) => {}
        }
    }
    found.duplicates("/equipment", instance.equipment.iter().map(|e| e.id.as_str()));
}

fn instructors(instance: &Instance, known: &Known, found: &mut Findings) {
    for (n, person) in instance.instructors.iter().enumerate() {
        let path = format!("/instructors/{n}");
        for (skill, level) in &person.skills {
            found.at_least(format!("{path}/skills/{skill}"), 0, *level);
        }
        found.spans(&format!("{path}/available"), &person.available);
        for (k, id) in person.organizations.iter().flatten().enumerate() {
            found.known(
                format!("{path}/organizations/{k}"),
                known.organizations.contains(id.as_str()),
                id,
            );
        }
        found.optional(format!("{path}/week_max"), person.week_max);
        found.optional(format!("{path}/day_max"), person.day_max);
    }
    found.duplicates("/instructors", instance.instructors.iter().map(|i| i.id.as_str()));
}

fn request(path: &str, request: &Request, known: &Known, found: &mut Findings) {
    let organization = &request.organization;
    found.known(
        format!("{path}/organization"),
        known.organizations.contains(organization.as_str()),
        organization,
    );
    found.at_least(format!("{path}/tier"), 1, request.tier);
    found.at_least(format!("{path}/lessons"), 1, request.lessons);
    found.at_least(format!("{path}/minutes"), 1, request.minutes);
    found.at_least(format!("{path}/headcount"), 0, request.headcount);
    found.optional(format!("{path}/per_day_max"), request.per_day_max);
    found.at_least(format!("{path}/days_between_min"), 0, request.days_between_min);
    found.spans(
        &format!("{path}/windows"),
        request.windows.iter().map(|window| &window.span),
    );
    room_need(&format!("{path}/rooms"), &request.rooms, known, found);
    for (n, need) in request.equipment.iter().enumerate() {
        found.known(
            format!("{path}/equipment/{n}/id"),
            known.equipment.contains(need.id.as_str()),
            &need.id,
        );
        found.at_least(format!("{path}/equipment/{n}/units"), 0, need.units);
    }
    instructor_need(&format!("{path}/instructors"), &request.instructors, known, found);
    for (list, lessons) in [("pinned", &request.pinned), ("previous", &request.previous)] {
        lessons
            .iter()
            .enumerate()
            .for_each(|(n, placed)| self::placed(&format!("{path}/{list}/{n}"), placed, known, found));
    }
    if request.lessons < request.pinned.len() as i64 {
        let figures = [
            ("pins", request.pinned.len().to_string()),
            ("lessons", request.lessons.to_string()),
        ];
        found.add(format!("{path}/pinned"), "more_pins_than_lessons", &figures);
    }
}

fn room_need(path: &str, need: &RoomNeed, known: &Known, found: &mut Findings) {
    for (n, id) in need.any_of.iter().flatten().enumerate() {
        found.known(format!("{path}/any_of/{n}"), known.rooms.contains_key(id.as_str()), id);
    }
    for id in need.preference.keys() {
        found.known(
            format!("{path}/preference/{id}"),
            known.rooms.contains_key(id.as_str()),
            id,
        );
    }
}

fn instructor_need(path: &str, need: &InstructorNeed, known: &Known, found: &mut Findings) {
    found.at_least(format!("{path}/count"), 0, need.count);
    for (skill, level) in &need.skills {
        found.at_least(format!("{path}/skills/{skill}"), 0, *level);
    }
    for (n, id) in need.any_of.iter().flatten().enumerate() {
        found.known(
            format!("{path}/any_of/{n}"),
            known.instructors.contains(id.as_str()),
            id,
        );
    }
    for id in need.preference.keys() {
        found.known(
            format!("{path}/preference/{id}"),
            known.instructors.contains(id.as_str()),
            id,
        );
    }
}

fn placed(path: &str, placed: &Placed, known: &Known, found: &mut Findings) {
    found.known(
        format!("{path}/room"),
        known.rooms.contains_key(placed.room.as_str()),
        &placed.room,
    );
    for (n, id) in placed.instructors.iter().enumerate() {
        found.known(
            format!("{path}/instructors/{n}"),
            known.instructors.contains(id.as_str()),
            id,
        );
    }
}

/// The pins alone must be a timetable without conflicts.
fn pins(instance: &Instance, found: &mut Findings) {
    let world = World::new(instance);
    let pinned: Vec<Lesson> = world.requests.iter().flat_map(|facts| facts.pinned.clone()).collect();
    if pinned.is_empty() {
        return;
    }
    let sorted = canonical(instance);
    for violation in conflicts(&sorted, &assignments(&world, &pinned)) {
        if matches!(violation, Violation::NotAllLessons { .. }) {
            continue;
        }
        let fields = serde_json::to_value(&violation).expect("a violation is plain data");
        let request = fields["request"].as_str().or_else(|| fields["at"]["request"].as_str());
        let at = request.and_then(|id| instance.requests.iter().position(|asked| asked.id.as_str() == id));
        let path = at.map_or("/requests".to_owned(), |n| format!("/requests/{n}/pinned"));
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let object = fields.as_object().expect("a tagged enum is an object");
        let params: Vec<(&str, String)> = object
            .iter()
            .filter(|(name, _)| *name != "code")
            .map(|(name, value)| (name.as_str(), text(value)))
            .collect();
        found.add(path, &format!("pin_{}", violation.code()), &params);
    }
}

/// A week reads itself from its Monday's date.
fn is_monday(text: &str) -> bool {
    serde_json::from_value::<Week>(text.into()).is_ok()
}
