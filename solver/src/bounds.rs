//! What duals prove, with rounding errors and all.
//!
//! For any row multipliers y, feasible or not, `c·x ≤ Σ_rows sup(y·row) + Σ_columns sup((c − Aᵀy)·x)` over the bounds
//! of rows and columns. So a bound taken from an approximate dual is exact up to the rounding of one sum, however
//! little the solver converged. Neumaier, Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
//! 2004. The same sum, with c read off y, is a cut in the space of what organizations are granted.

use crate::program::Program;
use highs::Sense;

/// `Σ weight_o · G_o ≤ most` holds for every plan.
#[derive(Debug, Clone)]
pub struct Cut {
    /// By organization, none negative, the largest 1.
    pub weights: Vec<f64>,
    pub most: f64,
}

/// A bound that no solution of the program passes, from row duals of its relaxation; infinite if they prove nothing.
pub fn safe_bound(program: &Program, sense: Sense, cost: &[f64], duals: &[f64]) -> f64 {
    let sign = if matches!(sense, Sense::Maximise) { 1.0 } else { -1.0 };
    let cost: Vec<f64> = cost.iter().map(|cost| sign * cost).collect();
    let of = |turn: f64| {
        let (prices, rows) = priced(program, duals, turn, |_| true);
        rows + columns_most(program, &cost, &prices)
    };
    // Which sign a dual has is the solver's convention; either gives a bound, the right one a good one.
    sign * of(1.0).min(of(-1.0))
}

/// The cuts that the duals of the rows prove. Rows that are not the plan's own are left out.
pub fn cuts(program: &Program, granted: &[usize], duals: &[f64], own: impl Fn(usize) -> bool + Copy) -> Vec<Cut> {
    [1.0, -1.0]
        .into_iter()
        .filter_map(|turn| cut(program, granted, duals, turn, own))
        .collect()
}

fn cut(program: &Program, granted: &[usize], duals: &[f64], turn: f64, own: impl Fn(usize) -> bool) -> Option<Cut> {
    let (prices, rows) = priced(program, duals, turn, own);
    let mut cost = vec![0.0; program.columns.len()];
    for column in granted {
        cost[*column] = prices[*column].max(0.0);
    }
    let most = rows + columns_most(program, &cost, &prices);
    let scale = granted.iter().map(|column| cost[*column]).fold(0.0, f64::max);
    if scale <= 1e-7 || !most.is_finite() {
        return None;
    }
    let weights: Vec<f64> = granted.iter().map(|column| cost[*column] / scale).collect();
    // A hair of slack covers the rounding of the sums.
    let most = most / scale;
    Some(Cut {
        weights,
        most: most + 1e-9 * (1.0 + most.abs()),
    })
}

/// `Aᵀy` by column and `Σ sup(y·row)`; a multiplier whose row has no bound on that side is dropped.
fn priced(program: &Program, duals: &[f64], turn: f64, own: impl Fn(usize) -> bool) -> (Vec<f64>, f64) {
    let mut prices = vec![0.0; program.columns.len()];
    let mut rows = 0.0;
    for (n, (row, dual)) in program.rows.iter().zip(duals).enumerate() {
        let y = turn * dual;
        let side = if y > 0.0 { row.upper } else { row.lower };
        if y == 0.0 || !side.is_finite() || !own(n) {
            continue;
        }
        rows += y * side;
        row.terms
            .iter()
            .for_each(|(column, factor)| prices[*column] += y * factor);
    }
    (prices, rows)
}

/// `Σ sup((c − Aᵀy)·x)` over the bounds of the columns.
fn columns_most(program: &Program, cost: &[f64], prices: &[f64]) -> f64 {
    let most = |n: usize| {
        let column = &program.columns[n];
        let reduced = cost[n] - prices[n];
        if reduced == 0.0 {
            0.0
        } else {
            reduced * if reduced > 0.0 { column.upper } else { column.lower }
        }
    };
    (0..program.columns.len()).map(most).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two organizations, three hours between them.
    fn shared() -> Program {
        let mut program = Program::default();
        let columns: Vec<usize> = (0..2).map(|_| program.column(0.0, 120.0, false)).collect();
        program.at_most(180.0, columns.iter().map(|n| (*n, 1.0)).collect());
        program
    }

    #[test]
    fn even_a_wrong_dual_gives_a_true_bound() {
        let program = shared();
        for (dual, bound) in [(1.0, 180.0), (0.5, 210.0), (-1.0, 180.0), (0.0, 240.0)] {
            assert_eq!(safe_bound(&program, Sense::Maximise, &[1.0, 1.0], &[dual]), bound);
        }
        assert_eq!(safe_bound(&program, Sense::Minimise, &[1.0, 1.0], &[1.0]), 0.0);
    }

    #[test]
    fn a_dual_is_a_cut_between_the_organizations() {
        let cuts = cuts(&shared(), &[0, 1], &[2.0], |_| true);
        assert_eq!(cuts.len(), 1);
        assert_eq!(cuts[0].weights, [1.0, 1.0]);
        assert!((cuts[0].most - 180.0).abs() < 1e-6);
    }
}
