//! A choice in order of preference: what is chosen with its rank, what could be added, what would not do and why.
//! Buttons do the ordering, so that a keyboard and a thumb can do it as well.

use super::Form;
use crate::parts::icon::{Icon, icon};
use crate::text::{Lang, form as words};
use domain::request::RequestDraft;
use leptos::prelude::*;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    pub meta: String,
    /// Why it would not do.
    pub obstacle: Option<String>,
}

/// Which list of the draft is chosen into.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The form's field, for the address of the group.
    pub field: &'static str,
    pub legend: &'static str,
    pub read: fn(&RequestDraft) -> Vec<String>,
    pub write: fn(&mut RequestDraft, Vec<String>),
    /// What no choice means, given how many would do.
    pub open: fn(Lang, i64) -> String,
}

/// The list with the item one place further up or down; at the ends it stays.
pub fn shifted(list: &[String], index: usize, up: bool) -> Vec<String> {
    let mut list = list.to_vec();
    let other = if up {
        index.checked_sub(1)
    } else {
        Some(index + 1).filter(|next| *next < list.len())
    };
    if let Some(other) = other.filter(|_| index < list.len()) {
        list.swap(index, other);
    }
    list
}

/// The list without the item when it has it, else with it at the end.
pub fn flipped(list: &[String], id: &str) -> Vec<String> {
    let mut without: Vec<String> = list.iter().filter(|other| *other != id).cloned().collect();
    if without.len() == list.len() {
        without.push(id.to_owned());
    }
    without
}

pub fn chooser(form: Form, choice: Choice, candidates: Memo<Vec<Candidate>>) -> impl IntoView {
    let lang = form.lang;
    let fits = move || candidates.with(|all| all.iter().filter(|one| one.obstacle.is_none()).count() as i64);
    let chosen = move || form.draft.with(choice.read);
    view! {
        <fieldset class="field chooser" id=super::field_id(choice.field) tabindex="-1">
            <legend>{choice.legend}</legend>
            <p class="hint" hidden=move || !chosen().is_empty()>{move || (choice.open)(lang, fits())}</p>
            <ol class="chosen">{move || chosen_rows(form, choice, candidates)}</ol>
            <ul class="addable">{move || addable(form, choice, candidates)}</ul>
            {move || unsuitable(lang, candidates)}
            {super::rules_list::faults(form, choice.field)}
        </fieldset>
    }
}

fn chosen_rows(form: Form, choice: Choice, candidates: Memo<Vec<Candidate>>) -> impl IntoView {
    let lang = form.lang;
    let ids = form.draft.with(choice.read);
    let put = move |list: Vec<String>| form.draft.update(|draft| (choice.write)(draft, list));
    let row = |(index, id): (usize, &String)| {
        let known = candidates.with(|all| all.iter().find(|one| one.id == *id).cloned());
        let (name, meta, obstacle) = known.map_or((id.clone(), String::new(), None), |one| {
            (one.name, one.meta, one.obstacle)
        });
        let refused = obstacle.is_some();
        let (up, down, gone) = (
            shifted(&ids, index, true),
            shifted(&ids, index, false),
            flipped(&ids, id),
        );
        view! {
            <li class:refusal=refused>
                <span class="rank">{index + 1}<span class="unseen">{words::rank(lang, index as i64 + 1)}</span></span>
                <span class="what"><b>{name.clone()}</b><small>{meta}</small><em>{obstacle}</em></span>
                <span class="moves">
                    <button type="button" class="square" aria-label=words::up_named(lang, name.clone()) on:click=move |_| put(up.clone())>
                        <span aria-hidden="true">"↑"</span>
                    </button>
                    <button type="button" class="square" aria-label=words::down_named(lang, name.clone()) on:click=move |_| put(down.clone())>
                        <span aria-hidden="true">"↓"</span>
                    </button>
                    <button type="button" class="square" aria-label=words::remove_named(lang, name.clone()) on:click=move |_| put(gone.clone())>
                        {icon(Icon::No)}
                    </button>
                </span>
            </li>
        }
    };
    ids.iter().enumerate().map(row).collect_view()
}

fn addable(form: Form, choice: Choice, candidates: Memo<Vec<Candidate>>) -> impl IntoView {
    let ids = form.draft.with(choice.read);
    let row = |one: Candidate| {
        let id = one.id;
        view! {
            <li>
                <button
                    type="button"
                    aria-label=words::add_named(form.lang, format!("{} {}", one.name, one.meta))
                    on:click=move |_| form.draft.update(|draft| { let list = flipped(&(choice.read)(draft), &id); (choice.write)(draft, list) })
                >
                    <span class="plus" aria-hidden="true">"+"</span>
                    <b>{one.name.clone()}</b>
                    <small>{one.meta.clone()}</small>
                </button>
            </li>
        }
    };
    let free = |one: &Candidate| one.obstacle.is_none() && !ids.contains(&one.id);
    candidates.get().into_iter().filter(free).map(row).collect_view()
}

fn unsuitable(lang: Lang, candidates: Memo<Vec<Candidate>>) -> impl IntoView {
    let out: Vec<Candidate> = candidates
        .get()
        .into_iter()
        .filter(|one| one.obstacle.is_some())
        .collect();
    let row = |one: Candidate| view! { <li><b>{one.name}</b><small>{one.obstacle}</small></li> };
    let count = out.len();
    view! {
        <details class="others" hidden=count == 0>
            <summary>{words::unsuitable(lang, count as i64)}</summary>
            <ul>{out.into_iter().map(row).collect_view()}</ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    #[test]
    fn ordering_stops_at_the_ends() {
        assert_eq!(shifted(&list("abc"), 1, true), list("bac"));
        assert_eq!(shifted(&list("abc"), 0, true), list("abc"));
        assert_eq!(shifted(&list("abc"), 2, false), list("abc"));
        assert_eq!(shifted(&list("abc"), 9, true), list("abc"));
    }

    #[test]
    fn what_is_chosen_is_taken_out_and_what_is_not_comes_last() {
        assert_eq!(flipped(&list("ab"), "a"), list("b"));
        assert_eq!(flipped(&list("ab"), "c"), list("abc"));
    }
}
