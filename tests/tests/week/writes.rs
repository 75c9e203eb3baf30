//! Every write of the contract: under one key one effect, one reply, one audit entry and one outbox row.

mod members;

use super::desk::{Desk, ended, form, lathe_draft, open_round, solved};
use super::imports::{csv, import_of, rows};
use backend::clock::new_id;
use backend::config::Config;
use backend::keys::Keys;
use backend::sign_on::Ticket;
use backend::sign_on::provider::Proof;
use backend::store::audit::{self, EntryRecord};
use backend::store::identities::Identity;
use backend::store::outbox::{self, OutboxRecord};
use backend::store::{Store, StoreConfig};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::request::RequestState;
use rstest::rstest;
use std::collections::BTreeSet;
use tests::databases::Kind;
use tests::server::Client;

/// The server's database beside the server, and the writes that were tried.
struct Witness {
    store: Store,
    alliance: AllianceId,
    seen: BTreeSet<String>,
}

impl Witness {
    async fn of(desk: &Desk) -> Self {
        let url = desk.database_url();
        Self {
            store: Store::open(&StoreConfig::new(url))
                .await
                .expect("the server's database opens"),
            alliance: AllianceId::new("chuxiong"),
            seen: BTreeSet::new(),
        }
    }

    /// Entries and notices about one thing.
    async fn traces(&self, subject: &str) -> (Vec<EntryRecord>, Vec<OutboxRecord>) {
        let tx = self.store.read().await.expect("a read");
        let entries = audit::after(&tx, &self.alliance, 0, 10_000).await.expect("the log");
        let notices = outbox::all(&tx, &self.alliance).await.expect("the outbox");
        (
            entries.into_iter().filter(|entry| entry.subject == subject).collect(),
            notices.into_iter().filter(|notice| notice.subject == subject).collect(),
        )
    }

    /// What a write is about; else it is about whoever makes it.
    fn subject<C: WriteCall>(&self, call: &C) -> String {
        call.subject().unwrap_or_else(|| "li.jishi".into())
    }

    /// Makes a write, repeats it, misuses its key, and looks at what it left.
    async fn once<C: WriteCall>(&mut self, client: &Client, call: &C) -> C::Reply {
        let subject = self.subject(call);
        let (entries, notices) = self.traces(&subject).await;
        let key = new_id();
        let (status, reply) = client.send_under(Some(&key), call).await;
        assert_eq!(status, 200, "{}: {}", C::NAME, String::from_utf8_lossy(&reply));
        let (status, again) = client.send_under(Some(&key), call).await;
        assert_eq!((status, &again), (200, &reply), "{} once more", C::NAME);
        let (after, told) = self.traces(&subject).await;
        let fresh: Vec<_> = after.iter().filter(|entry| !entries.contains(entry)).collect();
        let event = C::EVENT.word();
        let of_call: Vec<_> = fresh.iter().filter(|entry| entry.event == event).collect();
        assert_eq!(of_call.len(), 1, "{} leaves one entry: {fresh:?}", C::NAME);
        let new: Vec<_> = told
            .iter()
            .filter(|notice| !notices.contains(notice) && notice.kind == event)
            .collect();
        assert_eq!(new.len(), 1, "{} leaves one notice: {new:?}", C::NAME);
        assert_eq!(
            new[0].id,
            of_call[0].id,
            "{}: entry and notice are of one change",
            C::NAME
        );
        self.seen.insert(event.to_owned());
        self.refused(client, call, &key).await;
        serde_json::from_slice(&reply).expect("the reply of the contract")
    }

    /// The key of a write opens no other, and there is no write without one.
    async fn refused<C: WriteCall>(&self, client: &Client, call: &C, key: &str) {
        let before = self.traces(&self.subject(call)).await;
        let (status, problem) = client.send_under(None, call).await;
        assert_eq!((status, code(&problem)), (400, "key_needed".into()), "{}", C::NAME);
        let mut other = serde_json::to_value(call).expect("plain data");
        let id = other
            .as_object_mut()
            .and_then(|fields| fields.values_mut().find(|value| value.is_string()));
        *id.expect("every write names something") = "another".into();
        let other: C = serde_json::from_value(other).expect("another call of the kind");
        let (status, problem) = client.send_under(Some(key), &other).await;
        assert_eq!((status, code(&problem)), (422, "key_reused".into()), "{}", C::NAME);
        assert_eq!(self.traces(&self.subject(call)).await, before, "{}", C::NAME);
    }
}

fn code(problem: &[u8]) -> String {
    let problem: Problem = serde_json::from_slice(problem).expect("a problem");
    <&str>::from(problem.code).to_owned()
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn every_write_has_one_effect_one_reply_one_entry_and_one_notice(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let mut witness = Witness::of(&desk).await;
    let trainer = desk.signed_in("li.jishi").await;
    let (coordinator, second) = desk.coordinators().await;

    asking(&mut witness, &trainer, &coordinator).await;

    let round = open_round(&coordinator).await.round;
    let close = |version| CloseRound {
        id: round.id.clone(),
        version,
    };
    let closed = witness.once(&coordinator, &close(round.version)).await.round;
    let reopen = ReopenRound {
        id: round.id.clone(),
        version: closed.version,
    };
    let open = witness.once(&coordinator, &reopen).await.round;
    witness.once(&coordinator, &close(open.version)).await;

    let first = solved(&coordinator, &round.id, None, 1).await.plan.expect("a plan");
    let kept = solved(&coordinator, &round.id, None, 1)
        .await
        .plan
        .expect("another plan");
    let run = RunId::new(new_id());
    let start = StartRun {
        id: run.clone(),
        round: round.id.clone(),
        from_plan: Some(kept.clone()),
        seconds: 120,
    };
    witness.once(&coordinator, &start).await;
    witness.once(&coordinator, &StopRun { id: run.clone() }).await;
    ended(&coordinator, &run).await;

    let board = coordinator
        .call(&ReadBoard { plan: first.clone() })
        .await
        .expect("the first plan");
    let discard = DiscardPlan {
        plan: first,
        version: board.plan.version,
    };
    witness.once(&coordinator, &discard).await;
    reviewing(&mut witness, &coordinator, &second, kept).await;
    sending_again(&mut witness, &desk, &coordinator).await;

    members::walk(&mut witness, &desk).await;
    own_account(&mut witness, &desk).await;
    let all: BTreeSet<String> = EVENTS.iter().map(|event| event.word().to_owned()).collect();
    let missing: Vec<_> = all.difference(&witness.seen).collect();
    assert!(missing.is_empty(), "no write was tried that makes {missing:?}");
    let judged = backend::audit::verify(&witness.store.reader(), &desk.anchored())
        .await
        .expect("a verdict");
    assert_eq!(judged[0].findings, [], "the log is whole");
    assert!(
        judged[0].anchored as i64 == judged[0].head_seq,
        "every end was anchored"
    );
}

/// What a person does to the own account.
async fn own_account(witness: &mut Witness, desk: &Desk) {
    let (trainer, _) = (desk.signed_in("li.jishi").await, desk.signed_in("li.jishi").await);
    let sessions = trainer.call(&ReadAccount {}).await.expect("the account").sessions;
    let other = sessions
        .into_iter()
        .find(|session| !session.here)
        .expect("another session");
    witness.once(&trainer, &EndSession { id: other.id }).await;
    let password = || Password(desk.server.login("li.jishi").password.clone());
    trainer
        .call(&StartSecondFactor { password: password() })
        .await
        .expect("a secret");
    let ticket = Password(ticket(desk));
    let link = LinkIdentity {
        ticket,
        password: password(),
    };
    witness.once(&trainer, &link).await;
    witness.once(&trainer, &UnlinkIdentity { password: password() }).await;
    witness.once(&trainer, &EndSecondFactor { password: password() }).await;
    let new = Password("彝乡的火把照亮三月的夜".into());
    witness.once(&trainer, &ChangePassword { old: password(), new }).await;
}

async fn asking(witness: &mut Witness, trainer: &Client, coordinator: &Client) {
    let form = form(trainer).await;
    let import = import_of(&form, &csv(&rows(&form, 2)), Become::Drafts);
    assert_eq!(witness.once(trainer, &import).await.requests, 2);
    let (id, round, draft) = (form.id.clone(), form.round.id.clone(), lathe_draft(&form));
    let save = SaveDraft {
        id: id.clone(),
        round: round.clone(),
        version: 0,
        draft: draft.clone(),
    };
    let saved = witness.once(trainer, &save).await;
    let submit = SubmitRequest {
        id: id.clone(),
        round,
        version: saved.version,
        draft: draft.clone(),
    };
    let submitted = witness.once(trainer, &submit).await;
    let mut shorter = draft;
    shorter.lessons = 3;
    let amend = AmendRequest {
        id: id.clone(),
        version: submitted.version,
        draft: shorter,
    };
    let amended = witness.once(trainer, &amend).await;
    let give_back = ReturnRequest {
        id: id.clone(),
        version: amended.version,
        note: "请补充说明".into(),
    };
    let returned = witness.once(coordinator, &give_back).await;
    let withdraw = WithdrawRequest {
        id,
        version: returned.version,
    };
    assert_eq!(witness.once(trainer, &withdraw).await.state, RequestState::Withdrawn);
}

/// A notice that nobody took, made so by hand.
async fn sending_again(witness: &mut Witness, desk: &Desk, coordinator: &Client) {
    super::doors::sql(
        &witness.store,
        "UPDATE outbox SET dead = TRUE WHERE kind = 'round.reopened'",
    )
    .await;
    let dead = coordinator
        .call(&ListNotices {})
        .await
        .expect("a coordinator sees it")
        .dead;
    assert!(!dead.is_empty(), "{}", desk.database_url());
    let again = SendNoticeAgain { id: dead[0].id.clone() };
    witness.once(coordinator, &again).await;
}

async fn reviewing(witness: &mut Witness, coordinator: &Client, second: &Client, plan: PlanId) {
    let board = coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board");
    let (lesson, version) = (board.lessons[0].clone(), board.plan.version);
    let (request, number) = (lesson.request.clone(), lesson.lesson);
    let pin = PinLesson {
        plan: plan.clone(),
        version,
        request: request.clone(),
        lesson: number,
        pinned: true,
    };
    let version = witness.once(coordinator, &pin).await.plan.version;
    let remove = RemoveLesson {
        plan: plan.clone(),
        version,
        request: request.clone(),
        lesson: number,
    };
    let version = witness.once(coordinator, &remove).await.plan.version;
    // Back to where it was.
    let back = MoveLesson {
        plan: plan.clone(),
        version,
        request,
        lesson: 0,
        start: lesson.span.from,
        room: lesson.room,
        instructors: Some(lesson.instructors),
        pin: false,
    };
    let version = witness.once(coordinator, &back).await.plan.version;
    let approved = witness
        .once(
            second,
            &ApprovePlan {
                plan: plan.clone(),
                version,
            },
        )
        .await;
    let (version, round_version) = (approved.plan.version, approved.round.version);
    witness
        .once(
            coordinator,
            &PublishPlan {
                plan,
                version,
                round_version,
            },
        )
        .await;
}

/// What the way to an identity provider and back would have brought the trainer.
fn ticket(desk: &Desk) -> String {
    let proof = Proof {
        identity: Identity {
            issuer: "https://provider.example".into(),
            subject: "u-1".into(),
        },
        name: String::new(),
        strong: false,
    };
    let ticket = serde_json::to_vec(&Ticket::new(proof, backend::clock::now_ms())).expect("plain data");
    let keys = Keys::in_file(&Config::keys_in(desk.server.data_dir()));
    let sealed = keys.seal("ticket", &["link", "li.jishi"], &ticket).expect("sealed");
    format!("{}.{}", sealed.key, hex::encode(sealed.bytes))
}

/// Fifty times the same write at one time: one effect, fifty equal replies.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_one_time_under_one_key_are_one(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let witness = Witness::of(&desk).await;
    let trainer = desk.signed_in("li.jishi").await;
    let form = form(&trainer).await;
    let submit = SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: lathe_draft(&form),
    };
    let key = new_id();
    let hands = (0..50).map(|_| trainer.send_under(Some(&key), &submit));
    let replies = futures::future::join_all(hands).await;
    assert!(
        replies.iter().all(|reply| reply.0 == 200 && reply.1 == replies[0].1),
        "{:?}",
        replies[0]
    );
    let (entries, notices) = witness.traces(form.id.as_str()).await;
    assert_eq!((entries.len(), notices.len()), (1, 1));
}
