//! The members of the alliance, for its admin: who is in which standing, its story, and the forms that change it.

use crate::parts::told::{Told, hidden};
use crate::paths;
use crate::text::{Lang, organizations as say, time, words};
use domain::api::{MemberView, OrganizationsView, StandingStep};
use domain::people::OrganizationKind;
use domain::standing::StandingState;
use leptos::prelude::*;

/// `key` is minted for this drawing of the page: a form that is sent twice is one write.
pub fn page(lang: Lang, view: &OrganizationsView, told: &Told, key: &str, fresh: &str) -> AnyView {
    let rows = view
        .organizations
        .iter()
        .map(|member| row(lang, member, key))
        .collect_view();
    view! {
        <div class="title"><div><h1>{say::title(lang)}</h1> <p class="lead">{say::lead(lang)}</p></div></div>
        {told.view(lang, say::saved(lang))}
        <section class="card members">
            <table class="facts stacked">
                <caption class="unseen">{say::title(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::member(lang)}</th>
                        <th scope="col">{say::standing(lang)}</th>
                        <th scope="col">{say::people(lang)}</th>
                        <th scope="col"><span class="unseen">{say::change(lang)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {admit(lang, key, fresh)}
    }
    .into_any()
}

fn row(lang: Lang, member: &MemberView, key: &str) -> AnyView {
    let organization = &member.organization;
    let name = lang.pick(organization.name.clone(), organization.name_en.clone());
    let people = paths::with_query(paths::PEOPLE, &[("organization", organization.id.as_str())]);
    view! {
        <tr>
            <th scope="row">{name.clone()} <small>{words::organization_kind(lang, organization.kind)}</small></th>
            <td class="half" data-label=say::standing(lang)>{standing(lang, member)}</td>
            <td class="half" data-label=say::people(lang)>
                <a href=people>{say::count(lang, member.people)} <span class="unseen">{say::see_people(lang)}</span></a>
            </td>
            <td class="all">
                <details>
                    <summary>{say::change(lang)} <span class="unseen">{name}</span></summary>
                    {changes(lang, member, key)}
                </details>
            </td>
        </tr>
    }
    .into_any()
}

fn standing(lang: Lang, member: &MemberView) -> AnyView {
    let now = &member.standing;
    let class = match now.state {
        StandingState::Good => "badge done",
        StandingState::Suspended => "badge refusal",
        StandingState::Left => "badge over",
    };
    let end = now
        .until_at_min
        .map(|end| view! { " " {say::until(lang, &time::stamp(lang, end))} });
    view! { <span class=class>{words::standing(lang, now.state)}</span> {end} <small>{now.reason.clone()}</small> }
        .into_any()
}

fn changes(lang: Lang, member: &MemberView, key: &str) -> AnyView {
    let now = member.standing.state;
    let id = member.organization.id.to_string();
    let form = |path: &'static str, fields: AnyView, words: &'static str| {
        view! {
            <form method="post" action=path>
                {hidden("key", key)} {hidden("id", &id)} {hidden("version", member.standing.version)} {fields}
                <button class="button small">{words}</button>
            </form>
        }
        .into_any()
    };
    let reason = |which: &str| text(format!("{which}-{id}"), "reason", say::reason(lang), 200);
    let until = format!("until-{id}");
    let end = view! {
        <div class="field">
            <label for=until.clone()>{say::end(lang)}</label>
            <input id=until name="until" type="date" required />
        </div>
    };
    let nothing = || ().into_any();
    let suspend = (now != StandingState::Left).then(|| {
        let fields = view! { {reason("suspend")} {end} }.into_any();
        form(paths::ORGANIZATIONS_SUSPEND, fields, say::suspend(lang))
    });
    let lift = (now == StandingState::Suspended).then(|| form(paths::ORGANIZATIONS_LIFT, nothing(), say::lift(lang)));
    let leave =
        (now != StandingState::Left).then(|| form(paths::ORGANIZATIONS_LEAVE, reason("leave"), say::leave(lang)));
    let back = (now == StandingState::Left).then(|| form(paths::ORGANIZATIONS_READMIT, nothing(), say::readmit(lang)));
    view! { <div class="account">{lift} {suspend} {leave} {back} {story(lang, &member.steps)}</div> }.into_any()
}

fn story(lang: Lang, steps: &[StandingStep]) -> AnyView {
    let step = |step: &StandingStep| {
        let end = step
            .until_at_min
            .map(|end| format!(" {}", say::until(lang, &time::stamp(lang, end))));
        view! {
            <li>
                <i></i>
                <div>
                    {words::standing(lang, step.state)} {end}
                    <small>{time::stamp(lang, step.at_min)} " · " {step.by.clone()}</small>
                    {(!step.reason.is_empty()).then(|| view! { <q>{step.reason.clone()}</q> })}
                </div>
            </li>
        }
    };
    (!steps.is_empty())
        .then(|| view! { <ol class="story" aria-label=say::story(lang)>{steps.iter().map(step).collect_view()}</ol> })
        .into_any()
}

fn text(id: String, name: &'static str, label: &'static str, max: i64) -> AnyView {
    view! {
        <div class="field"><label for=id.clone()>{label}</label> <input id=id name=name required maxlength=max.to_string() /></div>
    }
    .into_any()
}

fn admit(lang: Lang, key: &str, fresh: &str) -> AnyView {
    use OrganizationKind::*;
    let kinds = [School, Enterprise, Association, Government].map(|kind| {
        let value: &str = kind.into();
        view! { <option value=value>{words::organization_kind(lang, kind)}</option> }
    });
    view! {
        <section class="card account">
            <h2>{say::admit(lang)}</h2>
            <form method="post" action=paths::ORGANIZATIONS_ADMIT>
                {hidden("key", key)} {hidden("id", fresh)}
                {text("admit-name".into(), "name", say::name(lang), 60)}
                {text("admit-name-en".into(), "name_en", say::name_en(lang), 60)}
                {text("admit-seal".into(), "seal", say::seal(lang), 2)}
                <div class="field">
                    <label for="admit-kind">{say::kind(lang)}</label>
                    <select id="admit-kind" name="kind">{kinds.into_iter().collect_view()}</select>
                </div>
                <div class="field">
                    <label for="admit-weight">{say::weight(lang)}</label>
                    <input id="admit-weight" name="weight" type="number" min="0.1" max="100" step="0.1" value="1" required />
                </div>
                <button class="button strong">{say::admit_now(lang)}</button>
            </form>
        </section>
    }
    .into_any()
}
