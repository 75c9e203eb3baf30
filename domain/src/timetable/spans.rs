//! A sorted list of spans that answers in O(log n) what lies in it and what meets it.

use crate::time::{Span, joined};
use std::cmp::Reverse;

/// Ascending by `from` and by `until`; no empty span, none inside another.
pub struct Spans(Vec<Span>);

impl Spans {
    /// The union: touching spans are one.
    pub fn union(spans: impl IntoIterator<Item = Span>) -> Self {
        Self(joined(spans))
    }

    /// The spans as they are: touching ones stay two, and one inside another vanishes.
    pub fn apart(spans: &[Span]) -> Self {
        let mut sorted: Vec<Span> = spans.iter().copied().filter(|span| !span.is_empty()).collect();
        sorted.sort_by_key(|span| (span.from, Reverse(span.until)));
        let mut until = i64::MIN;
        sorted.retain(|span| {
            let reaches_further = until < span.until;
            until = until.max(span.until);
            reaches_further
        });
        Self(sorted)
    }

    /// Whether one span of the list holds all of this one.
    pub fn hold(&self, span: Span) -> bool {
        // The last one that begins in time is the one that reaches furthest.
        let begun = self.0.partition_point(|s| s.from <= span.from);
        begun > 0 && self.0[begun - 1].contains(span)
    }

    /// The spans of the list that share a minute with this one.
    pub fn meeting(&self, span: Span) -> &[Span] {
        if span.is_empty() {
            return &[];
        }
        let ended = self.0.partition_point(|s| s.until <= span.from);
        let begun = self.0.partition_point(|s| s.from < span.until);
        &self.0[ended..begun]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(spans: &[(i64, i64)]) -> Vec<Span> {
        spans.iter().copied().map(Span::from).collect()
    }

    #[test]
    fn spans_apart_stay_as_they_are_and_one_inside_another_vanishes() {
        // ├──────────────────┤
        // ├────┤ ├──┤ ├──────────┤ ├──┤   the first two lie inside, and so does nothing else
        let drawn = list(&[(20, 50), (0, 40), (10, 15), (0, 12), (50, 60), (70, 70), (90, 80)]);
        assert_eq!(Spans::apart(&drawn).0, list(&[(0, 40), (20, 50), (50, 60)]));
        assert_eq!(Spans::union(drawn).0, list(&[(0, 60)]));
    }

    #[test]
    fn a_span_is_held_by_one_span_of_the_list() {
        let spans = Spans::apart(&list(&[(0, 40), (20, 50), (50, 60), (10, 15)]));
        assert!(spans.hold(Span::new(15, 40)) && spans.hold(Span::new(20, 50)) && spans.hold(Span::new(50, 60)));
        assert!(!spans.hold(Span::new(15, 45)) && !spans.hold(Span::new(45, 55)) && !spans.hold(Span::new(-1, 5)));
    }

    #[test]
    fn spans_that_only_touch_do_not_meet() {
        let spans = Spans::apart(&list(&[(0, 10), (20, 30), (40, 50)]));
        assert_eq!(spans.meeting(Span::new(10, 20)), []);
        assert_eq!(spans.meeting(Span::new(9, 41)), list(&[(0, 10), (20, 30), (40, 50)]));
        assert_eq!(spans.meeting(Span::new(25, 25)), []);
    }
}
