//! Numbers, spans and dates of every size: the check of a form and its submission say the same, and a week is a Monday.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, any_draft, form, lathe_draft};
use backend::clock::new_id;
use chrono::{Datelike, NaiveDate, Weekday};
use domain::api::*;
use domain::id::RequestId;
use domain::instance::Window;
use domain::request::RequestDraft;
use domain::time::Span;
use rstest::rstest;
use serde_json::json;
use tests::databases::Kind;

/// A number near an end of something, or anywhere.
fn number(dice: &mut Dice) -> i64 {
    let ends = [
        0,
        1,
        4,
        20,
        100,
        500,
        600,
        1440,
        10_080,
        1_000_000_000,
        1_000_000_000_000,
        i64::MAX,
        i64::MIN,
    ];
    let near = dice.one(&ends).wrapping_add(dice.below(3) as i64 - 1);
    match dice.below(4) {
        0 => near.wrapping_neg(),
        1 => dice.below(11_000) as i64 - 500,
        _ => near,
    }
}

/// What may be asked for, with some numbers from anywhere.
fn thrown(dice: &mut Dice, good: &RequestDraft) -> RequestDraft {
    let mut draft = good.clone();
    for _ in 0..1 + dice.below(2) {
        let n = number(dice);
        match dice.below(12) {
            0 => draft.lessons = n,
            1 => draft.minutes = n,
            2 => draft.headcount = n,
            3 => draft.tier = n,
            4 => draft.per_day_max = Some(n).filter(|_| dice.below(4) > 0),
            5 => draft.days_between_min = n,
            6 => draft.instructors = n,
            7 => draft.equipment.iter_mut().for_each(|need| need.units = n),
            8 => {
                let window = Window {
                    span: Span::new(n, number(dice)),
                    preference: dice.below(3) as i64,
                };
                draft.windows.push(window);
            }
            9 => draft.windows.iter_mut().for_each(|window| window.preference = n),
            10 => draft.windows = vec![good.windows[0].clone(); dice.below(100)],
            // The last minutes of a day, of the week, and those around Sunday's midnight.
            _ => {
                let day = dice.below(8) as i64 * 1440;
                let (before, after) = (dice.below(200) as i64, dice.below(200) as i64);
                draft.windows = vec![Window {
                    span: Span::new(day - before, day + after),
                    preference: 1,
                }];
            }
        }
    }
    draft
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_s_check_and_its_submission_say_the_same(#[case] kind: Kind) {
    let mut dice = Dice::thrown("numbers");
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    let good = [lathe_draft(&new), any_draft(&new)];
    let (mut taken, mut refused) = (0, 0);
    for n in 0..150 * scale() {
        let draft = thrown(&mut dice, &good[n % 2]);
        let check = CheckDraft {
            round: new.round.id.clone(),
            draft: draft.clone(),
        };
        let submit = SubmitRequest {
            id: RequestId::new(new_id()),
            round: new.round.id.clone(),
            version: 0,
            draft,
        };
        let checked = trainer.call(&check).await;
        let told = trainer.call(&submit).await;
        let at = format!("{n} {:?}: {checked:?}, {told:?}", submit.draft);
        match (checked, told) {
            (Ok(view), Ok(kept)) => {
                taken += 1;
                assert!(view.violations.is_empty() && kept.draft == submit.draft, "{at}");
                let withdraw = WithdrawRequest {
                    id: submit.id.clone(),
                    version: kept.version,
                };
                trainer.call(&withdraw).await.expect("the own");
            }
            (Ok(view), Err(problem)) => {
                refused += 1;
                assert_eq!((problem.status, &problem.violations), (422, &view.violations), "{at}");
                assert!(!view.violations.is_empty(), "{at}");
            }
            (Err(unread), Err(problem)) => {
                refused += 1;
                assert_eq!(
                    (unread.code, problem.code),
                    (ProblemCode::Malformed, ProblemCode::Malformed),
                    "{at}"
                );
            }
            (Err(_), Ok(_)) => panic!("{at}"),
        }
    }
    println!("numbers: {taken} taken, {refused} refused");
    assert!(taken > 0 && refused > 0, "{taken} taken, {refused} refused");
    is_whole(&desk).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_week_is_a_monday_of_the_calendar(#[case] kind: Kind) {
    let mut dice = Dice::thrown("weeks");
    let desk = Desk::open(kind).await;
    let visitor = desk.server.visitor();
    for _ in 0..100 * scale() {
        let (year, month, day) = (1900 + dice.below(300), dice.below(14), dice.below(33));
        let week = match dice.below(6) {
            0 => format!("{year:04}-W{:02}", dice.below(55)),
            1 => format!("{:02}:{:02}", dice.below(26), dice.below(62)),
            2 => number(&mut dice).to_string(),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        };
        let date = NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32);
        let is_week = date.is_some_and(|date| date.weekday() == Weekday::Mon && week == date.to_string());
        let due = if is_week { 200 } else { 400 };
        for (path, call) in [
            (ReadTimetable::PATH, json!({ "by": "room", "week": week })),
            (ReadFairness::PATH, json!({ "week": week })),
        ] {
            let (status, reply) = visitor.send(Method::Get, path, &call).await;
            assert_eq!(status, due, "{path} {call}: {reply}");
        }
        let (status, _) = visitor.page(&format!("/timetable?week={week}")).await;
        assert_eq!(status, due, "the page of {week}");
    }
}
