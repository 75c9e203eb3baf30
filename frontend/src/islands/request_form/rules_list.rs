//! The rules beside the form: every one that is broken with its limit, the present value and a link to its place,
//! and which fields keep all of theirs.

use super::marks::Mark;
use super::when::{cell_id, first_cell};
use super::{Form, Screen, field_id};
use crate::parts::icon::{Icon, icon};
use crate::text::{form as words, names, violation, words as enums};
use domain::time::Span;
use domain::violation::Violation;
use leptos::prelude::*;

/// The fields that rules speak of, in reading order.
const FIELDS: [&str; 12] = [
    "purpose",
    "cohorts",
    "headcount",
    "lessons",
    "minutes",
    "per_day_max",
    "days_between_min",
    "windows",
    "features",
    "equipment",
    "rooms",
    "instructors",
];

/// Fields without a broken rule.
pub fn kept<'a>(broken: &[Violation], fields: &[&'a str]) -> Vec<&'a str> {
    let wrong: Vec<&str> = broken.iter().filter_map(|violation| violation.field()).collect();
    fields.iter().filter(|field| !wrong.contains(*field)).copied().collect()
}

pub fn card(form: Form) -> impl IntoView {
    let lang = form.lang;
    let count = move || form.broken.with(Vec::len);
    let badge = move || match count() {
        0 => {
            view! { <span class="badge proved">{icon(Icon::Yes)}<span>{words::all_kept(lang).to_owned()}</span></span> }
        }
        n => view! { <span class="badge refusal">{icon(Icon::No)}<span>{words::broken(lang, n)}</span></span> },
    };
    let kept = move || {
        let fields = form.broken.with(|broken| kept(broken, &FIELDS));
        words::kept(
            lang,
            names::list(lang, fields.into_iter().map(|field| enums::field(lang, field))),
        )
    };
    view! {
        <section class="card" id="rules" tabindex="-1" aria-label=words::rules(lang)>
            <header><h2>{words::rules(lang)}</h2><span role="status">{move || badge().into_any()}</span></header>
            <div class="body">
                <ul class="rules">
                    {move || form.broken.get().into_iter().map(|broken| item(form, broken)).collect_view()}
                    <li class="kept">{icon(Icon::Yes)}<span class="quiet">{kept}</span></li>
                </ul>
            </div>
        </section>
    }
}

/// Where the remedy of a rule leads: its screen and the element to stand on.
fn goal(form: Form, broken: &Violation) -> (Screen, String) {
    let field = broken.field().unwrap_or("purpose").to_owned();
    let cell = broken
        .window()
        .and_then(|window| form.view.with_value(|view| first_cell(&view.periods, window)));
    (Screen::of(&field), cell.map_or_else(|| field_id(&field), cell_id))
}

fn item(form: Form, broken: Violation) -> impl IntoView {
    let lang = form.lang;
    let said = form.view.with_value(|view| violation(lang, &broken, &view.names));
    let (screen, id) = goal(form, &broken);
    let href = format!("#{id}");
    let drop = broken.window().map(|window| drop_window(form, window));
    view! {
        <li class="refusal">
            {icon(Icon::No)}
            <strong>{said.title}</strong>
            <span class="limit">{said.detail}</span>
            <a href=href on:click=move |event| { event.prevent_default(); form.visit(screen, id.clone()) }>{said.remedy}</a>
            {drop}
        </li>
    }
}

/// Takes the marks of a window at fault away.
fn drop_window(form: Form, window: Span) -> impl IntoView {
    let clear = move |_| {
        form.edit(|draft| {
            let periods = form.view.with_value(|view| view.periods.clone());
            let cells = (0..super::marks::DAYS)
                .flat_map(|day| (0..periods.0.len()).map(move |row| super::marks::Cell { day, row }));
            let inside: Vec<_> = cells
                .filter(|cell| super::marks::span_of(&periods, *cell).overlaps(window))
                .collect();
            draft.windows.retain(|other| {
                !(window.contains(other.span)
                    && super::marks::off_grid(&periods, std::slice::from_ref(other)).len() == 1)
            });
            draft.windows = super::marks::windows_after(&periods, &draft.windows, |marks| {
                inside.iter().for_each(|cell| marks.set(*cell, Mark::No))
            });
        })
    };
    view! { <button type="button" class="link" on:click=clear>{words::drop_window(form.lang)}</button> }
}

/// A field's own faults, once somebody tried to submit; the field points here by `aria-describedby`.
pub fn faults(form: Form, field: &'static str) -> impl IntoView {
    let titles = move || {
        let titles = |v: &Violation| form.view.with_value(|view| violation(form.lang, v, &view.names).detail);
        form.broken.with(|broken| {
            broken
                .iter()
                .filter(|v| v.field() == Some(field))
                .map(titles)
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    view! {
        <p class="fault" id=format!("e-{field}") hidden=move || !form.is_wrong(field)>
            {move || if form.pressed.get() { titles() } else { String::new() }}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_kept_when_no_rule_of_it_is_broken() {
        let broken = [Violation::PurposeMissing, Violation::DaysTooFew { needed: 4, days: 3 }];
        let kept = kept(&broken, &FIELDS);
        assert!(!kept.contains(&"purpose") && !kept.contains(&"windows") && kept.contains(&"rooms"));
    }
}
