//! The coordinator's board: the plan's week by room, a lesson in hand, what is unplaced, what the levels are.
//!
//! The board holds one view; every change is a call whose reply is the next view, so nothing is shown that the server
//! did not say. A refused call leaves the view as it was and says why.

mod calls;
mod cells;
mod differences;
mod grid;
mod hand;
mod head;
mod panel;
#[cfg(test)]
mod samples;
mod tray;

pub use head::steps;

use crate::parts::icon::{Icon, icon};
use crate::text::{Lang, board as words, names, time as said, violation};
use cells::{Filter, Key, Zoom};
use domain::api::{BoardView, Problem, ProblemCode};
use domain::round::RoundState;
use hand::{Hand, Undo};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Everything the parts of the board share.
#[derive(Clone, Copy)]
struct Board {
    lang: Lang,
    view: RwSignal<BoardView>,
    zoom: RwSignal<Zoom>,
    filter: RwSignal<Filter>,
    /// The lesson whose details are shown.
    chosen: RwSignal<Option<Key>>,
    hand: RwSignal<Option<Hand>>,
    /// The option of the hand that is looked at.
    at: RwSignal<Option<usize>>,
    pin_after: RwSignal<bool>,
    /// Show only rooms that the lesson in hand may go to.
    only_possible: RwSignal<bool>,
    undo: RwSignal<Vec<Undo>>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// The plan as it is now, once a step was refused because somebody else has changed it.
    newer: RwSignal<Option<BoardView>>,
    /// For people who listen: what just happened.
    says: RwSignal<String>,
}

impl Board {
    fn new(lang: Lang, view: BoardView) -> Board {
        Board {
            lang,
            view: RwSignal::new(view),
            zoom: RwSignal::new(Zoom::Week),
            filter: RwSignal::new(Filter::default()),
            chosen: RwSignal::new(None),
            hand: RwSignal::new(None),
            at: RwSignal::new(None),
            pin_after: RwSignal::new(false),
            only_possible: RwSignal::new(false),
            undo: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            newer: RwSignal::new(None),
            says: RwSignal::new(String::new()),
        }
    }

    /// Whether the plan may be changed: it is a draft under review.
    fn is_open(self) -> bool {
        self.view.with(is_open)
    }
    fn name_of(self, request: &domain::id::RequestId) -> String {
        self.view.with_untracked(|view| {
            let placed = view
                .lessons
                .iter()
                .find(|lesson| lesson.request == *request)
                .map(|lesson| lesson.purpose.clone());
            let waiting = || {
                view.unplaced
                    .iter()
                    .find(|one| one.request == *request)
                    .map(|one| one.purpose.clone())
            };
            placed
                .or_else(waiting)
                .unwrap_or_else(|| names::request(&view.names, request))
        })
    }
    /// `周二 14:00，新能源汽车 A`.
    fn place(self, start: i64, room: &domain::id::RoomId) -> String {
        let room = self.view.with_untracked(|view| room_name(view, room));
        format!("{}{}{room}", said::moment(self.lang, start), self.lang.pick("，", ", "))
    }
}

fn is_open(view: &BoardView) -> bool {
    matches!(view.round.state, RoundState::Planning | RoundState::Review)
}

fn room_name(view: &BoardView, id: &domain::id::RoomId) -> String {
    view.rooms
        .iter()
        .find(|room| room.id == *id)
        .map_or_else(|| names::room(&view.names, id), |room| room.name.clone())
}

#[island]
pub fn Board(lang: Lang, view: BoardView) -> impl IntoView {
    let board = Board::new(lang, view);
    view! {
        {head::head(board)}
        {tools(board)}
        <div role="alert" id="answer" tabindex="-1">{move || answer(board)}</div>
        {moving(board)}
        <p class="unseen" role="status">{move || board.says.get()}</p>
        <div class="board" on:keydown=move |event| key(board, &event)>
            <div>{grid::grid(board)} {grid::legend(lang)}</div>
            <div class="side">{panel::panel(board)} {tray::unplaced(board)} {tray::scarce(board)} {tray::levels(board)}</div>
        </div>
    }
}

/// Keys while a lesson is in hand. Boxes and buttons keep their own keys.
fn key(board: Board, event: &KeyboardEvent) {
    if board.hand.with_untracked(Option::is_none) || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let tag = event_target::<leptos::web_sys::Element>(event).tag_name();
    let is_box = matches!(tag.as_str(), "SELECT" | "INPUT");
    match event.key().as_str() {
        "Escape" => calls::cancel(board),
        "Enter" if !is_box && tag != "BUTTON" && tag != "A" && tag != "SUMMARY" => calls::drop_here(board),
        arrow if arrow.starts_with("Arrow") && !is_box => {
            calls::step(board, arrow);
            super::dom::focus_now("panel");
        }
        _ => return,
    }
    event.prevent_default();
}

fn tools(board: Board) -> impl IntoView {
    let lang = board.lang;
    let undo_off = move || board.undo.with(Vec::is_empty);
    view! {
        <div class="tools">
            {grid::tabs(board)}
            {filter(board, words::base(lang), words::all_bases(lang), base_choices, |filter, value| filter.base = value)}
            {filter(board, words::organization(lang), words::all_organizations(lang), organization_choices, |filter, value| filter.organization = value)}
            {filter(board, words::instructor(lang), words::all_instructors(lang), instructor_choices, |filter, value| filter.instructor = value)}
            <button type="button" class="button" aria-disabled=move || undo_off().then_some("true") on:click=move |_| calls::undo(board)>
                {icon(Icon::Undo)}
                {words::undo(lang)}
            </button>
        </div>
    }
}

type Choices = Vec<(String, String)>;

fn filter(
    board: Board,
    label: &'static str,
    all: &'static str,
    choices: fn(Lang, &BoardView) -> Choices,
    set: fn(&mut Filter, String),
) -> impl IntoView {
    let option = |(value, name): (String, String)| view! { <option value=value>{name}</option> };
    let options = board.view.with_untracked(|view| choices(board.lang, view));
    view! {
        <select class="select" aria-label=label on:change=move |event| board.filter.update(|filter| set(filter, event_target_value(&event)))>
            <option value="">{all}</option>
            {options.into_iter().map(option).collect_view()}
        </select>
    }
}

fn base_choices(_: Lang, view: &BoardView) -> Choices {
    let mut bases: Vec<_> = view.rooms.iter().map(|room| &room.base).collect();
    bases.sort();
    bases.dedup();
    bases
        .into_iter()
        .map(|id| (id.to_string(), names::base(&view.names, id)))
        .collect()
}

fn organization_choices(lang: Lang, view: &BoardView) -> Choices {
    view.organizations
        .iter()
        .map(|line| {
            (
                line.organization.to_string(),
                names::organization(lang, &view.names, &line.organization),
            )
        })
        .collect()
}

fn instructor_choices(_: Lang, view: &BoardView) -> Choices {
    let mut people: Vec<_> = view.lessons.iter().flat_map(|lesson| &lesson.instructors).collect();
    people.sort();
    people.dedup();
    people
        .into_iter()
        .map(|id| (id.to_string(), names::instructor(&view.names, id)))
        .collect()
}

/// The line above the grid while a lesson is in hand.
fn moving(board: Board) -> impl IntoView {
    let lang = board.lang;
    let line = move |hand: Hand| {
        let name = if hand.from.is_some() {
            words::moving(lang, hand.purpose.clone())
        } else {
            words::placing(lang, hand.purpose.clone())
        };
        let possible: Vec<_> = hand
            .moves
            .options
            .iter()
            .filter(|option| hand::is_possible(option))
            .collect();
        let free = possible
            .iter()
            .filter(|option| option.verdict == domain::api::Verdict::Free)
            .count();
        let mut rooms: Vec<_> = possible.iter().map(|option| &option.room).collect();
        rooms.sort();
        rooms.dedup();
        let counts = if possible.is_empty() {
            words::nowhere(lang).to_owned()
        } else {
            words::counts(lang, possible.len(), free)
        };
        let only = words::only_possible(lang, rooms.len());
        let narrow = (!rooms.is_empty()).then(|| {
            view! {
                <button type="button" class="link" on:click=move |_| board.only_possible.update(|only| *only = !*only)>
                    {move || if board.only_possible.get() { words::all_rooms(lang).to_owned() } else { only.clone() }}
                </button>
            }
        });
        view! {
            <div class="note soft moving">
                {icon(Icon::Move)}
                <span><strong>{name}</strong> " " {counts}</span>
                {narrow}
                <span class="keys">
                    <kbd>"←"</kbd><kbd>"→"</kbd>{words::key_time(lang)} <kbd>"↑"</kbd><kbd>"↓"</kbd>{words::key_room(lang)} <kbd>"Enter"</kbd>
                    {words::key_drop(lang)} <kbd>"Esc"</kbd>{words::key_cancel(lang)}
                </span>
            </div>
        }
    };
    move || board.hand.get().map(line)
}

/// Why the server refused, each rule with its words.
fn answer(board: Board) -> impl IntoView {
    let lang = board.lang;
    board.problem.get().map(|problem| {
        let (title, detail) = crate::text::problem::problem(lang, &problem);
        let said = |broken| board.view.with_untracked(|view| violation(lang, broken, &view.names));
        let rows = problem.violations.iter().map(said).map(|said| view! { <li><b>{said.title}</b> " " {said.detail} " " {said.remedy}</li> });
        let rows = rows.collect_view();
        let is_stale = problem.code == ProblemCode::Stale;
        let differences = is_stale.then(|| differences::differences(board)).flatten();
        let detail = differences.is_none().then(|| view! { <p>{detail}</p> });
        let stale = (is_stale && differences.is_none()).then(|| view! { <p>{words::stale(lang)} " " <a href="">{words::reload(lang)}</a></p> });
        view! {
            <div class="note refusal answer">
                {icon(Icon::No)}
                <div><strong>{title}</strong>{detail}<ul>{rows}</ul>{stale}{differences}</div>
                <button type="button" class="button small" on:click=move |_| board.problem.set(None)>{words::close(lang)}</button>
            </div>
        }
    })
}
