//! `user bootstrap`: the first person of an alliance comes in by a link that is good once.

use super::serving;
use super::{Bootstrap, ForgetSecondFactor, User, UserCommand};
use crate::clock;
use crate::invitations;
use crate::store::alliances::AllianceRecord;
use crate::store::{By, Deed, Store, StoreError, alliances, people, second_factors, sessions};
use anyhow::Context;
use domain::event::Event;
use domain::id::AllianceId;
use domain::people::Role;
use domain::time::PeriodTable;
use frontend::paths;
use std::net::SocketAddr;
use std::process::ExitCode;

/// A day: long enough to walk to a browser, short enough to be forgotten.
const LASTS_MS: i64 = 24 * 3600 * 1000;

pub fn user(flags: User) -> anyhow::Result<ExitCode> {
    match flags.command {
        UserCommand::Bootstrap(flags) => bootstrap(flags),
        UserCommand::ForgetSecondFactor(flags) => forget_second_factor(flags),
    }
}

fn bootstrap(flags: Bootstrap) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let alliance = AllianceId::try_from(flags.alliance).context("--alliance takes a short name without white space")?;
    let wanted = AllianceRecord {
        id: alliance,
        name: flags.name,
        zone: flags.zone,
        four_eyes: true,
        second_factor_required: true,
        key: None,
        periods: PeriodTable::usual(),
        catalog_version: 1,
        travel_default_min: 30,
    };
    let (invitation, token) = invitations::made(Role::SystemAdmin, None, None, LASTS_MS);
    serving::runtime()?.block_on(async {
        let store_config = serving::store_config(&config);
        Store::migrate(&store_config).await?;
        let store = Store::open(&store_config).await?;
        let change = store.work().await?;
        let refused = |problem: crate::problem::Problem| StoreError::Broken(problem.hint);
        let alliance = invitations::founded(&change, &wanted).await.map_err(refused)?;
        let deed = Deed {
            id: clock::new_id(),
            alliance,
            by: By::System,
            at_ms: clock::now_ms(),
            at_min: clock::civil_now(&wanted.zone).1,
            event: Event::PersonInvited,
            subject: invitation.id.to_string(),
            facts: Default::default(),
        };
        invitations::add(&change, deed, &invitation).await.map_err(refused)?;
        let committed = change.done(()).commit().await?;
        crate::audit::Anchor::in_dir(&config.data_dir).note(&committed.heads);
        anyhow::Ok(())
    })?;
    println!("{}", paths::join(&token));
    eprintln!("open this path on the server within a day: whoever does first becomes its system admin");
    Ok(ExitCode::SUCCESS)
}

/// Whoever runs it knows the person: nothing else proves who asks.
fn forget_second_factor(flags: ForgetSecondFactor) -> anyhow::Result<ExitCode> {
    let config = serving::config(&flags.storage, SocketAddr::from(([127, 0, 0, 1], 0)), false)?;
    let alliance = AllianceId::try_from(flags.alliance).context("--alliance takes a short name without white space")?;
    serving::runtime()?.block_on(async {
        let store = Store::open(&serving::store_config(&config)).await?;
        let change = store.work().await?;
        let zone = alliances::get(&change, &alliance).await?.zone;
        let found = people::by_login(&change, &alliance, &flags.login).await?;
        let (person, _) = found.with_context(|| format!("{} has no login {:?}", alliance, flags.login))?;
        second_factors::delete(&change, &alliance, &person.id).await?;
        sessions::delete_of(&change, &alliance, &person.id).await?;
        change.deed(Deed {
            id: clock::new_id(),
            alliance,
            by: By::System,
            at_ms: clock::now_ms(),
            at_min: clock::civil_now(&zone).1,
            event: Event::SecondFactorForgotten,
            subject: person.id.to_string(),
            facts: Default::default(),
        });
        let committed = change.done(()).commit().await?;
        crate::audit::Anchor::in_dir(&config.data_dir).note(&committed.heads);
        anyhow::Ok(())
    })?;
    eprintln!(
        "the password alone opens this login now; where a second factor is needed, the next one is asked for at once"
    );
    Ok(ExitCode::SUCCESS)
}
