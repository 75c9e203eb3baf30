//! Which rooms and instructors would do for the draft, and why the others would not: plain values for the third screen.
//!
//! A room is judged by the very rules that judge the draft (`domain::rules::check`), so the list never says other
//! than the referee; only the short words beside a room are made here.

use super::chooser::Candidate;
use crate::text::{Lang, form as words, names};
use domain::api::{FormView, InstructorView, RoomView};
use domain::id::RoomId;
use domain::request::RequestDraft;
use domain::rules;
use domain::time::{self, Span};
use domain::violation::Violation;

/// The draft as far as it decides about places: what does not is left blank, so that a memo of it seldom changes.
pub fn needs(draft: &RequestDraft) -> RequestDraft {
    RequestDraft {
        headcount: draft.headcount,
        features: draft.features.clone(),
        equipment: draft.equipment.clone(),
        instructors: draft.instructors,
        skills: draft.skills.clone(),
        ..RequestDraft::blank()
    }
}

/// The first rule that keeps this room from hosting the draft.
pub fn obstacle(needs: &RequestDraft, view: &FormView, room: &RoomId) -> Option<Violation> {
    use Violation::*;
    let only = RequestDraft {
        rooms: vec![room.clone()],
        ..needs.clone()
    };
    let of_place = |v: &Violation| {
        matches!(
            v,
            NoRoomHasFeatures { .. } | NoRoomHasSeats { .. } | EquipmentElsewhere { .. }
        )
    };
    rules::check(&only, &view.setting).into_iter().find(of_place)
}

/// Every room with what speaks against it.
pub fn rooms(lang: Lang, needs: &RequestDraft, view: &FormView) -> Vec<Candidate> {
    let candidate = |room: &RoomView| Candidate {
        id: room.id.to_string(),
        name: room.name.clone(),
        meta: format!("{} · {}", place(view, room), words::seats(lang, room.seats)),
        obstacle: obstacle(needs, view, &room.id).map(|broken| why_not(lang, needs, view, room, &broken)),
    };
    view.rooms.iter().map(candidate).collect()
}

fn place(view: &FormView, room: &RoomView) -> String {
    let base = names::base(&view.names, &room.base);
    if room.center.is_empty() {
        base
    } else {
        format!("{base} · {}", room.center)
    }
}

fn why_not(lang: Lang, needs: &RequestDraft, view: &FormView, room: &RoomView, broken: &Violation) -> String {
    match broken {
        Violation::NoRoomHasFeatures { .. } => {
            let missing = needs.features.iter().filter(|feature| !room.features.contains(feature));
            words::lacks(
                lang,
                names::list(lang, missing.map(|id| names::feature(&view.names, id))),
            )
        }
        Violation::EquipmentElsewhere { equipment } => words::lacks(lang, names::equipment(&view.names, equipment)),
        _ => words::seats_only(lang, room.seats),
    }
}

/// Every instructor with what speaks against them: the skills, then the agreement.
pub fn teachers(lang: Lang, needs: &RequestDraft, view: &FormView) -> Vec<Candidate> {
    let candidate = |person: &InstructorView| {
        let short = needs
            .skills
            .iter()
            .filter(|(skill, level)| person.skills.get(skill).is_none_or(|have| have < level));
        let short: Vec<String> = short.map(|(skill, _)| names::skill(&view.names, skill)).collect();
        let serves = view
            .setting
            .world
            .instructor(&person.id)
            .is_none_or(|known| match &known.organizations {
                Some(served) => served.contains(&view.setting.organization),
                None => true,
            });
        let obstacle = match (short.is_empty(), serves) {
            (false, _) => Some(words::lacks_skill(lang, names::list(lang, short))),
            (true, false) => Some(words::not_serving(lang).to_owned()),
            (true, true) => None,
        };
        let home = names::organization(lang, &view.names, &person.organization);
        Candidate {
            id: person.id.to_string(),
            name: person.name.clone(),
            meta: format!("{} · {home}", person.industry),
            obstacle,
        }
    };
    view.instructors.iter().map(candidate).collect()
}

/// Opening hours, closures taken out, of every room that would do; of every room at all when none would.
pub fn hours(chosen: &[RoomId], needs: &RequestDraft, view: &FormView) -> Vec<Vec<Span>> {
    let world = &view.setting.world;
    let asked = world
        .rooms
        .iter()
        .filter(|room| chosen.is_empty() || chosen.contains(&room.id));
    let suitable: Vec<_> = asked.filter(|room| obstacle(needs, view, &room.id).is_none()).collect();
    let rooms = if suitable.is_empty() {
        world.rooms.iter().collect()
    } else {
        suitable
    };
    rooms
        .into_iter()
        .map(|room| time::without(&room.open, &room.blackouts))
        .collect()
}
