//! Reading changes nothing: no call and no page that a browser fetches by itself, ahead of time or twice, leaves a trace.

use super::access::{Things, contract, sample};
use super::desk::{Desk, any_draft, form, open_round};
use super::doors::store;
use backend::store::{Store, copy};
use domain::api::*;
use domain::people::Role;
use rstest::rstest;
use std::collections::BTreeMap;
use strum::VariantArray;
use tests::databases::Kind;
use tests::statements::readings;

/// Of a session is noted when it was used, whatever for.
const USE_IS_NOTED: &str = "sessions";

/// Every row of every other table.
async fn rows(store: &Store) -> BTreeMap<String, Vec<String>> {
    let tx = store.read().await.expect("a read");
    let mut all = BTreeMap::new();
    for table in copy::tables(&tx).await.expect("the tables") {
        let mut found = Vec::new();
        let mut row = |values: Vec<serde_json::Value>| {
            found.push(serde_json::to_string(&values).expect("plain data"));
            Ok(())
        };
        copy::read(&tx, &table, &mut row).await.expect("the rows");
        if table.name != USE_IS_NOTED {
            all.insert(table.name.clone(), found);
        }
    }
    all
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn no_reading_changes_anything(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let store = store(&desk).await;
    let owner = desk.signed_in("luo.zhiyuan").await;
    let open = form(&owner).await;
    let (coordinator, _) = desk.coordinators().await;
    let things = Things {
        round: open_round(&coordinator).await.round.id,
        foreign: open.id.clone(),
        draft: serde_json::to_value(any_draft(&open)).expect("plain data"),
    };
    let mut readers = vec![desk.server.visitor()];
    for role in Role::VARIANTS {
        let client = desk.server.client(desk.server.login_of(*role)).await;
        readers.push(client.expect("a login"));
    }
    let pages = readings(&desk.server).await.expect("every page has a reader");
    let before = rows(&store).await;
    assert!(before["audit"].len() > 1 && before["snapshots"].len() == 1);
    for client in &readers {
        for call in CallName::VARIANTS {
            let (method, path) = contract(*call);
            if method == Method::Get {
                let asked = sample(*call, &things, things.foreign.as_str());
                let (status, _) = client.send(Method::Get, path, &asked).await;
                assert!(status < 500, "{path}");
            }
        }
    }
    for reading in &pages {
        let address = format!("{}{}", reading.client.url, reading.path);
        let head = reading.client.http.head(address).send().await.expect("an answer");
        let (status, _) = reading.client.page(&reading.path).await;
        assert_eq!((status, head.status().as_u16()), (200, 200), "{}", reading.path);
    }
    let after = rows(&store).await;
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table}");
    }
}
