//! Withdraw one's request, or give one back with a note. Each tells its consequence before it is done, and the page is
//! loaded anew afterwards, so that what one reads is what was saved.

use crate::client;
use crate::parts::icon::{Icon, icon};
use crate::text::{self, Lang, requests as say};
use domain::api::{Problem, ReturnRequest, WithdrawRequest};
use domain::id::RequestId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

/// Which question is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Nothing,
    Withdraw,
    Return,
}

#[island]
pub fn RequestActions(lang: Lang, id: RequestId, version: i64, withdraw: bool, give_back: bool) -> impl IntoView {
    let asking = RwSignal::new(Asking::Nothing);
    let working = RwSignal::new(false);
    let failed: RwSignal<Option<Problem>> = RwSignal::new(None);
    let note = RwSignal::new(String::new());
    let target = StoredValue::new((id, version));

    let send = move |_| {
        let (id, version) = target.get_value();
        let asked = asking.get_untracked();
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let reply = match asked {
                Asking::Withdraw => client::read(&WithdrawRequest { id, version }).await,
                Asking::Return => {
                    client::read(&ReturnRequest {
                        id,
                        version,
                        note: note.get_untracked(),
                    })
                    .await
                }
                Asking::Nothing => return,
            };
            match reply {
                Ok(IgnoredAny) => window().location().reload().unwrap_or_default(),
                Err(problem) => {
                    working.set(false);
                    failed.set(Some(problem));
                }
            }
        });
    };
    let door = move |which: Asking, words: &'static str| {
        view! {
            <button type="button" class="button" aria-expanded=move || (asking.get() == which).to_string()
                on:click=move |_| asking.set(if asking.get() == which { Asking::Nothing } else { which })>
                {words}
            </button>
        }
    };
    view! {
        {withdraw.then(|| door(Asking::Withdraw, say::withdraw(lang)))}
        {give_back.then(|| door(Asking::Return, say::return_(lang)))}
        <div class="note soft question" role="group" hidden=move || asking.get() == Asking::Nothing>
            {icon(Icon::Warn)}
            <div class="stack-1">
                <p hidden=move || asking.get() != Asking::Withdraw>{say::withdraw_sure(lang)}</p>
                <div class="field" hidden=move || asking.get() != Asking::Return>
                    <label for="return-note">{say::return_note(lang)}</label>
                    <textarea id="return-note" maxlength="500" on:input:target=move |ev| note.set(ev.target().value())></textarea>
                </div>
                <div class="buttons">
                    <button type="button" class="button danger" disabled=move || working.get() on:click=send>
                        {move || match (working.get(), asking.get()) {
                            (true, _) => say::working(lang),
                            (false, Asking::Return) => say::return_now(lang),
                            (false, _) => say::withdraw_now(lang),
                        }}
                    </button>
                    <button type="button" class="button plain" on:click=move |_| asking.set(Asking::Nothing)>{say::keep(lang)}</button>
                </div>
                <div role="alert">
                    {move || failed.get().map(|problem| {
                        let (title, detail) = text::problem::problem(lang, &problem);
                        view! { <p><strong>{title}</strong> " " {detail}</p> }
                    })}
                </div>
            </div>
        </div>
    }
}
