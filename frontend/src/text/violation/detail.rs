//! Each rule's limit and current value as a sentence. One arm a rule: the match is long because it is exhaustive.

use super::{Lang, field, lesson};
use crate::text::{names, time, words};
use Violation::*;
use domain::api::NameBook;
use domain::violation::Violation;

/// `say!(lang, "中文 {x}", "English {x}")`.
macro_rules! say {
    ($lang:expr, $zh:literal, $en:literal) => {
        match $lang {
            Lang::Zh => format!($zh),
            Lang::En => format!($en),
        }
    };
}

#[rustfmt::skip]
pub(super) fn detail(lang: Lang, broken: &Violation, names: &NameBook) -> String {
    match broken {
        PurposeMissing => say!(lang, "别人要知道这次实训练什么。", "Others must know what is trained."),
        PurposeTooLong { len_max, len } => say!(lang, "最多 {len_max} 个字，现在 {len} 个。", "At most {len_max} characters, now {len}."),
        TextForbidden { field: name } => {
            let name = field(lang, name);
            say!(lang, "“{name}”里有控制字符或改变文字方向的符号。", "“{name}” holds control characters or marks that reorder text.")
        }
        LessonsOutOfRange { min, max, lessons } => say!(lang, "可申请 {min}–{max} 课次，现在 {lessons}。", "{min} to {max} lessons can be asked, now {lessons}."),
        MinutesOutOfRange { min, max, minutes } => say!(lang, "每课次 {min}–{max} 分钟，现在 {minutes} 分钟。", "A lesson lasts {min} to {max} minutes, now {minutes}."),
        HeadcountOutOfRange { min, max, headcount } => say!(lang, "一组 {min}–{max} 人，现在 {headcount} 人。", "A group has {min} to {max} people, now {headcount}."),
        TierOutOfRange { min, max, tier } => say!(lang, "优先级为 {min}–{max}，现在 {tier}。", "Tiers run from {min} to {max}, now {tier}."),
        CohortMissing => say!(lang, "至少要有一个班级或学员组，排课才能避开它的其他课次。", "At least one cohort is needed, so that its other lessons are kept free."),
        HeadcountAboveCohorts { cohorts, headcount } => say!(lang, "所选班级共 {cohorts} 人，填写的是 {headcount} 人。", "The chosen cohorts have {cohorts} people, the request says {headcount}."),
        ForeignCohort { cohort } => {
            let cohort = names::cohort(names, cohort);
            say!(lang, "{cohort} 属于其他单位，只能为本单位的班级申请。", "{cohort} belongs to another organization; ask for your own cohorts only.")
        }
        UnknownThing { field: name, id } => {
            let name = field(lang, name);
            say!(lang, "“{name}”里的 {id} 已不在资源目录中。", "{id} in “{name}” is not in the catalog any more.")
        }
        DuplicateThing { field: name, id } => {
            let name = field(lang, name);
            say!(lang, "“{name}”里的 {id} 选了不止一次。", "{id} is chosen more than once in “{name}”.")
        }
        WindowsMissing => say!(lang, "还没有标出任何可行的时段。", "No possible window is marked yet."),
        WindowsTooMany { max, windows } => say!(lang, "最多 {max} 段，现在 {windows} 段。", "At most {max} windows, now {windows}."),
        WindowOutsideWeek { window } => {
            let window = time::span(lang, *window);
            say!(lang, "{window} 不在这一轮的周一至周日之内。", "{window} lies outside this round's Monday to Sunday.")
        }
        WindowTooShort { window, minutes } => {
            let (has, window) = (window.minutes(), time::span(lang, *window));
            say!(lang, "每课次需要 {minutes} 分钟相连；{window} 只有 {has} 分钟。", "A lesson needs {minutes} minutes in one piece; {window} has only {has}.")
        }
        WindowClosed { window } => {
            let window = time::span(lang, *window);
            say!(lang, "{window} 没有一间合适的实训室开放。", "None of the suitable rooms is open {window}.")
        }
        WindowOnHoliday { window, name } => {
            let window = time::span(lang, *window);
            say!(lang, "{window} 在“{name}”，基地停课。", "{window} falls on “{name}”; the bases are closed.")
        }
        WindowWithoutStart { window, minutes } => {
            let window = time::span(lang, *window);
            say!(lang, "{window} 之内，没有一节课的开始时间放得下 {minutes} 分钟。", "No period start within {window} leaves {minutes} minutes.")
        }
        DaysTooFew { needed, days } => say!(lang, "课次要分在 {needed} 个不同的日子；放得下一课次的日子现在有 {days} 天。", "The lessons need {needed} different days; {days} days have room for one now."),
        PerDayMaxOutOfRange { min, max, per_day_max } => say!(lang, "每天可设 {min}–{max} 课次，现在 {per_day_max}。", "{min} to {max} lessons a day can be set, now {per_day_max}."),
        DaysBetweenOutOfRange { min, max, days_between_min } => say!(lang, "间隔可设 {min}–{max} 天，现在 {days_between_min} 天。", "{min} to {max} days between can be set, now {days_between_min}."),
        NoRoomHasFeatures { features } => {
            let features = names::features(lang, names, features);
            say!(lang, "所选范围内没有一间同时具备：{features}。", "No room of the choice has all of: {features}.")
        }
        NoRoomHasSeats { seats_max, headcount } => say!(lang, "{headcount} 人需要座位；合适的实训室最多 {seats_max} 座。", "{headcount} people need seats; suitable rooms have at most {seats_max}."),
        EquipmentUnitsOutOfRange { equipment, units, units_max } => {
            let name = names::equipment(names, equipment);
            say!(lang, "{name} 可要 1–{units_max} 台，现在 {units} 台。", "1 to {units_max} units of {name} can be asked, now {units}.")
        }
        EquipmentElsewhere { equipment } => {
            let name = names::equipment(names, equipment);
            say!(lang, "{name} 固定在别处，不在任何一间所选的实训室。", "{name} is fixed elsewhere, in none of the chosen rooms.")
        }
        InstructorCountOutOfRange { min, max, count } => say!(lang, "每课次可要 {min}–{max} 位导师，现在 {count} 位。", "{min} to {max} instructors a lesson can be asked, now {count}."),
        SkillLevelOutOfRange { skill, min, max, level } => {
            let skill = names::skill(names, skill);
            say!(lang, "{skill} 的等级为 {min}–{max}，现在 {level}。", "Levels of {skill} run from {min} to {max}, now {level}.")
        }
        NoInstructorTeaches { needed, found } => say!(lang, "需要 {needed} 位，导师库里符合技能、且协议服务本单位的有 {found} 位。", "{needed} needed; {found} of the pool have the skills and serve your organization."),
        QualificationMissing { cohort, equipment } => {
            let (cohort, name) = (names::cohort(names, cohort), names::equipment(names, equipment));
            say!(lang, "{cohort} 没有 {name} 的上机资格，须先完成培训考核。", "{cohort} is not qualified for {name}; training and assessment come first.")
        }
        QualificationExpires { cohort, equipment, day } => {
            let (cohort, name, day) = (names::cohort(names, cohort), names::equipment(names, equipment), time::weekday(lang, *day));
            say!(lang, "{cohort} 的 {name} 资格到{day}已失效。", "By {day} the qualification of {cohort} for {name} is no longer valid.")
        }
        AboveQuota { quota, asked } => {
            let (quota, asked) = (time::hours(*quota), time::hours(*asked));
            say!(lang, "本单位每周至多 {quota} 小时，这份申请要 {asked} 小时。", "Your organization has at most {quota} hours a week; this request asks for {asked}.")
        }
        CutOffPassed => say!(lang, "本轮已停止收集申请。", "This round no longer takes requests."),
        WrongState { state, action } => {
            let (state, action) = (words::state_by_code(lang, state), words::action_by_code(lang, action));
            say!(lang, "现在是“{state}”，不能{action}。", "It is “{state}” now; you cannot {action} it.")
        }
        UnknownRequest { request } => say!(lang, "本轮没有申请 {request}。", "The round has no request {request}."),
        UnknownRoom { at, room } => {
            let at = lesson(lang, names, at);
            say!(lang, "{at}：资源目录里没有 {room}。", "{at}: the catalog has no {room}.")
        }
        UnknownInstructor { at, instructor } => {
            let at = lesson(lang, names, at);
            say!(lang, "{at}：导师库里没有 {instructor}。", "{at}: the pool has no {instructor}.")
        }
        LessonNumber { at, lessons } => {
            let (request, n) = (names::request(names, &at.request), at.lesson);
            say!(lang, "“{request}”只有 {lessons} 课次，却出现第 {n} 课次，或同一课次出现两遍。", "“{request}” has {lessons} lessons, yet number {n} appears or appears twice.")
        }
        StartNotAllowed { at, start } => {
            let (at, start) = (lesson(lang, names, at), time::moment(lang, *start));
            say!(lang, "{at} 从 {start} 开始，不是任何一节的开始时间。", "{at} starts {start}, which is no period's start.")
        }
        OutsideWindows { at, span } => {
            let (at, span) = (lesson(lang, names, at), time::span(lang, *span));
            say!(lang, "{at} 在 {span}，申请人没有标这一段。", "{at} lies {span}, which was not marked as possible.")
        }
        RoomClosed { at, room, span } => {
            let (at, room, span) = (lesson(lang, names, at), names::room(names, room), time::span(lang, *span));
            say!(lang, "{at}：{room} 在 {span} 不全开放。", "{at}: {room} is not open all of {span}.")
        }
        RoomBlackout { at, room, blackout } => {
            let (at, room, out) = (lesson(lang, names, at), names::room(names, room), time::span(lang, *blackout));
            say!(lang, "{at}：{room} 在 {out} 停用。", "{at}: {room} is out of service {out}.")
        }
        RoomNotAsked { at, room } => {
            let (at, room) = (lesson(lang, names, at), names::room(names, room));
            say!(lang, "{at}：申请没有选 {room}。", "{at}: the request did not choose {room}.")
        }
        FeatureMissing { at, room, feature } => {
            let (at, room, feature) = (lesson(lang, names, at), names::room(names, room), names::feature(names, feature));
            say!(lang, "{at}：{room} 没有 {feature}。", "{at}: {room} has no {feature}.")
        }
        SeatsShort { at, room, seats, headcount } => {
            let (at, room) = (lesson(lang, names, at), names::room(names, room));
            say!(lang, "{at}：{headcount} 人，{room} 只有 {seats} 座。", "{at}: {headcount} people, {room} has {seats} seats.")
        }
        RoomClash { at, other, room } => {
            let (at, other, room) = (lesson(lang, names, at), lesson(lang, names, other), names::room(names, room));
            say!(lang, "{at} 与 {other} 同时占用 {room}（含整理时间、分区与整间）。", "{at} and {other} hold {room} at once (turnaround, bays and whole room included).")
        }
        EquipmentWrong { at, equipment, units, needed } => {
            let (at, name) = (lesson(lang, names, at), names::equipment(names, equipment));
            say!(lang, "{at}：需要 {name} {needed} 台，分到 {units} 台。", "{at}: needs {needed} units of {name}, has {units}.")
        }
        EquipmentElsewhereAt { at, equipment } => {
            let (at, name) = (lesson(lang, names, at), names::equipment(names, equipment));
            say!(lang, "{at}：{name} 在别的实训室或基地。", "{at}: {name} stands in another room or base.")
        }
        EquipmentShort { at, equipment, units, units_max } => {
            let (at, name) = (lesson(lang, names, at), names::equipment(names, equipment));
            say!(lang, "{at}：同时要用 {name} {units} 台，可用 {units_max} 台。", "{at}: {units} units of {name} are used at once, {units_max} are there.")
        }
        EquipmentClash { at, other, equipment, unit } => {
            let (at, other, name) = (lesson(lang, names, at), lesson(lang, names, other), names::equipment(names, equipment));
            say!(lang, "{at} 与 {other} 同时占用 {name} {unit} 号。", "{at} and {other} hold unit {unit} of {name} at once.")
        }
        InstructorCount { at, count, needed } => {
            let at = lesson(lang, names, at);
            say!(lang, "{at}：需要 {needed} 位导师，现有 {count} 位。", "{at}: needs {needed} instructors, has {count}.")
        }
        InstructorNotAsked { at, instructor } => {
            let (at, who) = (lesson(lang, names, at), names::instructor(names, instructor));
            say!(lang, "{at}：申请没有选 {who}。", "{at}: the request did not choose {who}.")
        }
        SkillShort { at, instructor, skill, level, needed } => {
            let (at, who, skill) = (lesson(lang, names, at), names::instructor(names, instructor), names::skill(names, skill));
            say!(lang, "{at}：{who} 的 {skill} 为 {level} 级，需要 {needed} 级。", "{at}: {who} has {skill} at level {level}, {needed} is needed.")
        }
        InstructorNotServing { at, instructor } => {
            let (at, who) = (lesson(lang, names, at), names::instructor(names, instructor));
            say!(lang, "{at}：{who} 的聘任协议不含该单位。", "{at}: the agreement of {who} does not include the organization.")
        }
        InstructorUnavailable { at, instructor, span } => {
            let (at, who, span) = (lesson(lang, names, at), names::instructor(names, instructor), time::span(lang, *span));
            say!(lang, "{at}：{who} 在 {span} 没有空。", "{at}: {who} is not available {span}.")
        }
        InstructorClash { at, other, instructor } => {
            let (at, other, who) = (lesson(lang, names, at), lesson(lang, names, other), names::instructor(names, instructor));
            say!(lang, "{who} 同时在 {at} 与 {other}。", "{who} has {at} and {other} at once.")
        }
        TravelTooShort { at, other, instructor, minutes, needed } => {
            let (at, other, who) = (lesson(lang, names, at), lesson(lang, names, other), names::instructor(names, instructor));
            say!(lang, "{who} 从 {other} 到 {at} 路上要 {needed} 分钟，中间只有 {minutes} 分钟。", "{who} needs {needed} minutes between {other} and {at}, and has {minutes}.")
        }
        InstructorDayMax { instructor, day, minutes, day_max } => {
            let (who, day) = (names::instructor(names, instructor), time::weekday(lang, *day));
            let (has, max) = (time::hours(*minutes), time::hours(*day_max));
            say!(lang, "{who} {day}至多 {max} 小时，现为 {has} 小时。", "{who} teaches at most {max} hours on {day}, now {has}.")
        }
        InstructorWeekMax { instructor, minutes, week_max } => {
            let who = names::instructor(names, instructor);
            let (has, max) = (time::hours(*minutes), time::hours(*week_max));
            say!(lang, "{who} 本周协议至多 {max} 小时，现为 {has} 小时。", "The agreement of {who} allows {max} hours a week, now {has}.")
        }
        CohortClash { at, other, cohort } => {
            let (at, other, cohort) = (lesson(lang, names, at), lesson(lang, names, other), names::cohort(names, cohort));
            say!(lang, "{cohort} 同时在 {at} 与 {other}。", "{cohort} has {at} and {other} at once.")
        }
        PerDayMax { request, day, lessons, per_day_max } => {
            let (request, day) = (names::request(names, request), time::weekday(lang, *day));
            say!(lang, "“{request}”每天至多 {per_day_max} 课次，{day}有 {lessons} 课次。", "“{request}” has at most {per_day_max} lessons a day, {lessons} on {day}.")
        }
        DaysBetween { at, other, days_between_min } => {
            let (at, other) = (lesson(lang, names, at), lesson(lang, names, other));
            say!(lang, "{at} 与 {other} 之间至少隔 {days_between_min} 天。", "At least {days_between_min} days must lie between {at} and {other}.")
        }
        QuotaExceeded { organization, minutes, quota } => {
            let (who, has, max) = (names::organization(lang, names, organization), time::hours(*minutes), time::hours(*quota));
            say!(lang, "{who} 本周至多 {max} 小时，现为 {has} 小时。", "{who} has at most {max} hours this week, now {has}.")
        }
        PinnedMoved { request, start, room } => {
            let (request, start, room) = (names::request(names, request), time::moment(lang, *start), names::room(names, room));
            say!(lang, "“{request}”锁定在 {start}、{room}。", "“{request}” is pinned to {start} in {room}.")
        }
        NotAllLessons { request, lessons, asked } => {
            let request = names::request(names, request);
            say!(lang, "“{request}”要么全排、要么不排：申请 {asked} 课次，排入 {lessons} 课次。", "“{request}” wants all or nothing: {asked} lessons asked, {lessons} placed.")
        }
        PasswordLength { min, max, len } => say!(lang, "须有 {min}–{max} 个字符，现在 {len} 个。", "A password has {min} to {max} characters, now {len}."),
        PasswordPlain { kinds_min, kinds } => say!(lang, "大写、小写、数字、符号中至少 {kinds_min} 种，现在 {kinds} 种。", "At least {kinds_min} of: capitals, small letters, digits, signs; now {kinds}."),
        PasswordIsLogin => say!(lang, "知道账号的人会先试它。", "Whoever knows the login tries it first."),
        LoginIllFormed { min, max } => say!(lang, "账号有 {min}–{max} 个小写字母、数字或 . _ -。", "A login has {min} to {max} small letters, digits or . _ -"),
        NameLength { max, len } => say!(lang, "姓名有 1–{max} 个字，现在 {len} 个。", "A name has 1 to {max} characters, now {len}."),
        PhoneIllFormed => say!(lang, "填 11 位手机号，或以 + 和国家代码开头的号码。", "A Chinese mobile number of 11 digits, or a number that begins with + and its country."),
        MemberSuspended { reason, until_at_min } => {
            let end = time::stamp(lang, *until_at_min);
            say!(lang, "到 {end} 为止不能申请。原因：{reason}", "It may not ask for time until {end}. Reason: {reason}")
        }
        MemberLeft => say!(lang, "以往的记录仍可查看，但不能再申请。", "Its past stays readable; it asks for nothing more."),
        RowRefused { row, column, why } => say!(lang, "第 {row} 行 {column} 列（{why}）。", "Row {row}, column {column} ({why})."),
        PasswordUsed { former } => say!(lang, "现在的密码和以前的 {former} 个不能再用。", "The present one and the {former} before it are not taken again."),
        PasswordGuessable => say!(lang, "它常见，或由常见的词和数字拼成。", "It is usual, or made of usual words and numbers."),
    }
}
