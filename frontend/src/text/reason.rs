//! Why a lesson has no place, and the smallest change that was verified to fit.

use super::{Lang, names, time, violation};
use domain::api::NameBook;
use domain::id::RequestId;
use domain::plan::{Extra, Reason, Remedy, Scarce, Spot};

/// Places of one change that are told.
const SPOTS_MAX: usize = 3;

/// One sentence. Names of other organizations' requests appear as far as the reader's name book has them.
#[rustfmt::skip]
pub fn reason(lang: Lang, why: &Reason, names: &NameBook) -> String {
    match why {
        Reason::ImpossibleAlone { rule } if rule == "not_all_lessons" => lang.pick(
            "申请选了“全排或不排”：即使整周空着也放不下全部课次。".into(),
            "The request wants all or nothing, and even an empty week has no place for all its lessons.".into(),
        ),
        Reason::ImpossibleAlone { rule } => {
            let rule = violation::rule(lang, rule);
            lang.pick(format!("即使整周空着也放不下：{rule}。"), format!("Even an empty week has no place: {rule}."))
        }
        Reason::RoomTaken { room, span, held_by } => {
            let (room, span, by) = (names::room(names, room), time::span(lang, *span), held(lang, held_by, names));
            lang.pick(format!("{room} 在 {span} 已满{by}。"), format!("{room} is taken {span}{by}."))
        }
        Reason::NoInstructor { span, held_by } => {
            let (span, by) = (time::span(lang, *span), held(lang, held_by, names));
            lang.pick(format!("{span} 没有合适的导师有空{by}。"), format!("No suitable instructor is free {span}{by}."))
        }
        Reason::EquipmentShort { equipment, span, needed, free, held_by } => {
            let (name, span, by) = (names::equipment(names, equipment), time::span(lang, *span), held(lang, held_by, names));
            lang.pick(format!("{name} 需要 {needed} 台，{span} 只剩 {free} 台{by}。"), format!("{needed} units of {name} are needed, {free} are free {span}{by}."))
        }
        Reason::CohortBusy { cohort, span, held_by } => {
            let (cohort, span, by) = (names::cohort(names, cohort), time::span(lang, *span), held(lang, held_by, names));
            lang.pick(format!("{cohort} 在 {span} 另有课次{by}。"), format!("{cohort} has another lesson {span}{by}."))
        }
        Reason::Quota { quota, granted } => {
            let (quota, granted) = (time::hours(*quota), time::hours(*granted));
            lang.pick(format!("本单位本周限额 {quota} 小时，已排入 {granted} 小时。"), format!("The organization's limit is {quota} hours this week; {granted} are placed."))
        }
        Reason::DaysUsed { per_day_max, days_between_min } => {
            let per_day = per_day_max.map(|n| lang.pick(format!("每天至多 {n} 课次"), format!("at most {n} lessons a day")));
            let between = (*days_between_min > 0).then(|| lang.pick(format!("间隔 {days_between_min} 天"), format!("{days_between_min} days between")));
            let limits = names::list(lang, per_day.into_iter().chain(between));
            lang.pick(format!("按申请自己的限制（{limits}），没有剩下的日子。"), format!("The request's own limits ({limits}) leave no day."))
        }
        Reason::FairShareReached { level, level_min } => {
            let (level, least) = (time::hours(*level), time::hours(*level_min));
            lang.pick(format!("再排就要占用水平不高于本单位的单位的时间：本单位 {level} 小时，其中最低 {least} 小时。"), format!("One more would take time from members that have no more: your level is {level} hours, the lowest of theirs {least}."))
        }
        Reason::LowerTier { tier, held_by } => {
            let by = held(lang, held_by, names);
            lang.pick(format!("优先级更高的申请占用了它需要的时间（本申请为第 {tier} 级）{by}。"), format!("Requests of a higher tier hold what it needs (this one is tier {tier}){by}."))
        }
        Reason::LeftOut { rule } => {
            let rule = violation::rule(lang, rule);
            lang.pick(format!("没有参加排课：{rule}。"), format!("It was left out of planning: {rule}."))
        }
        Reason::AllOrNothing { fit, asked } => lang.pick(
            format!("申请选了“全排或不排”：{asked} 课次中只找到 {fit} 课次的位置。"),
            format!("The request wants all or nothing: places were found for {fit} of {asked} lessons."),
        ),
    }
}

/// What one more of something would grant.
#[rustfmt::skip]
pub fn scarce(lang: Lang, scarce: &Scarce, names: &NameBook) -> String {
    let (span, hours) = (time::span(lang, scarce.span), time::hours(scarce.minutes));
    match &scarce.what {
        Extra::Room { like } => {
            let room = names::room(names, like);
            lang.pick(format!("{span} 多一间与 {room} 相同的场地，可多排 {hours} 小时。"), format!("One more room like {room}, {span}: {hours} hours more."))
        }
        Extra::Instructor { like } => {
            let name = names::instructor(names, like);
            lang.pick(format!("{span} 多一位与 {name} 相当的导师，可多排 {hours} 小时。"), format!("One more instructor like {name}, {span}: {hours} hours more."))
        }
        Extra::Units { equipment, units } => {
            let name = names::equipment(names, equipment);
            lang.pick(format!("{span} {name} 多 {units} 台，可多排 {hours} 小时。"), format!("{units} more units of {name}, {span}: {hours} hours more."))
        }
    }
}

/// `（甲、乙）`: at most three by name, and how many others; those that the reader may not know are only counted.
fn held(lang: Lang, by: &[RequestId], names: &NameBook) -> String {
    let known = by.iter().filter(|id| names.requests.contains_key(id)).take(3);
    let first: Vec<String> = known.map(|id| names::request(names, id)).collect();
    let rest = by.len() - first.len();
    let first = Some(names::list(lang, first)).filter(|first| !first.is_empty());
    match (lang, first, rest) {
        (_, None, 0) => String::new(),
        (Lang::Zh, Some(first), 0) => format!("（{first}）"),
        (Lang::Zh, Some(first), _) => format!("（{first} 等 {} 项）", by.len()),
        (Lang::Zh, None, _) => format!("（{rest} 项别的申请）"),
        (Lang::En, Some(first), 0) => format!(" ({first})"),
        (Lang::En, Some(first), _) => format!(" ({first} and {rest} more)"),
        (Lang::En, None, 1) => " (one other request)".to_owned(),
        (Lang::En, None, _) => format!(" ({rest} other requests)"),
    }
}

/// What to change, as a phrase that can be a link or a button.
pub fn remedy(lang: Lang, change: &Remedy, names: &NameBook) -> String {
    let place = |start: i64, room| (time::moment(lang, start), names::room(names, room));
    match change {
        Remedy::OtherWindow { start, room } => {
            let (start, room) = place(*start, room);
            lang.pick(
                format!("改到 {start}，{room}，即可排入"),
                format!("Move to {start}, {room}, and it fits"),
            )
        }
        Remedy::OtherRoom { start, room } => {
            let (start, room) = place(*start, room);
            lang.pick(
                format!("改用 {room}（{start}），即可排入"),
                format!("Take {room} ({start}), and it fits"),
            )
        }
        Remedy::Shorter { minutes, start, room } => {
            let (start, room) = place(*start, room);
            lang.pick(
                format!("每课次缩短到 {minutes} 分钟，即可排入 {start}，{room}"),
                format!("Shorten to {minutes} minutes, and it fits {start}, {room}"),
            )
        }
        Remedy::SmallerGroup { headcount, start, room } => {
            let (start, room) = place(*start, room);
            lang.pick(
                format!("减到 {headcount} 人，即可排入 {start}，{room}"),
                format!("With {headcount} people it fits {start}, {room}"),
            )
        }
        Remedy::WithoutInstructor { start, room } => {
            let (start, room) = place(*start, room);
            lang.pick(
                format!("自带教师，即可排入 {start}，{room}"),
                format!("Without a pool instructor it fits {start}, {room}"),
            )
        }
        Remedy::FewerUnits {
            equipment,
            units,
            start,
            room,
        } => {
            let ((start, room), name) = (place(*start, room), names::equipment(names, equipment));
            lang.pick(
                format!("{name} 减到 {units} 台，即可排入 {start}，{room}"),
                format!("With {units} units of {name} it fits {start}, {room}"),
            )
        }
        Remedy::TwoGroups { headcount, places } => {
            let places = spots(lang, places, names);
            lang.pick(
                format!("分成两组，每组 {headcount} 人，即可排入 {places}"),
                format!("As two groups of {headcount} it fits {places}"),
            )
        }
        Remedy::TwoLessons { minutes, places } => {
            let places = spots(lang, places, names);
            lang.pick(
                format!("分成两次，每次 {minutes} 分钟，即可排入 {places}"),
                format!("As two lessons of {minutes} minutes it fits {places}"),
            )
        }
        Remedy::FewerLessons { lessons, places } => {
            let places = spots(lang, places, names);
            lang.pick(
                format!("不要求全排，即可排入 {lessons} 课次：{places}"),
                format!("Without all or nothing, {lessons} of its lessons fit: {places}"),
            )
        }
    }
}

/// The first places of several, and how many others.
fn spots(lang: Lang, spots: &[Spot], names: &NameBook) -> String {
    let place = |spot: &Spot| {
        let (start, room) = (time::moment(lang, spot.start), names::room(names, &spot.room));
        lang.pick(format!("{start}（{room}）"), format!("{start} ({room})"))
    };
    let first = names::list(lang, spots.iter().take(SPOTS_MAX).map(place));
    match spots.len().saturating_sub(SPOTS_MAX) {
        0 => first,
        rest => lang.pick(
            format!("{first} 等 {} 处", spots.len()),
            format!("{first} and {rest} more"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::*;
    use domain::time::Span;

    #[test]
    fn every_reason_and_remedy_has_words_in_both_languages() {
        let span = Span::new(1920, 2020);
        let by = || (1..=4).map(|n| RequestId::new(format!("r{n}"))).collect::<Vec<_>>();
        let room = || RoomId::new("room");
        let reasons = [
            Reason::ImpossibleAlone {
                rule: "seats_short".into(),
            },
            Reason::ImpossibleAlone {
                rule: "not_all_lessons".into(),
            },
            Reason::RoomTaken {
                room: room(),
                span,
                held_by: by(),
            },
            Reason::NoInstructor {
                span,
                held_by: Vec::new(),
            },
            Reason::EquipmentShort {
                equipment: EquipmentId::new("e"),
                span,
                needed: 4,
                free: 1,
                held_by: by(),
            },
            Reason::CohortBusy {
                cohort: CohortId::new("c"),
                span,
                held_by: by(),
            },
            Reason::Quota {
                quota: 600,
                granted: 600,
            },
            Reason::DaysUsed {
                per_day_max: Some(1),
                days_between_min: 1,
            },
            Reason::FairShareReached {
                level: 1560,
                level_min: 1500,
            },
            Reason::LowerTier { tier: 2, held_by: by() },
            Reason::LeftOut {
                rule: "member_suspended".into(),
            },
            Reason::AllOrNothing { fit: 2, asked: 3 },
        ];
        let names = crate::text::names::nobody();
        for why in reasons {
            let (zh, en) = (reason(Lang::Zh, &why, &names), reason(Lang::En, &why, &names));
            assert!(
                zh.ends_with('。') && en.ends_with('.') && !en.contains('，'),
                "{zh} / {en}"
            );
        }
        let mut some = names.clone();
        some.requests.insert(RequestId::new("r2"), "车削".into());
        assert_eq!(held(Lang::Zh, &by(), &names), "（4 项别的申请）");
        assert_eq!(held(Lang::En, &by(), &some), " (车削 and 3 more)");
        assert_eq!(held(Lang::Zh, &by()[1..2], &some), "（车削）");
        let (start, room) = (1920, room());
        let places = vec![
            Spot {
                start,
                room: room.clone(),
            };
            4
        ];
        let remedies = [
            (
                Remedy::TwoGroups {
                    headcount: 18,
                    places: places[..2].to_vec(),
                },
                "分成两组，每组 18 人，即可排入 周二 08:00（room）、周二 08:00（room）",
            ),
            (
                Remedy::TwoLessons {
                    minutes: 60,
                    places: places[..1].to_vec(),
                },
                "分成两次，每次 60 分钟，即可排入 周二 08:00（room）",
            ),
            (
                Remedy::FewerLessons { lessons: 4, places },
                "不要求全排，即可排入 4 课次：周二 08:00（room）、周二 08:00（room）、周二 08:00（room） 等 4 处",
            ),
        ];
        for (change, zh) in remedies {
            assert_eq!(remedy(Lang::Zh, &change, &names), zh);
            let en = remedy(Lang::En, &change, &names);
            assert!(en.contains("Tue 08:00 (room)") && en.is_ascii(), "{en}");
        }
        let change = Remedy::Shorter {
            minutes: 45,
            start,
            room,
        };
        assert_eq!(
            remedy(Lang::Zh, &change, &names),
            "每课次缩短到 45 分钟，即可排入 周二 08:00，room"
        );
    }
}
