//! What somebody else has changed on the plan meanwhile, lesson by lesson, and the step from the view that is shown to the
//! one that is so now.

use super::{Board, calls, words};
use crate::client;
use crate::islands::dom;
use domain::api::{BoardView, LessonView, ReadBoard};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A lesson that is not as it is shown: where it lay, and where it lies now.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Change<'a> {
    before: Option<&'a LessonView>,
    now: Option<&'a LessonView>,
}

/// Lessons are renumbered by start with every move, so those of a request are told apart by their places.
fn changes<'a>(before: &'a BoardView, now: &'a BoardView) -> Vec<Change<'a>> {
    let is_at = |one: &LessonView, other: &LessonView| {
        one.request == other.request && one.span == other.span && one.room == other.room
    };
    let stays = |one: &LessonView, view: &BoardView| view.lessons.iter().any(|other| is_at(one, other));
    let same_place = before.lessons.iter().filter_map(|lesson| {
        let other = now.lessons.iter().find(|other| is_at(lesson, other))?;
        let is_other = lesson.pinned != other.pinned || lesson.instructors != other.instructors;
        is_other.then_some(Change {
            before: Some(lesson),
            now: Some(other),
        })
    });
    let mut came: Vec<_> = now.lessons.iter().filter(|lesson| !stays(lesson, before)).collect();
    let gone = before
        .lessons
        .iter()
        .filter(|lesson| !stays(lesson, now))
        .map(|lesson| {
            let to = came.iter().position(|other| other.request == lesson.request);
            Change {
                before: Some(lesson),
                now: to.map(|index| came.remove(index)),
            }
        });
    let mut all: Vec<_> = gone.collect();
    all.extend(came.into_iter().map(|lesson| Change {
        before: None,
        now: Some(lesson),
    }));
    all.extend(same_place);
    all
}

fn said(board: Board, change: Change) -> String {
    let lang = board.lang;
    let place = |lesson: Option<&LessonView>| {
        lesson.map_or_else(
            || words::unplaced_now(lang).to_owned(),
            |lesson| board.place(lesson.span.from, &lesson.room),
        )
    };
    let name = change
        .now
        .or(change.before)
        .map(|lesson| lesson.purpose.clone())
        .unwrap_or_default();
    match (change.before, change.now) {
        (Some(before), Some(now)) if before.span == now.span && before.room == now.room => match now.pinned {
            pinned if pinned == before.pinned => words::teachers_changed(lang, name, place(Some(now))),
            true => words::pinned_now(lang, name),
            false => words::released_now(lang, name),
        },
        (before, now) => words::said(lang, name, words::from_to(lang, place(before), place(now))),
    }
}

/// Reads the plan as it is now; where that cannot be read, the way to the page anew stays.
pub fn look(board: Board) {
    let plan = calls::plan_and_version(board).0;
    spawn_local(async move {
        if let Ok(now) = client::call(&ReadBoard { plan }).await {
            board.newer.set(Some(now));
        }
        dom::focus("answer".into());
    });
}

/// The list, once it has been read, and the button that shows the plan as it is now.
pub fn differences(board: Board) -> Option<impl IntoView> {
    let now = board.newer.get()?;
    let lang = board.lang;
    let lines: Vec<String> = board.view.with_untracked(|before| {
        let all = changes(before, &now);
        all.into_iter().map(|change| said(board, change)).collect()
    });
    let says = if lines.is_empty() {
        words::only_state_differs(lang)
    } else {
        words::differs_meanwhile(lang)
    };
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let load = move |_| {
        board.hand.set(None);
        board.at.set(None);
        board.chosen.set(None);
        // Its steps were those of another plan.
        board.undo.set(Vec::new());
        board.view.set(now.clone());
        board.newer.set(None);
        board.problem.set(None);
        board.says.set(words::is_latest(lang).to_owned());
        dom::focus("panel".into());
    };
    Some(view! {
        <p>{says}</p>
        <ul class="differing">{lines}</ul>
        <p class="buttons"><button type="button" class="button strong" id="load-latest" on:click=load>{words::load_latest(lang)}</button></p>
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use domain::id::RoomId;

    #[test]
    fn a_lesson_that_moved_came_left_or_was_pinned_is_told_and_no_other() {
        let before = samples::board();
        assert_eq!(changes(&before, &before), []);
        let told = |change: fn(&mut BoardView)| {
            let mut now = before.clone();
            change(&mut now);
            let all = changes(&before, &now);
            all.iter()
                .map(|change| (change.before.cloned(), change.now.cloned()))
                .collect::<Vec<_>>()
        };
        let first = before.lessons[0].clone();
        let moved = told(|view| view.lessons[0].room = RoomId::new("elsewhere"));
        assert_eq!(moved.len(), 1);
        assert_eq!(moved[0].0.as_ref(), Some(&first));
        assert_eq!(
            moved[0].1.as_ref().map(|lesson| lesson.room.as_str()),
            Some("elsewhere")
        );
        let left = told(|view| drop(view.lessons.remove(0)));
        assert_eq!(left, [(Some(first.clone()), None)]);
        let pinned = told(|view| view.lessons[0].pinned = !view.lessons[0].pinned);
        assert_eq!(
            pinned,
            [(
                Some(first.clone()),
                Some(LessonView {
                    pinned: !first.pinned,
                    ..first
                })
            )]
        );
        let mut emptier = before.clone();
        emptier.lessons.remove(0);
        let came = changes(&emptier, &before);
        assert_eq!(
            came,
            [Change {
                before: None,
                now: Some(&before.lessons[0])
            }]
        );
        // The numbers of the others follow a move, and nothing is told of them.
        let renumbered = told(|view| view.lessons.iter_mut().for_each(|lesson| lesson.lesson += 1));
        assert_eq!(renumbered, []);
    }
}
