//! Calls of which anything may be nonsense.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, any_draft, form};
use domain::api::*;
use rstest::rstest;
use serde_json::{Value, json};
use tests::databases::Kind;

/// A value that may stand anywhere and is right nowhere, or only by luck.
fn nonsense(dice: &mut Dice, depth: usize) -> Value {
    let texts = [
        "",
        " ",
        "\0",
        "\u{202e}",
        "nowhere",
        "2026-W53",
        "2027-02-29",
        "24:00",
        "=1+1",
        "' OR 1=1 --",
        "长",
    ];
    let numbers = [-1, 0, 1, 53, 1440, 10_080, 1_000_000_000, i64::MAX, i64::MIN];
    match dice.below(if depth < 3 { 8 } else { 5 }) {
        0 => json!(dice.one(&texts)),
        1 => json!(dice.one(&numbers)),
        2 => Value::Null,
        3 => json!(dice.one(&["x", "长"]).repeat(dice.one(&[10, 1000, 5000]).to_owned())),
        4 => json!(dice.below(2) == 0),
        5 => (0..dice.below(4)).map(|_| nonsense(dice, depth + 1)).collect(),
        _ => {
            let names = [
                "id", "round", "version", "draft", "purpose", "lessons", "windows", "span", "plan", "week", "by",
            ];
            let field = |_| (dice.one(&names).to_string(), nonsense(dice, depth + 1));
            Value::Object((0..4).map(field).collect())
        }
    }
}

/// A good call with some of its values turned into nonsense.
fn spoiled(dice: &mut Dice, value: &Value) -> Value {
    if dice.below(4) == 0 {
        return nonsense(dice, 0);
    }
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| (name.clone(), spoiled(dice, value));
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(list) => list.iter().map(|value| spoiled(dice, value)).collect(),
        other => other.clone(),
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_gets_a_problem_and_breaks_nothing(#[case] kind: Kind) {
    let mut dice = Dice::thrown("nonsense");
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let clients = [desk.signed_in("li.jishi").await, coordinator, desk.server.visitor()];
    let new = form(&clients[0]).await;
    let good = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: any_draft(&new),
    };
    let good = serde_json::to_value(&good).expect("plain data");
    for n in 0..400 * scale() {
        // Signing out would end what the rest is about.
        let calls: Vec<_> = CALLS.iter().filter(|(name, _, _)| *name != "SignOut").collect();
        let (name, method, path) = *dice.one(&calls);
        let call = spoiled(&mut dice, &good);
        let (status, reply) = match method {
            Method::Post => dice.one(&clients).post(path, call.to_string()).await,
            Method::Get => {
                let pairs: Vec<String> = call
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| {
                        format!(
                            "{name}={}",
                            value
                                .to_string()
                                .bytes()
                                .map(|byte| format!("%{byte:02x}"))
                                .collect::<String>()
                        )
                    })
                    .collect();
                let address = format!("{path}?{}", pairs.join("&"));
                let address = &address[..address.len().min(8000)];
                let (status, text) = dice.one(&clients).page(address).await;
                (status, serde_json::from_str(&text).unwrap_or_default())
            }
        };
        assert!(status < 500, "{n} {name} {call}: {status} {reply}");
        assert!(
            status < 400 || reply["code"].is_string(),
            "{n} {name} {call}: {status} {reply}"
        );
    }
    is_whole(&desk).await;
}
