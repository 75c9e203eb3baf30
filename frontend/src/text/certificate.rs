//! Why a level of the fair shares is no higher, in words.

use super::{Lang, names, time};
use domain::api::NameBook;
use domain::certificate::{Bottleneck, Limit, Stop};
use domain::instance::day_of;
use domain::time::Span;
use std::collections::BTreeSet;

/// `第 2 级，7.5 小时：一中、二中。用满的是：数控一（周一、周二）、张师傅（周三）`.
pub fn stop(lang: Lang, stop: &Stop, book: &NameBook) -> String {
    let (tier, level) = (stop.tier, time::hours(stop.level.round() as i64));
    let members = stop
        .members
        .iter()
        .map(|one| names::organization(lang, book, &one.organization));
    let members = names::list(lang, members);
    let alone = |bottleneck: &Bottleneck| {
        matches!(
            bottleneck.what,
            Limit::Asked { .. } | Limit::Quota { .. } | Limit::Elsewhere { .. }
        )
    };
    let by = names::list(
        lang,
        stop.by.iter().map(|bottleneck| limit(lang, &bottleneck.what, book)),
    );
    match (lang, stop.by.iter().all(alone)) {
        (Lang::Zh, true) => format!("第 {tier} 级，{level} 小时：{members}。{by}"),
        (Lang::Zh, false) => format!("第 {tier} 级，{level} 小时：{members}。用满的是：{by}"),
        (Lang::En, true) => format!("Tier {tier}, {level} h: {members}. {by}"),
        (Lang::En, false) => format!("Tier {tier}, {level} h: {members}. Used up: {by}"),
    }
}

fn limit(lang: Lang, what: &Limit, book: &NameBook) -> String {
    let any = |list: Vec<String>| list.join(lang.pick("或", " or "));
    match what {
        Limit::Rooms { rooms, spans } => any(rooms.iter().map(|id| names::room(book, id)).collect()) + &on(lang, spans),
        Limit::Instructors { instructors, spans } => {
            any(instructors.iter().map(|id| names::instructor(book, id)).collect()) + &on(lang, spans)
        }
        Limit::InstructorHours { instructor, spans } => {
            let name = names::instructor(book, instructor);
            lang.pick(format!("{name} 的课时上限"), format!("the hours of {name}")) + &on(lang, spans)
        }
        Limit::Way { instructor } => {
            let name = names::instructor(book, instructor);
            lang.pick(
                format!("{name} 往返两地的时间"),
                format!("the way of {name} between two sites"),
            )
        }
        Limit::Equipment { equipment, spans } => names::equipment(book, equipment) + &on(lang, spans),
        Limit::Cohort { cohort, spans } => names::cohort(book, cohort) + &on(lang, spans),
        Limit::Lessons { request } => {
            let name = names::request(book, request);
            lang.pick(format!("“{name}”的全部课次"), format!("all lessons of “{name}”"))
        }
        Limit::Days { request } => {
            let name = names::request(book, request);
            lang.pick(format!("“{name}”可用的日子"), format!("the days that “{name}” may use"))
        }
        Limit::Asked { .. } => lang.pick("申请的已全部得到", "All it asked for").to_owned(),
        Limit::Quota { .. } => lang.pick("到了本周上限", "Its cap for the week").to_owned(),
        Limit::Elsewhere { .. } => lang
            .pick(
                "其余不紧张的申请已全部得到",
                "all it asked where nobody else is in the way",
            )
            .to_owned(),
        Limit::EarlierTier => lang.pick("更高一级的所得", "what earlier tiers have").to_owned(),
    }
}

/// `（周一、周二）`: the days; nothing where it is all the time.
fn on(lang: Lang, spans: &[Span]) -> String {
    let last = |span: &Span| day_of(span.until - 1);
    let days: BTreeSet<i64> = spans.iter().flat_map(|span| day_of(span.from)..=last(span)).collect();
    if days.is_empty() || 7 <= days.len() {
        return String::new();
    }
    let days = names::list(lang, days.into_iter().map(|day| time::weekday(lang, day).to_owned()));
    lang.pick(format!("（{days}）"), format!(" ({days})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::certificate::Stopped;
    use domain::id::{InstructorId, OrganizationId, RoomId};

    fn said(lang: Lang, by: Vec<Limit>) -> String {
        let priced = |what| Bottleneck { what, price: 1.0 };
        let told = Stop {
            tier: 2,
            level: 450.0,
            members: vec![Stopped {
                organization: OrganizationId::new("a"),
                part: 1.0,
            }],
            by: by.into_iter().map(priced).collect(),
        };
        stop(lang, &told, &names::nobody())
    }

    #[test]
    fn what_is_used_up_is_named_with_its_days() {
        let by = || {
            vec![
                Limit::Rooms {
                    rooms: vec![RoomId::new("cnc"), RoomId::new("five")],
                    spans: vec![Span::new(480, 600), Span::new(1920, 2040)],
                },
                Limit::InstructorHours {
                    instructor: InstructorId::new("li"),
                    spans: vec![Span::new(0, 10_080)],
                },
            ]
        };
        assert_eq!(
            said(Lang::Zh, by()),
            "第 2 级，7.5 小时：a。用满的是：cnc或five（周一、周二）、li 的课时上限"
        );
        assert_eq!(
            said(Lang::En, by()),
            "Tier 2, 7.5 h: a. Used up: cnc or five (Mon, Tue), the hours of li"
        );
    }

    #[test]
    fn whoever_has_all_is_stopped_by_nothing_else() {
        let organization = OrganizationId::new("a");
        assert_eq!(
            said(Lang::Zh, vec![Limit::Asked { organization }]),
            "第 2 级，7.5 小时：a。申请的已全部得到"
        );
    }
}
