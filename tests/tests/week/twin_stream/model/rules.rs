//! What the calls of the stream do, written down once more from the rules alone: no database, no code of the server.

use super::{Model, Person, Request, Run};
use crate::week::twin_stream::step::{Sent, Step};
use domain::people::Role;
use serde_json::Value;

/// A status that is not 200.
type Refused = u16;

impl Model {
    /// The status of the answer; what the call does is done.
    pub fn answer(&mut self, sent: &Sent) -> u16 {
        self.judged(sent).err().unwrap_or(200)
    }

    fn judged(&mut self, sent: &Sent) -> Result<(), Refused> {
        match &sent.step {
            Step::SignIn { right } => return self.sign_in(sent.who, *right),
            Step::SignOut => {
                if let Some(person) = self.people.get_mut(sent.who).filter(|person| person.signed_in) {
                    person.signed_in = false;
                    self.told("session.closed", sent.who, sent.who);
                }
                return Ok(());
            }
            _ => {}
        }
        self.door(sent.who, &sent.step)?;
        let key = (sent.who, sent.key.clone());
        match self.keys.get(&key).filter(|_| sent.step.has_key()) {
            Some(before) if *before == sent.step => return Ok(()),
            Some(_) => return Err(422),
            None => {}
        }
        self.done(sent.who, &sent.step)?;
        if sent.step.has_key() {
            self.keys.insert(key, sent.step.clone());
        }
        Ok(())
    }

    fn told(&mut self, event: &str, who: &str, subject: &str) {
        self.log.push((event.into(), who.into(), subject.into()));
    }

    fn sign_in(&mut self, who: &'static str, right: bool) -> Result<(), Refused> {
        let person = self.people.get_mut(who).ok_or(401_u16)?;
        if !right || !person.active {
            person.tries += 1;
            return Err(401);
        }
        (person.tries, person.signed_in) = (0, true);
        self.told("session.opened", who, who);
        Ok(())
    }

    /// Who may make such a call at all, and what others are told.
    fn door(&self, who: &str, step: &Step) -> Result<(), Refused> {
        use Role::*;
        let person = self.people.get(who).filter(|person| person.signed_in).ok_or(401_u16)?;
        let (allowed, told): (&[Role], u16) = match step {
            Step::SignIn { .. } | Step::SignOut => return Ok(()),
            Step::Draft { .. } | Step::Submit { .. } | Step::Amend { .. } => (&[Requester, OrganizationAdmin], 403),
            Step::Withdraw { .. } => (&[Requester, OrganizationAdmin], 404),
            Step::Return { .. } => (&[Coordinator], 404),
            Step::Read { .. } => (&[Requester, OrganizationAdmin, Coordinator], 404),
            Step::Close { .. } | Step::Reopen { .. } | Step::Start { .. } | Step::Stop { .. } => (&[Coordinator], 403),
            Step::SetRole { .. } | Step::TakeRole { .. } => (&[OrganizationAdmin, SystemAdmin], 403),
            Step::Deactivate { .. } | Step::Reactivate { .. } => (&[OrganizationAdmin, SystemAdmin], 403),
            Step::Suspend { .. } | Step::Lift { .. } | Step::Leave { .. } | Step::Readmit { .. } => {
                (&[SystemAdmin], 403)
            }
        };
        if allowed.contains(&person.role) {
            Ok(())
        } else {
            Err(told)
        }
    }

    fn done(&mut self, who: &'static str, step: &Step) -> Result<(), Refused> {
        match step {
            Step::SignIn { .. } | Step::SignOut => Ok(()),
            Step::Draft {
                request,
                round,
                version,
                content,
                ..
            } => self.write(who, request, Some(round), *version, content, Write::Draft),
            Step::Submit {
                request,
                round,
                version,
                content,
                ..
            } => self.write(who, request, Some(round), *version, content, Write::Submit),
            Step::Amend {
                request,
                version,
                content,
                ..
            } => self.write(who, request, None, *version, content, Write::Amend),
            Step::Withdraw { request, version } => {
                let found = self.own_request(who, request)?;
                let open = self.rounds[&found.round].state == "open";
                let may = matches!(found.state, "draft" | "submitted" | "returned");
                self.change(who, request, *version, open && may, "withdrawn", "request.withdrawn")
            }
            Step::Return { request, version } => {
                let found = self.requests.get(request).filter(|found| found.filed);
                let found = found.ok_or(404_u16)?;
                let may = self.rounds[&found.round].state == "open" && found.state == "submitted";
                self.change(who, request, *version, may, "returned", "request.returned")
            }
            Step::Read { request } => match self.people[who].role {
                Role::Coordinator => {
                    let found = self.requests.get(request).filter(|found| found.filed);
                    found.map(|_| ()).ok_or(404)
                }
                _ => self.own_request(who, request).map(|_| ()),
            },
            Step::Close { round, version } => {
                self.turn(round, *version, &["open"], "closed")?;
                let left = self.requests.values_mut().filter(|request| request.round == *round);
                for request in left.filter(|request| matches!(request.state, "draft" | "returned")) {
                    request.state = "expired";
                    request.version += 1;
                }
                self.told("round.closed", who, round);
                Ok(())
            }
            Step::Reopen { round, version } => {
                self.turn(round, *version, &["closed"], "open")?;
                self.told("round.reopened", who, round);
                Ok(())
            }
            Step::Start { run, round } => self.start(who, run, round),
            Step::Stop { run } => {
                let found = self.runs.get_mut(run).ok_or(404_u16)?;
                if !std::mem::replace(&mut found.stop_asked, true) {
                    self.told("run.stopped", who, run);
                }
                Ok(())
            }
            Step::SetRole {
                person,
                organization,
                role,
            } => self.set_role(who, person, organization, *role),
            Step::TakeRole { person, organization } => self.take_role(who, person, organization),
            Step::Deactivate { person } => self.set_active(who, person, false),
            Step::Reactivate { person } => self.set_active(who, person, true),
            Step::Suspend { organization, version } => {
                let (from, event) = (&["good", "suspended"][..], "organization.suspended");
                self.stand(who, organization, *version, from, "suspended", event)
            }
            Step::Lift { organization, version } => {
                let event = "organization.suspension_lifted";
                self.stand(who, organization, *version, &["suspended"], "good", event)
            }
            Step::Leave { organization, version } => {
                let (from, event) = (&["good", "suspended"][..], "organization.left");
                self.stand(who, organization, *version, from, "left", event)
            }
            Step::Readmit { organization, version } => self.stand(
                who,
                organization,
                *version,
                &["left"],
                "good",
                "organization.readmitted",
            ),
        }
    }

    /// A request of the organization that somebody acts for; any other is not there.
    fn own_request(&self, who: &str, request: &str) -> Result<&Request, Refused> {
        let own = self.people[who].organization.as_ref();
        let found = self.requests.get(request);
        found.filter(|found| Some(&found.organization) == own).ok_or(404)
    }

    fn change(
        &mut self,
        who: &str,
        request: &str,
        version: i64,
        may: bool,
        to: &'static str,
        event: &str,
    ) -> Result<(), Refused> {
        let found = self.requests.get_mut(request).ok_or(404_u16)?;
        if !may || found.version != version {
            return Err(409);
        }
        (found.state, found.version) = (to, version + 1);
        self.told(event, who, request);
        Ok(())
    }

    fn write(
        &mut self,
        who: &'static str,
        request: &str,
        round: Option<&String>,
        version: i64,
        content: &Value,
        write: Write,
    ) -> Result<(), Refused> {
        let organization = self.people[who].organization.clone().ok_or(403_u16)?;
        if self.requests.contains_key(request) {
            self.own_request(who, request)?;
        }
        let before = self.requests.get(request);
        let reached = if write == Write::Draft { "draft" } else { "submitted" };
        let again =
            |found: &Request| found.state == reached && found.version == version + 1 && found.content == *content;
        if before.is_some_and(again) {
            return Ok(());
        }
        let round = before.map(|found| &found.round).or(round).ok_or(404_u16)?.clone();
        if self.rounds.get(&round).ok_or(404_u16)?.state != "open" {
            return Err(409);
        }
        let state = match (write, before.map(|found| found.state)) {
            (Write::Draft, None | Some("draft")) => "draft",
            (Write::Draft, Some("returned")) => "returned",
            (Write::Submit, None | Some("draft" | "returned")) => "submitted",
            (Write::Amend, Some("submitted")) => "submitted",
            _ => return Err(409),
        };
        if write != Write::Draft {
            let fits = (1..6).any(|variation| *content == self.content_of(&organization, variation));
            let barred = self
                .standings
                .get(organization.as_str())
                .is_some_and(|(state, _)| *state != "good");
            if !fits || barred {
                return Err(422);
            }
        }
        if before.map_or(0, |found| found.version) != version {
            return Err(409);
        }
        let owner = before.map_or_else(|| who.to_owned(), |found| found.owner.clone());
        let after = Request {
            filed: state == "submitted" || before.is_some_and(|found| found.filed),
            organization,
            round,
            state,
            version: version + 1,
            content: content.clone(),
            owner,
        };
        self.requests.insert(request.to_owned(), after);
        let event = match write {
            Write::Draft => "request.drafted",
            Write::Submit => "request.submitted",
            Write::Amend => "request.amended",
        };
        self.told(event, who, request);
        Ok(())
    }

    fn turn(&mut self, round: &str, version: i64, from: &[&str], to: &'static str) -> Result<(), Refused> {
        let week = self.rounds.get_mut(round).ok_or(404_u16)?;
        if !from.contains(&week.state) || week.version != version {
            return Err(409);
        }
        (week.state, week.version) = (to, version + 1);
        Ok(())
    }

    fn start(&mut self, who: &str, run: &str, round: &str) -> Result<(), Refused> {
        if self.runs.contains_key(run) {
            return Ok(());
        }
        let version = self.rounds.get(round).ok_or(404_u16)?.version;
        // Nobody works, so a run that was started stays, and its round with it.
        if self.runs.values().any(|known| known.round == round) {
            return Err(409);
        }
        self.turn(round, version, &["closed", "planning", "review"], "planning")?;
        let (round, stop_asked) = (round.to_owned(), false);
        self.runs.insert(run.to_owned(), Run { round, stop_asked });
        self.told("run.started", who, run);
        Ok(())
    }

    /// Whom somebody reaches: the alliance's admin everybody, an organization's admin whom it has.
    fn reached(&self, who: &str, person: &str) -> Result<&Person, Refused> {
        let (actor, found) = (&self.people[who], self.people.get(person).ok_or(404_u16)?);
        let inside = actor.organization.is_some() && found.seats.contains_key(&actor.organization);
        if actor.role == Role::SystemAdmin || inside {
            Ok(found)
        } else {
            Err(404)
        }
    }

    fn may_give(&self, who: &str, organization: &Option<String>, role: Role) -> Result<(), Refused> {
        let actor = &self.people[who];
        let is_of_the_alliance = actor.role == Role::SystemAdmin;
        if !is_of_the_alliance && organization.is_some() && *organization != actor.organization {
            return Err(404);
        }
        let of_a_member = matches!(role, Role::Requester | Role::OrganizationAdmin | Role::Instructor);
        let gives = is_of_the_alliance || matches!(role, Role::Requester | Role::OrganizationAdmin);
        if of_a_member == organization.is_some() && gives {
            Ok(())
        } else {
            Err(403)
        }
    }

    fn set_role(&mut self, who: &str, person: &str, organization: &Option<String>, role: Role) -> Result<(), Refused> {
        let is_there = self.reached(who, person)?.seats.contains_key(organization);
        self.may_give(who, organization, role)?;
        if who == person {
            return Err(403);
        }
        if !is_there && self.people[who].role != Role::SystemAdmin {
            return Err(404);
        }
        let found = self.people.get_mut(person).ok_or(404_u16)?;
        if found.organization == *organization || found.seats.is_empty() {
            (found.role, found.organization) = (role, organization.clone());
        }
        found.seats.insert(organization.clone(), role);
        self.told("person.role_set", who, person);
        Ok(())
    }

    fn take_role(&mut self, who: &str, person: &str, organization: &Option<String>) -> Result<(), Refused> {
        let held = self.reached(who, person)?.seats.get(organization).copied();
        if who == person {
            return Err(403);
        }
        self.may_give(who, organization, held.ok_or(404_u16)?)?;
        let found = self.people.get_mut(person).ok_or(404_u16)?;
        found.seats.remove(organization);
        if found.organization == *organization {
            let other = found.seats.iter().next().map(|(seat, role)| (*role, seat.clone()));
            (found.role, found.organization) = other.unwrap_or((Role::Requester, None));
        }
        self.told("person.role_taken", who, person);
        Ok(())
    }

    fn set_active(&mut self, who: &str, person: &str, active: bool) -> Result<(), Refused> {
        let seats = self.reached(who, person)?.seats.clone();
        let alliance = self.people[who].role == Role::SystemAdmin;
        let own = |(seat, role): (&Option<String>, &Role)| alliance || self.may_give(who, seat, *role).is_ok();
        if who == person || !seats.iter().all(own) {
            return Err(403);
        }
        let found = self.people.get_mut(person).ok_or(404_u16)?;
        (found.active, found.signed_in) = (active, found.signed_in && active);
        let event = if active {
            "person.reactivated"
        } else {
            "person.deactivated"
        };
        self.told(event, who, person);
        Ok(())
    }

    fn stand(
        &mut self,
        who: &str,
        organization: &str,
        version: i64,
        from: &[&str],
        to: &'static str,
        event: &str,
    ) -> Result<(), Refused> {
        let standing = self.standings.get_mut(organization).ok_or(404_u16)?;
        if !from.contains(&standing.0) || standing.1 != version {
            return Err(409);
        }
        *standing = (to, version + 1);
        self.told(event, who, organization);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Write {
    Draft,
    Submit,
    Amend,
}
