//! The slow oracle: it looks at every pair of lessons in every minute, and shares no line with the referee.
//!
//! It knows the rules of exclusivity, of spans and of travel, for lessons between minute 0 and `END`.

use domain::id::{RoomId, SiteId};
use domain::instance::Instance;
use domain::plan::Assignment;
use domain::time::Span;
use domain::violation::At;
use std::collections::{BTreeMap, BTreeSet};

/// After the last minute that anything of a random world holds.
pub const END: i64 = 100;

/// Pairs that are in each other's way, by the thing they both want.
pub type Pairs = BTreeMap<String, BTreeSet<(At, At)>>;

pub struct Oracle<'o> {
    pub instance: &'o Instance,
    pub lessons: &'o [Assignment],
}

pub fn at(lesson: &Assignment) -> At {
    At {
        request: lesson.request.clone(),
        lesson: lesson.lesson,
    }
}

/// The pair, whoever comes first.
pub fn pair(a: At, b: At) -> (At, At) {
    if a <= b { (a, b) } else { (b, a) }
}

impl Oracle<'_> {
    fn minutes(&self, lesson: &Assignment) -> i64 {
        self.instance.request(&lesson.request).unwrap().minutes
    }

    fn teaches(&self, lesson: &Assignment, minute: i64) -> bool {
        lesson.start <= minute && minute < lesson.start + self.minutes(lesson)
    }

    fn keeps_room(&self, lesson: &Assignment, minute: i64) -> bool {
        let turnaround = self.instance.room(&lesson.room).unwrap().turnaround;
        lesson.start <= minute && minute < lesson.start + self.minutes(lesson) + turnaround
    }

    /// Whether `inner` is `outer` or lies in it.
    fn lies_in(&self, inner: &RoomId, outer: &RoomId) -> bool {
        let part_of = self.instance.room(inner).unwrap().part_of.as_ref();
        inner == outer || part_of.is_some_and(|whole| self.lies_in(whole, outer))
    }

    fn pairs(&self, wants: impl Fn(&Assignment, &Assignment, i64) -> Vec<String>) -> Pairs {
        let mut pairs = Pairs::new();
        for (n, a) in self.lessons.iter().enumerate() {
            for b in &self.lessons[n + 1..] {
                for thing in (0..END).flat_map(|minute| wants(a, b, minute)) {
                    pairs.entry(thing).or_default().insert(pair(at(a), at(b)));
                }
            }
        }
        pairs
    }

    pub fn room_clashes(&self) -> Pairs {
        self.pairs(|a, b, minute| {
            let related = self.lies_in(&a.room, &b.room) || self.lies_in(&b.room, &a.room);
            let both = related && self.keeps_room(a, minute) && self.keeps_room(b, minute);
            if both { vec!["room".into()] } else { vec![] }
        })
    }

    fn shared<T: PartialEq + ToString>(&self, things: impl Fn(&Assignment) -> Vec<T>) -> Pairs {
        self.pairs(|a, b, minute| {
            let both = self.teaches(a, minute) && self.teaches(b, minute);
            let others = things(b);
            things(a)
                .iter()
                .filter(|thing| both && others.contains(thing))
                .map(T::to_string)
                .collect()
        })
    }

    pub fn instructor_clashes(&self) -> Pairs {
        self.shared(|lesson| lesson.instructors.clone())
    }

    pub fn cohort_clashes(&self) -> Pairs {
        self.shared(|lesson| self.instance.request(&lesson.request).unwrap().cohorts.clone())
    }

    pub fn unit_clashes(&self) -> Pairs {
        let units = |lesson: &Assignment| -> Vec<String> {
            let named = |held: &domain::plan::UnitsHeld| {
                held.units
                    .iter()
                    .map(|unit| format!("{}#{unit}", held.id))
                    .collect::<Vec<_>>()
            };
            lesson.equipment.iter().flat_map(named).collect()
        };
        self.shared(units)
    }

    /// Per lesson the units held and left at its first minute with too few, of the only equipment.
    pub fn shortages(&self) -> BTreeSet<(At, i64, i64)> {
        let equipment = &self.instance.equipment[0];
        let holds = |lesson: &Assignment| lesson.equipment.iter().map(|held| held.units.len() as i64).sum::<i64>();
        let at_minute = |minute: i64| -> (i64, i64) {
            let held = self
                .lessons
                .iter()
                .filter(|lesson| self.teaches(lesson, minute))
                .map(holds)
                .sum();
            let out = equipment
                .blackouts
                .iter()
                .filter(|out| out.span.from <= minute && minute < out.span.until);
            (held, (equipment.units - out.map(|out| out.units).sum::<i64>()).max(0))
        };
        let first = |lesson: &Assignment| {
            let minutes = (0..END).filter(|minute| self.teaches(lesson, *minute) && holds(lesson) > 0);
            let short = minutes
                .map_while(|minute| Some(at_minute(minute)))
                .find(|(held, left)| left < held);
            short.map(|(held, left)| (at(lesson), held, left))
        };
        self.lessons.iter().filter_map(first).collect()
    }

    /// Lessons with a minute that none of these spans holds.
    pub fn uncovered(&self, spans: impl Fn(&Assignment) -> Vec<Vec<Span>>) -> BTreeSet<At> {
        let bare = |lesson: &Assignment, spans: &[Span], minute: i64| {
            self.teaches(lesson, minute) && !spans.iter().any(|span| span.from <= minute && minute < span.until)
        };
        let wrong = |lesson: &&Assignment| {
            spans(lesson)
                .iter()
                .any(|spans| (0..END).any(|minute| bare(lesson, spans, minute)))
        };
        self.lessons.iter().filter(wrong).map(at).collect()
    }

    /// Lessons that none of their room's open spans holds whole.
    pub fn closed(&self) -> BTreeSet<At> {
        let holds = |lesson: &Assignment, span: &Span| {
            (0..END).all(|minute| !self.teaches(lesson, minute) || (span.from <= minute && minute < span.until))
        };
        let open = |lesson: &Assignment| self.instance.room(&lesson.room).unwrap().open.clone();
        let wrong = |lesson: &&Assignment| !open(lesson).iter().any(|span| holds(lesson, span));
        self.lessons.iter().filter(wrong).map(at).collect()
    }

    /// Lessons with a minute in a blackout of their room.
    pub fn blacked_out(&self) -> BTreeSet<At> {
        let out = |lesson: &Assignment| self.instance.room(&lesson.room).unwrap().blackouts.clone();
        let meets =
            |lesson: &Assignment, span: Span| (span.from.max(0)..span.until).any(|minute| self.teaches(lesson, minute));
        let wrong = |lesson: &&Assignment| out(lesson).into_iter().any(|span| meets(lesson, span));
        self.lessons.iter().filter(wrong).map(at).collect()
    }

    /// Trips that take longer than the pause, by instructor, of those who are never in two places at once.
    pub fn late_arrivals(&self) -> Pairs {
        let clashes = self.instructor_clashes();
        let mut late = Pairs::new();
        for instructor in self
            .instance
            .instructors
            .iter()
            .filter(|one| !clashes.contains_key(one.id.as_str()))
        {
            let mut taught: Vec<&Assignment> = self
                .lessons
                .iter()
                .filter(|lesson| lesson.instructors.contains(&instructor.id))
                .collect();
            taught.sort_by_key(|lesson| lesson.start);
            let site = |lesson: &Assignment| -> SiteId { self.instance.room(&lesson.room).unwrap().site.clone() };
            for two in taught.windows(2) {
                let pause = two[1].start - two[0].start - self.minutes(two[0]);
                if pause < self.instance.travel.between(&site(two[0]), &site(two[1])) {
                    let pairs = late.entry(instructor.id.to_string()).or_default();
                    pairs.insert(pair(at(two[0]), at(two[1])));
                }
            }
        }
        late
    }
}
