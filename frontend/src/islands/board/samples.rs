//! A small board for the tests of this room.

use crate::text::names;
use domain::api::*;
use domain::id::*;
use domain::plan::{Fairness, Status};
use domain::round::RoundState;
use domain::time::{PeriodTable, Span, Week};

fn room(id: &str, center: &str, days: i64, blackouts: Vec<Span>) -> BoardRoom {
    let open = (0..days)
        .map(|day| Span::new(day * 1440 + 480, day * 1440 + 1260))
        .collect();
    BoardRoom {
        id: RoomId::new(id),
        base: BaseId::new("base"),
        center: center.into(),
        name: id.into(),
        seats: 40,
        part_of: None,
        open,
        blackouts,
    }
}

fn lesson(request: &str, room: &str, span: Span) -> LessonView {
    LessonView {
        request: RequestId::new(request),
        lesson: 1,
        purpose: "数控车削".into(),
        organization: OrganizationId::new(request),
        tier: 2,
        cohorts: vec![],
        headcount: 30,
        span,
        room: RoomId::new(room),
        instructors: vec![],
        equipment: vec![],
        pinned: false,
    }
}

pub fn board() -> BoardView {
    let week = Week::of(chrono::NaiveDate::from_ymd_opt(2026, 12, 7).expect("a date"));
    let (round, plan) = (RoundId::new("r"), PlanId::new("p"));
    BoardView {
        round: RoundSummary {
            id: round,
            week,
            state: RoundState::Review,
            cut_off_at_min: 0,
            version: 1,
            submitted: 2,
            drafts: 0,
            published_plan: None,
        },
        plan: PlanSummary {
            id: plan,
            label: "甲".into(),
            status: Status::Optimal,
            version: 1,
            placed: 2,
            unplaced: 0,
            granted_min: 200,
            level_min: 0.0,
            jain: 1.0,
            pinned: 0,
            approved: None,
            made_by: PersonId::new("x"),
            created_at_min: 0,
            edited: false,
        },
        four_eyes: false,
        may_approve: false,
        may_publish: true,
        periods: PeriodTable::usual(),
        special_days: vec![],
        rooms: vec![
            room("cnc", "甲", 7, vec![]),
            room("five", "甲", 6, vec![Span::new(1440 + 840, 1440 + 1080)]),
            room("pv", "乙", 6, vec![]),
        ],
        lessons: vec![
            lesson("a", "cnc", Span::new(1440 + 480, 1440 + 580)),
            lesson("b", "five", Span::new(480, 580)),
        ],
        unplaced: vec![],
        organizations: vec![],
        stages: vec![],
        certificate: vec![],
        scarce: vec![],
        fairness: Fairness {
            jain: 1.0,
            level_min: 0.0,
        },
        names: names::nobody(),
    }
}
