//! The small world that the store's tests act in: one alliance with a member, a base, a room, people, a round.

use backend::store::alliances::AllianceRecord;
use backend::store::plans::PlanRecord;
use backend::store::requests::RequestRecord;
use backend::store::runs::RunRecord;
use backend::store::timetable::{AssignmentRecord, OccupancyRecord};
use backend::store::{Store, StoreError, alliances, catalog, people, plans, requests, rounds};
use chrono::NaiveDate;
use domain::api::RunState;
use domain::catalog::{Base, BaseKind, Catalog, Room};
use domain::fairness::LedgerLine;
use domain::id::*;
use domain::people::{Organization, OrganizationKind, Person, Role};
use domain::plan::{Fairness, Plan, Solver, Status};
use domain::request::{RequestDraft, RequestState};
use domain::round::{Round, RoundState};
use domain::time::{PeriodTable, Span, Week};
use tests::databases::{Kind, TestDatabase};

pub struct World {
    pub store: Store,
    pub alliance: AllianceId,
    pub database: TestDatabase,
}

impl World {
    /// A database with one alliance, its catalog, two people and one open round.
    pub async fn new(kind: Kind) -> Self {
        let database = TestDatabase::migrated(kind).await;
        let world = Self {
            store: database.open().await,
            alliance: AllianceId::new("a"),
            database,
        };
        world.found("a").await;
        world
    }

    /// Founds an alliance with everything that the tests name.
    pub async fn found(&self, name: &str) {
        let alliance = AllianceId::new(name);
        let tx = self.store.write().await.unwrap();
        alliances::insert(&tx, &alliance_record(name)).await.unwrap();
        catalog::replace(&tx, &alliance, &small_catalog()).await.unwrap();
        people::insert(&tx, &alliance, &person("ann", Role::Requester), "hash of ann", 0)
            .await
            .unwrap();
        people::insert(&tx, &alliance, &person("bob", Role::Coordinator), "hash of bob", 0)
            .await
            .unwrap();
        rounds::insert(&tx, &alliance, &round("r1", 0)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Stores a request, `q1` of round `r1` for instance.
    pub async fn ask(&self, request: &str) {
        let tx = self.store.write().await.unwrap();
        requests::insert(&tx, &self.alliance, &request_record(request))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn draw(&self, plan: &str) {
        let tx = self.store.write().await.unwrap();
        plans::insert(&tx, &self.alliance, &plan_record(plan)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The rule that refused.
pub fn rule<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Err(StoreError::Conflict { constraint }) => constraint,
        other => panic!("nothing was refused: {other:?}"),
    }
}

/// Weeks are counted from the one of 2026-03-02.
pub fn week(n: u64) -> Week {
    Week::of(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap() + chrono::Days::new(7 * n))
}

pub fn alliance_record(name: &str) -> AllianceRecord {
    AllianceRecord {
        id: AllianceId::new(name),
        name: "共训联盟".into(),
        zone: "Asia/Shanghai".into(),
        four_eyes: true,
        second_factor_required: true,
        key: None,
        periods: PeriodTable::usual(),
        catalog_version: 1,
        travel_default_min: 30,
    }
}

pub fn small_catalog() -> Catalog {
    Catalog {
        zone: "Asia/Shanghai".into(),
        periods: PeriodTable::usual(),
        special_days: vec![],
        travel: vec![],
        travel_default_min: 30,
        features: vec![],
        skills: vec![],
        organizations: vec![organization("o1"), organization("o2")],
        bases: vec![base("b1")],
        rooms: vec![room("cnc", "b1")],
        equipment: vec![],
        instructors: vec![],
        cohorts: vec![],
        blackouts: vec![],
        gone: Default::default(),
    }
}

pub fn organization(id: &str) -> Organization {
    Organization {
        id: OrganizationId::new(id),
        name: format!("{id}职业学院"),
        name_en: format!("{id} college"),
        seal: "职院".into(),
        kind: OrganizationKind::School,
        weight: 1.5,
        quota: Some(1200),
    }
}

pub fn base(id: &str) -> Base {
    Base {
        id: BaseId::new(id),
        name: format!("基地 {id}"),
        kind: BaseKind::Public,
        host: None,
        address: "实训路 1 号".into(),
        open: vec![Span::new(480, 1320)],
        safety_induction: true,
    }
}

pub fn room(id: &str, base: &str) -> Room {
    Room {
        id: RoomId::new(id),
        base: BaseId::new(base),
        center: "数控中心".into(),
        name: format!("室 {id}"),
        part_of: None,
        features: vec![],
        seats: 40,
        open: None,
        turnaround_min: 10,
    }
}

pub fn person(login: &str, role: Role) -> Person {
    Person {
        id: PersonId::new(login),
        login: login.into(),
        name: format!("{login} 老师"),
        role,
        organization: Some(OrganizationId::new("o1")),
        instructor: None,
        active: true,
    }
}

pub fn round(id: &str, n: u64) -> Round {
    Round {
        id: RoundId::new(id),
        week: week(n),
        state: RoundState::Open,
        cut_off_min: week(n).epoch_min() - 4320,
        version: 1,
        published: None,
    }
}

pub fn request_record(id: &str) -> RequestRecord {
    RequestRecord {
        id: RequestId::new(id),
        number: 0,
        round: RoundId::new("r1"),
        organization: OrganizationId::new("o1"),
        state: RequestState::Draft,
        version: 1,
        draft: RequestDraft {
            purpose: "五轴加工".into(),
            ..RequestDraft::blank()
        },
        created_by: PersonId::new("ann"),
        created_at_min: 100,
        updated_at_min: 100,
        note: None,
        granted_lessons: None,
        missing: None,
    }
}

pub fn run_record(id: &str) -> RunRecord {
    RunRecord {
        id: RunId::new(id),
        round: RoundId::new("r1"),
        from_plan: None,
        state: RunState::Queued,
        seconds_max: 60,
        started_by: PersonId::new("bob"),
        queued_at_min: 200,
        started_at_min: None,
        plan: None,
        failure: None,
        stop_asked: false,
        generation: 0,
        tries: 0,
        instance: r#"{"format":"gongxun-instance-1"}"#.into(),
        progress: vec![],
    }
}

pub fn plan_record(id: &str) -> PlanRecord {
    PlanRecord {
        id: PlanId::new(id),
        round: RoundId::new("r1"),
        run: None,
        version: 1,
        instance: r#"{"format":"gongxun-instance-1"}"#.into(),
        plan: empty_plan(),
        label: "方案一".into(),
        edited: false,
        editors: Default::default(),
        approved: None,
        made_by: PersonId::new("bob"),
        created_at_min: 300,
        discarded: false,
    }
}

pub fn empty_plan() -> Plan {
    Plan {
        format: domain::plan::FORMAT.into(),
        instance_sha256: "00".repeat(32),
        status: Status::Feasible,
        assignments: vec![],
        unplaced: vec![],
        organizations: vec![],
        fairness: Fairness {
            jain: 0.75,
            level_min: 80.5,
        },
        certificate: vec![],
        scarce: vec![],
        stages: vec![],
        solver: Solver {
            name: "greedy".into(),
            version: "1".into(),
            seed: 1,
            threads: 1,
            seconds: 0.25,
        },
    }
}

/// Lesson `lesson` of request `q1`, in the room for the span.
pub fn assignment(id: &str, lesson: i64, span: Span) -> AssignmentRecord {
    AssignmentRecord {
        id: AssignmentId::new(id),
        round: RoundId::new("r1"),
        week: week(0),
        request: RequestId::new("q1"),
        lesson,
        organization: OrganizationId::new("o1"),
        span,
        room: RoomId::new("cnc"),
        instructors: vec![InstructorId::new("wang")],
        cohorts: vec![CohortId::new("数控2401")],
        equipment: vec![domain::plan::UnitsHeld {
            id: EquipmentId::new("mill"),
            units: vec![1, 3],
        }],
    }
}

pub fn holds(assignment: &str, unit: &str, span: Span) -> OccupancyRecord {
    OccupancyRecord {
        assignment: AssignmentId::new(assignment),
        unit: unit.into(),
        span,
    }
}

/// A member's line of a week.
pub fn settled(organization: &str) -> LedgerLine {
    let organization = OrganizationId::new(organization);
    LedgerLine {
        organization,
        asked_min: 400,
        claim_min: 300,
        granted_min: 200,
        used_min: 190,
        lost_min: 10,
        due_min: 0,
    }
}
