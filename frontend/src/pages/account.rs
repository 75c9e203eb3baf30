//! One's own account: sessions, phone, password, second factor, and everything that is kept as a file. Plain forms that work without scripts.

use super::personal;
use crate::parts::{qr, told};
use crate::paths;
use crate::text::{Lang, account as say, personal as say_personal, time, words};
use domain::access::Bar;
use domain::api::{AccountView, ProblemCode, RecoveryCodes, SecondFactorSecret, SessionRow, SignOnView};
use domain::password::Profile;
use domain::violation::Violation;
use leptos::prelude::*;

/// What a form on the page has just led to.
#[derive(Debug, Clone, Default)]
pub enum Outcome {
    #[default]
    Nothing,
    Ended,
    PasswordChanged,
    FactorEnded,
    PhoneSaved,
    /// The own number in full.
    Phone(String),
    /// An identity that was proved a moment ago, and the ticket that links it.
    ToLink {
        name: String,
        subject: String,
        ticket: String,
    },
    Linked,
    Unlinked,
    Secret(SecondFactorSecret),
    Codes(RecoveryCodes),
    Refused(ProblemCode, Vec<Violation>),
}

impl Outcome {
    fn number(&self) -> Option<&str> {
        match self {
            Outcome::Phone(number) => Some(number),
            _ => None,
        }
    }
}

/// `key` is minted for this drawing of the page: a form that is sent twice is one write.
pub fn page(lang: Lang, view: &AccountView, outcome: &Outcome, key: &str) -> AnyView {
    let lead = format!("{} · {} · {}", view.name, words::role(lang, view.role), view.login);
    if let Some(bar) = view.bar {
        return barred(lang, view, bar, outcome, key);
    }
    view! {
        <div class="title"><div><h1>{say::title(lang)}</h1> <p class="lead">{lead}</p></div></div>
        {told(lang, outcome)}
        {sessions(lang, &view.sessions, key)}
        {personal::own_phone(lang, view.phone.as_deref(), outcome.number(), key)}
        {password(lang, view, key)}
        {factor(lang, view, outcome, key)}
        {view.sign_on.as_ref().map(|sign_on| identity(lang, sign_on, outcome, key))}
        {personal::export(lang)}
    }
    .into_any()
}

/// Behind a bar the page is what takes it away, and nothing else.
fn barred(lang: Lang, view: &AccountView, bar: Bar, outcome: &Outcome, key: &str) -> AnyView {
    let (title, why, way) = match bar {
        Bar::SecondFactor => (
            say::barred_factor(lang),
            say::barred_factor_why(lang),
            factor(lang, view, outcome, key),
        ),
        Bar::Password => (
            say::barred_password(lang),
            say::barred_password_why(lang),
            password(lang, view, key),
        ),
    };
    view! {
        <div class="title"><div><h1>{title}</h1> <p class="lead">{why}</p></div></div>
        {told(lang, outcome)}
        {way}
    }
    .into_any()
}

fn told(lang: Lang, outcome: &Outcome) -> AnyView {
    match outcome {
        Outcome::Nothing | Outcome::Secret(_) | Outcome::Codes(_) | Outcome::Phone(_) | Outcome::ToLink { .. } => {
            ().into_any()
        }
        Outcome::Linked => told::done(say::identity_linked(lang)),
        Outcome::Unlinked => told::done(say::identity_unlinked(lang)),
        Outcome::Ended => told::done(say::ended(lang)),
        Outcome::PasswordChanged => told::done(say::changed(lang)),
        Outcome::PhoneSaved => told::done(say_personal::saved(lang)),
        Outcome::FactorEnded => told::done(say::factor_ended(lang)),
        Outcome::Refused(code, broken) => told::refused(lang, *code, broken),
    }
}

fn sessions(lang: Lang, open: &[SessionRow], key: &str) -> AnyView {
    let rows = open
        .iter()
        .map(|session| session_row(lang, session, key))
        .collect_view();
    view! {
        <section class="card account">
            <h2>{say::sessions(lang)}</h2>
            <p class="hint">{say::sessions_why(lang)}</p>
            <table class="facts stacked">
                <caption class="unseen">{say::sessions(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::opened(lang)}</th>
                        <th scope="col">{say::seen(lang)}</th>
                        <th scope="col"><span class="unseen">{say::end(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn session_row(lang: Lang, session: &SessionRow, key: &str) -> AnyView {
    let (opened, seen) = (
        time::stamp(lang, session.opened_at_min),
        time::stamp(lang, session.seen_at_min),
    );
    let (id, key) = (session.id.to_string(), key.to_owned());
    let label = say::end_of(lang, &opened);
    let end = match session.here {
        true => view! { <span class="quiet">{say::here(lang)}</span> }.into_any(),
        false => view! {
            <form method="post" action=paths::ACCOUNT_END_SESSION>
                <input type="hidden" name="key" value=key />
                <input type="hidden" name="id" value=id />
                <button class="button small" aria-label=label>{say::end(lang)}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <tr>
            <td class="half" data-label=say::opened(lang)>{opened}</td>
            <td class="half" data-label=say::seen(lang)>{seen}</td>
            <td class="num all">{end}</td>
        </tr>
    }
    .into_any()
}

fn password(lang: Lang, view: &AccountView, key: &str) -> AnyView {
    let profile = view.password_profile;
    let (login, key) = (view.login.clone(), key.to_owned());
    let until = view.password_until_min.filter(|_| view.bar.is_none());
    let lasts = until.map(|until| view! { <p>{say::lasts(lang, &time::stamp(lang, until))}</p> });
    view! {
        <section class="card account">
            <h2>{say::password(lang)}</h2>
            {lasts}
            <p class="hint" id="password-rule">{rule(lang, profile)}</p>
            <form method="post" action=paths::ACCOUNT_PASSWORD>
                <input type="hidden" name="key" value=key />
                <input class="unseen" name="login" value=login autocomplete="username" tabindex="-1" aria-hidden="true" readonly />
                {secret_field("old", say::old(lang), "current-password", false)}
                {secret_field("new", say::new(lang), "new-password", true)}
                <button class="button">{say::change(lang)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// What a new password must be, in a sentence.
pub fn rule(lang: Lang, profile: Profile) -> String {
    match profile {
        Profile::Asvs => say::rule_asvs(lang, profile.len_min()),
        Profile::Dengbao => say::rule_dengbao(lang, profile.len_min(), profile.kinds_min(), profile.former_max()),
    }
}

fn secret_field(name: &'static str, label: &'static str, kind: &'static str, ruled: bool) -> AnyView {
    let described = ruled.then_some("password-rule");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type="password" autocomplete=kind required aria-describedby=described />
        </div>
    }
    .into_any()
}

fn factor(lang: Lang, view: &AccountView, outcome: &Outcome, key: &str) -> AnyView {
    let content = match outcome {
        Outcome::Secret(secret) => secret_to_confirm(lang, secret),
        Outcome::Codes(codes) => codes_to_keep(lang, codes),
        _ if view.second_factor => {
            let needed = view
                .second_factor_needed
                .then(|| view! { <p class="hint">{say::factor_needed(lang)}</p> });
            view! { <p>{say::factor_on(lang, view.recovery_codes_left)}</p> {needed} {by_password(lang, false, key)} }
                .into_any()
        }
        _ if view.bar.is_some() => view! { <p>{say::barred_steps(lang)}</p> {by_password(lang, true, key)} }.into_any(),
        _ => view! { <p>{say::factor_off(lang)}</p> {by_password(lang, true, key)} }.into_any(),
    };
    view! { <section class="card account" id="second-factor"><h2>{say::factor(lang)}</h2> {content}</section> }
        .into_any()
}

fn by_password(lang: Lang, on: bool, key: &str) -> AnyView {
    let (path, words, class) = match on {
        true => (paths::ACCOUNT_FACTOR, say::factor_start(lang), "button strong"),
        false => (paths::ACCOUNT_FACTOR_END, say::factor_end(lang), "button"),
    };
    let key = key.to_owned();
    view! {
        <form method="post" action=path>
            <input type="hidden" name="key" value=key />
            <div class="field">
                <label for="factor-password">{say::confirm_password(lang)}</label>
                <input id="factor-password" name="password" type="password" autocomplete="current-password" required />
            </div>
            <button class=class>{words}</button>
        </form>
    }
    .into_any()
}

/// The identity provider: linked, about to be, or not.
fn identity(lang: Lang, sign_on: &SignOnView, outcome: &Outcome, key: &str) -> AnyView {
    let label = lang.pick(&sign_on.label, &sign_on.label_en);
    let content = match (&sign_on.linked, outcome) {
        (Some(subject), _) => {
            let form = identity_form(
                lang,
                paths::ACCOUNT_IDENTITY_UNLINK,
                say::identity_unlink(lang),
                None,
                key,
            );
            view! { <p>{say::identity_is(lang, subject)}</p> {form} }.into_any()
        }
        (None, Outcome::ToLink { name, subject, ticket }) => {
            let who = if name.is_empty() { subject } else { name };
            let (path, words) = (paths::ACCOUNT_IDENTITY_LINK, say::identity_link(lang));
            let form = identity_form(lang, path, words, Some(ticket), key);
            view! { <p>{say::identity_to_link(lang, who)}</p> {form} }.into_any()
        }
        (None, _) => {
            let to = paths::with_query(paths::SIGN_ON, &[("link", "1")]);
            view! {
                <p>{say::identity_none(lang)}</p>
                <p><a class="button" href=to>{say::identity_begin(lang)}</a></p>
            }
            .into_any()
        }
    };
    view! { <section class="card account" id="identity"><h2>{say::identity(lang, label)}</h2> {content}</section> }
        .into_any()
}

fn identity_form(lang: Lang, path: &'static str, words: &'static str, ticket: Option<&String>, key: &str) -> AnyView {
    let ticket = ticket.map(|ticket| told::hidden("ticket", ticket));
    view! {
        <form method="post" action=path>
            {told::hidden("key", key)} {ticket}
            <div class="field">
                <label for="identity-password">{say::confirm_password(lang)}</label>
                <input id="identity-password" name="password" type="password" autocomplete="current-password" required />
            </div>
            <button class="button">{words}</button>
        </form>
    }
    .into_any()
}

fn secret_to_confirm(lang: Lang, secret: &SecondFactorSecret) -> AnyView {
    let groups: Vec<String> = secret
        .secret
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    view! {
        <p>{say::secret(lang)}</p>
        {qr::qr(&secret.address, say::secret_picture(lang))}
        <p>{say::secret_text(lang)}</p>
        <p><code class="digest">{groups.join(" ")}</code> " " <a href=secret.address.clone()>{say::address(lang)}</a></p>
        <form method="post" action=paths::ACCOUNT_FACTOR_CONFIRM>
            <div class="field">
                <label for="code">{say::code(lang)}</label>
                <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required />
            </div>
            <button class="button strong">{say::confirm(lang)}</button>
        </form>
    }
    .into_any()
}

fn codes_to_keep(lang: Lang, codes: &RecoveryCodes) -> AnyView {
    let items = codes
        .codes
        .iter()
        .map(|code| view! { <li><code>{code.clone()}</code></li> })
        .collect_view();
    view! {
        <h3>{say::codes(lang)}</h3>
        <p>{say::codes_why(lang)}</p>
        <ul class="codes">{items}</ul>
        <a class="button" href=paths::ACCOUNT>{say::codes_kept(lang)}</a>
    }
    .into_any()
}
