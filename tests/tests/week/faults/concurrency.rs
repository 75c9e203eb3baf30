//! Many hands at one moment on the same few things: of one version there is one successor, under one key one reply.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, any_draft, closed_round, code, form, open_round, solved};
use backend::clock::new_id;
use domain::api::*;
use domain::id::*;
use domain::request::{RequestDraft, RequestState};
use rstest::rstest;
use std::collections::{BTreeMap, BTreeSet};
use tests::databases::Kind;
use tests::server::Client;

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn two_coordinators_at_one_time_leave_one_truth(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (first, second) = desk.coordinators().await;
    let round = open_round(&first).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    let (a, b) = tokio::join!(first.call(&close), second.call(&close));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|won| **won).count(), 1);
    let plan = solved(&first, &round.id, None, 1).await.plan.expect("a plan");
    let board = first.call(&ReadBoard { plan: plan.clone() }).await.expect("the board");
    let version = board.plan.version;
    let discard = DiscardPlan {
        plan: plan.clone(),
        version,
    };
    let approve = ApprovePlan {
        plan: plan.clone(),
        version,
    };
    let (approved, discarded) = tokio::join!(second.call(&approve), first.call(&discard));
    assert!(approved.is_ok() != discarded.is_ok(), "{approved:?} {discarded:?}");
    if let Ok(board) = approved {
        let publish = PublishPlan {
            plan,
            version: board.plan.version,
            round_version: board.round.version,
        };
        // Whoever has not seen how the round stands publishes nothing.
        let round_version = publish.round_version - 1;
        let late = PublishPlan {
            round_version,
            ..publish.clone()
        };
        assert_eq!(code(&first, &late).await, Some(ProblemCode::Stale));
        let hands = (0..16).map(|n| if n % 2 == 0 { &first } else { &second });
        let told = futures::future::join_all(hands.map(|hand| hand.call(&publish))).await;
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
        let refused = told.iter().filter_map(|told| told.as_ref().err());
        for problem in refused {
            let expected = [ProblemCode::Stale, ProblemCode::WrongState, ProblemCode::Taken];
            assert!(expected.contains(&problem.code), "{problem:?}");
        }
    }
    is_whole(&desk).await;
}

/// One write that is about to be made.
struct Hand<'a> {
    client: &'a Client,
    key: String,
    path: &'static str,
    body: Vec<u8>,
    /// What it is made to, and of which version.
    on: (String, i64),
}

impl<'a> Hand<'a> {
    fn new<C: WriteCall>(client: &'a Client, on: (&str, i64), call: &C) -> Self {
        Self {
            client,
            key: new_id(),
            path: C::PATH,
            body: serde_json::to_vec(call).expect("plain data"),
            on: (on.0.to_owned(), on.1),
        }
    }

    /// The same click once more.
    fn again(&self) -> Self {
        Self {
            client: self.client,
            key: self.key.clone(),
            path: self.path,
            body: self.body.clone(),
            on: self.on.clone(),
        }
    }

    async fn sent(&self) -> (u16, Vec<u8>) {
        let post = self.client.http.post(format!("{}{}", self.client.url, self.path));
        let post = post
            .header(KEY_HEADER, &self.key)
            .header("content-type", "application/json");
        let reply = post.body(self.body.clone()).send().await.expect("an answer");
        let status = reply.status().as_u16();
        (status, reply.bytes().await.expect("a body").to_vec())
    }
}

/// Sends all of them at one moment; gives the versions of things that have a successor now.
async fn at_once(hands: &[Hand<'_>], at: &str) -> BTreeSet<(String, i64)> {
    let replies = futures::future::join_all(hands.iter().map(Hand::sent)).await;
    let mut by_key: BTreeMap<&str, &(u16, Vec<u8>)> = BTreeMap::new();
    let mut succeeded = BTreeSet::new();
    for (hand, reply) in hands.iter().zip(&replies) {
        let text = String::from_utf8_lossy(&reply.1);
        let at = format!(
            "{at} {} {}: {} {text}",
            hand.path,
            String::from_utf8_lossy(&hand.body),
            reply.0
        );
        if reply.0 == 200 {
            let first = *by_key.entry(&hand.key).or_insert(reply);
            assert_eq!(first, reply, "one key, one reply: {at}");
            let is_first = std::ptr::eq(first, reply);
            assert!(
                !is_first || succeeded.insert(hand.on.clone()),
                "a second successor: {at}"
            );
            continue;
        }
        let problem: Problem = serde_json::from_slice(&reply.1).unwrap_or_else(|error| panic!("{error}: {at}"));
        let expected = [
            ProblemCode::Stale,
            ProblemCode::WrongState,
            ProblemCode::Taken,
            ProblemCode::RulesBroken,
            ProblemCode::FourEyes,
        ];
        // A plan that was thrown away is not there any more.
        let is_gone = problem.code == ProblemCode::NotFound && hand.path.starts_with("/api/v1/plans/");
        assert!(is_gone || expected.contains(&problem.code), "{at}");
        assert!(!problem.title.is_empty(), "{at}");
    }
    // A click that failed beside its twin that succeeded would tell somebody that what is done is not done.
    for (hand, reply) in hands.iter().zip(&replies) {
        let done = by_key.contains_key(hand.key.as_str());
        assert_eq!(done, reply.0 == 200, "{at} {}: one of two equal clicks", hand.path);
    }
    succeeded
}

/// A few copies of clicks that are there, as an impatient hand makes them.
fn impatient<'a>(dice: &mut Dice, mut hands: Vec<Hand<'a>>) -> Vec<Hand<'a>> {
    for _ in 0..dice.below(4) {
        let copy = hands[dice.below(hands.len())].again();
        let place = dice.below(hands.len() + 1);
        hands.insert(place, copy);
    }
    hands
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_changes_to_a_request_at_one_moment_one_is_made(#[case] kind: Kind) {
    let mut dice = Dice::thrown("concurrency, requests");
    let desk = Desk::open(kind).await;
    let (owner, colleague) = (desk.signed_in("li.jishi").await, desk.signed_in("wang.jishi").await);
    let (coordinator, _) = desk.coordinators().await;
    let new = form(&owner).await;
    let mut things: Vec<RequestId> = (0..3).map(|_| RequestId::new(new_id())).collect();
    for batch in 0..40 * scale() {
        let mut hands = Vec::new();
        let mut before = BTreeMap::new();
        for id in &mut things {
            let kept = owner.call(&ReadRequest { id: id.clone() }).await.ok();
            if kept.as_ref().is_some_and(|view| ended(view.state)) {
                *id = RequestId::new(new_id());
            }
            let kept = kept.filter(|view| view.id == *id);
            let (version, state) = kept.map_or((0, None), |view| (view.version, Some(view.state)));
            before.insert(id.to_string(), version);
            for _ in 0..1 + dice.below(6) {
                let own = if dice.below(2) == 0 { &owner } else { &colleague };
                hands.push(change(&mut dice, own, &coordinator, &new, id, version, state));
            }
        }
        let round = open_round(&coordinator).await.round;
        let closes = dice.below(6) == 0;
        if closes {
            let close = CloseRound {
                id: round.id.clone(),
                version: round.version,
            };
            let place = dice.below(hands.len() + 1);
            hands.insert(
                place,
                Hand::new(&coordinator, (close.id.as_str(), close.version), &close),
            );
        }
        let hands = impatient(&mut dice, hands);
        let succeeded = at_once(&hands, &format!("batch {batch}")).await;
        for (id, version) in before {
            let kept = owner
                .call(&ReadRequest {
                    id: RequestId::new(&*id),
                })
                .await;
            let now = kept.map_or(0, |view| view.version);
            let risen = i64::from(succeeded.contains(&(id.clone(), version)));
            // A close ends the drafts that it finds.
            let at_most = version + risen + i64::from(closes);
            assert!(
                (version + risen..=at_most).contains(&now),
                "batch {batch}: {id} {version} {now}"
            );
        }
        if closes {
            let reopen = ReopenRound {
                id: round.id.clone(),
                version: round.version + 1,
            };
            coordinator.call(&reopen).await.expect("it opens again");
        }
    }
    is_whole(&desk).await;
}

fn ended(state: RequestState) -> bool {
    !matches!(
        state,
        RequestState::Draft | RequestState::Submitted | RequestState::Returned
    )
}

/// Some change that fits what a request is now, or nearly.
fn change<'a>(
    dice: &mut Dice,
    own: &'a Client,
    coordinator: &'a Client,
    new: &FormView,
    id: &RequestId,
    version: i64,
    state: Option<RequestState>,
) -> Hand<'a> {
    let (on, id, round) = ((id.as_str(), version), id.clone(), new.round.id.clone());
    let draft = RequestDraft {
        // Whoever asks for the very same once more is answered like the first time.
        purpose: format!("观摩 {}", new_id()),
        ..any_draft(new)
    };
    match (state, dice.below(4)) {
        (Some(RequestState::Submitted), 0) => {
            let note = "请补充".to_owned();
            Hand::new(coordinator, on, &ReturnRequest { id, version, note })
        }
        (Some(_), 1) => Hand::new(own, on, &WithdrawRequest { id, version }),
        (Some(RequestState::Submitted), _) => Hand::new(own, on, &AmendRequest { id, version, draft }),
        (_, 0) => Hand::new(
            own,
            on,
            &SaveDraft {
                id,
                round,
                version,
                draft,
            },
        ),
        _ => Hand::new(
            own,
            on,
            &SubmitRequest {
                id,
                round,
                version,
                draft,
            },
        ),
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_changes_to_a_plan_at_one_moment_one_is_made(#[case] kind: Kind) {
    let mut dice = Dice::thrown("concurrency, plans");
    let desk = Desk::open(kind).await;
    let (first, second) = desk.coordinators().await;
    let round = closed_round(&first).await;
    let plan = solved(&first, &round.id, None, 1).await.plan.expect("a plan");
    let read = ReadBoard { plan: plan.clone() };
    let mut board = first.call(&read).await.expect("the board");
    for batch in 0..30 * scale() {
        let version = board.plan.version;
        let on = (plan.as_str(), version);
        let mut hands = Vec::new();
        for _ in 0..2 + dice.below(10) {
            let hand = if dice.below(2) == 0 { &first } else { &second };
            let lesson = dice.one(&board.lessons);
            let (plan, request, number) = (plan.clone(), lesson.request.clone(), lesson.lesson);
            hands.push(match dice.below(4) {
                0 => {
                    let pinned = !lesson.pinned;
                    Hand::new(
                        hand,
                        on,
                        &PinLesson {
                            plan,
                            version,
                            request,
                            lesson: number,
                            pinned,
                        },
                    )
                }
                1 if board.lessons.len() > 10 && dice.below(4) == 0 => Hand::new(
                    hand,
                    on,
                    &RemoveLesson {
                        plan,
                        version,
                        request,
                        lesson: number,
                    },
                ),
                _ => {
                    let other = dice.one(&board.lessons);
                    let move_to = MoveLesson {
                        plan,
                        version,
                        request,
                        lesson: number,
                        start: other.span.from,
                        room: dice.one(&[&other.room, &lesson.room]).to_owned().clone(),
                        instructors: Some(lesson.instructors.clone()),
                        pin: dice.below(2) == 0,
                    };
                    Hand::new(hand, on, &move_to)
                }
            });
        }
        let hands = impatient(&mut dice, hands);
        let succeeded = at_once(&hands, &format!("batch {batch}")).await;
        board = first.call(&read).await.expect("the board");
        assert_eq!(board.plan.version, version + succeeded.len() as i64, "batch {batch}");
    }
    // Consent and the bin, at one moment with a change: whatever comes first, there is one end.
    let version = board.plan.version;
    let on = (plan.as_str(), version);
    let lesson = &board.lessons[0];
    let pin = PinLesson {
        plan: plan.clone(),
        version,
        request: lesson.request.clone(),
        lesson: lesson.lesson,
        pinned: !lesson.pinned,
    };
    let approve = ApprovePlan {
        plan: plan.clone(),
        version,
    };
    let discard = DiscardPlan {
        plan: plan.clone(),
        version,
    };
    let hands = [&first, &second].map(|hand| {
        [
            Hand::new(hand, on, &pin),
            Hand::new(hand, on, &approve),
            Hand::new(hand, on, &discard),
        ]
    });
    let hands: Vec<Hand> = hands.into_iter().flatten().collect();
    let hands = impatient(&mut dice, hands);
    assert_eq!(at_once(&hands, "the end").await.len(), 1);
    is_whole(&desk).await;
}
