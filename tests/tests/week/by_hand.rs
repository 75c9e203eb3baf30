//! What is told of a plan stays true when it is changed by hand, made anew from another one, or overtaken by the world.

use super::desk::{Desk, any_draft, board, closed_round, form, open_round, published, solved};
use super::doors::{sql, store};
use super::races::single_lessons;
use super::solver_guest::written;
use domain::api::*;
use domain::id::*;
use domain::instance::Window;
use domain::plan::Remedy;
use domain::request::RequestDraft;
use domain::time::Span;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::{Client, Setup};

/// Asks for one lesson in one of these rooms, or in any, at any time within these windows.
async fn asked(client: &Client, rooms: &[RoomId], windows: &[Span]) -> RequestId {
    let new = form(client).await;
    let window = |span: &Span| Window {
        span: *span,
        preference: 0,
    };
    let submit = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: RequestDraft {
            rooms: rooms.to_vec(),
            windows: windows.iter().map(window).collect(),
            ..any_draft(&new)
        },
    };
    client.call(&submit).await.expect("submitted").id
}

/// Where these changes would put a lesson.
fn places(remedies: &[Remedy]) -> Vec<(i64, RoomId)> {
    let place = |remedy: &Remedy| match remedy {
        Remedy::OtherWindow { start, room } | Remedy::OtherRoom { start, room } => Some((*start, room.clone())),
        _ => None,
    };
    remedies.iter().filter_map(place).collect()
}

/// Two want one morning of a room, so one of them is refused and told where else there is room. A third lesson that is moved
/// there by hand takes that place, and nobody is sent to it any more; a lesson that is taken out is told of, too.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_a_place_that_was_taken_by_hand(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, second) = desk.coordinators().await;
    let (one, other) = (desk.signed_in("li.jishi").await, desk.signed_in("luo.zhiyuan").await);
    let room = suitable_room(&one).await;
    let morning = |day: i64| Span::new(day * 1440 + 480, day * 1440 + 580);
    let rivals = [
        asked(&one, std::slice::from_ref(&room), &[morning(1)]).await,
        asked(&other, std::slice::from_ref(&room), &[morning(1)]).await,
    ];
    let third = desk.signed_in("ma.zhigao").await;
    let free = asked(&third, &[], &(0..4).map(morning).collect::<Vec<_>>()).await;
    let round = closed_round(&coordinator).await;
    let plan = solved(&coordinator, &round.id, None, 5).await.plan.expect("a plan");
    let before = board(&coordinator, &plan).await;
    let refused = |board: &BoardView| {
        let mut unplaced = board.unplaced.iter();
        unplaced.find(|missing| rivals.contains(&missing.request)).cloned()
    };
    let sent_to = places(&refused(&before).expect("one of the two").would_fit);
    let read = ReadMoves {
        plan: plan.clone(),
        request: free.clone(),
        lesson: 1,
    };
    let moves = coordinator.call(&read).await.expect("the board answers");
    let taken = moves
        .options
        .iter()
        .find(|option| option.verdict != Verdict::Refused && sent_to.contains(&(option.start, option.room.clone())));
    let taken = taken.unwrap_or_else(|| panic!("{sent_to:?} {:?}", moves.options));
    let move_there = MoveLesson {
        plan: plan.clone(),
        version: before.plan.version,
        request: free.clone(),
        lesson: 1,
        start: taken.start,
        room: taken.room.clone(),
        instructors: None,
        pin: false,
    };
    let after = coordinator.call(&move_there).await.expect("it moves");
    let told = refused(&after).expect("it is refused still");
    assert!(!told.reasons.is_empty());
    let place = (taken.start, taken.room.clone());
    assert!(
        !places(&told.would_fit).contains(&place),
        "{:?} is taken",
        told.would_fit
    );

    // Taken out by hand, a lesson is asked for as before: what stands in its way is told, and what would fit.
    let granted = after
        .lessons
        .iter()
        .find(|lesson| rivals.contains(&lesson.request))
        .expect("the other");
    let remove = RemoveLesson {
        plan: plan.clone(),
        version: after.plan.version,
        request: granted.request.clone(),
        lesson: granted.lesson,
    };
    let without = coordinator.call(&remove).await.expect("it goes");
    let both: Vec<_> = without
        .unplaced
        .iter()
        .filter(|missing| rivals.contains(&missing.request))
        .collect();
    assert_eq!(both.len(), 2);
    let instead = MoveLesson {
        plan: plan.clone(),
        version: without.plan.version,
        request: told.request.clone(),
        lesson: 0,
        start: morning(1).from,
        room: room.clone(),
        instructors: None,
        pin: false,
    };
    let swapped = coordinator.call(&instead).await.expect("the place is free");
    let now = refused(&swapped).expect("the one that was taken out");
    assert_eq!(now.request, granted.request);
    assert!(!now.reasons.is_empty(), "it has lost its place to somebody");

    // What stood on the board is what its owner reads.
    published(&coordinator, &second, &plan).await.expect("published");
    let owner = if now.request == rivals[0] { &one } else { &other };
    let result = owner.call(&ReadRequest { id: now.request }).await.expect("the own");
    let missing = result.missing.expect("why");
    assert_eq!((missing.reasons, missing.would_fit), (now.reasons, now.would_fit));
}

/// A room that takes the least that can be asked.
async fn suitable_room(client: &Client) -> RoomId {
    let new = form(client).await;
    for room in &new.rooms {
        let check = CheckDraft {
            round: new.round.id.clone(),
            draft: RequestDraft {
                rooms: vec![room.id.clone()],
                ..any_draft(&new)
            },
        };
        if client.call(&check).await.expect("checked").violations.is_empty() {
            return room.id.clone();
        }
    }
    panic!("no room takes a class")
}

/// A room that breaks after a lesson was pinned in it: whoever plans from that plan is told which pin cannot hold.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pin_that_cannot_hold_is_told_before_the_solver_is_asked(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let round = closed_round(&coordinator).await;
    let plan = solved(&coordinator, &round.id, None, 1).await.plan.expect("a plan");
    let drafted = board(&coordinator, &plan).await;
    let lesson = single_lessons(&drafted).next().expect("a lesson");
    let pin = PinLesson {
        plan: plan.clone(),
        version: drafted.plan.version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
        pinned: true,
    };
    coordinator.call(&pin).await.expect("pinned");
    let week = round.week.epoch_min();
    let database = store(&desk).await;
    let out = format!(
        "INSERT INTO blackouts (alliance_id, id, position, what, from_min, until_min, reason) \
         SELECT id, 'broken', 999, '{{\"what\":\"room\",\"id\":\"{}\"}}', {}, {}, '水管破裂' FROM alliances",
        lesson.room,
        week,
        week + 7 * 1440
    );
    sql(&database, &out).await;
    sql(&database, "UPDATE alliances SET catalog_version = catalog_version + 1").await;
    let start = StartRun {
        id: RunId::new(backend::clock::new_id()),
        round: round.id.clone(),
        from_plan: Some(plan.clone()),
        seconds: 1,
    };
    let refused = coordinator.call(&start).await.expect_err("the pin cannot hold");
    let codes: Vec<_> = refused.violations.iter().map(|broken| broken.code()).collect();
    assert_eq!((refused.code, codes), (ProblemCode::RulesBroken, vec!["room_blackout"]));
    let state = coordinator
        .call(&ReadRound { id: round.id.clone() })
        .await
        .expect("the round");
    assert_eq!(state.plans.len(), 1, "nothing was begun");
    let release = PinLesson {
        version: drafted.plan.version + 1,
        pinned: false,
        ..pin
    };
    coordinator.call(&release).await.expect("released");
    let again = solved(&coordinator, &round.id, Some(plan), 1).await;
    assert_eq!(again.state, RunState::Done, "{again:?}");
}

/// A solver that gives no shares for a week that was planned before, as a repair of a large week does.
const WITHOUT_SHARES: &str = r#"#!/bin/sh
"$GONGXUN" "$@" || exit $?
if grep -q '"previous":\[{' instance.json; then
    sed -i -E 's/"(claim|memoryless)": ?[-+.0-9e]+/"\1": null/' plan.json
    ! grep -qE '"(claim|memoryless)": ?[-+.0-9]' plan.json
fi
"#;

/// The ledger owes after a repair what it would have owed after the plan that was repaired.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_made_from_another_one_keeps_its_shares() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = tests::binary().expect("the program");
    let script = WITHOUT_SHARES.replace("$GONGXUN", binary.to_str().expect("a plain path"));
    let setup = Setup {
        solver: Some(written(folder.path(), &script)),
        ..Setup::default()
    };
    let desk = Desk::with(Kind::Sqlite, setup).await;
    let (coordinator, _) = desk.coordinators().await;
    open_round(&coordinator).await;
    let round = closed_round(&coordinator).await;
    let first = solved(&coordinator, &round.id, None, 5).await.plan.expect("a plan");
    let again = solved(&coordinator, &round.id, Some(first.clone()), 5).await;
    let again = again.plan.expect("another plan");
    let database = store(&desk).await;
    let tx = database.read().await.expect("a read");
    let alliance = AllianceId::new("chuxiong");
    let shares = async |id: &PlanId| {
        let record = backend::store::plans::get(&tx, &alliance, id)
            .await
            .expect("a row")
            .expect("a plan");
        let share = |member: &domain::plan::Granted| member.memoryless.map(|minutes| (member.id.clone(), minutes));
        record.plan.organizations.iter().map(share).collect::<Option<Vec<_>>>()
    };
    let known = shares(&first).await.expect("the first plan has shares");
    assert!(known.iter().any(|(_, minutes)| 0.0 < *minutes));
    assert_eq!(shares(&again).await, Some(known));
}
