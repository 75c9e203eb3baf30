//! What the board asks of the server, and what it does with the reply. Nothing is said to have happened before the reply.

mod undo;

use super::hand::{Hand, Undo, first, lesson_at, possible, step as step_to};
use super::{Board, differences, words};
use crate::client;
use crate::islands::dom;
use crate::paths;
use crate::text::violation;
use domain::api::*;
use domain::id::{RequestId, RoomId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

pub use undo::undo;

/// Sends a write whose reply is the next view; `done` says what happened and how it is undone.
fn write<C: Call<Reply = BoardView>>(
    board: Board,
    call: C,
    done: impl FnOnce(&BoardView) -> (String, Option<Undo>) + 'static,
) {
    if board.busy.get_untracked() {
        return;
    }
    board.busy.set(true);
    board.problem.set(None);
    spawn_local(async move {
        let reply = client::call(&call).await;
        board.busy.set(false);
        match reply {
            Ok(view) => {
                let (says, undo) = done(&view);
                board.hand.set(None);
                board.at.set(None);
                board.view.set(view);
                board.undo.update(|steps| steps.extend(undo));
                board.says.set(says);
            }
            Err(problem) => refuse(board, problem),
        }
    });
}

fn refuse(board: Board, problem: Problem) {
    let is_stale = problem.code == ProblemCode::Stale;
    board.newer.set(None);
    board.problem.set(Some(problem));
    board.says.set(words::is_refused(board.lang).to_owned());
    dom::focus("answer".into());
    if is_stale {
        differences::look(board);
    }
}

pub fn plan_and_version(board: Board) -> (domain::id::PlanId, i64) {
    board
        .view
        .with_untracked(|view| (view.plan.id.clone(), view.plan.version))
}

/// Shows a lesson's details.
pub fn choose(board: Board, lesson: &LessonView) {
    board.hand.set(None);
    board.chosen.set(Some(super::cells::key_of(lesson)));
    dom::focus("panel".into());
}

/// Takes a placed lesson in hand.
pub fn take(board: Board, lesson: LessonView) {
    let (request, number) = (lesson.request.clone(), lesson.lesson);
    let ask = ReadMoves {
        plan: plan_and_version(board).0,
        request: request.clone(),
        lesson: number,
    };
    let hand = move |moves| Hand {
        request,
        lesson: number,
        purpose: lesson.purpose.clone(),
        organization: lesson.organization.clone(),
        headcount: lesson.headcount,
        from: Some(lesson),
        moves,
    };
    reach(board, ask, hand);
}

/// Takes an unplaced lesson in hand.
pub fn take_unplaced(board: Board, one: UnplacedView) {
    let ask = ReadMoves {
        plan: plan_and_version(board).0,
        request: one.request.clone(),
        lesson: 0,
    };
    let hand = move |moves| Hand {
        request: one.request,
        lesson: 0,
        purpose: one.purpose,
        organization: one.organization,
        headcount: one.headcount,
        from: None,
        moves,
    };
    reach(board, ask, hand);
}

fn reach(board: Board, ask: ReadMoves, hand: impl FnOnce(MovesView) -> Hand + 'static) {
    if board.busy.get_untracked() {
        return;
    }
    board.busy.set(true);
    board.problem.set(None);
    board.says.set(words::looking(board.lang).to_owned());
    spawn_local(async move {
        let reply = client::call(&ask).await;
        board.busy.set(false);
        match reply {
            Ok(moves) => {
                let hand = hand(moves);
                let from = hand.from.as_ref().map(|lesson| (lesson.span.from, &lesson.room));
                let at = board.view.with_untracked(|view| first(view, &hand.moves.options, from));
                board
                    .pin_after
                    .set(hand.from.as_ref().is_some_and(|lesson| lesson.pinned));
                board.only_possible.set(false);
                board.hand.set(Some(hand));
                look_at(board, at);
                dom::focus("panel".into());
            }
            Err(problem) => refuse(board, problem),
        }
    });
}

/// Looks at an option and says what it means.
pub fn look_at(board: Board, at: Option<usize>) {
    board.at.set(at);
    let told = board.hand.with_untracked(|hand| {
        let option = hand.as_ref()?.moves.options.get(at?)?;
        Some(words::said(
            board.lang,
            board.place(option.start, &option.room),
            verdict_words(board, option),
        ))
    });
    board
        .says
        .set(told.unwrap_or_else(|| words::nowhere(board.lang).to_owned()));
}

/// The verdict with its reason, in one phrase.
pub fn verdict_words(board: Board, option: &MoveOption) -> String {
    let lang = board.lang;
    let reasons = option.violations.iter().map(|broken| {
        board
            .view
            .with_untracked(|view| violation(lang, broken, &view.names).title)
    });
    let word = match option.verdict {
        Verdict::Free => words::free_word(lang),
        Verdict::Soft => words::soft_word(lang),
        Verdict::Refused => words::refused_word(lang),
    };
    [word.to_owned()]
        .into_iter()
        .chain(reasons)
        .collect::<Vec<_>>()
        .join(lang.pick("，", ", "))
}

pub fn step(board: Board, arrow: &str) {
    let to = board.hand.with_untracked(|hand| {
        let options = &hand.as_ref()?.moves.options;
        board.view.with_untracked(|view| match board.at.get_untracked() {
            Some(at) => step_to(view, options, at, arrow),
            None => possible(view, options).first().copied(),
        })
    });
    if to.is_some() {
        look_at(board, to);
    }
}

pub fn cancel(board: Board) {
    board.hand.set(None);
    board.at.set(None);
    board.says.set(words::cancelled(board.lang).to_owned());
    dom::focus("panel".into());
}

/// Drops the lesson in hand at the option that is looked at.
pub fn drop_here(board: Board) {
    let Some(hand) = board.hand.get_untracked() else { return };
    let Some(option) = board
        .at
        .get_untracked()
        .and_then(|at| hand.moves.options.get(at).cloned())
    else {
        return;
    };
    if option.verdict == Verdict::Refused {
        return board.says.set(words::said(
            board.lang,
            board.place(option.start, &option.room),
            verdict_words(board, &option),
        ));
    }
    let pin = board.pin_after.get_untracked();
    let undo = match &hand.from {
        Some(from) => Undo::Back {
            start: option.start,
            room: option.room.clone(),
            to: from.clone(),
        },
        None => Undo::Out {
            request: hand.request.clone(),
            start: option.start,
            room: option.room.clone(),
        },
    };
    let wanted = Drop {
        request: hand.request,
        lesson: hand.lesson,
        start: option.start,
        room: option.room,
        pin,
    };
    place(board, wanted, Some(option.instructors), Some(undo));
}

struct Drop {
    request: RequestId,
    lesson: i64,
    start: i64,
    room: RoomId,
    pin: bool,
}

/// Places an unplaced lesson where a remedy says that it fits.
pub fn place_at(board: Board, request: RequestId, start: i64, room: RoomId) {
    let undo = Undo::Out {
        request: request.clone(),
        start,
        room: room.clone(),
    };
    place(
        board,
        Drop {
            request,
            lesson: 0,
            start,
            room,
            pin: false,
        },
        None,
        Some(undo),
    );
}

fn place(board: Board, wanted: Drop, instructors: Option<Vec<domain::id::InstructorId>>, undo: Option<Undo>) {
    let Drop {
        request,
        lesson,
        start,
        room,
        pin,
    } = wanted;
    let (plan, version) = plan_and_version(board);
    let (name, at) = (board.name_of(&request), board.place(start, &room));
    let call = MoveLesson {
        plan,
        version,
        request: request.clone(),
        lesson,
        start,
        room: room.clone(),
        instructors,
        pin,
    };
    write(board, call, move |view| {
        board
            .chosen
            .set(lesson_at(view, &request, start, &room).map(super::cells::key_of));
        (words::dropped(board.lang, name, at), undo)
    });
}

pub fn set_pinned(board: Board, lesson: &LessonView, pinned: bool) {
    let (request, start, room) = (lesson.request.clone(), lesson.span.from, lesson.room.clone());
    pin(
        board,
        lesson,
        pinned,
        Some(Undo::Pin {
            request,
            start,
            room,
            pinned: !pinned,
        }),
    );
}

fn pin(board: Board, lesson: &LessonView, pinned: bool, undo: Option<Undo>) {
    let (plan, version) = plan_and_version(board);
    let name = lesson.purpose.clone();
    let call = PinLesson {
        plan,
        version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
        pinned,
    };
    let says = if pinned {
        words::pinned_now(board.lang, name)
    } else {
        words::released_now(board.lang, name)
    };
    write(board, call, move |_| (says, undo));
}

pub fn take_out(board: Board, lesson: &LessonView) {
    remove(board, lesson, Some(Undo::Put { to: lesson.clone() }));
}

fn remove(board: Board, lesson: &LessonView, undo: Option<Undo>) {
    let (plan, version) = plan_and_version(board);
    let call = RemoveLesson {
        plan,
        version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
    };
    let says = words::out_now(board.lang, lesson.purpose.clone());
    write(board, call, move |_| {
        board.chosen.set(None);
        (says, undo)
    });
}

pub fn approve(board: Board) {
    let (plan, version) = plan_and_version(board);
    write(board, ApprovePlan { plan, version }, move |_| {
        (words::approved_now(board.lang).to_owned(), None)
    });
}

/// Publishes, then leaves for the round's page, where the published state is to be seen.
pub fn publish(board: Board) {
    if board.busy.get_untracked() {
        return;
    }
    let (plan, version) = plan_and_version(board);
    let (round, round_version) = board
        .view
        .with_untracked(|view| (view.round.id.clone(), view.round.version));
    board.busy.set(true);
    board.problem.set(None);
    spawn_local(async move {
        let reply = client::read::<_, IgnoredAny>(&PublishPlan {
            plan,
            version,
            round_version,
        })
        .await;
        board.busy.set(false);
        match reply {
            Ok(IgnoredAny) => dom::go_to(&paths::round(&round)),
            Err(problem) => refuse(board, problem),
        }
    });
}
