//! A made-up alliance like that of Chuxiong: members, bases, instructors, cohorts, and two weeks of requests.
//!
//! Pure and deterministic: the same week and seed give the same alliance, byte for byte; the seed moves only the
//! requests and the ledger. Every request passes `rules::check`; those of the running week nearly all have a place,
//! those of the coming one ask for more than there is.
//! It lacks passwords, plans and placements: whoever loads it makes those. All names are invented.

mod bases;
mod cohorts;
mod dice;
pub mod history;
mod instructors;
mod members;
mod requests;
#[cfg(test)]
mod tests;
mod trades;

use dice::Dice;
use domain::catalog::Catalog;
use domain::fairness::LedgerLine;
use domain::id::*;
use domain::people::Person;
use domain::request::RequestDraft;
use domain::round::Round;
use domain::rules::Setting;
use domain::standing::Standing;
use domain::time::{PeriodTable, Week};
use requests::Asked;

/// Requests submitted for the coming week.
pub const REQUESTS: usize = 160;
/// Requests of the week that runs.
pub const REQUESTS_NOW: usize = 60;
/// The seed when none is given.
pub const SEED_DEFAULT: u64 = 2;
/// Settled weeks in the ledger.
pub const PAST_WEEKS: usize = 8;

#[derive(Debug, Clone, PartialEq)]
pub struct Demo {
    pub alliance: AllianceId,
    pub name: String,
    pub zone: String,
    /// A plan is approved by somebody else than its maker.
    pub four_eyes: bool,
    pub week_today: Week,
    pub catalog: Catalog,
    pub people: Vec<Person>,
    /// The settled weeks of the ledger, oldest first, then the running week and the coming one, both open.
    pub rounds: Vec<Round>,
    pub requests_now: Vec<DemoRequest>,
    /// Of the coming week.
    pub requests: Vec<DemoRequest>,
    pub ledger: Vec<(Week, Vec<LedgerLine>)>,
}

/// A draft to be submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoRequest {
    pub id: RequestId,
    pub round: RoundId,
    pub organization: OrganizationId,
    pub person: PersonId,
    pub draft: RequestDraft,
}

/// The alliance as it stands in `week_today`, with the requests of the week after it.
pub fn alliance(week_today: Week, seed: u64) -> Demo {
    let coming = week_today.next();
    let mut dice = Dice::new(seed);
    let catalog = catalog(coming);
    let people = members::people();
    let asked = Asked {
        week: coming,
        requests: REQUESTS,
        prefix: "ask",
        days: requests::HOLIDAY_DAYS,
    };
    let asked_now = Asked {
        week: week_today,
        requests: REQUESTS_NOW,
        prefix: "now",
        days: requests::USUAL_DAYS,
    };
    let requests = requests::submitted(&catalog, &people, &asked, &mut dice);
    let ledger = history::ledger(&catalog.organizations, week_today, &mut dice);
    let requests_now = requests::submitted(&catalog, &people, &asked_now, &mut dice);
    Demo {
        alliance: AllianceId::new("chuxiong"),
        name: "楚雄产教联盟".into(),
        zone: catalog.zone.clone(),
        four_eyes: true,
        week_today,
        rounds: history::rounds(week_today),
        catalog,
        people,
        requests_now,
        requests,
        ledger,
    }
}

/// What the alliance has, with the holiday, the closures and the agreements placed around the coming week.
fn catalog(coming: Week) -> Catalog {
    Catalog {
        zone: "Asia/Shanghai".into(),
        periods: PeriodTable::usual(),
        special_days: bases::special_days(coming),
        travel: bases::travel(),
        travel_default_min: 30,
        features: bases::features(),
        skills: instructors::skills(),
        organizations: members::organizations(),
        bases: bases::bases(),
        rooms: bases::rooms(),
        equipment: bases::equipment(),
        instructors: instructors::pool(coming),
        cohorts: cohorts::cohorts(coming),
        blackouts: bases::blackouts(coming),
        gone: Default::default(),
    }
}

/// What a draft of one member is judged against.
fn setting(catalog: &Catalog, week: Week, organization: &OrganizationId) -> Setting {
    let guarded = catalog.equipment.iter().filter(|kind| kind.qualification_needed);
    let own = catalog
        .cohorts
        .iter()
        .filter(|cohort| cohort.organization == *organization);
    Setting {
        week,
        organization: organization.clone(),
        quota: catalog
            .organizations
            .iter()
            .find(|member| member.id == *organization)
            .and_then(|member| member.quota),
        standing: Standing::good(),
        world: catalog.world(week),
        cohorts: own.cloned().collect(),
        special_days: catalog.special_days.clone(),
        qualification_needed: guarded.map(|kind| kind.id.clone()).collect(),
    }
}
