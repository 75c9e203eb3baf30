//! What the stream has made, in memory. What its calls do is `rules`.

mod rules;

use super::step::Step;
use super::{CALLERS, State, VISITOR};
use crate::week::faults::Dice;
use backend::clock::new_id;
use domain::people::Role;
use domain::request::RequestDraft;
use domain::round::Round;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ORGANIZATIONS: [&str; 3] = ["jishi", "zhiyuan", "zhigao"];
/// Wrong ones in a row; one more is left before the last that is allowed, so that neither an answer nor the log hangs on the
/// clock, by which tries are forgotten.
const TRIES_MAX: usize = 6;

struct Person {
    role: Role,
    organization: Option<String>,
    seats: BTreeMap<Option<String>, Role>,
    active: bool,
    signed_in: bool,
    /// Wrong ones since the last right one.
    tries: usize,
}

struct Request {
    organization: String,
    round: String,
    state: &'static str,
    version: i64,
    content: Value,
    owner: String,
    /// It was submitted once; what never was is nobody else's business, whatever became of it.
    filed: bool,
}

struct Week {
    state: &'static str,
    version: i64,
}

struct Run {
    round: String,
    stop_asked: bool,
}

pub struct Model {
    people: BTreeMap<&'static str, Person>,
    requests: BTreeMap<String, Request>,
    rounds: BTreeMap<String, Week>,
    runs: BTreeMap<String, Run>,
    standings: BTreeMap<&'static str, (&'static str, i64)>,
    /// What was sent under a key that had its effect.
    keys: BTreeMap<(&'static str, String), Step>,
    log: Vec<(String, String, String)>,
    drafts: BTreeMap<String, RequestDraft>,
}

impl Model {
    pub fn new(made: &[Round], drafts: &BTreeMap<String, RequestDraft>) -> Self {
        let role = |who: &str| match who {
            "wang.jishi" => Role::OrganizationAdmin,
            "chen.paike" => Role::Coordinator,
            "yang.shenji" => Role::Auditor,
            "duan.xitong" => Role::SystemAdmin,
            _ => Role::Requester,
        };
        let person = |who: &&'static str| {
            let home = who.split('.').nth(1).filter(|home| ORGANIZATIONS.contains(home));
            let (role, organization) = (role(who), home.map(str::to_owned));
            let person = Person {
                role,
                seats: BTreeMap::from([(organization.clone(), role)]),
                organization,
                active: true,
                signed_in: false,
                tries: 0,
            };
            (*who, person)
        };
        let week = |round: &Round| {
            let (state, version) = ("open", round.version);
            (round.id.to_string(), Week { state, version })
        };
        Self {
            people: CALLERS.iter().filter(|who| **who != VISITOR).map(person).collect(),
            requests: BTreeMap::new(),
            rounds: made.iter().map(week).collect(),
            runs: BTreeMap::new(),
            standings: ORGANIZATIONS.iter().map(|id| (*id, ("good", 0))).collect(),
            keys: BTreeMap::new(),
            log: Vec::new(),
            drafts: drafts.clone(),
        }
    }

    pub fn organizations(&self) -> impl Iterator<Item = &'static str> + use<> {
        ORGANIZATIONS.into_iter()
    }

    pub fn is_signed_in(&self, who: &str) -> bool {
        self.people.get(who).is_some_and(|person| person.signed_in)
    }

    /// Whoever has tried in vain often enough is let in with the right password only.
    pub fn may_try(&self, who: &str, right: bool) -> bool {
        let person = self.people.get(who);
        person.is_some_and(|person| person.tries < TRIES_MAX || right && person.active)
    }

    /// What the home organization of somebody may ask for; variation 0 has no purpose.
    pub fn content(&self, who: &str, variation: usize) -> Value {
        self.content_of(who.split('.').nth(1).unwrap_or_default(), variation)
    }

    fn content_of(&self, organization: &str, variation: usize) -> Value {
        let Some(draft) = self.drafts.get(organization) else {
            return Value::Null;
        };
        let mut content = json!(draft);
        content["purpose"] = if variation == 0 {
            json!("")
        } else {
            json!(format!("观摩 {variation}"))
        };
        content
    }

    /// Mostly one of the home organization's in one of these states, else any; one that is not there while there is none.
    pub fn some_request(&self, dice: &mut Dice, who: &str, states: &[&str]) -> (String, i64) {
        let home = who.split('.').nth(1).unwrap_or_default();
        let any = dice.below(8) == 0;
        let fits = |request: &Request| any || request.organization == home && states.contains(&request.state);
        let known: Vec<_> = self.requests.iter().filter(|(_, request)| fits(request)).collect();
        // The latest are those that can still change.
        let late = &known[known.len().saturating_sub(40)..];
        match late.is_empty() {
            true => (new_id(), 1),
            false => {
                let (id, request) = dice.one(late);
                ((*id).clone(), request.version)
            }
        }
    }

    pub fn some_round(&self, dice: &mut Dice) -> (String, i64) {
        if dice.below(20) == 0 {
            return ("nowhere".into(), 1);
        }
        let all: Vec<_> = self.rounds.iter().collect();
        let (id, week) = dice.one(&all);
        ((*id).clone(), week.version)
    }

    pub fn closed_round(&self, dice: &mut Dice) -> Option<(String, i64)> {
        let closed = self.rounds.iter().filter(|(_, week)| week.state == "closed");
        let closed: Vec<_> = closed.map(|(id, week)| (id.clone(), week.version)).collect();
        (!closed.is_empty()).then(|| dice.one(&closed).clone())
    }

    pub fn some_run(&self, dice: &mut Dice) -> String {
        let all: Vec<_> = self.runs.keys().cloned().collect();
        if all.is_empty() {
            new_id()
        } else {
            dice.one(&all).clone()
        }
    }

    pub fn some_inactive(&self, dice: &mut Dice) -> Option<String> {
        let shut = self.people.iter().filter(|(_, person)| !person.active);
        let shut: Vec<_> = shut.map(|(who, _)| (*who).to_owned()).collect();
        (!shut.is_empty()).then(|| dice.one(&shut).clone())
    }

    pub fn organization_that_is(&self, dice: &mut Dice, state: &str) -> Option<(String, i64)> {
        let such = self.standings.iter().filter(|(_, (now, _))| *now == state);
        let such: Vec<_> = such.map(|(id, (_, version))| ((*id).to_owned(), *version)).collect();
        (!such.is_empty()).then(|| dice.one(&such).clone())
    }

    pub fn some_organization(&self, dice: &mut Dice) -> (String, i64) {
        let id = *dice.one(&ORGANIZATIONS);
        (id.to_owned(), self.standings[id].1)
    }

    pub fn state(&self) -> State {
        let word = |role: Role| <&str>::from(role).to_owned();
        let request = |(id, request): (&String, &Request)| {
            let Request {
                organization,
                round,
                state,
                version,
                content,
                owner,
                ..
            } = request;
            let (round, organization) = (round.clone(), organization.clone());
            (
                id.clone(),
                round,
                organization,
                (*state).to_owned(),
                *version,
                owner.clone(),
                content.to_string(),
            )
        };
        let mut memberships = BTreeSet::new();
        for (who, person) in &self.people {
            for (seat, role) in &person.seats {
                memberships.insert(((*who).to_owned(), seat.clone(), word(*role)));
            }
        }
        let person = |(who, person): (&&'static str, &Person)| {
            (
                (*who).to_owned(),
                word(person.role),
                person.organization.clone(),
                person.active,
            )
        };
        let round = |(id, week): (&String, &Week)| (id.clone(), week.state.to_owned(), week.version);
        let run = |(id, run): (&String, &Run)| (id.clone(), "queued".to_owned(), run.stop_asked);
        let standing = |(id, (state, version)): (&&'static str, &(&'static str, i64))| {
            ((*id).to_owned(), (*state).to_owned(), *version)
        };
        State {
            requests: self.requests.iter().map(request).collect(),
            rounds: self.rounds.iter().map(round).collect(),
            runs: self.runs.iter().map(run).collect(),
            people: self.people.iter().map(person).collect(),
            memberships,
            standings: self.standings.iter().map(standing).collect(),
            log: self.log.clone(),
        }
    }
}
