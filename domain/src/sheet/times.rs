//! Windows in words: days, then hours or periods. `周一 08:00-11:40`, `周一至周五 1-4节`, `Mon, Wed 14:00-17:40`.

use super::cells::plain;
use crate::time::{MINUTES_PER_DAY, PeriodTable, Span};

/// Between two windows; commas stand between days.
pub const SEPARATORS: [char; 3] = ['；', ';', '\n'];

const DAYS: [(&str, i64); 8] = [
    ("一", 0),
    ("二", 1),
    ("三", 2),
    ("四", 3),
    ("五", 4),
    ("六", 5),
    ("日", 6),
    ("天", 6),
];
/// Longer names first, so that none is read as the beginning of another.
const DAYS_EN: [(&str, i64); 14] = [
    ("monday", 0),
    ("tuesday", 1),
    ("wednesday", 2),
    ("thursday", 3),
    ("friday", 4),
    ("saturday", 5),
    ("sunday", 6),
    ("mon", 0),
    ("tue", 1),
    ("wed", 2),
    ("thu", 3),
    ("fri", 4),
    ("sat", 5),
    ("sun", 6),
];

/// The spans of the week that a window's words mean; nothing when they mean nothing.
pub fn read(words: &str, periods: &PeriodTable) -> Option<Vec<Span>> {
    let words = plain(words).replace(['–', '—', '~', '〜', '至', '到'], "-");
    let (days, rest) = days(&words)?;
    let mut spans = Vec::new();
    for day in days {
        match hours(rest) {
            Some(hours) => spans.push(hours.shifted(day * MINUTES_PER_DAY)),
            None => {
                let (first, last) = run(rest, periods.0.len())?;
                spans.extend(periods.windows(day, |n| (first..=last).contains(&n)));
            }
        }
    }
    Some(spans)
}

/// A window in words; one that reaches over midnight has none.
pub fn written(span: Span) -> Option<String> {
    let day = span.from.div_euclid(MINUTES_PER_DAY);
    let (name, _) = DAYS.iter().find(|(_, number)| *number == day)?;
    let of_day = span.shifted(-day * MINUTES_PER_DAY);
    let is_one_day = of_day.from < of_day.until && of_day.until <= MINUTES_PER_DAY;
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    is_one_day.then(|| format!("周{name} {}-{}", clock(of_day.from), clock(of_day.until)))
}

/// Days at the beginning: one, several, or from one to another; and what comes after them.
fn days(words: &str) -> Option<(Vec<i64>, &str)> {
    let (first, mut rest) = day(words, true)?;
    let mut days = vec![first];
    loop {
        let (joint, after) = match rest.chars().next() {
            Some(c @ ('、' | ',' | '/' | '-')) => (c, &rest[c.len_utf8()..]),
            _ => (' ', rest),
        };
        let Some((next, after)) = day(after, false) else {
            return Some((days, rest));
        };
        match joint {
            '-' => {
                let from = days.last().copied()?;
                if next < from {
                    return None;
                }
                days.extend(from + 1..=next);
            }
            _ => days.push(next),
        }
        days.dedup();
        rest = after;
        if days.len() > 7 {
            return None;
        }
    }
}

/// One day; after the first a Chinese one needs no 周 before it.
fn day(words: &str, is_first: bool) -> Option<(i64, &str)> {
    let begins = |(name, number): &(&str, i64)| words.strip_prefix(name).map(|rest| (*number, rest));
    if let Some(found) = DAYS_EN.iter().find_map(begins) {
        return Some(found);
    }
    let bare = ["星期", "礼拜", "周"].iter().find_map(|week| words.strip_prefix(week));
    let rest = match bare {
        Some(rest) => rest,
        None if is_first => return None,
        None => words,
    };
    DAYS.iter()
        .find_map(|(name, number)| rest.strip_prefix(name).map(|rest| (*number, rest)))
}

/// `08:00-11:40` as minutes of the day.
fn hours(words: &str) -> Option<Span> {
    let (from, until) = words.split_once('-')?;
    let span = Span::new(clock(from)?, clock(until)?);
    (span.from < span.until).then_some(span)
}

fn clock(words: &str) -> Option<i64> {
    let (hour, minute) = words.split_once(':')?;
    let is_digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(hour) || !is_digits(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    let at = hour * 60 + minute;
    (minute < 60 && at <= MINUTES_PER_DAY).then_some(at)
}

/// `1-4节`, `第3节`, `periods 1-4` as places in the period table.
fn run(words: &str, periods: usize) -> Option<(usize, usize)> {
    let english = words.strip_prefix("periods").or(words.strip_prefix("period"));
    let chinese = || words.strip_prefix('第').unwrap_or(words).strip_suffix('节');
    let numbers = english.or_else(chinese)?;
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let number = |text: &str| text.parse::<usize>().ok().filter(|n| (1..=periods).contains(n));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first - 1, last - 1))
}
