//! Other people's things under fresh names: whoever makes whatever call to whatever id, in the role of that moment, is
//! answered by the matrix and reads nothing of another's.

use super::{Dice, is_whole, scale};
use crate::week::access::{Things, asks_for_a_password, contract, names_a_request, refusal, sample};
use crate::week::desk::{Desk, any_draft, asked, form, open_round};
use crate::week::doors::{sql, store};
use backend::clock::new_id;
use domain::access::{Grant, row};
use domain::api::*;
use domain::id::RequestId;
use domain::people::Role;
use rstest::rstest;
use strum::VariantArray;
use tests::databases::Kind;
use tests::server::Client;

/// A request of another organization, with words that stand nowhere else.
struct Secret {
    id: RequestId,
    words: String,
    /// It was never submitted.
    is_draft: bool,
    version: i64,
}

struct Walker {
    client: Client,
    person: String,
    role: Role,
    /// The roles that somebody with such a seat may be given.
    may_become: &'static [Role],
}

const OF_A_MEMBER: &[Role] = &[Role::Requester, Role::OrganizationAdmin];
const OF_THE_ALLIANCE: &[Role] = &[Role::Coordinator, Role::Auditor, Role::SystemAdmin];

async fn walkers(desk: &Desk) -> Vec<Walker> {
    let mut walkers = Vec::new();
    for role in Role::VARIANTS {
        let login = desk.server.login_of(*role);
        let seats = [OF_A_MEMBER, OF_THE_ALLIANCE, std::slice::from_ref(role)];
        walkers.push(Walker {
            client: desk.server.client(login).await.expect("a login"),
            person: login.login.clone(),
            role: *role,
            may_become: seats.into_iter().find(|roles| roles.contains(role)).unwrap_or_default(),
        });
    }
    walkers
}

/// What another organization asks for, in a state of the dice's choosing.
async fn secret(dice: &mut Dice, owner: &Client, coordinator: &Client, new: &FormView) -> Secret {
    let words = format!("密 {}", new_id());
    let state = dice.below(5);
    let is_draft = matches!(state, 0 | 4);
    let asked = asked(owner, new, &words, !is_draft).await;
    let (id, version) = (asked.id.clone(), asked.version);
    let changed = match state {
        2 | 4 => owner.call(&WithdrawRequest { id, version }).await,
        3 => {
            let note = "请补充".to_owned();
            coordinator.call(&ReturnRequest { id, version, note }).await
        }
        _ => Ok(asked),
    };
    let changed = changed.expect("it may be");
    Secret {
        id: changed.id,
        words,
        is_draft,
        version: changed.version,
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_is_another_s_by_any_call_in_any_role(#[case] kind: Kind) {
    let mut dice = Dice::thrown("doors");
    let desk = Desk::open(kind).await;
    let owner = desk.signed_in("luo.zhiyuan").await;
    let (coordinator, _) = desk.coordinators().await;
    let new = form(&owner).await;
    let mut secrets = Vec::new();
    for _ in 0..8 {
        secrets.push(secret(&mut dice, &owner, &coordinator, &new).await);
    }
    let mut things = Things {
        round: open_round(&coordinator).await.round.id,
        foreign: new.id.clone(),
        draft: serde_json::to_value(any_draft(&new)).expect("plain data"),
    };
    let mut walkers = walkers(&desk).await;
    let database = store(&desk).await;
    for n in 0..300 * scale() {
        let at = dice.below(walkers.len());
        let walker = &mut walkers[at];
        if dice.below(6) == 0 {
            walker.role = *dice.one(walker.may_become);
            let role: &str = walker.role.into();
            let given = format!("UPDATE people SET role = '{role}' WHERE id = '{}'", walker.person);
            sql(&database, &given).await;
        }
        let aim = dice.one(&secrets);
        things.foreign = aim.id.clone();
        match dice.below(3) {
            0 => look(&mut dice, walker, aim, &secrets, n).await,
            _ => call(&mut dice, walker, aim, &secrets, &things, n).await,
        }
    }
    for secret in &secrets {
        let kept = owner
            .call(&ReadRequest { id: secret.id.clone() })
            .await
            .expect("the own");
        assert_eq!(
            (kept.version, kept.draft.purpose),
            (secret.version, secret.words.clone())
        );
    }
    is_whole(&desk).await;
}

/// A page of anybody's, for the thing that is aimed at.
async fn look(dice: &mut Dice, walker: &Walker, aim: &Secret, secrets: &[Secret], n: usize) {
    let id = &aim.id;
    let pages = [
        format!("/requests/{id}"),
        format!("/requests/{id}/edit"),
        "/requests".into(),
        "/requests/new".into(),
        "/".into(),
        "/rounds".into(),
        "/timetable".into(),
        "/fairness".into(),
        "/audit".into(),
        "/people".into(),
        "/people/of/luo.zhiyuan".into(),
        "/organizations".into(),
        "/notices".into(),
    ];
    let path = dice.one(&pages);
    let (status, page) = walker.client.page(path).await;
    let at = format!("{n} {path} of a {:?}: {status}", walker.role);
    assert!(status < 500, "{at}");
    // Whoever hands over what a person answers for reads what that is.
    let hands_over = walker.role == Role::SystemAdmin && path.starts_with("/people/of/");
    keeps(walker.role == Role::Coordinator || hands_over, &page, secrets, &at);
}

async fn call(dice: &mut Dice, walker: &Walker, aim: &Secret, secrets: &[Secret], things: &Things, n: usize) {
    // Who guesses passwords and links is counted; that is another matter.
    let guesses = |call: CallName| {
        asks_for_a_password(call)
            || matches!(
                call,
                CallName::AcceptInvitation | CallName::JoinAsSelf | CallName::SignOut
            )
    };
    let calls: Vec<CallName> = CallName::VARIANTS
        .iter()
        .copied()
        .filter(|call| !guesses(*call))
        .collect();
    let name = *dice.one(&calls);
    let garbled = format!("{}x", &aim.id.as_str()[1..]);
    let (id, is_there) = match dice.below(4) {
        0 => (garbled.as_str(), false),
        _ => (aim.id.as_str(), true),
    };
    let (method, path) = contract(name);
    let (status, reply) = walker.client.send(method, path, &sample(name, things, id)).await;
    let code = reply["code"].as_str().unwrap_or_default();
    let at = format!("{n} {name:?} of {id} by a {:?}: {status} {reply}", walker.role);
    assert!(status < 500, "{at}");
    if let Some(due) = refusal(name, Some(walker.role)) {
        assert_eq!((status, code), due, "{at}");
    } else if names_a_request(name) {
        let grant = row(name).grant(Some(walker.role));
        let reaches = is_there && (grant == Grant::All || grant == Grant::Filed && !aim.is_draft);
        let creates = !is_there && matches!(name, CallName::SaveDraft | CallName::SubmitRequest);
        // What would make a new thing is refused, too: it begins with no version, and with groups of one's own.
        let due: &[&str] = if creates {
            &["stale", "rules_broken"]
        } else {
            &["not_found"]
        };
        assert!(reaches != due.contains(&code), "{at}");
    }
    keeps(walker.role == Role::Coordinator, &reply.to_string(), secrets, &at);
}

/// Nothing of another's is in a reply, but for what somebody works with who may read all but drafts.
fn keeps(reads_filed: bool, text: &str, secrets: &[Secret], at: &str) {
    for secret in secrets {
        let may_read = reads_filed && !secret.is_draft;
        assert!(
            may_read || !text.contains(&secret.words),
            "{at} tells of {}",
            secret.words
        );
    }
}
