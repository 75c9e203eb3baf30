//! What this form says and what somebody else has saved meanwhile, field by field and beside each other. Whoever sits here
//! decides each of them, and until then nothing that was typed is lost.

use super::{Form, what};
use crate::client;
use crate::islands::dom;
use crate::text::{Lang, board, form as words, names, requests, time, words as enums};
use domain::api::{FormView, ReadRequest};
use domain::request::{RequestDraft, RequestState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

/// The request as it has been saved, a part of `RequestView`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Newer {
    version: i64,
    state: RequestState,
    draft: RequestDraft,
}

/// One field of a draft: whether two drafts differ in it, what one says, and how it is taken over.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    differs: fn(&RequestDraft, &RequestDraft) -> bool,
    says: fn(Lang, &FormView, &RequestDraft) -> String,
    take: fn(&mut RequestDraft, &RequestDraft),
}

macro_rules! fields {
    ($($name:ident $says:expr;)+) => {
        &[$(Field {
            name: stringify!($name),
            differs: |mine, theirs| mine.$name != theirs.$name,
            says: $says,
            take: |mine, theirs| mine.$name.clone_from(&theirs.$name),
        }),+]
    };
}

/// Every field of a draft, in the order of the screens.
const FIELDS: &[Field] = fields! {
    purpose |_, _, draft| draft.purpose.clone();
    cohorts |lang, view, draft| names::cohorts(lang, &view.names, &draft.cohorts);
    headcount |lang, _, draft| match draft.headcount {
        0 => String::new(),
        n => words::people(lang, n),
    };
    lessons |_, _, draft| draft.lessons.to_string();
    minutes |lang, view, draft| what::length(lang, &view.periods, draft.minutes);
    per_day_max |lang, _, draft| draft.per_day_max.map_or_else(|| words::no_limit(lang).to_owned(), |n| words::times(lang, n));
    days_between_min |lang, _, draft| match draft.days_between_min {
        0 => words::between_none(lang).to_owned(),
        n => words::days(lang, n),
    };
    tier |lang, _, draft| board::tier(lang, draft.tier);
    all_or_nothing |lang, _, draft| if draft.all_or_nothing { words::yes(lang) } else { words::no(lang) }.to_owned();
    windows |lang, _, draft| names::list(lang, draft.windows.iter().map(|window| match window.preference {
        0 => time::span(lang, window.span),
        _ => format!("{} ({})", time::span(lang, window.span), words::preferred(lang)),
    }));
    features |lang, view, draft| names::features(lang, &view.names, &draft.features);
    equipment |lang, view, draft| names::list(lang, draft.equipment.iter().map(|need| {
        requests::units(lang, &names::equipment(&view.names, &need.id), need.units)
    }));
    rooms |lang, view, draft| match draft.rooms.is_empty() {
        true => requests::any_room(lang).to_owned(),
        false => names::list(lang, draft.rooms.iter().map(|room| names::room(&view.names, room))),
    };
    instructors |lang, _, draft| match draft.instructors {
        0 => words::teacher_own(lang).to_owned(),
        n => words::teachers_n(lang, n),
    };
    skills |lang, view, draft| names::list(lang, draft.skills.iter().map(|(skill, level)| {
        format!("{} {level}+", names::skill(&view.names, skill))
    }));
    wanted_instructors |lang, view, draft| names::instructors(lang, &view.names, &draft.wanted_instructors);
};

fn differing(mine: &RequestDraft, theirs: &RequestDraft) -> Vec<Field> {
    let all = FIELDS.iter().copied();
    all.filter(|field| (field.differs)(mine, theirs)).collect()
}

/// Reads what has been saved meanwhile; where that cannot be read, the way to the request's own page stays.
pub fn look(form: Form) {
    let id = form.view.with_value(|view| view.id.clone());
    spawn_local(async move {
        if let Ok(newer) = client::read::<_, Newer>(&ReadRequest { id }).await {
            form.newer.set(Some(newer));
        }
        dom::focus("answer".into());
    });
}

/// The list, once it has been read.
pub fn differences(form: Form) -> Option<impl IntoView> {
    let newer = form.newer.get()?;
    let lang = form.lang;
    let fields = form.draft.with(|mine| differing(mine, &newer.draft));
    let says = if fields.is_empty() {
        words::same_meanwhile(lang)
    } else {
        words::differs_meanwhile(lang)
    };
    let all = (!fields.is_empty()).then(|| {
        let newer = newer.clone();
        let take = move |_| {
            form.draft.set(newer.draft.clone());
            form.drawn.update(|times| *times += 1);
            go_on(form, &newer, words::took_theirs(lang));
        };
        view! { <button type="button" class="button" on:click=take>{words::take_theirs(lang)}</button> }
    });
    let rows = fields.into_iter().map(|field| row(form, &newer, field)).collect_view();
    let keep = move |_| go_on(form, &newer, words::kept_mine(lang));
    Some(view! {
        <p>{says}</p>
        <ul class="differences">{rows}</ul>
        <p class="buttons">
            <button type="button" class="button strong" on:click=keep>{words::keep_mine(lang)}</button>
            {all}
        </p>
    })
}

fn row(form: Form, newer: &Newer, field: Field) -> impl IntoView + use<> {
    let lang = form.lang;
    let name = match field.name {
        "wanted_instructors" => words::wanted(lang).to_owned(),
        name => enums::field(lang, name),
    };
    let says = |draft: &RequestDraft| {
        let said = form.view.with_value(|view| (field.says)(lang, view, draft));
        Some(said)
            .filter(|said| !said.is_empty())
            .unwrap_or_else(|| words::nothing_yet(lang).to_owned())
    };
    let (mine, theirs) = (form.draft.with(says), says(&newer.draft));
    let label = words::take_field(lang, name.clone());
    let saved = newer.draft.clone();
    let take = move |_| {
        form.edit(|mine| (field.take)(mine, &saved));
        form.drawn.update(|times| *times += 1);
        dom::focus("answer".into());
    };
    view! {
        <li>
            <strong>{name}</strong>
            <dl>
                <div><dt>{words::mine(lang)}</dt><dd>{mine}</dd></div>
                <div><dt>{words::saved_meanwhile(lang)}</dt><dd>{theirs}</dd></div>
            </dl>
            <button type="button" class="button small" aria-label=label on:click=take>{words::take_this(lang)}</button>
        </li>
    }
}

/// What is typed stands on what was saved from here on, and is sent by the next press of a button.
fn go_on(form: Form, newer: &Newer, says: &'static str) {
    form.version.set(newer.version);
    form.state.set(Some(newer.state));
    form.saved.set(newer.draft.clone());
    form.newer.set(None);
    form.problem.set(None);
    form.notice.set(says.to_owned());
    dom::focus("notice".into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::*;
    use domain::instance::{EquipmentNeed, Window};
    use domain::time::Span;
    use std::collections::BTreeSet;

    /// Nothing of it is as in a blank one.
    fn filled() -> RequestDraft {
        RequestDraft {
            purpose: "数控车削".into(),
            tier: 1,
            lessons: 4,
            minutes: 45,
            headcount: 36,
            cohorts: vec![CohortId::new("cohort")],
            per_day_max: None,
            days_between_min: 1,
            all_or_nothing: true,
            windows: vec![Window {
                span: Span::new(480, 700),
                preference: 1,
            }],
            rooms: vec![RoomId::new("room")],
            features: vec![FeatureId::new("feature")],
            equipment: vec![EquipmentNeed {
                id: EquipmentId::new("lathe"),
                units: 3,
            }],
            instructors: 1,
            skills: [(SkillId::new("skill"), 2)].into(),
            wanted_instructors: vec![InstructorId::new("instructor")],
        }
    }

    #[test]
    fn every_field_of_a_draft_is_compared_and_can_be_taken_over() {
        let (mut mine, theirs) = (RequestDraft::blank(), filled());
        let plain = leptos::serde_json::to_value(&theirs).expect("plain data");
        let of_draft: BTreeSet<&str> = plain.as_object().expect("fields").keys().map(String::as_str).collect();
        let compared = differing(&mine, &theirs);
        assert_eq!(
            compared.iter().map(|field| field.name).collect::<BTreeSet<_>>(),
            of_draft
        );
        for (n, field) in compared.iter().enumerate() {
            assert_eq!(differing(&mine, &theirs).len(), compared.len() - n);
            (field.take)(&mut mine, &theirs);
        }
        assert_eq!(mine, theirs);
    }
}
