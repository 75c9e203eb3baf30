//! Every page with whoever reads most on it, and how many statements a reading asks the database, by the server's own figure.

use crate::server::{Client, Server};
use anyhow::{Context, Result, anyhow, ensure};
use domain::api::*;
use domain::round::RoundState;
use frontend::paths;

/// A page is good for this many statements, whatever the number of rows.
pub const STATEMENTS_MAX: u64 = 12;

/// One reader on one page.
pub struct Reading {
    pub who: &'static str,
    pub client: Client,
    pub path: String,
}

/// Each page that is read by a GET. The server's demo has to have its logins.
pub async fn readings(server: &Server) -> Result<Vec<Reading>> {
    let signed_in = async |login: &str| server.client(server.login(login)).await;
    let (visitor, member, admin) = (
        server.visitor(),
        signed_in("li.jishi").await?,
        signed_in("wang.jishi").await?,
    );
    let (instructor, auditor) = (signed_in("he.daoshi").await?, signed_in("yang.shenji").await?);
    let (coordinator, system) = (signed_in("chen.paike").await?, signed_in("duan.xitong").await?);
    let known = Things::read(&member, &coordinator, &admin).await?;
    let things: Vec<&str> = known.public.iter().map(String::as_str).collect();
    let public = [
        paths::HOME,
        paths::TIMETABLE,
        paths::CATALOG,
        paths::INSTRUCTORS,
        paths::FAIRNESS,
    ];
    let mut all = of("visitor", &visitor, &[&public[..], &things, &[paths::SIGN_IN]].concat());
    let own = [
        paths::REQUESTS,
        paths::REQUEST_NEW,
        paths::IMPORT,
        &known.request,
        &known.edit,
        paths::ACCOUNT,
    ];
    all.extend(of("requester", &member, &[&public[..], &things, &own].concat()));
    let planned = [
        paths::REQUESTS,
        &known.request,
        paths::ROUNDS,
        &known.round,
        &known.board,
    ];
    let planned = [&public[..], &planned, &[paths::NOTICES, paths::ACCOUNT]].concat();
    all.extend(of("coordinator", &coordinator, &planned));
    let people = [paths::HOME, paths::PEOPLE, &known.person];
    all.extend(of("organization's admin", &admin, &people));
    let people = [&people[..], &[&known.erase, paths::ORGANIZATIONS, paths::ACCOUNT]].concat();
    all.extend(of("system admin", &system, &people));
    all.extend(of("instructor", &instructor, &public));
    all.extend(of("auditor", &auditor, &[paths::HOME, paths::AUDIT]));
    Ok(all)
}

/// One reader on several pages.
pub fn of(who: &'static str, client: &Client, paths: &[&str]) -> Vec<Reading> {
    let reading = |path: &&str| Reading {
        who,
        client: client.clone(),
        path: path.to_string(),
    };
    paths.iter().map(reading).collect()
}

/// What pages are about: one thing of each kind.
struct Things {
    public: Vec<String>,
    request: String,
    edit: String,
    round: String,
    board: String,
    person: String,
    erase: String,
}

impl Things {
    async fn read(member: &Client, coordinator: &Client, admin: &Client) -> Result<Self> {
        let failed = |problem: Problem| anyhow!("{problem:?}");
        let catalog = member.call(&ReadCatalog {}).await.map_err(failed)?;
        let room = catalog.rooms.first().context("a room")?;
        let equipment = catalog.equipment.first().context("equipment")?;
        let instructor = catalog.instructors.first().context("an instructor")?;
        let list = ListRequests {
            round: None,
            organization: None,
            state: None,
        };
        let listed = member.call(&list).await.map_err(failed)?;
        let in_state = |wanted: fn(RoundState) -> bool| listed.rounds.iter().find(move |round| wanted(round.state));
        let open = in_state(|state| state == RoundState::Open).context("an open round")?;
        let public = in_state(RoundState::is_public).context("a published round")?;
        let asked = listed.requests.iter().find(|row| row.round == open.id);
        let granted = listed.requests.iter().find(|row| row.round == public.id);
        let round = coordinator.call(&ReadRound { id: public.id.clone() }).await;
        ensure!(!round.map_err(failed)?.plans.is_empty(), "it has a plan");
        let people = admin.call(&ListPeople { organization: None }).await.map_err(failed)?;
        let other = people
            .people
            .iter()
            .find(|person| !person.own)
            .context("somebody else")?;
        Ok(Self {
            public: vec![
                paths::room(&room.id),
                paths::equipment(&equipment.id),
                paths::instructor(&instructor.id),
            ],
            request: paths::request(&granted.context("a result")?.id),
            edit: paths::request_edit(&asked.context("a request that waits")?.id),
            round: paths::round(&public.id),
            board: paths::board(&public.id),
            person: paths::person(&other.id),
            erase: paths::person_erase(&other.id),
        })
    }
}

impl Reading {
    /// How many statements the page asked for. Nobody else may ask for anything meanwhile.
    pub async fn statements(&self) -> Result<u64> {
        let before = asked(&self.client).await?;
        let (status, page) = self.client.page(&self.path).await;
        ensure!(status == 200, "{} of a {}: {status} {page}", self.path, self.who);
        Ok(asked(&self.client).await? - before)
    }
}

async fn asked(client: &Client) -> Result<u64> {
    let (_, figures) = client.page("/metrics").await;
    let of_paths = figures
        .lines()
        .filter(|line| line.starts_with("gongxun_statements_total{"));
    let numbers = of_paths.map(|line| line.rsplit(' ').next().unwrap_or_default().parse::<u64>());
    Ok(numbers.sum::<Result<u64, _>>()?)
}
