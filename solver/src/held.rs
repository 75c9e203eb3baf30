//! When one thing is held, and by which lessons: a list for who, and a bit for each ten minutes for whether.
//!
//! Nearly every question that a search asks is whether a span is free. The bits answer it where spans begin and end
//! with whole tens of minutes within a week; other spans take all the bits that they touch, so that a free bit is
//! always true and a taken one asks the list.

use domain::time::{MINUTES_PER_WEEK, Span};

const TICK: i64 = 10;
const TICKS: i64 = MINUTES_PER_WEEK / TICK;
const WORD: i64 = u64::BITS as i64;

#[derive(Debug, Clone, Default)]
pub struct Held {
    list: Vec<(Span, usize)>,
    ticks: Vec<u64>,
    /// Of the list, spans that the bits do not tell exactly.
    uneven: usize,
    /// Whether two spans may have shared a bit.
    shared: bool,
}

impl Held {
    pub fn take(&mut self, span: Span, handle: usize) {
        if self.ticks.is_empty() {
            self.ticks = vec![0; (TICKS + WORD - 1) as usize / WORD as usize];
        }
        self.shared |= !self.is_surely_free(span);
        self.list.push((span, handle));
        self.uneven += usize::from(!is_even(span));
        self.mark(span);
    }

    /// The order of the others stays.
    pub fn give_back(&mut self, handle: usize) {
        let Some(at) = self.list.iter().position(|(_, held)| *held == handle) else {
            return;
        };
        let (span, _) = self.list.remove(at);
        self.uneven -= usize::from(!is_even(span));
        words(span).for_each(|(word, bits)| self.ticks[word] &= !bits);
        if !self.shared {
            return;
        }
        // Whoever shares a bit with it still holds it.
        let (first, last) = ticks(span);
        for n in 0..self.list.len() {
            let other = self.list[n].0;
            if ticks(other).0 <= last && first <= ticks(other).1 {
                self.mark(other);
            }
        }
    }

    pub fn is_free(&self, span: Span) -> bool {
        if self.is_surely_free(span) {
            return true;
        }
        (0 < self.uneven || !is_even(span)) && self.meeting(span).next().is_none()
    }

    /// True only where nothing is held then; false may be either.
    pub fn is_surely_free(&self, span: Span) -> bool {
        self.list.is_empty() || words(span).all(|(word, bits)| self.ticks[word] & bits == 0)
    }

    /// Handles of what overlaps a span.
    pub fn meeting(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let met = self.list.iter().filter(move |(held, _)| held.overlaps(span));
        met.map(|(_, handle)| *handle)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Span, usize)> + '_ {
        self.list.iter().copied()
    }

    pub fn count(&self) -> usize {
        self.list.len()
    }

    fn mark(&mut self, span: Span) {
        words(span).for_each(|(word, bits)| self.ticks[word] |= bits);
    }
}

fn is_even(span: Span) -> bool {
    let within = |minute: i64| (0..=TICKS * TICK).contains(&minute) && minute % TICK == 0;
    within(span.from) && within(span.until) && span.from < span.until
}

/// First and last tick that a span touches; what is outside of a week touches its first or last one.
fn ticks(span: Span) -> (i64, i64) {
    let within = |tick: i64| tick.clamp(0, TICKS - 1);
    let first = within(span.from.div_euclid(TICK));
    (first, within((span.until - 1).div_euclid(TICK)).max(first))
}

fn words(span: Span) -> impl Iterator<Item = (usize, u64)> {
    let (first, last) = ticks(span);
    (first / WORD..=last / WORD).map(move |word| {
        let from = (first - word * WORD).max(0);
        let until = (last - word * WORD).min(WORD - 1);
        (word as usize, u64::MAX >> (WORD - 1 - until + from) << from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(tick: i64) -> impl Strategy<Value = Vec<Span>> {
        let span =
            (-30..1100_i64, 0..40_i64).prop_map(move |(from, long)| Span::new(from * tick, (from + long) * tick));
        prop::collection::vec(span, 1..12)
    }

    proptest! {
        #[test]
        fn a_span_is_free_as_the_list_says(
            (held, asked) in prop_oneof![(spans(10), spans(10)), (spans(10), spans(7)), (spans(9), spans(10))],
            gone in prop::collection::vec(0..12_usize, 0..8),
        ) {
            let mut all = Held::default();
            held.iter().enumerate().for_each(|(n, span)| all.take(*span, n));
            gone.iter().for_each(|n| all.give_back(*n));
            let left: Vec<usize> = (0..held.len()).filter(|n| !gone.contains(n)).collect();
            prop_assert_eq!(all.iter().map(|(_, n)| n).collect::<Vec<_>>(), left.clone());
            for span in asked {
                let met: Vec<usize> = left.iter().copied().filter(|n| held[*n].overlaps(span)).collect();
                prop_assert_eq!(all.meeting(span).collect::<Vec<_>>(), met.clone());
                prop_assert_eq!(all.is_free(span), met.is_empty());
                prop_assert!(met.is_empty() || !all.is_surely_free(span));
            }
        }
    }
}
