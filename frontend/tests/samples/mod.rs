//! Hand-made views of one small alliance, for the tests of the pages and for the gallery.
//! It is longer than 400 lines because one made-up view of everything is read side by side.

pub mod account;
pub mod gallery;
pub mod imports;
pub mod planning;

use chrono::NaiveDate;
use domain::api::*;
use domain::catalog::{BaseKind, Named};
use domain::id::*;
use domain::instance::EquipmentNeed;
use domain::people::{InstructorKind, Organization, OrganizationKind, Role};
use domain::plan::UnitsHeld;
use domain::time::{DayKind, PeriodTable, Span, SpecialDay, Week};
use std::collections::BTreeMap;

pub const ORGANIZATIONS: [(&str, &str, &str, &str, OrganizationKind, f64); 13] = [
    (
        "jishi",
        "州技师学院",
        "Chuxiong Technician College",
        "技师",
        OrganizationKind::School,
        3.0,
    ),
    (
        "zhigao",
        "市职业高级中学",
        "Chuxiong Vocational High School",
        "职高",
        OrganizationKind::School,
        2.0,
    ),
    (
        "minzhuan",
        "民族中等专业学校",
        "Ethnic Secondary School",
        "民专",
        OrganizationKind::School,
        1.5,
    ),
    (
        "weixiao",
        "州卫生学校",
        "Health School",
        "卫校",
        OrganizationKind::School,
        1.5,
    ),
    (
        "nongxiao",
        "州农业学校",
        "Agricultural School",
        "农校",
        OrganizationKind::School,
        1.0,
    ),
    (
        "yunneng",
        "云能光伏",
        "Yunneng Solar",
        "云能",
        OrganizationKind::Enterprise,
        1.5,
    ),
    (
        "dianxin",
        "滇中新能源汽车",
        "Dianzhong Motors",
        "滇新",
        OrganizationKind::Enterprise,
        1.5,
    ),
    (
        "hongyuan",
        "宏源数控",
        "Hongyuan CNC",
        "宏源",
        OrganizationKind::Enterprise,
        1.0,
    ),
    (
        "yiyao",
        "彝药生物",
        "Yi Medicine",
        "彝药",
        OrganizationKind::Enterprise,
        1.0,
    ),
    (
        "jiuye",
        "州就业服务中心",
        "Employment Service",
        "就业",
        OrganizationKind::Government,
        1.5,
    ),
    (
        "pengxie",
        "州烹饪协会",
        "Culinary Association",
        "烹协",
        OrganizationKind::Association,
        0.5,
    ),
    (
        "yixiu",
        "彝绣协会",
        "Embroidery Association",
        "彝绣",
        OrganizationKind::Association,
        0.5,
    ),
    (
        "anchong",
        "安宠动物医院",
        "Anchong Clinic",
        "安宠",
        OrganizationKind::Enterprise,
        0.5,
    ),
];

pub fn week() -> Week {
    Week::of(NaiveDate::from_ymd_opt(2026, 11, 30).unwrap())
}

/// Tuesday of the week before, 11:28.
pub fn now_at_min() -> i64 {
    week().epoch_min() - 6 * 1440 + 688
}

pub fn on(day: i64, from: i64, until: i64) -> Span {
    Span::new(day * 1440 + from, day * 1440 + until)
}

pub fn names() -> NameBook {
    let book = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(id, name)| ((*id).to_owned(), (*name).to_owned()))
            .collect::<Vec<_>>()
    };
    let organizations = ORGANIZATIONS.iter().map(|(id, name, name_en, seal, kind, _)| {
        let name = OrganizationName {
            name: (*name).into(),
            name_en: (*name_en).into(),
            seal: (*seal).into(),
            kind: *kind,
        };
        (OrganizationId::new(*id), name)
    });
    macro_rules! named {
        ($kind:ident, $pairs:expr) => {
            book(&$pairs)
                .into_iter()
                .map(|(id, name)| ($kind::new(id), name))
                .collect()
        };
    }
    NameBook {
        organizations: organizations.collect(),
        bases: named!(BaseId, [("gonggong", "公共实训基地"), ("plant", "云能光伏·厂中校")]),
        rooms: named!(
            RoomId,
            [
                ("cnc", "数控车间"),
                ("five", "五轴加工中心"),
                ("robot", "机器人工作站"),
                ("ev", "新能源汽车 A"),
                ("pv", "组件检测线")
            ]
        ),
        equipment: named!(
            EquipmentId,
            [
                ("lathe", "数控车床"),
                ("lift", "举升机"),
                ("el", "EL 检测仪"),
                ("meter", "红外热像仪")
            ]
        ),
        instructors: named!(
            InstructorId,
            [
                ("li", "李老师"),
                ("zhou", "周工"),
                ("zhao", "赵工"),
                ("wang", "王工"),
                ("he", "何工")
            ]
        ),
        cohorts: named!(
            CohortId,
            [("sk2401", "数控2401"), ("qx2402", "汽修2402"), ("jd2402", "机电2402")]
        ),
        features: named!(
            FeatureId,
            [("hv", "高压工位"), ("extract", "排风"), ("screen", "多媒体")]
        ),
        skills: named!(
            SkillId,
            [
                ("turning", "数控车削"),
                ("axis5", "多轴编程"),
                ("hvsafe", "高压断电"),
                ("elread", "EL 检测")
            ]
        ),
        requests: named!(
            RequestId,
            [("r1", "S49-0012 数控车削编程"), ("r2", "S49-0013 高压系统断电")]
        ),
    }
}

pub fn round(state: domain::round::RoundState) -> RoundSummary {
    RoundSummary {
        id: RoundId::new("w49"),
        week: week(),
        state,
        cut_off_at_min: now_at_min() + 1830,
        version: 3,
        submitted: 212,
        drafts: 9,
        published_plan: None,
    }
}

pub fn session(role: Role) -> SessionView {
    let organization = Organization {
        id: OrganizationId::new("jishi"),
        name: "州技师学院".into(),
        name_en: "Chuxiong Technician College".into(),
        seal: "技师".into(),
        kind: OrganizationKind::School,
        weight: 3.0,
        quota: None,
    };
    SessionView {
        person: PersonId::new("p1"),
        name: "李老师".into(),
        role,
        organization: (role != Role::Coordinator).then_some(organization),
        instructor: None,
        alliance: "楚雄产教联盟".into(),
        memberships: vec![],
        bar: None,
    }
}

pub fn sitting(day: i64, from: i64, until: i64, purpose: &str, organization: &str, room: &str) -> SittingView {
    SittingView {
        request: RequestId::new("r1"),
        lesson: 1,
        week: week(),
        span: on(day, from, until),
        purpose: Some(purpose.into()),
        organization: OrganizationId::new(organization),
        room: RoomId::new(room),
        base: BaseId::new("gonggong"),
        instructors: vec![InstructorId::new("zhou")],
        cohorts: vec![CohortId::new("sk2401")],
        equipment: vec![UnitsHeld {
            id: EquipmentId::new("lathe"),
            units: vec![1, 2],
        }],
    }
}

pub fn sittings() -> Vec<SittingView> {
    vec![
        sitting(0, 480, 700, "数控车削编程", "jishi", "cnc"),
        sitting(1, 480, 700, "数控车削编程", "jishi", "cnc"),
        sitting(1, 960, 1060, "多轴编程", "jishi", "five"),
        sitting(2, 840, 1060, "产线见习", "hongyuan", "pv"),
        sitting(3, 480, 580, "质量检测", "jishi", "robot"),
        sitting(4, 600, 700, "机器人上下料", "jiuye", "robot"),
        sitting(4, 1140, 1240, "技能大赛集训", "pengxie", "five"),
    ]
}

pub fn special_days() -> Vec<SpecialDay> {
    let date = week().day(5);
    vec![SpecialDay {
        date,
        name: "调休".into(),
        kind: DayKind::MakeUp { teaches_as: 4 },
    }]
}

pub fn timetable() -> TimetableView {
    TimetableView {
        week: week(),
        by: TimetableBy::Cohort,
        id: Some("sk2401".into()),
        title: "数控2401".into(),
        choices: vec![
            Choice {
                id: "sk2401".into(),
                name: "数控2401".into(),
            },
            Choice {
                id: "qx2402".into(),
                name: "汽修2402".into(),
            },
        ],
        published_at_min: Some(now_at_min()),
        published_version: 2,
        today: Some(1),
        periods: PeriodTable::usual(),
        special_days: special_days(),
        sittings: sittings(),
        names: names(),
        weeks: vec![week()],
    }
}

fn room(id: &str, name: &str, center: &str, seats: i64, equipment: &[(&str, i64)]) -> RoomView {
    let need = |(id, units): &(&str, i64)| EquipmentNeed {
        id: EquipmentId::new(*id),
        units: *units,
    };
    RoomView {
        id: RoomId::new(id),
        base: BaseId::new(if id == "pv" { "plant" } else { "gonggong" }),
        center: center.into(),
        name: name.into(),
        part_of: None,
        features: vec![FeatureId::new("hv"), FeatureId::new("screen")],
        seats,
        open: open(),
        turnaround_min: 15,
        equipment: equipment.iter().map(need).collect(),
    }
}

pub fn open() -> Vec<Span> {
    (0..6)
        .map(|day| on(day, 480, if day == 5 { 1060 } else { 1260 }))
        .collect()
}

fn instructor(id: &str, name: &str, kind: InstructorKind, industry: &str, organization: &str) -> InstructorView {
    InstructorView {
        id: InstructorId::new(id),
        name: name.into(),
        kind,
        industry: industry.into(),
        organization: OrganizationId::new(organization),
        skills: BTreeMap::from([(SkillId::new("turning"), 4), (SkillId::new("axis5"), 2)]),
        available: (0..5).map(|day| on(day, 480, 1060)).collect(),
        week_max_min: Some(720),
        serves_everyone: organization != "dianxin",
        agreement_until: "2027-08-31".into(),
    }
}

pub fn catalog() -> CatalogView {
    let named = |id: &str, name: &str, name_en: &str| Named {
        id: id.into(),
        name: name.into(),
        name_en: name_en.into(),
    };
    let base = |id: &str, name: &str, kind, host: Option<&str>| BaseView {
        id: BaseId::new(id),
        name: name.into(),
        kind,
        host: host.map(OrganizationId::new),
        address: "楚雄市开发区永安路 8 号".into(),
        open: open(),
        safety_induction: host.is_some(),
        centers: vec!["智能制造中心".into()],
    };
    CatalogView {
        bases: vec![
            base("gonggong", "公共实训基地", BaseKind::Public, None),
            base("plant", "云能光伏·厂中校", BaseKind::SchoolInPlant, Some("yunneng")),
        ],
        rooms: vec![
            room("cnc", "数控车间", "智能制造中心", 40, &[("lathe", 12)]),
            room("five", "五轴加工中心", "智能制造中心", 24, &[]),
            room("ev", "新能源汽车 A", "新能源中心", 40, &[("lift", 4)]),
            room("pv", "组件检测线", "", 24, &[("el", 2)]),
        ],
        equipment: vec![EquipmentView {
            id: EquipmentId::new("meter"),
            base: BaseId::new("gonggong"),
            room: None,
            name: "红外热像仪".into(),
            units: 6,
            qualification_needed: true,
        }],
        instructors: vec![
            instructor("zhou", "周工", InstructorKind::Engineer, "数控加工", "hongyuan"),
            instructor("li", "李老师", InstructorKind::DualQualified, "数控加工", "jishi"),
            instructor("wang", "王工", InstructorKind::Engineer, "新能源汽车", "dianxin"),
            instructor("he", "普师傅", InstructorKind::HeritageMaster, "彝绣", "yixiu"),
        ],
        features: vec![
            named("hv", "高压工位", "High-voltage bay"),
            named("screen", "多媒体", "Screen"),
        ],
        skills: vec![
            named("turning", "数控车削", "CNC turning"),
            named("axis5", "多轴编程", "Multi-axis"),
        ],
        names: names(),
    }
}

pub fn thing() -> ThingWeekView {
    let busy = |span, organization: &str| BusySpan {
        span,
        organization: Some(OrganizationId::new(organization)),
        units: 1,
    };
    ThingWeekView {
        kind: ThingKind::Room,
        id: "cnc".into(),
        name: "数控车间".into(),
        detail: ThingDetail {
            room: Some(catalog().rooms.remove(0)),
            equipment: None,
            instructor: None,
        },
        week: week(),
        today: Some(1),
        periods: PeriodTable::usual(),
        special_days: special_days(),
        open: open(),
        closed: vec![ClosedSpan {
            span: on(2, 840, 1060),
            reason: "设备点检".into(),
        }],
        busy: vec![
            busy(on(1, 480, 700), "jishi"),
            busy(on(2, 480, 580), "hongyuan"),
            busy(on(3, 960, 1060), "pengxie"),
            busy(on(4, 480, 580), "jiuye"),
        ],
        names: names(),
    }
}
