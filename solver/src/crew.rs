//! Many pieces of work of one kind, done side by side, while the thread that gave them out asks whether they are wanted.
//!
//! Only that thread may ask, since the question can be anything; the others read what it heard. An answer stands in the
//! place of its piece whoever did it and whenever it came. A piece that panics has no answer and takes none from another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it is asked whether the work is wanted.
const POLL: Duration = Duration::from_millis(50);

/// What all threads share.
struct Share<F> {
    piece: F,
    count: usize,
    next: AtomicUsize,
    unwanted: AtomicBool,
}

/// The answer to each of so many pieces; none where it panicked, or was not begun before the work became unwanted. A
/// piece that takes long reads the flag, which is set then.
pub fn side_by_side<T: Send, F>(threads: u32, count: usize, unwanted: &dyn Fn() -> bool, piece: F) -> Vec<Option<T>>
where
    F: Fn(usize, &AtomicBool) -> T + Sync,
{
    let share = Share {
        piece,
        count,
        next: AtomicUsize::new(0),
        unwanted: AtomicBool::new(unwanted()),
    };
    let mut done: Vec<Option<T>> = (0..count).map(|_| None).collect();
    let (sender, answers) = channel();
    std::thread::scope(|scope| {
        // All in threads of their own, because HiGHS keeps a number of threads for each thread that calls it.
        for _ in 0..threads.max(1) {
            let (share, sender) = (&share, sender.clone());
            scope.spawn(move || share.work(&sender));
        }
        drop(sender);
        loop {
            match answers.recv_timeout(POLL) {
                Ok((n, answer)) => done[n] = answer,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            share.unwanted.fetch_or(unwanted(), Ordering::Relaxed);
        }
    });
    done
}

impl<F> Share<F> {
    fn work<T>(&self, sender: &Sender<(usize, Option<T>)>)
    where
        F: Fn(usize, &AtomicBool) -> T,
    {
        while !self.unwanted.load(Ordering::Relaxed) {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if self.count <= n {
                return;
            }
            let answer = catch_unwind(AssertUnwindSafe(|| (self.piece)(n, &self.unwanted)));
            if sender.send((n, answer.ok())).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn an_answer_stands_in_the_place_of_its_piece() {
        let doubled = side_by_side(3, 100, &|| false, |n, _| 2 * n);
        assert_eq!(doubled, (0..100).map(|n| Some(2 * n)).collect::<Vec<_>>());
        assert_eq!(side_by_side(2, 0, &|| false, |n, _| n), []);
    }

    #[test]
    fn a_piece_that_panics_takes_no_answer_from_another() {
        for threads in [1, 2] {
            let answers = side_by_side(threads, 5, &|| false, |n, _| {
                assert_ne!(n, 1, "meant to happen");
                n
            });
            assert_eq!(answers, [Some(0), None, Some(2), Some(3), Some(4)]);
        }
    }

    /// Without the flag none of the pieces would ever end.
    #[test]
    fn work_ends_when_it_becomes_unwanted() {
        let asked = Cell::new(0);
        let after_three = || {
            asked.set(asked.get() + 1);
            3 < asked.get()
        };
        let answers = side_by_side(2, 5, &after_three, |n, unwanted| {
            while !unwanted.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            n
        });
        assert!(answers.iter().flatten().count() <= 2, "one for each thread");
        assert_eq!(side_by_side(2, 2, &|| true, |n, _| n), [None, None]);
    }
}
