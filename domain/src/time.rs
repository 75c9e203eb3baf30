//! Civil time: minutes, half-open spans, weeks that begin on Monday, the period table, holidays and make-up days.
//!
//! There is no instant and no zone here; an alliance lives in one zone, and the backend turns its clock's
//! instant into civil minutes before it asks anything of this module.

#[cfg(feature = "openapi")]
mod schemas;

use crate::tagged::tagged;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub const MINUTES_PER_DAY: i64 = 1440;
pub const MINUTES_PER_WEEK: i64 = 7 * MINUTES_PER_DAY;

/// Half-open `[from, until)` in minutes; written `[from, until]` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct Span {
    pub from: i64,
    pub until: i64,
}

impl From<(i64, i64)> for Span {
    fn from((from, until): (i64, i64)) -> Self {
        Self { from, until }
    }
}

impl From<Span> for (i64, i64) {
    fn from(span: Span) -> Self {
        (span.from, span.until)
    }
}

impl Span {
    pub const fn new(from: i64, until: i64) -> Self {
        Self { from, until }
    }
    pub const fn minutes(self) -> i64 {
        self.until - self.from
    }
    /// A span that is empty or runs backwards overlaps nothing and holds nothing.
    pub const fn is_empty(self) -> bool {
        self.until <= self.from
    }
    pub const fn overlaps(self, other: Span) -> bool {
        self.from < other.until && other.from < self.until
    }
    pub const fn contains(self, inner: Span) -> bool {
        self.from <= inner.from && inner.until <= self.until
    }
    pub const fn shifted(self, minutes: i64) -> Span {
        Span {
            from: self.from + minutes,
            until: self.until + minutes,
        }
    }
}

/// The union as disjoint, ascending spans; touching spans join, empty ones vanish.
pub fn joined(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.into_iter().filter(|span| !span.is_empty()).collect();
    sorted.sort();
    let mut union: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match union.last_mut() {
            Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
            _ => union.push(span),
        }
    }
    union
}

/// What is left of `spans` outside `holes`.
pub fn without(spans: &[Span], holes: &[Span]) -> Vec<Span> {
    let holes = joined(holes.iter().copied());
    let mut rest = Vec::new();
    for span in joined(spans.iter().copied()) {
        let mut from = span.from;
        for hole in holes.iter().filter(|hole| hole.overlaps(span)) {
            rest.push(Span::new(from, hole.from));
            from = from.max(hole.until);
        }
        rest.push(Span::new(from, span.until));
    }
    rest.retain(|span| !span.is_empty());
    rest
}

/// What `a` and `b` share.
pub fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let b = joined(b.iter().copied());
    let shared = |x: Span| {
        b.iter()
            .map(move |y| Span::new(x.from.max(y.from), x.until.min(y.until)))
            .collect::<Vec<_>>()
    };
    joined(joined(a.iter().copied()).into_iter().flat_map(shared))
}

/// A week by its Monday. ISO 8601: a year has 52 or 53 of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "NaiveDate", into = "NaiveDate")]
pub struct Week(NaiveDate);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a week is named by its Monday")]
pub struct NotAMonday;

impl TryFrom<NaiveDate> for Week {
    type Error = NotAMonday;
    fn try_from(date: NaiveDate) -> Result<Self, NotAMonday> {
        if date.weekday() == Weekday::Mon {
            Ok(Self(date))
        } else {
            Err(NotAMonday)
        }
    }
}

impl From<Week> for NaiveDate {
    fn from(week: Week) -> NaiveDate {
        week.0
    }
}

impl Week {
    /// The week that holds this date.
    pub fn of(date: NaiveDate) -> Week {
        let back = u64::from(date.weekday().num_days_from_monday());
        Week(
            date.checked_sub_days(Days::new(back))
                .expect("the calendar begins long before any alliance"),
        )
    }
    pub fn monday(self) -> NaiveDate {
        self.0
    }
    pub fn next(self) -> Week {
        Week(self.day(7))
    }
    pub fn previous(self) -> Week {
        Week(
            self.0
                .checked_sub_days(Days::new(7))
                .expect("the calendar begins long before any alliance"),
        )
    }
    /// The date so many days after Monday.
    pub fn day(self, days: i64) -> NaiveDate {
        self.0
            .checked_add_days(Days::new(days.max(0) as u64))
            .expect("the calendar ends long after any alliance")
    }
    /// ISO year and number, 1 to 53.
    pub fn iso(self) -> (i32, u32) {
        let week = self.0.iso_week();
        (week.year(), week.week())
    }
    /// Minutes from the civil epoch (1970-01-01 00:00) to this Monday 00:00: the scale of `Occupancy`.
    pub fn epoch_min(self) -> i64 {
        epoch_min(self.0)
    }
}

/// Minutes from the civil epoch to 00:00 of a date.
pub fn epoch_min(date: NaiveDate) -> i64 {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
    date.signed_duration_since(epoch).num_days() * MINUTES_PER_DAY
}

/// One numbered teaching unit of a day, minutes of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    pub name: String,
    pub span: Span,
    pub part: DayPart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DayPart {
    Morning,
    Afternoon,
    Evening,
}

/// The period table 节次 of a base: ascending, disjoint; breaks lie between, long ones between the parts of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodTable(pub Vec<Period>);

impl PeriodTable {
    /// Ten periods of 45 minutes: four in the morning, four in the afternoon, two in the evening.
    pub fn usual() -> Self {
        let starts = [480, 535, 600, 655, 840, 895, 960, 1015, 1140, 1195];
        let part = |n: usize| match n {
            0..=3 => DayPart::Morning,
            4..=7 => DayPart::Afternoon,
            _ => DayPart::Evening,
        };
        let period = |(n, &from): (usize, &i64)| Period {
            name: format!("{}", n + 1),
            span: Span::new(from, from + 45),
            part: part(n),
        };
        Self(starts.iter().enumerate().map(period).collect())
    }

    /// Minutes of a lesson of `periods` periods, breaks within included: the shortest such run of the day.
    pub fn lesson_minutes(&self, periods: usize) -> Option<i64> {
        let fits = |run: &[Period]| run.iter().all(|p| p.part == run[0].part);
        let length = |run: &[Period]| run[run.len() - 1].span.until - run[0].span.from;
        if periods == 0 {
            return None;
        }
        self.0.windows(periods).filter(|run| fits(run)).map(length).min()
    }

    /// The spans from the first to the last period of each part of the day.
    pub fn parts(&self) -> Vec<(DayPart, Span)> {
        let mut parts: Vec<(DayPart, Span)> = Vec::new();
        for period in &self.0 {
            match parts.last_mut() {
                Some((part, span)) if *part == period.part => span.until = period.span.until,
                _ => parts.push((period.part, period.span)),
            }
        }
        parts
    }

    /// The window that a run of marked periods of one day makes: neighbours of one part join across the break.
    pub fn windows(&self, day: i64, marked: impl Fn(usize) -> bool) -> Vec<Span> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for n in (0..self.0.len()).filter(|n| marked(*n)) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == n && self.0[n].part == self.0[*last].part => *last = n,
                _ => runs.push((n, n)),
            }
        }
        let span = |(a, b): (usize, usize)| {
            Span::new(self.0[a].span.from, self.0[b].span.until).shifted(day * MINUTES_PER_DAY)
        };
        runs.into_iter().map(span).collect()
    }
}

/// A date that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecialDay {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: NaiveDate,
    pub name: String,
    pub kind: DayKind,
}

tagged! {
    "kind"
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::VariantNames)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    #[strum(serialize_all = "snake_case")]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum DayKind {
        /// Everything is closed.
        Holiday,
        /// A make-up workday 调休: the hours and timetable of weekday `teaches_as` (0 = Monday) run.
        MakeUp { teaches_as: i64 },
    }
}

/// Which weekday's hours run on a day of a week; `None` on a holiday.
pub fn teaches_as(week: Week, day: i64, special: &[SpecialDay]) -> Option<i64> {
    let date = week.day(day);
    match special.iter().find(|s| s.date == date).map(|s| s.kind) {
        Some(DayKind::Holiday) => None,
        Some(DayKind::MakeUp { teaches_as }) => Some(teaches_as),
        None => Some(day),
    }
}

/// Weekly hours (minutes of the week) as they really run in one week.
pub fn hours_in_week(weekly: &[Span], week: Week, special: &[SpecialDay]) -> Vec<Span> {
    let on_day = |day: i64| -> Vec<Span> {
        let Some(model) = teaches_as(week, day, special) else {
            return Vec::new();
        };
        let whole = Span::new(model * MINUTES_PER_DAY, (model + 1) * MINUTES_PER_DAY);
        common(weekly, &[whole])
            .into_iter()
            .map(|span| span.shifted((day - model) * MINUTES_PER_DAY))
            .collect()
    };
    joined((0..7).flat_map(on_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn half_open_spans_that_touch_do_not_overlap() {
        assert!(!Span::new(0, 10).overlaps(Span::new(10, 20)));
        assert!(Span::new(0, 11).overlaps(Span::new(10, 20)));
        assert_eq!(
            joined([Span::new(10, 20), Span::new(0, 10), Span::new(30, 30)]),
            [Span::new(0, 20)]
        );
    }

    #[test]
    fn without_cuts_holes_and_common_keeps_what_is_shared() {
        let day = [Span::new(0, 100)];
        assert_eq!(
            without(&day, &[Span::new(20, 30), Span::new(90, 200)]),
            [Span::new(0, 20), Span::new(30, 90)]
        );
        assert_eq!(without(&day, &[Span::new(0, 100)]), []);
        assert_eq!(
            common(&day, &[Span::new(-5, 5), Span::new(50, 60)]),
            [Span::new(0, 5), Span::new(50, 60)]
        );
    }

    #[test]
    fn a_week_begins_on_monday_and_knows_week_53() {
        assert_eq!(Week::of(date(2027, 1, 3)).monday(), date(2026, 12, 28));
        assert_eq!(Week::of(date(2027, 1, 3)).iso(), (2026, 53));
        assert_eq!(Week::of(date(2027, 1, 4)).iso(), (2027, 1));
        assert!(Week::try_from(date(2026, 12, 1)).is_err());
        assert_eq!(
            Week::of(date(2026, 12, 1)).next().epoch_min() - Week::of(date(2026, 12, 1)).epoch_min(),
            MINUTES_PER_WEEK
        );
        assert_eq!(Week::of(date(2028, 2, 29)).day(1), date(2028, 2, 29));
    }

    #[test]
    fn lessons_are_counted_in_periods_with_their_breaks() {
        let table = PeriodTable::usual();
        assert_eq!(table.lesson_minutes(1), Some(45));
        assert_eq!(table.lesson_minutes(2), Some(100));
        assert_eq!(table.lesson_minutes(4), Some(220));
        assert_eq!(table.lesson_minutes(5), None);
        assert_eq!(table.lesson_minutes(0), None);
    }

    #[test]
    fn marked_neighbours_join_within_a_part_of_the_day_only() {
        let windows = PeriodTable::usual().windows(1, |n| (2..=5).contains(&n));
        assert_eq!(
            windows,
            [Span::new(1440 + 600, 1440 + 700), Span::new(1440 + 840, 1440 + 940)]
        );
    }

    #[test]
    fn a_make_up_sunday_runs_the_hours_of_its_model_day_and_a_holiday_none() {
        let week = Week::of(date(2026, 12, 28));
        let special = [
            SpecialDay {
                date: week.day(4),
                name: "元旦".into(),
                kind: DayKind::Holiday,
            },
            SpecialDay {
                date: week.day(6),
                name: "调休".into(),
                kind: DayKind::MakeUp { teaches_as: 4 },
            },
        ];
        let friday = [Span::new(4 * 1440 + 480, 4 * 1440 + 700)];
        assert_eq!(
            hours_in_week(&friday, week, &special),
            [Span::new(6 * 1440 + 480, 6 * 1440 + 700)]
        );
        assert_eq!(hours_in_week(&friday, week, &[]), friday);
    }
}
