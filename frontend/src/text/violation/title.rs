//! Each rule's name. One arm a rule: splitting the match would lose that the compiler counts the rules.

use super::Lang;
use Violation::*;
use domain::violation::Violation;

pub(super) fn title(lang: Lang, broken: &Violation) -> &'static str {
    let (zh, en) = pair(broken);
    lang.pick(zh, en)
}

#[rustfmt::skip]
fn pair(broken: &Violation) -> (&'static str, &'static str) {
    match broken {
        PurposeMissing => ("没有写实训内容", "Purpose is missing"),
        PurposeTooLong { .. } => ("实训内容太长", "Purpose is too long"),
        TextForbidden { .. } => ("含有不能显示的字符", "Text has forbidden characters"),
        LessonsOutOfRange { .. } => ("课次数超出范围", "Number of lessons out of range"),
        MinutesOutOfRange { .. } => ("每课次时长超出范围", "Lesson length out of range"),
        HeadcountOutOfRange { .. } => ("人数超出范围", "Group size out of range"),
        TierOutOfRange { .. } => ("优先级超出范围", "Tier out of range"),
        CohortMissing => ("没有选班级", "No cohort chosen"),
        HeadcountAboveCohorts { .. } => ("人数与班级不符", "Group size does not match the cohorts"),
        ForeignCohort { .. } => ("不是本单位的班级", "Cohort of another organization"),
        UnknownThing { .. } => ("找不到所选的项", "The chosen thing does not exist"),
        DuplicateThing { .. } => ("重复选择", "Chosen twice"),
        WindowsMissing => ("没有标时段", "No windows marked"),
        WindowsTooMany { .. } => ("时段太多", "Too many windows"),
        WindowOutsideWeek { .. } => ("时段不在本周", "Window outside the week"),
        WindowTooShort { .. } => ("时段放不下一课次", "Window shorter than a lesson"),
        WindowClosed { .. } => ("时段内没有开放的实训室", "No suitable room is open then"),
        WindowOnHoliday { .. } => ("当天停课", "The day is closed"),
        WindowWithoutStart { .. } => ("时段内没有可开始的时间", "No lesson can start in the window"),
        DaysTooFew { .. } => ("不同的日子不够", "Too few different days"),
        PerDayMaxOutOfRange { .. } => ("每天课次数超出范围", "Lessons a day out of range"),
        DaysBetweenOutOfRange { .. } => ("间隔天数超出范围", "Days between out of range"),
        NoRoomHasFeatures { .. } => ("没有实训室满足条件", "No room has these features"),
        NoRoomHasSeats { .. } => ("没有足够大的实训室", "No room is large enough"),
        EquipmentUnitsOutOfRange { .. } => ("设备台数超出范围", "Equipment units out of range"),
        EquipmentElsewhere { .. } => ("设备不在所选的实训室", "Equipment stands elsewhere"),
        InstructorCountOutOfRange { .. } => ("导师人数超出范围", "Number of instructors out of range"),
        SkillLevelOutOfRange { .. } => ("技能等级超出范围", "Skill level out of range"),
        NoInstructorTeaches { .. } => ("能教的导师不够", "Too few instructors teach this"),
        QualificationMissing { .. } => ("班级没有上机资格", "Cohort is not qualified"),
        QualificationExpires { .. } => ("上机资格届时已过期", "Qualification expires before"),
        AboveQuota { .. } => ("超过本单位限额", "Above the organization's quota"),
        CutOffPassed => ("已过截止时间", "The cut-off has passed"),
        WrongState { .. } => ("当前状态不能这样做", "Not possible in this state"),
        UnknownRequest { .. } => ("申请不存在", "Unknown request"),
        UnknownRoom { .. } => ("实训室不存在", "Unknown room"),
        UnknownInstructor { .. } => ("导师不存在", "Unknown instructor"),
        LessonNumber { .. } => ("课次编号不对", "Wrong lesson number"),
        StartNotAllowed { .. } => ("不是允许的开始时间", "Not an allowed start"),
        OutsideWindows { .. } => ("不在申请的时段内", "Outside the requested windows"),
        RoomClosed { .. } => ("实训室不开放", "Room is closed"),
        RoomBlackout { .. } => ("实训室停用", "Room is out of service"),
        RoomNotAsked { .. } => ("不是申请的实训室", "Room was not asked for"),
        FeatureMissing { .. } => ("实训室缺少条件", "Room lacks a feature"),
        SeatsShort { .. } => ("座位不够", "Not enough seats"),
        RoomClash { .. } => ("实训室冲突", "Room is taken twice"),
        EquipmentWrong { .. } => ("设备台数不对", "Wrong number of units"),
        EquipmentElsewhereAt { .. } => ("设备不在这里", "Equipment stands elsewhere"),
        EquipmentShort { .. } => ("设备不够", "Not enough units"),
        EquipmentClash { .. } => ("设备冲突", "Unit is taken twice"),
        InstructorCount { .. } => ("导师人数不对", "Wrong number of instructors"),
        InstructorNotAsked { .. } => ("不是申请的导师", "Instructor was not asked for"),
        SkillShort { .. } => ("导师技能不足", "Instructor lacks a skill"),
        InstructorNotServing { .. } => ("协议不服务该单位", "Agreement does not serve this organization"),
        InstructorUnavailable { .. } => ("导师没有空", "Instructor is not available"),
        InstructorClash { .. } => ("导师冲突", "Instructor is taken twice"),
        TravelTooShort { .. } => ("导师赶不到", "Too little time to travel"),
        InstructorDayMax { .. } => ("导师当天课时已满", "Instructor's day is full"),
        InstructorWeekMax { .. } => ("导师本周课时已满", "Instructor's week is full"),
        CohortClash { .. } => ("班级冲突", "Cohort is taken twice"),
        PerDayMax { .. } => ("当天课次太多", "Too many lessons on a day"),
        DaysBetween { .. } => ("间隔天数不够", "Too few days between"),
        QuotaExceeded { .. } => ("超过单位限额", "Quota exceeded"),
        PinnedMoved { .. } => ("锁定的课次被移动", "A pinned lesson was moved"),
        NotAllLessons { .. } => ("没有全部排入", "Not all lessons are placed"),
        PasswordLength { .. } => ("密码太短或太长", "Password too short or too long"),
        PasswordPlain { .. } => ("密码的字符种类不够", "Password has too few kinds of characters"),
        PasswordIsLogin => ("密码含有账号", "Password is like the login"),
        LoginIllFormed { .. } => ("账号不合要求", "Login is ill-formed"),
        NameLength { .. } => ("姓名太短或太长", "Name too short or too long"),
        PhoneIllFormed => ("电话号码不合格式", "Not a phone number"),
        MemberSuspended { .. } => ("本单位已被暂停", "Organization is suspended"),
        MemberLeft => ("本单位已退出联盟", "Organization has left"),
        PasswordUsed { .. } => ("密码不久前用过", "Password was used before"),
        RowRefused { .. } => ("表格中有一处不符", "A cell of the spreadsheet is refused"),
        PasswordGuessable => ("密码太容易猜到", "Password is easily guessed"),
    }
}

/// The rule's name from its code alone.
pub(super) fn by_code(lang: Lang, code: &str) -> Option<&'static str> {
    super::samples::one_of_each()
        .iter()
        .find(|sample| sample.code() == code)
        .map(|sample| title(lang, sample))
}
