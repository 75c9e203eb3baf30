//! One call of the stream: thrown by the dice with an eye on what there is, and sent to a server.

use super::model::Model;
use super::{CALLERS, VISITOR};
use crate::week::faults::Dice;
use backend::clock::new_id;
use domain::api::*;
use domain::password::Password;
use domain::people::Role;
use serde_json::{Value, json};
use tests::server::Client;

/// What is asked for; ids and versions are plain, so that the model reads them too.
#[rustfmt::skip]
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    SignIn { right: bool },
    SignOut,
    /// `draft` is a variation of what the organization may ask for; 0 breaks a rule.
    Draft { request: String, round: String, version: i64, draft: usize, content: Value },
    Submit { request: String, round: String, version: i64, draft: usize, content: Value },
    Amend { request: String, version: i64, draft: usize, content: Value },
    Withdraw { request: String, version: i64 },
    Return { request: String, version: i64 },
    Read { request: String },
    Close { round: String, version: i64 },
    Reopen { round: String, version: i64 },
    Start { run: String, round: String },
    Stop { run: String },
    SetRole { person: String, organization: Option<String>, role: Role },
    TakeRole { person: String, organization: Option<String> },
    Deactivate { person: String },
    Reactivate { person: String },
    Suspend { organization: String, version: i64 },
    Lift { organization: String, version: i64 },
    Leave { organization: String, version: i64 },
    Readmit { organization: String, version: i64 },
}

#[derive(Debug, Clone)]
pub struct Sent {
    pub who: &'static str,
    pub key: String,
    pub step: Step,
}

/// Whom roles are given to and taken from; whoever judges them stays.
const JUDGED: [&str; 3] = ["li.jishi", "luo.zhiyuan", "ma.zhigao"];
const ASKERS: [&str; 4] = ["li.jishi", "luo.zhiyuan", "ma.zhigao", "wang.jishi"];

impl Sent {
    pub fn thrown(dice: &mut Dice, model: &Model, last: Option<&Sent>) -> Sent {
        // A tenth are what was sent last: under the same key, or under the key of something else.
        if let Some(last) = last.filter(|last| last.step.has_key() && dice.below(10) == 0) {
            let other = dice.below(4) == 0;
            let step = if other {
                Step::Stop { run: new_id() }
            } else {
                last.step.clone()
            };
            return Sent { step, ..last.clone() };
        }
        let (step, usual) = thrown_step(dice, model);
        // Mostly by whom it is for, else by anybody.
        let who = if dice.below(6) == 0 { *dice.one(&CALLERS) } else { usual };
        let asleep = who != VISITOR && !model.is_signed_in(who) && dice.below(4) > 0;
        let right = dice.below(8) > 0;
        let step = match step {
            _ if asleep && model.may_try(who, right) => Step::SignIn { right },
            Step::SignIn { right } if !model.may_try(who, right) => Step::SignOut,
            step => step,
        };
        Sent {
            who,
            key: new_id(),
            step,
        }
    }
}

/// A step and whom it is for.
#[rustfmt::skip]
fn thrown_step(dice: &mut Dice, model: &Model) -> (Step, &'static str) {
    let asker = *dice.one(&ASKERS);
    let (coordinator, system) = ("chen.paike", "duan.xitong");
    let admin = *dice.one(&["wang.jishi", system]);
    let draft = dice.below(6);
    let content = model.content(asker, draft);
    let stale = if dice.below(8) == 0 { 1 + dice.below(3) as i64 } else { 0 };
    let known = |dice: &mut Dice, states: &[&str]| {
        let (request, version) = model.some_request(dice, asker, states);
        (request, version + stale)
    };
    let person = (*dice.one(&JUDGED)).to_owned();
    let (round, round_version) = model.some_round(dice);
    let round_version = round_version + stale;
    let (organization, standing) = model.some_organization(dice);
    let standing = standing + stale;
    let seat = person.split('.').nth(1).map(str::to_owned);
    match dice.below(100) {
        0..=2 => (Step::SignIn { right: dice.below(3) > 0 }, asker),
        3 => (Step::SignOut, asker),
        4..=13 => (Step::Draft { request: new_id(), round, version: stale, draft, content }, asker),
        14..=20 => {
            let (request, version) = known(dice, &["draft", "returned"]);
            (Step::Draft { request, round, version, draft, content }, asker)
        }
        21..=33 => (Step::Submit { request: new_id(), round, version: stale, draft, content }, asker),
        34..=42 => {
            let (request, version) = known(dice, &["draft", "returned"]);
            (Step::Submit { request, round, version, draft, content }, asker)
        }
        43..=52 => {
            let (request, version) = known(dice, &["submitted"]);
            (Step::Amend { request, version, draft, content }, asker)
        }
        53..=56 => {
            let (request, version) = known(dice, &["draft", "submitted", "returned"]);
            (Step::Withdraw { request, version }, asker)
        }
        57..=62 => {
            let (request, version) = known(dice, &["submitted"]);
            (Step::Return { request, version }, coordinator)
        }
        63..=69 => (Step::Read { request: known(dice, &["submitted", "draft", "withdrawn"]).0 }, asker),
        70 => (Step::Close { round, version: round_version }, coordinator),
        71..=75 => {
            let (round, version) = model.closed_round(dice).unwrap_or((round, round_version));
            (Step::Reopen { round, version: version + stale }, coordinator)
        }
        76 => {
            let round = model.closed_round(dice).map_or(round, |(round, _)| round);
            (Step::Start { run: new_id(), round }, coordinator)
        }
        77 => (Step::Read { request: known(dice, &["submitted"]).0 }, coordinator),
        78..=79 => (Step::Stop { run: model.some_run(dice) }, coordinator),
        80..=83 => {
            let role = *dice.one(&[Role::Requester, Role::Requester, Role::OrganizationAdmin, Role::Coordinator]);
            let organization = seat.filter(|_| dice.below(8) > 0);
            (Step::SetRole { person, organization, role }, system)
        }
        84 => (Step::TakeRole { person, organization: seat }, admin),
        85 => (Step::Deactivate { person }, admin),
        86..=89 => (Step::Reactivate { person: model.some_inactive(dice).unwrap_or(person) }, system),
        90 => (Step::Suspend { organization, version: standing }, system),
        91..=95 => {
            let (organization, version) = model.organization_that_is(dice, "suspended").unwrap_or((organization, standing));
            (Step::Lift { organization, version: version + stale }, system)
        }
        96 if dice.below(3) == 0 => (Step::Leave { organization, version: standing }, system),
        _ => {
            let (organization, version) = model.organization_that_is(dice, "left").unwrap_or((organization, standing));
            (Step::Readmit { organization, version: version + stale }, system)
        }
    }
}

impl Step {
    pub fn name(&self) -> &'static str {
        match self {
            Step::SignIn { .. } => SignIn::NAME,
            Step::SignOut => SignOut::NAME,
            Step::Draft { .. } => SaveDraft::NAME,
            Step::Submit { .. } => SubmitRequest::NAME,
            Step::Amend { .. } => AmendRequest::NAME,
            Step::Withdraw { .. } => WithdrawRequest::NAME,
            Step::Return { .. } => ReturnRequest::NAME,
            Step::Read { .. } => ReadRequest::NAME,
            Step::Close { .. } => CloseRound::NAME,
            Step::Reopen { .. } => ReopenRound::NAME,
            Step::Start { .. } => StartRun::NAME,
            Step::Stop { .. } => StopRun::NAME,
            Step::SetRole { .. } => SetRole::NAME,
            Step::TakeRole { .. } => TakeRole::NAME,
            Step::Deactivate { .. } => DeactivatePerson::NAME,
            Step::Reactivate { .. } => ReactivatePerson::NAME,
            Step::Suspend { .. } => SuspendOrganization::NAME,
            Step::Lift { .. } => LiftSuspension::NAME,
            Step::Leave { .. } => LetOrganizationLeave::NAME,
            Step::Readmit { .. } => ReadmitOrganization::NAME,
        }
    }

    pub fn has_key(&self) -> bool {
        !matches!(self, Step::SignIn { .. } | Step::SignOut | Step::Read { .. })
    }

    /// The call as JSON, under its own field names.
    #[rustfmt::skip]
    fn body(&self, who: &str, password: impl Fn(&str) -> String) -> Value {
        match self.clone() {
            Step::SignIn { right } => {
                let password = if right { password(who) } else { "wrong".into() };
                json!({ "login": who, "password": Password(password), "code": null })
            }
            Step::SignOut => json!({}),
            Step::Draft { request, round, version, content, .. } | Step::Submit { request, round, version, content, .. } => {
                json!({ "id": request, "round": round, "version": version, "draft": content })
            }
            Step::Amend { request, version, content, .. } => json!({ "id": request, "version": version, "draft": content }),
            Step::Withdraw { request, version } => json!({ "id": request, "version": version }),
            Step::Return { request, version } => json!({ "id": request, "version": version, "note": "请补充" }),
            Step::Read { request } => json!({ "id": request }),
            Step::Close { round, version } | Step::Reopen { round, version } => json!({ "id": round, "version": version }),
            Step::Start { run, round } => json!({ "id": run, "round": round, "from_plan": null, "seconds": 5 }),
            Step::Stop { run } => json!({ "id": run }),
            Step::SetRole { person, organization, role } => json!({ "person": person, "organization": organization, "role": role }),
            Step::TakeRole { person, organization } => json!({ "person": person, "organization": organization }),
            Step::Deactivate { person } | Step::Reactivate { person } => json!({ "person": person }),
            Step::Suspend { organization, version } => {
                // The last day that a suspension may have is ten years ahead; a year is inside whatever today is.
                let until = backend::clock::civil_now("Asia/Shanghai").0 + chrono::Days::new(400);
                json!({ "id": organization, "version": version, "reason": "三次爽约", "until": until })
            }
            Step::Leave { organization, version } => json!({ "id": organization, "version": version, "reason": "自愿退出" }),
            Step::Lift { organization, version } | Step::Readmit { organization, version } => {
                json!({ "id": organization, "version": version })
            }
        }
    }

    pub async fn send(
        &self,
        client: &Client,
        who: &str,
        key: &str,
        password: impl Fn(&str) -> String,
    ) -> (u16, Vec<u8>) {
        let (_, method, path) = CALLS.iter().find(|(name, _, _)| *name == self.name()).expect("a call");
        let (address, body) = (format!("{}{path}", client.url), self.body(who, password));
        let request = match method {
            Method::Get => client.http.get(address).query(&body),
            Method::Post => client.http.post(address).header(KEY_HEADER, key).json(&body),
        };
        let reply = request.send().await.expect("the server answers");
        let status = reply.status().as_u16();
        (status, reply.bytes().await.expect("a body").to_vec())
    }
}
