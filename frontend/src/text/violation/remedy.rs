//! What mends each broken rule. Rules that are mended the same way share an arm; none is left to a default.

use super::{Lang, field};
use crate::text::{names, time};
use Violation::*;
use domain::api::NameBook;
use domain::violation::Violation;

pub(super) fn remedy(lang: Lang, broken: &Violation, names: &NameBook) -> String {
    match with_values(lang, broken, names) {
        Some(remedy) => remedy,
        None => fixed(lang, broken).to_owned(),
    }
}

/// Remedies that name the value to set.
#[rustfmt::skip]
fn with_values(lang: Lang, broken: &Violation, names: &NameBook) -> Option<String> {
    let say = |zh: String, en: String| Some(lang.pick(zh, en));
    match broken {
        PurposeTooLong { len_max, .. } => say(format!("缩短到 {len_max} 个字以内"), format!("Shorten it to {len_max} characters")),
        LessonsOutOfRange { min, max, .. } | PerDayMaxOutOfRange { min, max, .. } | DaysBetweenOutOfRange { min, max, .. }
        | HeadcountOutOfRange { min, max, .. } | InstructorCountOutOfRange { min, max, .. } | TierOutOfRange { min, max, .. }
        | SkillLevelOutOfRange { min, max, .. } => say(format!("改为 {min}–{max}"), format!("Set {min} to {max}")),
        MinutesOutOfRange { min, max, .. } => say(format!("改为 {min}–{max} 分钟"), format!("Set {min} to {max} minutes")),
        HeadcountAboveCohorts { cohorts, .. } => say(format!("把人数改为 {cohorts}，或调整班级"), format!("Set the group to {cohorts}, or change the cohorts")),
        WindowsTooMany { max, .. } => say(format!("合并相邻的时段，减到 {max} 段"), format!("Join neighbouring windows, down to {max}")),
        WindowTooShort { window, minutes } => {
            let (day, clocks) = (time::weekday(lang, window.from.div_euclid(1440)), time::clocks(*window));
            let more = minutes - window.minutes();
            say(format!("在{day} {clocks} 前后再补 {more} 分钟，或去掉这一段"), format!("Add {more} minutes before or after {day} {clocks}, or drop it"))
        }
        DaysTooFew { needed, days } => {
            let more = needed - days;
            say(format!("再标 {more} 个日子，或放宽每天课次数与间隔"), format!("Mark {more} more days, or allow more lessons a day"))
        }
        NoRoomHasSeats { seats_max, .. } => say(format!("分组到 {seats_max} 人以内，或换实训室"), format!("Split the group to {seats_max} people, or choose other rooms")),
        EquipmentUnitsOutOfRange { units_max, .. } => say(format!("减到 {units_max} 台以内"), format!("Ask for at most {units_max}")),
        NoInstructorTeaches { found, .. } => say(format!("改为 {found} 位，或降低技能等级"), format!("Ask for {found}, or lower the level")),
        AboveQuota { quota, .. } => {
            let hours = time::hours(*quota);
            say(format!("减到 {hours} 小时以内"), format!("Ask for at most {hours} hours"))
        }
        PinnedMoved { start, room, .. } => {
            let (start, room) = (time::moment(lang, *start), names::room(names, room));
            say(format!("放回 {start} {room}，或先解锁"), format!("Put it back to {start}, {room}, or release it first"))
        }
        TextForbidden { field: name } => {
            let name = field(lang, name);
            say(format!("重新输入“{name}”"), format!("Type “{name}” again"))
        }
        TravelTooShort { needed, .. } => say(format!("两课次之间留出 {needed} 分钟，或换导师"), format!("Leave {needed} minutes between, or change the instructor")),
        PasswordLength { min, max, .. } => say(format!("改为 {min}–{max} 个字符"), format!("Use {min} to {max} characters")),
        PasswordPlain { kinds_min, .. } => say(format!("用上 {kinds_min} 种字符"), format!("Use {kinds_min} kinds of characters")),
        PurposeMissing | CohortMissing | ForeignCohort { .. } | UnknownThing { .. } | DuplicateThing { .. } | WindowsMissing
        | WindowOutsideWeek { .. } | WindowClosed { .. } | WindowOnHoliday { .. } | WindowWithoutStart { .. } | NoRoomHasFeatures { .. }
        | EquipmentElsewhere { .. } | QualificationMissing { .. } | QualificationExpires { .. } | CutOffPassed | WrongState { .. }
        | UnknownRequest { .. } | UnknownRoom { .. } | UnknownInstructor { .. } | LessonNumber { .. } | StartNotAllowed { .. }
        | OutsideWindows { .. } | RoomClosed { .. } | RoomBlackout { .. } | RoomNotAsked { .. } | FeatureMissing { .. }
        | SeatsShort { .. } | RoomClash { .. } | EquipmentWrong { .. } | EquipmentElsewhereAt { .. } | EquipmentShort { .. }
        | EquipmentClash { .. } | InstructorCount { .. } | InstructorNotAsked { .. } | SkillShort { .. } | InstructorNotServing { .. }
        | InstructorUnavailable { .. } | InstructorClash { .. } | InstructorDayMax { .. } | InstructorWeekMax { .. }
        | CohortClash { .. } | PerDayMax { .. } | DaysBetween { .. } | QuotaExceeded { .. } | NotAllLessons { .. }
        | PasswordIsLogin | PasswordGuessable | PasswordUsed { .. } | LoginIllFormed { .. } | NameLength { .. } | PhoneIllFormed | MemberSuspended { .. } | MemberLeft
        | RowRefused { .. } => None,
    }
}

/// Remedies that are the same whatever the values.
#[rustfmt::skip]
fn fixed(lang: Lang, broken: &Violation) -> &'static str {
    let (zh, en) = match broken {
        PurposeMissing => ("写一句实训内容", "Write one sentence"),
        CohortMissing => ("选一个班级", "Choose a cohort"),
        ForeignCohort { .. } => ("换成本单位的班级", "Choose a cohort of your own"),
        UnknownThing { .. } => ("去掉它，另选一项", "Remove it and choose another"),
        DuplicateThing { .. } => ("去掉重复的一项", "Remove the second one"),
        WindowsMissing => ("在周表上标出可行的时段", "Mark windows on the week"),
        WindowOutsideWeek { .. } | WindowClosed { .. } | WindowWithoutStart { .. } => ("换一个时段，或去掉它", "Choose another window, or drop it"),
        WindowOnHoliday { .. } => ("换到其他日子", "Choose another day"),
        NoRoomHasFeatures { .. } => ("减少条件，或放宽实训室", "Ask for fewer features, or allow more rooms"),
        EquipmentElsewhere { .. } => ("选设备所在的实训室", "Choose the room where it stands"),
        QualificationMissing { .. } => ("先安排上机培训考核，或换设备", "Arrange the training first, or choose other equipment"),
        QualificationExpires { .. } => ("换到资格有效的日子，或先复审", "Choose days when it is valid, or renew it first"),
        CutOffPassed => ("申请下一轮，或在发布后使用随约", "Ask in the next round, or take what is left after publishing"),
        WrongState { .. } => ("刷新页面，看最新状态", "Reload the page to see the present state"),
        UnknownRequest { .. } | UnknownRoom { .. } | UnknownInstructor { .. } | LessonNumber { .. } => ("重新载入方案", "Load the plan again"),
        StartNotAllowed { .. } => ("移到一节课的开始时间", "Move it to a period's start"),
        OutsideWindows { .. } => ("移到申请的时段内", "Move it into the windows"),
        RoomClosed { .. } | RoomBlackout { .. } => ("换时间或换实训室", "Choose another time or room"),
        RoomNotAsked { .. } | FeatureMissing { .. } | SeatsShort { .. } => ("换实训室", "Choose another room"),
        RoomClash { .. } | EquipmentClash { .. } | CohortClash { .. } => ("移走其中一课次", "Move one of the two"),
        EquipmentWrong { .. } => ("按申请的台数分配", "Give the units that were asked for"),
        EquipmentElsewhereAt { .. } => ("移到设备所在的地方", "Move it to where the equipment stands"),
        EquipmentShort { .. } => ("换时间，或少用几台", "Choose another time, or use fewer units"),
        InstructorCount { .. } => ("补足导师", "Add the missing instructors"),
        InstructorNotAsked { .. } | SkillShort { .. } | InstructorNotServing { .. } | InstructorUnavailable { .. }
        | InstructorClash { .. } => ("换导师，或换时间", "Choose another instructor or time"),
        InstructorDayMax { .. } => ("移到其他日子，或换导师", "Move a lesson to another day, or change the instructor"),
        InstructorWeekMax { .. } => ("换导师，或移出一课次", "Change the instructor, or take a lesson out"),
        PerDayMax { .. } | DaysBetween { .. } => ("移到其他日子", "Move it to another day"),
        QuotaExceeded { .. } => ("移出该单位的一课次", "Take one of its lessons out"),
        PasswordIsLogin => ("换一个与账号无关的密码", "Choose one that has nothing to do with the login"),
        LoginIllFormed { .. } => ("换一个账号", "Choose another login"),
        NameLength { .. } => ("写真实的姓名", "Write the real name"),
        PhoneIllFormed => ("核对号码，或留空", "Look at the number again, or leave it empty"),
        MemberSuspended { .. } => ("到期后再申请，或请联盟管理员提前恢复", "Ask after its end, or ask the alliance's admin to lift it"),
        MemberLeft => ("请联盟管理员重新接纳", "Ask the alliance's admin to readmit it"),
        RowRefused { .. } => ("预览写明原因；改好表格再导入", "Its preview says why; mend the spreadsheet and import it again"),
        PasswordUsed { .. } => ("换一个没有用过的密码", "Choose one that you have not used"),
        PasswordGuessable => ("用几个不相干的词连成一句", "Join several words that have nothing to do with each other"),
        NotAllLessons { .. } => ("补齐，或全部移出", "Place the rest, or take all out"),
        PurposeTooLong { .. } | LessonsOutOfRange { .. } | MinutesOutOfRange { .. } | HeadcountOutOfRange { .. } | TierOutOfRange { .. }
        | HeadcountAboveCohorts { .. } | WindowsTooMany { .. } | WindowTooShort { .. } | DaysTooFew { .. } | PerDayMaxOutOfRange { .. }
        | DaysBetweenOutOfRange { .. } | NoRoomHasSeats { .. } | EquipmentUnitsOutOfRange { .. } | InstructorCountOutOfRange { .. }
        | SkillLevelOutOfRange { .. } | NoInstructorTeaches { .. } | AboveQuota { .. } | PinnedMoved { .. } | TextForbidden { .. }
        | TravelTooShort { .. } | PasswordLength { .. } | PasswordPlain { .. } => ("按上面的限制修改", "Change it to the limit above"),
    };
    lang.pick(zh, en)
}
