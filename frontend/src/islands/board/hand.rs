//! A lesson in hand as plain values: where it may go, how the arrow keys walk from place to place, and what undoes a step.

use super::cells::{Key, key_of};
use domain::api::{BoardView, LessonView, MoveOption, MovesView, Verdict};
use domain::id::{OrganizationId, RequestId, RoomId};

/// What is in hand and what the board answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Hand {
    pub request: RequestId,
    /// 0 takes an unplaced one.
    pub lesson: i64,
    pub purpose: String,
    pub organization: OrganizationId,
    pub headcount: i64,
    /// Where it lies now; `None` while it has no place.
    pub from: Option<LessonView>,
    pub moves: MovesView,
}

impl Hand {
    /// The key of the lesson when it lies on the board.
    pub fn key(&self) -> Option<Key> {
        self.from.as_ref().map(key_of)
    }
}

pub fn is_possible(option: &MoveOption) -> bool {
    option.verdict != Verdict::Refused
}

/// Possible options by index, earliest first, rooms in the board's order.
pub fn possible(view: &BoardView, options: &[MoveOption]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..options.len())
        .filter(|index| is_possible(&options[*index]))
        .collect();
    all.sort_by_key(|index| (options[*index].start, rank(view, &options[*index].room)));
    all
}

/// The place of a room in the board's order of groups.
fn rank(view: &BoardView, room: &RoomId) -> usize {
    let groups = super::cells::groups(&view.rooms);
    let order = groups.iter().flat_map(|group| &group.rooms);
    order
        .into_iter()
        .position(|known| known.id == *room)
        .unwrap_or(usize::MAX)
}

/// The option that the board proposes first: without a price before at a price, near the present place.
pub fn first(view: &BoardView, options: &[MoveOption], from: Option<(i64, &RoomId)>) -> Option<usize> {
    let far = |option: &MoveOption| {
        from.map_or(option.start, |(start, room)| {
            (option.start - start).abs() * 2 + i64::from(option.room != *room)
        })
    };
    possible(view, options)
        .into_iter()
        .min_by_key(|index| (options[*index].verdict, far(&options[*index]), options[*index].start))
}

/// Where an arrow leads: ← → to the next time in the same room, ↑ ↓ to the nearest time in the next room that has one.
pub fn step(view: &BoardView, options: &[MoveOption], at: usize, key: &str) -> Option<usize> {
    let here = options.get(at)?;
    let all = possible(view, options);
    let in_room = all.iter().copied().filter(|index| options[*index].room == here.room);
    let near = |index: &usize| (options[*index].start - here.start).abs();
    match key {
        "ArrowRight" => in_room
            .filter(|index| options[*index].start > here.start)
            .min_by_key(near),
        "ArrowLeft" => in_room
            .filter(|index| options[*index].start < here.start)
            .min_by_key(near),
        "ArrowDown" | "ArrowUp" => {
            let (down, now) = (key == "ArrowDown", rank(view, &here.room));
            let beyond = |index: &usize| {
                let other = rank(view, &options[*index].room);
                if down { other > now } else { other < now }
            };
            let apart = |index: &usize| rank(view, &options[*index].room).abs_diff(now);
            all.iter()
                .copied()
                .filter(beyond)
                .min_by_key(|index| (apart(index), near(index)))
        }
        _ => None,
    }
}

/// What takes a step back. Lessons are renumbered by start after each move, so a step names the place, not the number.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// A moved lesson goes back to where it lay.
    Back { start: i64, room: RoomId, to: LessonView },
    /// A lesson that had no place goes out again.
    Out {
        request: RequestId,
        start: i64,
        room: RoomId,
    },
    /// A lesson that was taken out comes back.
    Put { to: LessonView },
    /// A pin is set or loosened again.
    Pin {
        request: RequestId,
        start: i64,
        room: RoomId,
        pinned: bool,
    },
}

/// The lesson of a request that lies at a place now.
pub fn lesson_at<'a>(view: &'a BoardView, request: &RequestId, start: i64, room: &RoomId) -> Option<&'a LessonView> {
    view.lessons
        .iter()
        .find(|lesson| lesson.request == *request && lesson.span.from == start && lesson.room == *room)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn option(start: i64, room: &str, verdict: Verdict) -> MoveOption {
        MoveOption {
            start,
            room: RoomId::new(room),
            verdict,
            violations: vec![],
            preference: 0,
            preference_now: 0,
            instructors: vec![],
        }
    }

    #[test]
    fn arrows_walk_times_of_a_room_and_rooms_at_a_time() {
        let view = samples::board();
        let options = [
            option(480, "cnc", Verdict::Free),
            option(535, "cnc", Verdict::Refused),
            option(840, "cnc", Verdict::Soft),
            option(900, "five", Verdict::Free),
            option(480, "pv", Verdict::Soft),
        ];
        assert_eq!(step(&view, &options, 0, "ArrowRight"), Some(2));
        assert_eq!(step(&view, &options, 2, "ArrowLeft"), Some(0));
        assert_eq!(step(&view, &options, 0, "ArrowLeft"), None);
        assert_eq!(step(&view, &options, 2, "ArrowDown"), Some(3));
        assert_eq!(step(&view, &options, 3, "ArrowDown"), Some(4));
        assert_eq!(step(&view, &options, 4, "ArrowUp"), Some(3));
        assert_eq!(step(&view, &options, 9, "ArrowUp"), None);
    }

    #[test]
    fn the_first_proposal_has_no_price_and_is_near() {
        let view = samples::board();
        let options = [
            option(480, "cnc", Verdict::Soft),
            option(3000, "cnc", Verdict::Free),
            option(1000, "five", Verdict::Free),
        ];
        assert_eq!(first(&view, &options, Some((960, &RoomId::new("cnc")))), Some(2));
        assert_eq!(first(&view, &[option(1, "cnc", Verdict::Refused)], None), None);
    }

    #[test]
    fn a_step_back_finds_the_lesson_by_its_place() {
        let view = samples::board();
        let lesson = &view.lessons[0];
        assert_eq!(
            lesson_at(&view, &lesson.request, lesson.span.from, &lesson.room),
            Some(lesson)
        );
        assert_eq!(
            lesson_at(&view, &lesson.request, lesson.span.from + 5, &lesson.room),
            None
        );
    }
}
