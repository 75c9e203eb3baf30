//! Who teaches: the shared pool of 40 instructors, what they can teach, when, and for whom.

use super::bases::{ALL_PARTS, DAYTIME, hours};
use domain::catalog::Named;
use domain::id::*;
use domain::people::InstructorKind::{self, DualQualified, Engineer, HeritageMaster, Researcher};
use domain::people::{Agreement, Instructor};
use domain::time::{DayPart, Span, Week};

/// What is taught: id, name, English name.
const SKILLS: &[(&str, &str, &str)] = &[
    ("turning", "数控车削", "CNC turning"),
    ("five_axis", "五轴加工", "Five-axis machining"),
    ("fitting", "钳工装配", "Fitting and assembly"),
    ("robotics", "工业机器人", "Industrial robotics"),
    ("metrology", "精密测量", "Precision measuring"),
    ("mechatronics", "机电一体化", "Mechatronics"),
    ("electric_drive", "三电检修", "Electric drive repair"),
    ("chassis", "汽车底盘", "Vehicle chassis"),
    ("charging", "充电桩装调", "Charging station installation"),
    ("photovoltaics", "光伏装调", "Photovoltaic installation"),
    ("inverter_repair", "逆变器检修", "Inverter repair"),
    ("electrician", "低压电工", "Low-voltage electrics"),
    ("nursing", "临床护理", "Clinical nursing"),
    ("eldercare", "养老照护", "Elder care"),
    ("pharmacy", "药物制剂", "Pharmaceutical preparation"),
    ("testing", "药食检验", "Drug and food testing"),
    ("wok", "中式热菜", "Chinese hot dishes"),
    ("pastry", "中式面点", "Chinese pastry"),
    ("pet_care", "宠物诊疗", "Pet examination"),
    ("pet_surgery", "宠物外科", "Pet surgery"),
    ("embroidery", "彝族刺绣", "Yi embroidery"),
];

/// When somebody comes to teach.
#[derive(Clone, Copy)]
enum Comes {
    /// Monday to Friday, also in the evening.
    AllWeek,
    /// Monday to Friday by day.
    ByDay,
    /// Monday to Friday by day, and on Saturday.
    WithSaturday,
    /// Tuesday to Thursday, also in the evening.
    MidWeek,
    /// Every afternoon and evening.
    FromNoon,
    /// After work, and on Saturday.
    AfterWork,
    /// Monday, Tuesday and Friday by day.
    WeekEnds,
}

impl Comes {
    fn spans(self) -> Vec<Span> {
        match self {
            Comes::AllWeek => hours(&[(0..5, ALL_PARTS)]),
            Comes::ByDay => hours(&[(0..5, DAYTIME)]),
            Comes::WithSaturday => hours(&[(0..6, DAYTIME)]),
            Comes::MidWeek => hours(&[(1..4, ALL_PARTS)]),
            Comes::FromNoon => hours(&[(0..5, &[DayPart::Afternoon, DayPart::Evening])]),
            Comes::AfterWork => hours(&[(0..5, &[DayPart::Evening]), (5..6, DAYTIME)]),
            Comes::WeekEnds => hours(&[(0..2, DAYTIME), (4..5, DAYTIME)]),
        }
    }
}

/// Whom an agreement serves: everybody, or one employer and N others (1+N).
const EVERYBODY: &[&str] = &[];

/// Her agreement ends in the middle of the coming week.
const EXPIRING: &str = "lu_meiying";

/// Id, name, kind, industry, employer, skills with levels, when, hours a week, whom the agreement serves.
struct Row(
    &'static str,
    &'static str,
    InstructorKind,
    &'static str,
    &'static str,
    &'static [(&'static str, i64)],
    Comes,
    i64,
    &'static [&'static str],
);

#[rustfmt::skip]
const POOL: &[Row] = &[
    Row("li_jianguo", "李建国", DualQualified, "数控加工", "jishi", &[("turning", 4), ("five_axis", 2)], Comes::AllWeek, 20, EVERYBODY),
    Row("zhou_wenbin", "周文斌", Engineer, "数控加工", "hongyuan", &[("five_axis", 5), ("turning", 3)], Comes::MidWeek, 12, EVERYBODY),
    Row("zhao_yonghong", "赵永红", Engineer, "数控加工", "hongyuan", &[("turning", 4), ("metrology", 3)], Comes::AfterWork, 12, &["hongyuan", "jishi", "zhigao"]),
    Row("luo_zhigang", "罗志刚", DualQualified, "数控加工", "zhiyuan", &[("five_axis", 3), ("turning", 4)], Comes::WithSaturday, 16, EVERYBODY),
    Row("pu_yongxiang", "普永祥", DualQualified, "数控加工", "zhigao", &[("turning", 3), ("fitting", 4)], Comes::ByDay, 18, EVERYBODY),
    Row("duan_yumei", "段玉梅", DualQualified, "质量检测", "jishi", &[("metrology", 4), ("fitting", 2)], Comes::ByDay, 14, EVERYBODY),
    Row("qi_guangming", "杞光明", Engineer, "装配", "hongyuan", &[("fitting", 5), ("turning", 2)], Comes::FromNoon, 12, EVERYBODY),
    Row("wu_xiaodong", "吴晓东", DualQualified, "工业机器人", "minzhuan", &[("robotics", 4), ("mechatronics", 3)], Comes::AllWeek, 16, EVERYBODY),
    Row("zhang_zhiqiang", "张志强", Engineer, "工业机器人", "chuji", &[("robotics", 5), ("mechatronics", 4)], Comes::MidWeek, 12, EVERYBODY),
    Row("qi_yunfeng", "起云峰", Engineer, "自动化产线", "chuji", &[("robotics", 3), ("mechatronics", 3)], Comes::WithSaturday, 12, &["chuji", "jishi", "zhiyuan", "yunneng"]),
    Row("ma_jun", "马俊", DualQualified, "机电", "zhigao", &[("mechatronics", 4), ("electrician", 3)], Comes::ByDay, 18, EVERYBODY),
    Row("wang_haitao", "王海涛", Engineer, "新能源汽车", "dianxin", &[("electric_drive", 5), ("chassis", 4)], Comes::MidWeek, 14, EVERYBODY),
    Row("sun_lihua", "孙丽华", Engineer, "充电设施", "dianxin", &[("charging", 5), ("electric_drive", 3)], Comes::WithSaturday, 14, EVERYBODY),
    Row("yang_kairong", "杨开荣", DualQualified, "新能源汽车", "jishi", &[("electric_drive", 4), ("chassis", 4)], Comes::AllWeek, 18, EVERYBODY),
    Row("chen_siyuan", "陈思源", DualQualified, "汽车维修", "zhigao", &[("chassis", 4)], Comes::ByDay, 18, EVERYBODY),
    Row("li_wenjun", "李文军", Researcher, "动力电池", "zhiyuan", &[("electric_drive", 5)], Comes::WeekEnds, 8, EVERYBODY),
    Row("shi_xueming", "施学明", DualQualified, "汽车维修", "minzhuan", &[("chassis", 3), ("charging", 3)], Comes::AllWeek, 16, EVERYBODY),
    Row("he_zhenghong", "何正洪", Engineer, "光伏", "yunneng", &[("inverter_repair", 5), ("photovoltaics", 4)], Comes::AllWeek, 16, EVERYBODY),
    Row("zhang_yunfei", "张云飞", Engineer, "光伏", "yunneng", &[("photovoltaics", 4), ("inverter_repair", 3)], Comes::WithSaturday, 14, EVERYBODY),
    Row("gao_jianhua", "高建华", Engineer, "电力电子", "yunneng", &[("inverter_repair", 4), ("electrician", 4)], Comes::FromNoon, 12, EVERYBODY),
    Row("bai_xuesong", "白雪松", Researcher, "光伏材料", "zhiyuan", &[("photovoltaics", 5)], Comes::WeekEnds, 8, EVERYBODY),
    Row("bi_shaowu", "毕绍武", DualQualified, "光伏", "jishi", &[("photovoltaics", 3), ("electrician", 4)], Comes::WithSaturday, 16, EVERYBODY),
    Row("zhou_xingwang", "周兴旺", DualQualified, "电工", "zhigao", &[("electrician", 5)], Comes::AllWeek, 18, EVERYBODY),
    Row("yang_xiufen", "杨秀芬", DualQualified, "护理", "weixiao", &[("nursing", 4)], Comes::ByDay, 18, EVERYBODY),
    Row("duan_liqiong", "段丽琼", DualQualified, "护理", "weixiao", &[("nursing", 4), ("eldercare", 3)], Comes::AllWeek, 16, EVERYBODY),
    Row("li_cuiying", "李翠英", Researcher, "急救护理", "weixiao", &[("nursing", 5)], Comes::MidWeek, 10, EVERYBODY),
    Row("pu_qiongzhi", "普琼芝", DualQualified, "养老服务", "minzhuan", &[("eldercare", 4), ("nursing", 2)], Comes::WithSaturday, 14, EVERYBODY),
    Row("qian_xueli", "钱学礼", Engineer, "制药", "yiyao", &[("pharmacy", 5)], Comes::MidWeek, 10, &["yiyao", "weixiao", "zhiyuan"]),
    Row("sha_zhenghua", "沙正华", Researcher, "彝药研发", "yiyao", &[("pharmacy", 4), ("testing", 4)], Comes::WithSaturday, 12, EVERYBODY),
    Row("yin_chunyan", "尹春燕", DualQualified, "食品检验", "zhiyuan", &[("testing", 4)], Comes::ByDay, 16, EVERYBODY),
    Row("lu_guangfu", "鲁光福", HeritageMaster, "彝医药", "yiyao", &[("pharmacy", 4), ("eldercare", 3)], Comes::WeekEnds, 8, EVERYBODY),
    Row("luo_jiaxing", "罗家兴", HeritageMaster, "彝家菜", "pengxie", &[("wok", 5)], Comes::MidWeek, 12, EVERYBODY),
    Row("ma_xiulan", "马秀兰", Engineer, "面点", "pengxie", &[("pastry", 5)], Comes::FromNoon, 12, EVERYBODY),
    Row("zhang_dehou", "张德厚", DualQualified, "烹饪", "zhigao", &[("wok", 4), ("pastry", 3)], Comes::AllWeek, 18, EVERYBODY),
    Row("li_fusheng", "李福生", Engineer, "餐饮", "pengxie", &[("wok", 3)], Comes::AfterWork, 10, &["pengxie", "zhigao"]),
    Row("pu_zirong", "普自荣", DualQualified, "动物医学", "nongxiao", &[("pet_care", 4), ("pet_surgery", 3)], Comes::ByDay, 16, EVERYBODY),
    Row("qian_yu", "钱雨", Engineer, "宠物医疗", "anchong", &[("pet_surgery", 5), ("pet_care", 5)], Comes::MidWeek, 10, EVERYBODY),
    Row("yang_xiaoxue", "杨晓雪", Engineer, "宠物医疗", "anchong", &[("pet_care", 4)], Comes::WithSaturday, 12, &["anchong", "nongxiao"]),
    Row(EXPIRING, "鲁美英", HeritageMaster, "彝族刺绣", "yixiu", &[("embroidery", 5)], Comes::WithSaturday, 14, EVERYBODY),
    Row("li_ruxiu", "李如秀", HeritageMaster, "彝族刺绣", "minzhuan", &[("embroidery", 4)], Comes::AllWeek, 16, &["minzhuan", "yixiu"]),
];

/// Most minutes that anybody teaches on one day.
const DAY_MAX_MIN: i64 = 480;

pub fn skills() -> Vec<Named> {
    let named = |(id, name, name_en): &(&str, &str, &str)| Named {
        id: (*id).into(),
        name: (*name).into(),
        name_en: (*name_en).into(),
    };
    SKILLS.iter().map(named).collect()
}

/// The pool, with agreements of one to three years around the coming week.
pub fn pool(coming: Week) -> Vec<Instructor> {
    POOL.iter()
        .enumerate()
        .map(|(n, row)| instructor(n as i64, row, coming))
        .collect()
}

fn instructor(n: i64, row: &Row, coming: Week) -> Instructor {
    let Row(id, name, kind, industry, employer, skills, comes, week_hours, serves) = row;
    Instructor {
        id: InstructorId::new(*id),
        name: (*name).into(),
        kind: *kind,
        industry: (*industry).into(),
        organization: OrganizationId::new(*employer),
        skills: skills
            .iter()
            .map(|(skill, level)| (SkillId::new(*skill), *level))
            .collect(),
        available: comes.spans(),
        day_max_min: Some(DAY_MAX_MIN),
        agreement: Agreement {
            week_max_min: Some(week_hours * 60),
            organizations: (!serves.is_empty()).then(|| serves.iter().map(|id| OrganizationId::new(*id)).collect()),
            ..term(n, id, coming)
        },
    }
}

/// One to three years that cover the coming week; the expiring one covers it until Wednesday night.
fn term(n: i64, id: &str, coming: Week) -> Agreement {
    let weeks_done = 8 + n % 40;
    let years = 1 + n % 3;
    let from = (0..weeks_done).fold(coming, |week, _| week.previous());
    let until = if id == EXPIRING {
        coming.day(3)
    } else {
        from.day(years * 365)
    };
    Agreement {
        from: from.monday(),
        until,
        week_max_min: None,
        organizations: None,
    }
}
