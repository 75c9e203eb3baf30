//! Requests out of a spreadsheet: a template, a preview that saves nothing, and the import, in which every row becomes a
//! request in one commit or none does.
//!
//! A preview is kept nowhere. Whoever imports sends the file again with the hash that the preview told, so what was looked
//! at is what is imported; and it is read and judged again, because the world may have changed meanwhile.

use crate::app::{App, Caller};
use crate::clock;
use crate::names;
use crate::problem::Problem;
use crate::requests::write::{fresh, held_open, still_collecting};
use crate::requests::{own_organization, round_of, setting};
use crate::rounds;
use crate::spreadsheets;
use crate::store::requests::{RequestFilter, RequestRecord, StoryRecord};
use crate::store::{Change, Fact, Finished, Tx, requests};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::api::*;
use domain::catalog::Catalog;
use domain::id::*;
use domain::instance::Window;
use domain::request::{RequestDraft, RequestState};
use domain::round::Round;
use domain::rules::Setting;
use domain::sheet::{self, Book, Field, Line, Reading};
use domain::time::{MINUTES_PER_DAY, PeriodTable};
use domain::violation::Violation;
use frontend::text::imports as say;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use strum::VariantArray;

/// A table to be filled in, and what its cells may name.
pub async fn template(app: App, caller: Caller, _: ReadTemplate) -> Result<TemplateView, Problem> {
    caller.may(CallName::ReadTemplate)?;
    let organization = own_organization(caller.actor()?)?;
    let tx = app.read().await?;
    let catalog = app.catalog(&tx, &caller.alliance).await?;
    let book = Book::of(&catalog, &organization);
    let lang = caller.lang;
    let headings = |field: &Field| lang.pick(field.headings()[0], field.headings()[1]).to_owned();
    let hints = Field::VARIANTS.iter().map(|field| say::hint(lang, *field).to_owned());
    let first = SheetTable {
        name: say::sheet(lang).into(),
        rows: vec![
            Field::VARIANTS.iter().map(headings).collect(),
            noted(hints),
            noted(sheet::write(&example(&catalog, &organization), &book)),
        ],
    };
    let kinds = [
        (Field::Cohorts, &book.cohorts),
        (Field::Rooms, &book.rooms),
        (Field::Features, &book.features),
        (Field::Equipment, &book.equipment),
        (Field::Skills, &book.skills),
        (Field::WantedInstructors, &book.instructors),
    ];
    let longest = kinds.iter().map(|(_, names)| names.all.len()).max().unwrap_or_default();
    let mut names = vec![kinds.iter().map(|(field, _)| headings(field)).collect::<Vec<_>>()];
    let name = |names: &sheet::Names, at: usize| names.all.get(at).map(|name| names.written(&name.id));
    names.extend((0..longest).map(|at| kinds.iter().map(|(_, of)| name(of, at).unwrap_or_default()).collect()));
    let second = SheetTable {
        name: say::names_sheet(lang).into(),
        rows: names,
    };
    Ok(TemplateView {
        name: say::file_name(lang).into(),
        tables: vec![first, second],
    })
}

/// A row that is a note: it is passed over when the table is read.
fn noted(cells: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut cells: Vec<String> = cells.into_iter().collect();
    if let Some(first) = cells.first_mut() {
        *first = format!("# {first}");
    }
    cells
}

/// Two lessons of two periods for the first of the own cohorts, on three mornings.
fn example(catalog: &Catalog, organization: &OrganizationId) -> RequestDraft {
    let mut own = catalog
        .cohorts
        .iter()
        .filter(|cohort| cohort.organization == *organization);
    let cohort = own.next();
    let morning = |day: i64| {
        let part = catalog.periods.parts().first().map(|(_, span)| *span)?;
        let span = part.shifted(day * MINUTES_PER_DAY);
        Some(Window { span, preference: 0 })
    };
    RequestDraft {
        purpose: catalog
            .features
            .first()
            .map(|word| word.name.clone())
            .unwrap_or_default(),
        lessons: 2,
        minutes: lesson_minutes(&catalog.periods),
        headcount: cohort.map_or(1, |cohort| cohort.headcount),
        cohorts: cohort.map(|cohort| cohort.id.clone()).into_iter().collect(),
        windows: [0, 2, 3].into_iter().filter_map(morning).collect(),
        ..RequestDraft::blank()
    }
}

fn lesson_minutes(periods: &PeriodTable) -> i64 {
    periods.lesson_minutes(2).unwrap_or(RequestDraft::blank().minutes)
}

/// How a file would be imported; nothing is saved.
pub async fn preview(app: App, caller: Caller, call: PreviewImport) -> Result<ImportView, Problem> {
    caller.may(CallName::PreviewImport)?;
    let world = World::now(&app, &caller, &call.round).await?;
    let organization = world.setting.organization.clone();
    let file = bytes(call.file)?;
    let judged = judged(&app, file, world.book(), world.setting.clone()).await?;
    let tx = app.read().await?;
    let names = names::of(&world.catalog);
    let rows = with_likes(&tx, &caller, &world.round, &organization, judged.reading.rows).await?;
    Ok(ImportView {
        round: rounds::summary(&tx, &caller, &world.round).await?,
        now_at_min: caller.now_at_min,
        sha256: judged.sha256,
        rows,
        faults: judged.reading.faults,
        faults_total: judged.reading.faults_total as i64,
        barred: judged.reading.barred,
        names: names::with_cohorts(names, &world.catalog, |cohort| cohort.organization == organization),
    })
}

/// What rows are read and judged against.
struct World {
    round: Round,
    catalog: Arc<Catalog>,
    setting: Setting,
}

impl World {
    /// That of a round which still collects.
    async fn now(app: &App, caller: &Caller, round: &RoundId) -> Result<Self, Problem> {
        let organization = own_organization(caller.actor()?)?;
        let tx = app.read().await?;
        let world = Self::of(app, &tx, caller, round, &organization).await?;
        still_collecting(caller, &world.round)?;
        Ok(world)
    }

    async fn of(
        app: &App,
        tx: &Tx,
        caller: &Caller,
        round: &RoundId,
        organization: &OrganizationId,
    ) -> Result<Self, Problem> {
        let round = round_of(tx, caller, round).await?;
        let catalog = app.catalog(tx, &caller.alliance).await?;
        let setting = setting(tx, caller, &catalog, &round, organization).await?;
        Ok(Self {
            round,
            catalog,
            setting,
        })
    }

    fn book(&self) -> Book {
        Book::of(&self.catalog, &self.setting.organization)
    }
}

fn bytes(file: FileText) -> Result<Vec<u8>, Problem> {
    let file = BASE64_STANDARD.decode(file.0);
    let file = file.map_err(|error| Problem::malformed(format!("file: {error}")))?;
    match file.len() > FILE_BYTES_MAX {
        true => Err(Problem::new(ProblemCode::TooLarge)),
        false => Ok(file),
    }
}

/// A file that was read, and judged in this setting.
pub struct Judged {
    sha256: String,
    table: Vec<Line>,
    book: Book,
    setting: Setting,
    reading: Reading,
}

async fn judged(app: &App, file: Vec<u8>, book: Book, setting: Setting) -> Result<Judged, Problem> {
    let work = move || {
        let table = spreadsheets::read(&file)?;
        Ok(Judged {
            sha256: hex::encode(Sha256::digest(&file)),
            reading: sheet::read(&table, &book, &setting),
            table,
            book,
            setting,
        })
    };
    app.reading_room.occupied(work).await
}

/// Each row beside the request of this round that asks for the very same, so that nobody asks twice by accident.
async fn with_likes(
    tx: &Tx,
    caller: &Caller,
    round: &Round,
    organization: &OrganizationId,
    rows: Vec<sheet::ReadRow>,
) -> Result<Vec<ImportRow>, Problem> {
    let own = RequestFilter {
        round: Some(round.id.clone()),
        organization: Some(organization.clone()),
        ..Default::default()
    };
    let known = requests::list(tx, &caller.alliance, &own).await?;
    let stands = |record: &&RequestRecord| {
        use RequestState::*;
        matches!(record.state, Draft | Submitted | Returned | Proposed)
    };
    let said =
        |draft: &RequestDraft| serde_json::to_string(draft).map_err(|error| Problem::internal(error.to_string()));
    let mut numbers = HashMap::new();
    for record in known.iter().filter(stands) {
        numbers.insert(said(&record.draft)?, record.number);
    }
    let row = |row: sheet::ReadRow| {
        let same = numbers.get(&said(&row.draft)?);
        Ok(ImportRow {
            row: row.row,
            same_as: same.map(|number| names::reference(round.week, *number)),
            draft: row.draft,
        })
    };
    rows.into_iter().map(row).collect()
}

/// Reads and judges the file before the change begins: that takes a while, and every other writer would wait.
pub async fn prepared(app: App, caller: Caller, call: ImportRequests) -> Result<Judged, Problem> {
    caller.may(CallName::ImportRequests)?;
    let world = World::now(&app, &caller, &call.round).await?;
    let judged = judged(&app, bytes(call.file)?, world.book(), world.setting.clone()).await?;
    match judged.sha256 == call.sha256 {
        true => Ok(judged),
        false => Err(Problem {
            hint: "another file than that of the preview".into(),
            ..Problem::new(ProblemCode::Stale)
        }),
    }
}

pub async fn import(
    app: App,
    caller: Caller,
    change: Change,
    call: ImportRequests,
    judged: Judged,
) -> Result<Finished<ImportedView>, Problem> {
    let actor = caller.actor()?.clone();
    let organization = own_organization(&actor)?;
    held_open(&change, &caller, &call.round).await?;
    let world = World::of(&app, &change, &caller, &call.round, &organization).await?;
    let reading = anew(judged, &world);
    if !reading.is_clean() {
        return Err(Problem::broken(refused(reading)));
    }
    let state = call.to_become.state();
    let record = |row: sheet::ReadRow| {
        let (id, round) = (RequestId::new(clock::new_id()), world.round.id.clone());
        fresh(&caller, &actor, id, round, organization.clone(), state, row.draft)
    };
    let records: Vec<RequestRecord> = reading.rows.into_iter().map(record).collect();
    let step = StoryRecord {
        state,
        at_min: caller.now_at_min,
        by: actor.person.clone(),
        note: String::new(),
    };
    let first = requests::insert_many(
        &change,
        &caller.alliance,
        (&world.round.id, &organization),
        &records,
        &step,
    )
    .await?;
    let count = records.len() as i64;
    change.fact("requests", count);
    change.fact("first", first);
    change.fact("state", Fact::Word(<&str>::from(state).into()));
    change.fact("file", Fact::Word(call.sha256));
    let reference = |number| names::reference(world.round.week, number);
    Ok(change.done(ImportedView {
        round: world.round.id.clone(),
        state,
        requests: count,
        first: reference(first),
        last: reference(first + count - 1),
    }))
}

/// What was judged, or judged anew where the world is another one by now.
fn anew(judged: Judged, world: &World) -> Reading {
    let book = world.book();
    match judged.setting == world.setting && judged.book == book {
        true => judged.reading,
        false => sheet::read(&judged.table, &book, &world.setting),
    }
}

/// What stands against an import, in the words of a problem: by row and column, of which the preview says more.
fn refused(reading: Reading) -> Vec<Violation> {
    let row = |fault: sheet::Fault| {
        let rule = fault.violation.as_ref().map(Violation::code);
        Violation::RowRefused {
            row: fault.row,
            column: fault.column,
            why: rule.unwrap_or(fault.code.into()).to_owned(),
        }
    };
    reading
        .barred
        .into_iter()
        .chain(reading.faults.into_iter().map(row))
        .collect()
}
