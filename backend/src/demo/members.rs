//! Who asks: the members of the alliance and the people with a login.

use domain::id::*;
use domain::people::{Organization, OrganizationKind, Person, Role};

/// Id, name, English name, seal, kind, weight, cap of minutes a week.
#[rustfmt::skip]
const ORGANIZATIONS: &[OrganizationRow] = &[
    OrganizationRow("jishi", "州技师学院", "Prefecture Technician College", "技师", SCHOOL, 3.0, None),
    OrganizationRow("zhiyuan", "州职业技术学院", "Prefecture Vocational and Technical College", "职院", SCHOOL, 2.0, None),
    OrganizationRow("zhigao", "市职业高级中学", "City Vocational High School", "职高", SCHOOL, 2.0, None),
    OrganizationRow("minzhuan", "民族中等专业学校", "Secondary School for Nationalities", "民专", SCHOOL, 1.5, None),
    OrganizationRow("weixiao", "州卫生学校", "Prefecture School of Nursing", "卫校", SCHOOL, 1.5, None),
    OrganizationRow("nongxiao", "州农业学校", "Prefecture School of Agriculture", "农校", SCHOOL, 1.0, None),
    OrganizationRow("yunneng", "云能光伏", "Yunneng Photovoltaics", "云能", ENTERPRISE, 1.5, None),
    OrganizationRow("dianxin", "滇中新能源汽车", "Central Yunnan New Energy Vehicles", "滇新", ENTERPRISE, 1.5, None),
    OrganizationRow("hongyuan", "宏源数控", "Hongyuan Numerical Control", "宏源", ENTERPRISE, 1.0, Some(3000)),
    OrganizationRow("chuji", "楚机智能装备", "Chuji Intelligent Equipment", "楚机", ENTERPRISE, 1.0, Some(3000)),
    OrganizationRow("yiyao", "彝药生物", "Yiyao Biomedicine", "彝药", ENTERPRISE, 1.0, None),
    OrganizationRow("anchong", "安宠动物医院", "Anchong Animal Hospital", "安宠", ENTERPRISE, 0.5, Some(1500)),
    OrganizationRow("yixiu", "彝绣工坊", "Yi Embroidery Workshop", "彝绣", ENTERPRISE, 0.5, Some(1500)),
    OrganizationRow("pengxie", "州烹饪协会", "Prefecture Culinary Association", "烹协", OrganizationKind::Association, 0.5, None),
];

const SCHOOL: OrganizationKind = OrganizationKind::School;
const ENTERPRISE: OrganizationKind = OrganizationKind::Enterprise;

struct OrganizationRow(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    OrganizationKind,
    f64,
    Option<i64>,
);

/// Login, name, role, organization ("" is the alliance's own office), instructor ("" is none).
const PEOPLE: &[(&str, &str, Role, &str, &str)] = &[
    ("chen.paike", "陈静", Role::Coordinator, "", ""),
    ("sun.paike", "孙国庆", Role::Coordinator, "", ""),
    ("yang.shenji", "杨正清", Role::Auditor, "", ""),
    ("duan.xitong", "段宏", Role::SystemAdmin, "", ""),
    ("wang.jishi", "王彩云", Role::OrganizationAdmin, "jishi", ""),
    ("li.jishi", "李雪梅", Role::Requester, "jishi", ""),
    ("luo.zhiyuan", "罗丽", Role::Requester, "zhiyuan", ""),
    ("ma.zhigao", "马宏伟", Role::Requester, "zhigao", ""),
    ("qi.minzhuan", "杞绍英", Role::Requester, "minzhuan", ""),
    ("yang.weixiao", "杨慧", Role::Requester, "weixiao", ""),
    ("pu.nongxiao", "普文学", Role::Requester, "nongxiao", ""),
    ("zhao.yunneng", "赵立新", Role::Requester, "yunneng", ""),
    ("wang.dianxin", "王磊", Role::Requester, "dianxin", ""),
    ("zhou.hongyuan", "周建平", Role::Requester, "hongyuan", ""),
    ("zhang.chuji", "张燕", Role::Requester, "chuji", ""),
    ("sha.yiyao", "沙云", Role::Requester, "yiyao", ""),
    ("qian.anchong", "钱敏", Role::Requester, "anchong", ""),
    ("lu.yixiu", "鲁春花", Role::Requester, "yixiu", ""),
    ("xu.pengxie", "许德昌", Role::Requester, "pengxie", ""),
    ("he.daoshi", "何正洪", Role::Instructor, "yunneng", "he_zhenghong"),
];

pub fn organizations() -> Vec<Organization> {
    let member = |OrganizationRow(id, name, name_en, seal, kind, weight, quota): &OrganizationRow| Organization {
        id: OrganizationId::new(*id),
        name: (*name).into(),
        name_en: (*name_en).into(),
        seal: (*seal).into(),
        kind: *kind,
        weight: *weight,
        quota: *quota,
    };
    ORGANIZATIONS.iter().map(member).collect()
}

pub fn people() -> Vec<Person> {
    let person = |(login, name, role, organization, instructor): &(&str, &str, Role, &str, &str)| Person {
        id: PersonId::new(*login),
        login: (*login).into(),
        name: (*name).into(),
        role: *role,
        organization: (!organization.is_empty()).then(|| OrganizationId::new(*organization)),
        instructor: (!instructor.is_empty()).then(|| InstructorId::new(*instructor)),
        active: true,
    };
    PEOPLE.iter().map(person).collect()
}
