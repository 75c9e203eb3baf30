//! What an invitation opens: a plain form that works without scripts, posted to its own address.

use super::account::rule;
use crate::parts::told::{self, hidden};
use crate::paths;
use crate::text::{Lang, join as say, people, words};
use domain::api::ProblemCode;
use domain::password::Profile;
use domain::people::Role;
use domain::violation::Violation;
use leptos::prelude::*;

/// The invitation, and what the last try left behind.
#[derive(Debug, Clone)]
pub struct Invited {
    pub path: String,
    pub role: Role,
    pub profile: Profile,
    pub login: String,
    pub name: String,
    /// Whoever is signed in, and the key of the write that takes the invitation for that login.
    pub signed_in: Option<(String, String)>,
    pub token: String,
    /// What the identity provider is called, where there is one.
    pub sign_on: Option<String>,
    /// An identity that was proved on the way here: its name, and the ticket that links it.
    pub proved: Option<(String, String)>,
    pub refused: Option<(ProblemCode, Vec<Violation>)>,
}

pub fn page(lang: Lang, invited: &Invited) -> AnyView {
    let Invited {
        path,
        role,
        profile,
        login,
        name,
        signed_in,
        token,
        sign_on,
        proved,
        refused,
    } = invited.clone();
    let identity = match proved {
        Some((who, ticket)) => {
            view! { <p class="note">{say::proved(lang, &who)}</p> {hidden("identity", ticket)} }.into_any()
        }
        None => sign_on
            .map(|label| {
                let to = paths::with_query(paths::SIGN_ON, &[("join", &token)]);
                view! { <p><a href=to>{say::sign_on(lang, &label)}</a></p> }
            })
            .into_any(),
    };
    let note = refused.map(|(code, broken)| told::refused(lang, code, &broken));
    let as_self = signed_in.map(|(who, key)| join_as_self(lang, &who, &key, &token));
    view! {
        <div class="sign-in">
            <header>
                <h1>{say::title(lang)}</h1>
                <p class="lead">{say::lead(lang, words::role(lang, role))}</p>
            </header>
            {as_self}
            <div class="card">
                <form method="post" action=path>
                    {note} {identity}
                    <div class="field">
                        <label for="name">{say::name(lang)}</label>
                        <input id="name" name="name" value=name autocomplete="name" required maxlength="40" />
                    </div>
                    <div class="field">
                        <label for="login">{say::login(lang)}</label>
                        <input id="login" name="login" value=login autocomplete="username" required autocapitalize="none"
                            spellcheck="false" aria-describedby="login-rule" maxlength="32" />
                        <p class="hint" id="login-rule">{say::login_rule(lang)}</p>
                    </div>
                    <div class="field">
                        <label for="password">{say::password(lang)}</label>
                        <input id="password" name="password" type="password" autocomplete="new-password" required
                            aria-describedby="password-rule" />
                        <p class="hint" id="password-rule">{rule(lang, profile)}</p>
                    </div>
                    <button class="button strong">{say::enter(lang)}</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}

fn join_as_self(lang: Lang, who: &str, key: &str, token: &str) -> AnyView {
    view! {
        <p>{people::join_as_why(lang)}</p>
        <form method="post" action=paths::JOIN_AS_SELF>
            {hidden("key", key)} {hidden("token", token)}
            <button class="button strong">{people::join_as(lang, who)}</button>
        </form>
        <p>{people::or_new(lang)}</p>
    }
    .into_any()
}
