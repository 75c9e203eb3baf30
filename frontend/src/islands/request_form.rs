//! The request form: three screens, and beside them every rule that the draft breaks at this moment.
//!
//! The draft is one signal; the list of broken rules is a memo of it through `domain::rules::check`, the same table
//! that the server asks. What the server refuses is shown in place and nothing that was typed is lost.

mod actions;
mod chooser;
mod differences;
mod marks;
mod place_and_people;
mod places;
mod rules_list;
mod what;
mod when;

use super::dom;
use crate::client;
use crate::parts::icon::{Icon, icon};
use crate::text::{Lang, form as words, names, time as when_said};
use differences::Newer;
use domain::api::{FormView, Problem};
use domain::id::InstructorId;
use domain::request::{RequestDraft, RequestState};
use domain::rules;
use domain::violation::Violation;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Screen {
    What,
    When,
    Where,
}

impl Screen {
    const ALL: [Screen; 3] = [Screen::What, Screen::When, Screen::Where];

    /// Where a field of the draft is filled in.
    fn of(field: &str) -> Screen {
        match field {
            "windows" => Screen::When,
            "rooms" | "features" | "equipment" | "instructors" | "skills" | "wanted_instructors" => Screen::Where,
            _ => Screen::What,
        }
    }
    fn title(self, lang: Lang) -> &'static str {
        match self {
            Screen::What => words::step_what(lang),
            Screen::When => words::step_when(lang),
            Screen::Where => words::step_where(lang),
        }
    }
    fn id(self) -> &'static str {
        match self {
            Screen::What => "screen-what",
            Screen::When => "screen-when",
            Screen::Where => "screen-where",
        }
    }
}

/// Everything the parts of the form share.
#[derive(Clone, Copy)]
pub(super) struct Form {
    lang: Lang,
    view: StoredValue<FormView>,
    draft: RwSignal<RequestDraft>,
    /// The draft as the server has it.
    saved: RwSignal<RequestDraft>,
    version: RwSignal<i64>,
    state: RwSignal<Option<RequestState>>,
    screen: RwSignal<Screen>,
    broken: Memo<Vec<Violation>>,
    /// Whether somebody tried to submit: from then on each field says its own faults too.
    pressed: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// What somebody else has saved meanwhile, as long as it is not decided what becomes of it.
    newer: RwSignal<Option<Newer>>,
    /// How often the screens had to be drawn anew, because their draft was changed by something else than themselves.
    drawn: RwSignal<u32>,
    notice: RwSignal<String>,
    now_at_min: RwSignal<i64>,
}

impl Form {
    fn new(lang: Lang, view: FormView) -> Form {
        let draft = RwSignal::new(view.draft.clone());
        let (version, state, now_at_min) = (view.version, view.state, view.now_at_min);
        let saved = RwSignal::new(view.draft.clone());
        let view = StoredValue::new(view);
        Form {
            lang,
            view,
            draft,
            saved,
            version: RwSignal::new(version),
            state: RwSignal::new(state),
            screen: RwSignal::new(Screen::What),
            broken: Memo::new(move |_| draft.with(|draft| view.with_value(|view| rules::check(draft, &view.setting)))),
            pressed: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            newer: RwSignal::new(None),
            drawn: RwSignal::new(0),
            notice: RwSignal::new(String::new()),
            now_at_min: RwSignal::new(now_at_min),
        }
    }

    fn edit(self, change: impl FnOnce(&mut RequestDraft)) {
        self.draft.update(change);
        self.notice.set(String::new());
    }

    fn is_changed(self) -> bool {
        self.draft.with(|draft| self.saved.with(|saved| draft != saved))
    }

    /// Whether this rule's field is at fault and may say so.
    fn is_wrong(self, field: &'static str) -> bool {
        self.pressed.get()
            && self
                .broken
                .with(|broken| broken.iter().any(|v| v.field() == Some(field)))
    }

    /// Opens a screen and puts the focus on an element of it.
    fn visit(self, screen: Screen, id: String) {
        self.screen.set(screen);
        dom::focus(id);
    }
}

/// The address of a field within the page.
pub(super) fn field_id(field: &str) -> String {
    format!("f-{}", if field == "wanted_instructors" { "wanted" } else { field })
}

#[island]
pub fn RequestForm(lang: Lang, view: FormView) -> impl IntoView {
    let form = Form::new(lang, view);
    keep_time(form);
    warn_before_leaving(form);
    view! {
        {title(form)}
        {note(form)}
        <form class="form" novalidate on:submit=move |event| event.prevent_default()>
            <section class="card" aria-label=words::steps(lang)>
                <header>{steps(form)}</header>
                {move || { form.drawn.track(); untrack(|| screens(form)) }}
                {actions::actions(form)}
            </section>
            <div class="side">{rules_list::card(form)}</div>
        </form>
    }
}

/// Counts on from the server's minute, so that the reader's clock and zone do not matter.
fn keep_time(form: Form) {
    let given = form.now_at_min.get_untracked();
    Effect::new(move || {
        let woke_ms = client::now_ms();
        let tick = move || {
            form.now_at_min
                .set(given + ((client::now_ms() - woke_ms) / 60_000.0) as i64)
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(60)) {
            on_cleanup(move || handle.clear());
        }
    });
}

fn warn_before_leaving(form: Form) {
    Effect::new(move || {
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if form.is_changed() {
                event.prevent_default();
                event.set_return_value(words::unsaved(form.lang));
            }
        });
        on_cleanup(move || handle.remove());
    });
}

fn title(form: Form) -> impl IntoView {
    let lang = form.lang;
    let (week, cut_off) = form
        .view
        .with_value(|view| (view.round.week, view.round.cut_off_at_min));
    let heading = if form.state.get_untracked().is_none() {
        words::title_new(lang)
    } else {
        words::title_edit(lang)
    };
    let left = move || cut_off - form.now_at_min.get();
    let stamp = when_said::weekday_stamp(lang, cut_off);
    let (before, after) = (
        words::before_cut_off(lang, stamp.clone()),
        words::after_cut_off(lang, stamp),
    );
    view! {
        <div class="title">
            <div>
                <p class="quiet">{format!("{} · {}", when_said::week(lang, week), when_said::week_dates(lang, week))}</p>
                <h1>{heading}</h1>
            </div>
            <div class="deadline">
                <span class="quiet">{move || if left() > 0 { before.clone() } else { after.clone() }}</span>
                <strong role="timer">
                    {icon(Icon::Clock)}
                    <time datetime=when_said::machine(cut_off)>
                        {move || if left() > 0 { when_said::length(lang, left()) } else { words::cut_off_gone(lang).to_owned() }}
                    </time>
                </strong>
            </div>
        </div>
    }
}

/// What the coordinator said who returned it.
fn note(form: Form) -> impl IntoView {
    let note = form
        .view
        .with_value(|view| view.note.clone())
        .filter(|note| !note.is_empty());
    note.map(|note| view! { <p class="note soft">{icon(Icon::Warn)}<span><strong>{words::note_title(form.lang)}</strong> {note}</span></p> })
}

fn steps(form: Form) -> impl IntoView {
    let lang = form.lang;
    let step = move |(index, screen): (usize, Screen)| {
        let here = move || form.screen.get() == screen;
        let done = move || form.screen.get() > screen;
        view! {
            <li class:done=done aria-current=move || here().then_some("step")>
                <button type="button" on:click=move |_| form.visit(screen, screen.id().to_owned())>
                    <i>{move || if done() { icon(Icon::Yes).into_any() } else { (index + 1).into_any() }}</i>
                    {screen.title(lang)}
                </button>
            </li>
        }
    };
    view! { <ol class="steps">{Screen::ALL.into_iter().enumerate().map(step).collect_view()}</ol> }
}

fn screens(form: Form) -> impl IntoView {
    view! {
        {screen(form, Screen::What, what::screen(form).into_any())}
        {screen(form, Screen::When, when::screen(form).into_any())}
        {screen(form, Screen::Where, place_and_people::screen(form).into_any())}
    }
}

/// Every screen is drawn and two are hidden, so that a remedy can lead anywhere and nothing typed is torn down.
fn screen(form: Form, screen: Screen, content: AnyView) -> impl IntoView {
    view! {
        <div class="screen" id=screen.id() tabindex="-1" hidden=move || form.screen.get() != screen>
            <h2 class="unseen">{screen.title(form.lang)}</h2>
            {(screen > Screen::What).then(|| brief(form))}
            {content}
        </div>
    }
}

/// What the first screen said, in one line.
fn brief(form: Form) -> impl IntoView {
    let lang = form.lang;
    let said = move |text: String| {
        if text.is_empty() {
            words::nothing_yet(lang).to_owned()
        } else {
            text
        }
    };
    let cohorts = move || {
        form.draft
            .with(|d| form.view.with_value(|v| names::cohorts(lang, &v.names, &d.cohorts)))
    };
    let people = move || words::people(lang, form.draft.with(|draft| draft.headcount));
    let need = move || {
        form.draft
            .with(|draft| form.view.with_value(|view| what::need(lang, &view.periods, draft)))
    };
    let organization = form
        .view
        .with_value(|view| names::organization(lang, &view.names, &view.setting.organization));
    view! {
        <div class="brief">
            <dl>
            <div><dt>{words::purpose(lang)}</dt><dd>{move || said(form.draft.with(|draft| draft.purpose.clone()))}</dd></div>
            <div><dt>{words::cohorts(lang)}</dt><dd>{move || said(cohorts())} " · " {people}</dd></div>
            <div><dt>{words::brief_need(lang)}</dt><dd>{need}</dd></div>
            <div><dt>{words::brief_organization(lang)}</dt><dd>{organization}</dd></div>
            </dl>
            <button type="button" class="button plain" on:click=move |_| form.visit(Screen::What, Screen::What.id().to_owned())>
                {words::brief_edit(lang)}
            </button>
        </div>
    }
}

/// Ids of instructors as text and back, for the chooser.
fn instructor_ids(list: Vec<String>) -> Vec<InstructorId> {
    list.into_iter()
        .filter_map(|id| InstructorId::try_from(id).ok())
        .collect()
}
