//! Ledger arithmetic: what a member is owed, and the figures everybody may recompute.
//!
//! The optimisation itself lives in the solver; here is only what the public page shows.

use crate::id::OrganizationId;
use serde::{Deserialize, Serialize};

/// A debt halves in this many weeks.
pub const HALF_LIFE_WEEKS: f64 = 8.0;

/// One member's line of one settled or published week, minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerLine {
    pub organization: OrganizationId,
    pub asked_min: i64,
    pub claim_min: i64,
    pub granted_min: i64,
    pub used_min: i64,
    pub lost_min: i64,
    /// What the alliance owes the member after this week; negative when it had more than its share.
    pub due_min: i64,
}

/// `due ← β·due + claim − granted + lost`, β = 2^(−1/8), |due| at most two typical weeks.
pub fn due_after(due_min: i64, line: &LedgerLine, typical_week_min: i64) -> i64 {
    let beta = 2f64.powf(-1.0 / HALF_LIFE_WEEKS);
    let due = beta * due_min as f64 + (line.claim_min - line.granted_min + line.lost_min) as f64;
    let most = (2 * typical_week_min) as f64;
    due.clamp(-most, most).round() as i64
}

/// `history_o = K·weight_o − due_o` with the smallest K that makes all of them ≥ 0, minutes.
///
/// Adding the same K to every level changes no comparison. Input: (weight, due) by member.
pub fn histories(members: &[(f64, i64)]) -> Vec<i64> {
    let k = members
        .iter()
        .map(|(weight, due)| *due as f64 / weight)
        .fold(0.0_f64, f64::max);
    members
        .iter()
        .map(|(weight, due)| ((k * weight - *due as f64).round() as i64).max(0))
        .collect()
}

/// Jain's index of equality, 1 is equal. Jain, Chiu, Hawe 1984.
pub fn jain(levels: &[f64]) -> f64 {
    let (sum, squares) = levels.iter().fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
    if squares == 0.0 {
        1.0
    } else {
        sum * sum / (levels.len() as f64 * squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_is_never_negative_and_the_most_owed_starts_at_zero() {
        assert_eq!(histories(&[(1.0, 60), (2.0, -30), (1.0, 0)]), [0, 150, 60]);
        assert_eq!(histories(&[]), Vec::<i64>::new());
    }

    #[test]
    fn a_debt_halves_in_eight_weeks_and_is_bounded() {
        let line = |claim, granted| LedgerLine {
            organization: OrganizationId::new("o"),
            asked_min: 0,
            claim_min: claim,
            granted_min: granted,
            used_min: 0,
            lost_min: 0,
            due_min: 0,
        };
        let after = (0..8).fold(1000, |due, _| due_after(due, &line(0, 0), 10_000));
        assert!((498..=502).contains(&after), "{after}");
        assert_eq!(due_after(0, &line(100_000, 0), 600), 1200);
        assert_eq!(due_after(0, &line(0, 100_000), 600), -1200);
    }

    #[test]
    fn jain_is_one_for_equal_levels_and_one_nth_for_a_single_winner() {
        assert_eq!(jain(&[5.0, 5.0, 5.0]), 1.0);
        assert_eq!(jain(&[1.0, 0.0, 0.0, 0.0]), 0.25);
        assert_eq!(jain(&[]), 1.0);
    }
}
