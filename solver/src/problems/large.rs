//! Numbers that no week has. They would overflow sums, or exhaust memory or time, before anybody heard what is wrong.
//!
//! | what | most |
//! | --- | --- |
//! | minutes of the week and lengths: horizon, step, ends of spans, starts, lessons, ways, turnarounds | a year |
//! | minutes over many weeks: history, quota, limits of a person; seconds of a budget | 1,000,000,000 |
//! | seats, heads, units, people, levels of a skill, days, tiers, worth of a preference (of either sign) | 1,000,000 |
//! | lessons of a request | 10,000 |
//! | weight | 1,000,000, and at least a millionth |

use super::Findings;
use domain::instance::{Instance, Placed, Request};
use domain::time::{MINUTES_PER_DAY, Span};

const MINUTES_MAX: i64 = 366 * MINUTES_PER_DAY;
const SUM_MAX: i64 = 1_000_000_000;
const COUNT_MAX: i64 = 1_000_000;
const LESSONS_MAX: i64 = 10_000;
const WEIGHT_MAX: f64 = 1e6;
const WEIGHT_MIN: f64 = 1e-6;

pub(super) fn numbers(instance: &Instance, found: &mut Findings) {
    let (calendar, budget) = (&instance.calendar, &instance.budget);
    found.at_most("/calendar/until", MINUTES_MAX, calendar.until);
    found.at_most("/calendar/start_step", MINUTES_MAX, calendar.start_step);
    found.at_most("/travel/default", MINUTES_MAX, instance.travel.default);
    for (n, (_, _, minutes)) in instance.travel.pairs.iter().enumerate() {
        found.at_most(&format!("/travel/pairs/{n}/2"), MINUTES_MAX, *minutes);
    }
    found.at_most("/budget/seconds", SUM_MAX, budget.seconds);
    organizations(instance, found);
    rooms_and_equipment(instance, found);
    for (n, person) in instance.instructors.iter().enumerate() {
        let path = format!("/instructors/{n}");
        for (skill, level) in &person.skills {
            found.at_most(&format!("{path}/skills/{skill}"), COUNT_MAX, *level);
        }
        found.ends(&format!("{path}/available"), &person.available);
        found.at_most(&format!("{path}/week_max"), SUM_MAX, person.week_max);
        found.at_most(&format!("{path}/day_max"), SUM_MAX, person.day_max);
    }
    for (n, asked) in instance.requests.iter().enumerate() {
        request(&format!("/requests/{n}"), asked, found);
    }
}

fn organizations(instance: &Instance, found: &mut Findings) {
    for (n, member) in instance.organizations.iter().enumerate() {
        let path = format!("/organizations/{n}");
        found.at_most(&format!("{path}/history"), SUM_MAX, member.history);
        found.at_most(&format!("{path}/quota"), SUM_MAX, member.quota);
        let figures = |limit, most: f64| [("value", member.weight.to_string()), (limit, most.to_string())];
        // Whatever is no weight at all is said elsewhere.
        if WEIGHT_MAX < member.weight {
            found.add(format!("{path}/weight"), "too_large", &figures("most", WEIGHT_MAX));
        } else if 0.0 < member.weight && member.weight < WEIGHT_MIN {
            found.add(format!("{path}/weight"), "too_small", &figures("least", WEIGHT_MIN));
        }
    }
}

fn rooms_and_equipment(instance: &Instance, found: &mut Findings) {
    for (n, room) in instance.rooms.iter().enumerate() {
        let path = format!("/rooms/{n}");
        found.at_most(&format!("{path}/seats"), COUNT_MAX, room.seats);
        found.at_most(&format!("{path}/turnaround"), MINUTES_MAX, room.turnaround);
        found.ends(&format!("{path}/open"), &room.open);
        found.ends(&format!("{path}/blackouts"), &room.blackouts);
    }
    for (n, kind) in instance.equipment.iter().enumerate() {
        let path = format!("/equipment/{n}");
        found.at_most(&format!("{path}/units"), COUNT_MAX, kind.units);
        found.ends(&format!("{path}/blackouts"), kind.blackouts.iter().map(|out| &out.span));
        for (k, out) in kind.blackouts.iter().enumerate() {
            found.at_most(&format!("{path}/blackouts/{k}/units"), COUNT_MAX, out.units);
        }
    }
}

fn request(path: &str, request: &Request, found: &mut Findings) {
    let mut count = |name: &str, most: i64, value: Option<i64>| found.at_most(&format!("{path}/{name}"), most, value);
    count("tier", COUNT_MAX, Some(request.tier));
    count("lessons", LESSONS_MAX, Some(request.lessons));
    count("minutes", MINUTES_MAX, Some(request.minutes));
    count("headcount", COUNT_MAX, Some(request.headcount));
    count("per_day_max", COUNT_MAX, request.per_day_max);
    count("days_between_min", COUNT_MAX, Some(request.days_between_min));
    count("instructors/count", COUNT_MAX, Some(request.instructors.count));
    for (skill, level) in &request.instructors.skills {
        count(&format!("instructors/skills/{skill}"), COUNT_MAX, Some(*level));
    }
    for (n, need) in request.equipment.iter().enumerate() {
        count(&format!("equipment/{n}/units"), COUNT_MAX, Some(need.units));
    }
    found.ends(
        &format!("{path}/windows"),
        request.windows.iter().map(|window| &window.span),
    );
    for (n, window) in request.windows.iter().enumerate() {
        found.about(&format!("{path}/windows/{n}/preference"), COUNT_MAX, window.preference);
    }
    for (id, worth) in &request.rooms.preference {
        found.about(&format!("{path}/rooms/preference/{id}"), COUNT_MAX, *worth);
    }
    for (id, worth) in &request.instructors.preference {
        found.about(&format!("{path}/instructors/preference/{id}"), COUNT_MAX, *worth);
    }
    starts(&format!("{path}/pinned"), &request.pinned, found);
    starts(&format!("{path}/previous"), &request.previous, found);
}

/// Where a lesson once was may lie outside of the horizon.
fn starts(path: &str, lessons: &[Placed], found: &mut Findings) {
    for (n, placed) in lessons.iter().enumerate() {
        found.about(&format!("{path}/{n}/start"), MINUTES_MAX, placed.start);
    }
}

impl Findings {
    fn at_most(&mut self, path: &str, most: i64, value: impl Into<Option<i64>>) {
        let beyond = value.into().filter(|value| most < *value);
        let figures = |value: i64| [("value", value.to_string()), ("most", most.to_string())];
        beyond
            .into_iter()
            .for_each(|value| self.add(path, "too_large", &figures(value)));
    }

    /// Of either sign.
    fn about(&mut self, path: &str, most: i64, value: i64) {
        if !(-most..=most).contains(&value) {
            let figures = [("value", value.to_string()), ("most", most.to_string())];
            self.add(path, "too_large", &figures);
        }
    }

    fn ends<'s>(&mut self, path: &str, spans: impl IntoIterator<Item = &'s Span>) {
        for (n, span) in spans.into_iter().enumerate() {
            self.at_most(&format!("{path}/{n}"), MINUTES_MAX, span.until);
        }
    }
}
