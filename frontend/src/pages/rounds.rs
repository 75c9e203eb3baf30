//! The list of rounds, latest week first.

use crate::parts::icon::Icon;
use crate::parts::{empty, mark};
use crate::paths;
use crate::text::{Lang, rounds as say, time};
use domain::api::{RoundSummary, RoundsView};
use domain::round::RoundState;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &RoundsView) -> AnyView {
    let content = if view.rounds.is_empty() {
        empty::empty(Icon::Calendar, say::none(lang), say::none_why(lang), None)
    } else {
        let rows = view.rounds.iter().map(|round| row(lang, round)).collect_view();
        view! {
            <div class="card">
                <table class="facts stacked">
                    <caption class="unseen">{say::title(lang)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{say::week(lang)}</th>
                            <th scope="col">{say::state(lang)}</th>
                            <th scope="col">{say::cut_off(lang)}</th>
                            <th scope="col" class="num">{say::submitted(lang)}</th>
                            <th scope="col" class="num">{say::drafts(lang)}</th>
                            <th scope="col"><span class="unseen">{say::open_board(lang)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! { <div class="title"><h1>{say::title(lang)}</h1></div> {content} }.into_any()
}

fn row(lang: Lang, round: &RoundSummary) -> AnyView {
    let door = if round.state.is_public() {
        let path = paths::with_query(paths::TIMETABLE, &[("week", &time::week_key(round.week))]);
        Some(view! { <a href=path>{say::see_timetable(lang)}</a> })
    } else {
        // Only a round in review is sure to have a plan to show.
        let board = || view! { <a href=paths::board(&round.id)>{say::open_board(lang)}</a> };
        (round.state == RoundState::Review).then(board)
    };
    view! {
        <tr>
            <th scope="row">
                <a href=paths::round(&round.id)>{time::week(lang, round.week)}</a> <small>{time::week_dates(lang, round.week)}</small>
            </th>
            <td class="half">{mark::round_badge(lang, round.state)}</td>
            <td class="half tight" data-label=say::cut_off(lang)>{time::weekday_stamp(lang, round.cut_off_at_min)}</td>
            <td class="num half" data-label=say::submitted(lang)>{round.submitted}</td>
            <td class="num half" data-label=say::drafts(lang)>{round.drafts}</td>
            <td class="num all">{door}</td>
        </tr>
    }
    .into_any()
}
