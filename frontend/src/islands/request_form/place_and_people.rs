//! Third screen: where it happens and who teaches. Everything here may stay empty: then whatever fits will do.

use super::chooser::{Candidate, Choice, chooser};
use super::rules_list::faults;
use super::{Form, instructor_ids, places};
use crate::text::{Lang, form as words, names};
use domain::api::EquipmentView;
use domain::catalog::Named;
use domain::id::{FeatureId, RoomId, SkillId};
use domain::instance::EquipmentNeed;
use domain::request::RequestDraft;
use domain::rules::{INSTRUCTORS_MAX, SKILL_LEVEL_MAX};
use leptos::prelude::*;

pub fn screen(form: Form) -> impl IntoView {
    let lang = form.lang;
    let needs = Memo::new(move |_| form.draft.with(places::needs));
    let of = move |list: fn(Lang, &RequestDraft, &domain::api::FormView) -> Vec<Candidate>| {
        Memo::new(move |_| needs.with(|needs| form.view.with_value(|view| list(lang, needs, view))))
    };
    let rooms = Choice {
        field: "rooms",
        legend: words::rooms(lang),
        read: |draft| draft.rooms.iter().map(|id| id.to_string()).collect(),
        write: |draft, list| draft.rooms = list.into_iter().filter_map(|id| RoomId::try_from(id).ok()).collect(),
        open: words::rooms_any,
    };
    let wanted = Choice {
        field: "wanted_instructors",
        legend: words::wanted(lang),
        read: |draft| draft.wanted_instructors.iter().map(|id| id.to_string()).collect(),
        write: |draft, list| draft.wanted_instructors = instructor_ids(list),
        open: words::wanted_any,
    };
    view! {
        <div class="fields">
            {features(form)}
            {equipment(form)}
            {chooser(form, rooms, of(places::rooms))}
            {teachers(form)}
            <div class="fields" hidden=move || form.draft.with(|draft| draft.instructors == 0)>
                {skills(form)}
                {chooser(form, wanted, of(places::teachers))}
            </div>
        </div>
    }
}

/// A word of the catalog in the reader's language.
fn named(lang: Lang, word: &Named) -> String {
    if lang == Lang::En && !word.name_en.is_empty() {
        word.name_en.clone()
    } else {
        word.name.clone()
    }
}

fn features(form: Form) -> impl IntoView {
    let lang = form.lang;
    let all = form.view.with_value(|view| view.features.clone());
    let one = move |feature: Named| {
        let id = FeatureId::new(feature.id.clone());
        let has = {
            let id = id.clone();
            move |draft: &RequestDraft| draft.features.contains(&id)
        };
        let flip = move |_| {
            form.edit(|draft| match draft.features.iter().position(|other| *other == id) {
                Some(index) => {
                    draft.features.remove(index);
                }
                None => draft.features.push(id.clone()),
            })
        };
        view! {
            <li>
                <label class="tick chip-tick">
                    <input type="checkbox" checked=form.draft.with_untracked(has) on:change=flip/>
                    <span>{named(lang, &feature)}</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="field" id="f-features" tabindex="-1">
            <legend>{words::features(lang)} <small>{words::features_hint(lang)}</small></legend>
            <ul class="ticks chips">{all.into_iter().map(one).collect_view()}</ul>
            {faults(form, "features")}
        </fieldset>
    }
}

fn equipment(form: Form) -> impl IntoView {
    let lang = form.lang;
    let all = form.view.with_value(|view| view.equipment.clone());
    view! {
        <fieldset class="field" id="f-equipment" tabindex="-1" aria-describedby="e-equipment">
            <legend>{words::equipment(lang)} <small>{words::equipment_hint(lang)}</small></legend>
            <ul class="ticks scroll-list">{all.into_iter().map(|kind| one_equipment(form, kind)).collect_view()}</ul>
            {faults(form, "equipment")}
        </fieldset>
    }
}

fn one_equipment(form: Form, kind: EquipmentView) -> impl IntoView {
    let lang = form.lang;
    let place = form.view.with_value(|view| match &kind.room {
        Some(room) => names::room(&view.names, room),
        None => names::base(&view.names, &kind.base),
    });
    let units = {
        let id = kind.id.clone();
        move |draft: &RequestDraft| draft.equipment.iter().find(|need| need.id == id).map(|need| need.units)
    };
    let now = {
        let units = units.clone();
        move || form.draft.with(&units)
    };
    let first = form.draft.with_untracked(units);
    let guard = kind
        .qualification_needed
        .then(|| format!(" · {}", words::needs_qualification(lang)));
    let (flip_id, count_id) = (kind.id.clone(), kind.id.clone());
    let flip = move |_| {
        form.edit(
            |draft| match draft.equipment.iter().position(|need| need.id == flip_id) {
                Some(index) => {
                    draft.equipment.remove(index);
                }
                None => draft.equipment.push(EquipmentNeed {
                    id: flip_id.clone(),
                    units: 1,
                }),
            },
        )
    };
    let count = move |event| {
        let units = event_target_value(&event).trim().parse().unwrap_or(0);
        form.edit(|draft| {
            draft
                .equipment
                .iter_mut()
                .filter(|need| need.id == count_id)
                .for_each(|need| need.units = units)
        });
    };
    view! {
        <li class="with-count">
            <label class="tick">
                <input type="checkbox" checked=first.is_some() on:change=flip/>
                <span>
                    <b>{kind.name.clone()}</b>
                    <small>{place} " · " {words::units_max(lang, kind.units)} {guard}</small>
                </span>
            </label>
            <input
                type="number"
                inputmode="numeric"
                min="1"
                max=kind.units.to_string()
                aria-label=words::units_of(lang, kind.name.clone())
                value=first.unwrap_or(1).to_string()
                hidden=move || now().is_none()
                on:input=count
            />
        </li>
    }
}

fn teachers(form: Form) -> impl IntoView {
    let lang = form.lang;
    let now = form.draft.with_untracked(|draft| draft.instructors);
    let option = |n: i64| {
        let name = if n == 0 {
            words::teacher_own(lang).to_owned()
        } else {
            words::teachers_n(lang, n)
        };
        view! { <option value=n.to_string() selected=n == now>{name}</option> }
    };
    view! {
        <div class="field">
            <label for="f-instructors">{words::teachers(lang)}</label>
            <select
                id="f-instructors"
                aria-describedby="h-instructors e-instructors"
                aria-invalid=move || form.is_wrong("instructors").then_some("true")
                on:change=move |event| { let n = event_target_value(&event).parse().unwrap_or(0); form.edit(|draft| draft.instructors = n) }
            >
                {(0..=INSTRUCTORS_MAX).map(option).collect_view()}
            </select>
            <span class="hint" id="h-instructors">{words::teachers_hint(lang)}</span>
            {faults(form, "instructors")}
        </div>
    }
}

fn skills(form: Form) -> impl IntoView {
    let lang = form.lang;
    let add = move |event| {
        if let Ok(skill) = SkillId::try_from(event_target_value(&event)) {
            form.edit(|draft| {
                draft.skills.entry(skill).or_insert(1);
            });
        }
    };
    view! {
        <fieldset class="field chooser" id="f-skills" tabindex="-1" aria-describedby="e-skills">
            <legend>{words::skills(lang)}</legend>
            <ul class="chosen">{move || skill_rows(form)}</ul>
            <select aria-label=words::skill_add(lang) on:change=add prop:value=move || { form.draft.track(); String::new() }>
                <option value="">{words::skill_add(lang)}</option>
                {move || addable(form)}
            </select>
            {faults(form, "skills")}
        </fieldset>
    }
}

fn addable(form: Form) -> impl IntoView {
    let chosen = form.draft.with(|draft| draft.skills.clone());
    let all = form.view.with_value(|view| view.skills.clone());
    let free = |word: &Named| SkillId::try_from(word.id.clone()).is_ok_and(|id| !chosen.contains_key(&id));
    let option = |word: Named| view! { <option value=word.id.clone()>{named(form.lang, &word)}</option> };
    all.into_iter().filter(free).map(option).collect_view()
}

fn skill_rows(form: Form) -> impl IntoView {
    let lang = form.lang;
    let row = move |(skill, level): (SkillId, i64)| {
        let name = form.view.with_value(|view| {
            let known = view.skills.iter().find(|word| word.id == skill.as_str());
            known.map_or_else(|| names::skill(&view.names, &skill), |word| named(lang, word))
        });
        let (raised, gone) = (skill.clone(), skill);
        let set = move |event| {
            let level = event_target_value(&event).parse().unwrap_or(1);
            form.edit(|draft| {
                draft.skills.insert(raised.clone(), level);
            });
        };
        let option =
            move |n: i64| view! { <option value=n.to_string() selected=n == level>{words::level(lang, n)}</option> };
        view! {
            <li>
                <span class="what"><b>{name.clone()}</b></span>
                <select aria-label=words::skill_level(lang, name.clone()) on:change=set>{(1..=SKILL_LEVEL_MAX).map(option).collect_view()}</select>
                <button type="button" class="square" aria-label=words::remove_named(lang, name) on:click=move |_| form.edit(|draft| { draft.skills.remove(&gone); })>
                    {crate::parts::icon::icon(crate::parts::icon::Icon::No)}
                </button>
            </li>
        }
    };
    form.draft
        .with(|draft| draft.skills.clone())
        .into_iter()
        .map(row)
        .collect_view()
}
