//! The catalog as a whole: written in one go by an import or the demo, read in one go by everybody.

mod rows;

use super::alliances::{self, alliance_rows};
use super::columns::*;
use super::{StoreError, Tx, people};
use domain::catalog::{Base, Blackout, Catalog, Equipment, Named, Room};
use domain::id::{AllianceId, InstructorId};
use domain::people::{Agreement, Cohort, Instructor, Organization};
use domain::time::{Span, SpecialDay};
use rows::*;
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// Writes the catalog in place of what stood there, and says that it has changed.
///
/// Whatever people, requests and lessons still name must be in the new one: references are checked at commit.
pub async fn replace(tx: &Tx, alliance: &AllianceId, catalog: &Catalog) -> Result<(), StoreError> {
    let head = alliance_rows::ActiveModel {
        zone: set(catalog.zone.clone()),
        periods: set(json(&catalog.periods)?),
        travel_default_min: set(catalog.travel_default_min),
        ..Default::default()
    };
    let head = alliance_rows::Entity::update_many()
        .set(head)
        .filter(alliance_rows::Column::Id.eq(key(alliance)));
    found(head.exec(tx).await?.rows_affected)?;
    alliances::bump_catalog(tx, alliance).await?;
    delete_all(tx, alliance).await?;
    insert_members(tx, alliance, catalog).await?;
    insert_places(tx, alliance, catalog).await?;
    insert_days(tx, alliance, catalog).await
}

async fn delete_all(tx: &Tx, alliance: &AllianceId) -> Result<(), StoreError> {
    macro_rules! empty {
        ($($table:ident),+) => {$(
            $table::Entity::delete_many().filter($table::Column::AllianceId.eq(key(alliance))).exec(tx).await?;
        )+};
    }
    empty!(
        special_day_rows,
        travel_rows,
        blackout_rows,
        cohort_rows,
        instructor_rows,
        word_rows
    );
    empty!(equipment_rows, room_rows, base_rows, organization_rows);
    Ok(())
}

fn member_row(alliance: &AllianceId, position: i64, member: &Organization) -> organization_rows::Model {
    organization_rows::Model {
        alliance_id: key(alliance),
        id: key(&member.id),
        position,
        name: member.name.clone(),
        name_en: member.name_en.clone(),
        seal: member.seal.clone(),
        kind: word(member.kind),
        weight: member.weight,
        quota_min: member.quota,
    }
}

/// One more member, after those that are there.
pub async fn admit(tx: &Tx, alliance: &AllianceId, member: &Organization) -> Result<(), StoreError> {
    let members = organization_rows::Entity::find().filter(organization_rows::Column::AllianceId.eq(key(alliance)));
    let position = members.count(tx).await? as i64;
    insert_all::<organization_rows::Entity, _>(tx, vec![member_row(alliance, position, member)]).await?;
    alliances::bump_catalog(tx, alliance).await
}

/// Another name for an instructor of the pool; says the one that was there.
pub async fn rename_instructor(
    tx: &Tx,
    alliance: &AllianceId,
    instructor: &InstructorId,
    name: &str,
) -> Result<Option<String>, StoreError> {
    use instructor_rows::{Column, Entity};
    let known = Entity::find_by_id((key(alliance), key(instructor))).one(tx).await?;
    let named = Entity::update_many().col_expr(Column::Name, Expr::value(name));
    let named = named.filter(Column::AllianceId.eq(key(alliance)));
    named.filter(Column::Id.eq(key(instructor))).exec(tx).await?;
    alliances::bump_catalog(tx, alliance).await?;
    Ok(known.map(|known| known.name))
}

async fn insert_members(tx: &Tx, alliance: &AllianceId, catalog: &Catalog) -> Result<(), StoreError> {
    let organizations =
        numbered(&catalog.organizations).map(|(position, member)| member_row(alliance, position, member));
    insert_all::<organization_rows::Entity, _>(tx, organizations.collect()).await?;

    let instructors = numbered(&catalog.instructors).map(|(position, person)| {
        Ok(instructor_rows::Model {
            alliance_id: key(alliance),
            id: key(&person.id),
            position,
            name: person.name.clone(),
            kind: word(person.kind),
            industry: person.industry.clone(),
            organization_id: key(&person.organization),
            skills: json(&person.skills)?,
            available: json(&person.available)?,
            day_max_min: person.day_max_min,
            agreed_from: key(&person.agreement.from),
            agreed_until: key(&person.agreement.until),
            week_max_min: person.agreement.week_max_min,
            serves: json_or_null(&person.agreement.organizations)?,
        })
    });
    insert_all::<instructor_rows::Entity, _>(tx, instructors.collect::<Result<_, StoreError>>()?).await?;

    let cohorts = numbered(&catalog.cohorts).map(|(position, cohort)| {
        Ok(cohort_rows::Model {
            alliance_id: key(alliance),
            id: key(&cohort.id),
            position,
            organization_id: key(&cohort.organization),
            name: cohort.name.clone(),
            kind: word(cohort.kind),
            headcount: cohort.headcount,
            qualifications: json(&cohort.qualifications)?,
        })
    });
    insert_all::<cohort_rows::Entity, _>(tx, cohorts.collect::<Result<_, StoreError>>()?).await
}

async fn insert_places(tx: &Tx, alliance: &AllianceId, catalog: &Catalog) -> Result<(), StoreError> {
    let bases = numbered(&catalog.bases).map(|(position, base)| {
        Ok(base_rows::Model {
            alliance_id: key(alliance),
            id: key(&base.id),
            position,
            name: base.name.clone(),
            kind: word(base.kind),
            host_id: key_or_null(&base.host),
            address: base.address.clone(),
            open: json(&base.open)?,
            safety_induction: base.safety_induction,
        })
    });
    insert_all::<base_rows::Entity, _>(tx, bases.collect::<Result<_, StoreError>>()?).await?;

    let rooms = numbered(&catalog.rooms).map(|(position, room)| {
        Ok(room_rows::Model {
            alliance_id: key(alliance),
            id: key(&room.id),
            position,
            base_id: key(&room.base),
            center: room.center.clone(),
            name: room.name.clone(),
            part_of: key_or_null(&room.part_of),
            features: json(&room.features)?,
            seats: room.seats,
            open: json_or_null(&room.open)?,
            turnaround_min: room.turnaround_min,
        })
    });
    insert_all::<room_rows::Entity, _>(tx, rooms.collect::<Result<_, StoreError>>()?).await?;

    let equipment = numbered(&catalog.equipment).map(|(position, kind)| equipment_rows::Model {
        alliance_id: key(alliance),
        id: key(&kind.id),
        position,
        base_id: key(&kind.base),
        room_id: key_or_null(&kind.room),
        name: kind.name.clone(),
        units: kind.units,
        qualification_needed: kind.qualification_needed,
    });
    insert_all::<equipment_rows::Entity, _>(tx, equipment.collect()).await?;

    let features = numbered(&catalog.features).map(|(position, word)| word_row(alliance, FEATURE, position, word));
    let skills = numbered(&catalog.skills).map(|(position, word)| word_row(alliance, SKILL, position, word));
    insert_all::<word_rows::Entity, _>(tx, features.chain(skills).collect()).await?;

    let travel = numbered(&catalog.travel).map(|(position, (one, other, minutes))| travel_rows::Model {
        alliance_id: key(alliance),
        one_base_id: key(one),
        other_base_id: key(other),
        position,
        minutes: *minutes,
    });
    insert_all::<travel_rows::Entity, _>(tx, travel.collect()).await
}

async fn insert_days(tx: &Tx, alliance: &AllianceId, catalog: &Catalog) -> Result<(), StoreError> {
    let blackouts = numbered(&catalog.blackouts).map(|(position, blackout)| {
        Ok(blackout_rows::Model {
            alliance_id: key(alliance),
            id: blackout.id.clone(),
            position,
            what: json(&blackout.out)?,
            from_min: blackout.span.from,
            until_min: blackout.span.until,
            reason: blackout.reason.clone(),
        })
    });
    insert_all::<blackout_rows::Entity, _>(tx, blackouts.collect::<Result<_, StoreError>>()?).await?;

    let days = numbered(&catalog.special_days).map(|(position, day)| {
        Ok(special_day_rows::Model {
            alliance_id: key(alliance),
            date: key(&day.date),
            position,
            name: day.name.clone(),
            kind: json(&day.kind)?,
        })
    });
    insert_all::<special_day_rows::Entity, _>(tx, days.collect::<Result<_, StoreError>>()?).await
}

/// Everything, in the order in which it was written.
pub async fn load(tx: &Tx, alliance: &AllianceId) -> Result<Catalog, StoreError> {
    macro_rules! all {
        ($table:ident) => {{
            let rows = $table::Entity::find().filter($table::Column::AllianceId.eq(key(alliance)));
            rows.order_by_asc($table::Column::Position).all(tx).await?
        }};
    }
    let head = alliances::get(tx, alliance).await?;
    let (features, skills) = all!(word_rows).into_iter().partition(|word| word.kind == FEATURE);
    Ok(Catalog {
        zone: head.zone,
        periods: head.periods,
        special_days: each(all!(special_day_rows), read_special_day)?,
        travel: each(all!(travel_rows), |row| {
            Ok((
                id("travel", row.one_base_id)?,
                id("travel", row.other_base_id)?,
                row.minutes,
            ))
        })?,
        travel_default_min: head.travel_default_min,
        features: each(features, read_word)?,
        skills: each(skills, read_word)?,
        organizations: each(all!(organization_rows), read_organization)?,
        bases: each(all!(base_rows), read_base)?,
        rooms: each(all!(room_rows), read_room)?,
        equipment: each(all!(equipment_rows), read_equipment)?,
        instructors: each(all!(instructor_rows), read_instructor)?,
        cohorts: each(all!(cohort_rows), read_cohort)?,
        blackouts: each(all!(blackout_rows), read_blackout)?,
        gone: people::gone(tx, alliance).await?,
    })
}

fn numbered<T>(things: &[T]) -> impl Iterator<Item = (i64, &T)> {
    (0..).zip(things)
}

fn each<R, T>(rows: Vec<R>, read: impl Fn(R) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(read).collect()
}

fn word_row(alliance: &AllianceId, kind: &str, position: i64, word: &Named) -> word_rows::Model {
    word_rows::Model {
        alliance_id: key(alliance),
        kind: kind.to_owned(),
        id: word.id.clone(),
        position,
        name: word.name.clone(),
        name_en: word.name_en.clone(),
    }
}

fn read_word(row: word_rows::Model) -> Result<Named, StoreError> {
    Ok(Named {
        id: row.id,
        name: row.name,
        name_en: row.name_en,
    })
}

fn read_special_day(row: special_day_rows::Model) -> Result<SpecialDay, StoreError> {
    let (date, kind) = (
        from_date("special_days.date", &row.date)?,
        from_json("special_days.kind", &row.kind)?,
    );
    Ok(SpecialDay {
        date,
        name: row.name,
        kind,
    })
}

fn read_organization(row: organization_rows::Model) -> Result<Organization, StoreError> {
    Ok(Organization {
        id: id("organizations.id", row.id)?,
        name: row.name,
        name_en: row.name_en,
        seal: row.seal,
        kind: from_word("organizations.kind", &row.kind)?,
        weight: row.weight,
        quota: row.quota_min,
    })
}

fn read_base(row: base_rows::Model) -> Result<Base, StoreError> {
    Ok(Base {
        id: id("bases.id", row.id)?,
        name: row.name,
        kind: from_word("bases.kind", &row.kind)?,
        host: id_or_null("bases.host_id", row.host_id)?,
        address: row.address,
        open: from_json("bases.open", &row.open)?,
        safety_induction: row.safety_induction,
    })
}

fn read_room(row: room_rows::Model) -> Result<Room, StoreError> {
    Ok(Room {
        id: id("rooms.id", row.id)?,
        base: id("rooms.base_id", row.base_id)?,
        center: row.center,
        name: row.name,
        part_of: id_or_null("rooms.part_of", row.part_of)?,
        features: from_json("rooms.features", &row.features)?,
        seats: row.seats,
        open: from_json_or_null("rooms.open", &row.open)?,
        turnaround_min: row.turnaround_min,
    })
}

fn read_equipment(row: equipment_rows::Model) -> Result<Equipment, StoreError> {
    Ok(Equipment {
        id: id("equipment.id", row.id)?,
        base: id("equipment.base_id", row.base_id)?,
        room: id_or_null("equipment.room_id", row.room_id)?,
        name: row.name,
        units: row.units,
        qualification_needed: row.qualification_needed,
    })
}

fn read_instructor(row: instructor_rows::Model) -> Result<Instructor, StoreError> {
    let agreement = Agreement {
        from: from_date("instructors.agreed_from", &row.agreed_from)?,
        until: from_date("instructors.agreed_until", &row.agreed_until)?,
        week_max_min: row.week_max_min,
        organizations: from_json_or_null("instructors.serves", &row.serves)?,
    };
    Ok(Instructor {
        id: id("instructors.id", row.id)?,
        name: row.name,
        kind: from_word("instructors.kind", &row.kind)?,
        industry: row.industry,
        organization: id("instructors.organization_id", row.organization_id)?,
        skills: from_json("instructors.skills", &row.skills)?,
        available: from_json("instructors.available", &row.available)?,
        day_max_min: row.day_max_min,
        agreement,
    })
}

fn read_cohort(row: cohort_rows::Model) -> Result<Cohort, StoreError> {
    Ok(Cohort {
        id: id("cohorts.id", row.id)?,
        organization: id("cohorts.organization_id", row.organization_id)?,
        name: row.name,
        kind: from_word("cohorts.kind", &row.kind)?,
        headcount: row.headcount,
        qualifications: from_json("cohorts.qualifications", &row.qualifications)?,
    })
}

fn read_blackout(row: blackout_rows::Model) -> Result<Blackout, StoreError> {
    let out = from_json("blackouts.what", &row.what)?;
    Ok(Blackout {
        id: row.id,
        out,
        span: Span::new(row.from_min, row.until_min),
        reason: row.reason,
    })
}
