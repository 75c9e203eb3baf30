//! The last step back. Lessons are found by their place, because numbers change with every move.

use super::{Drop, pin, place, remove};
use crate::islands::board::hand::{Undo, lesson_at};
use crate::islands::board::{Board, words};
use domain::api::LessonView;
use domain::id::{RequestId, RoomId};
use leptos::prelude::*;

/// Takes the last step back: itself a step that the server judges.
pub fn undo(board: Board) {
    if board.busy.get_untracked() {
        return;
    }
    let Some(last) = board.undo.try_update(|steps| steps.pop()).flatten() else {
        return board.says.set(words::nothing_to_undo(board.lang).to_owned());
    };
    let find = |request: &RequestId, start, room: &RoomId| {
        board
            .view
            .with_untracked(|view| lesson_at(view, request, start, room).cloned())
    };
    let back = |to: &LessonView, lesson| Drop {
        request: to.request.clone(),
        lesson,
        start: to.span.from,
        room: to.room.clone(),
        pin: to.pinned,
    };
    match last {
        Undo::Back { start, room, to } => {
            if let Some(now) = find(&to.request, start, &room) {
                place(board, back(&to, now.lesson), Some(to.instructors.clone()), None);
            }
        }
        Undo::Put { to } => place(board, back(&to, 0), Some(to.instructors.clone()), None),
        Undo::Out { request, start, room } => {
            if let Some(now) = find(&request, start, &room) {
                remove(board, &now, None);
            }
        }
        Undo::Pin {
            request,
            start,
            room,
            pinned,
        } => {
            if let Some(now) = find(&request, start, &room) {
                pin(board, &now, pinned, None);
            }
        }
    }
}
