//! First screen: what is trained, who is trained, how many lessons of what length, and the request's own limits.

use super::Form;
use super::rules_list::faults;
use crate::text::{Lang, form as words, names, words as enums};
use domain::people::Cohort;
use domain::request::RequestDraft;
use domain::rules::{HEADCOUNT_MAX, LESSONS_MAX, PURPOSE_LEN_MAX, TIER_MAX};
use domain::time::PeriodTable;
use leptos::prelude::*;

/// `4 课次 × 2 节（100 分钟），每天至多 1 次`.
pub fn need(lang: Lang, periods: &PeriodTable, draft: &RequestDraft) -> String {
    let once = words::brief_lessons(lang, draft.lessons, length(lang, periods, draft.minutes));
    once + &draft
        .per_day_max
        .map(|n| words::brief_per_day(lang, n))
        .unwrap_or_default()
}

/// Lengths that whole periods make, `(periods, minutes)`.
pub fn lengths(periods: &PeriodTable) -> Vec<(i64, i64)> {
    (1..=periods.0.len())
        .map_while(|n| periods.lesson_minutes(n).map(|minutes| (n as i64, minutes)))
        .collect()
}

pub fn length(lang: Lang, periods: &PeriodTable, minutes: i64) -> String {
    let whole = lengths(periods).into_iter().find(|(_, length)| *length == minutes);
    whole.map_or_else(
        || words::length_minutes(lang, minutes),
        |(n, minutes)| words::length_periods(lang, n, minutes),
    )
}

/// The head count after the cohorts changed: it follows their sum until somebody says another number.
pub fn headcount_after(before: i64, sum_before: i64, sum_after: i64) -> i64 {
    if before == 0 || before == sum_before {
        sum_after
    } else {
        before
    }
}

pub fn screen(form: Form) -> impl IntoView {
    view! {
        <div class="fields">
            {purpose(form)}
            {cohorts(form)}
            <div class="row">
                {number(form, Number { field: "headcount", label: words::headcount(form.lang), max: HEADCOUNT_MAX, read: |d| d.headcount, write: |d, n| d.headcount = n })}
                {number(form, Number { field: "lessons", label: words::lessons(form.lang), max: LESSONS_MAX, read: |d| d.lessons, write: |d, n| d.lessons = n })}
                {lesson_length(form)}
            </div>
            <div class="row">
                {choice(form, per_day(form.lang))}
                {choice(form, between(form.lang))}
            </div>
            {tier(form)}
            {all_or_nothing(form)}
        </div>
    }
}

fn purpose(form: Form) -> impl IntoView {
    let lang = form.lang;
    view! {
        <div class="field">
            <label for="f-purpose">{words::purpose(lang)} <small>{words::necessary(lang)}</small></label>
            <input
                id="f-purpose"
                type="text"
                autocomplete="off"
                maxlength=(PURPOSE_LEN_MAX * 2).to_string()
                aria-describedby="h-purpose e-purpose"
                aria-invalid=move || form.is_wrong("purpose").then_some("true")
                value=form.draft.with_untracked(|draft| draft.purpose.clone())
                on:input=move |event| form.edit(|draft| draft.purpose = event_target_value(&event))
            />
            <span class="hint" id="h-purpose">{words::purpose_hint(lang)}</span>
            {faults(form, "purpose")}
        </div>
    }
}

fn cohorts(form: Form) -> impl IntoView {
    let lang = form.lang;
    let own = form.view.with_value(|view| view.cohorts.clone());
    let empty = own
        .is_empty()
        .then(|| view! { <p class="note soft">{words::cohorts_none(lang)}</p> });
    view! {
        <fieldset class="field" id="f-cohorts" tabindex="-1" aria-describedby="e-cohorts">
            <legend>{words::cohorts(lang)} <small>{words::necessary(lang)}</small></legend>
            {empty}
            <ul class="ticks">{own.into_iter().map(|cohort| one_cohort(form, cohort)).collect_view()}</ul>
            {faults(form, "cohorts")}
        </fieldset>
    }
}

fn one_cohort(form: Form, cohort: Cohort) -> impl IntoView {
    let lang = form.lang;
    let chosen = {
        let id = cohort.id.clone();
        move |draft: &RequestDraft| draft.cohorts.contains(&id)
    };
    let first = form.draft.with_untracked(&chosen);
    let equipment = form.view.with_value(|view| {
        names::list(
            lang,
            cohort
                .qualifications
                .iter()
                .map(|q| names::equipment(&view.names, &q.equipment)),
        )
    });
    let qualified = (!equipment.is_empty()).then(|| words::qualified(lang, equipment));
    let meta = format!(
        "{} · {}",
        enums::cohort_kind(lang, cohort.kind),
        words::people(lang, cohort.headcount)
    );
    view! {
        <li>
            <label class="tick">
                <input
                    type="checkbox"
                    name="cohorts"
                    checked=first
                    prop:checked=move || form.draft.with(&chosen)
                    on:change={ let cohort = cohort.clone(); move |_| flip_cohort(form, &cohort) }
                />
                <span><b>{cohort.name.clone()}</b><small>{meta}</small><small>{qualified}</small></span>
            </label>
        </li>
    }
}

fn flip_cohort(form: Form, cohort: &Cohort) {
    let all = form.view.with_value(|view| view.cohorts.clone());
    let sum = |draft: &RequestDraft| {
        all.iter()
            .filter(|own| draft.cohorts.contains(&own.id))
            .map(|own| own.headcount)
            .sum()
    };
    form.edit(|draft| {
        let before = sum(draft);
        match draft.cohorts.iter().position(|id| *id == cohort.id) {
            Some(index) => {
                draft.cohorts.remove(index);
            }
            None => draft.cohorts.push(cohort.id.clone()),
        }
        draft.headcount = headcount_after(draft.headcount, before, sum(draft));
    });
}

/// A whole number of the draft.
struct Number {
    field: &'static str,
    label: &'static str,
    max: i64,
    read: fn(&RequestDraft) -> i64,
    write: fn(&mut RequestDraft, i64),
}

fn number(form: Form, number: Number) -> impl IntoView {
    let Number {
        field,
        label,
        max,
        read,
        write,
    } = number;
    // Nothing typed is zero, and zero is out of range: the rule says so, and the box stays empty meanwhile.
    let shown = move |n: i64| if n == 0 { String::new() } else { n.to_string() };
    view! {
        <div class="field">
            <label for=super::field_id(field)>{label}</label>
            <input
                id=super::field_id(field)
                type="number"
                inputmode="numeric"
                min="1"
                max=max.to_string()
                aria-describedby=format!("e-{field}")
                aria-invalid=move || form.is_wrong(field).then_some("true")
                value=shown(form.draft.with_untracked(read))
                prop:value=move || shown(form.draft.with(read))
                on:input=move |event| { let n = event_target_value(&event).trim().parse().unwrap_or(0); form.edit(|draft| write(draft, n)) }
            />
            {faults(form, field)}
        </div>
    }
}

fn lesson_length(form: Form) -> impl IntoView {
    let lang = form.lang;
    let minutes = form.draft.with_untracked(|draft| draft.minutes);
    let mut all: Vec<i64> = form
        .view
        .with_value(|view| lengths(&view.periods))
        .into_iter()
        .map(|(_, minutes)| minutes)
        .collect();
    // A request made elsewhere may have a length that whole periods do not make: it stays to be chosen.
    if !all.contains(&minutes) {
        all.push(minutes);
    }
    let option = |n: i64| (n, form.view.with_value(|view| length(lang, &view.periods, n)));
    let options = all.into_iter().map(option).collect();
    choice(
        form,
        Choice {
            field: "minutes",
            label: words::length(lang),
            options,
            read: |d| d.minutes,
            write: |d, n| d.minutes = n,
        },
    )
}

/// A choice among a few numbers.
struct Choice {
    field: &'static str,
    label: &'static str,
    options: Vec<(i64, String)>,
    read: fn(&RequestDraft) -> i64,
    write: fn(&mut RequestDraft, i64),
}

fn per_day(lang: Lang) -> Choice {
    let counted = (1..=4).map(|n| (n, words::times(lang, n)));
    Choice {
        field: "per_day_max",
        label: words::per_day(lang),
        options: counted.chain([(0, words::no_limit(lang).to_owned())]).collect(),
        read: |draft| draft.per_day_max.unwrap_or(0),
        write: |draft, n| draft.per_day_max = (n > 0).then_some(n),
    }
}

fn between(lang: Lang) -> Choice {
    let counted = (1..=6).map(|n| (n, words::days(lang, n)));
    Choice {
        field: "days_between_min",
        label: words::between(lang),
        options: [(0, words::between_none(lang).to_owned())]
            .into_iter()
            .chain(counted)
            .collect(),
        read: |draft| draft.days_between_min,
        write: |draft, n| draft.days_between_min = n,
    }
}

fn choice(form: Form, choice: Choice) -> impl IntoView {
    let Choice {
        field,
        label,
        mut options,
        read,
        write,
    } = choice;
    let now = form.draft.with_untracked(read);
    if !options.iter().any(|(n, _)| *n == now) {
        options.push((now, now.to_string()));
    }
    let option = |(n, name): (i64, String)| view! { <option value=n.to_string() selected=n == now>{name}</option> };
    view! {
        <div class="field">
            <label for=super::field_id(field)>{label}</label>
            <select
                id=super::field_id(field)
                aria-describedby=format!("e-{field}")
                aria-invalid=move || form.is_wrong(field).then_some("true")
                on:change=move |event| { let n = event_target_value(&event).parse().unwrap_or(0); form.edit(|draft| write(draft, n)) }
            >
                {options.into_iter().map(option).collect_view()}
            </select>
            {faults(form, field)}
        </div>
    }
}

fn tier(form: Form) -> impl IntoView {
    let lang = form.lang;
    let names = [words::tier_1(lang), words::tier_2(lang), words::tier_3(lang)];
    let one = |(index, name): (usize, &'static str)| {
        let tier = index as i64 + 1;
        view! {
            <li>
                <label class="tick">
                    <input
                        type="radio"
                        name="tier"
                        value=tier.to_string()
                        checked=form.draft.with_untracked(|draft| draft.tier == tier)
                        on:change=move |_| form.edit(|draft| draft.tier = tier)
                    />
                    <span>{name}</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="field" id="f-tier" tabindex="-1" aria-describedby="h-tier e-tier">
            <legend>{words::tier(lang)}</legend>
            <ul class="ticks lines">{names.into_iter().enumerate().take(TIER_MAX as usize).map(one).collect_view()}</ul>
            <p class="hint" id="h-tier">{words::tier_hint(lang)}</p>
            {faults(form, "tier")}
        </fieldset>
    }
}

fn all_or_nothing(form: Form) -> impl IntoView {
    let lang = form.lang;
    view! {
        <div class="field">
            <label class="tick">
                <input
                    type="checkbox"
                    id="f-all_or_nothing"
                    checked=form.draft.with_untracked(|draft| draft.all_or_nothing)
                    on:change=move |event| form.edit(|draft| draft.all_or_nothing = event_target_checked(&event))
                />
                <span><b>{words::all_or_nothing(lang)}</b><small>{words::all_or_nothing_hint(lang)}</small></span>
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_count_follows_the_cohorts_until_somebody_says_otherwise() {
        assert_eq!(headcount_after(0, 0, 33), 33);
        assert_eq!(headcount_after(33, 33, 70), 70);
        assert_eq!(headcount_after(20, 33, 70), 20);
    }

    #[test]
    fn lengths_are_whole_periods_within_a_part_of_the_day() {
        assert_eq!(
            lengths(&PeriodTable::usual()),
            [(1, 45), (2, 100), (3, 155), (4, 220)].map(|(n, m)| (n, if n == 3 { 165 } else { m }))
        );
    }

    #[test]
    fn a_need_reads_as_one_line() {
        let draft = RequestDraft {
            lessons: 4,
            ..RequestDraft::blank()
        };
        assert_eq!(
            need(Lang::Zh, &PeriodTable::usual(), &draft),
            "4 课次 × 2 节（100 分钟），每天至多 1 次"
        );
        assert!(need(Lang::En, &PeriodTable::usual(), &draft).ends_with("at most 1 a day"));
    }
}
