//! Turning from week to week by plain links; the week in an address is its Monday.

use super::icon::{Icon, icon};
use crate::paths;
use crate::text::{Lang, time, timetable as say};
use domain::time::Week;
use leptos::prelude::*;

/// The weeks before and after, keeping what else the address says.
pub fn turn(lang: Lang, path: &str, keep: &[(&str, &str)], week: Week) -> AnyView {
    let link = |week: Week| {
        let key = time::week_key(week);
        let pairs: Vec<(&str, &str)> = keep.iter().copied().chain([("week", key.as_str())]).collect();
        paths::with_query(path, &pairs)
    };
    let (before, after) = (week.previous(), week.next());
    view! {
        <a class="button" rel="prev" href=link(before) aria-label=say::earlier(lang)>{icon(Icon::Back)} {time::week(lang, before)}</a>
        <a class="button" rel="next" href=link(after) aria-label=say::later(lang)>{time::week(lang, after)} {icon(Icon::Arrow)}</a>
    }
    .into_any()
}
