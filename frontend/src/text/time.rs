//! Times in words: minutes of the week, dates, stamps, lengths. Civil time in, text out; nothing here knows "now".

use super::Lang;
use chrono::{Datelike, NaiveDate};
use domain::time::{MINUTES_PER_DAY, Span, Week, common};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `周二`, `Tue`; 0 is Monday.
pub fn weekday(lang: Lang, day: i64) -> &'static str {
    let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    lang.pick(zh, en)[day.rem_euclid(7) as usize]
}

/// `08:00`; minutes of any scale, the day falls away. An end at midnight reads 24:00.
pub fn clock(minute: i64) -> String {
    let minute = minute.rem_euclid(MINUTES_PER_DAY);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `08:00–09:40`.
pub fn clocks(span: Span) -> String {
    let end = if span.until % MINUTES_PER_DAY == 0 && !span.is_empty() {
        "24:00".to_owned()
    } else {
        clock(span.until)
    };
    format!("{}–{}", clock(span.from), end)
}

/// `周二 08:00`, minute of the week.
pub fn moment(lang: Lang, minute: i64) -> String {
    format!(
        "{} {}",
        weekday(lang, minute.div_euclid(MINUTES_PER_DAY)),
        clock(minute)
    )
}

/// `周二 08:00–09:40`; over midnight both days are named.
pub fn span(lang: Lang, span: Span) -> String {
    let day = span.from.div_euclid(MINUTES_PER_DAY);
    if span.until <= (day + 1) * MINUTES_PER_DAY {
        return format!("{} {}", weekday(lang, day), clocks(span));
    }
    format!("{} – {}", moment(lang, span.from), moment(lang, span.until))
}

/// Several spans, `周二 08:00–09:40、周三 …`.
pub fn spans(lang: Lang, all: &[Span]) -> String {
    all.iter()
        .map(|s| span(lang, *s))
        .collect::<Vec<_>>()
        .join(lang.pick("、", ", "))
}

/// Weekly hours with equal days joined: `周一至周五 08:00–21:00；周六 08:00–12:00`.
pub fn weekly(lang: Lang, hours: &[Span]) -> String {
    let of_day = |day: i64| -> Vec<Span> {
        let whole = Span::new(day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY);
        common(hours, &[whole])
            .into_iter()
            .map(|s| s.shifted(-whole.from))
            .collect()
    };
    let mut runs: Vec<(i64, i64, Vec<Span>)> = Vec::new();
    for (day, spans) in (0..7)
        .map(|day| (day, of_day(day)))
        .filter(|(_, spans)| !spans.is_empty())
    {
        match runs.last_mut() {
            Some((_, last, same)) if *last + 1 == day && *same == spans => *last = day,
            _ => runs.push((day, day, spans)),
        }
    }
    let run = |(from, until, spans): (i64, i64, Vec<Span>)| {
        let days = if from == until {
            weekday(lang, from).to_owned()
        } else {
            format!(
                "{}{}{}",
                weekday(lang, from),
                lang.pick("至", "–"),
                weekday(lang, until)
            )
        };
        let clocks = spans
            .into_iter()
            .map(clocks)
            .collect::<Vec<_>>()
            .join(lang.pick("、", ", "));
        format!("{days} {clocks}")
    };
    runs.into_iter()
        .map(run)
        .collect::<Vec<_>>()
        .join(lang.pick("；", "; "))
}

/// `12月7日`, `7 Dec`.
pub fn date(lang: Lang, date: NaiveDate) -> String {
    let month = MONTHS[date.month0() as usize];
    lang.pick(
        format!("{}月{}日", date.month(), date.day()),
        format!("{} {month}", date.day()),
    )
}

/// `2026年12月7日`, `7 Dec 2026`.
pub fn full_date(lang: Lang, day: NaiveDate) -> String {
    lang.pick(
        format!("{}年{}", day.year(), date(lang, day)),
        format!("{} {}", date(lang, day), day.year()),
    )
}

/// `12/7` under a weekday, `7/12` in English.
pub fn short_date(lang: Lang, date: NaiveDate) -> String {
    lang.pick(
        format!("{}/{}", date.month(), date.day()),
        format!("{}/{}", date.day(), date.month()),
    )
}

/// `第 50 周`, `Week 50`: ISO 8601.
pub fn week(lang: Lang, week: Week) -> String {
    let (_, number) = week.iso();
    lang.pick(format!("第 {number} 周"), format!("Week {number}"))
}

/// `12月7日 – 12月13日`.
pub fn week_dates(lang: Lang, week: Week) -> String {
    format!("{} – {}", date(lang, week.monday()), date(lang, week.day(6)))
}

/// The value of `?week=`: the Monday, ISO 8601.
pub fn week_key(week: Week) -> String {
    week.monday().to_string()
}

/// The civil date of minutes since 1970-01-01.
pub fn civil_date(at_min: i64) -> NaiveDate {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
    epoch + chrono::Duration::days(at_min.div_euclid(MINUTES_PER_DAY))
}

/// `12月2日 18:00`, `2 Dec 18:00`; civil minutes since 1970-01-01.
pub fn stamp(lang: Lang, at_min: i64) -> String {
    format!("{} {}", date(lang, civil_date(at_min)), clock(at_min))
}

/// `周三 12月2日 18:00`.
pub fn weekday_stamp(lang: Lang, at_min: i64) -> String {
    let day = civil_date(at_min).weekday().num_days_from_monday();
    format!("{} {}", weekday(lang, i64::from(day)), stamp(lang, at_min))
}

/// ISO 8601 for `<time datetime>`.
pub fn machine(at_min: i64) -> String {
    format!("{}T{}", civil_date(at_min), clock(at_min))
}

/// `1 天 6 小时 30 分`, `1 d 6 h 30 min`; at most two units beside days, nothing negative.
pub fn length(lang: Lang, minutes: i64) -> String {
    let minutes = minutes.max(0);
    let parts = [
        (minutes / MINUTES_PER_DAY, lang.pick("天", "d")),
        (minutes % MINUTES_PER_DAY / 60, lang.pick("小时", "h")),
        (minutes % 60, lang.pick("分钟", "min")),
    ];
    let named: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    if named.is_empty() {
        lang.pick("0 分钟", "0 min").to_owned()
    } else {
        named.join(" ")
    }
}

/// Minutes as hours with one decimal when it says something: `26.5`, `30`.
pub fn hours(minutes: i64) -> String {
    let tenths = (minutes as f64 / 6.0).round() as i64;
    let sign = if tenths < 0 { "−" } else { "" };
    let (whole, rest) = (tenths.abs() / 10, tenths.abs() % 10);
    let whole = thousands(whole);
    if rest == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

/// `1,284`.
pub fn thousands(n: i64) -> String {
    let digits = n.abs().to_string();
    let grouped: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|chunk| std::str::from_utf8(chunk).ok())
        .collect();
    format!("{}{}", if n < 0 { "−" } else { "" }, grouped.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_span_of_the_week_names_its_day_once() {
        let tuesday = Span::new(MINUTES_PER_DAY + 480, MINUTES_PER_DAY + 580);
        assert_eq!(span(Lang::Zh, tuesday), "周二 08:00–09:40");
        assert_eq!(span(Lang::En, tuesday), "Tue 08:00–09:40");
        assert_eq!(span(Lang::Zh, Span::new(1380, 1440)), "周一 23:00–24:00");
        assert_eq!(span(Lang::En, Span::new(1380, 1500)), "Mon 23:00 – Tue 01:00");
    }

    #[test]
    fn weekly_hours_join_equal_days() {
        let day = |day: i64, from: i64, until: i64| Span::new(day * 1440 + from, day * 1440 + until);
        let hours = [
            day(0, 480, 1260),
            day(1, 480, 1260),
            day(2, 480, 1260),
            day(5, 480, 720),
        ];
        assert_eq!(weekly(Lang::Zh, &hours), "周一至周三 08:00–21:00；周六 08:00–12:00");
        assert_eq!(weekly(Lang::En, &hours[..1]), "Mon 08:00–21:00");
    }

    #[test]
    fn dates_follow_the_language() {
        assert_eq!(date(Lang::Zh, day(2026, 12, 7)), "12月7日");
        assert_eq!(date(Lang::En, day(2026, 12, 7)), "7 Dec");
        assert_eq!(week(Lang::Zh, Week::of(day(2026, 12, 7))), "第 50 周");
        assert_eq!(week_dates(Lang::Zh, Week::of(day(2026, 12, 9))), "12月7日 – 12月13日");
    }

    #[test]
    fn stamps_read_civil_minutes() {
        let at = domain::time::epoch_min(day(2026, 12, 2)) + 18 * 60;
        assert_eq!(weekday_stamp(Lang::Zh, at), "周三 12月2日 18:00");
        assert_eq!(machine(at), "2026-12-02T18:00");
    }

    #[test]
    fn lengths_and_hours_stay_short() {
        assert_eq!(length(Lang::Zh, 1830), "1 天 6 小时 30 分钟");
        assert_eq!(length(Lang::En, 0), "0 min");
        assert_eq!(hours(1592), "26.5");
        assert_eq!(hours(-60), "−1");
        assert_eq!(hours(77_040), "1,284");
    }
}
