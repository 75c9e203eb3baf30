//! The grid of a plan as plain values: groups of rooms, cells of a day, cells of a week. No view, no signal.

use domain::api::{BoardRoom, BoardView, LessonView};
use domain::id::RequestId;
use domain::time::{self, DayPart, MINUTES_PER_DAY, PeriodTable, Span};

/// A lesson of the plan by request and number.
pub type Key = (RequestId, i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    Week,
    Day(i64),
}

pub const PARTS: [DayPart; 3] = [DayPart::Morning, DayPart::Afternoon, DayPart::Evening];

pub fn key_of(lesson: &LessonView) -> Key {
    (lesson.request.clone(), lesson.lesson)
}

pub fn day_of(minute: i64) -> i64 {
    minute.div_euclid(MINUTES_PER_DAY)
}

/// The part of the day that a minute belongs to: that of the last period that has begun, else the first.
pub fn part_of(periods: &PeriodTable, minute: i64) -> DayPart {
    let of_day = minute.rem_euclid(MINUTES_PER_DAY);
    let begun = periods.0.iter().rev().find(|period| period.span.from <= of_day);
    begun
        .or(periods.0.first())
        .map_or(DayPart::Morning, |period| period.part)
}

/// What keeps a room shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    NotOpen,
    OutOfService,
}

pub fn shut(room: &BoardRoom, span: Span) -> Option<Shut> {
    if room.blackouts.iter().any(|out| out.overlaps(span)) {
        Some(Shut::OutOfService)
    } else if !room.open.iter().any(|open| open.contains(span)) {
        Some(Shut::NotOpen)
    } else {
        None
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Index into the view's lessons.
    Lesson(usize),
    Free(Span),
    Shut(Shut),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCell {
    /// Periods that it covers.
    pub columns: usize,
    pub content: Content,
    /// Begins a part of the day.
    pub begins_part: bool,
}

/// One room's day, left to right, every period covered once. With a lesson in hand the lesson counts as gone, and free
/// periods stay apart, because each may be where it starts.
pub fn day_cells(view: &BoardView, room: &BoardRoom, day: i64, in_hand: Option<&Option<Key>>) -> Vec<DayCell> {
    let mut cells: Vec<DayCell> = Vec::new();
    for (n, period) in view.periods.0.iter().enumerate() {
        let begins_part = n > 0 && view.periods.0[n - 1].part != period.part;
        let content = content_at(view, room, period.span.shifted(day * MINUTES_PER_DAY), in_hand);
        // Each period joins the cell before it when they say the same and no break of the day lies between.
        let joins = cells.last().is_some_and(|cell| match (&cell.content, &content) {
            (Content::Lesson(before), Content::Lesson(now)) => before == now,
            (Content::Shut(before), Content::Shut(now)) => before == now && !begins_part,
            (Content::Free(_), Content::Free(_)) => in_hand.is_none() && !begins_part,
            _ => false,
        });
        match cells.last_mut().filter(|_| joins) {
            Some(cell) => grow(cell, &content),
            None => cells.push(DayCell {
                columns: 1,
                content,
                begins_part,
            }),
        }
    }
    cells
}

fn grow(cell: &mut DayCell, by: &Content) {
    cell.columns += 1;
    if let (Content::Free(span), Content::Free(more)) = (&mut cell.content, by) {
        span.until = more.until;
    }
}

fn content_at(view: &BoardView, room: &BoardRoom, span: Span, in_hand: Option<&Option<Key>>) -> Content {
    let held = |lesson: &LessonView| matches!(in_hand, Some(Some(key)) if *key == key_of(lesson));
    let here = |lesson: &LessonView| lesson.room == room.id && lesson.span.overlaps(span) && !held(lesson);
    match view.lessons.iter().position(here) {
        Some(index) => Content::Lesson(index),
        None => shut(room, span).map_or(Content::Free(span), Content::Shut),
    }
}

/// Lessons of a room in a part of a day, by start.
pub fn week_lessons(view: &BoardView, room: &BoardRoom, day: i64, part: DayPart) -> Vec<usize> {
    let here = |lesson: &LessonView| {
        lesson.room == room.id && day_of(lesson.span.from) == day && part_of(&view.periods, lesson.span.from) == part
    };
    let mut found: Vec<usize> = (0..view.lessons.len())
        .filter(|index| here(&view.lessons[*index]))
        .collect();
    found.sort_by_key(|index| view.lessons[*index].span);
    found
}

/// Whether the room is open in some period of the part.
pub fn week_open(view: &BoardView, room: &BoardRoom, day: i64, part: DayPart) -> bool {
    let of_part = view.periods.0.iter().filter(|period| period.part == part);
    of_part
        .into_iter()
        .any(|period| shut(room, period.span.shifted(day * MINUTES_PER_DAY)).is_none())
}

/// Whose lessons the reader wants to see; empty texts take all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub base: String,
    pub organization: String,
    pub instructor: String,
}

impl Filter {
    pub fn takes(&self, lesson: &LessonView) -> bool {
        let organization = self.organization.is_empty() || lesson.organization.as_str() == self.organization;
        organization
            && (self.instructor.is_empty() || lesson.instructors.iter().any(|id| id.as_str() == self.instructor))
    }
    /// Looking for somebody hides the rooms where they are not.
    fn looks_for_somebody(&self) -> bool {
        !self.organization.is_empty() || !self.instructor.is_empty()
    }
    pub fn shows(&self, view: &BoardView, room: &BoardRoom) -> bool {
        let base = self.base.is_empty() || room.base.as_str() == self.base;
        base && (!self.looks_for_somebody()
            || view
                .lessons
                .iter()
                .any(|lesson| lesson.room == room.id && self.takes(lesson)))
    }
}

/// Rooms of one centre of one base, in the view's order.
#[derive(Debug, PartialEq)]
pub struct Group<'a> {
    pub rooms: Vec<&'a BoardRoom>,
}

pub fn groups<'a>(rooms: impl IntoIterator<Item = &'a BoardRoom>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for room in rooms {
        let same = |group: &Group<'a>| group.rooms[0].base == room.base && group.rooms[0].center == room.center;
        match groups.iter_mut().find(|group| same(group)) {
            Some(group) => group.rooms.push(room),
            None => groups.push(Group { rooms: vec![room] }),
        }
    }
    groups
}

/// Lesson minutes of open minutes, in percent, over these rooms within a span of the week.
pub fn used_percent(view: &BoardView, rooms: &[&BoardRoom], within: Span) -> i64 {
    let open: i64 = rooms
        .iter()
        .flat_map(|room| time::common(&time::without(&room.open, &room.blackouts), &[within]))
        .map(Span::minutes)
        .sum();
    let here = |lesson: &&LessonView| within.contains(lesson.span) && rooms.iter().any(|room| room.id == lesson.room);
    let taken: i64 = view
        .lessons
        .iter()
        .filter(here)
        .map(|lesson| lesson.span.minutes())
        .sum();
    if open == 0 { 0 } else { (100 * taken + open / 2) / open }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn a_day_covers_every_period_once() {
        let view = samples::board();
        for room in &view.rooms {
            for day in 0..7 {
                for in_hand in [None, Some(&None)] {
                    let columns: usize = day_cells(&view, room, day, in_hand)
                        .iter()
                        .map(|cell| cell.columns)
                        .sum();
                    assert_eq!(columns, view.periods.0.len(), "{} {day}", room.id);
                }
            }
        }
    }

    #[test]
    fn a_lesson_takes_its_periods_and_is_gone_while_it_is_in_hand() {
        let view = samples::board();
        let contents = |in_hand| {
            day_cells(&view, &view.rooms[0], 1, in_hand)
                .into_iter()
                .map(|cell| (cell.columns, cell.content))
                .collect::<Vec<_>>()
        };
        assert_eq!(contents(None)[0], (2, Content::Lesson(0)));
        assert!(matches!(contents(None)[1], (2, Content::Free(_))));
        let held = Some(key_of(&view.lessons[0]));
        assert!(matches!(contents(Some(&held))[0], (1, Content::Free(span)) if span.from == 1440 + 480));
    }

    #[test]
    fn what_is_closed_says_why() {
        let view = samples::board();
        let room = &view.rooms[1];
        assert_eq!(shut(room, Span::new(480, 525)), None);
        assert_eq!(shut(room, Span::new(1440 + 840, 1440 + 885)), Some(Shut::OutOfService));
        assert_eq!(
            shut(room, Span::new(6 * 1440 + 480, 6 * 1440 + 525)),
            Some(Shut::NotOpen)
        );
    }

    #[test]
    fn a_week_cell_lists_its_lessons_by_start() {
        let view = samples::board();
        assert_eq!(week_lessons(&view, &view.rooms[0], 1, DayPart::Morning), [0]);
        assert!(week_lessons(&view, &view.rooms[0], 1, DayPart::Evening).is_empty());
        assert!(!week_open(&view, &view.rooms[1], 6, DayPart::Morning));
    }

    #[test]
    fn looking_for_somebody_hides_rooms_without_them() {
        let view = samples::board();
        let filter = Filter {
            organization: view.lessons[0].organization.to_string(),
            ..Filter::default()
        };
        assert!(filter.shows(&view, &view.rooms[0]) && !filter.shows(&view, &view.rooms[1]));
        assert!(Filter::default().shows(&view, &view.rooms[1]));
    }

    #[test]
    fn rooms_group_by_base_and_centre() {
        let view = samples::board();
        let sizes: Vec<usize> = groups(&view.rooms).iter().map(|group| group.rooms.len()).collect();
        assert_eq!(sizes, [2, 1]);
    }
}
