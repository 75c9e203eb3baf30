//! What pages ask the database, counted by the server itself: as few statements with many rows as with few.

use super::desk::{Desk, enrolled};
use super::doors::{sql, store};
use backend::clock;
use domain::time::Week;
use rstest::rstest;
use tests::databases::Kind;
use tests::statements::{Reading, STATEMENTS_MAX, of, readings};

/// Of every thing so many copies stand beside it at first, and then so many.
const FEW: std::ops::Range<i64> = 0..3;
const MANY: std::ops::Range<i64> = 3..15;

/// Many more weeks, each with its requests, plan and timetable; many more people; and every member suspended once.
async fn more(desk: &Desk, copies: std::ops::Range<i64>) {
    let store = store(desk).await;
    let now = "SELECT week FROM rounds WHERE published_plan IS NOT NULL ORDER BY week DESC LIMIT 1";
    let mut week = Week::of(clock::civil_now("Asia/Shanghai").0);
    // Past those that the demo has.
    (0..10 + copies.start).for_each(|_| week = week.next());
    for n in copies {
        // Every third one is being reviewed.
        let state = if n % 3 == 0 { "review" } else { "published" };
        let monday = week.monday();
        let of_now = format!("WHERE week = ({now})");
        let round_of_now = format!("(SELECT id FROM rounds {of_now})");
        let copied = [
            format!(
                "INSERT INTO rounds (alliance_id, id, week, state, cut_off_min, version, published_plan) \
                 SELECT alliance_id, 'more-{n}', '{monday}', '{state}', cut_off_min, 1, NULL FROM rounds {of_now}"
            ),
            format!(
                "INSERT INTO requests (alliance_id, id, number, round_id, organization_id, state, version, draft, created_by, \
                 created_at_min, updated_at_min) SELECT alliance_id, id || '-{n}', number, 'more-{n}', organization_id, \
                 'submitted', 1, draft, created_by, created_at_min, updated_at_min FROM requests WHERE round_id = {round_of_now}"
            ),
            format!(
                "INSERT INTO plans (alliance_id, id, round_id, version, instance, plan, label, edited, made_by, created_at_min, \
                 discarded) SELECT alliance_id, id || '-{n}', 'more-{n}', 1, instance, plan, label, edited, made_by, \
                 created_at_min, discarded FROM plans WHERE round_id = {round_of_now}"
            ),
            format!(
                "INSERT INTO snapshots (alliance_id, week, version, round_id, plan_id, sha256, body, published_at_min) \
                 SELECT alliance_id, '{monday}', 1, 'more-{n}', plan_id || '-{n}', sha256, body, published_at_min \
                 FROM snapshots {of_now}"
            ),
            format!(
                "INSERT INTO people (alliance_id, id, login, name, role, organization_id, active, password_hash, \
                 password_set_ms) SELECT alliance_id, id || '-{n}', login || '-{n}', name, role, organization_id, active, \
                 password_hash, password_set_ms FROM people WHERE id NOT LIKE '%-%'"
            ),
            format!(
                "INSERT INTO memberships (alliance_id, person_id, seat, organization_id, role) SELECT alliance_id, \
                 person_id || '-{n}', seat, organization_id, role FROM memberships WHERE person_id NOT LIKE '%-%'"
            ),
            format!(
                "INSERT INTO standing_steps (alliance_id, organization_id, version, state, reason, at_min, person_id) \
                 SELECT alliance_id, id, {n} + 1, 'good', '', 0, 'duan.xitong' FROM organizations"
            ),
        ];
        for statement in &copied {
            sql(&store, statement).await;
        }
        week = week.next();
    }
    store.close().await.expect("it closes");
}

async fn counted(readings: &[Reading]) -> Vec<u64> {
    let mut counts = Vec::new();
    for reading in readings {
        // What is kept from one reading to the next is not there yet.
        reading.statements().await.expect("the page");
        counts.push(reading.statements().await.expect("the page"));
    }
    counts
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_asks_for_few_statements_whatever_the_number_of_rows(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let mut readings = readings(&desk.server).await.expect("the demo has everything");
    let reviewed = ["/rounds/more-0", "/rounds/more-0/board", "/requests?round=more-0"];
    readings.extend(of("coordinator", &desk.signed_in("chen.paike").await, &reviewed));
    // The most that is asked before a page begins: whether whoever needs a second factor has one.
    for login in ["chen.paike", "duan.xitong", "wang.jishi"] {
        let password = desk.server.login(login).password.clone();
        enrolled(&desk.signed_in(login).await, &password).await;
    }
    sql(
        &store(&desk).await,
        "UPDATE alliances SET second_factor_required = true",
    )
    .await;
    more(&desk, FEW).await;
    let few = counted(&readings).await;
    more(&desk, MANY).await;
    let many = counted(&readings).await;
    let mut told = String::new();
    for ((reading, few), many) in readings.iter().zip(&few).zip(&many) {
        println!("{many:>3} {} of a {}", reading.path, reading.who);
        if *many > STATEMENTS_MAX || many != few {
            told += &format!("{} of a {}: {few}, then {many}\n", reading.path, reading.who);
        }
    }
    assert!(told.is_empty(), "statements of pages:\n{told}");
}
