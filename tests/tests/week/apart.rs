//! What an organization keeps to itself, looked for in everything that anybody else can read: the name of a group, and
//! that there is a draft.

use super::access::{Things, contract, sample};
use super::desk::{Desk, any_draft, asked, closed_round, code, form, open_round};
use super::doors::{sql, store};
use super::imports::{csv, preview_of, rows};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use strum::VariantArray;
use tests::databases::Kind;
use tests::server::Client;
use tests::statements::readings;

const GROUP: &str = "火把一班";
const PURPOSE: &str = "月光试训";
/// A Monday of a week without a timetable.
const UNPUBLISHED: &str = "2001-01-01";

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_organization_keeps_to_itself_is_in_no_page_and_no_reply(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let database = store(&desk).await;
    // A group of which no lesson is published.
    sql(
        &database,
        &format!(
            "INSERT INTO cohorts (alliance_id, id, position, organization_id, name, kind, headcount, qualifications) \
             SELECT alliance_id, 'marked', 999, organization_id, '{GROUP}', kind, headcount, qualifications FROM cohorts \
             WHERE id = (SELECT min(id) FROM cohorts WHERE organization_id = 'zhiyuan')"
        ),
    )
    .await;
    sql(&database, "UPDATE alliances SET catalog_version = catalog_version + 1").await;
    let owner = desk.signed_in("luo.zhiyuan").await;
    let open = form(&owner).await;
    let (coordinator, _) = desk.coordinators().await;
    let things = Things {
        round: open_round(&coordinator).await.round.id,
        foreign: open.id.clone(),
        draft: serde_json::to_value(any_draft(&open)).expect("plain data"),
    };
    let mut readers = Vec::new();
    for role in Role::VARIANTS {
        let client = desk.server.client(desk.server.login_of(*role)).await.expect("a login");
        readers.push((*role, client));
    }
    let own_before = replies(&owner, Role::Requester, &things).await;
    let mut before = Vec::new();
    for (role, client) in &readers {
        before.push(replies(client, *role, &things).await);
    }

    let mut draft = any_draft(&open);
    draft.purpose = PURPOSE.into();
    draft.cohorts = vec![CohortId::new("marked")];
    let save = SaveDraft {
        id: open.id.clone(),
        round: open.round.id.clone(),
        version: 0,
        draft,
    };
    owner.call(&save).await.expect("a draft");
    let own = replies(&owner, Role::Requester, &things).await;
    assert!(own.values().any(|reply| reply.contains(GROUP)), "its owner reads it");
    assert_ne!(drafts(&own), drafts(&own_before), "its owner counts it");

    for ((role, client), before) in readers.iter().zip(&before) {
        let plans = *role == Role::Coordinator;
        let after = replies(client, *role, &things).await;
        for (call, reply) in &after {
            keeps(reply, plans, &format!("{call} by {role:?}"));
            // The audit log tells of everything by its id, and of nothing by more.
            assert!(
                *role == Role::Auditor || !reply.contains(open.id.as_str()),
                "{call} by {role:?}"
            );
        }
        let counted = drafts(&after);
        assert_eq!(counted.is_empty(), !reads_rounds(*role), "{role:?}");
        // Whoever closes the round is told how many drafts would expire.
        assert_eq!(counted == drafts(before), !plans, "{role:?}");
    }
    for reading in readings(&desk.server).await.expect("every page has a reader") {
        let (status, page) = reading.client.page(&reading.path).await;
        let at = format!("{} of a {}", reading.path, reading.who);
        assert_eq!(status, 200, "{at}");
        keeps(&page, reading.who == "coordinator", &at);
    }
}

/// A draft that was withdrawn, or that the round's end found, was never shown to anybody; what was submitted once was.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_submitted_stays_with_its_organization(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let owner = desk.signed_in("luo.zhiyuan").await;
    let (coordinator, _) = desk.coordinators().await;
    let open = form(&owner).await;
    let mut all = Vec::new();
    for (purpose, submitted, withdrawn) in [
        ("撤回的草稿", false, true),
        ("过期的草稿", false, false),
        ("撤回的申请", true, true),
    ] {
        let RequestView { id, version, .. } = asked(&owner, &open, purpose, submitted).await;
        if withdrawn {
            let withdraw = WithdrawRequest {
                id: id.clone(),
                version,
            };
            owner.call(&withdraw).await.expect("it is withdrawn");
        }
        all.push((id, submitted));
    }
    closed_round(&coordinator).await;
    let listed = async |client: &Client| {
        let all = ListRequests {
            round: Some(open.round.id.clone()),
            organization: None,
            state: None,
        };
        let rows = client.call(&all).await.expect("a list").requests;
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let (own, others) = (listed(&owner).await, listed(&coordinator).await);
    for (id, submitted) in all {
        let read = ReadRequest { id: id.clone() };
        assert_eq!(code(&owner, &read).await, None);
        assert!(own.contains(&id));
        let told = (!submitted).then_some(ProblemCode::NotFound);
        assert_eq!(code(&coordinator, &read).await, told);
        assert_eq!(others.contains(&id), submitted);
    }
}

/// Before a week is published no count tells a member how much others ask for, nor does the number of the next request.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn how_much_others_ask_for_is_told_to_whoever_plans_alone(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (owner, other) = (desk.signed_in("luo.zhiyuan").await, desk.signed_in("li.jishi").await);
    let (coordinator, _) = desk.coordinators().await;
    let (open, own) = (form(&owner).await, form(&other).await);
    let submitted = async |client: &Client| {
        let rounds = client.call(&ListRounds {}).await.expect("rounds").rounds;
        let listed = rounds
            .iter()
            .find(|round| round.id == open.round.id)
            .expect("the round");
        let read = ReadRound { id: listed.id.clone() };
        let one = client.call(&read).await.expect("the round").round;
        let home = client.call(&ReadHome {}).await.expect("a home").round;
        assert_eq!((listed, home.as_ref()), (&one, Some(&one)));
        one.submitted
    };
    let first = asked(&other, &own, "先交的", true).await.reference;
    let before = (
        submitted(&owner).await,
        submitted(&other).await,
        submitted(&coordinator).await,
    );
    for n in 0..3 {
        asked(&owner, &form(&owner).await, &format!("另一单位的 {n}"), true).await;
    }
    let after = (
        submitted(&owner).await,
        submitted(&other).await,
        submitted(&coordinator).await,
    );
    assert_eq!(after, (before.0 + 3, before.1, before.2 + 3));
    let next = asked(&other, &form(&other).await, "后交的", false).await.reference;
    let number = |reference: &str| {
        reference
            .split_once('-')
            .and_then(|(_, digits)| digits.parse::<i64>().ok())
    };
    assert_eq!(number(&next), number(&first).map(|first| first + 1), "{first} {next}");
}

fn reads_rounds(role: Role) -> bool {
    matches!(role, Role::Requester | Role::OrganizationAdmin | Role::Coordinator)
}

/// Nothing of the draft, and the group's name to nobody but whoever plans.
fn keeps(text: &str, plans: bool, at: &str) {
    assert!(!text.contains(PURPOSE), "{at} tells of the draft");
    assert!(plans || !text.contains(GROUP), "{at} names the group");
}

/// What every call that changes nothing answers, by what was asked.
async fn replies(client: &Client, role: Role, things: &Things) -> BTreeMap<String, String> {
    let mut replies = BTreeMap::new();
    for call in CallName::VARIANTS {
        let (method, path) = contract(*call);
        if method == Method::Get {
            let asked = sample(*call, things, things.foreign.as_str());
            ask(client, path, &asked, &mut replies).await;
        }
    }
    for by in ["room", "organization", "instructor", "cohort"] {
        for asked in [json!({ "by": by }), json!({ "by": by, "week": UNPUBLISHED })] {
            ask(client, ReadTimetable::PATH, &asked, &mut replies).await;
        }
    }
    let marked = json!({ "by": "cohort", "id": "marked" });
    ask(client, ReadTimetable::PATH, &marked, &mut replies).await;
    ask(client, ReadForm::PATH, &json!({}), &mut replies).await;
    if matches!(role, Role::Requester | Role::OrganizationAdmin) {
        let own = form(client).await;
        let preview = preview_of(&own, &csv(&rows(&own, 1)));
        let preview = client.call(&preview).await.expect("a preview");
        replies.insert("a preview".into(), serde_json::to_string(&preview).expect("plain data"));
    }
    replies
}

async fn ask(client: &Client, path: &str, asked: &Value, replies: &mut BTreeMap<String, String>) {
    let (_, reply) = client.send(Method::Get, path, asked).await;
    replies.insert(format!("{path} {asked}"), reply.to_string());
}

/// Every count of drafts in these replies.
fn drafts(replies: &BTreeMap<String, String>) -> Vec<(&str, i64)> {
    let mut found = Vec::new();
    for (call, reply) in replies {
        let reply: Value = serde_json::from_str(reply).expect("it was JSON");
        found.extend(counts(&reply).into_iter().map(|count| (call.as_str(), count)));
    }
    found
}

fn counts(value: &Value) -> Vec<i64> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match (name.as_str(), value.as_i64()) {
                ("drafts", Some(count)) => vec![count],
                _ => counts(value),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(counts).collect(),
        _ => Vec::new(),
    }
}
