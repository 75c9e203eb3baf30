//! What is told outside, as a coordinator sees it: what waits, and what nobody took, each to be sent again by a plain form.

use crate::parts::empty;
use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::{Lang, audit, notices as say, time};
use domain::api::{NoticeView, NoticesView};
use leptos::prelude::*;

/// `key` is minted for this drawing of the page: a form that is sent twice is one write.
pub fn page(lang: Lang, view: &NoticesView, sent: bool, key: &str) -> AnyView {
    let told = sent.then(|| {
        view! { <div class="note done" role="status">{icon(Icon::Yes)} <p>{say::sent(lang)}</p></div> }
    });
    let no_receiver = (!view.has_receiver).then(|| {
        view! { <div class="note" role="status">{icon(Icon::No)} <p>{say::no_receiver(lang)}</p></div> }
    });
    let dead = match view.dead.is_empty() {
        true => empty::empty(Icon::Yes, say::none(lang), say::none_why(lang), None),
        false => table(lang, &view.dead, key),
    };
    view! {
        <div class="title">
            <div><h1>{say::title(lang)}</h1> <p class="lead">{say::lead(lang)}</p></div>
        </div>
        {told}
        {no_receiver}
        <p class="quiet">{say::waiting(lang, view.waiting)}</p>
        {dead}
    }
    .into_any()
}

fn table(lang: Lang, dead: &[NoticeView], key: &str) -> AnyView {
    let rows = dead.iter().map(|notice| row(lang, notice, key)).collect_view();
    view! {
        <section class="card account">
            <h2>{say::dead(lang)}</h2>
            <table class="facts stacked">
                <caption class="unseen">{say::dead(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::event(lang)}</th>
                        <th scope="col">{say::subject(lang)}</th>
                        <th scope="col">{say::failure(lang)}</th>
                        <th scope="col" class="num">{say::tries(lang)}</th>
                        <th scope="col">{say::at(lang)}</th>
                        <th scope="col"><span class="unseen">{say::again(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, notice: &NoticeView, key: &str) -> AnyView {
    // The key is one a notice: two notices are two writes.
    let (id, key) = (
        notice.id.to_string(),
        format!("{key}-{}", &notice.id.as_str()[notice.id.as_str().len() - 12..]),
    );
    let label = say::again_of(lang, &notice.subject);
    view! {
        <tr>
            <th scope="row" class="half">{audit::event_word(lang, &notice.event)} <small>{notice.event.clone()}</small></th>
            <td class="half id" data-label=say::subject(lang)>{notice.subject.clone()}</td>
            <td class="half" data-label=say::failure(lang)>{say::failure_words(lang, &notice.failure)}</td>
            <td class="num half" data-label=say::tries(lang)>{notice.tries}</td>
            <td class="half" data-label=say::at(lang)>
                <time datetime=time::machine(notice.at_min)>{time::stamp(lang, notice.at_min)}</time>
            </td>
            <td class="num all">
                <form method="post" action=paths::NOTICES>
                    <input type="hidden" name="key" value=key />
                    <input type="hidden" name="id" value=id />
                    <button class="button small" aria-label=label>{say::again(lang)}</button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}
