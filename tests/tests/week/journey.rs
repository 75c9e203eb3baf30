//! The main job, on both databases.

use super::desk::{Desk, form, lathe_draft, open_round, solved};
use domain::api::*;
use domain::request::RequestState;
use domain::round::RoundState;
use domain::time::Span;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;

const SECONDS: i64 = 20;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_week_goes_from_request_to_timetable(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let (coordinator, second) = desk.coordinators().await;

    // The trainer sees at once that one window breaks a rule, mends it and submits.
    let form = form(&trainer).await;
    let mut draft = lathe_draft(&form);
    let sunday_night = Span::new(6 * 1440 + 1300, 6 * 1440 + 1420);
    draft.windows.push(domain::instance::Window {
        span: sunday_night,
        preference: 0,
    });
    let check = CheckDraft {
        round: form.round.id.clone(),
        draft: draft.clone(),
    };
    let broken = trainer.call(&check).await.expect("a check").violations;
    assert_eq!(
        broken.iter().map(|v| v.code()).collect::<Vec<_>>(),
        ["window_closed"],
        "{broken:?}"
    );
    draft.windows.pop();
    let submit = SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft,
    };
    let request = trainer.call(&submit).await.expect("a valid request is taken");
    assert_eq!(request.state, RequestState::Submitted);
    let again = trainer
        .call(&submit)
        .await
        .expect("a repeated POST is the same request");
    assert_eq!((again.id, again.version), (request.id.clone(), request.version));

    // Close, run, and nobody outside sees a placement.
    let round = open_round(&coordinator).await;
    let close = CloseRound {
        id: round.round.id.clone(),
        version: round.round.version,
    };
    let round = coordinator.call(&close).await.expect("the round closes").round;
    let run = solved(&coordinator, &round.id, None, SECONDS).await;
    assert_eq!((run.state, &run.failure), (RunState::Done, &None));
    assert!(!run.progress.is_empty(), "a run tells its progress");
    let plan = run.plan.expect("a plan");
    let board = coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    assert!(
        board.unplaced.iter().all(|missing| !missing.reasons.is_empty()),
        "every unplaced lesson has a reason"
    );
    assert!(board.unplaced.len() >= 2, "the demo asks for more than there is");
    nothing_shows(&trainer, &request.id).await;

    // Pin one, move another, run again: the pin stays.
    let pinned = board.lessons[0].clone();
    let pin = PinLesson {
        plan: plan.clone(),
        version: board.plan.version,
        request: pinned.request.clone(),
        lesson: pinned.lesson,
        pinned: true,
    };
    let board = coordinator.call(&pin).await.expect("a lesson is pinned");
    let board = moved(&coordinator, &board).await;
    let rerun = solved(&coordinator, &round.id, Some(board.plan.id.clone()), SECONDS).await;
    let second_plan = rerun.plan.expect("a second plan");
    let board = coordinator
        .call(&ReadBoard {
            plan: second_plan.clone(),
        })
        .await
        .expect("the second board");
    let kept = |l: &&LessonView| l.request == pinned.request && l.span == pinned.span && l.room == pinned.room;
    assert!(
        board.lessons.iter().find(kept).is_some_and(|lesson| lesson.pinned),
        "the pin is gone"
    );

    // Four eyes: the maker is not offered to approve and cannot, nobody publishes what is not approved.
    let read = ReadRound { id: round.id.clone() };
    let mine = coordinator.call(&read).await.expect("the round").approvable;
    let theirs = second.call(&read).await.expect("the round").approvable;
    assert_eq!((mine.as_slice(), theirs.last()), ([].as_slice(), Some(&second_plan)));
    let (id, version) = (second_plan.clone(), board.plan.version);
    let approve = ApprovePlan {
        plan: id.clone(),
        version,
    };
    assert_eq!(
        coordinator.call(&approve).await.expect_err("four eyes").code,
        ProblemCode::FourEyes
    );
    let round_version = board.round.version;
    let early = PublishPlan {
        plan: id.clone(),
        version,
        round_version,
    };
    assert_eq!(
        coordinator.call(&early).await.expect_err("not approved").code,
        ProblemCode::FourEyes
    );
    let board = second.call(&approve).await.expect("the second coordinator approves");
    let publish = PublishPlan {
        plan: id,
        version: board.plan.version,
        round_version,
    };
    let published = coordinator.call(&publish).await.expect("the plan is published");
    assert_eq!(published.round.state, RoundState::Published);
    assert_eq!(
        coordinator.call(&publish).await.expect_err("published once").code,
        ProblemCode::WrongState
    );

    // Everybody sees it.
    let result = trainer
        .call(&ReadRequest { id: request.id.clone() })
        .await
        .expect("the result");
    let (granted, missing) = (
        result.granted.len() as i64,
        result.missing.map_or(0, |missing| missing.lessons),
    );
    assert_eq!(granted + missing, 4, "each lesson is placed or explained");
    let week = result.round.week;
    let timetable = ReadTimetable {
        week: Some(week),
        by: TimetableBy::Organization,
        id: None,
    };
    let own = trainer.call(&timetable).await.expect("the timetable");
    assert_eq!(
        own.sittings
            .iter()
            .filter(|sitting| sitting.request == request.id)
            .count() as i64,
        granted
    );
    let by_room = ReadTimetable {
        by: TimetableBy::Room,
        ..timetable
    };
    let visitor = desk
        .server
        .visitor()
        .call(&by_room)
        .await
        .expect("the timetable is public");
    assert!(visitor.published_at_min.is_some());
    assert!(
        visitor
            .sittings
            .iter()
            .all(|sitting| sitting.purpose.is_none() && sitting.cohorts.is_empty())
    );
    let fairness = desk
        .server
        .visitor()
        .call(&ReadFairness { week: Some(week) })
        .await
        .expect("the ledger is public");
    assert_eq!(fairness.lines.len(), 14);
    assert!(fairness.granted_min > 0 && fairness.asked_min > fairness.granted_min);
}

/// Neither page nor API shows a placement before publishing.
async fn nothing_shows(trainer: &Client, request: &domain::id::RequestId) {
    let view = trainer
        .call(&ReadRequest { id: request.clone() })
        .await
        .expect("the own request");
    assert_eq!(
        (view.state, view.granted.len(), view.missing),
        (RequestState::Submitted, 0, None)
    );
    assert!(view.story.iter().all(|step| step.state != RequestState::Proposed));
    let timetable = ReadTimetable {
        week: Some(view.round.week),
        by: TimetableBy::Organization,
        id: None,
    };
    assert!(
        trainer
            .call(&timetable)
            .await
            .expect("an empty timetable")
            .sittings
            .is_empty()
    );
    let round = trainer
        .call(&ReadRound {
            id: view.round.id.clone(),
        })
        .await
        .expect("the round's figures");
    assert!(round.plans.is_empty() && round.runs.is_empty());
    let (status, page) = trainer.page(&format!("/requests/{request}")).await;
    assert_eq!(status, 200);
    assert!(!page.contains("proposed"), "the page tells of a proposal");
    let (status, _) = trainer.page(&format!("/rounds/{}/board", view.round.id)).await;
    assert_eq!(status, 404, "a member sees no board");
}

/// Moves the first lesson that has another free place there.
async fn moved(coordinator: &Client, board: &BoardView) -> BoardView {
    for lesson in board.lessons.iter().filter(|lesson| !lesson.pinned) {
        let (plan, request) = (board.plan.id.clone(), lesson.request.clone());
        let call = ReadMoves {
            plan: plan.clone(),
            request: request.clone(),
            lesson: lesson.lesson,
        };
        let moves = coordinator.call(&call).await.expect("the board answers");
        let elsewhere = |option: &&MoveOption| option.start != lesson.span.from && option.verdict != Verdict::Refused;
        let Some(free) = moves.options.iter().find(elsewhere) else {
            continue;
        };
        let version = board.plan.version;
        let call = MoveLesson {
            plan,
            version,
            request: request.clone(),
            lesson: lesson.lesson,
            start: free.start,
            room: free.room.clone(),
            instructors: None,
            pin: true,
        };
        let after = coordinator.call(&call).await.expect("a free place takes the lesson");
        let there = |l: &&LessonView| l.request == request && l.span.from == free.start && l.room == free.room;
        assert!(after.lessons.iter().find(there).is_some_and(|lesson| lesson.pinned));
        let stale = coordinator.call(&call).await.expect_err("the same version twice");
        assert_eq!(stale.code, ProblemCode::Stale);
        return after;
    }
    panic!("no lesson of the plan can move");
}
