//! Who has a login, in which role, by which invitation. Plain forms that work without scripts.

use crate::parts::told::{Told, hidden};
use crate::paths;
use crate::text::{Lang, names, people as say, time, words};
use domain::api::{InvitationLink, InvitationRow, MembershipView, PeopleView, PersonRow};
use domain::id::OrganizationId;
use domain::people::Role;
use leptos::prelude::*;

/// A link is shown on the one page that answers its making. `key` is minted for this drawing of the page.
pub fn page(lang: Lang, view: &PeopleView, told: &Told, link: Option<&InvitationLink>, key: &str) -> AnyView {
    let rows = view
        .people
        .iter()
        .map(|person| row(lang, view, person, key))
        .collect_view();
    view! {
        <div class="title"><div><h1>{say::title(lang)}</h1> <p class="lead">{say::lead(lang)}</p></div></div>
        {told.view(lang, say::saved(lang))}
        {link.map(|link| shown_once(lang, link))}
        <section class="card">
            <table class="facts stacked">
                <caption class="unseen">{say::title(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::person(lang)}</th>
                        <th scope="col">{say::role(lang)}</th>
                        <th scope="col">{say::factor(lang)}</th>
                        <th scope="col">{say::state(lang)}</th>
                        <th scope="col"><span class="unseen">{say::duties(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {factor_rule(lang, view, key)}
        {invitations(lang, view, key)}
        {invite(lang, view, key)}
    }
    .into_any()
}

fn shown_once(lang: Lang, link: &InvitationLink) -> AnyView {
    let why = say::link_why(
        lang,
        words::role(lang, link.role),
        &time::stamp(lang, link.expires_at_min),
    );
    view! {
        <section class="card account" id="link">
            <h2>{say::link(lang)}</h2>
            <p>{why}</p>
            <p><code class="digest">{link.path.clone()}</code></p>
        </section>
    }
    .into_any()
}

/// Where a membership is, in words.
pub fn place(lang: Lang, seat: &MembershipView) -> String {
    match seat.organization {
        Some(_) => lang.pick(seat.name.clone(), seat.name_en.clone()),
        None => say::alliance(lang).to_owned(),
    }
}

fn row(lang: Lang, view: &PeopleView, person: &PersonRow, key: &str) -> AnyView {
    let seats = person
        .memberships
        .iter()
        .map(|seat| membership(lang, view, person, seat, key))
        .collect_view();
    let none = person.memberships.is_empty().then(|| say::no_seat(lang));
    let shared = person.shared.then(|| view! { <small>{say::elsewhere(lang)}</small> });
    let (class, state) = match person.active {
        true => ("badge done", say::active(lang)),
        false => ("badge over", say::shut(lang)),
    };
    let phone = person.phone.clone().map(|masked| view! { <small>{masked}</small> });
    let factor = if person.second_factor {
        say::on(lang)
    } else {
        say::off(lang)
    };
    view! {
        <tr>
            <th scope="row">{person.name.clone()} <small>{person.login.clone()}</small> {phone}</th>
            <td class="all" data-label=say::role(lang)>{seats} {none} {shared}</td>
            <td class="half" data-label=say::factor(lang)>{factor}</td>
            <td class="half" data-label=say::state(lang)><span class=class>{state}</span></td>
            <td class="all">
                <a href=paths::person(&person.id) aria-label=say::duties_of(lang, &person.name)>{say::duties(lang)}</a>
            </td>
        </tr>
    }
    .into_any()
}

fn membership(lang: Lang, view: &PeopleView, person: &PersonRow, seat: &MembershipView, key: &str) -> AnyView {
    let role = words::role(lang, seat.role);
    let at = view.organization.is_none().then(|| format!("{} · ", place(lang, seat)));
    if person.own || !view.roles.contains(&seat.role) {
        let own = person.own.then(|| view! { <small>{say::own(lang)}</small> });
        return view! { <div>{at} {role} {own}</div> }.into_any();
    }
    let who = || view! { {hidden("key", key)} {hidden("person", &person.id)} {place_field(&seat.organization)} };
    let label = say::role_of(lang, &person.name);
    view! {
        <div class="seat">
            {at}
            <form method="post" action=paths::PEOPLE_ROLE>
                {who()} <select name="role" aria-label=label>{roles(lang, view, seat.organization.is_some(), seat.role)}</select>
                <button class="button small">{say::set(lang)}</button>
            </form>
            <form method="post" action=paths::PEOPLE_TAKE_ROLE>
                {who()} <button class="button plain small" aria-label=say::take_of(lang, &person.name)>{say::take(lang)}</button>
            </form>
        </div>
    }
    .into_any()
}

fn place_field(organization: &Option<OrganizationId>) -> AnyView {
    organization.as_ref().map(|id| hidden("organization", id)).into_any()
}

/// The roles that may be given: in a member, or in the alliance itself.
fn roles(lang: Lang, view: &PeopleView, inside: bool, chosen: Role) -> AnyView {
    let fitting = view.roles.iter().filter(|role| role.is_of_a_member() == inside);
    options(lang, fitting, Some(chosen))
}

fn options<'a>(lang: Lang, roles: impl Iterator<Item = &'a Role>, chosen: Option<Role>) -> AnyView {
    let option = |role: &Role| {
        let value: &str = (*role).into();
        let selected = chosen == Some(*role);
        view! { <option value=value selected=selected>{words::role(lang, *role)}</option> }
    };
    roles.map(option).collect_view().into_any()
}

/// The alliance's own rule, which its admin may change; an organization's admin reads it.
fn factor_rule(lang: Lang, view: &PeopleView, key: &str) -> AnyView {
    let is = match view.second_factor_required {
        true => say::rule_on(lang),
        false => say::rule_off(lang),
    };
    let change = view.roles.contains(&Role::SystemAdmin).then(|| {
        let words = match view.second_factor_required {
            true => say::rule_end(lang),
            false => say::rule_begin(lang),
        };
        view! {
            <form method="post" action=paths::PEOPLE_FACTOR_RULE>
                {hidden("key", key)} {hidden("alliance", &view.alliance)}
                {hidden("required", !view.second_factor_required)} <button class="button">{words}</button>
            </form>
        }
    });
    view! { <section class="card account"><h2>{say::factor(lang)}</h2> <p>{is}</p> {change}</section> }.into_any()
}

fn invitations(lang: Lang, view: &PeopleView, key: &str) -> AnyView {
    let row = |open: &InvitationRow| {
        let at = open
            .organization
            .as_ref()
            .map(|id| names::organization(lang, &view.names, id));
        let by = if open.by.is_empty() {
            say::command_line(lang).to_owned()
        } else {
            open.by.clone()
        };
        view! {
            <tr>
                <th scope="row">{words::role(lang, open.role)} <small>{at}</small></th>
                <td class="half" data-label=say::invited_by(lang)>{by}</td>
                <td class="half" data-label=say::expires(lang)>{time::stamp(lang, open.expires_at_min)}</td>
                <td class="all">
                    <form method="post" action=paths::PEOPLE_REVOKE>
                        {hidden("key", key)} {hidden("id", &open.id)}
                        <button class="button small">{say::revoke(lang)}</button>
                    </form>
                </td>
            </tr>
        }
    };
    let content = match view.invitations.is_empty() {
        true => view! { <p>{say::no_invitations(lang)}</p> }.into_any(),
        false => view! {
            <table class="facts stacked">
                <caption class="unseen">{say::invitations(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::role(lang)}</th>
                        <th scope="col">{say::invited_by(lang)}</th>
                        <th scope="col">{say::expires(lang)}</th>
                        <th scope="col"><span class="unseen">{say::revoke(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{view.invitations.iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any(),
    };
    view! { <section class="card account"><h2>{say::invitations(lang)}</h2> {content}</section> }.into_any()
}

fn invite(lang: Lang, view: &PeopleView, key: &str) -> AnyView {
    let option = |seat: &MembershipView| {
        let value = seat.organization.as_ref().map(ToString::to_string).unwrap_or_default();
        let selected = seat.organization == view.organization;
        view! { <option value=value selected=selected>{place(lang, seat)}</option> }
    };
    view! {
        <section class="card account">
            <h2>{say::invite(lang)}</h2>
            <p class="hint">{say::invite_why(lang)}</p>
            <form method="post" action=paths::PEOPLE_INVITE>
                {hidden("key", key)}
                <div class="field">
                    <label for="invite-into">{say::into(lang)}</label>
                    <select id="invite-into" name="organization">{view.into.iter().map(option).collect_view()}</select>
                </div>
                <div class="field">
                    <label for="invite-role">{say::role(lang)}</label>
                    <select id="invite-role" name="role">{options(lang, view.roles.iter(), None)}</select>
                </div>
                <div class="field">
                    <label for="invite-days">{say::days(lang)}</label>
                    <input id="invite-days" name="days" type="number" min="1" max="30" value="7" required />
                </div>
                <button class="button strong">{say::make(lang)}</button>
            </form>
        </section>
    }
    .into_any()
}
