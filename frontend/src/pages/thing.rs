//! One room, equipment or instructor with its free and busy week.

use crate::parts::icon::{Icon, icon};
use crate::parts::{mark, thing_week, weeks};
use crate::paths;
use crate::text::{Lang, catalog as say, names, site, time, timetable, words};
use domain::api::{EquipmentView, InstructorView, NameBook, RoomView, ThingKind, ThingWeekView};
use domain::id::{EquipmentId, InstructorId, RoomId};
use leptos::prelude::*;

pub fn page(lang: Lang, view: &ThingWeekView) -> AnyView {
    let (path, back) = place(view);
    let back_words = if view.kind == ThingKind::Instructor {
        site::instructors(lang)
    } else {
        site::catalog(lang)
    };
    let detail = &view.detail;
    let facts = match (&detail.room, &detail.equipment, &detail.instructor) {
        (Some(room), _, _) => room_facts(lang, &view.names, room),
        (_, Some(equipment), _) => equipment_facts(lang, &view.names, equipment),
        (_, _, Some(instructor)) => instructor_facts(lang, &view.names, instructor),
        (None, None, None) => ().into_any(),
    };
    view! {
        <div class="title">
            <div>
                <p class="over crumbs"><a href=back>{icon(Icon::Back)} {back_words}</a></p>
                <h1>{view.name.clone()}</h1>
                <p class="under">{say::week_of(lang)} " · " {time::week(lang, view.week)} " · " {time::week_dates(lang, view.week)}</p>
            </div>
            <div class="buttons">
                {weeks::turn(lang, &path, &[], view.week)}
                <a class="button strong" href=paths::REQUEST_NEW>{say::ask(lang)}</a>
            </div>
        </div>
        <div class="stack">
            <section class="card" aria-label=view.name.clone()><div class="body"><dl class="pairs wide">{facts}</dl></div></section>
            <section aria-label=say::week_of(lang)>{thing_week::thing_week(lang, view)} {legend(lang, view.kind)}</section>
        </div>
    }
    .into_any()
}

/// The thing's own address, and the list that it belongs to.
fn place(view: &ThingWeekView) -> (String, &'static str) {
    let id = view.id.clone();
    match view.kind {
        ThingKind::Room => (
            RoomId::try_from(id).map(|id| paths::room(&id)).unwrap_or_default(),
            paths::CATALOG,
        ),
        ThingKind::Equipment => (
            EquipmentId::try_from(id)
                .map(|id| paths::equipment(&id))
                .unwrap_or_default(),
            paths::CATALOG,
        ),
        ThingKind::Instructor => (
            InstructorId::try_from(id)
                .map(|id| paths::instructor(&id))
                .unwrap_or_default(),
            paths::INSTRUCTORS,
        ),
    }
}

fn pair(term: &'static str, value: impl IntoView + 'static) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any()
}

fn room_facts(lang: Lang, names: &NameBook, room: &RoomView) -> AnyView {
    let part = room.part_of.as_ref().map(|whole| {
        let link = paths::room(whole);
        pair(
            say::where_(lang),
            view! { <a href=link>{say::part_of(lang, &names::room(names, whole))}</a> },
        )
    });
    let equipment = room.equipment.iter().map(|held| {
        let words = format!("{} {}", names::equipment(names, &held.id), say::units(lang, held.units));
        view! { <li><a href=paths::equipment(&held.id)>{words}</a></li> }
    });
    let equipment = (!room.equipment.is_empty()).then(|| {
        pair(
            say::equipment(lang),
            view! { <ul class="inline">{equipment.collect_view()}</ul> }.into_any(),
        )
    });
    let features =
        (!room.features.is_empty()).then(|| pair(say::features(lang), names::features(lang, names, &room.features)));
    view! {
        {pair(say::base(lang), format!("{} {}", names::base(names, &room.base), room.center))} {part}
        {pair(say::seats(lang), say::seats_n(lang, room.seats))} {features} {equipment}
        {pair(say::opening(lang), time::weekly(lang, &room.open))}
        {pair(say::turnaround(lang), say::minutes(lang, room.turnaround_min))}
    }
    .into_any()
}

fn equipment_facts(lang: Lang, names: &NameBook, equipment: &EquipmentView) -> AnyView {
    let place = match &equipment.room {
        Some(room) => {
            let (link, words) = (paths::room(room), say::fixed_in(lang, &names::room(names, room)));
            view! { <a href=link>{words}</a> }.into_any()
        }
        None => say::in_base(lang).into_any(),
    };
    let qualification = equipment
        .qualification_needed
        .then(|| mark::badge(mark::Tone::Soft, Icon::Lock, say::qualification(lang)));
    view! {
        {pair(say::base(lang), names::base(names, &equipment.base))} {pair(say::where_(lang), place)}
        {pair(say::equipment(lang), view! { {say::units(lang, equipment.units)} " " {qualification} }.into_any())}
    }
    .into_any()
}

fn instructor_facts(lang: Lang, names: &NameBook, who: &InstructorView) -> AnyView {
    let load = who.week_max_min.map_or_else(
        || say::week_free(lang).to_owned(),
        |max| say::week_max(lang, &time::hours(max)),
    );
    let serves = if who.serves_everyone {
        say::serves_all(lang)
    } else {
        say::serves_some(lang)
    };
    view! {
        {pair(say::kind(lang), format!("{} · {}", words::instructor_kind(lang, who.kind), who.industry))}
        {pair(say::employer(lang), mark::who(lang, names, &who.organization))}
        {pair(say::skill(lang), super::instructors::skills(lang, names, who))}
        {pair(say::available(lang), time::weekly(lang, &who.available))}
        {pair(say::load(lang), load)}
        {pair(say::agreement(lang), format!("{} · {serves}", say::until(lang, &who.agreement_until)))}
    }
    .into_any()
}

fn legend(lang: Lang, kind: ThingKind) -> AnyView {
    let closed = if kind == ThingKind::Instructor {
        timetable::not_available(lang)
    } else {
        timetable::not_open(lang)
    };
    view! {
        <ul class="legend under" aria-label=timetable::legend(lang)>
            <li class="open"><i></i>{timetable::free(lang)}</li>
            <li class="taken"><i></i>{timetable::taken(lang)}</li>
            <li class="closed"><i></i>{closed}</li>
            <li class="past"><i></i>{timetable::past(lang)}</li>
        </ul>
    }
    .into_any()
}
