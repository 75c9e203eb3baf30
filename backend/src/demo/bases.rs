//! Where one trains: bases, rooms with their bays, equipment, and when something is closed.

use domain::catalog::{Base, BaseKind, Blackout, Equipment, Named, Out, Room};
use domain::id::*;
use domain::time::{DayKind, DayPart, MINUTES_PER_DAY, PeriodTable, Span, SpecialDay, Week};
use std::ops::Range;

pub const DAYTIME: &[DayPart] = &[DayPart::Morning, DayPart::Afternoon];
pub const ALL_PARTS: &[DayPart] = &[DayPart::Morning, DayPart::Afternoon, DayPart::Evening];

/// What a room offers: id, name, English name.
const FEATURES: &[(&str, &str, &str)] = &[
    ("cnc", "数控机床", "CNC machines"),
    ("five_axis", "五轴加工", "Five-axis machining"),
    ("fitting", "钳工台位", "Fitting benches"),
    ("robot", "机器人工作站", "Robot cells"),
    ("metrology", "精密测量", "Precision measuring"),
    ("plc", "PLC 实训台", "PLC benches"),
    ("lift", "举升工位", "Vehicle lifts"),
    ("high_voltage", "高压工位", "High-voltage bays"),
    ("charging", "充电桩工位", "Charging stations"),
    ("photovoltaic", "光伏工位", "Photovoltaic stations"),
    ("electrical", "电工工位", "Electrical benches"),
    ("ward", "模拟病房", "Simulated ward"),
    ("eldercare", "养老照护单元", "Elder-care unit"),
    ("clean_room", "洁净区", "Clean room"),
    ("lab", "检验台位", "Testing laboratory"),
    ("stove", "热菜灶位", "Stoves"),
    ("oven", "面点烤炉", "Ovens"),
    ("pet", "宠物诊疗台", "Pet examination tables"),
    ("surgery", "无菌手术间", "Sterile operating room"),
    ("embroidery", "绣架工位", "Embroidery frames"),
];

/// Base, centre, and its rooms: id, name, features, seats, minutes of turnaround.
const ROOMS: &[(&str, &str, &[RoomRow])] = &[
    (
        "public",
        "智能制造中心",
        &[
            RoomRow("cnc", "数控车间", &["cnc"], 40, 0),
            RoomRow("five_axis", "五轴加工中心", &["cnc", "five_axis"], 24, 0),
            RoomRow("fitting", "钳工装配车间", &["fitting"], 48, 0),
            RoomRow("robot", "机器人工作站", &["robot"], 30, 0),
            RoomRow("metrology", "三坐标测量室", &["metrology"], 24, 0),
            RoomRow("mechatronics", "机电一体化室", &["plc"], 40, 0),
        ],
    ),
    (
        "public",
        "新能源汽车中心",
        &[
            RoomRow("ev_a", "新能源汽车 A", &["lift", "high_voltage"], 40, 0),
            RoomRow("ev_b", "新能源汽车 B", &["lift"], 40, 0),
            RoomRow("ev_battery", "动力电池检测室", &["high_voltage"], 24, 10),
            RoomRow("charging", "充电桩装调室", &["charging", "electrical"], 32, 0),
        ],
    ),
    (
        "public",
        "光伏与绿色能源中心",
        &[
            RoomRow("pv_yard", "光伏装调场", &["photovoltaic"], 40, 0),
            RoomRow("pv_inverter", "逆变器检修室", &["electrical"], 36, 0),
            RoomRow("pv_electric", "电工考核室", &["electrical"], 40, 0),
        ],
    ),
    (
        "public",
        "生物医药与护理中心",
        &[
            RoomRow("ward", "护理模拟病房", &["ward"], 36, 10),
            RoomRow("nursing_skills", "护理技能室", &["ward"], 36, 0),
            RoomRow("eldercare", "养老照护室", &["eldercare"], 30, 0),
            RoomRow("pharmacy", "药物制剂洁净室", &["clean_room"], 20, 20),
            RoomRow("lab", "药食检验室", &["lab"], 30, 10),
        ],
    ),
    (
        "public",
        "烹饪中心",
        &[
            RoomRow("hot_kitchen", "中餐热菜间", &["stove"], 32, 20),
            RoomRow("yi_kitchen", "彝家菜间", &["stove"], 24, 20),
            RoomRow("pastry", "面点间", &["oven"], 30, 10),
        ],
    ),
    (
        "public",
        "宠物医疗与彝绣中心",
        &[
            RoomRow("pet_clinic", "宠物诊疗室", &["pet"], 20, 10),
            RoomRow("pet_surgery", "宠物手术室", &["surgery"], 18, 20),
            RoomRow("embroidery", "彝绣大师工作室", &["embroidery"], 16, 0),
        ],
    ),
    (
        "jishi_base",
        "技师学院实训楼",
        &[
            RoomRow("jishi_turning", "普车车间", &["cnc"], 36, 0),
            RoomRow("jishi_auto", "汽车实训室", &["lift"], 36, 0),
        ],
    ),
    (
        "nongxiao_base",
        "农校实训场",
        &[
            RoomRow("nong_pet", "动物医院实训室", &["pet"], 24, 10),
            RoomRow("nong_lab", "农产品检测室", &["lab"], 32, 0),
        ],
    ),
    (
        "yunneng_plant",
        "云能光伏厂区",
        &[
            RoomRow("yunneng_line", "组件检测线", &["photovoltaic"], 24, 0),
            RoomRow("yunneng_repair", "逆变器返修间", &["electrical"], 16, 0),
        ],
    ),
    (
        "hongyuan_plant",
        "宏源数控驻校车间",
        &[
            RoomRow("hongyuan_three", "三号车间", &["cnc", "five_axis"], 24, 0),
            RoomRow("hongyuan_quality", "质检间", &["metrology"], 16, 0),
        ],
    ),
];

struct RoomRow(&'static str, &'static str, &'static [&'static str], i64, i64);

/// The divisible workshop and its bays; a bay offers what the workshop offers.
const BAYS: (&str, &[(&str, &str, i64)]) = (
    "fitting",
    &[
        ("fitting_1", "钳工一区", 16),
        ("fitting_2", "钳工二区", 16),
        ("fitting_3", "钳工三区", 16),
    ],
);

/// Id, name, base, the room that it is fixed to ("" moves inside the base), units.
const EQUIPMENT: &[(&str, &str, &str, &str, i64)] = &[
    ("lathe", "数控车床", "public", "cnc", 12),
    ("five_axis_mill", "五轴机床", "public", "five_axis", 2),
    ("robot_arm", "机械臂", "public", "robot", 6),
    ("measuring_machine", "三坐标测量机", "public", "metrology", 2),
    ("plc_bench", "PLC 实训台", "public", "mechatronics", 20),
    ("lift_a", "举升机(A)", "public", "ev_a", 4),
    ("lift_b", "举升机(B)", "public", "ev_b", 2),
    ("battery_pack", "高压电池包", "public", "", 4),
    ("inverter", "光伏逆变器", "public", "", 8),
    ("pv_rig", "光伏支架", "public", "pv_yard", 8),
    ("manikin", "护理模拟人", "public", "", 8),
    ("bed", "护理床", "public", "ward", 12),
    ("tablet_press", "压片机", "public", "pharmacy", 2),
    ("stove", "炉灶", "public", "hot_kitchen", 16),
    ("oven", "烤箱", "public", "pastry", 6),
    ("operating_table", "手术台", "public", "pet_surgery", 3),
    ("embroidery_frame", "绣架", "public", "embroidery", 16),
    ("plain_lathe", "普通车床", "jishi_base", "jishi_turning", 10),
    ("el_tester", "组件检测仪", "yunneng_plant", "yunneng_line", 2),
];

/// Nobody runs these without training and assessment.
pub const GUARDED: [&str; 2] = ["lathe", "battery_pack"];

/// The parts of some days of every week.
pub fn hours(pattern: &[(Range<i64>, &[DayPart])]) -> Vec<Span> {
    let parts = PeriodTable::usual().parts();
    let mut spans = Vec::new();
    for (days, open) in pattern {
        for day in days.clone() {
            let of_day = parts.iter().filter(|(part, _)| open.contains(part));
            spans.extend(of_day.map(|(_, span)| span.shifted(day * MINUTES_PER_DAY)));
        }
    }
    spans.sort();
    spans
}

/// Three parts of the day from Monday to Friday, Saturday by day, Sunday closed.
fn usual_hours() -> Vec<Span> {
    hours(&[(0..5, ALL_PARTS), (5..6, DAYTIME)])
}

/// Rooms whose hours are not those of their base.
fn own_hours(room: &str) -> Option<Vec<Span>> {
    match room {
        // Outdoors it is dark after supper.
        "pv_yard" => Some(hours(&[(0..6, DAYTIME)])),
        // The host of the studio keeps her own hours.
        "embroidery" => Some(hours(&[(0..6, DAYTIME), (1..4, &[DayPart::Evening])])),
        // The line produces in the morning.
        "yunneng_line" => Some(hours(&[(0..5, &[DayPart::Afternoon])])),
        _ => None,
    }
}

pub fn features() -> Vec<Named> {
    let named = |(id, name, name_en): &(&str, &str, &str)| Named {
        id: (*id).into(),
        name: (*name).into(),
        name_en: (*name_en).into(),
    };
    FEATURES.iter().map(named).collect()
}

pub fn bases() -> Vec<Base> {
    let base = |id: &str, name: &str, kind: BaseKind, host: Option<&str>, address: &str, open: Vec<Span>| Base {
        id: BaseId::new(id),
        name: name.into(),
        kind,
        host: host.map(OrganizationId::new),
        address: address.into(),
        open,
        safety_induction: matches!(kind, BaseKind::SchoolInPlant | BaseKind::PlantInSchool),
    };
    // A school lends what it does not need itself; a plant opens where production leaves room.
    let lent = hours(&[(0..5, &[DayPart::Afternoon, DayPart::Evening]), (5..6, DAYTIME)]);
    let beside_production = hours(&[(0..5, DAYTIME)]);
    let (school, in_plant, in_school) = (BaseKind::School, BaseKind::SchoolInPlant, BaseKind::PlantInSchool);
    vec![
        base(
            "public",
            "楚雄公共实训基地",
            BaseKind::Public,
            None,
            "楚雄市东南新城实训路 1 号",
            usual_hours(),
        ),
        base(
            "jishi_base",
            "州技师学院实训基地",
            school,
            Some("jishi"),
            "楚雄市开发区技师路 8 号",
            lent.clone(),
        ),
        base(
            "nongxiao_base",
            "州农业学校实训基地",
            school,
            Some("nongxiao"),
            "楚雄市西郊农校路 3 号",
            lent,
        ),
        base(
            "yunneng_plant",
            "云能光伏·厂中校",
            in_plant,
            Some("yunneng"),
            "楚雄市工业园区光伏路 6 号",
            beside_production.clone(),
        ),
        base(
            "hongyuan_plant",
            "宏源数控·校中厂",
            in_school,
            Some("zhigao"),
            "市职业高级中学北院",
            beside_production,
        ),
    ]
}

/// Minutes on the road between two bases, where it is not the default.
pub fn travel() -> Vec<(BaseId, BaseId, i64)> {
    let between = |a: &str, b: &str, minutes| (BaseId::new(a), BaseId::new(b), minutes);
    vec![
        between("public", "jishi_base", 15),
        between("public", "hongyuan_plant", 20),
        between("public", "nongxiao_base", 40),
        between("public", "yunneng_plant", 35),
        between("nongxiao_base", "yunneng_plant", 60),
    ]
}

pub fn rooms() -> Vec<Room> {
    let mut rooms = Vec::new();
    for (base, center, rows) in ROOMS {
        for RoomRow(id, name, features, seats, turnaround_min) in *rows {
            rooms.push(Room {
                id: RoomId::new(*id),
                base: BaseId::new(*base),
                center: (*center).into(),
                name: (*name).into(),
                part_of: None,
                features: features.iter().map(|feature| FeatureId::new(*feature)).collect(),
                seats: *seats,
                open: own_hours(id),
                turnaround_min: *turnaround_min,
            });
        }
    }
    let workshop = rooms
        .iter()
        .find(|room| room.id.as_str() == BAYS.0)
        .expect("the workshop is in the table")
        .clone();
    let bay = |(id, name, seats): &(&str, &str, i64)| Room {
        id: RoomId::new(*id),
        name: (*name).into(),
        part_of: Some(workshop.id.clone()),
        seats: *seats,
        ..workshop.clone()
    };
    rooms.extend(BAYS.1.iter().map(bay));
    rooms
}

pub fn equipment() -> Vec<Equipment> {
    let kind = |(id, name, base, room, units): &(&str, &str, &str, &str, i64)| Equipment {
        id: EquipmentId::new(*id),
        base: BaseId::new(*base),
        room: (!room.is_empty()).then(|| RoomId::new(*room)),
        name: (*name).into(),
        units: *units,
        qualification_needed: GUARDED.contains(id),
    };
    EQUIPMENT.iter().map(kind).collect()
}

/// The coming Friday is a holiday, and the Sunday after it teaches as that Friday.
pub fn special_days(coming: Week) -> Vec<SpecialDay> {
    vec![
        SpecialDay {
            date: coming.day(4),
            name: "州庆日".into(),
            kind: DayKind::Holiday,
        },
        SpecialDay {
            date: coming.day(6),
            name: "州庆调休".into(),
            kind: DayKind::MakeUp { teaches_as: 4 },
        },
    ]
}

/// A broken unit, a room under inspection for half a day, an instructor away for two days.
pub fn blackouts(coming: Week) -> Vec<Blackout> {
    let out = |id: &str, out: Out, from_min: i64, until_min: i64, reason: &str| Blackout {
        id: id.into(),
        out,
        span: Span::new(from_min, until_min).shifted(coming.epoch_min()),
        reason: reason.into(),
    };
    let at = |day: i64, hour: i64| day * MINUTES_PER_DAY + hour * 60;
    let inverter = Out::Unit {
        equipment: EquipmentId::new("inverter"),
        number: 5,
    };
    vec![
        out("inverter_5_repair", inverter, at(0, 0), at(7, 0), "5 号逆变器返厂检修"),
        out(
            "ward_inspection",
            Out::Room(RoomId::new("ward")),
            at(2, 8),
            at(2, 12),
            "供氧系统年检",
        ),
        out(
            "wu_away",
            Out::Instructor(InstructorId::new("wu_xiaodong")),
            at(0, 0),
            at(2, 0),
            "省赛执裁",
        ),
    ]
}
