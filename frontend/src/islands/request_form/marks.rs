//! The grid of windows as plain values: periods × days, each cell unmarked, possible or preferred.
//!
//! A draft holds spans; the grid holds marks; both ways are here, with the walk of the arrow keys. No view, no signal.

use domain::instance::Window;
use domain::time::{self, MINUTES_PER_DAY, PeriodTable, Span};

pub const DAYS: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    #[default]
    No,
    Possible,
    Preferred,
}

impl Mark {
    /// What a click makes of a cell.
    pub fn toggled(self) -> Mark {
        if self == Mark::No { Mark::Possible } else { Mark::No }
    }
    /// What the star, or P, makes of it.
    pub fn starred(self) -> Mark {
        if self == Mark::Preferred {
            Mark::Possible
        } else {
            Mark::Preferred
        }
    }
}

/// A cell by day (0 = Monday) and row of the period table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub day: usize,
    pub row: usize,
}

/// Marks by day, then row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks(Vec<Vec<Mark>>);

/// The minutes of the week that a cell stands for.
pub fn span_of(periods: &PeriodTable, cell: Cell) -> Span {
    periods.0[cell.row].span.shifted(cell.day as i64 * MINUTES_PER_DAY)
}

impl Marks {
    /// The marks that a draft's windows make: a period counts when it lies in them whole.
    pub fn of(periods: &PeriodTable, windows: &[Window]) -> Marks {
        let all = time::joined(windows.iter().map(|window| window.span));
        let best = time::joined(
            windows
                .iter()
                .filter(|window| window.preference > 0)
                .map(|window| window.span),
        );
        let lies_in = |union: &[Span], span: Span| union.iter().any(|stretch| stretch.contains(span));
        let mark = |day: usize, row: usize| match span_of(periods, Cell { day, row }) {
            span if lies_in(&best, span) => Mark::Preferred,
            span if lies_in(&all, span) => Mark::Possible,
            _ => Mark::No,
        };
        Marks(
            (0..DAYS)
                .map(|day| (0..periods.0.len()).map(|row| mark(day, row)).collect())
                .collect(),
        )
    }

    pub fn at(&self, cell: Cell) -> Mark {
        self.0[cell.day][cell.row]
    }
    pub fn set(&mut self, cell: Cell, mark: Mark) {
        self.0[cell.day][cell.row] = mark;
    }
    pub fn count(&self, wanted: impl Fn(Mark) -> bool) -> i64 {
        self.0.iter().flatten().filter(|mark| wanted(**mark)).count() as i64
    }

    /// The windows that the marks make: a run of one mark within a part of the day is one window, and a run reaches
    /// over the break to the next one, so that a lesson may lie across both.
    pub fn windows(&self, periods: &PeriodTable) -> Vec<Window> {
        (0..DAYS).flat_map(|day| self.windows_of(periods, day)).collect()
    }

    fn windows_of(&self, periods: &PeriodTable, day: usize) -> Vec<Window> {
        let mut windows: Vec<(Window, usize)> = Vec::new();
        for row in (0..periods.0.len()).filter(|row| self.0[day][*row] != Mark::No) {
            let span = span_of(periods, Cell { day, row });
            let preference = i64::from(self.0[day][row] == Mark::Preferred);
            let neighbour = windows
                .last_mut()
                .filter(|(_, last)| last + 1 == row && periods.0[*last].part == periods.0[row].part);
            match neighbour {
                Some((window, last)) if window.preference == preference => {
                    (window.span.until, *last) = (span.until, row)
                }
                Some((window, _)) => {
                    window.span.until = span.from;
                    windows.push((Window { span, preference }, row));
                }
                None => windows.push((Window { span, preference }, row)),
            }
        }
        windows.into_iter().map(|(window, _)| window).collect()
    }
}

/// Windows of the draft that the grid cannot show: they hold minutes that no marked period covers.
pub fn off_grid(periods: &PeriodTable, windows: &[Window]) -> Vec<Window> {
    let shown: Vec<Span> = Marks::of(periods, windows)
        .windows(periods)
        .into_iter()
        .map(|window| window.span)
        .collect();
    windows
        .iter()
        .filter(|window| !time::without(&[window.span], &shown).is_empty())
        .cloned()
        .collect()
}

/// The draft's windows after the marks were changed; what the grid cannot show stays.
pub fn windows_after(periods: &PeriodTable, before: &[Window], change: impl FnOnce(&mut Marks)) -> Vec<Window> {
    let mut marks = Marks::of(periods, before);
    change(&mut marks);
    marks
        .windows(periods)
        .into_iter()
        .chain(off_grid(periods, before))
        .collect()
}

/// Where an arrow key leads; at the edge the focus stays.
pub fn step(from: Cell, key: &str, rows: usize) -> Option<Cell> {
    let Cell { day, row } = from;
    let to = match key {
        "ArrowLeft" => Cell {
            day: day.checked_sub(1)?,
            row,
        },
        "ArrowRight" => Cell { day: day + 1, row },
        "ArrowUp" => Cell {
            day,
            row: row.checked_sub(1)?,
        },
        "ArrowDown" => Cell { day, row: row + 1 },
        "Home" => Cell { day: 0, row },
        "End" => Cell { day: DAYS - 1, row },
        "PageUp" => Cell { day, row: 0 },
        "PageDown" => Cell {
            day,
            row: rows.checked_sub(1)?,
        },
        _ => return None,
    };
    (to.day < DAYS && to.row < rows).then_some(to)
}

/// Whether a period is open for the draft: the span lies whole in the hours of one suitable room.
pub fn is_open(hours: &[Vec<Span>], span: Span) -> bool {
    hours.iter().flatten().any(|open| open.contains(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(day: usize, row: usize) -> Cell {
        Cell { day, row }
    }

    fn marked(cells: &[(usize, usize, Mark)]) -> Marks {
        let mut marks = Marks::of(&PeriodTable::usual(), &[]);
        cells
            .iter()
            .for_each(|(day, row, mark)| marks.set(cell(*day, *row), *mark));
        marks
    }

    #[test]
    fn marks_become_windows_and_windows_become_the_same_marks() {
        let periods = PeriodTable::usual();
        for cells in [
            vec![],
            vec![(0, 0, Mark::Possible)],
            vec![(0, 2, Mark::Possible), (0, 3, Mark::Preferred), (0, 4, Mark::Possible)],
            vec![(6, 8, Mark::Preferred), (6, 9, Mark::Possible), (3, 0, Mark::Preferred)],
        ] {
            let marks = marked(&cells);
            let windows = marks.windows(&periods);
            assert_eq!(Marks::of(&periods, &windows), marks, "{windows:?}");
            assert!(off_grid(&periods, &windows).is_empty());
        }
    }

    #[test]
    fn a_possible_run_reaches_over_the_break_to_a_preferred_one() {
        let windows = marked(&[(1, 2, Mark::Possible), (1, 3, Mark::Preferred)]).windows(&PeriodTable::usual());
        let spans: Vec<Span> = windows.iter().map(|window| window.span).collect();
        assert_eq!(
            spans,
            [Span::new(1440 + 600, 1440 + 655), Span::new(1440 + 655, 1440 + 700)]
        );
        assert_eq!(time::joined(spans), [Span::new(1440 + 600, 1440 + 700)]);
    }

    #[test]
    fn runs_end_at_noon() {
        let windows = marked(&[(0, 3, Mark::Possible), (0, 4, Mark::Possible)]).windows(&PeriodTable::usual());
        assert_eq!(windows.len(), 2);
    }

    #[test]
    fn a_window_off_the_periods_survives_a_click() {
        let periods = PeriodTable::usual();
        let odd = Window {
            span: Span::new(1300, 1400),
            preference: 0,
        };
        let after = windows_after(&periods, std::slice::from_ref(&odd), |marks| {
            marks.set(cell(0, 0), Mark::Preferred)
        });
        assert_eq!(
            after,
            [
                Window {
                    span: Span::new(480, 525),
                    preference: 1
                },
                odd
            ]
        );
    }

    #[test]
    fn a_star_marks_at_once_and_a_click_clears() {
        assert_eq!(Mark::No.starred(), Mark::Preferred);
        assert_eq!(Mark::Preferred.starred(), Mark::Possible);
        assert_eq!(Mark::Preferred.toggled(), Mark::No);
    }

    #[test]
    fn arrows_stop_at_the_edge() {
        assert_eq!(step(cell(0, 0), "ArrowLeft", 10), None);
        assert_eq!(step(cell(6, 9), "ArrowDown", 10), None);
        assert_eq!(step(cell(3, 4), "ArrowRight", 10), Some(cell(4, 4)));
        assert_eq!(step(cell(3, 4), "PageDown", 10), Some(cell(3, 9)));
        assert_eq!(step(cell(3, 4), "x", 10), None);
    }
}
