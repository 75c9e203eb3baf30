//! A part of a program: some columns free, the others held at given values and gone before HiGHS sees them.

use crate::program::{Answer, Ask, Kind, Program, Running, Verdict};
use crate::search::{Search, StageProgram};

/// The rows of each column, to cut a part out without walking the whole.
pub struct Index {
    rows_of: Vec<Vec<usize>>,
    rows: usize,
}

pub struct Part {
    pub program: Program,
    pub cost: Vec<f64>,
    pub warm: Vec<f64>,
    /// Columns of the whole, by column of the part.
    pub columns: Vec<usize>,
}

impl Index {
    pub fn of(program: &Program) -> Self {
        let mut rows_of = vec![Vec::new(); program.columns.len()];
        for (n, row) in program.rows.iter().enumerate() {
            row.terms.iter().for_each(|(column, _)| rows_of[*column].push(n));
        }
        Self {
            rows_of,
            rows: program.rows.len(),
        }
    }
}

impl Part {
    /// `columns` ascending are free; all others keep their values.
    pub fn of(stage: &StageProgram, index: &Index, values: &[f64], columns: Vec<usize>) -> Self {
        let at = |column: &usize| columns.binary_search(column).ok();
        let mut rows: Vec<usize> = columns
            .iter()
            .flat_map(|column| index.rows_of[*column].iter().copied())
            .collect();
        // Rows that came after the index was made may hold any column.
        rows.extend(index.rows..stage.program.rows.len());
        rows.sort_unstable();
        rows.dedup();
        let mut program = Program::default();
        program.columns = columns.iter().map(|column| stage.program.columns[*column]).collect();
        for row in rows {
            let row = &stage.program.rows[row];
            let mut rest = 0.0;
            let mut terms = Vec::with_capacity(row.terms.len());
            for (column, factor) in &row.terms {
                match at(column) {
                    Some(n) => terms.push((n, *factor)),
                    None => rest += values[*column] * factor,
                }
            }
            if !terms.is_empty() {
                program.row(row.lower - rest, row.upper - rest, terms);
            }
        }
        Self {
            program,
            cost: columns.iter().map(|column| stage.cost[*column]).collect(),
            warm: columns.iter().map(|column| values[*column]).collect(),
            columns,
        }
    }

    pub fn started(&self, search: &Search, stage: &StageProgram, seconds: f64, nodes: i32) -> Option<Running> {
        self.program.start(&Ask {
            sense: stage.sense,
            cost: &self.cost,
            kind: Kind::Integer {
                warm: Some(&self.warm),
                nodes,
            },
            seconds,
            threads: 1,
            seed: search.run.options.seed,
            meter: &search.run.meter,
            cancelled: search.run.cancelled,
        })
    }

    /// The best solution that is found in so long, if there is one.
    pub fn solved(&self, search: &Search, stage: &StageProgram, seconds: f64) -> Option<Answer> {
        let running = self.started(search, stage, seconds, i32::MAX)?;
        let answer = running.answer(&self.program, &|| search.run.is_overdue())?;
        matches!(answer.verdict, Verdict::Proved | Verdict::Stopped).then_some(answer)
    }

    /// The whole's values with what this part changed. Columns that several parts change by sums, such as the
    /// granted minutes, take the difference.
    pub fn merged(&self, values: &[f64], found: &[f64]) -> Vec<f64> {
        let mut merged = values.to_vec();
        for ((column, before), after) in self.columns.iter().zip(&self.warm).zip(found) {
            if before != after {
                merged[*column] += after - before;
            }
        }
        merged
    }
}
