//! The public account of a week: figures, the water picture, the formula in plain words, and the table twin.

use crate::parts::icon::Icon;
use crate::parts::{chart, empty, field, mark};
use crate::paths;
use crate::text::{Lang, fairness as say, time};
use domain::api::{FairLine, FairnessView};
use domain::plan::Stage;
use leptos::prelude::*;

pub fn page(lang: Lang, view: &FairnessView) -> AnyView {
    let Some(week) = view.week.filter(|_| !view.lines.is_empty()) else {
        return view! {
            <div class="title"><h1>{say::head(lang)}</h1></div>
            {empty::empty(Icon::Half, say::none(lang), say::none_why(lang), Some((paths::HOME.into(), crate::text::site::home(lang))))}
        }
        .into_any();
    };
    let weeks = view.weeks.iter().map(|week| {
        (
            time::week_key(*week),
            format!("{} · {}", time::week(lang, *week), time::week_dates(lang, *week)),
        )
    });
    let weeks = weeks.collect();
    view! {
        <div class="title">
            <div>
                <p class="over">{say::head(lang)}</p>
                <h1>{say::title(lang, &time::week(lang, week))}</h1>
            </div>
            <form class="buttons" method="get" action=paths::FAIRNESS>
                {field::select("week", say::week(lang), "", weeks, &time::week_key(week))}
                <button class="button">{say::show(lang)}</button>
            </form>
        </div>
        <div class="stack">
            <p class="lead">{say::lead(lang)}</p>
            {proof(lang, view)} {water(lang, view)} {table(lang, view)} {stages(lang, &view.stages)}
        </div>
    }
    .into_any()
}

fn proof(lang: Lang, view: &FairnessView) -> AnyView {
    let asking = view.lines.iter().filter(|line| line.ledger.asked_min > 0);
    let (members, full) = asking.fold((0, 0), |(n, full), line| (n + 1, full + usize::from(is_full(line))));
    let (class, word, why) = if view.proved {
        ("stamp", say::proved(lang), say::proved_why(lang))
    } else {
        ("stamp open", say::not_proved(lang), say::not_proved_why(lang))
    };
    // Weeks from before this platform have an account, but no solver's record.
    let stamp =
        (!view.stages.is_empty()).then(|| view! { <p class=class><strong>{word}</strong> <small>{why}</small></p> });
    let figure = |number: String, unit: &'static str, words: String| {
        view! { <div><dt>{words}</dt><dd>{number}<small>{unit}</small></dd></div> }
    };
    let hours = say::hours(lang);
    view! {
        <section class="card proof" aria-label=say::head(lang)>
            <dl class="figures">
                {figure(time::hours(view.asked_min), hours, say::asked(lang, members))}
                {figure(time::hours(view.granted_min), hours, say::granted(lang).into())}
                {figure(full.to_string(), say::members(lang), say::satisfied(lang).into())}
                {figure(time::hours(view.level_min.round() as i64), hours, say::level_min(lang).into())}
                {figure(format!("{:.3}", view.jain), "", say::jain(lang).into())}
            </dl>
            {stamp}
        </section>
    }
    .into_any()
}

fn is_full(line: &FairLine) -> bool {
    line.ledger.granted_min >= line.ledger.asked_min
}

fn water(lang: Lang, view: &FairnessView) -> AnyView {
    let rules = [say::rule_1(lang), say::rule_2(lang), say::rule_3(lang)].map(|rule| view! { <li>{rule}</li> });
    view! {
        <section class="card" aria-labelledby="water">
            <header><h2 id="water">{say::water(lang)}</h2> <span class="quiet">{say::water_key(lang)}</span></header>
            <div class="body">
                <div class="scroll" tabindex="0" role="group" aria-label=say::water(lang)>{chart::water(lang, view)}</div>
                <div class="words">
                    <div><p class="formula">{say::formula(lang)}</p> <p>{say::plain(lang)}</p></div>
                    <ol>{rules.into_iter().collect_view()}</ol>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn table(lang: Lang, view: &FairnessView) -> AnyView {
    let largest = view
        .lines
        .iter()
        .map(|line| line.ledger.asked_min.max(line.ledger.granted_min))
        .max()
        .unwrap_or(0);
    let rows = view
        .lines
        .iter()
        .map(|line| row(lang, view, line, largest))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="members">
            <header>
                <h2 id="members">{say::table(lang)} " " <small class="quiet">{say::unit_hours(lang)}</small></h2>
                <ul class="legend">
                    <li class="k-asked"><i></i>{say::col_asked(lang)}</li>
                    <li class="k-granted"><i></i>{say::col_granted(lang)}</li>
                    <li class="k-claim"><i></i>{say::col_claim(lang)}</li>
                </ul>
            </header>
            <div class="scroll" tabindex="0" role="group" aria-label=say::table(lang)>
                <table class="facts stacked">
                    <caption class="unseen">{say::table(lang)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{say::organization(lang)}</th>
                            <th scope="col" class="bars">{say::bars(lang)}</th>
                            <th scope="col" class="num">{say::weight(lang)}</th>
                            <th scope="col" class="num">{say::col_asked(lang)}</th>
                            <th scope="col" class="num">{say::col_claim(lang)}</th>
                            <th scope="col" class="num">{say::col_granted(lang)}</th>
                            <th scope="col" class="num">{say::col_used(lang)}</th>
                            <th scope="col" class="num">{say::col_level(lang)}</th>
                            <th scope="col">{say::col_trend(lang)}</th>
                            <th scope="col">{say::col_result(lang)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, view: &FairnessView, line: &FairLine, largest_min: i64) -> AnyView {
    let result = match (line.ledger.asked_min, is_full(line)) {
        (0, _) => mark::badge(mark::Tone::Over, Icon::Dot, say::nothing(lang)),
        (_, true) => mark::badge(mark::Tone::Done, Icon::Yes, say::full(lang)),
        (_, false) => mark::badge(mark::Tone::Plain, Icon::Ring, say::at_level(lang)),
    };
    // Until the week has run nobody knows, and nought would be a reproach.
    let used = if view.has_run {
        time::hours(line.ledger.used_min)
    } else {
        "—".to_owned()
    };
    let mine = view.own.as_ref() == Some(&line.organization);
    let hours =
        |label: &'static str, minutes: i64| view! { <td class="num" data-label=label>{time::hours(minutes)}</td> };
    view! {
        <tr class:mine=mine>
            <th scope="row">{chart::row_name(lang, view, line)}</th>
            <td class="all">{chart::share(line, largest_min)}</td>
            <td class="num" data-label=say::weight(lang)>{format!("{}", line.weight)}</td>
            {hours(say::col_asked(lang), line.ledger.asked_min)}
            {hours(say::col_claim(lang), line.ledger.claim_min)}
            <td class="num" data-label=say::col_granted(lang)><strong>{time::hours(line.ledger.granted_min)}</strong></td>
            <td class="num" data-label=say::col_used(lang)>{used}</td>
            {hours(say::col_level(lang), line.level.round() as i64)}
            <td class="half" data-label=say::col_trend(lang)>{chart::spark(lang, &line.trend)}</td>
            <td class="half">{result}</td>
        </tr>
    }
    .into_any()
}

/// The proof for those who want to check it: value, bound and gap of every stage.
fn stages(lang: Lang, stages: &[Stage]) -> AnyView {
    if stages.is_empty() {
        return ().into_any();
    }
    let row = |stage: &Stage| {
        view! {
            <tr>
                <th scope="row">{crate::text::words::stage(lang, &stage.name)}</th>
                <td class="num" data-label=say::col_value(lang)>{format!("{:.1}", stage.value)}</td>
                <td class="num" data-label=say::col_bound(lang)>{format!("{:.1}", stage.bound)}</td>
                <td class="num" data-label=say::col_gap(lang)>{format!("{:.2}%", stage.gap * 100.0)}</td>
            </tr>
        }
    };
    view! {
        <details class="card">
            <summary class="keys">{say::stages(lang)}</summary>
            <table class="facts stacked">
                <thead>
                    <tr>
                        <th scope="col">{say::col_stage(lang)}</th>
                        <th scope="col" class="num">{say::col_value(lang)}</th>
                        <th scope="col" class="num">{say::col_bound(lang)}</th>
                        <th scope="col" class="num">{say::col_gap(lang)}</th>
                    </tr>
                </thead>
                <tbody>{stages.iter().map(row).collect_view()}</tbody>
            </table>
        </details>
    }
    .into_any()
}
