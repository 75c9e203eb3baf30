//! Sign-in: a plain form that works without scripts. Posts `login`, `password` and `back` to its own address.

use crate::parts::icon::{Icon, icon};
use crate::paths;
use crate::text::{self, Lang, sign_in as say, site};
use domain::api::ProblemCode;
use leptos::prelude::*;

/// What the last try left behind.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// Where to go afterwards, an address of this site.
    pub back: String,
    pub login: String,
    /// Why the last try failed.
    pub refused: Option<ProblemCode>,
    /// What the identity provider is called, where there is one.
    pub sign_on: Option<String>,
}

pub fn page(lang: Lang, attempt: &Attempt) -> AnyView {
    let Attempt {
        back,
        login,
        refused,
        sign_on,
    } = attempt.clone();
    let sign_on = sign_on.map(|label| {
        let to = paths::with_query(paths::SIGN_ON, &[("back", &back)]);
        view! { <a class="button" href=to>{say::sign_on(lang, &label)}</a> }
    });
    let invalid = refused.is_some().then_some("true");
    let note = note(lang, refused);
    // Asked for once the password was right; the password is typed again, because no page repeats it.
    let code = (refused == Some(ProblemCode::CodeNeeded)).then(|| code_field(lang));
    let described = refused.is_some().then_some("refused");
    view! {
        <div class="sign-in">
            <header>
                <svg class="mark" viewBox="0 0 28 28" aria-hidden="true">
                    <path class="mark-1" d="M2 2h16v16H2z"></path>
                    <path class="mark-2" d="M11 11h14v14H11z"></path>
                    <path class="mark-3" d="M12 12h6v6h-6z"></path>
                </svg>
                <h1>{say::title(lang)} {lang.pick("", " · ")} {site::product(lang)}</h1>
                <p class="lead">{say::lead(lang)}</p>
            </header>
            <div class="card">
                <form method="post" action=paths::SIGN_IN aria-describedby=described>
                    {note}
                    <input type="hidden" name="back" value=back />
                    <div class="field">
                        <label for="login">{say::login(lang)}</label>
                        <input id="login" name="login" value=login autocomplete="username" required autocapitalize="none"
                            spellcheck="false" aria-invalid=invalid />
                    </div>
                    <div class="field">
                        <label for="password">{say::password(lang)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required
                            aria-invalid=invalid />
                    </div>
                    {code}
                    <button class="button strong">{say::enter(lang)}</button>
                    {sign_on}
                    <p class="hint">{say::no_account(lang)}</p>
                </form>
            </div>
            <p class="quiet">
                {say::visitor(lang)} " " <a href=paths::TIMETABLE>{site::timetable(lang)}</a> " · "
                <a href=paths::CATALOG>{site::catalog(lang)}</a> " · " <a href=paths::FAIRNESS>{site::fairness(lang)}</a>
            </p>
        </div>
    }
    .into_any()
}

fn note(lang: Lang, refused: Option<ProblemCode>) -> AnyView {
    let note = refused.map(|code| {
        let words = text::problem(lang, code);
        view! {
            <div class="note refusal" role="alert" id="refused">
                {icon(Icon::No)} <div><strong>{words.title}</strong> <p>{words.detail}</p></div>
            </div>
        }
    });
    note.into_any()
}

fn code_field(lang: Lang) -> AnyView {
    view! {
        <div class="field">
            <label for="code">{say::code(lang)}</label>
            <input id="code" name="code" autocomplete="one-time-code" maxlength="16" required />
        </div>
    }
    .into_any()
}

/// The second factor of whoever the identity provider has proved.
pub fn code_page(lang: Lang, back: &str, refused: Option<ProblemCode>) -> AnyView {
    let back = back.to_owned();
    view! {
        <div class="sign-in">
            <header><h1>{say::code_title(lang)}</h1> <p class="lead">{say::code_lead(lang)}</p></header>
            <div class="card">
                <form method="post" action=paths::SIGN_ON_CODE>
                    {note(lang, refused)}
                    <input type="hidden" name="back" value=back />
                    {code_field(lang)}
                    <button class="button strong">{say::enter(lang)}</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}
