//! Importing requests: the page with the template and the file, and the preview of a file with every row as it was
//! understood and every fault where it is. Plain forms that work without scripts.

use crate::parts::icon::{Icon, icon};
use crate::parts::told::{done, hidden, refused};
use crate::parts::{empty, field};
use crate::paths;
use crate::text::{Lang, imports as say, names, requests as words, time, violation};
use domain::api::{Become, ImportRow, ImportView, NameBook, ProblemCode, RoundSummary};
use domain::id::RoundId;
use domain::instance::Window;
use domain::request::RequestDraft;
use domain::sheet::{Fault, ROWS_MAX};
use domain::violation::Violation;
use leptos::prelude::*;

/// Rows of a preview that the page lists; the call answers with all of them.
const ROWS_SHOWN: usize = 500;

/// What the first page knows.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Rounds that take requests now.
    pub rounds: Vec<RoundSummary>,
    pub wanted: Option<RoundId>,
    /// Why the last file was not read.
    pub refused: Option<(ProblemCode, Vec<Violation>)>,
}

pub fn start(lang: Lang, start: &Start) -> AnyView {
    let told = start
        .refused
        .as_ref()
        .map(|(code, broken)| view! { {refusal(lang, *code, broken)} });
    let file = match start.rounds.is_empty() {
        true => view! { <div class="card">{empty::empty(Icon::Clock, say::no_round(lang), say::no_round_why(lang), None)}</div> }.into_any(),
        false => choose(lang, say::step_file(lang), &start.rounds, start.wanted.as_ref()),
    };
    view! {
        {head(lang, say::title(lang))}
        <div class="stack">
            {told}
            <section class="card account">
                <h2>{say::step_template(lang)}</h2>
                <p class="hint">{say::template_why(lang)}</p>
                <div class="buttons">
                    <a class="button" href=paths::IMPORT_TEMPLATE_XLSX download>{icon(Icon::Down)} {say::template_xlsx(lang)}</a>
                    <a class="button plain" href=paths::IMPORT_TEMPLATE_CSV download>{say::template_csv(lang)}</a>
                </div>
            </section>
            {file}
        </div>
    }
    .into_any()
}

fn head(lang: Lang, title: &'static str) -> AnyView {
    view! {
        <div class="title">
            <div>
                <p class="over crumbs"><a href=paths::REQUESTS>{icon(Icon::Back)} {say::back(lang)}</a></p>
                <h1>{title}</h1>
                <p class="lead">{say::lead(lang)}</p>
            </div>
        </div>
    }
    .into_any()
}

/// The usual words, and what to do about a file.
fn refusal(lang: Lang, code: ProblemCode, broken: &[Violation]) -> AnyView {
    let advice = match code {
        ProblemCode::UnsupportedMedia => Some(say::save_as(lang)),
        ProblemCode::TooLarge => Some(say::too_large(lang)),
        ProblemCode::Stale => Some(say::not_previewed(lang)),
        _ => None,
    };
    view! { <div class="stack-1">{refused(lang, code, broken)} {advice.map(|words| view! { <p>{words}</p> })}</div> }
        .into_any()
}

fn choose(lang: Lang, title: &'static str, rounds: &[RoundSummary], wanted: Option<&RoundId>) -> AnyView {
    let round = |round: &RoundSummary| (round.id.to_string(), time::week(lang, round.week));
    let choices = rounds.iter().map(round).collect();
    let wanted = wanted.map(ToString::to_string).unwrap_or_default();
    view! {
        <section class="card account" id="file-card">
            <h2>{title}</h2>
            <form method="post" action=paths::IMPORT enctype="multipart/form-data">
                {field::select("round", say::round(lang), "", choices, &wanted)}
                <div class="field">
                    <label for="file">{say::file(lang)}</label>
                    <input id="file" name="file" type="file" accept=".csv,.xlsx" required aria-describedby="file-hint" />
                    <p class="hint" id="file-hint">{say::file_hint(lang, ROWS_MAX)}</p>
                </div>
                <button class="button strong">{say::preview(lang)}</button>
                <p class="hint">{say::preview_why(lang)}</p>
            </form>
        </section>
    }
    .into_any()
}

/// `file` is the file itself in base64, to be sent back when it is imported: nothing of a preview is kept.
pub fn preview(
    lang: Lang,
    view: &ImportView,
    file: &str,
    key: &str,
    told: Option<(ProblemCode, Vec<Violation>)>,
) -> AnyView {
    let is_clean = view.faults_total == 0 && view.barred.is_none();
    let told = told.map(|(code, broken)| refusal(lang, code, &broken));
    let verdict = match (&view.barred, view.faults_total) {
        (Some(why), _) => {
            let words = violation(lang, why, &view.names);
            view! {
                <div class="note refusal" role="alert">
                    {icon(Icon::No)}
                    <div><strong>{say::barred(lang)} {words.title}</strong> <p>{words.detail}</p> <p>{words.remedy}</p></div>
                </div>
            }
            .into_any()
        }
        (None, 0) => done(say::clean(lang)),
        (None, faults) => view! {
            <div class="note refusal" role="alert">{icon(Icon::No)} <p>{say::broken(lang, faults)}</p></div>
        }
        .into_any(),
    };
    let rounds = std::slice::from_ref(&view.round);
    view! {
        {head(lang, say::found_title(lang))}
        <div class="stack">
            {told}
            {figures(lang, view)}
            {verdict}
            {likes(lang, &view.rows)}
            {is_clean.then(|| import(lang, view, file, key))}
            {faults(lang, view)}
            {rows(lang, &view.rows, &view.names)}
            {choose(lang, say::another(lang), rounds, Some(&view.round.id))}
        </div>
    }
    .into_any()
}

fn figures(lang: Lang, view: &ImportView) -> AnyView {
    let lessons = view
        .rows
        .iter()
        .fold(0_i64, |sum, row| sum.saturating_add(row.draft.lessons));
    let minutes = view
        .rows
        .iter()
        .fold(0_i64, |sum, row| sum.saturating_add(row.draft.asked_min()));
    let figure = |value: String, words: &'static str| view! { <div><dt>{words}</dt> <dd>{value}</dd></div> };
    view! {
        <dl class="figures">
            {figure(time::thousands(view.rows.len() as i64), say::rows_label(lang))}
            {figure(time::thousands(lessons), say::lessons_label(lang))}
            {figure(time::hours(minutes), say::hours_label(lang))}
            {figure(time::thousands(view.faults_total), say::faults_label(lang))}
        </dl>
    }
    .into_any()
}

fn likes(lang: Lang, rows: &[ImportRow]) -> AnyView {
    let same = rows.iter().filter(|row| row.same_as.is_some()).count();
    let note =
        (same > 0).then(|| view! { <div class="note soft">{icon(Icon::Warn)} <p>{say::sames(lang, same)}</p></div> });
    note.into_any()
}

fn import(lang: Lang, view: &ImportView, file: &str, key: &str) -> AnyView {
    let choice = |to: Become, words: &'static str, first: bool| {
        let value: &str = to.into();
        let id = format!("as-{value}");
        view! {
            <p>
                <input type="radio" id=id.clone() name="to_become" value=value checked=first /> " "
                <label for=id>{words}</label>
            </p>
        }
    };
    view! {
        <section class="card account" id="import">
            <h2>{say::to_become(lang)}</h2>
            <form method="post" action=paths::IMPORT_NOW enctype="multipart/form-data">
                {hidden("key", key)} {hidden("round", &view.round.id)} {hidden("sha256", &view.sha256)}
                <fieldset class="choices">
                    <legend class="unseen">{say::to_become(lang)}</legend>
                    {choice(Become::Submitted, say::as_submitted(lang), true)}
                    {choice(Become::Drafts, say::as_drafts(lang), false)}
                </fieldset>
                {hidden("kept", file)}
                <button class="button strong">{say::import_now(lang, view.rows.len())}</button>
            </form>
        </section>
    }
    .into_any()
}

fn faults(lang: Lang, view: &ImportView) -> AnyView {
    if view.faults.is_empty() {
        return ().into_any();
    }
    let row = |fault: &Fault| {
        let words = say::fault(lang, fault, &view.names);
        let heading = fault
            .field
            .map(|field| say::heading_of(lang, field))
            .unwrap_or_default();
        view! {
            <tr>
                <th scope="row" class="tight">{say::place_of(lang, &fault.column, fault.row)} <small>{heading}</small></th>
                <td class="all">{icon(Icon::No)} " " <strong>{words.title}</strong> <small>{words.detail}</small></td>
                <td class="all">{words.remedy}</td>
            </tr>
        }
    };
    let more =
        say::not_listed(view.faults_total).map(|more| view! { <p class="hint">{say::faults_more(lang, more)}</p> });
    view! {
        <section class="card" id="faults">
            <header><h2>{say::faults(lang)}</h2></header>
            <table class="facts stacked">
                <caption class="unseen">{say::faults(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::place(lang)}</th>
                        <th scope="col">{say::wrong(lang)}</th>
                        <th scope="col">{say::mend(lang)}</th>
                    </tr>
                </thead>
                <tbody>{view.faults.iter().map(row).collect_view()}</tbody>
            </table>
            {more}
        </section>
    }
    .into_any()
}

fn rows(lang: Lang, rows: &[ImportRow], names: &NameBook) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let more = rows.len().saturating_sub(ROWS_SHOWN);
    let shown = rows
        .iter()
        .take(ROWS_SHOWN)
        .map(|row| line(lang, row, names))
        .collect_view();
    view! {
        <section class="card" id="rows">
            <header><h2>{say::understood(lang)}</h2> <span class="hint">{say::rows(lang, rows.len())}</span></header>
            <table class="facts stacked">
                <caption class="unseen">{say::understood(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">{say::row(lang)}</th>
                        <th scope="col">{words::purpose(lang)}</th>
                        <th scope="col">{words::cohorts(lang)}</th>
                        <th scope="col" class="num">{words::headcount(lang)}</th>
                        <th scope="col" class="num">{words::lessons(lang)}</th>
                        <th scope="col">{words::windows(lang)}</th>
                        <th scope="col">{say::needs(lang)}</th>
                    </tr>
                </thead>
                <tbody>{shown}</tbody>
            </table>
            {(more > 0).then(|| view! { <p class="hint more">{say::rows_more(lang, more)}</p> })}
        </section>
    }
    .into_any()
}

fn line(lang: Lang, row: &ImportRow, names: &NameBook) -> AnyView {
    let draft = &row.draft;
    let purpose = match draft.purpose.is_empty() {
        true => words::no_purpose(lang).to_owned(),
        false => draft.purpose.clone(),
    };
    let same = row
        .same_as
        .as_deref()
        .map(|reference| view! { <small>{say::same_as(lang, reference)}</small> });
    view! {
        <tr>
            <td class="num half" data-label=say::row(lang)>{row.row}</td>
            <th scope="row">{purpose} {same}</th>
            <td class="half" data-label=words::cohorts(lang)>{names::cohorts(lang, names, &draft.cohorts)}</td>
            <td class="num half" data-label=words::headcount(lang)>{draft.headcount}</td>
            <td class="num half" data-label=words::lessons(lang)>{draft.lessons} <small>{words::length_each(lang, draft.minutes)}</small></td>
            <td class="all" data-label=words::windows(lang)>{windows(lang, draft)}</td>
            <td class="all" data-label=say::needs(lang)>{needs(lang, draft, names)}</td>
        </tr>
    }
    .into_any()
}

fn windows(lang: Lang, draft: &RequestDraft) -> String {
    let window = |window: &Window| match window.preference > 0 {
        true => format!("{} ({})", time::span(lang, window.span), words::preferred(lang)),
        false => time::span(lang, window.span),
    };
    names::list(lang, draft.windows.iter().map(window))
}

/// Everything else that the row asks for, beyond what an untouched form holds.
fn needs(lang: Lang, draft: &RequestDraft, book: &NameBook) -> String {
    let blank = RequestDraft::blank();
    let rooms = draft.rooms.iter().map(|id| names::room(book, id));
    let features = draft.features.iter().map(|id| names::feature(book, id));
    let equipment = draft
        .equipment
        .iter()
        .map(|need| words::units(lang, &names::equipment(book, &need.id), need.units));
    let skills = draft
        .skills
        .iter()
        .map(|(id, level)| format!("{} {level}", names::skill(book, id)));
    let wanted = draft.wanted_instructors.iter().map(|id| names::instructor(book, id));
    let teachers = (draft.instructors > 0).then(|| format!("{} {}", words::instructors(lang), draft.instructors));
    let per_day = draft
        .per_day_max
        .filter(|n| Some(*n) != blank.per_day_max)
        .map(|n| words::per_day(lang, n));
    let between = (draft.days_between_min > 0).then(|| words::between(lang, draft.days_between_min));
    let all = draft.all_or_nothing.then(|| words::all_or_nothing(lang).to_owned());
    let tier = (draft.tier != blank.tier).then(|| format!("{} {}", words::tier(lang), draft.tier));
    let things = rooms.chain(features).chain(equipment);
    let people = teachers.into_iter().chain(skills).chain(wanted);
    let limits = tier.into_iter().chain(per_day).chain(between).chain(all);
    let said = names::list(lang, things.chain(people).chain(limits));
    if said.is_empty() {
        say::nothing_else(lang).to_owned()
    } else {
        said
    }
}
