//! Whatever is written is read back, and whatever is nonsense is told.

use super::super::times::written;
use super::*;
use crate::time::MINUTES_PER_DAY;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

/// A draft that can be written in one row.
fn drafts() -> impl Strategy<Value = RequestDraft> {
    let amounts = (
        1..4i64,
        1..21i64,
        15..601i64,
        0..501i64,
        proptest::option::of(1..21i64),
        0..7i64,
        any::<bool>(),
        0..5i64,
    );
    let window =
        (0..7i64, 0..MINUTES_PER_DAY, 1..MINUTES_PER_DAY, 0..2i64).prop_map(|(day, from, length, preference)| Window {
            span: on(day, Span::new(from, (from + length).min(MINUTES_PER_DAY))),
            preference,
        });
    let lists = (
        subsequence(vec!["trained", "fresh"], 0..=2),
        subsequence(vec!["hall", "lab", "shed"], 0..=3),
        subsequence(vec!["cnc", "lab"], 0..=2),
        subsequence(vec![("lathe", 3), ("meter", 9)], 0..=2),
        subsequence(vec!["li", "zhang"], 0..=2),
        proptest::option::of(1..6i64),
    );
    ("[^\\s\\p{C}](.{0,20}[^\\s\\p{C}])?", amounts, vec(window, 0..9), lists).prop_map(
        |(purpose, amounts, mut windows, lists)| {
            let (tier, lessons, minutes, headcount, per_day_max, days_between_min, all_or_nothing, instructors) =
                amounts;
            let (cohorts, rooms, features, equipment, wanted, level) = lists;
            windows.sort_by_key(|window| (window.span.from, window.span.until, window.preference));
            let need = |(id, units): (&str, i64)| EquipmentNeed {
                id: EquipmentId::new(id),
                units,
            };
            RequestDraft {
                purpose,
                tier,
                lessons,
                minutes,
                headcount,
                cohorts: cohorts.into_iter().map(CohortId::new).collect(),
                per_day_max,
                days_between_min,
                all_or_nothing,
                windows,
                rooms: rooms.into_iter().map(RoomId::new).collect(),
                features: features.into_iter().map(FeatureId::new).collect(),
                equipment: equipment.into_iter().map(need).collect(),
                instructors,
                skills: level
                    .map(|level| (SkillId::new("turning"), level))
                    .into_iter()
                    .collect(),
                wanted_instructors: wanted.into_iter().map(InstructorId::new).collect(),
            }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_alike(draft in drafts(), english in any::<bool>()) {
        let headings = Field::VARIANTS.iter().map(|field| field.headings()[usize::from(english)].to_owned());
        let cells = write(&draft, &book());
        let table = [Line { row: 1, cells: headings.collect() }, Line { row: 2, cells }];
        let read = read(&table, &book(), &setting());
        let unread: Vec<_> = read.faults.iter().filter(|fault| fault.code != FaultCode::RuleBroken).collect();
        prop_assert!(unread.is_empty(), "{unread:?}");
        prop_assert_eq!(&read.rows[0].draft, &draft);
        // The same rules: what the form would say of the draft, and nothing else.
        let rules = crate::rules::check(&draft, &setting());
        prop_assert_eq!(read.faults_total, rules.len());
    }

    #[test]
    fn nonsense_never_panics_and_every_fault_has_row_and_column(
        headings in vec(prop_oneof![subsequence(HEADINGS.to_vec(), 1).prop_map(|one| one[0].to_owned()), ".{0,6}"], 0..9),
        has_headings in any::<bool>(),
        rows in vec(vec("(.|[周一1-4节:×；、'=#\\-]){0,12}", 0..9), 0..6),
    ) {
        let headings = if has_headings { HEADINGS.map(String::from).to_vec() } else { headings };
        let table: Vec<Line> = [headings].into_iter().chain(rows).enumerate()
            .map(|(at, cells)| Line { row: at as i64 + 1, cells }).collect();
        let read = read(&table, &book(), &setting());
        prop_assert!(read.faults.iter().all(|fault| fault.row >= 1 && !fault.column.is_empty()));
        prop_assert!(read.faults.iter().all(|fault| fault.text.chars().all(|c| !c.is_control())));
        prop_assert_eq!(read.faults.len(), read.faults_total);
    }

    #[test]
    fn a_window_of_one_day_is_written_as_it_is_read(day in 0..7i64, from in 0..MINUTES_PER_DAY, length in 1..MINUTES_PER_DAY) {
        let span = on(day, Span::new(from, (from + length).min(MINUTES_PER_DAY)));
        let words = written(span).expect("it lies in a day");
        prop_assert_eq!(times(&words, &PeriodTable::usual()), Some(vec![span]));
    }
}
