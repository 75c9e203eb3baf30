//! The catalog: bases, their centres, rooms and equipment, filtered by a plain GET form.

use crate::parts::icon::{Icon, icon};
use crate::parts::{empty, field, mark};
use crate::paths;
use crate::text::{Lang, catalog as say, names, time, words};
use domain::api::{BaseView, CatalogView, EquipmentView, RoomView};
use leptos::prelude::*;
use serde::Deserialize;

/// What the form asks for; empty takes everything. Numbers come as text because an empty field is sent as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub base: String,
    pub feature: String,
    pub seats: String,
    pub q: String,
}

impl Wanted {
    fn takes(&self, view: &CatalogView, room: &RoomView) -> bool {
        let seats = self.seats.trim().parse().unwrap_or(0);
        let word = self.q.trim();
        let named = room.name.contains(word)
            || room.center.contains(word)
            || room
                .equipment
                .iter()
                .any(|held| names::equipment(&view.names, &held.id).contains(word));
        (self.base.is_empty() || room.base.as_str() == self.base)
            && (self.feature.is_empty() || room.features.iter().any(|feature| feature.as_str() == self.feature))
            && room.seats >= seats
            && (word.is_empty() || named)
    }
}

pub fn page(lang: Lang, view: &CatalogView, wanted: &Wanted) -> AnyView {
    let rooms: Vec<&RoomView> = view.rooms.iter().filter(|room| wanted.takes(view, room)).collect();
    let base = |base: &BaseView| {
        let rooms: Vec<&RoomView> = rooms.iter().filter(|room| room.base == base.id).copied().collect();
        (!rooms.is_empty()).then(|| base_card(lang, view, base, &rooms))
    };
    let cards: Vec<AnyView> = view.bases.iter().filter_map(base).collect();
    let content = if cards.is_empty() {
        let clear = Some((paths::CATALOG.to_owned(), say::clear(lang)));
        empty::empty(Icon::Search, say::nothing(lang), say::nothing_why(lang), clear)
    } else {
        view! { <div class="stack">{cards}</div> }.into_any()
    };
    view! {
        <div class="title">
            <div>
                <p class="over">{say::counts(lang, view.bases.len(), view.rooms.len(), view.equipment.len())}</p>
                <h1>{say::title(lang)}</h1>
                <p class="lead">{say::lead(lang)}</p>
            </div>
        </div>
        {filters(lang, view, wanted)}
        {content}
    }
    .into_any()
}

fn filters(lang: Lang, view: &CatalogView, wanted: &Wanted) -> AnyView {
    let bases = view
        .bases
        .iter()
        .map(|base| (base.id.to_string(), base.name.clone()))
        .collect();
    let features = view
        .features
        .iter()
        .map(|named| (named.id.clone(), field::word(lang, named)))
        .collect();
    view! {
        <form class="filters" method="get" action=paths::CATALOG role="search">
            {field::select("base", say::base(lang), say::any_base(lang), bases, &wanted.base)}
            {field::select("feature", say::feature(lang), say::any_feature(lang), features, &wanted.feature)}
            {field::number("seats", say::seats_from(lang), &wanted.seats)}
            {field::text("q", say::word(lang), &wanted.q)}
            {field::apply(say::filter(lang), say::clear(lang), paths::CATALOG, *wanted != Wanted::default())}
        </form>
    }
    .into_any()
}

fn base_card(lang: Lang, view: &CatalogView, base: &BaseView, rooms: &[&RoomView]) -> AnyView {
    let host = base.host.as_ref().map(|host| mark::who(lang, &view.names, host));
    let induction = base
        .safety_induction
        .then(|| mark::badge(mark::Tone::Soft, Icon::Warn, say::induction(lang)));
    let mut centers: Vec<&str> = Vec::new();
    for room in rooms {
        if !centers.contains(&room.center.as_str()) {
            centers.push(&room.center);
        }
    }
    let groups = centers.into_iter().map(|center| {
        let rows = rooms
            .iter()
            .filter(|room| room.center == center)
            .map(|room| room_row(lang, view, room))
            .collect_view();
        let head = (!center.is_empty()).then(|| {
            view! { <tr class="center"><th colspan="5" scope="rowgroup">{center.to_owned()}</th></tr> }
        });
        view! { <tbody>{head} {rows}</tbody> }
    });
    let groups = groups.collect_view();
    let kind = mark::badge(mark::Tone::Plain, Icon::Place, words::base_kind(lang, base.kind));
    view! {
        <section class="card" aria-label=base.name.clone()>
            <header>
                <h2>{base.name.clone()}</h2> {kind} {host} {induction}
                <small class="quiet">{base.address.clone()} " · " {say::opening(lang)} " " {hours(lang, &base.open)}</small>
            </header>
            <table class="facts stacked">
                <thead>
                    <tr>
                        <th scope="col">{say::room(lang)}</th>
                        <th scope="col" class="num">{say::seats(lang)}</th>
                        <th scope="col" class="num">{say::turnaround(lang)}</th>
                        <th scope="col">{say::features(lang)}</th>
                        <th scope="col">{say::equipment(lang)}</th>
                    </tr>
                </thead>
                {groups}
            </table>
            {movable(lang, view, base)}
        </section>
    }
    .into_any()
}

fn hours(lang: Lang, open: &[domain::time::Span]) -> String {
    let weekly = time::weekly(lang, open);
    if weekly.is_empty() {
        say::never_open(lang).to_owned()
    } else {
        weekly
    }
}

fn room_row(lang: Lang, view: &CatalogView, room: &RoomView) -> AnyView {
    let part = room.part_of.as_ref().map(|whole| {
        view! { <small>{say::part_of(lang, &names::room(&view.names, whole))}</small> }
    });
    let equipment = room.equipment.iter().map(|held| {
        let words = format!(
            "{} {}",
            names::equipment(&view.names, &held.id),
            say::units(lang, held.units)
        );
        view! { <li><a href=paths::equipment(&held.id)>{words}</a></li> }
    });
    let equipment = (!room.equipment.is_empty()).then(|| view! { <ul class="inline">{equipment.collect_view()}</ul> });
    let features = names::features(lang, &view.names, &room.features);
    view! {
        <tr>
            <th scope="row"><a href=paths::room(&room.id)>{room.name.clone()}</a> {part}</th>
            <td class="num half" data-label=say::seats(lang)>{room.seats}</td>
            <td class="num half" data-label=say::turnaround(lang)>{say::minutes(lang, room.turnaround_min)}</td>
            <td class="all" data-label=say::features(lang)>{features}</td>
            <td class="all" data-label=say::equipment(lang)>{equipment}</td>
        </tr>
    }
    .into_any()
}

/// Equipment that is fixed to no room stands below its base.
fn movable(lang: Lang, view: &CatalogView, base: &BaseView) -> AnyView {
    let kinds: Vec<&EquipmentView> = view
        .equipment
        .iter()
        .filter(|kind| kind.base == base.id && kind.room.is_none())
        .collect();
    if kinds.is_empty() {
        return ().into_any();
    }
    let item = |kind: &&EquipmentView| {
        let words = format!("{} {}", kind.name, say::units(lang, kind.units));
        view! { <li><a href=paths::equipment(&kind.id)>{words}</a></li> }
    };
    let items = kinds.iter().map(item).collect_view();
    view! { <div class="body movable"><h3>{icon(Icon::Move)} " " {say::movable(lang)}</h3> <ul class="inline">{items}</ul></div> }
        .into_any()
}
