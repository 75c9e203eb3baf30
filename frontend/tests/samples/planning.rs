//! Views of asking, planning and accounting.

use super::{ORGANIZATIONS, names, now_at_min, on, round, session, sittings, week};
use domain::api::*;
use domain::fairness::LedgerLine;
use domain::id::*;
use domain::instance::{EquipmentNeed, Window};
use domain::people::Role;
use domain::plan::{Reason, Remedy, Stage, Status};
use domain::request::{RequestAction, RequestDraft, RequestState};
use domain::round::RoundState;
use domain::violation::Violation;
use std::collections::BTreeMap;

pub fn home(role: Role) -> HomeView {
    let requester = vec![
        Task::AnswerReturn {
            request: RequestId::new("r2"),
            purpose: "高压系统断电".into(),
            note: "请注明带教教师的高压证号。".into(),
        },
        Task::FinishDraft {
            request: RequestId::new("r1"),
            purpose: String::new(),
            cut_off_at_min: now_at_min() + 1830,
        },
        Task::ReadResult {
            request: RequestId::new("r1"),
            purpose: "数控车削编程".into(),
            state: RequestState::PartlyConfirmed,
        },
        Task::AskForTime {
            round: RoundId::new("w49"),
            week: week(),
            cut_off_at_min: now_at_min() + 1830,
        },
    ];
    let coordinator = vec![
        Task::CloseRound {
            round: RoundId::new("w49"),
            week: week(),
            submitted: 212,
        },
        Task::ReviewPlan {
            round: RoundId::new("w49"),
            week: week(),
            plan: PlanId::new("a"),
            unplaced: 9,
        },
    ];
    HomeView {
        session: session(role),
        now_at_min: now_at_min(),
        round: Some(round(RoundState::Open)),
        rounds: vec![round(RoundState::Open)],
        tasks: if role == Role::Coordinator {
            coordinator
        } else {
            requester
        },
        next: if role == Role::Coordinator {
            Vec::new()
        } else {
            sittings()[..2].to_vec()
        },
        names: names(),
    }
}

fn row(n: i64, state: RequestState, organization: &str, purpose: &str, granted: Option<i64>) -> RequestRow {
    RequestRow {
        id: RequestId::new(format!("r{n}")),
        reference: format!("S49-{n:04}"),
        round: RoundId::new("w49"),
        week: week(),
        organization: OrganizationId::new(organization),
        state,
        purpose: purpose.into(),
        lessons: 4,
        granted,
        minutes: 100,
        headcount: 36,
        cohorts: vec![CohortId::new("sk2401")],
        tier: 2,
        version: 1,
        updated_at_min: now_at_min() - n * 61,
    }
}

pub fn requests() -> RequestsView {
    use RequestState::*;
    RequestsView {
        requests: vec![
            row(12, PartlyConfirmed, "jishi", "数控车削编程", Some(3)),
            row(13, Submitted, "jishi", "高压系统断电", None),
            row(14, Draft, "jishi", "", None),
            row(15, Returned, "jishi", "光伏系统装调·模块 3 逆变器", None),
            row(16, Confirmed, "hongyuan", "订单班 2401 多轴编程", Some(4)),
            row(17, NotGranted, "pengxie", "彝乡烹饪技能提升", Some(0)),
            row(18, Withdrawn, "jiuye", "车工初级培训", None),
        ],
        rounds: vec![round(RoundState::Open)],
        names: names(),
    }
}

pub fn draft() -> RequestDraft {
    RequestDraft {
        purpose: "光伏系统装调·模块 3 逆变器".into(),
        lessons: 4,
        headcount: 33,
        cohorts: vec![CohortId::new("sk2401")],
        windows: vec![
            Window {
                span: on(0, 600, 700),
                preference: 1,
            },
            Window {
                span: on(1, 840, 1060),
                preference: 1,
            },
            Window {
                span: on(2, 480, 640),
                preference: 0,
            },
        ],
        rooms: vec![RoomId::new("cnc"), RoomId::new("ev")],
        features: vec![FeatureId::new("hv")],
        equipment: vec![EquipmentNeed {
            id: EquipmentId::new("el"),
            units: 2,
        }],
        instructors: 1,
        skills: BTreeMap::from([(SkillId::new("elread"), 3)]),
        wanted_instructors: vec![InstructorId::new("he")],
        all_or_nothing: false,
        ..RequestDraft::blank()
    }
}

pub fn request(state: RequestState) -> RequestView {
    let step = |state, ago: i64, by: &str, note: &str| StoryStep {
        state,
        at_min: now_at_min() - ago,
        by: by.into(),
        note: note.into(),
    };
    let published = matches!(state, RequestState::PartlyConfirmed);
    let missing = Missing {
        lessons: 2,
        reasons: vec![
            Reason::RoomTaken {
                room: RoomId::new("ev"),
                span: on(1, 840, 1060),
                held_by: vec![RequestId::new("r2")],
            },
            Reason::FairShareReached {
                level: 1584,
                level_min: 1560,
            },
        ],
        would_fit: vec![
            Remedy::OtherWindow {
                start: 4 * 1440 + 600,
                room: RoomId::new("pv"),
            },
            Remedy::Shorter {
                minutes: 45,
                start: 1440 + 480,
                room: RoomId::new("cnc"),
            },
        ],
    };
    RequestView {
        id: RequestId::new("r1"),
        reference: "S49-0012".into(),
        round: round(if published {
            RoundState::Published
        } else {
            RoundState::Open
        }),
        organization: OrganizationId::new("jishi"),
        state,
        version: 2,
        draft: draft(),
        story: vec![
            step(RequestState::Draft, 3000, "李老师", ""),
            step(RequestState::Submitted, 2800, "李老师", ""),
            step(RequestState::Returned, 1500, "陈老师", "请注明带教教师的高压证号。"),
            step(RequestState::Submitted, 1400, "李老师", ""),
            step(state, 60, "陈老师", ""),
        ],
        granted: if published {
            sittings()[..2].to_vec()
        } else {
            Vec::new()
        },
        missing: published.then_some(missing),
        left_out: None,
        actions: if published {
            Vec::new()
        } else {
            vec![RequestAction::Amend, RequestAction::Withdraw]
        },
        now_at_min: now_at_min(),
        names: names(),
    }
}

pub fn rounds() -> RoundsView {
    let at = |weeks: usize, state| {
        let week = (0..weeks).fold(week(), |week, _| week.previous());
        RoundSummary {
            id: RoundId::new(format!("w{}", 49 - weeks)),
            week,
            cut_off_at_min: week.epoch_min() - 6840,
            drafts: 0,
            ..round(state)
        }
    };
    RoundsView {
        rounds: vec![
            round(RoundState::Open),
            at(1, RoundState::Review),
            at(2, RoundState::Running),
            at(3, RoundState::Settled),
        ],
    }
}

pub fn round_page() -> RoundView {
    let plan = |id: &str, label: &str, unplaced: i64, level_min: f64, status| PlanSummary {
        id: PlanId::new(id),
        label: label.into(),
        status,
        version: 1,
        placed: 218 - unplaced,
        unplaced,
        granted_min: 77_040 - 100 * unplaced,
        level_min,
        jain: 0.981,
        pinned: 31,
        approved: None,
        made_by: PersonId::new("c"),
        created_at_min: now_at_min(),
        edited: id == "b",
    };
    RoundView {
        round: round(RoundState::Review),
        now_at_min: now_at_min(),
        four_eyes: true,
        counts: BTreeMap::from([
            (RequestState::Submitted, 212),
            (RequestState::Returned, 3),
            (RequestState::Withdrawn, 4),
        ]),
        asked_min: 84_720,
        runs: Vec::new(),
        plans: vec![
            plan("a", "方案甲", 14, 1500.0, Status::Feasible),
            plan("b", "方案乙", 9, 1560.0, Status::Optimal),
        ],
        approvable: vec![PlanId::new("a")],
        may_plan: true,
        left_out: vec![LeftOut {
            organization: OrganizationId::new("jishi"),
            requests: 3,
            why: Violation::MemberLeft,
        }],
    }
}

pub fn fairness() -> FairnessView {
    let hours = [
        (96, 66),
        (68, 50),
        (40, 30),
        (28, 28),
        (18, 18),
        (44, 32),
        (48, 38),
        (26, 18),
        (14, 14),
        (38, 30),
        (8, 8),
        (6, 6),
        (12, 10),
    ];
    let history = [6, 2, 9, 4, 4, 7, 1, 8, 2, 9, 2, 1, 4];
    let line = |n: usize| {
        let (id, _, _, _, _, weight) = ORGANIZATIONS[n];
        let (asked, granted) = hours[n];
        let wave = |k: i64| 1.0 + 0.2 * (((k * 7 + n as i64 * 3) % 9) as f64 / 4.5 - 1.0);
        FairLine {
            organization: OrganizationId::new(id),
            weight,
            history_min: history[n] * 60,
            level: (history[n] + granted) as f64 * 60.0 / weight,
            ledger: LedgerLine {
                organization: OrganizationId::new(id),
                asked_min: asked * 60,
                claim_min: granted * 60 + 18,
                granted_min: granted * 60,
                used_min: (granted - i64::from(n % 3 == 2)) * 60,
                lost_min: 0,
                due_min: 0,
            },
            trend: (0..12).map(wave).collect(),
        }
    };
    let stage = |name: &str, value: f64, bound: f64, gap: f64| Stage {
        name: name.into(),
        value,
        bound,
        gap,
        seconds: 4.0,
        rows: 4000,
        columns: 12_000,
    };
    FairnessView {
        week: Some(week().previous()),
        weeks: vec![week().previous(), week().previous().previous()],
        published: true,
        has_run: true,
        lines: (0..ORGANIZATIONS.len()).map(line).collect(),
        asked_min: 446 * 60,
        granted_min: 348 * 60,
        jain: 0.981,
        level_min: 1440.0,
        proved: true,
        stages: vec![
            stage("tier 1 fairness", 20_880.0, 20_880.0, 0.0),
            stage("granted", 20_880.0, 21_000.0, 0.0057),
            stage("quality", 412.0, 430.0, 0.041),
        ],
        names: names(),
        own: Some(OrganizationId::new("jishi")),
    }
}

/// A page of the audit log with a person, a visitor's nothing and the program itself.
pub fn audit() -> AuditView {
    let entry = |seq: i64, actor: &str, role: &str, event: &str, subject: &str| EntryView {
        seq,
        at_min: super::now_at_min() - 60 + seq,
        actor: actor.into(),
        role: role.into(),
        organization: None,
        event: event.into(),
        subject: subject.into(),
        facts: [("version".to_owned(), "2".to_owned())].into(),
        sha256: "4f".repeat(32),
    };
    AuditView {
        entries: vec![
            entry(3, "system", "system", "plan.drafted", "0195-plan"),
            entry(2, "li", "requester", "request.submitted", "0195-request"),
            entry(1, "li", "requester", "a.later_event", "0195-request"),
        ],
        next: Some(1),
        head_seq: 3,
        head_sha256: "4f".repeat(32),
        people: [("li".to_owned(), "李雪梅".to_owned())].into(),
    }
}
