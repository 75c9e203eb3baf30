//! Who is trained: 60 cohorts by member, each with its head count and its trades, never a name.

use super::bases::GUARDED;
use domain::id::*;
use domain::people::CohortKind::{self, Apprentices, JobSeekers, OrderClass, Staff, Students};
use domain::people::{Cohort, Qualification};
use domain::time::Week;

/// Kept free of generated requests, so that their trainers can ask by hand.
pub const BY_HAND: [&str; 2] = ["jishi_cnc_2401", "yunneng_staff_1"];

/// Id, name, kind, heads, trades (see `trades`).
pub struct Row(
    pub &'static str,
    &'static str,
    CohortKind,
    i64,
    pub &'static [&'static str],
);

/// Member and its cohorts.
pub const COHORTS: &[(&str, &[Row])] = &[
    (
        "jishi",
        &[
            Row("jishi_cnc_2401", "数控2401", Students, 36, &["turning"]),
            Row("jishi_cnc_2402", "数控2402", Students, 35, &["turning", "measuring"]),
            Row(
                "jishi_contest",
                "技能大赛选拔组",
                Students,
                8,
                &["five_axis", "measuring"],
            ),
            Row(
                "jishi_robot_2401",
                "机器人2401",
                Students,
                30,
                &["robot", "mechatronics"],
            ),
            Row(
                "jishi_robot_2402",
                "机器人2402",
                Students,
                28,
                &["robot", "mechatronics"],
            ),
            Row(
                "jishi_ev_2401",
                "新能源2401",
                Students,
                34,
                &["electric_drive", "chassis"],
            ),
            Row(
                "jishi_ev_2402",
                "新能源2402",
                Students,
                32,
                &["electric_drive", "charging"],
            ),
            Row(
                "jishi_pv_2401",
                "光伏2401",
                Students,
                33,
                &["photovoltaics", "inverter"],
            ),
            Row("jishi_auto_2401", "汽修2401", Students, 36, &["chassis"]),
            Row(
                "jishi_mech_2401",
                "机电2401",
                Students,
                36,
                &["fitting", "mechatronics"],
            ),
        ],
    ),
    (
        "zhiyuan",
        &[
            Row(
                "zhiyuan_ev_2401",
                "新能源2403",
                Students,
                32,
                &["electric_drive", "charging"],
            ),
            Row(
                "zhiyuan_pv_2401",
                "光伏2403",
                Students,
                30,
                &["photovoltaics", "inverter"],
            ),
            Row("zhiyuan_maker_2401", "智造2401", Students, 24, &["five_axis", "robot"]),
            Row("zhiyuan_maker_2402", "智造2402", Students, 24, &["robot", "measuring"]),
            Row("zhiyuan_drug_2401", "制药2401", Students, 20, &["pharmacy"]),
            Row("zhiyuan_nurse_2401", "护理2406", Students, 36, &["nursing"]),
        ],
    ),
    (
        "zhigao",
        &[
            Row("zhigao_mech_2403", "机电2403", Students, 38, &["turning", "fitting"]),
            Row(
                "zhigao_mech_2404",
                "机电2404",
                Students,
                36,
                &["mechatronics", "fitting"],
            ),
            Row(
                "zhigao_auto_2402",
                "汽修2402",
                Students,
                40,
                &["electric_drive", "chassis"],
            ),
            Row("zhigao_auto_2403", "汽修2403", Students, 38, &["chassis"]),
            Row("zhigao_cook_2401", "烹饪2401", Students, 32, &["wok", "pastry"]),
            Row("zhigao_cook_2402", "烹饪2402", Students, 30, &["wok", "pastry"]),
            Row("zhigao_elec_2401", "电工2401", Students, 35, &["electrician"]),
        ],
    ),
    (
        "minzhuan",
        &[
            Row(
                "minzhuan_mech_2402",
                "机电2402",
                Students,
                28,
                &["robot", "mechatronics"],
            ),
            Row("minzhuan_pv_2402", "光伏2402", Students, 22, &["photovoltaics"]),
            Row("minzhuan_auto_2405", "汽修2405", Students, 36, &["chassis"]),
            Row("minzhuan_art_2401", "民艺2401", Students, 16, &["embroidery"]),
            Row("minzhuan_nurse_2405", "护理2405", Students, 34, &["nursing"]),
        ],
    ),
    (
        "weixiao",
        &[
            Row("weixiao_nurse_2401", "护理2401", Students, 36, &["nursing"]),
            Row(
                "weixiao_nurse_2402",
                "护理2402",
                Students,
                30,
                &["nursing", "eldercare"],
            ),
            Row("weixiao_nurse_2403", "护理2403", Students, 34, &["nursing"]),
            Row("weixiao_nurse_2404", "护理2404", Students, 36, &["nursing"]),
            Row("weixiao_care_2401", "养老2401", Students, 28, &["eldercare"]),
            Row("weixiao_drug_2401", "药剂2401", Students, 20, &["pharmacy"]),
        ],
    ),
    (
        "nongxiao",
        &[
            Row("nongxiao_pet_2401", "宠医2401", Students, 20, &["pet_care"]),
            Row(
                "nongxiao_pet_2402",
                "宠医2402",
                Students,
                18,
                &["pet_surgery", "pet_care"],
            ),
            Row(
                "nongxiao_farm_2401",
                "农机2401",
                Students,
                30,
                &["fitting", "electrician"],
            ),
            Row("nongxiao_food_2401", "食检2401", Students, 28, &["testing"]),
        ],
    ),
    (
        "yunneng",
        &[
            Row("yunneng_staff_1", "在职1组", Staff, 12, &["inverter"]),
            Row("yunneng_staff_2", "在职2组", Staff, 14, &["robot"]),
            Row("yunneng_order_2403", "订单班2403", OrderClass, 30, &["photovoltaics"]),
            Row(
                "yunneng_apprentices_1",
                "学徒1组",
                Apprentices,
                12,
                &["inverter", "photovoltaics"],
            ),
        ],
    ),
    (
        "dianxin",
        &[
            Row("dianxin_order_2402", "订单班2402", OrderClass, 32, &["electric_drive"]),
            Row("dianxin_staff_4", "在职4组", Staff, 20, &["charging", "electric_drive"]),
            Row(
                "dianxin_apprentices_2",
                "学徒2组",
                Apprentices,
                14,
                &["electric_drive", "chassis"],
            ),
        ],
    ),
    (
        "hongyuan",
        &[
            Row("hongyuan_staff_1", "在职1组", Staff, 18, &["turning"]),
            Row("hongyuan_order_2401", "订单班2401", OrderClass, 16, &["five_axis"]),
            Row(
                "hongyuan_apprentices_3",
                "学徒3组",
                Apprentices,
                12,
                &["five_axis", "fitting"],
            ),
        ],
    ),
    (
        "chuji",
        &[
            Row("chuji_staff_1", "在职1组", Staff, 16, &["robot"]),
            Row("chuji_staff_2", "在职2组", Staff, 15, &["fitting", "measuring"]),
        ],
    ),
    (
        "yiyao",
        &[
            Row("yiyao_staff_1", "在职1组", Staff, 16, &["pharmacy"]),
            Row(
                "yiyao_order_2404",
                "订单班2404",
                OrderClass,
                20,
                &["testing", "pharmacy"],
            ),
        ],
    ),
    (
        "anchong",
        &[
            Row("anchong_staff_1", "在职1组", Staff, 8, &["pet_surgery", "pet_care"]),
            Row("anchong_apprentices_1", "学徒1组", Apprentices, 10, &["pet_surgery"]),
        ],
    ),
    (
        "yixiu",
        &[
            Row("yixiu_heirs_1", "传承1组", Apprentices, 12, &["embroidery"]),
            Row("yixiu_seekers_4", "求职4组", JobSeekers, 16, &["embroidery"]),
        ],
    ),
    (
        "pengxie",
        &[
            Row("pengxie_members_1", "会员1组", Staff, 16, &["wok"]),
            Row("pengxie_seekers_2", "求职2组", JobSeekers, 20, &["pastry", "wok"]),
            Row("pengxie_seekers_3", "求职3组", JobSeekers, 24, &["wok"]),
            Row("pengxie_seekers_5", "求职5组", JobSeekers, 25, &["eldercare"]),
        ],
    ),
];

/// Trades that use guarded equipment: whoever has one was assessed for it.
const ASSESSED: &[(&str, &str)] = &[("turning", GUARDED[0]), ("electric_drive", GUARDED[1])];

/// The cohorts with their qualifications; most are valid for a year, some for half of one.
pub fn cohorts(coming: Week) -> Vec<Cohort> {
    let own = |(organization, rows): &(&'static str, &'static [Row])| {
        let organization = OrganizationId::new(*organization);
        rows.iter()
            .map(move |row| cohort(&organization, row, coming))
            .collect::<Vec<_>>()
    };
    COHORTS.iter().flat_map(own).collect()
}

fn cohort(organization: &OrganizationId, Row(id, name, kind, headcount, trades): &Row, coming: Week) -> Cohort {
    let valid_days = if *kind == Students { 365 } else { 182 };
    let passed = ASSESSED.iter().filter(|(trade, _)| trades.contains(trade));
    let qualification = |(_, equipment): &(&str, &str)| Qualification {
        equipment: EquipmentId::new(*equipment),
        until: coming.day(valid_days),
    };
    Cohort {
        id: CohortId::new(*id),
        organization: organization.clone(),
        name: (*name).into(),
        kind: *kind,
        headcount: *headcount,
        qualifications: passed.map(qualification).collect(),
    }
}
